"""Answers of an engine far away: known ones by the version of the data, those under way, and the last good ones."""

from __future__ import annotations

import datetime as dt
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from cx.engine.session import Work, followed

Question = tuple[Hashable, ...]


@dataclass(frozen=True)
class Answer:
    """An answer, kept as bytes so that nobody changes it for others; when it was computed."""

    pickled: bytes
    at: dt.datetime

    def value(self) -> Any:
        return pickle.loads(self.pickled)


@dataclass
class Pending:
    """A question under way. Everybody who asks the same waits for the same; who no longer does calls `leave`, and with
    the last one the work ends on the server too."""

    work: Work
    future: Future[Answer]
    waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def done_within(self, seconds: float) -> bool:
        return bool(wait([self.future], seconds).done)

    def result(self) -> Any:
        """Its value; raises what the question raised."""
        return self.future.result().value()

    def join(self) -> bool:
        """Wait for it too; False where it has been given up."""
        with self.lock:
            self.waiting += not self.work.stopped
            return not self.work.stopped

    def leave(self) -> None:
        with self.lock:
            self.waiting -= 1
            if self.waiting <= 0 and not self.future.done():
                self.work.stop()


class Answers:
    """most  how many answers are kept, the least recently asked go first;  at_once  questions that run at one time"""

    def __init__(self, most: int = 2000, at_once: int = 8) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: OrderedDict[tuple[Question, int], Answer] = OrderedDict()
        self._last: OrderedDict[Question, Answer] = OrderedDict()
        self._under_way: dict[tuple[Question, int], Pending] = {}
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="engine")

    def known(self, question: Question, version: int) -> Answer | None:
        """The answer of that version of the data, where it has been computed."""
        with self._lock:
            found = self._known.get((question, version))
            if found is not None:
                self._known.move_to_end((question, version))
            return found

    def last(self, question: Question) -> Answer | None:
        """The newest answer there has been, of whatever version."""
        return self._last.get(question)

    def begin(self, question: Question, version: int, make: Callable[[], Any]) -> Pending:
        """Compute the answer in a thread of its own, or join those who wait for it already; `leave` it in the end."""
        key = (question, version)
        with self._lock:
            pending = self._under_way.get(key)
            if pending is None or not pending.join():
                work = Work()
                pending = Pending(work, self._pool.submit(self._make, key, work, make), waiting=1)
                self._under_way[key] = pending
            return pending

    def _make(self, key: tuple[Question, int], work: Work, make: Callable[[], Any]) -> Answer:
        try:
            with followed(work):
                found = Answer(pickle.dumps(make()), dt.datetime.now())
            with self._lock:
                for kept, name in ((self._known, key), (self._last, key[0])):
                    kept[name] = found  # type: ignore[index]
                    if len(kept) > self._most:
                        kept.popitem(last=False)
            return found
        finally:
            with self._lock:
                if key in self._under_way and self._under_way[key].work is work:
                    del self._under_way[key]
