"""KPIs from the derived tables `daily_cells` and `active_days`, at a cost that hardly grows with the interactions.

They answer whatever asks for whole days of all interactions, or of those of a persona, channel, stage or touchpoint;
questions about attributes and campaigns, or about customers at a place, are for the rows themselves (cx.metrics.cells).

Customers are counted on their last day in a period: the one after which they were active in another period, or never.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cx.filters import DIMENSIONS, Clause, Filters
from cx.metrics.cells_sql import (
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
    period_of,
    with_one_before,
    written_parts,
)
from cx.metrics.dimension import Dimension
from cx.metrics.kpi_registry import Kpi
from cx.metrics.sums import Sums, asked
from cx.store import Store
from cx.store.additive import PLACES
from cx.store.derive_sql import orders_sql
from cx.store.measures import MEASURE_OF

OF_DAYS: Mapping[str, str] = {"count(*) FILTER (WHERE TRUE)": "NOT i.complaint",
                              "count(*) FILTER (WHERE c.complained)": "i.complaint"}
"""What is asked of customers → which days of `active_days AS i` tell it."""


def split(kpi: Kpi, filters: Filters, by: Dimension | None) -> tuple[Kpi | None, Kpi | None]:
    """The KPI with the parts that derived tables answer, and with the others; None where there are no such."""
    if kpi.source == "interactions" and _plain(filters, by, DIMENSIONS):
        here = [part for part, sql in kpi.parts.items() if sql in MEASURE_OF]
    elif kpi.source == "customers" and _plain(filters, by, DIMENSIONS) and scope_of(filters, by):
        here = [part for part, sql in kpi.parts.items() if sql in OF_DAYS]
    elif (kpi.source == "activity" and _plain(filters, by, ("persona", "channel")) and not _placed(filters)
          and not (filters.channel and filters.own_channel)):
        here = [part for part, sql in kpi.parts.items() if "bought" not in str(sql)]
    elif kpi.source == "orders" and _plain(filters, by, DIMENSIONS):
        here = [part for part in kpi.parts if part not in NO_SUMS]
    else:
        here = []
    if len(here) in (0, len(kpi.parts)):
        return (kpi, None) if here else (None, kpi)
    derived, rows = (replace(kpi, parts={part: sql for part, sql in kpi.parts.items() if (part in here) is wanted})
                     for wanted in (True, False))
    return derived, rows


def _plain(filters: Filters, by: Dimension | None, dimensions: Iterable[str]) -> bool:
    return not filters.attributes and (by is None or (not by.attribute and by.name in dimensions))


def _placed(filters: Filters) -> bool:
    return bool(filters.stage or filters.touchpoint)


def from_cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of interactions."""
    names = names_of(by, over)
    columns = head(_own_value(by), over, "i.occurred_at")
    where = Clause.all_of([filters.cells("i"), *dated(over, "i.occurred_at")])
    parts = ", ".join(f'{MEASURE_OF[str(sql)].of_cells} AS "{kpi.key}.{part}"'
                      for kpi in kpis for part, sql in kpi.parts.items())
    kept = f"{group_by(names)} HAVING sum(i.interactions) > 0" if names else ""
    return asked(store, f"SELECT {comma(columns.sql, parts)} FROM daily_cells i WHERE {where.sql} {kept}",
                 [*columns.params, *where.params], len(names), bool(over))


def from_waits(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """Medians and the like of waiting times and delays, which need every value."""
    names = names_of(by, over)
    columns, parts = head(_own_value(by), over, "i.occurred_at"), part_list(kpis)
    where = Clause.all_of([filters.cells("i"), *dated(over, "i.occurred_at")])
    return asked(store, f"SELECT {comma(columns.sql, parts.sql)} FROM waits i WHERE {where.sql} {group_by(names)}",
                 [*columns.params, *parts.params, *where.params], len(names), bool(over))


def of_waits(kpi: Kpi, filters: Filters, by: Dimension | None) -> bool:
    """Whether `waits` answers a KPI of interactions."""
    return (_plain(filters, by, DIMENSIONS) and all(part in NO_SUMS for part in kpi.parts)
            and {field for needed in kpi.fields for field in needed} <= {"wait_seconds", "delay_days"})


def from_active_days(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of the customers active in a period."""
    names = names_of(by, over)
    value = Clause("i.place_id") if by is not None and by.name in PLACES else _own_value(by)
    columns, again = head(value, over, "i.occurred_at"), _together(filters, over, "i.next_at")
    where = Clause.all_of([_active(filters, by), Clause("NOT i.anonymous"), *dated(over, "i.occurred_at"),
                           Clause(f"NOT ({again.sql})", again.params)])
    parts = ", ".join(f'coalesce(sum(i.customers) FILTER (WHERE {OF_DAYS[str(sql)]}), 0) AS "{kpi.key}.{part}"'
                      for kpi in kpis for part, sql in kpi.parts.items())
    kept = f"{group_by(names)} HAVING sum(i.customers) FILTER (WHERE NOT i.complaint) > 0" if names else ""
    return asked(store, f"SELECT {comma(columns.sql, parts)} FROM active_days i WHERE {where.sql} {kept}",
                 [*columns.params, *where.params], len(names), bool(over))


def _active(filters: Filters, by: Dimension | None = None) -> Clause:
    """Which rows of `active_days AS i` are about a selection that has a scope."""
    scope, chosen = scope_of(filters, by), filters.cells("i")
    return Clause(f"i.scope = '{scope}' AND {chosen.sql.replace(f'i.{scope}_id', 'i.place_id')}", chosen.params)


def _together(filters: Filters, over: Over, column: str) -> Clause:
    """Whether another time lies in the selection and in the same period as `i.occurred_at`."""
    here, there = period_of(over, "i.occurred_at"), period_of(over, column)
    inside = filters.period(column)
    return Clause(f"coalesce({column} IS NOT NULL AND ({inside.sql}) AND {there.sql} = {here.sql}, FALSE)",
                  (*inside.params, *there.params, *here.params))


def activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of activity in two neighbouring periods."""
    if isinstance(over, Slots):
        return in_slots(over, lambda each: activity(store, kpis, each, by, None))
    names = names_of(by, over)
    before = replace(filters, compare="previous").compared()
    if over is None and before is None:
        return nothing_of(kpis, names)
    scope = "first_channel" if by_first_channel(filters, by) else "all"
    chosen = filters.journeys("i")
    journeys = Clause.all_of([Clause(f"i.scope = '{scope}' AND NOT i.complaint AND NOT i.anonymous"),
                              Clause(chosen.sql.replace("i.first_channel_id", "i.place_id"), chosen.params)])
    value = ("i.place_id" if by.name == "channel" else "i.persona_id") + " AS value" if by else ""
    params: list[object]
    if over is None:
        assert before is not None
        assert filters.start is not None
        assert filters.end is not None
        start, end = (dt.datetime.combine(day, dt.time())
                      for day in (filters.start, filters.end + dt.timedelta(days=1)))
        then = before.period("i.occurred_at")
        seen = (f"SELECT {comma(value, 'TRUE AS last, coalesce(i.next_at < ?, FALSE) AS stayed, i.customers')} "
                f"FROM active_days i WHERE {journeys.sql} AND {then.sql} AND (i.next_at IS NULL OR i.next_at >= ?)")
        params = [end, *journeys.params, *then.params, start]
        where = "w.last"
    else:
        around, at, inside = (with_one_before(filters, over).period(column)
                              for column in ("i.occurred_at", "i.next_at", "i.next_at"))
        slot, following = f"date_trunc('{over}', i.occurred_at)", f"date_trunc('{over}', i.next_at)"
        seen = (f"SELECT {comma(value, f'{slot} + {STEP[over]} AS period')}, "
                f"NOT coalesce(({at.sql}) AND {following} = {slot}, FALSE) AS last, "
                f"coalesce(({inside.sql}) AND {following} = {slot} + {STEP[over]}, FALSE) AS stayed, "
                f"sum(i.customers) AS customers FROM active_days i WHERE {journeys.sql} AND {around.sql} "
                f"AND i.occurred_at IS NOT NULL GROUP BY ALL HAVING sum(i.customers) <> 0")
        params = [*at.params, *inside.params, *journeys.params, *around.params]
        where = f"w.last AND w.period <= (SELECT max(period) - {STEP[over]} FROM seen)"
        if filters.start is not None:
            where += " AND w.period >= ?"
            params.append(calendar_start(filters.start, over))
    totals = {"were": "coalesce(sum(w.customers), 0)",
              "stayed": "coalesce(sum(w.customers) FILTER (WHERE w.stayed), 0)"}
    kept = f"{group_by(names)} HAVING sum(w.customers) > 0" if names else ""
    return asked(store, f"WITH seen AS ({seen}) SELECT {comma(names, written_parts(kpis, totals))} FROM seen w "
                 f"WHERE {where} {kept}", params, len(names), bool(over))


def orders_of(filters: Filters, by: Dimension | None = None) -> tuple[str, Clause]:
    """(relation, condition on `relation AS o`) of the orders that filters select, one row each: the derived table, or
    the rows themselves where attributes are asked."""
    if filters.attributes or (by is not None and by.attribute):
        return f"({orders_sql(columns='i.attributes,')})", filters.interactions("o")
    return "orders", filters.cells("o")


def from_orders(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of single orders."""
    orders, chosen = orders_of(filters, by)
    columns = head(by.value("o") if by else None, over, "o.occurred_at")
    where = Clause.all_of([chosen, *dated(over, "o.occurred_at")])
    join = by.join("o") if by else Clause("")
    names = names_of(by, over)
    return asked(store, f"SELECT {comma(columns.sql, part_list(kpis).sql)} FROM {orders} o {join.sql} "
                 f"WHERE {where.sql} {group_by(names)}", [*columns.params, *join.params, *where.params], len(names),
                 bool(over))


def by_first_channel(filters: Filters, by: Dimension | None) -> bool:
    """Whether a question about activity needs the customers' first channel."""
    return bool(by and by.name == "channel") or bool(filters.channel and not filters.own_channel)


def counted(store: Store, filters: Filters) -> tuple[int, int, int]:
    """(customers, anonymous respondents, interactions) of a selection for which `countable` holds."""
    active, where, again = _active(filters), filters.cells("i"), _together(filters, None, "i.next_at")
    customers, respondents = store.rows(
        "SELECT sum(customers) FILTER (WHERE NOT anonymous), sum(customers) FILTER (WHERE anonymous) "
        f"FROM active_days i WHERE {active.sql} AND NOT i.complaint AND NOT ({again.sql})",
        [*active.params, *again.params])[0]
    interactions = store.value(f"SELECT sum(interactions) FROM daily_cells i WHERE {where.sql}", where.params)
    return int(customers or 0), int(respondents or 0), int(interactions or 0)


def countable(filters: Filters) -> bool:
    """Whether derived tables tell how many a selection holds; else only the rows can."""
    return not filters.attributes and scope_of(filters) is not None


def scope_of(filters: Filters, by: Dimension | None = None) -> str | None:
    """What the active days in question are about: "all" interactions, or those at one place each (one of PLACES) where
    they are told apart by it, or a single one is chosen; None where `active_days` does not tell: of several places, a
    customer's days count once."""
    grouped = by.name if by is not None and by.name in PLACES else None
    chosen = [name for name in PLACES if getattr(filters, name)]
    if not chosen:
        return grouped or "all"
    alone = len(chosen) == 1 and len(getattr(filters, chosen[0])) == 1 and grouped in (None, chosen[0])
    return chosen[0] if alone else None


def _own_value(by: Dimension | None) -> Clause | None:
    return Clause(f"i.{by.name}_id") if by else None
