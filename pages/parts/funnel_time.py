"""How long those took who got through the funnel, who they are, and whether more or fewer get through lately."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.bars import duration_columns
from cx.charts.trend import trend_line
from cx.filters import Filters
from cx.metrics import funnel, funnel_people, period
from pages.parts import against, people, show, state, trend_view
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import say, title

BARS = 16


def how_long(asked: dict[str, Any]) -> None:
    """The times beside the course. asked: how the funnel is counted."""
    t, filters = state.spoken(), state.filters()
    left, right = st.columns(2)
    with left:
        title(kept(findings.funnel.took, ask(funnel.summary, **asked, filters=filters), t),
              t("From the first step to the last, of those who got there."))
        times = against.both(funnel.time_to_convert, bins=BARS, on_request=True, **asked)
        against.chart(times, duration_columns, "durations", lambda at: people.pick("took", at["key"]), of=[t])
        bars = {str(number): f"{t.interval(t.duration(row['lower_seconds']), t.duration(row['upper_seconds']))} "
                             f"({t.number(row['customers'])})"
                for number, row in enumerate(times.here.to_dict("records")) if row["customers"]}
        people.behind("took", t("The customers who took so long"), t("How long"), bars, lambda key: ask(
            funnel_people.took, int(key), bins=BARS, **asked, filters=filters), {
                "started_at": t("Entered"), "reached_at": t("Reached")})
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
            title(kept(findings.funnel.lately, over_time, t),
                  t("Hollow points: some of these customers may still get there."))
        show.chart(kept(trend_line, over_time, t, title=t("Reached the last step"), shown=t.percent, unit="share",
                        marks=trend_view.begun(over_time), thin=trend_view.held_course(over_time, course)),
                   "over-time", on_pick=lambda at: _only(at["day"], step))
        say(t("Click a point to look at those who entered in that period alone."), "hint")


def _only(day: str, step: str) -> None:
    """Look at one calendar period, as far as it is selected, from a callback. day: its first, YYYY-MM-DD."""
    start, end = period.days_of(dt.date.fromisoformat(day), step, state.filters())
    state.set_filters(start=start, end=end)


def _renamed(found: pd.DataFrame) -> pd.DataFrame:
    return found.rename(columns={"rate": "value", "entered": "n"})
