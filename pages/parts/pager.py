"""Long lists a page at a time; the page lives in the URL and belongs to one selection."""

from __future__ import annotations

import zlib

import streamlit as st

from pages.parts import state
from pages.parts.words import say


def page_of(found: int, at_once: int, selection: object) -> int:
    """The page to show, from 1 on; another selection (told by its `repr`) begins at its first page."""
    wanted, _, of = state.choice("page").partition("-")
    known = of == _mark(selection) and wanted.isascii() and wanted.isdigit()
    return min(max(int(wanted), 1), -(-found // at_once)) if known else 1


def turn(page: int, found: int, at_once: int, selection: object, words: str) -> None:
    """Buttons to the pages beside, and which of all are shown, in `words`."""
    t = state.spoken()
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, icon, step, off in ((t("Newer"), ":material/chevron_left:", -1, page <= 1),
                                      (t("Older"), ":material/chevron_right:", 1, page * at_once >= found)):
            st.button(name, icon=icon, disabled=off, key=state.widget_key(f"page{step}"), on_click=state.set_choice,
                      args=("page", f"{page + step}-{_mark(selection)}"))
        say(words)


def _mark(selection: object) -> str:
    return f"{zlib.crc32(repr(selection).encode()):x}"
