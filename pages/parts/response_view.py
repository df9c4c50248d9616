"""What waiting and lateness do: the response curve, and each group beside the others."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.driver import response
from cx.charts.theme import Chart
from cx.metrics import waiting
from cx.metrics.waiting import Response
from pages.parts import against, people, show, state
from pages.parts.ask import ask
from pages.parts.words import named, say, splits, title


def response_curves() -> None:
    """Satisfaction against waiting or lateness, all together or one group."""
    t = state.spoken()
    st.header(t("Waiting and lateness"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cause = state.chosen(st.segmented_control, "cause", t("What customers bear"),
                             {key: t(words) for key, words in waiting.CAUSES.items()}, "waiting")
        outcome = state.chosen(st.segmented_control, "felt", t("What they feel"),
                               {key: t(words) for key, words in waiting.OUTCOMES.items()}, "csat")
        by = state.chosen(st.selectbox, "by", t("By"), {"": t("all together"), **splits()}, "", width=200)
    sides = against.both(waiting.responses, cause, outcome, by or None, on_request=True)
    found = sides.here
    if not found:
        say(t("Nothing matches this selection."), "finding")
        return
    group = found[0].key
    if by:
        shown = {each.key: named(by)(each.key) for each in found}
        group = state.chosen(st.selectbox, f"group_{by}", t("Which"), shown, group, width=240)
    ones = sides.map(lambda each: next((one for one in each if one.key == group), None))
    one = ones.here
    title(findings.driver.response(one, cause, outcome, t), findings.driver.breaks(one, cause, t))
    if one.reason is None:
        known = [each for each in (one, ones.beside) if each is not None and each.reason is None]
        against.chart(ones, lambda each: None if each is None or each.reason is not None else _curve(
            each, known, cause, outcome), "response", lambda at: people.pick("point", int(at["number"])))
        points = findings.driver.bins(one, cause, outcome, t).to_dict("records")
        people.behind("point", t("The answers behind a point"), t("Point"), {
            str(row["number"]): f"{row['span']} ({row['n_text']})" for row in points}, lambda number: ask(
                waiting.answers, int(number), cause, outcome, by or None, group, state.filters()), {
                    "occurred_at": t("When"), "time": t("Seconds waited") if cause == "waiting" else t("Days late"),
                    "points": t("Points")})
        say(t("Points: groups of about as many answers each, with 95% intervals. Line: the falling curve that fits "
              "best, with its band. A contact without a score takes that of the customer's next answer at the "
              "touchpoint within 7 days. n = {n}.", n=one.n))
    if by:
        show.table(findings.driver.groups(found, cause, outcome, t).assign(
            **{t("Name"): [named(by)(each.key) for each in found]}), "responses", name=t("Waiting and lateness"),
            wide=t("What it says"))


def _curve(one: Response, every: list[Response], cause: str, outcome: str) -> Chart:
    """The curve of one side, on the scales of `every` that is drawn."""
    t, unit = state.spoken(), 60 if cause == "waiting" else 1
    bins = {id(each): findings.driver.bins(each, cause, outcome, t) for each in every}
    together = pd.concat(bins.values())
    return response(
        bins[id(one)], one.curve.assign(x=one.curve["x"] / unit), t,
        x_title=t("Minutes of waiting") if cause == "waiting" else t("Days late"),
        y_title=t("Satisfied, percent") if outcome == "csat" else t(waiting.OUTCOMES[outcome]),
        zero=50.0 if outcome == "csat" else 0.0, broken=one.broken.at if one.broken else None,
        broken_text=t("breaks here"), room=None if len(every) < 2 else (
            float(together["x"].max()), float(together["lower"].min()), float(together["upper"].max())))
