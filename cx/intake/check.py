"""Which rows of a sheet can be loaded, and why the others cannot: one reason each, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.intake.clean import Cleaned, Values
from cx.intake.plan import Reject, SheetPlan
from cx.intake.table import Table
from cx.language import Text, text

_WRITE_DATES = {"dmy": "31.12.2025 14:05", "mdy": "12/31/2025 14:05"}


@dataclass
class Checked:
    """good: True where a row may be loaded; rejects: the first reason against each of the others."""

    good: np.ndarray
    rejects: list[Reject]


def check(table: Table, plan: SheetPlan, cleaned: Cleaned, row: Mapping[str, Values]) -> Checked:
    """Look at each row before it is shaped: too many cells, an unreadable or empty time, no customer."""
    checker = _Checker(table, Checked(np.ones(len(table.rows), dtype=bool), []))
    for position, number in enumerate(table.row_numbers if table.ragged else ()):
        if number in table.ragged:
            checker.reject(position, None, " | ".join(table.ragged[number]), text(
                "The row has more cells than the header. If a text contains the separator, put it in quotes."))
    times = [(header, role) for header, role in plan.columns.items() if header in cleaned.values and role in
             ("occurred_at", "milestone", "promised_at", "delivered_at")]
    for header, _ in times:
        for position in _where(cleaned.unread[header]):
            checker.reject(position, header, None, text(
                "“{value}” cannot be read as a date in this column. Write it like {example}.",
                value=checker.cell(position, header)[:60],
                example=_WRITE_DATES.get(plan.formats.get(header, ""), "2025-12-31 14:05")))
    if plan.layout != "milestones" and any(role == "occurred_at" for _, role in times):
        for position in _where(pd.isna(row["occurred_at"])):
            checker.reject(position, plan.column_of("occurred_at"), None,
                           text("The date is empty. Fill in when it happened."))
    if plan.layout == "milestones":
        empty = np.logical_and.reduce([pd.isna(cleaned.values[header]) for header, role in times
                                       if role == "milestone"])
        for position in _where(empty):
            checker.reject(position, times[0][0], None, text("None of the dates of this row is filled in."))
    if "customer_id" in row:
        for position in _where(pd.isna(row["customer_id"])):
            checker.reject(position, plan.column_of("customer_id"), None,
                           text("The customer is empty. Fill in who it was."))
    return checker.checked


def reject_empty(table: Table, plan: SheetPlan, checked: Checked, sources: np.ndarray) -> None:
    """Reject the good rows that yielded no interaction; `sources` are the positions that did."""
    checker = _Checker(table, checked)
    missed = checked.good.copy()
    missed[sources] = False
    reason = text("No question of this row is answered.") if plan.layout == "survey" else text(
        "The row says nothing that makes an interaction: no touchpoint, stage, channel or score.")
    for position in _where(missed):
        checker.reject(position, None, "", reason)


def _where(mask: np.ndarray) -> list[int]:
    return [int(position) for position in np.flatnonzero(mask)]


class _Checker:
    def __init__(self, table: Table, checked: Checked) -> None:
        self.table, self.checked = table, checked
        self._keys = table.keys
        self._position = {key: position for position, key in enumerate(self._keys)}

    def cell(self, position: int, header: str) -> str:
        return self.table.rows[position][self._position[header]].strip()

    def reject(self, position: int, header: str | None, value: str | None, reason: Text) -> None:
        if not self.checked.good[position]:
            return
        self.checked.good[position] = False
        if value is None:
            value = self.cell(position, header) if header in self._position else ""
        self.checked.rejects.append(Reject(
            self.table.name, self.table.row_numbers[position], header, value, reason,
            dict(zip(self._keys, self.table.rows[position], strict=True))))
