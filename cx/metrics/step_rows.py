"""The table `steps` as arrays, in parts of whole customers: for questions about the sequence of what customers did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import duckdb
import numpy as np
import pyarrow as pa

from cx.filters import Clause, Filters
from cx.metrics import held_steps as held
from cx.store import Store

if TYPE_CHECKING:
    from cx.engine.cursor import LakeCursor

Array = np.ndarray[Any, Any]
Found = TypeVar("Found")

_AT_ONCE = 1_000_000  # rows
_ORDER = " ORDER BY customer_key, rowid"


@dataclass(frozen=True)
class Part:
    """Rows of some customers, all of theirs that were asked for: together, in the order of `steps`.

    first_rows  where each customer starts, and the number of rows at the end
    customers   the key of each customer
    columns     as asked; numbers, null = -1, that cannot be written: compiled code knows one kind only
    """

    first_rows: Array
    customers: Array
    columns: tuple[Array, ...]

    def of(self, chosen: Array | None) -> Part:
        """The same of the customers chosen (by key; None = all)."""
        part = self
        if chosen is not None:
            kept, lengths = chosen[self.customers], np.diff(self.first_rows)
            rows = np.repeat(kept, lengths)
            part = Part(np.append(0, np.cumsum(lengths[kept])), self.customers[kept],
                        tuple(each[rows] for each in self.columns))
        for each in part.columns:
            each.flags.writeable = False
        return part


def over_customers(store: Store, cursor: duckdb.DuckDBPyConnection, columns: Sequence[str],
                   answer: Callable[[Part], Found], where: Clause, filters: Filters = Filters()) -> list[Found]:
    """What `answer` says of each part of the customers that the filters select in a journey question (no period).

    columns  of `steps`, as integers (times in microseconds, emotions 1-3); the customer's key comes before them
    answer   may run elsewhere (in other threads, or in Spark's workers): it and what it gives are numbers, arrays and
             functions of them
    where    condition on single rows of `steps AS i`, by their own columns only: a join could disturb the order of the
             table. Other rows may be left out, and need not be
    The rows held in memory are taken (cx.metrics.held_steps); else they are read as they stand. Where a customer turns
    out to stand in two places, all are read again, sorted.
    """
    def ask(found: held.Held | None) -> list[Found]:
        return _read(cursor, columns, answer, where, filters) if found is None else _over_held(found, columns, answer,
                                                                                              filters)

    return held.with_held(store, ask)


def _over_held(found: held.Held, names: Sequence[str], answer: Callable[[Part], Found],
               filters: Filters) -> list[Found]:
    chosen = found.chosen(filters)
    read = [found.moments.part if name == "occurred_at" else partial(_part_of, found.column(name)) for name in names]

    def part(low: int, high: int) -> Found:
        start, end = found.first_rows[low], found.first_rows[high]
        return answer(Part(found.first_rows[low:high + 1] - start, found.customers[low:high],
                           tuple(each(start, end) for each in read)).of(chosen))

    return held.over_parts(held.parts_of(found.first_rows), part)


def _part_of(values: Array, start: int, end: int) -> Array:
    part: Array = values[start:end].astype(np.int32)
    return part


def _read(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str], answer: Callable[[Part], Found], where: Clause,
          filters: Filters) -> list[Found]:
    columns = [held.number_sql(name) for name in columns]
    if getattr(cursor, "distributed", False):
        return _far_away(cast("LakeCursor", cursor), columns, answer, where, filters)
    query = f"SELECT {', '.join(['i.customer_key', *columns])} FROM steps i WHERE {where.sql}"
    many, chosen = _room(cursor), _chosen_customers(cursor, filters)
    try:
        return [answer(part) for part in _parts(cursor, query, where.params, many, chosen)]
    except _Scattered:
        return [answer(part) for part in _parts(cursor, query + _ORDER, where.params, many, chosen)]


def _far_away(cursor: LakeCursor, columns: Sequence[str], answer: Callable[[Part], Found], where: Clause,
              filters: Filters) -> list[Found]:
    journeys = filters.journeys("j")
    if journeys.sql != "TRUE":
        where = Clause.all_of([where, Clause("i.customer_key IN (SELECT j.customer_key FROM journeys j WHERE "
                                             f"{journeys.sql})", journeys.params)])
    named = ", ".join(f"{column} AS c{place}" for place, column in enumerate(columns))
    query = f"SELECT i.customer_key, {named}, i.place FROM steps i WHERE {where.sql}"

    def answers(batches: Iterable[pa.RecordBatch]) -> Iterator[Found]:
        return (answer(part.of(None)) for part in whole_customers(batches))

    return cursor.over(query, where.params, "customer_key", "place", answers)


def _chosen_customers(cursor: duckdb.DuckDBPyConnection, filters: Filters) -> Array | None:
    """By customer key, whether the customer is selected; None = all are."""
    journeys = filters.journeys("j")
    if journeys.sql == "TRUE":
        return None
    keys = cursor.execute(f"SELECT j.customer_key FROM journeys j WHERE {journeys.sql}", journeys.params).fetchnumpy()
    found = np.zeros(_room(cursor), dtype=bool)
    found[keys["customer_key"]] = True
    return found


class _Scattered(Exception):
    """A customer's rows do not stand together."""


def _room(cursor: duckdb.DuckDBPyConnection) -> int:
    """Places for all customers, by key."""
    [(most,)] = cursor.execute("SELECT max(customer_key) FROM customers").fetchall()
    return int(most or 0) + 1


def _parts(cursor: duckdb.DuckDBPyConnection, query: str, params: Sequence[object], many: int,
           chosen: Array | None) -> Iterator[Part]:
    seen = np.zeros(many, dtype=bool)
    met = 0
    reader = cursor.sql(query, params=list(params)).to_arrow_reader(_AT_ONCE)
    with reader:  # an unfinished one would keep the cursor
        for part in whole_customers(reader, reader.schema):
            seen[part.customers] = True
            met += len(part.first_rows) - 1
            yield part.of(chosen)
        if int(seen.sum()) != met:
            raise _Scattered


def whole_customers(batches: Iterable[pa.RecordBatch], schema: pa.Schema | None = None) -> Iterator[Part]:
    """Rows that come customer by customer, in parts that hold all of a customer's rows. With a schema there is at
    least one part, of nobody."""
    rest: list[Array] = []  # rows of the last customer so far
    if schema is not None:
        rest = [np.empty(0, dtype=each.type.to_pandas_dtype()) for each in schema]
    for batch in batches:
        arrays = [_numbers(column) for column in batch.columns]
        heads = _heads(arrays[0])
        if rest and len(rest[0]) and len(heads) and rest[0][0] == arrays[0][0]:
            end = heads[1] if len(heads) > 1 else len(arrays[0])
            rest = [np.concatenate([one, array[:end]]) for one, array in zip(rest, arrays, strict=True)]
            heads = heads[1:]
        if len(heads):
            if rest:
                yield _part(rest, _heads(rest[0]))
            yield _part(arrays, heads[:-1], heads[-1])
            rest = [array[heads[-1]:].copy() for array in arrays]
    if rest:
        yield _part(rest, _heads(rest[0]))


def _part(arrays: list[Array], heads: Array, end: int | None = None) -> Part:
    """The customers with these first rows, the last one up to `end`."""
    last = len(arrays[0]) if end is None else end
    low = heads[0] if len(heads) else last
    keys, *columns = (array[low:last] for array in arrays)
    return Part(np.append(heads, last) - low, keys[heads - low], tuple(columns))


def _heads(keys: Array) -> Array:
    """The first row of each customer."""
    return np.append(0, np.flatnonzero(keys[1:] != keys[:-1]) + 1) if len(keys) else np.empty(0, dtype=np.int64)


def _numbers(column: pa.Array) -> Array:
    return column.fill_null(-1).to_numpy(zero_copy_only=True)
