"""What drivers and response curves say: computed from the values shown, so it is true under every filter."""

from __future__ import annotations

import pandas as pd

from cx.language import DASH, Language, Text
from cx.metrics.driver import OUTCOMES, QUADRANTS, Drivers
from cx.metrics.kpi import SIGNIFICANT_AT
from cx.metrics.waiting import Response


def heaviest(found: Drivers, t: Language) -> str:
    """What goes most with the outcome."""
    sure = found.weights[found.weights["sure"].astype(bool)]
    if sure.empty:
        return t("Nothing here surely goes with the outcome: {outcome}.", outcome=OUTCOMES[found.outcome])
    top = sure.iloc[0]
    return t("“{name}” goes most with “{outcome}”: {share} of what is explained.", name=top["label"],
             outcome=OUTCOMES[found.outcome], share=t.percent(top["share"], 0))


def rests_on(found: Drivers, t: Language) -> str:
    """How much is explained, of whom, and what that is not."""
    return t("All together explain {r2} of the differences between customers ({interval}). Used: the {n} of "
             "{of} customers who have an answer to everything weighed here. This is association, not cause.",
             r2=t.percent(found.r2, 0), n=found.n, of=found.of,
             interval=t.interval(t.percent(found.r2_lower, 0), t.percent(found.r2_upper, 0)))


def first_to_fix(found: Drivers, t: Language) -> str:
    """What weighs much and goes badly."""
    fix = found.weights[found.weights["quadrant"] == "fix"]
    if fix.empty:
        return t("Nothing that weighs much goes worse than the rest.")
    return t("Weighs much and goes worse than the rest: {names}.",
             names=", ".join(name(each, t) for each in fix["label"]))


def name(label: str | Text, t: Language) -> str:
    """A driver's name."""
    return t(label) if isinstance(label, Text) else label


def weights(found: Drivers, t: Language) -> pd.DataFrame:
    """The drivers as rows of dots: share of what is explained."""
    rows = found.weights.to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows],
        "name": [name(row["label"], t) + ("" if row["sure"] else f" ({t('within chance')})") for row in rows],
        "value": [row["share"] for row in rows], "lower": [row["lower"] / found.r2 for row in rows],
        "upper": [row["upper"] / found.r2 for row in rows], "text": [t.percent(row["share"], 0) for row in rows],
        "interval": [t.interval(t.percent(row["lower"] / found.r2, 0), t.percent(row["upper"] / found.r2, 0))
                     for row in rows],
        "way": [_way(row["direction"], t) for row in rows]})


def quadrants(found: Drivers, t: Language) -> pd.DataFrame:
    """The drivers that can go well or badly, as points."""
    rows = found.weights[found.weights["quadrant"].notna()].to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows], "name": [name(row["label"], t) for row in rows],
        "share": [row["share"] for row in rows],
        "performance": [row["performance"] for row in rows], "quadrant": [row["quadrant"] for row in rows],
        "share_text": [t.percent(row["share"], 0) for row in rows],
        "good_text": [t.percent(row["performance"], 0) for row in rows]},
        columns=["key", "name", "share", "performance", "quadrant", "share_text", "good_text"])


def table(found: Drivers, t: Language) -> pd.DataFrame:
    """The drivers as a table."""
    rows = found.weights.to_dict("records")
    words = {key: t(each) for key, each in QUADRANTS.items()}
    return pd.DataFrame({
        t("What"): [name(row["label"], t) for row in rows],
        t("Share of what is explained"): [t.percent(row["share"]) for row in rows],
        t("Part of R²"): [f"{t.number(row['weight'], 3)} "
                          f"({t.interval(t.number(row['lower'], 3), t.number(row['upper'], 3))})" for row in rows],
        t("More of it goes with"): [_way(row["direction"], t) for row in rows],
        t("More than chance"): [t("yes") if row["sure"] else t("no") for row in rows],
        t("How well it goes"): [t.percent(row["performance"], 0) for row in rows],
        t("Customers with an answer"): [row["n"] for row in rows],
        t("So"): [words.get(row["quadrant"], DASH) for row in rows]})


def left_out(found: Drivers, t: Language) -> pd.DataFrame:
    """What was not weighed, and why."""
    return pd.DataFrame({t("What"): [name(each, t) for each, _ in found.left_out],
                         t("Why"): [t(reason) for _, reason in found.left_out]})


def _way(direction: float, t: Language) -> str:
    return t("a better outcome") if direction > 0 else t("a worse outcome")


# --- waiting and lateness ---


def at(value: float, cause: str, t: Language) -> str:
    """A time as customers know it. value: seconds of waiting, or days late."""
    return t.duration(value) if cause == "waiting" else t("{n} days late", n=t.number(value, 1 if value % 1 else 0))


def response(found: Response, cause: str, outcome: str, t: Language) -> str:
    """What waiting does, in a sentence."""
    if found.reason is not None:
        return t(found.reason)
    if not (found.slope < 0 and found.slope_p < SIGNIFICANT_AT):
        return t("No sure relation: longer is not surely worse here.")
    if found.zero == found.zero:
        words = {"when": at(found.zero, cause, t), "interval": t.interval(
            at(found.zero_lower, cause, t), at(found.zero_upper, cause, t))}
        if outcome == "csat":
            return t("From {when} on fewer than half are satisfied ({interval}).", **words)
        return (t("From {when} on net emotion is below zero ({interval}).", **words) if outcome == "emotion"
                else t("From {when} on the NPS is below zero ({interval}).", **words))
    slope = t.number(found.slope, 1)
    return (t("The longer, the worse: {n} points for each minute.", n=slope) if cause == "waiting"
            else t("The longer, the worse: {n} points for each day.", n=slope))


def breaks(found: Response, cause: str, t: Language) -> str:
    """Where the line breaks, or that it does not."""
    if found.reason is not None:
        return ""
    if found.broken is None:
        return t("No sure breaking point: a straight line tells it as well.")
    unit = 60 if cause == "waiting" else 1
    words = {"when": at(found.broken.at * unit, cause, t), "before": t.number(found.broken.before, 1, sign=True),
             "after": t.number(found.broken.after, 1, sign=True),
             "interval": t.interval(*(at(each * unit, cause, t) for each in (found.broken.lower, found.broken.upper)))}
    if cause == "waiting":
        return t("It breaks at {when} ({interval}): {before} points a minute before, {after} after.", **words)
    return t("It breaks at {when} ({interval}): {before} points a day before, {after} after.", **words)


def bins(found: Response, cause: str, outcome: str, t: Language) -> pd.DataFrame:
    """The bins of a response curve with the texts of their tooltips; x in minutes or days."""
    rows = found.bins.to_dict("records")
    return found.bins.assign(
        number=range(len(rows)), x=found.bins["x"] / (60 if cause == "waiting" else 1),
        span=[t.interval(at(row["x_from"], cause, t), at(row["x_to"], cause, t)) for row in rows],
        value_text=[t.percent(row["value"] / 100, 0) if outcome == "csat" else t.number(row["value"], 0, sign=True)
                    for row in rows], n_text=[t.number(row["n"]) for row in rows])


def groups(found: list[Response], cause: str, outcome: str, t: Language) -> pd.DataFrame:
    """The response in each group as a table."""
    return pd.DataFrame({
        t("Name"): [each.label for each in found], t("Answers"): [each.n for each in found],
        t("What it says"): [response(each, cause, outcome, t) for each in found],
        t("Breaking point"): [breaks(each, cause, t) for each in found]})
