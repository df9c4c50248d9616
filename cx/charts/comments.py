"""What bad and good comments are about."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.charts.bars import PICKED
from cx.charts.theme import EMOTION, MUTED, Chart, names_axis, rows_high, spec, tooltip, wrap
from cx.language import Language, Text


def topic_bars(frame: pd.DataFrame, t: Language) -> Chart:
    """Negative comments with a topic to the left, positive ones to the right. frame: of `comments.topics()`."""
    data = pd.DataFrame([{
        "key": row["topic"], "row": wrap(row["label"], 26), "name": row["label"], "bad": -row["negative"],
        "good": row["positive"], "negative": t.number(row["negative"]), "positive": t.number(row["positive"]),
        "n_text": t.number(row["n"]), "impact": impact(row, t)} for row in frame.to_dict("records")],
        columns=["key", "row", "name", "bad", "good", "negative", "positive", "n_text", "impact"])
    most = max(float(data["good"].max()), float(-data["bad"].min()), 1.0) if len(data) else 1.0
    y = {"field": "row", "type": "nominal", "sort": None,
         "axis": names_axis(labelLimit=240)}
    scale = {"domain": [-1.25 * most, 1.25 * most], "nice": False}
    hover = tooltip(name=t("Topic"), negative=t("Negative comments"), positive=t("Positive comments"),
                    n_text=t("Comments"), impact=t("NPS impact"))
    layers: list[dict[str, object]] = []
    for column, text_column, colour, align, shift in (("bad", "negative", EMOTION[-1], "right", -6),
                                                      ("good", "positive", EMOTION[1], "left", 6)):
        x = {"field": column, "type": "quantitative", "scale": scale, "axis": None}
        bar: dict[str, object] = {
            "mark": {"type": "bar", "color": colour, "cornerRadiusEnd": 3},
            "encoding": {"y": y, "x": x, "tooltip": hover,
                         "opacity": {"condition": {"param": "picked", "value": 0.95}, "value": 0.35}}}
        if column == "bad":
            bar["params"] = [PICKED]
        layers += [bar, {"mark": {"type": "text", "align": align, "dx": shift, "fontSize": 12},
                         "encoding": {"y": y, "x": x, "text": {"field": text_column}}}]
    layers.append({"mark": {"type": "rule", "color": MUTED},
                   "encoding": {"x": {"datum": 0, "type": "quantitative", "scale": scale}}})
    alt = "; ".join(f"{row['name']}: {row['negative']} / {row['positive']}" for row in data.to_dict("records"))
    return Chart(spec(t, layer=layers), data, alt, height=max(120, rows_high(data["row"], 30) + 20))


def impact(row: dict[str, Any], t: Language) -> str:
    """The NPS impact of a topic with its interval and n, or why there is none. row: of `comments.topics()`."""
    reason: Text | None = row["reason"]
    if reason is not None:
        return t(reason)
    value, lower, upper = (t.number(row[name], 1, sign=True) for name in ("nps_impact", "lower", "upper"))
    return t("{value} ({interval}, n = {n})", value=value, interval=t.interval(lower, upper), n=int(row["nps_n"]))
