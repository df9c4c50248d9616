"""The journey as one picture, with the sentence above it: on the Overview and on the wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.journey import journey, journey_rows
from cx.charts.theme import Chart
from cx.metrics import emotion, funnel, funnel_compare
from pages.parts import against, show, state
from pages.parts.against import Both
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import named


@dataclass(frozen=True)
class Journey:
    """steps of the stage funnel; compared: they against what they are held against, None = nothing; felt: the curves
    of both sides."""

    steps: pd.DataFrame
    compared: pd.DataFrame | None
    felt: Both

    @property
    def ghost(self) -> pd.DataFrame | None:
        """The other side's funnel, where it is to be drawn."""
        if self.compared is None or not self.felt.drawn:
            return None
        return kept(_ghost, self.compared)


def _ghost(compared: pd.DataFrame) -> pd.DataFrame:
    return compared[["step", "position"]].assign(from_first=compared["other_from_first"])


def asked() -> Journey:
    """The journey of the selection, and of what it is held against."""
    sides, filters = against.held(), state.filters()
    compared = None if sides is None else ask(funnel_compare.compare, sides.here, sides.there).frame
    return Journey(ask(funnel.funnel, filters=filters), compared, against.both(emotion.curve, "stage"))


def said(found: Journey) -> str:
    """What the picture says."""
    moved = against.rows(found.felt, ["key"], value="net")
    return kept(findings.emotion.journey, found.steps, found.felt.here, state.spoken(), named("stage"), found.compared,
                moved, found.felt.than)


def note() -> str:
    """How to read it."""
    t = state.spoken()
    return t("Bars: customers who reach each stage in order, between them the share lost. Line: net emotion, percent "
             "positive minus percent negative. Shaded: surely more bad than good.")


def picture(found: Journey, draw: Callable[..., Chart] = journey) -> Chart:
    """The picture, upright or (`journey_rows`) lying."""
    other = found.felt.other if found.felt.drawn else ""
    return kept(draw, found.steps, found.felt.here, state.spoken(), named("stage"), found.ghost, found.felt.beside,
                other)


def shown(found: Journey, on_pick: Callable[[dict[str, Any]], None]) -> None:
    """The picture as it fits the screen."""
    t = state.spoken()
    missing = t("Nobody has uploaded this yet: it needs a column “{field}”.", field=t("Customer"))
    with st.container(key="wide-only-journey"):
        show.chart(picture(found), "journey", on_pick=on_pick, missing=missing)
    with st.container(key="phone-only-journey"):
        show.chart(picture(found, journey_rows), "journey-rows", on_pick=on_pick, kept=False, missing=missing)
    against.legend(found.felt)
