"""Each customer's best attempt at a funnel, by one of two roads that give the same.

The derived table `attempts` answers the funnel of the model's first stages for any window; every other question runs
the kernel over the customers' rows, from `steps` where they stand in order already. Both end as `best`: one row per
customer (and value, and period) with its arrivals.
"""

from __future__ import annotations

import datetime as dt
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import duckdb
import numpy as np
import pandas as pd

from cx.filters import Clause
from cx.metrics import held_steps as held
from cx.metrics.dimension import Dimension
from cx.metrics.funnel_plan import ORDERS, Plan
from cx.metrics.funnel_rows import (
    NO_PERIODS,
    Rows,
    bounds,
    by_steps,
    edges_of,
    grouped,
    in_time,
    interval_sql,
    limits,
    masks_of,
    of_customer,
    ranks,
    skipped,
    sorted_rows,
)
from cx.metrics.held_attempts import FAR, best_stage_attempts
from cx.metrics.step_rows import Part, over_customers
from cx.store import Store
from cx.store.memo import Memo

_FOUND = "funnel_attempts_found"
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Arrivals:
    """The best attempt of each customer (in each period, where these are asked): keys, arrival times [steps, attempts],
    until when an attempt can go on, in microseconds (NaT's number = not reached, never), the number of the period, and
    the first moment of each period."""

    keys: np.ndarray
    times: np.ndarray
    until: np.ndarray
    period: np.ndarray
    periods: np.ndarray

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.keys, self.times, self.until, self.period))

    def taken(self, rows: np.ndarray) -> Arrivals:
        """Only these, by their places."""
        return Arrivals(self.keys[rows], np.ascontiguousarray(self.times[:, rows]), self.until[rows], self.period[rows],
                        self.periods)


@dataclass(frozen=True)
class Best:
    """`cursor` answers questions about `relation`, a SELECT with its parameters; it is open inside the `with` only.

    Columns: customer_key, value (of the breakdown, if any; null = missing), period (if an interval was asked), level
    (how many steps that may not be skipped), t1…tk (arrivals, null = not reached, or skipped), open_until (when the
    last attempt that counts can no longer go on; null = never).
    ends_at  the last moment of the data, None = no dated interaction
    arrivals the same without the breakdown, where it is at hand as arrays
    """

    cursor: duckdb.DuckDBPyConnection
    ends_at: dt.datetime | None
    _relation: Callable[[], Clause]
    arrivals: Arrivals | None = None

    @cached_property
    def relation(self) -> Clause:
        return self._relation()


@contextmanager
def best_attempts(store: Store, plan: Plan, interval: str | None = None) -> Iterator[Best]:
    """The best attempts of a plan, of each calendar period where an interval is given."""
    with store.reader() as cursor:
        ends_at = held.with_held(store, lambda found: last_moment(cursor) if found is None else found.ends_at)
        arrivals = _known_arrivals(store, cursor, plan, interval)
        if arrivals is not None:
            yield _of_arrays(cursor, ends_at, plan, arrivals, interval)
            return
        tries = _from_table(plan, interval) if by_table(plan) else _from_kernel(store, cursor, plan, interval)
        yield Best(cursor, ends_at, lambda: _best(plan, tries, interval))


def _known_arrivals(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan,
                    interval: str | None) -> Arrivals | None:
    """`_plainly`, kept for the other questions that a page asks of the same plan."""
    if store.in_lake or store.noted:
        return None
    with _arrivals_lock:
        known = _arrivals.setdefault(store, Memo(_MOST_BYTES))
    return known.get(store.data_version, (repr(plan), interval), lambda: _plainly(store, cursor, plan, interval))


_arrivals: weakref.WeakKeyDictionary[Store, Memo] = weakref.WeakKeyDictionary()
_arrivals_lock = threading.Lock()
_MOST_BYTES = 150_000_000  # of arrivals that are kept


def started_last(best: Best, plan: Plan, step: int, reached: bool, most: int) -> Best:
    """The same of those only who reached a step (or the one before and not this one) and started last, so many at most;
    all where the arrivals are not at hand or are told apart by a breakdown."""
    if best.arrivals is None or plan.breakdown is not None:
        return best
    there = best.arrivals.times != held.NEVER
    rows = np.flatnonzero(there[step - 1] if reached else there[plan.before(step) - 1] & ~there[step - 1])
    order = np.lexsort((best.arrivals.keys[rows], -best.arrivals.times[0, rows]))[:most]
    return _of_arrays(best.cursor, best.ends_at, plan, best.arrivals.taken(rows[order]), None)


def _of_arrays(cursor: duckdb.DuckDBPyConnection, ends_at: dt.datetime | None, plan: Plan, arrivals: Arrivals,
               interval: str | None) -> Best:
    return Best(cursor, ends_at, lambda: _relation(cursor, plan, arrivals, interval), arrivals)


def last_moment(cursor: duckdb.DuckDBPyConnection) -> dt.datetime | None:
    [(last,)] = cursor.execute("SELECT max(occurred_at) FROM interactions").fetchall()
    found: dt.datetime | None = last
    return found


def warm_up() -> None:
    """Compile the kernels, or read them from the cache beside them: seconds the first time on a machine, else a moment.

    To be called at set-up, or in a thread of its own when the app starts, so that nobody waits for it.
    """
    from cx.metrics.cells_funnel_kernel import count, entry_days
    from cx.metrics.emotion_kernel import last_answers, remembered, tied
    from cx.metrics.friction_kernel import followed, summed
    from cx.metrics.funnel_kernel import best_attempts
    from cx.metrics.funnel_kernel_plain import best_of_rows, tally_of_rows
    from cx.metrics.funnel_tally_kernel import add_histogram, those_in
    from cx.metrics.held_attempts_kernel import best_of_attempts, starts_of, tally_of_attempts
    from cx.metrics.retention_kernel import counted, visits_of
    from cx.metrics.step_kernel import first_after, masked, pairs, walk
    from cx.store import derive_kernel

    derive_kernel.warm_up()
    first, none, numbers = np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    summed(first, np.empty(0), none, np.empty((1, 0), dtype=np.int64), 0)
    for number in (np.int8, np.float32, np.float64):
        followed(none, np.empty(0, dtype=bool), numbers, none, np.empty(0), np.empty(0, dtype=number), 0.0, np.empty(0),
                 0.0, 0.0, 0.0, 0, 0)
    edges, nobody, fills = np.array([0, 1], dtype=np.int64), np.empty(0, dtype=bool), np.full(1, -1, dtype=np.int8)
    best_attempts(first, none, none, 1, 0, -1, np.full(1, -1, dtype=np.int64), none, none, none, none, edges)
    ticks: np.ndarray
    small = np.empty(0, dtype=np.int8)
    for ticks in (numbers, none):
        remembered(first, ticks, small, small, small, small, nobody, 0, 0, nobody, nobody, nobody, 0, none, none)
        tied(first, ticks, small)
    last_answers(numbers, numbers, small, small, small, small, nobody, 0, 0, nobody, nobody, nobody)
    times, values = none.copy(), numbers.copy()
    for each in (times, values):
        each.flags.writeable = False
    masked(first, times, values, none, False)
    best_of_rows(first, times, values, fills, 1, 0, 0, 0)
    spans = np.empty((0, 2), dtype=np.int64)
    for ticks in (numbers, none):
        starts_of(first, ticks, numbers.astype(np.int8), 0)
        attempts = np.empty((0, 1), dtype=ticks.dtype)
        best_of_attempts(first, attempts, nobody, 1, 0, edges, 1, 0)
        tally_of_attempts(first, attempts, nobody, 1, 0, edges, 0, spans, attempts)
        entry_days(first, attempts, 0, numbers, numbers, False, 0, 0, 0, 1, 1, 1)
        add_histogram(ticks, 0, none)
        first_after(first, ticks, numbers, none)
        those_in(ticks, 0, 0)
        for kinds in (numbers, numbers.astype(np.int8)):
            tally_of_rows(first, ticks, kinds, fills, nobody, 1, 0, 0, 0, 0, spans, attempts)
        counts, slots, began = visits_of(first, ticks, numbers.astype(np.int8), np.zeros(1, dtype=bool), edges)
        counted(np.append(0, counts), slots, began, nobody, numbers, 0, 0, 1, 1)
    count(numbers, none)
    steps = walk(first, times, values, values, np.zeros(1, dtype=bool), -1, True, 0, 0)
    pairs(steps[0], steps[1], 1)


def by_table(plan: Plan) -> bool:
    """Whether `attempts` answers the question; else the kernel does."""
    own_rows = plan.breakdown is not None and plan.attribution == "all" and not of_customer(plan.breakdown)
    own_channel = plan.filters.own_channel and plan.filters.channel
    plain = not plan.excluded and not any(plan.optional) and all(each is None for each in plan.within)
    return plan.prefix and plan.order == "ordered" and plain and not own_channel and not own_rows


def _entry(plan: Plan, column: str) -> Clause:
    parts = []
    if plan.begin is not None:
        parts.append(Clause(f"{column} >= ?", (plan.begin,)))
    if plan.finish is not None:
        parts.append(Clause(f"{column} < ?", (plan.finish,)))
    return Clause.all_of(parts)


def _plainly(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan, interval: str | None) -> Arrivals | None:
    """The best attempts by a single pass over attempts or steps; None where the question is not that plain, where the
    rows stay elsewhere or the questions are to be shown."""
    if by_table(plan):
        found = held.with_held(store, lambda it: None if it is None else _of_attempts(cursor, it, plan, interval))
        if found is not None:
            return found
    masks = plain_masks(cursor, plan) if interval is None else None
    return None if masks is None else _of_steps(store, cursor, plan, masks)


def _of_attempts(cursor: duckdb.DuckDBPyConnection, found: held.Held, plan: Plan, interval: str | None) -> Arrivals:
    periods, edges = edges_of(cursor, plan, interval)
    parts = list(best_stage_attempts(found, found.chosen(plan.filters), len(plan.labels), plan.window, edges.tolist()))
    return Arrivals(np.concatenate([each.keys for each in parts]),
                    np.concatenate([each.times for each in parts], axis=1),
                    _until(np.concatenate([each.last for each in parts]), plan),
                    np.concatenate([each.period for each in parts]), periods)


def _of_steps(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan, masks: np.ndarray) -> Arrivals:
    from cx.metrics.funnel_kernel_plain import best_of_rows

    steps, fills = len(plan.labels), step_of(masks, len(plan.labels))
    window = FAR if plan.window is None else plan.window
    begin, finish = bounds(plan)

    def answer(part: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        times, values = part.columns
        who, arrivals, last = best_of_rows(part.first_rows, times, values, fills, steps, window, begin, finish)
        return part.customers[who], arrivals, last

    keys, arrivals, last = map(np.concatenate, zip(*rows_in_time(store, cursor, plan, answer), strict=True))
    return Arrivals(keys, np.ascontiguousarray(arrivals.T), _until(last, plan), np.zeros(len(keys), dtype=np.int64),
                    NO_PERIODS)


def _until(last: np.ndarray, plan: Plan) -> np.ndarray:
    return np.full(len(last), held.NEVER) if plan.window is None else last + plan.window


def plain_masks(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> np.ndarray | None:
    """What a row of `steps` may be good for, by its value, where that is one step at most and nothing else is asked."""
    plain = not plan.excluded and not any(plan.optional) and all(each is None for each in plan.within)
    if not plain or plan.order != "ordered" or not by_steps(plan):
        return None
    masks = masks_of(cursor, plan)
    return None if (masks & (masks - 1)).any() else masks


def step_of(masks: np.ndarray, steps: int) -> np.ndarray:
    """By value (the last: not known), which step it fills (0-based), -1 = none."""
    found = np.full(len(masks), -1, dtype=np.int8)
    for step in range(steps):
        found[masks == 1 << step] = step
    return found


def _relation(cursor: duckdb.DuckDBPyConnection, plan: Plan, arrivals: Arrivals, interval: str | None) -> Clause:
    times = {f"t{step}": each.view("datetime64[us]") for step, each in enumerate(arrivals.times, start=1)}
    level = (arrivals.times != np.iinfo(np.int64).min).sum(axis=0, dtype=np.int32)
    period = {"period": arrivals.periods[arrivals.period]} if interval else {}
    cursor.register(_FOUND, pd.DataFrame({"customer_key": arrivals.keys, "level": level, **period, **times,
                                          "open_until": arrivals.until.view("datetime64[us]")}, copy=False))
    return _with_value(plan)


def _with_value(plan: Plan) -> Clause:
    if plan.breakdown is None or grouped(plan):
        return Clause(f"SELECT * FROM {_FOUND}")
    value = _value(plan.breakdown, plan.attribution, "f")
    return Clause(f"SELECT f.*, v.value AS value FROM {_FOUND} f {value.sql}", value.params)


def _from_table(plan: Plan, interval: str | None) -> Clause:
    """customer_key, value, period, t1…, open_until of every attempt."""
    where = Clause.all_of([plan.filters.journeys("a"), _entry(plan, "a.t1")])
    times = ["a.t1"]
    for step in range(2, len(plan.labels) + 1):
        within = "" if plan.window is None else f" AND a.t{step} <= a.t1 + {interval_sql(plan.window)}"
        # without an arrival at the step before there is none here either
        times.append(f"CASE WHEN a.t{step} IS NOT NULL{within} THEN a.t{step} END AS t{step}")
    period = f"date_trunc('{interval}', a.t1) AS period, " if interval else ""
    value = _value(plan.breakdown, plan.attribution, "a") if plan.breakdown else Clause("")
    head = "v.value AS value, " if plan.breakdown else ""
    until = "CAST(NULL AS TIMESTAMP)" if plan.window is None else f"a.t1 + {interval_sql(plan.window)}"
    return Clause(f"SELECT a.customer_key, {head}{period}{', '.join(times)}, {until} AS open_until FROM attempts a "
                  f"{value.sql} WHERE {where.sql}", (*value.params, *where.params))


def _value(split: Dimension, attribution: str, alias: str) -> Clause:
    values = split.of_customers(attribution)
    return Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params)


def _from_kernel(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan, interval: str | None) -> Clause:
    from cx.metrics.funnel_kernel import best_attempts  # compiles on import: not at the start of the app

    required, optional = plan.required, skipped(plan)
    periods, edges = edges_of(cursor, plan, interval)
    options = (len(required), ORDERS.index(plan.order), -1 if plan.window is None else plan.window,
               limits(plan, required), ranks(plan, [first for _, first, _ in plan.excluded]),
               ranks(plan, [to for _, _, to in plan.excluded]),
               ranks(plan, [plan.before(place) for place in optional]), limits(plan, optional), edges)

    def best(rows: Rows) -> dict[str, np.ndarray]:
        journey, period, arrivals, until = best_attempts(rows.first_rows, rows.times, rows.masks, *options)
        found = {"customer_key": rows.keys[journey].astype(np.int32)}
        if rows.values is not None:
            found["value"] = rows.values[journey]
        if interval:
            found["period"] = periods[period]
        for column, place in enumerate((*required, *optional)):
            found[f"t{place}"] = arrivals[:, column].copy().view("datetime64[us]")
        return {**found, "open_until": until.view("datetime64[us]")}

    parts = _over_steps(store, cursor, plan, best) if by_steps(plan) else [best(sorted_rows(cursor, plan))]
    cursor.register(_FOUND, pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}))
    return _with_value(plan)


def _over_steps(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan,
                best: Callable[[Rows], _Found]) -> list[_Found]:
    from cx.metrics.step_kernel import masked

    masks, every = masks_of(cursor, plan), plan.order == "strict"

    def answer(part: Part) -> _Found:
        times, values = part.columns
        return best(Rows(part.customers, None, *masked(part.first_rows, times, values, masks, every)))

    return rows_in_time(store, cursor, plan, answer)


def rows_in_time(store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan,
               answer: Callable[[Part], _Found]) -> list[_Found]:
    """Parts with the time and the value of the rows that may belong to an attempt."""
    return over_customers(store, cursor, ["occurred_at", f"{plan.by}_id"], answer,
                          Clause.all_of(in_time(plan)), plan.filters)


def _best(plan: Plan, tries: Clause, interval: str | None) -> Clause:
    """Furthest, then earliest, of each customer. Arrivals rise with the start, so among attempts of one level the
    smallest arrivals are those of the earliest."""
    steps = range(1, len(plan.labels) + 1)
    ranks = reversed(list(enumerate(plan.required, start=1)))
    keys = ["customer_key", *(["value"] if plan.breakdown else []), *(["period"] if interval else [])]
    level = "CASE " + " ".join(f"WHEN t{step} IS NOT NULL THEN {rank}" for rank, step in ranks) + " ELSE 0 END"
    earliest = ", ".join(f"min(t{step}) AS t{step}" for step in steps)
    furthest = ", ".join(f"arg_max(t{step}, level) AS t{step}" for step in steps)
    listed, count = ", ".join(keys), len(keys)
    group = ", ".join(str(place) for place in range(1, count + 1))
    return Clause(
        f"SELECT {listed}, max(level) AS level, {furthest}, max(open_until) AS open_until FROM ("
        f"SELECT {listed}, {level} AS level, {earliest}, max(open_until) AS open_until FROM ({tries.sql}) "
        f"GROUP BY {group}, {count + 1}) GROUP BY {group}", tries.params)
