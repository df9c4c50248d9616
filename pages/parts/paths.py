"""The Paths page's picture, and frames of `cx.metrics.path` as the tables a reader sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from cx.charts.path import Flow, path_name, step_name
from cx.language import DASH, Language
from pages.parts import path_people, show, state
from pages.parts.against import Both
from pages.parts.words import say

Name = Callable[[str], str]
ARROW = " → "


def flows(answers: Both, draw: Callable[[pd.DataFrame], Flow], key: str, on_pick: Callable[[str], None]) -> None:
    """The Sankey, or those of both sides one above the other: they need the width."""
    if answers.beside is None:
        flow(draw(answers.here), key, on_pick)
        return
    for found, name, place in ((answers.here, answers.one, ""), (answers.beside, answers.other, "-there")):
        say(name, "body")
        if found.empty:
            show.empty()
        else:
            flow(draw(found), key + place, on_pick)


def flow(drawn: Flow, key: str, on_pick: Callable[[str], None]) -> None:
    """The Sankey; `on_pick` gets the key of a touchpoint, channel or stage that was clicked."""
    widget = state.widget_key(key)

    def picked() -> None:
        for selected in (st.session_state[widget].get("selection") or {}).get("selected") or []:
            for index in selected["data_indices"]:
                if selected["data_type"] == "edge":
                    step, kind, value, to_kind, to_value = drawn.links[index]
                    if kind == "value" and to_kind in ("value", "end"):
                        state.choose("step", path_people.place_key(step, value))
                        state.choose("then", path_people.next_key(to_kind, to_value))
                    continue
                kind, value = drawn.nodes[index]
                if kind == "value":
                    on_pick(value)

    with st.container(key=f"wide-only-{key}"):
        st.echarts_chart(drawn.option, height=drawn.height, key=widget, alt=drawn.alt, renderer="svg",
                         on_select=picked)


def look_from(choice: str, key: str) -> None:
    """Make the clicked place the anchor, in its widget too."""
    state.set_choice(choice, key)
    state.set_filters()


def neighbours(places: pd.DataFrame, step: int, t: Language, name: Name) -> pd.DataFrame:
    """Who is where at one step, as rows of bars."""
    rows = places[places["step"] == step].to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows], "name": [path_name(row["kind"], row["key"], t, name) for row in rows],
        "value": [row["share"] for row in rows], "text": [t.percent(row["share"], 0) for row in rows],
        "interval": [t.interval(t.percent(row["lower"]), t.percent(row["upper"])) for row in rows],
        "count": [t.number(row["n"]) for row in rows]})


def steps(places: pd.DataFrame, anchored: bool, t: Language, name: Name, unit: str) -> pd.DataFrame:
    """Every step of the flow as a table."""
    rows = places.to_dict("records")
    words = {"end": t("has ended"), "start": t("has not begun")}
    return pd.DataFrame({
        t("Step"): [step_name(row["step"], anchored, t) or t("here") for row in rows],
        t("Where"): [words.get(row["kind"]) or path_name(row["kind"], row["key"], t, name) for row in rows],
        unit: [row["n"] for row in rows], t("Share"): [t.percent(row["share"]) for row in rows],
        t("95% interval"): [t.interval(t.percent(row["lower"]), t.percent(row["upper"])) for row in rows]})


def place_name(row: dict[str, Any], anchored: bool, t: Language, name: Name) -> str:
    """A place of a step in words."""
    words = {"end": t("has ended"), "start": t("has not begun")}
    where = words.get(row["kind"]) or path_name(row["kind"], row["key"], t, name)
    return f"{step_name(int(row['step']), anchored, t) or t('here')}: {where}"


def pair_name(row: dict[str, Any], t: Language, name: Name) -> str:
    """One place and what follows it."""
    following = t("end") if row["to_kind"] == "end" else path_name(row["to_kind"], row["to_key"], t, name)
    return f"{path_name(row['from_kind'], row['from_key'], t, name)}{ARROW}{following}"


def matrix(frame: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """What follows what as a table, the most frequent first."""
    rows = frame.sort_values("n", ascending=False).to_dict("records")
    return pd.DataFrame({
        t("From"): [path_name(row["from_kind"], row["from_key"], t, name) for row in rows],
        t("To"): [t("end") if row["to_kind"] == "end" else path_name(row["to_kind"], row["to_key"], t, name)
                  for row in rows],
        t("Times"): [row["n"] for row in rows],
        t("Share"): [f"{t.percent(row['share'])} ({t.interval(t.percent(row['lower']), t.percent(row['upper']))})"
                     for row in rows]})


def way_name(row: dict[str, Any], name: Name) -> str:
    """A whole way in words."""
    return ARROW.join([*map(name, row["keys"]), *(["…"] if row["longer"] else [])])


def loop_name(row: dict[str, Any], name: Name) -> str:
    """A loop in words."""
    return ARROW.join(map(name, (row["key"], row["through_key"], row["key"])))


def ways(frame: pd.DataFrame, t: Language, name: Name, unit: str) -> pd.DataFrame:
    """The most frequent ways as a table."""
    rows = frame.to_dict("records")
    return pd.DataFrame({
        t("Way"): [way_name(row, name) if row["kind"] == "variant" else t("{n} other ways", n=row["variants"])
                   for row in rows],
        unit: [row["n"] for row in rows], t("Share"): [t.percent(row["share"]) for row in rows],
        t("Reached purchase"): [_with_interval(t, row) for row in rows],
        t("Net emotion"): [_net(t, row) for row in rows]})


def loops(frame: pd.DataFrame, t: Language, name: Name, unit: str) -> pd.DataFrame:
    """The most frequent loops as a table."""
    rows = frame.to_dict("records")
    return pd.DataFrame({
        t("Loop"): [loop_name(row, name) for row in rows],
        unit: [row["n"] for row in rows], t("Share"): [t.percent(row["share"]) for row in rows],
        t("Times"): [row["times"] for row in rows], t("Net emotion there"): [_net(t, row) for row in rows]})


def _with_interval(t: Language, row: dict[str, Any]) -> str:
    if pd.isna(row["conversion"]):
        return DASH
    return (f"{t.percent(row['conversion'], 0)} ({t.percent(row['conversion_lower'], 0)} – "
            f"{t.percent(row['conversion_upper'], 0)})")


def _net(t: Language, row: dict[str, Any]) -> str:
    if pd.isna(row["net"]):
        return DASH
    low, high = (t.number(row[name], 0, sign=True) for name in ("net_lower", "net_upper"))
    return f"{t.number(row['net'], 0, sign=True)} ({t.interval(low, high)}, n = {t.number(row['net_n'])})"
