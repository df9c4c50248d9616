"""Asking `cx`: the open workspace, answers kept by data version and question, and what is drawn from them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st

from cx import Store
from cx.filters import Filters
from cx.store.memo import Memo, Shared
from cx.store.shell import Asked
from pages.parts import far, made, turns
from server import workspace

_answers = Memo(48_000_000)
_ahead = Memo(32_000_000)  # what nobody asked for yet: it never pushes out what somebody did


def store() -> Store:
    """The workspace; raises StoreError with the reason it cannot be opened."""
    return workspace.store()


def ask(question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`question(store, *args, **kwargs)`, computed once per data version and arguments (which need a full `repr`)."""
    asked = partial(question, *args, **kwargs)
    name, told = _key(asked)
    given = [repr(each) for each in args if not isinstance(each, Filters)]
    given += [f"{key}={each!r}" for key, each in kwargs.items() if not isinstance(each, Filters)]
    st.session_state.setdefault("_asked", {})[f"{name}({', '.join(given)})"] = asked
    noted = "_asked_of" if turns.drawing() else "_asked_beside"
    st.session_state.setdefault(noted, {})[name, told] = asked
    if store().in_lake:
        return far.answer(name, told, lambda: question(store(), *args, **kwargs))
    version, key = store().data_version, (name, told)
    if not _promised(version, key):
        turns.take()
    return made.from_now_on(_answers.get(version, key, lambda: _found_ahead(version, key, asked)).value(),
                            (version, key))


def known(question: partial[Any]) -> bool:
    """Whether such a question has been answered, or is at the moment."""
    return _promised(store().data_version, _key(question))


def work_out(question: partial[Any]) -> None:
    """Answer a question ahead of whoever will ask it."""
    _ahead.get(store().data_version, _key(question), lambda: _answer(question))


def _promised(version: int, key: tuple[str, str]) -> bool:
    return _answers.promised(version, key) or _ahead.promised(version, key)


def _found_ahead(version: int, key: tuple[str, str], question: partial[Any]) -> Shared:
    """What was worked out ahead, or is at the moment; else answered now."""
    if _ahead.promised(version, key):
        return _ahead.get(version, key, lambda: _answer(question))
    return _answer(question)


def _answer(question: partial[Any]) -> Shared:
    return Shared(question.func(store(), *question.args, **question.keywords))


def _key(question: partial[Any]) -> tuple[str, str]:
    return f"{question.func.__module__}.{question.func.__qualname__}", repr((question.args, question.keywords))


def look_up(question: Callable[[Store], Any]) -> Any:
    """`question(store)` for a small answer that a page needs again and again: the same object for everybody, computed
    once per data version; never change it."""
    key = (store().data_version, question)
    with suppress(KeyError):  # another session may clear it at any moment
        return _looked_up[key]
    if len(_looked_up) >= 20:
        _looked_up.clear()
    found = question(store())
    answer = _looked_up[key] = made.from_now_on(_Names(found) if isinstance(found, dict) else found, key)
    return answer


class _Names(dict[Any, Any]):
    """A dictionary that can be followed."""


_looked_up: dict[tuple[int, Callable[[Store], Any]], Any] = {}


def begin() -> None:
    """Start noting anew what is asked; call once a run, right before the page."""
    st.session_state.update(_asked={}, _asked_of={}, _asked_beside={})


def asked() -> list[str]:
    """What has been asked since, as Python calls; above the page: what the page of the run before asked."""
    return list(st.session_state["_asked"])


def queries(call: str) -> list[Asked]:
    """The SQL that answers one of `asked`, with its bound values: it is asked once more, of the tables themselves."""
    question = st.session_state["_asked"][call]
    with store().noting() as noted:
        question.func(store(), *question.args, **question.keywords)
    return noted
