"""Frames as files a spreadsheet program opens, with nothing in them it would run.

A text that starts with `= + - @`, a tab or a carriage return is a formula to a spreadsheet program. In XLSX such texts
are written as texts; in CSV they get a leading apostrophe (plain numbers are spared).
"""

from __future__ import annotations

import io
import numbers
import re
import textwrap
from collections.abc import Callable, Mapping
from csv import QUOTE_NONNUMERIC
from types import MappingProxyType
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


def csv(frame: pd.DataFrame, decimal: str = ".") -> bytes:
    """UTF-8 with a byte-order mark (so that Excel shows Turkish letters), one header row; commas between cells, or
    semicolons where `decimal` is a comma, as a spreadsheet program expects where numbers are written so."""
    safe = frame.rename(columns=lambda name: neutral(str(name)))
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [_plain(value, decimal) for value in safe[column]]
    return safe.to_csv(index=False, quoting=QUOTE_NONNUMERIC, decimal=decimal,
                       sep=";" if decimal == "," else ",").encode("utf-8-sig")


def _plain(value: Any, decimal: str) -> Any:
    """A value of a column that is not of numbers alone, as CSV holds it."""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, Number) and value.is_integer():
        return int(value)
    return str(value).replace(".", decimal) if decimal != "." and isinstance(value, float) and value == value else value


def workbook(sheets: dict[str, pd.DataFrame], links: Mapping[int, str] = MappingProxyType({})) -> bytes:
    """An XLSX with one sheet a frame: bold header that stays in sight, with a filter, and on every printed page; dates
    as dates, numbers grouped or as a `Number` wants it, texts never as formulas; columns as wide as they need, printed
    over the width of an A4 page. links: {row of the first frame: name of the sheet that its last column leads to}."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "strings_to_numbers": False, "nan_inf_to_errors": False})
    formats: dict[tuple[str, bool], Any] = {}

    def format_of(wanted: str, *, words: bool = False) -> Any:
        if (wanted, words) not in formats:
            layout = {"text_wrap": True, "indent": 1} if words else {}
            formats[wanted, words] = book.add_format({"num_format": wanted, "valign": "top", **layout})
        return formats[wanted, words]

    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    head, head_of_figures = book.add_format({**heading, "indent": 1}), book.add_format({**heading, "align": "right"})
    for name, frame in sheets.items():
        sheet = book.add_worksheet(_tab(name) or None)
        columns = [frame.iloc[:, place] for place in range(len(frame.columns))]
        titles = [str(each) for each in frame.columns]
        widths = _widths(titles, columns)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
        if sum(widths) > _PORTRAIT:
            sheet.set_landscape()
        if len(frame) > 1 and columns:
            sheet.autofilter(0, 0, len(frame), len(columns) - 1)
        lines = [1] * (len(frame) + 1)
        for place, (title, column, width) in enumerate(zip(titles, columns, widths, strict=True)):
            sheet.write_string(0, place, title, head_of_figures if _figures(column) else head)
            sheet.set_column(place, place, width)
            lines[0] = max(lines[0], _lines(title, width - 3))
            for number, value in enumerate(column, start=1):
                _write(sheet, number, place, value, format_of)
                if isinstance(value, str) and (len(value) > width - 2 or "\n" in value):
                    lines[number] = max(lines[number], _lines(value, width - 2))
        for number, high in enumerate(lines):
            if high > 1:
                sheet.set_row(number, _HIGH * min(high, 25))
    first = next(iter(sheets.values()), pd.DataFrame())
    link = book.add_format({"font_color": "#0B57D0", "underline": 1, "valign": "top", "text_wrap": True, "indent": 1})
    for row, name in links.items():
        book.worksheets()[0].write_url(row + 1, len(first.columns) - 1, f"internal:'{_tab(name)}'!A1", link,
                                       str(first.iloc[row, -1]))
    book.close()
    return buffer.getvalue()


def _tab(name: str) -> str:
    """The name of a sheet as Excel allows it."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31]


_A4 = 9  # what Excel calls it
_WIDEST, _NARROWEST = 62, 26  # of a column of texts, in characters; longer texts take several lines
_PORTRAIT, _LANDSCAPE = 95, 170  # characters over a page in a size that can be read
_HIGH = 15  # points of a line
_LOOKED_AT = 500  # rows of a column, to find how wide it is


def _widths(titles: list[str], columns: list[pd.Series]) -> list[int]:
    """What each column needs; texts take more lines where all together would be too small on paper."""
    texts = [max(map(_shown_width, column.head(_LOOKED_AT)), default=0) + 2 for column in columns]
    heads = [_title_width(title) for title in titles]
    for widest in range(_WIDEST, _NARROWEST - 1, -6):
        widths = [max(min(text, widest), head) for text, head in zip(texts, heads, strict=True)]
        if sum(widths) <= _LANDSCAPE:
            break
    return widths


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column so many digits wide; letters are narrower."""
    return sum(max(1, len(textwrap.wrap(line, max(round(1.1 * width), 4)))) for line in text.splitlines())


def _figures(column: pd.Series) -> bool:
    """Whether a column stands at the right."""
    if pd.api.types.is_bool_dtype(column):
        return False
    known = [each for each in column.head(_LOOKED_AT) if not pd.isna(each)]
    return bool(known) and all(isinstance(each, numbers.Real) and not isinstance(each, bool) for each in known)


def _title_width(title: str) -> int:
    """A heading may take two lines, and has the button of the filter beside it."""
    longest = max(map(len, title.split()), default=0)
    return max(longest, -(-len(title) // 2) + 1 if len(title) > 12 else len(title)) + 4


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
           format_of: Callable[..., Any]) -> None:
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
        sheet.write_string(row, column, str(value)[:32767], format_of("General", words=True))
