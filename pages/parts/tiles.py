"""KPI tiles: value, change, recent course, what is sure of it and the way to the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from cx.charts.spark import sparkline
from cx.findings.kpi import changed, kpi_value, of_change
from cx.frames import records
from cx.language import Language
from cx.metrics.cells import converted_at
from cx.metrics.kpi_registry import Kpi
from cx.report.content import Table
from cx.report.tables import kpis as kpi_table
from pages.parts import document, drawn, drill, state
from pages.parts.ask import look_up
from pages.parts.made import kept
from pages.parts.words import known_kpis, label, markdown, say


@dataclass(frozen=True)
class Tile:
    """A KPI tile in the reader's language.

    name       may hold any characters; shown = it for places that read markdown, "" where they cannot take it
    below      lines under the value
    of_change  of which days the change is, where these are not the days of the value
    """

    kpi: str
    name: str
    shown: str
    value: str
    change: str | None
    of_change: str | None
    colour: Literal["off", "green", "red"]
    arrow: Literal["off", "up", "down"]
    help: str
    picture: str
    below: tuple[str, ...]
    n: int | None
    notes: str


def _told(row: dict[str, Any], spark: list[float | None] | None, known: Mapping[str, Kpi], t: Language,
         theme: str, stage: str) -> Tile:
    """What a tile tells. row: of `kpis()`; spark: the recent values of its trend, oldest first; stage: the name of the
    one that conversion counts at."""
    definition = known[row["kpi"]]
    name = t(definition.name)
    value, change, reason = row["value"], row["change"], row["reason"]
    undefined = value is None or pd.isna(value)
    lines = [] if definition.own else [t(definition.definition)]
    known_change = change is not None and not pd.isna(change) and row["significant"] is not None
    if undefined:
        lines.append(t(reason) if reason else "")
    else:
        lines.append(t("95% interval: {interval}", interval=t.interval(
            kpi_value(t, definition, row["lower"]), kpi_value(t, definition, row["upper"]))))
        if known_change:
            lines.append(changed(definition, row, t))
        elif row.get("incomparable") is not None:
            lines.append(t(row["incomparable"]))
    good = bool(known_change and change * definition.direction > 0)
    sure = row["significant"] is True
    below = [t(definition.definition)] if definition.own else []
    if definition.counts and not undefined:
        below.append(t(definition.counts.id, stage=stage))
    notes: list[str] = []
    if undefined:
        below.append(t(reason) if reason else t("No answers here."))
    else:
        ends = [kpi_value(t, definition, row[end]) for end in ("lower", "upper")]
        notes = [] if pd.isna(row["lower"]) else [t("{interval} (95%)", interval=t.interval(*ends))]
        if row["few"]:
            notes.append(t("few answers"))
        if known_change and not sure:
            notes.append(t("within chance"))
        elif change is not None and not pd.isna(change) and not known_change:
            notes.append(t("too few to compare"))
        if row["status"]:
            words = {"on_target": t("on target"), "below_target": t("off target"),
                     "cannot_tell": t("target: cannot tell yet")}[row["status"]]
            notes.append(f"{words} ({kpi_value(t, definition, row['target'])})")
    return Tile(
        row["kpi"], name, markdown(name) or "", kpi_value(t, definition, value),
        change=kpi_value(t, definition, change, sign=True) if known_change else None,
        of_change=of_change(row, t) if known_change else None,
        colour="off" if not sure or not definition.direction else "green" if good else "red",
        arrow="off" if not known_change or not change else "up" if change > 0 else "down",
        help="\n\n".join(line for line in lines if line),
        picture=sparkline([each for each in spark or [] if each is not None and not pd.isna(each)], theme),
        below=tuple(below), n=None if undefined else int(row["n"]), notes=" · ".join(notes))


def _all_told(frame: pd.DataFrame, trends: pd.DataFrame, known: Mapping[str, Kpi], t: Language,
              theme: str, stage: str) -> tuple[list[Tile], Table]:
    """The tiles, and the table of a report."""
    of, values = trends["kpi"].to_numpy(object), trends["value"].to_numpy(float)
    whole = trends["complete"].to_numpy(bool)
    sparks = {kpi: values[(of == kpi) & whole].tolist() for kpi in dict.fromkeys(of.tolist())}
    return ([_told(row, sparks.get(row["kpi"]), known, t, theme, stage) for row in records(frame)],
            Table(t("KPIs"), kpi_table(frame, known, t)))


def _tile(given: Tile) -> None:
    """A KPI tile."""
    t = state.spoken()
    with st.container(border=True, height="stretch", gap="xsmall", key=f"tile-{given.kpi}"):
        if not given.shown:
            say(given.name, "body")
        st.metric(given.shown or t("KPI"), given.value, label_visibility="visible" if given.shown else "collapsed",
                  delta=given.change, delta_description=given.of_change, delta_color=given.colour,
                  delta_arrow=given.arrow, help=given.help)
        if given.picture:
            st.html(f'<img class="cx-spark" alt="" src="{given.picture}">')
        for line in given.below:
            say(line)
        if given.n is not None:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                drill.link(given.kpi, given.n)
                if given.notes:
                    say(given.notes)


def shown(frame: pd.DataFrame, trends: pd.DataFrame) -> None:
    """KPI tiles, four in a row. frame: of `kpis()`, trends: of `sparklines()`."""
    every, table = kept(_all_told, frame, trends, known_kpis(), state.spoken(), document.theme(),
                        label("stage", look_up(converted_at)))
    drawn.report().add(table)
    for start in range(0, len(every), 4):
        with st.container(key=f"tiles-{start}"):
            for column, each in zip(st.columns(4), every[start:start + 4], strict=False):
                with column:
                    _tile(each)
