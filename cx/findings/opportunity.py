"""What an opportunity is worth, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cx.findings.compared import MOST_NAMED
from cx.language import DASH, Language
from cx.metrics.friction import OUTSIDE
from cx.metrics.opportunity import GAPS, WORTH


def value(t: Language, what: str, number: float | None, *, sign: bool = False) -> str:
    """A number of customers kept, NPS points or revenue."""
    if number is None or pd.isna(number):
        return DASH
    return t.number(number, 1 if what == "nps" else 0, sign=sign)


def most(row: Mapping[str, Any], what: str, t: Language) -> str:
    """The opportunity that is worth most. row: name, value, lower, own (somebody entered it)."""
    words = {"place": row["name"], "what": t(WORTH[what]), "value": value(t, what, row["value"], sign=True)}
    if row["value"] <= 0:
        return t("What fixing it is worth: nothing that is sure")
    if row["lower"] > 0 or row["own"]:
        return t("Worth most: {place} ({what} {value}).", **words)
    return t("Worth most, but not surely anything: {place} ({what} {value}).", **words)


def first(placed: pd.DataFrame, t: Language) -> str:
    """What to begin with: surely worth something, and nothing that takes as little effort is worth more. placed: name,
    value, lower, own, effort (1–5)."""
    sure = placed[_sure(placed)].sort_values(["effort", "value"], ascending=[True, False], kind="stable")
    best = sure[sure["value"] > sure["value"].cummax().shift(fill_value=0.0)]
    if best.empty:
        return t("Nothing whose effort is known is surely worth it.")
    return t("First to fix: {places}. Nothing that takes as little effort is worth more.",
             places=", ".join(best["name"].head(MOST_NAMED)))


def worthwhile(rows: pd.DataFrame, t: Language) -> str:
    """How many of the opportunities are surely worth something. rows: value, lower, own."""
    many = int(_sure(rows).sum())
    if not many:
        return t("What fixing it is worth: nothing that is sure")
    return t("Of {every} problems, {n} are surely worth fixing.", n=many, every=len(rows))


def _sure(rows: pd.DataFrame) -> pd.Series:
    """Whether the worth is above nothing, by its interval or because somebody says so."""
    return (rows["lower"] > 0) | (rows["own"].astype(bool) & (rows["value"] > 0))


def told(row: Mapping[str, Any], gap: str, t: Language, *, lost: bool = False) -> str:
    """What closing the gap means, each with its interval, or why it cannot be told. row: of `opportunity.worth`; lost:
    what goes badly is that customers do not go on."""
    reason = row["reason"]
    parts = []
    aim = t("the average outside the selection") if gap == "rest" and row["against"] == OUTSIDE else t(GAPS[gap])
    if not pd.isna(row["yardstick"]) and not pd.isna(row["fewer"]) and row["fewer"] > 0:
        words = {"here": t.percent(row["here"]), "gap": aim, "aim": t.percent(row["yardstick"]),
                 "n": round(row["fewer"])}
        parts.append(t("{here} do not go on; at {gap} it would be {aim}.", **words) if lost else
                     t("Counted by contact, {here} go badly; at {gap} it would be {aim}, for {n} fewer customers.",
                       **words))
    shown = [f"{t(words)} {interval(row, what, t)}" for what, words in WORTH.items() if not pd.isna(row[what])]
    parts += [t("Worth: {values}.", values="; ".join(shown))] if shown else []
    parts += [t(reason)] if reason is not None else []
    return " ".join(part for part in parts if part)


def interval(row: Mapping[str, Any], what: str, t: Language) -> str:
    """A value with its interval, and whether that leaves out zero."""
    low, high = row[f"{what}_lower"], row[f"{what}_upper"]
    words = t("{value} (95% interval {interval})", value=value(t, what, row[what], sign=True),
              interval=t.interval(value(t, what, low, sign=True), value(t, what, high, sign=True)))
    return words if low > 0 or high < 0 else f"{words}, {t('not sure')}"
