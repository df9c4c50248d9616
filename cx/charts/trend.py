"""A KPI over time, with its interval, target and comparison; and one customer's time line."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cx.charts.theme import ACCENT, CATEGORIES, EMOTION, EMOTION_SHAPES, MUTED, OTHER, Chart, spec, tooltip
from cx.language import Language


@dataclass(frozen=True)
class Thin:
    """A thin line below the KPI's own, for what it is compared with.

    frame   period (on the present time axis), value, note (what a point is of, in words) [, n]
    dashed  always drawn dashed: not a course of the same kind
    other   what the selection is held against, in its colour
    """

    name: str
    frame: pd.DataFrame
    dashed: bool = False
    other: bool = False


def trend_line(frame: pd.DataFrame, t: Language, *, title: str, shown: Callable[[float | None], str],
               unit: str = "", target: float | None = None, name: Callable[[str], str] | None = None,
               thin: Sequence[Thin] = (), ahead: pd.DataFrame | None = None, odd: Mapping[pd.Timestamp, str] = {},
               notes: Mapping[pd.Timestamp, str] = {}, marks: pd.DataFrame | None = None) -> Chart:
    """A KPI by period. frame: of `kpi.trend`: period, value, lower, upper, n, complete [, key for several lines].

    title     of the value axis, with its unit
    shown     value → text in the KPI's unit
    unit      the KPI's unit; shares are told in percent on the axis, seconds in minutes
    thin      further lines to compare with
    ahead     a forecast: period, value, lower, upper; drawn dashed from the last complete point on
    odd       periods that stand out → why; drawn with a ring
    notes     periods → what else the tooltip says of them (holidays)
    marks     what happened when: day, label; drawn as upright lines
    """
    several = "key" in frame.columns
    lines = [name(key) if name else key for key in frame["key"]] if several else [title] * len(frame)
    data = _points(frame, t, shown, lines, "own")
    data["note"] = ["; ".join(part for part in (odd.get(period, ""), notes.get(period, ""),
                                                "" if complete else t("incomplete period")) if part)
                    for period, complete in zip(frame["period"], frame["complete"], strict=True)]
    data["odd"] = [period in odd for period in frame["period"]]
    data["key"], data["held"] = frame["key"] if several else "", False
    parts = [data]
    parts += [_points(each.frame, t, shown, [each.name] * len(each.frame), "thin").assign(
        note=each.frame["note"], held=each.other) for each in thin]
    if ahead is not None and len(ahead):
        last = frame[frame["complete"] & frame["value"].notna()].tail(1).assign(lower=lambda row: row["value"],
                                                                              upper=lambda row: row["value"])
        both = pd.concat([last, ahead.assign(n=None)], ignore_index=True)
        parts.append(_points(both, t, shown, [t("Forecast")] * len(both), "ahead").assign(
            note=["", *[t("forecast")] * len(ahead)] if len(last) else t("forecast")))
    if marks is not None and len(marks):
        parts.append(pd.DataFrame({"period": marks["day"], "series": "mark", "line": marks["label"],
                                   "when": [t.date(day.date()) for day in marks["day"]]}))
    data = pd.concat(parts, ignore_index=True)
    data["day"] = data["period"].dt.strftime("%Y-%m-%d")
    data["period"] = data["period"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    for column, empty in (("complete", True), ("odd", False), ("held", False)):
        data[column] = data[column].astype(object).where(data[column].notna(), empty).astype(bool)
    texts = ["line", "when", "value_text", "interval_text", "n_text", "note", "series", "key"]
    data[texts] = data[texts].astype(object).where(data[texts].notna(), "")
    dashes = [[5, 4] if each.dashed else _DASHES[place] for place, each in enumerate(thin)]
    layers = _layers(t, title, unit, frame["period"], data, several, dashes)
    if target is not None and not pd.isna(target):
        layers += _target(t, target, shown(target))
    known = data[(data["series"] == "own") & data["value"].notna()]
    alt = f"{title}: " + "; ".join(f"{row.when}: {row.value_text}" for row in known.tail(12).itertuples())
    columns = ["period", "day", "value", "lower", "upper", "complete", "odd", "held", "key", *texts[:-1]]
    return Chart(spec(t, layer=layers), data[columns], alt, height=340)


def _points(frame: pd.DataFrame, t: Language, shown: Callable[[float | None], str], lines: Sequence[str],
            series: str) -> pd.DataFrame:
    """Points of one kind with the texts of their tooltips; kinds are told apart by `series`."""
    lower, upper = (frame[side] if side in frame.columns else pd.Series([None] * len(frame), dtype=float)
                    for side in ("lower", "upper"))
    counts = frame["n"] if "n" in frame.columns else [None] * len(frame)
    return pd.DataFrame({
        "period": frame["period"], "value": frame["value"].astype(float), "lower": lower, "upper": upper,
        "complete": frame["complete"].astype(bool) if "complete" in frame.columns else True, "odd": False,
        "line": list(lines), "series": series, "note": "",
        "when": [t.date(period.date()) for period in frame["period"]], "value_text": [shown(v) for v in frame["value"]],
        "interval_text": ["" if pd.isna(low) else t.interval(shown(low), shown(high))
                          for low, high in zip(lower, upper, strict=True)],
        "n_text": ["" if pd.isna(n) else t.number(n) for n in counts]})


def _layers(t: Language, title: str, unit: str, periods: pd.Series, data: pd.DataFrame,
            several: bool, dashes: Sequence[Sequence[int]] = ()) -> list[dict[str, Any]]:
    x = {"field": "period", "type": "temporal", "axis": {"title": None, "format": _time_format(periods),
                                                         "labelOverlap": True, "tickCount": 8}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
                         "axis": {"title": title, "titleFontWeight": "normal", "tickCount": 5,
                                  **_value_axis(unit, data, t)}}
    order = list(dict.fromkeys(data.loc[data["series"] == "own", "line"]))
    colour: dict[str, Any] = {"value": ACCENT} if not several else {
        "field": "line", "type": "nominal", "scale": {"domain": order, "range": CATEGORIES}}
    named = several or set(data["series"]) != {"own"}
    hover = tooltip(**({"line": t("Name")} if named else {}), when=t("Period from"), value_text=t("Value"),
                    interval_text=t("95% interval"), n_text=t("Answers"), note=t("Note"))
    curve: dict[str, Any] = {"interpolate": "monotone"}
    layers: list[dict[str, Any]] = []
    kinds = set(data["series"])
    if "mark" in kinds:
        happened = tooltip(when=t("Day"), line=t("What happened"))
        where = [{"filter": "datum.series === 'mark'"}]
        layers += [
            {"mark": {"type": "rule", "color": MUTED, "strokeWidth": 1, "opacity": 0.55}, "transform": where,
             "encoding": {"x": x, "tooltip": happened}},
            {"mark": {"type": "point", "shape": "triangle-down", "filled": True, "size": 110, "color": MUTED,
                      "opacity": 1, "y": 4}, "transform": where, "encoding": {"x": x, "tooltip": happened}}]
    band = {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}
    if not several:
        layers.append({"mark": {"type": "area", "color": ACCENT, "opacity": 0.15, **curve},
                       "transform": [{"filter": "datum.series === 'own' && datum.complete"}], "encoding": band})
    if "thin" in kinds:
        thin = [{"filter": "datum.series === 'thin'"}]
        names = list(dict.fromkeys(data.loc[data["series"] == "thin", "line"]))
        dash = {"field": "line", "type": "nominal", "legend": {"symbolType": "stroke"},
                "scale": {"domain": names, "range": list(dashes)}}
        for tint, of, there in ((MUTED, "!datum.held", ~data["held"]), (OTHER, "datum.held", data["held"])):
            if (data["series"].eq("thin") & there).any():
                layers.append({"mark": {"type": "line", "strokeWidth": 1.5, "color": tint, **curve},
                               "transform": [*thin, {"filter": of}],
                               "encoding": {"x": x, "y": y, "strokeDash": dash}})
        layers += [
            {"mark": {"type": "point", "filled": True, "size": 26, "opacity": 1}, "transform": thin,
             "encoding": {"x": x, "y": y, "tooltip": hover,
                          "color": {"condition": {"test": "datum.held", "value": OTHER}, "value": MUTED}}}]
    if "ahead" in kinds:
        where = [{"filter": "datum.series === 'ahead'"}]
        layers += [
            {"mark": {"type": "area", "color": ACCENT, "opacity": 0.08, **curve}, "transform": where, "encoding": band},
            {"mark": {"type": "line", "strokeWidth": 2, "strokeDash": [5, 4], "color": ACCENT, **curve},
             "transform": where, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": False, "size": 55, "color": ACCENT, "strokeWidth": 1.5, "opacity": 1},
             "transform": [{"filter": "datum.series === 'ahead' && datum.note"}],
             "encoding": {"x": x, "y": y, "tooltip": hover}}]
    own = [{"filter": "datum.series === 'own'"}]
    layers += [
        {"mark": {"type": "line", "strokeWidth": 2.5, **curve},
         "transform": [{"filter": "datum.series === 'own' && datum.complete"}],
         "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "strokeWidth": 2}, "transform": own,
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["day", "key"], "nearest": True}}],
         "encoding": {"x": x, "y": y, "color": colour, "stroke": colour, "tooltip": hover,
                      "fillOpacity": {"condition": {"test": "datum.complete", "value": 1}, "value": 0}}}]
    if data["odd"].any():
        layers.append({"mark": {"type": "point", "filled": False, "shape": "diamond", "size": 420, "strokeWidth": 2,
                                "color": EMOTION[-1], "opacity": 1}, "transform": [{"filter": "datum.odd"}],
                       "encoding": {"x": x, "y": y, "tooltip": hover}})
    return layers


def _target(t: Language, target: float, text: str) -> list[dict[str, Any]]:
    once: dict[str, Any] = {"data": {"values": [{}]}}  # or it would be drawn for every row
    y = {"datum": target, "type": "quantitative"}
    return [{**once, "mark": {"type": "rule", "strokeDash": [6, 4], "color": MUTED, "strokeWidth": 1.5},
             "encoding": {"y": y}},
            {**once, "mark": {"type": "text", "align": "right", "dy": -7, "opacity": 0.8, "fontSize": 12, "x": "width"},
             "encoding": {"y": y, "text": {"value": f"{t('Target')} {text}"}}}]


def _value_axis(unit: str, data: pd.DataFrame, t: Language) -> dict[str, Any]:
    if unit == "share":
        percent = "format(datum.value * 100, '.2~f')"
        return {"labelExpr": f"'%' + {percent}" if t.code == "tr" else f"{percent} + '%'"}
    if unit == "seconds":
        ends = data[["value", "lower", "upper"]].stack()
        values = _round_times(float(ends.min()), float(ends.max())) if len(ends) else []
        return {"values": values, "labelExpr": f"({json.dumps({value: t.duration(value) for value in values})})"
                                               "[datum.value]"}
    return {}


def _round_times(low: float, high: float) -> list[int]:
    """Four to eight seconds to stand on an axis: whole minutes, quarters of an hour, days…"""
    step = next((step for step in _STEPS if (high - low) / step <= 6), math.ceil((high - low) / 6 / 864_000) * 864_000)
    return list(range(math.floor(low / step) * step, math.ceil(high / step) * step + 1, step))


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
    y = {"field": "channel", "type": "nominal",
         "axis": {"title": None, "grid": True, "gridOpacity": 0.35, "labelPadding": 14}}  # the first point keeps off it
    tests = {"up": 1, "down": -1, "even": 0}
    layers = [
        {"mark": {"type": "line", "color": MUTED, "opacity": 0.45, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y, "order": {"field": "time", "type": "temporal"}}},
        {"mark": {"type": "point", "filled": True, "size": 150, "opacity": 1, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y, "tooltip": tooltip(when=t("When"), touchpoint=t("Touchpoint"), stage=t("Stage"),
                                                         channel=t("Channel"), detail=t("What was said")),
                      "color": {"condition": [{"test": f"datum.mood === '{mood}'", "value": EMOTION[value]}
                                              for mood, value in tests.items()], "value": MUTED},
                      "shape": {"condition": [{"test": f"datum.mood === '{mood}'", "value": EMOTION_SHAPES[value]}
                                              for mood, value in tests.items()], "value": "circle"},
                      "fillOpacity": {"condition": {"test": "datum.mood === 'unknown'", "value": 0}, "value": 1},
                      "stroke": {"condition": {"test": "datum.mood === 'unknown'", "value": MUTED}, "value": None}}},
    ]
    alt = "; ".join(f"{row.when} {row.touchpoint}" for row in data.head(30).itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=max(160, 38 * data["channel"].nunique() + 60))


DASH_ROW = "—"
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 172_800, 432_000,
          864_000)  # seconds between marks of an axis
_DASHES = [[1, 0], [2, 3], [8, 3]]  # of thin lines, told apart without colour
