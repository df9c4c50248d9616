"""The attempts of customers in any funnel, in one pass over columns sorted by customer and time.

Exact in the rules of docs/metrics.md, ties and overlapping steps included. Rows of one customer with the same time
form a tie: inside it any order of rows is possible, and distinct rows are matched to consecutive steps. An attempt is
the furthest from its start, each step at its earliest; the furthest, then earliest of a customer (and period) is
returned. Where steps have a longest time since the step before, an earlier arrival may lead less far, so that all ways
from a start are followed; else the greedy way is the furthest.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

ORDERED, ANY, STRICT = 0, 1, 2
NEVER = np.iinfo(np.int64).min  # NaT as an integer
ENDLESS = np.iinfo(np.int64).max

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def best_attempts(first_rows: Ints, times: Ints, masks: Ints, steps: int, order: int, window: int, within: Ints,
                  excluded_from: Ints, excluded_to: Ints, after: Ints, after_within: Ints,
                  edges: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The best attempt of every journey and period.

    first_rows     row at which each journey starts, and the number of rows at the end
    times          microseconds, rising within a journey
    masks          bit s = the row can fill step s (0-based); then a bit for each exclusion: the row is excluded by it;
                   then a bit for each step that may be skipped
    window         microseconds, end included; negative = no limit
    within         per step: longest time since the step before; negative = no limit
    excluded_*     1-based positions of the steps each exclusion lies between
    after          per step that may be skipped, in their order: the position (1-based) of the step it follows
    after_within   its longest time since that step; negative = no limit
    edges          bounds of the periods in which attempts start, rising: [first, …, end of the last), p + 1 of them
    → (journey index, period index, arrival times [rows, steps, then those that may be skipped] with NEVER, the moment
       at which the last attempt that counts can no longer go on, NEVER = none)
    """
    journeys, periods = len(first_rows) - 1, len(edges) - 1
    room = journeys if periods == 1 else _starts(masks, steps, order)
    places = steps + len(after)
    out_journey, out_period = np.empty(room, np.int64), np.empty(room, np.int64)
    out_times, out_until = np.empty((room, places), np.int64), np.empty(room, np.int64)
    longest = 1
    for journey in range(journeys):
        longest = max(longest, first_rows[journey + 1] - first_rows[journey])
    bits = steps + len(excluded_from) + len(after)
    following = np.empty((bits, longest + 1), np.int64)  # next row, at or after, with the bit
    tie_end = np.empty(longest + 1, np.int64)
    tie_start = np.empty(longest + 1, np.int64)
    row_step, via = np.empty(longest, np.int64), np.empty(longest, np.int64)
    step_row, queue = np.empty(bits, np.int64), np.empty(max(longest, bits) + 1, np.int64)
    step_via, counts, pointers = np.empty(steps, np.int64), np.empty(steps, np.int64), np.empty(steps, np.int64)
    arrivals, best = np.empty(steps, np.int64), np.empty(places, np.int64)
    timed, excluding = bool((within >= 0).any()), len(excluded_from) > 0
    wide = longest if timed and order == ORDERED else 1
    leads, filled, link = (np.zeros((steps, wide), np.int64), np.zeros((steps, wide), np.int64),
                           np.zeros((steps, wide), np.int64))
    emitted = 0
    start_mask = (1 << steps) - 1 if order == ANY else 1
    for journey in range(journeys):
        low, high = first_rows[journey], first_rows[journey + 1]
        n = high - low
        t, mask = times[low:high], masks[low:high]
        _index(t, mask, n, bits, following, tie_start, tie_end)
        level, period, until = 0, -1, NEVER
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
                        emitted = _emit(out_journey, out_period, out_times, out_until, emitted, journey, period, best,
                                        until)
                    level, period, until = 0, here, NEVER
                ends = _deadline(t[row], window, t[row], -1)
                if order == ORDERED and timed:
                    reached, ends = _timed(t, mask, row, n, steps, window, within, following, tie_start, tie_end,
                                           row_step, via, step_row, queue, leads, filled, link, step_via, arrivals)
                elif order == ORDERED:
                    reached = _ordered(t, mask, row, n, steps, window, following, tie_start, tie_end, row_step, via,
                                       step_row, queue, arrivals)
                elif order == ANY:
                    reached = _any_order(t, mask, row, n, steps, window, following, step_row, step_via, counts,
                                         pointers, queue, arrivals)
                else:
                    reached, ends = _strict(t, mask, row, n, steps, window, within, tie_end, row_step, via, step_row,
                                            queue, counts, arrivals)
                if reached > 0 and not (excluding and _is_excluded(t, n, steps, window, within, excluded_from,
                                                                   excluded_to, following, arrivals, reached)):
                    until = max(until, ends)
                    if reached > level:
                        level = reached
                        for each in range(places):
                            best[each] = arrivals[each] if each < level else NEVER
                        if len(after):
                            _skippable(t, mask, n, steps, steps + len(excluded_from), window, within, after,
                                       after_within, level, following, tie_start, tie_end, row_step, via, step_row,
                                       queue, best)
            row = end
        if level > 0:
            emitted = _emit(out_journey, out_period, out_times, out_until, emitted, journey, period, best, until)
    return out_journey[:emitted], out_period[:emitted], out_times[:emitted], out_until[:emitted]


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
def _emit(out_journey: Ints, out_period: Ints, out_times: Ints, out_until: Ints, emitted: int, journey: int,
          period: int, best: Ints, until: int) -> int:
    out_journey[emitted], out_period[emitted] = journey, period
    out_until[emitted] = NEVER if until == ENDLESS else until
    out_times[emitted, :] = best
    return emitted + 1


@njit(cache=True)
def _deadline(start: int, window: int, here: int, within: int) -> int:
    """Until when the next step may come."""
    whole = start + window if window >= 0 else ENDLESS
    return whole if within < 0 else min(whole, here + within)


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
    row_step[low:high] = -1
    step = first
    while step < steps and step - first < high - low and _place(mask, low, high, step, row_step, via, step_row, queue):
        step += 1
    return step - first


@njit(cache=True)
def _place(mask: Ints, low: int, high: int, step: int, row_step: Ints, via: Ints, step_row: Ints, queue: Ints) -> bool:
    """Find a row of low…high for a further step, moving the others of these rows where that is needed; whether that is
    possible."""
    via[low:high] = -1
    queue[0], head, tail = step, 0, 1
    free = -1
    while head < tail and free < 0:
        wanting = queue[head]
        head += 1
        for row in range(low, high):
            if mask[row] >> wanting & 1 and via[row] < 0:
                via[row] = wanting
                if row_step[row] < 0:
                    free = row
                    break
                queue[tail] = row_step[row]
                tail += 1
    if free < 0:
        return False
    while True:
        wanting = via[free]
        held = step_row[wanting]
        row_step[free], step_row[wanting] = wanting, free
        if wanting == step:
            return True
        free = held


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
def _timed(t: Ints, mask: Ints, row: int, n: int, steps: int, window: int, within: Ints, following: Ints,
           tie_start: Ints, tie_end: Ints, row_step: Ints, via: Ints, step_row: Ints, queue: Ints, leads: Ints,
           filled: Ints, link: Ints, near: Ints, arrivals: Ints) -> tuple[int, int]:
    """The furthest way from a start, each step at its earliest, and until when any way from it may go on.

    leads[k, tie]   whether step k can be the last one filled in that tie; in the end: and lead to the furthest step
    filled[k, tie]  how many steps from k on the tie fills, where step k can be reached there
    link[k, tie]    the earliest later tie from which on step k + 1 leads to the furthest step
    """
    start, level, until = t[row], 0, NEVER
    near[:] = NEVER  # time of the latest tie so far in which each step was the last one
    at = row
    while at < n and (window < 0 or t[at] - start <= window):
        end = tie_end[at]
        leads[:, at], filled[:, at] = 0, 0
        for step in range(steps):
            enters = at == row if step == 0 else near[step - 1] != NEVER and (
                within[step] < 0 or t[at] - near[step - 1] <= within[step])
            if enters and following[step, at] < end:
                filled[step, at] = _fill(mask, at, end, step, steps, row_step, via, step_row, queue)
                for each in range(step, step + filled[step, at]):
                    leads[each, at] = 1
        for step in range(steps):
            if leads[step, at]:
                near[step], level = t[at], max(level, step + 1)
                if step + 1 < steps:
                    until = max(until, _deadline(start, window, t[at], within[step + 1]))
        at = end
    near[:] = n  # from here on: the earliest tie, looking back, that step k enters on the way to the furthest step
    while at > row:
        at = tie_start[at - 1]
        for step in range(level):
            if step + 1 < level:
                after = near[step + 1]
                link[step, at] = after
                if after == n or (within[step + 1] >= 0 and t[after] - t[at] > within[step + 1]):
                    leads[step, at] = 0
        for step in range(level):
            for each in range(step, min(step + filled[step, at], level)):
                if leads[each, at]:
                    near[step] = at
    at, step = row, 0
    while step < level:
        last = min(step + filled[step, at], level) - 1
        while not leads[last, at]:
            last -= 1
        for each in range(step, last + 1):
            arrivals[each] = t[at]
        at, step = link[last, at], last + 1
    return level, until


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
def _strict(t: Ints, mask: Ints, row: int, n: int, steps: int, window: int, within: Ints, tie_end: Ints, row_step: Ints,
            via: Ints, step_row: Ints, queue: Ints, trial: Ints, arrivals: Ints) -> tuple[int, int]:
    """Adjacent rows, ties in the order that suits: of the first tie any number of rows may stand last, of the ties
    after it all rows must be used, of the last one any number may stand first. And until when any way may go on: one
    that another row already follows cannot."""
    start, first_end = t[row], tie_end[row]
    most = _fill(mask, row, first_end, 0, steps, row_step, via, step_row, queue)
    reached, until = 0, NEVER
    for used in range(most, 0, -1):
        step = used
        for each in range(used):
            trial[each] = start
        tie = first_end
        while step < steps and tie < n and (window < 0 or t[tie] - start <= window) and (
                within[step] < 0 or t[tie] - trial[step - 1] <= within[step]):
            end = tie_end[tie]
            many = _fill(mask, tie, end, step, steps, row_step, via, step_row, queue)
            for each in range(step, step + many):
                trial[each] = t[tie]
            step += many
            if many < end - tie:
                break
            tie = end
        if step < steps and tie == n:
            until = max(until, _deadline(start, window, trial[step - 1], within[step]))
        if step > reached:
            reached = step
            for each in range(step):
                arrivals[each] = trial[each]
    return reached, until


@njit(cache=True)
def _skippable(t: Ints, mask: Ints, n: int, steps: int, first_bit: int, window: int, within: Ints, after: Ints,
               after_within: Ints, level: int, following: Ints, tie_start: Ints, tie_end: Ints, row_step: Ints,
               via: Ints, step_row: Ints, queue: Ints, best: Ints) -> None:
    """Fill the steps that may be skipped, one after the other, each at its earliest between the steps around it, by
    rows that none of the others needs. `best` holds the arrivals of the others."""
    row_step[:n] = -1
    for step in range(level):
        low = _after(t, n, best[step] - 1)
        _place(mask, low, tie_end[low], step, row_step, via, step_row, queue)
    for each in range(len(after)):
        step = after[each]
        if step > level:
            break
        earliest = best[step - 1]
        for other in range(each):
            if after[other] == step:
                earliest = max(earliest, best[steps + other])  # NEVER where that one was skipped
        latest = best[step] if step < level else _deadline(best[0], window, best[step - 1], within[step])
        if after_within[each] >= 0:
            latest = min(latest, best[step - 1] + after_within[each])
        row = following[first_bit + each, _after(t, n, earliest - 1)]
        while row < n and t[row] <= latest:
            if _place(mask, tie_start[row], tie_end[row], first_bit + each, row_step, via, step_row, queue):
                best[steps + each] = t[row]
                break
            row = following[first_bit + each, tie_end[row]]


@njit(cache=True)
def _is_excluded(t: Ints, n: int, steps: int, window: int, within: Ints, excluded_from: Ints, excluded_to: Ints,
                 following: Ints, arrivals: Ints, reached: int) -> bool:
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
        elif t[row] < _deadline(arrivals[0], window, arrivals[reached - 1], within[reached]):
            return True
    return False
