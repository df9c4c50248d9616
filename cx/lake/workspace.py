"""A workspace as the source of a lake: what a company that starts small exports when it has outgrown one machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from cx.engine.layout import Version
from cx.lake.schema import CUSTOMERS, NAMES, columns, ddl
from cx.store.database import Store

_MONTH = "coalesce(strftime(occurred_at, '%Y-%m'), 'undated')"
_BATCH = 250_000  # rows sent at once


class WorkspaceSource:
    """The committed rows of an open workspace; they pass through this program, in batches, as Arrow."""

    at_once = 5_000_000  # interactions of one step

    def __init__(self, store: Store) -> None:
        self.store = store
        self.name = str(store.path or ":memory:")

    def prints(self, spark: Any, base: Version | None, root: str) -> Mapping[str, str]:  # noqa: ARG002
        found = {f"interactions/{month}": f"{rows}:{said}" for month, rows, said in self.store.rows(
            f"SELECT {_MONTH}, count(*), sum(CAST(hash({', '.join(columns('interactions'))}) AS HUGEINT)) "
            "FROM interactions GROUP BY 1")}
        for table in CUSTOMERS:
            [(rows, said)] = self.store.rows(f"SELECT count(*), coalesce(sum(CAST(hash({', '.join(columns(table))}) AS "
                                             f"HUGEINT)), 0) FROM {table}")
            found[table] = f"{rows}:{said}"
        return found | names_prints(self.store)

    def frames(self, spark: Any, table: str, months: Sequence[str] = ()) -> Iterator[Any]:
        if table in NAMES:
            yield names_frame(spark, self.store, table)
            return
        listed, kinds, where, order = ", ".join(columns(table)), ddl(table), "TRUE", "ALL"
        if table == "interactions":
            listed, kinds = f"{listed}, {_MONTH} AS month", f"{kinds}, month STRING"
            where, order = f"{_MONTH} IN (SELECT unnest(?))", "month, customer_key, occurred_at, interaction_id"
        query = f"SELECT {listed} FROM {table} WHERE {where} ORDER BY {order}"
        with self.store.reader() as cursor:
            batches = cursor.sql(query, params=[list(months)] if months else []).to_arrow_reader(_BATCH)
            for batch in batches:
                if batch.num_rows:
                    yield spark.createDataFrame(pa.Table.from_batches([batch]), schema=kinds)




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
