"""What each customer felt (cx.metrics.emotion_held), compiled: one pass over what is held of `steps`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def remembered(first_rows: Ints, times: Any1, emotions: Any1, stages: Any1, touchpoints: Any1, channels: Any1,
               wanted: Bools, begin: int, finish: int, at_stage: Bools, at_touchpoint: Bools, at_channel: Bools,
               offset: int, tied_rows: Ints, tied_ids: Ints) -> Floats:
    """Sums over customers of the mean, the peak, the last and the mean of peak and last of their emotions, then of
    their squares; then customers with an emotion, those whose last one is positive, those whose is negative.

    first_rows  where the rows of each customer start, by time; emotions: 1 negative, 2 neutral, 3 positive, else none
    wanted   of each customer; begin, finish: times that count, the second not included
    at_…     by id, whether rows there count (the last: place not known); empty = all do
    tied_rows, tied_ids  rows at equal times, from offset on, that felt different: in order, and which was loaded later
    """
    found = np.zeros(11)
    for customer in range(len(first_rows) - 1):
        if not wanted[customer]:
            continue
        n, total, worst, best, last, last_row = 0, 0, 1, -1, 0, -1
        for row in range(first_rows[customer], first_rows[customer + 1]):
            if emotions[row] < 1 or times[row] < begin or times[row] >= finish:
                continue
            if len(at_stage) and not at_stage[stages[row]]:
                continue
            if len(at_touchpoint) and not at_touchpoint[touchpoints[row]]:
                continue
            if len(at_channel) and not at_channel[channels[row]]:
                continue
            felt = emotions[row] - 2
            n += 1
            total += felt
            worst, best = min(worst, felt), max(best, felt)
            if last_row >= 0 and times[last_row] == times[row]:
                here = np.searchsorted(tied_rows, row + offset)
                if here < len(tied_rows) and tied_rows[here] == row + offset and (
                        tied_ids[here] < tied_ids[np.searchsorted(tied_rows, last_row + offset)]):
                    continue
            last, last_row = felt, row
        if n:
            mean, peak = total / n, float(worst if worst < 0 else best)
            for place, value in enumerate((mean, peak, float(last), (peak + last) / 2.0)):
                found[place] += 100.0 * value
                found[4 + place] += 10000.0 * value * value
            found[8] += 1
            found[9] += last > 0
            found[10] += last < 0
    return found


@njit(cache=True, nogil=True)
def tied(first_rows: Ints, times: Any1, emotions: Any1) -> Ints:
    """Rows with an emotion at the time of another of the same customer that felt different."""
    many = 0
    found = np.empty(1024, np.int64)
    for customer in range(len(first_rows) - 1):
        low, end = first_rows[customer], first_rows[customer + 1]
        while low < end:
            high, lowest, highest = low + 1, emotions[low], emotions[low]
            if lowest < 1:
                lowest, highest = np.int8(9), np.int8(0)
            while high < end and times[high] == times[low]:
                if emotions[high] >= 1:
                    lowest, highest = min(lowest, emotions[high]), max(highest, emotions[high])
                high += 1
            if lowest < highest:
                if many + high - low > len(found):
                    more = np.empty(2 * len(found) + high - low, np.int64)
                    more[:many] = found[:many]
                    found = more
                for row in range(low, high):
                    if emotions[row] >= 1:
                        found[many] = row
                        many += 1
            low = high
    return found[:many]


@njit(cache=True, nogil=True)
def last_answers(customers: Any1, days: Any1, answers: Any1, stages: Any1, touchpoints: Any1, channels: Any1,
                 wanted: Bools, first: int, last: int, at_stage: Bools, at_touchpoint: Bools, at_channel: Bools,
                 ) -> tuple[int, int, int]:
    """Customers by their last recommendation: (9 and more, 6 and less, all).

    customers, days, answers, …  of each answer, by customer and time
    wanted   by customer key, empty = all are; first, last: days that count; at_…: as in remembered
    """
    high, low, many, before, answer = 0, 0, 0, -1, 0
    for row in range(len(customers)):
        customer = customers[row]
        if len(wanted) and not wanted[customer]:
            continue
        if days[row] < first or days[row] > last:
            continue
        if len(at_stage) and not at_stage[stages[row]]:
            continue
        if len(at_touchpoint) and not at_touchpoint[touchpoints[row]]:
            continue
        if len(at_channel) and not at_channel[channels[row]]:
            continue
        if customer != before and before >= 0:
            high += answer >= 9
            low += answer <= 6
            many += 1
        before, answer = customer, answers[row]
    if before >= 0:
        high += answer >= 9
        low += answer <= 6
        many += 1
    return high, low, many
