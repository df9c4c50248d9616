"""The journey as one picture: how many customers reach each stage, who is lost on the way, and how it feels there, on
one axis. Upright for a laptop or wall, lying for a phone.

Both are drawn on a canvas of their own units, so that bars, losses and feelings keep their places whatever the numbers:
a bar is as long as the share of the first stage, feelings run from −100 to +100.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cx.charts.theme import (
    ACCENT,
    EMOTION,
    EMOTION_SHAPES,
    MUTED,
    OTHER,
    Chart,
    spec,
    tooltip,
    wrap,
)
from cx.findings.funnel import worst_step
from cx.frames import records
from cx.language import Language

Name = Callable[[str], str]
_MANY = 7  # stages; from here on bars are slim, so that the losses between them can be read
_HIGH, _NO_FEELINGS = 470, 290  # of the upright canvas, with and without the part above
_BASE, _BAR = 62, 178  # where its bars stand, and how high the first one is
_ZERO, _UP = 348, 0.78  # where its feelings are neither good nor bad, and one point of net emotion
_ROW, _LONG = 74, 100  # of the lying canvas: a stage, and the width, of which the first bar takes _FIRST
_FIRST, _NEUTRAL, _ASIDE = 42, 76, 0.13


def feeling(net: float | None, lower: float | None, upper: float | None) -> int | None:
    """1 where net emotion is above zero beyond doubt, -1 where below, 0 where the interval holds zero; None unknown."""
    if net is None or lower is None or upper is None or pd.isna(net):
        return None
    return 1 if lower > 0 else -1 if upper < 0 else 0


def journey(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Name, other: pd.DataFrame | None = None,
            other_curve: pd.DataFrame | None = None, other_name: str = "") -> Chart:
    """Bars of customers by stage with the losses between them and the emotion curve above.

    funnel  frame of `funnel(by="stage")`: step (stage key), position, reached, from_previous, from_first
    curve   frame of `emotion.curve(by="stage")`: key, net, lower, upper, n
    name    stage key → name to show
    other, other_curve  the same of another period or group, drawn as a ghost called `other_name`
    """
    data = _data(funnel, curve, t, name, 13, other, other_curve, other_name)
    many, half = max(len(funnel), 1), _half(len(funnel))
    high = _HIGH if (~np.isnan(data["net"])).any() else _NO_FEELINGS
    top, other_top = _BASE + _BAR * data["share"], _BASE + _BAR * data["other_share"]
    data = data | {
        "left": data["at"] - half, "right": data["at"] + half, "foot": _BASE, "top": top, "other_top": other_top,
        "floor": 0, "roof": high, "label_at": np.fmax(top, other_top), "name_at": _BASE - 12,
        **{f"{each}_y": _ZERO + _UP * data[each] for each in _NETS}}
    x: dict[str, Any] = {"type": "quantitative", "axis": None, "scale": {"domain": [-0.5, many - 0.5], "nice": False}}
    y: dict[str, Any] = {"type": "quantitative", "axis": None, "scale": {"domain": [0, high], "nice": False}}

    def at(horizontal: str, vertical: str, **ends: str) -> dict[str, Any]:
        return {"x": {**x, "field": horizontal}, "y": {**y, "field": vertical},
                **{end: {"field": column} for end, column in ends.items()}}

    narrow = f"width < {many * 74}"
    layers = [
        _on("stage", "datum.mark === 'hurts'", {"type": "rect", "color": EMOTION[-1], "opacity": 0.1, "aria": False},
            {**at("from_x", "floor", y2="roof"), "x2": {"field": "to_x"}}),
        _on("link", "!datum.worst", {"type": "area", "color": ACCENT, "opacity": 0.16}, at("x", "top", y2="foot"),
            detail="link"),
        _on("link", "datum.worst", {"type": "area", "color": EMOTION[-1], "opacity": 0.24}, at("x", "top", y2="foot"),
            detail="link"),
        _on("stage", None, {"type": "rect", "color": ACCENT, "cornerRadius": 2},
            {**at("left", "foot", x2="right", y2="top"), "tooltip": _hover(t, other_name),
             "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.4}},
            params=[{"name": "picked", "select": {"type": "point", "fields": ["key"]}}]),
        _on("stage", "isValid(datum.other_top)",
            {"type": "rect", "filled": False, "stroke": OTHER, "strokeWidth": 2, "strokeDash": [5, 3], "aria": False},
            at("left", "foot", x2="right", y2="other_top")),
        _on("stage", None, {"type": "text", "dy": -10, "fontSize": 14, "fontWeight": 700}, {
            **at("at", "label_at"), "text": {"field": "customers"}}),
        _on("stage", None, {"type": "text", "baseline": "top", "lineBreak": "\n",
                            "fontSize": {"expr": f"{narrow} ? 10 : 13"}}, {
            **at("at", "name_at"), "text": {"field": "stage"}}),
        _on("gap", None, {"type": "text", "fontSize": {"expr": f"{narrow} ? 11 : 13"},
                          "fontWeight": {"expr": "datum.worst ? 800 : 500"}}, {
            **at("at", "middle"), "text": {"field": "lost"}}),
        *([] if high < _HIGH else [
            {**_ONCE, "mark": _LINE, "encoding": {"y": {**y, "datum": _ZERO}}},
            *(_zone(words, {"x": {**x, "datum": -0.5}, "y": {**y, "datum": at_y}}) for words, at_y in (
                (t("How it feels"), _HIGH - 8), (t("How many get there"), _BASE + _BAR + 34)) if many < _MANY)]),
        *_feelings(lambda end, at_y: at("at", at_y, **({"y2": end} if end else {})), "y", t, other_name,
                   {"dy": {"expr": "datum.mood === 'down' ? 19 : -17"}}),
        _on("stage", "datum.tag !== ''", {"type": "text", "fontSize": {"expr": f"{narrow} ? 10 : 12"}, "dy": 8,
                                          "fontStyle": "italic"}, {
            **at("at", "roof"), "text": {"field": "tag"}}),
    ]
    return Chart(spec(t, layer=layers), _frame(data), _alt(data, t), height=high)


def journey_rows(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Name, other: pd.DataFrame | None = None,
                 other_curve: pd.DataFrame | None = None, other_name: str = "") -> Chart:
    """The same lying: a row per stage, customers to the left, feelings to the right; for narrow screens and many
    stages. Arguments as of `journey`."""
    data = _data(funnel, curve, t, name, 60, other, other_curve, other_name)
    many = max(len(funnel), 1)
    at_y = data["at"]
    data = data | {
        "upper_edge": 0.02 - at_y, "lower_edge": -0.34 - at_y, "name_row": 0.2 - at_y, "foot": 0,
        "top": _FIRST * data["share"], "other_top": _FIRST * data["other_share"], "floor": 0, "roof": _LONG,
        "from_row": 0.42 - at_y, "to_row": -0.58 - at_y, "felt_row": -0.16 - at_y,
        "stage_tag": [None if stage is None else f"{stage}  {tag}"
                      for stage, tag in zip(data["stage"], data["tag"], strict=True)],
        "told_at": _FIRST * np.fmax(data["share"], data["other_share"]),
        **{f"{each}_x": _NEUTRAL + _ASIDE * data[each] for each in _NETS}}
    x: dict[str, Any] = {"type": "quantitative", "axis": None, "scale": {"domain": [0, _LONG], "nice": False}}
    y: dict[str, Any] = {"type": "quantitative", "axis": None, "scale": {"domain": [0.6 - many, 0.5], "nice": False}}

    def at(horizontal: str, vertical: str, **ends: str) -> dict[str, Any]:
        return {"x": {**x, "field": horizontal}, "y": {**y, "field": vertical},
                **{end: {"field": column} for end, column in ends.items()}}

    layers = [
        _on("stage", "datum.mark === 'hurts'", {"type": "rect", "color": EMOTION[-1], "opacity": 0.1, "aria": False},
            at("floor", "from_row", x2="roof", y2="to_row")),
        _on("stage", None, {"type": "rect", "color": ACCENT, "cornerRadius": 2},
            {**at("foot", "lower_edge", x2="top", y2="upper_edge"), "tooltip": _hover(t, other_name),
             "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.4}},
            params=[{"name": "picked", "select": {"type": "point", "fields": ["key"]}}]),
        _on("stage", "isValid(datum.other_top)",
            {"type": "rect", "filled": False, "stroke": OTHER, "strokeWidth": 2, "strokeDash": [5, 3], "aria": False},
            at("foot", "lower_edge", x2="other_top", y2="upper_edge")),
        _on("stage", None, {"type": "text", "align": "left", "fontSize": 13, "limit": {"expr": "width * 0.75"}}, {
            **at("foot", "name_row"), "text": {"field": "stage_tag"}}),
        _on("stage", None, {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "fontWeight": 700}, {
            **at("told_at", "felt_row"), "text": {"field": "told"}}),
        {**_ONCE, "mark": _LINE, "encoding": {"x": {**x, "datum": _NEUTRAL}}},
        *_feelings(lambda end, at_x: at(at_x, "felt_row", **({"x2": end} if end else {})), "x", t, other_name,
                   {"align": {"expr": "datum.mood === 'down' ? 'right' : 'left'"},
                    "dx": {"expr": "datum.mood === 'down' ? -11 : 11"}}, order=True),
    ]
    return Chart(spec(t, layer=layers), _frame(data), _alt(data, t), height=_ROW * many)


# --- helpers ---

_ONCE: dict[str, Any] = {"data": {"values": [{}]}}
_LINE = {"type": "rule", "strokeDash": [3, 4], "color": MUTED, "opacity": 0.8}
_NETS = ("net", "lower", "upper", "other_net")


def _half(stages: int) -> float:
    """Half a bar's breadth, of the distance between two stages."""
    return 0.33 if stages < _MANY else 0.25


def _zone(words: str, place: dict[str, Any]) -> dict[str, Any]:
    """The name of a part of the picture at its left edge."""
    return {**_ONCE, "mark": {"type": "text", "align": "left", "fontSize": 12, "opacity": 0.85},
            "encoding": {**place, "text": {"value": words}}}


def _data(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Name, width: int, other: pd.DataFrame | None,
          other_curve: pd.DataFrame | None, other_name: str) -> dict[str, Any]:
    """Columns of rows of part "stage" (one a stage), "link" (the two ends of the way from a bar to the next) and "gap"
    (its text); numbers as arrays."""
    felt, other_felt = _by_key(curve, "key"), _by_key(other_curve, "key")
    reached, before = _by_key(funnel, "step"), _by_key(other, "step")
    worst = worst_step(funnel) if len(funnel) else None
    nets = [(key, row) for key, row in felt.items() if key in reached and row["n"] and not pd.isna(row["net"])]
    best = max(nets, key=lambda each: each[1]["net"], default=None)
    lowest = min(nets, key=lambda each: each[1]["net"], default=None)
    delight = best[0] if best and lowest and best[1]["lower"] > max(0.0, lowest[1]["upper"]) else None
    rows: list[dict[str, Any]] = []
    for place, (key, step) in enumerate(reached.items()):
        here, there = felt.get(key, {}), other_felt.get(key, {})
        net, lower, upper = (_number(here.get(each)) for each in ("net", "lower", "upper"))
        mood = feeling(net, lower, upper)
        mark = "hurts" if mood == -1 else "delights" if key == delight else ""
        share, lost = _number(step["from_first"]) or 0.0, _lost(step)
        told = t.number(step["reached"]) if place == 0 else f"{t.number(step['reached'])}  {t.percent(lost, 0)}"
        rows.append({
            "part": "stage", "key": key, "stage": wrap(name(key), width), "at": place, "from_x": place - 0.5,
            "to_x": place + 0.5, "share": share, "customers": t.number(step["reached"]), "told": told,
            "from_previous": t.percent(_number(step["from_previous"])) if place else "",
            "from_first": t.percent(share), "worst": worst == place, "lost": t.percent(lost, 0) if place else "",
            "net": net, "lower": lower, "upper": upper, "net_text": t.number(net, 0, sign=True),
            "mood": {1: "up", 0: "even", -1: "down", None: None}[mood], "mark": mark,
            "tag": {"hurts": f"▼ {t('hurts')}", "delights": f"▲ {t('delights')}"}.get(mark, ""),
            "interval": t.interval(t.number(lower, 0, sign=True), t.number(upper, 0, sign=True)),
            "n_text": t.number(int(here.get("n") or 0)), "other_name": other_name,
            "other_share": _number(before.get(key, {}).get("from_first")), "other_net": _number(there.get("net")),
            "other_text": " · ".join([t.percent(_number(before.get(key, {}).get("from_first"))),
                                      t.number(_number(there.get("net")), 0, sign=True)])})
    stages, half = list(rows), _half(len(rows))
    for one, two in itertools.pairwise(stages):
        link = {"link": one["at"], "worst": two["worst"], "lost": two["lost"]}
        rows += [{"part": "link", "x": one["at"] + half, "share": one["share"], "at": one["at"], **link},
                 {"part": "link", "x": two["at"] - half, "share": two["share"], "at": two["at"], **link},
                 {"part": "gap", "at": one["at"] + 0.5, "share": two["share"], **link,
                  "middle": _BASE + max(12.0, _BAR * (one["share"] + two["share"]) / 4)}]
    columns: dict[str, Any] = {name: [row.get(name) for row in rows] for name in _COLUMNS}
    return columns | {name: np.array(columns[name], dtype=float) for name in _NUMERIC}


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    """The data of a chart: made in one go, since it is small and has many columns."""
    many = len(columns["at"])
    return pd.DataFrame({name: np.full(many, values) if isinstance(values, int) else values
                         for name, values in columns.items()})


_NUMERIC = ("at", "share", "other_share", "middle", "x", "from_x", "to_x", "link", *_NETS)
_COLUMNS = ["part", "key", "stage", "at", "from_x", "to_x", "share", "customers", "told", "from_previous", "from_first",
            "worst", "lost", "net", "lower", "upper", "net_text", "mood", "mark", "tag", "interval", "n_text",
            "other_name", "other_share", "other_net", "other_text", "link", "x", "middle"]


def _by_key(frame: pd.DataFrame | None, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in records(frame)} if frame is not None and len(frame) else {}


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _lost(step: dict[str, Any]) -> float | None:
    """Minus the share of the stage before that has not gone on."""
    share = _number(step["from_previous"])
    return None if share is None else share - 1


def _on(part: str, test: str | None, mark: dict[str, Any], encoding: dict[str, Any], detail: str | None = None,
        **more: Any) -> dict[str, Any]:
    """A layer of the rows of one part that pass the test."""
    where = f"datum.part === '{part}'" + (f" && {test}" if test else "")
    return {"transform": [{"filter": where}], "mark": mark,
            "encoding": {**encoding, **({"detail": {"field": detail}} if detail else {})}, **more}


def _feelings(at: Callable[[str, str], dict[str, Any]], axis: str, t: Language, other_name: str,
              text: dict[str, Any], *, order: bool = False) -> list[dict[str, Any]]:
    """Layers of the emotion curve. at: (end of a line or "", place) → encoding; axis: along which feelings run."""
    colour = {"condition": [{"test": f"datum.mood === '{word}'", "value": shade}
                            for word, shade in (("up", EMOTION[1]), ("down", EMOTION[-1]))], "value": EMOTION[0]}
    shape = {"condition": [{"test": f"datum.mood === '{word}'", "value": mark}
                           for word, mark in (("up", EMOTION_SHAPES[1]), ("down", EMOTION_SHAPES[-1]))],
             "value": EMOTION_SHAPES[0]}
    in_order = {"order": {"field": "at", "type": "quantitative"}} if order else {}
    smooth = "linear" if order else "monotone"
    felt, other = "isValid(datum.net)", "isValid(datum.other_net)"
    return [
        _on("stage", None, {"type": "line", "interpolate": smooth, "color": OTHER, "strokeWidth": 1.8,
                            "strokeDash": [6, 4]}, {**at("", f"other_net_{axis}"), **in_order}),
        _on("stage", other, {"type": "point", "shape": "diamond", "filled": True, "size": 60, "color": OTHER,
                             "aria": False}, at("", f"other_net_{axis}")),
        _on("stage", None, {"type": "line", "interpolate": smooth, "color": MUTED, "strokeWidth": 2.5},
            {**at("", f"net_{axis}"), **in_order}),
        _on("stage", felt, {"type": "rule", "strokeWidth": 4, "opacity": 0.35, "strokeCap": "round"},
            {**at(f"upper_{axis}", f"lower_{axis}"), "color": colour}),
        _on("stage", felt, {"type": "point", "filled": True, "size": 190, "opacity": 1},
            {**at("", f"net_{axis}"), "color": colour, "shape": shape, "tooltip": _hover(t, other_name)}),
        _on("stage", felt, {"type": "text", "fontSize": 14, "fontWeight": 700, **text},
            {**at("", f"net_{axis}"), "text": {"field": "net_text"}}),
    ]


def _hover(t: Language, other_name: str) -> list[dict[str, str]]:
    return tooltip(stage=t("Stage"), customers=t("Customers"), from_previous=t("Of the stage before"),
                   from_first=t("Of the first stage"), net_text=t("Net emotion"), interval=t("95% interval"),
                   n_text=t("Answers"), **({"other_text": other_name} if other_name else {}))


def _alt(data: dict[str, Any], t: Language) -> str:
    """Every stage in words, with what is marked of it."""
    names = ("stage", "customers", "net_text", "tag")
    stages = [dict(zip(names, row, strict=True)) for part, *row in zip(
        data["part"], *(data[name] for name in names), strict=True) if part == "stage"]
    return "; ".join(" ".join(part for part in (
        f"{row['stage']}: {row['customers']}, {t('net emotion {net}', net=row['net_text'])}", row["tag"][2:]) if part
    ).replace("\n", " ") for row in stages)
