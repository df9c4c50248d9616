"""Both roads of the funnel against the brute-force twin, on random journeys full of ties and repeats."""

from __future__ import annotations

import datetime as dt
import math
import os
import statistics
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, Store, open_store
from cx.metrics.funnel import Exclusion, Step, funnel
from cx.metrics.funnel_attempts import best_attempts, by_table
from cx.metrics.funnel_plan import Plan, resolve
from tests.metrics.stores import refill
from tests.oracle import funnel as oracle

START = dt.datetime(2025, 1, 1)
STAGES = ("awareness", "consideration", "purchase", "retention")
CHANNELS = ("A", "B", "C")
MANY = settings(max_examples=40 * int(os.environ.get("CX_EXAMPLES", "1")))
"""CX_EXAMPLES multiplies the number of examples, each of them new (nightly: 50)."""


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(":memory:")


@st.composite
def journeys(draw: st.DrawFn, names: tuple[str, ...]) -> list[list[tuple[int, str, str]]]:
    """Three to eight customers of up to six interactions: (second, name, channel)."""
    row = st.tuples(st.integers(0, 6), st.sampled_from(names), st.sampled_from(CHANNELS))
    return draw(st.lists(st.lists(row, min_size=1, max_size=6), min_size=3, max_size=8))


@st.composite
def questions(draw: st.DrawFn, names: tuple[str, ...]) -> oracle.Question:
    value = st.sets(st.sampled_from(names), min_size=1, max_size=2).map(frozenset)
    steps = tuple(draw(st.lists(value, min_size=1, max_size=4)))
    exclusions = []
    if len(steps) > 1:
        for _ in range(draw(st.integers(0, 2))):
            first = draw(st.integers(1, len(steps) - 1))
            exclusions.append((draw(value), first, draw(st.integers(first + 1, len(steps)))))
    bounds = draw(st.one_of(st.just((None, None)), st.tuples(st.integers(0, 3), st.integers(4, 8)),
                            st.tuples(st.none(), st.integers(1, 7)), st.tuples(st.integers(0, 6), st.none())))
    return oracle.Question(steps, draw(st.sampled_from(("ordered", "any", "strict"))),
                           draw(st.one_of(st.none(), st.integers(0, 6))), tuple(exclusions), *bounds)


@st.composite
def conditional_questions(draw: st.DrawFn, names: tuple[str, ...]) -> oracle.Question:
    """Questions with steps that may be skipped and times since the step before."""
    asked = draw(questions(names))
    many = len(asked.steps)
    order = draw(st.sampled_from(("ordered", "ordered", "strict")))
    gap = st.one_of(st.none(), st.integers(0, 4))
    within = (None, *(draw(gap) for _ in range(many - 1)))
    if order == "ordered" and many > 2 and draw(st.booleans()):
        optional = (False, *(draw(st.booleans()) for _ in range(many - 2)), False)
        ranks = optional.count(False)
        exclusions = tuple((names, min(first, ranks - 1), ranks) for names, first, _ in asked.exclusions)
        return replace(asked, order=order, within=within, optional=optional, exclusions=exclusions)
    return replace(asked, order=order, within=within)


def _moment(second: int | None) -> dt.datetime | None:
    return None if second is None else START + dt.timedelta(seconds=second)


def _time(seconds: int | None) -> dt.timedelta | None:
    return None if seconds is None else dt.timedelta(seconds=seconds)


def _asked(question: oracle.Question, by: str) -> dict[str, object]:
    optional = question.optional or (False,) * len(question.steps)
    within = question.within or (None,) * len(question.steps)
    return {"steps": [Step(tuple(sorted(step)), skip, _time(gap))
                      for step, skip, gap in zip(question.steps, optional, within, strict=True)],
            "by": by, "order": question.order, "window": _time(question.window),
            "exclusions": [Exclusion(tuple(sorted(names)), *(question.required[rank - 1] + 1 for rank in ranks))
                           for names, *ranks in question.exclusions],
            "start": _moment(question.begin), "end": _moment(question.finish)}


def _check(store: Store, journeys: list[list[tuple[int, str, str]]], question: oracle.Question, by: str) -> None:
    plan = resolve(store, breakdown=None, attribution="first", filters=Filters(), **_asked(question, by))
    found = _best(store, plan)
    rows_of = {number: [(second, frozenset([name])) for second, name, _ in journey]
               for number, journey in enumerate(journeys)}
    expected = {}
    for number, journey in rows_of.items():
        times = oracle.arrivals(journey, question)
        if times:
            until = oracle.open_until(journey, question)
            open_until = None if until == math.inf or times[-1] is not None else _moment(until)
            expected[number] = (open_until, tuple(map(_moment, times)))
    last = {number: _moment(max(second for second, _, _ in journey)) for number, journey in enumerate(journeys)}
    assert _still_open(found, last) == _still_open(expected, last)

    frame = funnel(store, **_asked(question, by))
    ends_at = max(second for journey in journeys for second, _, _ in journey)
    for row in frame.itertuples():
        place, after = row.position - 1, plan.after(row.position) - 1
        before = plan.before(row.position) - 1
        reached = [times for _, times in expected.values() if times[place] is not None]
        assert row.reached == len(reached)
        if plan.limit is not None:
            assert row.open == sum(times[place] is None and times[after] is None and until is not None
                                   and until > _moment(ends_at) for until, times in expected.values())
        if place:
            some = sum(times[before] is not None for _, times in expected.values())
            assert row.from_previous == pytest.approx(len(reached) / some if some else math.nan, nan_ok=True)
        if place and reached:
            took = [(times[place] - times[before]).total_seconds() for times in reached]
            assert row.average_seconds == pytest.approx(statistics.mean(took))
            assert row.median_seconds == pytest.approx(statistics.median(took))


def _still_open(attempts: dict[int, tuple[Any, Any]], last: dict[int, dt.datetime]) -> dict[int, tuple[Any, Any]]:
    """Without the moments that are past at the customer's last interaction: they decide nothing."""
    return {number: (until if until is not None and until > last[number] else None, times)
            for number, (until, times) in attempts.items()}


def _best(store: Store, plan: Plan) -> dict[int, tuple[object, tuple[object, ...]]]:
    """Customer → (open until, None for those who are through; arrivals)."""
    with best_attempts(store, plan) as best:
        times = ", ".join(f"t{step}" for step in range(1, len(plan.labels) + 1))
        rows = best.cursor.execute(f"SELECT customer_key, open_until, {times} FROM ({best.relation.sql})",
                                   best.relation.params).fetchall()
    return {row[0]: (row[1] if row[-1] is None else None, tuple(row[2:])) for row in rows}


def _refill(store: Store, journeys: list[list[tuple[int, str, str]]]) -> None:
    """These journeys through channels, and nothing else, into the workspace."""
    refill(store, [(number, second, "awareness", None, name) for number, journey in enumerate(journeys)
                   for second, name, _ in journey])


@MANY
@given(journeys=journeys(CHANNELS), question=questions(CHANNELS))
def test_the_kernel_equals_the_brute_force_twin(store, journeys, question) -> None:
    _refill(store, journeys)
    _check(store, journeys, question, "channel")


@MANY
@given(journeys=journeys(CHANNELS), question=conditional_questions(CHANNELS))
def test_steps_with_conditions_equal_the_brute_force_twin(store, journeys, question) -> None:
    _refill(store, journeys)
    _check(store, journeys, question, "channel")


@MANY
@given(journeys=journeys(CHANNELS), question=conditional_questions(CHANNELS))
def test_a_step_that_may_be_skipped_changes_no_other(store, journeys, question) -> None:
    _refill(store, journeys)
    kept = question.required
    without = replace(question, steps=tuple(question.steps[place] for place in kept), optional=(),
                      within=tuple(question.within[place] for place in kept))
    whole, part = (funnel(store, **_asked(each, "channel")) for each in (question, without))
    columns = ["reached", "from_previous", "from_first", "median_seconds", "open"]
    pd.testing.assert_frame_equal(whole.iloc[list(kept)][columns].reset_index(drop=True), part[columns])


@MANY
@given(journeys=journeys(STAGES), window=st.one_of(st.none(), st.integers(0, 6)),
       steps=st.integers(1, 4), bounds=st.tuples(st.one_of(st.none(), st.integers(0, 3)),
                                                 st.one_of(st.none(), st.integers(4, 8))))
def test_the_table_of_attempts_equals_the_twin_and_the_kernel(store, journeys, window, steps, bounds) -> None:
    _fill(store, journeys)
    used = [name for name in STAGES if any(name == each for journey in journeys for _, each, _ in journey)]
    question = oracle.Question(tuple(frozenset([name]) for name in used[:steps]), "ordered", window, (), *bounds)
    plan = resolve(store, breakdown="channel", attribution="last", filters=Filters(), **_asked(question, "stage"))
    assert by_table(plan)
    _check(store, journeys, question, "stage")
    found = _best(store, plan)
    assert found == _best(store, replace(plan, prefix=False))
    with store.noting():  # in SQL, from the table
        assert found == _best(store, plan)


@MANY
@given(journeys=journeys(STAGES), question=questions(STAGES), attribution=st.sampled_from(("first", "last", "all")))
def test_a_breakdown_is_the_funnel_of_each_value(store, journeys, question, attribution) -> None:
    _fill(store, journeys)
    frame = funnel(store, breakdown="channel", attribution=attribution, **_asked(question, "stage"))
    expected = {}
    for value in CHANNELS:
        attempts = []
        for journey in journeys:
            in_order = sorted(enumerate(journey), key=lambda row: (row[1][0], row[0]))
            one = in_order[0 if attribution == "first" else -1][1][2]
            if attribution == "all":
                kept = [row for row in journey if row[2] == value]
            else:
                kept = journey if one == value else []
            attempts.append(oracle.best_attempt([(second, frozenset([name])) for second, name, _ in kept], question))
        reached = [sum(len(attempt) > step for attempt in attempts) for step in range(len(question.steps))]
        if reached[0]:
            expected[value] = reached
    assert {value: list(rows["reached"]) for value, rows in frame.groupby("breakdown")} == expected


def _fill(store: Store, journeys: list[list[tuple[int, str, str]]]) -> None:
    refill(store, [(number, second, name, None, channel) for number, journey in enumerate(journeys)
                   for second, name, channel in journey])
