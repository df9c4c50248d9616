"""Two frames of the same question against each other, row by row: the difference of any value that has an interval.

The interval of the difference is put together from the two intervals (MOVER: Zou & Donner 2008, Statistics in Medicine
27, 1693–1702; of Wilson's intervals it is Newcombe's, of Student's nearly Welch's), so one function serves shares, net
scores, means and whatever was bootstrapped. It supposes that the two sides are independent.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    names = {value: "value", lower: "_lower", upper: "_upper", n: "n"}
    sides = [side[[*on, *names]].rename(columns=names) for side in (one, other)]
    frame = sides[0].merge(sides[1].rename(columns={name: f"other_{name}" for name in names.values()}), on=list(on),
                           how="outer", sort=False)
    order = {key: place for place, key in enumerate(dict.fromkeys(
        key for side in sides for key in side[list(on)].itertuples(index=False, name=None)))}
    places = [order[key] for key in frame[list(on)].itertuples(index=False, name=None)]
    frame = frame.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)
    number = {name: frame[name].to_numpy(dtype=float, na_value=np.nan) for name in frame.columns if name not in on}
    found = mover(number["value"], number["_lower"], number["_upper"], number["other_value"], number["other__lower"],
                  number["other__upper"])
    enough = (number["n"] >= minimum) & (number["other_n"] >= minimum)
    p = np.where(enough, found.p, np.nan)
    adjusted = stats.adjusted(p)
    return frame[list(on)].assign(
        value=number["value"], n=number["n"], other_value=number["other_value"], other_n=number["other_n"],
        difference=found.value, lower=found.lower, upper=found.upper, p=p, p_adjusted=adjusted,
        significant=significant(pd.Series(adjusted)))


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
