"""Journeys as arrays of steps: the rules of cx.metrics.path_rows, by a pass over rows that stand in order already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from cx.filters import Clause, Filters
from cx.metrics.path_rows import check_asked
from cx.metrics.step_rows import Array, Part, over_customers
from cx.store import Store

_EPOCH = dt.datetime(1970, 1, 1)
_DENSE = 2_000  # values, up to which all pairs of them are counted in a table
_FAR = 2**62
NOWHERE = -2
Found = TypeVar("Found")


@dataclass(frozen=True)
class Walk:
    """The steps of some customers, one after the other; all of a customer's are in one such.

    steps    ids of the dimension
    first    whether each is the first of its journey or session
    who      the customer of each (a number within this part)
    unknown  interactions without a value, which are left out
    keys     the key of each customer of this part
    felt     of each step, facts: of each journey or session, as step_kernel.feelings has them; where they were asked
    """

    steps: Array
    first: Array
    who: Array
    unknown: int
    keys: Array
    felt: Array | None = None
    facts: Array | None = None

    @property
    def units(self) -> Array:
        """The journey or session of each step (a number within this part)."""
        return np.cumsum(self.first)


def over_walks(store: Store, by: str, unit: str, pause: dt.timedelta, collapse: bool, filters: Filters,
               answer: Callable[[Walk], Found], purchase: int | None = None) -> list[Found]:
    """What `answer` says of all steps of the journeys or sessions in question, part by part. It may run elsewhere
    (`step_rows.over_customers`). purchase: a stage, where it is asked how the walks felt and who was there (NOWHERE =
    no stage). Raises UnknownValue for `by` and `unit`, QueryError for a negative pause."""
    from cx.metrics.step_kernel import feelings, walk  # compiles on import: not at the start of the app

    check_asked(by, unit, pause)
    own = bool(filters.own_channel and filters.channel)
    timed = unit == "session" or filters.start is not None or filters.end is not None
    begin = -_FAR if filters.start is None else _microseconds(filters.start)
    finish = _FAR if filters.end is None else _microseconds(filters.end + dt.timedelta(days=1))
    columns = [f"{by}_id", *(["occurred_at"] if timed else []), *(["channel_id"] if own else []),
               *(["stage_id", "emotion"] if purchase is not None else [])]
    gap = pause // dt.timedelta(microseconds=1) if unit == "session" else -1
    with store.reader() as cursor:
        wanted = np.zeros(1, dtype=bool)
        if own:
            [(most,)] = cursor.execute("SELECT max(channel_id) FROM channels").fetchall()
            wanted = np.zeros(int(most or 0) + 2, dtype=bool)  # the last one: not known
            some = filters.steps("i")
            ids = cursor.execute(f"SELECT i.channel_id FROM channels i WHERE {some.sql}", some.params).fetchnumpy()
            wanted[ids["channel_id"]] = True

        def steps(part: Part) -> Found:
            values, *others = part.columns
            times = others.pop(0) if timed else _none(np.int64)
            asked = (part.first_rows, times, values, others.pop(0) if own else _none(np.int32), wanted, gap, collapse,
                     begin, finish)
            felt: tuple[Array | None, Array | None] = (None, None)
            if purchase is not None:
                felt = feelings(*asked, others[0], others[1], purchase)
            return answer(Walk(*walk(*asked), part.customers, *felt))

        return over_customers(store, cursor, columns, steps, Clause("TRUE"), filters)


def following() -> Callable[[Walk], Array]:
    """Counts what comes after what: value, next value (-1 = nothing), how often the one is directly followed by the
    other; a row each. Made here, since where it runs there may be nothing to import."""
    from cx.metrics.step_kernel import pairs

    def followed(walked: Walk) -> Array:
        many = 1 + int(walked.steps.max(initial=0))
        if many <= _DENSE:
            counts = pairs(walked.steps, walked.first, many)
            value, after = np.nonzero(counts)
            n = counts[value, after]
        else:
            next_values = np.append(np.where(walked.first[1:], many, walked.steps[1:]), many)[:len(walked.steps)]
            found, n = np.unique(walked.steps.astype(np.int64) * (many + 1) + next_values, return_counts=True)
            value, after = np.divmod(found, many + 1)
        return np.stack([value, np.where(after == many, -1, after), n])

    return followed


def _none(kind: type[np.integer]) -> Array:
    none = np.empty(0, dtype=kind)
    none.flags.writeable = False  # compiled code knows one kind only
    return none


def _microseconds(day: dt.date) -> int:
    return (dt.datetime.combine(day, dt.time()) - _EPOCH) // dt.timedelta(microseconds=1)
