"""The few places an executive should know of: what to mend first, where it hurts and where it delights most, and what
that is worth."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cx.filters import Filters
from cx.metrics.friction_measures import PLACES
from cx.metrics.opportunity import chained, worth
from cx.store import Store

MOST, LOOKED_AT = 3, 12
MENDED = ("revenue", "kept", "nps")
"""What mending may be worth, what an executive asks for first in front."""

Row = Mapping[str, Any]
_WHERE = (*PLACES, "persona", "attribute", "attribute_value")


@dataclass(frozen=True)
class Mended:
    """What mending a place is surely worth, or surely costs. what: of MENDED; lower, upper: its 95 % interval, above
    zero or below."""

    what: str
    value: float
    lower: float
    upper: float


def top(points: pd.DataFrame, kind: str, most: int = MOST) -> list[list[Row]]:
    """The gravest places of one kind, each as its rows (the largest loss first). Of places that contain each other only
    the gravest is listed. points: of `friction.pain_points()`; kind: "pain", "delight"."""
    chosen: list[list[Row]] = []
    taken: list[set[tuple[str, str]]] = []
    for _, rows in points[points["kind"] == kind].groupby("cell", sort=False):
        if len(chosen) == most:
            break
        first = rows.iloc[0]
        where = {(name, str(first[name])) for name in _WHERE if first[name]}
        if not any(where <= other or other <= where for other in taken):
            chosen.append(rows.to_dict("records"))
            taken.append(where)
    return chosen


@dataclass(frozen=True)
class Problem:
    """A place where it hurts: its rows, the largest loss first, and what mending it is surely worth, the worth it is
    ranked by in front, what it surely costs at the end; none = cannot be told."""

    rows: tuple[Row, ...]
    worths: tuple[Mended, ...]

    @property
    def advised(self) -> bool:
        """Whether mending it is surely worth something and surely costs nothing."""
        return bool(self.worths) and all(each.value > 0 for each in self.worths)


def problems(store: Store, pains: Sequence[Sequence[Row]], filters: Filters = Filters()) -> list[Problem]:
    """Places with what mending each is worth, `ranked`. pains: of `top()`."""
    return ranked(pains, mended(store, pains, filters))


def ranked(pains: Sequence[Sequence[Row]], found: Sequence[Sequence[Mended]]) -> list[Problem]:
    """Places, those that mending is surely worth most first, then those where it surely costs something, too, then the
    others as given. They are ranked by that of MENDED which is sure for most of them, since revenue, customers and
    points cannot be added. found: of `mended()`."""
    times = {what: sum(each.what == what and each.value > 0 for worths in found for each in worths) for what in MENDED}
    by = max(MENDED, key=lambda what: times[what])  # of equal ones the first

    def rank(problem: Problem) -> tuple[int, float]:
        if not problem.advised:
            return 2 if any(each.value > 0 for each in problem.worths) else 3, 0.0
        return next(((0, -each.value) for each in problem.worths if each.what == by), (1, 0.0))

    return sorted((Problem(tuple(rows), tuple(sorted(worths, key=lambda each: (each.value < 0, each.what != by))))
                   for rows, worths in zip(pains, found, strict=True)), key=rank)


def mended(store: Store, places: Iterable[Sequence[Row]], filters: Filters = Filters()) -> list[list[Mended]]:
    """What mending each place is surely worth and what it surely costs, if it went there as it does on average
    elsewhere: at most one of each kind either way, from the row with the largest loss that has it; empty where nothing
    is sure. places: of `top()`."""
    listed, result = [list(rows) for rows in places], []
    found = iter(worth(chained(store, [row for rows in listed for row in rows], filters)).to_dict("records"))
    for rows in listed:
        values = list(itertools.islice(found, len(rows)))
        result.append([Mended(what, *(float(row[f"{what}{each}"]) for each in ("", "_lower", "_upper")))
                       for what in MENDED for end, sign in (("_lower", 1), ("_upper", -1))
                       for row in [next((each for each in values if each[f"{what}{end}"] * sign > 0), None)]
                       if row is not None])
    return result
