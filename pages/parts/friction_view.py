"""One pain point or moment of delight: what is sure of it, its course, what customers say, and who they are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.trend import trend_line
from cx.filters import DIMENSIONS, Filters
from cx.metrics import comments, friction, kpi
from cx.metrics.action import PLACE
from cx.metrics.friction import MEASURES
from pages.parts import action_board, drill, nav, show, state, trend_view
from pages.parts.ask import ask
from pages.parts.words import known_kpis, say, title

_SHOWN = 4


def look_closer(points: pd.DataFrame, cell: str, filters: Filters) -> None:
    """Everything about one place. points: of `friction.pain_points`; cell: which."""
    t = state.spoken()
    rows = points[points["cell"] == cell]
    one = rows.iloc[0].to_dict()
    there = friction.narrowed(one, filters)
    title(t(friction.place(one)), findings.friction.affected(one, t))
    left, right = st.columns([3, 2], gap="large")
    with left:
        show.lines(findings.friction.about(rows, t))
        _course(rows, one, filters)
    with right:
        _said(one, there)
    who = ask(friction.customers, one, filters)
    with st.expander(t("The customers, those it was worst for first")):
        show.table(_people(who), "friction-customers", name=t("Customers"), of_rows=True,
                   on_pick=lambda row: nav.later("customer", id=who["customer_id"].iloc[row]))
    url = {**there.to_url(), **({"lang": state.shared_url()["lang"]} if "lang" in state.shared_url() else {})}
    with st.container(horizontal=True, vertical_alignment="center"):
        known = known_kpis()
        counted = next((name for each in rows["measure"] if (name := MEASURES[each].kpi) in known), None)
        for name, words in (("emotions", t("Emotions there")), ("comments", t("Comments there")),
                            ("trends", t("Trends there")), ("rows", t("Rows there"))):
            st.page_link(st.session_state["_pages"][name], label=words, icon=nav.ENTRIES[name].icon,
                         query_params={**url, **({"kpi": [counted]} if counted and name in ("rows", "trends") else {})})
        if one["kind"] == "pain":
            found = one["text"]
            action_board.begin("act", [(name, one[name]) for name in PLACE if one[name]], one["measure"], t(found))


def _course(rows: pd.DataFrame, place: dict[str, Any], filters: Filters) -> None:
    """The measure over time, where a KPI counts it."""
    t, there = state.spoken(), friction.narrowed(place, filters)
    key = next((found for each in rows["measure"] if (found := MEASURES[each].kpi)), None)
    if key is None:
        return
    one, step = known_kpis()[key], ask(kpi.readable_interval, key, there)
    frame = ask(kpi.trend, key, step, there)
    if frame["value"].notna().sum() > 1:
        say(t("{kpi} here over time", kpi=t(one.name)))
        other = trend_view.held_course(
            frame, lambda chosen: ask(kpi.trend, key, step, friction.narrowed(place, chosen)))
        show.chart(trend_line(frame, t, title=t(one.name), unit=one.unit, marks=trend_view.begun(frame), thin=other,
                              shown=lambda value: findings.kpi_value(t, one, value)), "friction-course",
                   on_pick=lambda at: _rows_of(key, there, step, at["day"]))


def _rows_of(key: str, there: Filters, step: str, day: str) -> None:
    """Go to the rows behind a point of the course, from a callback."""
    state.set_filters(**{name: getattr(there, name) for name in (*DIMENSIONS, "attributes")})
    drill.look(key, interval=step, day=day)


def _said(one: dict, there: Filters) -> None:
    """Comments that go with it."""
    t = state.spoken()
    said = ask(comments.read, there, emotion=-1 if one["kind"] == "pain" else 1, limit=_SHOWN)
    for comment in said.to_dict("records"):
        show.comment(comment)
    if said.empty:
        say(t("No comments here."))


def _people(who: pd.DataFrame) -> pd.DataFrame:
    t = state.spoken()
    return pd.DataFrame({
        t("Customer"): who["customer_id"], t("Interactions"): who["interactions"],
        t("Net emotion"): who["net"].round(), t("Complaints"): who["complaints"],
        t("Longest wait"): [t.duration(value) for value in who["longest_wait"]], t("Days late"): who["most_late"],
        t("First contact"): who["first_at"], t("Last contact"): who["last_at"]})
