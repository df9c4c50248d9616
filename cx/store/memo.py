"""Answers kept in the process for as long as the data stays as it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

MOST_BYTES = 400_000_000
"""What is kept together; the least recently used goes first."""

_LEAST = 500  # bytes of an answer that does not tell its size
_Answer = TypeVar("_Answer")


class Memo:
    """Answers by key, all of one version of the data: with another version all of them are let go.

    Threads that ask for the same thing wait for the first of them; others are not held up. An answer tells how much it
    holds by `nbytes`, where it has that.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._lock = most_bytes, threading.Lock()
        self._version = -1
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.RLock] = {}
        self.nbytes = 0

    def get(self, version: int, key: Hashable, make: Callable[[], _Answer]) -> _Answer:
        """The answer kept under that key, else that of `make`, which is then kept."""
        with self._lock:
            self._turn(version)
            if key in self._answers:
                self._answers.move_to_end(key)
                return cast(_Answer, self._answers[key])
            making = self._making.setdefault(key, threading.RLock())
        with making:
            with self._lock:
                if self._version == version and key in self._answers:
                    return cast(_Answer, self._answers[key])
            try:
                answer = make()
                with self._lock:
                    if self._version == version and key not in self._answers:
                        self._keep(key, answer)
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return answer

    def _turn(self, version: int) -> None:
        if version > self._version:
            self._version = version
            self._answers.clear()
            self._making.clear()
            self.nbytes = 0

    def _keep(self, key: Hashable, answer: object) -> None:
        self._answers[key] = answer
        self.nbytes += size_of(answer)
        while self.nbytes > self._most and len(self._answers) > 1:
            _, gone = self._answers.popitem(last=False)
            self.nbytes -= size_of(gone)


def size_of(answer: object) -> int:
    """Bytes, as far as the answer tells."""
    return int(getattr(answer, "nbytes", 0)) + _LEAST
