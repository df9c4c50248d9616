"""A large XLSX with one plain sheet, its columns straight from Rust (fastexcel): in half the time of its cells one by
one.

Plain is a sheet that begins with its names in A1, has nothing merged, and in each column cells of one kind: texts,
numbers, moments or yes and no. All else is left to cx.intake.formats.workbook; a test reads sheets both ways and
compares.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from .cells import Row, Sheet

_LARGE, _TOO_LARGE = 8_000_000, 1_000_000_000  # bytes of the sheet, unpacked
_HEAD, _BLOCK = 65_536, 1 << 20
_STARTS = re.compile(rb'<sheetData><row r="1"[^>]*><c r="A1"[^>/]*><(?:v|is|f)>')
_MERGED = b"<mergeCell "
_ROWS_AT_ONCE = 50_000
_REPEATED = re.compile(r"(.*)_\d+")
_FIRST_YEAR = 1900  # before it are times of a day


def plain_sheet(path: str, from_1904: bool) -> tuple[dict[str, int], Sheet] | None:
    """(How many rows it has, the only sheet of a workbook); None where it is small or not plain."""
    try:
        with zipfile.ZipFile(path) as parts:
            [about] = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/sheet")]
            if not _LARGE <= about.file_size <= _TOO_LARGE:
                return None
            with parts.open(about) as content:
                if not _STARTS.search(content.read(_HEAD)):
                    return None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None
    with ThreadPoolExecutor(1) as aside:  # while the sheet is read
        aside.submit(import_module, "pyarrow.compute")
        merged = aside.submit(_has_merged, path, about.filename)
        read = _read(path, from_1904)
        return None if merged.result() else read


def _has_merged(path: str, part: str) -> bool:
    """Whether cells of a sheet are merged, as far as its content can be read."""
    before = b""
    with zipfile.ZipFile(path) as parts, parts.open(part) as content:
        while block := content.read(_BLOCK):
            if _MERGED in before + block:
                return True
            before = block[-len(_MERGED):]
    return False


def _read(path: str, from_1904: bool) -> tuple[dict[str, int], Sheet] | None:
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        if len(book.sheet_names) != 1:
            return None
        sheet = book.load_sheet(0, header_row=0, schema_sample_rows=None, dtype_coercion="strict")
    except fastexcel.FastExcelError:
        return None
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cells = sheet.to_arrow()
    except (fastexcel.FastExcelError, pa.ArrowInvalid):
        return None
    names = ["" if column.column_name_from == "generated" else column.name for column in sheet.selected_columns]
    if len(names) != cells.num_columns or not all(map(_is_own, names, [set(names)] * len(names))):
        return None
    for column in cells.columns:
        kind = column.type
        if pa.types.is_timestamp(kind):
            first = pc.min(pc.year(column)).as_py()
            if first is not None and first < _FIRST_YEAR:
                return None
        elif not any(each(kind) for each in (pa.types.is_string, pa.types.is_floating, pa.types.is_boolean)):
            return None
    rows = len(cells) + 1
    return {"of": rows}, Sheet(
        book.sheet_names[0], _rows(names, cells), (), sheet.visible != "visible", from_1904, many=True,
        batches=([*part.columns] for part in _parts(cells)), cells=rows * len(names))


def _is_own(name: str, names: set[str]) -> bool:
    """Whether a name stands so in its cell: not numbered to tell it from another, not a number or a date."""
    repeated = _REPEATED.fullmatch(name)
    return not name or (any(map(str.isalpha, name)) and not (repeated and repeated[1] in names))


def _parts(cells) -> Iterator:  # type: ignore[no-untyped-def]  # pyarrow is loaded by now
    for start in range(0, len(cells), _ROWS_AT_ONCE):
        yield cells.slice(start, _ROWS_AT_ONCE)


def _rows(names: list[str], cells) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    yield [*names]
    for part in _parts(cells):
        yield from map(list, zip(*(column.to_pylist() for column in part.columns), strict=True))
