"""Frames as files a spreadsheet program opens, with nothing in them it would run.

A text that starts with `= + - @`, a tab or a carriage return is a formula to a spreadsheet program. In XLSX such texts
are written as texts; in CSV they get a leading apostrophe (plain numbers are spared).
"""

from __future__ import annotations

import io
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
    """An XLSX with one sheet a frame: bold header, frozen first row, dates as dates, numbers grouped or as a `Number`
    wants it, texts never as formulas."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "strings_to_numbers": False, "nan_inf_to_errors": False})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats: dict[str, Any] = {}

    def format_of(wanted: str) -> Any:
        if wanted not in formats:
            formats[wanted] = book.add_format({"num_format": wanted})
        return formats[wanted]

    for name, frame in sheets.items():
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31] or None)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(frame.columns):
            sheet.write_string(0, place, str(column), bold)
            widest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))])
            sheet.set_column(place, place, min(60, widest) + 2)
        for number, row in enumerate(frame.itertuples(index=False), start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, format_of)
    book.close()
    return buffer.getvalue()


def neutral(value: str) -> str:
    """A text that a spreadsheet program takes as text."""
    return f"'{value}" if value.startswith(_RISKY) and not _NUMBER.fullmatch(value) else value


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object,
           format_of: Callable[[str], Any]) -> None:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, pd.Timestamp):
        day = value == value.normalize()
        sheet.write_datetime(row, column, value.to_pydatetime(), format_of("yyyy-mm-dd" if day else "yyyy-mm-dd hh:mm"))
    elif isinstance(value, int | float) or hasattr(value, "__float__"):
        number = float(value)
        shown = getattr(value, "format", "#,##0" if number.is_integer() else "#,##0.00")
        sheet.write_number(row, column, number, format_of(shown))
    else:
        sheet.write_string(row, column, str(value)[:32767])
