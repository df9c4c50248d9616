"""Arrow tables handed to a transaction one after the other, without its holding on to any.

A registered table that is unregistered again lives on until its transaction ends. So what is registered, once for each
kind of columns, only points to the table of the moment.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa


class Handed:
    """Hands tables to the queries of a cursor."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        self._cursor, self._name = cursor, name
        self._views: dict[str, _Current] = {}

    def insert(self, query: str, table: pa.Table) -> None:
        """Run an INSERT whose {table} stands for the table."""
        kind = str([(field.name, str(field.type)) for field in table.schema])
        known = kind in self._views
        current = self._views.setdefault(kind, _Current(f"{self._name}_{len(self._views)}"))
        current.table = table
        if not known:
            self._cursor.register(current.name, current)
        self._cursor.execute(query.format(table=current.name))
        current.table = None

    def close(self) -> None:
        """Nothing more comes."""
        for current in self._views.values():
            self._cursor.unregister(current.name)
        self._views = {}


class _Current:
    """Points to a table, for those who ask by the Arrow PyCapsule interface."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.table: pa.Table | None = None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        assert self.table is not None
        return self.table.__arrow_c_stream__(requested_schema)
