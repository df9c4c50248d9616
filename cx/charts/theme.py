"""One look for every chart: colours, number and date words, and the parts charts are made of.

Colours were chosen to stay apart for colour-blind readers, on white and on dark; emotion is told by shape too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from cx.language import Language

ACCENT = "#0D8077"
ACCENT_ON = {"light": ACCENT, "dark": "#3FBFB0"}
MUTED = "#8A929B"
STAGE_SIZE = {"expr": "width < 460 ? 9.5 : 13"}  # names of stages side by side, on a phone too
INK = {"light": "#1D2530", "dark": "#E7ECF1"}  # text on charts
FAINT_INK = {"light": "#5C6670", "dark": "#A9B3BD"}  # of axes and legends
EMOTION = {1: ACCENT, 0: "#848B94", -1: "#D2541B"}
OTHER = "#9273C2"  # what a selection is held against
EMOTION_SHAPES = {1: "triangle-up", 0: "circle", -1: "triangle-down"}
DIVERGING = ["#DD7A47", "#F0B594", "#E9EBED", "#9CD3CC", "#45A99E"]  # all pale enough for dark text
CATEGORIES = ["#0072B2", "#D98200", "#009E73", "#B8578F", "#4A9FD1", "#C44E00", "#6B6F76", "#7A5BA6"]

_ROOM = "(containerSize()[0] || width)"
_NUMBERS = {"en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
            "tr": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""], "percent": "%"}}
_TIMES = {
    "en": {"dateTime": "%a %e %b %X %Y", "date": "%d/%m/%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
           "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
           "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
           "months": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                      "November", "December"],
           "shortMonths": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]},
    "tr": {"dateTime": "%a %e %b %X %Y", "date": "%d.%m.%Y", "time": "%H:%M:%S", "periods": ["ÖÖ", "ÖS"],
           "days": ["Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"],
           "shortDays": ["Paz", "Pzt", "Sal", "Çar", "Per", "Cum", "Cmt"],
           "months": ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim",
                      "Kasım", "Aralık"],
           "shortMonths": ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"]},
}


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification without its data, the data, and what a screen reader says of it; `told`: the same by
    row, where names of the data stand in it (they may hold what separates the rows)."""

    spec: dict[str, Any]
    data: pd.DataFrame
    alt: str
    height: int = 300
    key: list[str] = field(default_factory=list)
    told: Mapping[str, str] = field(default_factory=dict)


def spec(t: Language, **parts: Any) -> dict[str, Any]:
    """A specification with the reader's number and date words; `parts` are its Vega-Lite properties."""
    return {
        "config": {
            "locale": {"number": _NUMBERS[t.code], "time": _TIMES[t.code]},
            "view": {"stroke": None},
            "axis": {"grid": False, "domain": False, "ticks": False, "labelFontSize": 12, "labelPadding": 6,
                     "titlePadding": 10, "labelLimit": 180},
            "axisY": {"grid": True, "gridOpacity": 0.5, "labelFlush": False},  # Streamlit's would shift the outermost
            "legend": {"orient": "top", "title": None, "labelFontSize": 12, "symbolSize": 90, "labelLimit": 220,
                       # A row on a phone holds two. Of the container: what the chart gets of it changes while the
                       # legend is laid out, and a legend that breaks into rows then is cut.
                       "columns": {"expr": f"{_ROOM} < 440 ? 2 : {_ROOM} < 700 ? 3 : 6"}},
            # Points, bars and cells are told to screen readers; what only repeats or connects them is not.
            **{mark: {"aria": False} for mark in ("area", "line", "rule", "text")},
        },
        **parts,
    }


def inked(spec: dict[str, Any], theme: str) -> dict[str, Any]:
    """The configuration of a specification, with the text colours of a theme ("light" or "dark")."""
    config, faint = spec["config"], FAINT_INK[theme]
    return {**config, "text": {**config["text"], "color": INK[theme]},
            "axis": {**config["axis"], "labelColor": faint, "titleColor": faint},
            "legend": {**config["legend"], "labelColor": faint}}


def enlarged(chart: Chart, factor: float, height: float) -> Chart:
    """The chart with its letters, marks and lines `factor` times as large, `height` pixels high: for a wall."""
    grown = _grown(chart.spec, factor)
    axis = {"titleFontSize": 12 * factor, "titlePadding": 8 * factor}
    config = {**grown["config"], "axis": {**grown["config"]["axis"], **axis}}
    return replace(chart, spec={**grown, "config": config}, height=max(200, round(height)))


_SIZES = ("fontSize", "labelFontSize", "titleFontSize", "strokeWidth", "dx", "dy", "labelPadding", "labelLimit",
          "cornerRadiusEnd", "yOffset", "y2Offset", "size", "symbolSize")


def _grown(part: Any, factor: float) -> Any:
    """A part of a specification with its sizes enlarged."""
    if isinstance(part, list):
        return [_grown(each, factor) for each in part]
    if not isinstance(part, dict):
        return part
    return {key: _larger(key, value, factor) if key in _SIZES else _grown(value, factor)
            for key, value in part.items()}


def _larger(key: str, value: Any, factor: float) -> Any:
    if isinstance(value, int | float):
        return value * (factor**2 if key in ("size", "symbolSize") else factor)
    if isinstance(value, dict) and set(value) == {"expr"}:
        return {"expr": f"({value['expr']}) * {factor}"}
    return _grown(value, factor)


def tooltip(**columns: str) -> list[dict[str, str]]:
    """Tooltip lines: column of the data → title; the columns hold texts, already in the reader's language."""
    return [{"field": column, "type": "nominal", "title": title} for column, title in columns.items()]


def wrap(name: str, width: int = 14) -> str:
    """A name broken into lines of about `width` characters, joined by line feeds (see `LINES`)."""
    lines = [""]
    for word in name.split():
        for place, piece in enumerate(_pieces(word, width)):
            gap = " " if lines[-1] and not place else ""
            if lines[-1] and len(lines[-1]) + len(gap) + len(piece) > width:
                lines.append(piece)
            else:
                lines[-1] += gap + piece
    return "\n".join(lines)


def _pieces(word: str, width: int) -> list[str]:
    """A word that is too long, broken behind its joints (shipping_details), and in the middle where it has none."""
    if len(word) <= width:
        return [word]
    most = round(1.6 * width)
    return [part[at:at + width] if len(part) > most else part for part in re.findall(r"[^_/.-]*[_/.-]+|[^_/.-]+", word)
            for at in range(0, len(part) if len(part) > most else 1, width)]


def rows_high(names: Iterable[str], least: int) -> int:
    """How high an axis of these names (broken by `wrap`) is: `least` pixels a row, more where a name has many lines."""
    known = list(dict.fromkeys(names))
    return len(known) * max([least, *(10 + 15 * (1 + name.count("\n")) for name in known)])


LINES = r"split(datum.value, '\n')"
"""Label expression for an axis whose names were broken by `wrap`."""


def names_axis(**more: Any) -> dict[str, Any]:
    """An axis of names down the side, broken by `wrap`, each in the middle of its row; `more` are its properties."""
    middle = {"condition": {"test": r"indexof(datum.value, '\n') < 0", "value": "middle"}, "value": "bottom"}
    return {"title": None, "grid": False, "labelExpr": LINES, "labelBaseline": middle, **more}


def heat_axes(columns: Iterable[str]) -> dict[str, Any]:
    """The axes of a heat map of row × column, names broken by `wrap`, in the order of row_place and column_place.

    columns  the names across; where one has several lines, all stand so much higher above the cells
    """
    more = max((name.count("\n") for name in columns), default=0)
    return {"x": {"field": "column", "type": "nominal", "sort": {"field": "column_place"},
                  "axis": {"title": None, "orient": "top", "labelAngle": 0, "labelExpr": LINES, "labelOverlap": False,
                           "labelFlush": False, "labelFontSize": STAGE_SIZE, "labelPadding": 6 + 15 * more}},
            "y": {"field": "row", "type": "nominal", "sort": {"field": "row_place"},
                  "axis": names_axis()}}
