"""XML Spreadsheet 2003, which programs save as .xls or .xml. Entities and document types are refused."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from .cells import MANY_ROWS, Merged, Refused, Row, Sheet, once

_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576
_GAP = 10_000  # blank rows that a row's number may skip


def sheets(path: str, _encoding: str) -> Iterator[Sheet]:
    """Every worksheet that is not empty."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_doctype
    with open(path, "rb") as file:
        parser.ParseFile(file)
    if not reader.workbook:
        raise Refused("no workbook")
    for sheet in reader.sheets:
        if sheet.rows:
            sheet.many = len(sheet.rows) > MANY_ROWS  # type: ignore[arg-type]  # a list
            yield sheet


def _no_doctype(*_args: object) -> None:
    raise Refused("entities")


class _Reader:
    def __init__(self) -> None:
        self.workbook = False
        self.sheets: list[Sheet] = []
        self.rows: list[Row] = []
        self.merged: list[Merged] = []
        self.row: Row = []
        self.column = 0
        self.kind = ""
        self.data: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if space != _SHEET:
            return
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "Workbook":
            self.workbook = True
        elif name == "Worksheet":
            self.rows, self.merged = [], []
            self.sheets.append(Sheet(given.get("Name", ""), self.rows))
        elif name == "Row":
            place = _number(given.get("Index"), len(self.rows) + 1) - 1
            if not len(self.rows) <= place <= len(self.rows) + _GAP or place >= _MOST_ROWS:
                raise Refused("too large")
            self.rows.extend([] for _ in range(place - len(self.rows)))
            self.row, self.column = [], 0
        elif name == "Cell":
            self._start_cell(given)
        elif name == "Data":
            self.kind, self.data = given.get("Type", "String"), []

    def _start_cell(self, given: dict[str, str]) -> None:
        self.column = _number(given.get("Index"), self.column + 1)
        across, down = _number(given.get("MergeAcross"), 0), _number(given.get("MergeDown"), 0)
        if self.column + across > _MOST_COLUMNS:
            raise Refused("too wide", columns=self.column + across)
        self.row.extend("" for _ in range(self.column + across - len(self.row)))
        if across or down:
            top, left = len(self.rows), self.column - 1
            self.merged.append((top, left, top + down, left + across))

    def text(self, data: str) -> None:
        if self.data is not None:
            self.data.append(data)

    def end(self, tag: str) -> None:
        space, _, name = tag.rpartition(" ")
        if space != _SHEET:
            return
        if name == "Data" and self.data is not None:
            if 0 < self.column <= len(self.row):
                self.row[self.column - 1] = once(_value(self.kind, "".join(self.data)))
            self.data = None
        elif name == "Cell":
            self.column = max(self.column, len(self.row))
        elif name == "Row":
            self.rows.append(self.row)
        elif name == "Worksheet" and self.sheets:
            self.sheets[-1].merged = tuple(self.merged)


def _number(given: str | None, default: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 9 else default


def _value(kind: str, data: str) -> object:
    if kind == "Number":
        try:
            return float(data)
        except ValueError:
            return data
    if kind == "DateTime":
        day, _, clock = data.partition("T")
        clock = clock.partition(".")[0]
        if day in ("1899-12-31", "1899-12-30"):  # a time of day
            return clock
        return day if clock in ("", "00:00:00") else f"{day} {clock}"
    return (data == "1") if kind == "Boolean" else data
