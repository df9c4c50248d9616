"""Where the table stands in a sheet: title rows, the header, blank rows and columns, totals at the bottom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cx.intake.table import Table
from cx.intake.times import read_time
from cx.intake.values import POINT, is_missing, read_number
from cx.language import Text, text
from cx.model import fold

_LOOK = 40  # rows in which a header is sought
_TOTALS = {"total", "grand total", "totals", "sum", "subtotal", "toplam", "genel toplam", "ara toplam", "average",
           "ortalama", "genel ortalama"}
_FOOTNOTE = re.compile(r"^(?:\*|source\b|kaynak\b|note\b|not:|exported\b|generated\b|rapor tarihi)", re.IGNORECASE)


def find_table(name: str, grid: Sequence[Sequence[str]], typed: frozenset[int] = frozenset(),
               separator: str = ",") -> Table | None:
    """The table in a grid of cells (row n of the sheet is item n-1); None where there is no header with data below.

    typed      positions of columns whose numbers were stored as numbers
    separator  what stood between the cells, to put torn texts together again
    """
    rows = [[cell.strip() for cell in row] for row in grid[:_LOOK]]
    header_at = _header_row(rows, grid)
    if header_at is None:
        return None
    named = header_at >= 0
    header = [cell.strip() for cell in grid[header_at]] if named else []
    body = grid[header_at + 1:]
    width = max((position + 1 for position, cell in enumerate(header) if cell), default=0)
    widths = Counter(_filled_width(row) for row in body)
    widths.pop(0, None)
    wider = sum(count for found, count in widths.items() if found > width)
    if wider and wider >= 0.5 * widths.total():  # columns without a name
        width = max(widths, key=lambda found: (widths[found], found))
    kept_rows: list[list[str]] = []
    row_numbers: list[int] = []
    skipped: list[tuple[int, Text]] = []
    ragged: dict[int, list[str]] = {}
    blank = text("blank row")
    for number, row in enumerate(body, start=header_at + 2):
        filled = _filled_width(row)
        if filled == 0:
            skipped.append((number, blank))
            continue
        if filled > width:
            ragged[number] = [cell.strip() for cell in row[:filled]]
        cells = list(row[:width])
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        kept_rows.append(cells)
        row_numbers.append(number)
    while skipped and (not row_numbers or skipped[-1][0] > row_numbers[-1]):
        skipped.pop()  # blank lines after the last row are no rows
    header = (header + [""] * width)[:width]
    _drop_tail(header, kept_rows, row_numbers, skipped)
    if named:
        _drop_repeated_header(header, kept_rows, row_numbers, skipped)
    empty = [position for position in range(width) if not header[position]
             and not any(row[position].strip() for row in kept_rows)]
    if empty:
        keep = [position for position in range(width) if position not in set(empty)]
        header = [header[position] for position in keep]
        kept_rows = [[row[position] for position in keep] for row in kept_rows]
        typed = frozenset(new for new, old in enumerate(keep) if old in typed)
    if not kept_rows and not named:
        return None
    mended = _mend(kept_rows, row_numbers, ragged, separator) if ragged and not empty else []
    return Table(name, header, kept_rows, header_at + 1 if named else None, row_numbers, sorted(skipped, key=_first),
                 {number: cells[width:] for number, cells in ragged.items()}, typed, mended)


def _mend(rows: list[list[str]], numbers: list[int], ragged: dict[int, list[str]], separator: str) -> list[int]:
    """Join the cells that an unquoted separator tore apart, where the other rows tell which: the place is right if the
    cells around it then hold values their columns hold elsewhere too, and no other place does as well."""
    seen = [set(column) for column in zip(*(row for row, number in zip(rows, numbers, strict=True)
                                            if number not in ragged), strict=True)]
    mended = []
    for position, number in enumerate(numbers):
        cells = ragged.get(number)
        if cells is None or not seen or not 1 <= len(cells) - len(seen) <= 3:
            continue
        extra = len(cells) - len(seen)
        scores = [sum(cell in seen[column] for column, cell in enumerate(cells[:place]))
                  + sum(cell in seen[place + 1 + column] for column, cell in enumerate(cells[place + extra + 1:]))
                  - _is_value(cells[place]) for place in range(len(seen))]
        best = max(scores)
        if best >= 0.8 * (len(seen) - 1) and scores.count(best) == 1:
            place = scores.index(best)
            joined = (separator + " ").join(cells[place:place + extra + 1])
            rows[position] = [*cells[:place], joined, *cells[place + extra + 1:]]
            mended.append(number)
            del ragged[number]
    return mended


def _first(pair: tuple[int, Text]) -> int:
    return pair[0]


def _filled_width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _header_row(rows: list[list[str]], grid: Sequence[Sequence[str]]) -> int | None:
    """Position of the header in the grid; -1 where the data starts without one; None where there is no table."""
    filled = [sum(bool(cell) for cell in row) for row in rows]
    body = Counter(sum(bool(cell.strip()) for cell in row) for row in grid[:2000])
    body.pop(0, None)
    if not body:
        return None
    usual = max(body, key=lambda width: (body[width], width))
    wide = max(2, round(0.6 * max(usual, 2)))
    if max(body) == 1:  # a single column
        wide = 1
    for position, row in enumerate(rows):
        if filled[position] < wide:
            continue
        below = [rows[next_] for next_ in range(position + 1, len(rows)) if filled[next_]][:20]
        if _looks_like_data(row, below):
            return -1 if position == 0 or not any(filled[:position]) else position - 1 if filled[
                position - 1] >= wide else -1
        return position
    return None


def _looks_like_data(row: list[str], below: list[list[str]]) -> bool:
    """Whether a first row is data: it holds values, and the rows below hold values of the same kinds."""
    values = [position for position, cell in enumerate(row) if cell and _is_value(cell)]
    words = [cell for cell in row if cell and not _is_value(cell)]
    if not values or not below:
        return False
    if len(set(map(fold, words))) < len(words) and len(words) > 2:
        return True
    alike = sum(all(len(other) > position and (not other[position] or _is_value(other[position])) for other in below)
                for position in values)
    return alike == len(values) and len(values) >= 0.3 * (len(values) + len(words)) and not _year_header(row)


def _year_header(row: list[str]) -> bool:
    years = sum(bool(re.fullmatch(r"(?:19|20)\d{2}", cell)) for cell in row)
    return years >= 2 and years >= len([cell for cell in row if cell]) - 2


def _is_value(cell: str) -> bool:
    return read_number(cell, POINT) is not None or any(read_time(cell, order) for order in ("dmy", "mdy"))


def _drop_tail(header: list[str], rows: list[list[str]], numbers: list[int], skipped: list[tuple[int, Text]]) -> None:
    """Take totals and foot notes off the end."""
    while rows:
        cells = [cell.strip() for cell in rows[-1] if cell.strip()]
        first = fold(cells[0])
        total = (first in _TOTALS or first.rstrip(" 0123456789") in _TOTALS) and len(cells) <= max(
            2, len(header) - 1) and all(read_number(cell, POINT) is not None or is_missing(cell) for cell in cells[1:])
        footnote = len(cells) == 1 and len(header) > 2 and bool(_FOOTNOTE.match(cells[0]))
        if not total and not footnote:
            return
        skipped.append((numbers[-1], text("total row") if total else text("foot note")))
        rows.pop()
        numbers.pop()


def _drop_repeated_header(header: list[str], rows: list[list[str]], numbers: list[int],
                          skipped: list[tuple[int, Text]]) -> None:
    """Exports printed by page repeat the header; take those rows out."""
    filled = [cell for cell in header if cell]
    if len(filled) < 2 or (rows and len(rows[0]) != len(header)):
        return
    again = [position for position, row in enumerate(rows) if row[0] == header[0] and row == header]
    for position in reversed(again):
        skipped.append((numbers[position], text("header again")))
        del rows[position], numbers[position]
