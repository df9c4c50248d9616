"""XLSX, XLSM, XLSB, XLS and ODS: stored values only; formulas, macros and links are never run or followed."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html.entities import html5
from itertools import chain, repeat

from .cells import Refused, Row, Sheet
from .plain_workbook import plain_sheet

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_FLAG_BYTES = 1_000_000
_SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
_DECLARED = re.compile(rb"<!ENTITY\s")
_DECLARED_WITHIN = 100_000  # bytes: document types stand first
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")


def sheets(path: str, _encoding: str, *, carefully: bool = False) -> Iterator[Sheet | dict[str, int]]:
    """Every worksheet that is not empty, and before each how many rows there are down to its end. Raises NotPlain where
    that is to be done once more, carefully."""
    _refuse_declarations(path)
    since_1904, known = _from_1904(path), 0
    plain = None if carefully else plain_sheet(path, since_1904)
    if plain is not None:
        yield from plain
        return
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, XmlError

    try:
        workbook, mended = CalamineWorkbook.from_path(path), False
    except XmlError as error:
        workbook, mended = CalamineWorkbook.from_filelike(_with_letters(path, error)), True
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = workbook.get_sheet_by_name(about.name)
        except XmlError as error:
            if mended:
                raise
            workbook, mended = CalamineWorkbook.from_filelike(_with_letters(path, error)), True
            sheet = workbook.get_sheet_by_name(about.name)
        if sheet.start is None:
            continue
        top, left = sheet.start
        if top >= _MOST_ROWS or left >= _MOST_COLUMNS:
            raise Refused("too large")
        known += sheet.total_height
        yield {"of": known}
        merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        yield Sheet(about.name, chain(repeat([], top), _shifted(sheet.iter_rows(), left)), merged,
                    about.visible != SheetVisibleEnum.Visible, since_1904, many=True)


def _shifted(rows: Iterable[Iterable[object]], left: int) -> Iterable[Row]:
    return rows if not left else ([*repeat("", left), *row] for row in rows)  # type: ignore[return-value]


_DAMAGED = (zipfile.BadZipFile, OSError, RuntimeError, zlib.error, EOFError)
"""What a part of a workbook raises that is damaged, locked or packed in an unknown way (NotImplementedError is a
RuntimeError)."""


def _from_1904(path: str) -> bool:
    """Whether an XLSX counts its days from 1904."""
    try:
        with zipfile.ZipFile(path) as parts, parts.open("xl/workbook.xml") as part:
            return _SINCE_1904.search(part.read(_FLAG_BYTES)) is not None
    except (*_DAMAGED, KeyError):
        return False


def _refuse_declarations(path: str) -> None:
    """Names that a document type declares may unpack to anything, and no workbook needs them (ECMA-376 part 2 forbids
    document types): Refused, also where nothing uses them."""
    with contextlib.suppress(*_DAMAGED), zipfile.ZipFile(path) as parts:
        for part in parts.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with contextlib.suppress(*_DAMAGED), parts.open(part) as content:  # a damaged one hides no other
                    if _DECLARED.search(content.read(_DECLARED_WITHIN)):
                        raise Refused("entities")


def _with_letters(path: str, error: Exception) -> io.BytesIO:
    """The workbook with the names of letters that pages of the web use (&eacute; &nbsp;) as letters, which its own
    format does not know."""
    if "entity" not in str(error) or not zipfile.is_zipfile(path):
        raise error
    mended = io.BytesIO()
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(mended, "w") as out:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename.endswith(".xml"):
                content = _NAMED.sub(_letter, content)
            out.writestr(part.filename, content)
    mended.seek(0)
    return mended


def _letter(found: re.Match[bytes]) -> bytes:
    return html5.get(found[1].decode(), found[0].decode()).encode()
