"""Stages that customers pass by: told where the funnel is shown, with the click that leaves one out, or back in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from cx import findings
from cx.errors import CxError, QueryError
from cx.metrics import skipped
from cx.store import journey_model
from pages.parts import show, state
from pages.parts.ask import ask, store
from pages.parts.words import label, markdown, named, say


def told(most: int | None = None) -> None:
    """What passes by the funnel of all stages in the selection (`most`: so many stages), and what is left out of it."""
    for row in ask(skipped.told, state.filters()).head(most).to_dict("records"):
        one(row, "")
    back()


def back() -> None:
    """The way back into the funnel for the stages left out of it."""
    for stage in ask(skipped.left_out):  # the caption says it
        _button(stage, "", out=False)


def one(row: dict[str, Any], place: str) -> None:
    """A stage that is passed by. row: of `skipped.told()`; place: tells widgets of the same stage apart."""
    with st.container(gap="xxsmall"):
        say(findings.funnel.passed_by(row, state.spoken(), named("stage")), "body")
        if journey_model.may_be_left_out(store(), row["stage"]):
            _button(row["stage"], place, out=True)


def _button(stage: str, place: str, *, out: bool) -> None:
    t = state.spoken()
    if store().in_lake:
        return
    name = markdown(label("stage", stage))
    words = ((t("Leave {stage} out of the funnel", stage=name) if name else t("Leave this stage out of the funnel"))
             if out else (t("Count {stage} in the funnel again", stage=name) if name else
                          t("Count this stage in the funnel again")))
    st.button(words, key=state.widget_key(f"leave-out{place}-{stage}"), on_click=leave_out, args=(stage, out),
              icon=":material/filter_alt_off:" if out else ":material/undo:", type="tertiary", help=t(
                  "The funnel and conversion are then of the other stages, on every page and for everybody. Nothing is "
                  "deleted, and the stage can be counted again.") if out else None)


def leave_out(stage: str, out: bool) -> None:
    """Leave a stage out of the funnel, or back in; says so where that cannot be written."""
    try:
        with suppress(QueryError):  # another window was quicker, or too few stages would remain
            journey_model.leave_out(store(), stage, out)
    except CxError as error:  # the disk is full, say
        show.failure(error)
