"""A straight line, or two that meet: segmented regression with one break.

The break is the one of the least squares over a grid (Muggeo 2003, Statistics in Medicine 22, 3055–3071, estimates the
same model). It is told only where two lines are surer than one: the largest drop of the sum of squares over the grid
against its distribution under one line, by the wild bootstrap with one sign a customer (Hansen 1996; Cameron, Gelbach &
Miller 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from cx.metrics.friction_cells import sums
from cx.metrics.friction_rows import Ints
from cx.metrics.stats import CONFIDENCE, Floats

RESAMPLES = 399
_PLACES = 30


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
    scale = float((residual**2).mean())
    signs = (np.where(dice.random(people) < 0.5, -1.0, 1.0)[customer] for _ in range(RESAMPLES))
    by_chance = np.array([model.fit(sums(place, line + residual * each, len(values)))[0] for each in signs])
    p = float((1 + (by_chance >= drop).sum()) / (RESAMPLES + 1))
    places = []
    for _ in range(RESAMPLES // 2):
        times = sums(dice.integers(0, people, people), np.ones(people), people)[customer]
        weight = sums(place, times, len(values))
        found = _Lines(basis, hinges, weight).fit(sums(place, times * y, len(values)))[1]
        if found is not None:
            places.append(candidates[found])
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.quantile(places, [tail, 1 - tail]) if places and scale > 0 else (np.nan, np.nan)
    return Break(float(candidates[best]), float(lower), float(upper), float(beta[1]), float(beta[1] + beta[2]),
                 p), slope, slope_p


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
