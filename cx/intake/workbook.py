"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS), read in a child process with limits: a hostile or broken file may take the
child down, never the application."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

_CHILD = Path(__file__).with_name("workbook_child.py")
_MEMORY_BYTES = 3_000_000_000
_CPU_SECONDS = 120
_WALL_SECONDS = 300
_UNPACKED_BYTES = 2_000_000_000
_RATIO = 400  # a sheet of one repeated number packs about 100 : 1
_ENTRIES = 5_000


class UnreadableWorkbook(Exception):
    """The child could not read the file; the argument is a short reason: "broken", "too large" or "too slow"."""


@dataclass
class Sheet:
    """A sheet's cells as text (row n is item n-1), and which columns hold numbers stored as numbers."""

    name: str
    grid: list[list[str]]
    numbers: frozenset[int]


def read_workbook(path: Path) -> list[Sheet]:
    """Every visible sheet that is not empty. Raises UnreadableWorkbook."""
    _inspect(path)
    command = [sys.executable, "-I", str(_CHILD), str(path), str(_MEMORY_BYTES), str(_CPU_SECONDS)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableWorkbook("too slow") from error
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", errors="replace").strip().rsplit("\n", 1)[-1]
        large = "MemoryError" in reason or "memory" in reason or done.returncode in (-9, -24, 137)
        raise UnreadableWorkbook("too large" if large else "broken")
    return [Sheet(given["name"], given["rows"], frozenset(given["numbers"]))
            for given in map(json.loads, done.stdout.splitlines())]


def _inspect(path: Path) -> None:
    """Refuse a zip that would unpack to far more than it holds, before anything unpacks it."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise UnreadableWorkbook("broken") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > _ENTRIES or unpacked > _UNPACKED_BYTES or (unpacked > 50_000_000 and unpacked / packed > _RATIO):
        raise UnreadableWorkbook("too large")
