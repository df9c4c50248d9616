"""Random numbers for the sample world: uniform ones from the seed, turned into other distributions here, so that the
same seed gives the same numbers with every numpy."""

from __future__ import annotations

import numpy as np


class Dice:
    """Random numbers that depend on the seed alone."""

    def __init__(self, *seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))

    def uniform(self, n: int) -> np.ndarray:
        return self._generator.random(n)

    def chance(self, p: np.ndarray | float, n: int) -> np.ndarray:
        return self.uniform(n) < p

    def normal(self, n: int, sd: float = 1.0) -> np.ndarray:
        return sd * np.sqrt(-2 * np.log(1 - self.uniform(n))) * np.cos(2 * np.pi * self.uniform(n))

    def wait(self, mean: np.ndarray | float, n: int) -> np.ndarray:
        """Exponential."""
        return -mean * np.log(1 - self.uniform(n))

    def count(self, mean: np.ndarray | float, n: int) -> np.ndarray:
        """Poisson, cut at 20."""
        mean, u = np.broadcast_to(np.asarray(mean, float), n), self.uniform(n)
        term, found = np.exp(-mean), np.zeros(n, np.int64)
        below = term.copy()
        for k in range(1, 21):
            found += u > below
            term = term * mean / k
            below = below + term
        return found

    def pick(self, weights: object, n: int, row: np.ndarray | None = None) -> np.ndarray:
        """A code 0… drawn by weight: `weights` (codes,), or (rows, codes) with `row`, the row of weights for each."""
        table = np.atleast_2d(np.asarray(weights, float))
        steps = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)[:, :-1]
        u = self.uniform(n)
        if row is None:
            return np.searchsorted(steps[0], u, side="right")
        found = np.zeros(n, np.int64)
        for column in range(steps.shape[1]):
            found += u >= steps[row, column]
        return found
