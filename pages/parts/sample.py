"""One click loads the sample company."""

from __future__ import annotations

import streamlit as st

from cx import sample
from pages.parts import nav, state
from pages.parts.ask import store


def load_sample() -> None:
    """Load the sample spreadsheets in the reader's language and open the Overview."""
    t = state.spoken()
    with st.status(t("Loading the sample spreadsheets…"), expanded=True) as status:
        sample.load(store(), t.code, progress=lambda name: status.write(name))
        status.update(label=t("Loaded."), state="complete")
    nav.go(nav.HOME)
