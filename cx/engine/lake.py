"""One version of a lake, as questions see it: its tables under names of that version, and their schema checked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pyarrow as pa

from cx.engine.dialect import Question
from cx.engine.layout import Version, read_version, register
from cx.engine.session import Session, bound
from cx.engine.workers import over_parts
from cx.errors import EngineError
from cx.language import text

Found = TypeVar("Found")

SMALL = ("stages", "stage_labels", "touchpoints", "channels", "personas", "attributes")
"""Tables that the workspace has a copy of."""

LARGE = ("interactions", "customers", "customer_attributes", "customer_personas", "steps", "journeys", "attempts",
         "orders", "waits", "daily_cells", "active_days")


class Lake:
    """The lake at `root`, read by a session. Which version: the one last `take`n."""

    tables = frozenset((*SMALL, *LARGE))
    mirrored = frozenset(SMALL)

    def __init__(self, session: Session, root: str) -> None:
        self.session, self.root = session, root
        self.version: Version | None = None
        self._lock = threading.Lock()
        self._known: set[tuple[int, int]] = set()  # (age of the session, version) whose views are there

    def newest(self) -> Version:
        """The newest complete version there is. Raises EngineError."""
        with self.session.spark() as spark:
            found = read_version(spark, self.root)
        if found is None:
            raise EngineError(text("There is no lake at {root} yet. Build it with: python -m cx build", root=self.root))
        return found

    def small_of(self, version: Version, columns: Mapping[str, Mapping[str, str]]) -> dict[str, pa.Table]:
        """The rows of the SMALL tables of a version, once all its tables are found to have these columns (table →
        column → type of DuckDB). Raises EngineError that names the table, the column, what it is and what it should be.
        """
        prefix = self._ready(version)
        with self.session.spark() as spark:
            for table, wanted in columns.items():
                if table not in version.tables:
                    raise EngineError(text("The lake at {root} lacks the table “{table}”. Build it again: python -m cx "
                                           "build", root=self.root, table=table))
                found = {each.name.lower(): each.dataType.simpleString() for each in spark.table(prefix + table).schema}
                for column, kind in wanted.items():
                    if found.get(column) != _spark_type(kind):
                        raise EngineError(text(
                            "The lake at {root} is not as this program needs it: column “{column}” of table “{table}” "
                            "is {found}, and should be {wanted}. Build it again: python -m cx build", root=self.root,
                            table=table, column=column, found=found.get(column, "—"), wanted=_spark_type(kind)))
        return {table: self.session.answer(f"SELECT {', '.join(columns[table])} FROM {prefix}{table}")
                for table in SMALL}

    def take(self, version: Version) -> None:
        """Read this version from now on; questions under way finish on theirs."""
        self.version = version

    def names(self, tables: Iterable[str]) -> dict[str, str]:
        """What Spark calls those of the tables that the lake has."""
        prefix = self._ready()
        return {table: f"{prefix}{table}" for table in tables if table in self.tables}

    def answer(self, asked: Question, names: Mapping[str, str], params: Mapping[str, object]) -> pa.Table:
        return self.session.answer(asked.spark(dict(names)), params)

    def over(self, asked: Question, names: Mapping[str, str], params: Mapping[str, object], key: str, order: str,
             answer: Callable[[Iterable[pa.RecordBatch]], Iterable[Found]]) -> list[Found]:
        """cx.engine.workers.over_parts, of the rows of a query."""
        with self.session.spark() as spark:
            rows = spark.sql(asked.spark(dict(names)), args={name: bound(value) for name, value in params.items()})
            return over_parts(rows, key, order, answer)

    def keep(self, view: str, asked: Question, names: Mapping[str, str], params: Mapping[str, object]) -> None:
        """The answer as a table for further questions; its rows stay on Spark."""
        with self.session.spark() as spark:
            frame = spark.sql(asked.spark(dict(names)), args={name: bound(value) for name, value in params.items()})
            frame.localCheckpoint(eager=True).createOrReplaceTempView(view)

    def bring(self, view: str, rows: pa.Table) -> None:
        """Rows of the workspace as a table for questions on Spark."""
        from pyspark.sql.pandas.types import from_arrow_schema

        with self.session.spark() as spark:
            kinds = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
            spark.createDataFrame(rows, kinds).createOrReplaceTempView(view)

    def drop(self, view: str) -> None:
        with contextlib.suppress(EngineError), self.session.spark() as spark:
            spark.catalog.dropTempView(view)

    def _ready(self, version: Version | None = None) -> str:
        """The prefix of the tables of a version (of the one in force), which are there."""
        with self._lock:
            version = version or self.version
            if version is None:
                raise EngineError(text("There is no lake at {root} yet. Build it with: python -m cx build",
                                       root=self.root))
            prefix = f"cx_v{version.version}_"
            with self.session.spark() as spark:
                key = (self.session.age, version.version)
                if key not in self._known:
                    register(spark, self.root, version, prefix)
                    self._known.add(key)
            return prefix


_TYPES = {"INTEGER": "int", "VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "HUGEINT": "decimal(38,0)",
          "MAP(VARCHAR, VARCHAR)": "map<string,string>"}


def _spark_type(kind: str) -> str:
    return _TYPES.get(kind, kind.lower().replace(" ", ""))
