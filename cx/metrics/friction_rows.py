"""What happened where, to whom, as arrays: the rows that pain points and moments of delight are looked for in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import repeat
from cx.metrics.dimension import Dimension, with_labels
from cx.metrics.kpi_registry import CONVERSION_DAYS, MINIMUM_N
from cx.metrics.stats import Floats
from cx.scales import DETRACTOR_TO, PROMOTER_FROM, satisfied_sql
from cx.store import Store

Ints = NDArray[np.int64]
PLACES = ("stage", "touchpoint", "channel")
LATER_DAYS = 90
AFTERWARDS = 0.75
"""From this share of customers on, one touchpoint is said to come after another."""
_LEARN_FROM = 20_000  # customers, about
_MOST_ORDERED = 60  # touchpoints
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Measure:
    """What can go wrong, or well, somewhere.

    direction  +1 higher is better, -1 lower is better
    unit       points (−100…100), share (0–1) or seconds
    felt       what customers say or feel: only that can be a moment of delight
    kpi        the KPI that counts the same, None = there is none
    at_touchpoint  compared with the same touchpoint elsewhere only, since it depends on where in the journey one stands
    """

    name: Text
    unit: Literal["points", "share", "seconds"]
    direction: Literal[-1, 1]
    kpi: str | None
    needs: Text
    felt: bool = False
    at_touchpoint: bool = False


MEASURES: Mapping[str, Measure] = {
    "nps": Measure(text("NPS"), "points", 1, "nps", text("Recommendation (0–10)"), felt=True),
    "csat": Measure(text("Satisfied"), "share", 1, "csat", text("Satisfaction"), felt=True),
    "emotion": Measure(text("Net emotion"), "points", 1, "net_emotion", text("Emotion"), felt=True),
    "drop_off": Measure(text("Do not go on"), "share", -1, None, text("Stage"), at_touchpoint=True),
    "complaint": Measure(text("Complain"), "share", -1, "complaints_per_1000", text("Complaint")),
    "waiting": Measure(text("Waiting time"), "seconds", -1, "waiting_time", text("Waiting time")),
    "delay": Measure(text("Late"), "share", -1, "late_share", text("Delay in days")),
    "repeat": Measure(text("Have to come back"), "share", -1, None, text("Touchpoint")),
}
"""Key → measure, in the order in which screens list them."""


@dataclass(frozen=True)
class Rows:
    """The chosen interactions, by customer and time.

    customer  code of the customer (0…), each anonymous respondent one of his own
    places    stage, touchpoint, channel and, with a further dimension, "part": codes, -1 = missing
    names     the same → key and label of each code
    day       days since 1970, NaN = undated
    values    key of a measure → what each row says of it (NaN = nothing), in its unit
    spent     revenue of each row, NaN = none
    later     revenue of the customer within LATER_DAYS after the first time he was in the row's finest cell, NaN on
              other rows and where those days have not passed
    revenue   known of the workspace at all
    """

    customer: Ints
    places: Mapping[str, Ints]
    names: Mapping[str, tuple[list[str], list[str]]]
    day: Floats
    values: Mapping[str, Floats]
    later: Floats
    spent: Floats
    revenue: bool


def rows(store: Store, filters: Filters, by: Dimension | None) -> Rows:
    """What is known of the chosen interactions. One query; what followed is read off the customers' whole journeys."""
    where = filters.interactions("i")
    part, join = (by.value("i"), by.join("i")) if by else (None, None)
    again = repeat.followed(store)
    frame = store.frame(
        f"""SELECT i.customer_key, k.anonymous, ({where.sql}) AS chosen, i.stage_id, i.touchpoint_id, i.channel_id,
            {part.sql if part else 'NULL'} AS part, epoch_us(i.occurred_at) AS moment, i.nps,
            CASE WHEN i.csat IS NOT NULL AND i.csat_max IS NOT NULL
                THEN CAST({satisfied_sql('i.csat', 'i.csat_max')} AS TINYINT) END AS satisfied,
            CASE WHEN i.emotion_source <> 'complaint' THEN i.emotion END AS emotion, i.wait_seconds, i.delay_days,
            CASE WHEN i.is_complaint THEN 1 WHEN NOT i.is_complaint THEN 0 END AS complaint,
            CAST(i.revenue AS DOUBLE) AS revenue, {'r.followed' if again else 'NULL'} AS followed
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key {join.sql if join else ''}
        {f'LEFT JOIN ({again.sql}) r ON r.interaction_id = i.interaction_id' if again else ''}
        ORDER BY i.customer_key, i.occurred_at NULLS LAST, i.interaction_id""",
        [*where.params, *(part.params if part else ()), *(join.params if join else ()),
         *(again.params if again else ())])
    every = [_codes(frame[f"{name}_id"]) for name in PLACES] + [_codes(frame["part"])]
    names = {name: _named(store, values, Dimension(name)) for name, (_, values) in zip(PLACES, every, strict=False)}
    names["part"] = _named(store, every[-1][1], by) if by else ([], [])
    position = dict(store.rows("SELECT stage_id, position FROM stages"))
    codes = {name: each for name, (each, _) in zip((*PLACES, "part"), every, strict=True)}
    return arranged(frame, codes, names, _floats(frame["stage_id"].map(position)))


def arranged(frame: pd.DataFrame, places: Mapping[str, Ints], names: Mapping[str, tuple[list[str], list[str]]],
             position: Floats) -> Rows:
    """Rows of a frame by customer and time (undated ones of a customer last).

    frame     customer_key, anonymous, chosen, moment (microseconds), nps, satisfied, emotion, wait_seconds, delay_days,
              complaint, revenue, followed
    position  of each row's stage in the journey, NaN = no stage; places, names: see Rows
    """
    chosen = frame["chosen"].fillna(False).to_numpy(dtype=bool)
    later = _Later(frame, places, position, chosen)
    values = {
        "nps": _net(_floats(frame["nps"]), DETRACTOR_TO, PROMOTER_FROM), "csat": _floats(frame["satisfied"]),
        "emotion": 100 * _floats(frame["emotion"]), "drop_off": later.stayed_behind(),
        "complaint": _complaints(_floats(frame["complaint"])), "waiting": _floats(frame["wait_seconds"]),
        "delay": _late(_floats(frame["delay_days"])), "repeat": _floats(frame["followed"])}
    customer, _ = pd.factorize(frame["customer_key"].to_numpy())
    revenue = _floats(frame["revenue"])
    return Rows(customer[chosen], {name: codes[chosen] for name, codes in places.items()}, names,
                later.moment[chosen] / _DAY, {key: value[chosen] for key, value in values.items()},
                later.revenue(revenue)[chosen], revenue[chosen], bool((~np.isnan(revenue)).any()))


class _Later:
    """What customers did after each interaction; the frame is by customer and time, undated rows of a customer last."""

    def __init__(self, frame: pd.DataFrame, places: Mapping[str, Ints], position: Floats,
                 chosen: NDArray[np.bool_]) -> None:
        self.moment = _floats(frame["moment"])
        self._dated = ~np.isnan(self.moment)
        self._customer = frame["customer_key"].to_numpy(dtype=np.int64)
        self._known = self._dated & ~frame["anonymous"].to_numpy(dtype=bool)
        self._end = float(np.nanmax(self.moment)) if self._dated.any() else np.nan
        self._first = self._known & chosen & _firsts(np.where(self._known & chosen, self._customer, -1), places)
        self._position = position
        self._touchpoint = places["touchpoint"]

    def stayed_behind(self) -> Floats:
        """1 where a customer came to no later step within CONVERSION_DAYS of the first time there, else 0; NaN where no
        step is later and where those days have not passed. Later: a later stage, or a touchpoint of the same stage that
        comes afterwards (`_afterwards`)."""
        size = len(self.moment)
        result = np.full(size, np.nan)
        ripe = self._first & (self.moment + CONVERSION_DAYS * _DAY <= self._end)
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
                       & (self.moment[there] - self.moment[at] <= CONVERSION_DAYS * _DAY))
            result[at] = ~went_on
        return result

    def _afterwards(self) -> dict[float, list[float]]:
        """Touchpoint → those of its stage that customers who were at both first came to afterwards, in AFTERWARDS of
        the cases: basket → checkout → payment; places between which people wander have no order."""
        visits = pd.DataFrame({"customer": self._customer, "touchpoint": self._touchpoint, "stage": self._position,
                               "moment": self.moment})[self._known & (self._touchpoint >= 0)]
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
        """Revenue within LATER_DAYS after the first time there."""
        result = np.full(len(self.moment), np.nan)
        at = np.flatnonzero(self._first & (self.moment + LATER_DAYS * _DAY <= self._end))
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


def _firsts(customer: Ints, places: Mapping[str, Ints]) -> NDArray[np.bool_]:
    """The first row of each customer in each finest cell; customer -1 = the row does not count."""
    return ~pd.DataFrame({"customer": customer, **places}).duplicated().to_numpy() & (customer >= 0)


def _codes(values: pd.Series) -> tuple[Ints, list[object]]:
    codes, known = pd.factorize(values)
    return codes.astype(np.int64), list(known)


def _named(store: Store, values: list[object], of: Dimension) -> tuple[list[str], list[str]]:
    frame = with_labels(store, pd.DataFrame({"value": pd.Series(values, dtype=object)}), of)
    return frame["key"].tolist(), frame["label"].tolist()


def _floats(values: pd.Series) -> Floats:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _net(score: Floats, low: int, high: int) -> Floats:
    return np.where(np.isnan(score), np.nan, 100.0 * (score >= high) - 100.0 * (score <= low))


def _late(days: Floats) -> Floats:
    return np.where(np.isnan(days), np.nan, (days > 0).astype(float))


def _complaints(flag: Floats) -> Floats:
    """Where no row says that it is not a complaint, a row that says nothing is none."""
    return flag if (flag == 0).any() or not (flag == 1).any() else np.nan_to_num(flag)
