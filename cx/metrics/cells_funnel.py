"""Conversion: customers who entered the stage funnel in a period, and those of them who converted.

A customer converted in a period where any attempt that starts there did. The days on which such attempts start are held
as pairs of a day and the next one (as active days are), so any period is a sum over them, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cx.filters import Clause, Filters
from cx.metrics.calendar_days import day_number
from cx.metrics.cells_sql import Over, comma, group_by, head, names_of, nothing_of, written_parts
from cx.metrics.dimension import Dimension, stages_in_use
from cx.metrics.held import NEVER, Days
from cx.metrics.kpi_registry import CONVERSION_DAYS, Kpi
from cx.metrics.sums import Sums, asked
from cx.store import Store

MOST = 16_000_000
"""Pairs of days that are held at most (some 200 MB); where there are more, attempts are counted by the database. Two
years of 5 personas and 6 channels make 2,700,000 at 10 million interactions, and 16,000,000 at most."""

MOST_ATTEMPTS = 100_000_000
"""Attempts that are read for them at most, once for each version of the data."""

_AT_ONCE = 250_000  # customers
_GATHERED = 4_000_000  # pairs

RIPE = Clause(f"a.t1 <= (SELECT max(occurred_at) - INTERVAL {CONVERSION_DAYS} DAY FROM interactions)")
"""Attempts whose days have passed: where periods are compared, a recent one has had less time to convert."""

_MEMBERSHIP = ("stage", "touchpoint")  # in customer-based questions: customers who were there
_SOON = CONVERSION_DAYS * 86_400_000_000
_VALUES = {"persona": "persona_id", "channel": "first_channel_id"}


def from_attempts(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of customers who entered the stage funnel: all of its attempts, or (`over`) those that have had their days
    to convert, and within them."""
    step = conversion_step(store)
    if step is None or filters.stage:  # customers chosen by the stage they reached convert by that choice
        return nothing_of(kpis, names_of(by, over))
    plain = not (filters.touchpoint or filters.attributes) and (by is None or (by.name in _VALUES and not by.attribute))
    found = held_entries(store, step) if plain else None
    if found is None:
        return _asked(store, kpis, filters, by, over, step)
    kinds = (ENTERED, CONVERTED) if over is None else (RIPE_ENTERED, RIPE_CONVERTED)
    entered, converted = (found.distinct(store, filters, by, over, kind) for kind in kinds)
    groups = tuple(entered) if by or over else ((),)
    words = {name: np.array([counts.get(group, 0) for group in groups], dtype=float)
             for name, counts in (("entered", entered), ("converted", converted))}
    return Sums(groups, {f"{kpi.key}.{part}": words[str(sql)] for kpi in kpis for part, sql in kpi.parts.items()})


ENTERED, CONVERTED, RIPE_ENTERED, RIPE_CONVERTED = range(4)
"""Kinds of entry days: of every attempt, of those that converted; of those that have had their days, of those that
converted within them. A customer's entry days are those on which such an attempt starts, each with the next one."""


def held_entries(store: Store, step: int) -> Days | None:
    """Entry days by persona and first channel; None where the thread's questions are noted, or there are too many."""
    return None if store.noted else store.memo(("entries", step), lambda: _load(store, step))


def _load(store: Store, step: int) -> Days | None:
    [(attempts, first, last, most_persona, most_channel, high)] = store.rows(
        "SELECT count(*), CAST(min(t1) AS DATE), CAST(max(t1) AS DATE), max(persona_id), max(first_channel_id), "
        "max(customer_key) FROM attempts")
    if attempts > MOST_ATTEMPTS:
        return None
    sizes = _Sizes(day_number(first) if first else 0, (last - first).days + 1 if first else 1,
                   (most_persona or 0) + 2, (most_channel or 0) + 2)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for low in range(0, (high or 0) + 1, _AT_ONCE):
        rows = _columns(
            store, f"SELECT a.customer_key, a.t1, a.t{step} AS arrived, coalesce(a.persona_id, -1) AS persona, "
            f"coalesce(a.first_channel_id, -1) AS channel FROM attempts a "
            f"WHERE a.customer_key BETWEEN {low} AND {low + _AT_ONCE - 1}")
        found.append(_pairs(rows, sizes, _ripe_until(store)))
        if sum(len(each) for each, _ in found[1:]) > max(len(found[0][0]), _GATHERED):
            found = [_added(found)]
            if len(found[0][0]) > MOST:
                return None
    codes, counts = _added(found)
    if len(codes) > MOST:
        return None
    codes, following = np.divmod(codes, sizes.days + 1)
    codes, channel = np.divmod(codes, sizes.channels)
    codes, day = np.divmod(codes, sizes.days)
    kind, persona = np.divmod(codes, sizes.personas)
    following = np.where(following == sizes.days, NEVER, following + sizes.first)
    return Days.of(kind, {"persona": persona - 1, "channel": channel - 1}, day + sizes.first, following, counts)


@dataclass(frozen=True)
class _Sizes:
    """The first day, and how many days, personas and channels there are (one more for none)."""

    first: int
    days: int
    personas: int
    channels: int

    @property
    def many(self) -> int:
        """Codes of one kind."""
        return self.personas * self.days * self.channels * (self.days + 1)


def _columns(store: Store, sql: str) -> dict[str, np.ndarray]:
    with store.reader() as cursor:
        return {name: np.ma.filled(column, np.datetime64("NaT")) if column.dtype.kind == "M" else np.asarray(column)
                for name, column in cursor.execute(sql).fetchnumpy().items()}


def _pairs(rows: Mapping[str, np.ndarray], sizes: _Sizes, ripe_until: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes of (kind, persona, day, channel, next day) of customers' attempts, and how many customers have each."""
    customers = rows["customer_key"]
    starts, arrived = (rows[name].astype("datetime64[us]") for name in ("t1", "arrived"))
    ever, starts = ~np.isnat(arrived), starts.astype(np.int64)
    soon = ever & (arrived.astype(np.int64) - starts <= _SOON)
    persona, channel = (rows[name].astype(np.int64) + 1 for name in ("persona", "channel"))
    if (customers[1:] < customers[:-1]).any():  # uploads have put some customers in again
        order = np.lexsort((starts, customers))
        customers, starts, ever, soon, persona, channel = (
            each[order] for each in (customers, starts, ever, soon, persona, channel))
    days, ripe = starts // 86_400_000_000 - sizes.first, starts <= ripe_until
    code = ((persona * sizes.days + days) * sizes.channels + channel) * (sizes.days + 1)
    found = []
    for kind, which in enumerate((None, ever, ripe, ripe & soon)):
        key, day, first = (each if which is None else each[which] for each in (customers, days, code))
        new = np.ones(len(key), dtype=bool)
        new[1:] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
        key, day, first = key[new], day[new], first[new]
        following = np.full(len(key), sizes.days)
        following[:-1] = np.where(key[1:] == key[:-1], day[1:], sizes.days)
        found.append(first + following + kind * sizes.many)
    codes, counts = np.unique(np.concatenate(found), return_counts=True)
    return codes, counts


def _added(found: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The counts of the same codes together."""
    if len(found) == 1:
        return found[0]
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    every, counts = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(every, kind="stable")
    every, counts = every[order], counts[order]
    starts = np.flatnonzero(np.diff(every, prepend=-1))
    return every[starts], np.add.reduceat(counts, starts)


def _ripe_until(store: Store) -> int:
    """The last moment, in microseconds, at which attempts have had their days."""
    last = store.kept("SELECT max(occurred_at) FROM interactions")[0][0]
    return int(np.datetime64(last, "us").astype(np.int64)) - _SOON


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
