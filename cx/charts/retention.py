"""The cohort table as a heat map, and retention curves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.charts.theme import ACCENT, CATEGORIES, INK, MUTED, OTHER, Chart, spec, tooltip
from cx.frames import records
from cx.language import Language

SHADES = ["#E4F1EF", "#A9D8D1", "#6DBDB3", "#3FA095"]  # all pale enough for dark text
MOST_WITH_TEXT = 27  # columns; more are too narrow for numbers
MOST_LINES = len(CATEGORIES)
_PERCENT = {"en": "format(datum.value * 100, '.2~f') + '%'", "tr": "'%' + format(datum.value * 100, '.2~f')"}
_FIRST_FORM = {"week": "d MMM yy", "month": "LLL y", "quarter": "QQQ y"}


def cohort_name(cohort: dt.date, interval: str, t: Language) -> str:
    """`Jan 2025`, `Q1 2025`, `6 Jan 25` (the Monday)."""
    return t.date(cohort, _FIRST_FORM[interval])


def age_axis(interval: str, t: Language) -> str:
    """What ages count."""
    return {"week": t("Weeks after the first"), "month": t("Months after the first"),
            "quarter": t("Quarters after the first")}[interval]


def cohort_heat(frame: pd.DataFrame, t: Language, interval: str) -> Chart:
    """A row per cohort, a column per age; the first column tells how many customers there are.

    frame: of `retention.cohorts()`. Cells that may still rise are pale with a dashed edge, those of few customers have
    slanted numbers.
    """
    rows = records(frame)
    top = float(frame.loc[frame["age"] > 0, "value"].max()) if (frame["age"] > 0).any() else 1.0
    data = pd.DataFrame([{
        "cohort": f"{row['cohort']:%Y-%m-%d}", "age": int(row["age"]),
        "row": cohort_name(row["cohort"].date(), interval, t) + (" *" if row["first_of_data"] else ""),
        "value": row["value"], "open": not row["complete"], "few": bool(row["few"]),
        "shown": t.number(row["customers"]) if row["age"] == 0 else t.number(row["value"] * 100),
        "share": t.percent(row["value"]), "interval": t.interval(t.percent(row["lower"]), t.percent(row["upper"])),
        "when": cohort_name(row["period"].date(), interval, t), "active": t.number(row["active"]),
        "size": t.number(row["customers"]),
        "note": "; ".join(words for words, holds in (
            (t("may still rise"), not row["complete"]), (t("few customers"), row["few"]),
            (t("may hold older customers"), row["first_of_data"])) if holds)} for row in rows],
        columns=["cohort", "age", "row", "value", "open", "few", "shown", "share", "interval", "when", "active", "size",
                 "note"])
    columns = int(frame["age"].max()) + 1 if len(frame) else 1
    n = t("Customers")
    x: dict[str, Any] = {"field": "age", "type": "ordinal", "scale": {"paddingInner": 0.04}, "axis": {
        "title": age_axis(interval, t), "titleFontWeight": "normal", "orient": "top", "labelAngle": 0,
        "labelExpr": f"datum.value == 0 ? (width < 16 * {columns} ? '' : width < 60 * {columns} ? 'n' : '{n}') "
                     f": datum.value"}}
    y = {"field": "row", "type": "nominal", "sort": {"field": "cohort"}, "scale": {"paddingInner": 0.06},
         "axis": {"title": None, "grid": False, "labelOverlap": True}}
    hover = tooltip(row=t("First in"), when=t("Active in"), share=t("Still there"), interval=t("95% interval"),
                    active=t("Customers there"), size=t("Customers at the start"), note=t("Note"))
    height = 27 if data["row"].nunique() <= MOST_WITH_TEXT else 13
    size = {"expr": f"clamp(width / {columns} / 2.9, 9, {height / 2})"}
    narrow = f"width < 22 * {columns}"
    layers = [
        {"mark": {"type": "rect", "cornerRadius": 3, "strokeDash": [3, 3]}, "transform": [{"filter": "datum.age > 0"}],
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["cohort", "age"]}}],
         "encoding": {"x": x, "y": y, "tooltip": hover,
                      "color": {"field": "value", "type": "quantitative", "legend": None,
                                "scale": {"domain": [0, top / 3, top * 2 / 3, max(top, 0.01)], "range": SHADES}},
                      "fillOpacity": {"condition": {"test": "datum.open", "value": 0.28}, "value": 1},
                      "stroke": {"condition": {"test": "datum.open", "value": MUTED}, "value": None}}},
        {"mark": {"type": "text", "fontSize": size, "fontWeight": 600,
                  "opacity": {"expr": f"width < 16 * {columns} ? 0 : 1"}},
         "transform": [{"filter": "datum.age === 0"}],
         "encoding": {"x": x, "y": y, "text": {"field": "shown"}, "tooltip": hover}},
    ]
    if columns <= MOST_WITH_TEXT:
        for few, style in (("!datum.few", "normal"), ("datum.few", "italic")):
            layers.append({
                "mark": {"type": "text", "fontSize": size, "fontStyle": style, "color": INK["light"],
                         "opacity": {"expr": f"{narrow} ? 0 : 1"}},
                "transform": [{"filter": f"datum.age > 0 && !datum.open && {few}"}],
                "encoding": {"x": x, "y": y, "text": {"field": "shown"}}})
        layers.append({
            "mark": {"type": "text", "fontSize": size, "opacity": {"expr": f"{narrow} ? 0 : 0.8"}},
            "transform": [{"filter": "datum.age > 0 && datum.open"}],
            "encoding": {"x": x, "y": y, "text": {"field": "shown"}}})
    alt = "; ".join(f"{row.row} +{row.age}: {row.share}" for row in data[data["age"] > 0].head(40).itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=max(130, height * data["row"].nunique() + 56))


def retention_curve(frame: pd.DataFrame, t: Language, interval: str, name: Callable[[str], str] | None = None,
                    beside: pd.DataFrame | None = None, other_name: str = "") -> Chart:
    """Share still there by age, with its interval as a band, or (with `name` for keys) a line per group.

    frame: of `retention.curve()`; age 0, where everybody is there, is not drawn. Of many groups the largest
    `MOST_LINES` are. Points of few customers are hollow. beside: the same of another period or group, called
    `other_name`, drawn dashed.
    """
    later = frame[frame["age"] > 0]
    if name is not None:
        kept = list(dict.fromkeys(later["key"]))[:MOST_LINES]
        later = later[later["key"].isin(kept)]
    rows = records(later)
    data = pd.DataFrame([{
        "key": row["key"] if name else "", "age": int(row["age"]), "value": row["value"], "lower": row["lower"],
        "upper": row["upper"], "line": name(row["key"]) if name else "", "few": bool(row["few"]),
        "share": t.percent(row["value"]), "short": t.percent(row["value"], 0),
        "interval": t.interval(t.percent(row["lower"]), t.percent(row["upper"])),
        "n": t.number(row["n"]), "cohorts": t.number(row["cohorts"]),
        "note": t("few customers") if row["few"] else ""} for row in rows],
        columns=["key", "age", "value", "lower", "upper", "line", "few", "share", "short", "interval", "n",
                 "cohorts", "note"])
    other = {} if beside is None else {int(row["age"]): row for row in records(beside) if row["age"] > 0}
    data = data.assign(other=[other.get(age, {}).get("value") for age in data["age"]],
                       other_share=[t.percent(other.get(age, {}).get("value")) for age in data["age"]])
    ages = sorted(set(data["age"]))
    x = {"field": "age", "type": "quantitative", "scale": {"domain": [0.7, max([*ages, 2]) + 0.3], "nice": False},
         "axis": {"title": age_axis(interval, t), "titleFontWeight": "normal", "values": ages, "format": "d",
                  "labelOverlap": True}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": {"zero": True, "nice": True},
                         "axis": {"title": t("Still there"), "titleFontWeight": "normal", "tickCount": 5,
                                  "labelExpr": _PERCENT[t.code]}}
    order = list(dict.fromkeys(data["line"]))
    colour: dict[str, Any] = {"value": ACCENT} if name is None else {
        "field": "line", "type": "nominal", "scale": {"domain": order, "range": CATEGORIES}}
    hover = tooltip(**({"line": t("Name")} if name else {}), age=age_axis(interval, t), share=t("Still there"),
                    interval=t("95% interval"), n=t("Customers at the start"), cohorts=t("Cohorts"), note=t("Note"),
                    **({"other_share": other_name} if other else {}))
    layers: list[dict[str, Any]] = [] if not other else [
        {"mark": {"type": mark, "color": OTHER, "strokeDash": [7, 4], "strokeWidth": 2, "shape": "diamond", "size": 60,
                  "filled": mark == "point", "aria": False},
         "transform": [{"filter": "isValid(datum.other)"}], "encoding": {"x": x, "y": {**y, "field": "other"},
                                                                        "tooltip": hover}}
        for mark in ("line", "point")]
    if name is None:
        layers.append({"mark": {"type": "area", "color": ACCENT, "opacity": 0.15, "interpolate": "monotone"},
                       "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}})
    layers += [
        {"mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "monotone"},
         "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "strokeWidth": 1.5},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["key", "age"]}}],
         "encoding": {"x": x, "y": y, "color": colour, "stroke": colour,
                      "tooltip": hover,
                      "fillOpacity": {"condition": {"test": "datum.few", "value": 0}, "value": 1}}},
    ]
    if name is None:
        layers.append({"mark": {"type": "text", "dx": 6, "dy": -13, "fontSize": 12, "fontWeight": 600},
                       "transform": [{"filter": f"width > 38 * {len(ages)} || datum.age % 3 === 1"}],
                       "encoding": {"x": x, "y": y, "text": {"field": "short"}}})
    alt = "; ".join(f"{row.line} {row.age}: {row.share}".strip() for row in data.head(40).itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=340)
