"""A lake built from a company's own table: names get ids, customers keys, and both keep them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cx import intake, open_store
from cx.engine.layout import Version
from cx.engine.session import Session
from cx.errors import EngineError
from cx.lake.build import build
from cx.lake.schema import columns
from cx.lake.table import TableSource
from tests.spark.cluster import Cluster
from tests.spark.lakes import files, root, rows

WHOLE = ("nps", "csat", "ces", "wait_seconds", "delay_days")
JOURNEYS = """
    SELECT c.customer_id, f.label AS first_channel, l.label AS last_channel, j.* EXCLUDE (customer_key, persona_id,
        first_channel_id, last_channel_id)
    FROM journeys j JOIN customers c USING (customer_key) LEFT JOIN channels f ON f.channel_id = j.first_channel_id
    LEFT JOIN channels l ON l.channel_id = j.last_channel_id"""


@pytest.fixture(scope="module")
def session(cluster: Cluster) -> Iterator[Session]:
    session = Session(cluster.url)
    yield session
    session.close()


def written(frame: pd.DataFrame, path: Path) -> None:
    flags = dict.fromkeys(("expectation_met", "is_complaint"), "boolean")
    path.parent.mkdir(exist_ok=True)
    frame.astype({**dict.fromkeys(WHOLE, "Int64"), **flags, "revenue": float}).to_parquet(path)


def asked(lake: str, version: Version, query: str) -> list[tuple]:
    """The answer of DuckDB over the tables that the query names, as the lake's files have them."""
    with duckdb.connect() as connection:
        for table in version.tables:
            if table in query:
                connection.execute(f"CREATE VIEW {table} AS SELECT {', '.join(columns(table))} "
                                   f"FROM {files(lake, version, table)}")
        return connection.execute(query).fetchall()


def test_journeys_are_those_of_a_workspace_with_the_same_rows_and_ids_stay(session: Session, tmp_path: Path):
    # comments are judged in workspaces only; of a customer's personas a workspace takes the last of the sheet
    given = rows(3, 200).drop(columns=["comment", "persona"])
    written(given, tmp_path / "table" / "first.parquet")
    store = open_store(":memory:")
    intake.load_frame(store, given)
    source, lake = str(tmp_path / "table"), root(tmp_path)
    first = build(session, lake, TableSource(source))
    assert sorted(asked(lake, first, JOURNEYS)) == sorted(store.rows(JOURNEYS))
    assert first.rows["interactions"] == 200  # undated ones and those of unknown customers too
    assert asked(lake, first, "SELECT DISTINCT attributes['plan'] FROM interactions WHERE attributes['plan'] "
                 "IS NOT NULL") == [("gold",)]

    more = rows(4, 12, customers=3).assign(customer_id="someone new", touchpoint="Kiosk").drop(columns="comment")
    more["persona"] = ["Can", *[None] * 11]
    written(more, tmp_path / "table" / "second.parquet")
    second = build(session, lake, TableSource(source))
    for table, names in (("customers", "customer_key, customer_id"), ("touchpoints", "touchpoint_id, key")):
        before, after = (set(asked(lake, each, f"SELECT {names} FROM {table}")) for each in (first, second))
        assert before < after
    assert asked(lake, second, "SELECT label FROM personas JOIN customers USING (persona_id) "
                 "WHERE customer_id = 'someone new'") == [("Can",)]
    assert second.rows["interactions"] == 212


def test_a_table_may_be_named_by_its_catalog_by_format_and_path_or_by_its_folder(session: Session, tmp_path: Path):
    """As tables of Delta (delta.`path`) and Iceberg (catalog.schema.table) are."""
    written(rows(5, 30), tmp_path / "table" / "first.parquet")
    with session.spark() as spark:
        spark.read.parquet(f"file://{tmp_path}/table").write.mode("overwrite").saveAsTable("spark_catalog.default.visits")
        one, *others = [TableSource(name).prints(spark, None, root(tmp_path)) for name in (
            f"file://{tmp_path}/table", f"parquet.`file://{tmp_path}/table`", "spark_catalog.default.visits")]
        spark.sql("DROP TABLE spark_catalog.default.visits")
    assert sum(int(said.partition(":")[0]) for part, said in one.items() if part.startswith("interactions/")) == 30
    assert others == [one, one]


@pytest.mark.parametrize(("columns", "said"), [
    ("'a' AS customer_id, TIMESTAMP '2025-01-01' AS occurred_at",
     r"no column says what happened \(accepted: stage, touchpoint"),
    ("TIMESTAMP '2025-01-01' AS occurred_at, 'Advert' AS touchpoint",
     r"“customer_id” is missing \(accepted: string, tinyint"),
    ("'a' AS customer_id, '2025-01-01' AS occurred_at, 'good' AS nps",
     r"“occurred_at” is string \(accepted: timestamp, timestamp_ntz, date\); “nps” is string \(accepted: tinyint"),
])
def test_a_table_with_other_columns_is_refused_by_the_names_of_all_of_them(session: Session, tmp_path: Path,
                                                                           columns: str, said: str):
    with session.spark() as spark:
        spark.sql(f"SELECT {columns}").createOrReplaceTempView("odd_table")
    with pytest.raises(EngineError, match=said):
        build(session, root(tmp_path), TableSource("odd_table"))
