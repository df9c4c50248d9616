"""The numbers of a plain funnel of all customers together, counted in one pass over what is held in memory.

No customer's arrivals are kept: only how many came how far, and how long they took from step to step. Questions about
single customers, breakdowns and whatever is not plain are for cx.metrics.funnel_attempts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from cx.metrics import held_steps as held
from cx.metrics.funnel_attempts import by_table, last_moment, plain_masks, rows_in_time, step_of
from cx.metrics.funnel_plan import Plan
from cx.metrics.funnel_rows import NO_PERIODS, bounds, edges_of, of_customer
from cx.metrics.held_attempts import FAR, stage_attempts
from cx.metrics.step_rows import Part
from cx.store import Store

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Tally:
    """Customers by how far their best attempt in each period came.

    ends_at   the last moment of the data, None = no dated interaction
    periods   first moment of each period
    furthest  [periods, steps]: customers by the number of steps reached, from 1; open_ones: those of them whose last
              attempt could still go on at the end of the data
    took      in parts, in units of so many microseconds (`tick`): for each step after the first, how long those who
              reached it took from the step before; or only those from the first to the last step, or none
    """

    ends_at: dt.datetime | None
    periods: Array
    furthest: Array
    open_ones: Array
    took: Sequence[Sequence[Array]]
    tick: int

    def counted(self) -> pd.DataFrame:
        """cx.metrics.funnel's counts: period, r1…, o1…, s1…, and where times were asked for m2…, a2…, p2…"""
        steps = self.furthest.shape[1]
        found: dict[str, Any] = {"period": self.periods}
        for step in range(1, steps + 1):
            found[f"r{step}"] = self.furthest[:, step - 1:].sum(axis=1)
            found[f"o{step}"] = self.open_ones[:, :step - 1].sum(axis=1)
            found[f"s{step}"] = self.open_ones[:, step - 2] if step > 1 else 0
        for step, (median, mean, slow) in enumerate(held.at_once(self.took, self._times), start=2):
            found |= {f"m{step}": median, f"a{step}": mean, f"p{step}": slow}
        return pd.DataFrame(found)

    def _times(self, took: Sequence[Array]) -> tuple[float, float, float]:
        """Median, mean and 90 %, in seconds."""
        many = sum(map(len, took))
        if not many:
            return np.nan, np.nan, np.nan
        # microseconds of some million customers are too much for an integer
        total = sum(float(part.sum(dtype=np.float64 if self.tick == 1 else np.int64)) for part in took)
        median, slow = quantiles(took, (0.5, 0.9), self.tick)
        return median, total * self.tick / 1e6 / many, slow


def tally(store: Store, plan: Plan, interval: str | None = None) -> Tally | None:
    """The numbers of a funnel with the times of each step, or of each calendar period where an interval is given,
    without times. None where the question is not that plain, where the rows stay elsewhere or the questions are to be
    shown."""
    return _tally(store, plan, interval, _every_step(plan)[:None if interval is None else 0])


def by_persona(store: Store, plan: Plan) -> pd.DataFrame | None:
    """`Tally.counted` of the customers of each persona who entered, with value (its id, null = none); None as in
    `tally`, where the breakdown is another one, and where there are very many personas."""
    if plan.breakdown is None or not of_customer(plan.breakdown) or store.in_lake or store.noted:
        return None
    plain = replace(plan, breakdown=None)
    return held.with_held(store, lambda found: None if found is None else _by_persona(store, found, plain))


def _by_persona(store: Store, found: held.Held, plan: Plan) -> pd.DataFrame | None:
    def read(cursor: duckdb.DuckDBPyConnection) -> Array:
        told = cursor.execute("SELECT customer_key, persona_id FROM customers "
                              "WHERE persona_id IS NOT NULL").fetchnumpy()
        of_key = np.full(found.room, -1, dtype=np.int32)
        of_key[told["customer_key"]] = told["persona_id"]
        return of_key

    persona: Array = found.once("personas of customers", read)
    chosen, spans = found.chosen(plan.filters), _every_step(plan)
    there = np.unique(persona[found.customers] if chosen is None else persona[chosen])
    masks = None
    if not by_table(plan):
        with store.reader() as cursor:
            masks = plain_masks(cursor, plan)
    if len(there) > _MOST_PERSONAS or (masks is None and not by_table(plan)):
        return None
    parts = []
    for each in there.tolist():
        wanted = persona == each if chosen is None else chosen & (persona == each)
        counted = (_of_attempts(store, found, plan, None, spans, wanted) if masks is None
                   else _of_steps(found, plan, masks, spans, wanted)).counted()
        parts.append(counted.assign(value=pd.array([None if each < 0 else each] * len(counted), dtype="Int32")))
    together = pd.concat(parts, ignore_index=True) if parts else None
    return None if together is None else together[together["r1"] > 0].reset_index(drop=True)


_MOST_PERSONAS = 30  # each is a pass


def durations(store: Store, plan: Plan) -> Array | None:
    """Seconds from the first to the last step of those who reached it; None as in `tally`. Nobody may change them."""
    def asked() -> Array | None:
        found = _tally(store, plan, None, np.array([(0, len(plan.labels) - 1)], dtype=np.int64))
        if found is None:
            return None
        seconds: Array = np.concatenate(found.took[0]) * (found.tick / 1e6)
        seconds.flags.writeable = False
        return seconds

    return store.memo(("times of a funnel", repr(plan)), asked)


def _every_step(plan: Plan) -> Array:
    """Pairs of steps that follow each other."""
    return np.array([(step - 1, step) for step in range(1, len(plan.labels))], np.int64).reshape(-1, 2)


def _tally(store: Store, plan: Plan, interval: str | None, spans: Array) -> Tally | None:
    if plan.breakdown is not None or store.in_lake or store.noted:
        return None
    if by_table(plan):
        found = held.with_held(store, lambda it: None if it is None else _of_attempts(store, it, plan, interval, spans))
        if found is not None:
            return found
    if interval:
        return None
    with store.reader() as cursor:
        masks = plain_masks(cursor, plan)
    return None if masks is None else held.with_held(
        store, lambda it: _of_file(store, plan, masks, spans) if it is None else _of_steps(it, plan, masks, spans))


_Counted = tuple[Array, Array, list[Array]]  # furthest, open, what each step took


def _of_attempts(store: Store, found: held.Held, plan: Plan, interval: str | None, spans: Array,
                 among: Array | None = None) -> Tally:
    """among: by customer key, who is counted; None = whom the plan selects."""
    from cx.metrics.held_attempts_kernel import tally_of_attempts

    with store.reader() as cursor:
        periods, edges = edges_of(cursor, plan, interval)
    attempts, steps = stage_attempts(found), len(plan.labels)
    chosen = found.chosen(plan.filters) if among is None else among
    window, ticks = attempts.limits(plan.window, edges.tolist())
    open_after = _open_after(found.ends_at, plan, found.moments)

    def count(low: int, high: int) -> _Counted:
        took = np.empty((len(spans), high - low), dtype=attempts.times.dtype)
        furthest, open_ones = tally_of_attempts(attempts.first_start[low:high + 1], attempts.times,
                                                found.wanted(chosen, low, high), steps, window, ticks, open_after,
                                                spans, took)
        return furthest, open_ones, _filled(took, furthest, spans)

    return _together(found.ends_at, periods, held.over_parts(attempts.parts(), count), found.moments.tick)


def _of_steps(found: held.Held, plan: Plan, masks: Array, spans: Array, among: Array | None = None) -> Tally:
    moments, values = found.moments, found.column(f"{plan.by}_id")
    chosen = found.chosen(plan.filters) if among is None else among
    count = _counting(plan, masks, spans, moments, found.ends_at)

    def part(low: int, high: int) -> _Counted:
        start, end = found.first_rows[low], found.first_rows[high]
        kinds = values[start:end] if values.itemsize == 1 else values[start:end].astype(np.int32)
        return count(found.first_rows[low:high + 1] - start, moments.ticks[start:end], kinds,
                     found.wanted(chosen, low, high))

    return _together(found.ends_at, NO_PERIODS, held.over_parts(held.parts_of(found.first_rows), part), moments.tick)


def _of_file(store: Store, plan: Plan, masks: Array, spans: Array) -> Tally:
    """Where there are too many rows to be held."""
    with store.reader() as cursor:
        ends_at = last_moment(cursor)
        count = _counting(plan, masks, spans, held.Moments(np.empty(0, np.int64), 0, 1), ends_at)

        def answer(part: Part) -> _Counted:
            times, values = part.columns
            return count(part.first_rows, times, values, np.ones(len(part.customers), dtype=np.bool_))

        found = rows_in_time(store, cursor, plan, answer)
    return _together(ends_at, NO_PERIODS, found, 1)


def _counting(plan: Plan, masks: Array, spans: Array, moments: held.Moments,
              ends_at: dt.datetime | None) -> Callable[[Array, Array, Array, Array], _Counted]:
    """Counts rows of some customers: where each customer starts, times, values, whether each customer is wanted."""
    from cx.metrics.funnel_kernel_plain import tally_of_rows

    steps, fills, open_after = len(plan.labels), step_of(masks, len(plan.labels)), _open_after(ends_at, plan, moments)
    window = FAR if plan.window is None else min(plan.window // moments.tick, FAR)
    begin, finish = (min(moments.first_from(bound), FAR) for bound in bounds(plan))

    def count(first_rows: Array, times: Array, values: Array, wanted: Array) -> _Counted:
        took = np.empty((len(spans), len(wanted)), dtype=times.dtype)
        furthest, open_ones = tally_of_rows(first_rows, times, values, fills, wanted, steps, window, begin, finish,
                                            open_after, spans, took)
        return furthest, open_ones, _filled(took, furthest, spans)

    return count


def _open_after(ends_at: dt.datetime | None, plan: Plan, moments: held.Moments) -> int:
    """An attempt that starts after it can still go on at the end of the data."""
    if plan.window is None or ends_at is None:
        return FAR
    return (int(np.datetime64(ends_at, "us").astype(np.int64)) - plan.window - moments.origin) // moments.tick


def _filled(took: Array, furthest: Array, spans: Array) -> list[Array]:
    """What was written of each span."""
    return [row[:furthest[:, to:].sum()] for row, to in zip(took, spans[:, 1], strict=True)]


def _together(ends_at: dt.datetime | None, periods: Array, found: Sequence[_Counted], tick: int) -> Tally:
    furthest, open_ones, took = zip(*found, strict=True)
    return Tally(ends_at, periods, sum(furthest), sum(open_ones), list(zip(*took, strict=True)), tick)


# --- quantiles ---


def quantiles(parts: Sequence[Array], shares: Sequence[float], tick: int) -> list[float]:
    """In seconds, of times in units of so many microseconds (from 0 on, at least one); between two neighbours by their
    distance. Found by histograms of leading bits, without sorting."""
    last = sum(map(len, parts)) - 1
    lows = [int(last * share) for share in shares]
    places = sorted({place for low in lows for place in (low, min(low + 1, last))})
    found = _smallest(parts, places)
    at = {place: value * tick / 1e6 for place, value in zip(places, found, strict=True)}
    return [at[low] + (at[min(low + 1, last)] - at[low]) * (last * share - low)
            for low, share in zip(lows, shares, strict=True)]


_BITS = 12  # of a number, that one histogram tells apart


def _smallest(parts: Sequence[Array], places: Sequence[int]) -> list[int]:
    """The numbers that would stand at these places if all were sorted."""
    from cx.metrics.funnel_tally_kernel import add_histogram, those_in

    highest = max(int(part.max(initial=0)) for part in parts)
    shift = max(highest.bit_length() - _BITS, 0)
    counts = np.zeros(1 << _BITS, dtype=np.int64)
    for part in parts:
        add_histogram(part, shift, counts)
    before = np.append(0, counts.cumsum())
    bins = np.searchsorted(before, places, side="right") - 1
    if not shift:
        return [int(each) for each in bins]
    found: list[int] = []
    for each in np.unique(bins):
        inside = [those_in(part, shift, each) for part in parts]
        found += [(int(each) << shift) + rest for rest in _smallest(
            inside, [place - before[each] for place, its in zip(places, bins, strict=True) if its == each])]
    return found
