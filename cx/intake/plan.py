"""What intake understood of a file, as values a person can read, correct and store: Plan, and what came of it: Receipt.

A plan round-trips through JSON, so it can be remembered by sheet signature and kept with the upload.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from cx.filters import DIMENSIONS
from cx.intake.yearless import Yearless
from cx.language import Text, text
from cx.model import FIELD, fold

Layout = Literal["events", "milestones", "survey", "orders", "kpis"]
Severity = Literal["error", "question", "note"]
Kind = Literal["nps", "csat", "ces"]

LAYOUTS: tuple[Layout, ...] = ("events", "milestones", "survey", "orders", "kpis")
AMOUNTS = ("order", "line")  # whose an amount may be that the rows of an order repeat
_CONTACTS = LAYOUTS[:-1]
SPECIAL_ROLES: dict[str, tuple[Layout, ...]] = {
    "attribute": _CONTACTS, "ignore": LAYOUTS, "milestone": ("milestones",),
    "promised_at": ("orders",), "delivered_at": ("orders",), "time_of_day": ("events", "survey", "orders"),
    "period": ("kpis",), "kpi_name": ("kpis",), "reported": ("kpis",), "answers": ("kpis",),
}
"""Roles of a column besides the names of cx.model.FIELDS, and the layouts they have a meaning in. In a table of figures
(kpis) a column holds periods, names of KPIs, their reported values, or the number of answers behind them; one of the
fields of cx.filters.DIMENSIONS says whom the figures of a row are of."""


def roles(layout: Layout) -> tuple[str, ...]:
    """Every role a column of a sheet of that layout may be given."""
    fields = [name for name in FIELD if (layout != "kpis" or name in DIMENSIONS)
              and not (layout == "milestones" and name == "occurred_at")]
    return (*fields, *(role for role, layouts in SPECIAL_ROLES.items() if layout in layouts))


@dataclass
class Problem:
    """Something a person should know. An error stops loading, a question must be answered first, a note informs.

    code    what it is about: "no_time", "date_order", "number_format", "duration", "no_content"…; questions are
            answered by it
    column  raw header it is about; None = the sheet
    """

    severity: Severity
    code: str
    text: Text
    sheet: str | None = None
    column: str | None = None


@dataclass
class Score:
    """How a score column is read. touchpoint None = the experience as a whole; top = highest answer of its scale;
    reversed = a high answer is bad (agreeing with "I had to repeat myself")."""

    kind: Kind
    top: int
    touchpoint: str | None = None
    reversed: bool = False


@dataclass
class SheetPlan:
    """One sheet. Keys of the mappings are the raw headers (made unique where repeated or empty).

    columns     header → a field of cx.model.FIELDS, "attribute", "ignore", or a role of the layout (SPECIAL_ROLES)
    confidence  header → 0–1, how sure the proposal is; 1.0 where remembered or given
    samples     header → a few of its values
    formats     header → how cells are read: "dmy" | "mdy" | "ymd" | "serial" | "month" | "ambiguous" for times,
                "1,234.56" | "1.234,56" | "ambiguous" for numbers, "seconds" | "minutes" | "hours" | "days" (what plain
                numbers are) | "mm:ss" | "hh:mm" (what 4:30 is; plain numbers are seconds) | "ambiguous" for durations
    scores      header → Score, for every column whose role is nps, csat or ces
    milestones  header of a date column → name of the milestone (a stage or touchpoint), in the milestones layout
    constants   field → value for all rows, for fields the sheet has no column for (e.g. channel "store")
    amounts     header of an amount that the rows of an order repeat → "order" (counts once), "line" (is added up) or
                "ambiguous" (cx.intake.order_lines)
    cancelled   header of a column that says which orders were cancelled → True (those are none) or False (they count)
    kpis        header → key of the KPI whose reported values it holds, in the kpis layout; empty where rows name it
    years       header of a column of days without a year → which days, and of which year (cx.intake.yearless)
    join        {"key": "order_id" | "record_id" | key of an attribute}: the rows name no customer but this number,
                and get the customer it belongs to (cx.intake.joins); None = no join
    offered     the join that can be made: key, column, matched (numbers known) and of (numbers); None = none
    place       where the sheet stands in the file (cx.intake.headings)
    headed      what tells its header row elsewhere, where a person said which row that is; "" = it was found
    same        rows that look like earlier ones (cx.intake.seen_before): True = they are the same and correct them,
                False = they are others; None = nobody said, so others
    personal    header → "email" | "phone" | "national_id" | "card" | "name": columns that identify a person
    """

    name: str
    header: list[str]
    signature: str
    skip: bool = False
    layout: Layout = "events"
    columns: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    milestones: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    kpis: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)
    cancelled: dict[str, bool] = field(default_factory=dict)
    years: dict[str, Yearless] = field(default_factory=dict)
    join: dict[str, str] | None = None
    offered: dict[str, Any] | None = None
    place: str = "0"
    headed: str = ""
    same: bool | None = None
    rows: int = 0
    header_row: int | None = None
    remembered: bool = False

    def column_of(self, role: str) -> str | None:
        """The first header with that role; None = no such column."""
        return next((header for header, given in self.columns.items() if given == role), None)


@dataclass
class Plan:
    """What will be loaded, sheet by sheet. Nothing is stored until `load`.

    default_time  time of every row of a sheet that has no time column (date or datetime)
    undated       load such rows without a time instead
    pseudonymise  replace personal customer ids (e-mail, phone, national id, name) by a keyed hash
    language      what the file is known to be written in, a hint for ambiguous dates and numbers; None = unknown
    zone          the workspace's time zone (an IANA name) where nobody said one yet; None = UTC
    headings      place of a sheet → the row that names its columns, where a person said it (cx.intake.headings)

    layout, columns, … are those of the first sheet that is not skipped.
    """

    file: str
    sheets: list[SheetPlan]
    problems: list[Problem] = field(default_factory=list)
    default_time: dt.date | None = None
    undated: bool = False
    pseudonymise: bool = True
    language: str | None = None
    zone: str | None = None
    headings: dict[str, int] = field(default_factory=dict)

    @property
    def sheet(self) -> SheetPlan:
        """The first sheet that is loaded (the first of all where every one is skipped)."""
        return next((sheet for sheet in self.sheets if not sheet.skip), self.sheets[0])

    @property
    def layout(self) -> Layout:
        return self.sheet.layout

    @layout.setter
    def layout(self, layout: Layout) -> None:
        self.sheet.layout = layout

    @property
    def columns(self) -> dict[str, str]:
        return self.sheet.columns

    @property
    def confidence(self) -> dict[str, float]:
        return self.sheet.confidence

    @property
    def samples(self) -> dict[str, list[str]]:
        return self.sheet.samples

    @property
    def formats(self) -> dict[str, str]:
        return self.sheet.formats

    @property
    def scores(self) -> dict[str, Score]:
        return self.sheet.scores

    @property
    def milestones(self) -> dict[str, str]:
        return self.sheet.milestones

    @property
    def constants(self) -> dict[str, str]:
        return self.sheet.constants

    @property
    def join(self) -> dict[str, str] | None:
        """See SheetPlan.join."""
        return self.sheet.join

    @join.setter
    def join(self, join: dict[str, str] | None) -> None:
        self.sheet.join = join

    @property
    def remembered(self) -> bool:
        """Whether the mapping was confirmed in an earlier upload with the same headers."""
        return self.sheet.remembered

    def __setattr__(self, name: str, value: object) -> None:
        """A default time may be given as ISO text too."""
        if name == "default_time" and isinstance(value, str):
            value = dt.datetime.fromisoformat(value) if len(value) > 10 else dt.date.fromisoformat(value)
        super().__setattr__(name, value)

    def open_problems(self) -> list[Problem]:
        """Errors, and questions not yet answered, of the sheets that are loaded: what keeps the plan from loading."""
        skipped = {sheet.name for sheet in self.sheets if sheet.skip}
        if all(sheet.skip for sheet in self.sheets):
            return [Problem("error", "no_sheet", text("Every sheet is left out. Choose at least one to load."))]
        return [problem for problem in self.problems if problem.sheet not in skipped
                and (problem.severity == "error" or (problem.severity == "question" and not self._answered(problem)))]

    def _answered(self, problem: Problem) -> bool:
        if problem.code == "no_year" and problem.column is None:
            return self.default_time is not None
        if problem.code == "no_time":
            return self.undated or self.default_time is not None
        sheet = next((each for each in self.sheets if each.name == problem.sheet), None)
        if sheet is None or problem.column is None:
            return False
        if problem.code == "no_year" and problem.column in sheet.years:
            return sheet.years[problem.column].year is not None
        answers = sheet.amounts if problem.code == "amounts" else sheet.formats
        return (answers.get(problem.column) != "ambiguous"
                or sheet.columns.get(problem.column) in ("attribute", "ignore"))

    def to_json(self, *, samples: bool = True) -> str:
        """The plan as JSON text; without `samples` it holds no values of the file (nor problems, which quote some)."""
        return json.dumps({
            "file": self.file, "default_time": self.default_time.isoformat() if self.default_time else None,
            "undated": self.undated, "pseudonymise": self.pseudonymise, "language": self.language,
            "zone": self.zone, "headings": self.headings,
            "sheets": [{**sheet.__dict__, "samples": sheet.samples if samples else {},
                        "scores": {name: score.__dict__ for name, score in sheet.scores.items()},
                        "years": {name: days.__dict__ for name, days in sheet.years.items()}}
                       for sheet in self.sheets],
            "problems": [{**problem.__dict__, "text": text_to_json(problem.text)}
                         for problem in self.problems if samples],
        }, ensure_ascii=False)

    @classmethod
    def from_json(cls, given: str) -> Plan:
        """The plan that `to_json` wrote."""
        value = json.loads(given)
        sheets = [SheetPlan(**{
            **sheet, "scores": {name: Score(**score) for name, score in sheet["scores"].items()},
            "years": {name: Yearless(**days) for name, days in sheet.get("years", {}).items()}})
                  for sheet in value["sheets"]]
        problems = [Problem(**{**problem, "text": text_from_json(problem["text"])}) for problem in value["problems"]]
        return cls(value["file"], sheets, problems, value["default_time"], value["undated"], value["pseudonymise"],
                   value["language"], value.get("zone"), value.get("headings") or {})


@dataclass
class Receipt:
    """What came of an upload.

    Every physical row below the header counts once: rows = accepted + duplicates + rejected + skipped.

    rows          rows of the loaded sheets below their headers, blank lines and totals included
    accepted      rows that brought at least one interaction that was not there before, or corrected one
    corrected     those of them that corrected an earlier one
    duplicates    rows whose interactions were all there already, in the workspace or earlier in the file
    rejected      rows that were not loaded; see rejects
    skipped       rows that are no data: blank lines, totals
    interactions  interactions in force from this upload (a survey row brings one per answered question)
    reported      reported KPI values of this upload (of tables of figures)
    replaced      interactions of earlier uploads that this one corrected
    rejects       frame: sheet, row (1 = first line of the sheet), column, value, reason (English), text (Text),
                  cells (dict header → cell of the whole row)
    notes         what was decided on the way, to be shown
    """

    upload_id: int
    name: str
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    replaced: int = 0
    corrected: int = 0
    skipped: int = 0
    interactions: int = 0
    reported: int = 0
    rejects: pd.DataFrame = field(default_factory=lambda: rejects_frame([]))
    notes: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Reject:
    """One cell that keeps its row out."""

    sheet: str
    row: int
    column: str | None
    value: str
    text: Text
    cells: Mapping[str, str]


def rejects_frame(rejects: Sequence[Reject]) -> pd.DataFrame:
    """Columns as described at Receipt.rejects."""
    return pd.DataFrame({
        "sheet": [each.sheet for each in rejects], "row": [each.row for each in rejects],
        "column": [each.column for each in rejects], "value": [each.value for each in rejects],
        "reason": [str(each.text) for each in rejects], "text": [each.text for each in rejects],
        "cells": [dict(each.cells) for each in rejects]})


def signature_of(header: Sequence[str]) -> str:
    """What makes two sheets the same kind of sheet: their headers, folded, in order."""
    return hashlib.sha256("\x1f".join(fold(name) for name in header).encode()).hexdigest()[:32]


def unique_headers(header: Sequence[str], unnamed: str = "column {n}") -> list[str]:
    """Headers as keys: empty ones numbered (`column 3`), repeated ones counted (`Score (2)`)."""
    taken: set[str] = set()
    result = []
    for position, given in enumerate(header, start=1):
        base = given.strip() or unnamed.format(n=position)
        name, count = base, 2
        while name in taken:
            name, count = f"{base} ({count})", count + 1
        taken.add(name)
        result.append(name)
    return result


def text_to_json(value: Text) -> dict[str, Any]:
    """A Text as plain values (numbers and strings stay, dates become text)."""
    values = {name: text_to_json(each) if isinstance(each, Text)
              else each if isinstance(each, str | int | float | type(None)) else str(each)
              for name, each in value.values.items()}
    return {"id": value.id, "values": values, "plural": value.plural}


def text_from_json(value: Mapping[str, Any]) -> Text:
    """The Text that `text_to_json` wrote."""
    return Text(value["id"], {name: text_from_json(each) if isinstance(each, dict) else each
                              for name, each in value["values"].items()}, value.get("plural"))
