"""What the readers of formats hand on: sheets of cells, and cells as text."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Row = list[object]
Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column of cells that show as one; 0 = the first."""


class Refused(Exception):
    """The file is well-formed but must not or cannot be read: reason, and what else its message needs."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class NotPlain(Exception):
    """The sheet needs more than the fast way gives; what was handed on of it does not count."""


@dataclass
class Sheet:
    """One table of cells, its rows consumed once.

    hidden     its owner hid it
    from_1904  its days are counted from 1904
    many       it may have more rows than are held in memory
    batches    all rows but the first once more, as lists of pyarrow arrays, a column each; None = not so
    cells      how many it will have; 0 = not known yet
    """

    name: str
    rows: Iterable[Row]
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    from_1904: bool = False
    many: bool = False
    batches: Iterable[list[Any]] | None = None
    cells: int = 0


MANY_ROWS = 20_000
"""Rows of a sheet held in memory by its reader from which on they are handed on as those of a long one."""
_MOST_KEPT = 100_000
_kept: dict[object, object] = {}


def once(cell: object) -> object:
    """The cell, the same object for equal texts: what repeats costs its memory once."""
    if type(cell) is not str:
        return cell
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(cell, cell)


def text_of(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form, times and durations as H:MM:SS, true/false,
    what has parts as JSON."""
    return TEXT[type(cell)](cell)


def _of_nothing(_cell: object) -> str:
    return ""


def _of_flag(cell: bool) -> str:
    return "true" if cell else "false"


def _of_float(cell: float) -> str:
    written = repr(cell)
    if written.endswith(".0"):
        return written[:-2]
    return "" if written[-1] in "nf" else written  # nan, inf


def _of_moment(cell: dt.datetime) -> str:
    if cell.microsecond and cell.year < 9999:  # of a serial number
        cell = (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    written = str(cell)
    return written[:10] if written.endswith(" 00:00:00") else written


def _of_time(cell: dt.date | dt.time) -> str:
    return cell.isoformat()


def _of_duration(cell: dt.timedelta) -> str:
    seconds = round(cell.total_seconds())
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _of_decimal(cell: decimal.Decimal) -> str:
    return format(cell, "f") if cell.is_finite() and abs(cell.adjusted()) < 40 else str(cell)


def _of_bytes(cell: bytes) -> str:
    return cell.decode("utf-8", errors="replace")


def _of_list(cell: list[object]) -> str:
    if all(part is None or isinstance(part, str | int | float) for part in cell):
        return "; ".join(text_of(part) for part in cell)
    return json.dumps(cell, ensure_ascii=False, default=text_of)


def _of_parts(cell: dict[str, object]) -> str:
    return json.dumps(cell, ensure_ascii=False, default=text_of)


class _ByType(dict[type, Callable[..., str]]):
    def __missing__(self, _kind: type) -> Callable[..., str]:
        return str


TEXT = _ByType({
    str: str, type(None): _of_nothing, bool: _of_flag, float: _of_float, dt.datetime: _of_moment, dt.date: _of_time,
    dt.time: _of_time, dt.timedelta: _of_duration, decimal.Decimal: _of_decimal, bytes: _of_bytes, list: _of_list,
    dict: _of_parts})
"""How a value of each type becomes text."""
