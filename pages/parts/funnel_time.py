"""How long those took who got through the funnel, and whether more or fewer get through lately."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import findings_funnel
from cx.charts.bars import duration_columns
from cx.charts.trend import trend_line
from cx.filters import Filters
from cx.metrics import funnel, period
from pages.parts import against, show, state, trend_view
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import title


def how_long(asked: dict[str, Any]) -> None:
    """The times beside the course. asked: how the funnel is counted."""
    t, filters = state.spoken(), state.filters()
    left, right = st.columns(2)
    with left:
        title(kept(findings_funnel.took, ask(funnel.summary, **asked, filters=filters), t),
              t("From the first step to the last, of those who got there."))
        against.chart(against.both(funnel.time_to_convert, bins=16, on_request=True, **asked), duration_columns,
                      "durations", of=[t])
    with right:
        heading = st.container()
        by_time = state.chosen(st.segmented_control, "interval", t("By"), {
            "auto": t("fitting"), "day": t("day"), "week": t("week"), "month": t("month")}, "auto",
            label_visibility="collapsed")
        step, _ = ask(period.calendar, filters, by_time)

        def course(chosen: Filters) -> pd.DataFrame:
            found = ask(funnel.trend, interval=step, **asked, filters=chosen)
            return kept(_renamed, found)

        over_time = course(filters)
        with heading:
            title(kept(findings_funnel.lately, over_time, t),
                  t("Hollow points: some of these customers may still get there."))
        show.chart(kept(trend_line, over_time, t, title=t("Reached the last step"), shown=t.percent, unit="share",
                        marks=trend_view.begun(over_time), thin=trend_view.held_course(over_time, course)),
                   "over-time")


def _renamed(found: pd.DataFrame) -> pd.DataFrame:
    return found.rename(columns={"rate": "value", "entered": "n"})
