"""The journey as one picture: how many customers reach each stage, and how it feels there, on one axis."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.charts.theme import ACCENT, EMOTION, EMOTION_SHAPES, LINES, MUTED, STAGE_SIZE, Chart, spec, tooltip, wrap
from cx.language import Language


def feeling(net: float | None, lower: float | None, upper: float | None) -> int | None:
    """1 where net emotion is above zero beyond doubt, -1 where below, 0 where the interval holds zero; None unknown."""
    if net is None or lower is None or upper is None or pd.isna(net):
        return None
    return 1 if lower > 0 else -1 if upper < 0 else 0


def journey(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Callable[[str], str]) -> Chart:
    """Bars of customers by stage with the emotion curve above them.

    funnel  frame of `funnel(by="stage")`: step (stage key), reached, from_previous, from_first
    curve   frame of `emotion.curve(by="stage")`: key, net, lower, upper, n
    name    stage key → name to show
    """
    felt = curve.set_index("key") if len(curve) else pd.DataFrame(columns=["net", "lower", "upper", "n"])
    rows = []
    for step in funnel.itertuples():
        here = felt.loc[step.step] if step.step in felt.index else None
        net, lower, upper = (None, None, None) if here is None or pd.isna(here["net"]) else (
            float(here["net"]), float(here["lower"]), float(here["upper"]))
        mood = feeling(net, lower, upper)
        rows.append({
            "key": step.step, "stage": wrap(name(step.step), 13), "position": step.position, "reached": step.reached,
            "customers": t.number(step.reached),
            "share": "" if step.position == 1 else t.percent(step.from_previous, 0),
            "share_first": t.percent(step.from_first), "net": net, "lower": lower, "upper": upper,
            "net_text": t.number(net, 0, sign=True), "mood": {1: "up", 0: "even", -1: "down", None: None}[mood],
            "n_text": t.number(0 if here is None else int(here["n"])),
            "interval": "—" if net is None else f"{t.number(lower, 0, sign=True)} … {t.number(upper, 0, sign=True)}"})
    data = pd.DataFrame(rows)
    most = max(1, int(data["reached"].max())) if len(data) else 1
    x = {"field": "stage", "type": "nominal", "sort": [row["stage"] for row in rows], "scale": {"paddingInner": 0.18},
         "axis": {"title": None, "labelExpr": LINES, "labelAngle": 0, "labelFontSize": STAGE_SIZE,
                  "labelOverlap": False}}
    hover = tooltip(stage=t("Stage"), customers=t("Customers"), share=t("Of the stage before"),
                    share_first=t("Of the first stage"), net_text=t("Net emotion"), interval=t("95% interval"),
                    n_text=t("Answers"))
    bars = {"field": "reached", "type": "quantitative", "scale": {"domain": [0, most * 2.05]}, "axis": None}
    mood_scale = {"domain": [-330, 130]}
    face = {"condition": [{"test": f"datum.mood === '{word}'", "value": colour}
                          for word, colour in (("up", EMOTION[1]), ("down", EMOTION[-1]))], "value": EMOTION[0]}
    shape = {"condition": [{"test": f"datum.mood === '{word}'", "value": mark}
                           for word, mark in (("up", EMOTION_SHAPES[1]), ("down", EMOTION_SHAPES[-1]))],
             "value": EMOTION_SHAPES[0]}
    felt_y = {"field": "net", "type": "quantitative", "scale": mood_scale, "axis": None}
    feelings = {"layer": [
        {"mark": {"type": "rule", "strokeDash": [3, 4], "color": MUTED, "opacity": 0.7},
         "encoding": {"y": {"datum": 0, "type": "quantitative", "scale": mood_scale, "axis": None}}},
        {"mark": {"type": "line", "interpolate": "monotone", "color": MUTED, "strokeWidth": 2},
         "encoding": {"x": x, "y": felt_y}, "transform": [{"filter": "isValid(datum.net)"}]},
        {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.35}, "transform": [{"filter": "isValid(datum.net)"}],
         "encoding": {"x": x, "y": {**felt_y, "field": "lower"}, "y2": {"field": "upper"}, "color": face}},
        {"mark": {"type": "point", "filled": True, "size": 170, "opacity": 1},
         "transform": [{"filter": "isValid(datum.net)"}],
         "encoding": {"x": x, "y": felt_y, "color": face, "shape": shape, "tooltip": hover}},
        {"mark": {"type": "text", "dy": -17, "fontSize": 14, "fontWeight": 600},
         "transform": [{"filter": "isValid(datum.net)"}],
         "encoding": {"x": x, "y": felt_y, "text": {"field": "net_text"}}},
    ]}
    columns = {"layer": [
        {"mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 3},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["key"]}}],
         "encoding": {"x": x, "y": bars, "tooltip": hover,
                      "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.35}}},
        {"mark": {"type": "text", "dy": -9, "fontSize": 13, "fontWeight": 600},
         "encoding": {"x": x, "y": bars, "text": {"field": "customers"}}},
        {"mark": {"type": "text", "dy": 14, "fontSize": 12, "color": "white", "baseline": "middle"},
         "transform": [{"filter": f"datum.reached > {most * 0.14}"}],
         "encoding": {"x": x, "y": bars, "text": {"field": "share"}}},
    ]}
    alt = "; ".join(f"{row['stage']}: {row['customers']}, {row['net_text']}".replace("\n", " ") for row in rows)
    return Chart(spec(t, layer=[columns, feelings], resolve={"scale": {"y": "independent"}}), data, alt, height=400)
