"""What fixing a pain point is worth: the chain by hand and by a second road, its interval, and what people say of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cx import findings
from cx.errors import QueryError, UnknownValue
from cx.filters import Filters
from cx.language import language, text
from cx.metrics import friction, opportunity, sampling
from cx.metrics.opportunity import Chain, Group
from tests.metrics.stores import store_of

EN = language("en")

# 200 of 400 contacts go badly, elsewhere 1,000 of 10,000; 160 customers with a bad experience, of whom 40 % come back,
# of the others 80 %; closing the gap spares 160 · (1 − 0.1/0.5) = 128 customers, of whom 40 % more come back: 51.2
CHAIN = Chain("||web||csat", "csat", text("{place}", place="Web"), text("{n}", n=1), (("channel", "web"),), 360, 200, 400,
              1000, 10000, (0.05, 0.1, 0.2, 0.3, 0.5),
              Group(200, 200, 160, 20000.0, 4e6, 100, 20, 160), Group(160, 160, 64, 8000.0, 8e5, 20, 100, 160),
              answered=1000, has_revenue=True)


def worth(chain: Chain = CHAIN, gap: str = "rest", target: float | None = None) -> dict[str, object]:
    return opportunity.worth([chain], gap, target).iloc[0].to_dict()


def test_the_chain_by_hand() -> None:
    """Revenue: 128 · (100 − 50) = 6,400; NPS: 128/1,000 · (50 − −50) = 12.8 points."""
    found = worth()
    assert (found["here"], found["yardstick"]) == (0.5, 0.1)
    assert [found[name] for name in ("fewer", "kept", "revenue", "nps")] == pytest.approx([128, 51.2, 6400, 12.8])
    for name in ("fewer", "kept", "revenue", "nps"):
        assert found[f"{name}_lower"] < found[name] < found[f"{name}_upper"]


def test_other_yardsticks() -> None:
    assert worth(gap="quartile")["fewer"] == pytest.approx(128)  # of 0.05, 0.1, 0.2, 0.3, 0.5 the lower quartile is 0.1
    assert worth(gap="target", target=0.25)["fewer"] == pytest.approx(80)
    assert worth(gap="target", target=0.6)["fewer"] == 0
    assert str(worth(gap="target", target=0.6)["reason"]) == "It is as good as that already."
    assert "too few places" in str(worth(replace(CHAIN, peers=(0.1,)), "quartile")["reason"])
    with pytest.raises(QueryError, match="between 0% and 100%"):
        worth(gap="target")
    with pytest.raises(UnknownValue):
        worth(gap="moon")


def test_who_does_not_go_on_is_kept_directly() -> None:
    found = worth(replace(CHAIN, measure="drop_off", customers=300, bad=150, n=300, rest_bad=100, rest_n=1000))
    assert found["kept"] == pytest.approx(300 * 0.4)
    assert np.isnan(found["revenue"])


def test_what_cannot_be_told_is_no_number() -> None:
    found = worth(replace(CHAIN, good=Group(5, 5, 5)))
    assert np.isnan(found["kept"])
    assert "followed for 90 days" in str(found["reason"])
    assert np.isnan(worth(replace(CHAIN, has_revenue=False))["revenue"])
    assert "nothing else" in str(worth(replace(CHAIN, rest_n=0))["reason"])
    assert np.isnan(worth(replace(CHAIN, reason=text("No.")))["fewer"])
    assert len(opportunity.worth([])) == 0


def test_the_interval_holds_the_truth() -> None:
    rng, held = np.random.default_rng(1), 0
    for _ in range(60):
        bad, rest = rng.binomial(400, 0.5), rng.binomial(2000, 0.2)
        good, ill = rng.binomial(150, 0.8), rng.binomial(150, 0.4)
        found = worth(replace(CHAIN, bad=bad, rest_bad=rest, rest_n=2000, good=Group(150, 150, good),
                              ill=Group(150, 150, ill)))
        held += found["kept_lower"] <= 150 * (1 - 0.2 / 0.5) * 0.4 <= found["kept_upper"]
    assert held >= 54


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Refunds go badly for 6 in 10 and other contacts for 1 in 10; who had a bad refund comes back half as often."""
    found = []
    start = dt.datetime(2025, 1, 1)
    for n in range(300):
        at = start + dt.timedelta(days=n % 60)
        bad = n % 10 < 6
        found += [{"customer": f"c{n}", "occurred_at": at, "touchpoint": "Refund", "channel": "Web", "csat_max": 5,
                   "csat": 1 if bad else 5},
                  {"customer": f"c{n}", "occurred_at": at - dt.timedelta(days=3), "touchpoint": "Visit", "channel": "Web",
                   "csat_max": 5, "csat": 1 if n % 10 == 0 else 5}]
        if n % 4 < (1 if bad else 3):
            found.append({"customer": f"c{n}", "occurred_at": at + dt.timedelta(days=30), "touchpoint": "Order",
                          "channel": "Web", "revenue": 40 + n % 7, "order_id": f"o{n}"})
        found.append({"customer": f"c{n}", "occurred_at": at + dt.timedelta(days=2), "touchpoint": "Mail",
                      "channel": "E-mail"})
    found.append({"customer": "last", "occurred_at": "2025-12-31", "touchpoint": "Visit", "channel": "Web"})
    return pd.DataFrame(found)


def test_the_groups_are_those_of_the_rows(rows) -> None:
    store = store_of(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    found = next(each for each in opportunity.chains(store) if dict(each.at).get("touchpoint") == "refund"
                 and each.measure == "csat")
    refunds = rows[rows["touchpoint"] == "Refund"].set_index("customer")
    orders = rows[rows["touchpoint"] == "Order"].set_index("customer")["revenue"]
    for group, which in ((found.ill, refunds[refunds["csat"] == 1]), (found.good, refunds[refunds["csat"] == 5])):
        spent = orders.reindex(which.index)
        assert (group.customers, group.ripe, group.returned) == (len(which), len(which), int(spent.notna().sum()))
        assert group.revenue == pytest.approx(spent.sum())
    assert (found.bad, found.n, found.rest_bad, found.rest_n) == (180, 300, 30, 300)
    words = findings.opportunity.told(opportunity.worth([found]).iloc[0].to_dict(), "rest", EN)
    assert words.startswith("Counted by contact, 60.0% go badly; at the average of the rest it would be 10.0%, for 150 fewer")


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_off_memory_is_what_the_rows_say(seed) -> None:
    """Every measure, at places of every kind; anonymous and undated answers, refunds and feelings known from a
    complaint among them."""
    rng, n = np.random.default_rng(seed), 1500

    def some(values, share=0.4):
        return np.where(rng.random(n) < share, np.array(values, dtype=object)[rng.integers(0, len(values), n)], None)

    customer = rng.integers(0, 150, n)
    when = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 150, n) * 86_400, "s")
    store = store_of(pd.DataFrame({
        "customer": [f"c{each}" if each % 11 else None for each in customer],
        "persona": [["Ay", "Su"][each % 2] if each % 11 else None for each in customer],
        "occurred_at": np.where(rng.random(n) < 0.05, None, np.array(when.to_pydatetime(), dtype=object)),
        "stage": some(["purchase", "retention"], 0.9), "touchpoint": some(["Chat", "Shop", "Call"], 0.9),
        "channel": some(["Web", "App"], 0.9), "nps": some(range(11)), "csat": some([1, 3, 5]), "csat_max": 5,
        "emotion": some([-1, 0, 1]), "wait_seconds": some([5, 60, 600]), "delay_days": some([0, 2]),
        "is_complaint": some([True, False, False, False]), "revenue": some([-128, 12.5, 40, 0.1], 0.2)}).to_dict("records"))
    compared = set()
    for filters in (Filters(), Filters(persona=("ay",), end=dt.date(2025, 4, 30)), Filters(channel=("web",))):
        looked = friction.friction(store, filters).looked
        for row in looked[looked["measure"].isin(list(opportunity._BAD))].sample(50, random_state=seed).to_dict("records"):
            [found] = opportunity.chained(store, [{**row, "one_in": 1, "text": text("{n}", n=1)}], filters)
            known = {name: getattr(found, name) for name in ("subject", "measure", "place", "said", "at", "customers")}
            limit = (float(row["rest"]),) if row["measure"] == "waiting" else ()
            expected = opportunity._followed(store, known, row, friction.narrowed(row, filters),
                                             friction.around(row, filters), limit, 30,
                                             opportunity._of_all(store, filters))
            for side in ("good", "ill"):
                one, other = getattr(found, side), getattr(expected, side)
                assert one == replace(other, revenue=pytest.approx(other.revenue), squares=pytest.approx(other.squares))
                if one.ripe and one.revenue and one.answered:
                    compared.add((row["measure"], side))
            assert found.peers == pytest.approx(expected.peers)
            assert found == replace(expected, good=found.good, ill=found.ill, peers=found.peers, against=row["against"])
    assert compared == {(measure, side) for measure in opportunity._BAD for side in ("good", "ill")}


def test_of_very_many_the_worth_is_that_of_a_sample_and_as_much_less_sure(rows, monkeypatch) -> None:
    store = store_of(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    whole = opportunity.at_touchpoint(store, "refund", "csat")
    for name, value in (("MOST", 500), ("SAMPLE", 300), ("FEWEST", 50), ("ENOUGH", 20)):
        monkeypatch.setattr(sampling, name, value)
    found = next(each for each in opportunity.chains(store) if each.at == (("touchpoint", "refund"),)
                 and each.measure == "csat")
    assert (whole.stands_for, found.stands_for) == (1, 4)
    assert 30 < found.ill.customers < 60
    assert (found.answered, found.has_revenue) == (whole.answered, whole.has_revenue)
    one, all_of_them = (opportunity.worth([each]).iloc[0] for each in (found, whole))
    assert one["fewer"] == pytest.approx(all_of_them["fewer"], rel=0.3)
    for name in ("fewer", "kept", "revenue"):
        assert one[f"{name}_lower"] < all_of_them[name] < one[f"{name}_upper"]
        assert (one[f"{name}_upper"] - one[f"{name}_lower"]
                > 1.3 * (all_of_them[f"{name}_upper"] - all_of_them[f"{name}_lower"]))


def test_any_touchpoint_can_be_tried_out_and_a_pain_point_gives_the_same_chain(rows) -> None:
    store = store_of(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    pain = next(each for each in opportunity.chains(store) if each.at == (("touchpoint", "refund"),)
                and each.measure == "csat")
    tried = opportunity.at_touchpoint(store, "refund", "csat")
    for name in ("bad", "n", "rest_bad", "rest_n", "good", "ill", "answered", "has_revenue", "customers"):
        assert getattr(tried, name) == getattr(pain, name), name
    assert opportunity.worth([tried], "target", 0.3)["fewer"].iloc[0] == pytest.approx(90)  # 180 · (1 − 0.3 / 0.6)
    assert opportunity.at_touchpoint(store, "refund", "waiting", longer_than=60).n == 0
    assert opportunity.at_touchpoint(store, "nowhere", "csat").n == 0
    with pytest.raises(UnknownValue, match="Measure “colour”"):
        opportunity.at_touchpoint(store, "refund", "colour")
    with pytest.raises(QueryError, match="number of seconds"):
        opportunity.at_touchpoint(store, "refund", "waiting")


def test_a_journey_without_pain_points_has_no_opportunity() -> None:
    assert opportunity.chains(store_of([{"customer": "a", "occurred_at": "2025-01-01", "csat": 4, "csat_max": 5}])) == []


def test_what_fewer_complaints_are_worth_is_held_against_the_places_of_the_finding() -> None:
    """200 at x of whom 60 complain, 200 at y of whom 10 do, and a desk where 300 complaints are taken down."""
    def at(touchpoint: str, many: int, complaints: int) -> pd.DataFrame:
        return pd.DataFrame({"customer": [f"c{n % 200}" for n in range(many)], "touchpoint": touchpoint,
                             "occurred_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(range(many), "h"),
                             "is_complaint": np.arange(many) < complaints})

    store = store_of(pd.concat([at("x", 200, 60), at("y", 200, 10), at("desk", 300, 300)]).to_dict("records"))
    [chain] = [each for each in opportunity.chains(store) if each.measure == "complaint"]
    assert (chain.bad, chain.n, chain.rest_bad, chain.rest_n) == (60, 200, 10, 200)
    assert opportunity.worth([chain])["yardstick"].item() == pytest.approx(0.05, abs=0.01)


def test_what_people_say_is_kept_with_author_and_time_and_the_latest_counts() -> None:
    store = store_of([{"customer": "a"}])
    for what, value, author in (("effort", "2", ""), ("kept", "80", "Ayşe"), ("kept", "90", "Bob"), ("effort", "", "")):
        opportunity.note(store, "s", what, value, author, "seen in a pilot")
    kept = opportunity.notes(store)["s"]
    assert set(kept) == {"kept"}
    assert (kept["kept"]["value"], kept["kept"]["author"], kept["kept"]["why"]) == ("90", "Bob", "seen in a pilot")
    assert store.value("SELECT count(*) FROM opportunity_notes") == 4


@pytest.mark.parametrize(("what", "value", "author", "said"), [
    ("effort", "6", "", "between 1 and 5"), ("effort", "x", "", "between 1 and 5"), ("kept", "many", "Bob", "is a number"),
    ("kept", "nan", "Bob", "is a number"), ("kept", "5", " ", "who you are"), ("mood", "5", "Bob", "does not exist"),
    ("owner", "x" * 121, "", "longer than")])
def test_what_makes_no_sense_is_refused(what, value, author, said) -> None:
    with pytest.raises(QueryError, match=said):
        opportunity.note(store_of([{"customer": "a"}]), "s", what, value, author)


def test_complaints_are_weighed_among_the_contacts_of_which_it_is_known() -> None:
    """A page that was merely looked at is no contact that went well: the pain point does not count it, nor its worth."""
    def at(touchpoint: str, many: int, complaints: int | None) -> pd.DataFrame:
        flag = np.full(many, None, dtype=object) if complaints is None else np.arange(many) < complaints
        return pd.DataFrame({"customer": [f"c{n % 200}" for n in range(many)], "touchpoint": touchpoint,
                             "occurred_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(range(many), "h"),
                             "is_complaint": flag})

    store = store_of(pd.concat([at("call", 200, 120), at("chat", 200, 40), at("page", 3000, None)]).to_dict("records"))
    [chain] = [each for each in opportunity.chains(store) if each.measure == "complaint"]
    assert (chain.bad, chain.n, chain.rest_bad, chain.rest_n) == (120, 200, 40, 200)
    tried = opportunity.at_touchpoint(store, "call", "complaint")
    assert (tried.bad, tried.n, tried.rest_bad, tried.rest_n) == (120, 200, 40, 200)
