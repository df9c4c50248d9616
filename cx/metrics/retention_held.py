"""Retention of what is held of `steps` in memory (cx.metrics.held_steps): the periods in which each customer was there
are worked out once for a version of the data, a question is a pass over them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics.dimension import Dimension
from cx.metrics.held_activity import first_values
from cx.metrics.held_attempts import FAR
from cx.metrics.held_steps import Held, over_parts, parts_of, with_held
from cx.metrics.period import starts_between
from cx.store import Store

Array = np.ndarray[Any, Any]
_MOST_CELLS = 3_000_000  # of one table; a breakdown into more is asked of the rows
_NOWHERE = np.empty(0, dtype=np.int8)


@dataclass(frozen=True)
class Visits:
    """starts  where the periods of each customer (as in Held.customers) start, and their number
    slots   their numbers, rising, in `periods` (first moments)
    first   the time of each customer's first row that counts, in the numbers of the rows' times
    """

    starts: Array
    slots: Array
    first: Array
    periods: pd.DatetimeIndex

    def place(self, moment: dt.datetime) -> int:
        """The number of the period that begins then; -1 = there is none."""
        return int(self.periods.get_indexer([pd.Timestamp(moment)])[0])


def counts(store: Store, step: str, filters: Filters, by: Dimension | None) -> pd.DataFrame | None:
    """[value,] cohort, period, active, ended (customers who were there, and for the last time), of cells that are not
    empty; None where it has to be asked of the rows. step: the interval."""
    return with_held(store, lambda held: None if held is None else _counts(store, held, step, filters, by))


def _counts(store: Store, held: Held, step: str, filters: Filters, by: Dimension | None) -> pd.DataFrame | None:
    from cx.metrics.retention_kernel import counted  # compiles on import: not at the start of the app

    values, codes = first_values(store, held, by) if by else ([None], _NOWHERE)
    visits, chosen, (begin, finish) = _visits(store, held, step, filters), held.chosen(filters), _bounds(held, filters)
    if visits is None or len(values) * len(visits.periods) ** 2 > _MOST_CELLS:
        return None

    def part(low: int, high: int) -> tuple[Array, Array]:
        return counted(visits.starts[low:high + 1], visits.slots, visits.first[low:high],
                       held.wanted(chosen, low, high), codes[low:high], begin, finish, len(values),
                       len(visits.periods))

    found = over_parts(parts_of(held.first_rows), part)
    active, ended = (np.sum([each[place] for each in found], axis=0) for place in (0, 1))
    group, cohort, period = np.nonzero(active)
    named = {"value": pd.Series([values[each] for each in group], dtype=object)} if by else {}
    return pd.DataFrame({**named, "cohort": visits.periods[cohort], "period": visits.periods[period],
                         "active": active[group, cohort, period], "ended": ended[group, cohort, period]})


def customers(store: Store, step: str, filters: Filters, cohort: dt.datetime, target: dt.datetime, after: bool,
              returned: bool, limit: int | None) -> pd.DataFrame | None:
    """customer_key, first_at, last_at, times of the customers of a cohort who were (returned) or were not there in a
    period (after: or later), those last seen most recently first; None as in `counts`."""
    if filters.own_channel and filters.channel:
        return None
    return with_held(store, lambda held: None if held is None else _customers(
        store, held, step, filters, (cohort, target), after, returned, limit))


def _customers(store: Store, held: Held, step: str, filters: Filters, cell: tuple[dt.datetime, dt.datetime],
               after: bool, returned: bool, limit: int | None) -> pd.DataFrame | None:
    from cx.metrics.retention_kernel import behind

    visits, (begin, finish) = _visits(store, held, step, filters), _bounds(held, filters)
    if visits is None:
        return None
    cohort, target = (visits.place(each) for each in cell)
    if cohort < 0:
        return None
    wanted = held.wanted(held.chosen(filters), 0, len(held.customers))
    target = target if target >= 0 else len(visits.periods)  # nobody was there after the data ends
    at = behind(visits.starts, visits.slots, visits.first, wanted, begin, finish, cohort, target, after, returned)
    last = held.moments.ticks[held.first_rows[at + 1] - 1]
    order = np.lexsort((held.customers[at], -last.astype(np.int64)))[:limit]
    at, last = at[order], last[order]
    moments = [held.moments.microseconds(each).astype("datetime64[us]") for each in (visits.first[at], last)]
    return pd.DataFrame({"customer_key": held.customers[at], "first_at": moments[0], "last_at": moments[1],
                         "times": held.first_rows[at + 1] - held.first_rows[at]})


def _visits(store: Store, held: Held, step: str, filters: Filters) -> Visits | None:
    """The periods of each customer, of the version that is held; in the own-channel reading of the rows in that channel
    only. None where nobody known was there, or in too many periods."""
    periods = _periods(held, step)
    if not 0 < len(periods) ** 2 <= _MOST_CELLS:
        return None
    if not (filters.own_channel and filters.channel):
        visits: Visits = held.once(f"visits by {step}", lambda _: _made(held, periods, _NOWHERE, np.ones(1, np.bool_)))
        return visits
    where = filters.steps("c")
    ids = [int(each) for each, in store.rows(f"SELECT c.channel_id FROM channels c WHERE {where.sql}", where.params)]
    places = held.column("channel_id")
    wanted = np.zeros(max([*ids, int(places.max(initial=0))]) + 2, dtype=np.bool_)  # the last: not known
    wanted[ids] = True
    return _made(held, periods, places, wanted)


def _periods(held: Held, step: str) -> pd.DatetimeIndex:
    """First moments of the periods from the first row to the last moment of all; none may start after a row, nor may
    they be asked of another version of the data: the passes write by their numbers, unchecked."""
    if held.ends_at is None or not held.first_rows[-1]:
        return pd.DatetimeIndex([])
    first: dt.date = np.datetime64(held.moments.origin, "us").astype("datetime64[D]").item()
    return starts_between(first, held.ends_at.date(), step)


def _made(held: Held, periods: pd.DatetimeIndex, places: Array, wanted: Array) -> Visits:
    from cx.metrics.retention_kernel import visits_of

    moments = held.moments
    edges = np.array([moments.first_from(int(each)) for each in periods.astype("int64")], dtype=np.int64)

    def part(low: int, high: int) -> tuple[Array, Array, Array]:
        start, end = held.first_rows[low], held.first_rows[high]
        return visits_of(held.first_rows[low:high + 1] - start, moments.ticks[start:end], places[start:end], wanted,
                         edges)

    many, slots, first = zip(*over_parts(parts_of(held.first_rows), part), strict=True)
    return Visits(np.append(0, np.cumsum(np.concatenate(many))), np.concatenate(slots), np.concatenate(first), periods)


def _bounds(held: Held, filters: Filters) -> tuple[int, int]:
    """The period in the numbers of the rows' times: from the first, before the second."""
    def tick(day: dt.date) -> int:
        return held.moments.first_from(int(np.datetime64(day, "us").astype(np.int64)))

    return (tick(filters.start) if filters.start else -FAR,
            tick(filters.end + dt.timedelta(days=1)) if filters.end else FAR)
