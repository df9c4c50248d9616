"""The way from a number to the rows behind it."""

from __future__ import annotations

import streamlit as st

from pages.parts import nav, state

GIVEN = "."
"""Stands before a value in the URL, so that "not given" can be told."""


def link(kpi: str, n: int | None = None, *, by: str | None = None, interval: str | None = None) -> None:
    """A button that leads to the rows behind a KPI of the selection, to be split or counted over time there."""
    t = state.spoken()
    words = t("Rows behind it") if n is None else t("n = {n}", n=n)
    st.button(words, icon=":material/table_rows:", type="tertiary", help=t("The rows behind this number"),
              key=state.widget_key(f"behind-{kpi}-{by}-{interval}"), on_click=look, args=(kpi,),
              kwargs={"by": by, "interval": interval})


def look(kpi: str, *, by: str | None = None, key: str | None = None, interval: str | None = None,
         day: str | None = None) -> None:
    """Go to the rows behind a number, from a callback. key: of `by`; day: the first of a period, YYYY-MM-DD."""
    choices = {"kpi": kpi, "split": by, "value": None if key is None else GIVEN + key, "interval": interval, "day": day}
    nav.later("rows", **{name: value for name, value in choices.items() if value})
