"""A plain twin of the cohort table: counts periods by dates alone, customer by customer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

WAIT = 2  # whole periods after one before its "in or after" counts


@dataclass(frozen=True)
class Row:
    """customer · at · channel · order: number of the order it is a row of, None = no order"""

    customer: int
    at: dt.datetime
    channel: str
    order: str | None


@dataclass(frozen=True)
class Question:
    """of: activity | purchase · interval: week | month | quarter · reading: in | in_or_after · start, end: first and
    last day of the first time, None = no bound · channel: None = every · own: it selects interactions, not customers"""

    of: str
    interval: str
    reading: str
    start: dt.date | None = None
    end: dt.date | None = None
    channel: str | None = None
    own: bool = False


def number(day: dt.date, interval: str) -> int:
    """The number of the period that holds the day."""
    if interval == "week":
        return (day.toordinal() - 1) // 7  # day 1 of the calendar was a Monday
    months = day.year * 12 + day.month - 1
    return months if interval == "month" else months // 3


def table(rows: Sequence[Row], asked: Question) -> dict[tuple[int, int], tuple[int, int, bool]]:
    """(number of the first period, age) → customers, those there, whether it is complete."""
    last = max(row.at for row in rows).date()
    now, whole_before = number(last, asked.interval), number(last + dt.timedelta(days=1), asked.interval)
    followed = _followed(rows, asked)
    cells = {}
    for cohort in {min(periods) for periods in followed}:
        members = [periods for periods in followed if min(periods) == cohort]
        for age in range(now - cohort + 1):
            then = cohort + age
            there = sum(then in periods if asked.reading == "in" else any(p >= then for p in periods)
                        for periods in members)
            wait = WAIT if asked.reading == "in_or_after" and age else 0
            cells[cohort, age] = (len(members), there, then + wait < whole_before)
    return cells


def pooled(cells: dict[tuple[int, int], tuple[int, int, bool]]) -> dict[int, tuple[int, int, int]]:
    """Age → those there, customers, cohorts, over the complete cells."""
    found: dict[int, tuple[int, int, int]] = {}
    for (_, age), (size, there, complete) in cells.items():
        if complete:
            before = found.get(age, (0, 0, 0))
            found[age] = (before[0] + there, before[1] + size, before[2] + 1)
    return found


def first_channels(rows: Sequence[Row]) -> dict[int, str]:
    """Customer → channel of the earliest row; of equal times the one loaded first."""
    found: dict[int, tuple[dt.datetime, str]] = {}
    for row in rows:
        if row.customer not in found or row.at < found[row.customer][0]:
            found[row.customer] = (row.at, row.channel)
    return {customer: channel for customer, (_, channel) in found.items()}


def _followed(rows: Sequence[Row], asked: Question) -> list[set[int]]:
    """The periods in which each customer of the selection was there."""
    first = first_channels(rows)
    times: dict[int, list[dt.datetime]] = defaultdict(list)
    for row in _counting(rows, asked.of):
        if asked.channel is None or (row.channel if asked.own else first[row.customer]) == asked.channel:
            times[row.customer].append(row.at)
    return [{number(at.date(), asked.interval) for at in each} for each in times.values()
            if (asked.start is None or min(each).date() >= asked.start)
            and (asked.end is None or min(each).date() <= asked.end)]


def _counting(rows: Sequence[Row], of: str) -> list[Row]:
    """Every row, or the first row of every order."""
    if of == "activity":
        return list(rows)
    orders: dict[tuple[int, str], Row] = {}
    for row in rows:
        if row.order is not None:
            key = (row.customer, row.order)
            if key not in orders or row.at < orders[key].at:
                orders[key] = row
    return list(orders.values())
