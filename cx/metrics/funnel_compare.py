"""Two funnels against each other: this period and another, or one group of customers and another, with significance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics import stats
from cx.metrics.funnel_attempts import Arrivals, Best, best_attempts
from cx.metrics.funnel_plan import Exclusion, Given, Plan, resolve
from cx.metrics.kpi import minimum_n, significant
from cx.store import Store

_COLUMNS = ["step", "position", "reached", "other_reached", "n", "other_n", "from_previous", "other_from_previous",
            "from_first", "other_from_first", "median_seconds", "other_median_seconds"]


@dataclass(frozen=True)
class Comparison:
    """frame    one row per step; see `compare`
    shared   customers who entered both: where there are some, the two are not independent and the tests only rough
    entered_until  where the funnel has a time limit: only who entered up to this moment is counted, since all of these
             have had their time; None = without a limit
    as_of    where an earlier period is held against a later one without a time limit: the earlier is taken as it stood
             at this moment, as long after its start as the data ends after the start of the later one; None = not so,
             and who entered later has had less time
    """

    frame: pd.DataFrame
    shared: int
    entered_until: dt.datetime | None
    as_of: dt.datetime | None = None


def compare(store: Store, filters: Filters, against: Filters, steps: Sequence[Given] | None = None, by: str = "stage",
            order: str = "ordered", window: dt.timedelta | None = None,
            exclusions: Sequence[Exclusion] = ()) -> Comparison:
    """The funnel of the customers and period of `filters` against that of `against`.

    → frame: step, position, reached, other_reached, n, other_n (who reached the step before), from_previous,
      other_from_previous, from_first, other_from_first, median_seconds, other_median_seconds; and of each of the three
      the difference (this minus other): difference, difference_lower, difference_upper, difference_p_adjusted,
      difference_significant; the same as first_difference… for the share of those who entered, and as
      time_difference… for the median time from the step before. Shares: Newcombe's interval and the N−1 two-proportion
      test; medians: Price & Bonett; p by Benjamini–Hochberg over all of them. significant = None where either side has
      too few customers, or nothing to compare. Other arguments as in `funnel.funnel`. Raises UnknownValue, QueryError.
    """
    plans = [resolve(store, steps, by, order, window, exclusions, None, "first", None, None, each)
             for each in (filters, against)]
    until = _ripe(store, plans[0])
    if until is not None:
        plans = [replace(plan, finish=until if plan.finish is None else min(plan.finish, until)) for plan in plans]
    as_of = _same_age(store, *plans)
    (keys, one), (other_keys, two) = _taken(store, plans[0], None), _taken(store, plans[1], as_of)
    return Comparison(_differences(plans[0], one, two, minimum_n(store)), _shared(keys, other_keys), until, as_of)


def _shared(keys: np.ndarray, other: np.ndarray) -> int:
    """How many keys (from 0 on, none twice) are on both sides: marked, which is sooner done than sorted."""
    if not len(keys) or not len(other):
        return 0
    there = np.zeros(int(max(keys.max(), other.max())) + 1, dtype=np.bool_)
    there[keys] = True
    return int(there[other].sum())


def _ripe(store: Store, plan: Plan) -> dt.datetime | None:
    """The moment before which attempts must have started to have had all their time by the end of the data."""
    ends_at = store.value("SELECT max(occurred_at) FROM interactions")
    if plan.limit is None or ends_at is None:
        return None
    return ends_at - dt.timedelta(microseconds=plan.limit - 1)


def _same_age(store: Store, plan: Plan, other: Plan) -> dt.datetime | None:
    """The moment at which the other, earlier period was as old as this one is at the end of the data.

    Only where the first start is every customer's best attempt at any moment, so that arrivals after it can be left
    out: nothing limits or voids an attempt.
    """
    ends_at = store.value("SELECT max(occurred_at) FROM interactions")
    plain = (plan.window is None and not plan.excluded and plan.order != "strict"
             and not any(each is not None for each in plan.within))
    if not plain or ends_at is None or plan.begin is None or plan.finish is None or other.begin is None:
        return None
    return ends_at - (plan.begin - other.begin) if other.begin < plan.begin else None


def _taken(store: Store, plan: Plan, as_of: dt.datetime | None) -> tuple[np.ndarray, list[np.ndarray]]:
    """The customers who entered, and per step the seconds from the step before of those who reached it (of the first
    step, nothing but how many); only what had happened at the moment as_of."""
    if not plan.labels:
        return np.empty(0, dtype=np.int64), []
    with best_attempts(store, plan) as best:
        return _of_relation(best, plan, as_of) if best.arrivals is None else _of_arrivals(best.arrivals, plan, as_of)


def _of_arrivals(found: Arrivals, plan: Plan, as_of: dt.datetime | None) -> tuple[np.ndarray, list[np.ndarray]]:
    never = np.iinfo(np.int64).min
    there = found.times != never
    if as_of is not None:
        there &= found.times <= np.datetime64(as_of, "us").astype(np.int64)
    taken = []
    for step, (reached, times) in enumerate(zip(there, found.times, strict=True), start=1):
        before = found.times[plan.before(step) - 1]
        known = reached & (before != never)
        taken.append((times[known] - before[known]) / 1_000_000.0)
    return found.keys, taken


def _of_relation(best: Best, plan: Plan, as_of: dt.datetime | None) -> tuple[np.ndarray, list[np.ndarray]]:
    taken = "(epoch_us(t{step}) - epoch_us(t{before})) / 1000000.0"
    if as_of is not None:
        taken = f"CASE WHEN t{{step}} <= ? THEN {taken} END"
    took = [f"{taken.format(step=step, before=plan.before(step))} AS s{step}"
            for step in range(1, len(plan.labels) + 1)]
    params = [] if as_of is None else [as_of] * len(took)
    found = best.cursor.execute(f"SELECT customer_key, {', '.join(took)} FROM ({best.relation.sql})",
                                [*params, *best.relation.params]).fetchnumpy()
    seconds = [np.ma.masked_invalid(found[f"s{step}"]).compressed() for step in range(1, len(plan.labels) + 1)]
    return np.asarray(found["customer_key"]), seconds


def _differences(plan: Plan, one: list[np.ndarray], two: list[np.ndarray], minimum: int) -> pd.DataFrame:
    if not plan.labels:
        return pd.DataFrame(columns=_COLUMNS)
    positions = np.arange(1, len(plan.labels) + 1)
    before = np.array([plan.before(int(position)) for position in positions]) - 1
    here, there = (np.array([len(each) for each in side], dtype=float) for side in (one, two))
    medians = [[float(np.median(each)) if position > 1 and len(each) else np.nan
                for position, each in zip(positions, side, strict=True)] for side in (one, two)]
    frame = pd.DataFrame({
        "step": plan.labels, "position": positions, "reached": here.astype(np.int64),
        "other_reached": there.astype(np.int64), "n": here[before].astype(np.int64),
        "other_n": there[before].astype(np.int64), "from_previous": stats.wilson(here, here[before]).value,
        "other_from_previous": stats.wilson(there, there[before]).value,
        "from_first": stats.wilson(here, here[0]).value, "other_from_first": stats.wilson(there, there[0]).value,
        "median_seconds": medians[0], "other_median_seconds": medians[1]})
    each_time = [stats.difference_of_medians(a, b) for a, b in zip(one, two, strict=True)]
    times = stats.Difference(*(np.array([float(getattr(each, name)) for each in each_time])
                               for name in ("value", "lower", "upper", "p")))
    later = positions > 1
    found = {"difference": (stats.difference_of_shares(here, here[before], there, there[before]),
                            later & _enough(here[before], there[before], minimum), later),
             "first": (stats.difference_of_shares(here, here[0], there, there[0]),
                       (before > 0) & _enough(here[0], there[0], minimum), later),
             "time": (times, later & _enough(here, there, minimum), later)}
    tested = np.stack([np.where(enough, each.p, np.nan) for each, enough, _ in found.values()])
    corrected = dict(zip(found, stats.adjusted(tested), strict=True))
    same = before == 0  # there the share of those who entered is the share of the step before
    corrected["first"] = np.where(same, corrected["difference"], corrected["first"])
    for name, (each, _, shown) in found.items():
        prefix = name if name == "difference" else f"{name}_difference"
        for part in ("value", "lower", "upper"):
            column = prefix if part == "value" else f"{prefix}_{part}"
            frame[column] = np.where(shown, getattr(each, part), np.nan)
        frame[f"{prefix}_p_adjusted"] = np.where(shown, corrected[name], np.nan)
        frame[f"{prefix}_significant"] = significant(frame[f"{prefix}_p_adjusted"])
    return frame


def _enough(one: np.ndarray, two: np.ndarray, minimum: int) -> np.ndarray:
    return (one >= minimum) & (two >= minimum)
