"""Impact against effort: what each opportunity is worth, and how hard the team says it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.charts.bars import PICKED
from cx.charts.theme import ACCENT, MUTED, OTHER, Chart, spec, tooltip
from cx.language import Language


def impact_effort(data: pd.DataFrame, t: Language, *, value_title: str, efforts: dict[int, str],
                  beside: pd.DataFrame | None = None, other_name: str = "") -> Chart:
    """data: key, number (shown in the point), name, effort (1–5), value, lower, upper (null = no interval), text,
    owner, own (a value that somebody entered). Points of one effort stand beside each other.

    beside  key, value, text of another period or group, called `other_name`: a diamond at the same place
    """
    other = None if beside is None else beside.drop_duplicates("key").set_index("key")
    data = data.assign(**{f"other_{name}": None if other is None else data["key"].map(other[name])
                          for name in ("value", "text")})
    data = data.assign(at=data["effort"] + _beside(data["effort"]), shown=data["number"].astype(str),
                       lower=data["lower"].fillna(data["value"]), upper=data["upper"].fillna(data["value"]))
    named = "{" + ", ".join(f"{key}: {_quoted(words)}" for key, words in efforts.items()) + "}"
    x: dict[str, Any] = {"field": "at", "type": "quantitative", "scale": {"domain": [0.5, 5.5], "nice": False},
         "axis": {"title": t("Effort it takes"), "values": list(efforts), "labelExpr": f"({named})[datum.value]",
                  "labelOverlap": False, "titleFontWeight": "normal"}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "axis": {"title": value_title, "tickCount": 5,
                                                           "titleFontWeight": "normal"}}
    hover = tooltip(name=t("Name"), text=value_title, owner=t("Team responsible"),
                    **({} if other is None else {"other_text": other_name}))
    others: list[dict[str, Any]] = [] if other is None else [
        {"transform": [{"filter": "isValid(datum.other_value)"}],
         "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 150, "color": OTHER, "opacity": 1,
                  "xOffset": 16, "aria": False},
         "encoding": {"x": x, "y": {**y, "field": "other_value"}, "tooltip": hover}}]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeDash": [3, 3], "color": MUTED}, "data": {"values": [{}]},
         "encoding": {"y": {"datum": 0, "type": "quantitative"}}},
        {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.28, "color": ACCENT, "strokeCap": "round"},
         "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "tooltip": hover}},
        {"mark": {"type": "point", "filled": True, "size": 420, "color": ACCENT, "opacity": 1}, "params": [PICKED],
         "encoding": {"x": x, "y": y, "tooltip": hover, "shape": {
             "field": "own", "type": "nominal", "legend": None,
             "scale": {"domain": [False, True], "range": ["circle", "square"]}}}},
        *others,
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
