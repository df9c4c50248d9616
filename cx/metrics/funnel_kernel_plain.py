"""The attempts of customers in a plain funnel, in one pass: steps in order, none twice and none that may be skipped, no
exclusions and no times since the step before. What is not plain is for cx.metrics.funnel_kernel, which gives the same.
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
def best_of_rows(first_rows: Ints, times: Ints, values: Any1, step_of: Any1, steps: int, window: int, begin: int,
                 finish: int) -> tuple[Ints, Ints, Ints]:
    """The best attempt of each customer: the furthest, then the earliest.

    first_rows     row at which each customer starts, and the number of rows at the end
    times, values  rising for each customer; what each row is, -1 = not known
    step_of        by value (-1 last), which step it fills (0-based), -1 = none
    window         from the first step on, end included
    begin, finish  bounds of the time in which attempts start
    → (customer index, arrival times [customers, steps] with NEVER, start of the last attempt)
    """
    many = len(first_rows) - 1
    who, arrivals, last_of = np.empty(many, np.int64), np.full((many, steps), NEVER), np.empty(many, np.int64)
    at, step = _room(first_rows)
    latest, trial = np.empty(steps, np.int64), np.empty(steps, np.int64)
    found = 0
    for customer in range(many):
        rows = _in_order(first_rows[customer], first_rows[customer + 1], times, values, step_of, at, step)
        level, last = _best(at, step, rows, window, begin, finish, latest, trial)
        if level:
            who[found], last_of[found] = customer, last
            arrivals[found, :level] = trial[:level]
            found += 1
    return who[:found], arrivals[:found], last_of[:found]


@njit(cache=True, nogil=True)
def tally_of_rows(first_rows: Ints, times: Any1, values: Any1, step_of: Any1, wanted: Any1, steps: int, window: int,
                  begin: int, finish: int, open_after: int, spans: Ints, took: Any1) -> tuple[Ints, Ints]:
    """Customers by how far their best attempt came; arguments as in best_of_rows, and:

    wanted   of each customer
    open_after  attempts that start after it can still go on at the end of the data
    spans    [spans, 2]: pairs of steps (0-based), by the second of them
    took     [spans, customers] to be filled: how long those who reached the second step took from the first one
    → ([1, steps]: customers by the number of steps reached, from 1; the same of those whose last attempt is open)
    """
    furthest_of, open_of = np.zeros((1, steps), np.int64), np.zeros((1, steps), np.int64)
    filled = np.zeros(len(spans), np.int64)
    at, step = _room(first_rows)
    latest, trial = np.empty(steps, np.int64), np.empty(steps, np.int64)
    for customer in range(len(first_rows) - 1):
        if not wanted[customer]:
            continue
        rows = _in_order(first_rows[customer], first_rows[customer + 1], times, values, step_of, at, step)
        level, last = _best(at, step, rows, window, begin, finish, latest, trial)
        if level:
            furthest_of[0, level - 1] += 1
            open_of[0, level - 1] += last > open_after
            for span in range(len(spans)):
                if spans[span, 1] >= level:
                    break
                took[span, filled[span]] = trial[spans[span, 1]] - trial[spans[span, 0]]
                filled[span] += 1
    return furthest_of, open_of


@njit(cache=True, nogil=True)
def _room(first_rows: Ints) -> tuple[Ints, Any1]:
    """For the times and steps of the customer with most rows."""
    longest = 1
    for customer in range(len(first_rows) - 1):
        longest = max(longest, first_rows[customer + 1] - first_rows[customer])
    return np.empty(longest, np.int64), np.empty(longest, np.int8)


@njit(cache=True, nogil=True)
def _in_order(low: int, high: int, times: Any1, values: Any1, step_of: Any1, at: Ints, step: Any1) -> int:
    """Put the rows that fill a step into `at` and `step`, by time, equal times by step. → how many"""
    found = 0
    for row in range(low, high):  # written in any case, so that nothing is to be guessed
        fills = step_of[values[row]]
        at[found], step[found] = times[row], fills
        found += fills >= 0
    for row in range(1, found):
        if at[row - 1] == at[row] and step[row - 1] > step[row]:
            time, fills, place = at[row], step[row], row
            while place > 0 and at[place - 1] == time and step[place - 1] > fills:
                at[place], step[place] = at[place - 1], step[place - 1]
                place -= 1
            at[place], step[place] = time, fills
    return found


@njit(cache=True, nogil=True)
def _best(at: Ints, step: Any1, rows: int, window: int, begin: int, finish: int, latest: Ints, trial: Ints
          ) -> tuple[int, int]:
    """Put the arrivals of the best attempt into `trial`. → (how many steps it reaches, start of the last attempt)"""
    latest[:] = NEVER  # by step: the latest start that leads there
    level = 0
    for row in range(rows):
        place = step[row]
        if place == 0:
            if begin <= at[row] < finish:
                latest[0] = at[row]
                level = max(level, 1)
        elif latest[place - 1] != NEVER and at[row] - latest[place - 1] <= window:
            latest[place] = latest[place - 1]
            level = max(level, place + 1)
    start, reached = 0, 0
    while reached < level:  # the earliest that comes so far
        if step[start] == 0 and begin <= at[start] < finish:
            trial[0] = at[start]
            reached, row = 1, start + 1
            while reached < level and row < rows and at[row] - at[start] <= window:
                if step[row] == reached:
                    trial[reached] = at[row]
                    reached += 1
                row += 1
        start += 1
    return level, latest[0]
