"""Walking the journey, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.language import Language


def stage(row: dict[str, Any], t: Language, name: str, *, others: bool) -> str:
    """What stands out at a stage. row: of `replay.walk().stages`; others: whether there is anybody to hold against."""
    on, net = row["on_significant"], row["net_significant"]
    parts = []
    if others and on is True:
        shown = {"here": t.percent(row["on_share"], 0), "there": t.percent(row["other_on_share"], 0)}
        parts.append(t("more go on than among the others ({here} against {there})", **shown)
                     if row["on_difference"] > 0 else
                     t("fewer go on than among the others ({here} against {there})", **shown))
    if others and net is True:
        shown = {"here": t.number(row["net"], 0, sign=True), "there": t.number(row["other_net"], 0, sign=True)}
        parts.append(t("it feels better than for the others ({here} against {there})", **shown)
                     if row["net_difference"] > 0 else
                     t("it feels worse than for the others ({here} against {there})", **shown))
    if parts:
        return t("{stage}: {what}", stage=name, what=", ".join(parts))
    if not row["customers"]:
        return t("{stage}: nobody of these customers comes here", stage=name)
    if others and on is False and net is not True:
        return t("{stage}: about as many go on as among the others", stage=name)
    if pd.notna(row["on_share"]):
        return t("{stage}: {share} go on", stage=name, share=t.percent(row["on_share"], 0))
    return t("{stage}: the end of the journey", stage=name)


def met(places: pd.DataFrame, t: Language, name: Callable[[str], str], *, others: bool) -> str:
    """What is met most often, and whether surely more often than by the others. places: rows of one stage of
    `replay.walk().touchpoints`, the most met first."""
    if places.empty:
        return t("What they meet here")
    most = places.iloc[0]
    words = {"place": name(most["key"]), "share": t.percent(most["share"], 0)}
    if not others or most["significant"] is not True:
        return t("Most often they meet here: {place} ({share}).", **words)
    words["there"] = t.percent(most["other_share"], 0)
    return (t("Most often they meet here: {place} ({share}), surely more than the others ({there}).", **words)
            if most["difference"] > 0 else
            t("Most often they meet here: {place} ({share}), surely less than the others ({there}).", **words))


def whole(stages: pd.DataFrame, t: Language, name: Callable[[str], str]) -> str:
    """After which stage the fewest go on. stages: of `replay.walk()`."""
    known = stages[stages["on_share"].notna()]
    if known.empty:
        return t("The whole way")
    row = known.loc[known["on_share"].astype(float).idxmin()]
    return t("Fewest go on after {stage}: {share} of {n}.", stage=name(row["key"]), share=t.percent(row["on_share"], 0),
             n=int(row["reached"]))


def simulated(steps: pd.DataFrame, t: Language) -> str:
    """What the moved conversions would change at the last step. steps: of `simulate.simulate()`, named as shown."""
    last = steps.iloc[-1]
    if not steps["moved_to"].notna().any():
        return t("Move a conversion and see what follows")
    if pd.isna(last["change"]):
        return t("Too few customers to say what follows at {step}", step=last["step"])
    n = round(float(last["change"]))
    low, high = (t.number(round(float(last[f"change_{end}"])), 0, sign=True) for end in ("lower", "upper"))
    return t("{step}: {n} customers ({interval})", step=last["step"], n=t.number(n, 0, sign=True),
             interval=t.interval(low, high))
