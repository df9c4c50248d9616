"""What the page shows in this run, so that it can be saved as a report: headings, sentences, charts and tables."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cx.metrics.definitions import definitions
from cx.metrics.own_kpi import registry
from cx.report.content import Report, Section
from pages.parts import state
from pages.parts.ask import store


def begin(title: str, *, on_paper: bool = False) -> None:
    """Start anew; call once a run, before the page. on_paper: nobody looks, the report alone is wanted."""
    t = state.spoken()
    st.session_state["_drawn"] = Report(title, t, defining=lambda: definitions(t.code, registry(store())))
    st.session_state["_on_paper"] = on_paper


def on_paper() -> bool:
    """Whether the report alone is wanted, so that nothing may be worked out beside the page."""
    return st.session_state["_on_paper"]


def report() -> Report:
    """What has been shown so far; grows until the run is over."""
    return st.session_state["_drawn"]


@contextmanager
def aside() -> Iterator[None]:
    """Around what is drawn without becoming part of what is saved."""
    whole = report()
    st.session_state["_drawn"] = Report(whole.title, whole.t, sections=[Section(whole.title)])
    try:
        yield
    finally:
        st.session_state["_drawn"] = whole


def reserve() -> Section:
    """A section of its own at this place, to be filled by what is worked out beside the page."""
    report().begin("")
    return report().sections[-1]


_runs: set[object] = set()
_ended = 0.0  # when the last of them was over, by time.monotonic


@contextmanager
def running() -> Iterator[None]:
    """Around what draws a page, but for what is worked out beside it."""
    global _ended
    run = object()
    _runs.add(run)
    try:
        yield
    finally:
        _runs.discard(run)
        _ended = time.monotonic()


def under_way() -> bool:
    """Whether any reader's page is being drawn."""
    return bool(_runs)


def lately(within: float) -> bool:
    """Whether any is, or was within so many seconds."""
    return bool(_runs) or time.monotonic() - _ended < within
