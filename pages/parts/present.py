"""Presenting on a wall: the Overview slide by slide over the whole screen, turning by itself, without menus."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cx import findings
from cx.charts.emotion import emotion_line
from cx.charts.journey import journey, journey_rows
from cx.charts.theme import Chart, enlarged
from cx.charts.trend import trend_line
from cx.language import Text, text
from cx.metrics import change, emotion, kpi, period
from cx.metrics.kpi_registry import HEADLINE_KPIS, KPIS
from cx.metrics.own_kpi import on_overview
from cx.metrics.standing import standing
from pages.parts import against, bar, drawn, journey_view, nav, show, state, tiles, trend_view
from pages.parts.ask import ask
from pages.parts.highlights import first, highlights
from pages.parts.words import known_kpis, label, named, say

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
PACES = (10, 20, 30, 60, 120)  # seconds
PACE = 30
_AROUND, _AROUND_NARROW = 12.5, 25  # heights of a letter that title, note and bar take, on a phone too
_NARROW = 640  # pixels; as in wall.css
STANDARD = ("kpis", "journey", "highlights", "emotions", "trend-nps")
NAMES: Mapping[str, Text] = {
    "kpis": text("KPIs"), "journey": text("Journey"), "highlights": text("Problems and wins"),
    "emotions": text("Emotions"), "changes": text("What changed most"),
    **{f"trend-{key}": KPIS[key].name for key in HEADLINE_KPIS}}

_bar = st.components.v2.component(
    "cx_present",
    html='<div class="bar" role="toolbar"><div class="track"><div class="progress"></div></div>'
         '<span class="caption"></span><span class="place"></span><button class="back">‹</button>'
         '<button class="pause"></button><button class="next">›</button><button class="whole"><svg viewBox="0 0 24 24" '
         'aria-hidden="true"><path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" fill="none" stroke="currentColor" '
         'stroke-width="2"/></svg></button>'
         '<button class="leave"></button></div>',
    css=(_ASSETS / "present.css").read_text("utf-8"), js=(_ASSETS / "present.js").read_text("utf-8"))


def asked(page: str) -> bool:
    """Whether this page is to be presented: its address says `present=30`, the seconds a slide stays."""
    return page == nav.HOME and bool(state.choice("present"))


def button() -> None:
    """The button that chooses slides and pace, and starts."""
    t = state.spoken()
    with st.popover(t("Present"), icon=":material/slideshow:", help=t("Slide by slide on a large screen")):
        pace = st.select_slider(t("Seconds a slide"), PACES, PACE, key=state.widget_key("pace"))
        chosen = st.multiselect(t("Slides"), list(NAMES), list(STANDARD), key=state.widget_key("slides"),
                                format_func=lambda each: t(NAMES[each]), placeholder=t("Choose"))

        def start() -> None:
            state.set_choice("slides", [] if tuple(chosen) == STANDARD else chosen)
            state.set_choice("present", str(pace))
            st.session_state["_slide"] = 0

        st.button(t("Start"), type="primary", icon=":material/play_arrow:", on_click=start, disabled=not chosen)
        say(t("Arrow keys turn, space pauses, F fills the screen, Esc leaves. The address of the slides can be opened "
              "on any screen."))


def run() -> None:
    """The slide that is on, and the bar that turns it."""
    t = state.spoken()
    st.html(_ASSETS / "wall.css")
    chosen = [each for each in state.choices("slides") if each in NAMES] or list(STANDARD)
    at = st.session_state.setdefault("_slide", 0) % len(chosen)
    counted = bar.counted()
    asked_pace = state.choice("present")
    pace = max(5, min(3600, int(asked_pace))) if asked_pace.isdecimal() else PACE
    pressed = _bar(
        key="present", on_go_change=_turn, on_leave_change=_leave, on_size_change=lambda: None,
        data={"seconds": pace, "at": at, "place": f"{at + 1} / {len(chosen)}",
              "caption": " · ".join(part for part in (t(NAMES[chosen[at]]), bar.words("both", of_stages=True), counted)
                                    if part),
              "words": {"back": t("Slide before"), "next": t("Next slide"), "pause": t("Pause"), "play": t("Carry on"),
                        "whole": t("Full screen"), "leave": t("Leave")}})
    if not counted:
        _heading(t("Nothing matches this selection."))
        return
    wide, high = pressed.size or (1280, 720)
    factor = wall_factor(wide, high)
    room = high - (_AROUND_NARROW if wide <= _NARROW else _AROUND) * 16 * factor
    name = chosen[at]
    with st.container(key=f"slide-{name}"):
        _SLIDES[name.partition("-")[0]](name, Screen(wide <= _NARROW, lambda chart: enlarged(chart, factor, room)))


def wall_factor(wide: float, high: float) -> float:
    """How many times as large as on a laptop everything is on a screen of so many pixels; as in wall.css."""
    return min(max(min(wide / 64, high / 44), 16), 96) / 16


def _turn() -> None:
    step = st.session_state["present"].go
    st.session_state["_slide"] += step if step in (-1, 1) else 0


def _leave() -> None:
    state.set_choice("present", None)
    state.set_choice("slides", None)


def _heading(words: str, note: str = "") -> None:
    st.html(f'<h1 class="cx-slide">{html.escape(words)}</h1>')
    if note:
        say(note)


# --- the slides ---

@dataclass(frozen=True)
class Screen:
    """narrow: a phone, held upright; enlarge: the chart as large as it fits."""

    narrow: bool
    enlarge: Callable[[Chart], Chart]


def _values() -> tuple[list[str], object]:
    filters = state.filters()
    chosen = [*HEADLINE_KPIS, *ask(on_overview)]
    return chosen, ask(kpi.kpis, filters, filters.compare, chosen)


def _kpis(_: str, __: Screen) -> None:
    t = state.spoken()
    chosen, values = _values()
    filters = state.filters()
    year = ask(kpi.changes, filters, "last_year", chosen) if filters.compare == "previous" else None
    known = known_kpis()
    _heading(findings.standing.good(values, ask(standing, filters), known, t))
    say(" ".join([findings.kpi.headline(values, t, known, year), findings.kpi.comparison(values, t)]), "body")
    tiles.shown(values, ask(kpi.sparklines, chosen, state.filters()))


def _journey(_: str, screen: Screen) -> None:
    found = journey_view.asked()
    _heading(journey_view.said(found), journey_view.note())
    show.chart(screen.enlarge(journey_view.picture(found, journey_rows if screen.narrow else journey)), "slide-journey")
    against.legend(found.felt)


def _emotions(_: str, screen: Screen) -> None:
    t, stage = state.spoken(), named("stage")
    curves = against.both(emotion.curve, "stage", lately=True)
    moved = against.rows(curves, ["key"], value="net")
    _heading(findings.emotion.feelings(curves.here, t, stage, moved, curves.than),
             t("Net emotion: percent of positive minus percent of negative interactions; the band is the 95% "
               "interval."))
    show.chart(screen.enlarge(emotion_line(curves.here, t, stage, curves.beside, curves.other)), "slide-emotions")
    against.legend(curves)


def _highlights(_: str, __: Screen) -> None:
    t = state.spoken()
    _heading(t(NAMES["highlights"]))
    first(drawn.reserve())
    highlights(drawn.reserve(), drawn.reserve())


def _changes(_: str, __: Screen) -> None:
    t, filters = state.spoken(), state.filters()
    moves = ask(change.what_changed, filters)
    _heading(findings.kpi.changed_most(moves, t, label), findings.kpi.comparison(_values()[1], t))
    for move in moves.to_dict("records"):
        show.move(move)


def _trend(name: str, screen: Screen) -> None:
    t, filters, key = state.spoken(), state.filters(), name.partition("-")[2]
    one, values = known_kpis()[key], _values()[1]
    row = values.set_index("kpi", drop=False).loc[key].to_dict()
    course = ask(kpi.trend, key, "auto", filters)
    step, _ = ask(period.calendar, filters, "auto")
    other = trend_view.held_course(course, lambda there: ask(kpi.trend, key, step, there))
    _heading(findings.kpi.trend(one, row, t), t("n = {n}", n=int(row["n"])))
    show.chart(screen.enlarge(trend_line(course, t, title=t(one.name), unit=one.unit, target=row["target"], thin=other,
                                  shown=lambda value: findings.kpi_value(t, one, value))), f"slide-{key}")


_SLIDES: Mapping[str, Callable[[str, Screen], None]] = {
    "kpis": _kpis, "journey": _journey, "highlights": _highlights, "emotions": _emotions, "changes": _changes,
    "trend": _trend}
