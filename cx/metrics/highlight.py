"""The few places an executive should know of: where it hurts and where it delights most, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cx.filters import Filters
from cx.metrics.friction_rows import PLACES
from cx.metrics.opportunity import chained, worth
from cx.store import Store

MOST = 3
MENDED = ("revenue", "kept", "nps")
"""What mending may be worth, what an executive asks for first in front."""

Row = Mapping[str, Any]
_WHERE = (*PLACES, "persona", "attribute", "attribute_value")


@dataclass(frozen=True)
class Mended:
    """What mending a place is surely worth. what: of MENDED; lower, upper: its 95 % interval, above zero."""

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


def mended(store: Store, places: Iterable[Sequence[Row]], filters: Filters = Filters()) -> list[list[Mended]]:
    """What mending each place is surely worth, if it went there as it does on average elsewhere: at most one of each
    kind, from the row with the largest loss that has it; empty where nothing is sure. places: of `top()`."""
    result = []
    for rows in places:
        values = worth(chained(store, rows, filters)).to_dict("records")
        result.append([Mended(what, *(float(row[f"{what}{end}"]) for end in ("", "_lower", "_upper")))
                       for what in MENDED
                       for row in [next((each for each in values if each[f"{what}_lower"] > 0), None)]
                       if row is not None])
    return result
