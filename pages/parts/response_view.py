"""What waiting and lateness do: the response curve, and each group beside the others."""

from __future__ import annotations

import streamlit as st

from cx import findings_driver
from cx.charts.driver import response
from cx.filters import Filters
from cx.metrics import waiting
from pages.parts import show, state
from pages.parts.ask import ask
from pages.parts.words import named, say, splits, title


def response_curves(filters: Filters) -> None:
    """Satisfaction against waiting or lateness, all together or one group."""
    t = state.spoken()
    st.header(t("Waiting and lateness"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cause = state.chosen(st.segmented_control, "cause", t("What customers bear"),
                             {key: t(words) for key, words in waiting.CAUSES.items()}, "waiting")
        outcome = state.chosen(st.segmented_control, "felt", t("What they feel"),
                               {key: t(words) for key, words in waiting.OUTCOMES.items()}, "csat")
        by = state.chosen(st.selectbox, "by", t("By"), {"": t("all together"), **splits()}, "", width=200)
    found = ask(waiting.responses, cause, outcome, by or None, filters)
    if not found:
        say(t("Nothing matches this selection."), "finding")
        return
    one = found[0]
    if by:
        name = named(by)
        shown = {each.key: name(each.key) for each in found}
        group = state.chosen(st.selectbox, f"group_{by}", t("Which"), shown, found[0].key, width=240)
        one = next(each for each in found if each.key == group)
    title(findings_driver.response(one, cause, outcome, t), findings_driver.breaks(one, cause, t))
    if one.reason is None:
        unit = 60 if cause == "waiting" else 1
        show.chart(response(
            findings_driver.bins(one, cause, outcome, t), one.curve.assign(x=one.curve["x"] / unit), t,
            x_title=t("Minutes of waiting") if cause == "waiting" else t("Days late"),
            y_title=t("Satisfied, percent") if outcome == "csat" else t(waiting.OUTCOMES[outcome]),
            zero=50.0 if outcome == "csat" else 0.0, broken=one.broken.at if one.broken else None,
            broken_text=t("breaks here")), "response")
        say(t("Points: groups of about as many answers each, with 95% intervals. Line: the falling curve that fits "
              "best, with its band. A contact without a score takes that of the customer's next answer at the "
              "touchpoint within 7 days. n = {n}.", n=one.n))
    if by:
        show.table(findings_driver.groups(found, cause, outcome, t).assign(
            **{t("Name"): [named(by)(each.key) for each in found]}), "responses", name=t("Waiting and lateness"),
            wide=t("What it says"))
