"""Cells of the journey held against the rest, for one measure: what each adds to or takes from the whole.

Answers of one customer are not independent: variances are sums over customers (Liang & Zeger 1986), for the test with
the residuals of "no difference" (a score test). The test's variance is never below that of independent answers with the
spread of all: forty customers without a complaint would else have none, and chance alone claimed something in 12 worlds
of 100 (benchmarks/truths.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from cx.metrics.friction_later import Ints
from cx.metrics.stats import CONFIDENCE, Floats

LEVELS: tuple[tuple[str, ...], ...] = (
    ("touchpoint",), ("touchpoint", "channel"), ("touchpoint", "part"), ("touchpoint", "channel", "part"), ("channel",),
    ("stage",), ("stage", "channel"), ("stage", "part"), ("channel", "part"), ("part",))
"""What cells are made of. Of two that hold the same rows only the one named first is tested."""

FEWEST_CUSTOMERS = 20
"""Fewer customers on either side say nothing: their variance is not known."""


@dataclass(frozen=True)
class Finest:
    """The finest cells that have an answer: codes of stage, touchpoint, channel, part (-1 = missing), and of each row
    its finest cell."""

    places: Mapping[str, Ints]
    of_row: Ints

    @property
    def size(self) -> int:
        return len(self.places["stage"])


@dataclass(frozen=True)
class Cells:
    """Every cell of every level: `members` maps a level (place in LEVELS) to the cell of each finest cell (-1 = none);
    level and the codes of its parts (-1 = any) of each cell; `first`: the first cell that holds the same rows."""

    members: Mapping[int, Ints]
    level: Ints
    parts: Mapping[str, Ints]
    first: Ints

    @property
    def size(self) -> int:
        return len(self.level)

    @property
    def again(self) -> NDArray[np.bool_]:
        """Which hold the same rows as a cell before them."""
        return self.first < np.arange(self.size)

    def holds(self, cell: int) -> np.ndarray:
        """Which finest cells are in it."""
        return self.members[int(self.level[cell])] == cell


def sums(groups: Ints, values: Floats, size: int = 0) -> Floats:
    """The sum of the values of each group (codes from 0)."""
    return np.bincount(groups, values, minlength=size).astype(float)


def finest(places: Mapping[str, Ints]) -> Finest:
    """The different combinations of places among the rows."""
    of_row, parts = _combined(places)
    return Finest(parts, of_row)


def _combined(places: Mapping[str, Ints]) -> tuple[Ints, dict[str, Ints]]:
    """The number of each row's combination of codes (-1 and up), and the codes of each combination."""
    sizes = {name: int(codes.max(initial=-1)) + 2 for name, codes in places.items()}
    key = np.zeros(len(next(iter(places.values()))), dtype=np.int64)
    for name, codes in places.items():
        key = key * sizes[name] + codes + 1
    number, known = _numbered(key) if len(key) < _FEW else pd.factorize(key)
    parts: dict[str, Ints] = {}
    for name in reversed(list(places)):
        parts[name] = known % sizes[name] - 1
        known = known // sizes[name]
    return number.astype(np.int64), {name: parts[name] for name in places}


_FEW = 5_000  # numbers, that are sorted sooner than pandas is called


def _numbered(key: Ints) -> tuple[Ints, Ints]:
    """pd.factorize: numbers by first appearance, and what they stand for."""
    values, first, of = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[of], values[order]


def cells(of: Finest, levels: Sequence[tuple[str, ...]], enough: Floats, minimum: int) -> Cells:
    """The cells of these levels with at least `minimum` answers (`enough`: answers of each finest cell)."""
    marks = np.random.default_rng(0).integers(1, 2**62, of.size, dtype=np.int64)
    seen: dict[int, int] = {}
    members: dict[int, Ints] = {}
    level_of: list[int] = []
    first: list[int] = []
    parts: dict[str, list[int]] = {name: [] for name in of.places}
    place = 0
    for number, level in enumerate(LEVELS):
        if level not in levels:
            continue
        known = np.logical_and.reduce([of.places[name] >= 0 for name in level])
        groups, codes = _combined({name: of.places[name][known] for name in level})
        if not len(groups):
            continue
        answers = np.bincount(groups, enough[known])
        mark = np.zeros(len(answers), dtype=np.int64)
        np.add.at(mark, groups, marks[known])  # wraps around, which is as good a mark
        kept = answers >= minimum
        for cell, each in enumerate(mark[kept].tolist(), start=place):
            seen.setdefault(each, cell)
            first.append(seen[each])
        new = np.full(len(answers), -1, dtype=np.int64)
        new[kept] = place + np.arange(kept.sum())
        found = np.full(of.size, -1, dtype=np.int64)
        found[known] = new[groups]
        members[number] = found
        place += int(kept.sum())
        level_of += [number] * int(kept.sum())
        for name in parts:
            parts[name] += codes[name][kept].tolist() if name in level else [-1] * int(kept.sum())
    return Cells(members, np.array(level_of, dtype=np.int64),
                 {name: np.array(each, dtype=np.int64) for name, each in parts.items()},
                 np.array(first, dtype=np.int64))


def against_rest(value: Floats, customer: Ints, of: Finest, every: Cells) -> dict[str, np.ndarray]:
    """Each cell against all other rows.

    value     of each row; customer  whose it is, the rows of one together
    Columns, a value per cell: n, customers, value, rest_n, rest (means), impact (mean of all − mean of all without the
    cell) with lower, upper (95 %, Student t of the customers in it), p of "no difference" and z (as sure, of a normal
    distribution), both NaN where fewer than FEWEST_CUSTOMERS are on a side; spread (times the variance that
    independent answers had).
    """
    from cx.metrics.friction_kernel import SUMS, summed  # compiles on import: not at the start of the app

    total_n, mean = len(value), float(value.mean()) if len(value) else np.nan
    off = value - mean
    variance = float((off**2).mean()) if total_n else np.nan
    begins = np.flatnonzero(np.diff(customer, prepend=-1)) if total_n else np.empty(0, dtype=np.int64)
    bounds = np.append(begins, total_n).astype(np.int64)
    all_off = np.add.reduceat(off, begins) if total_n else off
    all_n = np.diff(bounds).astype(float)
    groups, squares = len(begins), (all_off**2).sum()
    s = dict(zip(SUMS, summed(bounds, off, of.of_row, np.stack(list(every.members.values())), every.size), strict=True))
    n, rest_n = s["n"], total_n - s["n"]
    with np.errstate(invalid="ignore", divide="ignore"):
        inside, outside = s["a"] / n, -s["a"] / rest_n
        share = n / total_n
        few = s["groups"] / np.maximum(s["groups"] - 1, 1)
        plain = variance * n * (1 - share)
        scored = np.maximum((s["aa"] - 2 * share * s["at"] + share**2 * squares) * few, plain)
        z = s["a"] / np.sqrt(scored)
        p = 2 * special.stdtr(np.maximum(s["groups"] - 1, 1), -np.abs(z))
        # influence of a customer on mean(all) − mean(rest): alpha·T + beta·A + gamma·(N − Ncell)
        alpha, beta, gamma = 1 / total_n - 1 / rest_n, 1 / rest_n, outside / rest_n
        everybody = alpha**2 * squares + 2 * alpha * gamma * (all_off * all_n).sum() + gamma**2 * (all_n**2).sum()
        here = (2 * (alpha * (beta * s["at"] - gamma * s["tm"]) + gamma * (beta * s["an"] - gamma * s["nm"]))
                + beta**2 * s["aa"] - 2 * beta * gamma * s["am"] + gamma**2 * s["mm"])
        error = np.sqrt(np.maximum((everybody + here) * few, 0))
        half = special.stdtrit(np.maximum(s["groups"] - 1, 1), (1 + CONFIDENCE) / 2) * error
        spread = scored / plain
    known = (s["groups"] >= FEWEST_CUSTOMERS) & (groups - s["alone"] >= FEWEST_CUSTOMERS) & (rest_n > 0) & (scored > 0)
    impact = mean - (mean + outside)
    return {
        "n": n.astype(np.int64), "customers": s["groups"].astype(np.int64), "value": mean + inside,
        "rest_n": rest_n.astype(np.int64), "rest": np.where(rest_n > 0, mean + outside, np.nan),
        "impact": np.where(rest_n > 0, impact, np.nan), "lower": np.where(known, impact - half, np.nan),
        "upper": np.where(known, impact + half, np.nan),
        "z": np.where(known, -np.sign(z) * special.ndtri(np.maximum(p, _LEAST_P) / 2), np.nan),
        "p": np.where(known, p, np.nan), "spread": np.where(known, spread, np.nan)}


_LEAST_P = 1e-300
