"""The lines of the emotion curve, and the curve a company wants."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx.errors import CxError
from cx.metrics import planned
from pages.parts import folded, show, state
from pages.parts.ask import store
from pages.parts.words import say


def lines_are(other_name: str, n: int | None, with_plan: bool) -> None:
    """Tell the lines of the chart apart, where there is more than one."""
    t = state.spoken()
    parts = [t("dashed: {name} (n = {n})", name=other_name, n=n)] if n is not None else []
    parts += [t("dotted: planned")] if with_plan else []
    if parts:
        say(" · ".join([t("solid: this selection"), *parts]))


def planned_form(stages: dict[str, str]) -> None:
    """Enter what customers should feel at each stage."""
    t = state.spoken()
    folded.expander(t("What customers should feel"), "planned", lambda: _plan(stages))


def _plan(stages: dict[str, str]) -> None:
    t, kept = state.spoken(), planned.planned(store())
    say(t("Net emotion from −100 to 100 for each stage; empty where there is no plan. It is drawn dotted."))
    with st.form("planned", border=False):
        values = {}
        for start in range(0, len(stages), 5):
            row = list(stages.items())[start:start + 5]
            for column, (key, name) in zip(st.columns(5), row, strict=False):
                with column:
                    say(name)
                    values[key] = st.number_input(
                        t("Planned net emotion"), min_value=-100.0, max_value=100.0, value=kept.get(key), step=5.0,
                        format="%.0f", key=state.widget_key(f"planned-{key}"), label_visibility="collapsed",
                        placeholder=t("no plan"))
        if st.form_submit_button(t("Save")):
            try:
                planned.plan(store(), values)
                st.rerun()
            except CxError as error:
                show.failure(error)


def first(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first rows."""
    return frame.head(most)
