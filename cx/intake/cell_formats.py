"""How the times, numbers and durations of a sheet are written: one way for each column, decided from all its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cx.intake.mapping import names_unit, unit_of
from cx.intake.periods import order_of
from cx.intake.plan import Plan, SheetPlan
from cx.intake.table import Cells, Table
from cx.intake.times import decide_times
from cx.intake.values import CLOCKS, COMMA, are_parts_of_days, decide_numbers, read_duration
from cx.intake.yearless import yearless
from cx.model import FIELD, fold

TIME_ROLES = ("occurred_at", "milestone", "promised_at", "delivered_at", "period")
_CLOCK = re.compile(r"(\d{1,3}):[0-5]\d")
_IN_HOURS = re.compile(r"\bhh?:mm\b(?!:)|\bsa(?:at)?:(?:dk|dakika)\b(?!:)", re.IGNORECASE)
_IN_MINUTES = re.compile(r"(?<![:\w])(?:mm?:ss|dk:sn|dakika:saniye|min:sec)\b", re.IGNORECASE)
_ON_THE_LINE = re.compile(r"\b(?:queue\w*|kuyru\w*|hold|hatt?[ai]|ring\w*|speed of answer|asa|calls?|cagri\w*)\b")
_WAITS = re.compile(r"\b(?:wait\w*|bekle\w*)\b")
_LONG_WAIT = 8  # hours that nobody waits in person or on a line


def decide_formats(sheet: SheetPlan, columns: dict[str, Cells], table: Table, language: str | None,
                   turkish: bool) -> None:
    """How times, numbers and durations are written, from all values of their columns."""
    positions = {key: position for position, key in enumerate(table.keys)}
    day_first = True if language == "tr" or turkish else None
    orders: dict[str, str] = {}
    without: list[str] = []
    for header, role in sheet.columns.items():
        kind = FIELD[role].kind if role in FIELD else None
        timed, counted = role in TIME_ROLES, kind in ("integer", "decimal", "seconds")
        if not timed and (not counted or role in ("nps", "csat", "ces")):
            continue
        distinct = list(columns[header].telling("times" if timed else "numbers"))
        if role == "period":
            found = decide_times(distinct)
            if found.share >= 0.5 and found.order != "month":  # else they are called by name
                orders[header] = order_of(distinct)
        elif role in TIME_ROLES:
            written = decide_times(distinct, day_first=day_first)
            orders[header] = written.order
            without += [header] if written.yearless else []
            if orders[header] == "serial" and table.from_1904:
                orders[header] = "serial1904"
        elif kind in ("integer", "decimal"):
            convention = decide_numbers(distinct)[0]
            if positions[header] in table.numbers:
                convention = "1,234.56"
            elif convention == "ambiguous" and (turkish or language == "tr"):
                convention = COMMA
            sheet.formats[header] = convention
        elif kind == "seconds" and not _is_settled(sheet.formats.get(header), distinct):
            sheet.formats[header] = decide_durations(header, distinct)
    decided = {order for order in orders.values() if order in ("dmy", "mdy")}
    for header, order in orders.items():  # one sheet writes all its dates alike
        alike = order == "ambiguous" and len(decided) == 1
        sheet.formats[header] = next(iter(decided)) if alike else order
    said = {header: given.year for header, given in sheet.years.items()}
    sheet.years = {header: replace(yearless(columns[header], sheet.formats[header]), year=said.get(header))
                   for header in without}


def _is_settled(given: str | None, durations: Sequence[str]) -> bool:
    """Whether it is known from before how durations are written."""
    return given in ("minutes", "hours", "days") or (given in CLOCKS and not are_parts_of_days(durations))


def settle_clocks(plan: Plan) -> None:
    """What 4:30 means may be answered with "minutes" or "hours", too: kept as a clock, it says nothing of the plain
    numbers that another file with these headers holds."""
    clocks = dict(zip(("minutes", "hours"), CLOCKS, strict=True))
    for problem in plan.problems:
        for sheet in plan.sheets if problem.code == "duration" and problem.column else ():
            given = sheet.formats.get(problem.column or "")
            if sheet.name == problem.sheet and given in clocks:
                sheet.formats[problem.column or ""] = clocks[given]


def written_as(sheet: SheetPlan, header: str) -> str | None:
    """How the cells of a column are written, to be shown: as in SheetPlan.formats, but of durations that say their unit
    themselves (12 dk, 4 min 30 s) "units", and of those as on a clock with hours (0:12:30) "hh:mm:ss"; None = nothing
    had to be decided."""
    given, cells = sheet.formats.get(header), [cell for cell in sheet.samples.get(header, []) if cell.strip()]
    role = sheet.columns.get(header)
    if given != "seconds" or not cells or role not in FIELD or FIELD[role].kind != "seconds":
        return given
    if all(any(map(str.isalpha, cell)) or "'" in cell for cell in cells):
        return "units"
    clocks = [cell.count(":") for cell in cells]
    return "hh:mm:ss" if min(clocks) and max(clocks) > 1 else "mm:ss" if min(clocks) else given


def decide_durations(header: str, cells: Sequence[str]) -> str:
    """How a column of durations is written: in a unit, "seconds", "minutes", "hours" or "days", or as the clock has it,
    "mm:ss" or "hh:mm"; "ambiguous" where 4:30 can be minutes and seconds as well as hours and minutes: neither the
    header nor another cell says which.

    cells  its different cells, none empty
    """
    if are_parts_of_days(cells):
        return "days"
    clocks = [int(found[1]) for cell in cells if (found := _CLOCK.fullmatch(cell.strip()))]
    if clocks and _IN_HOURS.search(header):
        return "hh:mm"
    if not clocks or names_unit(header):
        return unit_of(header)
    if any(not _CLOCK.fullmatch(cell.strip()) and read_duration(cell) is not None for cell in cells):
        return "seconds"  # 270, 1:02:44, 4 min: what is written beside these are minutes and seconds
    folded = fold(header)
    if _IN_MINUTES.search(header) or _ON_THE_LINE.search(folded) or max(clocks) >= 60 or (
            _WAITS.search(folded) and max(clocks) > _LONG_WAIT):
        return "mm:ss"
    return "ambiguous"
