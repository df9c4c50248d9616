"""Targets: the form that sets one, and the table of all goals with how they stand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx import findings
from cx.errors import CxError
from cx.language import Language
from cx.metrics.goals import TYPED_IN, read_target, set_target
from cx.metrics.goals import goals as every_goal
from cx.metrics.kpi_registry import Kpi
from cx.metrics.standing import standing
from pages.parts import show, state
from pages.parts.ask import ask, store
from pages.parts.words import known_kpis, label, names, say, title


def target_form(kpi: Kpi) -> None:
    """Set or remove the target of a KPI, for everybody or for one persona or channel."""
    t = state.spoken()
    with st.container(border=True, key=f"target-form-{kpi.key}"):
        scopes = {("", ""): t("everybody"),
                  **{(dimension, key): label(dimension, key) for dimension in ("persona", "channel")
                     for key in names(dimension)}}
        scope = st.selectbox(t("For"), list(scopes), format_func=scopes.__getitem__,
                             key=state.widget_key(f"target-for-{kpi.key}"))
        persona, channel = (scope[1] if scope[0] == each else "" for each in ("persona", "channel"))
        known = ask(every_goal)
        row = known[(known["kpi"] == kpi.key) & (known["persona"] == persona) & (known["channel"] == channel)]
        factor = TYPED_IN.get(kpi.unit, 1)
        current = "" if row.empty else _typed(row["target"].iloc[0] / factor, t)
        words = {"share": t("Target in percent"), "seconds": t("Target in minutes")}.get(kpi.unit, t("Target"))
        name = f"{kpi.key}-{persona}-{channel}"
        given = st.text_input(words, current, key=state.widget_key(f"target-{name}"), placeholder=t("no target"))
        owner = st.text_input(t("Responsible"), "" if row.empty else row["owner"].iloc[0],
                              key=state.widget_key(f"owner-{name}"))
        if st.button(t("Save target"), key=state.widget_key(f"save-target-{kpi.key}")):
            try:
                set_target(store(), kpi.key, read_target(kpi, given, t), owner=owner.strip() or None,
                           persona=persona or None, channel=channel or None)
                st.rerun()
            except CxError as error:
                show.failure(error)


def goals() -> None:
    """All goals with how they stand over all data, and the form to set one."""
    t, known = state.spoken(), known_kpis()
    title(t("Goals"), t("Judged by the interval, over all data: on target, off target, or too early to tell. "
                        "Leave a target empty to remove it."))
    found = ask(standing)
    if found.empty:
        say(t("No target is set."))
    else:
        rows = [(known[row["kpi"]], row) for row in found.to_dict("records")]
        show.table(pd.DataFrame({
            t("KPI"): [t(kpi.name) for kpi, _ in rows], t("For"): [scope(row) for _, row in rows],
            t("Target"): [findings.kpi_value(t, kpi, row["target"]) for kpi, row in rows],
            t("Value"): [findings.kpi_value(t, kpi, row["value"]) for kpi, row in rows],
            t("95% interval"): [findings.standing.interval(kpi, row, t) for kpi, row in rows],
            t("Answers"): [row["n"] for _, row in rows],
            t("Status"): [findings.standing.status(row, t) for _, row in rows],
            t("Responsible"): [row["owner"] for _, row in rows]}), "goals", name=t("Goals"))
    key = state.chosen(st.selectbox, "kpi", t("Set a target for"), {each: t(kpi.name) for each, kpi in known.items()},
                       "nps", width=300)
    target_form(known[key])


def scope(row: dict[str, str]) -> str:
    """Whom a goal is about."""
    t = state.spoken()
    parts = [label(each, row[each]) for each in ("persona", "channel") if row[each]]
    return ", ".join(parts) or t("everybody")


def _typed(value: float, t: Language) -> str:
    """A number as somebody would type it: no more decimals than needed."""
    return next((t.number(value, digits) for digits in (0, 1) if round(value, digits) == round(value, 2)),
                t.number(value, 2))
