"""How the times, numbers and durations of a sheet are written: one way for each column, decided from all its values."""

from __future__ import annotations

from cx.intake.mapping import unit_of
from cx.intake.periods import order_of
from cx.intake.plan import SheetPlan
from cx.intake.table import Cells, Table
from cx.intake.times import decide_times
from cx.intake.values import COMMA, are_parts_of_days, decide_numbers
from cx.model import FIELD

TIME_ROLES = ("occurred_at", "milestone", "promised_at", "delivered_at", "period")


def decide_formats(sheet: SheetPlan, columns: dict[str, Cells], table: Table, language: str | None,
                   turkish: bool) -> None:
    """How times, numbers and durations are written, from all values of their columns."""
    positions = {key: position for position, key in enumerate(table.keys)}
    day_first = True if language == "tr" or turkish else None
    orders: dict[str, str] = {}
    for header, role in sheet.columns.items():
        kind = FIELD[role].kind if role in FIELD else None
        timed, counted = role in TIME_ROLES, kind in ("integer", "decimal", "seconds")
        if not timed and (not counted or role in ("nps", "csat", "ces")):
            continue
        distinct = list(columns[header].telling("times" if timed else "numbers"))
        if role == "period":
            if decide_times(distinct).share >= 0.5:  # else they are called by name
                orders[header] = order_of(distinct)
        elif role in TIME_ROLES:
            orders[header] = decide_times(distinct, day_first=day_first).order
            if orders[header] == "serial" and table.from_1904:
                orders[header] = "serial1904"
        elif kind in ("integer", "decimal"):
            convention = decide_numbers(distinct)[0]
            if positions[header] in table.numbers:
                convention = "1,234.56"
            elif convention == "ambiguous" and (turkish or language == "tr"):
                convention = COMMA
            sheet.formats[header] = convention
        elif kind == "seconds" and sheet.formats.get(header) not in ("minutes", "hours", "days"):
            sheet.formats[header] = "days" if are_parts_of_days(distinct) else unit_of(header)
    decided = {order for order in orders.values() if order in ("dmy", "mdy")}
    for header, order in orders.items():  # one sheet writes all its dates alike
        alike = order == "ambiguous" and len(decided) == 1
        sheet.formats[header] = next(iter(decided)) if alike else order
