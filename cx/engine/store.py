"""A workspace whose interactions are in a lake: goals, views, users and names here, the large tables on Spark.

What the lake says is followed version by version. A new version is like a commit: names are copied, `data_version`
rises, listeners hear, and answers are computed anew. Until then everything is answered from the version before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import cast

import duckdb

from cx.engine.cursor import LakeCursor, ReadOnly
from cx.engine.dialect import reads, spark_text
from cx.engine.lake import Lake
from cx.engine.layout import Version, views_sql
from cx.engine.session import Session
from cx.errors import EngineError, StoreError
from cx.language import text
from cx.store import Store, derive, open_store
from cx.store.database import set_setting

_VERSION, _ROOT = "lake_version", "lake_root"


def open_lake(path: str | Path, url: str, root: str) -> LakeStore:
    """The workspace at `path` over the lake at `root`, read by the Spark at `url`. Where Spark cannot be reached, the
    version last seen is opened; raises EngineError where there is none yet."""
    open_store(path).close()  # a new one gets its model, an old one its migrations
    store = LakeStore(path, url, root)
    try:
        store.follow()
    except EngineError:
        if store.lake.version is None:
            store.close()
            raise
        store.away_since = dt.datetime.now()
    return store


class LakeStore(Store):
    """A Store whose questions about interactions go to Spark. What changes interactions is refused.

    away_since  when Spark was first found not to answer, None = it did the last time it was asked
    """

    in_lake = True
    away_since: dt.datetime | None = None

    def __init__(self, path: str | Path, url: str, root: str) -> None:
        self.lake = Lake(Session(url), root.rstrip("/"))
        super().__init__(path)
        if self.value("SELECT 1 FROM uploads WHERE undone_at IS NULL LIMIT 1"):
            self.close()
            raise StoreError(text("The workspace {path} holds interactions of its own. With a data lake, use another "
                                  "workspace (CX_WORKSPACE).", path=str(path)))
        known = self.setting(_VERSION)
        if known and self.setting(_ROOT) == self.lake.root:
            self.lake.take(Version(**json.loads(known)))

    @contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with super()._asking() as local:
            cursor = LakeCursor(local, self.lake)
            try:
                yield cast(duckdb.DuckDBPyConnection, cursor)
            finally:
                cursor.close()

    @contextmanager
    def write(self, *, quietly: bool = False, derived: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """As in a workspace; raises EngineError for what is in the lake."""
        with super().write(quietly=quietly, derived=derived) as local:
            yield cast(duckdb.DuckDBPyConnection, ReadOnly(local, self.lake.tables))

    def close(self) -> None:
        super().close()
        self.lake.session.close()

    def follow(self) -> bool:
        """Take the newest version of the lake, where there is a newer one; → whether there was. Raises EngineError."""
        newest = self.lake.newest()
        if newest == self.lake.version:
            return False
        if newest.derived_version != derive.VERSION:
            raise EngineError(text("The lake at {root} was built by another version of this program (its tables are "
                                   "of version {theirs}, this program reads {ours}). Build it again: python -m cx "
                                   "build", root=self.lake.root, theirs=newest.derived_version, ours=derive.VERSION))
        small = self.lake.small_of(newest, self._columns())
        with super().write() as cursor:
            for table, rows in small.items():
                cursor.execute(f"DELETE FROM {table}")
                cursor.register("mirrored_rows", rows)
                columns = ", ".join(rows.column_names)
                cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM mirrored_rows")
                cursor.unregister("mirrored_rows")
            set_setting(cursor, "attempt_stages", json.dumps(list(newest.attempt_stages)))
            set_setting(cursor, "derived_version", str(derive.VERSION))
            set_setting(cursor, _VERSION, json.dumps(asdict(newest)))
            set_setting(cursor, _ROOT, self.lake.root)
            self.lake.take(newest)
        return True

    def in_words_of_spark(self, sql: str) -> tuple[str, str]:
        """A question with its values in it, as anybody can run it in spark-sql: the statements that name its tables
        ("" for none, it was answered by the workspace then), and the query."""
        found, tables = spark_text(sql), sorted(reads(sql) & self.lake.tables)
        if found is None or self.lake.version is None or set(tables) <= self.lake.mirrored:
            return "", sql
        return views_sql(self.lake.root, self.lake.version, tables), found

    def _columns(self) -> dict[str, dict[str, str]]:
        """Table → column → type, of what the lake must have."""
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in self.rows(
                "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position"):
            if table in self.lake.tables:
                found.setdefault(table, {})[column] = kind
        return found
