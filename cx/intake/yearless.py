"""Days without a year (28/01, "28 Oca"): which year they are of is asked, and over New Year they go on in the next."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from cx.intake.months import MONTHS
from cx.intake.times import Order
from cx.model import fold

_LEAP = 2024
_BELIEVED = 10  # years from today: an earlier date of the sheet may be a birthday
_DAYS, _HALF_YEAR = 366, 183
_IN_ORDER = 0.9  # share of the steps from row to row that go one way
_MOST_PASSED = 10  # New Years; of more the rows are sorted by something else first
_BARE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\.?(\s.*)?")
_NAMED = re.compile(r"(?:(?P<d>\d{1,2})\.?[\s-]+(?P<name>[^\W\d]{3,9})\.?|"
                    r"(?P<first>[^\W\d]{3,9})\.?[\s-]+(?P<day>\d{1,2}))(?P<clock>\s.*)?")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


@dataclass
class Yearless:
    """A column of days without a year.

    spans  order they are read in ("dmy", "mdy") → the first and the last of them in time, as "12-28" and "01-20" where
           the rows go over New Year; no entry where they are of more than a year
    year   that of the first; None = nobody said it
    likely  order → the year that is offered
    followed  the year was not said, but follows from that of an earlier file
    """

    spans: dict[str, list[str]] = field(default_factory=dict)
    year: int | None = None
    likely: dict[str, int] = field(default_factory=dict)
    followed: bool = False

    def span(self, order: str) -> tuple[str, str] | None:
        """The first and the last day as the cells are read; None = they are of more than a year."""
        found = self.spans.get(order) or next(iter(self.spans.values()), None)
        return (found[0], found[1]) if found else None

    def dated(self, cell: str, order: Order) -> tuple[str, Order]:
        """A cell with its year, and the order to read it in; unreadable where the year is not known."""
        span, found = self.span(order), _parts(cell, order)
        if found is None:
            return cell, order
        if self.year is None or span is None:
            return "", order
        day, clock = found
        year = self.year + (span[0] > span[1] and day < span[0])
        return f"{year}-{day}{clock}", "ymd"

    def bounds(self, order: str, year: int) -> tuple[dt.date, dt.date] | None:
        """The first and the last day where the first is of that year."""
        span = self.span(order)
        if span is None:
            return None
        return _date(span[0], year), _date(span[1], year + (span[0] > span[1]))


def yearless(cells: Iterable[str], order: str) -> Yearless:
    """What a column of days without a year holds, from all its rows from top to bottom.

    order  "ambiguous" = they are read both ways
    """
    every = list(cells)
    return Yearless({each: list(span) for each in (("dmy", "mdy") if order == "ambiguous" else (order,))
                     if (span := _span(every, each))})


def offer_years(columns: Mapping[str, Yearless], moments: Iterable[float], names: Iterable[str]) -> None:
    """What year is offered for each column of a sheet.

    moments  the times of its other columns on average, in seconds since 1970
    names    what the file and the sheet are called, and what stands above the header
    """
    today = dt.date.today()
    dated = [dt.datetime.fromtimestamp(each, dt.UTC).date() for each in moments]
    around = max((day for day in dated if abs(day.year - today.year) <= _BELIEVED), default=None)
    named = list(names)
    for days in columns.values():
        days.likely = {order: proposed_year(days, order, today, named, around=around) for order in days.spans}


def proposed_year(days: Yearless, order: str, today: dt.date, named: Iterable[str] = (), *,
                  around: dt.date | None = None) -> int:
    """The year the first day most likely is of: so that the days lie around another day, else by a year that names
    mention, else so that they lie before today."""
    span = days.span(order)
    assert span is not None
    if around is not None:
        return _nearest(days, order, around)
    told = {int(found) for name in named for found in _YEAR.findall(name)}
    over = span[0] > span[1]
    likely = [year for each in told for year in ((each - 1, each) if over else (each,))
              if _last(days, order, year) <= today]
    if likely and (over or len(told) == 1):
        return min(told) if over and len(told) == 2 else max(likely)
    return next(year for year in range(today.year, 0, -1) if _last(days, order, year) <= today)


def as_before(days: Yearless, earlier: Yearless, order: str) -> int | None:
    """The year of the first day of a file that follows an earlier one of its kind, whose year was said: so that it ends
    nearest to where that one ended, and not in the future unless that one did."""
    ended = earlier.bounds(order, earlier.year) if earlier.year is not None else None
    if ended is None or days.span(order) is None:
        return None
    return _nearest(days, order, ended[1], max(ended[1], dt.date.today()))


def _nearest(days: Yearless, order: str, day: dt.date, latest: dt.date = dt.date.max) -> int:
    """The year of the first day with which the last one is nearest to another day, and not after the latest."""
    return min((year for year in range(day.year - 2, day.year + 2) if _last(days, order, year) <= latest),
               key=lambda year: abs((_last(days, order, year) - day).days))


def _last(days: Yearless, order: str, year: int) -> dt.date:
    found = days.bounds(order, year)
    assert found is not None
    return found[1]


def _date(day: str, year: int) -> dt.date:
    """A day of a year; of a year without a 29 February the day after."""
    try:
        return dt.date.fromisoformat(f"{year}-{day}")
    except ValueError:
        return dt.date(year, 3, 1)


def _parts(cell: str, order: str) -> tuple[str, str] | None:
    """(month and day as "01-28", what follows) of a cell; None = it names no day."""
    cell = cell.strip()
    if bare := _BARE.fullmatch(cell):
        first, second = int(bare[1]), int(bare[3])
        month, day = (first, second) if (order == "mdy" and first <= 12) or second > 12 else (second, first)
        clock = bare[4]
    elif (named := _NAMED.fullmatch(cell)) and (number := MONTHS.get(fold(named["name"] or named["first"]))):
        month, day, clock = number, int(named["d"] or named["day"]), named["clock"]
    else:
        return None
    try:
        dt.date(_LEAP, month, day)
    except ValueError:
        return None
    return f"{month:02}-{day:02}", clock or ""


def _span(cells: Iterable[str], order: str) -> tuple[str, str] | None:
    """The first and the last day in time; None = there are none, or they are of more than a year.

    A step over more than half a year goes over New Year: always where all days lie within half a year, and else where
    the rows go one way (here and there a row may stand before its time) and it is the way of the step. All others are
    of one year.
    """
    known: dict[str, str | None] = {}
    days: list[str] = []
    for cell in cells:
        if cell not in known:
            found = _parts(cell, order)
            known[cell] = found[0] if found else None
        day = known[cell]
        if day is not None and (not days or days[-1] != day):
            days.append(day)
    if not days:
        return None
    numbers = [dt.date.fromisoformat(f"{_LEAP}-{day}").toordinal() for day in days]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    years = [(step < -_HALF_YEAR) - (step > _HALF_YEAR) for step in steps]  # that a step goes on, or back
    placed = list(accumulate((step + _DAYS * year for step, year in zip(steps, years, strict=True)), initial=0))
    first, last = min(placed), max(placed)
    forward = sum(0 < step <= _HALF_YEAR for step in steps)
    backward = sum(-_HALF_YEAR <= step < 0 for step in steps)
    passed = sum(years) * (-1 if backward > forward else 1)
    if max(forward, backward) < _IN_ORDER * (forward + backward):
        fits = last - first <= _HALF_YEAR
    elif last - first >= _DAYS and 0 < passed <= _MOST_PASSED:
        return None
    else:
        fits = passed == 1
    return (days[placed.index(first)], days[placed.index(last)]) if fits else (min(days), max(days))
