"""Saving what is seen: this page or the whole board, as PowerPoint, PDF, Excel or HTML."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cx import report
from cx.report import Report
from pages.parts import drawn, folded, state
from pages.parts.ask import store
from pages.parts.words import say


def button() -> None:
    """The button whose menu saves; the file is made on the click."""
    t, filters, page, known = state.spoken(), state.filters(), drawn.report(), store()

    def whole() -> Report:
        from cx.report.board import board  # with it come libraries that few sessions need
        return board(known, filters, t)

    def both() -> None:
        say(t("This page"))
        _files("page", page.title, lambda: page)
        say(t("The whole board"))
        _files("board", t("Customer experience"), whole)

    folded.popover(t("Save"), "save", both, icon=":material/download:",
                   hint=t("Save this page or the whole board as a file"))


def _files(key: str, title: str, made: Callable[[], Report]) -> None:
    with st.container(horizontal=True, gap="small"):
        for ending, form in report.FORMATS.items():
            st.download_button(form.name, lambda ending=ending: report.write(made(), ending), f"{title}.{ending}",
                               form.media, key=state.widget_key(f"save-{key}-{ending}"), type="tertiary",
                               on_click="ignore")
