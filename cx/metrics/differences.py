"""Two frames of the same question against each other, row by row: the difference of any value that has an interval.

The interval of the difference is put together from the two intervals (MOVER: Zou & Donner 2008, Statistics in Medicine
27, 1693–1702; of Wilson's intervals it is Newcombe's, of Student's nearly Welch's), so one function serves shares, net
scores, means and whatever was bootstrapped. It supposes that the two sides are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from cx.metrics import stats
from cx.metrics.kpi import significant
from cx.metrics.stats import CONFIDENCE, Difference, Floats

_Z = float(special.ndtri((1 + CONFIDENCE) / 2))


def differences(one: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], minimum: int, *, value: str = "value",
                lower: str = "lower", upper: str = "upper", n: str = "n") -> pd.DataFrame:
    """Rows of `one` and `other` that share the columns `on`, in the order of `one`, then of `other`.

    value, lower, upper, n  the columns that hold a value, its 95 % interval and on how many it rests
    minimum                 fewer on either side: no verdict

    → the columns of `on`; value, n, other_value, other_n (null where one side has no such row); difference (this minus
      other), lower, upper; p, p_adjusted (Benjamini–Hochberg over all rows that are tested); significant (True, False,
      None = cannot be told).
    """
    keys = [list(zip(*(side[name].tolist() for name in on), strict=True)) for side in (one, other)]
    place = {key: row for row, key in enumerate(dict.fromkeys([*keys[0], *keys[1]]))}
    here, there = ([np.full(len(place), np.nan) for _ in range(4)] for _ in range(2))
    for side, rows, columns in ((one, keys[0], here), (other, keys[1], there)):
        for name, column in zip((value, lower, upper, n), columns, strict=True):
            column[[place[key] for key in rows]] = side[name].to_numpy(dtype=float, na_value=np.nan)
    found = mover(*here[:3], *there[:3])
    p = np.where((here[3] >= minimum) & (there[3] >= minimum), found.p, np.nan)
    adjusted = stats.adjusted(p)
    return pd.DataFrame({
        **{name: pd.Series([key[at] for key in place], dtype=_kind(one[name], other[name]))
           for at, name in enumerate(on)},
        "value": here[0], "n": here[3], "other_value": there[0], "other_n": there[3], "difference": found.value,
        "lower": found.lower, "upper": found.upper, "p": p, "p_adjusted": adjusted,
        "significant": significant(pd.Series(adjusted))})


def _kind(one: pd.Series, other: pd.Series) -> Any:
    """The type of a column that holds what both hold."""
    return one.dtype if one.dtype == other.dtype or other.empty else other.dtype if one.empty else object


def mover(value: Floats, lower: Floats, upper: Floats, other: Floats, other_lower: Floats,
          other_upper: Floats) -> Difference:
    """The difference of two independent values from their 95 % intervals. p: two-sided, from the distance to that bound
    that lies towards zero, so that p < 0.05 where the interval leaves out zero; without a bound, NaN."""
    difference = value - other
    down = np.hypot(np.maximum(value - lower, 0), np.maximum(other_upper - other, 0))
    up = np.hypot(np.maximum(upper - value, 0), np.maximum(other - other_lower, 0))
    towards = np.where(difference > 0, down, up)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * special.ndtr(-_Z * np.abs(difference) / towards)
    p = np.where((towards == 0) & (difference == 0), 1.0, p)
    return Difference(difference, difference - down, difference + up, p)
