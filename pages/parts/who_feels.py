"""Who feels what at which stage, and how much is bad and good in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cx import findings
from cx.charts.bars import emotion_shares
from cx.charts.emotion import emotion_heat
from cx.metrics import emotion
from pages.parts import against, drill, state
from pages.parts.made import kept
from pages.parts.words import named, splits, title


@dataclass(frozen=True)
class _Where:
    """Names a cell of the map."""

    row: Callable[[str], str]
    column: Callable[[str], str]

    def __call__(self, cell: dict[str, Any]) -> str:
        return f"{self.row(cell['row_key'])}, {self.column(cell['column_key'])}"


def who_feels_what(wide: bool) -> None:
    """The map and the shares; `wide`: one above the other, since each shows two sides."""
    t, stage = state.spoken(), named("stage")
    left, right = (st.container(), st.container()) if wide else st.columns([3, 2], gap="large")
    with left:
        heading = st.container()
        others = {key: words for key, words in splits().items() if key != "stage"}
        rows = state.chosen(st.selectbox, "rows", t("Rows"), others, "persona", label_visibility="collapsed", width=220)
        cells = against.both(emotion.matrix, rows, "stage")
        where = _Where(named(rows), stage)
        apart = against.rows(cells, ["row_key", "column_key"], value="net")
        with heading:
            title(kept(findings.emotion.worst_cell, cells.here, t, where, apart, cells.than),
                  t("Pale cells rest on few answers."), t("Click a cell to look closer."))
        against.chart(cells, emotion_heat, "heat", of=[t, named(rows), stage],
                      on_pick=lambda at: (state.narrow(rows, at["row_key"]), state.narrow("stage", at["column_key"])))
        against.differences(cells, apart, where, "cells", unit="points", what=t("Where"))
    with right:
        heading = st.container()
        by = state.chosen(st.selectbox, "shares", t("By"), splits(), "stage", label_visibility="collapsed", width=220)
        shares = against.both(emotion.curve, by)
        with heading:
            title(kept(findings.emotion.mostly, shares.here, t), t("Share of the interactions whose emotion is known."))
        against.chart(shares, emotion_shares, "shares", of=[t, named(by)],
                      on_pick=lambda at: drill.look("net_emotion", by=by, key=at["key"]))
        against.differences(shares, against.rows(shares, ["key"], value="net"), lambda row: named(by)(row["key"]),
                            "shares", unit="points", what=t("Net emotion"))
