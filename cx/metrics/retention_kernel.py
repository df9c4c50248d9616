"""Passes over the periods in which customers were there (cx.metrics.retention_held), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def visits_of(first_rows: Ints, ticks: Any1, places: Any1, wanted: Bools, edges: Ints) -> tuple[Ints, Any1, Any1]:
    """The periods of each customer.

    first_rows  where the rows of each customer start, and the number of rows
    ticks       time of each row, rising within a customer
    places      of each row; may be empty; wanted: by place, whether such a row counts
    edges       first moment of each period, the first not after any row
    → (how many periods each customer was there in, their numbers, the time of each customer's first row that counts)
    """
    many = len(first_rows) - 1
    counts, found = np.zeros(many, np.int64), 0
    slots, first = np.empty(len(ticks), np.int16), np.zeros(many, ticks.dtype)
    for customer in range(many):
        slot, before = 0, -1
        for row in range(first_rows[customer], first_rows[customer + 1]):
            if len(places) and not wanted[places[row]]:
                continue
            if before < 0:
                slot = np.searchsorted(edges, ticks[row], side="right") - 1
                first[customer] = ticks[row]
            while slot + 1 < len(edges) and edges[slot + 1] <= ticks[row]:
                slot += 1
            if slot != before:
                slots[found] = slot
                found += 1
                counts[customer] += 1
                before = slot
    return counts, slots[:found], first


@njit(cache=True, nogil=True)
def counted(starts: Ints, slots: Any1, first: Any1, wanted: Bools, groups: Any1, begin: int, finish: int, many: int,
            periods: int) -> tuple[Ints, Ints]:
    """[groups, first period, period]: customers who were there, and of them those who were there for the last time.

    starts         where the periods of each customer start, and their number; slots, first: of `visits_of`
    wanted         whether each customer counts, if the first time is in begin <= first < finish
    groups         of each customer, below `many`; may be empty: all are in group 0
    """
    active = np.zeros((many, periods, periods), np.int64)
    ended = np.zeros((many, periods, periods), np.int64)
    for customer in range(len(starts) - 1):
        low, high = starts[customer], starts[customer + 1]
        if low == high or not wanted[customer] or not begin <= first[customer] < finish:
            continue
        group = groups[customer] if len(groups) else 0
        cohort = slots[low]
        for place in range(low, high):
            active[group, cohort, slots[place]] += 1
        ended[group, cohort, slots[high - 1]] += 1
    return active, ended


@njit(cache=True, nogil=True)
def behind(starts: Ints, slots: Any1, first: Any1, wanted: Bools, begin: int, finish: int, cohort: int, target: int,
           after: bool, returned: bool) -> Ints:
    """The customers of a cohort who were (returned) or were not there in a period (after: or in a later one);
    arguments as of `counted`."""
    found, places = 0, np.empty(len(wanted), np.int64)
    for customer in range(len(wanted)):
        low, high = starts[customer], starts[customer + 1]
        if (low == high or slots[low] != cohort or not wanted[customer]
                or not begin <= first[customer] < finish):
            continue
        there = after and slots[high - 1] >= target
        if not after:
            for place in range(low, high):
                there |= slots[place] == target
        if there == returned:
            places[found] = customer
            found += 1
    return places[:found]
