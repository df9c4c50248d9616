"""Definitions: what every KPI means, how it is computed, how sure it is, and where the rule comes from."""

import streamlit as st

from cx.metrics.kpi import KPIS, UNITS
from pages.parts import state
from pages.parts.words import say

t = state.spoken()
st.title(t("Definitions"), anchor=False)
say(t("Every number on every page is computed by these rules. Intervals are 95% intervals; a value from fewer answers "
      "than the minimum is marked."))
search = st.text_input(t("Search"), key=state.widget_key("search"), width=320).casefold()
for name, kpi in KPIS.items():
    if search and search not in f"{t(kpi.label)} {t(kpi.definition)} {t(kpi.formula)}".casefold():
        continue
    with st.container(border=True, key=f"definition-{name}"):
        st.subheader(t(kpi.label), anchor=name)
        say(t(kpi.definition), "body")
        facts = [(t("Formula"), t(kpi.formula)), (t("Unit"), t(UNITS[kpi.unit])),
                 (t("Better is"), {1: t("higher"), -1: t("lower"), 0: t("neither")}[kpi.direction]),
                 (t("Interval"), t(kpi.interval_text)), (t("Minimum answers"), t.number(kpi.minimum_n)),
                 (t("Source"), t(kpi.source))]
        for fact, value in facts:
            say(f"{fact}: {value}")
