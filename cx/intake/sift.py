"""Which rows of a long table are data: some at a time, with the rules of cx.intake.structure.

Only what is plain is sifted; what is not (another table below a blank row, a cell of the size of a file) raises
NotPlain and is left to the careful reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.long_table import Writer
from cx.intake.structure import LIKE_TOTAL, LONGEST_CELL, drop_notes, is_total
from cx.language import Text, text

TAIL_ROWS = 100
Batch = tuple[list[pa.Array], np.ndarray]
"""Columns of texts, and the physical row of each of their rows."""


class NotPlain(Exception):
    """The file needs more than the fast way gives."""


class Sift:
    """Takes blank rows, totals, repeated headers and footnotes out of the rows below a header.

    header   its cells
    below    its physical row; rows down to it are no data
    skipped  (after `finish`) the rows taken out and why, as cx.intake.table.Table has them
    """

    def __init__(self, header: Sequence[str], below: int) -> None:
        self._header, self._below = list(header), below
        self._after: list[tuple[int, list[str]]] = []  # rows after a blank one
        self._blanks: list[int] = []
        self.skipped: list[tuple[int, Text]] = []

    def of(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The rows that are data, as they come."""
        for columns, numbers in batches:
            if any((pc.max(pc.binary_length(column)).as_py() or 0) > LONGEST_CELL for column in columns):
                raise NotPlain
            kept = numbers > self._below
            blank = _blank(columns)
            self._blanks += numbers[blank & kept].tolist()
            kept &= ~blank
            for why, found in ((text("header again"), _header_again(columns, self._header)),
                               (text("total row"), _totals(columns, self._header))):
                self.skipped += [(each, why) for each in numbers[found & kept].tolist()]
                kept &= ~found
            after = kept & (numbers > self._blanks[0]) if self._blanks else np.zeros(len(kept), dtype=bool)
            self._after += [(int(numbers[row]), [column[row].as_py() for column in columns])
                            for row in np.flatnonzero(after)]
            if len(self._after) > TAIL_ROWS:
                raise NotPlain  # perhaps another table
            kept &= ~after
            yield (columns if kept.all() else [column.filter(pa.array(kept)) for column in columns]), numbers[kept]

    def finish(self, writer: Writer) -> None:
        """Take footnotes off the end, below a blank row too; what else stands below one is more than a plain file
        has."""
        rows, numbers = writer.tail(TAIL_ROWS)
        known = len(rows)
        rows += [cells for _, cells in self._after]
        numbers += [number for number, _ in self._after]
        empty = [(number, text("blank row")) for number in self._blanks]
        dropped = [*empty]
        drop_notes(self._header, rows, numbers, dropped)
        if len(rows) > known or not rows:
            raise NotPlain
        writer.cut(known - len(rows))
        last = max((number for number, _ in dropped[len(empty):]), default=0)
        self.skipped += [each for each in dropped if each[0] <= last]
        self.skipped.sort(key=_first)


def _first(pair: tuple[int, Text]) -> int:
    return pair[0]


def _totals(columns: list[pa.Array], header: list[str]) -> np.ndarray:
    """True where a row is a total of those above."""
    found = np.zeros(len(columns[0]), dtype=bool)
    leading = np.ones(len(found), dtype=bool)  # nothing stands before this column
    for column in columns:
        rows = np.flatnonzero(leading)
        cells = column.take(pa.array(rows))
        for row in rows[np.asarray(pc.match_substring_regex(cells, LIKE_TOTAL.pattern, ignore_case=True))].tolist():
            cells_of_row = [each[row].as_py() for each in columns]
            found[row] = "" in cells_of_row and is_total(header, cells_of_row)
        leading[rows] = np.asarray(pc.equal(pc.utf8_trim_whitespace(cells), ""))
        if not leading.any():
            break
    return found


def _blank(columns: list[pa.Array]) -> np.ndarray:
    blank = np.asarray(pc.less(pc.binary_length(columns[0]), 1)) | np.asarray(
        pc.equal(pc.utf8_trim_whitespace(columns[0]), ""))
    for column in columns[1:]:
        if not blank.any():
            return blank
        blank[blank] = np.asarray(pc.equal(pc.utf8_trim_whitespace(column.filter(pa.array(blank))), ""))
    return blank


def _header_again(columns: list[pa.Array], header: list[str]) -> np.ndarray:
    """True where a row is the header, as in exports printed by page."""
    again = np.asarray(pc.equal(columns[0], header[0]))
    for column, name in zip(columns[1:], header[1:], strict=True):
        if not again.any():
            return again
        again = again & np.asarray(pc.equal(column, name))
    return again if sum(map(bool, header)) > 1 else np.zeros(len(again), dtype=bool)
