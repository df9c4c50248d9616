"""Daily cells and active days as arrays, held in the process until interactions change.

They hardly grow with the interactions; a question about them is a slice by persona and day, and a sum. What is too
large to be held is left to SQL (cx.metrics.cells_days).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics.calendar_days import day_number, first_days, period_numbers
from cx.metrics.cells_sql import Over, Slots
from cx.metrics.dimension import Dimension
from cx.metrics.sums import Group
from cx.store import Store
from cx.store.measures import MEASURES

MOST_CELLS, MOST_DAYS = 1_000_000, 4_000_000
"""Rows: some 100 and 60 MB. Two years of 5 personas, 6 channels and 12 touchpoints make 260,000 and 800,000 at most."""

UNDATED, NEVER = np.iinfo(np.int32).min, np.iinfo(np.int32).max
_EXACT, _MOST = 2.0**51, 2.0**62  # of a cell, to be read off a double; of all of them, to be summed
PLACES = ("persona", "stage", "channel", "touchpoint")
_IDS = ", ".join(f"coalesce({name}_id, -1) AS {name}" for name in PLACES)


@dataclass(frozen=True)
class Sorted:
    """Rows in order of a group (0, 1, …) and a day: where each group starts (and the last one ends), and the days."""

    starts: np.ndarray
    days: np.ndarray

    @staticmethod
    def order(groups: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, Sorted]:
        """The order, and the index of the rows in that order."""
        order = np.lexsort((days, groups))
        return order, Sorted.of(groups[order], days[order])

    @staticmethod
    def of(groups: np.ndarray, days: np.ndarray) -> Sorted:
        """Of rows in order."""
        return Sorted(np.searchsorted(groups, np.arange(int(groups.max(initial=-1)) + 2)), days)

    def rows(self, groups: Iterable[int], first: int, last: int) -> np.ndarray:
        """Places of the rows of those groups, from day to day."""
        found = []
        for group in groups:
            if 0 <= group < len(self.starts) - 1:
                low, high = self.starts[group], self.starts[group + 1]
                begin, end = np.searchsorted(self.days[low:high], (first, last + 1))
                found.append(np.arange(low + begin, low + end))
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Cells:
    """Sums by day and place: ids of places (-1 = unknown), days, and what adds up (whole numbers: of 10^-decimals)."""

    places: dict[str, np.ndarray]
    days: np.ndarray
    measures: dict[str, np.ndarray]
    decimals: dict[str, int]
    index: Sorted

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (*self.places.values(), self.days, *self.measures.values()))

    def select(self, store: Store, filters: Filters, dated: bool) -> np.ndarray:
        """Places of the rows that the filters choose (no attributes). dated: those without a date are left out."""
        personas = chosen(store, "persona", filters) if filters.persona else np.unique(self.places["persona"])
        rows = self.index.rows((int(each) + 1 for each in personas), *bounds(filters, dated))
        for name in ("channel", "stage", "touchpoint"):
            if getattr(filters, name):
                rows = rows[np.isin(self.places[name][rows], chosen(store, name, filters))]
        return rows

    def totals(self, names: Iterable[str], rows: np.ndarray, group: np.ndarray, many: int) -> dict[str, np.ndarray]:
        """The sums of measures over rows by group (0 … many - 1), as doubles."""
        order = np.argsort(group.astype(np.int16) if many < 2**15 else group, kind="stable")
        rows, group = rows[order], group[order]
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        found = {}
        for name in names:
            sums = np.zeros(many)
            if len(rows):
                values = self.measures[name]
                of_groups = np.add.reduceat(values[rows], starts, dtype=np.int64 if values.dtype.kind == "i" else float)
                sums[group[starts]] = of_groups / 10**self.decimals.get(name, 0)
            found[name] = sums
        return found


@dataclass(frozen=True)
class Days:
    """How many customers did something on a day and next on another, by kind (what they did), persona and day.

    places  persona, and channel (the first one) where it is known by that: ids, -1 = none
    """

    days: np.ndarray
    following: np.ndarray
    customers: np.ndarray
    places: dict[str, np.ndarray]
    index: Sorted
    many: int

    @staticmethod
    def of(kinds: np.ndarray, places: Mapping[str, np.ndarray], days: np.ndarray, following: np.ndarray,
           customers: np.ndarray) -> Days:
        """From columns in any order."""
        persona = places["persona"].astype(np.int64)
        many = int(persona.max(initial=-1)) + 2
        groups, days = kinds * many + persona + 1, days.astype(np.int32)
        columns = {name: _small(each) for name, each in places.items()}
        following, customers = following.astype(np.int32), _small(customers)
        later = groups[1:] > groups[:-1]
        if (later | ((groups[1:] == groups[:-1]) & (days[1:] >= days[:-1]))).all():
            return Days(days, following, customers, columns, Sorted.of(groups, days), many)
        order, index = Sorted.order(groups, days)
        return Days(index.days, following[order], customers[order],
                    {name: each[order] for name, each in columns.items()}, index, many)

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.days, self.following, self.customers, *self.places.values()))

    def select(self, store: Store, filters: Filters, dated: bool, kind: int) -> np.ndarray:
        """Places of the rows whose day and customers the filters choose (period, persona, first channel)."""
        ids = chosen(store, "persona", filters) if filters.persona else range(-1, self.many - 1)
        rows = self.index.rows((kind * self.many + each + 1 for each in ids if each < self.many - 1),
                               *bounds(filters, dated))
        if filters.channel and not filters.own_channel:
            rows = rows[np.isin(self.places["channel"][rows], chosen(store, "channel", filters))]
        return rows

    def distinct(self, store: Store, filters: Filters, by: Dimension | None, over: Over,
                 kind: int) -> dict[Group, float]:
        """Customers who did it in each period, of each value: counted on their last day there."""
        rows = self.select(store, filters, over is not None, kind)
        following = self.following[rows]
        (period, there), (next_period, then) = period_of(over, self.days[rows]), period_of(over, following)
        there &= ~(inside(filters, following) & then & (next_period == period))
        rows, period = rows[there], period[there]
        groups, of_row = grouped(self.places[by.name][rows] if by else None, period, over)
        return dict(zip(groups, np.bincount(of_row, self.customers[rows].astype(float), len(groups)).tolist(),
                        strict=True))


ACTIVE, COMPLAINED, ANSWERED = 0, 1, 2
"""Kinds of active days: of known customers, of those with a complaint, of anonymous respondents."""


def cells(store: Store) -> Cells | None:
    """The daily cells; None where they are not held, or the thread's questions are to be noted."""
    return None if store.noted else store.held("held cells", _load_cells)


def orders(store: Store, parts: Mapping[str, str]) -> Cells | None:
    """Sums over `orders AS o` (name → aggregate that adds up) by day and place; as `cells`."""
    return None if store.noted else store.held("held orders", lambda cursor: _load_orders(cursor, parts))


def days(store: Store) -> Days | None:
    """The active days; None where they are not held, or the thread's questions are to be noted."""
    return None if store.noted else store.held("held days", _load_days)


def chosen(store: Store, name: str, filters: Filters) -> list[int]:
    """The ids of the chosen values of a dimension."""
    ids = {key: value for value, (key, _, _) in Dimension(name).labels(store).items()}
    return [int(str(ids[key])) for key in getattr(filters, name) if key in ids]


def bounds(filters: Filters, dated: bool) -> tuple[int, int]:
    """First and last day; undated rows only where no period is asked."""
    free = not (filters.start or filters.end or dated)
    first = day_number(filters.start) if filters.start else UNDATED + (not free)
    return first, day_number(filters.end) if filters.end else NEVER - 1


# --- loading ---


def _load_cells(cursor: duckdb.DuckDBPyConnection) -> Cells | None:
    if _count(cursor, "daily_cells") > MOST_CELLS:
        return None
    sums = [each if each.value is None else f"CAST({each.column} AS DOUBLE) AS {each.column}"
            for each in MEASURES.values()]
    listed = ", ".join(each if isinstance(each, str) else each.column for each in sums)
    found = cursor.execute(f"SELECT {_IDS}, occurred_at, {listed} FROM daily_cells").df()
    measures = {}
    for name, measure in MEASURES.items():
        values = found[name].to_numpy()
        if measure.value is not None:
            values = values * 10.0**measure.places
            if np.abs(values).max(initial=0) >= _EXACT or np.abs(values).sum() >= _MOST:
                return None  # not to the last digit
            values = np.rint(values).astype(np.int64)
        measures[name] = values
    return cells_of(found, measures, decimals={name: measure.places for name, measure in MEASURES.items()})


def _load_orders(cursor: duckdb.DuckDBPyConnection, parts: Mapping[str, str]) -> Cells | None:
    listed = ", ".join(f"{sql} AS {name}" for name, sql in parts.items())
    found = cursor.execute(f"SELECT {_IDS}, date_trunc('day', o.occurred_at) AS occurred_at, {listed} FROM orders o "
                           "GROUP BY 1, 2, 3, 4, 5").df()
    return cells_of(found, {name: found[name].to_numpy() for name in parts}) if len(found) <= MOST_CELLS else None


def cells_of(found: pd.DataFrame, measures: Mapping[str, np.ndarray], places: Sequence[str] = PLACES,
             decimals: dict[str, int] | None = None) -> Cells:
    """From rows in any order: a column for each place (ids, -1 = unknown), and occurred_at (days)."""
    when = _day(found["occurred_at"], UNDATED)
    order, index = Sorted.order(found["persona"].to_numpy() + 1, when)
    return Cells({name: _small(found[name].to_numpy()[order]) for name in places}, when[order],
                 {name: _small(each[order]) for name, each in measures.items()}, decimals or {}, index)


def _load_days(cursor: duckdb.DuckDBPyConnection) -> Days | None:
    if _count(cursor, "active_days WHERE scope = 'all'") > MOST_DAYS:
        return None
    found = cursor.execute("SELECT anonymous, complaint, coalesce(persona_id, -1) AS persona, occurred_at, next_at, "
                           "customers FROM active_days WHERE scope = 'all'").df()
    kinds = (ANSWERED * found["anonymous"].to_numpy(dtype=np.int64)
             + COMPLAINED * found["complaint"].to_numpy(dtype=np.int64))
    return Days.of(kinds, {"persona": found["persona"].to_numpy()}, _day(found["occurred_at"], UNDATED),
                   _day(found["next_at"], NEVER), found["customers"].to_numpy())


def _count(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    [(rows,)] = cursor.execute(f"SELECT count(*) FROM {source}").fetchall()
    return int(rows)


def _day(moments: pd.Series, missing: int) -> np.ndarray:
    found = moments.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(found), missing, found.astype(np.int64)).astype(np.int32)


def _small(values: np.ndarray) -> np.ndarray:
    """Whole numbers in as few bytes as hold every value."""
    if values.dtype.kind == "f":
        return values
    for kind in (np.int8, np.int16, np.int32):
        if not len(values) or (values.min() >= np.iinfo(kind).min and values.max() <= np.iinfo(kind).max):
            return values.astype(kind)
    return values.astype(np.int64)


# --- periods and groups ---


def inside(filters: Filters, when: np.ndarray) -> np.ndarray:
    """Whether days lie in the selected period; never does not."""
    first, last = bounds(filters, dated=True)
    return (when >= first) & (when <= last)


def period_of(over: Over, when: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of each day's period, and whether it lies in one."""
    if isinstance(over, Slots):
        number = np.full(len(when), -1, dtype=np.int64)
        for place, each in reversed(list(enumerate(over.periods))):
            number[inside(each, when)] = place
        return number, number >= 0
    number = np.zeros(len(when), dtype=np.int64) if over is None else period_numbers(when, over)
    return number, np.ones(len(when), dtype=bool)


def grouped(value: np.ndarray | None, period: np.ndarray, over: Over) -> tuple[list[Group], np.ndarray]:
    """The groups of rows, and the number of each row's; one group where neither value nor period is asked."""
    if value is None and over is None:
        return [()], period
    lowest = int(period.min(initial=0))
    many = int(period.max(initial=lowest)) - lowest + 1
    code = (0 if value is None else value.astype(np.int64) + 1) * many + (period - lowest)
    codes, of_row = _distinct(code)
    numbers = codes % many + lowest
    starts = first_days(numbers, over).astype("datetime64[us]") if isinstance(over, str) else numbers
    named: list[Any] = starts.tolist()
    values = [None if each < 0 else each for each in (codes // many - 1).tolist()]
    parts = [*([values] if value is not None else []), *([named] if over else [])]
    return list(zip(*parts, strict=True)), of_row


def _distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct codes (0 and more) in order, and the place of each row's among them."""
    highest = int(codes.max(initial=0))
    if highest > 4 * len(codes) + 1000:
        found, places = np.unique(codes, return_inverse=True)
        return found, places
    there = np.zeros(highest + 1, dtype=bool)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]
