"""Parquet: one table; nested fields become columns named with dots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .cells import Refused, Row, Sheet

_ROWS_AT_ONCE = 20_000
_MOST_COLUMNS = 16_384
_FEW_ROWS = 50_000  # are handed on as Python values


def sheets(path: str, _encoding: str) -> Iterator[Sheet]:
    """The file's table, its column names as the first row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    file = pq.ParquetFile(path, memory_map=False)
    about = file.metadata
    if about.num_columns > _MOST_COLUMNS:
        raise Refused("too wide", columns=about.num_columns)
    many = about.num_rows > _FEW_ROWS
    yield Sheet("", _rows(file), many=many, batches=_batches(file) if many else None,
                cells=about.num_rows * about.num_columns)


def _batches(file) -> Iterator[list[Any]]:  # type: ignore[no-untyped-def]  # pyarrow is loaded by now
    for batch in file.iter_batches(_ROWS_AT_ONCE, use_threads=False):
        yield [_coarse(column).combine_chunks() for column in _flat(batch).columns]


def _flat(given) -> Any:  # type: ignore[no-untyped-def]
    """A table whose nested fields are columns of their own."""
    import pyarrow as pa

    table = pa.Table.from_batches([given]) if isinstance(given, pa.RecordBatch) else given
    while any(pa.types.is_struct(column.type) for column in table.columns):
        table = table.flatten()
    return table


def _rows(file) -> Iterator[Row]:  # type: ignore[no-untyped-def]  # pyarrow is loaded by now
    names = None
    for batch in file.iter_batches(_ROWS_AT_ONCE, use_threads=False):
        table = _flat(batch)
        if names is None:
            names = [*table.column_names]
            yield names
        columns = [_values(column) for column in table.columns]
        yield from map(list, zip(*columns, strict=True))
    if names is None:
        yield [*file.schema_arrow.names]


def _values(column) -> list[object]:  # type: ignore[no-untyped-def]  # pyarrow is loaded by now
    """The cells as Python values."""
    values: list[object] = _coarse(column).to_pylist()
    return values


def _coarse(column) -> Any:  # type: ignore[no-untyped-def]
    """Moments to the microsecond, which is all Python's know, and no dictionaries."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    elif (pa.types.is_duration(kind) and kind.unit == "ns") or (pa.types.is_time(kind) and kind == pa.time64("ns")):
        column = column.cast(pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us"), safe=False)
    return column
