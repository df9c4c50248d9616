"""Counting in one pass: against the brute-force twin, in periods, in units of time, and quantiles without sorting. The
same through the database is in test_funnel_oracle."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Store, open_store
from cx.metrics import funnel_tally
from cx.metrics.funnel import funnel, summary, trend
from cx.metrics.funnel_kernel_plain import best_of_rows, tally_of_rows
from cx.metrics.held_attempts import FAR, attempts_of_rows
from cx.metrics.held_attempts_kernel import best_of_attempts, tally_of_attempts
from tests.metrics.stores import refill
from tests.oracle import funnel as oracle

SOME = settings(max_examples=20 * int(os.environ.get("CX_EXAMPLES", "1")))
STAGES = ("awareness", "consideration", "purchase")
JOURNEYS = st.lists(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(STAGES)), min_size=1, max_size=7),
                    min_size=2, max_size=7)


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(":memory:")


def _fill(store: Store, journeys: list[list[tuple[int, str]]], unit: str, length: int = 1) -> None:
    refill(store, [(number, time * length, stage, None, stage) for number, journey in enumerate(journeys)
                   for time, stage in journey], unit)


NEVER = np.iinfo(np.int64).min
MANY = settings(max_examples=200 * int(os.environ.get("CX_EXAMPLES", "1")))
"""Four to twenty journeys each; no database, so they cost little."""


@MANY
@given(journeys=st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 3)), min_size=1, max_size=8), min_size=4,
                         max_size=20),
       steps=st.integers(1, 4), window=st.one_of(st.none(), st.integers(0, 9)),
       bounds=st.tuples(st.integers(0, 5), st.integers(5, 11)), kind=st.sampled_from((np.int32, np.int64)))
def test_both_passes_equal_the_brute_force_twin(journeys, steps, window, bounds, kind) -> None:
    rows = [sorted(journey, key=lambda row: row[0]) for journey in journeys]
    first_rows = np.cumsum([0, *map(len, rows)])
    times = np.array([time for journey in rows for time, _ in journey], dtype=kind)
    values = np.array([value for journey in rows for _, value in journey], dtype=np.int8)
    question = oracle.Question(tuple(frozenset([str(step)]) for step in range(steps)), "ordered", window, (), *bounds)
    expected, still_open, end = {}, 0, 9
    for customer, journey in enumerate(rows):
        named = [(time, frozenset([str(value)])) for time, value in journey]
        if found := oracle.arrivals(named, question):
            expected[customer] = tuple(NEVER if time is None else time for time in found)
            still_open += found[-1] is None and window is not None and oracle.open_until(named, question) > end

    limit, edges = FAR if window is None else window, np.array(bounds)
    open_after = FAR if window is None else end - window
    everybody, spans = np.ones(len(rows), dtype=bool), np.array([(step - 1, step) for step in range(1, steps)] or [(0, 0)])
    fills = np.array([*range(steps), *[-1] * (5 - steps)], dtype=np.int8)
    who, arrivals, _ = best_of_rows(first_rows, times.astype(np.int64), values.astype(np.int32), fills, steps, limit, *bounds)
    assert dict(zip(who.tolist(), map(tuple, arrivals.tolist()), strict=True)) == expected
    first_start, attempts = attempts_of_rows(range(4), first_rows, times, values)
    who, _, arrivals, _ = best_of_attempts(first_start, attempts, everybody, steps, limit, edges, 1, 0)
    assert dict(zip(who.tolist(), zip(*arrivals.tolist(), strict=True), strict=True)) == expected

    took, again = (np.empty((len(spans), len(rows)), dtype=kind) for _ in range(2))
    counted = tally_of_rows(first_rows, times, values, fills, everybody, steps, limit, *bounds, open_after, spans, took)
    same = tally_of_attempts(first_start, attempts, everybody, steps, limit, edges, open_after, spans, again)
    levels = [sum(time != NEVER for time in each) for each in expected.values()]
    for furthest, open_ones in (counted, same):
        assert furthest[0].tolist() == [levels.count(level) for level in range(1, steps + 1)]
        assert open_ones[0, :-1].sum() == still_open
    for span, (before, to) in enumerate(spans):
        lasted = [each[to] - each[before] for each in expected.values() if each[to] != NEVER]
        assert took[span, :len(lasted)].tolist() == again[span, :len(lasted)].tolist() == lasted


@SOME
@given(journeys=JOURNEYS, window=st.one_of(st.none(), st.integers(0, 9)))
def test_a_trend_is_the_funnel_of_each_day(store, journeys, window) -> None:
    _fill(store, journeys, "h", 8)
    limit = None if window is None else dt.timedelta(hours=8 * window)
    days = trend(store, window=limit, interval="day")
    for day in days.to_dict("records"):
        whole = funnel(store, window=limit, start=day["period"].date(), end=day["period"].date())
        assert [day[f"reached_{step}"] for step in range(1, len(whole) + 1)] == whole["reached"].tolist()
        if limit is not None:
            assert day["open"] == (whole["open"].iloc[-1] if len(whole) > 1 else 0)


@SOME
@given(journeys=JOURNEYS, window=st.one_of(st.none(), st.integers(0, 9)), by=st.sampled_from(("stage", "channel")))
def test_microseconds_are_told_apart_as_seconds_are(store, journeys, window, by) -> None:
    steps = [name for name in STAGES if any(name == each for journey in journeys for _, each in journey)]
    found = []
    for unit, second in (("s", 1_000_000), ("us", 1)):
        _fill(store, journeys, unit)
        limit = None if window is None else dt.timedelta(microseconds=second * window)
        frame = funnel(store, steps, by=by, window=limit)
        times = [name for name in frame if name.endswith("_seconds")]
        found.append(frame.assign(**{name: frame[name] * 1e6 / second for name in times}))
    pd.testing.assert_frame_equal(*found)


@pytest.mark.parametrize(("microseconds", "reached", "still_open"), [
    (2_999_999, 0, 1), (3_000_000, 1, 1), (3_999_999, 1, 1), (4_000_000, 1, 1), (4_000_001, 1, 2)])
def test_a_window_that_is_no_whole_number_of_seconds_ends_where_it_ends(store, microseconds, reached, still_open) -> None:
    _fill(store, [[(0, "awareness"), (3, "purchase")], [(5, "awareness")], [(9, "awareness")]], "s")
    found = funnel(store, ["awareness", "purchase"], window=dt.timedelta(microseconds=microseconds))
    assert (found["reached"].iloc[1], found["open"].iloc[1]) == (reached, still_open)


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@given(lengths=st.lists(st.integers(0, 60), min_size=1, max_size=4), seed=st.integers(0, 2**32 - 1),
       most=st.sampled_from((1, 7, 4_096, 70_000, 2**31 - 1, 2**50)))
@settings(max_examples=60)
def test_quantiles_without_sorting_are_those_of_sorted_numbers(kind, lengths, seed, most) -> None:
    random = np.random.default_rng(seed)
    parts = [random.integers(0, min(most, np.iinfo(kind).max), length, dtype=kind) for length in [*lengths, 1]]
    shares = (0.0, 0.5, 0.9, 1.0)
    found = funnel_tally.quantiles(parts, shares, 1_000_000)
    assert found == pytest.approx(np.quantile(np.concatenate(parts), shares), rel=1e-12)


def test_the_times_of_many_customers_in_microseconds_are_no_number_too_large() -> None:
    year = 365 * 86_400 * 1_000_000
    took = [np.full(200_000, year, dtype=np.int64), np.full(200_000, 3 * year, dtype=np.int64)]
    counts = np.array([[0, 400_000]])
    found = funnel_tally.Tally(None, np.zeros(1, "datetime64[us]"), counts, counts * 0, [took], 1).counted()
    assert found[["m2", "a2", "p2"]].to_numpy().tolist() == [[2 * 31_536_000, 2 * 31_536_000, 3 * 31_536_000]]


def test_the_time_from_the_first_to_the_last_step_is_the_same_by_both_roads(store) -> None:
    _fill(store, [[(0, "awareness"), (3, "purchase")], [(1, "awareness"), (2, "purchase")], [(5, "awareness")]], "s")
    found = summary(store, ["awareness", "purchase"])
    with store.noting():
        assert summary(store, ["awareness", "purchase"]) == found
    assert (found["n"], found["mean"], found["median"]) == (2, 2.0, 2.0)
