"""Comments below each other, some at a time, each with the way to its customer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.filters import Filters
from cx.metrics import comments
from pages.parts import nav, pager, show, state
from pages.parts.ask import ask

AT_ONCE = 10


def read_comments(found: int, filters: Filters, which: dict[str, Any]) -> None:
    """The chosen page of the comments. found: how many there are; which: what `comments.read` is asked besides."""
    t = state.spoken()
    page = pager.page_of(found, AT_ONCE, (filters, which))
    for row in ask(comments.read, filters, limit=AT_ONCE, offset=AT_ONCE * (page - 1), **which).to_dict("records"):
        with st.container(horizontal=True, vertical_alignment="center"):
            show.comment(row)
            if not row["customer_id"]:
                continue
            st.button(t("Open the journey"), key=state.widget_key(f"journey-{row['interaction_id']}"), type="tertiary",
                      icon=":material/person_search:", on_click=nav.later, args=("customer",),
                      kwargs={"id": row["customer_id"]})
    pager.turn(page, found, AT_ONCE, (filters, which), t(
        "{first}–{last} of {n} comments", first=AT_ONCE * (page - 1) + 1, last=min(AT_ONCE * page, found), n=found))
