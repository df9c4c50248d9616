"""The tables of a sheet: title rows, headers, blank rows and columns, totals, notes, several tables in one sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cx.errors import IntakeError
from cx.intake.headers import LOOK, Span, find_header, is_value
from cx.intake.headings import NOBODY_SAID, Headings
from cx.intake.mend import mend, unstick
from cx.intake.pieces import Piece, pieces
from cx.intake.table import Table
from cx.intake.values import POINT, is_missing, read_number
from cx.language import Text, text
from cx.model import fold

MOST_COLUMNS = 4_000
LONGEST_CELL = 200_000  # a spreadsheet program holds 32,767 characters
_SHOWN = 60  # characters of a cell, and columns, that are shown of a sheet's first rows
_MOST_FILLED = 1_000_000  # cells of a sheet filled in because they are merged
_TOTAL = re.compile(r"(?:(?:grand|sub|genel|ara|alt)[ -]?)?(?:total|totals|toplam|subtotal|sum|average|ortalama|mean)"
                    r"(?:\W.*|\d.*)?|.*\W(?:total|subtotal|toplam|toplami|ortalamasi)")
LIKE_TOTAL = re.compile(r"total|toplam|\bsum\b|average|ortalama|\bmean\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^(?:\*|source\b|kaynak\b|note\b|not:|exported\b|generated\b|rapor tarihi)", re.IGNORECASE)


def find_tables(name: str, grid: Sequence[Sequence[str]], typed: frozenset[int] = frozenset(),
                merged: Sequence[tuple[int, int, int, int]] = (), separator: str = ",",
                place: str = "0", headings: Headings = NOBODY_SAID) -> list[Table]:
    """Every table in a sheet; a second one is called after its sheet and the cell it starts at ("Sales!A12").

    merged  cells that show as one: first row, first column, last row, last column, 0 = the first; what a cell reaches
            down over holds for each row
    place   where the sheet stands in the file
    headings  which row names the columns, where a person said it: then the sheet is one table, from that row to its end

    Raises IntakeError for a row of names that is empty, for more columns than anybody could map, and for a cell of the
    size of a file.
    """
    _check_size(name, grid)
    if merged:
        grid = _filled_down(grid, merged)
    spans = [(top, left, right) for top, left, _, right in merged]
    told = headings.row(place, grid)
    if told and not (told > 0 and any(cell.strip() for row in grid[told - 1:told] for cell in row)):
        raise IntakeError(text("Row {row} of “{name}” is empty, so it cannot name the columns.", row=told, name=name))
    parts = pieces(grid) if told is None else [Piece(0, len(grid))]
    top = [[cell.strip()[:_SHOWN] for cell in row[:_SHOWN]] for row in grid[:LOOK]]
    tables: list[Table] = []
    for part in parts:
        table = _find_in(name, grid, part, typed, spans, separator, told)
        if table is not None and (table.rows or len(parts) == 1):
            tables.append(replace(table, name=f"{name}!{_place(part)}" if tables else name, place=place, top=top,
                                  told=told is not None))
    return tables


def _check_size(name: str, grid: Sequence[Sequence[str]]) -> None:
    """Refuse what nobody could map or read: too many columns, or a cell that swallowed half a file."""
    widest = max(map(_filled_width, grid[:LOOK]), default=0)
    if widest > MOST_COLUMNS:
        raise IntakeError(text("“{name}” has {n} columns; at most {most} are read. Delete those you do not need and "
                               "upload it again.", name=name, n=widest, most=MOST_COLUMNS))
    for number, row in enumerate(grid, start=1):
        if row and len(longest := max(row, key=len)) > LONGEST_CELL:
            raise IntakeError(text("Row {row} of “{name}” holds a cell of {n} characters; at most {most} are read. A "
                                   "quotation mark may lack its partner. Correct the row and upload the file again.",
                                   row=number, name=name, n=len(longest), most=LONGEST_CELL))


def _find_in(name: str, grid: Sequence[Sequence[str]], part: Piece, typed: frozenset[int], spans: Sequence[Span],
             separator: str, told: int | None) -> Table | None:
    """The table of a piece, with its rows numbered as in the sheet."""
    if part == Piece(0, len(grid)):
        return find_table(name, grid, typed, separator, spans, told)
    rows = [row[part.left:part.right] for row in grid[part.top:part.bottom]]
    inside = [(row - part.top, first - part.left, last - part.left) for row, first, last in spans
              if part.top <= row < part.bottom and first >= part.left]
    table = find_table(name, rows, frozenset(column - part.left for column in typed if column >= part.left), separator,
                       inside)
    if table is None:
        return None
    return replace(table, header_row=None if table.header_row is None else table.header_row + part.top,
                   row_numbers=[number + part.top for number in table.row_numbers],
                   skipped=[(number + part.top, why) for number, why in table.skipped],
                   ragged={number + part.top: cells for number, cells in table.ragged.items()},
                   mended=[number + part.top for number in table.mended])


def _place(part: Piece) -> str:
    """The first cell of a piece as a spreadsheet program names it."""
    column, letters = part.left + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{part.top + 1}"


def _filled_down(grid: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]]) -> list[list[str]]:
    rows = [list(row) for row in grid]
    filled = 0
    for top, left, bottom, _ in merged:
        if bottom <= top or top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for row in rows[top + 1:bottom + 1]:
            row.extend([""] * (left + 1 - len(row)))
            row[left] = row[left] or rows[top][left]
            filled += 1
        if filled > _MOST_FILLED:
            break
    return rows


def find_table(name: str, grid: Sequence[Sequence[str]], typed: frozenset[int] = frozenset(),
               separator: str = ",", spans: Sequence[Span] = (), told: int | None = None) -> Table | None:
    """The table in a grid of cells (row n of the sheet is item n-1); None where there is no header with data below.

    typed      positions of columns whose numbers were stored as numbers
    separator  what stood between the cells, to put torn texts together again
    spans      cells that reach over several columns
    told       the row that names the columns, 1 = the first, where a person said it; 0 = none does
    """
    found = find_header([[cell.strip() for cell in row] for row in grid[:LOOK]], grid, spans,
                        None if told is None else told - 1)
    if found is None:
        return None
    header_at, header = found
    named = header_at >= 0
    body = grid[header_at + 1:]
    width = max((position + 1 for position, cell in enumerate(header) if cell), default=0)
    filled_widths = [len(row) if row and row[-1] > " " else _filled_width(row) for row in body]
    widths = Counter(filled_widths)
    widths.pop(0, None)
    wider = sum(count for found, count in widths.items() if found > width)
    if wider and wider >= 0.5 * widths.total():  # columns without a name
        width = max(widths, key=lambda found: (widths[found], found))
    kept_rows: list[list[str]] = []
    row_numbers: list[int] = []
    skipped: list[tuple[int, Text]] = []
    ragged: dict[int, list[str]] = {}
    mended: list[int] = []
    blank = text("blank row")
    for number, (row, filled) in enumerate(zip(body, filled_widths, strict=True), start=header_at + 2):
        if filled == 0:
            skipped.append((number, blank))
            continue
        if filled > width:
            ragged[number] = [cell.strip() for cell in row[:filled]]
        if filled <= width // 2 and width > 2 and (whole := unstick(row[:filled], width, separator)):
            row = whole
            mended.append(number)
        cells = list(row[:width])
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        kept_rows.append(cells)
        row_numbers.append(number)
    while skipped and (not row_numbers or skipped[-1][0] > row_numbers[-1]):
        skipped.pop()  # blank lines after the last row are no rows
    header = (header + [""] * width)[:width]
    drop_notes(header, kept_rows, row_numbers, skipped)
    _drop_totals(header, kept_rows, row_numbers, skipped)
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
    if not empty:
        mended.extend(mend(kept_rows, row_numbers, ragged, separator))
    return Table(name, header, kept_rows, header_at + 1 if named else None, row_numbers, sorted(skipped, key=_first),
                 {number: cells[width:] for number, cells in ragged.items()}, typed, mended)


def _first(pair: tuple[int, Text]) -> int:
    return pair[0]


def _filled_width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _drop_totals(header: list[str], rows: list[list[str]], numbers: list[int], skipped: list[tuple[int, Text]]) -> None:
    """Take totals and subtotals out, wherever they stand."""
    why = text("total row")
    again = [position for position, row in enumerate(rows) if "" in row and is_total(header, row)]
    for position in reversed(again):
        skipped.append((numbers[position], why))
        del rows[position], numbers[position]


def is_total(header: list[str], row: list[str]) -> bool:
    if not LIKE_TOTAL.search(next(filter(str.strip, row), "")):
        return False
    cells = [cell.strip() for cell in row if cell.strip()]
    return (bool(_TOTAL.fullmatch(fold(cells[0])))
            and len(cells) <= max(2, len(header) - 1)
            and all(read_number(cell, POINT) is not None or is_missing(cell) for cell in cells[1:]))


def drop_notes(header: list[str], rows: list[list[str]], numbers: list[int], skipped: list[tuple[int, Text]]) -> None:
    """Take footnotes off the end: single cells that say so, or that stand below a blank row."""
    why = text("footnote")
    blank = {number for number, _ in skipped}
    while len(header) > 2 and rows:
        first = len(rows)
        while first and sum(bool(cell.strip()) for cell in rows[first - 1]) == 1:
            first -= 1
            cell = "".join(rows[first]).strip()
            if _FOOTNOTE.match(cell) or (numbers[first] - 1 in blank and first and not is_value(cell)):
                break
        else:
            return
        skipped.extend((number, why) for number in numbers[first:])
        blank.update(numbers[first:])
        del rows[first:], numbers[first:]


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
