"""Pain points and moments of delight: ranked, and over the journey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.charts.bars import PICKED
from cx.charts.theme import DIVERGING, EMOTION, INK, MUTED, Chart, heat_axes, names_axis, rows_high, spec, tooltip, wrap
from cx.language import Language
from cx.metrics.friction import MEASURES, shown
from cx.metrics.kpi import SIGNIFICANT_AT

_COLOUR = {"pain": EMOTION[-1], "delight": EMOTION[1]}


def ranked(data: pd.DataFrame, t: Language, kind: str) -> Chart:
    """Places by customers × difference. data: key, name, loss, text (what is worst or best there), customers; kind:
    "pain" or "delight"."""
    most = float(data["loss"].max()) if len(data) else 1.0
    data = data.assign(row=[wrap(str(each), 28) for each in data["name"]])
    y = {"field": "row", "type": "nominal", "sort": None,
         "axis": names_axis(labelLimit=240, labelFontSize=13)}
    x = {"field": "loss", "type": "quantitative", "scale": {"domain": [0, most * 1.02], "nice": False}, "axis": None}
    hover = tooltip(name=t("Where"), text=t("What"), customers=t("Customers"))
    narrow = "width < 300"  # then the text takes two lines
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": _COLOUR[kind], "cornerRadiusEnd": 3, "height": {"band": 0.34}, "yOffset": 8},
         "params": [PICKED],
         "encoding": {"y": y, "x": x, "tooltip": hover,
                      "opacity": {"condition": {"param": "picked", "value": 0.95}, "value": 0.35}}},
        {"transform": [{"calculate": f"{narrow} ? replace(datum.text, ', ', ',\\n') : datum.text", "as": "lines"}],
         "mark": {"type": "text", "align": "left", "dy": {"expr": f"{narrow} ? -21 : -10"}, "fontSize": 12,
                  "lineBreak": "\n", "lineHeight": 13, "limit": {"expr": "width"}},
         "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative"}, "text": {"field": "lines"}, "tooltip": hover}},
    ]
    alt = "; ".join(f"{row['name']}: {row['text']}" for row in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=max(90, rows_high(data["row"], 54) + 16))


def friction_heat(frame: pd.DataFrame, t: Language, row: str, row_name: Callable[[str], str],
                  column_name: Callable[[str], str]) -> Chart:
    """One measure by touchpoint or stage (down) and channel (across); frames mark what explains the rest.

    frame  of `Friction.looked` for one measure, of the cells of `row` and channel only, rows in order of the journey
    """
    measure = MEASURES[frame["measure"].iloc[0]] if len(frame) else None
    spread = float((frame["value"] - frame["rest"]).abs().max()) if len(frame) else 1.0
    rows, columns = list(dict.fromkeys(frame[row])), list(frame["channel"].value_counts().index)
    data = pd.DataFrame([{
        "row": wrap(row_name(each[row]), 20), "column": wrap(column_name(each["channel"]), 8),
        "row_place": rows.index(each[row]), "column_place": columns.index(each["channel"]), row: each[row],
        "channel": each["channel"], "claimed": bool(each["claimed"]),
        "off": measure.direction * (each["value"] - each["rest"]) if measure else 0.0,
        "shown": _short(each["measure"], each["value"], t), "rest": _short(each["measure"], each["rest"], t),
        "n_text": t.number(each["n"]), "sure": t("yes") if each["p_adjusted"] < SIGNIFICANT_AT else t("no")}
        for each in frame.to_dict("records")],
        columns=["row", "column", "row_place", "column_place", row, "channel", "claimed", "off", "shown", "rest",
                 "n_text", "sure"])
    axes = heat_axes(data["column"])
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rect", "cornerRadius": 3, "strokeWidth": 2},
         "params": [{"name": "picked", "select": {"type": "point", "fields": [row, "channel"]}}],
         "encoding": {**axes,
                      "color": {"field": "off", "type": "quantitative", "legend": None,
                                "scale": {"domain": [-spread, -spread / 2, 0, spread / 2, spread], "range": DIVERGING,
                                          "interpolate": "rgb"}},
                      "stroke": {"condition": {"test": "datum.claimed", "value": MUTED}, "value": "transparent"},
                      "tooltip": tooltip(row=t("Where"), column=t("Channel"), shown=t("Value"), rest=t("Elsewhere"),
                                         n_text=t("Answers"), sure=t("More than chance"))}},
        {"mark": {"type": "text", "fontSize": 12, "fontWeight": 600},
         "encoding": {**axes, "text": {"field": "shown"},
                      "color": {"value": INK["light"]}}},
    ]
    alt = "; ".join(f"{each['row']} / {each['column']}: {each['shown']}".replace("\n", " ")
                    for each in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=max(150, 40 * len(rows) + 60))


def _short(measure: str, value: float, t: Language) -> str:
    unit = MEASURES[measure].unit
    return (t.percent(value, 0) if unit == "share" else t(shown(measure, value)) if unit == "seconds"
            else t.number(value, 0, sign=True))
