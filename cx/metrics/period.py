"""Which days a question is about: the period shown, the one it is compared with, the calendar of a trend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics.calendar_days import day_number, first_days, period_numbers
from cx.metrics.cells import INTERVALS
from cx.store import Store

RECENT_DAYS = 90
A_YEAR_BEFORE = text("the last {n} days compared with the same days a year before").id
STEPS = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1),
         "quarter": pd.DateOffset(months=3)}


@dataclass(frozen=True)
class Periods:
    """shown      what a value is over (no period asked: all data, undated rows too)
    current       the closed period a change and retention are about; None = the data has no dates
    previous      what it is compared with; None = nothing
    basis         `previous` in words, None = no comparison
    covered       the data reaches back to the start of `previous`
    """

    shown: Filters
    current: Filters | None
    previous: Filters | None
    basis: Text | None
    covered: bool


def periods(store: Store, filters: Filters, compare: str | None = "previous") -> Periods:
    """The periods in question. `compare` None or "none": no comparison; "previous": as `filters.compare` says;
    "last_year": the same period a year before. Raises UnknownValue for anything else."""
    if compare not in (None, "none", "previous", "last_year"):
        raise UnknownValue(text("Comparison"), compare, ("previous", "last_year", "none"))
    how = "none" if compare in (None, "none") else "last_year" if compare == "last_year" else filters.compare
    found = days_of_data(store)
    if found is None:
        return Periods(filters, None, None, None, False)
    first, last = found
    if filters.start and filters.end:
        current: Filters = replace(filters, compare=how)
    else:
        begin, finish = max(filters.start or first, first), min(filters.end or last, last)
        days = min(RECENT_DAYS, ((finish - begin).days + 1) // 2)
        if days < 1:
            return Periods(filters, None, None, None, False)
        current = replace(filters, start=finish - dt.timedelta(days=days - 1), end=finish, compare=how)
    previous = current.compared()
    if previous is None or previous.end is None or previous.end < first:
        return Periods(filters, current, None, None, False)
    assert previous.start is not None
    if filters.start and filters.end:
        basis = text("compared with {start} – {end}", start=previous.start, end=previous.end)
    elif how == "last_year":
        basis = Text(A_YEAR_BEFORE, {"n": _days(current)})
    else:
        basis = text("the last {n} days compared with the {n} days before", n=_days(current))
    return Periods(filters, current, previous, basis, previous.start >= first)


def days_of_data(store: Store) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of the data; None where nothing has a date."""
    first, last = store.kept("SELECT CAST(min(occurred_at) AS DATE), CAST(max(occurred_at) AS DATE) "
                             "FROM interactions")[0]
    return None if first is None else (first, last)


def _days(filters: Filters) -> int:
    assert filters.start is not None
    assert filters.end is not None
    return (filters.end - filters.start).days + 1


def calendar(store: Store, filters: Filters, interval: str) -> tuple[str, pd.DataFrame]:
    """The interval meant (for "auto": day up to 31 days, week up to half a year, month up to three years, then
    quarter) and its periods that the selection and the data touch: period (first moment), complete (every day of it
    lies in the selection and between the first and the last day of the data). Raises UnknownValue."""
    if interval not in (*INTERVALS, "auto"):
        raise UnknownValue(text("Interval"), interval, ("auto", *INTERVALS))
    found = span_days(store, filters)
    if found is None:
        return ("month" if interval == "auto" else interval), pd.DataFrame(
            {"period": pd.Series([], dtype="datetime64[us]"), "complete": pd.Series([], dtype=bool)})
    first, last = found
    if interval == "auto":
        days = (last - first).days + 1
        interval = "day" if days <= 31 else "week" if days <= 183 else "month" if days <= 1100 else "quarter"
    starts = _first_days(first, last, interval)
    complete = (starts[:-1] >= np.datetime64(first)) & (starts[1:] <= np.datetime64(last) + 1)
    return interval, pd.DataFrame({"period": starts[:-1].astype("datetime64[us]"), "complete": complete})


def starts_between(first: dt.date, last: dt.date, interval: str) -> pd.DatetimeIndex:
    """The first moments of the calendar periods from the one that holds `first` to the one that holds `last`."""
    return pd.DatetimeIndex(_first_days(first, last, interval)[:-1].astype("datetime64[us]"))


def _first_days(first: dt.date, last: dt.date, interval: str) -> np.ndarray:
    """The first days of those periods, and of the one after them."""
    low, high = period_numbers(np.array([day_number(first), day_number(last)]), interval)
    return first_days(np.arange(low, high + 2), interval)


def span_days(store: Store, filters: Filters) -> tuple[dt.date, dt.date] | None:
    """First and last day that lie both in the selected period and in the data; None = no day does."""
    found = days_of_data(store)
    if found is None:
        return None
    first, last = found
    begin, finish = max(filters.start or first, first), min(filters.end or last, last)
    return (begin, finish) if begin <= finish else None


def days_of(first: dt.date, step: str, filters: Filters) -> tuple[dt.date, dt.date]:
    """First and last day of a calendar period that begins on `first`, as far as it is selected. step: see `STEPS`."""
    last = (pd.Timestamp(first) + STEPS[step]).date() - dt.timedelta(days=1)
    return max(first, filters.start or first), min(last, filters.end or last)
