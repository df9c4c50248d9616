"""Dates and times in cells: which order a column uses, decided from all its values, and each value read by it.

Read: ISO with T, Z, offsets and fractions; day/month/year in either order with any of . / - and two or four digits of
year; month names in English and Turkish; AM/PM, ÖÖ/ÖS; spreadsheet serials (day 0 = 1899-12-30, of old Macintosh files
1904-01-01); 20251231140509; 31122025; months without a day; Unix seconds, milliseconds and microseconds; the
usual abbreviations of time zones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cx.intake.months import MONTHS, are_days, by_name, day_without_year, month_alone
from cx.model import fold

Order = Literal["ymd", "dmy", "mdy", "serial", "serial1904", "epoch", "month", "ambiguous"]

ORDERS: tuple[Order, ...] = get_args(Order)

_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1,
          "cest": 2, "eet": 2, "eest": 3, "trt": 3, "msk": 3}

_CLOCK = (r"(?P<h>\d{1,2})[:.](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
          r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?|[ÖöOo][ÖöSsOo]))?"
          r"(?:\s*(?P<zone>[Zz]|(?:UTC|GMT)?\s*[+-]\d{2}:?\d{2}|[+-]\d{2}|UTC|GMT|" + "|".join(_ZONES) + "|"
          + "|".join(name.upper() for name in _ZONES) + r")(?:\s*\([^)]*\))?)?")
_REST = rf"(?:(?:[T\s,]|,\s|\s[-–]\s|\s(?:saat|at)\s)\s*{_CLOCK})?\s*$"
_WEEKDAY = r"^\s*(?:[^\W\d]{2,10}\.?,?\s+)?"
_DAY = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})")
_YMD = re.compile(r"^\s*(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _REST)
_COMPACT = re.compile(r"^\s*(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)" + _REST)
_COMPACT_DAY_FIRST = re.compile(r"^([0-3]?\d)([0-3]\d)((?:19|20)\d{2})$")  # without the 0 a number has lost
_STAMP = re.compile(r"^((?:19|20)\d{6})T?([0-2]\d)([0-5]\d)([0-5]\d)(?:[.,]\d+)?(Z?)$")
_PAIR = re.compile(r"^\s*(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})" + _REST)
_NAMED_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s\-./]+(?P<name>[^\W\d]{3,9})\.?[\s\-./,]+(?P<y>\d{4}|\d{2})"
    r"(?:\s+[^\W\d]{3,10})?" + _REST)
_NAMED_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<name>[^\W\d]{3,9})\.?[\s\-./]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[\s\-./]+(?P<y>\d{4})" + _REST)
_CTIME = re.compile(r"^[^\W\d]{3}\s+([^\W\d]{3,9})\s+(\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2})?)\s+(\S+\s+)?(\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:[.,]\d+)?$")
_EPOCH = re.compile(r"^1\d{9}(?:\d{3}){0,2}(?:\.\d+)?$")

_SERIAL_ZERO = {"serial": dt.datetime(1899, 12, 30), "serial1904": dt.datetime(1904, 1, 1)}
_IANA = re.compile(r"\s+((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[\w/+-]{2,30})$")
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern), by) for pattern, by in (
    ("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", ""),  # marks that nobody sees
    (r"\[[\w/+-]+\]$", ""),  # 2025-02-01T09:05+03:00[Europe/Istanbul]
    (r"\s*\(((?:UTC|GMT)?\s*(?:[+-]\d.*)?)\)$", r" \1"),
    (r"\b(?:UTC|GMT)\s*([+-])(\d)(?!\d)", r"\g<1>0\2"),
    (r"(?i)\s(?:saat|at)\s?:?\s*(?=\d)", " "),
    (r"(?i)\s(ÖÖ|ÖS|AM|PM)\s+(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)$", r" \2 \1"),
    (r"(?i)(?<=\s)(\d{1,2})\s?([ap])\.?m\.?$", r"\1:00 \2m"),
    (r"(?<=\d\s)(\d{1,2}):(\d)$", r"\1:0\2"),
    (r"(?i)(?<=\d)(st|nd|rd|th)\s+of\s", r"\1 "),
    (r"^(\d{1,2})([^\W\d]{3,9})(\d{4}|\d{2})(?::(?=\d))?", r"\1 \2 \3 "),  # 01FEB2025:09:05:07
    (r"^(\d{4})[\s-]([^\W\d]{3,9})[\s-](\d{1,2})(?!\d)", r"\3 \2 \1"),
    (r"^(\d{1,2})\.\s+(\d{1,2})\.\s+(\d{4}|\d{2})", r"\1.\2.\3"),
    (r"^(\d{1,2})\s(\d{1,2})\s(\d{4})(?!\d)", r"\1/\2/\3"),
    (r"^((?:19|20)\d{6}) ?([01]\d|2[0-3])([0-5]\d)$", r"\1 \2:\3"),
    (r"(?<=\d)\.$", ""),
))
"""Rarer ways to write a moment, and how each is put so that it can be read."""
_MAY_BE_REWRITTEN = re.compile(r"(?:19|20)\d\d|[-./ ]\d\d?\b|\d[^\W\d]{3,9}\d\d")
_LONGEST = 60  # characters of a moment
EARLIEST, LATEST = 1990, 2100  # outside these years a date is a time of day in disguise, or a slip


@dataclass(frozen=True)
class TimeFormat:
    """How the times of a column are written.

    order  "ambiguous" where every value fits both day-first and month-first; "month" where they name months without a
           day (cx.intake.months): their first day is meant
    named  whether those months (or days without a year) are named in words, and not bare figures (2025-11) that may be
           something else
    yearless  whether they are days without a year (28/01, "28 Oca"): `order` and `share` are of these
    share  share of the values that can be read as a date at all
    clock  share of the values that have a time of day
    """

    order: Order
    share: float
    clock: float
    named: bool = True
    yearless: bool = False


def decide_times(values: Iterable[str], *, day_first: bool | None = None, numbers: bool = True,
                 run_together: bool = True) -> TimeFormat:
    """The order that reads the most of these (distinct, non-empty) values.

    day_first     what to take where nothing decides; None = leave it "ambiguous"
    numbers       whether bare numbers may be spreadsheet serials, Unix times or 20251231
    run_together  whether they may be 31122025, as a customer's number may look by chance
    """
    told = _Told(numbers, numbers and run_together)
    total, rest = 0, list[str]()
    for value in values:
        total += 1
        if not told.by(value):
            plain = _IANA.sub("", _rewritten(value)) if len(value) <= 2 * _LONGEST else value
            if plain == value or not told.by(plain):
                rest.append(value)
    if not total:
        return TimeFormat("ambiguous", 0.0, 0.0)
    counts: dict[Order, int] = {"ymd": told.year_first + told.named, "serial": told.serials, "epoch": told.epochs}
    firsts, seconds = len(told.firsts), len(told.seconds)
    if told.pairs >= 20 and told.clocks > 0.9 * told.pairs and day_first is None and min(firsts, seconds) == 1:
        # Contacts on several days of one month are likely, at many hours of one day number of several months are not.
        day_first = firsts >= 3 if max(firsts, seconds) >= 3 else None
    if told.pairs:
        counts[_pair_order(told.pairs, told.first_high, told.second_high, told.dotted, day_first)] = (
            told.pairs - min(told.first_high, told.second_high) + told.named + told.year_first)
    days_of_months = are_days(told.months)
    counts["month"] = 0 if days_of_months else len(told.months)
    days = [value for value in (*rest, *(told.months if days_of_months else ())) if day_without_year(value)]
    if len(days) > max(counts.values()):
        return _yearless(days, total, day_first)
    order = max(counts, key=lambda each: counts[each])
    return TimeFormat(order, counts[order] / total, told.clocks / total,
                      order != "month" or any(map(by_name, told.months)))


def _yearless(days: list[str], total: int, day_first: bool | None) -> TimeFormat:
    """How a column of days without a year is written."""
    pairs = [pair for value in days if (pair := _DAY.match(value))]
    first, second = (sum(int(pair[place]) > 12 for pair in pairs) for place in (1, 3))
    dotted = sum(pair[2] == "." for pair in pairs)
    order = _pair_order(len(pairs), first, second, dotted, day_first) if pairs else "dmy"
    return TimeFormat(order, len(days) / total, sum(":" in value for value in days) / total,
                      any(map(str.isalpha, "".join(days))), yearless=True)


class _Told:
    """How many values are written in which way. firsts, seconds = different numbers before and after the first
    separator."""

    def __init__(self, numbers: bool, run_together: bool) -> None:
        self._numbers, self._run_together = numbers, run_together
        self.named = self.year_first = self.pairs = self.first_high = self.second_high = self.dotted = 0
        self.serials = self.epochs = self.clocks = 0
        self.firsts: set[str] = set()
        self.seconds: set[str] = set()
        self.months: list[str] = []

    def by(self, value: str) -> bool:
        """Count a value → whether it is written in one of these ways."""
        if value[4:5] == "-" == value[7:8] and value[:4].isdigit():
            if _date(value[:4], value[5:7], value[8:10]):
                self.year_first += 1
                self.clocks += len(value) > 10
            return True
        pair = _PAIR.match(_split(value) if self._run_together else value)
        if pair:
            first, second = int(pair["a"]), int(pair["b"])
            if max(first, second) <= 31 and min(first, second) <= 12:
                self.pairs += 1
                self.clocks += pair["h"] is not None
                self.first_high += first > 12
                self.second_high += second > 12
                self.dotted += pair["sep"] == "."
                self.firsts.add(pair["a"])
                self.seconds.add(pair["b"])
        elif found := _YMD.match(value) or (self._numbers and _COMPACT.match(_split(value))) or None:
            if _date(found["y"], found["m"], found["d"]):
                self.year_first += 1
                self.clocks += found["h"] is not None
        elif found := _named(value):
            self.named += 1
            self.clocks += found["h"] is not None
        elif self._numbers and _SERIAL.match(value):
            self.serials += 1
            self.clocks += not value.isdigit()
        elif self._numbers and _EPOCH.match(value):
            self.epochs += 1
            self.clocks += 1
        elif month_alone(value):
            self.months.append(value)
        else:
            return False
        return True


def _pair_order(pairs: int, first_high: int, second_high: int, dotted: int, day_first: bool | None) -> Order:
    if first_high > second_high:
        return "dmy"
    if second_high > first_high:
        return "mdy"
    if dotted * 2 > pairs:  # nobody writes month.day.year
        return "dmy"
    return "ambiguous" if day_first is None else "dmy" if day_first else "mdy"


def read_time(value: str, order: Order, zone: ZoneInfo | None = None) -> dt.datetime | None:
    """The moment a cell names, without a zone (one given is converted to `zone`, UTC by default); None = unreadable.

    Of a two-digit year, 00–69 is this century. Years before 1990 and after 2100 are not believed.
    """
    found = _read(value, order, zone)
    if found is not None or not 6 <= len(value) <= 2 * _LONGEST or (value.isdigit() and len(value) != 12):
        return found
    named = _IANA.search(value)
    if named:
        moment = _read(value[:named.start()], order, None)
        try:
            return moment and _bounded(_local(moment.replace(tzinfo=ZoneInfo(named[1])), zone))
        except (ZoneInfoNotFoundError, ValueError):
            return None
    plain = _rewritten(value)
    return _read(plain, order, zone) if plain != value else None


def _rewritten(value: str) -> str:
    """A value that may be a moment, put so that it can be read; any other as it is."""
    if len(value) > _LONGEST or not _MAY_BE_REWRITTEN.search(value):
        return value
    for pattern, by in _REWRITTEN:
        value = pattern.sub(by, value)
    return value.strip()


def _read(value: str, order: Order, zone: ZoneInfo | None) -> dt.datetime | None:
    if len(value) >= 10 and value[4] == "-" and value[7] == "-" and value[13:14] != ".":  # 09.30: minutes get lost
        try:
            return _bounded(_local(dt.datetime.fromisoformat(value), zone))
        except ValueError:
            pass
    month = month_alone(value) if order == "month" else None
    if month:
        return _bounded(dt.datetime(month.year, month.month, 1))
    pair = _PAIR.match(_split(value))
    if pair:
        first, second = int(pair["a"]), int(pair["b"])
        if order == "month" and max(first, second) <= 12 and first != second:  # which is the month, nobody decided
            return None
        if order == "mdy" or (order == "month" and second > 12):
            return _moment(pair, pair["y"], pair["a"], pair["b"], zone)
        return _moment(pair, pair["y"], pair["b"], pair["a"], zone)
    found = _YMD.match(value)
    if found:
        return _moment(found, found["y"], found["m"], found["d"], zone)
    named = _named(value)
    if named:
        return _moment(named, named["y"], str(MONTHS[fold(named["name"])]), named["d"], zone)
    if order == "epoch" and _EPOCH.match(value):
        seconds = float(value) / {10: 1, 13: 1_000, 16: 1_000_000}[len(value.split(".")[0])]
        return _bounded(_local(dt.datetime.fromtimestamp(seconds, dt.UTC), zone))
    compact = _COMPACT.match(_split(value))
    if compact:
        return _moment(compact, compact["y"], compact["m"], compact["d"], zone)
    if order in _SERIAL_ZERO and _SERIAL.match(value):
        return _bounded(_SERIAL_ZERO[order] + dt.timedelta(seconds=round(float(value.replace(",", ".")) * 86400)))
    return None


def _split(value: str) -> str:
    """`20251231140509` as `20251231 14:05:09`, `31122025` as `31/12/2025`; anything else as it is."""
    if not value[:1].isdigit():
        return value
    day = _COMPACT_DAY_FIRST.match(value)
    if day:
        return f"{day[1]}/{day[2]}/{day[3]}"
    found = _STAMP.match(value)
    return f"{found[1]} {found[2]}:{found[3]}:{found[4]}{found[5]}" if found else value


def _named(value: str) -> re.Match[str] | None:
    ctime = _CTIME.match(value)
    if ctime:
        value = f"{ctime[2]} {ctime[1]} {ctime[5]} {ctime[3]} {ctime[4] or ''}"
    for pattern in (_NAMED_DAY_FIRST, _NAMED_MONTH_FIRST):
        found = pattern.match(value)
        if found and fold(found["name"]) in MONTHS:
            return found
    return None


def _date(year: str, month: str, day: str) -> dt.datetime | None:
    try:
        full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
        return dt.datetime(full, int(month), int(day))
    except ValueError:
        return None


def _moment(found: re.Match[str], year: str, month: str, day: str, zone: ZoneInfo | None) -> dt.datetime | None:
    *_, clock_hour, minute, second, fraction, half, given_zone = found.groups()
    if clock_hour is None:
        return _bounded(_date(year, month, day))
    hour = int(clock_hour)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.upper().replace(".", "").replace("O", "Ö") in ("PM", "ÖS") else 0)
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    microseconds = int(fraction[:6].ljust(6, "0")) if fraction else 0
    try:
        moment = dt.datetime(full, int(month), int(day), hour, int(minute), int(second or 0), microseconds,
                             _offset(given_zone))
    except ValueError:
        return None
    return _bounded(_local(moment, zone))


def _offset(zone: str | None) -> dt.timezone | None:
    if zone is None:
        return None
    named = _ZONES.get(zone.strip().lower())
    if named is not None:
        return dt.timezone(dt.timedelta(hours=named))
    digits = re.sub(r"[^0-9+-]", "", zone)
    if not digits:
        return dt.UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    return dt.timezone(dt.timedelta(minutes=-minutes if digits[0] == "-" else minutes))


def _local(moment: dt.datetime, zone: ZoneInfo | None) -> dt.datetime:
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zone or dt.UTC).replace(tzinfo=None)


def _bounded(moment: dt.datetime | None) -> dt.datetime | None:
    return moment if moment is not None and EARLIEST <= moment.year < LATEST else None
