"""Pain points and moments of delight: small worlds with known answers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cx
from benchmarks import truths
from cx import Filters, Store, findings
from cx.language import DASH, language
from cx.metrics import converters, emotion, friction, friction_rows, held_steps, narrow, opportunity, sampling
from cx.metrics.dimension import Dimension, dimension
from cx.metrics.friction import judged
from cx.metrics.friction_every import Every
from cx.metrics.friction_trend import direction
from data import generate, world


def store_of(frame: pd.DataFrame) -> Store:
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, frame)
    return store


def answers(groups: list[tuple[str, str, int, list[int]]]) -> pd.DataFrame:
    """(touchpoint, channel, how many, NPS answers in turn), each of a customer of his own, one an hour."""
    rows = [(touchpoint, channel, given[number % len(given)]) for touchpoint, channel, many, given in groups
            for number in range(many)]
    frame = pd.DataFrame(rows, columns=["touchpoint", "channel", "nps"])
    return frame.assign(customer_id=[f"c{n}" for n in range(len(frame))],
                        occurred_at=pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(len(frame)), "h"))


def test_the_impact_is_the_mean_of_all_minus_the_mean_of_all_without():
    store = store_of(answers([("Chat", "App", 100, [0, 5]), ("Shop", "Store", 200, [10, 9, 8, 3]),
                              ("Call", "Phone", 100, [10, 9, 8, 3])]))
    points = friction.pain_points(store, by=None)
    pain = points[points["kind"] == "pain"].iloc[0]
    assert (pain["touchpoint"], pain["channel"], pain["measure"]) == ("chat", "", "nps")
    assert pain["value"] == -100
    assert pain["rest"] == pytest.approx(25)
    assert pain["impact"] == pytest.approx((100 * -100 + 300 * 25) / 400 - 25)
    assert pain["lower"] < pain["impact"] < pain["upper"] < 0
    assert (pain["customers"], pain["n"], pain["rest_n"]) == (100, 100, 300)
    assert str(pain["text"]) == "Chat: NPS −100.0, elsewhere 25.0 (n = 100). It lowers the overall result by 31.2 points."


def test_a_bad_part_is_told_and_not_the_whole_around_it():
    bad, good = [0, 5, 9], [10, 9, 8, 3]
    store = store_of(answers([("Chat", "App", 90, bad), ("Chat", "Web", 200, good), ("Call", "App", 200, good),
                              ("Shop", "Web", 300, good)]))
    points = friction.pain_points(store, by=None)
    assert set(zip(points["kind"], points["touchpoint"], points["channel"], strict=True)) == {("pain", "chat", "app")}


def test_a_bad_whole_is_told_and_not_its_parts():
    bad, good = [0, 5, 9], [10, 9, 8, 3]
    store = store_of(answers([("Chat", "App", 90, bad), ("Chat", "Web", 200, bad), ("Call", "App", 200, good),
                              ("Shop", "Web", 300, good)]))
    points = friction.pain_points(store, by=None)
    pains = points[points["kind"] == "pain"]
    assert set(zip(pains["touchpoint"], pains["channel"], strict=True)) == {("chat", "")}


def test_the_selection_of_a_cell_keeps_the_filters_in_force():
    store = store_of(answers([("Chat", "App", 90, [0, 5]), ("Shop", "Web", 300, [10, 9])]))
    pain = friction.pain_points(store, by=None).iloc[0].to_dict()
    assert friction.narrowed(pain, Filters(persona=("young",))) == Filters(persona=("young",), touchpoint=("chat",))


def test_what_one_customer_says_again_and_again_is_no_pain_of_many():
    frame = answers([("Chat", "App", 200, [0]), ("Shop", "Web", 300, [10, 9, 8, 3])])
    frame.loc[frame["touchpoint"] == "Chat", "customer_id"] = [f"few{n % 5}" for n in range(200)]
    assert friction.pain_points(store_of(frame), by=None).empty


def test_those_who_go_no_further_are_held_against_others_at_the_same_touchpoint():
    """All come to the basket; of 100 by app 10 go on to pay, of 100 by web 90."""
    rows = []
    for number in range(200):
        channel, within = ("App", number) if number < 100 else ("Web", number - 100)
        goes_on = within < (10 if channel == "App" else 90)
        start = pd.Timestamp("2026-01-01") + pd.Timedelta(hours=number)
        rows.append((f"c{number}", start, "Basket", channel, "Purchase"))
        if goes_on:
            rows.append((f"c{number}", start + pd.Timedelta(days=1), "Use", channel, "Retention"))
    rows.append(("last", pd.Timestamp("2026-06-01"), "Use", "Web", "Retention"))
    store = store_of(pd.DataFrame(rows, columns=["customer_id", "occurred_at", "touchpoint", "channel", "stage"]))
    pain = friction.pain_points(store, by=None).iloc[0]
    assert (pain["touchpoint"], pain["channel"], pain["measure"]) == ("basket", "app", "drop_off")
    assert (pain["value"], pain["rest"], pain["n"]) == (pytest.approx(0.9), pytest.approx(0.1), 100)
    assert pain["impact"] == pytest.approx(0.4)


def test_two_files_of_which_only_one_holds_the_next_step_are_no_pain_of_the_other():
    """150 orders of the shop, each with its delivery, and 150 of the market place, whose export knows of none."""
    def orders(channel: str, delivered: bool) -> pd.DataFrame:
        start = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(150), "h")
        ordered = pd.DataFrame({"customer_id": [f"{channel}{n}" for n in range(150)], "occurred_at": start,
                                "touchpoint": "Order", "channel": channel, "stage": "Purchase"})
        arrived = ordered.assign(occurred_at=start + pd.Timedelta(days=2), touchpoint="Delivery", stage="Retention")
        return pd.concat([ordered, arrived]) if delivered else ordered

    store = store_of(orders("Shop", True))
    cx.intake.load_frame(store, pd.DataFrame({"customer_id": ["last"], "occurred_at": ["2026-06-01"], "touchpoint": ["Use"],
                                              "stage": ["Retention"]}))
    cx.intake.load_frame(store, orders("Market", False), name="market")
    assert friction.pain_points(store, by=None).empty


@pytest.mark.parametrize(("at_delivery", "told"), [(0, []), (40, [("delivery", pytest.approx(0.4))])])
def test_where_complaints_are_taken_down_is_no_pain_but_where_they_arise_is(at_delivery, told):
    frame = answers([("Delivery", "Courier", 100, [0]), ("Shop", "Web", 300, [0]), ("Complaint", "Phone", 100, [0])])
    place = frame["touchpoint"]
    frame["is_complaint"] = (place == "Complaint") | ((place == "Delivery") & (np.arange(500) < at_delivery)) | (
        (place == "Shop") & (np.arange(500) % 100 == 0))
    points = friction.pain_points(store_of(frame.drop(columns="nps")), by=None)
    complained = points[points["measure"] == "complaint"]
    assert [*zip(complained["touchpoint"], complained["value"], strict=True)] == told


def test_a_cell_of_an_attribute_is_told_with_it():
    frame = answers([("Shop", "Web", 400, [10, 9, 8, 3])])
    frame["region"] = np.where(np.arange(400) % 4 == 0, "South", "North")
    frame.loc[frame["region"] == "South", "nps"] = np.where(np.arange(100) % 10, 0, 9)
    store = store_of(frame)
    pain = friction.pain_points(store, by="region").iloc[0].to_dict()
    assert (pain["attribute"], pain["attribute_value"], pain["persona"]) == ("region", "South", "")
    there = friction.customers(store, pain)
    assert len(there) == 100
    assert there["net"].iloc[0] == -100
    assert there[["longest_wait", "most_late"]].dtypes.eq(float).all()


@pytest.mark.parametrize("columns", [
    {"nps": None}, {"nps": 7}, {"touchpoint": "Shop", "channel": None}, {"customer_id": "c1"},
    {"nps": None, "touchpoint": None, "channel": None, "stage": "Purchase"},
    {"touchpoint": None, "channel": None}, {"occurred_at": pd.NaT}, {"persona": ""}])
def test_nothing_to_compare_is_no_finding_and_no_error(columns):
    frame = answers([("Chat", "App", 100, [0, 5, 9, 10])]).assign(**columns)
    found = friction.friction(store_of(frame))
    assert found.points.empty
    assert list(found.points.columns) == friction.COLUMNS
    assert not found.looked["claimed"].any()
    assert set(found.reasons) | set(found.looked["measure"]) == set(friction.MEASURES)


def test_an_empty_workspace_has_reasons_for_every_measure():
    found = friction.friction(cx.open_store(":memory:"))
    assert set(found.reasons) == set(friction.MEASURES)
    assert friction.grid(found, "nps", "touchpoint", []).empty


@pytest.mark.parametrize(("good", "expected"), [(1, "worse"), (-1, "better")])
def test_a_falling_line_is_worse_where_higher_is_better(good, expected):
    day = np.arange(200.0)
    found = direction(100 - 0.5 * day + np.tile([5.0, -5.0], 100), day, np.arange(200), good)
    assert found["trend"] == expected
    assert found["trend_per_month"] == pytest.approx(-0.5 * 365.25 / 12, abs=0.5)
    assert found["trend_p"] < 1e-6


def test_a_short_time_or_few_customers_show_no_trend():
    assert direction(np.arange(50.0), np.arange(50.0), np.arange(50), 1)["trend"] is None
    assert direction(np.arange(90.0), np.arange(90.0), np.arange(90) % 5, 1)["trend"] is None


def test_the_sample_s_truths_are_told_with_their_size_in_another_world():
    """The sizes are those of a world of 100,000 customers (benchmarks/truths.py); the whole proof runs there."""
    sizes = {(1, "delay"): 0.0743, (1, "nps"): -2.065, (2, "waiting"): 108.8, (2, "nps"): -3.381,
             (3, "drop_off"): 0.0898, (4, "nps"): 6.898, (6, "nps"): -3.527}
    found = {(row["truth"], row["measure"]): row
             for row in truths.truths(generate.interactions(world.simulate(5000, 1, 0)))}
    for key, size in sizes.items():
        row = found[key]
        wider = 0.75 * (row["upper"] - row["lower"])  # 99.7 %: seven of them at once
        assert abs(row["impact"] - size) < wider, key
    for truth in {truth for truth, _ in sizes}:
        assert min(row["rank"] for (mine, _), row in found.items() if mine == truth and row["claimed"]) <= 12, truth


@pytest.mark.parametrize("seed", range(6, 10))
def test_where_places_do_not_differ_nothing_is_told(seed):
    assert judged(truths.nothing(seed, customers=800), "persona", 30).points.empty


@pytest.mark.parametrize(("values", "kind"), [
    ([1.0, np.nan, -127.0], np.int8), ([-128.0, np.nan], np.float32), ([0.5, np.nan], np.float32),
    ([2.0**24 + 1, 0.0], np.float64), ([0.1], np.float64), ([np.nan], np.int8), ([], np.int8)])
def test_numbers_are_held_in_few_bytes_and_come_back_as_they_were(values, kind):
    held = narrow.narrow(np.array(values))
    assert held.dtype == kind
    np.testing.assert_array_equal(narrow.wide(held), values)


def test_a_selection_finds_the_same_whatever_was_asked_before():
    frame = answers([("Chat", "App", 100, [0, 5]), ("Chat", "Web", 120, [8, 9]), ("Shop", "Store", 200, [10, 9, 8, 3])])
    asked = [Filters(), Filters(channel=("app", "web")), Filters(channel=("app", "store")), Filters(touchpoint=("none",))]
    held = store_of(frame)
    for filters in [*asked, *reversed(asked)]:
        expected = friction.friction(store_of(frame), filters, None)
        found = friction.friction(held, filters, None)
        pd.testing.assert_frame_equal(found.looked, expected.looked)
        pd.testing.assert_frame_equal(found.points, expected.points)
    assert {len(friction.friction(held, each, None).looked) for each in asked[1:3]} != {0}


def test_of_very_many_interactions_those_of_one_in_so_many_customers_are_judged_and_scaled_up(monkeypatch):
    """The same as a workspace of these customers alone says, but for what is counted of everybody."""
    frame = answers([("Chat", "App", 300, [0, 5]), ("Chat", "Web", 500, [8, 9]), ("Shop", "Store", 800, [10, 9, 8, 3])])
    frame = pd.concat([frame, frame.assign(touchpoint="Basket", channel="Web", nps=None,
                                           occurred_at=frame["occurred_at"] + pd.Timedelta(days=40))])
    frame = frame.assign(revenue=np.where(frame["nps"].isna(), 10.0, np.nan))
    store = store_of(frame)
    monkeypatch.setattr(sampling, "MOST", 1000)
    monkeypatch.setattr(sampling, "SAMPLE", 1000)
    monkeypatch.setattr(sampling, "FEWEST", 200)
    monkeypatch.setattr(sampling, "ENOUGH", 100)
    sample = set(store.frame(f"SELECT i.customer_id FROM customers i WHERE {sampling.sampled(4)}")["customer_id"])
    assert 0.2 < len(sample) / 1600 < 0.3
    found = friction.friction(store, Filters(channel=("app", "web")), None)
    alone = friction.friction(store_of(frame[frame["customer_id"].isin(sample)]), Filters(channel=("app", "web")), None)
    assert (found.one_in, alone.one_in) == (4, 1)
    friction.friction(store, Filters(channel=("web",)), None)
    assert len([key for key in store._memo._answers if key[0] == "rows of friction"]) == 1  # whatever is selected
    assert len(found.points)
    for whole, part in ((found.looked, alone.looked), (found.points, alone.points)):
        scaled = [name for name in ("customers", "loss", "revenue", "worth", "worth_lower", "worth_upper")
                  if name in whole]
        told = [*scaled, *(name for name in ("one_in", "about", "text") if name in whole)]
        pd.testing.assert_frame_equal(whole.drop(columns=told), part.drop(columns=told))
        # customers there are said to two digits, and so is what is counted by them
        np.testing.assert_allclose(whole[scaled].astype(float), 4 * part[scaled].astype(float), rtol=0.05)
    assert found.points["about"].all()
    assert all(len(str(n).rstrip("0")) <= 2 for n in found.points["customers"])
    assert all("one in 4 customers" in str(each) for each in found.points["text"])
    assert not any("one in" in str(each) for each in alone.points["text"])


@pytest.mark.parametrize("seed", range(3))
def test_a_selection_of_what_is_held_is_that_of_the_rows(seed, monkeypatch):
    """Every kind of filter, rows without a time, a place, a persona or a customer among them; of all, and of a sample."""
    rng, n = np.random.default_rng(seed), 600

    def some(*values):
        return rng.choice(np.array([*values, None], dtype=object), n)

    when = pd.Timestamp("2024-12-30") + pd.to_timedelta(rng.integers(0, 5 * 86_400, n), "s")
    customer = [f"c{each}" if each % 7 else None for each in rng.integers(0, 90, n)]
    persona = [None if each is None else [None, "Ay", "Su"][int(each[1:]) % 3] for each in customer]
    store = store_of(pd.DataFrame({
        "customer_id": customer, "persona": persona, "occurred_at": np.where(rng.random(n) < 0.1, None, when.to_numpy()),
        "stage": some("purchase", "retention"), "touchpoint": some("Chat", "Shop"), "channel": some("Web", "App"),
        "nps": np.where(rng.random(n) < 0.3, rng.integers(0, 11, n), np.nan)}))
    days = [None, *(pd.Timestamp("2024-12-29").date() + dt.timedelta(days=each) for each in range(8))]
    for most in (1000, 200):
        monkeypatch.setattr(sampling, "MOST", most)
        monkeypatch.setattr(sampling, "FEWEST", 10)
        looked = friction_rows._held(store)
        assert (looked.one_in > 1) == (most == 200)
        every, sizes = friction_rows._every(store, looked), set()
        for _ in range(40):
            start, end = sorted(rng.choice(len(days), 2))
            filters = Filters(days[start], days[end], **{
                name: tuple(rng.choice(keys, rng.integers(0, 2) if rng.random() < 0.8 else 2, replace=False))
                for name, keys in (("persona", ["ay", "su"]), ("stage", ["purchase", "nowhere"]),
                                   ("touchpoint", ["chat", "shop"]), ("channel", ["web", "app"]))})
            where = filters.interactions("i")
            ids = store.frame(f"SELECT i.interaction_id FROM interactions i WHERE {where.sql}", where.params)
            expected = every.places_of(ids["interaction_id"].to_numpy())
            np.testing.assert_array_equal(every.at(filters), expected)
            sizes.add(len(expected))
        assert len(sizes) > 10


@pytest.mark.parametrize("one_in", [1, 4, 34])
def test_who_is_of_the_sample_is_told_the_same_by_the_database_and_in_memory(one_in):
    keys = np.append(np.arange(3000), 2**31 - 1 - np.arange(3000))
    store = cx.open_store(":memory:")
    with store.reader() as cursor:
        cursor.register("i", pd.DataFrame({"customer_key": keys.astype(np.int32)}))
        expected = cursor.execute(f"SELECT {sampling.sampled(one_in)} AS it FROM i").fetchnumpy()["it"]
    np.testing.assert_array_equal(sampling.are_sampled(one_in, keys), expected)


def test_what_tells_customers_apart_and_how_they_remember_is_of_the_same_sample(monkeypatch):
    frame = answers([("Chat", "App", 300, [0, 5]), ("Shop", "Web", 500, [8, 9])]).assign(stage="awareness")
    frame["occurred_at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(frame.index % 40, "h")  # both end alike
    bought = frame[frame.index % 3 == 0].assign(stage="purchase", touchpoint="Basket")
    frame = pd.concat([frame, bought.assign(occurred_at=bought["occurred_at"] + pd.Timedelta(hours=2))])
    store = store_of(frame)
    monkeypatch.setattr(sampling, "MOST", 500)
    monkeypatch.setattr(sampling, "SAMPLE", 400)
    monkeypatch.setattr(sampling, "FEWEST", 100)
    monkeypatch.setattr(converters, "_OF_EACH", 50)
    monkeypatch.setattr(held_steps, "MOST", 0)  # what is held tells of everybody
    sample = set(store.frame(f"SELECT i.customer_id FROM customers i WHERE {sampling.sampled(3)}")["customer_id"])
    alone = store_of(frame[frame["customer_id"].isin(sample)])
    found, expected = converters.converters(store, fewest=5), converters.converters(alone, fewest=5)
    assert (found.one_in, expected.one_in) == (3, 1)
    assert found.reached == expected.reached > 100
    assert len(found.factors)
    pd.testing.assert_frame_equal(found.factors, expected.factors)
    who = converters.customers(store, "touchpoint", "chat")
    assert set(who["customer_id"]) == set(converters.customers(alone, "touchpoint", "chat")["customer_id"]) < sample
    pd.testing.assert_frame_equal(emotion.memory(store), emotion.memory(alone))
    apart = emotion.gap(store).query("what != 'touchpoints'").drop(columns="difference")
    pd.testing.assert_frame_equal(apart, emotion.gap(alone).query("what != 'touchpoints'").drop(columns="difference"))


@pytest.mark.parametrize(("rows", "customers", "expected"), [
    (3_000_000, 1_000_000, 1), (3_000_001, 1_000_000, 4), (100_000_000, 5_000_000, 100), (100_000_000, 60_000, 3),
    (100_000_000, 19_999, 1), (100_000_000, 0, 1)])
def test_a_sample_is_as_large_as_it_must_be_and_leaves_out_nobody_where_customers_are_few(rows, customers, expected):
    assert sampling.one_in(rows, customers) == expected


@pytest.fixture
def clicks(monkeypatch):
    """3,000 customers who click, 200 of whom answered one survey, most of them badly by phone; 60 are of a persona."""
    monkeypatch.setattr(sampling, "MOST", 1000)
    monkeypatch.setattr(sampling, "SAMPLE", 300)
    monkeypatch.setattr(sampling, "FEWEST", 100)
    n = np.arange(3000)
    begun = pd.DataFrame({
        "customer_id": [f"c{each}" for each in n], "occurred_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(n, "h"),
        "touchpoint": "Click", "channel": "Web", "stage": "awareness", "persona": np.where(n < 60, "few", "many"),
        "emotion": np.where(n % 2, 1, -1), "nps": np.nan})
    answered = begun[n % 15 == 0].assign(stage="purchase", emotion=np.nan)
    phone = np.arange(200) % 2 == 0
    answered = answered.assign(occurred_at=answered["occurred_at"] + pd.Timedelta(days=200), touchpoint=np.where(
        phone, "Phone", "Store"), nps=np.where(phone ^ (np.arange(200) % 10 == 3), 1, 10))
    return store_of(pd.concat([begun, answered]))


def test_what_few_answered_is_judged_by_every_answer(clicks):
    found = friction.friction(clicks)
    assert found.one_in == 11
    [pain] = [row for row in found.points.to_dict("records") if (row["measure"], row["kind"]) == ("nps", "pain")]
    assert (pain["touchpoint"], pain["n"], pain["rest_n"], pain["one_in"]) == ("phone", 100, 100, 1)
    assert "sample" not in str(pain["text"])
    assert pain["customers"] >= 100
    assert pain["about"]
    assert "nps" not in found.reasons


def test_of_a_small_selection_nobody_is_left_out(clicks, monkeypatch):
    monkeypatch.setattr(held_steps, "MOST", 0)  # what is held tells of everybody
    few = Filters(persona=("few",))
    found = friction_rows.rows(clicks, few, Dimension("persona"))
    assert (found.one_in, len(found.customer), len(np.unique(found.customer))) == (1, 64, 60)
    assert set(found.places["part"]) == {found.names["part"][0].index("few")}
    assert np.count_nonzero(~np.isnan(found.values["emotion"])) == 64
    assert emotion.one_in(clicks, "emotion", few) == 1
    assert emotion.memory(clicks, few)["n"].tolist() == [60] * 4
    assert emotion.one_in(clicks) == 11
    assert emotion.gap(clicks).set_index("what")["n"]["nps"] == 200  # few answered, whoever felt something


def test_a_small_selection_among_very_many_is_known_as_if_there_were_no_more(monkeypatch):
    n = np.arange(3000)
    store = store_of(pd.DataFrame({
        "customer_id": [f"c{each % 900}" for each in n], "channel": np.where(n % 900 < 60, "App", "Web"),
        "occurred_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(n * 2, "h"), "stage": "purchase",
        "touchpoint": np.where(n % 7 < 4, "Phone call", "Shop"), "wait_seconds": np.where(n % 3 == 0, n % 50, np.nan),
        "nps": np.where(n % 4 == 0, n % 11, np.nan), "revenue": np.where(n % 5 == 0, 10.0, np.nan)}))
    few, persona = Filters(channel=("app",), start=pd.Timestamp("2025-01-02").date()), Dimension("channel")
    expected = friction_rows.rows(store, few, persona)
    assert np.count_nonzero(~np.isnan(expected.values["repeat"])) > 30
    for name, value in (("MOST", 1000), ("SAMPLE", 300), ("FEWEST", 50)):
        monkeypatch.setattr(sampling, name, value)
    assert friction_rows.rows(store, Filters(), persona).one_in == 10
    found = friction_rows.rows(store, few, persona)
    assert found.one_in == 1
    for name in expected.values:
        np.testing.assert_array_equal(found.values[name], expected.values[name], name)
    for name in expected.places:
        keys = [np.array([*rows.names[name][0], ""])[rows.places[name]].tolist() for rows in (found, expected)]
        assert keys[0] == keys[1], name
    np.testing.assert_array_equal(found.spent, expected.spent)
    np.testing.assert_array_equal(found.later, expected.later)
    assert np.count_nonzero(~np.isnan(expected.later)) > 30


def test_where_few_went_on_all_of_them_are_compared_with_the_lost(clicks):
    assert converters.converters(clicks).went_on == 200


def test_it_is_not_said_that_nobody_answered_where_the_sample_holds_no_answer(monkeypatch):
    store = store_of(answers([("Chat", "App", 300, [0, 9])]))
    monkeypatch.setattr(sampling, "MOST", 100)
    monkeypatch.setattr(sampling, "SAMPLE", 100)
    monkeypatch.setattr(sampling, "FEWEST", 100)
    reasons = {key: str(reason) for key, reason in friction.friction(store).reasons.items()}
    assert "Too few customers of the random sample" in reasons["nps"]
    assert "Nobody has uploaded" in reasons["complaint"]


@pytest.mark.parametrize("one_in", [2, 5, 34])
def test_a_sample_has_its_share_of_customers_however_their_keys_repeat(one_in):
    store = cx.open_store(":memory:")
    shares = store.rows(f"SELECT avg(CASE WHEN {sampling.sampled(one_in)} THEN 1 ELSE 0 END) "
                        "FROM (SELECT CAST(range AS INTEGER) AS customer_key FROM range(1, 3000001)) i GROUP BY customer_key % 10")
    assert all(share * one_in == pytest.approx(1, abs=0.02) for share, in shares)


def test_rows_that_came_after_the_last_question_count_in_the_next():
    store = store_of(answers([("Chat", "App", 100, [0, 5]), ("Shop", "Store", 200, [10, 9, 8, 3])]))
    assert friction.friction(store, by=None).looked.query("touchpoint == 'chat'")["n"].max() == 100
    more = answers([("Chat", "App", 40, [10, 9])]).assign(customer_id=[f"d{n}" for n in range(40)])
    cx.intake.load_frame(store, more)
    assert friction.friction(store, by=None).looked.query("touchpoint == 'chat'")["n"].max() == 140


@pytest.mark.parametrize("late", [80, 30], ids=["more rows than before", "as many"])
def test_a_commit_between_the_rows_and_their_parts_leaves_each_its_own(monkeypatch, late):
    """Rows that were read stay as they were read; where the database chooses among them, those that are gone are left
    out. Of those that came meanwhile nothing is told."""
    frame = answers([("Chat", "App", 40, [0, 5]), ("Shop", "Store", 40, [10, 9])])
    loyal = np.where(frame["touchpoint"] == "Chat", "loyal", "new")
    store = store_of(frame.assign(persona=loyal, tier=loyal))
    every = friction_rows._every(store, friction_rows._held(store))
    monkeypatch.setattr(friction_rows, "_every", lambda *_: every)
    more = answers([("Chat", "App", late, [1])]).assign(persona="late", tier="late",
                                                        customer_id=[f"d{n}" for n in range(late)])
    cx.intake.load_frame(store, more)
    with store.write() as cursor:
        cursor.execute("DELETE FROM interactions WHERE interaction_id IN (SELECT interaction_id FROM interactions "
                       "ORDER BY customer_key LIMIT 30)")
    tiers = Filters(attributes=(("tier", ("loyal", "new", "late")),))
    for filters, part, of_chat in ((Filters(), "persona", 40), (tiers, "persona", 10), (tiers, "tier", 10)):
        found = friction_rows.rows(store, filters, dimension(store, part))
        keys, touchpoints = found.names["part"][0], found.names["touchpoint"][0]
        told = [(touchpoints[at], keys[code])
                for at, code in zip(found.places["touchpoint"], found.places["part"], strict=True)]
        assert sorted(told) == [("chat", "loyal")] * of_chat + [("shop", "new")] * 40


def lost_by_persona() -> pd.DataFrame:
    """All come to the basket by web: of 100 hurried ones 10 go on, of 300 patient ones 270."""
    rows = []
    for number in range(400):
        persona, goes_on = ("Hurried", number < 10) if number < 100 else ("Patient", number < 370)
        start = pd.Timestamp("2026-01-01") + pd.Timedelta(hours=number)
        region = "South" if persona == "Hurried" else "North"
        rows.append((f"c{number}", start, "Basket", "Web", "Purchase", persona, region))
        if goes_on:
            rows.append((f"c{number}", start + pd.Timedelta(days=1), "Use", "Web", "Retention", persona, region))
    rows.append(("last", pd.Timestamp("2026-06-01"), "Use", "Web", "Retention", "Patient", "North"))
    return pd.DataFrame(rows, columns=["customer_id", "occurred_at", "touchpoint", "channel", "stage", "persona",
                                       "region"])


@pytest.mark.parametrize("chosen", [Filters(persona=("hurried",)), Filters(attributes=(("region", ("South",)),)),
                                    Filters(persona=("hurried",), attributes=(("region", ("South",)),))])
def test_what_is_bad_for_all_that_are_selected_is_seen_beside_everybody_else(chosen):
    found = friction.friction(store_of(lost_by_persona()), chosen)
    [pain] = found.points.to_dict("records")
    assert (pain["touchpoint"], pain["measure"], pain["against"]) == ("basket", "drop_off", friction.OUTSIDE)
    assert (pain["value"], pain["rest"]) == (pytest.approx(0.9), pytest.approx(0.1))
    assert (pain["n"], pain["rest_n"], pain["customers"]) == (100, 300, 100)
    assert str(pain["text"]) == "Basket: Do not go on: 90.0%, outside the selection 10.0% (n = 100 first contacts, one for each customer and channel)."
    assert found.selection == "both"
    assert friction.around(pain, chosen) == Filters(touchpoint=("basket",))


def test_who_fares_better_than_those_outside_has_no_pain_and_is_told_of_both():
    store = store_of(lost_by_persona())
    found = friction.friction(store, Filters(persona=("patient",)))
    assert found.points.empty
    assert (found.selection, friction.friction(store).selection) == ("both", "")
    assert friction.friction(store, Filters(persona=("nobody",))).selection == "within"


def test_a_selected_channel_is_held_against_the_others_at_the_same_touchpoint():
    store = store_of(answers([("Chat", "App", 90, [0, 5, 9]), ("Chat", "Web", 200, [10, 9, 8, 3])]))
    points = friction.pain_points(store, Filters(channel=("app",)))
    [pain] = points[points["measure"] == "nps"].to_dict("records")
    assert (pain["touchpoint"], pain["channel"], pain["value"], pain["rest"]) == (
        "chat", "", pytest.approx(-100 / 3), pytest.approx(25))


@pytest.mark.parametrize("seed", range(3))
def test_where_the_selected_do_not_differ_nothing_is_told_of_them(seed):
    rng = np.random.default_rng(seed)
    frame = answers([("Chat", "App", 500, [10, 9, 8, 3]), ("Shop", "Web", 500, [10, 9, 8, 3])])
    frame = frame.assign(nps=rng.permutation(frame["nps"]), persona=rng.choice(["A", "B"], len(frame)))
    assert friction.pain_points(store_of(frame), Filters(persona=("a",))).empty


def test_of_one_place_told_twice_the_graver_stays():
    """Chat is bad for the hurried ones, beside their other places and beside the others who chat."""
    frame = answers([("Chat", "App", 100, [0, 5]), ("Shop", "Web", 200, [10, 9, 8, 3])])
    frame = pd.concat([frame.assign(persona="Hurried"), answers([("Chat", "App", 300, [10, 9, 8])]).assign(
        persona="Patient", customer_id=lambda each: "p" + each["customer_id"])])
    points = friction.pain_points(store_of(frame), Filters(persona=("hurried",)))
    chat = points[(points["cell"] == "|chat||||") & (points["measure"] == "nps")]
    assert chat[["value", "rest", "against"]].to_numpy().tolist() == [[-100.0, pytest.approx(200 / 3), "outside"]]
    assert not points.duplicated(["cell", "measure"]).any()


def test_a_touchpoint_that_is_one_channel_is_as_sure_in_the_map_as_by_itself():
    store = store_of(answers([("Call", "Phone", 100, [0, 5]), ("Shop", "App", 200, [10, 9, 8, 5]),
                              ("Shop", "Web", 200, [10, 9, 8])]))
    found = friction.friction(store, by=None)
    cells = friction.grid(found, "nps", "touchpoint", ["call", "shop"])
    call = cells[cells["touchpoint"] == "call"].iloc[0]
    [alone] = found.looked.query("measure == 'nps' and touchpoint == 'call' and channel == ''").to_dict("records")
    assert call["p_adjusted"] == alone["p_adjusted"] < 0.001
    assert np.isnan(call["p"])  # tested once
    assert found.tested == found.looked["p"].notna().sum() < found.looked["p_adjusted"].notna().sum()
    assert findings.friction.at_a_glance(cells, language("en")).startswith("Surely worst: Call · Phone (NPS: −100.0, ")


def test_what_is_found_beside_those_outside_tells_no_overall_effect_and_names_its_yardstick():
    """Of the hurried ones the chat is the best place; beside the others who chat it is bad."""
    frame = pd.concat([answers(groups).assign(persona=persona, customer_id=lambda each, persona=persona: persona
                                              + each["customer_id"]) for persona, groups in (
        ("Hurried", [("Chat", "App", 100, [0, 5, 9]), ("Shop", "Web", 200, [0, 0, 0, 10, 10])]),
        ("Patient", [("Chat", "App", 400, [10, 9, 8, 10]), ("Shop", "Web", 400, [0, 0, 0, 10, 10])]))])
    store, hurried, en, tr = store_of(frame), Filters(persona=("hurried",)), language("en"), language("tr")
    found = friction.friction(store, hurried)
    told = found.points[(found.points["kind"] == "pain") & (found.points["measure"] == "nps")]
    assert told[["touchpoint", "against"]].to_numpy().tolist() == [["chat", "outside"]]
    assert findings.friction.table(told, en)["Overall effect"].tolist() == [DASH]
    assert "outside it; each of the two was corrected" in findings.friction.looked_at(found, en)
    assert "outside the selection" in findings.highlight.meaning(1, en, found.selection)
    assert "outside" not in findings.highlight.meaning(1, en)
    [row] = opportunity.worth(opportunity.chained(store, told.to_dict("records"), hurried)).to_dict("records")
    assert "at the average outside the selection it would be 0.0%" in findings.opportunity.told(row, "rest", en)
    assert "seçimin dışındaki ortalama" in findings.opportunity.told(row, "rest", tr)


def test_what_is_held_of_touchpoints_says_beside_those_outside_what_the_rows_say():
    """South are the hurried ones: a persona is answered from what is held, a column from the rows."""
    frame = lost_by_persona()
    frame["revenue"] = np.where(frame["touchpoint"] == "Use", 10.0, np.nan)
    frame["nps"] = np.where(frame["persona"] == "Hurried", 3, 9)
    store = store_of(frame)
    held, rows = (friction.friction(store, each, None) for each in (
        Filters(persona=("hurried",)), Filters(attributes=(("region", ("South",)),))))
    assert set(held.points["against"]) == {friction.OUTSIDE}
    assert held.points["revenue"].max() == 100
    for here, there in ((held.points, rows.points), (held.looked, rows.looked)):
        pd.testing.assert_frame_equal(here, there)


def test_of_very_many_touchpoints_each_has_its_own_rows():
    touchpoint = np.repeat(np.arange(33_000), 2)
    rows, nobody = len(touchpoint), np.full(len(touchpoint), -1)
    frame = pd.DataFrame({"interaction_id": np.arange(rows), "upload_id": 1, "customer_key": 1 + touchpoint,
                          "anonymous": False, "moment": np.arange(rows), "nps": np.arange(rows) % 11.0, "whole": True})
    for name in ("satisfied", "emotion", "felt", "wait_seconds", "delay_days", "complaint", "revenue", "followed"):
        frame[name] = np.nan
    names = {name: ([str(code) for code in range(33_000)],) * 2 for name in ("stage", "touchpoint", "channel")}
    every = Every(frame, {"stage": nobody, "touchpoint": touchpoint, "channel": nobody}, names, (nobody, ([], [])),
                  np.full(rows, np.nan))
    of = every.by_touchpoint(np.arange(rows), 1)
    found = {code: customer for code, customer, _, _ in of.studies("nps", np.arange(rows) % 2 == 0, 1)}
    assert len(found) == 33_000
    assert all(len(customer) == 2 and np.ptp(customer) == 0 for customer in found.values())
