"""Conversion from `attempts`: read once for a selection, then counted in as many ways as a page asks.

A customer entered a period with any attempt that starts there, and converted where any of these did. Attempts stand by
customer and time, so those of one customer in one period stand together, and the last of them counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cx.filters import Clause, Filters
from cx.metrics import held
from cx.metrics.cells_sql import Over, Slots, comma, group_by, head, names_of, nothing_of, written_parts
from cx.metrics.dimension import Dimension, stages_in_use
from cx.metrics.kpi_registry import CONVERSION_DAYS, Kpi
from cx.metrics.sums import Sums, asked
from cx.store import Store

MOST = 6_000_000
"""Attempts that are read at most (some 120 MB); more are counted by the database."""

RIPE = Clause(f"a.t1 <= (SELECT max(occurred_at) - INTERVAL {CONVERSION_DAYS} DAY FROM interactions)")
"""Attempts whose days have passed: where periods are compared, a recent one has had less time to convert."""

_MEMBERSHIP = ("stage", "touchpoint")  # in customer-based questions: customers who were there
_SOON = CONVERSION_DAYS * 86_400_000_000
_VALUES = {"persona": "persona_id", "channel": "first_channel_id"}


@dataclass(frozen=True)
class Attempts:
    """Attempts by customer and time: day and moment (microseconds) of the start, whether it converted ever and within
    CONVERSION_DAYS, and the customer's persona and first channel (ids, -1 = none)."""

    customers: np.ndarray
    days: np.ndarray
    starts: np.ndarray
    ever: np.ndarray
    soon: np.ndarray
    values: dict[str, np.ndarray]

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.customers, self.days, self.starts, self.ever, self.soon,
                                            *self.values.values()))


def from_attempts(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of customers who entered the stage funnel: all of its attempts, or (`over`) those that have had their days
    to convert, and within them."""
    step = conversion_step(store)
    if step is None or filters.stage:  # customers chosen by the stage they reached convert by that choice
        return nothing_of(kpis, names_of(by, over))
    found = _held(store, filters, step, over) if by is None or (by.name in _VALUES and not by.attribute) else None
    if found is None:
        return _asked(store, kpis, filters, by, over, step)
    first, last = held.bounds(filters, dated=True)
    rows = np.flatnonzero((found.days >= first) & (found.days <= last))
    if over:
        rows = rows[found.starts[rows] <= _ripe_until(store)]
    period, there = held.period_of(over, found.days[rows])
    rows, period = rows[there], period[there]
    groups, of_row = held.grouped(found.values[by.name][rows] if by else None, period, over)
    converted = (found.soon if over else found.ever)[rows]
    entered, hits = (_customers(found.customers[rows[which]], period[which], of_row[which], len(groups))
                     for which in (np.ones(len(rows), dtype=bool), converted))
    words = {"entered": entered, "converted": hits}
    return Sums(tuple(groups), {f"{kpi.key}.{part}": words[str(sql)] for kpi in kpis
                                for part, sql in kpi.parts.items()})


def _customers(customers: np.ndarray, period: np.ndarray, of_row: np.ndarray, many: int) -> np.ndarray:
    """How many customers each group has; a customer's rows of one period stand together."""
    last = np.ones(len(customers), dtype=bool)
    last[:-1] = (customers[1:] != customers[:-1]) | (period[1:] != period[:-1])
    return np.bincount(of_row[last], minlength=many).astype(float)


def _ripe_until(store: Store) -> int:
    """The last moment, in microseconds, at which attempts have had their days."""
    last = store.kept("SELECT max(occurred_at) FROM interactions")[0][0]
    return int(np.datetime64(last, "us").astype(np.int64)) - _SOON


def _held(store: Store, filters: Filters, step: int, over: Over) -> Attempts | None:
    """The attempts of a selection, in its period and the one it is compared with; None where the thread's questions are
    noted, or there are too many."""
    if store.noted:
        return None
    around = _around(filters, over)
    key = ("attempts", step, around.start, around.end, filters.persona, filters.touchpoint, filters.attributes,
           () if filters.own_channel else filters.channel)
    return store.memo(key, lambda: _load(store, around, step))


def _around(filters: Filters, over: Over) -> Filters:
    before = None if isinstance(over, Slots) else filters.compared()
    return Slots((filters, before)).around() if before else filters


def _load(store: Store, filters: Filters, step: int) -> Attempts | None:
    where = Clause.all_of([filters.journeys("a"), filters.period("a.t1")])
    if (store.kept("SELECT count(*) FROM attempts")[0][0] > MOST
            and store.value(f"SELECT count(*) FROM attempts a WHERE {where.sql}", where.params) > MOST):
        return None
    columns = ", ".join(f"coalesce(a.{column}, -1) AS {name}" for name, column in _VALUES.items())
    found = store.frame(f"SELECT a.customer_key, a.t1, a.t{step} AS arrived, {columns} FROM attempts a "
                        f"WHERE {where.sql}", where.params)
    customers = found["customer_key"].to_numpy()
    starts, arrived = (found[name].to_numpy().astype("datetime64[us]") for name in ("t1", "arrived"))
    ever, starts = ~np.isnat(arrived), starts.astype(np.int64)
    soon = ever & (arrived.astype(np.int64) - starts <= _SOON)
    values = {name: found[name].to_numpy() for name in _VALUES}
    if (customers[1:] < customers[:-1]).any():  # uploads have put some customers in again
        order = np.lexsort((starts, customers))
        customers, starts, ever, soon = (each[order] for each in (customers, starts, ever, soon))
        values = {name: each[order] for name, each in values.items()}
    return Attempts(customers, (starts // 86_400_000_000).astype(np.int32), starts, ever, soon, values)


def _asked(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over, step: int) -> Sums:
    """The same in SQL."""
    names = names_of(by, over)
    join, value = customer_value(by, "a")
    columns = head(value, over, "a.t1")
    where = Clause.all_of([filters.journeys("a"), filters.period("a.t1"), *([RIPE] if over else [])])
    converted = f"a.t{step} IS NOT NULL" if over is None else f"epoch_us(a.t{step}) - epoch_us(a.t1) <= {_SOON}"
    totals = {"entered": "count(*)", "converted": "count(*) FILTER (WHERE converted)"}
    return asked(
        store, f"SELECT {comma(names, written_parts(kpis, totals))} FROM ("
        f"SELECT {comma(columns.sql, f'a.customer_key, coalesce(bool_or({converted}), FALSE) AS converted')} "
        f"FROM attempts a {join.sql} WHERE {where.sql} {group_by(names, 1)}) {group_by(names)}",
        [*columns.params, *join.params, *where.params], len(names), bool(over))


def conversion_step(store: Store) -> int | None:
    """The 1-based place, among the stages in use, of the stage that is the purchase (its key "purchase" or
    "conversion", else the last one); None where nothing comes before it."""
    used = stages_in_use(store)
    keys = dict(store.kept("SELECT stage_id, key FROM stages"))
    every = [key for key in ("purchase", "conversion") if key in keys.values()]
    named = [place for place, stage in enumerate(used, start=1) if keys.get(stage) in every]
    place = named[0] if named else 0 if every else len(used)
    return place if place >= 2 else None


def customer_value(by: Dimension | None, alias: str) -> tuple[Clause, Clause | None]:
    if by is None:
        return Clause(""), None
    if alias == "a" and not by.attribute and by.name in ("persona", "channel"):  # attempts hold both
        return Clause(""), Clause("a.persona_id" if by.name == "persona" else "a.first_channel_id")
    values = by.of_customers("all" if by.name in _MEMBERSHIP and not by.attribute else "first")
    return (Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params),
            Clause("v.value"))
