"""Passes over the rows of customers (cx.metrics.step_rows), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def walk(first_rows: Ints, times: Ints, values: Any1, places: Any1, wanted: Any1, pause: int, collapse: bool,
         begin: int, finish: int) -> tuple[Any1, Any1, Any1, int]:
    """The steps of each journey or session, one after the other.

    first_rows    row at which each customer starts, and the number of rows at the end
    times         microseconds; may be empty where neither a pause nor a period is asked
    values        what each row is, -1 = not known, which is no step
    places        value of each row that `wanted` is about; may be empty
    wanted        by such a value (-1 last): whether the row counts at all
    pause         a longer one starts a new session; negative = a customer's rows are one journey
    begin, finish bounds of the time in which journeys (sessions) start
    → (values of the steps, whether each is the first of its journey or session, customer index of each, rows left out
       because they are not known)
    """
    rows = len(values)
    steps, first, who = np.empty(rows, np.int32), np.empty(rows, np.bool_), np.empty(rows, np.int32)
    found, unknown = 0, 0
    timed, choosy = len(times) > 0, len(places) > 0
    for customer in range(len(first_rows) - 1):
        low = first_rows[customer]
        inside, fresh, before = True, True, -1
        for row in range(low, first_rows[customer + 1]):
            if timed and (row == low or (pause >= 0 and times[row] - times[row - 1] > pause)):
                inside, fresh, before = begin <= times[row] < finish, True, -1
            if not inside or (choosy and not wanted[places[row]]):
                continue
            value = values[row]
            if value < 0:
                unknown += 1
            elif not (collapse and value == before):
                steps[found], first[found], who[found] = value, fresh, customer
                found += 1
                fresh, before = False, value
    return steps[:found], first[:found], who[:found], unknown


@njit(cache=True, nogil=True)
def feelings(first_rows: Ints, times: Ints, values: Any1, places: Any1, wanted: Any1, pause: int, collapse: bool,
             begin: int, finish: int, stages: Any1, emotions: Any1, purchase: int) -> tuple[Ints, Ints]:
    """How the steps of `walk`, and the journeys or sessions that have one, felt; arguments as there.

    stages, emotions  of each row; emotions 1 negative, 2 neutral, 3 positive, -1 not known
    purchase          a stage
    → ([steps, 3]: positive, negative, known, of all rows that are the step; [journeys or sessions, 4]: whether a row
       was at the purchase, and the same three, of all rows that count, without a value too)
    """
    rows = len(values)
    felt, facts = np.zeros((rows, 3), np.int64), np.zeros((rows + 1, 4), np.int64)
    found, units = 0, 0
    timed, choosy = len(times) > 0, len(places) > 0
    for customer in range(len(first_rows) - 1):
        low = first_rows[customer]
        inside, fresh, before = True, True, -1
        for row in range(low, first_rows[customer + 1]):
            if timed and (row == low or (pause >= 0 and times[row] - times[row - 1] > pause)):
                if not fresh:
                    units += 1
                facts[units] = 0
                inside, fresh, before = begin <= times[row] < finish, True, -1
            if not inside or (choosy and not wanted[places[row]]):
                continue
            emotion, value = emotions[row], values[row]
            if value >= 0 and not (collapse and value == before):
                found += 1
                fresh, before = False, value
            if stages[row] == purchase:
                facts[units, 0] = 1
            if emotion > 0:
                facts[units, 1] += emotion == 3
                facts[units, 2] += emotion == 1
                facts[units, 3] += 1
                if value >= 0:
                    felt[found - 1, 0] += emotion == 3
                    felt[found - 1, 1] += emotion == 1
                    felt[found - 1, 2] += 1
        if not fresh:
            units += 1
        facts[units] = 0
    return felt[:found], facts[:units]


@njit(cache=True, nogil=True)
def pairs(steps: Any1, first: Any1, many: int) -> Ints:
    """How often each value is followed by each; [from, to], the last column = by nothing. Values are below `many`."""
    counts = np.zeros((many, many + 1), np.int64)
    for step in range(len(steps)):
        if step + 1 == len(steps) or first[step + 1]:
            counts[steps[step], many] += 1
        else:
            counts[steps[step], steps[step + 1]] += 1
    return counts


@njit(cache=True, nogil=True)
def masked(first_rows: Ints, times: Ints, values: Any1, masks: Ints, every: bool) -> tuple[Ints, Ints, Ints]:
    """The rows that a funnel needs: first row of each customer and number of rows at the end, times, masks.

    masks  by value (-1 last), what a row is good for; 0 = nothing, and it is left out unless `every`
    """
    kept_first = np.empty(len(first_rows), np.int64)
    kept_times, kept_masks = np.empty(len(times), np.int64), np.empty(len(times), np.int64)
    found = 0
    for customer in range(len(first_rows) - 1):
        kept_first[customer] = found
        for row in range(first_rows[customer], first_rows[customer + 1]):
            mask = masks[values[row]]
            if every or mask:
                kept_times[found], kept_masks[found] = times[row], mask
                found += 1
    kept_first[-1] = found
    return kept_first, kept_times[:found], kept_masks[:found]


@njit(cache=True, nogil=True)
def first_after(first_rows: Ints, times: Any1, customers: Any1, moments: Ints) -> Ints:
    """The first row of each of these customers (by place in first_rows) after a moment each, -1 = none; times rise."""
    found = np.full(len(customers), -1)
    for place in range(len(customers)):
        low, high = first_rows[customers[place]], first_rows[customers[place] + 1]
        end = high
        while low < high:
            middle = (low + high) // 2
            if times[middle] > moments[place]:
                high = middle
            else:
                low = middle + 1
        if low < end:
            found[place] = low
    return found
