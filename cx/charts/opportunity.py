"""Impact against effort: what each opportunity is worth, and how hard the team says it is."""

from __future__ import annotations

import pandas as pd

from cx.charts.theme import ACCENT, MUTED, Chart, spec, tooltip
from cx.language import Language


def impact_effort(data: pd.DataFrame, t: Language, *, value_title: str, efforts: dict[int, str]) -> Chart:
    """data: number (shown in the point), name, effort (1–5), value, lower, upper (null = no interval), text, owner, own
    (a value that somebody entered). Points of one effort stand beside each other."""
    data = data.assign(at=data["effort"] + _beside(data["effort"]), shown=data["number"].astype(str),
                       lower=data["lower"].fillna(data["value"]), upper=data["upper"].fillna(data["value"]))
    named = "{" + ", ".join(f"{key}: {_quoted(words)}" for key, words in efforts.items()) + "}"
    x = {"field": "at", "type": "quantitative", "scale": {"domain": [0.5, 5.5], "nice": False},
         "axis": {"title": t("Effort it takes"), "values": list(efforts), "labelExpr": f"({named})[datum.value]",
                  "labelOverlap": False, "titleFontWeight": "normal"}}
    y = {"field": "value", "type": "quantitative", "axis": {"title": value_title, "tickCount": 5,
                                                           "titleFontWeight": "normal"}}
    hover = tooltip(name=t("Name"), text=value_title, owner=t("Team responsible"))
    layers = [
        {"mark": {"type": "rule", "strokeDash": [3, 3], "color": MUTED}, "data": {"values": [{}]},
         "encoding": {"y": {"datum": 0, "type": "quantitative"}}},
        {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.28, "color": ACCENT, "strokeCap": "round"},
         "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "tooltip": hover}},
        {"mark": {"type": "point", "filled": True, "size": 420, "color": ACCENT, "opacity": 1},
         "encoding": {"x": x, "y": y, "tooltip": hover, "shape": {
             "field": "own", "type": "nominal", "legend": None,
             "scale": {"domain": [False, True], "range": ["circle", "square"]}}}},
        {"mark": {"type": "text", "fontSize": 12, "fontWeight": 600, "color": "white"},
         "encoding": {"x": x, "y": y, "text": {"field": "shown"}, "tooltip": hover}}]
    alt = "; ".join(f"{row['name']}: {row['text']}, {efforts[int(row['effort'])]}" for row in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=360)


def _beside(effort: pd.Series) -> pd.Series:
    """How far right or left of its effort each point stands, so that none covers another."""
    place, many = effort.groupby(effort).cumcount(), effort.groupby(effort).transform("size")
    return (place - (many - 1) / 2) * (0.8 / many.clip(lower=4))


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
