"""A large XLSX with one plain sheet, its columns straight from Rust (fastexcel), a piece of its rows at a time: the
next pieces are read, on all cores, while one is handed on. Where what must be read again with each piece is large (the
texts that stand beside the sheet), it is read once and whole.

Plain is a sheet that begins with its names in A1, has nothing merged, and in each column cells of one kind: texts,
numbers, moments or yes and no. All else is left to cx.intake.formats.workbook; a test reads sheets both ways and
compares. What is not plain may come late: then NotPlain is raised, and what was handed on does not count.

The reader only knows whole workbooks, so each piece is made one: the sheet cut between two rows, below its first row.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import Any

from .cells import NotPlain, Row, Sheet

_LARGE, _TOO_LARGE = 8_000_000, 1_000_000_000  # bytes of the sheet, unpacked
_PIECE = 3_000_000
_PER_TEXT = 10  # times the size of the shared texts, which are read again with each piece
_LARGEST_PIECE = 32_000_000  # a piece is held several times, and some pieces at a time
_ROWS_AT_ONCE, _BLOCK = 50_000, 1 << 20
_AHEAD = 3  # pieces
_MOST_ROWS = 1_048_576
_HEAD = 65_536
_STARTS = re.compile(rb'<sheetData>(<row r=")1("[^>]*><c r="A1"[^>/]*><(?:v|is|f)>)')
_ENDS = b"</sheetData>"
_ROW_ENDS = b"</row>"
_MERGED = b"<mergeCell "
_ODD = (b"<!--", b"<![CDATA[")  # what looks like the end of a row may stand in these
_ROW = re.compile(rb'<row r="(\d{1,7})"')
_CELL = re.compile(rb'(<c [^>]*?\br="[A-Z]{1,3})1"')
_NEEDED = ("[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
           "xl/sharedstrings.xml")
_REPEATED = re.compile(r"(.*)_\d+")
_FIRST_YEAR = 1900  # before it are times of a day
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


def plain_sheet(path: str, from_1904: bool) -> tuple[dict[str, int], Sheet] | None:
    """(About how many rows it has, the only sheet of a workbook); None where it is small or not plain."""
    try:
        with zipfile.ZipFile(path) as parts:
            [about] = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/sheet")]
            if not _LARGE <= about.file_size <= _TOO_LARGE:
                return None
            with parts.open(about) as content:
                if not _STARTS.search(content.read(_HEAD)):
                    return None
            beside = sum(part.file_size for part in parts.infolist() if part.filename.lower() in _NEEDED)
    except _DAMAGED:
        return None
    size = max(_PIECE, _PER_TEXT * beside)
    pieces = _pieces(path, about.filename, size) if size <= _LARGEST_PIECE else _whole(path, about)
    try:
        first = next(pieces)
    except NotPlain:
        return None
    rows = round((len(first.cells) + 1) * about.file_size / first.size)
    return {"of": rows}, Sheet(first.sheet, _rows(first, pieces), (), first.hidden, from_1904, many=True,
                               batches=([*cells.columns] for cells in _all(first, pieces)))


@dataclass
class _Piece:
    """Some rows of a sheet.

    cells  a pyarrow record batch, without blank rows at its end
    rows   how many rows it is of
    size   bytes of the sheet it was read from
    """

    sheet: str
    hidden: bool
    names: list[str]
    cells: Any
    rows: int
    size: int


def _rows(first: _Piece, others: Iterator[_Piece]) -> Iterator[Row]:
    yield [*first.names]
    for cells in _all(first, others):
        yield from map(list, zip(*(column.to_pylist() for column in cells.columns), strict=True))


def _all(first: _Piece, others: Iterator[_Piece]) -> Iterator[Any]:
    """The rows of all pieces as record batches; those that are blank at the end of the sheet are none."""
    import pyarrow as pa

    kinds: list[Any] = [None] * len(first.names)
    blank = 0
    for piece in chain((first,), others):
        cells = piece.cells
        if len(cells):
            if piece.names != first.names:
                raise NotPlain
            for place, column in enumerate(cells.columns):
                if column.null_count < len(column):
                    kinds[place] = kinds[place] or column.type
                    if column.type != kinds[place]:
                        raise NotPlain
            if blank:
                yield pa.record_batch([pa.nulls(blank, field.type) for field in cells.schema], schema=cells.schema)
            for start in range(0, len(cells), _ROWS_AT_ONCE):
                yield cells.slice(start, _ROWS_AT_ONCE)
            blank = 0
        blank += piece.rows - len(cells)


# --- cutting and reading ---


def _whole(path: str, part: zipfile.ZipInfo) -> Iterator[_Piece]:
    """A sheet as one piece, read from its file. Raises NotPlain."""
    with ThreadPoolExecutor(1) as aside:  # while the sheet is read
        aside.submit(import_module, "pyarrow.compute")
        merged = aside.submit(_has_merged, path, part.filename)
        piece = _read(path, part.file_size)
        try:
            if merged.result():
                raise NotPlain
        except _DAMAGED as error:
            raise NotPlain from error
    yield piece


def _has_merged(path: str, part: str) -> bool:
    """Whether cells of a sheet are merged, as far as its content can be read."""
    before = b""
    with zipfile.ZipFile(path) as parts, parts.open(part) as content:
        while block := content.read(_BLOCK):
            if _MERGED in before + block:
                return True
            before = block[-len(_MERGED):]
    return False


def _pieces(path: str, part: str, size: int) -> Iterator[_Piece]:
    """The pieces of a sheet of about `size` bytes each, from top to bottom. Raises NotPlain."""
    with zipfile.ZipFile(path) as parts, ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as aside:
        aside.submit(import_module, "pyarrow.compute")
        others = {each.filename: parts.read(each) for each in parts.infolist() if each.filename.lower() in _NEEDED}
        cut = _cut(parts, part, size)
        waiting: deque[Future[_Piece]] = deque()
        while True:
            while len(waiting) < _AHEAD and (sheet := next(cut, None)) is not None:
                waiting.append(aside.submit(_read_cut, others, part, *sheet))
            if not waiting:
                return
            yield waiting.popleft().result()


def _cut(parts: zipfile.ZipFile, part: str, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(A sheet of its own with the first row and some others, how many others, bytes it was cut from), from top to
    bottom."""
    try:
        with parts.open(part) as content:
            block = content.read(size)
            found, header_ends = _STARTS.search(block), block.find(_ROW_ENDS) + len(_ROW_ENDS)
            if found is None or header_ends < len(_ROW_ENDS):
                raise NotPlain
            start, header = block[:found.start()] + b"<sheetData>", block[found.start(1):header_ends]
            last, before, rest, ended = 1, header_ends, block[header_ends:], False
            while not ended:
                whole = rest + (block := content.read(size))
                if (b"!" in whole and any(each in whole for each in _ODD)) or len(whole) > 4 * size:
                    raise NotPlain
                ends = whole.find(_ENDS)
                ended = ends >= 0
                cut = ends if ended else whole.rfind(_ROW_ENDS) + len(_ROW_ENDS)
                if not block and not ended:
                    raise NotPlain
                if cut < len(_ROW_ENDS) and not ended:
                    rest = whole
                    continue
                rows, rest = whole[:cut], whole[cut:]
                first, last = last, _last_row(rows, last)
                yield b"".join((start, _moved(header, first), rows, _ENDS, b"</worksheet>")), last - first, before + cut
                before = 0
            while rest:
                if _MERGED in rest:
                    raise NotPlain
                rest = rest[-len(_MERGED):] + block if (block := content.read(size)) else b""
    except _DAMAGED as error:
        raise NotPlain from error


def _last_row(rows: bytes, before: int) -> int:
    """The number of the last of these rows; that before them where there is none."""
    place = rows.rfind(b"<row")
    if place < 0:
        return before
    first, last = _ROW.search(rows), _ROW.match(rows, place)
    if first is None or last is None or not before < int(first[1]) <= int(last[1]) <= _MOST_ROWS:
        raise NotPlain
    return int(last[1])


def _moved(header: bytes, row: int) -> bytes:
    """The first row in the place of another."""
    moved = b"%d" % row
    return _CELL.sub(rb"\g<1>" + moved + b'"', header.replace(b'<row r="1"', b'<row r="' + moved + b'"', 1))


def _read_cut(others: Mapping[str, bytes], part: str, sheet: bytes, rows: int, size: int) -> _Piece:
    """The rows of a cut sheet below its first. others = what else of the workbook is needed: part → content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, content in {**others, part: sheet}.items():
            out.writestr(name, content)
    return _read(made.getvalue(), size, rows)


def _read(workbook: str | bytes, size: int, rows: int | None = None) -> _Piece:
    """The rows below the first of the only sheet of a workbook (its path or its content), which are to be `rows`."""
    import fastexcel

    try:
        book = fastexcel.read_excel(workbook)
        if len(book.sheet_names) != 1:
            raise NotPlain
        loaded = book.load_sheet(0, header_row=0, schema_sample_rows=None, dtype_coercion="strict")
    except fastexcel.FastExcelError as error:
        raise NotPlain from error
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cells = loaded.to_arrow()
    except (fastexcel.FastExcelError, pa.ArrowInvalid) as error:
        raise NotPlain from error
    names = ["" if column.column_name_from == "generated" else column.name for column in loaded.selected_columns]
    if rows is None:
        rows = len(cells)
    if len(names) != cells.num_columns or len(cells) > rows or not all(map(_is_own, names, [set(names)] * len(names))):
        raise NotPlain
    for column in cells.columns if len(cells) else ():
        kind = column.type
        if pa.types.is_timestamp(kind):
            first = pc.min(pc.year(column)).as_py()
            if first is not None and first < _FIRST_YEAR:
                raise NotPlain
        elif not any(each(kind) for each in (pa.types.is_string, pa.types.is_floating, pa.types.is_boolean)):
            raise NotPlain
    return _Piece(book.sheet_names[0], loaded.visible != "visible", names, cells, rows, size)


def _is_own(name: str, names: set[str]) -> bool:
    """Whether a name stands so in its cell: not numbered to tell it from another, not a number or a date."""
    repeated = _REPEATED.fullmatch(name)
    return not name or (any(map(str.isalpha, name)) and not (repeated and repeated[1] in names))
