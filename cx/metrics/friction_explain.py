"""Which of the cells that differ explain the others: the fewest places that tell where a measure is worse or better.

A bad touchpoint drags its stage, its channel and every cell it is part of along, and makes all others look better than
the rest. Stepwise: the cell that is surest joins; what the chosen ones explain together (least squares on their
indicators) is taken off; again, until nothing is sure. A chosen one that is no longer sure beside the others leaves:
with the rows of a part taken out, its whole stays only if it still differs.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cx.metrics.friction_cells import Cells
from cx.metrics.stats import Floats

MOST = 30
"""So many cells of one measure at most; more is a description of everything."""

_TIE = 1.02


def explain(n: Floats, total: Floats, squares: Floats, cells: Cells, z: Floats, spread: Floats, sure: np.ndarray,
            limit: float, minimum: int, good: int) -> list[int]:
    """The cells that explain the rest, in the order in which they joined.

    n, total, squares  answers of each finest cell, and the sum and sum of squares of their differences from the mean
    z, spread, sure    of each cell: its test against the rest, its `spread`, and whether it is sure after correction
    limit              |z| from which what remains of a cell is sure
    minimum            answers that the chosen ones leave to a cell
    good               +1 where higher is better, -1 where lower is: of two that mirror each other the worse joins
    """
    known, candidates = n > 0, np.flatnonzero(sure)
    inside, weight, total, squares = _inside(cells, candidates)[:, known], n[known], total[known], squares[known]
    loose = np.sqrt(spread[candidates])
    sign = np.sign(z[candidates])
    size = inside @ weight
    chosen: list[int] = []
    left: set[int] = set()
    while len(chosen) < MOST:
        fit = _Fit(inside[chosen], weight, total, squares)
        remains, room = fit.remains(inside, size)
        with np.errstate(invalid="ignore", divide="ignore"):
            now = remains / (np.sqrt(fit.variance * room) * loose)
        allowed = (room >= minimum / 2) & (np.sign(remains) == sign) & (np.abs(now) > limit)
        allowed[list({*chosen, *left})] = False
        if not allowed.any():
            break
        chosen.append(int(np.argmax(np.where(allowed, np.abs(now) * np.where(sign == good, 1, _TIE), -1))))
        while True:
            fit = _Fit(inside[chosen], weight, total, squares)
            own = fit.z() / loose[chosen] * sign[chosen]
            if len(chosen) < 2 or own.min() > limit:
                break
            left.add(chosen.pop(int(own.argmin())))
    return [int(candidates[each]) for each in chosen]


def _inside(cells: Cells, candidates: np.ndarray) -> sparse.csr_array:
    """A row per candidate with 1 for each finest cell in it."""
    row_of = np.full(cells.size + 1, -1, dtype=np.int64)  # the last stands for "no cell"
    row_of[candidates] = np.arange(len(candidates))
    at = [(row_of[cell], np.arange(len(cell))) for cell in cells.members.values()]
    row, column = (np.concatenate([pair[side] for pair in at]) if at else np.empty(0, np.int64) for side in (0, 1))
    there = row >= 0
    width = len(at[0][0]) if at else 0
    return sparse.csr_array((np.ones(int(there.sum())), (row[there], column[there])), shape=(len(candidates), width))


class _Fit:
    """Weighted least squares of the finest cells' means on a constant and the chosen cells' indicators."""

    def __init__(self, inside: sparse.csr_array, weight: Floats, total: Floats, squares: Floats) -> None:
        x = sparse.vstack([sparse.csr_array(np.ones((1, len(weight)))), inside], format="csr")
        self._weighted = x.multiply(weight).tocsr()
        self._inverse = np.linalg.pinv((self._weighted @ x.T).toarray())
        self._beta = self._inverse @ (x @ total)
        fitted = x.T @ self._beta
        self._residual = total - weight * fitted
        freedom = max(weight.sum() - x.shape[0], 1.0)
        unexplained = float((squares - 2 * fitted * total + weight * fitted**2).sum())
        self.variance = max(unexplained / freedom, 1e-12)

    def remains(self, inside: sparse.csr_array, size: Floats) -> tuple[Floats, Floats]:
        """Of each candidate: the residuals in it, and how many answers these are worth."""
        overlap = (inside @ self._weighted.T).toarray()
        return inside @ self._residual, size - ((overlap @ self._inverse) * overlap).sum(axis=1)

    def z(self) -> Floats:
        """Of each chosen cell beside the others."""
        return self._beta[1:] / np.sqrt(self.variance * np.maximum(np.diag(self._inverse)[1:], 1e-300))
