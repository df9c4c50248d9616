"""Days, weeks, months and quarters as numbers, so that a column of them is counted at once."""

from __future__ import annotations

import datetime as dt

import numpy as np

_MONDAY = 3  # 1 January 1970 was a Thursday


def day_number(day: dt.date) -> int:
    """Days since 1970."""
    return (day - dt.date(1970, 1, 1)).days


def period_numbers(days: np.ndarray, interval: str) -> np.ndarray:
    """The number of the day, ISO week, month or quarter that each day (since 1970) lies in; the next one's is one more.
    """
    if interval == "day":
        return days.astype(np.int64)
    if interval == "week":
        return (days.astype(np.int64) + _MONDAY) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months if interval == "month" else months // 3


def first_days(numbers: np.ndarray, interval: str) -> np.ndarray:
    """The first day (datetime64[D]) of each period."""
    if interval in ("day", "week"):
        return (numbers if interval == "day" else numbers * 7 - _MONDAY).astype("datetime64[D]")
    return (numbers if interval == "month" else numbers * 3).astype("datetime64[M]").astype("datetime64[D]")
