"""Months without a day: `2025-11`, `11/2025`, `202511`, `Kasım 2025`, `Nov-25`, `2025M11`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from cx.model import fold

_NAMES = (
    "january jan ocak oca", "february feb subat sub", "march mar mart", "april apr nisan nis", "may mayis",
    "june jun haziran haz", "july jul temmuz tem", "august aug agustos agu", "september sep sept eylul eyl",
    "october oct ekim eki", "november nov kasim kas", "december dec aralik ara")
MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
"""Folded name or abbreviation, English or Turkish → 1–12."""
MONTH_WORDS = {"month", "ay", "ayi", "period", "donem", "donemi", "yyyymm"}
"""Folded words of headers over months."""
DAY_WORDS = {"date", "day", "tarih", "tarihi", "gun", "gunu"}
"""Folded words of headers over days."""

_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})(?: ?m ?| )(\d{1,2})(?: ay)?")
_YEAR_LAST = re.compile(r"(\d{1,2}) ((?:19|20)\d{2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:19|20)?\d{2}")
_ALONE = re.compile(  # what a cell looks like that may be a month and its year, and nothing else
    r"(?:(?:19|20)\d{2}(?:[-/]\d{1,2}|\.\d{2}|-?M\d{1,2}|[01]\d)|\d{1,2}[-/.](?:19|20)\d{2}|"
    r"(?:19|20)\d{2}[\s\-/.,]*[^\W\d]{3,9}\.?|[^\W\d]{3,9}\.?(?:\s?['’]\d{2}|[\s\-/.,]*(?:(?:19|20)\d{2}|\d{2})))")
_CLOCK = re.compile(r"\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*$")
_DAY_ALONE = re.compile(r"(\d{1,2})[-/.](\d{1,2})\.?(?:\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?")


def read_month(folded: str, year: int | None = None) -> dt.date | None:
    """The first day of the month a folded text names; None = none. `year` is that of a name without one ("Ocak"). Of a
    year of two digits, 00–69 is this century."""
    found = _COMPACT.fullmatch(folded) or _YEAR_FIRST.fullmatch(folded)
    if found:
        return _first(int(found[1]), int(found[2]))
    found = _YEAR_LAST.fullmatch(folded)
    if found:
        return _first(int(found[2]), int(found[1]))
    words = [word for word in folded.split() if word not in ("ay", "ayi", "yili")]
    months = [MONTHS[word] for word in words if word in MONTHS]
    years = [_full(word) for word in words if _YEAR.fullmatch(word)]
    if len(months) == 1 and len(words) == 1 + len(years) <= 2:
        return _first(years[0] if years else year, months[0])
    return None

_LONGEST_DAY = 100


def month_alone(cell: str) -> dt.date | None:
    """The first day of the month a cell names with its year, and nothing besides; None = no such cell."""
    cell = cell.strip()
    return read_month(fold(cell)) if _ALONE.fullmatch(cell) else None


def by_name(cell: str) -> bool:
    """Whether a cell names its month in words: bare figures (2025-11) may be something else."""
    return any(character.isalpha() for character in cell.replace("M", ""))


def are_days(cells: Iterable[str]) -> bool:
    """Whether `Nov-25` and the like rather name days without a year: more numbers of two digits than months."""
    pairs = [fold(cell).split() for cell in cells]
    short = [pair for pair in pairs if len(pair) == 2 and pair[0] in MONTHS and len(pair[1]) == 2]
    return len({number for _, number in short}) > len({name for name, _ in short})


def day_without_year(cell: str) -> Literal["", "bare", "named"]:
    """Whether a cell names a day and no year, in figures (28/01, which may be something else) or by name (28 Ocak)."""
    if len(cell) > _LONGEST_DAY:  # to look for a time of day in it would take the square of its length
        return ""
    found = _DAY_ALONE.fullmatch(cell.strip())
    if found:
        low, high = sorted((int(found[1]), int(found[2])))
        return "bare" if 1 <= low <= 12 and high <= 31 else ""
    words = fold(_CLOCK.sub("", cell)).split()
    named = [word for word in words if word in MONTHS]
    days = [word for word in words if word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31]
    return "named" if len(words) == 2 and len(named) == 1 and len(days) == 1 else ""


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)


def _first(year: int | None, month: int) -> dt.date | None:
    return dt.date(year, month, 1) if year is not None and 1 <= month <= 12 else None
