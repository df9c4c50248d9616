"""Who of a cohort came back, and who did not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.retention import cohort_name
from cx.metrics import retention
from pages.parts import cohort_tables, nav, show, state
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import say, title

MOST_LISTED = 1000


def listed(cells: pd.DataFrame, asked: dict[str, Any], reading: str) -> None:
    """The customers of one cell. cells: of `retention.cohorts()`; asked: its `of` and `interval`."""
    t, of, interval = state.spoken(), asked["of"], asked["interval"]
    title(t("Who came back, who did not"), hint=t("Click a cell of the table above, or choose here."))
    starts = {f"{each:%Y-%m-%d}": cohort_name(each.date(), interval, t) for each in cells["cohort"].drop_duplicates()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cohort = state.chosen(st.selectbox, "cohort", t("First in"), starts, next(iter(starts)), width=180)
        own = cells[cells["cohort"] == cohort]
        ages = {str(age): findings.retention.span(age, interval, t) for age in own["age"] if age}
        if not ages:
            say(t("No later period has begun yet."))
            return
        age = state.chosen(st.selectbox, "age", t("How much later"), ages, "1", width=180)
        back = state.chosen(st.segmented_control, "who", t("Who"), {"back": t("came back"), "away": t("did not")},
                            "back", label_visibility="collapsed")
    cell = own[own["age"] == int(age)].iloc[0]
    found = ask(retention.customers, cell["cohort"].date(), int(age), back == "back", reading=reading,
                limit=MOST_LISTED, **asked, filters=state.filters())
    say(findings.retention.cell(cell.to_dict(), reading, len(found), back == "back", t), "body")
    if len(found):
        show.table(kept(cohort_tables.customers, found, of, t), "cohort-customers", name=t("Customers"), of_rows=True,
                   on_pick=lambda row: nav.later("customer", id=found["customer_id"].iloc[row]))
