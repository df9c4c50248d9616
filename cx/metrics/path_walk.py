"""Journeys as arrays of steps: the rules of cx.metrics.path_rows, by a pass over rows that stand in order already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics.path_rows import check_asked
from cx.metrics.step_rows import Array, Part, chosen_customers, over_customers
from cx.store import Store

_EPOCH = dt.datetime(1970, 1, 1)
_DENSE = 2_000  # values, up to which all pairs of them are counted in a table
_FAR = 2**62


@dataclass(frozen=True)
class Walk:
    """The steps of some customers, one after the other; all of a customer's are in one such.

    steps    ids of the dimension
    first    whether each is the first of its journey or session
    who      the customer of each (a number within this part)
    unknown  interactions without a value, which are left out
    """

    steps: Array
    first: Array
    who: Array
    unknown: int

    @property
    def units(self) -> Array:
        """The journey or session of each step (a number within this part)."""
        return np.cumsum(self.first)


def walks(store: Store, by: str, unit: str, pause: dt.timedelta, collapse: bool, filters: Filters) -> list[Walk]:
    """All steps of the journeys or sessions in question. Raises UnknownValue for `by` and `unit`, QueryError for a
    negative pause."""
    from cx.metrics.step_kernel import walk  # compiles on import: not at the start of the app

    check_asked(by, unit, pause)
    own = bool(filters.own_channel and filters.channel)
    timed = unit == "session" or filters.start is not None or filters.end is not None
    begin = -_FAR if filters.start is None else _microseconds(filters.start)
    finish = _FAR if filters.end is None else _microseconds(filters.end + dt.timedelta(days=1))
    columns = [f"CAST(i.{by}_id AS INTEGER)", *(["epoch_us(i.occurred_at)"] if timed else []),
               *(["i.channel_id"] if own else [])]
    gap = pause // dt.timedelta(microseconds=1) if unit == "session" else -1
    with store.reader() as cursor:
        wanted = np.zeros(1, dtype=bool)
        if own:
            [(most,)] = cursor.execute("SELECT max(channel_id) FROM channels").fetchall()
            wanted = np.zeros(int(most or 0) + 2, dtype=bool)  # the last one: not known
            some = filters.steps("i")
            ids = cursor.execute(f"SELECT i.channel_id FROM channels i WHERE {some.sql}", some.params).fetchnumpy()
            wanted[ids["channel_id"]] = True

        def steps(part: Part) -> Walk:
            values, *others = part.columns[1:]
            times = others.pop(0) if timed else _NO_TIMES
            return Walk(*walk(part.first_rows, times, values, others[0] if own else _NO_PLACES, wanted, gap, collapse,
                              begin, finish))

        return over_customers(cursor, columns, steps, Clause("TRUE"), chosen_customers(cursor, filters))


def followed(walked: Sequence[Walk]) -> pd.DataFrame:
    """value, next_value (-1 = nothing), n: how often each value is directly followed by each."""
    from cx.metrics.step_kernel import pairs

    many = 1 + max((int(each.steps.max()) for each in walked if len(each.steps)), default=0)
    if many <= _DENSE:
        counts = np.zeros((many, many + 1), dtype=np.int64)
        for each in walked:
            counts += pairs(each.steps, each.first, many)
        value, following = np.nonzero(counts)
        n = counts[value, following]
    else:
        codes = [each.steps.astype(np.int64) * (many + 1) + np.append(
            np.where(each.first[1:], many, each.steps[1:]), many)[:len(each.steps)] for each in walked]
        found, n = np.unique(np.concatenate(codes), return_counts=True)
        value, following = np.divmod(found, many + 1)
    return pd.DataFrame({"value": value, "next_value": np.where(following == many, -1, following), "n": n})


def _fixed(kind: type[np.integer]) -> Array:
    none = np.empty(0, dtype=kind)
    none.flags.writeable = False
    return none


_NO_TIMES, _NO_PLACES = _fixed(np.int64), _fixed(np.int32)


def _microseconds(day: dt.date) -> int:
    return (dt.datetime.combine(day, dt.time()) - _EPOCH) // dt.timedelta(microseconds=1)
