"""What the Paths page is asked: which steps, from where, how far, and what counts as one journey."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from pages.parts import state
from pages.parts.words import label, names

PAUSES = ("5", "15", "30", "60", "240", "1440")
ANYWHERE = ""


class Choices(NamedTuple):
    """by, direction, anchor ("" = none), depth, unit: as of `path.flows`; minutes: of the pause that ends a session, as
    written; repeats: "one" or "each" a step"""

    by: str
    direction: str
    anchor: str
    depth: int
    unit: str
    minutes: str
    repeats: str


def choices() -> Choices:
    """The widgets above the page."""
    t = state.spoken()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = state.chosen(st.segmented_control, "by", t("Steps are"),
                          {"touchpoint": t("touchpoints"), "channel": t("channels"), "stage": t("stages")},
                          "touchpoint")
        direction = state.chosen(st.segmented_control, "direction", t("Look"),
                                 {"after": t("after"), "before": t("before"), "around": t("around")}, "after")
        known = {key: label(by, key) for key in names(by)}
        anchor = state.chosen(st.selectbox, f"at_{by}", t("Place"), {ANYWHERE: t("the journey as a whole"), **known},
                              ANYWHERE, width=260)
        reach = ("2", "3") if direction == "around" else ("3", "4", "5", "6")
        depth = int(state.chosen(st.selectbox, "each_side" if direction == "around" else "depth", t("Steps"),
                                 {each: each for each in reach}, reach[-1] if direction == "around" else "4",
                                 width=90))
        unit = state.chosen(st.segmented_control, "unit", t("Count"), {"customer": t("customers"),
                                                                       "session": t("sessions")}, "customer")
        minutes = state.chosen(st.selectbox, "pause", t("New session after"),
                               {each: t.duration(60 * int(each)) if each != "1440" else t("1 day")
                                for each in PAUSES}, "30", width=150) if unit == "session" else "30"
        repeats = state.chosen(st.segmented_control, "repeats", t("Immediate repeats"),
                               {"one": t("one step"), "each": t("each a step")}, "one")
    return Choices(by, direction, anchor, depth, unit, minutes, repeats)
