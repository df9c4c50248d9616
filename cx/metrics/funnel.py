"""The funnel: how many customers reach each step, how long it takes, who they are, and what the lost did instead.

The rules (docs/metrics.md has them in words): every occurrence of the first step is tried and a customer's best attempt
counts, the furthest, then the earliest. *Ordered*: others may lie in between, equal times count as "after", and an
interaction fills at most one step. *Any order*: so many different steps within the window of the first of them.
*Strict*: no other interaction of the customer in between. The start of an attempt decides its period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Clause, Filters
from cx.language import text
from cx.metrics import held_lost, stats
from cx.metrics.dimension import Dimension, dimension, in_order, with_labels
from cx.metrics.funnel_attempts import Best, best_attempts, started_last, warm_up
from cx.metrics.funnel_plan import Exclusion, Given, Plan, Step, default_steps, resolve
from cx.metrics.funnel_tally import by_persona, durations, tally
from cx.metrics.period import calendar
from cx.store import Store

__all__ = ["Exclusion", "Step", "customers", "default_steps", "drop_off", "funnel", "summary", "time_to_convert",
           "trend", "warm_up"]

_COLUMNS = ["step", "position", "reached", "from_previous", "from_previous_lower", "from_previous_upper", "from_first",
            "lower", "upper", "median_seconds", "average_seconds", "p90_seconds", "open"]


def funnel(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
           window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (), breakdown: str | None = None,
           attribution: str = "first", start: dt.date | str | None = None, end: dt.date | str | None = None,
           filters: Filters = Filters(), leave_out_open: bool = False) -> pd.DataFrame:
    """One row per step (and value of the breakdown, the largest first).

    steps        names (or tuples of names, any of which will do) of `by`: "stage", "touchpoint" or "channel", or
                 `Step(names, optional=…, within=…)`; default: the stages in use. For order "any" position k means k
                 different steps, whichever they are
    window       from the first step to every later one, end included; None = no limit
    breakdown    persona, channel, stage, touchpoint, campaign or an attribute. `attribution`: by the first or the last
                 value of the customer that is not missing; "all": each value as its own funnel, which sees only the
                 interactions with that value (a persona, or a column of customers, is of the customer as a whole)
    start, end   period in which attempts start, instead of the one in `filters`: days included; a moment (datetime)
                 as end is not included. Conversions may come later
    leave_out_open  leave customers out of the rates of a step that they may still reach
    → [breakdown, key, label,] step (name as given; the stage's key for the default steps), position (1…), reached,
      from_previous (share of those who reached the step before), from_previous_lower, from_previous_upper, from_first,
      lower, upper (its interval), median_seconds, average_seconds, p90_seconds (from the step before, of those who
      reached the step), open (customers not there yet who could still get there in time at the end of the data;
      null where not every step has a limit). The step before is the last one that may not be skipped. `breakdown`
      repeats the label.
    Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, breakdown, attribution, start, end, filters)
    if not plan.labels:
        return pd.DataFrame(columns=[*(["breakdown", "key", "label"] if breakdown else []), *_COLUMNS])
    found = tally(store, plan)
    if found is not None:
        return _steps(plan, found.counted(), [], leave_out_open)
    counted = by_persona(store, plan)
    if counted is None:
        with best_attempts(store, plan) as best:
            counted = _count(best, plan, ["value"] if plan.breakdown else [])
    if plan.breakdown is None:
        return _steps(plan, counted, [], leave_out_open)
    counted = in_order(store, with_labels(store, counted, plan.breakdown), plan.breakdown, size="r1")
    result = _steps(plan, counted, ["key", "label"], leave_out_open)
    result.insert(0, "breakdown", result["label"])
    return result


def trend(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
          window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (), interval: str = "auto",
          breakdown: str | None = None, attribution: str = "first", start: dt.date | str | None = None,
          end: dt.date | str | None = None, filters: Filters = Filters()) -> pd.DataFrame:
    """The funnel by the day, week, month or quarter in which attempts start; a customer counts once in each period.

    → [key, label,] period (first moment), entered, converted (reached the last step), rate, lower, upper, open
      (entered, not converted, window not elapsed at the end of the data; null without a window), complete (the data
      and the selection cover the whole period, and those who entered in it have had the window, or without one as long
      as 9 in 10 of those who converted took), reached_1…reached_k. Periods with nothing have a null rate.
    """
    plan = resolve(store, steps, by, order, window, exclusions, breakdown, attribution, start, end, filters)
    span = _span(plan, filters)
    interval, when = calendar(store, span, interval)
    names = ["key", "label", "period"] if plan.breakdown else ["period"]
    reached = [f"reached_{step}" for step in range(1, len(plan.labels) + 1)]
    if not plan.labels:
        return pd.DataFrame(columns=[*names, "entered", "converted", "rate", "lower", "upper", "open", "complete"])
    found = tally(store, plan, interval)
    if found is not None:
        frame, ends_at = found.counted(), found.ends_at
    else:
        with best_attempts(store, plan, interval) as best:
            frame, ends_at = _count(best, plan, [*(["value"] if plan.breakdown else []), "period"]), best.ends_at
    when["complete"] &= _settled(store, plan, when["period"], interval, ends_at)
    frame["period"] = frame["period"].astype("datetime64[us]")
    if plan.breakdown:
        frame = with_labels(store, frame, plan.breakdown)
        when = frame[["key", "label"]].drop_duplicates().merge(when, how="cross")
    frame = when.merge(frame, on=names, how="left")
    last = len(plan.labels)
    counts = [f"r{step}" for step in range(1, last + 1)]
    frame[[*counts, f"o{last}"]] = frame[[*counts, f"o{last}"]].fillna(0).astype(np.int64)
    rate = stats.wilson(frame[f"r{last}"], frame["r1"])
    frame = frame.assign(entered=frame["r1"], converted=frame[f"r{last}"], rate=rate.value, lower=rate.lower,
                         upper=rate.upper, open=_open(plan, frame[f"o{last}"]))
    frame = frame.rename(columns=dict(zip(counts, reached, strict=True)))
    if plan.breakdown:
        frame = in_order(store, frame, plan.breakdown, then=["period"], size="entered")
    return frame[[*names, "entered", "converted", "rate", "lower", "upper", "open", "complete", *reached]]


def time_to_convert(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
                    window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (),
                    start: dt.date | str | None = None, end: dt.date | str | None = None,
                    filters: Filters = Filters(), bins: int = 20) -> pd.DataFrame:
    """How long customers took from the first to the last step: lower_seconds, upper_seconds (bins of one width, the
    last one includes its end), customers. Empty where nobody converted."""
    if bins < 1:
        raise QueryError(text("A histogram needs at least one bar."))
    seconds = _durations(store, resolve(store, steps, by, order, window, exclusions, None, "first", start, end,
                                        filters))
    if not len(seconds):
        return pd.DataFrame({"lower_seconds": [], "upper_seconds": [], "customers": []})
    if np.ptp(seconds) == 0:
        return pd.DataFrame({"lower_seconds": seconds[:1], "upper_seconds": seconds[:1], "customers": [len(seconds)]})
    counts, edges = np.histogram(seconds, bins=bins, range=(0.0, float(seconds.max())))
    return pd.DataFrame({"lower_seconds": edges[:-1], "upper_seconds": edges[1:], "customers": counts})


def summary(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
            window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (),
            start: dt.date | str | None = None, end: dt.date | str | None = None,
            filters: Filters = Filters()) -> dict[str, float | None]:
    """Time from the first to the last step in seconds: n (customers who converted), mean, mean_lower, mean_upper
    (t interval), median, median_lower, median_upper (order statistics), p90. None where undefined."""
    seconds = _durations(store, resolve(store, steps, by, order, window, exclusions, None, "first", start, end,
                                        filters))
    mean = stats.mean(len(seconds), seconds.sum(), (seconds**2).sum())
    median, slow = stats.quantile(seconds, q=0.5), stats.quantile(seconds, q=0.9)
    found = {"mean": mean.value, "mean_lower": mean.lower, "mean_upper": mean.upper, "median": median.value,
             "median_lower": median.lower, "median_upper": median.upper, "p90": slow.value}
    return {"n": len(seconds), **{key: None if np.isnan(value) else float(value) for key, value in found.items()}}


def customers(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
              window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (), step: int = 1,
              reached: bool = True, start: dt.date | str | None = None, end: dt.date | str | None = None,
              filters: Filters = Filters(), breakdown: str | None = None, attribution: str = "first",
              key: str | None = None, limit: int | None = None) -> pd.DataFrame:
    """The customers behind a number: those who reached the step at position `step`, or (reached=False) those who
    reached the one before but not this one. With `breakdown` and `key`, of that value only.

    → customer_id, persona (label, "" = none), started_at, reached_at (of the last step reached), last_step (name),
      last_position, seconds (from first to last step reached), open (may still go on; null without a window);
      the latest start first. Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, breakdown, attribution, start, end, filters)
    plan.must_have(step, 1 if reached else 2, len(plan.labels))
    condition = f"b.t{step} IS NOT NULL" if reached else f"b.t{plan.before(step)} IS NOT NULL AND b.t{step} IS NULL"
    latest = [f"WHEN b.t{place} IS NOT NULL THEN" for place in range(len(plan.labels), 0, -1)]
    arrival, last = (f"CASE {' '.join(f'{when} {name}{len(latest) - place}' for place, when in enumerate(latest))} END"
                     for name in ("b.t", ""))
    with best_attempts(store, plan) as every:
        best = every if limit is None else started_last(every, plan, step, reached, limit)
        still = _still_open(plan, best)
        frame = best.cursor.execute(
            f"SELECT {'b.value, ' if plan.breakdown else ''}c.customer_id, coalesce(p.label, '') AS persona, "
            f"b.t1 AS started_at, {arrival} AS reached_at, {last} AS last_position, "
            f"b.t{len(plan.labels)} IS NULL AND {still.sql} AS open FROM ({best.relation.sql}) b "
            f"JOIN customers c ON c.customer_key = b.customer_key LEFT JOIN personas p ON p.persona_id = c.persona_id "
            f"WHERE {condition} ORDER BY b.t1 DESC, c.customer_key",
            [*still.params, *best.relation.params]).df()
    if plan.breakdown:
        frame = with_labels(store, frame, plan.breakdown)
        if key is not None:
            frame = frame[frame["key"] == key]
        frame = frame.drop(columns=["key", "label"])
    frame = frame.head(limit) if limit is not None else frame
    frame["last_step"] = [plan.labels[place - 1] for place in frame["last_position"]]
    frame["seconds"] = (frame["reached_at"] - frame["started_at"]).dt.total_seconds()
    if plan.limit is None:
        frame["open"] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return frame[["customer_id", "persona", "started_at", "reached_at", "last_step", "last_position", "seconds",
                  "open"]].reset_index(drop=True)


def drop_off(store: Store, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
             window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (), step: int = 1,
             start: dt.date | str | None = None, end: dt.date | str | None = None, filters: Filters = Filters(),
             of: str = "touchpoint") -> pd.DataFrame:
    """What the customers did who reached the step at position `step` but not the next one that may not be skipped.

    → when ("next": their first interaction after that step; "last": their latest of all), key, label (of the dimension
      `of`; "" = not known, None = nothing came after), customers, lost (how many in all), share (of the lost) with
      lower, upper (Wilson, 95 %), open (of them, still open).
    Customers still open are among them; of equal times the earlier stage comes first. Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, None, "first", start, end, filters)
    plan.must_have(step, 1, len(plan.labels) - 1)
    split = dimension(store, of)
    value, join = split.value("i"), split.join("i")
    with best_attempts(store, plan) as best:
        frame = _went_on(store, best, plan, step, split)
        still = _still_open(plan, best)
        frame = frame if frame is not None else best.cursor.execute(f"""
            WITH lost AS (SELECT b.customer_key, b.t{step} AS reached_at, {still.sql} AS open
                          FROM ({best.relation.sql}) b WHERE b.t{step} IS NOT NULL AND b.t{plan.after(step)} IS NULL),
            done AS (SELECT i.customer_key, {value.sql} AS value, i.occurred_at > l.reached_at AS later,
                row_number() OVER (PARTITION BY i.customer_key, i.occurred_at > l.reached_at
                                   ORDER BY i.occurred_at, o.position NULLS LAST, i.interaction_id) AS place,
                row_number() OVER (PARTITION BY i.customer_key ORDER BY i.occurred_at DESC,
                                   o.position DESC NULLS FIRST, i.interaction_id DESC) AS back
                FROM interactions i JOIN lost l ON l.customer_key = i.customer_key
                LEFT JOIN stages o ON o.stage_id = i.stage_id {join.sql}
                WHERE i.occurred_at IS NOT NULL)
            SELECT 'next' AS "when", d.customer_key IS NULL AS nothing, d.value, count(*) AS customers,
                count(*) FILTER (WHERE l.open) AS open
            FROM lost l LEFT JOIN done d ON d.customer_key = l.customer_key AND d.later AND d.place = 1
            GROUP BY 1, 2, 3
            UNION ALL
            SELECT 'last', FALSE, d.value, count(*), count(*) FILTER (WHERE l.open)
            FROM lost l JOIN done d ON d.customer_key = l.customer_key AND d.back = 1 GROUP BY 1, 2, 3""",
            [*still.params, *best.relation.params, *value.params, *join.params]).df()
    frame = with_labels(store, frame, split)
    frame.loc[frame["nothing"], ["key", "label"]] = None
    frame["lost"] = frame.groupby("when")["customers"].transform("sum")
    share = stats.wilson(frame["customers"], frame["lost"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper)
    frame = frame.sort_values(["when", "customers", "key"], ascending=[False, False, True], na_position="last")
    return frame[["when", "key", "label", "customers", "lost", "share", "lower", "upper",
                  "open"]].reset_index(drop=True)


def _went_on(store: Store, best: Best, plan: Plan, step: int, split: Dimension) -> pd.DataFrame | None:
    """What is asked of the rows below, of what is held in memory; None where it is not."""
    if best.arrivals is None:
        return None
    ends = None if plan.limit is None or best.ends_at is None else int(
        np.datetime64(best.ends_at, "us").astype(np.int64))
    return held_lost.went_on(store, best.arrivals, step, plan.after(step), split, ends)


# --- counting: the same numbers as cx.metrics.funnel_tally, of what is not that plain ---


def _still_open(plan: Plan, best: Best) -> Clause:
    """Condition on a row of `best` that one of its customer's attempts could go on at the end of the data."""
    if plan.limit is None or best.ends_at is None:
        return Clause("FALSE")
    return Clause("coalesce(b.open_until > CAST(? AS TIMESTAMP), FALSE)", (best.ends_at,))


def _count(best: Best, plan: Plan, grouping: Sequence[str]) -> pd.DataFrame:
    """Per group: r1…rk (customers who reached the step), o1…ok (of those neither there nor further, still open), s1…sk
    (open ones that reached just the step before), m, a, p (median, mean and 90 % of the seconds from the step
    before). The step before is the last one that may not be skipped."""
    still = _still_open(plan, best)
    parts = []
    for step in range(1, len(plan.labels) + 1):
        before, after = plan.before(step), plan.after(step)
        missing = f"b.t{step} IS NULL AND b.t{after} IS NULL AND b.open"
        parts.append(f"count(b.t{step}) AS r{step}")
        parts.append(f"count(*) FILTER (WHERE {missing}) AS o{step}")
        parts.append(f"count(*) FILTER (WHERE {missing} AND b.t{before} IS NOT NULL) AS s{step}")
        if step > 1:
            took = f"(epoch_us(b.t{step}) - epoch_us(b.t{before})) / 1000000.0"
            reached = f"FILTER (WHERE b.t{step} IS NOT NULL)"
            parts.append(f"quantile_cont({took}, 0.5) {reached} AS m{step}, avg({took}) {reached} AS a{step}, "
                         f"quantile_cont({took}, 0.9) {reached} AS p{step}")
    group = "GROUP BY " + ", ".join(str(place) for place in range(1, len(grouping) + 1)) if grouping else ""
    return best.cursor.execute(
        f"SELECT {', '.join([*(f'b.{name}' for name in grouping), *parts])} "
        f"FROM (SELECT b.*, {still.sql} AS open FROM ({best.relation.sql}) b) b {group}",
        [*still.params, *best.relation.params]).df()


def _steps(plan: Plan, counted: pd.DataFrame, names: Sequence[str], leave_out_open: bool) -> pd.DataFrame:
    positions = range(1, len(plan.labels) + 1)

    def each(part: str, of: Sequence[int] = positions) -> np.ndarray:
        """[row, step]"""
        return np.stack([np.asarray(counted[f"{part}{step}"], dtype=float) if f"{part}{step}" in counted else
                         np.full(len(counted), np.nan) for step in of], axis=1)

    reached, waiting = each("r"), each("o")
    first, before = reached[:, :1], each("r", [plan.before(step) for step in positions])
    if leave_out_open:
        first, before = first - waiting, before - each("s")
    rate, from_previous = stats.wilson(reached, first), stats.wilson(reached, before)
    many = len(positions)
    columns: dict[str, Any] = {name: np.repeat(counted[name].to_numpy(), many) for name in names}
    columns |= {"step": list(plan.labels) * len(counted), "position": np.tile(positions, len(counted)),
                "reached": reached.astype(np.int64).ravel()}
    columns |= {name: values.ravel() for name, values in (
        ("from_previous", from_previous.value), ("from_previous_lower", from_previous.lower),
        ("from_previous_upper", from_previous.upper), ("from_first", rate.value), ("lower", rate.lower),
        ("upper", rate.upper), ("median_seconds", each("m")), ("average_seconds", each("a")),
        ("p90_seconds", each("p")))}
    return pd.DataFrame({**columns, "open": _open(plan, pd.Series(waiting.ravel()))})


def _open(plan: Plan, counts: pd.Series) -> pd.Series:
    """Counts of open customers; null where there is no window, which never elapses."""
    found = counts.astype("Int64")
    return found.where(pd.Series(plan.limit is not None, index=found.index))


def _durations(store: Store, plan: Plan) -> np.ndarray:
    if not plan.labels:
        return np.empty(0)
    seconds = durations(store, plan)
    if seconds is not None:
        return seconds
    with best_attempts(store, plan) as best:
        found = best.cursor.execute(
            f"SELECT (epoch_us(t{len(plan.labels)}) - epoch_us(t1)) / 1000000.0 AS seconds FROM ({best.relation.sql}) "
            f"WHERE t{len(plan.labels)} IS NOT NULL", best.relation.params).fetchnumpy()
    return np.asarray(found["seconds"], dtype=float)


def _settled(store: Store, plan: Plan, periods: pd.Series, interval: str, ends_at: dt.datetime | None) -> pd.Series:
    """Whether those who entered in each period have had time to convert: the window, else as long as 9 in 10 took."""
    durations = _durations(store, plan) if plan.limit is None else np.empty(0)
    seconds = plan.limit / 1e6 if plan.limit is not None else np.quantile(durations, 0.9) if len(durations) else 0.0
    ends = periods + {"day": pd.DateOffset(days=1), "week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1),
                      "quarter": pd.DateOffset(months=3)}[interval]
    if ends_at is None:
        return pd.Series(False, index=periods.index)
    return ends + pd.Timedelta(seconds=float(seconds)) <= pd.Timestamp(ends_at)


def _span(plan: Plan, filters: Filters) -> Filters:
    """The filters with the plan's period, in whole days."""
    first = plan.begin.date() if plan.begin else None
    last = (plan.finish - dt.timedelta(microseconds=1)).date() if plan.finish else None
    return Filters(start=first, end=last, compare=filters.compare)
