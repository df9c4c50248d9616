"""What KPIs say, in a sentence: their values, what changed, targets, trends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.frames import records
from cx.language import DASH, Language
from cx.metrics.kpi_registry import KPIS, Kpi, kpi_of

Name = Callable[[str], str]


def kpi_value(t: Language, kpi: str | Kpi, value: float | None, *, sign: bool = False) -> str:
    """A KPI's value (or with `sign` a change of it) in its unit; "—" where undefined."""
    if value is None or pd.isna(value):
        return DASH
    unit = kpi_of(kpi).unit
    if unit == "share":
        return t("{n} pp", n=t.number(value * 100, 1, sign=True)) if sign else t.percent(value)
    if unit == "seconds":
        mark = ("+" if value > 0 else "−" if value < 0 else "") if sign else ""
        return mark + t.duration(abs(value))
    digits = {"points": 1, "score": 2, "days": 1, "count": 0, "money": 0, "per_1000": 1}[unit]
    return t.number(value, digits, sign=sign)


def headline(values: pd.DataFrame, t: Language, known: Mapping[str, Kpi] = KPIS) -> str:
    """Which KPIs are surely better and which worse than in the period compared with. values: of `kpis()`."""
    better: list[str] = []
    worse: list[str] = []
    for row in records(values):
        if row["significant"] is True and row["direction"]:
            kpi = known[row["kpi"]]
            shown = f"{t(kpi.name)} ({kpi_value(t, kpi, row['change'], sign=True)})"
            (better if row["change"] * row["direction"] > 0 else worse).append(shown)
    if not better and not worse:
        compared = values[values["change"].notna()]
        if compared.empty:
            return t("No earlier period to compare with.")
        if compared["significant"].isna().all():
            return t("There are too few answers to tell what changed against the period before.")
        return t("Against the period before, nothing changed more than chance explains.")
    parts = []
    if better:
        parts.append(t("Better: {names}.", names=", ".join(better)))
    if worse:
        parts.append(t("Worse: {names}.", names=", ".join(worse)))
    return " ".join(parts)


def comparison(values: pd.DataFrame, t: Language) -> str:
    """What the changes of `kpis()` are against; empty where nothing is compared."""
    bases = [basis for basis in values["basis"] if basis is not None and not isinstance(basis, float)]
    return t("Changes: {basis}.", basis=bases[0]) if bases else ""


def extremes(parts: pd.DataFrame, kpi: str, t: Language, name: Name, *, good: bool, most: int = 3) -> list[str]:
    """The places that are surely better (or worse) than the rest, the largest difference first, one line each.

    parts: of `kpi.breakdown()` for a KPI with a direction
    """
    sign = KPIS[kpi].direction if good else -KPIS[kpi].direction
    sure = parts[parts["significant"].eq(True) & (parts["difference"] * sign > 0) & (parts["key"] != "")]
    ordered = sure.reindex((sure["difference"] * sign).sort_values(ascending=False).index).head(most)
    return [t("{where}: {value} (the rest: {rest}, n = {n})", where=name(row["key"]),
              value=kpi_value(t, kpi, row["value"], sign=kpi == "net_emotion"),
              rest=kpi_value(t, kpi, row["value"] - row["difference"], sign=kpi == "net_emotion"), n=int(row["n"]))
            for row in records(ordered)]


def trend(kpi: str | Kpi, row: dict[str, Any], t: Language) -> str:
    """A KPI's value and whether it changed beyond chance. row: of `kpis()`."""
    name, value = t(kpi_of(kpi).name), kpi_value(t, kpi, row["value"])
    change = row["change"]
    if change is None or pd.isna(change):
        return t("{kpi}: {value}", kpi=name, value=value)
    shown = kpi_value(t, kpi, change, sign=True)
    if row["significant"] is None or pd.isna(row["significant"]):  # a total has no test, a few answers none worth it
        total = pd.isna(row.get("lower"))
        return (t("{kpi}: {value} ({change})", kpi=name, value=value, change=shown) if total else
                t("{kpi}: {value}; too few answers to tell a change", kpi=name, value=value))
    if row["significant"] is not True:
        return t("{kpi}: {value}; the change of {change} is within chance", kpi=name, value=value, change=shown)
    good = change * kpi_of(kpi).direction
    verdict = t("better") if good > 0 else t("worse") if good < 0 else t("changed")
    return t("{kpi}: {value}, {verdict} by {change}", kpi=name, value=value, verdict=verdict, change=shown)


def target(kpi: str | Kpi, row: dict[str, Any], t: Language) -> str:
    """How a KPI stands to its target, by interval. row: of `kpis()`."""
    if row["target"] is None or pd.isna(row["target"]):
        return t("No target is set.")
    goal = kpi_value(t, kpi, row["target"])
    if row["status"] == "on_target":
        return t("The target of {target} is met: the whole interval is on the good side.", target=goal)
    if row["status"] == "below_target":
        return t("The target of {target} is missed: the whole interval is on the wrong side.", target=goal)
    return t("Whether the target of {target} is met cannot be told yet: it lies inside the interval.", target=goal)


def changed_most(moves: pd.DataFrame, t: Language, name: Callable[[str, str], str]) -> str:
    """Which KPI moved where more surely than any other. moves: of `what_changed()`."""
    if moves.empty:
        return t("No difference between the periods is larger than chance explains.")
    return t("Changed most surely: {what}.", what=move(moves.iloc[0].to_dict(), t, name))


def move(row: dict[str, Any], t: Language, name: Callable[[str, str], str]) -> str:
    """One row of `what_changed()`: which KPI moved where. name: (dimension, key) → name to show."""
    kpi = row["kpi"]
    where = t("all customers") if not row["dimension"] else name(row["dimension"], row["key"])
    return t("{where}: {kpi} {value} ({change})", where=where, kpi=t(KPIS[kpi].name),
             value=kpi_value(t, kpi, row["value"]), change=kpi_value(t, kpi, row["change"], sign=True))
