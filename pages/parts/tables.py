"""Frames of `cx.metrics` as the tables and chart rows a reader sees: names and numbers in his language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.charts.comments import impact
from cx.findings.kpi import kpi_value
from cx.frames import records
from cx.language import DASH, Language
from cx.metrics.kpi_registry import Kpi, kpi_of
from cx.model import EMOTION_SOURCES, EMOTIONS

MOST_ROWS = 2_000
"""Comments shown and saved as a table at most."""

Name = Callable[[str], str]
Label = Callable[[str, str], str]


def funnel(frame: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """Steps of a funnel as a table."""
    rows = records(frame)
    return pd.DataFrame({
        t("Step"): [f"{row['position']}. {name(row['step'])}" for row in rows],
        t("Customers"): [row["reached"] for row in rows],
        t("Of the step before"): [_interval(t, row, "from_previous", "from_previous_lower", "from_previous_upper")
                                  for row in rows],
        t("Of the first step"): [_interval(t, row, "from_first", "lower", "upper") for row in rows],
        t("Median time from before"): [t.duration(_number(row["median_seconds"])) for row in rows],
        t("9 in 10 within"): [t.duration(_number(row["p90_seconds"])) for row in rows],
        t("Still open"): [row["open"] for row in rows]}).dropna(axis="columns", how="all")


def largest(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows of the first so many keys."""
    return frame[frame["key"].isin(frame["key"].unique()[:most])]


def through(parts: pd.DataFrame) -> pd.DataFrame:
    """Who got to the last step of a funnel with breakdown: key, share, lower, upper, n (entered)."""
    entered = parts.loc[parts["position"] == 1, ["key", "reached"]].rename(columns={"reached": "n"})
    last = parts.loc[parts["position"] == parts["position"].max(), ["key", "from_first", "lower", "upper"]]
    return last.rename(columns={"from_first": "share"}).merge(entered, on="key")


def conversion_by(parts: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """The last step of a funnel with breakdown, as rows of bars, the best first."""
    rows = []
    for key, group in parts.groupby("key", sort=False):
        first, last = group.iloc[0], group.iloc[-1]
        if not first["reached"]:
            continue
        rows.append({"key": key, "name": name(str(key)), "value": float(last["from_first"]), "lower": last["lower"],
                     "upper": last["upper"], "text": t.percent(last["from_first"]),
                     "entered": t.number(first["reached"]), "interval": _range(t, last["lower"], last["upper"])})
    columns = ["key", "name", "value", "lower", "upper", "text", "entered", "interval"]
    return pd.DataFrame(rows, columns=columns).sort_values("value", ascending=False)


def next_steps(frame: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """What the lost did next, as rows of bars: shares of the lost. frame: key, customers, share, lower, upper."""
    rows = frame.head(12).to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows], "name": [name(row["key"]) for row in rows],
        "value": [row["share"] for row in rows],
        "text": [f"{t.percent(row['share'], 0)} ({t.number(row['customers'])})" for row in rows],
        "interval": [_range(t, row["lower"], row["upper"]) for row in rows]})


def customers(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """Customers of a funnel step."""
    return pd.DataFrame({t("Customer"): frame["customer_id"], t("Entered"): frame["started_at"],
                         t("Reached"): frame["reached_at"]})


def usage(frame: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """Touchpoints or channels as rows of bars, those that reach most customers first."""
    ordered = frame.sort_values("customers", ascending=False)
    return pd.DataFrame({
        "key": ordered["key"], "name": [name(key) for key in ordered["key"]], "value": ordered["customer_share"],
        "text": [f"{t.percent(share, 0)} ({t.number(n)})"
                 for share, n in zip(ordered["customer_share"], ordered["customers"], strict=True)],
        "interval": [_range(t, low, high)
                     for low, high in zip(ordered["customer_lower"], ordered["customer_upper"], strict=True)],
        "contacts": [t.number(n) for n in ordered["interactions"]]})


def of_everybody(frame: pd.DataFrame) -> pd.DataFrame:
    """`contact.usage()` with the number of customers that its shares are of, as everybody."""
    share = frame["customer_share"].astype(float)
    return frame.assign(everybody=(frame["customers"] / share.where(share > 0)).max())


def contacts(frame: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """How each touchpoint or channel goes."""
    rows = records(frame)
    return pd.DataFrame({
        t("Name"): [name(row["key"]) for row in rows],
        t("Interactions"): [row["interactions"] for row in rows], t("Customers"): [row["customers"] for row in rows],
        t("Net emotion"): [_of(t.number(_number(row["net"]), 0, sign=True), row["net_n"], t) for row in rows],
        t("Satisfied"): [_of(t.percent(_number(row["csat"]), 0), row["csat_n"], t) for row in rows],
        t("Mean wait"): [_of(t.duration(_number(row["wait_mean"])), row["wait_n"], t) for row in rows],
        t("9 in 10 wait less than"): [t.duration(_number(row["wait_p90"])) for row in rows]})


def kinds(frame: pd.DataFrame, name: Name) -> pd.DataFrame:
    """Shares of digital/physical or ownership classes, as rows of stacked bars."""
    return pd.DataFrame({"key": frame["key"], "name": [name(key) for key in frame["key"]], "class": frame["class"],
                         "share": frame["share"].fillna(0), "n": frame["interactions"]})


def breakdown(frame: pd.DataFrame, kpi: str | Kpi, t: Language, name: Name) -> pd.DataFrame:
    """A KPI by segment, as rows of bars, the highest first; sure differences are marked."""
    known = frame[frame["value"].notna()].sort_values("value", ascending=False)
    rows = records(known)
    return pd.DataFrame({
        "key": [row["key"] for row in rows],
        "name": [name(row["key"]) + (" *" if row["significant"] is True else "") for row in rows],
        "value": [row["value"] for row in rows],
        "lower": [_or(row["lower"], row["value"]) for row in rows],
        "upper": [_or(row["upper"], row["value"]) for row in rows],
        "text": [kpi_value(t, kpi, row["value"]) for row in rows],
        "interval": [t.interval(kpi_value(t, kpi, row["lower"]), kpi_value(t, kpi, row["upper"])) for row in rows],
        "n_text": [t.number(row["n"]) for row in rows],
        "difference": [kpi_value(t, kpi, row["difference"], sign=True) for row in rows]})


def trend(frame: pd.DataFrame, kpi: str | Kpi, t: Language, name: Name | None) -> pd.DataFrame:
    """A KPI over time as a table."""
    rows = records(frame)
    columns: dict[str, list[Any]] = {} if name is None else {t("Name"): [name(row["key"]) for row in rows]}
    return pd.DataFrame({
        **columns, t("Period from"): [t.date(row["period"].date()) for row in rows],
        t(kpi_of(kpi).name): [kpi_value(t, kpi, row["value"]) for row in rows],
        t("95% interval"): [t.interval(*(kpi_value(t, kpi, row[end]) for end in ("lower", "upper"))) for row in rows],
        t("Answers"): [row["n"] for row in rows],
        t("Note"): ["" if row["complete"] else t("incomplete period") for row in rows]})


def comments(frame: pd.DataFrame, t: Language, stage: Name) -> pd.DataFrame:
    """Comments with where they were made and how it felt."""
    rows = records(frame)
    return pd.DataFrame({
        t("Comment"): [row["comment"] for row in rows], t("Emotion"): [mood(row["emotion"], t) for row in rows],
        t("Stage"): [stage(row["stage"]) or DASH for row in rows],
        t("Touchpoint"): [row["touchpoint"] or DASH for row in rows],
        t("Channel"): [row["channel"] or DASH for row in rows], t("Customer"): [row["customer_id"] for row in rows],
        t("When"): [row["occurred_at"] for row in rows]})


def topics(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """What tells bad from good comments, with the NPS impact and an example. frame: of `comments.topics()`."""
    rows = records(frame)
    return pd.DataFrame({
        t("Topic"): [row["label"] for row in rows], t("Stands for"): [mood(row["emotion"], t) for row in rows],
        t("Negative comments"): frame["negative"], t("Positive comments"): frame["positive"],
        t("Comments"): frame["n"], t("NPS impact"): [impact(row, t) for row in rows],
        t("Example"): [row["examples"][0] for row in rows]})


def mood(emotion: object, t: Language) -> str:
    """An emotion in words; "—" where it is not known."""
    return DASH if emotion is None or pd.isna(emotion) else t(EMOTIONS[int(emotion)])  # type: ignore[call-overload]


def journey(frame: pd.DataFrame, t: Language, stage: Name) -> pd.DataFrame:
    """One customer's interactions as the time line draws them."""
    rows = records(frame)
    return pd.DataFrame({
        "occurred_at": frame["occurred_at"], "channel": [row["channel"] for row in rows],
        "touchpoint": [row["touchpoint"] for row in rows],
        "stage": [stage(row["stage"]) for row in rows],
        "emotion": frame["emotion"], "detail": [_said(row, t) for row in rows]})


def journey_table(frame: pd.DataFrame, t: Language, stage: Name) -> pd.DataFrame:
    """One customer's interactions as a table."""
    rows = records(frame)
    return pd.DataFrame({
        t("When"): frame["occurred_at"],
        t("Stage"): [stage(row["stage"]) or DASH for row in rows],
        t("Touchpoint"): [row["touchpoint"] or DASH for row in rows],
        t("Channel"): [row["channel"] or DASH for row in rows],
        t("Emotion"): [_felt(row, t) for row in rows], t("What was said"): [_said(row, t) for row in rows],
        t("Waited"): [t.duration(_number(row["wait_seconds"])) for row in rows],
        t("After"): [t.duration(None if _number(row["minutes"]) is None else row["minutes"] * 60) for row in rows]})


def profile(facts: dict[str, Any], t: Language) -> list[tuple[str, str]]:
    """Who a customer is: (what, value) pairs."""
    since = " – ".join(t.date(facts[name].date()) for name in ("first_at", "last_at")
                       if not pd.isna(facts[name]))
    return [
        (t("Persona"), facts["persona"] or t("not given")),
        (t("Known"), since or DASH),
        (t("First and last channel"), " → ".join(facts[name] or DASH for name in ("first_channel", "last_channel"))),
        (t("Orders"), t.number(facts["orders"]) + (f" ({t.money(facts['revenue'])})" if facts["revenue"] else "")),
        (t("Net emotion"), _of(t.number(_number(facts["net"]), 0, sign=True), facts["felt"], t)),
        *((name, str(value)) for name, value in facts["attributes"].items())]


def _felt(row: dict[str, Any], t: Language) -> str:
    if row["emotion"] is None or pd.isna(row["emotion"]):
        return DASH
    return f"{mood(row['emotion'], t)} ({t(EMOTION_SOURCES[row['emotion_source']])})"


def _said(row: dict[str, Any], t: Language) -> str:
    parts = []
    if _number(row["nps"]) is not None:
        parts.append(t("recommends {score} of 10", score=int(row["nps"])))
    if _number(row["csat"]) is not None:
        parts.append(t("satisfaction {score} of {top}", score=_short(row["csat"]), top=int(row["csat_max"])))
    if _number(row["ces"]) is not None:
        parts.append(t("ease {score} of {top}", score=_short(row["ces"]), top=int(row["ces_max"])))
    if row["is_complaint"] is True:
        parts.append(t("complaint"))
    if _number(row["revenue"]) is not None:
        parts.append(t("order worth {amount}", amount=t.money(float(row["revenue"]))))
    if _number(row["delay_days"]) is not None and row["delay_days"] > 0:
        parts.append(t.plural("{n} day late", "{n} days late", n=int(row["delay_days"])))
    if row["comment"]:
        parts.append(f"“{row['comment']}”")
    return " · ".join(parts)


def _interval(t: Language, row: dict[str, Any], value: str, lower: str, upper: str) -> str:
    if _number(row[value]) is None:
        return DASH
    return f"{t.percent(row[value])} ({_range(t, row[lower], row[upper])})"


def _range(t: Language, lower: float, upper: float) -> str:
    return t.interval(t.percent(lower), t.percent(upper))


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _short(value: Any) -> str:
    return f"{float(value):g}"


def _or(value: Any, other: float) -> float:
    return other if _number(value) is None else float(value)


def _of(shown: str, n: Any, t: Language) -> str:
    return DASH if not n else f"{shown} (n = {t.number(n)})"
