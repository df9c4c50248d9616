"""What the customers of each cell of the journey add up to (cx.metrics.friction_cells), and what they did after a
contact (cx.metrics.opportunity), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Any1 = np.ndarray[Any, Any]
Any2 = np.ndarray[Any, Any]

SUMS = ("n", "groups", "alone", "a", "aa", "at", "am", "an", "tm", "nm", "mm")
"""Rows of the answer. n: answers, groups: customers, alone: of these those without an answer elsewhere; of each of them
a: sum of residuals in the cell, m: answers in it, t and n: residuals and answers everywhere; two letters: the sum over
the customers of one times the other."""


@njit(cache=True, nogil=True)
def summed(first_rows: Ints, off: Floats, of_row: Ints, members: Any2, size: int) -> Floats:
    """SUMS of every cell: [len(SUMS), size].

    first_rows  row at which each customer starts, and the number of rows at the end
    off         residual of each row;  of_row  its finest cell
    members     [levels, finest cells]: the cell of each finest cell at each level (-1 = none); levels share no cell
    """
    found = np.zeros((11, size))
    m, a, met = np.zeros(size), np.zeros(size), np.empty(size, np.int64)
    for customer in range(len(first_rows) - 1):
        low, high = first_rows[customer], first_rows[customer + 1]
        t, n, cells = 0.0, float(high - low), 0
        for row in range(low, high):
            t += off[row]
            for level in range(members.shape[0]):
                cell = members[level, of_row[row]]
                if cell < 0:
                    continue
                if m[cell] == 0:
                    met[cells] = cell
                    cells += 1
                m[cell] += 1
                a[cell] += off[row]
        for place in range(cells):
            cell = met[place]
            mine, total = m[cell], a[cell]
            found[0, cell] += mine
            found[1, cell] += 1
            found[2, cell] += mine == n
            found[3, cell] += total
            found[4, cell] += total * total
            found[5, cell] += total * t
            found[6, cell] += total * mine
            found[7, cell] += total * n
            found[8, cell] += t * mine
            found[9, cell] += n * mine
            found[10, cell] += mine * mine
            m[cell], a[cell] = 0.0, 0.0
    return found


@njit(cache=True, nogil=True)
def firsts(customer: Any1, known: Any1, cell: Ints, cells: int) -> NDArray[np.bool_]:
    """Which rows are the first of their customer, if known, in their cell (0 … cells - 1). The rows of a customer stand
    together."""
    found = np.zeros(len(customer), np.bool_)
    last = np.full(cells, -1, np.int64)  # whose the last row in each cell was
    for row in range(len(customer)):
        if known[row] and last[cell[row]] != customer[row]:
            last[cell[row]] = customer[row]
            found[row] = True
    return found


@njit(cache=True, nogil=True)
def followed(at: Ints, bad: Any1, customer: Any1, starts: Ints, moment: Floats, spent: Any1, missing: float,
             last_nps: Floats, end: float, again: float, after: float, low: int, high: int) -> Floats:
    """Customers by whether any of these contacts went badly (that, else the first, begins what comes after): [2, 8],
    customers, of these ripe (their time has passed by the end), of the ripe those who came back later than `again`,
    their revenue within `after`, its squares; promoters (last answer from `high`), detractors (up to `low`), answered.

    at  rows, by customer and time, each dated; bad  of each of them
    customer, moment, spent  of every row, by customer and time (NaN = undated, last); starts  row at which each
        customer starts, and their number; spent: NaN or `missing` = nothing
    """
    found = np.zeros((2, 8))
    place = 0
    while place < len(at):
        who = customer[at[place]]
        began, badly = moment[at[place]], False
        while place < len(at) and customer[at[place]] == who:
            if bad[place] and not badly:
                began, badly = moment[at[place]], True
            place += 1
        group = int(badly)
        found[group, 0] += 1
        if began + after <= end:
            returned, revenue = False, 0.0
            for row in range(starts[who], starts[who + 1]):
                if began < moment[row] <= began + after:
                    returned |= moment[row] > began + again
                    value = float(spent[row])
                    if value == value and value != missing:
                        revenue += value
            found[group, 1] += 1
            found[group, 2] += returned
            found[group, 3] += revenue
            found[group, 4] += revenue * revenue
        answer = last_nps[who]
        if answer == answer:
            found[group, 5] += answer >= high
            found[group, 6] += answer <= low
            found[group, 7] += 1
    return found
