"""The table `steps` as arrays, in parts of whole customers: for questions about the sequence of what customers did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from cx.filters import Clause, Filters

Array = np.ndarray[Any, Any]
Found = TypeVar("Found")

_AT_ONCE = 1_000_000  # rows
_ORDER = " ORDER BY customer_key, rowid"


@dataclass(frozen=True)
class Part:
    """Rows of some customers, all of theirs that were asked for: together, in the order of `steps`.

    first_rows  where each customer starts, and the number of rows at the end
    columns     as asked; numbers, null = -1
    """

    first_rows: Array
    columns: tuple[Array, ...]

    @property
    def customers(self) -> Array:
        """The key of each customer."""
        keys: Array = self.columns[0][self.first_rows[:-1]]
        return keys


def over_customers(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str], answer: Callable[[Part], Found],
                   where: Clause, chosen: Array | None = None) -> list[Found]:
    """What `answer` says of each part of the customers.

    columns  SQL of integers over `steps AS i`; the customer's key comes before them
    where    condition on single rows, by their own columns only: a join could disturb the order of the table
    chosen   which customers (by key), None = all
    Rows are read as they stand. Where a customer turns out to stand in two places, all are read again, sorted.
    """
    query = f"SELECT {', '.join(['i.customer_key', *columns])} FROM steps i WHERE {where.sql}"
    many = _room(cursor)
    try:
        return [answer(part) for part in _parts(cursor, query, where.params, many, chosen)]
    except _Scattered:
        return [answer(part) for part in _parts(cursor, query + _ORDER, where.params, many, chosen)]


def chosen_customers(cursor: duckdb.DuckDBPyConnection, filters: Filters) -> Array | None:
    """By customer key, whether the customer is selected in a journey question (no period); None = all are."""
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
    reader = cursor.sql(query, params=list(params)).to_arrow_reader(_AT_ONCE)
    rest = [np.empty(0, dtype=each.type.to_pandas_dtype()) for each in reader.schema]
    with reader:  # an unfinished one would keep the cursor
        for batch in reader:
            arrays = [np.concatenate(pair) for pair in zip(rest, map(_numbers, batch.columns), strict=True)]
            heads = _heads(arrays[0])
            rest = [array[heads[-1]:].copy() for array in arrays]
            if len(heads) > 1:
                yield _part(arrays, heads, seen, chosen)
    yield _part(rest, np.append(_heads(rest[0]), len(rest[0])), seen, chosen)


def _part(arrays: list[Array], heads: Array, seen: Array, chosen: Array | None) -> Part:
    """The customers from the first to the last head."""
    keys = arrays[0][heads[:-1]]
    if seen[keys].any() or len(np.unique(keys)) < len(keys):
        raise _Scattered
    seen[keys] = True
    arrays = [array[:heads[-1]] for array in arrays]
    if chosen is not None:
        kept = chosen[keys]
        lengths = np.diff(heads)
        rows = np.repeat(kept, lengths)
        arrays = [array[rows] for array in arrays]
        heads = np.append(0, np.cumsum(lengths[kept]))
    for array in arrays:
        array.flags.writeable = False  # compiled code knows one kind only
    return Part(heads, tuple(arrays))


def _heads(keys: Array) -> Array:
    """The first row of each customer."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[:len(keys)])


def _numbers(column: pa.Array) -> Array:
    return column.fill_null(-1).to_numpy(zero_copy_only=True)
