"""Periods of a trend that stand out: robust against the outliers themselves, and season and trend taken off first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics import stats
from cx.metrics.kpi import minimum_n, trend
from cx.metrics.own_kpi import find
from cx.metrics.period import calendar
from cx.store import Store

LIMIT = 3.5
"""Modified z-score above which a period stands out (Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers)."""

FEWEST = 8
"""Fewer complete periods show no pattern to stand out from."""

WINDOWS = {"day": 21, "week": 13, "month": 13, "quarter": 9}
SEASONS = {"day": 7, "month": 12, "quarter": 4}
"""Periods after which a pattern may repeat: weekdays, months of the year, quarters."""

_WIDER = 3 / 1.96
"""A period's own 95 % interval is widened to three standard errors, the limits of Shewhart's control chart (1931)."""

_TIMES_SEEN = 3  # a season is taken off once each of its places was seen so often


def anomalies(store: Store, kpi: str, interval: str = "auto", filters: Filters = Filters()) -> pd.DataFrame:
    """The complete periods of `trend(store, kpi, interval, filters)` that stand out.

    → period, value, expected (what trend and season let expect), n. A period stands out where its residual lies more
    than 3.5 robust standard deviations off *and* more than three of its own standard errors, *and* it is from the
    minimum of answers or more: few answers scatter widely and are no news. Simulated on chance alone, 1 course of 24
    months in 20 has such a period, 1 course of 120 days in 8. Raises UnknownValue.
    """
    step, _ = calendar(store, filters, interval)
    least = minimum_n(store) if find(store, kpi).minimum_n else 0
    return standing_out(trend(store, kpi, step, filters), step, least)


def standing_out(frame: pd.DataFrame, step: str, least: int = 0) -> pd.DataFrame:
    """`anomalies` of a trend frame (period, value, lower, upper, n, complete) whose periods are days, weeks, months or
    quarters; `least`: periods of fewer answers never stand out."""
    known = frame[frame["complete"] & frame["value"].notna()].reset_index(drop=True)
    none = pd.DataFrame({"period": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype=float),
                         "expected": pd.Series(dtype=float), "n": pd.Series(dtype="int64")})
    if len(known) < FEWEST:
        return none
    value = known["value"].to_numpy(dtype=float)
    expected = _expected(known["period"], value, step)
    spread = stats.robust_z(value - expected)
    lower, upper = (value + _WIDER * (known[side].to_numpy(dtype=float) - value) for side in ("lower", "upper"))
    outside = np.isnan(lower) | np.isnan(upper) | (expected < lower) | (expected > upper)
    found = known.assign(expected=expected)[(np.abs(spread) > LIMIT) & outside & (known["n"] >= least)]
    return found[["period", "value", "expected", "n"]].reset_index(drop=True) if len(found) else none


def _expected(periods: pd.Series, value: np.ndarray, step: str) -> np.ndarray:
    """Trend (robust local line) plus, where it was seen often enough, season (median by place in it)."""
    trend_line = _line(value, WINDOWS[step])
    if step not in SEASONS:
        return trend_line
    place = {"day": periods.dt.day_of_week, "month": periods.dt.month, "quarter": periods.dt.quarter}[step].to_numpy()
    seen = [int((place == each).sum()) for each in np.unique(place)]
    if len(seen) < SEASONS[step] or min(seen) < _TIMES_SEEN:
        return trend_line
    off = value - trend_line
    season_line = np.array([np.median(np.delete(off, at)[np.delete(place, at) == place[at]])
                            for at in range(len(value))])  # but itself, as in the line
    return _line(value - season_line, WINDOWS[step]) + season_line


def _line(value: np.ndarray, window: int) -> np.ndarray:
    """At each place, the robust line (Theil 1950, Sen 1968: median slope of all pairs) through the `window` nearest
    values but itself; at the ends through the first or last of them, so that a steep start is no outlier. With itself
    the line would bend to it, and chance would stand out: simulated on chance alone, 1 in 3 courses of 24 instead of
    1 in 15."""
    window = min(window, len(value))
    first, second = np.triu_indices(window - 1, 1)
    line = np.empty(len(value))
    for place in range(len(value)):
        start = min(max(0, place - window // 2), len(value) - window)
        near = np.delete(np.arange(start, start + window), place - start)
        slope = np.median((value[near[second]] - value[near[first]]) / (near[second] - near[first]))
        line[place] = np.median(value[near] - slope * near) + slope * place
    return line
