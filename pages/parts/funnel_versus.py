"""The funnel against another period or group of customers: which steps differ more than chance explains."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings_funnel
from cx.charts.bars import measure_dots
from cx.filters import DIMENSIONS, Filters
from cx.language import DASH, Language
from cx.metrics import funnel_compare
from cx.metrics.attributes import attribute_values
from cx.metrics.funnel_question import Question
from cx.metrics.overview import span
from pages.parts import funnel_builder, show, state
from pages.parts.ask import ask
from pages.parts.words import label, names, say, splits, title

_OTHERS = ""


def versus(asked: Question) -> None:
    """The section: what to compare with, and what comes of it."""
    t = state.spoken()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = state.chosen(st.selectbox, "versus", t("Compare with"), {
            "": t("nothing"), "previous": t("the period before"), "last_year": t("the same period a year earlier"),
            "period": t("another period"), "group": t("two groups of customers")}, "", width=260)
        sides = {"": lambda: None, "group": _groups, "period": _period}.get(how, lambda: _earlier(how))()
    if not how or sides is None:
        return
    filters, against, words = sides
    found = ask(funnel_compare.compare, filters, against, **asked.asked())
    frame = funnel_builder.named(found.frame, asked)
    title(findings_funnel.different(frame, t), t("{one}, held against: {other}. Difference of the share of those who "
                                                 "reached the step before, with its 95% interval.", **words))
    rows = _rows(frame, t)
    if len(rows):
        show.chart(measure_dots(rows, t, value_title=t("Difference"),
                                hover={"here": words["one"], "there": words["other"]}), "versus-dots")
    if found.entered_until is not None:
        say(t("Counted are those who entered until {day}: they have had all their time.",
              day=found.entered_until.date()))
    elif how != "group":
        say(t("Without a time limit, who entered later has had less time to go on. Set one above to compare fairly."))
    if found.shared:
        say(t.plural("{n} customer is on both sides, which makes the tests rough.",
                     "{n} customers are on both sides, which makes the tests rough.", n=found.shared))
    with st.expander(t("The numbers")):
        show.table(_table(frame, t), "versus-table", name=t("Comparison"))


def _earlier(how: str) -> tuple[Filters, Filters, dict[str, str]] | None:
    t, filters = state.spoken(), state.filters()
    against = replace(filters, compare=how).compared()
    if against is None:
        say(t("Choose a period in the bar above first."))
        return None
    return filters, against, {"one": filters.period_caption(t), "other": against.period_caption(t)}


def _period() -> tuple[Filters, Filters, dict[str, str]] | None:
    t, filters, known = state.spoken(), state.filters(), ask(span)
    chosen = Filters.from_url({"period": state.choices("versus_period")})
    key = state.widget_key("versus-days")
    st.session_state.setdefault(key, (chosen.start, chosen.end) if chosen.start and chosen.end else ())

    def keep() -> None:
        picked = st.session_state[key]
        if len(picked) == 2:
            state.set_choice("versus_period", f"{picked[0]}..{picked[1]}")

    st.date_input(t("From … to …"), key=key, on_change=keep, format="DD.MM.YYYY", min_value=known.first_day,
                  max_value=(known.last_day or dt.date.max) + dt.timedelta(days=1), width=260)
    if not (chosen.start and chosen.end):
        say(t("Choose the first and the last day."))
        return None
    against = replace(filters, start=chosen.start, end=chosen.end)
    return filters, against, {"one": filters.period_caption(t), "other": against.period_caption(t)}


def _groups() -> tuple[Filters, Filters, dict[str, str]] | None:
    t, filters = state.spoken(), state.filters()
    kinds = {name: words for name, words in splits().items() if name not in ("stage", "touchpoint")}
    by = state.chosen(st.selectbox, "versus_by", t("Groups are"), {**kinds, "channel": t("first channels")}, "persona",
                      width=170)
    values = list(names(by)) if by in DIMENSIONS else ask(attribute_values, by)
    if len(values) < 2:
        say(t("There is only one such group."))
        return None
    words = {value: label(by, value) for value in values}
    one = state.chosen(st.selectbox, f"versus_one_{by}", t("Group"), words, values[0], width=200)
    others = {_OTHERS: t("all the others"), **{value: words[value] for value in values if value != one}}
    other = state.chosen(st.selectbox, f"versus_other_{by}", t("held against"), others, _OTHERS, width=200)
    rest = (other,) if other else tuple(value for value in values if value != one)
    return (_only(filters, by, (one,)), _only(filters, by, rest),
            {"one": words[one], "other": words.get(other, t("all the others"))})


def _only(filters: Filters, by: str, values: tuple[str, ...]) -> Filters:
    if by in DIMENSIONS:
        return replace(filters, own_channel=False, **{by: values})
    return replace(filters, attributes=tuple({**dict(filters.attributes), by: values}.items()))


def _rows(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    known = frame[(frame["position"] > 1) & frame["difference"].notna()].to_dict("records")
    return pd.DataFrame({
        "key": [row["position"] for row in known], "name": [row["step"] for row in known],
        "value": [row["difference"] for row in known], "lower": [row["difference_lower"] for row in known],
        "upper": [row["difference_upper"] for row in known],
        "text": [f"{_points(row['difference'], t)} {findings_funnel.verdict(row['difference_significant'], t)}"
                 for row in known],
        "here": [t.percent(row["from_previous"]) for row in known],
        "there": [t.percent(row["other_from_previous"]) for row in known]})


def _table(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    rows = frame.to_dict("records")

    def both(row: dict[str, Any], name: str) -> str:
        return f"{t.percent(row[name])} · {t.percent(row[f'other_{name}'])}"

    def change(row: dict[str, Any], name: str) -> str:
        if pd.isna(row[name]):
            return DASH
        low, high = (_points(row[f"{name}_{end}"], t) for end in ("lower", "upper"))
        return (f"{_points(row[name], t)} ({low} … {high}) "
                f"{findings_funnel.verdict(row[f'{name}_significant'], t)}")

    def times(row: dict[str, Any]) -> str:
        if pd.isna(row["time_difference"]):
            return DASH
        return (f"{t.duration(row['median_seconds'])} · {t.duration(row['other_median_seconds'])} "
                f"{findings_funnel.verdict(row['time_difference_significant'], t)}")

    return pd.DataFrame({
        t("Step"): [f"{row['position']}. {row['step']}" for row in rows],
        t("Customers"): [f"{t.number(row['reached'])} · {t.number(row['other_reached'])}" for row in rows],
        t("Of the step before"): [both(row, "from_previous") for row in rows],
        t("Difference"): [change(row, "difference") for row in rows],
        t("Of the first step"): [both(row, "from_first") for row in rows],
        t("Difference to the first"): [change(row, "first_difference") for row in rows],
        t("Median time from before"): [times(row) for row in rows]})


def _points(share: float, t: Language) -> str:
    return t("{n} pp", n=t.number(share * 100, 1, sign=True))
