"""Which rows of a grid name the columns: one row, or groups over sub-headers; and where the data starts without one."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from cx.intake.times import Order, read_time
from cx.intake.values import POINT, is_missing, read_number
from cx.model import fold

LOOK = 40  # rows in which a header is sought
_MOST_HEADER_ROWS = 3
Span = tuple[int, int, int]
"""Row, first column and last column of cells that show as one, 0 = the first."""


def find_header(rows: list[list[str]], grid: Sequence[Sequence[str]],
                spans: Sequence[Span] = (), told: int | None = None) -> tuple[int, list[str]] | None:
    """(position of the last header row, the name of each column); -1 and no names where the data starts without a
    header; None where there is no table.

    rows  the first LOOK rows of the grid, trimmed
    told  the position of the row that is the header, as a person said it; -1 = there is none
    """
    if told is not None:
        return told, [cell.strip() for cell in grid[told]] if told >= 0 else []
    position = _header_row(rows, grid)
    if position is None or position < 0:
        return None if position is None else (position, [])
    names = rows[position] if position < len(rows) else [cell.strip() for cell in grid[position]]
    asked = _questions_of(rows, position)
    if asked:
        return asked
    last = position
    while last + 1 < len(rows) and last - position + 1 < _MOST_HEADER_ROWS and _is_group(
            names, rows[last + 1], _spans_of(spans, last)) and _names_data(rows[last + 1], rows[last + 2:]):
        last += 1
        names = _combine(names, rows[last], _spans_of(spans, last - 1))
    while position and last - position + 1 < _MOST_HEADER_ROWS and _is_group(
            rows[position - 1], names, _spans_of(spans, position - 1)):
        position -= 1
        names = _combine(rows[position], names, _spans_of(spans, position))
    return last, names


def _questions_of(rows: list[list[str]], position: int) -> tuple[int, list[str]] | None:
    """Of the three header rows of Qualtrics (codes, questions, {"ImportId": …}) the questions; None = no such rows."""
    for last in range(position + 1, min(position + 3, len(rows))):
        filled = [cell for cell in rows[last] if cell]
        if filled and all(_IMPORT_ID.match(cell) for cell in filled):
            asked = rows[last - 1] + [""] * (len(rows[position]) - len(rows[last - 1]))
            return last, [question or code for code, question in zip(rows[position], asked, strict=False)]
    return None


_IMPORT_ID = re.compile(r"\{\s*[\"']+ImportId[\"']+\s*:")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?: 00:00(?::00)?)?$")
_ORDERS: tuple[Order, ...] = ("dmy", "mdy")


def is_value(cell: str) -> bool:
    """Whether a text is a number or a moment, however written."""
    return cell.isdigit() or read_number(cell, POINT) is not None or any(
        read_time(cell, order) for order in ("dmy", "mdy"))


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
        if filled[position] < wide or (filled[position] < usual and _names_come_later(rows, filled, position, usual)):
            continue
        below = [rows[next_] for next_ in range(position + 1, len(rows)) if filled[next_]][:20]
        if _looks_like_data(row, below):
            return -1 if position == 0 or not any(filled[:position]) else position - 1 if filled[
                position - 1] >= wide else -1
        return position
    return None


def _names_come_later(rows: list[list[str]], filled: list[int], position: int, usual: int) -> bool:
    """Whether a row narrower than the table is what a report says of itself: below it, and below no wider row, stand
    names without any value, over values."""
    for later in range(position + 1, len(rows)):
        if filled[later] > filled[position]:
            return (filled[later] >= usual and not any(is_value(cell) for cell in rows[later] if cell)
                    and _names_data(rows[later], rows[later + 1:]))
    return False


def _looks_like_data(row: list[str], below: list[list[str]]) -> bool:
    """Whether a first row is data: it holds values, and the rows below hold values of the same kinds."""
    values = [position for position, cell in enumerate(row) if cell and is_value(cell)]
    words = [cell for cell in row if cell and not is_value(cell)]
    if not values or not below:
        return False
    if len(set(map(fold, words))) < len(words) and len(words) > 2:
        return True
    alike = sum(all(len(other) > position and (not other[position] or is_value(other[position])) for other in below)
                for position in values)
    return alike == len(values) and len(values) >= 0.3 * (len(values) + len(words)) and not (
        _year_header(row) or _date_header(row, below))


def _year_header(row: list[str]) -> bool:
    years = sum(bool(re.fullmatch(r"(?:19|20)\d{2}", cell)) for cell in row)
    return years >= 2 and years >= len([cell for cell in row if cell]) - 2


def _date_header(row: list[str], below: list[list[str]]) -> bool:
    """Whether a row names columns by days that rise, over figures that are no days (a table of figures a month)."""
    dated = [(position, moment) for position, cell in enumerate(row) if cell and _DATE.match(cell)
             and (moment := _moment(cell))]
    if len(dated) < 2 or len(dated) < sum(map(bool, row)) - 2:
        return False
    days = [moment for _, moment in dated]
    figures = [other[position] for other in below for position, _ in dated if len(other) > position and other[position]]
    return days == sorted(set(days)) and bool(figures) and not any(_moment(cell) for cell in figures)


def _moment(cell: str) -> dt.datetime | None:
    return next((moment for order in _ORDERS if (moment := read_time(cell, order))), None)


def _spans_of(spans: Sequence[Span], row: int) -> dict[int, int]:
    """First column → last column of the cells of a row that reach over several columns."""
    return {first: last for found, first, last in spans if found == row and last > first}


def _is_group(group: list[str], names: list[str], spans: dict[int, int]) -> bool:
    """Whether a row says what groups of the columns below it are about: its cells reach over several names, or tell
    names apart that are the same, or stand where there is no name below."""
    width = max(len(group), len(names))
    above, below = (row + [""] * (width - len(row)) for row in (group, names))
    filled = [position for position in range(width) if above[position]]
    named = [position for position in range(width) if below[position]]
    if not filled or len(named) < 2 or any(is_value(above[position]) for position in filled) or any(
            is_value(below[position]) for position in named):
        return False
    over = [(first, last) for first, last in spans.items() if above[first] and any(
        below[position] and below[position] != above[first] for position in range(first, last + 1))]
    if over:
        return not (len(filled) == 1 and over[0][0] <= named[0] and over[0][1] >= named[-1])  # that is a title
    if len(filled) < 2:
        return False
    folded = [fold(below[position]) for position in named]
    if len(set(folded)) < len(folded):
        combined = [fold(name) for name in _combine(above, below, {}) if name]
        return len(set(combined)) == len(combined)
    return (any(above[position] and not below[position] for position in range(width))
            and any(below[position] and not above[position] for position in range(width))
            and all(above[position] or below[position] for position in range(named[-1] + 1)))


def _names_data(names: list[str], below: list[list[str]]) -> bool:
    """Whether there are values below at least one of these names."""
    below = [row for row in below if any(row)][:5]
    return any(len(row) > position and row[position] and is_value(row[position]) and not is_missing(row[position])
               for position, name in enumerate(names) if name for row in below)


def _combine(group: list[str], names: list[str], spans: dict[int, int]) -> list[str]:
    """Each name with the group it stands under before it."""
    width = max(len(group), len(names))
    above, below = (row + [""] * (width - len(row)) for row in (group, names))
    combined: list[str] = []
    current, until = "", -1
    for position in range(width):
        if above[position]:
            current = above[position]
            until = spans.get(position, position) if spans else width
        elif not below[position] or position > until:
            current = ""
        alone = above[position] and not below[position]
        combined.append(current if alone or current == below[position] else f"{current} {below[position]}".strip())
        if alone and not spans:
            current = ""
    return combined
