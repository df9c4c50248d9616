"""Sufficient statistics of groups, as columns: what `cx.metrics.cells` answers with.

Some hundred such tables stand behind a page; most have one row to a few dozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cx.store import Store

Group = tuple[object, ...]


@dataclass(frozen=True)
class Sums:
    """One row per group.

    groups  value of the dimension (id or text, None = missing) and/or period (first moment of a calendar period, or
            number of a given one), whichever are asked; one empty group where neither is
    parts   `<kpi>.<part>` → numbers, NaN = there is nothing of it in that group (of `values`: objects)
    """

    groups: tuple[Group, ...]
    parts: dict[str, np.ndarray]

    def __getitem__(self, part: str) -> np.ndarray:
        return self.parts[part]

    def __len__(self) -> int:
        return len(self.groups)

    def take(self, groups: Iterable[Group]) -> Sums:
        """The rows of those groups, in that order; NaN where there is no such row."""
        wanted = tuple(groups)
        place = {group: row for row, group in enumerate(self.groups)}
        rows = np.array([place.get(group, -1) for group in wanted], dtype=np.intp)
        return Sums(wanted, {name: _taken(column, rows) for name, column in self.parts.items()})

    def only(self, kpis: Iterable[str]) -> Sums:
        """The parts of those KPIs."""
        kept = set(kpis)
        return Sums(self.groups, {name: column for name, column in self.parts.items() if name.split(".")[0] in kept})


def asked(store: Store, sql: str, params: Sequence[object], keys: int, dated: bool = False) -> Sums:
    """The answer to a question whose first columns (so many `keys`) are the group, and the others its parts. `dated`:
    the last key is a period; rows without one are left out."""
    with store.reader() as cursor:
        answer = cursor.execute(sql, params)
        names = [column[0] for column in answer.description or ()][keys:]
        rows = answer.fetchall()
    if dated:
        rows = [row for row in rows if row[keys - 1] is not None]
    columns = list(zip(*rows, strict=True)) or [()] * (keys + len(names))
    groups = tuple(row[:keys] for row in rows)
    return Sums(groups, {name: _column(name, column) for name, column in zip(names, columns[keys:], strict=True)})


def nothing(names: Iterable[str], keys: int) -> Sums:
    """No groups, or one of nothing where no key is asked."""
    return Sums(() if keys else ((),), {name: np.zeros(0 if keys else 1) for name in names})


def joined(found: Sequence[Sums]) -> Sums:
    """Side by side, with every group of any; of a part that several have, the first."""
    if len(found) == 1:
        return found[0]
    groups = tuple(dict.fromkeys(group for each in found for group in each.groups))
    parts: dict[str, np.ndarray] = {}
    for each in found:
        parts = {**(each if each.groups == groups else each.take(groups)).parts, **parts}
    return Sums(groups, parts)


def stacked(found: Sequence[Sums]) -> Sums:
    """One after the other; all have the same parts."""
    return Sums(tuple(group for each in found for group in each.groups),
                {name: np.concatenate([each[name] for each in found]) for name in found[0].parts})


def _taken(column: np.ndarray, rows: np.ndarray) -> np.ndarray:
    if not len(column):
        return np.full(len(rows), np.nan, dtype=object if column.dtype == object else float)
    found = column[rows].astype(object if column.dtype == object else float)
    found[rows < 0] = np.nan
    return found


def _column(name: str, values: Sequence[object]) -> np.ndarray:
    if not name.endswith(".values"):
        return np.array(values, dtype=float)
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
