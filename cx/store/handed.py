"""Arrow tables handed to a query without the transaction holding on to them.

What is registered with a connection lives on until its transaction ends, unregistered or not; so only a pointer is
registered, which is emptied after use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa


@contextmanager
def handed(cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    """The table under that name, for the queries within."""
    pointer = _Pointer(table)
    cursor.register(name, pointer)
    try:
        yield
    finally:
        cursor.unregister(name)
        pointer.table = None


class _Pointer:
    def __init__(self, table: pa.Table) -> None:
        self.table: pa.Table | None = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        assert self.table is not None
        return self.table.__arrow_c_stream__(requested_schema)
