"""Definitions: what every KPI means, how it is computed, how sure it is, and where the rule comes from."""

import streamlit as st
from cx.metrics.definitions import definitions

from pages.parts import state
from pages.parts.words import say

t = state.spoken()
st.title(t("Definitions"), anchor=False)
say(t("Every number on every page is computed by these rules. Intervals are 95% intervals; a value from fewer answers "
      "than the minimum is marked."))
search = st.text_input(t("Search"), key=state.widget_key("search"), width=320).casefold()
for entry in definitions(t):
    if search in f"{entry.name} {entry.definition} {entry.formula}".casefold():
        with st.container(border=True, key=f"definition-{entry.key}"):
            st.subheader(entry.name, anchor=entry.key)
            say(entry.definition, "body")
            for fact, value in entry.facts:
                say(f"{fact}: {value}")
