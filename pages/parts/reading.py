"""Comments below each other, some at a time, each with the way to its customer."""

from __future__ import annotations

import zlib
from typing import Any

import streamlit as st

from cx.filters import Filters
from cx.metrics import comments
from pages.parts import nav, show, state
from pages.parts.ask import ask
from pages.parts.words import say

AT_ONCE = 10


def read_comments(found: int, filters: Filters, which: dict[str, Any]) -> None:
    """The chosen page of the comments. found: how many there are; which: what `comments.read` is asked besides."""
    t = state.spoken()
    pages = -(-found // AT_ONCE)
    asked = f"{zlib.crc32(repr((filters, which)).encode()):x}"  # another selection begins at its first page
    wanted, _, of = state.choice("page").partition("-")
    page = min(max(int(wanted), 1), pages) if of == asked and wanted.isascii() and wanted.isdigit() else 1
    for row in ask(comments.read, filters, limit=AT_ONCE, offset=AT_ONCE * (page - 1), **which).to_dict("records"):
        with st.container(horizontal=True, vertical_alignment="center"):
            show.comment(row)
            if not row["customer_id"]:
                continue
            st.button(t("Open the journey"), key=state.widget_key(f"journey-{row['interaction_id']}"), type="tertiary",
                      icon=":material/person_search:", on_click=nav.later, args=("customer",),
                      kwargs={"id": row["customer_id"]})
    with st.container(horizontal=True, vertical_alignment="center"):
        for words, icon, step, off in ((t("Newer"), ":material/chevron_left:", -1, page <= 1),
                                       (t("Older"), ":material/chevron_right:", 1, page >= pages)):
            st.button(words, icon=icon, disabled=off, key=state.widget_key(f"page{step}"), on_click=state.set_choice,
                      args=("page", f"{page + step}-{asked}"))
        say(t("{first}–{last} of {n} comments", first=AT_ONCE * (page - 1) + 1, last=min(AT_ONCE * page, found),
              n=found))
