"""What tells the customers who went on to the next step of a funnel from the lost ones.

Of those who reached a step, each thing they met on the way (touchpoint, channel, waiting, feeling…) or are (persona,
columns of the sheets) is held against going on: shares with and without it, their difference, the odds ratio, and a
test corrected for the many things looked at. Association, not cause.

What counts as met: from the start of the customer's best attempt to the moment of going on, or for the lost as long
after the step as nine in ten of the others took (so nobody had more time to meet things). What makes the later steps
is left out: it tells nothing. Who has not had that time at the end of the data is left out. Of very many customers a
sample is judged (cx.metrics.sampling).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.attributes import filterable
from cx.metrics.dimension import dimension, with_labels
from cx.metrics.funnel_attempts import Best, best_attempts
from cx.metrics.funnel_plan import Exclusion, Given, Plan, resolve
from cx.metrics.kpi_registry import MINIMUM_N
from cx.metrics.sampling import everything, one_in, sampled
from cx.store import Store

_PLACES = ("touchpoint", "channel")
_JUDGED, _MET, _WAITED = "converters_judged", "converters_met", "converters_waited"
_LATE_DAYS = 0
_WHO = "CAST(sum(customer_key * 2654435761 % 2147483647) AS BIGINT)"  # the same for the same customers (Knuth's hash)
_OF_EACH = 1000  # customers who went on, and who did not, that a sample keeps, about
_BANDS = 4
_COLUMNS = ["kind", "key", "label", "n_with", "rate_with", "n_without", "rate_without", "difference", "lower", "upper",
            "odds_ratio", "odds_lower", "odds_upper", "p", "p_adjusted", "significant"]

_FELT = {"negative": ("emotion", "felt > 0", "negative > 0"), "positive": ("emotion", "felt > 0", "positive > 0"),
         "complaint": ("complaint", "TRUE", "complaints > 0"),
         "late": ("delay", "delay IS NOT NULL", f"delay > {_LATE_DAYS}")}
"""What was felt → its kind, of whom it is known, and whether it was so: conditions on the noted waits and feelings."""

FEELINGS = {"negative": text("felt bad at least once"), "positive": text("felt good at least once"),
            "complaint": text("complained"), "late": text("got a delivery late")}
"""Keys of the kinds "emotion", "complaint" and "delay"."""


@dataclass(frozen=True)
class Converters:
    """factors  one row per thing, the surest and strongest first: kind ("touchpoint", "channel", "persona", "waiting",
                "emotion", "complaint", "delay", or the key of an attribute), key, label, n_with (customers with it),
                rate_with (share of them that went on), n_without, rate_without, difference (of the shares, with
                Newcombe's interval lower, upper), odds_ratio (odds_lower, odds_upper), p, p_adjusted
                (Benjamini–Hochberg), significant. Things with too few customers on a side are not listed.
                Waiting: bands of the longest wait, key "from..to" in seconds, against all others who waited
    reached     customers who reached the step and could be judged;  went_on  those of them who reached the next
    left_out    customers who may still go on
    few         how many things were left out for too few customers
    reason      why nothing can be said, None = something can
    one_in      of so many customers one was looked at, by chance (1 = all): all numbers are of those
    """

    factors: pd.DataFrame
    reached: int
    went_on: int
    left_out: int
    few: int
    reason: Text | None = None
    one_in: int = 1


def converters(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
               window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (), step: int = 1,
               start: dt.date | str | None = None, end: dt.date | str | None = None, filters: Filters = Filters(),
               fewest: int = MINIMUM_N) -> Converters:
    """Those who reached the step at position `step`: what tells who reached the next one.

    fewest  customers with, and without, a thing below which it is not judged
    Other arguments as in `funnel.funnel`. Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, None, "first", start, end, filters)
    plan.must_have(step, 1, len(plan.labels) - 1)
    with best_attempts(store, plan) as best:
        left_out, known = _judge(store, best, plan, step)
        reached, went_on = best.cursor.execute(
            f"SELECT count(*), count(*) FILTER (went_on) FROM {_JUDGED}").fetchone() or (0, 0)
        nothing = Converters(pd.DataFrame(columns=_COLUMNS), reached, went_on, left_out, 0, None, known)
        if min(went_on, reached - went_on) < fewest:
            return _because(nothing, text("Only {on} went on and {lost} did not; from {fewest} of each on there is "
                                          "something to compare.", on=went_on, lost=reached - went_on, fewest=fewest))
        parts = list(_factors(store, best, plan, step))
    found = _once(pd.concat(parts, ignore_index=True))
    enough = (found["n"] >= fewest) & (found["of"] - found["n"] >= fewest)
    factors = _compared(found[enough].reset_index(drop=True))
    if factors.empty:
        return _because(nothing, text("Nothing divides these customers into two groups of at least {fewest}.",
                                      fewest=fewest))
    return Converters(factors, reached, went_on, left_out, int((~enough).sum()), None, known)


def customers(store: Store, kind: str, key: str, steps: Sequence[Given] | None = None, by: str = "stage",
              order: str = "ordered", window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (),
              step: int = 1, start: dt.date | str | None = None, end: dt.date | str | None = None,
              filters: Filters = Filters()) -> pd.DataFrame:
    """The customers with one of the things `converters` looks at (its kind and key): as many as n_with.

    → customer_id, persona (label, "" = none), went_on, started_at; those lost first, the latest start first. Other
      arguments as of `converters`. Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, None, "first", start, end, filters)
    plan.must_have(step, 1, len(plan.labels) - 1)
    with best_attempts(store, plan) as best:
        _judge(store, best, plan, step)
        met = _note_met(best, plan, step)
        if kind in _PLACES:
            found = best.cursor.execute(f"SELECT DISTINCT customer_key, {kind}_id AS value {met} "
                                        f"WHERE {kind}_id IS NOT NULL").df()
            found = with_labels(store, found, dimension(store, kind))
            found = found[found["key"] == key]
        elif kind == "waiting" or (key in _FELT and _FELT[key][0] == kind):
            _note_waits(best, met)
            if kind == "waiting":
                low, high = (int(each) for each in key.split(".."))
                condition = f"wait >= {low} AND wait < {high}"
            else:
                condition = " AND ".join(f"({each})" for each in _FELT[key][1:])
            found = best.cursor.execute(f"SELECT customer_key FROM {_WAITED} WHERE {condition}").df()
        else:
            split = dimension(store, kind)
            value = split.of_customers("first")
            found = best.cursor.execute(f"SELECT customer_key, value FROM {_JUDGED} JOIN ({value.sql}) "
                                        "USING (customer_key)", value.params).df()
            found = with_labels(store, found, split)
            found = found[found["key"] == key]
        judged = best.cursor.execute(
            f"SELECT j.customer_key, c.customer_id, coalesce(p.label, '') AS persona, j.went_on, j.began "
            f"FROM {_JUDGED} j JOIN customers c ON c.customer_key = j.customer_key "
            "LEFT JOIN personas p ON p.persona_id = c.persona_id").df()
    frame = judged[judged["customer_key"].isin(found["customer_key"])]
    frame = frame.assign(started_at=pd.to_datetime(frame["began"], unit="us"))
    frame = frame.sort_values(["went_on", "began", "customer_key"], ascending=[True, False, True])
    return frame[["customer_id", "persona", "went_on", "started_at"]].reset_index(drop=True)


def _because(nothing: Converters, reason: Text) -> Converters:
    return replace(nothing, reason=reason)


def _judge(store: Store, best: Best, plan: Plan, step: int) -> tuple[int, int]:
    """Note who is judged, with the time in which things count as met: customer_key, went_on, began, until (not
    included). → how many may still go on; of how many customers one is looked at."""
    on = f"t{plan.after(step)}"
    [(took, reached, went_on)] = best.cursor.execute(
        f"SELECT quantile_cont(epoch_us({on}) - epoch_us(t{step}), 0.9) FILTER ({on} IS NOT NULL), count(*), "
        f"count({on}) FROM ({best.relation.sql}) WHERE t{step} IS NOT NULL", best.relation.params).fetchall()
    usual = 0 if took is None else int(took)
    rows, customers = everything(store)
    known = min(one_in(rows * reached // max(customers, 1), reached),
                one_in(rows, min(went_on, reached - went_on), _OF_EACH))
    patience = f"epoch_us(t{step}) + {usual} + 1"
    within = plan.within[plan.after(step) - 1]
    if within is not None:
        patience = f"least({patience}, epoch_us(t{plan.before(plan.after(step))}) + {within} + 1)"
    if plan.window is not None:
        patience = f"least({patience}, epoch_us(t1) + {plan.window} + 1)"
    ends = 0 if best.ends_at is None else int(np.datetime64(best.ends_at, "us").astype(np.int64))
    everybody = (f"SELECT customer_key, {on} IS NOT NULL AS went_on, epoch_us(t1) AS began, "
                 f"CASE WHEN {on} IS NOT NULL THEN least(epoch_us({on}), {patience}) ELSE {patience} END AS until "
                 f"FROM ({best.relation.sql}) WHERE t{step} IS NOT NULL AND {sampled(known, 'customer_key')}")
    judged = f"went_on OR until <= {ends + 1}"
    best.cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_JUDGED} AS SELECT * FROM ({everybody}) WHERE {judged}",
                        best.relation.params)
    [(gone,)] = best.cursor.execute(f"SELECT count(*) FROM ({everybody}) WHERE NOT ({judged})",
                                    best.relation.params).fetchall()
    return int(gone), known


def _factors(store: Store, best: Best, plan: Plan, step: int) -> Iterator[pd.DataFrame]:
    """kind, key, label, n, hits (of those with it, who went on), of, of_hits (of all for whom it is known)."""
    met = _note_met(best, plan, step)
    everybody = f"(SELECT count(*) FROM {_JUDGED}) AS of, (SELECT count(*) FILTER (went_on) FROM {_JUDGED}) AS of_hits"
    for name in _PLACES:
        frame = best.cursor.execute(
            f"SELECT value, count(*) AS n, count(*) FILTER (went_on) AS hits, {_WHO} AS who, "
            f"{everybody} FROM (SELECT DISTINCT customer_key, went_on, {name}_id AS value {met} "
            f"WHERE {name}_id IS NOT NULL) GROUP BY 1").df()
        yield with_labels(store, frame, dimension(store, name)).assign(kind=name)
    _note_waits(best, met)
    yield _counted(best, [
        *((kind, key, known, condition) for key, (kind, known, condition) in _FELT.items()),
        *(("waiting", f"{low}..{high}", "wait IS NOT NULL", f"wait >= {low} AND wait < {high}")
          for low, high in _bands(best))])
    for name in ("persona", *filterable(store)):
        split = dimension(store, name)
        value = split.of_customers("first")
        frame = best.cursor.execute(
            f"SELECT value, count(*) AS n, count(*) FILTER (went_on) AS hits, sum(count(*)) OVER () AS of, "
            f"sum(count(*) FILTER (went_on)) OVER () AS of_hits FROM {_JUDGED} JOIN ({value.sql}) USING (customer_key) "
            f"GROUP BY 1", value.params).df()
        yield with_labels(store, frame, split).assign(kind=name)


def _note_met(best: Best, plan: Plan, step: int) -> str:
    """Note what those who are judged met, read once. → the FROM of it."""
    later = plan.conditions if plan.order == "any" else [
        plan.conditions[place - 1] for place in plan.required if place > step]
    trivial = " OR ".join(f"({condition})" for condition in later)
    first, last = best.cursor.execute(f"SELECT min(began), max(until) FROM {_JUDGED}").fetchone() or (None, None)
    around = [np.datetime64(int(each or 0), "us").item() for each in (first, last)]  # which days of the rows are read
    best.cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE {_MET} AS SELECT i.customer_key, r.went_on, i.touchpoint_id, i.channel_id, "
        "i.wait_seconds, i.emotion, i.is_complaint, i.delay_days "
        f"FROM interactions i JOIN {_JUDGED} r ON r.customer_key = i.customer_key "
        f"WHERE i.occurred_at >= ? AND i.occurred_at <= ? AND epoch_us(i.occurred_at) >= r.began "
        f"AND epoch_us(i.occurred_at) < r.until AND ({trivial}) IS NOT TRUE", around)
    return f"FROM {_MET}"


def _note_waits(best: Best, met: str) -> None:
    """Note the longest wait of each of them, and what they felt."""
    best.cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE {_WAITED} AS
        SELECT customer_key, went_on, max(wait_seconds) AS wait, count(emotion) AS felt,
            count(*) FILTER (emotion < 0) AS negative, count(*) FILTER (emotion > 0) AS positive,
            count(*) FILTER (is_complaint) AS complaints, count(is_complaint) AS asked, max(delay_days) AS delay
        {met} GROUP BY 1, 2""")


def _once(found: pd.DataFrame) -> pd.DataFrame:
    """Without the channels that the same customers met as a touchpoint: its only channel says nothing more."""
    met = {name: list(zip(rows["n"], rows["who"], strict=True)) for name, rows in found.groupby("kind")
           if name in _PLACES}
    same = set(met.get("touchpoint", ()))
    again = found.index[found["kind"] == "channel"][[each in same for each in met.get("channel", ())]]
    return found.drop(index=again).drop(columns="who").reset_index(drop=True)


def _counted(best: Best, asked: Sequence[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Of each thing (kind, key, of whom it is known, whether it was so) the numbers of `_factors`, in one pass."""
    counts = ", ".join(f"count(*) FILTER ({each})" for _, _, known, condition in asked for each in (
        f"({known}) AND ({condition})", f"({known}) AND ({condition}) AND went_on", known, f"({known}) AND went_on"))
    numbers = best.cursor.execute(f"SELECT {counts} FROM {_WAITED}").fetchone() or ()
    return pd.DataFrame(
        [(kind, key, "", *numbers[4 * place:4 * place + 4]) for place, (kind, key, *_) in enumerate(asked)],
        columns=["kind", "key", "label", "n", "hits", "of", "of_hits"])


def _bands(best: Best) -> list[tuple[int, int]]:
    """Bounds [low, high) of the longest waits, so that each band holds about as many customers."""
    waits = best.cursor.execute(f"SELECT wait FROM {_WAITED} WHERE wait IS NOT NULL").fetchnumpy()["wait"]
    if not len(waits):
        return []
    lows = np.unique(np.quantile(waits, np.arange(_BANDS) / _BANDS, method="lower"))
    edges = np.append(lows, waits.max() + 1)
    return [(int(low), int(high)) for low, high in itertools.pairwise(edges)]


def _compared(found: pd.DataFrame) -> pd.DataFrame:
    """The factors with their shares, differences and tests, the surest and strongest first."""
    hits, n = (found[name].to_numpy(dtype=float) for name in ("hits", "n"))
    other_hits, other_n = (found[f"of{end}"].to_numpy(dtype=float) - each for end, each in (("_hits", hits), ("", n)))
    difference = stats.difference_of_shares(hits, n, other_hits, other_n)
    odds = stats.odds_ratio(hits, n, other_hits, other_n)
    adjusted = stats.adjusted(difference.p)
    frame = found[["kind", "key", "label"]].assign(
        n_with=n.astype(np.int64), rate_with=hits / n, n_without=other_n.astype(np.int64),
        rate_without=other_hits / other_n, difference=difference.value, lower=difference.lower, upper=difference.upper,
        odds_ratio=odds.value, odds_lower=odds.lower, odds_upper=odds.upper, p=difference.p, p_adjusted=adjusted,
        significant=adjusted < 1 - stats.CONFIDENCE)
    least = np.where(frame["lower"] > 0, frame["lower"], np.where(frame["upper"] < 0, -frame["upper"], 0.0))
    return (frame.assign(_least=least).sort_values(["significant", "_least", "kind", "key"],
                                                   ascending=[False, False, True, True])
            .drop(columns="_least").reset_index(drop=True)[_COLUMNS])
