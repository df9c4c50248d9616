"""What if more customers went on from one step to the next: customers and revenue downstream, with intervals.

Assumed, and said on the screen: as many customers enter as did; conversions that nobody moves stay as they were; a
customer who gets just so far brings in what customers who got just that far bring in now. A moved conversion is taken
as given. How sure the rest is comes from the customers there were: each conversion is drawn from its Beta posterior
(Jeffreys' prior), the mean revenue at each furthest step from its normal one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.funnel_attempts import best_attempts
from cx.metrics.funnel_plan import Given, resolve
from cx.metrics.kpi_registry import MINIMUM_N
from cx.store import Store

DRAWS = 4000
_TAILS = (0.025, 0.975)
_COLUMNS = ["now", "now_lower", "now_upper", "then", "then_lower", "then_upper", "change", "change_lower",
            "change_upper"]


@dataclass(frozen=True)
class Observed:
    """What there is to start from, of a funnel of k steps.

    labels    the steps as given
    reached   customers who reached each step
    revenue   total revenue of the customers whose furthest step it is, per step; None = no revenue is known
    squares   the sum of the squares of these customers' revenues
    """

    labels: tuple[str, ...]
    reached: tuple[int, ...]
    revenue: tuple[float, ...] | None = None
    squares: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Simulation:
    """steps    one row per step: step, position, share (of the step before, now), moved_to (what it is set to; null =
             left alone), now, now_lower, now_upper (customers, were as many to enter again), then, then_lower,
             then_upper (with the moved conversions), change, change_lower, change_upper (then minus now), few (a
             conversion on the way rests on too few customers: what is computed is null)
    revenue  the same nine of revenue, or None
    reason   why nothing can be said (of revenue, where steps are known), None = everything can
    """

    steps: pd.DataFrame
    revenue: dict[str, float] | None
    reason: Text | None


def observed(store: Store, steps: Sequence[Given] | None = None, by: str = "stage",
             window: dt.timedelta | None = None, filters: Filters = Filters()) -> Observed:
    """The customers and their revenue in a funnel in order, without steps that may be skipped. Raises UnknownValue,
    QueryError."""
    plan = resolve(store, steps, by, "ordered", window, (), None, "first", None, None, filters)
    if any(plan.optional):
        raise QueryError(text("Simulate without steps that may be skipped."))
    many = len(plan.labels)
    if not many:
        return Observed((), ())
    with best_attempts(store, plan) as best:
        rows = best.cursor.execute(
            "SELECT b.level, count(*), count(j.revenue), coalesce(sum(CAST(j.revenue AS DOUBLE)), 0), "
            "coalesce(sum(CAST(j.revenue AS DOUBLE) * CAST(j.revenue AS DOUBLE)), 0) "
            f"FROM ({best.relation.sql}) b JOIN journeys j ON j.customer_key = b.customer_key GROUP BY 1",
            best.relation.params).fetchall()
    found = {row[0]: row[1:] for row in rows}
    ended = [found.get(level, (0, 0, 0.0, 0.0)) for level in range(1, many + 1)]
    reached = tuple(sum(row[0] for row in ended[place:]) for place in range(many))
    if not sum(row[1] for row in ended):
        return Observed(plan.labels, reached)
    return Observed(plan.labels, reached, tuple(row[2] for row in ended), tuple(row[3] for row in ended))


def conversions(found: Observed) -> pd.DataFrame:
    """What there is to move, of each step but the first: position (2…), share (of the step before), lower, upper
    (Wilson), n (customers at the step before)."""
    share = stats.wilson(found.reached[1:], found.reached[:-1])
    return pd.DataFrame({"position": range(2, len(found.reached) + 1), "share": share.value, "lower": share.lower,
                         "upper": share.upper, "n": found.reached[:-1]})


def simulate(found: Observed, moved: Mapping[int, float], fewest: int = MINIMUM_N, seed: int = 0) -> Simulation:
    """What customers and revenue would be, had the conversions to some steps been others.

    moved   position of a step (2…) → the share (0–1) of those at the step before that go on to it
    fewest  customers at a step below which its conversion is too uncertain to go on from
    Pure: the same question has the same answer. Raises QueryError.
    """
    many = len(found.reached)
    for position, share in moved.items():
        if not 2 <= position <= many:
            raise QueryError(text("The step is a number from {first} to {last}.", first=2, last=many))
        if not 0 <= share <= 1:
            raise QueryError(text("A share lies between 0 and 100 %."))
    if not many or found.reached[0] < fewest:
        return Simulation(_steps(found, moved, np.full((many, 9), np.nan), np.ones(many, dtype=bool)), None,
                          text("Fewer than {fewest} customers entered: too few to say what would be.", fewest=fewest))
    counts = np.array(found.reached, dtype=float)
    random = np.random.default_rng(seed)
    tried, hit = counts[:-1], counts[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = hit / tried
    drawn = random.beta(hit + 0.5, tried - hit + 0.5, (DRAWS, many - 1))
    given, given_drawn = shares.copy(), drawn.copy()
    for position, share in moved.items():
        given[position - 2], given_drawn[:, position - 2] = share, share
    now, then = (counts[0] * np.append(1.0, np.cumprod(each)) for each in (shares, given))
    now_drawn, then_drawn = (counts[0] * np.hstack([np.ones((DRAWS, 1)), np.cumprod(each, axis=1)])
                             for each in (drawn, given_drawn))
    thin = np.array([False, *(tried[place] < fewest and place + 2 not in moved for place in range(many - 1))])
    few = np.logical_or.accumulate(thin)
    values = np.column_stack([_bounds(now[place], now_drawn[:, place], then[place], then_drawn[:, place])
                              for place in range(many)]).T
    values[few] = np.nan
    steps = _steps(found, moved, values, few)
    if found.revenue is None or found.squares is None:
        return Simulation(steps, None, text("No revenue is known."))
    ended = -np.diff(counts, append=0.0)
    ended_then = -np.diff(then, append=0.0)
    if few.any() or (ended[(ended_then > 0)] < 2).any():
        return Simulation(steps, None, text("Too few customers end at one of the steps to say what they bring in."))
    total, squares = np.array(found.revenue), np.array(found.squares)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(ended > 0, total / ended, 0.0)
        variance = np.where(ended > 1, np.maximum(squares - total * mean, 0) / (ended - 1), 0.0)
        error = np.where(ended > 0, np.sqrt(variance / ended), 0.0)
    worth = random.normal(mean, error, (DRAWS, many))
    ends = [-np.diff(each, axis=1, append=0.0) for each in (now_drawn, then_drawn)]
    bounds = _bounds(float(total.sum()), (ends[0] * worth).sum(axis=1), float(ended_then @ mean),
                     (ends[1] * worth).sum(axis=1))
    return Simulation(steps, dict(zip(_COLUMNS, map(float, bounds), strict=True)), None)


def _bounds(now: float, now_drawn: np.ndarray, then: float, then_drawn: np.ndarray) -> np.ndarray:
    """now, then and their difference, each with its interval; the same draws behind both, so that what is left alone
    does not count twice."""
    parts: list[float] = []
    for value, drawn in ((now, now_drawn), (then, then_drawn), (then - now, then_drawn - now_drawn)):
        low, high = np.quantile(drawn, _TAILS)
        parts += [value, min(float(low), value), max(float(high), value)]
    return np.array(parts)


def _steps(found: Observed, moved: Mapping[int, float], values: np.ndarray, few: np.ndarray) -> pd.DataFrame:
    counts = np.array(found.reached, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.append(np.nan, counts[1:] / counts[:-1]) if len(counts) else counts
    positions = range(1, len(counts) + 1)
    frame = pd.DataFrame({"step": found.labels, "position": list(positions), "share": share,
                          "moved_to": [moved.get(position, np.nan) for position in positions]})
    return frame.assign(**dict(zip(_COLUMNS, values.T, strict=True))).assign(few=few)
