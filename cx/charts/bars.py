"""Horizontal bars: funnel steps, shares of feelings, and any measure by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.charts.theme import ACCENT, CATEGORIES, MUTED, OTHER, Chart, names_axis, rows_high, spec, tooltip, wrap
from cx.frames import records
from cx.language import DASH, Language
from cx.model import EMOTIONS

_ROW = 34  # pixels a bar takes
PICKED = {"name": "picked", "select": {"type": "point", "fields": ["key"]}}


def funnel_bars(frame: pd.DataFrame, t: Language, name: Callable[[str], str], beside: pd.DataFrame | None = None,
                other_name: str = "") -> Chart:
    """One bar a step, its length the share of those who entered.

    frame  of `funnel()` without breakdown: step, position, reached, from_previous, from_first, lower, upper,
           median_seconds
    beside of `funnel_compare.compare()`: what it says of the other side, called `other_name`, is marked on the bars
    """
    kept = ["other_from_first", "other_reached"]
    others = {} if beside is None else beside.set_index("position")[kept].to_dict("index")
    data = pd.DataFrame([{
        "step": wrap(name(row.step), 24), "position": row.position,
        "share": 0.0 if pd.isna(row.from_first) else float(row.from_first), "customers": t.number(row.reached),
        "from_first": t.percent(row.from_first), "from_previous": t.percent(row.from_previous),
        "interval": t.interval(t.percent(row.lower), t.percent(row.upper)),
        "median": t.duration(row.median_seconds),
        "other": others.get(row.position, {}).get("other_from_first"),
        "other_text": f"{t.number(others.get(row.position, {}).get('other_reached'))} · "
                      f"{t.percent(others.get(row.position, {}).get('other_from_first'))}",
        "shown": t.number(row.reached) if row.position == 1
        else f"{t.number(row.reached)}  ·  {t.percent(row.from_previous, 0)}"} for row in frame.itertuples()])
    y = {"field": "step", "type": "nominal", "sort": data["step"].tolist(), "scale": {"paddingInner": 0.3},
         "axis": names_axis(labelFontSize=13)}
    scale = {"domainMin": 0, "domainMax": {"expr": "width < 420 ? 1.9 : 1.28"}, "nice": False}  # room for the texts
    x: dict[str, Any] = {"field": "share", "type": "quantitative", "scale": scale, "axis": None}
    hover = tooltip(step=t("Step"), customers=t("Customers"), from_previous=t("Of the step before"),
                    from_first=t("Of the first step"), interval=t("95% interval"), median=t("Median time from before"),
                    **({"other_text": other_name} if others else {}))
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": ACCENT, "opacity": 0.14, "cornerRadiusEnd": 3},
         "encoding": {"y": y, "x": {"datum": 1, "type": "quantitative", "scale": scale, "axis": None}}},
        {"mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 3},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["position"]}}],
         "encoding": {"y": y, "x": x, "tooltip": hover,
                      "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.4}}},
        *(_other_marks(y, x, "other", 40, hover) if others else []),
        {"mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 13, "fontWeight": 600},
         "encoding": {"y": y, "x": {"datum": 1, "type": "quantitative"}, "text": {"field": "shown"}}},
    ]
    alt = "; ".join(f"{name(row.step)}: {t.number(row.reached)}" for row in frame.itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=max(120, 58 * len(data)))


def measure_bars(data: pd.DataFrame, t: Language, *, value_title: str, hover: dict[str, str] | None = None,
                 beside: pd.DataFrame | None = None, other_name: str = "", most: int | None = None) -> Chart:
    """Sorted bars. data: key, name, value (0 or more), text (shown at the end), columns named in `hover` (→ title).

    beside  the same of another period or group, called `other_name`: a mark on the bar of the same key
    most    how many rows are drawn; None = all
    """
    data, y, lines = _rows(_with_other(data.head(most or len(data)), beside), t, value_title, hover, other_name)
    highest = float(data[["value", "other_value"]].max().max()) if len(data) else 0.0
    room = 16 + 7 * max((len(str(each)) for each in data["text"]), default=0)  # pixels for the texts
    scale = {"domainMin": 0, "domainMax": {"expr": f"{highest or 1} * width / max(width - {room}, width / 3)"},
             "nice": False}
    x: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": scale, "axis": None}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 3}, "params": [PICKED],
         "encoding": {"y": y, "x": x, "tooltip": lines,
                      "opacity": {"condition": {"param": "picked", "value": 0.9}, "value": 0.4}}},
        {"mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12},
         "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "label"}}},
        *([] if beside is None else _other_marks(y, x, "other_value", 24, lines)),
    ]
    return Chart(spec(t, layer=layers), data, _alt(data), height=max(90, rows_high(data["row"], _ROW) + 20),
                 told=_told(data))


def measure_dots(data: pd.DataFrame, t: Language, *, value_title: str, hover: dict[str, str] | None = None,
                 beside: pd.DataFrame | None = None, other_name: str = "") -> Chart:
    """Values with their intervals, a row each; a line marks 0 where it lies among them. data, beside: as
    `measure_bars`, with lower and upper."""
    data, y, lines = _rows(_with_other(data, beside), t, value_title, hover, other_name)
    y["axis"]["labelPadding"] = 12  # a dot at the outer end keeps off its name
    ends = data[[f"{side}{name}" for side in ("", "other_") for name in ("value", "lower", "upper")]].astype(float)
    low, high = float(ends.min().min()), float(ends.max().max())
    low, high = (0.0, 1.0) if math.isnan(low) else (low, high)
    span, half = high - low or abs(high) or 1.0, 6 + 3.5 * max((len(str(each)) for each in data["text"]), default=0)
    room = f"{span} * max({half} / max(width - {2 * half}, width / 3), 0.08)"  # pixels for half a text at either end
    scale = {"domainMin": 0 if 0 <= low < 0.4 * high else {"expr": f"{low} - {room}"},
             "domainMax": {"expr": f"{high} + {room}"}, "nice": False, "zero": False}
    x: dict[str, Any] = {"field": "value", "type": "quantitative", "scale": scale, "axis": None}
    nothing = {  # a piece on every row, below the text that stands over its dot
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": MUTED, "yOffset": -5, "y2Offset": 21},
        "encoding": {"y": y, "y2": {"field": "row"},
                     "x": {"datum": 0, "type": "quantitative", "scale": scale, "axis": None}}}
    layers: list[dict[str, Any]] = [
        *([nothing] if low < 0 < high else []),
        *([] if beside is None else _other_dots(y, x, lines)),
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4, "color": ACCENT, "strokeCap": "round"},
         "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "tooltip": lines}},
        {"mark": {"type": "point", "filled": True, "size": 120, "color": ACCENT, "opacity": 1}, "params": [PICKED],
         "encoding": {"y": y, "x": x, "tooltip": lines}},
        {"mark": {"type": "text", "dy": -13, "fontSize": 12, "fontWeight": 600},
         "encoding": {"y": y, "x": x, "text": {"field": "text"}}},
        *([] if data["value"].notna().all() else [
            {"transform": [{"filter": "!isValid(datum.value)"}], "mark": {"type": "text", "dy": -4, "fontSize": 12},
             "encoding": {"y": y, "x": {**x, "field": "other_value"}, "text": {"field": "label"}}}]),
    ]
    return Chart(spec(t, layer=layers), data, _alt(data), height=max(110, 42 * len(data) + 24), told=_told(data))


def duration_columns(frame: pd.DataFrame, t: Language) -> Chart:
    """How many customers took how long. frame: of `funnel.time_to_convert()`."""
    data = frame.assign(key=[str(number) for number in range(len(frame))],
                        count=[t.number(n) for n in frame["customers"]],
                        span=[t.interval(t.duration(low), t.duration(high)) for low, high in
                              zip(frame["lower_seconds"], frame["upper_seconds"], strict=True)])
    longest = float(frame["upper_seconds"].max()) if len(frame) else 0.0
    unit, name = next(((size, name) for size, name in ((86400, t("days")), (3600, t("hours")), (60, t("minutes")))
                       if longest >= 2 * size), (1, t("seconds")))
    data = data.assign(low=frame["lower_seconds"] / unit, high=frame["upper_seconds"] / unit)
    x = {"field": "low", "type": "quantitative", "bin": "binned", "axis": {"title": name, "tickCount": 8}}
    layers = [{"mark": {"type": "bar", "orient": "vertical", "color": ACCENT, "opacity": 0.9}, "params": [PICKED],
               "encoding": {"x": x, "x2": {"field": "high"},
                            "y": {"field": "customers", "type": "quantitative",
                                  "axis": {"title": t("Customers"), "tickCount": 4, "tickMinStep": 1,
                                           "titleFontWeight": "normal"}},
                            "tooltip": tooltip(span=t("How long"), count=t("Customers"))}}]
    alt = "; ".join(f"{row.span}: {row.count_}" for row in data.rename(columns={"count": "count_"}).itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=300)


def _with_other(data: pd.DataFrame, beside: pd.DataFrame | None) -> pd.DataFrame:
    """The data with what the other side has of the same key: other_value, other_text, other_lower, other_upper; end,
    where both bar and mark are over; and label, the text to show. Where the sides have no key in common (two personas
    by persona), the rows of the other follow."""
    kept = ["value", "text", "lower", "upper"]
    if beside is None:
        data = data.assign(**{f"other_{name}": None if name == "text" else float("nan") for name in kept})
    else:
        other = beside.reindex(columns=["key", *kept]).drop_duplicates("key").set_index("key")
        if "name" in beside and not set(data["key"]) & set(other.index):
            more = beside.drop_duplicates("key").head(max(len(data), 10)).reindex(columns=data.columns)
            more = more.assign(**{name: math.nan for name in ("value", "lower", "upper") if name in more}, text=DASH)
            data = pd.concat([data, more], ignore_index=True)
        data = data.assign(**{f"other_{name}": data["key"].map(other[name]).astype(object if name == "text" else float)
                              for name in kept})
    return data.assign(end=data[["value", "other_value"]].max(axis=1),
                       label=data["text"].where(data["value"].notna() | data["other_text"].isna(), data["other_text"]))


def _other_marks(y: dict[str, Any], x: dict[str, Any], field: str, size: int,
                 lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The other side as a mark across each bar."""
    return [{"transform": [{"filter": f"isValid(datum.{field})"}],
             "mark": {"type": "tick", "color": OTHER, "thickness": 4, "bandSize": size, "aria": False, "opacity": 1},
             "encoding": {"y": y, "x": {**x, "field": field}, "tooltip": lines}}]


def _other_dots(y: dict[str, Any], x: dict[str, Any], lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The other side below each dot."""
    known = [{"filter": "isValid(datum.other_value)"}]
    return [
        {"transform": known, "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "color": OTHER, "yOffset": 9},
         "encoding": {"y": y, "x": {**x, "field": "other_lower"}, "x2": {"field": "other_upper"}}},
        {"transform": known, "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70, "color": OTHER,
                                      "opacity": 1, "yOffset": 9, "aria": False},
         "encoding": {"y": y, "x": {**x, "field": "other_value"}, "tooltip": lines}}]


def _rows(data: pd.DataFrame, t: Language, value_title: str, hover: dict[str, str] | None, other_name: str) -> tuple[
        pd.DataFrame, dict[str, Any], list[dict[str, str]]]:
    """The data with wrapped names, the axis that shows them in the given order, and the tooltip."""
    y = {"field": "row", "type": "nominal", "sort": None,
         "axis": names_axis(labelLimit=240)}
    return (data.assign(row=[wrap(str(each), 30) for each in data["name"]]), y,
            tooltip(name=t("Name"), text=value_title, **({"other_text": other_name} if other_name else {}),
                    **(hover or {})))


def _alt(data: pd.DataFrame) -> str:
    return "; ".join(f"{row['name']}: {row['label']}" for row in records(data))


def _told(data: pd.DataFrame) -> dict[str, str]:
    return {row: f"{name}: {label}" for row, name, label in zip(data["row"], data["name"], data["label"], strict=True)}


def stacked_shares(data: pd.DataFrame, t: Language, classes: dict[str, str],
                   colours: list[str] | None = None) -> Chart:
    """Bars that add up to 100 %. data: key, name, class (a key of `classes`), share, n; classes: key → title, in order.
    """
    data = data.assign(row=[wrap(str(each), 24) for each in data["name"]],
                       part=data["class"].map(classes), shown=[t.percent(share, 0) for share in data["share"]],
                       counted=[t.number(n) for n in data["n"]],
                       order=data["class"].map({key: place for place, key in enumerate(classes)}))
    colour = {"field": "part", "type": "nominal",
              "scale": {"domain": list(classes.values()), "range": colours or CATEGORIES[:len(classes)]}}
    y = {"field": "row", "type": "nominal", "sort": None,
         "axis": names_axis()}
    x = {"field": "share", "type": "quantitative", "stack": "zero", "axis": None, "scale": {"domain": [0, 1]}}
    layers = [
        {"mark": {"type": "bar"},
         "params": [{"name": "picked", "select": {"type": "point", "fields": ["key", "class"]}}],
         "encoding": {"y": y, "x": x, "color": colour, "order": {"field": "order"},
                      "tooltip": tooltip(name=t("Name"), part=t("Class"), shown=t("Share"), counted=t("Count"))}},
        {"mark": {"type": "text", "color": "white", "fontSize": 12, "fontWeight": 600},
         "encoding": {"y": y, "x": {**x, "bandPosition": 0.5}, "order": {"field": "order"}, "detail": {"field": "part"},
                      "text": {"condition": {"test": "datum.share >= 0.07", "field": "shown"}, "value": ""}}},
    ]
    alt = "; ".join(f"{name}: " + ", ".join(f"{row['part']} {row['shown']}" for row in records(group))
                    for name, group in data.groupby("name", sort=False))
    return Chart(spec(t, layer=layers), data, alt, height=max(110, rows_high(data["row"], _ROW) + 70))


def emotion_shares(frame: pd.DataFrame, t: Language, name: Callable[[str], str]) -> Chart:
    """Share negative, neutral, positive by name. frame: key, negative, neutral, positive, n."""
    classes = {"negative": t(EMOTIONS[-1]), "neutral": t(EMOTIONS[0]), "positive": t(EMOTIONS[1])}
    long = pd.DataFrame([{"key": row["key"], "name": name(row["key"]), "class": each, "share": row[each],
                          "n": round(row[each] * row["n"])}
                         for row in records(frame) if row["n"] for each in classes],
                        columns=["key", "name", "class", "share", "n"])
    return stacked_shares(long, t, classes, ["#C24A17", "#6B727B", "#0B766E"])
