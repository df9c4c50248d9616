"""A dashboard that stays true: when anybody loads data, every open page runs again by itself and says so; when a
message of an alert comes or is read, the menu tells the number."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts import state
from pages.parts.ask import store

_listener = st.components.v2.component(
    "cx_live", html="<span></span>", js=(Path(__file__).resolve().parent.parent / "assets" / "live.js").read_text())


def listen() -> None:
    """Run the page again when the data changes; filters, scroll position and open menus stay. In a fragment, what only
    was noted runs the fragment alone."""
    with st.container(key="cx-live", height=1, gap=None):
        found = _listener(key="live", data={"version": store().data_version}, on_changed_change=_changed,
                          on_noted_change=lambda: None)
    if found.changed:
        st.rerun()


def tell() -> None:
    """Say that the page has just been drawn anew."""
    if st.session_state.pop("_updated", False):
        t = state.spoken()
        st.toast(t("Updated just now."), icon=":material/sync:")


def _changed() -> None:
    st.session_state["_updated"] = True
