"""Answers kept in the process for as long as the data stays as it is, or brought to the next version of it."""

from __future__ import annotations

import copy
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

MOST_BYTES = 400_000_000
"""What is kept together; the least recently used goes first."""

_LEAST = 500  # bytes of an answer that does not tell its size
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class _Kept:
    version: int
    answer: Any
    lasting: bool


class Memo:
    """Answers by key. With another version of the data they are let go, but for those that follow it (`follow`).

    Threads that ask for the same thing wait for the first of them; others are not held up. An answer tells how much it
    holds by `nbytes`, where it has that.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._lock = most_bytes, threading.Lock()
        self._version = -1
        self._answers: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, threading.RLock] = {}
        self.nbytes = 0

    def get(self, version: int, key: Hashable, make: Callable[[], _Answer]) -> _Answer:
        """The answer kept under that key, else that of `make`, which is then kept."""
        return self._get(version, key, lambda _: _Kept(version, make(), False))

    def promised(self, version: int, key: Hashable) -> bool:
        """Whether the answer is there, or somebody makes it at the moment."""
        with self._lock:
            return self._version == version and (key in self._answers or key in self._making)

    def follow(self, version: int, key: Hashable,
               make: Callable[[tuple[int, _Answer] | None], tuple[int, _Answer]]) -> _Answer:
        """The answer kept under that key, of this version or a later one; else that of `make`, which is given the last
        one it made, if that is still there. Both with the version they are of."""
        def made(before: _Kept | None) -> _Kept:
            return _Kept(*make((before.version, before.answer) if before else None), True)

        return self._get(version, key, made)

    def _get(self, version: int, key: Hashable, make: Callable[[_Kept | None], _Kept]) -> Any:
        with self._lock:
            self._turn(version)
            known = self._known(version, key)
            if known is not None:
                self._answers.move_to_end(key)
                return known.answer
            making = self._making.setdefault(key, threading.RLock())
        with making:
            with self._lock:
                known = self._known(version, key)
                if known is not None and self._version == version:
                    return known.answer
                before = self._answers.get(key)
            try:
                made = make(before)
                with self._lock:
                    if made.lasting or (self._version == version and key not in self._answers):
                        self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return made.answer

    def _known(self, version: int, key: Hashable) -> _Kept | None:
        kept = self._answers.get(key)
        return kept if kept is not None and (kept.version >= version or not kept.lasting) else None

    def _turn(self, version: int) -> None:
        if version > self._version:
            self._version = version
            for key in [key for key, kept in self._answers.items() if not kept.lasting]:
                self.nbytes -= size_of(self._answers.pop(key).answer)
            self._making.clear()

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        before = self._answers.pop(key, None)
        if before is not None:
            self.nbytes -= size_of(before.answer)
        self._answers[key] = kept
        self.nbytes += size_of(kept.answer)
        while self.nbytes > self._most and len(self._answers) > 1:
            _, gone = self._answers.popitem(last=False)
            self.nbytes -= size_of(gone.answer)


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
