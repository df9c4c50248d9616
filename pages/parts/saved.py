"""Views: any page with its filters and its own choices under a name, for everybody who works here, or as a link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from cx.errors import CxError
from cx.store import views
from pages.parts import folded, nav, state
from pages.parts.ask import store
from pages.parts.words import say

_ERROR = "_view_error"


def button(page: str) -> None:
    """The button whose menu opens, saves and shares. page: the one that is shown."""
    t = state.spoken()
    folded.popover(t("Views"), "views", lambda: _views(page), icon=":material/bookmark:",
                   hint=t("Keep this page as it is now, or open one that was kept"))


def _views(page: str) -> None:
    t = state.spoken()
    error = st.session_state.pop(_ERROR, None)
    if error is not None:
        say(t(error.text), "finding")
    known = [row for row in views.saved(store()).to_dict("records") if row["page"] in nav.ENTRIES]
    known.sort(key=lambda row: row["page"] != page)
    if known:
        _open(page, known)
    _save(page)
    say(t("Or share this link: whoever opens it sees this page with these filters, in their own language."))
    base = (st.context.url or "").split("?")[0]
    address = urlencode(state.view_url(), doseq=True)
    st.code(f"{base}?{address}" if address else base, language=None, wrap_lines=True)


def _open(page: str, rows: list[dict[str, Any]]) -> None:
    t = state.spoken()
    names = {row["view_id"]: row["name"] if row["page"] == page else
             f"{row['name']} ({t(nav.ENTRIES[row['page']].title)})" for row in rows}
    by_id = {row["view_id"]: row for row in rows}
    picked, name = state.widget_key("view"), state.widget_key("view-name")
    view = st.selectbox(t("View"), list(by_id), key=picked, format_func=names.__getitem__)
    with st.container(horizontal=True, gap="small"):
        st.button(t("Open"), type="primary", key=state.widget_key("view-open"), on_click=nav.open_view,
                  args=(by_id[view]["page"], by_id[view]["url"]))
        st.button(t("Delete"), icon=":material/delete:", key=state.widget_key("view-delete"),
                  on_click=lambda: _try(views.delete, view))
    with st.expander(t("Another name")):
        st.text_input(t("Another name"), key=name, max_chars=views.LONGEST_NAME, label_visibility="collapsed")
        st.button(t("Rename"), key=state.widget_key("view-rename"),
                  on_click=lambda: _try(views.rename, view, st.session_state[name]))


def _save(page: str) -> None:
    t = state.spoken()
    name = state.widget_key("new-view")
    with st.form(state.widget_key("view-form"), border=False):  # Enter keeps it, too
        st.text_input(t("Name"), key=name, max_chars=views.LONGEST_NAME)
        st.form_submit_button(t("Keep this view"), type="primary", key=state.widget_key("view-save"),
                              on_click=lambda: _try(views.save, page, st.session_state[name], state.view_url()))
    say(t("With its filters; a view of this page of the same name is replaced."))


def _try(change: Any, *given: Any) -> None:
    """Carry out a change, or note why not; the widgets start afresh."""
    try:
        change(store(), *given)
        st.session_state["_version"] += 1
    except CxError as error:
        st.session_state[_ERROR] = error
