"""What customers did after each interaction: how many went no further, and what they spent."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.metrics.kpi_registry import CONVERSION_DAYS, MINIMUM_N
from cx.metrics.stats import Floats

Ints = NDArray[np.int64]
LATER_DAYS = 90
AFTERWARDS = 0.75
"""From this share of customers on, one touchpoint is said to come after another."""
DAY = 86_400_000_000  # microseconds
_LEARN_FROM = 20_000  # customers, about
_MOST_ORDERED = 60  # touchpoints


class Later:
    """What customers did after each interaction; the frame is by customer and time, undated rows of a customer last."""

    def __init__(self, frame: pd.DataFrame, touchpoint: Ints, position: Floats) -> None:
        self.moment = floats(frame["moment"])
        self._dated = ~np.isnan(self.moment)
        self._customer = frame["customer_key"].to_numpy(dtype=np.int64)
        self.known = self._dated & ~frame["anonymous"].to_numpy(dtype=bool)
        self._end = float(np.nanmax(self.moment)) if self._dated.any() else np.nan
        self._position = position
        self._touchpoint = touchpoint

    def stayed_behind(self) -> Floats:
        """1 where a customer came to no later step within CONVERSION_DAYS, else 0; NaN where no step is later and where
        those days have not passed. Later: a later stage, or a touchpoint of the same stage that comes afterwards
        (`_afterwards`)."""
        size = len(self.moment)
        result = np.full(size, np.nan)
        ripe = self.known & (self.moment + CONVERSION_DAYS * DAY <= self._end)
        stages = self._position[self._dated & ~np.isnan(self._position)]
        stage_last = stages.max() if len(stages) else np.nan
        afterwards = self._afterwards()
        ahead_of_stage: dict[float, Ints] = {}
        for (touchpoint, stage), at in _groups(ripe, self._touchpoint, self._position):
            after = afterwards.get(touchpoint, [])
            if stage == stage_last and not after:
                continue
            if after or stage not in ahead_of_stage:
                ahead = self._dated & ((self._position > stage) | np.isin(self._touchpoint, after))
                following = np.minimum.accumulate(np.where(ahead, np.arange(size), size)[::-1])[::-1]
                ahead_of_stage |= {} if after else {stage: following}
            then = (following if after else ahead_of_stage[stage])[at]
            there = np.minimum(then, size - 1)
            went_on = ((then < size) & (self._customer[there] == self._customer[at])
                       & (self.moment[there] - self.moment[at] <= CONVERSION_DAYS * DAY))
            result[at] = ~went_on
        return result

    def _afterwards(self) -> dict[float, list[float]]:
        """Touchpoint → those of its stage that customers who were at both first came to afterwards, in AFTERWARDS of
        the cases: basket → checkout → payment; places between which people wander have no order."""
        visits = pd.DataFrame({"customer": self._customer, "touchpoint": self._touchpoint, "stage": self._position,
                               "moment": self.moment})[self.known & (self._touchpoint >= 0)]
        known = visits["customer"].unique()
        visits = visits[visits["customer"].isin(known[:: max(1, len(known) // _LEARN_FROM)])]
        common = visits["touchpoint"].value_counts().index[:_MOST_ORDERED]
        visits = visits[visits["touchpoint"].isin(common)].drop_duplicates(["customer", "touchpoint"])
        pairs = visits.merge(visits, on=["customer", "stage"], suffixes=("", "_other"))
        pairs = pairs[pairs["touchpoint"] != pairs["touchpoint_other"]]
        counts = pairs.assign(before=pairs["moment"] < pairs["moment_other"]).groupby(
            ["touchpoint", "touchpoint_other"])["before"].agg(["mean", "size"])
        counts = counts[(counts["mean"] >= AFTERWARDS) & (counts["size"] >= MINIMUM_N)]
        after: dict[float, list[float]] = {}
        for touchpoint, other in counts.index:
            after.setdefault(touchpoint, []).append(other)
        return after

    def revenue(self, revenue: Floats) -> Floats:
        """Revenue of the customer within LATER_DAYS after it, NaN where those days have not passed."""
        result = np.full(len(self.moment), np.nan)
        at = np.flatnonzero(self.known & (self.moment + LATER_DAYS * DAY <= self._end))
        if not len(at) or not self._dated.any():
            return result
        seconds = ((np.where(self._dated, self.moment, self._end) - np.nanmin(self.moment)) / 1e6).astype(np.int64)
        width = int(seconds.max()) + LATER_DAYS * 86_400 + 2
        key = self._customer * width + np.where(self._dated, seconds, width - 1)
        so_far = np.concatenate([[0.0], np.cumsum(np.where(self._dated, np.nan_to_num(revenue), 0.0))])
        until = np.searchsorted(key, self._customer[at] * width + seconds[at] + LATER_DAYS * 86_400, side="right")
        result[at] = so_far[until] - so_far[at + 1]
        return result


def _groups(among: NDArray[np.bool_], touchpoint: Ints, stage: Floats) -> list[tuple[tuple[float, float], Ints]]:
    """(touchpoint, stage) → places of the rows, where both are known."""
    at = np.flatnonzero(among & (touchpoint >= 0) & ~np.isnan(stage))
    groups = pd.DataFrame({"touchpoint": touchpoint[at], "stage": stage[at]}).groupby(["touchpoint", "stage"])
    return [(key, at[places]) for key, places in groups.indices.items()]


def floats(values: pd.Series) -> Floats:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
