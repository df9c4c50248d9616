"""What a trend says, in words: how sure its value is, what stands out, how good its forecast is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.findings.kpi import kpi_value
from cx.language import Language
from cx.metrics.forecast import Forecast
from cx.metrics.kpi_registry import Kpi


def note(kpi: Kpi, row: Mapping[str, Any], t: Language) -> str:
    """How to read a KPI's course below its value. row: of `kpis()`."""
    return " ".join([t(kpi.definition), f"{sure(kpi, row, t)}.",
                     t("That is of the whole selection; each point below is of one period.")])


def sure(kpi: Kpi, row: Mapping[str, Any], t: Language) -> str:
    """Interval and n of the value over the whole selection. row: of `kpis()`."""
    counted = t("n = {n}", n=int(row["n"]))
    if pd.isna(row["lower"]):
        return counted
    interval = t("95% interval: {interval}", interval=t.interval(
        kpi_value(t, kpi, row["lower"]), kpi_value(t, kpi, row["upper"])))
    return f"{interval}, {counted}"


def apart(kpi: Kpi, parts: pd.DataFrame, t: Language, name: Callable[[str], str]) -> str:
    """The groups that differ most surely from the rest, one on either side. parts: of `kpi.breakdown()`."""
    sure = parts[parts["significant"].eq(True) & (parts["key"] != "")]
    if len(parts) == 1:
        return t("There is only one group: nothing to compare it with.")
    if sure.empty:
        return t("No group surely differs from the rest.")
    shown = []
    for row in (sure.loc[sure["difference"].idxmax()], sure.loc[sure["difference"].idxmin()]):
        told = t("{group} ({value}, the rest {rest})", group=name(row["key"]), value=kpi_value(t, kpi, row["value"]),
                 rest=kpi_value(t, kpi, row["value"] - row["difference"]))
        shown += [told] if told not in shown else []
    return t("Surely apart: {groups}.", groups="; ".join(shown))


def odd(kpi: Kpi, found: pd.DataFrame, t: Language) -> dict[pd.Timestamp, str]:
    """Period → why it stands out. found: of `anomaly.anomalies()`."""
    return {row["period"]: t("unusual: about {expected} was to be expected",
                             expected=kpi_value(t, kpi, row["expected"])) for row in found.to_dict("records")}


def unusual(found: pd.DataFrame, t: Language) -> str:
    """How many periods stand out, and what that means."""
    if found.empty:
        return t("No period stands out from trend and season.")
    return t.plural("{n} period stands out (ringed): further from what trend and season lead one to expect than 3.5 "
                    "times the usual spread, and not explained by few answers.",
                    "{n} periods stand out (ringed): further from what trend and season lead one to expect than 3.5 "
                    "times the usual spread, and not explained by few answers.", n=len(found))


def holidays(periods: pd.Series, named: Mapping[dt.date, str], step: str) -> dict[pd.Timestamp, str]:
    """Period → the holidays in it, for days and weeks. named: of `holiday.holidays()`."""
    days = {"day": 1, "week": 7}.get(step, 0)
    found = {}
    for period in periods.drop_duplicates():
        inside = [named[day] for day in (period.date() + dt.timedelta(days=n) for n in range(days)) if day in named]
        if inside:
            found[period] = ", ".join(dict.fromkeys(inside))
    return found


def backtest(kpi: Kpi, found: Forecast, step: str, t: Language) -> str:
    """How far off the forecast was, against taking the last value; or why there is none."""
    if found.reason is not None:
        reason = found.reason
        return t(reason)
    error, naive = found.error or 0.0, found.naive or 0.0
    values = {"error": _off(t, kpi, error), "naive": _off(t, kpi, naive), "span": _span(found.tested, step, t)}
    if error < naive:
        return t("Forecast (dashed, with its 95% interval): one period ahead it was off by {error} on average over the "
                 "last {span}; taking the last value would have been off by {naive}.", **values)
    return t("Forecast (dashed, with its 95% interval): do not rely on it. One period ahead it was off by {error} on "
             "average over the last {span}; simply taking the last value was no worse ({naive}).", **values)


def _off(t: Language, kpi: Kpi, error: float) -> str:
    """A distance between two values of a KPI, without a sign."""
    if kpi.unit == "points":
        return t("{n} points", n=t.number(error, 1))
    return kpi_value(t, kpi, error, sign=True).lstrip("+−")


def _span(many: int, step: str, t: Language) -> str:
    return {"day": lambda: t.plural("{n} day", "{n} days", n=many),
            "week": lambda: t.plural("{n} week", "{n} weeks", n=many),
            "month": lambda: t.plural("{n} month", "{n} months", n=many),
            "quarter": lambda: t.plural("{n} quarter", "{n} quarters", n=many)}[step]()
