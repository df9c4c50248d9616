"""The attempts of customers in any funnel, in one pass over columns sorted by customer and time.

Exact in the rules of docs/metrics.md, ties and overlapping steps included. Rows of one customer with the same time
form a tie: inside it any order of rows is possible, and distinct rows are matched to consecutive steps. An attempt is
the greedy one, each step at its earliest; the furthest, then earliest of a customer (and period) is returned.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

ORDERED, ANY, STRICT = 0, 1, 2
NEVER = np.iinfo(np.int64).min  # NaT as an integer; also "no window" as a negative number

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def best_attempts(first_rows: Ints, times: Ints, masks: Ints, steps: int, order: int, window: int, excluded_from: Ints,
                  excluded_to: Ints, edges: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The best attempt of every journey and period.

    first_rows     row at which each journey starts, and the number of rows at the end
    times          microseconds, rising within a journey
    masks          bit s = the row can fill step s (0-based); bit `steps` + e = the row is excluded by exclusion e
    window         microseconds, end included; negative = no limit
    excluded_*     1-based positions of the steps each exclusion lies between
    edges          bounds of the periods in which attempts start, rising: [first, …, end of the last), p + 1 of them
    → (journey index, period index, arrival times [rows, steps] with NEVER, last start of a counted attempt)
    """
    journeys, periods = len(first_rows) - 1, len(edges) - 1
    room = journeys if periods == 1 else _starts(masks, steps, order)
    out_journey, out_period = np.empty(room, np.int64), np.empty(room, np.int64)
    out_times, out_last = np.empty((room, steps), np.int64), np.empty(room, np.int64)
    longest = 1
    for journey in range(journeys):
        longest = max(longest, first_rows[journey + 1] - first_rows[journey])
    bits = steps + len(excluded_from)
    following = np.empty((bits, longest + 1), np.int64)  # next row, at or after, with the bit
    tie_end = np.empty(longest + 1, np.int64)
    tie_start = np.empty(longest + 1, np.int64)
    row_step, via = np.empty(longest, np.int64), np.empty(longest, np.int64)
    step_row, queue = np.empty(steps, np.int64), np.empty(max(longest, steps) + 1, np.int64)
    step_via, counts, pointers = np.empty(steps, np.int64), np.empty(steps, np.int64), np.empty(steps, np.int64)
    arrivals, best = np.empty(steps, np.int64), np.empty(steps, np.int64)
    filled = 0
    start_mask = (1 << steps) - 1 if order == ANY else 1
    for journey in range(journeys):
        low, high = first_rows[journey], first_rows[journey + 1]
        n = high - low
        t, mask = times[low:high], masks[low:high]
        _index(t, mask, n, bits, following, tie_start, tie_end)
        level, period, last = 0, -1, NEVER
        row = 0
        while row < n:
            end = tie_end[row]
            startable = False
            for each in range(row, end):
                if mask[each] & start_mask:
                    startable = True
                    break
            if startable and t[row] >= edges[0] and t[row] < edges[periods]:
                here = _after(edges, periods + 1, t[row]) - 1
                if here != period:
                    if level > 0:
                        filled = _emit(out_journey, out_period, out_times, out_last, filled, journey, period, best,
                                       level, last)
                    level, period, last = 0, here, NEVER
                if order == ORDERED:
                    reached = _ordered(t, mask, row, n, steps, window, following, tie_start, tie_end, row_step, via,
                                       step_row, queue, arrivals)
                elif order == ANY:
                    reached = _any_order(t, mask, row, n, steps, window, following, step_row, step_via, counts,
                                         pointers, queue, arrivals)
                else:
                    reached = _strict(t, mask, row, n, steps, window, tie_end, row_step, via, step_row, queue, counts,
                                      arrivals)
                if reached > 0 and not _is_excluded(t, n, steps, window, excluded_from, excluded_to, following,
                                                    arrivals, reached):
                    last = t[row]
                    if reached > level:
                        level = reached
                        for each in range(level):
                            best[each] = arrivals[each]
            row = end
        if level > 0:
            filled = _emit(out_journey, out_period, out_times, out_last, filled, journey, period, best, level, last)
    return out_journey[:filled], out_period[:filled], out_times[:filled], out_last[:filled]


@njit(cache=True)
def _starts(masks: Ints, steps: int, order: int) -> int:
    wanted = (1 << steps) - 1 if order == ANY else 1
    found = 0
    for row in range(len(masks)):
        if masks[row] & wanted:
            found += 1
    return found


@njit(cache=True)
def _after(times: Ints, n: int, moment: int) -> int:
    """The first of n rising times that is later than the moment; n where none is."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if times[middle] > moment:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True)
def _emit(out_journey: Ints, out_period: Ints, out_times: Ints, out_last: Ints, filled: int, journey: int, period: int,
          best: Ints, level: int, last: int) -> int:
    out_journey[filled], out_period[filled], out_last[filled] = journey, period, last
    for step in range(out_times.shape[1]):
        out_times[filled, step] = best[step] if step < level else NEVER
    return filled + 1


@njit(cache=True)
def _index(t: Ints, mask: Ints, n: int, bits: int, following: Ints, tie_start: Ints, tie_end: Ints) -> None:
    """Next row with each bit, and the first row and end of each row's tie."""
    for bit in range(bits):
        following[bit, n] = n
    tie_end[n], tie_start[n] = n, n
    for row in range(n - 1, -1, -1):
        tie_end[row] = tie_end[row + 1] if row + 1 < n and t[row + 1] == t[row] else row + 1
        for bit in range(bits):
            following[bit, row] = row if mask[row] >> bit & 1 else following[bit, row + 1]
    for row in range(n):
        tie_start[row] = tie_start[row - 1] if row > 0 and t[row - 1] == t[row] else row


@njit(cache=True)
def _fill(mask: Ints, low: int, high: int, first: int, steps: int, row_step: Ints, via: Ints, step_row: Ints,
          queue: Ints) -> int:
    """How many consecutive steps, from `first`, distinct rows of low…high can fill (maximum matching)."""
    if high - low == 1:
        return 1 if mask[low] >> first & 1 else 0
    for row in range(low, high):
        row_step[row - low] = -1
    step = first
    while step < steps and step - first < high - low:
        for row in range(low, high):
            via[row - low] = -1
        queue[0], head, tail = step, 0, 1
        free = -1
        while head < tail and free < 0:
            wanting = queue[head]
            head += 1
            for row in range(low, high):
                if mask[row] >> wanting & 1 and via[row - low] < 0:
                    via[row - low] = wanting
                    if row_step[row - low] < 0:
                        free = row
                        break
                    queue[tail] = row_step[row - low]
                    tail += 1
        if free < 0:
            break
        while True:
            wanting = via[free - low]
            held = step_row[wanting]
            row_step[free - low], step_row[wanting] = wanting, free
            if wanting == step:
                break
            free = held
        step += 1
    return step - first


@njit(cache=True)
def _ordered(t: Ints, mask: Ints, row: int, n: int, steps: int, window: int, following: Ints, tie_start: Ints,
             tie_end: Ints, row_step: Ints, via: Ints, step_row: Ints, queue: Ints, arrivals: Ints) -> int:
    start, step = t[row], 0
    while step < steps:
        row = following[step, row]
        if row == n or (window >= 0 and t[row] - start > window):
            break
        many = _fill(mask, tie_start[row], tie_end[row], step, steps, row_step, via, step_row, queue)
        for each in range(step, step + many):
            arrivals[each] = t[row]
        step += many
        row = tie_end[row]
    return step


@njit(cache=True)
def _any_order(t: Ints, mask: Ints, row: int, n: int, steps: int, window: int, following: Ints, step_row: Ints,
               step_via: Ints, counts: Ints, pointers: Ints, queue: Ints, arrivals: Ints) -> int:
    """Distinct steps in the order of their arrival. For each step only its first `steps` rows matter: a later one can
    always be exchanged for one of them that no other step uses."""
    start, reached = t[row], 0
    for step in range(steps):
        step_row[step], counts[step], pointers[step] = -1, 0, following[step, row]
    while reached < steps:
        row = n
        for step in range(steps):
            if counts[step] < steps and pointers[step] < row:
                row = pointers[step]
        if row == n or (window >= 0 and t[row] - start > window):
            break
        for step in range(steps):
            if pointers[step] == row:
                pointers[step] = following[step, row + 1]
                counts[step] += 1
        if _augment(mask, row, steps, step_row, step_via, queue):
            arrivals[reached] = t[row]
            reached += 1
    return reached


@njit(cache=True)
def _augment(mask: Ints, new: int, steps: int, step_row: Ints, step_via: Ints, queue: Ints) -> bool:
    """Let a further row fill a step, moving the others where that is needed; whether that is possible."""
    for step in range(steps):
        step_via[step] = -1
    queue[0], head, tail = new, 0, 1
    while head < tail:
        row = queue[head]
        head += 1
        for step in range(steps):
            if mask[row] >> step & 1 and step_via[step] < 0:
                step_via[step] = row
                if step_row[step] >= 0:
                    queue[tail] = step_row[step]
                    tail += 1
                    continue
                while True:  # walk the alternating path back to the new row
                    row = step_via[step]
                    held = -1
                    for each in range(steps):
                        if step_row[each] == row:
                            held = each
                    step_row[step] = row
                    if row == new:
                        return True
                    step = held
    return False


@njit(cache=True)
def _strict(t: Ints, mask: Ints, row: int, n: int, steps: int, window: int, tie_end: Ints, row_step: Ints, via: Ints,
            step_row: Ints, queue: Ints, trial: Ints, arrivals: Ints) -> int:
    """Adjacent rows, ties in the order that suits: of the first tie any number of rows may stand last, of the ties
    after it all rows must be used, of the last one any number may stand first."""
    start, first_end = t[row], tie_end[row]
    most = _fill(mask, row, first_end, 0, steps, row_step, via, step_row, queue)
    reached = 0
    for used in range(most, 0, -1):
        step = used
        for each in range(used):
            trial[each] = start
        tie = first_end
        while step < steps and tie < n and (window < 0 or t[tie] - start <= window):
            end = tie_end[tie]
            many = _fill(mask, tie, end, step, steps, row_step, via, step_row, queue)
            for each in range(step, step + many):
                trial[each] = t[tie]
            step += many
            if many < end - tie:
                break
            tie = end
        if step > reached:
            reached = step
            for each in range(step):
                arrivals[each] = trial[each]
    return reached


@njit(cache=True)
def _is_excluded(t: Ints, n: int, steps: int, window: int, excluded_from: Ints, excluded_to: Ints, following: Ints,
                 arrivals: Ints, reached: int) -> bool:
    for each in range(len(excluded_from)):
        if reached < excluded_from[each]:
            continue
        after = arrivals[excluded_from[each] - 1]
        row = following[steps + each, _after(t, n, after)]
        if row == n:
            continue
        if reached >= excluded_to[each]:
            if t[row] < arrivals[excluded_to[each] - 1]:
                return True
        elif window < 0 or t[row] - arrivals[0] < window:
            return True
    return False
