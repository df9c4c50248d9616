"""Asking `cx`: the open workspace, and answers cached by data version and question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cx import Store
from server import workspace


def store() -> Store:
    """The workspace; raises StoreError with the reason it cannot be opened."""
    return workspace.store()


def ask(question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`question(store, *args, **kwargs)`, computed once per data version and arguments (which need a full `repr`)."""
    return _answer(f"{question.__module__}.{question.__qualname__}", store().data_version, repr((args, kwargs)),
                   _question=question, _args=args, _kwargs=kwargs)


@st.cache_data(max_entries=2000, show_spinner=False)
def _answer(name: str, version: int, asked: str, *,  # noqa: ARG001 - the key of the cache
            _question: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]) -> Any:
    return _question(store(), *_args, **_kwargs)
