"""Passes over the interactions of customers, compiled: what cx.store.derive_tables makes tables of.

Rows are arrays; -1 = unknown in a column of ids, NEVER = undated. Those of customer c stand from first[c] to
first[c + 1], by time (undated first) and then as loaded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).min
DAY = 86_400_000_000  # microseconds
_FEW = 32  # rows that are sorted by insertion

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def by_customer(who: Any1, times: Ints, many: int) -> tuple[Ints, Ints]:
    """(rows by customer, time and place; first) of rows in the order of loading. `who` is the customer's number."""
    rows = len(who)
    first = np.zeros(many + 1, np.int64)
    for row in range(rows):
        first[who[row] + 1] += 1
    for customer in range(many):
        first[customer + 1] += first[customer]
    order, free = np.empty(rows, np.int64), first[:-1].copy()
    for row in range(rows):
        order[free[who[row]]] = row
        free[who[row]] += 1
    for customer in range(many):
        low, high = first[customer], first[customer + 1]
        sorted_already = True
        for place in range(low + 1, high):
            if times[order[place]] < times[order[place - 1]]:
                sorted_already = False
                break
        if not sorted_already:
            _sort(order, times, low, high)
    return order, first


@njit(cache=True, nogil=True)
def _sort(order: Ints, by: Any1, low: int, high: int) -> None:
    """Sort a part of `order` by `by[order]`; equals keep their order."""
    if high - low > _FEW:
        part = order[low:high].copy()
        order[low:high] = part[np.argsort(by[part], kind="mergesort")]
        return
    for place in range(low + 1, high):
        row = order[place]
        while place > low and by[order[place - 1]] > by[row]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = row


@njit(cache=True, nogil=True)
def steps_of(first: Ints, times: Ints, positions: Any1, known: Any1) -> Ints:
    """The dated rows of known customers; of equal times the earlier position first."""
    found, order = 0, np.empty(len(times), np.int64)
    for customer in range(len(first) - 1):
        if not known[customer]:
            continue
        row, high = first[customer], first[customer + 1]
        while row < high and times[row] == NEVER:
            row += 1
        while row < high:
            start = found
            time, rising = times[row], True
            while row < high and times[row] == time:
                rising &= found == start or positions[row] >= positions[order[found - 1]]
                order[found] = row
                found += 1
                row += 1
            if not rising:
                _sort(order, positions, start, found)
    return order[:found]


@njit(cache=True, nogil=True)
def journeys_of(first: Ints, times: Ints, channels: Any1, emotions: Any1, nps: Any1, complaints: Any1, orders: Any1,
                order_ids: Any1, earns: Any1, revenues: Ints, known: Any1) -> tuple[Ints, Ints]:
    """(customers; what of each) for known customers with a dated row.

    orders  2 = of an order with a number (`order_ids`, hashed), 1 = an order of its own, 0 = none
    → [customers, 15]: first and last channel, first and last row, rows, orders, revenue in parts (times 2**32, the
      rest, how many), complaints, positive, negative, felt, last emotion, last NPS; unknown = -9
    """
    many = len(first) - 1
    who, facts = np.empty(many, np.int64), np.empty((many, 15), np.int64)
    found, longest = 0, 1
    for customer in range(many):
        longest = max(longest, first[customer + 1] - first[customer])
    numbered = np.empty(longest, order_ids.dtype)
    for customer in range(many):
        row, high = first[customer], first[customer + 1]
        while row < high and times[row] == NEVER:
            row += 1
        if row == high or not known[customer]:
            continue
        fact = facts[found]
        fact[:] = 0
        fact[0] = fact[1] = fact[13] = fact[14] = -9
        fact[2], fact[3], fact[4] = row, high - 1, high - row
        several = 0
        for each in range(row, high):
            if channels[each] >= 0:
                if fact[0] == -9:
                    fact[0] = channels[each]
                fact[1] = channels[each]
            if orders[each] == 2:
                numbered[several] = order_ids[each]
                several += 1
            elif orders[each] == 1:
                fact[5] += 1
            if earns[each]:
                fact[6] += revenues[each] >> 32
                fact[7] += revenues[each] & 0xFFFFFFFF
                fact[8] += 1
            fact[9] += complaints[each] == 1
            feeling = emotions[each]
            if feeling > -9:
                fact[10] += feeling > 0
                fact[11] += feeling < 0
                fact[12] += 1
                fact[13] = feeling
            if nps[each] > -9:
                fact[14] = nps[each]
        if several > 1:
            numbered[:several].sort()
        for each in range(several):
            fact[5] += each == 0 or numbered[each] != numbered[each - 1]
        who[found] = customer
        found += 1
    return who[:found], facts[:found]


@njit(cache=True, nogil=True)
def attempts_of(first: Ints, times: Ints, stages: Any1, step_of: Any1, steps: int, known: Any1) -> tuple[Ints, Ints]:
    """(customer of each attempt, arrivals [attempts, steps] with NEVER) for each distinct time of the first step.

    step_of  by stage id (-1 last), which step it is (0-based), -1 = none
    """
    many, longest = 0, 1
    for row in range(len(stages)):
        many += step_of[stages[row]] == 0
    for customer in range(len(first) - 1):
        longest = max(longest, first[customer + 1] - first[customer])
    who, arrivals = np.empty(many, np.int64), np.full((many, steps), NEVER)
    # of a customer's steps, from the last to the first: the time, and which one is the next step's first after it
    at, after = np.empty(longest, np.int64), np.empty(longest, np.int64)
    next_of, here = np.empty(steps + 1, np.int64), np.zeros(steps, np.bool_)
    found = 0
    for customer in range(len(first) - 1):
        if not known[customer]:
            continue
        next_of[:] = -1
        start, seen, row = found, 0, first[customer + 1] - 1
        while row >= first[customer] and times[row] != NEVER:
            time, lowest, highest = times[row], steps, -1
            while row >= first[customer] and times[row] == time:
                step = step_of[stages[row]]
                if step >= 0:
                    here[step] = True
                    lowest, highest = min(lowest, step), max(highest, step)
                row -= 1
            for step in range(highest, lowest - 1, -1):  # equal times count as after
                if here[step]:
                    at[seen], after[seen] = time, next_of[step + 1]
                    next_of[step], here[step] = seen, False
                    seen += 1
            if highest >= 0 and lowest == 0:
                each = seen - 1
                for step in range(steps):
                    if each < 0:
                        break
                    arrivals[found, step], each = at[each], after[each]
                who[found] = customer
                found += 1
        low, high = start, found - 1
        while low < high:  # found from the last to the first
            for step in range(steps):
                arrivals[low, step], arrivals[high, step] = arrivals[high, step], arrivals[low, step]
            low, high = low + 1, high - 1
    return who[:found], arrivals[:found]


@njit(cache=True, nogil=True)
def place_order(first: Ints, places: Any1, many: int) -> Ints:
    """The rows by customer and place, in the order they stand in; places are -1 … many - 2."""
    rows = len(places)
    free = np.zeros(many + 1, np.int64)
    for row in range(rows):
        free[places[row] + 2] += 1
    for place in range(many):
        free[place + 1] += free[place]
    by_place = np.empty(rows, np.int64)
    for row in range(rows):
        by_place[free[places[row] + 1]] = row
        free[places[row] + 1] += 1
    who = np.empty(rows, np.int32)
    for customer in range(len(first) - 1):
        who[first[customer]:first[customer + 1]] = customer
    order, next_free = np.empty(rows, np.int64), first[:-1].copy()
    for each in range(rows):
        row = by_place[each]
        order[next_free[who[row]]] = row
        next_free[who[row]] += 1
    return order


@njit(cache=True, nogil=True)
def days_of(first: Ints, order: Ints, places: Any1, many_places: int, days: Any1, many_days: int, counts: Any1,
            kinds: Ints) -> Ints:
    """The active days of each customer and place, each as one number: ((kind of customer x days + day) x places + place
    + 1) x days + next day there.

    order   rows by customer, place and time; places are -1 … many_places - 2
    days    number of each row's day, 0 = undated; as the next day 0 = never again
    counts  whether a row makes its day an active one
    """
    codes, found = np.empty(len(order), np.int64), 0
    for customer in range(len(first) - 1):
        before, last = -1, -1  # place and day of the row counted before
        for each in range(first[customer], first[customer + 1]):
            row = order[each]
            if not counts[row]:
                continue
            place, day = places[row] + 1, days[row]
            if place == before:
                if day == last:
                    continue
                codes[found - 1] += day  # the next one
            codes[found] = ((kinds[customer] * many_days + day) * many_places + place) * many_days
            found += 1
            before, last = place, day
    return codes[:found]


@njit(cache=True, nogil=True)
def numbers_of(codes: Ints, slots: Any1, known: Ints, many: int, numbers: Any1) -> int:
    """Number codes in the order they are first met; those met before keep theirs. → how many are known now.

    slots    hash table: the number of a code, -1 = free; it has more room than all these codes need
    known    the codes by number, `many` of them to begin with
    numbers  takes the number of each code
    """
    size = np.uint64(len(slots))
    for row in range(len(codes)):
        code = codes[row]
        mixed = np.uint64(code) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        at = np.int64(((mixed >> np.uint64(32)) * size) >> np.uint64(32))
        while slots[at] >= 0 and known[slots[at]] != code:
            at += 1
            if at == len(slots):
                at = np.int64(0)
        if slots[at] < 0:
            slots[at], known[many] = many, code
            many += 1
        numbers[row] = slots[at]
    return many


@njit(cache=True, nogil=True)
def count(numbers: Any1, sign: int, counts: Any1) -> None:
    """Add how often each number occurs, times the sign."""
    for row in range(len(numbers)):
        counts[numbers[row]] += sign


@njit(cache=True, nogil=True)
def sums_of(groups: Any1, many: int, values: Any1) -> tuple[Ints, Ints]:
    """Sum of the values of each group of rows (the number of each row's is given), in two parts that cannot overflow:
    times 2**32, and the rest."""
    high, low = np.zeros(many, np.int64), np.zeros(many, np.int64)
    for row in range(len(groups)):
        value = np.int64(values[row])
        high[groups[row]] += value >> 32
        low[groups[row]] += value & 0xFFFFFFFF
    return high, low


def warm_up() -> None:
    """Compile, or read from the cache beside this file."""
    first, none, small = np.zeros(2, np.int64), np.empty(0, np.int64), np.empty(0, np.int32)
    tiny, known = np.empty(0, np.int8), np.zeros(1, np.bool_)
    by_customer(small, none, 1)
    steps_of(first, none, small, known)
    journeys_of(first, none, small, tiny, tiny, tiny, tiny, np.empty(0, np.uint64), np.empty(0, np.bool_), none, known)
    attempts_of(first, none, small, np.full(1, -1, np.int64), 1, known)
    place_order(first, small, 1)
    days_of(first, none, small, 1, small, 1, known, np.zeros(1, np.int64))
    free = np.full(1, -1, np.int32)
    numbers_of(none, free, none, 0, small)
    count(small, 1, small)
    sums_of(small, 0, tiny)
    sums_of(small, 0, none)
