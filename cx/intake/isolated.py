"""Files of a binary or nested format, read in a child process with limits: a hostile or broken file may take the child
down, never the application."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from cx.intake.ahead import ahead
from cx.intake.headings import NOBODY_SAID, Headings
from cx.intake.long_sheet import LongSheet
from cx.intake.progress import Progress, unwatched
from cx.intake.sift import NotPlain
from cx.intake.table import Table
from cx.language import Text, text
from cx.scratch import new_file

_CHILD = Path(__file__).with_name("formats") / "child.py"
_MEMORY_BYTES = 3_000_000_000
_CPU_SECONDS = 120
_WALL_SECONDS = 300
_PIPE = 1 << 20
_SHOWN = 2_000  # rows of the first that come as Arrow, to find the table where no others came before
_KILLED_FOR_SIZE = (-6, -9, -24, 134, 137)  # abort (no memory), kill, CPU time


class Unreadable(Exception):
    """The child could not read the file: why ("broken", "too large", "too slow", or what the format's reader says)."""

    def __init__(self, reason: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details or {}


@dataclass
class Sheet:
    """A sheet's cells as text (row n is item n-1), and which columns hold numbers stored as numbers.

    merged     cells that show as one: first row, first column, last row, last column, 0 = the first
    long       takes its rows where they are many; `grid` is empty then, and `table` the whole
    from_1904  its days are counted from 1904
    """

    name: str
    hidden: bool
    merged: list[tuple[int, int, int, int]]
    from_1904: bool = False
    long: LongSheet | None = None
    table: Table | None = None
    grid: list[list[str]] = field(default_factory=list)
    numbers: frozenset[int] = frozenset()


def read_sheets(kind: str, path: Path, encoding: str = "utf-8", progress: Progress = unwatched,
                headings: Headings = NOBODY_SAID) -> list[Sheet]:
    """Every sheet that is not empty, by the reader cx.intake.formats.<kind>. Raises Unreadable."""
    with contextlib.suppress(NotPlain):
        sheets = _sheets(kind, path, encoding, progress, headings)
        for sheet in sheets:
            if sheet.long:
                sheet.table = sheet.long.table(sheet.name, sheet.numbers)
        return sheets
    return _sheets(kind, path, encoding, progress)


def _sheets(kind: str, path: Path, encoding: str, progress: Progress, headings: Headings | None = None) -> list[Sheet]:
    """headings = rows may come as Arrow, to be kept on disk, and where their headers stand."""
    command = [sys.executable, "-I", str(_CHILD), kind, str(path), encoding, str(_MEMORY_BYTES), str(_CPU_SECONDS),
               "long" if headings is not None else "short"]
    sheets: list[Sheet] = []
    with (new_file() as complaints,
          subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, bufsize=_PIPE) as child):
        late = threading.Timer(_WALL_SECONDS, child.kill)
        late.start()
        meter = _Meter(progress)
        messages = ahead(_told(child.stdout or io.BytesIO()), waiting=meter.again)
        try:
            ended = _collect(messages, sheets, meter, headings)
            code = child.wait()
        finally:
            child.kill()  # where this process is interrupted; otherwise it has ended
            messages.close()
            slow = not late.is_alive()
            late.cancel()
        if not ended:
            complaints.seek(0)
            raise _reason(code, complaints.read()[-4000:].decode("utf-8", errors="replace"), slow)
    return sheets


class _Meter:
    """Tells how far the reading is, and the same again while the child says nothing."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told: tuple[int, int | None, Text | None] = (0, None, text("The file is being opened…"))

    def tell(self, done: int, total: int | None) -> None:
        """Never less than before: where a file is read again, that is waited for."""
        done = max(done, self._told[0])
        self._told = (done, total if total is None else max(done, total), None)
        self.again()

    def again(self) -> None:
        self._progress(*self._told)


def _collect(messages: Iterable[Any], sheets: list[Sheet], meter: _Meter, headings: Headings | None) -> bool:
    """Put what the child writes into the sheets → whether it came to its end."""
    done, total = 0, None
    for given in messages:
        if given is None:
            return False
        if isinstance(given, bytes):
            done += _take(sheets[-1], given, str(len(sheets) - 1), headings or NOBODY_SAID)
        elif isinstance(given, list):
            sheets[-1].grid.extend(given)
            done += len(given)
        elif given == "end":
            return True
        elif given == "again":
            sheets.clear()
            done, total = 0, None
            continue
        elif "numbers" in given:
            sheets[-1].numbers = frozenset(given["numbers"])
        elif "read" in given:  # of rows that will come
            meter.tell(given["read"], given["of"])
            continue
        elif "of" in given:
            total = given["of"]
        else:
            sheets.append(Sheet(given["name"], given["hidden"], [tuple(each) for each in given["merged"]],
                                given["from_1904"]))
            continue
        meter.tell(done, total)
    return False


def _told(out: IO[bytes]) -> Iterator[Any]:
    """What the child writes: values, and tables as Arrow in bytes; None = it was stopped in the middle of one."""
    for line in iter(out.readline, b""):
        try:
            given = json.loads(line)
        except ValueError:
            yield None
            return
        if isinstance(given, dict) and "arrow" in given:
            content = out.read(given["arrow"])
            yield content if len(content) == given["arrow"] else None
        else:
            yield given


def _take(sheet: Sheet, content: bytes, place: str, headings: Headings) -> int:
    """Put rows that came as Arrow into a sheet → how many."""
    table = pa.ipc.open_stream(content).read_all()
    columns = [pa.concat_arrays([pa.array([], pa.string()), *(
        chunk.dictionary_decode() if pa.types.is_dictionary(chunk.type) else chunk for chunk in column.chunks)])
        for column in table.columns]
    if sheet.long is None:
        shown = zip(*(column[:_SHOWN].to_pylist() for column in columns), strict=True)
        sheet.long = LongSheet(sheet.grid + [list(row) for row in shown], len(columns), sheet.merged, place, headings)
        sheet.grid = []
        columns = [column[_SHOWN:] for column in columns]
    sheet.long.add(columns)
    return len(table)


def _reason(code: int, complaint: str, slow: bool) -> Unreadable:
    if slow:
        return Unreadable("too slow")
    if code == 3:
        given = json.loads(complaint.rsplit("\n", 1)[-1])
        return Unreadable(given["reason"], given["details"])
    last = complaint.rstrip().rsplit("\n", 1)[-1]
    large = code in _KILLED_FOR_SIZE or "MemoryError" in last or "malloc" in last
    return Unreadable("too large" if large else "broken")
