"""Which week, month, quarter or year a cell or header names: `2025-03`, `Mart 2025`, `Q1 2025`, `1. çeyrek 2025`,
`2025-W05`, a date at its first or last day."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable

from cx.intake.months import read_month
from cx.intake.times import Order, decide_times, read_time
from cx.model import fold

Period = tuple[dt.date, str]
"""First day, and "day", "week", "month", "quarter" or "year"."""

_QUARTER = re.compile(r"(?:[qc] ?([1-4])|([1-4])(?:st|nd|rd|th)? ?(?:quarter|ceyrek|q|c))(?: ((?:19|20)?\d{2}))?")
_QUARTER_LAST = re.compile(r"((?:19|20)\d{2}) ?(?:[qc] ?([1-4])|([1-4]) ?(?:quarter|ceyrek))")
_WEEK = re.compile(r"((?:19|20)\d{2}) ?(?:w|week|hafta|h) ?(\d{1,2})")
_WEEK_LAST = re.compile(r"(?:(?:w|week|kw) ?(\d{1,2})|(\d{1,2}) ?(?:hafta|week)) ((?:19|20)\d{2})")
_STEPS = ((1, 1, "day"), (7, 7, "week"), (28, 31, "month"), (90, 92, "quarter"), (365, 366, "year"))


def read_period(value: str, year: int | None = None) -> Period | None:
    """The period a text names; None = none. `year` is that of names without one ("Ocak", "Q1")."""
    text = fold(value)
    month = read_month(text, year)
    if month:
        return month, "month"
    found = _QUARTER_LAST.fullmatch(text)
    if found:
        return _quarter(int(found[1]), int(found[2] or found[3]))
    found = _QUARTER.fullmatch(text)
    if found:
        given = int(found[3]) if found[3] else year
        return _quarter(given if given is None or given > 99 else 2000 + given, int(found[1] or found[2]))
    found = _WEEK.fullmatch(text)
    if found:
        return _week(int(found[1]), int(found[2]))
    found = _WEEK_LAST.fullmatch(text)
    if found:
        return _week(int(found[3]), int(found[1] or found[2]))
    if re.fullmatch(r"(?:19|20)\d{2}", text):
        return dt.date(int(text), 1, 1), "year"
    return None


def read_periods(values: Iterable[str], year: int | None = None, order: str | None = None) -> dict[str, Period]:
    """Value → period, for the values of one column that name one. Dates count where they lie as far apart as weeks,
    months, quarters or years do; `order` is how they are written (decided from the values where None)."""
    texts = list(dict.fromkeys(values))
    named = {value: period for value in texts if (period := read_period(value, year)) is not None}
    if len(named) * 2 > len(texts):
        return named
    if order in (None, "ambiguous"):
        order = order_of(texts)
    dates = {value: moment.date() for value in texts if (moment := read_time(value, _known(order))) is not None}
    days = sorted(set(dates.values()))
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    for low, high, interval in _STEPS:
        if gaps and sum(low <= gap <= high for gap in gaps) >= 0.6 * len(gaps) and min(gaps) >= low:
            return {value: (_start(day, interval), interval) for value, day in dates.items()}
    return {}


def order_of(values: Iterable[str]) -> str:
    """How dates that name periods are written: those of one day of the month are read so that they are."""
    texts = list(values)
    order = decide_times(texts).order
    if order != "ambiguous":
        return order
    for chosen in ("dmy", "mdy"):
        read = [read_time(value, chosen) for value in texts]
        if len(texts) > 1 and len({moment.day for moment in read if moment}) == 1:
            return chosen
    return "ambiguous"


def year_in(name: str) -> int | None:
    """The one year a sheet's name holds; None = none, or several."""
    found = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", name))
    return int(found.pop()) if len(found) == 1 else None


def _known(order: str | None) -> Order:
    return "dmy" if order in (None, "ambiguous") else order  # type: ignore[return-value]


def _start(day: dt.date, interval: str) -> dt.date:
    if interval == "week":
        return day - dt.timedelta(days=day.weekday())
    if interval == "quarter":
        return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day.replace(day=1) if interval == "month" else dt.date(day.year, 1, 1) if interval == "year" else day


def _quarter(year: int | None, quarter: int) -> Period | None:
    return (dt.date(year, 3 * quarter - 2, 1), "quarter") if year is not None else None


def _week(year: int, week: int) -> Period | None:
    try:
        return dt.date.fromisocalendar(year, week, 1), "week"
    except ValueError:
        return None
