"""Definitions: what every KPI means, how it is computed, how sure it is, and where the rule comes from."""

import streamlit as st

from cx.metrics.definitions import definitions
from pages.parts import state
from pages.parts.words import say

t = state.spoken()
st.title(t("Definitions"), anchor=False)
say(t("Every number on every page is computed by these rules. Intervals are 95% intervals; a value from fewer answers "
      "than the minimum is marked."))
search = state.typed("search", t("Search"), width=320).casefold()
for entry in definitions(t.code).to_dict("records"):
    if search not in f"{entry['name']} {entry['definition']} {entry['formula']}".casefold():
        continue
    with st.container(border=True, key=f"definition-{entry['kpi']}", gap="xsmall"):
        st.subheader(entry["name"], anchor=entry["kpi"])
        say(entry["definition"], "body")
        facts = [(t("Formula"), entry["formula"]), (t("Unit"), f"{entry['unit']} ({entry['direction']})"),
                 (t("95% interval"), entry["interval"]), (t("Needs"), entry["needs"]), (t("Source"), entry["source"])]
        if entry["minimum_n"]:
            facts.append((t("Minimum answers"), t.number(entry["minimum_n"])))
        for fact, value in facts:
            if value:
                say(f"{fact}: {value}")
