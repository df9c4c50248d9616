"""What tells those who went on from the lost, as rows of charts and tables."""

from __future__ import annotations

import pandas as pd

from cx.language import Language
from cx.metrics.converters import FEELINGS
from pages.parts.words import label, names

MOST = 12


def name(kind: str, key: str, t: Language) -> str:
    """A factor of `converters()` in words."""
    if kind == "waiting":
        low, high = (int(each) for each in key.split(".."))
        return t("waited {interval}", interval=t.interval(t.duration(low), t.duration(high - 1)))
    if key in FEELINGS and kind in ("emotion", "complaint", "delay"):
        return t(FEELINGS[key])
    what = {"touchpoint": t("Touchpoint"), "channel": t("Channel"), "persona": t("Persona")}.get(kind)
    return f"{what or names('attribute').get(kind, kind)}: {label(kind, key)}"


def rows(factors: pd.DataFrame, looked_at: pd.DataFrame, t: Language) -> pd.DataFrame:
    """The surest factors of those looked at as rows of dots: by how many points the share that went on is higher or
    lower with them, as `factors` (the same, or those of the other side) have it."""
    kept = looked_at[looked_at["significant"]].head(MOST)[["kind", "key"]]
    sure = factors.merge(kept, on=["kind", "key"]).sort_values("difference", ascending=False).to_dict("records")
    return pd.DataFrame({
        "key": [f"{row['kind']}|{row['key']}" for row in sure],
        "name": [name(row["kind"], row["key"], t) for row in sure],
        "value": [row["difference"] for row in sure],
        "lower": [row["lower"] for row in sure], "upper": [row["upper"] for row in sure],
        "text": [t("{n} pp", n=t.number(row["difference"] * 100, 1, sign=True)) for row in sure],
        "with": [_share(t, row, "with") for row in sure], "without": [_share(t, row, "without") for row in sure]})


def table(factors: pd.DataFrame, t: Language) -> pd.DataFrame:
    """Every factor that was looked at."""
    each = factors.to_dict("records")
    return pd.DataFrame({
        t("What"): [name(row["kind"], row["key"], t) for row in each],
        t("Went on with it"): [_share(t, row, "with") for row in each],
        t("Went on without"): [_share(t, row, "without") for row in each],
        t("Difference"): [t("{n} pp", n=t.number(row["difference"] * 100, 1, sign=True)) for row in each],
        t("Odds ratio"): [f"{t.number(row['odds_ratio'], 2)} ({t.number(row['odds_lower'], 2)} – "
                          f"{t.number(row['odds_upper'], 2)})" for row in each],
        t("More than chance"): [t("yes") if row["significant"] else t("no") for row in each]})


def _share(t: Language, row: dict, side: str) -> str:
    return f"{t.percent(row[f'rate_{side}'])} (n = {t.number(row[f'n_{side}'])})"
