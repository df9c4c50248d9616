"""Sufficient statistics of KPIs: one query per source for all KPIs together, by dimension and calendar period.

Sources: single interactions; active customers; orders and buyers (an order counts where and when its first row
stands); the stage funnel (`attempts`); activity in two neighbouring periods. Scores count anonymous respondents,
customer-based sources do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics import cells_days, stats
from cx.metrics.cells_sql import (
    INTERVALS,
    STEP,
    Over,
    Slots,
    calendar_start,
    comma,
    dated,
    group_by,
    head,
    names_of,
    no_rows,
    part_list,
    with_one_before,
    written_parts,
)
from cx.metrics.dimension import Dimension, with_labels
from cx.metrics.kpi_registry import BOOTSTRAP_UPTO, CONVERSION_DAYS, Kpi
from cx.store import Store
from cx.store.derive import orders_sql, stages_in_use

__all__ = ["INTERVALS", "NO_SUMS", "RIPE", "Slots", "acts", "calendar_start", "cells", "conversion_step",
           "customer_value", "difference", "measure", "orders_of", "present", "size"]

_MEMBERSHIP = ("stage", "touchpoint")  # in customer-based questions: customers who were there
NO_SUMS = ("values", "median", "p90")
"""Parts that do not add up over rows."""


def cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None = None, over: Over = None,
          sums_only: bool = False, derived: bool = True) -> pd.DataFrame:
    """One row per value of `by` and period of `over`: a calendar interval, or given periods; one row when neither is
    asked. `filters` choose the period where `over` does not.

    sums_only  leave out the parts that do not add up (NO_SUMS), which have to be taken from the rows
    derived    use the derived tables where they answer the question; the rows give the same
    Columns: [key, label,] [period,] and `<kpi>.<part>` for each KPI and part (n is NaN where the workspace lacks what
    the KPI counts). Activity compares a closed period with the one of the same length before it, or each calendar
    period with the one before.
    """
    if isinstance(over, Slots):
        filters = over.around()
    asked = [replace(kpi, parts={part: sql for part, sql in kpi.parts.items() if part not in NO_SUMS})
             for kpi in kpis] if sums_only else kpis
    grouping = [*(["key", "label"] if by else []), *(["period"] if over else [])]
    frames = []
    for query, wanted in _queries(asked, filters, by, derived):
        frame = query(store, wanted, filters, by, over)
        if isinstance(over, Slots):
            frame = frame[frame["period"].notna()].astype({"period": int})
        elif over:
            frame = frame.astype({"period": "datetime64[us]"})
        if by:
            frame = with_labels(store, frame, by)
        frames.append(frame.set_index(grouping) if grouping else frame)
    result = frames[0] if len(frames) == 1 else pd.concat(frames, axis=1, sort=True)
    result = result.reset_index() if grouping else result
    there = present(store, {field for kpi in kpis for field in kpi.present})
    absent = {f"{kpi.key}.n": np.nan for kpi in kpis if kpi.present and not there & set(kpi.present)}
    return result.assign(**absent) if absent else result


def present(store: Store, fields: Iterable[str]) -> set[str]:
    """Those of the fields that some interaction of the workspace has."""
    asked = sorted(set(fields))
    conditions = {
        "customer_id": "customer_key IN (SELECT customer_key FROM customers WHERE NOT anonymous)",
        "stage": "stage_id IS NOT NULL", "touchpoint": "touchpoint_id IS NOT NULL", "channel": "channel_id IS NOT NULL",
        "persona": "customer_key IN (SELECT customer_key FROM customers WHERE persona_id IS NOT NULL)",
        "emotion": "emotion_given IS NOT NULL"}
    if not asked:
        return set()
    tests = [f"EXISTS (SELECT 1 FROM interactions WHERE {conditions.get(field, f'{field} IS NOT NULL')})"
             for field in asked]
    return {field for field, found in zip(asked, store.rows(f"SELECT {', '.join(tests)}")[0], strict=True) if found}


def measure(kpi: Kpi, frame: pd.DataFrame, bootstrap: bool = True) -> stats.Interval:
    """Value and interval of each row of a `cells` frame, in the KPI's unit. `bootstrap` False: Student's t instead."""
    def part(name: str) -> stats.Floats:
        return frame[f"{kpi.key}.{name}"].to_numpy(dtype=float)

    if kpi.method == "share":
        return stats.wilson(part("hits"), part("n")).times(kpi.factor)
    if kpi.method == "net":
        return stats.net_score(part("plus"), part("minus"), part("n"))
    if kpi.method == "total":
        value = np.where(np.isnan(part("n")), np.nan, part("total"))
        return stats.Interval(value, np.full(value.shape, np.nan), np.full(value.shape, np.nan))
    found = stats.mean(part("n"), part("total"), part("squares"))
    if kpi.method == "bootstrap" and bootstrap:
        small = np.flatnonzero((part("n") > 1) & (part("n") <= BOOTSTRAP_UPTO))
        samples = frame[f"{kpi.key}.values"].to_numpy()
        for row in small:
            again = stats.bootstrap_mean(np.sort(np.asarray(samples[row], dtype=float)))
            found.lower[row], found.upper[row] = again.lower, again.upper
    return found.times(kpi.factor)


def difference(kpi: Kpi, frame: pd.DataFrame, other: pd.DataFrame) -> stats.Difference:
    """Row by row, first minus second, in the KPI's unit; totals have no test."""
    def parts(*names: str) -> list[stats.Floats]:
        return [each[f"{kpi.key}.{name}"].to_numpy(dtype=float) for each in (frame, other) for name in names]

    if kpi.method == "share":
        return stats.difference_of_shares(*parts("hits", "n")).times(kpi.factor)
    if kpi.method == "net":
        return stats.difference_of_net_scores(*parts("plus", "minus", "n"))
    if kpi.method == "total":
        value = measure(kpi, frame).value - measure(kpi, other).value
        none = np.full(value.shape, np.nan)
        return stats.Difference(value, none, none, none)
    return stats.difference_of_means(*parts("n", "total", "squares")).times(kpi.factor)


def size(kpi: Kpi, frame: pd.DataFrame) -> np.ndarray:
    """How many answers, customers or orders each row stands on."""
    return frame[f"{kpi.key}.n"].fillna(0).to_numpy(dtype=np.int64)


# --- sources ---

_Query = Callable[[Store, Sequence[Kpi], Filters, Dimension | None, Over], pd.DataFrame]


def _queries(kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
             derived: bool) -> list[tuple[_Query, list[Kpi]]]:
    """What has to be asked, each with the KPIs (or those parts of them) that it answers."""
    found: dict[_Query, list[Kpi]] = {}
    for kpi in kpis:
        fast, rest = cells_days.split(kpi, filters, by) if derived else (None, kpi)
        for query, part in ((_DERIVED.get(kpi.source), fast), (_SOURCES[kpi.source], rest)):
            if query is not None and part is not None:
                found.setdefault(query, []).append(part)
    return list(found.items())


def _from_interactions(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                       over: Over) -> pd.DataFrame:
    columns = head(by.value("i") if by else None, over, "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), *dated(over, "i.occurred_at"), *_worth_reading(kpis)])
    join = by.join("i") if by else Clause("")
    parts = part_list(kpis)
    return store.frame(f"SELECT {comma(columns.sql, parts.sql)} FROM interactions i {join.sql} WHERE {where.sql} "
                       f"{group_by(names_of(by, over))}",
                       [*columns.params, *parts.params, *join.params, *where.params])


def _worth_reading(kpis: Sequence[Kpi]) -> list[Clause]:
    """Where only medians and the like are left to ask: rows that have one of the values."""
    if any(part not in NO_SUMS for kpi in kpis for part in kpi.parts):
        return []
    fields = sorted({field for kpi in kpis for needed in kpi.fields for field in needed})
    return [Clause(" OR ".join(f"i.{field} IS NOT NULL" for field in fields))]


def _from_customers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                    over: Over) -> pd.DataFrame:
    columns = head(by.value("i") if by else None, over, "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), *dated(over, "i.occurred_at")])
    join = by.join("i") if by else Clause("")
    names = names_of(by, over)
    inner = "i.customer_key, coalesce(bool_or(i.is_complaint), FALSE) AS complained"
    if any("last_emotion" in str(part) for kpi in kpis for part in kpi.parts.values()):
        inner += (", arg_max(i.emotion, (coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)) "
                  "FILTER (WHERE i.emotion IS NOT NULL) AS last_emotion")
    return store.frame(
        f"SELECT {comma(names, part_list(kpis).sql)} FROM (SELECT {comma(columns.sql, inner)} FROM interactions i "
        f"JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous {join.sql} WHERE {where.sql} "
        f"{group_by(names, 1)}) c {group_by(names)}", [*columns.params, *join.params, *where.params])


def orders_of(filters: Filters, by: Dimension | None = None) -> tuple[str, Clause]:
    """(relation, condition on `relation AS o`) of the orders that filters select, one row each: the derived table, or
    the rows themselves where attributes are asked."""
    if filters.attributes or (by is not None and by.attribute):
        return f"({orders_sql(columns='i.attributes,')})", filters.interactions("o")
    return "orders", filters.cells("o")


def _from_orders(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: Over) -> pd.DataFrame:
    orders, chosen = orders_of(filters, by)
    columns = head(by.value("o") if by else None, over, "o.occurred_at")
    where = Clause.all_of([chosen, *dated(over, "o.occurred_at")])
    join = by.join("o") if by else Clause("")
    return store.frame(f"SELECT {comma(columns.sql, part_list(kpis).sql)} FROM {orders} o {join.sql} "
                       f"WHERE {where.sql} {group_by(names_of(by, over))}",
                       [*columns.params, *join.params, *where.params])


def _from_buyers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: Over) -> pd.DataFrame:
    orders, chosen = orders_of(filters, by)
    columns = head(by.value("o") if by else None, over, "o.occurred_at")
    where = Clause.all_of([chosen, *dated(over, "o.occurred_at")])
    join = by.join("o") if by else Clause("")
    names = names_of(by, over)
    return store.frame(
        f"SELECT {comma(names, part_list(kpis).sql)} FROM (SELECT {comma(columns.sql, 'o.customer_key')}, "
        f"count(*) AS orders FROM {orders} o {join.sql} WHERE NOT o.anonymous AND {where.sql} {group_by(names, 1)}) b "
        f"{group_by(names)}", [*columns.params, *join.params, *where.params])


RIPE = Clause(f"a.t1 <= (SELECT max(occurred_at) - INTERVAL {CONVERSION_DAYS} DAY FROM interactions)")
"""Attempts whose days have passed: where periods are compared, a recent one has had less time to convert."""


def _from_funnel(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: Over) -> pd.DataFrame:
    names = names_of(by, over)
    step = conversion_step(store)
    if step is None or filters.stage:  # customers chosen by the stage they reached convert by that choice
        return no_rows(kpis, names)
    join, value = customer_value(by, "a")
    columns = head(value, over, "a.t1")
    where = Clause.all_of([filters.journeys("a"), filters.period("a.t1"), *([RIPE] if over else [])])
    converted = f"a.t{step} IS NOT NULL" if over is None else (
        f"epoch_us(a.t{step}) - epoch_us(a.t1) <= {CONVERSION_DAYS * 86_400_000_000}")
    totals = {"entered": "count(*)", "converted": "count(*) FILTER (WHERE converted)"}
    return store.frame(
        f"SELECT {comma(names, written_parts(kpis, totals))} FROM ("
        f"SELECT {comma(columns.sql, f'a.customer_key, coalesce(bool_or({converted}), FALSE) AS converted')} "
        f"FROM attempts a {join.sql} WHERE {where.sql} {group_by(names, 1)}) {group_by(names)}",
        [*columns.params, *join.params, *where.params])


def conversion_step(store: Store) -> int | None:
    """The 1-based place, among the stages in use, of the stage that is the purchase (its key "purchase" or
    "conversion", else the last one); None where nothing comes before it."""
    with store.reader() as cursor:
        used = stages_in_use(cursor)
    keys = dict(store.rows("SELECT stage_id, key FROM stages"))
    every = [key for key in ("purchase", "conversion") if key in keys.values()]
    named = [place for place, stage in enumerate(used, start=1) if keys.get(stage) in every]
    place = named[0] if named else 0 if every else len(used)
    return place if place >= 2 else None


def _from_activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                   over: Over) -> pd.DataFrame:
    if isinstance(over, Slots):
        parts = [_from_activity(store, kpis, each, by, None).assign(period=place)
                 for place, each in enumerate(over.periods)]
        return pd.concat(parts, ignore_index=True)
    interval, names = over, names_of(by, over)
    before = replace(filters, compare="previous").compared()
    if interval is None and before is None:
        return no_rows(kpis, names)
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
    params: list[object] = [*slot_params, *in_period.params, *journeys.params, *join.params]
    if interval:
        where.append(f"{following} <= (SELECT max(slot) FROM seen)")
        if filters.start is not None:
            where.append(f"{following} >= ?")
            params.append(calendar_start(filters.start, interval))
    return store.frame(
        f"WITH seen AS (SELECT x.customer_key, {slot} AS slot, bool_or(x.active) AS active, "
        f"bool_or(x.bought) AS bought FROM ({acts(buying)}) x WHERE {in_period.sql} AND x.customer_key IN "
        f"(SELECT j.customer_key FROM journeys j WHERE {journeys.sql}) GROUP BY 1, 2) "
        f"SELECT {comma(columns.sql, written_parts(kpis, totals))} FROM seen w "
        f"LEFT JOIN seen n ON n.customer_key = w.customer_key AND n.slot = ({following}) {join.sql} "
        f"WHERE {' AND '.join(f'({each})' for each in where)} {group_by(names)}", params)


def acts(buying: bool) -> str:
    """What customers did: interactions, and orders at the time of their first row."""
    active = ("SELECT i.customer_key, i.occurred_at AS moment, TRUE AS active, FALSE AS bought FROM interactions i "
              "WHERE i.occurred_at IS NOT NULL")
    return active if not buying else (f"{active} UNION ALL SELECT o.customer_key, o.occurred_at, FALSE, TRUE "
                                      "FROM orders o WHERE o.occurred_at IS NOT NULL")


def customer_value(by: Dimension | None, alias: str) -> tuple[Clause, Clause | None]:
    if by is None:
        return Clause(""), None
    if alias == "a" and not by.attribute and by.name in ("persona", "channel"):  # attempts hold both
        return Clause(""), Clause("a.persona_id" if by.name == "persona" else "a.first_channel_id")
    values = by.of_customers("all" if by.name in _MEMBERSHIP and not by.attribute else "first")
    return (Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params),
            Clause("v.value"))


_SOURCES: dict[str, _Query] = {
    "interactions": _from_interactions, "customers": _from_customers, "orders": _from_orders, "buyers": _from_buyers,
    "funnel": _from_funnel, "activity": _from_activity}
_DERIVED: dict[str, _Query] = {
    "interactions": cells_days.from_cells, "customers": cells_days.from_active_days, "activity": cells_days.activity}
