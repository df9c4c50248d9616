"""Wins and problems side by side: what surely changed, and which targets are surely met or missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.findings.kpi import kpi_value, moved, than_a_year_ago, trend
from cx.frames import records
from cx.language import DASH, Language
from cx.metrics.kpi_registry import Kpi

MOST = 5


def wins_and_problems(values: pd.DataFrame, standing: pd.DataFrame, known: Mapping[str, Kpi], t: Language,
                      scope: Callable[[dict[str, Any]], str],
                      year: pd.DataFrame | None = None) -> tuple[list[str], list[str]]:
    """Lines of what goes well and of what does not, only what is sure: targets first, then changes; at most five each.

    values: of `kpis()`; standing: of `standing()`; scope: row of it → whom the goal is about; year: of
    `kpi.changes()` against a year before
    """
    lines: tuple[list[str], list[str]] = ([], [])
    for row in records(standing):
        if row["status"] not in ("on_target", "below_target"):
            continue
        kpi = known[row["kpi"]]
        met = row["status"] == "on_target"
        words = {"kpi": t(kpi.name), "who": scope(row), "value": kpi_value(t, kpi, row["value"]),
                 "target": kpi_value(t, kpi, row["target"]), "n": int(row["n"])}
        lines[0 if met else 1].append(
            t("{kpi}, {who}: {value}, target of {target} met (n = {n})", **words) if met else
            t("{kpi}, {who}: {value}, target of {target} missed (n = {n})", **words))
    lately, since = moved(values, year)
    for rows, told in ((lately, trend), (since, than_a_year_ago)):
        for row in rows:
            kpi = known[row["kpi"]]
            lines[0 if row["change"] * kpi.direction > 0 else 1].append(told(kpi, row, t))
    return lines[0][:MOST], lines[1][:MOST]


def good(values: pd.DataFrame, standing: pd.DataFrame, known: Mapping[str, Kpi], t: Language) -> str:
    """Whether it is good, without regard to how it was: how many targets are surely met and missed, and whether more
    customers recommend, and more contacts feel good, than not. Where neither is known, the share that is satisfied.

    values: of `kpis()`; standing: of `standing()`
    """
    said = []
    judged = standing["status"].dropna()
    if len(judged):
        met, missed = (int(judged.eq(status).sum()) for status in ("on_target", "below_target"))
        said.append(t("Targets: {met} surely met, {missed} surely missed, {open} not sure yet.", met=met, missed=missed,
                      open=len(judged) - met - missed))
    rows = {row["kpi"]: row for row in records(values) if not (pd.isna(row["value"]) or row["few"])}

    def shown(key: str) -> str:
        return kpi_value(t, known[key], rows[key]["value"])

    if "nps" in rows:
        said.append({1: t("More promoters than detractors (NPS {n}).", n=shown("nps")),
                     -1: t("More detractors than promoters (NPS {n}).", n=shown("nps"))}.get(
            _side(rows["nps"]), t("Neither promoters nor detractors are surely more (NPS {n}).", n=shown("nps"))))
    if "net_emotion" in rows:
        said.append({1: t("More contacts feel good than bad (net emotion {n}).", n=shown("net_emotion")),
                     -1: t("More contacts feel bad than good (net emotion {n}).", n=shown("net_emotion"))}.get(
            _side(rows["net_emotion"]), t("Neither good nor bad contacts are surely more (net emotion {n}).",
                                          n=shown("net_emotion"))))
    elif "nps" not in rows and "csat" in rows:
        said.append(t("{share} of the answers are satisfied.", share=shown("csat")))
    return " ".join(said) or t("Nobody has been asked often enough to tell.")


def _side(row: Mapping[str, Any]) -> int:
    """On which side of zero a value surely lies; 0 = cannot be told."""
    return 1 if row["lower"] > 0 else -1 if row["upper"] < 0 else 0


def undecided(standing: pd.DataFrame, t: Language) -> str:
    """How many targets cannot be told yet; empty for none."""
    n = int((standing["status"] == "cannot_tell").sum())
    return t.plural("{n} target lies inside its interval: it cannot be told yet.",
                    "{n} targets lie inside their intervals: they cannot be told yet.", n=n) if n else ""


def status(row: Mapping[str, Any], t: Language) -> str:
    """A goal's status in a word, or why it has none. row: of `standing()`."""
    if row["status"] is None or pd.isna(row["status"]):
        reason = row["reason"]
        return t(reason) if reason is not None else DASH
    words = {"on_target": t("✓ on target"), "below_target": t("✗ off target"), "cannot_tell": t("? cannot tell yet")}
    few = f" ({t('few answers')})" if row["few"] else ""
    return words[row["status"]] + few


def interval(kpi: Kpi, row: Mapping[str, Any], t: Language) -> str:
    """The interval in the KPI's unit; "—" where there is none."""
    if row["lower"] is None or pd.isna(row["lower"]):
        return DASH
    return t.interval(kpi_value(t, kpi, row["lower"]), kpi_value(t, kpi, row["upper"]))
