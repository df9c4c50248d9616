"""A workspace that is not open yet: it says so, and the page comes by itself as soon as it can."""

from __future__ import annotations

import streamlit as st

from pages.parts import state
from pages.parts.words import say
from server import workspace

_PATIENCE, _LOOK = 0.3, 0.3  # seconds before it is said, and between two looks, in each of which the run may be ended


def wait() -> None:
    """Return when the workspace is open, or cannot be opened, of which the page tells."""
    if workspace.ready(_PATIENCE):
        return
    t, place = state.spoken(), st.empty()
    with place.container():
        st.title(t("The data is being prepared"), anchor=False)
        say(t("This version of the program computes some of it anew, once. It takes seconds, with many millions of "
              "interactions minutes; this page opens by itself."))
        looking = st.empty()
        with st.spinner(t("Please wait…")):
            while not workspace.ready(_LOOK):
                looking.empty()
    place.empty()
