"""HTML saved as a spreadsheet: every table that holds no other. Nothing is fetched, no script is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from .cells import MANY_ROWS, Merged, Refused, Row, Sheet, once

_MOST_SPAN = 1000
_MOST_COLUMNS = 16_384
_MOST_BYTES = 200_000_000  # about a minute of processor time
_PIECE = 1_000_000
_SPACE = re.compile(r"[ \t\r\n\f]+")


def sheets(path: str, encoding: str) -> Iterator[Sheet]:
    """Every table of the page, named by its caption."""
    if os.path.getsize(path) > _MOST_BYTES:
        raise Refused("too long", bytes=_MOST_BYTES)
    parser = _Tables()
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        while piece := file.read(_PIECE):
            parser.feed(piece.replace("\0", ""))
    parser.close()
    for table in parser.done:
        yield Sheet(table.caption.strip(), _let_go(table.rows), tuple(table.merged), many=len(table.rows) > MANY_ROWS)


def _let_go(rows: list[Row]) -> Iterator[Row]:
    """The rows, none held any longer once it is asked for."""
    rows.reverse()
    while rows:
        yield rows.pop()


class _Table:
    def __init__(self) -> None:
        self.caption = ""
        self.holds_tables = False  # then it is there for the looks
        self.rows: list[Row] = []
        self.merged: list[Merged] = []
        self.taken: dict[int, int] = {}  # column → rows it is still taken by a cell above
        self.row: Row | None = None
        self.cell: list[str] | None = None
        self.span = (1, 1)

    def open_row(self) -> None:
        self.close_row()
        self.row = []

    def close_row(self) -> None:
        self.close_cell()
        if self.row is not None:
            self._skip_taken()
            self.rows.append(self.row)
            self.row = None

    def open_cell(self, down: int, across: int) -> None:
        self.close_cell()
        if self.row is None:
            self.open_row()
        self.cell, self.span = [], (down, across)

    def close_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        self._skip_taken()
        down, across = self.span
        first = len(self.row)
        if first + across > _MOST_COLUMNS:
            raise Refused("too wide", columns=first + across)
        lines = [_SPACE.sub(" ", line).strip() for line in "".join(self.cell).replace("\xa0", " ").split("\v")]
        self.row.extend([once("\n".join(lines).strip()), *[""] * (across - 1)])
        if down > 1:
            self.taken.update(dict.fromkeys(range(first, first + across), down))
        if down > 1 or across > 1:
            self.merged.append((len(self.rows), first, len(self.rows) + down - 1, first + across - 1))
        self.cell = None

    def _skip_taken(self) -> None:
        """Leave out the places that a cell of a row above reaches down to."""
        assert self.row is not None
        while self.taken.get(len(self.row), 0):
            self.row.append("")

    def end_row(self) -> None:
        """One row further down."""
        self.taken = {column: rows - 1 for column, rows in self.taken.items() if rows > 1}


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_Table] = []
        self.done: list[_Table] = []
        self.silent = 0
        self.captions = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag == "table":
            if len(self.open) > 50:
                raise Refused("too deep")
            for outer in self.open:
                outer.holds_tables = True
            self.open.append(_Table())
        elif self.open:
            self._start_inside(self.open[-1], tag, dict(attrs))

    def _start_inside(self, table: _Table, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            self._close_row(table)
            table.open_row()
        elif tag in ("td", "th"):
            table.open_cell(_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        elif tag == "caption":
            self.captions = True
        elif tag in ("br", "p", "div", "li") and table.cell:
            table.cell.append("\v")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif tag == "caption":
            self.captions = False
        elif self.open and tag in ("td", "th"):
            self.open[-1].close_cell()
        elif self.open and tag == "tr":
            self._close_row(self.open[-1])
        elif self.open and tag == "table":
            self._close_table()

    def handle_data(self, data: str) -> None:
        if self.silent or not self.open:
            return
        table = self.open[-1]
        if self.captions:
            table.caption += data
        elif table.cell is not None:
            table.cell.append(data)

    def close(self) -> None:
        super().close()
        while self.open:
            self._close_table()

    def _close_row(self, table: _Table) -> None:
        if table.row is not None or table.cell is not None:
            table.close_row()
            table.end_row()

    def _close_table(self) -> None:
        table = self.open.pop()
        self._close_row(table)
        if table.rows and not table.holds_tables:
            self.done.append(table)


def _span(given: str | None) -> int:
    return min(max(int(given), 1), _MOST_SPAN) if given and given.strip().isascii() and given.strip().isdigit() and len(
        given) < 9 else 1
