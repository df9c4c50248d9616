"""Frames as files a spreadsheet program opens, with nothing in them it would run.

A text that starts with `= + - @`, a tab or a carriage return is a formula to a spreadsheet program. In XLSX such texts
are written as texts; in CSV they get a leading apostrophe (plain numbers are spared).
"""

from __future__ import annotations

import io
import numbers
import re
from collections.abc import Callable
from csv import QUOTE_NONNUMERIC
from typing import Any

import pandas as pd
import xlsxwriter

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


class Number(float):
    """A number and how a workbook shows it (a format of Excel)."""

    format: str

    def __new__(cls, value: float, format: str) -> Number:
        made = super().__new__(cls, value)
        made.format = format
        return made


def csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with a byte-order mark (so that Excel shows Turkish letters), comma, one header row."""
    safe = frame.rename(columns=lambda name: neutral(str(name)))
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [neutral(value) if isinstance(value, str) else value for value in safe[column]]
    return safe.to_csv(index=False, quoting=QUOTE_NONNUMERIC).encode("utf-8-sig")


def workbook(sheets: dict[str, pd.DataFrame]) -> bytes:
    """An XLSX with one sheet a frame: bold header that stays in sight, with a filter, and on every printed page; dates
    as dates, numbers grouped or as a `Number` wants it, texts never as formulas; columns as wide as they need, printed
    over the width of an A4 page."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "strings_to_numbers": False, "nan_inf_to_errors": False})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    right = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"})
    formats: dict[tuple[str, bool], Any] = {}

    def format_of(wanted: str, wrap: bool = False) -> Any:
        if (wanted, wrap) not in formats:
            formats[wanted, wrap] = book.add_format({"num_format": wanted, "valign": "top", "text_wrap": wrap})
        return formats[wanted, wrap]

    for name, frame in sheets.items():
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31] or None)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
        if len(frame) > 1 and len(frame.columns):
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        wide = 0
        for place in range(len(frame.columns)):
            column, title = frame.iloc[:, place], str(frame.columns[place])
            figures = _figures(column)
            widest = max(map(_shown_width, column.head(_LOOKED_AT)), default=0)
            width = min(_WIDEST, max(widest, _title_width(title)))
            sheet.write_string(0, place, title, right if figures else bold)
            sheet.set_column(place, place, width + 2)
            wide += width + 2
            for number, value in enumerate(column, start=1):
                _write(sheet, number, place, value, format_of, wrap=widest > _WIDEST)
        if wide > _PORTRAIT:
            sheet.set_landscape()
    book.close()
    return buffer.getvalue()


_A4 = 9  # what Excel calls it
_WIDEST = 60  # of a column in characters; longer texts take several lines
_PORTRAIT = 95  # characters that an upright page holds in a size that can be read
_LOOKED_AT = 500  # rows of a column, to find how wide it is


def _figures(column: pd.Series) -> bool:
    """Whether a column stands at the right."""
    if pd.api.types.is_bool_dtype(column):
        return False
    known = [each for each in column.head(_LOOKED_AT) if not pd.isna(each)]
    return bool(known) and all(isinstance(each, numbers.Real) and not isinstance(each, bool) for each in known)


def _title_width(title: str) -> int:
    """A heading may take two lines, and has the button of the filter beside it."""
    longest = max(map(len, title.split()), default=0)
    return max(longest, -(-len(title) // 2) if len(title) > 12 else len(title)) + 2


def _shown_width(value: object) -> int:
    """Characters that a cell needs."""
    if pd.isna(value):
        return 0
    if isinstance(value, pd.Timestamp):
        return 10 if value == value.normalize() else 16
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        shown = getattr(value, "format", "").split(";")[0]
        return len(f"{float(value):,.1f}") + shown.count("%") * 2 + len("".join(shown.split('"')[1:2])) + 1
    return max(map(len, str(value).splitlines() or [""]))


def neutral(value: str) -> str:
    """A text that a spreadsheet program takes as text."""
    return f"'{value}" if value.startswith(_RISKY) and not _NUMBER.fullmatch(value) else value


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object,
           format_of: Callable[..., Any], *, wrap: bool) -> None:
    if pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, format_of("General"))
    elif isinstance(value, pd.Timestamp):
        day = value == value.normalize()
        sheet.write_datetime(row, column, value.to_pydatetime(), format_of("yyyy-mm-dd" if day else "yyyy-mm-dd hh:mm"))
    elif isinstance(value, int | float) or hasattr(value, "__float__"):
        number = float(value)
        shown = getattr(value, "format", "#,##0" if number.is_integer() else "#,##0.00")
        sheet.write_number(row, column, number, format_of(shown))
    else:
        sheet.write_string(row, column, str(value)[:32767], format_of("General", wrap))
