"""A KPI's earlier course, laid under the present one: the period before, or the same days a year ago."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import text
from cx.metrics.kpi import trend
from cx.metrics.period import calendar, span_days, starts_between
from cx.store import Store

AGAINST = ("previous", "last_year")
_YEAR_OF_WEEKS = 364
"""Days and weeks are laid under those 52 weeks before, so that weekdays stand under weekdays."""


def earlier(store: Store, kpi: str, against: str = "previous", interval: str = "auto",
            filters: Filters = Filters()) -> pd.DataFrame:
    """The course of a KPI before, on the calendar of `trend(store, kpi, interval, filters)`.

    → period (the present one under which it stands), earlier (its own first moment), value, lower, upper, n, complete.
    "previous" is the period of the same length before a closed period, its first calendar period under the first;
    "last_year" the same days a year before (52 weeks for days and weeks). Periods without a counterpart in the data are
    left out; empty where there is nothing earlier. Raises UnknownValue.
    """
    if against not in AGAINST:
        raise UnknownValue(text("Comparison"), against, AGAINST)
    step, when = calendar(store, filters, interval)
    span = span_days(store, filters)
    found = None
    if span is not None and against == "last_year":
        back = pd.DateOffset(days=_YEAR_OF_WEEKS) if step in ("day", "week") else pd.DateOffset(years=1)
        first, last = ((pd.Timestamp(day) - back).date() for day in (filters.start or span[0], filters.end or span[1]))
        before = trend(store, kpi, step, replace(filters, start=first, end=last))
        found = before.assign(earlier=before["period"], period=(before["period"] + back).astype("datetime64[us]"))
        found = found[found["period"].isin(when["period"])]
    elif span is not None and (chosen := replace(filters, compare="previous").compared()) is not None:
        assert chosen.start is not None
        assert chosen.end is not None
        whole = pd.DataFrame({"period": starts_between(chosen.start, chosen.end, step).astype("datetime64[us]")})
        before = trend(store, kpi, step, chosen).merge(whole, on="period", how="right")
        many = min(len(before), len(when))
        found = before.head(many).rename(columns={"period": "earlier"}).assign(period=when["period"].head(many))
    columns = ["period", "earlier", "value", "lower", "upper", "n", "complete"]
    if found is None:
        found = pd.DataFrame(columns=columns)
    return found.loc[found["value"].notna(), columns].reset_index(drop=True)
