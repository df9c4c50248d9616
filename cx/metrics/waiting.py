"""What waiting and lateness do to how customers feel: response curves, and the point where they break.

Scores often come in a sheet of their own: a contact without a score takes that of the customer's next row at the same
touchpoint within ANSWERED_WITHIN, where that row has no waiting time or delay itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.dimension import dimension, with_labels
from cx.metrics.friction_cells import sums
from cx.metrics.friction_later import Ints
from cx.metrics.kpi import SIGNIFICANT_AT
from cx.metrics.segmented import Break, find_break
from cx.metrics.stats import Floats
from cx.scales import DETRACTOR_TO, PROMOTER_FROM, satisfied_sql
from cx.store import Store

ANSWERED_WITHIN = dt.timedelta(days=7)
FEWEST, FEWEST_IN_BIN, MOST_BINS = 60, 25, 10
MOST_GROUPS = 12
_FEWEST_A_STEP, _MOST_STEPS = 15, 40  # answers a step of the curve, and steps
RESAMPLES = 199

CAUSES: Mapping[str, Text] = {"waiting": text("Waiting time"), "delay": text("Days late")}
OUTCOMES: Mapping[str, Text] = {"emotion": text("Net emotion"), "csat": text("Satisfied"), "nps": text("NPS")}
"""Outcomes, in points: −100…100; satisfied as percent, 0…100."""

_OUTCOME = {
    "nps": f"CASE WHEN i.nps >= {PROMOTER_FROM} THEN 100 WHEN i.nps <= {DETRACTOR_TO} THEN -100 "
           "WHEN i.nps IS NOT NULL THEN 0 END",
    "csat": f"CASE WHEN i.csat IS NOT NULL AND i.csat_max IS NOT NULL THEN "
            f"CASE WHEN {satisfied_sql('i.csat', 'i.csat_max')} THEN 100 ELSE 0 END END",
    "emotion": "CASE WHEN i.emotion_source <> 'complaint' THEN 100 * i.emotion END"}
_CAUSE = {"waiting": "i.wait_seconds", "delay": "i.delay_days"}


@dataclass(frozen=True)
class Response:
    """How an outcome goes with waiting (seconds) or delay (days).

    key, label  of the channel, persona…; "" = all together
    n           answers with a waiting time or delay; customers  who gave them
    bins        about equally many answers each: x_from, x_to, x (mean), value, lower, upper (95 %), n
    curve       x, value, lower, upper: the falling curve that fits best (isotonic); bounds: bootstrap by customer
    zero        where the curve falls below 0 (satisfied: below half), with zero_lower, zero_upper; NaN = it does not,
                or does not surely fall at all
    slope_p     p-value of "a straight line is level"; slope  per minute or day of that line
    broken      the break (cx.metrics.segmented.Break), None = no surer than a straight line
    p_adjusted  of the break, Benjamini–Hochberg over the groups
    reason      why there is no curve, None = there is one
    """

    key: str
    label: str
    n: int
    customers: int
    bins: pd.DataFrame
    curve: pd.DataFrame
    zero: float
    zero_lower: float
    zero_upper: float
    slope: float
    slope_p: float
    broken: Break | None
    p_adjusted: float
    reason: Text | None = None


def responses(store: Store, cause: str = "waiting", outcome: str = "emotion", by: str | None = None,
              filters: Filters = Filters()) -> list[Response]:
    """The response of an outcome (key of OUTCOMES) to a cause (key of CAUSES): one for all together, or one for each
    value of a dimension, those with most answers first. Raises UnknownValue."""
    for what, key, known in ((text("Cause"), cause, CAUSES), (text("Outcome"), outcome, OUTCOMES)):
        if key not in known:
            raise UnknownValue(what, key, known)
    frame = _answers(store, cause, outcome, by, filters)
    groups = [("", "", frame)] if by is None else [
        (str(key), str(label), part) for (key, label), part in frame.groupby(["key", "label"], sort=False)]
    groups = sorted(groups, key=lambda group: -len(group[2]))[:MOST_GROUPS]
    found = [_response(key, label, part, cause, outcome) for key, label, part in groups]
    adjusted = stats.adjusted([each.broken.p if each.broken else np.nan for each in found])
    return [_settled(each, float(p)) for each, p in zip(found, adjusted, strict=True)]


def answers(store: Store, number: int, cause: str = "waiting", outcome: str = "emotion", by: str | None = None,
            key: str = "", filters: Filters = Filters()) -> pd.DataFrame:
    """The answers behind a group of `responses`; number: which of its bins, from 0 on; by, key: of which response.

    → customer_id ("" = anonymous), occurred_at (null = undated), time (seconds of waiting, or days late), points (as of
      OUTCOMES); the longest first. Raises UnknownValue.
    """
    frame = _answers(store, cause, outcome, by, filters)
    frame = (frame if by is None else frame[frame["key"] == key]).reset_index(drop=True)
    if frame.empty:
        return pd.DataFrame(columns=["customer_id", "occurred_at", "time", "points"])
    x = _shortened(frame["x"].to_numpy(float))
    chosen = frame[np.searchsorted(_edges(x), x, side="right") - 1 == number]
    who = store.frame("SELECT customer_key AS customer, "
                      "CASE WHEN anonymous THEN '' ELSE customer_id END AS customer_id FROM customers "
                      "WHERE customer_key IN (SELECT unnest(CAST(? AS BIGINT[])))",
                      [chosen["customer"].drop_duplicates().tolist()])
    found = chosen.merge(who, on="customer", how="left").rename(columns={"x": "time", "y": "points"})
    found = found.assign(occurred_at=pd.to_datetime(found["moment"], unit="us"))
    return found.sort_values(["time", "occurred_at", "customer_id"], ascending=[False, False, True])[
        ["customer_id", "occurred_at", "time", "points"]].reset_index(drop=True)


def _settled(response: Response, p: float) -> Response:
    """Without the break where it is not sure after correction."""
    broken = response.broken if p < SIGNIFICANT_AT else None
    return Response(**{**vars(response), "p_adjusted": p, "broken": broken})


def _answers(store: Store, cause: str, outcome: str, by: str | None, filters: Filters) -> pd.DataFrame:
    """customer, moment (microseconds), x, y [, key, label] of the chosen interactions for which both are known."""
    where = filters.interactions("i")
    split = dimension(store, by) if by else None
    part, join = (split.value("i"), split.join("i")) if split else (None, None)
    frame = store.frame(
        f"""SELECT i.customer_key AS customer, i.touchpoint_id, {part.sql if part else 'NULL'} AS value,
            epoch_us(i.occurred_at) AS moment, CAST({_CAUSE[cause]} AS DOUBLE) AS x,
            CAST({_OUTCOME[outcome]} AS DOUBLE) AS y, ({where.sql}) AS chosen
        FROM interactions i {join.sql if join else ''}
        WHERE {_CAUSE[cause]} IS NOT NULL OR ({_OUTCOME[outcome]}) IS NOT NULL
        ORDER BY i.customer_key, i.touchpoint_id, i.occurred_at NULLS LAST, i.interaction_id""",
        [*(part.params if part else ()), *where.params, *(join.params if join else ())])
    x, y = frame["x"].to_numpy(float), frame["y"].to_numpy(float)
    following = frame[["customer", "touchpoint_id", "moment"]].shift(-1)
    within = following["moment"] - frame["moment"] <= ANSWERED_WITHIN / dt.timedelta(microseconds=1)
    same = ((following["customer"] == frame["customer"]) & (following["touchpoint_id"] == frame["touchpoint_id"])
            & within).fillna(False).to_numpy(dtype=bool)  # not known (undated, the last row): not the same
    after_x, after_y = np.append(x[1:], np.nan), np.append(y[1:], np.nan)
    frame["y"] = np.where(np.isnan(y) & same & np.isnan(after_x), after_y, y)
    frame = frame[frame["chosen"].fillna(False).astype(bool) & ~np.isnan(x) & frame["y"].notna()]
    if split is None:
        return frame[["customer", "moment", "x", "y"]]
    named = with_labels(store, frame[["customer", "moment", "x", "y", "value"]].reset_index(drop=True), split)
    return named[named["key"] != ""]


def _response(key: str, label: str, frame: pd.DataFrame, cause: str, outcome: str) -> Response:
    _, customer = np.unique(frame["customer"].to_numpy(), return_inverse=True)
    x, y = frame["x"].to_numpy(float), frame["y"].to_numpy(float)
    people = int(customer.max()) + 1 if len(x) else 0
    reason = _refused(x, y, people)
    if reason is not None:
        nothing = pd.DataFrame(columns=["x", "value", "lower", "upper"])
        return Response(key, label, len(x), people, nothing.assign(x_from=[], x_to=[], n=[]), nothing, np.nan, np.nan,
                        np.nan, np.nan, np.nan, None, np.nan, reason)
    x = _shortened(x)
    edges = _edges(x)
    place = np.searchsorted(edges, x, side="right") - 1
    bins = _bins(x, y, place, outcome)
    curve, zeros = _curve(x, y, customer, 50.0 if outcome == "csat" else 0.0)
    unit = 60.0 if cause == "waiting" else 1.0
    broken, slope, slope_p = find_break(x / unit, y, customer)
    falls = slope < 0 and slope_p < SIGNIFICANT_AT and not np.isnan(zeros[0])
    zeros = zeros if falls else np.full(2, np.nan)
    low, high = np.nanquantile(zeros[1:], [0.025, 0.975]) if falls else (np.nan, np.nan)
    return Response(key, label, len(x), people, bins, curve, float(zeros[0]), float(low), float(high), slope, slope_p,
                    broken, np.nan)


def _refused(x: Floats, y: Floats, people: int) -> Text | None:
    if people < FEWEST:
        return text("Only {n} customers have both an answer and this time; {needed} are needed.", n=people,
                    needed=FEWEST)
    if np.ptp(y) == 0:
        return text("Every answer is the same: there is no better and no worse.")
    if len(np.unique(x)) < 3:
        return text("There are fewer than three different times.")
    return None


def _shortened(x: Floats) -> Floats:
    """A few endless waits would bend everything."""
    shortened: Floats = np.minimum(x, np.quantile(x, 0.98))
    return shortened


def _edges(x: Floats) -> Floats:
    """Lower edges of at most MOST_BINS bins with about as many answers each."""
    many = max(2, min(MOST_BINS, len(x) // FEWEST_IN_BIN))
    return np.unique(np.quantile(x, np.arange(many) / many, method="lower"))


def _bins(x: Floats, y: Floats, place: Ints, outcome: str) -> pd.DataFrame:
    n, hits, misses = (sums(place, each.astype(float)) for each in (np.ones(len(x)), y > 0, y < 0))
    found = stats.wilson(hits, n).times(100) if outcome == "csat" else stats.net_score(hits, misses, n)
    frame = pd.DataFrame({"place": place, "x": x}).groupby("place")["x"].agg(["min", "max", "mean"])
    return pd.DataFrame({"x_from": frame["min"].to_numpy(), "x_to": frame["max"].to_numpy(),
                         "x": frame["mean"].to_numpy(), "value": found.value, "lower": found.lower,
                         "upper": found.upper, "n": n.astype(int)})


def _curve(x: Floats, y: Floats, customer: Ints, level: float) -> tuple[pd.DataFrame, Floats]:
    """The curve, and where it and each of its resamples fall below the level (NaN = they do not)."""
    from scipy import optimize  # heavy to load, and only one page asks

    many = int(np.clip(len(x) // _FEWEST_A_STEP, 4, _MOST_STEPS))
    grid = np.unique(np.quantile(x, np.arange(many) / many, method="lower"))
    place = np.searchsorted(grid, x, side="right") - 1
    dice = np.random.default_rng(0)
    people = int(customer.max()) + 1
    lines, zeros = [], []
    for turn in range(RESAMPLES + 1):
        times = np.ones(people) if turn == 0 else sums(dice.integers(0, people, people), np.ones(people), people)
        weight = sums(place, times[customer], len(grid))
        total = sums(place, times[customer] * y, len(grid))
        there = weight > 0
        fitted = optimize.isotonic_regression(total[there] / weight[there], weights=weight[there], increasing=False).x
        line = np.interp(grid, grid[there], fitted)
        below = np.flatnonzero(line < level)
        zeros.append(grid[below[0]] if len(below) and below[0] > 0 else np.nan)
        lines.append(line)
    low, high = np.quantile(lines[1:], [0.025, 0.975], axis=0)
    return pd.DataFrame({"x": grid, "value": lines[0], "lower": low, "upper": high}), np.array(zeros)
