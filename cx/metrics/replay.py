"""Walk the journey: what customers of one persona and first channel meet at each stage, feel, wait for and say, how
many go on, and how all that is for everybody else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics import stats
from cx.metrics.dimension import dimension, with_labels
from cx.metrics.funnel_attempts import best_attempts
from cx.metrics.funnel_plan import default_steps, resolve
from cx.metrics.kpi import minimum_n, significant
from cx.store import Store

_SIDES = ("", "other_")
_COUNTS = ("customers", "plus", "minus", "felt", "wait_n", "reached", "went_on")


@dataclass(frozen=True)
class Walk:
    """stages       one row per stage in use, in order: see `walk`
    touchpoints  what is met there: stage (key), key, label, customers, share (of those who are there), lower, upper,
                 other_customers, other_share, difference, difference_lower, difference_upper, p_adjusted, significant;
                 the most met first
    customers, others  how many customers the two sides have
    """

    stages: pd.DataFrame
    touchpoints: pd.DataFrame
    customers: int
    others: int


def walk(store: Store, persona: str | None = None, channel: str | None = None, filters: Filters = Filters()) -> Walk:
    """The journey of the customers of a persona and (or) a first channel, among those whom `filters` choose; without
    either, of all of them, and there are no others.

    The period chooses interactions by their time and, for going on, journeys by their start. Stages columns, each also
    as other_…: key, label, customers, share (of the customers of that side), lower, upper; net, net_lower, net_upper,
    felt (emotions known); wait_median, wait_p90 (seconds), wait_n; reached (the stages in order), went_on (to the next;
    null at the last), on_share, on_lower, on_upper, on_median (seconds). And compared: net_difference,
    net_difference_lower, net_difference_upper, net_p_adjusted, net_significant; the same with on_ (Benjamini–Hochberg
    over all of them; None = too few on a side). Raises UnknownValue.
    """
    such = Filters(persona=(persona,) if persona else (), channel=(channel,) if channel else ())
    who = _who(such, filters)
    period = filters.period("i.occurred_at")
    met = store.frame(
        f"WITH {who.sql} SELECT w.such, i.stage_id, i.touchpoint_id, GROUPING(i.stage_id) AS whole, "
        "GROUPING(i.touchpoint_id) AS every, count(DISTINCT i.customer_key) AS customers, "
        "count(CASE WHEN i.emotion > 0 THEN 1 END) AS plus, count(CASE WHEN i.emotion < 0 THEN 1 END) AS minus, "
        "count(i.emotion) AS felt, count(i.wait_seconds) AS wait_n, quantile_cont(i.wait_seconds, 0.5) AS wait_median, "
        "quantile_cont(i.wait_seconds, 0.9) AS wait_p90 FROM interactions i JOIN walk_who w "
        f"ON w.customer_key = i.customer_key WHERE {period.sql} "
        "GROUP BY GROUPING SETS ((w.such), (w.such, i.stage_id), (w.such, i.stage_id, i.touchpoint_id))",
        [*who.params, *period.params])
    total = {side: int(met.loc[(met["whole"] == 1) & (met["such"] == (side == "")), "customers"].sum())
             for side in _SIDES}
    stages = _stages(store)
    frame = stages.drop(columns="stage_id")
    of_stage = met[(met["whole"] == 0) & (met["every"] == 1)]
    moves = _moves(store, who, filters, len(frame))
    for side in _SIDES:
        here = of_stage[of_stage["such"] == (side == "")].set_index("stage_id").reindex(stages["stage_id"])
        moved = moves[moves["such"] == (side == "")].drop(columns="such").set_index("place")
        here = here.reset_index(drop=True).join(moved)
        here[[*_COUNTS]] = here.reindex(columns=[*_COUNTS]).fillna(0).astype(float)
        frame = frame.join(_measured(here, total[side]).add_prefix(side))
    compared = _compared(frame, minimum_n(store))
    rows = met[(met["every"] == 0) & met["touchpoint_id"].notna() & met["stage_id"].notna()]
    return Walk(compared, _touchpoints(store, rows, stages, compared, minimum_n(store)), total[""], total["other_"])


def people(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """Whom one can walk as: persona, channel (keys; "" = not known), customers (who did something in the period); the
    most first."""
    period = filters.period("i.occurred_at")
    there = Clause(f"j.customer_key IN (SELECT i.customer_key FROM interactions i WHERE {period.sql})", period.params)
    where = Clause.all_of([filters.journeys("j"), *([there] if filters.start or filters.end else [])])
    return store.frame(
        "SELECT coalesce(p.key, '') AS persona, coalesce(c.key, '') AS channel, count(*) AS customers FROM journeys j "
        "LEFT JOIN personas p ON p.persona_id = j.persona_id LEFT JOIN channels c ON c.channel_id = j.first_channel_id "
        f"WHERE {where.sql} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2", where.params)


def said(store: Store, stage: str, persona: str | None = None, channel: str | None = None,
         filters: Filters = Filters()) -> pd.DataFrame:
    """What such customers said at a stage: of negative, positive and other comments the newest one each.

    → comment, emotion, customer_id, occurred_at, touchpoint, channel (labels, "" = not known), negative ones first.
    """
    such = Filters(persona=(persona,) if persona else (), channel=(channel,) if channel else ())
    who, period = _who(such, filters), filters.period("i.occurred_at")
    return store.frame(
        f"WITH {who.sql} SELECT comment, emotion, customer_id, occurred_at, touchpoint, channel FROM ("
        "SELECT i.comment, i.emotion, k.customer_id, i.occurred_at, coalesce(t.label, '') AS touchpoint, "
        "coalesce(c.label, '') AS channel, row_number() OVER (PARTITION BY coalesce(sign(i.emotion), 0) "
        "ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC) AS place FROM interactions i "
        "JOIN walk_who w ON w.customer_key = i.customer_key "
        "AND w.such JOIN stages s ON s.stage_id = i.stage_id AND s.key = ? "
        "JOIN customers k ON k.customer_key = i.customer_key "
        "LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id "
        f"LEFT JOIN channels c ON c.channel_id = i.channel_id WHERE i.comment IS NOT NULL AND ({period.sql})) "
        "WHERE place = 1 ORDER BY coalesce(sign(emotion), 0) = 0, emotion",
        [*who.params, stage, *period.params])


def customers(store: Store, stage: str, persona: str | None = None, channel: str | None = None,
              filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """Such customers who come to a stage: customer_id, interactions (there), net (emotion there, null = unknown),
    longest_wait (seconds), first_at, last_at (there); the last seen first."""
    such = Filters(persona=(persona,) if persona else (), channel=(channel,) if channel else ())
    who, period = _who(such, filters), filters.period("i.occurred_at")
    return store.frame(
        f"WITH {who.sql} SELECT k.customer_id, count(*) AS interactions, 100.0 * avg(i.emotion) AS net, "
        "CAST(max(i.wait_seconds) AS DOUBLE) AS longest_wait, min(i.occurred_at) AS first_at, "
        "max(i.occurred_at) AS last_at FROM interactions i "
        "JOIN walk_who w ON w.customer_key = i.customer_key AND w.such "
        "JOIN stages s ON s.stage_id = i.stage_id AND s.key = ? "
        f"JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous WHERE {period.sql} "
        f"GROUP BY k.customer_id ORDER BY last_at DESC NULLS LAST, k.customer_id LIMIT {int(limit)}",
        [*who.params, stage, *period.params])


def _who(such: Filters, filters: Filters) -> Clause:
    """Common table expression walk_who: customer_key, such."""
    one, every = such.journeys("j"), filters.journeys("j")
    return Clause(f"walk_who AS (SELECT j.customer_key, coalesce({one.sql}, FALSE) AS such FROM journeys j "
                  f"WHERE {every.sql})", (*one.params, *every.params))


def _stages(store: Store) -> pd.DataFrame:
    known = {key: (stage, label) for stage, key, label in store.rows("SELECT stage_id, key, label FROM stages")}
    keys = default_steps(store)
    return pd.DataFrame({"stage_id": [known[key][0] for key in keys], "key": keys,
                         "label": [known[key][1] for key in keys]})


def _moves(store: Store, who: Clause, filters: Filters, many: int) -> pd.DataFrame:
    """such, place (0…), reached, went_on, on_median (seconds) of the funnel of the stages."""
    if not many:
        return pd.DataFrame({"such": [], "place": [], "reached": [], "went_on": [], "on_median": []})
    plan = resolve(store, None, "stage", "ordered", None, (), None, "first", None, None, filters)
    parts = []
    for step in range(1, many + 1):
        took = f"(epoch_us(b.t{step + 1}) - epoch_us(b.t{step})) / 1000000.0" if step < many else "NULL"
        parts.append(f"SELECT w.such, {step - 1} AS place, count(b.t{step}) AS reached, count({took}) AS went_on, "
                     f"quantile_cont({took}, 0.5) AS on_median FROM walk_best b JOIN walk_who w "
                     "ON w.customer_key = b.customer_key GROUP BY 1")
    with best_attempts(store, plan) as best:
        return best.cursor.execute(f"WITH {who.sql}, walk_best AS ({best.relation.sql}) {' UNION ALL '.join(parts)}",
                                   [*who.params, *best.relation.params]).df()


def _measured(here: pd.DataFrame, total: int) -> pd.DataFrame:
    share = stats.wilson(here["customers"], total)
    net = stats.net_score(here["plus"], here["minus"], here["felt"])
    last = np.arange(len(here)) == len(here) - 1
    on = stats.wilson(here["went_on"], np.where(last, 0, here["reached"]))
    whole = here[[*_COUNTS]].astype("int64")
    return pd.DataFrame({
        "customers": whole["customers"], "share": share.value, "lower": share.lower, "upper": share.upper,
        "plus": whole["plus"], "minus": whole["minus"], "felt": whole["felt"], "net": net.value, "net_lower": net.lower,
        "net_upper": net.upper, "wait_n": whole["wait_n"], "wait_median": here["wait_median"].astype(float),
        "wait_p90": here["wait_p90"].astype(float), "reached": whole["reached"],
        "went_on": whole["went_on"].astype("Int64").mask(last), "on_share": on.value, "on_lower": on.lower,
        "on_upper": on.upper, "on_median": here["on_median"].astype(float)})


def _compared(frame: pd.DataFrame, minimum: int) -> pd.DataFrame:
    net = stats.difference_of_net_scores(*(frame[f"{side}{part}"] for side in _SIDES for part in
                                           ("plus", "minus", "felt")))
    tries = [np.where(frame[f"{side}went_on"].isna(), 0, frame[f"{side}reached"]) for side in _SIDES]
    hits = [frame[f"{side}went_on"].fillna(0).astype(float) for side in _SIDES]
    on = stats.difference_of_shares(hits[0], tries[0], hits[1], tries[1])
    enough = {"net": (frame["felt"] >= minimum) & (frame["other_felt"] >= minimum),
              "on": (tries[0] >= minimum) & (tries[1] >= minimum)}
    found = {"net": net, "on": on}
    corrected = stats.adjusted(np.stack([np.where(enough[name], found[name].p, np.nan) for name in found]))
    for name, p in zip(found, corrected, strict=True):
        frame = frame.assign(**{f"{name}_difference": found[name].value, f"{name}_difference_lower": found[name].lower,
                                f"{name}_difference_upper": found[name].upper, f"{name}_p_adjusted": p})
        frame[f"{name}_significant"] = significant(frame[f"{name}_p_adjusted"])
    return frame.drop(columns=[f"{side}{part}" for side in _SIDES for part in ("plus", "minus")])


def _touchpoints(store: Store, met: pd.DataFrame, stages: pd.DataFrame, frame: pd.DataFrame,
                 minimum: int) -> pd.DataFrame:
    sides = [met.loc[met["such"] == (side == ""), ["stage_id", "touchpoint_id", "customers"]].rename(
        columns={"customers": f"{side}customers"}) for side in _SIDES]
    found = sides[0].merge(sides[1], on=["stage_id", "touchpoint_id"], how="outer").fillna(
        {"customers": 0, "other_customers": 0})
    known = stages.assign(place=range(len(stages)), n=frame["customers"], other_n=frame["other_customers"]).rename(
        columns={"key": "stage"}).drop(columns="label")
    found = found.merge(known, on="stage_id").rename(columns={"touchpoint_id": "value"})
    found = with_labels(store, found, dimension(store, "touchpoint"))
    share, other = (stats.wilson(found[f"{side}customers"], found[f"{side}n"]) for side in _SIDES)
    change = stats.difference_of_shares(found["customers"], found["n"], found["other_customers"], found["other_n"])
    enough = (found["n"] >= minimum) & (found["other_n"] >= minimum)
    found = found.astype({"customers": "int64", "other_customers": "int64"}).assign(
        share=share.value, lower=share.lower, upper=share.upper, other_share=other.value, difference=change.value,
        difference_lower=change.lower, difference_upper=change.upper,
        p_adjusted=stats.adjusted(np.where(enough, change.p, np.nan)))
    found["significant"] = significant(found["p_adjusted"])
    found = found.sort_values(["place", "customers", "key"], ascending=[True, False, True]).reset_index(drop=True)
    return found[["stage", "key", "label", "customers", "share", "lower", "upper", "other_customers", "other_share",
                  "difference", "difference_lower", "difference_upper", "p_adjusted", "significant"]]
