"""Funnels under a name, for everybody who works here, and the link to the one that is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from cx.errors import CxError
from cx.store import views
from pages.parts import state
from pages.parts.ask import ask, store
from pages.parts.words import say

_PAGE, _ERROR = "funnel", "_view_error"


def saved_row() -> None:
    """Open, save and share."""
    t = state.spoken()
    known = ask(views.saved, _PAGE)
    with st.container(horizontal=True, gap="small"):
        if len(known):
            with st.popover(t("Saved funnels"), icon=":material/folder_open:"):
                _open(known.to_dict("records"))
        with st.popover(t("Save this funnel"), icon=":material/bookmark_add:"):
            _save()
        with st.popover(t("Share by link"), icon=":material/link:"):
            say(t("Whoever opens this link sees this funnel with these filters, in his own language."))
            base = (st.context.url or "").split("?")[0]
            st.code(f"{base}?{urlencode(state.view_url(), doseq=True)}", language=None, wrap_lines=True)
    error = st.session_state.pop(_ERROR, None)
    if error is not None:
        say(t(error.text), "finding")


def _open(rows: list[dict[str, Any]]) -> None:
    t = state.spoken()
    by_id = {row["view_id"]: row for row in rows}
    picked, name = state.widget_key("view"), state.widget_key("view-name")
    view = st.selectbox(t("Funnel"), list(by_id), key=picked, format_func=lambda view: by_id[view]["name"])
    with st.container(horizontal=True, gap="small"):
        st.button(t("Open"), type="primary", key=state.widget_key("view-open"),
                  on_click=lambda: state.open_view(by_id[view]["url"]))
        st.button(t("Delete"), icon=":material/delete:", key=state.widget_key("view-delete"),
                  on_click=lambda: _try(views.delete, view))
    st.text_input(t("Another name"), key=name, max_chars=views.LONGEST_NAME)
    st.button(t("Rename"), key=state.widget_key("view-rename"),
              on_click=lambda: _try(views.rename, view, st.session_state[name]))


def _save() -> None:
    t = state.spoken()
    name = state.widget_key("new-view")
    st.text_input(t("Name"), key=name, max_chars=views.LONGEST_NAME)
    st.button(t("Save"), type="primary", key=state.widget_key("view-save"),
              on_click=lambda: _try(views.save, _PAGE, st.session_state[name], state.view_url()))
    say(t("With its filters; a funnel of the same name is replaced."))


def _try(change: Any, *given: Any) -> None:
    """Carry out a change, or note why not; the widgets start afresh."""
    try:
        change(store(), *given)
        st.session_state["_version"] += 1
    except CxError as error:
        st.session_state[_ERROR] = error
