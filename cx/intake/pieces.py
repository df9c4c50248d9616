"""Where one sheet holds several tables, one below or beside another: the rectangle of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cx.intake.headers import LOOK, find_header, is_value
from cx.model import fold

_MOST_PIECES = 50
_MOST_GAPS = 1000
_TITLES = 3
_SAMPLE = 200
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Piece:
    """Rows top to bottom (bottom excluded) and columns left to right (right excluded; None = to the end), 0 = the
    first."""

    top: int
    bottom: int
    left: int = 0
    right: int | None = None


def pieces(grid: Grid) -> list[Piece]:
    """The rectangles of the tables of a sheet, from above to below and from left to right; one where there is one."""
    found: list[Piece] = []
    for top, bottom in _below(grid):
        found.extend(Piece(top, bottom, left, right) for left, right in _beside(grid[top:bottom]))
    return found[:_MOST_PIECES]


def _below(grid: Grid) -> list[tuple[int, int]]:
    """Where blank rows part tables: behind them comes a row of names, unlike the rows of the table above."""
    gaps = [row for row in range(1, len(grid)) if any(grid[row]) and (
        len(grid[row]) != len(grid[row - 1]) or not any(grid[row - 1]))][:_MOST_GAPS]
    if not gaps:
        return [(0, len(grid))]
    found, top, names = [], 0, _names(grid)
    for gap in gaps:
        if gap <= top or names is None:
            continue
        header_at, header = names
        body = [row for row in grid[top + header_at + 1:min(gap, top + header_at + 1 + _SAMPLE)] if any(row)]
        if not body:  # title rows
            continue
        if _starts_table(grid[gap:gap + LOOK], header, body, not any(grid[gap - 1])):
            found.append((top, gap))
            top, names = gap, _names(grid[gap:])
    return [*found, (top, len(grid))]


def _names(grid: Grid) -> tuple[int, list[str]] | None:
    found = find_header([[cell.strip() for cell in row] for row in grid[:LOOK]], grid)
    return found if found and found[0] >= 0 else None


def _starts_table(rows: Grid, header: list[str], body: Grid, after_blank: bool) -> bool:
    """Whether a new table starts here: titles, if any, then names over at least one row of values. Without a blank row
    before it, all rows below must be as wide as the names, and not as wide as the table above.

    header, body  of the table above
    """
    if not after_blank and (len(rows) < 3 or len(rows[0]) == len(body[0])
                            or any(len(row) != len(rows[0]) for row in rows[1:3])):
        return False
    titles = 0
    while titles < min(_TITLES, len(rows)) and len(_filled(rows[titles])) <= 1:
        titles += 1
    if titles >= len(rows) - 1:
        return False
    names = [fold(cell) for cell in _filled(rows[titles])]
    below = [_filled(row) for row in rows[titles + 1:titles + 6] if any(row)]
    if (len(names) < 2 or not below or len(set(names)) < len(names) or names == [fold(cell) for cell in header if cell]
            or any(is_value(cell) for cell in _filled(rows[titles])) or len(below[0]) < max(2, len(names) / 2)):
        return False
    values_below = any(is_value(cell) for cell in below[0])
    without = sum(not any(is_value(cell) for cell in _filled(row)) for row in body)
    width = max(len(_filled(row)) for row in body)
    other = abs(width - len(names)) >= 1
    return (values_below and without <= 0.05 * len(body)) or (other and titles > 0) or (
        other and values_below and all(len(row) <= len(names) for row in below))


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _beside(grid: Grid) -> list[tuple[int, int | None]]:
    """Where blank columns part tables: those of different length, or with a name in common."""
    width = max(map(len, grid), default=0)
    blank = _blank_columns(grid, width)
    if not blank:
        return [(0, None)]
    edges = [-1, *sorted(blank), width]
    parts = [(left + 1, right) for left, right in pairwise(edges) if right - left > 1]
    if len(parts) < 2 or any(right - left < 2 for left, right in parts) or len(parts) > _MOST_PIECES:
        return [(0, None)]
    found: list[list[int]] = [list(parts[0])]
    for left, right in parts[1:]:
        if _apart(grid, (found[-1][0], found[-1][1]), (left, right)):
            found.append([left, right])
        else:
            found[-1][1] = right
    return [(left, right) for left, right in found] if len(found) > 1 else [(0, None)]


def _blank_columns(grid: Grid, width: int) -> set[int]:
    """Columns without any cell, between columns with some."""
    if not width or width > 16_384:
        return set()
    blank = set(range(width))
    for row in grid:
        if not blank:
            break
        if len(row) < len(blank):
            blank.difference_update(column for column, cell in enumerate(row) if cell)
        else:
            blank = {column for column in blank if column >= len(row) or not row[column]}
    while blank and width - 1 in blank:
        width -= 1
        blank.discard(width)
    return blank


def _apart(grid: Grid, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether columns on both sides of a blank one are tables of their own: they start in different rows, share a name,
    or one is filled to its end and ends before the other."""
    first, second = _Side.of(grid, one), _Side.of(grid, other)
    if first is None or second is None:
        return False
    if first.header_at != second.header_at or first.names & second.names:
        return True
    shorter = min(first, second, key=_last)
    return abs(first.last - second.last) >= 3 and shorter.full


@dataclass(frozen=True)
class _Side:
    """Part of a grid. last = the last row with two cells or more; full = nearly every cell down to it is filled."""

    header_at: int
    names: frozenset[str]
    last: int
    full: bool

    @classmethod
    def of(cls, grid: Grid, columns: tuple[int, int]) -> _Side | None:
        part = [row[slice(*columns)] for row in grid]
        header = _names(part)
        rows = [number for number, row in enumerate(part) if sum(map(bool, row)) >= 2]
        if header is None or len(rows) < 2:
            return None
        body = part[header[0] + 1:rows[-1] + 1]
        filled = sum(sum(map(bool, row)) for row in body)
        full = filled >= 0.9 * len(body) * (columns[1] - columns[0])
        return cls(header[0], frozenset(fold(name) for name in header[1] if name), rows[-1], full)


def _last(side: _Side) -> int:
    return side.last
