"""The derived tables of some customers, from their interactions in order, ready to be inserted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from cx.model import MOST_STAGES
from cx.store.additive import DAILY_CELLS
from cx.store.derive_groups import Groups
from cx.store.derive_rows import Array, Customers, Rows
from cx.store.handed import handed
from cx.store.measures import MEASURES, Measure

_MOST = 2**62  # that a code of several columns may reach
_ROW_GROUP = 122_880  # rows that the database compresses together
_HANDED = "derived_part"


def insert(cursor: duckdb.DuckDBPyConnection, table: str, columns: pa.Table) -> None:
    """Append to a table by the names of its columns."""
    if columns.num_rows:
        parts = columns.to_batches(max_chunksize=_ROW_GROUP)  # each is taken by one core
        with handed(cursor, _HANDED, pa.Table.from_batches(parts)):
            cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {_HANDED}")


# --- of each customer ---


def steps(rows: Rows, positions: Mapping[int, int]) -> pa.Table:
    """`steps`, in order. positions: stage id → position in the model."""
    from cx.store.derive_kernel import steps_of

    last = max((*positions.values(), 0)) + 1
    most = max((*positions, int(rows["stage"].max(initial=0))))
    place_of = np.full(most + 2, last, dtype=np.int32)  # the last one: no stage
    for stage, position in positions.items():
        place_of[stage] = position
    order = steps_of(rows.first, rows["at"], place_of[rows["stage"]], ~rows.customers.anonymous)
    return pa.table({
        "customer_key": rows["customer"][order], "occurred_at": _moments(rows["at"][order]),
        "stage_id": known(rows["stage"][order], pa.int8()), "stage_label_id": known(rows["label"][order]),
        "channel_id": known(rows["channel"][order]), "touchpoint_id": known(rows["touchpoint"][order]),
        "emotion": known(rows["emotion"][order], pa.int8(), -9)})


def journeys(rows: Rows) -> pa.Table:
    """`journeys`."""
    from cx.store.derive_kernel import journeys_of

    who, facts = journeys_of(rows.first, rows["at"], rows["channel"], rows["emotion"], rows["nps"], rows["complaint"],
                             rows["order"], rows["order_id"], rows["earns"], rows["revenue"],
                             ~rows.customers.anonymous)
    fact = list(np.ascontiguousarray(facts.T))
    return pa.table({
        "customer_key": rows.customers.keys[who], "persona_id": known(rows.customers.persona[who]),
        "first_channel_id": known(fact[0], pa.int32(), -9), "last_channel_id": known(fact[1], pa.int32(), -9),
        "first_at": _moments(rows["at"][fact[2]]), "last_at": _moments(rows["at"][fact[3]]),
        "interactions": fact[4], "orders": fact[5], "revenue": _decimals(fact[6], fact[7], 4, fact[8] == 0),
        "complaints": fact[9], "positive": fact[10], "negative": fact[11], "felt": fact[12],
        "last_emotion": known(fact[13], pa.int8(), -9), "last_nps": known(fact[14], pa.int8(), -9)})


def attempts(first: Array, times: Array, stage_ids: Array, customers: Customers, first_channels: Array,
             in_use: Sequence[int]) -> pa.Table:
    """`attempts` of customers whose rows (as in Rows) are given. first_channels: of each customer, -1 = none."""
    from cx.store.derive_kernel import NEVER, attempts_of

    step_of = np.full(max((*in_use, 0, int(stage_ids.max(initial=0)))) + 2, -1, dtype=np.int64)
    for step, stage in enumerate(in_use):
        step_of[stage] = step
    who, arrivals = attempts_of(first, times, stage_ids, step_of, len(in_use), ~customers.anonymous)
    columns = {"customer_key": pa.array(customers.keys[who]), "persona_id": known(customers.persona[who]),
               "first_channel_id": known(first_channels[who])}
    for step in range(MOST_STAGES):
        times = arrivals[:, step] if step < len(in_use) else np.full(len(who), NEVER)
        columns[f"t{step + 1}"] = _moments(np.ascontiguousarray(times))
    return pa.table(columns)


def by_customer(table: pa.Table, column: str, customers: Customers) -> Array:
    """A column of ids of a table with customer_key, for each of the customers; -1 = none."""
    found = np.full(len(customers.keys), -1, dtype=np.int64)
    keys = np.asarray(table["customer_key"].to_numpy())
    found[customers.number(keys)] = table[column].fill_null(-1).to_numpy()
    return found


class Days:
    """Days (since 1970) as small numbers in order; 0 = undated."""

    NONE = np.iinfo(np.int64).min

    def __init__(self, days: Array) -> None:
        dated = days[days != self.NONE]
        self._low = int(dated.min()) if len(dated) else 0
        there = np.zeros(int(dated.max()) - self._low + 1 if len(dated) else 0, dtype=bool)
        there[dated - self._low] = True
        self._days = np.flatnonzero(there) + self._low
        self._numbers = np.append(np.cumsum(there), 0).astype(np.int32)  # the last one: undated
        self.many = len(self._days) + 1

    def of(self, days: Array) -> Array:
        found: Array = self._numbers[np.where(days == self.NONE, -1, days - self._low)]
        return found

    def moments(self, numbers: Array) -> pa.Array:
        from cx.store.derive_kernel import DAY, NEVER

        return _moments(np.append(NEVER, self._days * DAY)[numbers])


# --- daily cells ---

_CELL_COLUMNS = {
    "occurred_at": f"coalesce(epoch_us(date_trunc('day', i.occurred_at)) // 86400000000, {Days.NONE})",
    "anonymous": "CAST(k.anonymous AS INTEGER)", "persona_id": "coalesce(k.persona_id, -1)",
    "stage_id": "coalesce(CAST(i.stage_id AS INTEGER), -1)", "channel_id": "coalesce(i.channel_id, -1)",
    "touchpoint_id": "coalesce(i.touchpoint_id, -1)"}


def daily_cells(cursor: duckdb.DuckDBPyConnection, source: str, customers: str = "customers",
                sign: int = 1) -> list[pa.Table]:
    """What the rows of a table (or SELECT in brackets) with the columns of `interactions` amount to in `daily_cells`.

    customers  name of a table with customer_key, anonymous, persona_id
    """
    scales = dict(cursor.execute("SELECT column_name, coalesce(numeric_scale, 0) FROM duckdb_columns() "
                                 "WHERE table_name = 'daily_cells'").fetchall())
    asked = sorted(set().union(*(each.needs for each in MEASURES.values())))
    filled = cursor.execute(f"SELECT {', '.join(f'count(i.{name})' for name in asked)} FROM {source} i").fetchall()[0]
    empty = {name for name, rows in zip(asked, filled, strict=True) if not rows}
    listed = ", ".join(f"{sql} AS {name}" for name, sql in {**_CELL_COLUMNS, **{
        each.column: _unscaled(each, scales[each.column]) for each in MEASURES.values()
        if not each.needs & empty}}.items())
    found = cursor.execute(f"SELECT {listed} FROM {source} i JOIN {customers} k ON k.customer_key = i.customer_key"
                           ).fetchnumpy()
    return _cell_tables(found, scales, sign)


def _unscaled(measure: Measure, scale: int) -> str:
    if measure.value is None:
        return f"CAST(coalesce({measure.rows}, FALSE) AS TINYINT)"
    value = f"CAST({measure.value} AS DECIMAL(28, {scale})) * {10**scale}" if scale else measure.value
    return f"CASE WHEN {measure.rows} THEN CAST({value} AS BIGINT) ELSE 0 END"


def _cell_tables(found: Mapping[str, Array], scales: Mapping[str, int], sign: int) -> list[pa.Table]:
    from cx.store.derive_kernel import sums_of

    rows = len(found["stage_id"])
    if not rows:
        return []
    names = DAILY_CELLS.keys[1:]
    days = Days(found["occurred_at"])
    code, most = days.of(found["occurred_at"]).astype(np.int64), days.many
    lows = {name: int(found[name].min()) for name in names}
    sizes = {name: int(found[name].max()) - lows[name] + 1 for name in names}
    for name in names:
        code *= sizes[name]
        code += found[name] - lows[name]
        most *= sizes[name]
    if most >= _MOST:  # the codes wrapped around
        parts = (slice(None, rows // 2), slice(rows // 2, None))
        return [table for part in parts
                for table in _cell_tables({name: each[part] for name, each in found.items()}, scales, sign)]
    groups = Groups()
    numbers = groups.numbers(code)
    order = np.argsort(groups.codes)
    columns: dict[str, Any] = {}
    keys = groups.codes[order]
    for name in reversed(names):
        keys, values = np.divmod(keys, sizes[name])
        columns[name] = (values + lows[name]).astype(bool) if name == "anonymous" else known(values + lows[name])
    columns["occurred_at"] = days.moments(keys)
    nothing = np.zeros(len(order), np.int64)
    for measure in MEASURES.values():
        high, low = nothing, nothing
        if measure.column in found:
            high, low = (sign * each[order] for each in sums_of(numbers, len(groups), found[measure.column]))
        columns[measure.column] = low if measure.value is None else _decimals(high, low, scales[measure.column])
    return [pa.table(columns)]


# --- columns ---


def known(values: Array, kind: pa.DataType = pa.int32(), unknown: int = -1) -> pa.Array:  # noqa: B008
    """A column of numbers without those that stand for unknown."""
    return pa.array(values, mask=values == unknown).cast(kind)


def _moments(times: Array) -> pa.Array:
    from cx.store.derive_kernel import NEVER

    return pa.array(times.view("datetime64[us]"), mask=times == NEVER)


def _decimals(high: Array, low: Array, scale: int, unknown: Array | None = None) -> pa.Array:
    """Decimals whose unscaled value is high x 2**32 + low."""
    high = high + (low >> 32)
    words = np.empty((len(high), 2), dtype=np.int64)
    words[:, 0] = ((high & 0xFFFFFFFF) << 32) | (low & 0xFFFFFFFF)
    words[:, 1] = high >> 32
    valid = None if unknown is None else pa.py_buffer(np.packbits(~unknown, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(38, scale), len(high), [valid, pa.py_buffer(words)])
