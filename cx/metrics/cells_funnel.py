"""Conversion: customers who entered the stage funnel in a period, and those of them who converted.

A customer converted in a period where any attempt that starts there did. The days on which such attempts start are held
as pairs of a day and the next one (as active days are), so any period is a sum over them, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cx.filters import Clause, Filters
from cx.metrics.cells_sql import Over, comma, group_by, head, names_of, nothing_of, written_parts
from cx.metrics.dimension import Dimension, stages_in_use
from cx.metrics.held import NEVER, Days
from cx.metrics.held_attempts import FAR, stage_attempts
from cx.metrics.held_steps import Held, at_once, with_held
from cx.metrics.kpi_registry import CONVERSION_DAYS, Kpi
from cx.metrics.sums import Sums, asked
from cx.model import conversion_stage
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
_DAY = 86_400_000_000  # microseconds
_SOON = CONVERSION_DAYS * _DAY
_DENSE = 32_000_000  # codes that are counted in a table of all of them
_VALUES = {"persona": "persona_id", "channel": "first_channel_id"}


def from_attempts(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None, over: Over) -> Sums:
    """KPIs of customers who entered the stage funnel: all of its attempts, or (`over`) those that have had their days
    to convert, and within them."""
    step = conversion_step(store)
    if step is None or not converts(filters):
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
    return None if store.noted else store.held(("entries", step), lambda _: _load(store, step))


def _load(store: Store, step: int) -> Days | None:
    return with_held(store, lambda found: _of_table(store, step) if found is None else _of_held(store, found, step))


def _of_held(store: Store, found: Held, step: int) -> Days | None:
    """From the attempts held in memory."""
    attempts, moments = stage_attempts(found), found.moments
    known = _columns(store, "SELECT customer_key, coalesce(persona_id, -1) AS persona, "
                     "coalesce(first_channel_id, -1) AS channel FROM journeys")
    of_customers = {}
    for name in ("persona", "channel"):
        by_key = np.full(found.room, -1, dtype=np.int32)
        by_key[known["customer_key"]] = known[name]
        of_customers[name] = by_key[found.customers]
    starts = attempts.times[:, 0] if attempts.times.size else np.empty(0, dtype=np.int64)
    sizes = _Sizes.of(moments.origin, moments.tick, int(starts.min(initial=0)), int(starts.max(initial=0)),
                      of_customers["persona"], of_customers["channel"])
    part = _Part(attempts.first_start, attempts.times, step - 1, of_customers["persona"], of_customers["channel"])
    ripe = _ripe_until(store)
    return _days(at_once(range(len(_KINDS)), lambda kind: _counted(
        [part.of(low, high) for low, high in attempts.parts()], sizes, kind, ripe)), sizes)


def _of_table(store: Store, step: int) -> Days | None:
    """From the table, for too many interactions to be held."""
    [(attempts, first, last, most_persona, most_channel, high)] = store.rows(
        "SELECT count(*), epoch_us(min(t1)), epoch_us(max(t1)), max(persona_id), max(first_channel_id), "
        "max(customer_key) FROM attempts")
    if attempts > MOST_ATTEMPTS:
        return None
    sizes = _Sizes.of(0, 1, first or 0, last or 0, np.array([most_persona or 0]), np.array([most_channel or 0]))
    ripe, found = _ripe_until(store), [list[Counts]() for _ in _KINDS]
    for low in range(0, (high or 0) + 1, _AT_ONCE):
        rows = _columns(
            store, "SELECT a.customer_key, epoch_us(a.t1) AS start, coalesce(epoch_us(a.t{step}), -1) AS arrived, "
            "coalesce(a.persona_id, -1) AS persona, coalesce(a.first_channel_id, -1) AS channel FROM attempts a "
            f"WHERE a.customer_key BETWEEN {low} AND {low + _AT_ONCE - 1} ORDER BY 1, 2".replace("{step}", str(step)))
        keys = rows["customer_key"]
        heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
        part = _Part(np.append(heads, len(keys)), np.stack([rows["start"], rows["arrived"]], axis=1), 1,
                     rows["persona"][heads], rows["channel"][heads])
        for kind, counts in enumerate(found):
            counts.append(_counted([part], sizes, kind, ripe))
            if sum(len(each) for each, _ in counts[1:]) > max(len(counts[0][0]), _GATHERED):
                counts[:] = [_added(counts)]
        if sum(len(counts[0][0]) for counts in found) > MOST:
            return None
    return _days([_added(counts) for counts in found], sizes)


Counts = tuple[np.ndarray, np.ndarray]
"""Codes, rising, and how many customers have each."""

_KINDS = ((False, False), (True, False), (False, True), (True, True))
"""Of each kind: whether only attempts that converted count, and only those that have had their days."""


@dataclass(frozen=True)
class _Sizes:
    """How times become days (cx.metrics.cells_funnel_kernel), the first day, and how many days, personas and channels
    there are (one more for none)."""

    tick: int
    origin: int
    first: int
    days: int
    personas: int
    channels: int

    @staticmethod
    def of(origin: int, tick: int, low: int, high: int, personas: np.ndarray, channels: np.ndarray) -> _Sizes:
        first, last = ((origin + tick * each) // _DAY for each in (low, high))
        return _Sizes(tick, origin, first, last - first + 1, int(personas.max(initial=-1)) + 2,
                      int(channels.max(initial=-1)) + 2)

    @property
    def many(self) -> int:
        """Codes of one kind."""
        return self.personas * self.days * self.channels * (self.days + 1)


@dataclass(frozen=True)
class _Part:
    """Attempts of some customers; persona and channel: ids of each, -1 = none."""

    first_start: np.ndarray
    times: np.ndarray
    step: int
    persona: np.ndarray
    channel: np.ndarray

    def of(self, low: int, high: int) -> _Part:
        return _Part(self.first_start[low:high + 1], self.times, self.step, self.persona[low:high],
                     self.channel[low:high])


def _counted(parts: Sequence[_Part], sizes: _Sizes, kind: int, ripe_until: int) -> Counts:
    """The codes of one kind."""
    from cx.metrics.cells_funnel_kernel import count, entry_days

    converted, ripe = _KINDS[kind]
    until = max((ripe_until - sizes.origin) // sizes.tick, -FAR) if ripe else FAR
    soon = _SOON // sizes.tick if ripe else FAR
    a_day = _DAY // sizes.tick
    offset = (sizes.origin - sizes.first * _DAY) // sizes.tick
    dense = sizes.many <= _DENSE and len(parts) > 1
    counts = np.zeros(sizes.many if dense else 0, dtype=np.int32)
    found: list[Counts] = []
    for part in parts:
        codes = entry_days(part.first_start, part.times, part.step, part.persona + 1, part.channel + 1, converted,
                           until, soon, offset, a_day, sizes.days, sizes.channels)
        if dense:
            count(counts, codes)
        else:
            found.append(np.unique(codes, return_counts=True))
    if not dense:
        return _added(found)
    there = np.flatnonzero(counts)
    return there, counts[there]


def _days(found: Sequence[Counts], sizes: _Sizes) -> Days | None:
    """From the codes of each kind; None where there are too many."""
    if sum(len(codes) for codes, _ in found) > MOST:
        return None
    kind = np.repeat(np.arange(len(found)), [len(codes) for codes, _ in found])
    codes, following = np.divmod(np.concatenate([codes for codes, _ in found]), sizes.days + 1)
    codes, channel = np.divmod(codes, sizes.channels)
    persona, day = np.divmod(codes, sizes.days)
    following = np.where(following == sizes.days, NEVER, following + sizes.first)
    return Days.of(kind, {"persona": persona - 1, "channel": channel - 1}, day + sizes.first, following,
                   np.concatenate([counts for _, counts in found]))


def _columns(store: Store, sql: str) -> dict[str, np.ndarray]:
    with store.reader() as cursor:
        return {name: np.asarray(column) for name, column in cursor.execute(sql).fetchnumpy().items()}


def _added(found: Sequence[Counts]) -> Counts:
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


def converts(filters: Filters) -> bool:
    """Whether a selection has a conversion: customers chosen by the stage they reached convert by that choice, and
    steps in one channel only are no whole journeys."""
    return not (filters.stage or (filters.channel and filters.own_channel))


def conversion_step(store: Store, stages: Sequence[int] | None = None) -> int | None:
    """The 1-based place of that stage among some (None = those in use); None where nothing comes before it."""
    used, counted_at = _counted_at(store, stages)
    return used.index(counted_at) + 1 if counted_at in used[1:] else None


def converted_at(store: Store) -> str:
    """The key of the stage that is the purchase ("purchase" or "conversion", else the last one in use); "" where no
    stage is in use."""
    return _counted_at(store)[1] or ""


def _counted_at(store: Store, stages: Sequence[int] | None = None) -> tuple[list[str], str | None]:
    keys = dict(store.kept("SELECT stage_id, key FROM stages"))
    used = [keys[stage] for stage in (stages_in_use(store) if stages is None else stages) if stage in keys]
    return used, conversion_stage(used, keys.values())


def customer_value(by: Dimension | None, alias: str) -> tuple[Clause, Clause | None]:
    if by is None:
        return Clause(""), None
    if alias == "a" and not by.attribute and by.name in ("persona", "channel"):  # attempts hold both
        return Clause(""), Clause("a.persona_id" if by.name == "persona" else "a.first_channel_id")
    values = by.of_customers("all" if by.name in _MEMBERSHIP and not by.attribute else "first")
    return (Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params),
            Clause("v.value"))
