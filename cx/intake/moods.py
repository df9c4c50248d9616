"""What the comments of an upload say of how an interaction felt, judged in other processes while rows are stored.

Judging is Python on each different comment (about 15,000 a second and core): with many comments the longest part of a
load, and one that nothing else waits for until the rows are placed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.column import Lookup, text_numbers
from cx.sentiment import judge_all
from cx.store.derive_sql import EMOTION_SOURCE_SQL

_CHILD = Path(__file__).with_name("moods_child.py")
_AT_ONCE = 2_000  # comments
_FEW = 2_000  # are judged in this process
_MOST_WAITING = 50  # lists of comments; more are not held in memory

_Moods = list[int | None]


class Moods:
    """Judges comments of the rows in `staged` (cx.intake.staged). To be used inside a `Store.write()`, as a context."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._given: list[list[str]] = []
        self._asked: list[tuple[list[str], Future[_Moods]]] = []
        self._helpers: _Helpers | None = None
        self._found: list[tuple[np.ndarray, np.ndarray]] = []

    def __enter__(self) -> Moods:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._helpers:
            self._helpers.close()

    def ask(self) -> None:
        """Have the comments of the latest rows judged where nothing else says what the interaction felt like."""
        comments = [comment for (comment,) in self._cursor.execute(
            f"SELECT DISTINCT comment FROM staged_latest WHERE comment IS NOT NULL AND ({EMOTION_SOURCE_SQL}) IS NULL"
            ).fetchall()]
        self._given += [comments[start:start + _AT_ONCE] for start in range(0, len(comments), _AT_ONCE)]
        if self._helpers is None and sum(map(len, self._given)) > _FEW:
            self._helpers = _Helpers()
        if self._helpers is not None:
            self._asked += [(each, self._helpers.submit(each)) for each in self._given]
            self._given = []
        while self._asked and (self._asked[0][1].done() or len(self._asked) > _MOST_WAITING):
            self._keep(*self._asked.pop(0))

    def judged(self) -> Lookup:
        """Number of a comment (cx.intake.column.text_numbers) → its mood (-1, 0, 1), of those with a confident
        judgement. Waits for what is not judged yet, and helps with it."""
        self._asked.reverse()
        while self._asked:  # the last are those nobody has begun with
            comments, future = self._asked.pop(0)
            if future.cancel():
                self._note(comments, judge_all(comments))
            else:
                self._keep(comments, future)
        for comments in self._given:
            self._note(comments, judge_all(comments))
        self._given = []
        found, self._found = self._found, []
        numbers, moods = zip(*found, strict=True) if found else (
            (np.empty(0, dtype=np.uint64),), (np.empty(0),))
        return Lookup(np.concatenate(numbers), np.concatenate(moods))

    def _keep(self, comments: list[str], future: Future[_Moods]) -> None:
        self._note(comments, future.result())

    def _note(self, comments: list[str], moods: _Moods) -> None:
        found = np.array(moods, dtype=float)  # None becomes NaN
        sure = ~np.isnan(found)
        self._found.append((text_numbers(pa.array(comments, pa.string()))[sure], found[sure]))


class _Helpers:
    """Processes that judge, each spoken to by a thread; where one fails, its thread judges itself."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max(1, min(4, (os.cpu_count() or 2) - 1)), "cx-moods")
        self._own = threading.local()
        self._children: list[subprocess.Popen[bytes]] = []

    def submit(self, comments: list[str]) -> Future[_Moods]:
        return self._threads.submit(self._judge, comments)

    def close(self) -> None:
        for child in self._children:
            child.kill()
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.communicate()

    def _judge(self, comments: list[str]) -> _Moods:
        try:
            child = self._child()
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(comments).encode() + b"\n")
            child.stdin.flush()
            moods: _Moods = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            return judge_all(comments)
        return moods

    def _child(self) -> subprocess.Popen[bytes]:
        found: subprocess.Popen[bytes] | None = getattr(self._own, "child", None)
        if found is None:
            found = subprocess.Popen([sys.executable, "-I", str(_CHILD)], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self._own.child = found
            self._children.append(found)
        return found
