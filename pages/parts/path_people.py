"""The customers behind a place or a flow of the paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
import streamlit as st

from cx.charts.path import step_name
from cx.metrics import path
from pages.parts import people, state
from pages.parts.ask import ask

ANYTHING, ENDS = "", "."


def place_key(step: int, key: str) -> str:
    """A place as a value of the page's address."""
    return f"{step}/{quote(key, safe=' ')}"


def next_key(kind: str, key: str) -> str:
    """What follows as a value of the page's address."""
    return ENDS if kind == "end" else quote(key, safe=" ") if key != ENDS else "%2E"


def behind(flowing: pd.DataFrame, places: pd.DataFrame, anchor: str | None, name: Callable[[str], str],
           how: dict[str, Any]) -> None:
    """Choose a place and what follows, and see who that is. flowing: of `path.flows`; places: of `path.places`; how:
    further arguments of `path.customers`."""
    t = state.spoken()
    known = places[places["kind"] == "value"].to_dict("records")
    if not known:
        return
    with st.expander(t("The customers behind a place or a flow"), expanded=bool(state.choice("step"))):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            steps = {row["step"]: step_name(row["step"], bool(anchor), t) or t("here") for row in known}
            options = {place_key(row["step"], row["key"]):
                       f"{steps[row['step']]}: {name(row['key'])} ({t.number(row['n'])})" for row in known}
            chosen = state.chosen(st.selectbox, "step", t("Place"), options, next(iter(options)), width=360)
            step, key = int(chosen.partition("/")[0]), unquote(chosen.partition("/")[2])
            after = flowing[(flowing["from_step"] == step) & (flowing["from_kind"] == "value")
                            & (flowing["from_key"] == key) & flowing["to_kind"].isin(["value", "end"])]
            nexts = {ANYTHING: t("anything"), **{
                next_key(row["to_kind"], row["to_key"]):
                f"{t('ends here') if row['to_kind'] == 'end' else name(row['to_key'])} ({t.number(row['n'])})"
                for row in after.to_dict("records")}}
            then = state.chosen(st.selectbox, "then", t("And after that"), nexts, ANYTHING, width=300)
        asked = None if then == ANYTHING else "" if then == ENDS else unquote(then)
        people.table(ask(path.customers, step, key, asked, anchor=anchor, filters=state.filters(), **how),
                     "path-customers")
