"""A workspace as the source of a lake: what a company that starts small exports when it has outgrown one machine.

The derived tables are there already; they are taken over, not computed again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cx.engine.layout import PARTITIONS, Version, bucket_count, bucket_sql
from cx.lake.schema import CUSTOMERS, DERIVED, NAMES, columns, ddl, of_duckdb
from cx.store import derive
from cx.store.additive import ADDITIVE
from cx.store.database import Store

_MONTH = "CAST(date_trunc('month', occurred_at) AS DATE)"
_BATCH = 250_000  # rows sent at once
_ORDERS = {"interactions": "customer_key, occurred_at, interaction_id", "steps": "customer_key, place"}
_MERGED = {each.table: f"({each.merged})" for each in ADDITIVE}


class WorkspaceSource:
    """The committed rows of an open workspace. Where Spark and this program see the same disk they are written there at
    once, else they are sent to Spark, in batches, as Arrow.

    computed   take the derived tables over; else Spark computes its own
    """

    at_once = 5_000_000  # interactions of one step

    def __init__(self, store: Store, computed: bool = True) -> None:
        self.store = store
        self.name = str(store.path or ":memory:")
        self.derived: Sequence[int] | None = None
        self._buckets = 1
        if computed:
            derive.keep_up(store)
        with store.reader() as cursor:
            self.left_out: Sequence[str] = derive.left_out(cursor)
            if computed:
                self.derived = derive.stages_in_use(cursor)

    def prints(self, spark: Any, base: Version | None, root: str) -> Mapping[str, str]:  # noqa: ARG002
        found = self._printed("interactions", _MONTH)
        self._buckets = bucket_count(sum(int(said.partition(":")[0]) for said in found.values()), base, self.name)
        for table in (*CUSTOMERS, *(DERIVED if self.derived is not None else ())):
            found |= self._printed(table, self._bucket(table) if table in PARTITIONS else "")
        found |= names_prints(self.store)
        if self.left_out:  # the attempts have other stages then
            found["stages"] += " without " + ", ".join(self.left_out)
        return found

    def _printed(self, table: str, part: str) -> dict[str, str]:
        """table[/part] → its print."""
        listed = ", ".join(name for name in columns(table) if name != "place")
        found = self.store.rows(f"SELECT {part or 'NULL'}, count(*), coalesce(sum(CAST(hash({listed}) AS HUGEINT)), 0) "
                                f"FROM {_MERGED.get(table, table)} {'GROUP BY 1' * bool(part)}")
        return {f"{table}/{_part(name)}" if part else table: f"{rows}:{said}" for name, rows, said in found}

    def frames(self, spark: Any, table: str, parts: Sequence[str] = ()) -> Iterator[Any]:
        if table in NAMES:
            yield names_frame(spark, self.store, table)
            return
        for part in parts or [""]:
            more = {PARTITIONS[table]: part} if part else {}
            kinds = ", ".join((ddl(table), *more))
            with self._rows(table, part) as batches:
                for batch in batches:
                    rows = pa.Table.from_batches([batch])
                    for kind, value in more.items():
                        name, _, of = kind.partition(" ")
                        column = pa.repeat(value, len(rows)).cast(pa.string() if of == "STRING" else pa.int32())
                        rows = rows.append_column(name, column)
                    if rows.num_rows:
                        yield spark.createDataFrame(rows, schema=kinds)

    def put(self, table: str, part: str, folder: Path) -> None:
        """Write the rows of a table, or of a part, as one file of Parquet into a new folder."""
        folder.mkdir(parents=True)
        with self._rows(table, part) as batches, pq.ParquetWriter(folder / "part-0.parquet", batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)

    @contextmanager
    def _rows(self, table: str, part: str) -> Iterator[pa.RecordBatchReader]:
        """The rows in the lake's columns and order."""
        where, params = self._of(table, part)
        rows = _MERGED.get(table, table)
        if table == "steps":  # their order in the table counts
            rows, where = (f"(SELECT *, row_number() OVER (PARTITION BY customer_key ORDER BY rowid) AS place "
                           f"FROM steps {where})", "")
        query = f"SELECT {of_duckdb(table)} FROM {rows} {where} ORDER BY {_ORDERS.get(table, self._order(table))}"
        with self.store.reader() as cursor:
            yield cursor.sql(query, params=params).to_arrow_reader(_BATCH)

    def _of(self, table: str, part: str) -> tuple[str, list[object]]:
        if not part:
            return "", []
        if table != "interactions":
            return f"WHERE {self._bucket(table)} = ?", [int(part)]
        if part == "undated":
            return "WHERE occurred_at IS NULL", []
        first = dt.datetime.strptime(part, "%Y-%m")
        return "WHERE occurred_at >= ? AND occurred_at < ?", [first, (first + dt.timedelta(days=31)).replace(day=1)]

    @staticmethod
    def _order(table: str) -> str:
        return "ALL" if table in NAMES or table in _MERGED else "customer_key"

    def _bucket(self, table: str) -> str:
        """The part of a row of a derived table; orders that anonymous respondents may share stand by themselves."""
        bucket = bucket_sql("customer_key", self._buckets)
        if table != "orders":
            return bucket
        return f"CASE WHEN anonymous AND order_id IS NOT NULL THEN -1 ELSE {bucket} END"


def _part(found: dt.date | int | None) -> str:
    """A month or a bucket as folders name it."""
    return "undated" if found is None else str(found) if isinstance(found, int) else found.isoformat()[:7]


def names_prints(store: Store) -> dict[str, str]:
    """Prints of the small tables of a workspace (see `cx.lake.build.Source.prints`)."""
    kept = {table: store.rows(f"SELECT {', '.join(columns(table))} FROM {table} ORDER BY ALL") for table in NAMES}
    return {table: f"{len(rows)}:{hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"
            for table, rows in kept.items()}


def names_frame(spark: Any, store: Store, table: str) -> Any:
    """A small table of a workspace as a Spark frame of one part."""
    with store.reader() as cursor:
        rows = cursor.sql(f"SELECT {', '.join(columns(table))} FROM {table} ORDER BY ALL").to_arrow_table()
    return spark.createDataFrame(rows, schema=ddl(table)).coalesce(1) if rows.num_rows else \
        spark.createDataFrame([], ddl(table))
