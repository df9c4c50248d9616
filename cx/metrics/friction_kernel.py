"""What the customers of each cell of the journey add up to (cx.metrics.friction_cells), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
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
