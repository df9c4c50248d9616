"""Answers kept in the process for as long as the data stays as it is."""

from __future__ import annotations

import copy
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import pandas as pd

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


class Shared:
    """One answer for many readers, none of whom can change it for the others, and which is handed out for next to
    nothing: frames share their values until somebody changes theirs; lists, dictionaries and frozen dataclasses are
    new each time, with what is in them; what cannot change is the same for all; anything else is copied whole.
    """

    def __init__(self, value: object) -> None:
        self._value = value
        self.nbytes = kept_bytes(value)

    def value(self) -> Any:
        """The answer, for one reader."""
        return _handed(self._value)


def kept_bytes(value: object) -> int:
    """About how much memory a value of many small parts takes, in bytes; raises what `pickle` raises."""
    return 2 * len(pickle.dumps(value, 5)) + 5_000


_PLAIN = (str, int, float, bool, bytes, type(None))


def _handed(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)
    if type(value) in (list, tuple):
        return type(value)(_handed(each) for each in value)
    if type(value) is dict:
        return {key: _handed(each) for key, each in value.items()}
    if _is_frozen(value):
        given = copy.copy(value)
        given.__dict__.update({name: _handed(each) for name, each in vars(value).items()})
        return given
    return copy.deepcopy(value)


def _is_frozen(value: object) -> bool:
    params = getattr(type(value), "__dataclass_params__", None)
    return params is not None and params.frozen and hasattr(value, "__dict__")
