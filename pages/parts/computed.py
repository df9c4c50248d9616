"""How the numbers were computed: the SQL that was executed, to copy and run in the DuckDB shell on the workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import streamlit as st

from cx.language import Language, Text, text
from cx.store.shell import pretty, runnable
from pages.parts import state
from pages.parts.ask import asked, queries, store
from pages.parts.words import say

if TYPE_CHECKING:
    from cx.engine.store import LakeStore


NAMES: Mapping[str, Text] = {
    "action": text("Actions"), "alert": text("Alerts"), "anomaly": text("Unusual periods"),
    "attributes": text("What can be filtered by"), "attribution": text("Attribution"),
    "behind": text("Rows behind a number"), "change": text("What changed most"), "comments": text("Comments"),
    "contact": text("Touchpoints & channels"), "converters": text("What tells those who went on"),
    "customer": text("One customer"), "driver": text("Drivers"), "earlier": text("A KPI in an earlier period"),
    "effect": text("Effect of an action"), "emotion": text("Emotions"), "emotion_people": text("Emotions: customers"),
    "event": text("Events"), "forecast": text("Forecast"), "framework": text("Measurement framework"),
    "friction": text("Pain points"), "funnel": text("Funnel"), "funnel_compare": text("Funnel, compared"),
    "funnel_people": text("Funnel: customers"), "funnel_plan": text("Stages in use"), "goals": text("Goals"),
    "handoff": text("Hand-offs"), "highlight": text("What to fix first"), "journey_model": text("Journey model"),
    "kpi": text("KPIs"),
    "kpi.breakdown": text("A KPI by group"), "kpi.changes": text("KPIs against a year ago"),
    "kpi.minimum_n": text("Fewest answers"), "kpi.sparklines": text("KPIs over time"),
    "kpi.trend": text("A KPI over time"), "names": text("Names"), "opportunity": text("Opportunities"),
    "overview": text("How much there is"), "own_condition": text("KPIs of your own"),
    "own_kpi": text("KPIs of your own"), "path": text("Paths"), "path_people": text("Paths: customers"),
    "path_variants": text("Paths: ways"), "period": text("Period"), "planned": text("Planned feelings"),
    "repeat": text("Repeat contacts"), "replay": text("Walk the journey"), "reported": text("Reported figures"),
    "retention": text("Retention"), "simulate": text("Simulator"), "skipped": text("Stages passed by"),
    "standing": text("Goals"), "team": text("Teams"), "visit": text("Since the last visit"),
    "waiting": text("Waiting time")}
"""Module, or module and function, that answers a question → what it is about, for whoever reads the SQL."""


def named(calls: Sequence[str], t: Language) -> dict[str, str]:
    """Each of `ask.asked` → what it is about, numbered where there are several about the same."""
    about = {}
    for call in calls:
        module, function = ("", *call.partition("(")[0].split("."))[-2:]
        found = NAMES.get(f"{module}.{function}") or NAMES.get(module)
        about[call] = t(found) if found else t("Further numbers")
    many, shown = Counter(about.values()), Counter[str]()
    for call, name in about.items():
        shown[name] += 1
        if many[name] > 1:
            about[call] = f"{name} ({shown[name]})"
    return about


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
    about = named(calls, t)
    which = st.selectbox(t("Numbers"), calls, key=state.widget_key("question"), format_func=about.__getitem__)
    for place, each in enumerate(queries(which) if which else ()):
        if each.rests_on:
            say(t("This one rests on rows that the program worked out itself ({tables}) and does not run elsewhere.",
                  tables=", ".join(each.rests_on)))
        with st.container(key=f"query-{place}"):
            query(runnable(each.sql, each.params))
