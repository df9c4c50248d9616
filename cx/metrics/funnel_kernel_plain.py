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
def best_of_rows(first_rows: Ints, times: Ints, values: Any1, step_of: Ints, steps: int, window: int, begin: int,
                 finish: int) -> tuple[Ints, Ints, Ints]:
    """The best attempt of each customer: the furthest, then the earliest.

    first_rows     row at which each customer starts, and the number of rows at the end
    times, values  microseconds, rising for each customer; what each row is, -1 = not known
    step_of        by value (-1 last), which step it fills (0-based), -1 = none
    window         microseconds from the first step on, end included; negative = no limit
    begin, finish  bounds of the time in which attempts start
    → (customer index, arrival times [customers, steps] with NEVER, the moment at which the last attempt can no longer
       go on, NEVER = none)
    """
    many, longest = len(first_rows) - 1, 1
    for customer in range(many):
        longest = max(longest, first_rows[customer + 1] - first_rows[customer])
    who, arrivals = np.empty(many, np.int64), np.empty((many, steps), np.int64)
    until = np.empty(many, np.int64)
    at, step = np.empty(longest, np.int64), np.empty(longest, np.int64)
    trial = np.empty(steps, np.int64)
    found = 0
    for customer in range(many):
        n, last = 0, NEVER
        for row in range(first_rows[customer], first_rows[customer + 1]):
            fills = step_of[values[row]]
            if fills < 0:
                continue
            time, place = times[row], n
            while place > 0 and at[place - 1] == time and step[place - 1] > fills:  # equal times count in step order
                at[place], step[place] = at[place - 1], step[place - 1]
                place -= 1
            at[place], step[place] = time, fills
            n += 1
            if fills == 0 and begin <= time < finish:
                last = time
        if last == NEVER:
            continue
        level, start = 0, 0
        while start < n and level < steps and at[start] <= last:
            if step[start] == 0 and at[start] >= begin:
                reached = 0
                for row in range(start, n):
                    if window >= 0 and at[row] - at[start] > window:
                        break
                    if step[row] == reached:
                        trial[reached] = at[row]
                        reached += 1
                        if reached == steps:
                            break
                if reached > level:
                    level = reached
                    arrivals[found, :level] = trial[:level]
            start += 1
        arrivals[found, level:] = NEVER
        who[found] = customer
        until[found] = last + window if window >= 0 else NEVER
        found += 1
    return who[:found], arrivals[:found], until[:found]
