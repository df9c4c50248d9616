"""A long sheet of a workbook, a Parquet file or JSON lines: its rows go to disk as the child sends them.

As in cx.intake.long_text only what is plain takes this way: one table with a header, nothing merged in its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from cx.errors import IntakeError
from cx.intake.headings import NOBODY_SAID, Headings
from cx.intake.long_table import Writer
from cx.intake.sift import NotPlain, Sift
from cx.intake.structure import find_tables
from cx.intake.table import Table
from cx.scratch import new_folder

_HEAD_ROWS = 2_000
_COMPARED = 50  # rows that both ways of reading must see alike
Merged = tuple[int, int, int, int]


class LongSheet:
    """Takes the rows of a sheet from top to bottom; raises NotPlain where it needs more than the fast way gives.

    first   its first rows
    width   columns of the rows to come
    merged  see cx.intake.isolated.Sheet
    place, headings  see cx.intake.structure.find_tables
    """

    def __init__(self, first: Sequence[Sequence[str]], width: int, merged: Sequence[Merged], place: str = "0",
                 headings: Headings = NOBODY_SAID) -> None:
        head = [list(row) for row in first[:_HEAD_ROWS]]
        try:
            tables = find_tables("", head, merged=merged, place=place, headings=headings)
        except IntakeError as error:  # said again with the name of the sheet
            raise NotPlain from error
        known = tables[0] if len(tables) == 1 else None
        if (known is None or known.header_row is None or not known.rows or known.mended or known.notes or known.ragged
                or len(known.header) != width or any(bottom >= known.header_row for *_, bottom, _ in merged)):
            raise NotPlain
        self._known, self._row = known, 0
        self._writer = Writer(new_folder(), width)
        self._sift = Sift(known.header, known.header_row)
        if any(len(row) > width for row in first):
            raise NotPlain
        padded = [[*row, *[""] * (width - len(row))] for row in first]
        self.add([pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)])

    @property
    def rows(self) -> int:
        """Physical rows taken so far."""
        return self._row

    def add(self, columns: list[pa.Array]) -> None:
        """The next rows, as columns of texts."""
        if len(columns) != len(self._known.header):
            raise NotPlain
        numbers = np.arange(self._row + 1, self._row + 1 + len(columns[0]), dtype=np.int64)
        self._row += len(numbers)
        for kept, kept_numbers in self._sift.of([(columns, numbers)]):
            self._writer.add(kept, kept_numbers)

    def table(self, name: str, numbers: frozenset[int]) -> Table:
        """The table, once all rows are there. numbers = positions of columns stored as numbers."""
        self._sift.finish(self._writer)
        known, rows = self._known, self._writer.done()
        first = known.rows[:_COMPARED]
        if rows[:len(first)] != [[cell.strip() for cell in row] for row in first]:
            raise NotPlain
        return replace(known, name=name, rows=rows, row_numbers=rows.numbers,  # type: ignore[arg-type]
                       skipped=self._sift.skipped, numbers=numbers)
