"""How charts, tables, tiles, empty selections and errors are shown: one place, so that every page looks the same."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from cx import export, findings
from cx.charts.theme import EMOTION, Chart, inked
from cx.errors import CxError
from cx.report.content import Table
from cx.report.tidy import tidy
from pages.parts import document, far, folded, made, state, tables
from pages.parts import drawn as saved
from pages.parts.words import label, say

_LINE, _FEW, _LINES_HIGH = 60, 12, 66
"""Characters that a wide column shows on a line; in a table of so few rows longer texts take several, for which
Streamlit wants rows of more than 64 pixels."""


def chart(drawn: Chart, key: str, on_pick: Callable[[dict[str, Any]], None] | None = None, *,
          kept: bool = True, missing: str = "") -> None:
    """A chart over the full width. `on_pick` gets the fields of a mark that was clicked; `kept`: it belongs into a
    report of the page, where it is not the same as another for a smaller screen; `missing`: what to say where there is
    nothing to draw although no filter is in force."""
    t = state.spoken()
    if drawn.data.empty:
        empty(missing or t("There is no data for this yet."))
        return
    report = saved.report()
    if kept:
        report.add(drawn)
    told = f"{report.sections[-1].title}\n{drawn.alt}"
    name = state.widget_key(key if on_pick is None else f"pick-{key}")
    spec, data = made.kept(_as_sent, drawn, document.theme())
    if on_pick is None:
        st.vega_lite_chart(data, spec, key=name, alt=told)
        return

    def picked() -> None:
        points = (st.session_state[name].get("selection") or {}).get("picked") or []
        if points:
            on_pick(points[0])

    st.vega_lite_chart(data, spec, key=name, alt=told, on_select=picked, selection_mode="picked")


def _as_sent(drawn: Chart, theme: str) -> tuple[dict[str, Any], pa.Table | pd.DataFrame]:
    """The specification for a theme, and the data as it goes to the browser, where that can be made here."""
    spec = {"padding": {"bottom": 4}, **drawn.spec, "height": drawn.height,  # else Streamlit leaves 20 blank below
            "config": inked(drawn.spec, theme)}
    try:
        return spec, pa.Table.from_pandas(drawn.data, preserve_index=False)
    except pa.ArrowException:  # values of several kinds in a column: Streamlit knows what to do
        return spec, drawn.data


def table(frame: pd.DataFrame, key: str, *, name: str, height: int | str = "auto",
          on_pick: Callable[[int], None] | None = None, download: bool = True, wide: str | None = None,
          of_rows: bool = False) -> None:
    """A table with its downloads. `name` names the file; `on_pick` gets the position of a row that was clicked; `wide`
    is the column that needs most room; `of_rows`: single customers, interactions or reasons, for workbooks only."""
    saved.report().add(Table(name, frame, of_rows))
    widget = state.widget_key(key)
    how: dict[str, Any] = {}
    if on_pick is not None:
        def picked() -> None:
            rows = st.session_state[widget]["selection"]["rows"]
            if rows:
                on_pick(rows[0])
        how = {"on_select": picked, "selection_mode": "single-row"}
    if wide and len(frame) <= _FEW and (frame[wide].astype(str).str.len() > _LINE).any():
        height, how["row_height"] = "content", _LINES_HIGH
    st.dataframe(frame, hide_index=True, height=height, column_config=_formats(frame, wide), key=widget, placeholder="",
                 **how)
    if download:
        downloads(frame, key, name)


def folded_table(words: str, frame: pd.DataFrame, key: str, *, name: str,
                 on_pick: Callable[[int], None] | None = None) -> None:
    """`table`, drawn once somebody opens the line with these words; part of a report all the same."""
    saved.report().add(Table(name, frame))
    folded.expander(words, key, lambda: table(frame, key, name=name, on_pick=on_pick))


def _formats(frame: pd.DataFrame, wide: str | None = None) -> dict[str, Any]:
    """Numbers grouped, times to the minute, room for the column `wide`."""
    when = "DD.MM.YYYY HH:mm" if state.spoken().code == "tr" else "YYYY-MM-DD HH:mm"
    room = {wide: st.column_config.TextColumn(width="large")} if wide else {}
    return room | {name: st.column_config.NumberColumn(format="localized") if pd.api.types.is_numeric_dtype(frame[name])
            else st.column_config.DatetimeColumn(format=when)
            for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])
            or pd.api.types.is_datetime64_any_dtype(frame[name])}


def downloads(frame: pd.DataFrame | Callable[[], pd.DataFrame], key: str, name: str) -> None:
    """Buttons that save a frame as XLSX or CSV, with bare numbers; the file is made on the click, and so is the frame
    where a function gives it."""
    t = state.spoken()

    def made() -> pd.DataFrame:
        return tidy(frame if isinstance(frame, pd.DataFrame) else frame(), t)

    with st.container(horizontal=True, gap="small"):
        st.download_button("XLSX", lambda: export.workbook({name: made()}), f"{name}.xlsx", key=f"{key}-xlsx",
                           icon=":material/download:", type="tertiary", on_click="ignore")
        st.download_button("CSV", lambda: export.csv(made(), t.decimal), f"{name}.csv", "text/csv", key=f"{key}-csv",
                           icon=":material/download:", type="tertiary", on_click="ignore")


def move(row: dict[str, Any]) -> None:
    """One line of what changed most, with an arrow that tells better from worse."""
    t = state.spoken()
    mark, words = {True: (":green[:material/thumb_up:]", t("better")), False: (":orange[:material/thumb_down:]",
                                                                             t("worse"))}.get(
        row["better"], (":material/swap_vert:", t("changed")))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"{mark} {words}", width="content")
        say(findings.kpi.move(row, t, label), "body")


def lines(texts: list[str], otherwise: str = "", *, kept: bool = True) -> None:
    """Sentences below each other, or what to say where there are none; kept: they belong into a report of the page."""
    with st.container(gap="xsmall"):
        for each in texts or ([otherwise] if otherwise else []):
            say(each, "body", kept=kept)


def comment(row: dict[str, Any]) -> None:
    """What a customer said, where and how it felt."""
    t = state.spoken()
    colour = {1: EMOTION[1], -1: EMOTION[-1]}.get(row["emotion"], EMOTION[0])
    where = [each for each in (row["touchpoint"], row["channel"], row["customer_id"]) if each]
    if row["occurred_at"] is not None and not pd.isna(row["occurred_at"]):
        where.append(t.date(row["occurred_at"].date()))
    felt = t("feeling not known") if pd.isna(row["emotion"]) else tables.mood(row["emotion"], t)
    saved.report().add(f"“{row['comment']}” ({' · '.join([felt, *where])})")
    st.html(f'<div class="cx-quote" style="--cx-mark: {colour}"><p>{html.escape(row["comment"])}</p>'
            f'<p class="cx-note">{html.escape(" · ".join([felt, *where]))}</p></div>')


def facts(pairs: list[tuple[str, str]]) -> None:
    """Small boxes of a name and a text, as many in a row as fit."""
    with st.container(horizontal=True, gap="small"):
        for name, value in pairs:
            fact(name, value, width=165)


def fact(name: str, value: str, *notes: str, width: int) -> None:
    """A small box of a name, a text and what else there is to say about it."""
    with st.container(border=True, gap="xxsmall", width=width, height="stretch"):
        say(name)
        say(value, "finding", kept=False)
        for note in notes:
            say(note)
    saved.report().add(f"{name}: {value}" + (f" ({', '.join(notes)})" if notes else ""))


def empty(otherwise: str = "", *, here: str = "") -> None:
    """Nothing matches the filters, or what else they leave none of (`here`); where none is in force, `otherwise`."""
    t = state.spoken()
    filtered = state.filters().count() or not otherwise
    with st.container(border=True, key=None):
        say((here or t("Nothing matches this selection.")) if filtered else otherwise, "finding")
        if filtered:
            say(t("Take a filter away, or choose a longer period."))


def none_yet(what: str) -> None:
    """There is nothing of this kind before a spreadsheet was uploaded, and the way there."""
    from pages.parts import nav

    t = state.spoken()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="none-yet"):
        say(what, "finding")
        st.button(t("Upload a spreadsheet"), icon=":material/upload_file:", type="primary", on_click=nav.later,
                  args=("upload",))


def failure(error: CxError) -> None:
    """What went wrong, in the reader's language; may hold names from files."""
    t = state.spoken()
    with st.container(border=True):
        title = t("This did not work")
        st.markdown(f":material/error: **{title}**")
        say(t(error.text), "body")
        far.ask_again()


def first_run() -> None:
    """Before there is data: load the samples in one click, or upload."""
    from pages.parts import nav, sample

    t = state.spoken()
    if far.only_reads():
        return
    st.title(t("Your customers' journey, from the spreadsheets you have"), anchor=False)
    say(t("There is no data yet. Look around with a made-up retailer's 18 months of data, or upload your own "
          "spreadsheet: it stays on this computer."), "body")
    st.space("small")
    if sample.follow():
        return
    with st.container(horizontal=True):
        st.button(t("Load the sample data"), type="primary", icon=":material/play_arrow:", on_click=sample.load)
        if st.button(t("Upload a spreadsheet"), icon=":material/upload_file:"):
            nav.go("upload")
