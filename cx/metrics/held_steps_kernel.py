"""A pass over groups of attempts (cx.metrics.held_steps), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).min  # NaT as an integer

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def best_of_groups(first_group: Ints, first_start: Ints, starts: Any1, arrivals: Any1, levels: Any1, wanted: Any1,
                   low: int, high: int, steps: int, window: int, edges: Ints, tick: int,
                   origin: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The best attempt of each customer in each period: the furthest, then the earliest.

    first_group … levels  as in held_steps.StageAttempts; wanted: of each customer; low, high: which customers
    window  from the first step on, end included; negative = no limit
    edges   starts from one on and before the next are of a period; they rise
    tick, origin  microseconds of a number = number x tick + origin
    → (customer, period, arrivals [steps, attempts] and start of the last attempt in microseconds, NEVER = not reached)
    """
    customers, periods = high - low, len(edges) - 1
    most = customers
    if periods > 1:
        most = first_start[first_group[high]] - first_start[first_group[low]]
    who, when, last_of = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    times = np.empty((steps, most), np.int64)
    found = -1
    for customer in range(low, high):
        if not wanted[customer]:
            continue
        period, level = -1, 0
        for group in range(first_group[customer], first_group[customer + 1]):
            full = min(levels[group], steps)
            for place in range(first_start[group], first_start[group + 1]):
                start = starts[place]
                if start < edges[0] or start >= edges[periods]:
                    continue
                if period < 0 or start >= edges[period + 1]:
                    period = max(period, 0)
                    while start >= edges[period + 1]:
                        period += 1
                    level = 0
                    found += 1
                    who[found], when[found] = customer, period
                    for step in range(steps):
                        times[step, found] = NEVER
                last_of[found] = start * tick + origin
                if level < full:
                    reached = 1
                    while reached < full and (window < 0 or arrivals[group, reached - 1] - start <= window):
                        reached += 1
                    if reached > level:
                        level = reached
                        times[0, found] = start * tick + origin
                        for step in range(1, reached):
                            times[step, found] = arrivals[group, step - 1] * tick + origin
    end = found + 1
    return who[:end], when[:end], times[:, :end], last_of[:end]
