"""Whether it gets worse somewhere: the slope of what a cell's answers say over time."""

from __future__ import annotations

import numpy as np
from scipy import special

from cx.metrics.friction_cells import FEWEST_CUSTOMERS
from cx.metrics.friction_later import Ints
from cx.metrics.stats import Floats

SHORTEST = 60
"""Fewer days between the first and the last answer show no trend."""
_MONTH = 365.25 / 12


def direction(value: Floats, day: Floats, customer: Ints, good: int) -> dict[str, object]:
    """trend ("worse", "better"; None = cannot be told), trend_per_month (in the unit of the values), trend_p
    (two-sided, with variances summed over customers). good: +1 where higher is better, -1 where lower is."""
    dated = ~np.isnan(day)
    value, day, customer = value[dated], day[dated], customer[dated]
    none: dict[str, object] = {"trend": None, "trend_per_month": np.nan, "trend_p": np.nan}
    groups = len(np.unique(customer))
    if groups < FEWEST_CUSTOMERS or np.ptp(day) < SHORTEST:
        return none
    when = day - day.mean()
    across = (when**2).sum()
    slope = (when * value).sum() / across
    residual = value - value.mean()  # of "no trend"
    _, who = np.unique(customer, return_inverse=True)
    error = np.sqrt((np.bincount(who, when * residual)**2).sum() * groups / (groups - 1)) / across
    if not error > 0:
        return none
    p = 2 * special.stdtr(groups - 1, -abs(slope / error))
    return {"trend": "better" if slope * good > 0 else "worse", "trend_per_month": slope * _MONTH, "trend_p": float(p)}
