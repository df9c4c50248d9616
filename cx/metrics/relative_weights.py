"""Johnson's relative weights: R² shared out among predictors that hang together.

Johnson (2000), A heuristic method for estimating the relative weight of predictor variables in multiple regression,
Multivariate Behavioral Research 35, 1–19. Intervals: bootstrap (Johnson 2004); whether a weight is more than chance:
against that of a random number (Tonidandel, LeBreton & Johnson 2009, Psychological Methods 14, 387–399).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cx.metrics.stats import BOOTSTRAP_RESAMPLES, CONFIDENCE, Floats

MOST_INFLATED = 10.0
"""Variance inflation from which on a predictor says the same as the others (Kutner et al. 2005, section 10.5)."""

_BOOTSTRAP_ROWS = 5_000  # with more rows fewer resamples, at least _FEWEST_RESAMPLES: their intervals are narrow anyway
_FEWEST_RESAMPLES = 199
_CELLS = 2_000_000  # counts held at a time


@dataclass(frozen=True)
class Weights:
    """Arrays by predictor: weight (they add up to r2) with lower, upper (95 % percentile bootstrap), direction (sign of
    the correlation), sure; and r2 with its bounds."""

    weight: Floats
    lower: Floats
    upper: Floats
    direction: Floats
    sure: NDArray[np.bool_]
    r2: float
    r2_lower: float
    r2_upper: float


def of_correlations(between: Floats, outcome: Floats) -> Floats:
    """The relative weights from the predictors' correlations with each other (k × k) and with the outcome (k); leading
    dimensions are samples."""
    values, vectors = np.linalg.eigh(between)
    length = np.sqrt(np.maximum(values, 1e-12))
    turned = np.swapaxes(vectors, -1, -2)
    root = (vectors * length[..., None, :]) @ turned
    slopes = (vectors / length[..., None, :]) @ (turned @ outcome[..., None])
    return ((root**2) @ (slopes**2))[..., 0]


def relative_weights(predictors: Floats, outcome: Floats, seed: int = 0) -> Weights:
    """Relative weights of the columns of `predictors` (n × k, nothing missing, each varying) on `outcome` (n)."""
    dice = np.random.default_rng(seed)
    n, k = predictors.shape
    table = np.column_stack([predictors, dice.standard_normal(n), outcome])
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    correlation = table.T @ table / n
    weight = of_correlations(correlation[:k, :k], correlation[:k, -1])
    samples = _resampled(table, dice)
    again = of_correlations(samples[:, :k, :k], samples[:, :k, -1])
    with_chance = of_correlations(samples[:, :-1, :-1], samples[:, :-1, -1])
    tail = 50 * (1 - CONFIDENCE)
    lower, upper = np.percentile(again, [tail, 100 - tail], axis=0)
    r2_lower, r2_upper = np.percentile(again.sum(axis=1), [tail, 100 - tail])
    beyond = np.percentile(with_chance[:, :k] - with_chance[:, [k]], tail, axis=0)
    return Weights(weight, lower, upper, np.sign(correlation[:k, -1]), beyond > 0, float(weight.sum()),
                   float(r2_lower), float(r2_upper))


def collinear(predictors: Floats) -> int | None:
    """Where the last column says the same as the others (variance inflation above MOST_INFLATED): the place of the one
    most like it, else None. A column without variation says nothing."""
    spread = predictors.std(axis=0)
    if predictors.shape[1] < 2 or not spread[-1] > 0:
        return None
    others = [place for place in range(predictors.shape[1] - 1) if spread[place] > 0]
    if not others:
        return None
    table = (predictors - predictors.mean(axis=0))[:, [*others, -1]] / spread[[*others, -1]]
    correlation = table.T @ table / len(table)
    explained = correlation[-1, :-1] @ np.linalg.lstsq(correlation[:-1, :-1], correlation[:-1, -1], rcond=None)[0]
    if explained < 1 - 1 / MOST_INFLATED:
        return None
    return others[int(np.argmax(np.abs(correlation[-1, :-1])))]


def _resampled(table: Floats, dice: np.random.Generator) -> Floats:
    """Correlation matrices of bootstrap samples of the rows; those in which something does not vary are left out."""
    n, width = table.shape
    times = max(_FEWEST_RESAMPLES, min(BOOTSTRAP_RESAMPLES, BOOTSTRAP_RESAMPLES * _BOOTSTRAP_ROWS // n))
    first, second = np.triu_indices(width)
    sums = np.column_stack([table, table[:, first] * table[:, second]])
    found = []
    for size in pieces(times, max(1, _CELLS // n)):
        drawn = dice.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        found.append(counts @ sums / n)
    moments = np.concatenate(found)
    mean, products = moments[:, :width], moments[:, width:]
    covariance = np.empty((times, width, width))
    covariance[:, first, second] = covariance[:, second, first] = products - mean[:, first] * mean[:, second]
    spread = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0))
    varied = (spread > 1e-9).all(axis=1)
    return covariance[varied] / (spread[varied, :, None] * spread[varied, None, :])


def pieces(whole: int, most: int) -> list[int]:
    """A number cut into parts of at most `most`."""
    return [min(most, whole - start) for start in range(0, whole, most)]
