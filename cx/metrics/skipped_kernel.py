"""Who came to a later stage without ever having been in an earlier one (cx.metrics.skipped), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def passed_by(first_rows: Ints, times: Any1, stages: Any1, step_of: Ints, wanted: Any1, goals: Ints, begin: int,
              finish: int) -> Ints:
    """For each stage of the funnel but the last: customers who came to its goal, and those of them never seen there.

    first_rows  where the rows of each customer begin, and where those of the last one end
    times, stages  of each row; step_of: stage + 1 → its place in the funnel, -1 = none; wanted: of each customer
    goals       the later place that is asked of each place but the last
    begin, finish  the period: times from the one on and before the other
    → [places, 2]. Of the first place everybody counts who came to the goal in the period; of the others those who
      entered (were in the first stage) in the period and came to the goal then or later
    """
    many = len(goals) + 1
    found = np.zeros((many - 1, 2), np.int64)
    last = np.zeros(many, np.int64)
    seen, inside = np.zeros(many, np.bool_), np.zeros(many, np.bool_)
    for customer in range(len(first_rows) - 1):
        if not wanted[customer]:
            continue
        seen[:], inside[:] = False, False
        entered, start = False, np.int64(0)
        for row in range(first_rows[customer], first_rows[customer + 1]):
            place = step_of[np.int64(stages[row]) + 1]
            if place < 0:
                continue
            time = np.int64(times[row])
            seen[place], last[place] = True, time  # times rise
            if begin <= time < finish:
                inside[place] = True
                if place == 0 and not entered:
                    entered, start = True, time
        for place in range(many - 1):
            goal = goals[place]
            came = inside[goal] if place == 0 else entered and seen[goal] and last[goal] >= start
            if came:
                found[place, 0] += 1
                found[place, 1] += not seen[place]
    return found
