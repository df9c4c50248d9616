"""Paths as pictures: where customers flow from step to step, and the matrix of what follows what."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cx.charts.theme import ACCENT, FAINT_INK, INK, LINES, MUTED, Chart, names_axis, spec, tooltip, wrap
from cx.language import Language

_NARROW = "width < 620"
_NAMED_FROM = 0.005  # smaller places have no room for a name; it stands in their tooltip and in the table
_SIDE = 14  # percent of the width kept for the names behind the last column
_BELOW_COLUMN_TITLES = 34
_FAINT = {"light": "#C9CED4", "dark": "#59616B"}
_PAPER = {"light": "#FFFFFF", "dark": "#12171D"}


@dataclass(frozen=True)
class Flow:
    """An ECharts option, what a screen reader says of it, the (kind, key) of each of its nodes, and of each of its
    links the step and (kind, key) it comes from and the (kind, key) it goes to."""

    option: dict[str, Any]
    alt: str
    nodes: list[tuple[str, str]]
    links: list[tuple[int, str, str, str, str]]
    height: int


def path_name(kind: str, key: str, t: Language, name: Callable[[str], str]) -> str:
    """What to call a place of `flows()`."""
    return {"other": t("others"), "start": t("starts here"), "end": t("ends here")}.get(kind) or name(key)


def step_name(step: int, anchored: bool, t: Language) -> str:
    """What to call a step: its number from the start or the end, or before and after the anchor; "" for the anchor."""
    if anchored:
        return t("{n} after", n=step) if step > 0 else t("{n} before", n=-step) if step else ""
    return t("Step {n}", n=step) if step > 0 else t("Last step") if step == -1 else t("{n} before", n=-step - 1)


def path_flow(flowing: pd.DataFrame, t: Language, name: Callable[[str], str], theme: str, unit: str) -> Flow:
    """A Sankey of `path.flows()`, a column a step; what has ended or not begun is drawn once, where it happens.

    theme  "light" or "dark" · unit  what is counted, in words
    """
    drawn = flowing[~(flowing["from_kind"].eq("end") | flowing["to_kind"].eq("start"))]
    sizes: dict[tuple[int, str, str], tuple[int, int]] = {}
    for row in drawn.to_dict("records"):
        for place, side in enumerate(("from", "to")):
            at = (row[f"{side}_step"], row[f"{side}_kind"], row[f"{side}_key"])
            parts = list(sizes.get(at, (0, 0)))
            parts[place] += row["n"]
            sizes[at] = (parts[0], parts[1])
    total = int(flowing["total"].iloc[0])
    rank = {"value": 0, "other": 1, "start": 2, "end": 3}
    order = sorted(sizes, key=lambda at: (at[0], rank[at[1]], -max(sizes[at]), at[2]))
    first, last = int(flowing["from_step"].min()), int(flowing["to_step"].max())
    anchored = first <= 0 <= last
    colours = {"value": ACCENT, "other": _FAINT[theme], "start": MUTED, "end": MUTED}
    nodes, rows = [], []
    for at in order:
        step, kind, key = at
        shown, share = path_name(kind, key, t, name), max(sizes[at]) / total
        nodes.append({
            "id": _id(*at), "name": _plain(shown), "depth": step - first,
            "itemStyle": {"color": INK[theme] if anchored and step == 0 else colours[kind], "borderWidth": 0},
            "label": {"formatter": f"{_plain(wrap(shown, 18))}  {t.percent(share, 0)}", "show": share >= _NAMED_FROM},
            "tooltip": {"formatter": _hover(shown, f"{t.number(max(sizes[at]))} {unit} ({t.percent(share)})")}})
        rows.append((step_name(step, anchored, t), f"{shown}: {t.percent(share, 0)}"))
    links = [{
        "source": _id(row["from_step"], row["from_kind"], row["from_key"]),
        "target": _id(row["to_step"], row["to_kind"], row["to_key"]), "value": int(row["n"]),
        "tooltip": {"formatter": _hover(
            f"{path_name(row['from_kind'], row['from_key'], t, name)} → "
            f"{path_name(row['to_kind'], row['to_key'], t, name)}",
            f"{t.number(row['n'])} {unit} ({t.percent(row['share'])})",
            t("{share} of those before", share=t.percent(row["from_share"])))}}
        for row in drawn.to_dict("records")]
    columns = last - first
    titles = [{"text": step_name(step, anchored, t), "left": f"{(step - first) * (100 - _SIDE) / columns:.2f}%",
               "top": 0, "padding": 0, "textStyle": {"fontSize": 12, "fontWeight": "normal", "color": FAINT_INK[theme]}}
              for step in range(first, last + 1)]
    most = max(sum(1 for at in order if at[0] == step) for step in range(first, last + 1))
    option = {
        "title": titles, "animation": False,
        "tooltip": {"trigger": "item", "confine": True},
        "series": [{
            "type": "sankey", "left": 0, "right": f"{_SIDE}%", "top": _BELOW_COLUMN_TITLES, "bottom": 8,
            "nodeWidth": 10, "nodeGap": 18, "layoutIterations": 0, "nodeAlign": "left", "draggable": False,
            "selectedMode": "single", "select": {"itemStyle": {"borderWidth": 0}},
            "emphasis": {"focus": "adjacency"},
            "label": {"color": INK[theme], "fontSize": 12, "lineHeight": 15, "textBorderColor": _PAPER[theme],
                      "textBorderWidth": 3},
            "lineStyle": {"color": MUTED, "opacity": 0.28, "curveness": 0.5}, "data": nodes, "links": links}]}
    alt = "; ".join(f"{step} {text}".strip() for step, text in rows)
    ends = [(row["from_step"], row["from_kind"], row["from_key"], row["to_kind"], row["to_key"])
            for row in drawn.to_dict("records")]
    return Flow(option, alt, [(kind, key) for _, kind, key in order], ends, height=_BELOW_COLUMN_TITLES + 58 * most)


def path_columns(places: pd.DataFrame, t: Language, name: Callable[[str], str], anchored: bool) -> Chart:
    """Who is where at each step, a column each that adds up to all: the paths on paper. places: of `path.places()`."""
    steps = list(dict.fromkeys(places["step"]))
    shades = {"value": ACCENT, "other": MUTED, "start": MUTED, "end": MUTED}
    data = pd.DataFrame([{
        "step": step_name(row["step"], anchored, t) or t("here"), "order": place, "share": row["share"],
        "where": path_name(row["kind"], row["key"], t, name), "colour": shades[row["kind"]],
        "strong": 0.75 if row["kind"] == "value" else 0.3, "exact": t.percent(row["share"]),
        "shown": f"{_short(path_name(row['kind'], row['key'], t, name))}  {t.percent(row['share'], 0)}"
        if row["share"] >= 0.035 else ""} for place, row in enumerate(places.to_dict("records"))],
        columns=["step", "order", "share", "where", "colour", "strong", "exact", "shown"])
    x: dict[str, Any] = {"field": "step", "type": "nominal", "scale": {"paddingInner": 0.08},
                         "sort": [step_name(step, anchored, t) or t("here") for step in steps],
                         "axis": {"title": None, "orient": "top", "labelAngle": 0}}
    y: dict[str, Any] = {"field": "share", "type": "quantitative", "stack": "zero", "axis": None,
                         "scale": {"domain": [0, 1], "reverse": True}}
    layers = [
        {"mark": {"type": "bar", "stroke": "white"},
         "encoding": {"x": x, "y": y, "order": {"field": "order"}, "color": {"field": "colour", "scale": None},
                      "opacity": {"field": "strong", "scale": None},
                      "tooltip": tooltip(step=t("Step"), where=t("Where"), exact=t("Share"))}},
        {"mark": {"type": "text", "fontSize": 11},
         "encoding": {"x": x, "y": {**y, "bandPosition": 0.5}, "order": {"field": "order"},
                      "detail": {"field": "order"}, "text": {"field": "shown"}}},
    ]
    alt = "; ".join(f"{row['step']} {row['where']}: {row['exact']}" for row in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=430)


def _short(words: str) -> str:
    return words if len(words) <= 22 else words[:21] + "…"


_ONE_LINE = r"trim(replace(replace(datum.value, /([_\/.-])\n/g, '$1'), /\n/g, ' '))"
_MOVE = ("from_kind", "from_key", "to_kind", "to_key")


def path_heat(frame: pd.DataFrame, t: Language, name: Callable[[str], str], highest: float = 0.0) -> Chart:
    """Heat map of `path.transitions()`: rows go to columns; a cell is the share of its row. highest: see `heat`."""
    def side(kind: str, key: str) -> str:
        return t("end") if kind == "end" else path_name(kind, key, t, name)

    rows = list(dict.fromkeys(zip(frame["from_kind"], frame["from_key"], strict=True)))
    columns = sorted(set(zip(frame["to_kind"], frame["to_key"], strict=True)),
                     key=lambda at: (at[0] == "end", rows.index(at) if at in rows else 0))
    data = pd.DataFrame([{
        "row": wrap(f"{side(each['from_kind'], each['from_key'])} →", 22),
        "column": wrap(side(each["to_kind"], each["to_key"]), 11),
        "row_place": rows.index((each["from_kind"], each["from_key"])),
        "column_place": columns.index((each["to_kind"], each["to_key"])), "share": each["share"],
        "shown": t.percent(each["share"], 0) if each["share"] >= 0.005 else "",
        "exact": t.percent(each["share"]), "interval": t.interval(t.percent(each["lower"]), t.percent(each["upper"])),
        "n_text": t.number(each["n"]), "of_text": t.number(each["from_n"]),
        **{name: each[name] for name in _MOVE}}
        for each in frame.to_dict("records")],
        columns=["row", "column", "row_place", "column_place", "share", "shown", "exact", "interval", "n_text",
                 "of_text", *_MOVE])
    return heat(data, t, tooltip(row=t("From"), column=t("To"), exact=t("Share"), interval=t("95% interval"),
                                 n_text=t("Times"), of_text=t("of")), highest, _MOVE)


def heat(data: pd.DataFrame, t: Language, hover: list[dict[str, str]], highest: float = 0.0,
         picked: Sequence[str] = ()) -> Chart:
    """Cells of shares, the darker the larger. data: row, column (names, wrapped), row_place, column_place, share (0–1),
    shown (in the cell), exact (for screen readers), and the columns of `hover`. highest: a share that the darkest shade
    must reach to, where two maps stand side by side; picked: columns that a click on a cell tells."""
    lines = 1 + max((each.count("\n") for each in data["column"]), default=0)
    data = data.assign(column=["\n" * (lines - 1 - each.count("\n")) + each for each in data["column"]])  # end level
    x = {"field": "column", "type": "nominal", "sort": {"field": "column_place"},
         "axis": {"title": None, "orient": "top", "labelFontSize": 11, "labelOverlap": False, "labelBaseline": "middle",
                  "labelExpr": f"{_NARROW} ? {_ONE_LINE} : {LINES}",
                  "labelAngle": {"expr": f"{_NARROW} ? -90 : 0"},
                  "labelAlign": {"expr": f"{_NARROW} ? 'left' : 'center'"},
                  "labelPadding": {"expr": f"{_NARROW} ? 4 : {13 * lines - 4}"}}}
    y = {"field": "row", "type": "nominal", "sort": {"field": "row_place"},
         "axis": names_axis()}
    highest = max(0.2, highest, float(data["share"].max()) if len(data) else 0.0)
    layers = [
        {"mark": {"type": "rect", "cornerRadius": 3, "stroke": "transparent", "strokeWidth": 2, "color": ACCENT},
         "params": [{"name": "picked", "select": {"type": "point", "fields": list(picked)}}] if picked else [],
         "encoding": {"x": x, "y": y,
                      "opacity": {"field": "share", "type": "quantitative", "legend": None,
                                  "scale": {"domain": [0, highest], "range": [0.05, 0.75]}},
                      "tooltip": hover}},
        {"mark": {"type": "text", "fontSize": 12, "opacity": {"expr": f"{_NARROW} ? 0 : 1"}},
         "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
    ]
    alt = "; ".join(f"{each.row} {each.column}: {each.exact}".replace("\n", " ") for each in data.itertuples())
    return Chart(spec(t, layer=layers), data, alt, height=max(150, 34 * data["row_place"].nunique() + 60))


def _id(step: int, kind: str, key: str) -> str:
    return f"{step}|{kind}|{key}"


def _plain(words: str) -> str:
    """Text in which ECharts finds no placeholder: a joiner that takes no room follows each brace."""
    return words.replace("{", "{\u2060")


def _hover(title: str, *lines: str) -> str:
    """The HTML of a tooltip."""
    return _plain("<br>".join([f"<b>{html.escape(title)}</b>", *map(html.escape, lines)]))
