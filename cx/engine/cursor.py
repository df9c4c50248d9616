"""What stands in for DuckDB's cursor where the large tables are in a lake on Spark.

A question about tables of the workspace alone is answered there; one about tables of the lake by Spark. Either way the
answer comes through DuckDB: Spark's rows are cast to the types that DuckDB gives the same question, so that frames have
the same columns and kinds.
"""

from __future__ import annotations

import re
import uuid
import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from cx.engine.dialect import Question, question, reads
from cx.engine.lake import Lake
from cx.errors import EngineError
from cx.language import text

Parameters = Sequence[object]
Found = TypeVar("Found")
_WRITES = re.compile(r"(?:^|;)\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|"
                     r"CREATE\s+OR\s+REPLACE\s+TABLE)\s+\"?(\w+)\"?", re.IGNORECASE)


def refuse_changes(sql: str, tables: Collection[str]) -> None:
    """Raises EngineError for a statement that changes one of the tables."""
    if any(written[1].lower() in tables for written in _WRITES.finditer(sql)):
        raise EngineError(text("The interactions are in a data lake: what is there is changed where it comes from, "
                               "then built again. This program only reads it."))


class ReadOnly:
    """DuckDB's cursor for changes of the workspace, which refuses those of tables that are in the lake."""

    def __init__(self, local: duckdb.DuckDBPyConnection, tables: Collection[str]) -> None:
        self._local, self._tables = local, tables

    def execute(self, sql: str, params: Parameters = ()) -> duckdb.DuckDBPyConnection:
        refuse_changes(sql, self._tables)
        return self._local.execute(sql, params)

    def executemany(self, sql: str, params: Sequence[Parameters]) -> duckdb.DuckDBPyConnection:
        refuse_changes(sql, self._tables)
        return self._local.executemany(sql, params)

    def append(self, table: str, *args: Any, **kwargs: Any) -> None:
        refuse_changes(f"INSERT INTO {table}", self._tables)
        self._local.append(table, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._local, name)


class LakeCursor:
    """DuckDB's cursor, as far as questions need it: execute, sql, register, and the ways to fetch an answer."""

    distributed = True

    def __init__(self, local: duckdb.DuckDBPyConnection, lake: Lake) -> None:
        self._local, self._lake = local, lake
        self._answer: duckdb.DuckDBPyConnection | pa.Table = local
        self._frames: dict[str, pd.DataFrame] = {}  # registered here; on Spark too once a question there needs them
        self._views: dict[str, str] = {}  # temporary tables and frames on Spark → their name there

    # --- asking ---

    def execute(self, sql: str, params: Parameters = ()) -> LakeCursor:
        """Ask; the answer is fetched from this cursor."""
        refuse_changes(sql, self._lake.tables)
        far = reads(sql) & (self._lake.tables | {name for name in self._views if name not in self._frames})
        if not far or far <= self._lake.mirrored:
            self._local.execute(sql, params)
            return self
        asked = question(sql)
        if asked.made:
            self._make(asked, sql, params)
            return self
        kinds = self._kinds(sql, params)
        self._give(self._lake.answer(asked, self._names(asked), self._bound(params)), kinds)
        return self

    def sql(self, sql: str, params: Parameters | None = None) -> LakeCursor:
        """As `execute`, with the parameters as DuckDB's `sql` takes them."""
        return self.execute(sql, params or ())

    def _kinds(self, sql: str, params: Parameters) -> list[tuple[str, str]]:
        """Name and type of each column of the answer: DuckDB says, over the same tables without rows."""
        self._local.execute(sql, params)
        found = [(column[0], str(column[1])) for column in self._local.description or ()]
        self._local.fetchall()  # of nothing; an open answer would keep the cursor
        return found

    def _give(self, table: pa.Table, kinds: Sequence[tuple[str, str]]) -> None:
        places = [f"c{place}" for place in range(len(kinds))]
        self._local.register("engine_answer", table.rename_columns(places))
        columns = ", ".join(f'CAST({place} AS {kind}) AS "{name.replace(chr(34), chr(34) * 2)}"'
                            for place, (name, kind) in zip(places, kinds, strict=True))
        self._local.execute(f"SELECT {columns} FROM engine_answer")

    @staticmethod
    def _bound(params: Parameters) -> dict[str, object]:
        return {f"p{place}": value for place, value in enumerate(params)}

    # --- tables of a question's own ---

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """A frame as a table of this cursor's questions."""
        self._local.register(name, frame)
        self._frames[name.lower()] = frame
        self._views.pop(name.lower(), None)

    def unregister(self, name: str) -> None:
        self._local.unregister(name)
        self._frames.pop(name.lower(), None)
        self._drop(name.lower())

    def _make(self, asked: Question, sql: str, params: Parameters) -> None:
        """A temporary table: kept by Spark, and here without rows, for its types."""
        assert asked.made is not None
        self._local.execute(sql, params).fetchall()
        view = self._view(asked.made)
        self._lake.keep(view, asked, self._names(asked), self._bound(params))
        self._views[asked.made] = view

    def _names(self, asked: Question) -> dict[str, str]:
        """What Spark calls the tables of a question; what only the workspace has is brought there."""
        names = self._lake.names(asked.tables)
        for table in asked.tables - names.keys():
            if table not in self._views:
                if table in self._frames:
                    rows = pa.Table.from_pandas(self._frames[table], preserve_index=False)
                else:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        rows = self._local.execute(f'SELECT * FROM "{table}"').to_arrow_table()
                view = self._view(table)
                self._lake.bring(view, rows)
                self._views[table] = view
            names[table] = self._views[table]
        return names

    @staticmethod
    def _view(table: str) -> str:
        return f"cx_{table}_{uuid.uuid4().hex[:12]}"

    def _drop(self, table: str) -> None:
        if table in self._views:
            self._lake.drop(self._views.pop(table))

    def close(self) -> None:
        """Give up what was made on Spark for this cursor's questions."""
        for table in list(self._views):
            self._drop(table)

    # --- passes over rows ---

    def over(self, sql: str, params: Parameters, key: str, order: str,
             answer: Callable[[Iterable[pa.RecordBatch]], Iterable[Found]]) -> list[Found]:
        """What `answer` says of the rows of a query, in Spark's workers (cx.engine.workers): rows of one `key` stay
        together, in `order`, a column that `answer` does not see. Nothing where there are no rows."""
        asked = question(sql)
        return self._lake.over(asked, self._names(asked), self._bound(params), key, order, answer)

    # --- fetching ---

    @property
    def description(self) -> Any:
        return self._local.description

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._local.fetchall()

    def fetchone(self) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._local.fetchone()
        return found

    def fetchnumpy(self) -> dict[str, Any]:
        return self._local.fetchnumpy()

    def df(self) -> pd.DataFrame:
        return self._local.df()

    def to_arrow_table(self) -> pa.Table:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._local.to_arrow_table()

    def to_arrow_reader(self, rows: int = 1_000_000) -> pa.RecordBatchReader:
        return self._local.to_arrow_reader(rows)
