"""XLSX, XLSM, XLSB, XLS and ODS: stored values only; formulas, macros and links are never run or followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, repeat

from .cells import Refused, Row, Sheet

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def sheets(path: str, _encoding: str) -> Iterator[Sheet]:
    """Every worksheet that is not empty."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(path)
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.start is None:
            continue
        top, left = sheet.start
        if top >= _MOST_ROWS or left >= _MOST_COLUMNS:
            raise Refused("too large")
        merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        yield Sheet(about.name, chain(repeat([], top), _shifted(sheet.iter_rows(), left)), merged,
                    about.visible != SheetVisibleEnum.Visible)


def _shifted(rows: Iterable[Iterable[object]], left: int) -> Iterator[Row]:
    return ([*repeat("", left), *row] for row in rows)
