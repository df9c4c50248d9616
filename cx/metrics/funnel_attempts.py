"""Each customer's best attempt at a funnel, by one of two roads that give the same.

The derived table `attempts` answers the funnel of the model's first stages for any window; every other question runs
the kernel over the customers' rows, from `steps` where they stand in order already. Both end as `best`: one row per
customer (and value, and period) with its arrivals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import duckdb
import numpy as np
import pandas as pd

from cx.filters import DIMENSIONS, Clause
from cx.metrics.cells import calendar_start
from cx.metrics.dimension import Dimension
from cx.metrics.funnel_plan import ORDERS, Plan
from cx.metrics.step_rows import Part, over_customers
from cx.store import Store

_FAR = 2**62
_FOUND = "funnel_attempts_found"
_AT_ONCE = 100_000  # attempts
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Arrivals:
    """The best attempt of each customer: keys, arrival times [steps, customers] and until when an attempt can go on, in
    microseconds (NaT's number = not reached, never)."""

    keys: np.ndarray
    times: np.ndarray
    until: np.ndarray


@dataclass(frozen=True)
class Best:
    """`cursor` answers questions about `relation`, a SELECT with its parameters; it is open inside the `with` only.

    Columns: customer_key, value (of the breakdown, if any; null = missing), period (if an interval was asked), level
    (how many steps that may not be skipped), t1…tk (arrivals, null = not reached, or skipped), open_until (when the
    last attempt that counts can no longer go on; null = never).
    ends_at  the last moment of the data, None = no dated interaction
    arrivals the same without the breakdown, where a customer has one attempt and it is at hand as arrays
    """

    cursor: duckdb.DuckDBPyConnection
    relation: Clause
    ends_at: dt.datetime | None
    arrivals: Arrivals | None = None


@contextmanager
def best_attempts(store: Store, plan: Plan, interval: str | None = None) -> Iterator[Best]:
    """The best attempts of a plan, of each calendar period where an interval is given."""
    with store.reader() as cursor:
        row = cursor.execute("SELECT max(occurred_at) FROM interactions").fetchone()
        ends_at = row[0] if row else None
        arrivals = _plainly(cursor, plan) if interval is None else None
        if arrivals is not None:
            yield Best(cursor, _relation(cursor, plan, arrivals), ends_at, arrivals)
            return
        tries = _from_table(plan, interval) if by_table(plan) else _from_kernel(cursor, plan, interval)
        yield Best(cursor, _best(plan, tries, interval), ends_at)


def warm_up() -> None:
    """Compile the kernels, or read them from the cache beside them: seconds the first time on a machine, else a moment.

    To be called at set-up, or in a thread of its own when the app starts, so that nobody waits for it.
    """
    from cx.metrics.funnel_kernel import best_attempts
    from cx.metrics.funnel_kernel_plain import best_of_attempts, best_of_rows
    from cx.metrics.step_kernel import masked, pairs, walk
    from cx.store import derive_kernel

    derive_kernel.warm_up()
    first, none, numbers = np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    best_attempts(first, none, none, 1, 0, -1, np.full(1, -1, dtype=np.int64), none, none, none, none,
                  np.array([0, 1], dtype=np.int64))
    times, values = none.copy(), numbers.copy()
    for each in (times, values):
        each.flags.writeable = False
    masked(first, times, values, none, False)
    best_of_rows(first, times, values, none, 1, 0, 0, 0)
    best_of_attempts(values, np.empty((1, 0), dtype=np.int64), 0, np.zeros(1, dtype=np.int8), np.empty((1, 1),
                     dtype=np.int64), none)
    steps = walk(first, times, values, values, np.zeros(1, dtype=bool), -1, True, 0, 0)
    pairs(steps[0], steps[1], 1)


def by_table(plan: Plan) -> bool:
    """Whether `attempts` answers the question; else the kernel does."""
    own_rows = plan.breakdown is not None and plan.attribution == "all" and not _of_customer(plan.breakdown)
    own_channel = plan.filters.own_channel and plan.filters.channel
    plain = not plan.excluded and not any(plan.optional) and all(each is None for each in plan.within)
    return plan.prefix and plan.order == "ordered" and plain and not own_channel and not own_rows


def _of_customer(split: Dimension) -> bool:
    return split.name == "persona" and not split.attribute


def _entry(plan: Plan, column: str) -> Clause:
    parts = []
    if plan.begin is not None:
        parts.append(Clause(f"{column} >= ?", (plan.begin,)))
    if plan.finish is not None:
        parts.append(Clause(f"{column} < ?", (plan.finish,)))
    return Clause.all_of(parts)


def _plainly(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> Arrivals | None:
    """The best attempts by a single pass over `attempts` or `steps`; None where the question is not that plain."""
    if getattr(cursor, "distributed", False):
        return None  # rows stay where they are
    if by_table(plan):
        return _of_attempts(cursor, plan)
    plain = not plan.excluded and not any(plan.optional) and all(each is None for each in plan.within)
    if not plain or plan.order != "ordered" or not by_steps(plan):
        return None
    masks = _masks(cursor, plan)
    return None if (masks & (masks - 1)).any() else _of_steps(cursor, plan, masks)


def _of_attempts(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> Arrivals:
    from cx.metrics.funnel_kernel_plain import NEVER, best_of_attempts

    [(most,)] = cursor.execute("SELECT max(customer_key) FROM customers").fetchall()
    many, steps = int(most or 0) + 1, len(plan.labels)
    level, best, until = np.zeros(many, dtype=np.int8), np.empty((many, steps), np.int64), np.full(many, NEVER)
    best[:] = NEVER
    where = Clause.all_of([plan.filters.journeys("a"), _entry(plan, "a.t1")])
    columns = ", ".join(f"coalesce(epoch_us(a.t{step}), {NEVER + 1} - 1)" for step in range(1, steps + 1))
    times = np.empty((steps, 0), dtype=np.int64)  # used again: fresh memory costs more than the pass
    reader = cursor.sql(f"SELECT a.customer_key, {columns} FROM attempts a WHERE {where.sql}",
                        params=list(where.params)).to_arrow_reader(_AT_ONCE)
    with reader:
        for batch in reader:
            keys, *columns_read = (each.to_numpy() for each in batch.columns)
            keys.flags.writeable = False  # compiled code knows one kind only
            if times.shape[1] < len(keys):
                times = np.empty((steps, len(keys)), dtype=np.int64)
            for step, column in enumerate(columns_read):
                times[step, :len(keys)] = column
            best_of_attempts(keys, times, -1 if plan.window is None else plan.window, level, best, until)
    found = np.flatnonzero(level)
    return Arrivals(found.astype(np.int32), np.ascontiguousarray(best[found].T), until[found])


def _of_steps(cursor: duckdb.DuckDBPyConnection, plan: Plan, masks: np.ndarray) -> Arrivals:
    from cx.metrics.funnel_kernel_plain import best_of_rows

    step_of = np.full(len(masks), -1, dtype=np.int64)
    for step in range(len(plan.labels)):
        step_of[masks == 1 << step] = step
    window = -1 if plan.window is None else plan.window
    begin, finish = _bounds(plan)

    def answer(part: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        _, times, values = part.columns
        who, arrivals, until = best_of_rows(part.first_rows, times, values, step_of, len(plan.labels), window, begin,
                                            finish)
        return part.customers[who], arrivals, until

    keys, arrivals, until = (np.concatenate(each) for each in zip(*_over_rows(cursor, plan, answer), strict=True))
    return Arrivals(keys, np.ascontiguousarray(arrivals.T), until)


def _relation(cursor: duckdb.DuckDBPyConnection, plan: Plan, arrivals: Arrivals) -> Clause:
    times = {f"t{step}": each.view("datetime64[us]") for step, each in enumerate(arrivals.times, start=1)}
    level = (arrivals.times != np.iinfo(np.int64).min).sum(axis=0, dtype=np.int32)
    cursor.register(_FOUND, pd.DataFrame({"customer_key": arrivals.keys, "level": level, **times,
                                          "open_until": arrivals.until.view("datetime64[us]")}, copy=False))
    return _with_value(plan)


def _with_value(plan: Plan) -> Clause:
    if plan.breakdown is None or _grouped(plan):
        return Clause(f"SELECT * FROM {_FOUND}")
    value = _value(plan.breakdown, plan.attribution, "f")
    return Clause(f"SELECT f.*, v.value AS value FROM {_FOUND} f {value.sql}", value.params)


def _from_table(plan: Plan, interval: str | None) -> Clause:
    """customer_key, value, period, t1…, open_until of every attempt."""
    where = Clause.all_of([plan.filters.journeys("a"), _entry(plan, "a.t1")])
    times = ["a.t1"]
    for step in range(2, len(plan.labels) + 1):
        within = "" if plan.window is None else f" AND a.t{step} <= a.t1 + {_interval(plan.window)}"
        # without an arrival at the step before there is none here either
        times.append(f"CASE WHEN a.t{step} IS NOT NULL{within} THEN a.t{step} END AS t{step}")
    period = f"date_trunc('{interval}', a.t1) AS period, " if interval else ""
    value = _value(plan.breakdown, plan.attribution, "a") if plan.breakdown else Clause("")
    head = "v.value AS value, " if plan.breakdown else ""
    until = "CAST(NULL AS TIMESTAMP)" if plan.window is None else f"a.t1 + {_interval(plan.window)}"
    return Clause(f"SELECT a.customer_key, {head}{period}{', '.join(times)}, {until} AS open_until FROM attempts a "
                  f"{value.sql} WHERE {where.sql}", (*value.params, *where.params))


def _interval(microseconds: int) -> str:
    return f"INTERVAL '{int(microseconds)} microseconds'"


def _value(split: Dimension, attribution: str, alias: str) -> Clause:
    values = split.of_customers(attribution)
    return Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params)


def _from_kernel(cursor: duckdb.DuckDBPyConnection, plan: Plan, interval: str | None) -> Clause:
    from cx.metrics.funnel_kernel import best_attempts  # compiles on import: not at the start of the app

    required, skipped = plan.required, _skipped(plan)
    periods, edges = _edges(cursor, plan, interval)
    options = (len(required), ORDERS.index(plan.order), -1 if plan.window is None else plan.window,
               _limits(plan, required), _ranks(plan, [first for _, first, _ in plan.excluded]),
               _ranks(plan, [to for _, _, to in plan.excluded]),
               _ranks(plan, [plan.before(place) for place in skipped]), _limits(plan, skipped), edges)

    def best(rows: _Rows) -> dict[str, np.ndarray]:
        journey, period, arrivals, until = best_attempts(rows.first_rows, rows.times, rows.masks, *options)
        found = {"customer_key": rows.keys[journey].astype(np.int32)}
        if rows.values is not None:
            found["value"] = rows.values[journey]
        if interval:
            found["period"] = periods[period]
        for column, place in enumerate((*required, *skipped)):
            found[f"t{place}"] = arrivals[:, column].copy().view("datetime64[us]")
        return {**found, "open_until": until.view("datetime64[us]")}

    parts = _over_steps(cursor, plan, best) if by_steps(plan) else [best(_sorted(cursor, plan))]
    cursor.register(_FOUND, pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}))
    return _with_value(plan)


@dataclass(frozen=True)
class _Rows:
    """What the kernel takes, and for each journey the customer's key and (where asked) the value it is about."""

    keys: np.ndarray
    values: np.ndarray | None
    first_rows: np.ndarray
    times: np.ndarray
    masks: np.ndarray


def by_steps(plan: Plan) -> bool:
    """Whether the kernel can take the rows from `steps` as they stand there; else interactions are sorted."""
    single = all("stage_label_id" not in each for each in (*plan.conditions, *(each for each, _, _ in plan.excluded)))
    return single and not plan.filters.own_channel and not _grouped(plan)


def _over_steps(cursor: duckdb.DuckDBPyConnection, plan: Plan, best: Callable[[_Rows], _Found]) -> list[_Found]:
    from cx.metrics.step_kernel import masked

    masks = _masks(cursor, plan)

    every = plan.order == "strict"

    def answer(part: Part) -> _Found:
        _, times, values = part.columns
        return best(_Rows(part.customers, None, *masked(part.first_rows, times, values, masks, every)))

    return _over_rows(cursor, plan, answer)


def _over_rows(cursor: duckdb.DuckDBPyConnection, plan: Plan, answer: Callable[[Part], _Found]) -> list[_Found]:
    """Parts with the time and the value of the rows that may belong to an attempt."""
    return over_customers(cursor, ["epoch_us(i.occurred_at)", f"CAST(i.{plan.by}_id AS INTEGER)"], answer,
                          Clause.all_of(_in_time(plan)), plan.filters)


def _masks(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> np.ndarray:
    """What a row may be good for, by its value; the last one: not known."""
    mask = _mask(_bits(plan))
    known = cursor.execute(f"SELECT i.{plan.by}_id AS id, {mask.sql} AS mask FROM {DIMENSIONS[plan.by]} i",
                           mask.params).fetchnumpy()
    masks = np.zeros(int(known["id"].max(initial=0)) + 2, dtype=np.int64)
    masks[known["id"]] = known["mask"]
    return masks


def _sorted(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> _Rows:
    rows = _rows(plan)
    found = cursor.execute(rows.sql, rows.params).fetchnumpy()
    # writable and contiguous: the kernel is compiled for each kind of array it meets
    keys, times, masks = (np.require(found[name], np.int64, ["C", "W"]) for name in ("customer_key", "moment", "mask"))
    values = pd.Series(found["value"]) if _grouped(plan) else None
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    if values is not None:
        codes, _ = pd.factorize(values)
        new[1:] |= codes[1:] != codes[:-1]
    first = np.flatnonzero(new)
    return _Rows(keys[first], None if values is None else values.to_numpy()[first],
                 np.append(first, len(keys)).astype(np.int64), times, masks)


def _skipped(plan: Plan) -> tuple[int, ...]:
    return tuple(place for place, skip in enumerate(plan.optional, start=1) if skip)


def _limits(plan: Plan, places: Sequence[int]) -> np.ndarray:
    """The longest times since the step before, as the kernel takes them."""
    limits = [plan.within[place - 1] for place in places]
    return np.array([-1 if limit is None else limit for limit in limits], dtype=np.int64)


def _ranks(plan: Plan, places: Sequence[int]) -> np.ndarray:
    """Positions among the steps that may not be skipped."""
    return np.array([plan.required.index(place) + 1 for place in places], dtype=np.int64)


def _grouped(plan: Plan) -> bool:
    """Whether rows have a value each."""
    return plan.breakdown is not None and plan.attribution == "all" and not _of_customer(plan.breakdown)


def _bits(plan: Plan) -> list[Clause]:
    """What a row may be good for, in the order of the kernel."""
    step = plan.filters.steps("i")
    required, skipped = ([Clause.all_of([Clause(plan.conditions[place - 1]), step]) for place in places]
                         for places in (plan.required, _skipped(plan)))
    return [*required, *(Clause(condition) for condition, _, _ in plan.excluded), *skipped]


def _mask(bits: Sequence[Clause]) -> Clause:
    sums = " + ".join(f"CASE WHEN {bit.sql} THEN {1 << place} ELSE 0 END" for place, bit in enumerate(bits))
    return Clause(f"CAST({sums} AS BIGINT)", tuple(value for bit in bits for value in bit.params))


def _in_time(plan: Plan) -> list[Clause]:
    """Conditions on the time of `i` of what may belong to an attempt."""
    where = []
    if plan.begin is not None:
        where.append(Clause("i.occurred_at >= ?", (plan.begin,)))
    if plan.finish is not None and plan.window is not None:
        where.append(Clause(f"i.occurred_at <= CAST(? AS TIMESTAMP) + {_interval(plan.window)}", (plan.finish,)))
    return where


def _rows(plan: Plan) -> Clause:
    """customer_key, [value,] moment, mask of the rows the kernel needs, sorted."""
    grouped, mask = _grouped(plan), _mask(_bits(plan))
    params: list[object] = []
    head = join = ""
    joined: tuple[object, ...] = ()
    if grouped and plan.breakdown is not None:
        split = plan.breakdown
        value, source = (split.value("i"), split.join("i")) if not split.attribute else _each_attribute(split)
        head, join, joined = f"{value.sql} AS value, ", source.sql, source.params
        params += value.params
    journeys = plan.filters.journeys("j")
    every = Clause.all_of([
        Clause("i.occurred_at IS NOT NULL"),
        Clause(f"i.customer_key IN (SELECT j.customer_key FROM journeys j WHERE {journeys.sql})", journeys.params),
        *_in_time(plan)])
    keep = "TRUE" if plan.order == "strict" else "mask <> 0"
    keep += " AND value IS NOT NULL" if grouped else ""
    order = "customer_key, value, moment, interaction_id" if grouped else "customer_key, moment, interaction_id"
    return Clause(
        f"SELECT * FROM (SELECT i.customer_key, {head}epoch_us(i.occurred_at) AS moment, {mask.sql} AS mask, "
        f"i.interaction_id FROM interactions i {join} WHERE {every.sql}) WHERE {keep} ORDER BY {order}",
        (*params, *mask.params, *joined, *every.params))


def _each_attribute(split: Dimension) -> tuple[Clause, Clause]:
    """Every value a customer was given in a sheet of customers, else the interaction's own."""
    given = ("SELECT DISTINCT ca.customer_key, ca.value FROM customer_attributes ca JOIN attributes a "
             "USING (attribute_id) WHERE a.key = ?")
    return (Clause("coalesce(g.value, i.attributes[?])", (split.name,)),
            Clause(f"LEFT JOIN ({given}) g ON g.customer_key = i.customer_key", (split.name,)))


def _edges(cursor: duckdb.DuckDBPyConnection, plan: Plan, interval: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Starts of the calendar periods, and the bounds (microseconds) of the periods in which attempts start."""
    low, high = _bounds(plan)
    [(earliest, latest)] = cursor.execute(
        "SELECT epoch_us(min(first_at)), epoch_us(max(last_at)) FROM journeys").fetchall()
    if interval is None or earliest is None:
        return np.array([0], dtype="datetime64[us]"), np.array([low, high], dtype=np.int64)
    first, last = (pd.Timestamp(int(bound), unit="us") for bound in (max(low, earliest), min(high, latest)))
    frequency = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}[interval]
    starts = pd.date_range(calendar_start(first.date(), interval), last, freq=frequency).to_numpy("datetime64[us]")
    if not len(starts):
        return np.array([0], dtype="datetime64[us]"), np.array([low, high], dtype=np.int64)
    edges = np.append(starts.astype(np.int64), high)
    edges[0] = max(edges[0], low)
    return starts, edges


def _bounds(plan: Plan) -> tuple[int, int]:
    """Bounds of the time in which attempts start."""
    return (-_FAR if plan.begin is None else _microseconds(plan.begin),
            _FAR if plan.finish is None else _microseconds(plan.finish))


def _microseconds(moment: dt.datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))


def _best(plan: Plan, tries: Clause, interval: str | None) -> Clause:
    """Furthest, then earliest, of each customer. Arrivals rise with the start, so among attempts of one level the
    smallest arrivals are those of the earliest."""
    steps = range(1, len(plan.labels) + 1)
    ranks = reversed(list(enumerate(plan.required, start=1)))
    keys = ["customer_key", *(["value"] if plan.breakdown else []), *(["period"] if interval else [])]
    level = "CASE " + " ".join(f"WHEN t{step} IS NOT NULL THEN {rank}" for rank, step in ranks) + " ELSE 0 END"
    earliest = ", ".join(f"min(t{step}) AS t{step}" for step in steps)
    furthest = ", ".join(f"arg_max(t{step}, level) AS t{step}" for step in steps)
    listed, count = ", ".join(keys), len(keys)
    group = ", ".join(str(place) for place in range(1, count + 1))
    return Clause(
        f"SELECT {listed}, max(level) AS level, {furthest}, max(open_until) AS open_until FROM ("
        f"SELECT {listed}, {level} AS level, {earliest}, max(open_until) AS open_until FROM ({tries.sql}) "
        f"GROUP BY {group}, {count + 1}) GROUP BY {group}", tries.params)
