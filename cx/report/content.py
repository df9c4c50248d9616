"""What a report holds, whatever it is written as: sections with a finding each, charts, tables and sentences."""

from __future__ import annotations

import datetime as dt
import numbers
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cx.charts.theme import Chart
from cx.language import DASH, Language
from cx.metrics.definitions import COLUMNS


def cell(value: object, t: Language) -> str:
    """A value of a table as text in the reader's language: nothing is a dash, whole numbers have no decimals."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return DASH
    if isinstance(value, pd.Timestamp):
        return t.date(value.date()) if value == value.normalize() else t.datetime(value.to_pydatetime())
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return t.number(float(value), 0 if float(value).is_integer() else 2)
    return str(value)


def together(text: str) -> str:
    """A text for a page, in which "n = 183" is not broken between two lines."""
    return text.replace("n = ", "n\u00a0=\u00a0")


def lean(frame: pd.DataFrame) -> pd.DataFrame:
    """A table for a page: without columns that say nothing."""
    told = [not all(value is None or value in ("", DASH) or pd.isna(value) for value in frame.iloc[:, place])
            for place in range(len(frame.columns))]
    return frame.loc[:, told] if any(told) else frame


def at_right(column: pd.Series) -> bool:
    """Whether a column of a table holds figures only, so that it stands at the right."""
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    known = [value for value in column if not (value is None or value in ("", DASH) or pd.isna(value))]
    return bool(known) and all(isinstance(value, numbers.Real) or _FIGURE.match(str(value)) for value in known)


_FIGURE = re.compile(r"[+−-]?%?\d[\d.,]*(%|\b)(?! \w{3,} \d{4})(?!\. )")  # no date, no numbered step


def figure(text: str) -> bool:
    """Whether a cell's text is a number, with its interval or n at most, which is not broken into lines."""
    return len(text) <= 24 and any(map(str.isdigit, text))


@dataclass(frozen=True)
class Table:
    """A table in the reader's language, with the name it is saved under. given: the frame, or what makes it once it is
    written; of_rows: single customers, interactions or reasons, which belong into a workbook and not on paper."""

    name: str
    given: pd.DataFrame | Callable[[], pd.DataFrame]
    of_rows: bool = False

    @cached_property
    def frame(self) -> pd.DataFrame:
        return self.given if isinstance(self.given, pd.DataFrame) else self.given()


@dataclass
class Section:
    """One finding: its sentence, a note on how to read it, and what shows it (sentences, charts, tables, in order)."""

    title: str
    note: str = ""
    parts: list[str | Chart | Table] = field(default_factory=list)
    alone: bool = False  # the title is a sentence that says something by itself

    @property
    def sentences(self) -> list[str]:
        return [part for part in self.parts if isinstance(part, str)]

    @property
    def charts(self) -> list[Chart]:
        return [part for part in self.parts if isinstance(part, Chart) and not part.data.empty]

    @property
    def tables(self) -> list[Table]:
        return [part for part in self._tables if not part.frame.empty]

    @property
    def tables_on_paper(self) -> list[Table]:
        """The tables without the lists that only a workbook holds, and without columns that say nothing."""
        return [Table(table.name, lean(table.frame)) for table in self._tables
                if not (table.of_rows or table.frame.empty)]

    @property
    def _tables(self) -> list[Table]:
        return [part for part in self.parts if isinstance(part, Table)]


@dataclass
class Report:
    """A report. `caption` says what is shown (period, filters, n); `defining` gives the definitions, one row per KPI,
    of `definitions()`: asked only where they are written; in the workbook all, on paper those of the KPIs
    `explained`."""

    title: str
    t: Language
    caption: str = ""
    sections: list[Section] = field(default_factory=list)
    defining: Callable[[], pd.DataFrame] | None = None
    explained: Collection[str] = ()
    made_at: dt.datetime = field(default_factory=dt.datetime.now)

    def begin(self, title: str, note: str = "") -> None:
        """Start a section."""
        self.sections.append(Section(title, note))

    def add(self, part: str | Chart | Table) -> None:
        """Add to the section that was begun last; before any, a sentence begins one, all else one named after the
        report."""
        if not self.sections:
            if isinstance(part, str):
                self.sections.append(Section(part, alone=True))
                return
            self.begin(self.title)
        self.sections[-1].parts.append(part)

    @property
    def filled(self) -> list[Section]:
        """The sections that show something; where none does, one that says so."""
        filled = [section for section in self.sections
                  if section.alone or section.sentences or section.charts or section.tables]
        nothing = Section(self.t("This page has nothing to show yet."), alone=True)
        return filled if filled or self.explained else [nothing]

    @property
    def definitions(self) -> pd.DataFrame | None:
        """What the KPIs mean, with the headings of the report's language; None = nobody can say."""
        if self.defining is None:
            return None
        return self.defining()[list(COLUMNS)].rename(columns={key: self.t(words) for key, words in COLUMNS.items()})

    @property
    def defined(self) -> Section | None:
        """What the KPIs mean, short enough to read on paper; the workbook has all of it."""
        t, known = self.t, self.defining() if self.defining and self.explained else pd.DataFrame()
        if known.empty:
            return None
        short = known.loc[known["kpi"].isin(self.explained), ["name", "definition", "formula", "interval"]].rename(
            columns={key: t(words) for key, words in COLUMNS.items()})
        return Section(t("Definitions"), parts=[Table(t("Definitions"), short)])

    @property
    def made(self) -> str:
        """When it was made, in words."""
        return self.t("Made on {when}", when=self.made_at)
