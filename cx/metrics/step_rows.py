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

    def of(self, chosen: Array | None) -> Part:
        """The same of the customers chosen (by key; None = all), as arrays that cannot be written."""
        if chosen is None:
            first_rows, columns = self.first_rows, self.columns
        else:
            kept = chosen[self.customers]
            lengths = np.diff(self.first_rows)
            rows = np.repeat(kept, lengths)
            first_rows, columns = np.append(0, np.cumsum(lengths[kept])), tuple(each[rows] for each in self.columns)
        for each in columns:
            each.flags.writeable = False  # compiled code knows one kind only
        return Part(first_rows, columns)


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
    met = 0
    reader = cursor.sql(query, params=list(params)).to_arrow_reader(_AT_ONCE)
    rest = [np.empty(0, dtype=each.type.to_pandas_dtype()) for each in reader.schema]  # of the last customer so far
    with reader:  # an unfinished one would keep the cursor
        for batch in reader:
            arrays = [_numbers(column) for column in batch.columns]
            heads = _heads(arrays[0])
            if len(rest[0]) and rest[0][0] == arrays[0][0]:
                end = heads[1] if len(heads) > 1 else len(arrays[0])
                rest = [np.concatenate([one, array[:end]]) for one, array in zip(rest, arrays, strict=True)]
                heads = heads[1:]
            if len(heads):
                for part in (_part(rest, _heads(rest[0])), _part(arrays, heads[:-1], heads[-1])):
                    seen[part.customers] = True
                    met += len(part.first_rows) - 1
                    yield part.of(chosen)
                rest = [array[heads[-1]:].copy() for array in arrays]
        part = _part(rest, _heads(rest[0]))
        seen[part.customers] = True
        if int(seen.sum()) != met + len(part.first_rows) - 1:
            raise _Scattered
        yield part.of(chosen)


def _part(arrays: list[Array], heads: Array, end: int | None = None) -> Part:
    """The customers with these first rows, the last one up to `end`."""
    last = len(arrays[0]) if end is None else end
    low = heads[0] if len(heads) else last
    return Part(np.append(heads, last) - low, tuple(array[low:last] for array in arrays))


def _heads(keys: Array) -> Array:
    """The first row of each customer."""
    return np.append(0, np.flatnonzero(keys[1:] != keys[:-1]) + 1) if len(keys) else np.empty(0, dtype=np.int64)


def _numbers(column: pa.Array) -> Array:
    return column.fill_null(-1).to_numpy(zero_copy_only=True)
