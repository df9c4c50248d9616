"""The questions of `cx.metrics.cells_days`, answered from arrays (`cx.metrics.held`) where these are held.

The same groups and the same numbers; a few dozen of these questions make a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cx.filters import Filters
from cx.metrics import cells_days, held, held_activity
from cx.metrics.calendar_days import day_number, period_numbers
from cx.metrics.cells_sql import NO_SUMS, Over, Slots, calendar_start, in_slots, nothing_of, with_one_before
from cx.metrics.dimension import Dimension
from cx.metrics.held import Cells, Days
from cx.metrics.kpi_registry import KPIS, Kpi
from cx.metrics.sums import Sums
from cx.store import Store
from cx.store.measures import MEASURE_OF

_COUNT = "count(*)"
_OF_ORDERS = {str(sql): f"part_{place}" for place, sql in enumerate(dict.fromkeys(
    [_COUNT, *(sql for kpi in KPIS.values() if kpi.source == "orders"
               for part, sql in kpi.parts.items() if part not in NO_SUMS)]))}
"""What is asked of single orders and adds up → the column that holds it."""


def from_cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of interactions."""
    found = held.cells(store)
    if found is None:
        return cells_days.from_cells(store, kpis, filters, by, over)
    wanted = {f"{kpi.key}.{part}": MEASURE_OF[str(sql)].column for kpi in kpis for part, sql in kpi.parts.items()}
    return _summed(store, found, wanted, "interactions", filters, by, over)


def from_orders(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of orders."""
    found = held.orders(store, {column: sql for sql, column in _OF_ORDERS.items()})
    if found is None:
        return cells_days.from_orders(store, kpis, filters, by, over)
    wanted = {f"{kpi.key}.{part}": _OF_ORDERS[str(sql)] for kpi in kpis for part, sql in kpi.parts.items()}
    return _summed(store, found, wanted, _OF_ORDERS[_COUNT], filters, by, over)


def _summed(store: Store, found: Cells, wanted: Mapping[str, str], count: str, filters: Filters, by: Dimension | None,
            over: Over) -> Sums:
    """part → measure; groups for which nothing is counted are left out."""
    rows = found.select(store, filters, dated=over is not None)
    period, there = held.period_of(over, found.days[rows])
    rows, period = rows[there], period[there]
    groups, of_row = held.grouped(found.places[by.name][rows] if by else None, period, over)
    totals = found.totals({*wanted.values(), count}, rows, of_row, len(groups))
    kept = totals[count] > 0 if by or over else np.ones(1, dtype=bool)
    return Sums(tuple(group for group, keep in zip(groups, kept, strict=True) if keep),
                {name: totals[column][kept] for name, column in wanted.items()})


def from_active_days(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of the customers active in a period."""
    found = held.days(store) if cells_days.scope_of(filters, by) == "all" else None
    if found is None:
        return cells_days.from_active_days(store, kpis, filters, by, over)
    active, complained = (found.distinct(store, filters, by, over, kind) for kind in (held.ACTIVE, held.COMPLAINED))
    groups = tuple(group for group, n in active.items() if n > 0) if by or over else ((),)
    counts = {"NOT i.complaint": active, "i.complaint": complained}
    return Sums(groups, {
        f"{kpi.key}.{part}": np.array([counts[cells_days.OF_DAYS[str(sql)]].get(group, 0) for group in groups], float)
        for kpi in kpis for part, sql in kpi.parts.items()})


def activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of activity in two neighbouring periods."""
    if isinstance(over, Slots):
        return in_slots(over, lambda each: activity(store, kpis, each, by, None))
    found = None if cells_days.by_first_channel(filters, by) else held.days(store)
    if found is None:
        return cells_days.activity(store, kpis, filters, by, over)
    before = replace(filters, compare="previous").compared()
    if over is None and before is None:
        return nothing_of(kpis, ["value"] if by else [])
    if over is None:
        assert before is not None
        rows = found.select(store, before, True, held.ACTIVE)
        following = found.following[rows]
        first, last = held.bounds(filters, dated=True)
        ends, stayed, period = following >= first, following <= last, np.zeros(len(rows), dtype=np.int64)
    else:
        around = with_one_before(filters, over)
        rows = found.select(store, around, True, held.ACTIVE)
        following = found.following[rows]
        period, next_period = period_numbers(found.days[rows], over) + 1, period_numbers(following, over) + 1
        ends = ~(held.inside(around, following) & (next_period == period))
        stayed = held.inside(around, following) & (next_period == period + 1)
        ends &= period <= _latest(found, rows, period) - 1
        if filters.start is not None:
            ends &= period >= period_numbers(np.array([day_number(calendar_start(filters.start, over).date())]), over)
    rows, stayed, period = rows[ends], stayed[ends], period[ends]
    groups, of_row = held.grouped(found.places["persona"][rows] if by else None, period, over)
    customers = found.customers[rows].astype(float)
    were = np.bincount(of_row, customers, len(groups))
    words = {"were": were, "stayed": np.bincount(of_row[stayed], customers[stayed], len(groups))}
    kept = were > 0 if by or over else np.ones(1, dtype=bool)
    return Sums(tuple(group for group, keep in zip(groups, kept, strict=True) if keep),
                {f"{kpi.key}.{part}": _written(str(sql), words)[kept] for kpi in kpis
                 for part, sql in kpi.parts.items()})


def activity_at(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums | None:
    """The same of customers who were at some place; None where it has to be asked of the rows."""
    found = held_activity.activity(store, filters, by, over if isinstance(over, str) else None)
    if found is None:
        return None
    groups, were, stayed = found
    return Sums(tuple(groups), {f"{kpi.key}.{part}": _written(str(sql), {"were": were, "stayed": stayed})
                                for kpi in kpis for part, sql in kpi.parts.items()})


def counted(store: Store, filters: Filters) -> tuple[int, int, int]:
    """(customers, anonymous respondents, interactions) of a selection that is `cells_days.countable`."""
    cells, days = held.cells(store), held.days(store)
    if cells is None or days is None or cells_days.scope_of(filters) != "all":
        return cells_days.counted(store, filters)
    customers, respondents = (days.distinct(store, filters, None, None, kind).get((), 0)
                              for kind in (held.ACTIVE, held.ANSWERED))
    rows = cells.select(store, filters, dated=False)
    return int(customers), int(respondents), int(cells.measures["interactions"][rows].sum(dtype=np.int64))


# --- helpers ---


def _latest(found: Days, rows: np.ndarray, period: np.ndarray) -> int:
    """The last period with anything (where an upload took back what another had put in, nothing is left)."""
    if not len(period):
        return 0
    lowest = int(period.min())
    left = np.bincount(period - lowest, found.customers[rows])
    return int(np.flatnonzero(left > 0).max(initial=0)) + lowest


def _written(part: str, words: dict[str, np.ndarray]) -> np.ndarray:
    """`were`, or `were - stayed`."""
    first, *others = part.split(" - ")
    result = words[first]
    for other in others:
        result = result - words[other]
    return result
