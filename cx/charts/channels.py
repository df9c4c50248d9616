"""Whom purchases are owed to, by each rule side by side."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.charts.path import heat
from cx.charts.theme import Chart, tooltip, wrap
from cx.language import Language
from cx.metrics.attribution import RULES


def credit_heat(frame: pd.DataFrame, t: Language, name: Callable[[str], str], of: str, highest: float = 0.0) -> Chart:
    """Channels against rules. frame: of `attribution()`; of: "conversions" or "revenue"; highest: see `path.heat`."""
    share, lower, upper = (("share", "lower", "upper") if of == "conversions" else
                           ("revenue_share", "revenue_lower", "revenue_upper"))
    keys, rules = list(dict.fromkeys(frame["key"])), {rule: t(words) for rule, words in RULES.items()}
    data = pd.DataFrame([{
        "row": wrap(name(row["key"]), 22), "column": wrap(rules[row["rule"]], 11), "row_place": keys.index(row["key"]),
        "key": row["key"],
        "column_place": list(rules).index(row["rule"]), "share": max(row[share], 0), "exact": t.percent(row[share]),
        "shown": t.percent(row[share], 0) if row[share] >= 0.005 else "",
        "interval": t.interval(t.percent(row[lower]), t.percent(row[upper])), "amount": t.number(row[of])}
        for row in frame.to_dict("records")],
        columns=["key", "row", "column", "row_place", "column_place", "share", "exact", "shown", "interval", "amount"])
    return heat(data, t, tooltip(row=t("Channel"), column=t("Rule"), exact=t("Share"), interval=t("95% interval"),
                                 amount=t("Purchases") if of == "conversions" else t("Revenue")), highest, ["key"])
