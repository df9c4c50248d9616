"""Sufficient statistics of KPIs: one query per source for all KPIs together, by dimension and calendar period.

Sources: single interactions; active customers; orders and buyers (an order counts where and when its first row
stands); the stage funnel (`attempts`); activity in two neighbouring periods. Scores count anonymous respondents,
customer-based sources do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics import cells_days, cells_funnel, cells_held, held_activity, stats
from cx.metrics.cells_days import orders_of
from cx.metrics.cells_funnel import RIPE, conversion_step, converted_at, converts, customer_value
from cx.metrics.cells_sql import (
    INTERVALS,
    NO_SUMS,
    STEP,
    Over,
    Slots,
    calendar_start,
    comma,
    dated,
    group_by,
    head,
    in_slots,
    names_of,
    nothing_of,
    part_list,
    with_one_before,
    written_parts,
)
from cx.metrics.dimension import Dimension, named
from cx.metrics.kpi_registry import BOOTSTRAP_UPTO, KPIS, Kpi
from cx.metrics.sums import Sums, asked, joined
from cx.store import Store

__all__ = ["CUSTOMERS", "INTERVALS", "NO_SUMS", "RIPE", "Slots", "acts", "calendar_start", "cells",
           "conversion_step", "converted_at", "converts", "customer_value", "difference", "differences", "measure",
           "measures", "orders_of", "present", "size", "statistics"]


def cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None = None, over: Over = None,
          sums_only: bool = False, derived: bool = True) -> pd.DataFrame:
    """`statistics` as a frame: [key, label,] [period,] and a column `<kpi>.<part>` for each KPI and part; by key and
    period."""
    found = statistics(store, kpis, filters, by, over, sums_only, derived)
    frame = pd.DataFrame(found.parts)
    if over:
        periods = pd.Series([group[-1] for group in found.groups], dtype=object)
        frame.insert(0, "period", periods.astype(int) if isinstance(over, Slots) else periods.astype("datetime64[us]"))
    if by:
        for place, column in enumerate(("key", "label")):
            names = [name[place] for name in named(store, by, [group[0] for group in found.groups])]
            frame.insert(place, column, pd.Series(names, dtype=object))
    grouping = [*(["key", "label"] if by else []), *(["period"] if over else [])]
    return frame.sort_values(grouping, ignore_index=True) if grouping else frame


def statistics(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None = None, over: Over = None,
               sums_only: bool = False, derived: bool = True) -> Sums:
    """One row per value of `by` and period of `over`: a calendar interval, or given periods; one row when neither is
    asked. `filters` choose the period where `over` does not.

    sums_only  leave out the parts that do not add up (NO_SUMS), which have to be taken from the rows
    derived    use the derived tables where they answer the question; the rows give the same
    `<kpi>.n` is NaN where the workspace lacks what the KPI counts. Activity compares a closed period with the one of
    the same length before it, or each calendar period with the one before.
    """
    if isinstance(over, Slots):
        filters = over.around()
    wanted = [replace(kpi, parts={part: sql for part, sql in kpi.parts.items() if part not in NO_SUMS})
              if sums_only and not kpi.parts.keys().isdisjoint(NO_SUMS) else kpi for kpi in kpis]
    result = joined([query(store, some, filters, by, over)
                     for query, some in _queries(wanted, filters, by, derived)])
    there = present(store, {field for kpi in kpis for field in kpi.present})
    absent = {f"{kpi.key}.n": np.full(len(result), np.nan) for kpi in kpis
              if kpi.present and not there & set(kpi.present)}
    return Sums(result.groups, {**result.parts, **absent}) if absent else result


def present(store: Store, fields: Iterable[str]) -> set[str]:
    """Those of the fields that some interaction of the workspace has."""
    conditions = {
        "customer_id": "customer_key IN (SELECT customer_key FROM customers WHERE NOT anonymous)",
        "stage": "stage_id IS NOT NULL", "touchpoint": "touchpoint_id IS NOT NULL", "channel": "channel_id IS NOT NULL",
        "persona": "customer_key IN (SELECT customer_key FROM customers WHERE persona_id IS NOT NULL)",
        "emotion": "emotion_given IS NOT NULL"}
    return {field for field in sorted(set(fields)) if store.kept(
        f"SELECT EXISTS (SELECT 1 FROM interactions WHERE {conditions.get(field, f'{field} IS NOT NULL')})")[0][0]}


CUSTOMERS = replace(KPIS["complaint_rate"], parts={"customers": "count(*) FILTER (WHERE TRUE)"}, present=())
"""How many known customers there are, as a question of `statistics`."""

Columns: TypeAlias = Mapping[str, Any] | Sums | pd.DataFrame
"""Statistics: `<kpi>.<part>` → numbers."""


def measure(kpi: Kpi, found: Columns, bootstrap: bool = True) -> stats.Interval:
    """Value and interval of each row of statistics, in the KPI's unit. `bootstrap` False: Student's t instead."""
    return measures([kpi], found, bootstrap)[0]


def measures(kpis: Sequence[Kpi], found: Columns, bootstrap: bool = True) -> list[stats.Interval]:
    """`measure` of several KPIs; those of one method are worked out in one go."""
    result: dict[str, stats.Interval] = {}
    for method, alike in _by_method(kpis):
        told = _interval(method, _stacked(alike, found, PARTS[method]))
        for row, kpi in enumerate(alike):
            one = stats.Interval(told.value[row], told.lower[row], told.upper[row])
            if method == "bootstrap" and bootstrap:
                _resample(kpi, found, one)
            result[kpi.key] = one.times(kpi.factor) if kpi.factor != 1 else one
    return [result[kpi.key] for kpi in kpis]


def difference(kpi: Kpi, found: Columns, other: Columns) -> stats.Difference:
    """Row by row, first minus second, in the KPI's unit; totals have no test."""
    return differences([kpi], found, other)[0]


def differences(kpis: Sequence[Kpi], found: Columns, other: Columns) -> list[stats.Difference]:
    """`difference` of several KPIs; those of one method are worked out in one go."""
    result: dict[str, stats.Difference] = {}
    for method, alike in _by_method(kpis):
        one, two = (_stacked(alike, each, PARTS[method]) for each in (found, other))
        if method == "total":
            value = _interval(method, one).value - _interval(method, two).value
            none = np.full(value.shape, np.nan)
            told = stats.Difference(value, none, none, none)
        else:
            told = _DIFFERENCES[method](*one, *two)
        for row, kpi in enumerate(alike):
            result[kpi.key] = stats.Difference(told.value[row], told.lower[row], told.upper[row],
                                               told.p[row]).times(kpi.factor)
    return [result[kpi.key] for kpi in kpis]


def size(kpi: Kpi, found: Columns) -> np.ndarray:
    """How many answers, customers or orders each row stands on."""
    n = np.asarray(found[f"{kpi.key}.n"], dtype=float)
    return np.where(n == n, n, 0).astype(np.int64)


PARTS: Mapping[str, tuple[str, ...]] = {
    "share": ("hits", "n"), "net": ("plus", "minus", "n"), "mean": ("n", "total", "squares"),
    "bootstrap": ("n", "total", "squares"), "total": ("n", "total")}
"""The parts that a KPI of each method is worked out from."""

_INTERVALS: Mapping[str, Callable[..., stats.Interval]] = {
    "share": stats.wilson, "net": stats.net_score, "mean": stats.mean, "bootstrap": stats.mean}
_DIFFERENCES: Mapping[str, Callable[..., stats.Difference]] = {
    "share": stats.difference_of_shares, "net": stats.difference_of_net_scores, "mean": stats.difference_of_means,
    "bootstrap": stats.difference_of_means}


def _by_method(kpis: Sequence[Kpi]) -> Iterable[tuple[str, list[Kpi]]]:
    found: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        found.setdefault(kpi.method, []).append(kpi)
    return found.items()


def _stacked(kpis: Sequence[Kpi], found: Columns, parts: Iterable[str]) -> list[stats.Floats]:
    """Each part as an array [KPI, row]."""
    return [np.stack([np.asarray(found[f"{kpi.key}.{part}"], dtype=float) for kpi in kpis]) for part in parts]


def _interval(method: str, parts: Sequence[stats.Floats]) -> stats.Interval:
    if method == "total":
        n, total = parts
        none = np.full(n.shape, np.nan)
        return stats.Interval(np.where(np.isnan(n), np.nan, total), none, none)
    return _INTERVALS[method](*parts)


def _resample(kpi: Kpi, found: Columns, told: stats.Interval) -> None:
    """Put bootstrapped bounds in place of those of small samples."""
    n = np.asarray(found[f"{kpi.key}.n"], dtype=float)
    samples = np.asarray(found[f"{kpi.key}.values"], dtype=object)
    for row in np.flatnonzero((n > 1) & (n <= BOOTSTRAP_UPTO)):
        again = stats.bootstrap_mean(np.sort(np.asarray(samples[row], dtype=float)))
        told.lower[row], told.upper[row] = again.lower, again.upper


# --- sources ---

_Query = Callable[[Store, Sequence[Kpi], Filters, Dimension | None, Over], Sums]


def _queries(kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
             derived: bool) -> list[tuple[_Query, list[Kpi]]]:
    """What has to be asked, each with the KPIs (or those parts of them) that it answers."""
    found: dict[_Query, list[Kpi]] = {}
    for kpi in kpis:
        fast, rest = cells_days.split(kpi, filters, by) if derived else (None, kpi)
        slow = _SOURCES[kpi.source]
        if derived and rest and kpi.source == "interactions" and cells_days.of_waits(rest, filters, by):
            slow = cells_days.from_waits
        if derived and rest and kpi.source == "activity" and held_activity.answers(filters, by) and not any(
                "bought" in str(part) for part in rest.parts.values()):
            slow = _from_held_activity
        for query, part in ((_DERIVED.get(kpi.source), fast), (slow, rest)):
            if query is not None and part is not None:
                found.setdefault(query, []).append(part)
    return list(found.items())


def _from_interactions(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                       over: Over) -> Sums:
    columns = head(by.value("i") if by else None, over, "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), *dated(over, "i.occurred_at"), *_worth_reading(kpis)])
    join = by.join("i") if by else Clause("")
    parts = part_list(kpis)
    names = names_of(by, over)
    return asked(store, f"SELECT {comma(columns.sql, parts.sql)} FROM interactions i {join.sql} WHERE {where.sql} "
                 f"{group_by(names)}", [*columns.params, *parts.params, *join.params, *where.params], len(names),
                 bool(over))


def _worth_reading(kpis: Sequence[Kpi]) -> list[Clause]:
    """Where only medians and the like are left to ask: rows that have one of the values."""
    if any(part not in NO_SUMS for kpi in kpis for part in kpi.parts):
        return []
    fields = sorted({field for kpi in kpis for needed in kpi.fields for field in needed})
    return [Clause(" OR ".join(f"i.{field} IS NOT NULL" for field in fields))]


def _from_customers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                    over: Over) -> Sums:
    columns = head(by.value("i") if by else None, over, "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), *dated(over, "i.occurred_at")])
    join = by.join("i") if by else Clause("")
    names = names_of(by, over)
    inner = "i.customer_key, coalesce(bool_or(i.is_complaint), FALSE) AS complained"
    if any("last_emotion" in str(part) for kpi in kpis for part in kpi.parts.values()):
        inner += (", arg_max(i.emotion, (coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)) "
                  "FILTER (WHERE i.emotion IS NOT NULL) AS last_emotion")
    return asked(
        store, f"SELECT {comma(names, part_list(kpis).sql)} FROM (SELECT {comma(columns.sql, inner)} "
        "FROM interactions i JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous "
        f"{join.sql} WHERE {where.sql} {group_by(names, 1)}) c {group_by(names)}",
        [*columns.params, *join.params, *where.params], len(names), bool(over))


def _from_buyers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: Over) -> Sums:
    orders, chosen = orders_of(filters, by)
    columns = head(by.value("o") if by else None, over, "o.occurred_at")
    where = Clause.all_of([chosen, *dated(over, "o.occurred_at")])
    join = by.join("o") if by else Clause("")
    names = names_of(by, over)
    return asked(
        store, f"SELECT {comma(names, part_list(kpis).sql)} FROM (SELECT {comma(columns.sql, 'o.customer_key')}, "
        f"count(*) AS orders FROM {orders} o {join.sql} WHERE NOT o.anonymous AND {where.sql} {group_by(names, 1)}) b "
        f"{group_by(names)}", [*columns.params, *join.params, *where.params], len(names), bool(over))


def _from_activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                   over: Over) -> Sums:
    if isinstance(over, Slots):
        return in_slots(over, lambda each: _from_activity(store, kpis, each, by, None))
    interval, names = over, names_of(by, over)
    before = replace(filters, compare="previous").compared()
    if interval is None and before is None:
        return nothing_of(kpis, names)
    join, value = customer_value(by, "w")
    journeys = filters.journeys("j")
    buying = any("bought" in str(part) for kpi in kpis for part in kpi.parts.values())
    totals = {"were": "count(*) FILTER (WHERE w.active)", "stayed": "count(*) FILTER (WHERE w.active AND n.active)",
              "bought": "count(*) FILTER (WHERE w.bought)", "rebought": "count(*) FILTER (WHERE w.bought AND n.bought)"}
    slot_params: list[object]
    if interval:
        slot, slot_params = f"date_trunc('{interval}', x.moment)", []
        period = with_one_before(filters, interval)
        following = f"w.slot + {STEP[interval]}"
    else:
        assert before is not None
        assert filters.start is not None
        slot, slot_params = "x.moment >= ?", [dt.datetime.combine(filters.start, dt.time())]
        period = replace(filters, start=before.start)
        following = "TRUE"
    in_period = period.period("x.moment")
    columns = Clause(comma(f"{value.sql} AS value" if value else "", f"{following} AS period" if interval else ""))
    where = ["TRUE" if interval else "NOT w.slot"]
    done = acts(buying, filters)
    params: list[object] = [*slot_params, *done.params, *in_period.params, *journeys.params, *join.params]
    if interval:
        where.append(f"{following} <= (SELECT max(slot) FROM seen)")
        if filters.start is not None:
            where.append(f"{following} >= ?")
            params.append(calendar_start(filters.start, interval))
    return asked(
        store, f"WITH seen AS (SELECT x.customer_key, {slot} AS slot, bool_or(x.active) AS active, "
        f"bool_or(x.bought) AS bought FROM ({done.sql}) x WHERE {in_period.sql} AND x.customer_key IN "
        f"(SELECT j.customer_key FROM journeys j WHERE {journeys.sql}) GROUP BY 1, 2) "
        f"SELECT {comma(columns.sql, written_parts(kpis, totals))} FROM seen w "
        f"LEFT JOIN seen n ON n.customer_key = w.customer_key AND n.slot = ({following}) {join.sql} "
        f"WHERE {' AND '.join(f'({each})' for each in where)} {group_by(names)}", params, len(names), bool(over))


def _from_held_activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                        over: Over) -> Sums:
    if isinstance(over, Slots):
        return in_slots(over, lambda each: _from_held_activity(store, kpis, each, by, None))
    closed = bool(over or replace(filters, compare="previous").compared())
    found = cells_held.activity_at(store, kpis, filters, by, over) if closed else None
    return _from_activity(store, kpis, filters, by, over) if found is None else found


def acts(buying: bool, filters: Filters) -> Clause:
    """What customers did: interactions, and orders at the time of their first row (in the own-channel reading those in
    that channel)."""
    done, bought = filters.steps("i"), filters.steps("o")
    active = Clause("SELECT i.customer_key, i.occurred_at AS moment, TRUE AS active, FALSE AS bought "
                    f"FROM interactions i WHERE i.occurred_at IS NOT NULL AND {done.sql}", done.params)
    return active if not buying else Clause(
        f"{active.sql} UNION ALL SELECT o.customer_key, o.occurred_at, FALSE, TRUE FROM orders o "
        f"WHERE o.occurred_at IS NOT NULL AND {bought.sql}", (*active.params, *bought.params))


_SOURCES: dict[str, _Query] = {
    "interactions": _from_interactions, "customers": _from_customers, "orders": cells_days.from_orders,
    "buyers": _from_buyers, "funnel": cells_funnel.from_attempts, "activity": _from_activity}
_DERIVED: dict[str, _Query] = {
    "interactions": cells_held.from_cells, "customers": cells_held.from_active_days, "activity": cells_held.activity,
    "orders": cells_held.from_orders}
