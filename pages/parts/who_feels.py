"""Who feels what at which stage, and how much is bad and good in all."""

from __future__ import annotations

import streamlit as st

from cx import findings
from cx.charts.bars import emotion_shares
from cx.charts.emotion import emotion_heat
from cx.metrics import emotion
from pages.parts import against, state
from pages.parts.words import named, splits, title


def who_feels_what(wide: bool) -> None:
    """The map and the shares; `wide`: one above the other, since each shows two sides."""
    t, stage = state.spoken(), named("stage")
    left, right = (st.container(), st.container()) if wide else st.columns([3, 2], gap="large")
    with left:
        heading = st.container()
        others = {key: words for key, words in splits().items() if key != "stage"}
        rows = state.chosen(st.selectbox, "rows", t("Rows"), others, "persona", label_visibility="collapsed", width=220)
        cells = against.both(emotion.matrix, rows, "stage")
        where = lambda row: f"{named(rows)(row['row_key'])}, {stage(row['column_key'])}"  # noqa: E731
        apart = against.rows(cells, ["row_key", "column_key"], value="net")
        with heading:
            title(findings.worst_cell(cells.here, t, where, apart, cells.than), t("Pale cells rest on few answers."),
                  t("Click a cell to look closer."))
        against.chart(cells, lambda found: emotion_heat(found, t, named(rows), stage), "heat",
                      lambda at: (state.narrow(rows, at["row_key"]), state.narrow("stage", at["column_key"])))
        against.differences(cells, apart, where, "cells", unit="points", what=t("Where"))
    with right:
        by = state.chosen(st.selectbox, "shares", t("By"), splits(), "stage", label_visibility="collapsed", width=220)
        shares = against.both(emotion.curve, by)
        title(findings.mostly(shares.here, t), t("Share of the interactions whose emotion is known."))
        against.chart(shares, lambda found: emotion_shares(found, t, named(by)), "shares")
