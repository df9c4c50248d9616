"""Pieces of SQL that the sources of KPIs share: periods, groups, and the parts of KPIs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cx.filters import Clause, Filters
from cx.metrics.dimension import Dimension
from cx.metrics.kpi_registry import Kpi
from cx.metrics.sums import Sums, nothing, stacked

CalendarInterval = Literal["day", "week", "month", "quarter"]
INTERVALS: tuple[str, ...] = ("day", "week", "month", "quarter")
STEP = {"day": "INTERVAL 1 DAY", "week": "INTERVAL 7 DAY", "month": "INTERVAL 1 MONTH", "quarter": "INTERVAL 3 MONTH"}

NO_SUMS = ("values", "median", "p90")
"""Parts of a KPI that do not add up over rows."""


@dataclass(frozen=True)
class Slots:
    """Up to two closed periods that do not overlap, counted in one go; `period` is then 0 for the first, 1 …"""

    periods: tuple[Filters, ...]

    def sql(self, column: str) -> Clause:
        """The number of the period that a time lies in, else null."""
        parts = [each.period(column) for each in self.periods]
        return Clause("CASE " + " ".join(f"WHEN {part.sql} THEN {place}" for place, part in enumerate(parts)) + " END",
                      tuple(value for part in parts for value in part.params))

    def around(self) -> Filters:
        """The selection from the first day of any period to the last day of any."""
        days = [(each.start, each.end) for each in self.periods if each.start and each.end]
        return replace(self.periods[0], start=min(first for first, _ in days), end=max(last for _, last in days))


Over: TypeAlias = str | Slots | None
"""A calendar interval, given periods, or all in one."""


def calendar_start(day: dt.date, interval: str) -> dt.datetime:
    """The first moment of the day, ISO week, month or quarter that holds `day`."""
    if interval == "week":
        day -= dt.timedelta(days=day.weekday())
    elif interval == "month":
        day = day.replace(day=1)
    elif interval == "quarter":
        day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return dt.datetime.combine(day, dt.time())


def period_of(over: Over, column: str) -> Clause:
    """The period that a time lies in: the first moment of a calendar period, the number of a given one; TRUE where all
    is one."""
    if over is None:
        return Clause("TRUE")
    return over.sql(column) if isinstance(over, Slots) else Clause(f"date_trunc('{over}', {column})")


def with_one_before(filters: Filters, interval: str) -> Filters:
    """The period from one calendar period earlier, so that the first one has a period before it."""
    if filters.start is None:
        return filters
    first = calendar_start(filters.start, interval).date()
    return replace(filters, start=calendar_start(first - dt.timedelta(days=1), interval).date())


def head(value: Clause | None, over: Over, column: str) -> Clause:
    """The columns that rows are grouped by: value, period (of a time column)."""
    period = period_of(over, column) if over else None
    parts = [*([f"{value.sql} AS value"] if value else []), *([f"{period.sql} AS period"] if period else [])]
    return Clause(", ".join(parts), (*(value.params if value else ()), *(period.params if period else ())))


def names_of(by: Dimension | None, over: Over) -> list[str]:
    """The names of those columns."""
    return [*(["value"] if by else []), *(["period"] if over else [])]


def group_by(names: Sequence[str], more: int = 0) -> str:
    """GROUP BY the first columns, as many as there are names and `more`."""
    count = len(names) + more
    return "GROUP BY " + ", ".join(str(place) for place in range(1, count + 1)) if count else ""


def dated(over: Over, column: str) -> list[Clause]:
    """The condition that a time is known, where periods are asked."""
    return [Clause(f"{column} IS NOT NULL")] if over else []


def part_list(kpis: Sequence[Kpi]) -> Clause:
    """The parts of KPIs, as declared."""
    clauses = [(f"{kpi.key}.{part}", Clause(sql) if isinstance(sql, str) else sql)
               for kpi in kpis for part, sql in kpi.parts.items()]
    return Clause(", ".join(f'{clause.sql} AS "{name}"' for name, clause in clauses),
                  tuple(value for _, clause in clauses for value in clause.params))


def written_parts(kpis: Sequence[Kpi], totals: dict[str, str]) -> str:
    """The parts of KPIs whose words stand for `totals`."""
    def written(part: str) -> str:
        return " ".join(totals.get(word, word) for word in part.split(" "))
    return ", ".join(f'{written(str(sql))} AS "{kpi.key}.{part}"' for kpi in kpis for part, sql in kpi.parts.items())


def comma(*parts: str | Sequence[str]) -> str:
    """Those that are not empty, in one list."""
    flat = [part if isinstance(part, str) else ", ".join(part) for part in parts]
    return ", ".join(part for part in flat if part)


def nothing_of(kpis: Sequence[Kpi], names: Sequence[str]) -> Sums:
    """No rows by group, or one row of nothing where there is no group."""
    return nothing([f"{kpi.key}.{part}" for kpi in kpis for part in kpi.parts], len(names))


def in_slots(over: Slots, ask: Callable[[Filters], Sums]) -> Sums:
    """The answers about each of the periods, with its number as the last part of the group."""
    found = [(place, ask(each)) for place, each in enumerate(over.periods)]
    return stacked([Sums(tuple((*group, place) for group in each.groups), each.parts) for place, each in found])
