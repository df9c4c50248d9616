"""Attribution by hand, by published examples, and against the brute-force twin; every rule adds up to all purchases."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, Store, open_store
from cx.errors import QueryError
from cx.metrics import attribution, kpi
from cx.store import derive
from tests.metrics.stores import refill, store_of
from tests.oracle import attribution as oracle
from tests.oracle.path import STAGES, Row

MANY = settings(max_examples=15 * int(os.environ.get("CX_EXAMPLES", "1")))
ALL = tuple(attribution.RULES)


def journeys(*written: str) -> list[dict[str, object]]:
    """"ads web web$30" → rows of one customer, a day apart: a channel each, $ an order worth that. "" = no channel."""
    rows: list[dict[str, object]] = []
    for who, names in enumerate(written):
        for day, name in enumerate(names.split()):
            channel, bought, worth = name.partition("$")
            rows.append({"customer": f"c{who}", "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(days=day),
                         "channel": None if channel == "-" else channel, "touchpoint": "here",
                         **({"order_id": f"{who}.{day}", "revenue": float(worth)} if bought else {})})
    return rows


def shared(frame: pd.DataFrame, rule: str, of: str = "conversions") -> dict[str, float]:
    rows = frame[frame["rule"] == rule]
    return {key: round(value, 9) for key, value in zip(rows["key"], rows[of], strict=True) if value}


def ask(rows: list[dict[str, object]], **how: object) -> pd.DataFrame:
    return attribution.attribution(store_of(rows), **how)


@pytest.mark.parametrize(("rule", "credit"), [
    ("first", {"ads": 1}), ("last", {"web": 1}), ("linear", {"ads": 0.25, "mail": 0.25, "store": 0.25, "web": 0.25}),
    ("position", {"ads": 0.4, "mail": 0.1, "store": 0.1, "web": 0.4}),
    ("decay", {"ads": 1 / 15, "mail": 2 / 15, "store": 4 / 15, "web": 8 / 15}),
    ("shapley", {"ads": 0.25, "mail": 0.25, "store": 0.25, "web": 0.25}),
    ("markov", {"ads": 0.25, "mail": 0.25, "store": 0.25, "web": 0.25})])
def test_one_path_by_hand(rule, credit) -> None:
    frame = ask(journeys("ads mail store web$60"), half_life=dt.timedelta(days=1))
    assert shared(frame, rule) == pytest.approx(credit)
    assert shared(frame, rule, "revenue") == pytest.approx({key: 60 * each for key, each in credit.items()})


@pytest.mark.parametrize(("path", "credit"), [
    ("web$1", {"web": 1}), ("ads web$1", {"ads": 0.5, "web": 0.5}), ("ads mail web$1", {"ads": 0.4, "mail": 0.2, "web": 0.4})])
def test_position_based_credit_of_short_paths(path, credit) -> None:
    assert shared(ask(journeys(path)), "position") == credit


def test_repeats_are_one_contact_unless_asked() -> None:
    rows = journeys("ads web web web$9")
    assert shared(ask(rows), "linear") == {"ads": 0.5, "web": 0.5}
    assert shared(ask(rows, collapse=False), "linear") == {"ads": 0.25, "web": 0.75}
    for rule in ("shapley", "markov"):
        assert shared(ask(rows, collapse=False), rule) == shared(ask(rows), rule) == {"ads": 0.5, "web": 0.5}


def test_a_path_begins_after_the_purchase_before() -> None:
    frame = ask(journeys("ads web$10 mail store$20"))
    assert shared(frame, "first") == {"ads": 1, "mail": 1}
    assert shared(frame, "first", "revenue") == {"ads": 10, "mail": 20}
    assert shared(frame, "linear") == {"ads": 0.5, "web": 0.5, "mail": 0.5, "store": 0.5}


def test_what_is_too_long_ago_does_not_count() -> None:
    rows = journeys("ads mail web$10")
    for days, first in ((2, "ads"), (1, "mail"), (0, "web")):
        assert shared(ask(rows, lookback=dt.timedelta(days=days)), "first") == {first: 1}


def test_the_purchase_itself_may_be_no_contact() -> None:
    frame = ask(journeys("ads store$10", "store$20"), purchase_counts=False)
    for rule in ALL:
        assert shared(frame, rule) == {"ads": 1, "": 1}
        assert shared(frame, rule, "revenue") == {"ads": 10, "": 20}


def test_orders_at_one_moment_share_their_path_and_lines_of_one_order_are_one() -> None:
    rows = journeys("ads web$10")
    again = [{**rows[1], "order_id": "other", "revenue": 5.0}, {**rows[1], "revenue": 7.0}]
    frame = ask([*rows, *again])
    assert shared(frame, "first") == {"ads": 2}
    assert shared(frame, "last", "revenue") == {"web": 22}


def test_nobody_known_is_in_no_path() -> None:
    rows = journeys("ads -$10", "-$4", "web$6")
    odd = [{"channel": "web", "occurred_at": "2025-01-01", "order_id": "x", "revenue": 3.0},
           {"customer": "c0", "channel": "web", "order_id": "y"}]
    store = store_of([*rows, *odd])
    frame = attribution.attribution(store)
    assert shared(frame, "last") == {"ads": 1, "web": 1, "": 1}
    assert shared(frame, "last", "revenue") == {"ads": 10, "web": 6, "": 4}
    assert frame[["n", "worth"]].iloc[0].tolist() == [3, 20]
    assert attribution.left_out(store) == 2


@pytest.mark.parametrize(("chosen", "n"), [
    ({}, 3), ({"start": "2025-01-02", "end": "2025-01-02"}, 1), ({"channel": "ads"}, 2), ({"end": "2025-01-01"}, 1)])
def test_the_period_chooses_purchases_and_their_contacts_may_lie_before(chosen, n) -> None:
    store = store_of(journeys("ads web$10 mail$20", "web$5", "web"))
    frame = attribution.attribution(store, filters=Filters(**chosen))
    assert frame["n"].iloc[0] == n
    if "start" in chosen:
        assert shared(frame, "first") == {"ads": 1}


# --- published examples ---


def test_markov_as_in_the_first_example_of_analyzecore() -> None:
    """S. Bryl', "Marketing Multi-Channel Attribution model with R (part 1)", 2016: C1 → C2 → C3 → purchase, C1 → none,
    C2 → C3 → none. One in three buys; removal effects 0.5, 1, 1; shares 0.2, 0.4, 0.4."""
    frame = ask(journeys("c1 c2 c3$1", "c1", "c2 c3"))
    assert shared(frame, "markov") == {"c1": 0.2, "c2": 0.4, "c3": 0.4}
    flow = np.array([[2, 1, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 2, 0, 0], [0, 0, 0, 1, 1]], dtype=float)
    assert attribution.removal_effects(flow) == pytest.approx([0.5, 1, 1])


def test_markov_as_in_puzyrov() -> None:
    """S. Puzyrov, "Markov Chain Attribution – Simple Explanation of Removal Effect", 2019: Google Ads 2 purchases, mailing
    1, Google Ads → mailing 1, Google Ads without a purchase 1. P = 0.8; effects 0.75 and 0.5; of 4 purchases 2.4, 1.6."""
    frame = ask(journeys("ads$1", "ads$1", "mail$1", "ads mail$1", "ads"))
    assert shared(frame, "markov") == {"ads": 2.4, "mail": 1.6}


def test_shapley_of_three_channels() -> None:
    """The 100 purchases by channel set of "Data-driven marketing attribution" (Towards Data Science 1a28d2e613a0): F 20,
    O 10, L 17, FO 17, FL 30, FLO 6. By hand: F = 20 + 17/2 + 30/2 + 6/3."""
    known = [*["F"] * 20, *["O"] * 10, *["L"] * 17, *["O F"] * 17, *["L F"] * 30, *["F L O"] * 6]
    assert shared(ask(journeys(*(f"{path}$1" for path in known))), "shapley") == {"f": 45.5, "o": 20.5, "l": 34}
    sets = [(frozenset(path.split()), 1.0) for path in known]
    assert oracle.shapley(sets) == pytest.approx({"F": 45.5, "O": 20.5, "L": 34})


def test_a_loop_through_channels_is_walked_to_its_end() -> None:
    flow = np.array([[1, 0, 0, 0], [0, 1, 1, 1], [2, 0, 0, 0]], dtype=float)
    # from a: b with 1/3 (and back), bought 1/3, none 1/3: p = 1/3 + p/3 → 1/2; without b: 1/3
    assert attribution.removal_effects(flow) == pytest.approx([1, 1 / 3])
    assert np.isnan(attribution.removal_effects(np.array([[1, 0, 0], [0, 0, 1]], dtype=float))).all()


# --- intervals ---


def test_the_interval_of_a_plain_share_is_about_that_of_independent_customers() -> None:
    frame = ask(journeys(*["ads$1"] * 300, *["web$1"] * 700))
    row = frame[(frame["rule"] == "last") & (frame["key"] == "ads")].iloc[0]
    half = 1.96 * np.sqrt(0.3 * 0.7 / 1000)
    assert (row["lower"], row["upper"]) == (pytest.approx(0.3 - half, abs=0.012), pytest.approx(0.3 + half, abs=0.012))
    assert row["few"] is False or not row["few"]


def test_a_difference_to_the_last_contact_is_tested_on_the_same_customers() -> None:
    frame = ask(journeys(*["ads web$1"] * 60, *["web$1"] * 40))
    row = frame[(frame["rule"] == "first") & (frame["key"] == "ads")].iloc[0]
    assert (row["against_last"], row["significant"]) == (0.6, True)
    assert 0.4 < row["against_lower"] < 0.6 < row["against_upper"] < 0.8
    few = ask(journeys(*["ads web$1"] * 6, *["web$1"] * 4))
    assert few["few"].all()
    assert set(few["significant"]) == {None}


def test_nothing_bought_is_no_rows() -> None:
    assert attribution.attribution(open_store(":memory:")).empty
    assert ask(journeys("ads web")).empty


def test_without_any_channel_all_is_not_known() -> None:
    frame = ask(journeys("-$5", "-$6"))
    assert frame["key"].tolist() == [""] * len(ALL)
    assert frame["revenue"].tolist() == [11] * len(ALL)
    assert frame["share"].tolist() == [1] * len(ALL)


@pytest.mark.parametrize("asked", [{"lookback": dt.timedelta(-1)}, {"half_life": dt.timedelta(0)}])
def test_a_question_without_a_meaning_is_refused(asked) -> None:
    with pytest.raises(QueryError):
        attribution.attribution(open_store(":memory:"), **asked)


# --- the twin ---


@pytest.fixture(scope="module")
def empty() -> Store:
    return open_store(":memory:")


@st.composite
def random_rows(draw: st.DrawFn) -> list[Row]:
    row = st.tuples(st.integers(1, 8), st.integers(0, 12), st.sampled_from((*STAGES[:2], None)), st.just("here"),
                    st.sampled_from(("a", "b", "c", None)))
    return draw(st.lists(row, min_size=8, max_size=60))


@MANY
@given(rows=random_rows(), lookback=st.sampled_from((None, 0, 3)), own=st.booleans(), collapse=st.booleans(),
       begin=st.sampled_from((None, 4)), every=st.sampled_from((2, 3, 5)), half_life=st.integers(1, 5))
def test_the_twin_agrees_and_all_adds_up(empty, rows, lookback, own, collapse, begin, every, half_life) -> None:
    refill(empty, [(who, day * 86400, *rest) for who, day, *rest in rows])
    orders = {number: float(number * 3 % 7) for number in range(len(rows)) if number % every == 0}
    with empty.write() as cursor:
        cursor.execute(f"UPDATE interactions SET order_id = interaction_id::VARCHAR, revenue = ((interaction_id - 1) * 3) % 7 "
                       f"WHERE (interaction_id - 1) % {every} = 0")
        derive.rebuild(cursor)
    filters = Filters() if begin is None else Filters(start=dt.date(2025, 1, 1) + dt.timedelta(days=begin))
    frame = attribution.attribution(
        empty, None if lookback is None else dt.timedelta(days=lookback), dt.timedelta(days=half_life), own, collapse,
        filters)
    bought, lost = oracle.paths(rows, orders, lookback, own, collapse, begin)
    assert frame.empty == (not bought)
    if not bought:
        return
    assert frame["n"].iloc[0] == len(bought)
    totals = kpi.kpis(empty, filters, only=["orders", "revenue"]).set_index("kpi")["value"]
    for of, total, revenue in (("conversions", totals["orders"], False), ("revenue", totals["revenue"], True)):
        expected = oracle.credits(bought, lost, half_life, revenue)
        for rule in ALL:
            rows_of_rule = frame[frame["rule"] == rule]
            assert rows_of_rule[of].sum() == pytest.approx(total)
            got = dict(zip(rows_of_rule["key"], rows_of_rule[of], strict=True))
            assert {key: each for key, each in got.items() if each > 1e-9} == pytest.approx(
                {key: each for key, each in expected[rule].items() if each > 1e-9}), rule
    took = {key: sum(any(channel == key for channel, _ in path) for path, _ in bought) for key in "abc"}
    for row in frame[(frame["rule"] == "last") & (frame["key"] != "")].to_dict("records"):
        assert row["took_part"] == took[row["key"]]
