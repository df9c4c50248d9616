"""Definitions: what every KPI means, how it is computed, how sure it is, and where the rule comes from."""

import streamlit as st

from cx.metrics.definitions import COLUMNS, definitions
from pages.parts import drawn, show, state
from pages.parts.own_kpi_form import own_kpis
from pages.parts.words import known_kpis, say, title

t = state.spoken()
st.title(t("Definitions"), anchor=False)
say(t("Every number on every page is computed by these rules. Intervals are 95% intervals; a value from fewer answers "
      "than the minimum is marked."))
own_kpis()
title(t("All KPIs"), kept=False)
every = definitions(t.code, known_kpis())
drawn.report().explained = list(every["kpi"])
search = state.typed("search", t("Search"), width=320).casefold()
for entry in every.to_dict("records"):
    if search not in f"{entry['name']} {entry['definition']} {entry['formula']}".casefold():
        continue
    with st.container(border=True, key=f"definition-{entry['kpi']}", gap="xsmall"):
        title(entry["name"], kept=False)
        say(entry["definition"], "body", kept=False)
        facts = [(t("Formula"), entry["formula"]), (t("Unit"), f"{entry['unit']} ({entry['direction']})"),
                 (t("95% interval"), entry["interval"]), (t("Needs"), entry["needs"]), (t("Source"), entry["source"])]
        if entry["minimum_n"]:
            facts.append((t("Minimum answers"), t.number(entry["minimum_n"])))
        for fact, value in facts:
            if value:
                say(f"{fact}: {value}")
show.downloads(every[list(COLUMNS)].rename(columns={key: t(words) for key, words in COLUMNS.items()}), "definitions",
               t("Definitions"))
