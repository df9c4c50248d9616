"""What is made of answers, kept for all readers: sentences, pictures and tiles need not be made anew in every run.

Where an answer came from is known by the object itself (`from_now_on`), so nothing is ever kept under too little: what
is made of anything else than answers, plain values, languages and functions of the program is made each time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import sys
import types
import weakref
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import pandas as pd

from cx.language import Language
from cx.store.memo import Memo, kept_bytes

_Made = TypeVar("_Made")
_Followed = TypeVar("_Followed")
_MOST_BYTES = 64_000_000
_origins: dict[int, tuple[weakref.ref[Any], Hashable]] = {}
_kept = Memo(_MOST_BYTES)  # of all versions of the data, which are told apart by their answers


def from_now_on(answer: _Followed, origin: Hashable) -> _Followed:
    """The answer, whose origin (data version and question) is known for as long as there is this very object; and so
    is that of the frames it has as fields."""
    place = id(answer)
    with suppress(TypeError):  # numbers, texts and lists cannot be followed
        _origins[place] = (weakref.ref(answer, lambda _: _origins.pop(place, None)), origin)
        if dataclasses.is_dataclass(answer):
            for name, field in vars(answer).items():
                if isinstance(field, pd.DataFrame):
                    from_now_on(field, (origin, name))
    return answer


def kept(make: Callable[..., _Made], *of: Any, **by_name: Any) -> _Made:
    """`make(*of, **by_name)`, made once for all readers for whom these are the same, and known to come from them, so
    that more can be made of it; nobody may change it (a frame may be).

    make  a function that follows from what it is given, an answer among it, and from the names in the data: it draws
          and asks nothing. Where it is of no module (a lambda) it is called each time
    """
    try:
        key = _told_apart((make, of, by_name))
    except _UnknownError:
        return make(*of, **by_name)
    found = _kept.get(0, key, lambda: _Piece(make(*of, **by_name))).value
    return from_now_on(found.copy(deep=False) if isinstance(found, pd.DataFrame) else found, key)


class _Piece:
    def __init__(self, value: Any) -> None:
        self.value, self.nbytes = value, kept_bytes(value)


class _UnknownError(Exception):
    """Where a value came from is not known."""


def _told_apart(value: Any) -> Hashable:
    """Equal for equal values only; raises _UnknownError."""
    if value is None or isinstance(value, str | int | float | dt.date | dt.timedelta | type):
        return type(value), value
    if type(value) in (tuple, list):
        return type(value), tuple(_told_apart(each) for each in value)
    if isinstance(value, Language):
        return Language, value.code
    if isinstance(value, types.FunctionType) and getattr(sys.modules.get(value.__module__), value.__name__, 0) is value:
        return value
    if isinstance(value, types.MethodType):
        return value.__func__, _told_apart(value.__self__)
    if isinstance(value, functools.partial):
        return functools.partial, _told_apart((value.func, value.args, value.keywords))
    seen, origin = _origins.get(id(value), (None, None))
    if seen is not None and seen() is value:
        return origin
    if isinstance(value, Mapping):
        return Mapping, tuple((_told_apart(key), _told_apart(each)) for key, each in value.items())
    if dataclasses.is_dataclass(value) and type(value).__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return type(value), tuple(_told_apart(getattr(value, each.name)) for each in dataclasses.fields(value))
    raise _UnknownError
