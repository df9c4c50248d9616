"""Files of a binary or nested format, read in a child process with limits: a hostile or broken file may take the child
down, never the application."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_CHILD = Path(__file__).with_name("formats") / "child.py"
_MEMORY_BYTES = 3_000_000_000
_CPU_SECONDS = 120
_WALL_SECONDS = 300
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
    from_1904  its days are counted from 1904
    """

    name: str
    hidden: bool
    merged: list[tuple[int, int, int, int]]
    from_1904: bool = False
    grid: list[list[str]] = field(default_factory=list)
    numbers: frozenset[int] = frozenset()


def read_sheets(kind: str, path: Path, encoding: str = "utf-8") -> list[Sheet]:
    """Every sheet that is not empty, by the reader cx.intake.formats.<kind>. Raises Unreadable."""
    command = [sys.executable, "-I", str(_CHILD), kind, str(path), encoding, str(_MEMORY_BYTES), str(_CPU_SECONDS)]
    sheets: list[Sheet] = []
    with (tempfile.TemporaryFile() as complaints,
          subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints) as child):
        late = threading.Timer(_WALL_SECONDS, child.kill)
        late.start()
        try:
            ended = _collect(child.stdout or (), sheets)
            code = child.wait()
        finally:
            child.kill()  # where this process is interrupted; otherwise it has ended
            slow = not late.is_alive()
            late.cancel()
        if not ended:
            complaints.seek(0)
            raise _reason(code, complaints.read()[-4000:].decode("utf-8", errors="replace"), slow)
    return sheets


def _collect(lines: Iterable[bytes], sheets: list[Sheet]) -> bool:
    """Put what the child writes into the sheets → whether it came to its end."""
    for line in lines:
        try:
            given = json.loads(line)
        except ValueError:  # the child was stopped in the middle of a line
            return False
        if isinstance(given, list):
            sheets[-1].grid.extend(given)
        elif given == "end":
            return True
        elif "numbers" in given:
            sheets[-1].numbers = frozenset(given["numbers"])
        else:
            sheets.append(Sheet(given["name"], given["hidden"], [tuple(each) for each in given["merged"]],
                                given["from_1904"]))
    return False


def _reason(code: int, complaint: str, slow: bool) -> Unreadable:
    if slow:
        return Unreadable("too slow")
    if code == 3:
        given = json.loads(complaint.rsplit("\n", 1)[-1])
        return Unreadable(given["reason"], given["details"])
    last = complaint.rstrip().rsplit("\n", 1)[-1]
    large = code in _KILLED_FOR_SIZE or "MemoryError" in last or "malloc" in last
    return Unreadable("too large" if large else "broken")
