"""Passes over the attempts of customers (cx.metrics.held_attempts), compiled.

An attempt gets further than those before it where it arrives in time at the first stage that none of them reached:
arrivals of one attempt rise from stage to stage, and a later start arrives nowhere earlier. So of attempts that come
equally far the earliest is kept, and of each attempt only that arrival is looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).min  # NaT as an integer

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def starts_of(first_rows: Ints, times: Any1, stages: Any1, first_stage: int) -> Ints:
    """How many distinct times of the first stage each customer has; times rise for each."""
    found = np.zeros(len(first_rows) - 1, np.int64)
    for customer in range(len(first_rows) - 1):
        last = NEVER
        for row in range(first_rows[customer], first_rows[customer + 1]):
            if stages[row] == first_stage and times[row] != last:
                found[customer] += 1
                last = times[row]
    return found


@njit(cache=True, nogil=True)
def furthest(times: Any1, low: int, high: int, steps: int, window: int) -> tuple[int, int]:
    """Of the attempts from low to high, of one customer: (how many steps the best one reaches, which it is)."""
    level, best = 1, low
    for place in range(low, high):
        until = np.int64(times[place, 0]) + window
        while level < steps and 0 <= times[place, level] <= until:
            level += 1
            best = place
        if level == steps or times[place, level] < 0:  # nor do later ones get there
            break
    return level, best


@njit(cache=True, nogil=True)
def best_of_attempts(first_start: Ints, times: Any1, wanted: Any1, steps: int, window: int, edges: Ints, tick: int,
                     origin: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The best attempt of each customer in each period: the furthest, then the earliest.

    first_start  where the attempts of each customer begin, and where those of the last one end
    times        [attempts, stages], -1 = never
    wanted       of each customer
    window       from the first step on, end included
    edges        starts from one on and before the next are of a period; they rise
    tick, origin  microseconds of a number = number x tick + origin
    → (customer, period, arrivals [steps, attempts] and start of the last attempt in microseconds, NEVER = not reached)
    """
    customers, periods = len(first_start) - 1, len(edges) - 1
    most = min(customers * periods, first_start[customers] - first_start[0])
    who, when, last_of = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    arrivals = np.full((steps, most), NEVER)
    found = 0
    for customer in range(customers):
        if not wanted[customer]:
            continue
        low, end, period = first_start[customer], first_start[customer + 1], 0
        while low < end and times[low, 0] < edges[0]:
            low += 1
        while low < end and times[low, 0] < edges[periods]:
            while times[low, 0] >= edges[period + 1]:
                period += 1
            high = low + 1
            while high < end and times[high, 0] < edges[period + 1]:
                high += 1
            level, best = furthest(times, low, high, steps, window)
            who[found], when[found], last_of[found] = customer, period, times[high - 1, 0] * tick + origin
            for step in range(level):
                arrivals[step, found] = times[best, step] * tick + origin
            found += 1
            low = high
    return who[:found], when[:found], arrivals[:, :found], last_of[:found]


@njit(cache=True, nogil=True)
def tally_of_attempts(first_start: Ints, times: Any1, wanted: Any1, steps: int, window: int, edges: Ints,
                      open_after: int, spans: Ints, took: Any1) -> tuple[Ints, Ints]:
    """Customers by how far their best attempt in each period came; arguments as in best_of_attempts, and:

    open_after  attempts that start after it can still go on at the end of the data
    spans    [spans, 2]: pairs of steps (0-based), by the second of them
    took     [spans, customers] to be filled: how long those who reached the second step took from the first one
    → ([periods, steps]: customers by the number of steps reached, from 1; the same of those whose last attempt is open)
    """
    periods = len(edges) - 1
    furthest_of, open_of = np.zeros((periods, steps), np.int64), np.zeros((periods, steps), np.int64)
    filled = np.zeros(len(spans), np.int64)
    for customer in range(len(first_start) - 1):
        if not wanted[customer]:
            continue
        low, end, period = first_start[customer], first_start[customer + 1], 0
        while low < end and times[low, 0] < edges[0]:
            low += 1
        while low < end and times[low, 0] < edges[periods]:
            while times[low, 0] >= edges[period + 1]:
                period += 1
            high = end
            if times[end - 1, 0] >= edges[period + 1]:
                high = low + 1
                while times[high, 0] < edges[period + 1]:
                    high += 1
            level, best = furthest(times, low, high, steps, window)
            furthest_of[period, level - 1] += 1
            open_of[period, level - 1] += times[high - 1, 0] > open_after
            for span in range(len(spans)):
                if spans[span, 1] >= level:
                    break
                took[span, filled[span]] = times[best, spans[span, 1]] - times[best, spans[span, 0]]
                filled[span] += 1
            low = high
    return furthest_of, open_of
