"""How the numbers were computed: the SQL that was executed, to copy and run in the DuckDB shell on the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from cx.store.shell import pretty, runnable
from pages.parts import state
from pages.parts.ask import asked, queries, store
from pages.parts.words import say

if TYPE_CHECKING:
    from cx.engine.store import LakeStore


def button() -> None:
    """The button that shows what the page has asked."""
    t = state.spoken()
    if st.button("SQL", icon=":material/code:", type="tertiary", key=state.widget_key("sql"),
                 help=t("How the numbers of this page were computed")):
        st.dialog(t("How this was computed"), width="large")(_questions)(asked())


def query(sql: str) -> None:
    """One query, to copy; over a lake in the words of Spark, with what names its tables."""
    t = state.spoken()
    if store().in_lake:
        views, sql = cast("LakeStore", store()).in_words_of_spark(sql)
        if views:
            with st.expander(t("Tables of the lake"), icon=":material/database:"):
                st.code(views, language="sql", wrap_lines=True)
    st.code(pretty(sql), language="sql", wrap_lines=True)


def where_it_runs() -> str:
    """What to do with such a query."""
    t = state.spoken()
    if store().in_lake:
        return t("With “{tables}” before it, the SQL runs as it is in spark-sql; without, in the DuckDB shell on a "
                 "copy of the workspace.", tables=t("Tables of the lake"))
    return t("The SQL runs as it is in the DuckDB shell on a copy of the workspace.")


def _questions(calls: list[str]) -> None:
    t = state.spoken()
    say(f"{t('These queries were executed for this page, with the values they were given.')} {where_it_runs()}")
    which = st.selectbox(t("Question to the program"), calls, key=state.widget_key("question"))
    for place, each in enumerate(queries(which) if which else ()):
        if each.rests_on:
            say(t("This one rests on rows that the program worked out itself ({tables}) and does not run elsewhere.",
                  tables=", ".join(each.rests_on)))
        with st.container(key=f"query-{place}"):
            query(runnable(each.sql, each.params))
