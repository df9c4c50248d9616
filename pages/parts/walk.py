"""Parts of the walk through the journey: whom to walk as, the way from stage to stage, and what each stage tells."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.language import DASH
from cx.metrics.replay import Walk
from pages.parts import show, state
from pages.parts.words import label, markdown

_ANYBODY = ""


def who(people: pd.DataFrame) -> tuple[str, str]:
    """Choose persona and first channel ("" = any, or no other than the filters leave); at first the largest persona."""
    t = state.spoken()
    known = people[people["persona"] != ""]
    personas = known.groupby("persona")["customers"].sum().sort_values(ascending=False, kind="stable")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        persona = state.chosen(st.selectbox, "as", t("Walk as"), {
            **{key: f"{label('persona', key)} ({t.number(n)})" for key, n in personas.items()},
            "anybody": t("anybody")}, personas.index[0] if len(personas) else "anybody", width=280)
        persona = _ANYBODY if persona == "anybody" else persona
        came = people[people["persona"] == persona] if persona else people
        channels = came[came["channel"] != ""].groupby("channel")["customers"].sum().sort_values(
            ascending=False, kind="stable")
        channel = state.chosen(st.selectbox, "via", t("First channel"), {
            _ANYBODY: t("any"), **{key: f"{label('channel', key)} ({t.number(n)})" for key, n in channels.items()}},
            _ANYBODY, width=240)
    only = state.filters().persona == (persona,)  # said by the filters already, which the other side has its own of
    return _ANYBODY if only else persona, channel


def stepper(stages: list[str]) -> str:
    """The stages to go through, with a step forward and back (also by Alt and the arrow keys); the one chosen."""
    t = state.spoken()
    shown = [markdown(label("stage", key)) for key in stages]  # the control reads markdown: else the number alone
    here = state.chosen(st.segmented_control, "at", t("Stage"), {
        key: f"{place}. {name}" if name else f"{place}." for place, (key, name) in enumerate(
            zip(stages, shown, strict=True), start=1)}, stages[0], label_visibility="collapsed")
    place = stages.index(here)
    with st.container(horizontal=True, gap="small"):
        st.button(t("Back"), icon=":material/arrow_back:", key=state.widget_key("walk-back"), disabled=place == 0,
                  shortcut="Alt+Left", on_click=lambda: state.choose("at", stages[place - 1]))
        st.button(t("On to the next stage"), icon=":material/arrow_forward:", icon_position="right", type="primary",
                  key=state.widget_key("walk-on"), disabled=place == len(stages) - 1, shortcut="Alt+Right",
                  on_click=lambda: state.choose("at", stages[place + 1]))
    return here


def facts(row: dict[str, Any], others: bool) -> None:
    """What a stage tells in numbers, each with that of the others and its n."""
    t = state.spoken()

    def share(part: float) -> str:
        return t.percent(part, 0)

    def number(net: float) -> str:
        return t.number(None if pd.isna(net) else net, 0, sign=True)

    def time(seconds: float) -> str:
        return t.duration(None if pd.isna(seconds) else seconds)

    boxes = [
        (t("Come here"), "share", share, t.plural("{n} customer", "{n} customers", n=row["customers"]), True),
        (t("Net emotion"), "net", number, t("n = {n}", n=row["felt"]), True),
        (t("Half wait at most"), "wait_median", time,
         t("9 in 10 within {time}, n = {n}", time=time(row["wait_p90"]), n=row["wait_n"]),
         row["wait_n"] or row["other_wait_n"]),
        (t("Go on"), "on_share", share, t("of {n} who came in order", n=row["reached"]), pd.notna(row["on_share"])),
        (t("To the next stage in"), "on_median", time, t("median"), pd.notna(row["on_median"])),
    ]
    with st.container(horizontal=True, gap="small"):
        for name, column, shown, note, known in boxes:
            if known:
                beside = [t("others: {value}", value=shown(row[f"other_{column}"]))] if others else []
                show.fact(name, shown(row[column]), *beside, note, width=168)


def places(found: Walk, stage: str) -> pd.DataFrame:
    """What is met at a stage: rows of `Walk.touchpoints`, with `there`, the customers of the stage."""
    there = found.stages.loc[found.stages["key"] == stage, "customers"].sum()
    rows = found.touchpoints[(found.touchpoints["stage"] == stage) & (found.touchpoints["customers"] > 0)]
    return rows.assign(there=there)


def met(rows: pd.DataFrame, others: bool) -> pd.DataFrame:
    """Touchpoints of a stage as rows of bars."""
    t = state.spoken()

    def words(row: dict[str, Any]) -> str:
        if not others:
            return t.percent(row["share"], 0)
        sure = f" {findings.funnel.verdict(True, t)}" if row["significant"] is True else ""
        return f"{t.percent(row['share'], 0)} ({t.percent(row['other_share'], 0)}){sure}"

    known = rows.head(12).to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in known], "name": [label("touchpoint", row["key"]) for row in known],
        "value": [row["share"] for row in known], "text": [words(row) for row in known],
        "count": [t.number(row["customers"]) for row in known],
        "interval": [t.interval(t.percent(row["lower"]), t.percent(row["upper"])) for row in known]})


def table(stages: pd.DataFrame, others: bool) -> pd.DataFrame:
    """All stages, such customers and (in brackets) the others."""
    t, rows = state.spoken(), stages.to_dict("records")

    def both(row: dict[str, Any], name: str, shown: Any) -> str:
        values = [DASH if pd.isna(row[f"{side}{name}"]) else shown(row[f"{side}{name}"]) for side in ("", "other_")]
        return f"{values[0]} ({values[1]})" if others and set(values) != {DASH} else values[0]

    share, net = (lambda value: t.percent(value, 0)), (lambda value: t.number(value, 0, sign=True))
    return pd.DataFrame({
        t("Stage"): [label("stage", row["key"]) for row in rows],
        t("Customers"): [both(row, "customers", t.number) for row in rows],
        t("Come here"): [both(row, "share", share) for row in rows],
        t("Net emotion"): [both(row, "net", net) for row in rows],
        t("Median wait"): [both(row, "wait_median", t.duration) for row in rows],
        t("Go on"): [both(row, "on_share", share) for row in rows],
        t("To the next stage in"): [both(row, "on_median", t.duration) for row in rows]})
