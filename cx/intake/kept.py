"""What was read of a file, kept from the proposal to the preview and the load, so that it is read once.

Long tables lie on disk (cx.intake.long_table) and cost no memory; of those in memory only small ones are kept. They go
when the file is loaded, changed or removed, or when others were read since.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from cx.intake.headings import NOBODY_SAID, Headings, headings_of
from cx.intake.propose import Loaded
from cx.intake.table import Stored

_MOST_FILES = 3
_MOST_CELLS = 500_000  # in memory, of a file

_Mark = tuple[int, int, int, str, tuple[tuple[str, int], ...]]
_kept: OrderedDict[str, tuple[_Mark, frozenset[str], list[Loaded]]] = OrderedDict()
_lock = threading.Lock()


def recall(path: str | Path, name: str, headings: Headings = NOBODY_SAID) -> list[Loaded] | None:
    """What was read of the file as it is now, under that name, its headers where they are said to be and all that are
    known sought; None = nothing is kept."""
    with _lock:
        for gone in [each for each in _kept if not os.path.exists(each)]:
            del _kept[gone]
        found = _kept.get(_place(path))
        if found is None or found[0] != _mark(path, name, headings.rows) or not found[1].issuperset(headings.known):
            return None
        return found[2]


def keep(path: str | Path, name: str, loaded: list[Loaded], headings: Headings = NOBODY_SAID) -> None:
    """Keep what was read, unless it is too much to hold in memory."""
    cells = sum(len(table.rows) * len(table.header) for table, _ in loaded if not isinstance(table.rows, Stored))
    with _lock:
        _kept.pop(_place(path), None)
        if cells <= _MOST_CELLS:
            _kept[_place(path)] = (_mark(path, name, headings_of(table for table, _ in loaded)),
                                   frozenset(headings.known), loaded)
        while len(_kept) > _MOST_FILES:
            _kept.popitem(last=False)


def forget(path: str | Path) -> None:
    """Let go of what was read of a file."""
    with _lock:
        _kept.pop(_place(path), None)


def _place(path: str | Path) -> str:
    return str(Path(path).resolve())


def _mark(path: str | Path, name: str, headings: Mapping[str, int]) -> _Mark:
    """What changes when the file does."""
    about = os.stat(path)
    return about.st_size, about.st_mtime_ns, about.st_ino, name, tuple(sorted(headings.items()))
