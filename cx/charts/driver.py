"""Drivers by importance and performance, and how feelings go with waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cx.charts.bars import PICKED
from cx.charts.theme import ACCENT, EMOTION, MUTED, Chart, spec, tooltip
from cx.language import Language
from cx.metrics.driver import QUADRANTS

_WIDE, _HIGH = 300, 360  # pixels: the chart on a phone
_QUADRANT_COLOURS = {"fix": EMOTION[-1], "keep": EMOTION[1], "watch": MUTED, "enough": MUTED}


def quadrants(data: pd.DataFrame, t: Language) -> Chart:
    """Importance (up) against performance (right). data: key, name, share, performance, quadrant,
    share_text, good_text."""
    middle_x, middle_y = (float(data[side].mean()) if len(data) else 0.5 for side in ("performance", "share"))
    low, high = (float(data["performance"].min()), float(data["performance"].max())) if len(data) else (0.0, 1.0)
    room = max(0.02, (high - low) * 0.25)
    top = float(data["share"].max()) * 1.2 if len(data) else 1.0
    x_scale: dict[str, Any] = {"domain": [max(0.0, low - room), min(1.0, high + room)], "nice": False, "zero": False}
    y_scale: dict[str, Any] = {"domain": [-0.1 * top, top], "nice": False}  # room for words below: much weighs little
    percent = "'%' + format(datum.value * 100, '.0f')" if t.code == "tr" else "format(datum.value * 100, '.0f') + '%'"
    x: dict[str, Any] = {"field": "performance", "type": "quantitative", "scale": x_scale,
                         "axis": {"title": t("How well it goes"), "labelExpr": percent, "tickCount": 5,
                                  "titleFontWeight": "normal"}}
    y: dict[str, Any] = {"field": "share", "type": "quantitative", "scale": y_scale,
                         "axis": {"title": t("Importance"), "labelExpr": f"datum.value < 0 ? '' : {percent}",
                                  "tickCount": 5, "grid": False, "titleFontWeight": "normal"}}
    once: dict[str, Any] = {"data": {"values": [{}]}}
    corners = [("fix", "left", 6, 14), ("keep", "right", "width", 14), ("watch", "left", 6, "height"),
               ("enough", "right", "width", "height")]
    layers: list[dict[str, Any]] = [
        {**once, "mark": {"type": "rule", "strokeDash": [4, 4], "color": MUTED},
         "encoding": {"x": {"datum": middle_x, "type": "quantitative", "scale": x_scale}}},
        {**once, "mark": {"type": "rule", "strokeDash": [4, 4], "color": MUTED},
         "encoding": {"y": {"datum": middle_y, "type": "quantitative", "scale": y_scale}}},
        *({**once, "mark": {"type": "text", "align": align, "x": at_x, "y": at_y, "dx": -6 if at_x == "width" else 0,
                            "dy": -8 if at_y == "height" else 0, "fontSize": 13, "fontStyle": "italic", "opacity": 0.8},
           "encoding": {"text": {"value": t(QUADRANTS[key])}}} for key, align, at_x, at_y in corners),
        {"mark": {"type": "point", "filled": True, "size": 130, "opacity": 1}, "params": [PICKED],
         "encoding": {"x": x, "y": y,
                      "color": {"field": "quadrant", "type": "nominal", "legend": None,
                                "scale": {"domain": list(_QUADRANT_COLOURS),
                                          "range": list(_QUADRANT_COLOURS.values())}},
                      "tooltip": tooltip(name=t("Name"), share_text=t("Importance"), good_text=t("How well it goes"))}},
        {"mark": {"type": "text", "fontSize": 12, "align": {"expr": "datum.align"}, "dx": {"expr": "datum.dx"},
                  "dy": {"expr": "datum.dy"}},
         "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]
    data = labelled(data, x_scale["domain"], y_scale["domain"])
    alt = "; ".join(f"{row['name']}: {row['share_text']}, {row['good_text']}" for row in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=_HIGH)


def labelled(data: pd.DataFrame, across: Sequence[float], up: Sequence[float]) -> pd.DataFrame:
    """The points with label, dx, dy and align: the name of each, heaviest first, above, below, right or left of its
    point where it lies over no other name and no point; nowhere free: no name, since the tooltip has it. across, up:
    the domains of the axes; sizes are those of the narrowest screen."""
    def place(row: dict[str, Any]) -> tuple[float, float]:
        return ((row["performance"] - across[0]) / ((across[1] - across[0]) or 1) * _WIDE,
                (up[1] - row["share"]) / ((up[1] - up[0]) or 1) * _HIGH)

    rows = data.to_dict("records")
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in map(place, rows)]
    found: dict[int, tuple[str, int, int, str]] = {}
    for at in sorted(range(len(rows)), key=lambda each: -rows[each]["share"]):
        (x, y), wide = place(rows[at]), 6.5 * len(rows[at]["name"])
        options = (("center", 0, -14, x - wide / 2, y - 14), ("center", 0, 15, x - wide / 2, y + 15),
                   ("left", 11, 0, x + 11, y), ("right", -11, 0, x - 11 - wide, y))
        for align, dx, dy, left, middle in options:
            box = (left, middle - 7, left + wide, middle + 7)
            inside = box[0] >= 0 and box[2] <= _WIDE + 20
            mine = taken[at]
            if inside and not any(_over(box, other) for other in taken if other != mine):
                found[at] = (rows[at]["name"], dx, dy, align)
                taken.append(box)
                break
    nowhere = ("", 0, 0, "center")
    placed = [found.get(at, nowhere) for at in range(len(rows))]
    return data.assign(**{name: [each[part] for each in placed]
                          for part, name in enumerate(("label", "dx", "dy", "align"))})


def _over(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def response(bins: pd.DataFrame, curve: pd.DataFrame, t: Language, *, x_title: str, y_title: str, zero: float,
             broken: float | None, broken_text: str, room: tuple[float, float, float] | None = None) -> Chart:
    """What customers feel (up) after so much waiting (right). bins: number, x, value, lower, upper, span, value_text,
    n_text; curve: x, value, lower, upper; zero: the level that matters; broken: where the line breaks, None = nowhere;
    room: the longest time, the lowest and the highest value to make room for, where two stand side by side."""
    data = pd.concat([bins.assign(kind="bin"), curve.assign(kind="curve")], ignore_index=True)
    x_scale = {"nice": False} if room is None else {"nice": False, "domain": [0, room[0]]}
    y_scale = {"zero": False} if room is None else {"domain": list(room[1:])}
    x: dict[str, Any] = {"field": "x", "type": "quantitative", "scale": x_scale,
                         "axis": {"title": x_title, "tickCount": 8, "titleFontWeight": "normal"}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": y_scale,
                         "axis": {"title": y_title, "tickCount": 5, "titleFontWeight": "normal"}}
    only_curve, only_bins = ({"filter": f"datum.kind === '{kind}'"} for kind in ("curve", "bin"))
    once: dict[str, Any] = {"data": {"values": [{}]}}
    marks: list[dict[str, Any]] = [
        {**once, "mark": {"type": "rule", "strokeDash": [5, 4], "color": EMOTION[-1], "strokeWidth": 1.5},
         "encoding": {"x": {"datum": broken, "type": "quantitative"}}},
        {**once, "mark": {"type": "text", "align": "left", "dx": 6, "y": 10, "fontSize": 12},
         "encoding": {"x": {"datum": broken, "type": "quantitative"}, "text": {"value": broken_text}}}
    ] if broken is not None else []
    layers: list[dict[str, Any]] = [
        {**once, "mark": {"type": "rule", "strokeDash": [3, 4], "color": MUTED},
         "encoding": {"y": {"datum": zero, "type": "quantitative"}}},
        {"transform": [only_curve], "mark": {"type": "area", "color": ACCENT, "opacity": 0.16,
                                             "interpolate": "step-after"},
         "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}},
        {"transform": [only_curve], "mark": {"type": "line", "color": ACCENT, "strokeWidth": 2.5,
                                             "interpolate": "step-after"}, "encoding": {"x": x, "y": y}},
        {"transform": [only_bins], "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}},
        {"transform": [only_bins], "mark": {"type": "point", "filled": True, "size": 70, "color": MUTED, "opacity": 1},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["number"]}}],
         "encoding": {"x": x, "y": y,
                      "tooltip": tooltip(span=x_title, value_text=y_title, n_text=t("Answers"))}},
        *marks,
    ]
    alt = "; ".join(f"{row['span']}: {row['value_text']}" for row in bins.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=300)
