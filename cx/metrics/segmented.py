"""A straight line, or two that meet: segmented regression with one break.

The break is the one of the least squares over a grid (Muggeo 2003, Statistics in Medicine 22, 3055–3071, estimates the
same model). It is told only where two lines are surer than one: the largest drop of the sum of squares over the grid
against its distribution under one line, by the wild bootstrap with one sign a customer (Hansen 1996; Cameron, Gelbach &
Miller 2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from cx.metrics.friction_cells import sums
from cx.metrics.friction_later import Ints
from cx.metrics.relative_weights import pieces
from cx.metrics.stats import CONFIDENCE, Floats

RESAMPLES = 399
_PLACES = 30
_CELLS = 2_000_000  # drawn at a time


@dataclass(frozen=True)
class Break:
    """at       where the line breaks, with lower, upper (95 %, bootstrap by customer)
    before, after  slopes on either side, per unit
    p        that one line would look as broken by chance
    """

    at: float
    lower: float
    upper: float
    before: float
    after: float
    p: float


def find_break(x: Floats, y: Floats, customer: Ints, seed: int = 0) -> tuple[Break | None, float, float]:
    """The break of y over x (None where x has too few values on either side), the slope of one line and its p-value.

    customer  codes from 0: answers of one hang together
    """
    values, place = np.unique(np.round(x, 6), return_inverse=True)
    people = int(customer.max()) + 1
    slope, slope_p, residual, line = _straight(x, y, customer, people)
    candidates = np.unique(np.quantile(x, np.linspace(0.1, 0.9, _PLACES)))
    candidates = candidates[(candidates > values[0]) & (candidates < values[-1])]
    if len(candidates) < 1 or len(values) < 4:
        return None, slope, slope_p
    basis = np.stack([np.ones_like(values), values - values.mean()])
    hinges = np.maximum(values[:, None] - candidates, 0).T
    n = sums(place, np.ones(len(x)), len(values))
    model = _Lines(basis, hinges, n)
    drop, best, beta = model.fit(sums(place, y, len(values)))
    if best is None:
        return None, slope, slope_p
    dice = np.random.default_rng(seed)
    by_chance = np.concatenate([model.drops(_sums_of_signed(line, residual, place, customer, size, people, dice))
                                for size in pieces(RESAMPLES, max(1, _CELLS // len(x)))])
    p = float((1 + (by_chance >= drop).sum()) / (RESAMPLES + 1))
    lower, upper = np.nan, np.nan
    if p < 1 - CONFIDENCE:
        tail = (1 - CONFIDENCE) / 2
        found = list(_again(basis, hinges, place, y, customer, people, dice))
        lower, upper = np.quantile(candidates[found], [tail, 1 - tail])
    return Break(float(candidates[best]), float(lower), float(upper), float(beta[1]), float(beta[1] + beta[2]),
                 p), slope, slope_p


def _again(basis: Floats, hinges: Floats, place: Ints, y: Floats, customer: Ints, people: int,
           dice: np.random.Generator) -> Iterator[int]:
    """Places of the best break in samples of the customers."""
    size = basis.shape[1]
    for _ in range(RESAMPLES // 2):
        times = sums(dice.integers(0, people, people), np.ones(people), people)[customer]
        found = _Lines(basis, hinges, sums(place, times, size)).fit(sums(place, times * y, size))[1]
        if found is not None:
            yield found


class _Lines:
    """Least squares of values at some places on one line, and on one that breaks at each candidate."""

    def __init__(self, basis: Floats, hinges: Floats, weight: Floats) -> None:
        weighted = basis * weight
        self._basis, self._hinges = basis, hinges
        self._inverse = np.linalg.pinv(weighted @ basis.T)
        onto = hinges @ weighted.T @ self._inverse  # of each hinge on the line
        self._apart = hinges - onto @ basis
        self._room = (self._apart**2 * weight).sum(axis=1)
        self._usable = self._room > 1e-9 * weight.sum() * max(float(np.ptp(basis[1])), 1e-9)**2

    def drops(self, totals: Floats) -> Floats:
        """How much the best break takes off the sum of squares, for each row of totals."""
        change = totals @ self._apart[self._usable].T
        return (change**2 / self._room[self._usable]).max(axis=1)

    def fit(self, total: Floats) -> tuple[float, int | None, Floats]:
        """How much the best break takes off the sum of squares, its place, and constant, slope, change of slope."""
        if not self._usable.any():
            return 0.0, None, np.full(3, np.nan)
        change = np.where(self._usable, self._apart @ total / np.where(self._usable, self._room, 1), 0.0)
        drop = change**2 * self._room
        best = int(np.argmax(drop))
        line = self._inverse @ (self._basis @ total)
        weighted_hinge = change[best] * (self._hinges[best] - self._apart[best])
        slope = line[1] - (weighted_hinge[-1] - weighted_hinge[0]) / (self._basis[1][-1] - self._basis[1][0])
        return float(drop[best]), best, np.array([line[0], slope, change[best]])


def _sums_of_signed(line: Floats, residual: Floats, place: Ints, customer: Ints, size: int, people: int,
                    dice: np.random.Generator) -> Floats:
    """`size` rows of the sums by place of a line and residuals whose sign is drawn for each customer."""
    signs = np.where(dice.random((size, people)) < 0.5, -1.0, 1.0)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    drawn = line[order] + residual[order] * signs[:, customer[order]]
    return np.add.reduceat(drawn, starts, axis=1)


def _straight(x: Floats, y: Floats, customer: Ints, people: int) -> tuple[float, float, Floats, Floats]:
    """Slope of one line, its p-value (variances summed over customers), residuals, and the line at each answer."""
    off = x - x.mean()
    across = float((off**2).sum())
    slope = float((off * y).sum() / across)
    line = y.mean() + slope * off
    residual = y - line
    error = np.sqrt((sums(customer, off * residual, people)**2).sum() * people / max(people - 1, 1)) / across
    p = float(2 * special.stdtr(max(people - 1, 1), -abs(slope / error))) if error > 0 else np.nan
    return slope, p, residual, line
