"""What tells those who went on from the lost, and one funnel from another, in a sentence. `name` turns a factor into
the name to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from cx.findings.compared import Than, with_change
from cx.language import Language
from cx.metrics import stats
from cx.metrics.converters import Converters
from cx.metrics.kpi import SIGNIFICANT_AT
from cx.metrics.kpi_registry import MINIMUM_N
from cx.model import PURCHASES


def goal_of(funnel: pd.DataFrame) -> int | None:
    """Position of the purchase stage, where stages come before and after it: who bought is not lost, so losses are
    told of the way there. None for other funnels. funnel: of `funnel()`, with the stage in `key` where steps are named.
    """
    keys = funnel["key"] if "key" in funnel else funnel["step"]
    found = funnel["position"][keys.isin(PURCHASES) & funnel["position"].between(2, len(funnel) - 1)]
    return int(found.iloc[0]) if len(found) else None


def worst_step(funnel: pd.DataFrame) -> int | None:
    """Position of the step after which the largest share of customers is lost, on the way to the purchase where it is a
    stage between others; None = nobody is lost."""
    later = funnel[(funnel["position"] > 1) & funnel["from_previous"].notna()]
    later = later[later["position"] <= (goal_of(funnel) or len(funnel))]
    if later.empty:
        return None
    worst = later.loc[later["from_previous"].astype(float).idxmin()]
    return int(worst["position"]) - 1 if worst["from_previous"] < 1 else None


def loss(funnel: pd.DataFrame, t: Language, name: Callable[[str], str], against: pd.DataFrame | None = None,
         than: Than | None = None) -> str:
    """Where the largest share is lost, and whether that is surely more than elsewhere. funnel: of `funnel()` without
    breakdown; against: of `funnel_compare.compare()` for the same steps."""
    worst = worst_step(funnel)
    keys = list(funnel["step"])
    goal = goal_of(funnel)
    if worst is None:
        return (t("Nobody is lost between these steps.") if goal is None else
                t("Nobody is lost on the way to {goal}.", goal=name(keys[goal - 1])))
    row = funnel[funnel["position"] == worst + 1].iloc[0]
    words = {"before": name(keys[worst - 1]), "after": name(keys[worst]),
             "share": t.percent(1 - float(row["from_previous"]), 0)}
    said = (t("The largest share is lost between {before} and {after}: {share} have not gone on.", **words)
            if goal is None else
            t("On the way to {goal} the largest share is lost between {before} and {after}: {share} have not gone on.",
              goal=name(keys[goal - 1]), **words))
    found = None if against is None else against[against["position"] == row["position"]]
    if found is None or found.empty:
        return said
    gone_on = found.iloc[0]
    same = abs(gone_on["from_previous"] - row["from_previous"]) < 1e-9
    if not same and not (than and than.when):  # a time limit: others are counted there
        return said
    return with_change(said, {"difference": -gone_on["difference"], "significant": gone_on["difference_significant"],
                              "value": 1 - gone_on["from_previous"]}, than, t)


def telling(found: Converters, t: Language, name: Callable[[str, str], str]) -> str:
    """The factor that most surely goes with going on, or with being lost. name: (kind, key) → name."""
    if found.reason is not None:
        return t("What tells those who went on cannot be said")
    row = found.factors.iloc[0]
    if not row["significant"]:
        return t("Nothing surely tells those who went on from the lost")
    shown = {"what": name(row["kind"], row["key"]), "with_it": t.percent(row["rate_with"], 0),
             "without": t.percent(row["rate_without"], 0)}
    return (t("Those who went on stand out by: {what} ({with_it} went on, {without} of the others)", **shown)
            if row["difference"] > 0 else
            t("The lost stand out by: {what} ({with_it} went on, {without} of the others)", **shown))


def different(frame: pd.DataFrame, t: Language) -> str:
    """Which steps surely differ. frame: of `funnel_compare.compare()`, its steps as shown."""
    sure = [f"{row['step']} ({t('{n} pp', n=t.number(row['difference'] * 100, 1, sign=True))})"
            for row in frame.to_dict("records") if row["difference_significant"] is True]
    if sure:
        return t("Surely different: {steps}.", steps=", ".join(sure))
    if frame["difference_significant"].isna().all():
        return t("Too few customers to compare.")
    return t("No step differs more than chance explains.")


def through(parts: pd.DataFrame, t: Language, name: Callable[[str], str]) -> str:
    """The groups that most and fewest get through of, where their intervals are apart. parts: of `funnel()` with
    breakdown."""
    last = parts[parts["position"] == parts["position"].max()]
    last = last[last["from_first"].notna()]
    if last["key"].nunique() < 2:
        return t("Who gets through")
    rate = last["from_first"].astype(float)
    best, worst = last.loc[rate.idxmax()], last.loc[rate.idxmin()]
    if not best["lower"] > worst["upper"]:
        return t("No group surely gets through more often than another.")
    return t("Most get through: {best} ({best_share}), fewest: {worst} ({worst_share}).", best=name(best["key"]),
             best_share=t.percent(best["from_first"]), worst=name(worst["key"]),
             worst_share=t.percent(worst["from_first"]))


def took(summary: Mapping[str, float | None], t: Language) -> str:
    """How long it takes. summary: of `funnel.summary()`."""
    if not summary["n"] or summary["median"] is None:
        return t("How long it takes")
    if summary["median_lower"] is None or summary["median_upper"] is None:
        return t("Too few got through to tell how long it takes (n = {n}).", n=int(summary["n"]))
    return t("Half of them took at most {median} ({interval}).", median=t.duration(summary["median"]),
             interval=t.interval(t.duration(summary["median_lower"]), t.duration(summary["median_upper"])))


def lately(over_time: pd.DataFrame, t: Language) -> str:
    """Whether the last full period got through more often than the one before. over_time: of `funnel.trend()` with its
    rate as value and entered as n."""
    known = over_time[over_time["complete"] & over_time["value"].notna()].tail(2)
    if len(known) < 2:
        return t("Conversion by time of entry")
    before, last = known.iloc[0], known.iloc[1]
    told = stats.difference_of_shares(last["converted"], last["n"], before["converted"], before["n"])
    said = t("Of those who entered in the last full period, {share} reached the last step.",
             share=t.percent(last["value"]))
    few = min(last["n"], before["n"]) < MINIMUM_N
    return with_change(said, {"difference": float(told.value), "significant": None if few else bool(
        told.p < SIGNIFICANT_AT)}, Than(t("than in the one before"), t("from the one before")), t)


def went_on(following: pd.DataFrame, t: Language, name: Callable[[str], str], nothing: str) -> str:
    """What the lost did next most often. following: of `funnel.drop_off()`, what came next; nothing: the key that
    stands for nothing."""
    if following.empty:
        return t("What the lost ones did next")
    most = following.loc[following["customers"].idxmax()]
    share = t.percent(most["share"], 0)
    if most["key"] == nothing:
        return t("Most often nothing came after: {share} of the lost.", share=share)
    return t("What the lost ones did next most often: {place} ({share}).", place=name(most["key"]), share=share)


def verdict(significant: bool | None, t: Language) -> str:
    """Whether a difference is more than chance, in two words."""
    return t("too few to compare") if significant is None else t("surely") if significant else t("within chance")


def passed_by(row: Mapping[str, Any], t: Language, name: Callable[[str], str]) -> str:
    """That customers who came to a later stage were never seen in this one. row: of `skipped.told()`; name: of stages.
    """
    n, words = int(row["skipped"]), {"all": int(row["came"]), "stage": name(row["stage"]), "goal": name(row["goal"])}
    return (t.plural("{n} of {all} customers in {goal} was never seen in {stage}, so the funnel does not count them.",
                     "{n} of {all} customers in {goal} were never seen in {stage}, so the funnel does not count them.",
                     n=n, **words) if row["position"] == 1 else
            t.plural("{n} of {all} customers who entered and came to {goal} was never seen in {stage}, so the funnel "
                     "counts them as lost.",
                     "{n} of {all} customers who entered and came to {goal} were never seen in {stage}, so the funnel "
                     "counts them as lost.", n=n, **words))


def without(stages: Sequence[str], t: Language, name: Callable[[str], str]) -> str:
    """Which stages somebody left out of the funnel; "" for none. stages: of `skipped.left_out()`."""
    return t("funnel without: {stages}", stages=", ".join(map(name, stages))) if stages else ""


def left_out(customers: int, t: Language) -> str:
    """That who may still go on is not judged; "" where nobody is."""
    return t.plural("{n} customer who may still go on is left out.", "{n} customers who may still go on are left out.",
                    n=customers) if customers else ""
