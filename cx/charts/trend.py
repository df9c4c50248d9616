"""A KPI over time, with its interval, target and comparison; and one customer's time line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.charts.theme import ACCENT, CATEGORIES, EMOTION, EMOTION_SHAPES, MUTED, Chart, spec, tooltip
from cx.language import Language


def trend_line(frame: pd.DataFrame, t: Language, *, title: str, shown: Callable[[float | None], str],
               unit: str = "", target: float | None = None, name: Callable[[str], str] | None = None) -> Chart:
    """A KPI by period. frame: of `kpi.trend`: period, value, lower, upper, n, complete [, key for several lines].

    title     of the value axis, with its unit
    shown     value → text in the KPI's unit
    unit      the KPI's unit; shares are told in percent on the axis, seconds in minutes
    """
    several = "key" in frame.columns
    data = frame.assign(
        line=[name(key) if name else key for key in frame["key"]] if several else title,
        when=[t.date(period.date()) for period in frame["period"]], value_text=[shown(v) for v in frame["value"]],
        interval_text=[f"{shown(low)} – {shown(high)}"
                       for low, high in zip(frame["lower"], frame["upper"], strict=True)],
        n_text=[t.number(n) for n in frame["n"]],
        state=["" if complete else t("incomplete period") for complete in frame["complete"]])
    data["period"] = data["period"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    x = {"field": "period", "type": "temporal", "axis": {"title": None, "format": _time_format(frame["period"]),
                                                         "labelOverlap": True, "tickCount": 8}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
                         "axis": {"title": title, "titleFontWeight": "normal", "tickCount": 5, **_value_axis(unit, t)}}
    order = list(dict.fromkeys(data["line"]))
    colour: dict[str, Any] = {"value": ACCENT} if not several else {
        "field": "line", "type": "nominal", "scale": {"domain": order, "range": CATEGORIES}}
    hover = tooltip(**({"line": t("Name")} if several else {}), when=t("Period from"), value_text=t("Value"),
                    interval_text=t("95% interval"), n_text=t("Answers"), state=t("Note"))
    layers: list[dict[str, Any]] = []
    if not several:
        layers.append({"mark": {"type": "area", "color": ACCENT, "opacity": 0.15, "interpolate": "monotone"},
                       "transform": [{"filter": "datum.complete"}],
                       "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}})
    line = {"type": "line", "strokeWidth": 2.5, "interpolate": "monotone"}
    layers += [
        {"mark": line, "transform": [{"filter": "datum.complete"}], "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "strokeWidth": 2},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["period"], "nearest": True}}],
         "encoding": {"x": x, "y": y, "color": colour, "stroke": colour, "tooltip": hover,
                      "fillOpacity": {"condition": {"test": "datum.complete", "value": 1}, "value": 0}}},
    ]
    if target is not None and not pd.isna(target):
        layers.append({"mark": {"type": "rule", "strokeDash": [6, 4], "color": MUTED, "strokeWidth": 1.5},
                       "encoding": {"y": {"datum": target, "type": "quantitative"}}})
        layers.append({"mark": {"type": "text", "align": "right", "dy": -7, "color": MUTED, "fontSize": 12,
                                "x": "width"},
                       "encoding": {"y": {"datum": target, "type": "quantitative"},
                                    "text": {"value": f"{t('Target')} {shown(target)}"}}})
    known = data.dropna(subset=["value"])
    alt = f"{title}: " + "; ".join(f"{row.when}: {row.value_text}" for row in known.tail(12).itertuples())
    columns = ["period", "value", "lower", "upper", "complete", "line", "when", "value_text", "interval_text",
               "n_text", "state"]
    return Chart(spec(t, layer=layers), data[columns], alt, height=340)


def _value_axis(unit: str, t: Language) -> dict[str, str]:
    if unit == "share":
        percent = "format(datum.value * 100, '.2~f')"
        return {"labelExpr": f"'%' + {percent}" if t.code == "tr" else f"{percent} + '%'"}
    if unit == "seconds":
        minutes = t("min")
        return {"labelExpr": f"format(datum.value / 60, '.2~f') + ' {minutes}'"}
    return {}


def _time_format(periods: pd.Series) -> str:
    """Days are told where periods are shorter than a month."""
    steps = periods.drop_duplicates().sort_values().diff().dropna()
    return "%e %b %y" if len(steps) and steps.min() < pd.Timedelta(days=28) else "%b %y"


def customer_line(frame: pd.DataFrame, t: Language) -> Chart:
    """One customer's journey: time across, channel down, how it felt by colour and shape.

    frame: occurred_at, channel, touchpoint, stage, emotion (-1, 0, 1 or null), detail (text)
    """
    moods = {1: "up", 0: "even", -1: "down"}
    data = pd.DataFrame([{
        "time": row["occurred_at"].strftime("%Y-%m-%dT%H:%M:%S"), "when": t.datetime(row["occurred_at"]),
        "channel": row["channel"] or DASH_ROW, "touchpoint": row["touchpoint"] or "", "stage": row["stage"] or "",
        "mood": moods.get(int(row["emotion"])) if not pd.isna(row["emotion"]) else "unknown", "detail": row["detail"]}
        for row in frame.to_dict("records") if not pd.isna(row["occurred_at"])],
        columns=["time", "when", "channel", "touchpoint", "stage", "mood", "detail"])
    short = frame["occurred_at"].max() - frame["occurred_at"].min() < pd.Timedelta(days=7)
    x = {"field": "time", "type": "temporal", "axis": {"title": None, "labelOverlap": True, "tickCount": 6,
                                                       "format": "%e %b, %H:%M" if short else "%e %b %y"}}
    y = {"field": "channel", "type": "nominal", "axis": {"title": None, "grid": True, "gridOpacity": 0.35}}
    tests = {"up": 1, "down": -1, "even": 0}
    layers = [
        {"mark": {"type": "line", "color": MUTED, "opacity": 0.45, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y, "order": {"field": "time", "type": "temporal"}}},
        {"mark": {"type": "point", "filled": True, "size": 150, "opacity": 1},
         "encoding": {"x": x, "y": y, "tooltip": tooltip(when=t("When"), touchpoint=t("Touchpoint"), stage=t("Stage"),
                                                         channel=t("Channel"), detail=t("What was said")),
                      "color": {"condition": [{"test": f"datum.mood === '{mood}'", "value": EMOTION[value]}
                                              for mood, value in tests.items()], "value": "#B9C0C7"},
                      "shape": {"condition": [{"test": f"datum.mood === '{mood}'", "value": EMOTION_SHAPES[value]}
                                              for mood, value in tests.items()], "value": "circle"},
                      "fillOpacity": {"condition": {"test": "datum.mood === 'unknown'", "value": 0.35}, "value": 1}}},
    ]
    alt = "; ".join(f"{row.when} {row.touchpoint}" for row in data.head(30).itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=max(160, 38 * data["channel"].nunique() + 60))


DASH_ROW = "—"
