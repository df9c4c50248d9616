"""KPIs from the derived tables `daily_cells` and `active_days`, at a cost that hardly grows with the interactions.

They answer whatever asks for whole days of all interactions, or of those of a persona, channel, stage or touchpoint;
questions about attributes and campaigns, or about customers at a place, are for the rows themselves (cx.metrics.cells).

Customers are counted on their last day in a period: the one after which they were active in another period, or never.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from cx.filters import DIMENSIONS, Clause, Filters
from cx.metrics.cells_sql import (
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
    period_of,
    with_one_before,
    written_parts,
)
from cx.metrics.dimension import Dimension
from cx.metrics.kpi_registry import Kpi
from cx.store import Store
from cx.store.additive import SCOPES
from cx.store.measures import MEASURE_OF


def split(kpi: Kpi, filters: Filters, by: Dimension | None) -> tuple[Kpi | None, Kpi | None]:
    """The KPI with the parts that derived tables answer, and with the others; None where there are no such."""
    if kpi.source == "interactions" and _plain(filters, by, DIMENSIONS):
        here = [part for part, sql in kpi.parts.items() if sql in MEASURE_OF]
    elif kpi.source == "customers" and _plain(filters, by, DIMENSIONS) and not _placed(filters) and not filters.channel:
        here = [part for part, sql in kpi.parts.items() if "c.last_emotion" not in str(sql)]
    elif kpi.source == "activity" and _plain(filters, by, ("persona", "channel")) and not _placed(filters):
        here = [part for part, sql in kpi.parts.items() if "bought" not in str(sql)]
    else:
        here = []
    parts = [{part: sql for part, sql in kpi.parts.items() if (part in here) is wanted} for wanted in (True, False)]
    derived, rows = (replace(kpi, parts=each) if each else None for each in parts)
    return derived, rows


def _plain(filters: Filters, by: Dimension | None, dimensions: Iterable[str]) -> bool:
    return not filters.attributes and (by is None or (not by.attribute and by.name in dimensions))


def _placed(filters: Filters) -> bool:
    return bool(filters.stage or filters.touchpoint)


def from_cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> pd.DataFrame:
    """KPIs of interactions."""
    names = names_of(by, over)
    columns = head(_own_value(by), over, "i.occurred_at")
    where = Clause.all_of([filters.cells("i"), *dated(over, "i.occurred_at")])
    parts = ", ".join(f'{MEASURE_OF[str(sql)].of_cells} AS "{kpi.key}.{part}"'
                      for kpi in kpis for part, sql in kpi.parts.items())
    kept = f"{group_by(names)} HAVING sum(i.interactions) > 0" if names else ""
    return store.frame(f"SELECT {comma(columns.sql, parts)} FROM daily_cells i WHERE {where.sql} {kept}",
                       [*columns.params, *where.params])


def from_active_days(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                     over: Over) -> pd.DataFrame:
    """KPIs of the customers active in a period."""
    names = names_of(by, over)
    scope = _scope(by)
    value = _own_value(by) if scope == "all" else Clause("i.place_id")
    columns = head(value, over, "i.occurred_at")
    again = _together(filters, over, "i.next_at")
    unbound = over is None and not filters.start and not filters.end
    complained = Clause("i.complained") if unbound else _together(filters, over, "i.complained_at")
    where = Clause.all_of([Clause(f"i.scope = '{scope}' AND NOT i.anonymous"), filters.cells("i"),
                           *dated(over, "i.occurred_at"), Clause(f"NOT ({again.sql})", again.params)])
    parts = ", ".join(f'{str(sql).replace("count(*)", "sum(c.customers)")} AS "{kpi.key}.{part}"'
                      for kpi in kpis for part, sql in kpi.parts.items())
    kept = f"{group_by(names)} HAVING sum(c.customers) > 0" if names else ""
    found = store.frame(
        f"SELECT {comma(names, parts)} FROM (SELECT {comma(columns.sql, f'{complained.sql} AS complained')}, "
        f"i.customers FROM active_days i WHERE {where.sql}) c {kept}",
        [*columns.params, *complained.params, *where.params])
    return found.fillna({f"{kpi.key}.{part}": 0 for kpi in kpis for part in kpi.parts})


def _together(filters: Filters, over: Over, column: str) -> Clause:
    """Whether another time lies in the selection and in the same period as `i.occurred_at`."""
    here, there = period_of(over, "i.occurred_at"), period_of(over, column)
    inside = filters.period(column)
    return Clause(f"coalesce({column} IS NOT NULL AND ({inside.sql}) AND {there.sql} = {here.sql}, FALSE)",
                  (*inside.params, *there.params, *here.params))


def activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> pd.DataFrame:
    """KPIs of activity in two neighbouring periods."""
    if isinstance(over, Slots):
        parts = [activity(store, kpis, each, by, None).assign(period=place) for place, each in enumerate(over.periods)]
        return pd.concat(parts, ignore_index=True)
    names = names_of(by, over)
    before = replace(filters, compare="previous").compared()
    if over is None and before is None:
        return no_rows(kpis, names)
    journeys = Clause.all_of([Clause("i.scope = 'all' AND NOT i.anonymous"), filters.journeys("i")])
    value = ("i.first_channel_id" if by.name == "channel" else "i.persona_id") + " AS value" if by else ""
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
    return store.frame(f"WITH seen AS ({seen}) SELECT {comma(names, written_parts(kpis, totals))} FROM seen w "
                       f"WHERE {where} {kept}", params)


def counted(store: Store, filters: Filters) -> tuple[int, int, int] | None:
    """(customers, anonymous respondents, interactions) of a selection; None where only the rows can tell."""
    if filters.attributes or filters.channel or _placed(filters):
        return None
    where, again = filters.cells("i"), _together(filters, None, "i.next_at")
    customers, respondents = store.rows(
        "SELECT sum(customers) FILTER (WHERE NOT anonymous), sum(customers) FILTER (WHERE anonymous) "
        f"FROM active_days i WHERE i.scope = 'all' AND {where.sql} AND NOT ({again.sql})",
        [*where.params, *again.params])[0]
    interactions = store.value(f"SELECT sum(interactions) FROM daily_cells i WHERE {where.sql}", where.params)
    return int(customers or 0), int(respondents or 0), int(interactions or 0)


def _scope(by: Dimension | None) -> str:
    return by.name if by is not None and by.name in SCOPES else "all"


def _own_value(by: Dimension | None) -> Clause | None:
    return Clause(f"i.{by.name}_id") if by else None
