"""A pass over the attempts of customers for the days on which they enter the stage funnel (cx.metrics.cells_funnel)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def entry_days(first_start: Ints, times: Any1, step: int, groups: Any1, places: Any1, converted: bool, until: int,
               soon: int, offset: int, a_day: int, days: int, many_places: int) -> Ints:
    """The days on which attempts of a kind start, of each customer, each with the next one, as one number:
    ((group x days + day) x many_places + place) x (days + 1) + next day (`days` = never again).

    first_start    where the attempts of each customer begin, and where those of the last one end
    times          [attempts, stages] as numbers, -1 = never; step: the column of the arrival
    groups, places  of each customer, 0 or more
    converted      only attempts that arrive, within `soon`
    until          the last start that counts
    offset, a_day  a start is on day (start + offset) // a_day
    """
    codes, found = np.empty(first_start[-1] - first_start[0], np.int64), 0
    for customer in range(len(first_start) - 1):
        before, ends = np.int64(-1), np.int64(0)
        for place in range(first_start[customer], first_start[customer + 1]):
            start = np.int64(times[place, 0])
            if start > until:
                break
            if before >= 0 and start < ends:
                continue
            if converted:
                arrived = np.int64(times[place, step])
                if arrived < 0 or arrived - start > soon:
                    continue
            day = (start + offset) // a_day
            ends = (day + 1) * a_day - offset
            if before >= 0:
                codes[found - 1] += day - days
            codes[found] = ((groups[customer] * days + day) * many_places + places[customer]) * (days + 1) + days
            found += 1
            before = day
    return codes[:found]


@njit(cache=True, nogil=True)
def count(counts: Any1, codes: Ints) -> None:
    """Add one to the count of each code."""
    for code in codes:
        counts[code] += 1
