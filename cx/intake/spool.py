"""Rows on their way into the workspace: on disk as Arrow where they are many, and asked in SQL like a table.

A temporary table of the database costs three times as much to write, and as much memory as it is given.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import duckdb
import pyarrow as pa

from cx.intake.on_disk import read_batch, write_batch
from cx.scratch import new_folder

_HELD = 200_000  # rows; more than these lie on disk
ARROW = {"VARCHAR": pa.dictionary(pa.int32(), pa.string()), "TIMESTAMP": pa.timestamp("us"), "BOOLEAN": pa.bool_(),
          "BIGINT": pa.int64()}
"""How a column of each SQL type is kept; all others as float64."""


def typed(types: Mapping[str, str]) -> str:
    """SQL: columns in their types."""
    return ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in types.items())


class Spool:
    """The view `name` of a cursor, filled batch by batch. `name_latest` shows what was added since `turn`.

    types   column → SQL type
    rows    how many there are
    schema  of `batches`
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str]) -> None:
        self.types = dict(types)
        self.schema = pa.schema([(column, ARROW.get(kind, pa.float64())) for column, kind in types.items()])
        self._held: list[pa.RecordBatch] = []
        self._latest: list[pa.RecordBatch] = []
        self.rows = self._files = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        casts = typed(types)
        for view, batches in ((name, self.batches), (f"{name}_latest", self._last)):
            cursor.register(f"{view}_rows", Stream(self.schema, batches))
            cursor.execute(f"CREATE TEMP VIEW {view} AS SELECT {casts} FROM {view}_rows")

    def add(self, columns: Mapping[str, pa.Array]) -> None:
        """The next rows. A column they lack is empty."""
        names = [name for name in self.schema.names if name in columns]
        batch = pa.record_batch([_as(columns[name], self.schema.field(name).type) for name in names], names=names)
        self._latest.append(batch)
        self._held.append(batch)
        self.rows += len(batch)
        if self.rows > _HELD:
            self._folder = self._folder or new_folder()
            for each in self._held:
                write_batch(self._folder, self._files, each)
                self._files += 1
            self._held = []

    def turn(self) -> None:
        """What is added from now on is the latest."""
        self._latest = []

    def let_go(self) -> None:
        """Drop all rows."""
        self._held, self._latest, self.rows, self._files = [], [], 0, 0
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, each batch with all columns."""
        for batch in self._all():
            yield self._whole(batch)

    def _all(self) -> Iterator[pa.RecordBatch]:
        for number in range(self._files):
            assert self._folder is not None
            yield read_batch(self._folder, number)
        yield from self._held

    def _last(self) -> Iterator[pa.RecordBatch]:
        for batch in self._latest:
            yield self._whole(batch)

    def _whole(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        known = set(batch.schema.names)
        return pa.record_batch([batch.column(field.name) if field.name in known else _nothing(field.type, len(batch))
                                for field in self.schema], schema=self.schema)


class Stream:
    """Batches for those who ask by the Arrow PyCapsule interface, made anew as often as they ask."""

    def __init__(self, schema: pa.Schema, batches: Callable[[], Iterator[pa.RecordBatch]]) -> None:
        self._schema, self._batches = schema, batches

    def __arrow_c_schema__(self) -> object:
        return self._schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.RecordBatchReader.from_batches(self._schema, self._batches()).__arrow_c_stream__(requested_schema)


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else column.cast(kind)


@cache
def _nothing(kind: pa.DataType, rows: int) -> pa.Array:
    return pa.nulls(rows, kind)
