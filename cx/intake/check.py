"""Which rows of a sheet can be loaded, and why the others cannot: one reason each, with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cx.intake.clean import Cleaned
from cx.intake.column import Values
from cx.intake.plan import Reject, SheetPlan
from cx.intake.table import Chunk, Table
from cx.intake.times import EARLIEST, LATEST
from cx.language import Text, text, text_n

_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T](?:[01]?\d|2[0-3]):[0-5]\d.*)?$")
_WRITE_DATES = {"dmy": "31.12.2025 14:05", "mdy": "12/31/2025 14:05"}


@dataclass
class Checked:
    """good: True where a row may be loaded; rejects: the first reason against each of the others."""

    table: Table
    chunk: Chunk
    good: np.ndarray
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, row: int, header: str | None, value: str | None, reason: Text) -> None:
        """Keep a row of the chunk out, unless it is out already; without a value the cell under the header is shown."""
        if not self.good[row]:
            return
        self.good[row] = False
        cells = self.chunk.cells(row)
        self.rejects.append(Reject(
            self.table.name, int(self.chunk.numbers[row]), header,
            cells.get(header or "", "") if value is None else value, reason, cells))


def check(table: Table, plan: SheetPlan, chunk: Chunk, cleaned: Cleaned, row: Mapping[str, Values],
          continues: np.ndarray | None = None) -> Checked:
    """Look at rows before they are shaped: too many cells, an unreadable or empty time, no customer.

    continues  True where a row continues the order of an earlier one (cx.intake.order_lines)
    """
    checked = Checked(table, chunk, np.ones(len(chunk), dtype=bool))
    if table.ragged:
        for position in _where(np.isin(chunk.numbers, list(table.ragged))):
            checked.reject(position, None, " | ".join(table.ragged[int(chunk.numbers[position])]), text(
                "The row has more cells than the header. If a text contains the separator, put it in quotes."))
    times = [(header, role) for header, role in plan.columns.items() if header in cleaned.values and role in
             ("occurred_at", "milestone", "promised_at", "delivered_at")]
    for header, _ in times:
        for position in _where(cleaned.unread[header]):
            checked.reject(position, header, None, _no_date((chunk.columns[header].text(position) or "")[:60],
                                                            plan.formats.get(header, "")))
    if plan.layout != "milestones" and any(role == "occurred_at" for _, role in times):
        for position in _where(~row["occurred_at"].filled):
            checked.reject(position, plan.column_of("occurred_at"), None, text(
                "The row continues an order whose date cannot be read. Correct the date in the first row of the order."
            ) if continues is not None and continues[position] else text(
                "The date is empty. Fill in when it happened."))
    if plan.layout == "milestones":
        dated = [cleaned.values[header].filled for header, role in times if role == "milestone"]
        for position in _where(~np.logical_or.reduce(dated)):
            checked.reject(position, times[0][0], None, text("None of the dates of this row is filled in."))
    if "customer_id" in row:
        told = row["customer_id"].filled
        if may_be_nobodys(plan) and "record_id" in row:
            told = told | row["record_id"].filled
        for position in _where(~told):
            checked.reject(position, plan.column_of("customer_id"), None,
                           text("The customer is empty. Fill in who it was."))
    return checked


def may_be_nobodys(plan: SheetPlan) -> bool:
    """Whether rows that leave the customer empty are those of anonymous respondents: contacts and answers whose own
    number finds them again when somebody fills in who it was. Others would then be there twice."""
    return plan.layout in ("events", "survey") and plan.column_of("record_id") is not None


def nobodys(header: str, rows: int) -> Text:
    """That rows leave the column of the customer empty."""
    return text_n(
        "“{column}” is empty in {n} row: it counts as an anonymous respondent, in scores but not in journeys.",
        "“{column}” is empty in {n} rows: they count as anonymous respondents, in scores but not in journeys.",
        n=rows, column=header)


def reject_empty(plan: SheetPlan, checked: Checked, yielded: np.ndarray) -> None:
    """Reject the good rows that yielded no interaction; `yielded` is True where a row did."""
    reason = text("No question of this row is answered.") if plan.layout == "survey" else text(
        "The row says nothing that makes an interaction: no touchpoint, stage, channel or score.")
    for position in _where(checked.good & ~yielded):
        checked.reject(position, None, "", reason)


def _where(mask: np.ndarray) -> list[int]:
    return [int(position) for position in np.flatnonzero(mask)]


def _no_date(value: str, form: str) -> Text:
    """Why a cell is not the date it should be, and what would be."""
    if _DAY.match(value):
        return text("“{value}” is not a day there is, or is before {first} or after {last}. Correct it.", value=value,
                    first=str(EARLIEST), last=str(LATEST - 1))
    return text("“{value}” cannot be read as a date in this column. Write it like {example}.", value=value,
                example=_WRITE_DATES.get(form, "2025-12-31 14:05"))
