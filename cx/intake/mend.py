"""Rows that came apart, or stuck together, put right where the other rows leave no doubt how."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from cx.intake.headers import is_value

_SAMPLE = 2000
_MOST_EXTRA = 3
_SEPARATORS = (",", ";", "\t", "|")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def mend(rows: list[list[str]], numbers: list[int], ragged: dict[int, list[str]], separator: str) -> list[int]:
    """Join the cells that an unquoted separator tore apart, and drop blank ones a separator too many brought, where the
    other rows tell which: the cells then look like their columns', and in no other way as much.

    numbers  of each row
    ragged   number of a row with too many cells → all its cells; mended rows are taken out
    → the numbers of the mended rows
    """
    if not ragged:
        return []
    columns = _Columns([row for row, number in zip(rows, numbers, strict=True) if number not in ragged][:_SAMPLE])
    mended = []
    for position, number in enumerate(numbers):
        cells = ragged.get(number)
        if cells is None or not columns.width or not 1 <= len(cells) - columns.width <= _MOST_EXTRA:
            continue
        found = _joined(cells, columns, separator)
        if found is not None:
            rows[position] = found
            mended.append(number)
            del ragged[number]
    return mended


def _joined(cells: list[str], columns: _Columns, separator: str) -> list[str] | None:
    extra = len(cells) - columns.width
    scores: dict[tuple[str, ...], float] = {}
    for place in range(columns.width):
        parts = [cell for cell in cells[place:place + extra + 1] if cell]
        row = (*cells[:place], (separator + " ").join(parts), *cells[place + extra + 1:])
        torn = len(parts) > 1
        score = sum(columns.fit(column, cell) for column, cell in enumerate(row) if not torn or column != place)
        scores[row] = max(scores.get(row, 0), score - (torn and is_value(cells[place])))
    best = max(scores.values())
    fitting = [row for row, score in scores.items() if score == best]
    return list(fitting[0]) if len(fitting) == 1 and best >= 0.8 * (columns.width - 1) else None


def unstick(cells: Sequence[str], width: int, separator: str) -> list[str] | None:
    """The cells of a row that was written with another separator, or quoted as a whole; None where it was not."""
    text = (separator + " ").join(cells) if separator == "," else separator.join(cells)
    for other in _SEPARATORS:
        if text.count(other) >= width - 1 and (other != separator or len(cells) == 1):
            try:
                found = next(csv.reader([text], delimiter=other))
            except csv.Error:
                continue
            if len(found) == width:
                return found
    return None


class _Columns:
    """What the cells of each column look like in the rows that are whole."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.seen = [set(column) for column in zip(*rows, strict=True)]
        self.shapes = [{_shape(cell) for cell in column} for column in self.seen]
        self.width = len(self.seen)

    def fit(self, column: int, cell: str) -> float:
        """1 for a cell the column holds elsewhere, nearly as much for one that looks alike."""
        return 1.0 if cell in self.seen[column] else 0.9 * (_shape(cell) in self.shapes[column])


def _shape(cell: str) -> str:
    return _LETTERS.sub("a", _DIGITS.sub("9", cell))
