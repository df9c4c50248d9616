"""Those who did not go on: what they did next, who they are, and what tells them from those who did."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import findings, findings_funnel
from cx.charts.bars import measure_bars, measure_dots
from cx.metrics import converters, funnel
from pages.parts import factors, nav, show, state, tables
from pages.parts.ask import ask
from pages.parts.words import named, say, title


def lost(required: pd.DataFrame, how: dict[str, Any]) -> None:
    """The section below the funnel. required: rows of the steps that may not be skipped, with their `place`."""
    t = state.spoken()
    rows = required.to_dict("records")
    worst = findings.worst_step(required) or 1
    places = {str(row["place"]): f"{row['place']}. {row['step']}" for row in rows[:-1]}
    after = int(state.chosen(st.selectbox, "after", t("Lost after"), places, str(rows[worst - 1]["place"]), width=360))
    left = ask(funnel.drop_off, step=after, **how)
    title(findings_funnel.went_on(left, t, named("touchpoint")))
    show.chart(measure_bars(tables.next_steps(left, t, named("touchpoint")), t,
                            value_title=t("Customers")), "lost")
    following = next(row["place"] for row in rows if row["place"] > after)
    gone = ask(funnel.customers, step=following, reached=False, **how)
    _customers(gone, t.plural("{n} customer who has not gone on", "{n} customers who have not gone on", n=len(gone)),
               "lost-customers")
    there = ask(funnel.customers, step=after, **how)
    _customers(there, t.plural("{n} customer who reached step {step}", "{n} customers who reached step {step}",
                               n=len(there), step=after), "step-customers")

    telling = ask(converters.converters, step=after, **how)
    reached = next(row["step"] for row in rows if row["place"] == after)
    title(findings_funnel.telling(telling, t, lambda kind, key: factors.name(kind, key, t)),
          t("Of {n} customers who reached {step}, {on} went on; each line holds those with a thing against those "
            "without it. It goes together with going on or not; it need not be the cause.", n=telling.reached,
            step=reached, on=telling.went_on))
    if telling.reason:
        say(t(telling.reason))
        return
    if telling.factors["significant"].any():
        show.chart(measure_dots(factors.rows(telling.factors, t), t, value_title=t("Difference"),
                                hover={"with": t("Went on with it"), "without": t("Went on without")}), "telling")
    with st.expander(t.plural("{n} thing was looked at", "{n} things were looked at", n=len(telling.factors))):
        show.table(factors.table(telling.factors, t), "telling-table", name=t("What tells them apart"))


def _customers(found: pd.DataFrame, words: str, key: str) -> None:
    t = state.spoken()
    with st.expander(words):
        show.table(tables.customers(found, t), key, name=t("Customers"),
                   on_pick=lambda row: nav.later("customer", id=found["customer_id"].iloc[row]))
