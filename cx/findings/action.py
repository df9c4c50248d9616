"""What became of an action, in words: the verdict, why, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from cx.findings.kpi import kpi_value
from cx.language import DASH, Language
from cx.metrics.action import PLACE, Action
from cx.metrics.effect import Effect, Estimate
from cx.metrics.kpi_registry import Kpi

Label = Callable[[str, str], str]
MANY = 15
"""Answers a week from which each week is drawn."""


def verdict(found: Effect, t: Language) -> str:
    """The verdict in a word, told by sign as well."""
    return {"worked": t("✓ worked"), "did_not": t("✗ did not work"),
            "cannot_tell": t("? cannot tell yet")}[found.verdict]


def all_told(found: Sequence[Effect], t: Language) -> str:
    """What became of several actions."""
    if not found:
        return t("Nothing is being done about it yet.")
    told = [each.verdict for each in found]
    if set(told) == {"cannot_tell"}:
        return t.plural("Of {n} action it cannot be told yet whether it worked.",
                        "Of {n} actions it cannot be told yet whether they worked.", n=len(told))
    return t.plural("Of {n} action: {worked} worked, {failed} did not.",
                    "Of {n} actions: {worked} worked, {failed} did not.", n=len(told), worked=told.count("worked"),
                    failed=told.count("did_not"))


def why(found: Effect, action: Action, kpi: Kpi | None, t: Language) -> str:
    """The verdict's reason in a sentence, with the change and its interval where there is one."""
    decisive = found.change if found.by == "rest" else found.course
    numbers = change(decisive, kpi, t) if kpi is not None and decisive is not None else ""
    reason = found.reason
    if reason is not None:
        told = t(reason)
        return f"{told} {t('So far: {change}.', change=numbers)}" if numbers else told
    against = t("against the untouched rest") if found.by == "rest" else t("against its own course before")
    hoped = kpi_value(t, kpi, action.expected, sign=True) if kpi is not None else DASH
    words = {
        "good": t("Better by more than chance explains, {against}: {change}.", against=against, change=numbers),
        "less": t("Better by more than chance explains, {against}: {change}; less than the {hoped} expected.",
                  against=against, change=numbers, hoped=hoped),
        "worse": t("Worse by more than chance explains, {against}: {change}.", against=against, change=numbers),
        "too_little": t("The change is surely smaller than the {hoped} expected, and chance alone could explain it, "
                        "{against}: {change}.", against=against, change=numbers, hoped=hoped),
        "chance": t("The change lies within chance, {against}: {change}.", against=against, change=numbers)}
    told = words[found.case]
    if found.case == "chance" and action.expected is None:
        told += " " + t("“Did not work” can be said only where an expected change is given.")
    return told


def change(found: Estimate | None, kpi: Kpi, t: Language) -> str:
    """A change with its interval in the KPI's unit."""
    if found is None:
        return DASH
    shown = [kpi_value(t, kpi, each, sign=True) for each in (found.value, found.lower, found.upper)]
    return t("{value} (95% interval {interval})", value=shown[0], interval=t.interval(*shown[1:]))


def place(action: Action, label: Label, t: Language) -> str:
    """Where the action mends, in words."""
    return " · ".join(label(name, getattr(action, name)) for name in PLACE if getattr(action, name)) or t("everywhere")


def numbers(found: Effect, kpi: Kpi, t: Language) -> pd.DataFrame:
    """The numbers compared, as a table; empty where it is too early."""
    if found.four.empty:
        return pd.DataFrame()
    sides = {"place": t("At the place"), "rest": t("Everywhere else, untouched")}
    rows = []
    for side, name in sides.items():
        two = found.four[found.four["side"] == side].sort_values("after").to_dict("records")
        if two:
            shown = [f"{kpi_value(t, kpi, row['value'])} (n = {t.number(row['n'])})" for row in two]
            moved = kpi_value(t, kpi, two[1]["value"] - two[0]["value"], sign=True)
            rows.append({t("Where"): name, t("Before the start"): shown[0], t("After the start"): shown[1],
                         t("Difference"): moved})
    if found.change is not None:
        rows.append({t("Where"): t("Difference of the changes"), t("Before the start"): "", t("After the start"): "",
                     t("Difference"): change(found.change, kpi, t)})
    if found.course is not None:
        rows.append({t("Where"): t("Against the course before the start"), t("Before the start"): "",
                     t("After the start"): "", t("Difference"): change(found.course, kpi, t)})
    return pd.DataFrame(rows)


def course(found: Effect) -> pd.DataFrame:
    """The values of `Effect.series` to draw: by week, or by four weeks counted from the start where a week has few
    answers. → week (first day), place, place_n, rest, rest_n."""
    series, before = found.series, int((~found.series["after"]).sum())
    at_once = 1 if series["place_n"].median() >= MANY else 4
    block = (np.arange(len(series)) - before) // at_once
    parts = {"week": series["week"].groupby(block).first()}
    for side in ("place", "rest"):
        n = series[f"{side}_n"].groupby(block).sum()
        total = (series[side] * series[f"{side}_n"]).groupby(block).sum()
        parts |= {side: (total / n).where(n > 0), f"{side}_n": n}
    return pd.DataFrame(parts).reset_index(drop=True)
