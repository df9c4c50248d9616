"""What the trend of a KPI may be shown with: comparisons, forecast, unusual periods, what happened; each on request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.trend import Thin
from cx.errors import CxError
from cx.filters import Filters
from cx.language import Language
from cx.metrics import anomaly, earlier, event, forecast, holiday, period
from cx.metrics.kpi import trend
from cx.metrics.kpi_registry import Kpi
from cx.metrics.reported import reported, segment_of
from pages.parts import against, show, state
from pages.parts.ask import ask, store
from pages.parts.made import kept
from pages.parts.words import say


@dataclass
class Beside:
    """Arguments of `charts.trend.trend_line` that were asked for, and what they say in words."""

    how: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def choices(filters: Filters, alone: bool) -> list[str]:
    """What the reader wants to see beside the KPI: previous, last_year, forecast, odd, events; `alone`: one line."""
    t = state.spoken()
    options = {"events": t("what happened")}
    if alone:
        options |= {"odd": t("unusual periods"), "forecast": t("forecast"), "last_year": t("a year earlier")}
    if alone and filters.start and filters.end:
        options["previous"] = t("the period before")
    return state.several("also", t("Also show"), options, [each for each in ("events", "odd") if each in options])


def beside(kpi: Kpi, frame: pd.DataFrame, interval: str, filters: Filters, wanted: list[str]) -> Beside:
    """What was asked for, for the trend `frame` of this KPI."""
    t = state.spoken()
    step, _ = ask(period.calendar, filters, interval)
    found = Beside()
    told = reported_history(kpi, filters)
    names = {"previous": t("the period before"), "last_year": t("a year earlier")}
    thin = []
    for before in (each for each in names if each in wanted):
        course = ask(earlier.earlier, kpi.key, before, interval, filters)
        if course.empty:
            found.words.append(t("No data: {what}.", what=names[before]))
        else:
            notes = [t("value of {day}", day=each.date()) for each in course["earlier"]]
            thin.append(Thin(names[before], course.assign(note=notes)))
    thin += held_course(frame, lambda there: ask(trend, kpi.key, step, there))
    found.how["thin"] = thin + ([told] if told else [])
    if "odd" in wanted:
        odd = ask(anomaly.anomalies, kpi.key, interval, filters)
        found.how["odd"] = findings.trend.odd(kpi, odd, t)
        found.words.append(findings.trend.unusual(odd, t))
    if "forecast" in wanted:
        ahead = ask(forecast.forecast, kpi.key, interval, filters)
        found.how["ahead"] = ahead.frame
        found.words.append(findings.trend.backtest(kpi, ahead, step, t))
    if step in ("day", "week") and len(frame):
        days = _holidays(frame["period"].min().date(), frame["period"].max().date() + dt.timedelta(days=6), t.code)
        found.how["notes"] = findings.trend.holidays(frame["period"], days, step)
    return found


def held_course(frame: pd.DataFrame, course_of: Callable[[Filters], pd.DataFrame]) -> list[Thin]:
    """The course of what the selection is held against, beside the own one, `frame`: of another group at the same time,
    of another period from its first calendar period on. course_of: filters → the same kind of course; none where
    nothing is to be drawn."""
    t, sides = state.spoken(), against.held()
    if sides is None or not sides.drawn:
        return []
    course = course_of(sides.there)
    notes = [t("value of {day}", day=each.date()) for each in course["period"]]
    if sides.by_time:
        many = min(len(course), len(frame))
        course, notes = course.head(many).assign(period=frame["period"].head(many).to_numpy()), notes[:many]
    return [Thin(against.sides_named(sides)[1], course.assign(note=notes), other=True)] if len(course) else []


def reported_history(kpi: Kpi, filters: Filters) -> Thin | None:
    """What uploaded tables of figures say of this KPI in the period, of the selection where they tell of it, else of
    everybody; None = nothing."""
    t = state.spoken()
    segment = segment_of(filters) or ("", "")
    told, of_selection = ask(reported, kpi.key, *segment), segment != ("", "")
    if of_selection and told.empty:
        told, of_selection = ask(reported, kpi.key), False
    for side, inside in ((filters.start, told["period"].ge), (filters.end, told["period"].le)):
        if side is not None:
            told = told[inside(pd.Timestamp(side)).reindex(told.index)]
    note = (t("reported in an uploaded table, of this selection") if of_selection
            else t("reported in an uploaded table, of everybody"))
    return Thin(t("reported"), told.assign(note=note), dashed=True) if len(told) else None


def happened(frame: pd.DataFrame, filters: Filters, interval: str) -> pd.DataFrame:
    """What happened in the periods of a trend: of `event.events()`, labels with their kind."""
    t = state.spoken()
    step, _ = ask(period.calendar, filters, interval)
    last = (frame["period"].max() + period.STEPS[step]).date() - dt.timedelta(days=1)
    return kept(_told, ask(event.events, frame["period"].min().date(), last), t)


def begun(frame: pd.DataFrame) -> pd.DataFrame:
    """The actions that began or ended within a trend, as its marks."""
    if frame.empty:
        return pd.DataFrame({"day": [], "label": []})
    found = ask(event.events, frame["period"].min().date(), frame["period"].max().date())
    return kept(_begun, found, state.spoken())


def _begun(found: pd.DataFrame, t: Language) -> pd.DataFrame:
    return _told(found[found["kind"].isin(["action", "ended"])], t)


def _told(found: pd.DataFrame, t: Language) -> pd.DataFrame:
    return found.assign(label=[label if kind == "note" else f"{t(event.KINDS[kind])}: {label}"
                               for kind, label in zip(found["kind"], found["label"], strict=True)])


def in_words(marks: pd.DataFrame) -> list[str]:
    """What is marked, a line each."""
    t = state.spoken()
    return [f"{t.date(day.date())} · {label}" for day, label in zip(marks["day"], marks["label"], strict=True)]


def _remove(event_id: int) -> None:
    event.remove_event(store(), event_id)
    st.rerun()  # of the page, whose charts mark it


def event_list(marks: pd.DataFrame) -> None:
    """What is marked, with a button to take a note back, and a form to add one."""
    t = state.spoken()
    for row, line in zip(marks.to_dict("records"), in_words(marks), strict=True):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            say(line, "body")
            if not pd.isna(row["event_id"]):
                st.button(t("Remove"), key=state.widget_key(f"event-{row['event_id']}"), icon=":material/delete:",
                          type="tertiary", on_click=_remove, args=(int(row["event_id"]),))
    with st.form("event", border=False, clear_on_submit=True), st.container(horizontal=True,
                                                                             vertical_alignment="bottom"):
        day = st.date_input(t("Day"), value=None, key=state.widget_key("event-day"), format="DD.MM.YYYY", width=150,
                            min_value=dt.date(1990, 1, 1))
        label = st.text_input(t("What happened"), key=state.widget_key("event-label"), max_chars=event.LONGEST,
                              width=360)
        if st.form_submit_button(t("Add")):
            try:
                if not isinstance(day, dt.date):
                    show.lines([t("Choose the day it happened.")])
                else:
                    event.add_event(store(), day, label)
                    st.rerun()
            except CxError as error:
                show.failure(error)


@st.cache_data(max_entries=50, show_spinner=False)
def _holidays(first: dt.date, last: dt.date, code: str) -> dict[dt.date, str]:
    return holiday.holidays(first, last, code)
