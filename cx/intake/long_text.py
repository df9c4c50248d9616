"""Long text files: read in chunks that are kept on disk, so that the size of a file does not decide whether it loads.

Only what is plain takes this way: one table, rows of one width, quotes where quotes belong. Everything else is left to
cx.intake.text_file and cx.intake.structure, which hold the file in memory and mend what they can. A test reads files
both ways and compares.
"""

from __future__ import annotations

import contextlib
import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from cx.intake.ahead import ahead
from cx.intake.headings import NOBODY_SAID, Headings
from cx.intake.long_table import Writer
from cx.intake.progress import Progress, unwatched
from cx.intake.quotes import without_outer
from cx.intake.sift import Batch, NotPlain, Sift
from cx.intake.structure import LONGEST_CELL, find_tables
from cx.intake.table import Table
from cx.intake.text_file import EVIDENCE_BYTES, Dialect, decode, eight_bits, find_dialect, records
from cx.language import Text
from cx.scratch import new_folder

LONG_BYTES = 16_000_000
"""From this size on a text file is read in chunks."""

_BLOCK = 8_000_000
_HEAD_BYTES = 400_000
_MOST_HELD = 200_000_000  # a file with ragged rows is mended in memory up to this size
_MIXED = "utf-8 + "
_COMPARED = 50  # rows that both ways of reading must see alike


class _Meter:
    """Tells how far the reading of a file is, in rows: first the look at its letters and quotes, then its rows."""

    _LETTERS, _QUOTES = 0.05, 0.15

    def __init__(self, path: Path, progress: Progress) -> None:
        self._bytes, self._progress = max(path.stat().st_size, 1), progress
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        self._rows = round(self._bytes * head.count(b"\n") / max(len(head), 1)) or 1
        self._done = 0

    def letters(self, done: int) -> None:
        """Bytes that were looked at for their encoding."""
        self._tell(self._LETTERS * min(done / self._bytes, 1))

    def quotes(self, done: int) -> None:
        """Bytes in which quotes were looked for."""
        self._tell(self._LETTERS + (self._QUOTES - self._LETTERS) * min(done / self._bytes, 1))

    def rows(self, done: int) -> None:
        """Rows that were read."""
        self._rows = max(self._rows, done)
        self._tell(self._QUOTES + (1 - self._QUOTES) * done / self._rows)

    def _tell(self, share: float) -> None:
        self._done = max(self._done, int(share * self._rows))
        self._progress(self._done, self._rows)


def read_long(path: Path, name: str, progress: Progress = unwatched,
              headings: Headings = NOBODY_SAID) -> Table | None:
    """The table of a long text file, its rows on disk; None where the file is short or not plain."""
    if path.stat().st_size < LONG_BYTES:
        return None
    folder = new_folder()
    try:
        with contextlib.suppress(NotPlain, pa.ArrowInvalid, csv.Error):
            return _read(path, name, folder, _Meter(path, progress), headings)
    except BaseException:
        folder.cleanup()
        raise
    folder.cleanup()
    return None


def _read(path: Path, name: str, folder: tempfile.TemporaryDirectory[str], meter: _Meter,
          headings: Headings) -> Table:
    source = _as_utf8(path, Path(folder.name), meter)
    with source.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    start = head[:head.rfind(b"\n") + 1].decode("utf-8-sig")
    if without_outer(start) != start:
        raise NotPlain
    dialect = find_dialect(start, "utf-8")
    grid = records(start, dialect)
    tables = find_tables(Path(name).stem, grid, separator=dialect.delimiter, headings=headings)
    known = tables[0] if len(tables) == 1 else None
    if known is None or known.header_row is None or known.mended or known.notes or known.ragged:
        raise NotPlain
    _only_plain_quotes(source, dialect, meter)
    writer = Writer(folder, len(known.header))
    skipped, ragged = _fill(writer, source, dialect, known, meter)
    rows = writer.done()
    first = known.rows[:_COMPARED]
    if rows[:len(first)] != [[cell.strip() for cell in row] for row in first]:
        raise NotPlain
    return replace(known, rows=rows, row_numbers=rows.numbers,  # type: ignore[arg-type]
                   skipped=skipped, ragged=ragged)


# --- encoding ---


def _as_utf8(path: Path, folder: Path, meter: _Meter) -> Path:
    """The file, or a copy in UTF-8 of one in another encoding."""
    with path.open("rb") as file:
        known = decode(file.read(8_188))
    if known is None:
        raise NotPlain
    encoding = known[1]
    if not encoding.startswith("utf-16"):
        if _is_utf8(path, meter):
            return path
        encoding = _other(path)
    copy = folder / "utf8"
    with copy.open("w", encoding="utf-8", newline="") as out:
        if encoding.startswith(_MIXED):
            with path.open("rb") as file:
                for line in file:
                    out.write(_decoded(line) or line.decode(encoding.removeprefix(_MIXED), errors="replace"))
        else:
            with path.open("rb") as file, TextIOWrapper(file, encoding, "replace", "") as given:
                while block := given.read(_BLOCK):
                    out.write(block)
                    meter.letters(file.tell())
    return copy


def _is_utf8(path: Path, meter: _Meter) -> bool:
    rest = b""
    try:
        for block in _blocks(path, meter.letters):
            whole = rest + block
            end = len(whole)
            while end > len(whole) - 3 and whole[end - 1] >= 0x80:  # perhaps the beginning of a letter
                end -= 1
            pa.array([whole[:end]], pa.binary()).cast(pa.string())
            rest = whole[end:]
        rest.decode()
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return False
    return True


def _other(path: Path) -> str:
    """The encoding of a file that is not UTF-8, or only in most of its lines with other than ASCII letters."""
    evidence, known, others = b"", 0, 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                if _decoded(line) is not None:
                    known += 1
                else:
                    others += 1
                    evidence += line if len(evidence) < EVIDENCE_BYTES else b""
        if known > others:
            return _MIXED + eight_bits(evidence)
        file.seek(0)
        return eight_bits(file.read(EVIDENCE_BYTES))


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _blocks(path: Path, report: Callable[[int], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
            report(file.tell())


def _only_plain_quotes(path: Path, dialect: Dialect, meter: _Meter) -> None:
    """Refuse what the careful reader reads in a way of its own: characters of no text, and quotes that do not stand
    around whole cells."""
    if dialect.escape:
        raise NotPlain
    delimiter, quote = (re.escape(sign.encode()) for sign in (dialect.delimiter, dialect.quote))
    cell = re.compile(rb"(?<![^\n\r" + delimiter + rb"])" + quote + rb"(?:[^" + quote + rb"]|" + quote * 2 + rb")*+"
                      + quote + rb"(?=[\n\r" + delimiter + rb"])") if quote else None
    rest = b"\n"
    for block in _blocks(path, meter.quotes):
        if b"\0" in block or b"\x1a" in block:
            raise NotPlain
        if cell is None or (dialect.quote.encode() not in block and rest == b"\n"):
            continue
        whole = rest + block
        whole, rest = whole[:whole.rfind(b"\n") + 1], whole[whole.rfind(b"\n") + 1:]
        left = cell.sub(b"", whole)
        at = left.find(dialect.quote.encode())
        if at >= 0:  # the beginning of a cell that goes on in the next block?
            rest = left[left.rfind(b"\n", 0, at) + 1:] + rest
        rest = b"\n" + rest
        if len(rest) > LONGEST_CELL:
            raise NotPlain
    if cell and dialect.quote.encode() in cell.sub(b"", rest + b"\n"):
        raise NotPlain


# --- rows ---


def _fill(writer: Writer, path: Path, dialect: Dialect, known: Table,
          meter: _Meter) -> tuple[list[tuple[int, Text]], dict[int, list[str]]]:
    """Write the rows below the header; (skipped, ragged) as a Table has them."""
    assert known.header_row is not None
    width, first = len(known.header), known.header_row + 1
    odd: dict[int, list[str]] = {}

    def keep(row: pa.csv.InvalidRow) -> str:
        if row.number >= first:
            [cells, *more] = csv.reader([row.text], delimiter=dialect.delimiter, quotechar=dialect.quote or None,
                                        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE) or [[]]
            if more or row.text.count("\n") > 100:
                raise NotPlain
            odd[row.number] = cells
        else:
            odd[row.number] = []
        return "skip"

    names = [str(position) for position in range(width)]
    reader = pa.csv.open_csv(
        path, read_options=pa.csv.ReadOptions(block_size=_BLOCK, column_names=names, use_threads=False),
        parse_options=pa.csv.ParseOptions(delimiter=dialect.delimiter, quote_char=dialect.quote or False,
                                          newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep),
        convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[],
                                              strings_can_be_null=False, check_utf8=False))
    ragged: dict[int, list[str]] = {}
    sift = Sift(known.header, known.header_row)
    for columns, numbers in ahead(sift.of(ahead(_batches(reader, odd, ragged)))):
        writer.add(columns, numbers)
        meter.rows(writer.rows)
    if odd or (ragged and path.stat().st_size < _MOST_HELD):
        raise NotPlain
    sift.finish(writer)
    return sift.skipped, ragged


def _batches(reader: Iterable[pa.RecordBatch], odd: dict[int, list[str]],
             ragged: dict[int, list[str]]) -> Iterator[Batch]:
    """The rows in the order of the file, those of another width in their places."""
    number = 0
    for batch in reader:
        numbers = _numbers(number, len(batch), odd)
        if len(numbers):
            number = int(numbers[-1])
        yield _with_odd(batch.columns, numbers, odd, ragged)


def _numbers(last: int, rows: int, odd: dict[int, list[str]]) -> np.ndarray:
    """The physical rows of the next valid rows: those after `last`, leaving out the odd ones."""
    found = np.arange(last + 1, last + 1 + rows + len(odd), dtype=np.int64)
    return found[~np.isin(found, list(odd))][:rows] if odd else found


def _with_odd(columns: list[pa.Array], numbers: np.ndarray, odd: dict[int, list[str]], ragged: dict[int, list[str]]
              ) -> tuple[list[pa.Array], np.ndarray]:
    """The rows with those of another width in their places; takes these out of `odd`."""
    due = sorted(number for number in odd if not len(numbers) or number < numbers[-1] or number == numbers[-1] + 1)
    while due and due[-1] + 1 in odd:
        due.append(due[-1] + 1)
    rows = []
    for number in due:
        cells = odd.pop(number)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(columns):
            ragged[number] = [cell.strip() for cell in cells[len(columns):]]
        rows.append((cells + [""] * len(columns))[:len(columns)])
    if not rows:
        return columns, numbers
    every = np.concatenate([numbers, due])
    order = pa.array(np.argsort(every, kind="stable"))
    widened = [pa.concat_arrays([column, pa.array(cells, pa.string())]).take(order)
               for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
    return widened, np.sort(every)
