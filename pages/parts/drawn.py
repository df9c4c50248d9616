"""What the page shows in this run, so that it can be saved as a report: headings, sentences, charts and tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cx.report.content import Report, Section
from pages.parts import state


def begin(title: str) -> None:
    """Start anew; call once a run, before the page."""
    st.session_state["_drawn"] = Report(title, state.spoken())


def report() -> Report:
    """What has been shown so far; grows until the run is over."""
    return st.session_state["_drawn"]


def reserve() -> Section:
    """A section of its own at this place, to be filled by what is worked out beside the page."""
    report().begin("")
    return report().sections[-1]


_runs: set[object] = set()


@contextmanager
def running() -> Iterator[None]:
    """Around what draws a page, but for what is worked out beside it."""
    run = object()
    _runs.add(run)
    try:
        yield
    finally:
        _runs.discard(run)


def under_way() -> bool:
    """Whether any reader's page is being drawn."""
    return bool(_runs)
