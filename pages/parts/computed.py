"""How the numbers were computed: the SQL that was executed, to copy and run in the DuckDB shell on the workspace."""

from __future__ import annotations

import streamlit as st

from cx.store.shell import pretty, runnable
from pages.parts import state
from pages.parts.ask import asked, queries, store
from pages.parts.words import say


def button() -> None:
    """The button that shows what the page has asked."""
    t = state.spoken()
    if st.button("SQL", icon=":material/code:", type="tertiary", key=state.widget_key("sql"),
                 help=t("How the numbers of this page were computed")):
        st.dialog(t("How this was computed"), width="large")(_questions)(asked())


def query(sql: str) -> None:
    """One query, to copy."""
    st.code(pretty(sql), language="sql", wrap_lines=True)


def _questions(calls: list[str]) -> None:
    t = state.spoken()
    if store().in_lake:
        say(t("These questions were asked for this page, in DuckDB's SQL with the values they were given. Spark was "
              "asked the same in its own words."))
    else:
        say(t("These queries were executed for this page, with the values they were given. They run as they are in the "
              "DuckDB shell on a copy of the workspace."))
    which = st.selectbox(t("Question to the program"), calls, key=state.widget_key("question"))
    for place, each in enumerate(queries(which) if which else ()):
        if each.rests_on:
            say(t("This one rests on rows that the program worked out itself ({tables}) and does not run elsewhere.",
                  tables=", ".join(each.rests_on)))
        with st.container(key=f"query-{place}"):
            query(runnable(each.sql, each.params))
