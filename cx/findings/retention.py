"""What retention says, in sentences: computed from the frames shown, claimed only where the intervals are sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.language import Language
from cx.metrics.retention import WAIT, half


def span(age: int, interval: str, t: Language) -> str:
    """`3 months`."""
    if interval == "week":
        return t.plural("{n} week", "{n} weeks", n=age)
    if interval == "month":
        return t.plural("{n} month", "{n} months", n=age)
    return t.plural("{n} quarter", "{n} quarters", n=age)


def counted(cells: pd.DataFrame, of: str, t: Language) -> str:
    """How many customers the cohorts hold. cells: of `retention.cohorts()`."""
    n = int(cells.loc[cells["age"] == 0, "customers"].sum())
    if of == "purchase":
        return t.plural("{n} customer with a first order", "{n} customers with a first order", n=n)
    return t.plural("{n} customer who came first in this period", "{n} customers who came first in this period", n=n)


def staying(curve: pd.DataFrame, of: str, reading: str, interval: str, t: Language,
            against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """How long customers stay. curve: of `retention.curve()` without breakdown.

    "In or after": when more than half are gone, or that at least half still come back, each only where the interval
    says so. "In": the share there one period after the first, and at the last age that enough customers in at least
    half of the cohorts have reached. Against another period or group: the first share told.

    against: of `differences()` of two such curves by age
    """
    later = curve[curve["age"] > 0]
    if later.empty:
        return t("No later period can be told yet: the data ends too soon after the first.")
    enough = later[~later["few"] & (later["cohorts"] * 2 >= curve["cohorts"].max())]
    if enough.empty:
        return t("Few customers: what their coming back says about others is far from sure.")
    first, last = enough.iloc[0].to_dict(), enough.iloc[-1].to_dict()
    if reading == "in":
        values = {"share": t.percent(first["value"], 0), "span": span(first["age"], interval, t),
                  "later": t.percent(last["value"], 0), "later_span": span(last["age"], interval, t)}
        change = at(against, age=first["age"])
        if last["age"] == first["age"]:
            return with_change(t("{share} are still active {span} after the first.", share=values["share"],
                                 span=values["span"]), change, than, t)
        begun = (t("{share} of buyers order again {span} after their first order.", share=values["share"],
                   span=values["span"]) if of == "purchase" else
                 t("{share} of customers are active {span} after their first contact.", share=values["share"],
                   span=values["span"]))
        return " ".join([with_change(begun, change, than, t),
                         t("After {span}: {share}.", span=values["later_span"], share=values["later"])])
    gone = half(curve)
    if gone is not None:
        row = curve[curve["age"] == gone].iloc[0]
        values = {"span": span(gone, interval, t), "share": t.percent(row["value"], 0), "interval": _interval(row, t)}
        if of == "purchase":
            return t("More than half of buyers are gone after {span}: {share} order then or later ({interval}).",
                     **values)
        return t("More than half of customers are gone after {span}: {share} come back then or later ({interval}).",
                 **values)
    if (enough["lower"] > 0.5).all():
        return t("After {span}, more than half still come back then or later: {share} ({interval}).",
                 span=span(last["age"], interval, t), share=t.percent(last["value"], 0), interval=_interval(last, t))
    return t("When half of customers are gone cannot be told for sure.")


def newer(found: Mapping[str, Any] | None, interval: str, t: Language) -> str:
    """Whether newer cohorts come back more or less often. found: of `retention.newer_against_older()`."""
    if found is None:
        return t("Who came when, and who is still there")
    values = {"span": span(1, interval, t), "newer": t.percent(found["newer"], 0),
              "older": t.percent(found["older"], 0)}
    if not found["sure"]:
        return t("After {span}, newer cohorts are still active about as often ({newer}) as older ones ({older}).",
                 **values)
    if found["newer"] > found["older"]:
        return t("After {span}, newer cohorts are still active more often ({newer}) than older ones ({older}).",
                 **values)
    return t("After {span}, newer cohorts are still active less often ({newer}) than older ones ({older}).", **values)


def groups(found: tuple[dict[str, Any], dict[str, Any]] | None, interval: str, t: Language,
           name: Callable[[str], str]) -> str:
    """Which group stays most and which least. found: of `retention.apart()`."""
    if found is None:
        return t("No group surely stays longer than another.")
    most, least = found
    return t("After {span}, {most} has kept the largest share ({most_share}), {least} the smallest ({least_share}).",
             span=span(most["age"], interval, t), most=name(most["key"]), most_share=t.percent(most["value"], 0),
             least=name(least["key"]), least_share=t.percent(least["value"], 0))


def cell(row: Mapping[str, Any], reading: str, listed: int, back: bool, t: Language) -> str:
    """What a cell of the cohort table says, in words. row: of `retention.cohorts()`; listed: customers in the list."""
    values = {"active": t.number(row["active"]), "n": t.number(row["customers"]), "share": t.percent(row["value"]),
              "interval": _interval(row, t)}
    parts = [t("{active} of {n} customers were active then ({share}, {interval}).", **values) if reading == "in"
             else t("{active} of {n} customers were active then or later ({share}, {interval}).", **values)]
    if not row["complete"]:
        parts.append(t("This may still rise."))
    every = int(row["active"] if back else row["customers"] - row["active"])
    if listed < every:
        parts.append(t("The {listed} last seen of {n} are listed.", listed=listed, n=every))
    return " ".join(parts)


def curve_note(reading: str, interval: str, t: Language) -> str:
    """How the curve is to be read."""
    if reading == "in":
        return t("Share of customers active in that period, all cohorts together; the band is the 95% interval. Each "
                 "point is from the cohorts for which that period is over, so later points rest on older cohorts.")
    return t("Share of customers active in that period or any since, all cohorts together; the band is the 95% "
             "interval. Each point is from cohorts observed for {span} longer; who stays silent for longer than that "
             "may still come back, so shares are low rather than high.", span=span(WAIT, interval, t))


def table_note(cells: pd.DataFrame, reading: str, interval: str, t: Language) -> str:
    """How the cohort table is to be read. cells: of `retention.cohorts()`."""
    parts = [t("Percent of those who came first in the period on the left. Pale with a dashed edge: the period is not "
               "over.") if reading == "in" else
             t("Percent of those who came first in the period on the left. Pale with a dashed edge: fewer than {span} "
               "have passed since, more may come back.", span=span(WAIT, interval, t))]
    if cells["first_of_data"].any():
        parts.append(t("* The data begins here: these may be older customers."))
    return " ".join(parts)


def _interval(row: Mapping[str, Any], t: Language) -> str:
    return t.interval(t.percent(row["lower"], 0), t.percent(row["upper"], 0))
