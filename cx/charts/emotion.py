"""Net emotion along stages and touchpoints, and as a heat map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from cx.charts.journey import feeling
from cx.charts.theme import (
    DIVERGING,
    EMOTION,
    EMOTION_SHAPES,
    INK,
    LINES,
    MUTED,
    OTHER,
    STAGE_SIZE,
    Chart,
    heat_axes,
    names_axis,
    rows_high,
    spec,
    tooltip,
    wrap,
)
from cx.frames import records
from cx.language import Language
from cx.metrics.kpi_registry import MINIMUM_N

SIGNED = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + abs(datum.value)"
PLANNED = "#B07A00"
_MOODS = {1: "up", 0: "even", -1: "down"}
_COLOUR = {"condition": [{"test": "datum.mood === 'up'", "value": EMOTION[1]},
                         {"test": "datum.mood === 'down'", "value": EMOTION[-1]}], "value": EMOTION[0]}
_SHAPE = {"condition": [{"test": "datum.mood === 'up'", "value": EMOTION_SHAPES[1]},
                        {"test": "datum.mood === 'down'", "value": EMOTION_SHAPES[-1]}], "value": EMOTION_SHAPES[0]}


def _rows(frame: pd.DataFrame, t: Language, name: Callable[[str], str], width: int) -> pd.DataFrame:
    return pd.DataFrame([{
        "key": row["key"], "name": name(row["key"]),
        "row": f"{wrap(name(row['key']), width)}\n{t('n = {n}', n=int(row['n']))}",
        "net": row["net"], "lower": row["lower"], "upper": row["upper"],
        "mood": _MOODS.get(feeling(row["net"], row["lower"], row["upper"]) or 0),
        "net_text": t.number(row["net"], 0, sign=True), "n_text": t.number(row["n"]),
        "interval": t.interval(t.number(row["lower"], 0, sign=True), t.number(row["upper"], 0, sign=True)),
        "parts": " · ".join(t.percent(row[part], 0) for part in ("negative", "neutral", "positive"))}
        for row in records(frame) if row["n"] and not pd.isna(row["net"])],
        columns=["key", "row", "name", "net", "lower", "upper", "mood", "net_text", "n_text", "interval",
                 "parts"])


def _hover(t: Language) -> list[dict[str, str]]:
    return tooltip(name=t("Name"), net_text=t("Net emotion"), interval=t("95% interval"),
                   parts=t("Negative · neutral · positive"), n_text=t("Answers"))


def emotion_line(frame: pd.DataFrame, t: Language, name: Callable[[str], str], other: pd.DataFrame | None = None,
                 other_name: str = "", planned: Mapping[str, float] = MappingProxyType({})) -> Chart:
    """The emotion curve over the stages, with its interval. frame: of `emotion.curve(by="stage")`, in stage order.

    other    the same of another period or segment, drawn dashed, called `other_name`
    planned  key → net emotion the company wants, drawn as a dotted line
    """
    data = _rows(frame, t, name, 13)
    compared = _rows(other, t, name, 13) if other is not None else data.head(0)
    data = data.merge(compared[["key", "net", "lower", "upper", "net_text", "interval", "n_text"]].rename(
        columns=lambda column: column if column == "key" else f"other_{column}"), on="key", how="left")
    data["planned"] = [planned.get(key) for key in data["key"]]
    data["planned_text"] = [t.number(value, 0, sign=True) for value in data["planned"]]
    data["other_name"] = other_name
    low, high = _span(data)
    x = {"field": "row", "type": "nominal", "sort": data["row"].tolist(), "scale": {"padding": 0.5},
         "axis": {"title": None, "labelExpr": LINES, "labelAngle": 0, "labelFontSize": STAGE_SIZE,
                  "labelOverlap": False}}
    scale = {"domain": [low, high], "nice": False}
    y = {"field": "net", "type": "quantitative", "scale": scale,
         "axis": {"title": t("Net emotion"), "tickCount": 5, "labelExpr": SIGNED, "titleFontWeight": "normal"}}
    # where the number stands under its point: away from the other side's, else from the line of zero
    below = "isValid(datum.other_net) ? datum.other_net > datum.net : datum.net < 0"
    layers = [
        {"mark": {"type": "area", "interpolate": "monotone", "color": MUTED, "opacity": 0.18},
         "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}},
        {"mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 4]},
         "encoding": {"y": {"datum": 0, "type": "quantitative", "scale": scale}}},
        *(_second_line("planned", x, y, PLANNED, [2, 4],
                       tooltip(name=t("Name"), planned_text=t("Planned"), net_text=t("Net emotion"),
                               interval=t("95% interval"), n_text=t("Answers"))) if planned else []),
        *(_second_line("other_net", x, y, OTHER, [8, 3],
                       tooltip(name=t("Name"), other_name=t("Compared with"), other_net_text=t("Net emotion"),
                               other_interval=t("95% interval"), other_n_text=t("Answers")))
          if other is not None else []),
        {"mark": {"type": "line", "interpolate": "monotone", "color": MUTED, "strokeWidth": 2},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 190, "opacity": 1},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["key"]}}],
         "encoding": {"x": x, "y": y, "color": _COLOUR, "shape": _SHAPE, "tooltip": _hover(t)}},
        *({"transform": [{"filter": where}], "mark": {"type": "text", "dy": dy, "fontSize": 14, "fontWeight": 600},
           "encoding": {"x": x, "y": y, "text": {"field": "net_text"}}}
          for where, dy in ((f"!({below})", -18), (below, 22))),
    ]
    return Chart(spec(t, layer=layers), data, _alt(data), height=340)


def _second_line(field: str, x: dict[str, Any], y: dict[str, Any], colour: str, dash: list[int],
                 hover: list[dict[str, str]]) -> list[dict[str, Any]]:
    """A dashed line with small points."""
    y = {**y, "field": field}
    known: dict[str, Any] = {"filter": f"isValid(datum.{field})"}
    return [
        {"transform": [known], "mark": {"type": "line", "color": colour, "strokeWidth": 1.8, "strokeDash": dash},
         "encoding": {"x": x, "y": y}},
        {"transform": [known], "mark": {"type": "point", "color": colour, "size": 60, "filled": True, "opacity": 0.9},
         "encoding": {"x": x, "y": y, "tooltip": hover}},
    ]


def emotion_dots(frame: pd.DataFrame, t: Language, name: Callable[[str], str], other: pd.DataFrame | None = None,
                 other_name: str = "") -> Chart:
    """Net emotion by touchpoint (or channel, persona) with intervals, one row each, in the frame's order.

    other  the same of another period or group, called `other_name`: a diamond on the row of the same key
    """
    data = _rows(frame, t, name, 30)
    compared = _rows(other, t, name, 30) if other is not None else data.head(0)
    data = data.merge(compared[["key", "net", "net_text", "interval", "n_text"]].rename(
        columns=lambda column: column if column == "key" else f"other_{column}"), on="key", how="left").assign(
        other_name=other_name)
    low, high = _span(data)
    y = {"field": "row", "type": "nominal", "sort": data["row"].tolist(),
         "axis": names_axis(labelLimit=240, grid=True, gridOpacity=0.35)}
    text_room = 32  # pixels for the number beside the outermost dots, away from zero, whose line it would cross
    first = f"{low} - {high - low} * {text_room} / width" if (data["net"] < 0).any() else f"{low}"
    scale = {"domainMin": {"expr": first}, "nice": False, "zero": False,
             "domainMax": {"expr": f"{low} + {min(high, 100.0) - low} * width / max(width - {text_room}, width / 3)"}}
    x = {"field": "net", "type": "quantitative", "scale": scale,
         "axis": {"title": None, "tickCount": 5, "labelExpr": SIGNED, "orient": "top"}}
    beside: list[dict[str, Any]] = [] if other is None else [{
        "transform": [{"filter": "isValid(datum.other_net)"}],
        "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70, "color": OTHER, "opacity": 1,
                 "yOffset": 9, "aria": False},
        "encoding": {"y": y, "x": {**x, "field": "other_net"}, "tooltip": tooltip(
            name=t("Name"), other_name=t("Compared with"), other_net_text=t("Net emotion"),
            other_interval=t("95% interval"), other_n_text=t("Answers"))}}]
    layers: list[dict[str, Any]] = [
        *beside,
        {"mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 4]},
         "encoding": {"x": {"datum": 0, "type": "quantitative", "scale": scale}}},
        {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.4, "strokeCap": "round"},
         "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "color": _COLOUR}},
        {"mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["key"]}}],
         "encoding": {"y": y, "x": x, "color": _COLOUR, "shape": _SHAPE, "tooltip": _hover(t)}},
        {"mark": {"type": "text", "align": {"expr": "datum.net < 0 ? 'right' : 'left'"},
                  "dx": {"expr": "datum.net < 0 ? -12 : 12"}, "dy": -8, "fontSize": 12, "fontWeight": 600},
         "encoding": {"y": y, "x": x, "text": {"field": "net_text"}}},
    ]
    return Chart(spec(t, layer=layers), data, _alt(data), height=max(120, rows_high(data["row"], 38) + 40))


def emotion_heat(frame: pd.DataFrame, t: Language, row_name: Callable[[str], str],
                 column_name: Callable[[str], str]) -> Chart:
    """Heat map of net emotion. frame: of `emotion.matrix`: row_key, column_key, net, lower, upper, n."""
    rows = list(dict.fromkeys(frame["row_key"]))
    columns = list(dict.fromkeys(frame["column_key"]))
    data = pd.DataFrame([{
        "row": wrap(row_name(each["row_key"]), 20), "column": wrap(column_name(each["column_key"]), 13),
        "row_place": rows.index(each["row_key"]), "column_place": columns.index(each["column_key"]),
        "row_key": each["row_key"], "column_key": each["column_key"], "net": each["net"],
        "shown": t.number(each["net"], 0, sign=True), "few": each["n"] < MINIMUM_N,
        "interval": t.interval(t.number(each["lower"], 0, sign=True), t.number(each["upper"], 0, sign=True)),
        "n_text": t.number(each["n"])} for each in records(frame) if each["n"]],
        columns=["row", "column", "row_place", "column_place", "row_key", "column_key", "net", "shown", "few",
                 "interval", "n_text"])
    bound = max(30.0, float(data["net"].abs().max()) if len(data) else 0.0)
    axes = heat_axes(data["column"])
    layers = [
        {"mark": {"type": "rect", "cornerRadius": 3, "stroke": "transparent", "strokeWidth": 3},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["row_key", "column_key"]}}],
         "encoding": {**axes,
                      "color": {"field": "net", "type": "quantitative", "legend": None,
                                "scale": {"domain": [-bound, -bound / 2, 0, bound / 2, bound], "range": DIVERGING,
                                          "interpolate": "rgb"}},
                      "opacity": {"condition": {"test": "datum.few", "value": 0.35}, "value": 1},
                      "tooltip": tooltip(row=t("Row"), column=t("Column"), shown=t("Net emotion"),
                                         interval=t("95% interval"), n_text=t("Answers"))}},
        {"mark": {"type": "text", "fontSize": 13, "fontWeight": 600},
         "encoding": {**axes, "text": {"field": "shown"},
                      "color": {"condition": {"test": "!datum.few", "value": INK["light"]}}}},
    ]
    return Chart(spec(t, layer=layers), data, _heat_alt(data), height=max(150, 46 * len(rows) + 60))


def _span(data: pd.DataFrame) -> tuple[float, float]:
    if not len(data):
        return -100.0, 100.0
    shown = [column for column in ("lower", "upper", "other_net", "planned") if column in data]
    values = data[shown].astype(float)
    low, high = min(0.0, float(values.min().min())), max(0.0, float(values.max().max()))
    room = max(10.0, (high - low) * 0.15)
    return max(-110.0, low - room), min(110.0, high + room)


def _alt(data: pd.DataFrame) -> str:
    return "; ".join(f"{row.name_}: {row.net_text}" for row in data.rename(columns={"name": "name_"}).itertuples())


def _heat_alt(data: pd.DataFrame) -> str:
    return "; ".join(f"{row.row} / {row.column}: {row.shown}".replace("\n", " ") for row in data.itertuples())
