"""How a lake lies on its storage, and which state of it is in force.

    LAKE/versions/v00000007/part-….txt            one line of JSON: a `Version`, complete; the highest is in force
    LAKE/<table>/build=<attempt>[/month=2026-01 | /bucket=3]/part-….parquet
    LAKE/builds/<what is built>/<step>/part-….txt which steps of a build are done (cx/lake/build.py)

Folders, once written, are never changed: a build writes new ones, and publishes them by one small file that Spark's
committer renames when it is whole. So readers see the version before until the new one is complete, on any storage, and
everything is read and written through Spark: neither the dashboard nor the build needs access to the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cx.errors import EngineError
from cx.language import text

FORMAT = 2
"""Rises when lakes of this program cannot be read, or brought up to date, by older ones."""

PER_BUCKET = 5_000_000  # interactions, in a lake that is built for the first time

PARTITIONS = {"interactions": "month STRING", "steps": "bucket INT", "journeys": "bucket INT", "attempts": "bucket INT",
              "orders": "bucket INT", "waits": "bucket INT"}
"""Tables in parts: by month of the interaction ("2026-01", "undated"), or by the customer's bucket (`bucket_sql`; of
orders that anonymous respondents share, -1)."""


@dataclass(frozen=True)
class Version:
    """A complete state of a lake.

    version          rises by one with each build
    tables           table → its folders, relative to the lake
    schemas          table → its columns and their types in Spark's words, without those that folders stand for
    rows             table → number of rows
    attempt_stages   stage ids, in order, that `attempts` has columns t1, t2, … for
    derived_version  `cx.store.derive.VERSION` of the program that built it
    buckets          number of parts that customers are spread over
    built_at         ISO time, UTC
    source           where the interactions came from, as given to the build
    prints           what the parts of the source looked like: unchanged parts are not read again
    """

    version: int
    tables: Mapping[str, list[str]]
    schemas: Mapping[str, str]
    rows: Mapping[str, int]
    attempt_stages: list[int]
    derived_version: int
    buckets: int
    built_at: str
    source: str = ""
    prints: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


def read_version(spark: Any, root: str) -> Version | None:
    """The version in force; None where there is no lake. Raises EngineError for one of a newer program."""
    known = read_versions(spark, root)
    return known[-1] if known else None


def read_versions(spark: Any, root: str) -> list[Version]:
    """All versions noted and not yet cleared away, oldest first."""
    return sorted((_version(root, line) for line in read_lines(spark, f"{root}/versions/*")),
                  key=lambda each: each.version)


def write_version(spark: Any, root: str, version: Version) -> None:
    """Publish a version, at once and whole. Raises EngineError where another build has published it meanwhile."""
    from pyspark.errors import AnalysisException

    try:
        write_line(spark, _place(root, version.version), json.dumps(asdict(version)))
    except AnalysisException as error:
        if "PATH_ALREADY_EXISTS" not in str(error):
            raise
        raise EngineError(text("Another build has published version {number} of the lake {root} meanwhile. Run this "
                               "one again.", number=version.version, root=root)) from error


def read_lines(spark: Any, pattern: str) -> list[str]:
    """The lines of the small text files there; none where there are no files."""
    from pyspark.errors import AnalysisException

    try:
        return [row[0] for row in spark.read.text(pattern).collect() if row[0]]
    except AnalysisException as error:
        if "PATH_NOT_FOUND" in str(error):
            return []
        raise


def write_line(spark: Any, folder: str, line: str) -> None:
    """A folder with one small text file of one line; there at once and whole, or not at all."""
    spark.createDataFrame([(line,)], "value STRING").coalesce(1).write.mode("error").text(folder)


def read_table(spark: Any, root: str, version: Version, table: str, folders: list[str] | None = None) -> Any:
    """A table of a version (or only some folders of it) as a Spark frame; columns that folders stand for come last."""
    columns = _columns(version, table)
    chosen = version.tables[table] if folders is None else folders
    if not chosen:
        return spark.createDataFrame([], columns)
    return (spark.read.schema(columns).option("basePath", f"{root}/{table}")
            .parquet(*(f"{root}/{folder}" for folder in chosen)))


def register(spark: Any, root: str, version: Version, prefix: str = "") -> None:
    """Let the tables of a version be asked for by their names (with `prefix`) in this session."""
    for table in version.tables:
        read_table(spark, root, version, table).createOrReplaceTempView(prefix + table)


def views_sql(root: str, version: Version, tables: Iterable[str]) -> str:
    """Statements for spark-sql that let tables of a version be asked for by their names."""
    return "\n".join(
        f"CREATE OR REPLACE TEMPORARY VIEW {table} ({_columns(version, table)}) USING parquet OPTIONS ("
        f"basePath '{root}/{table}', path '{root}/{{{','.join(version.tables[table])}}}');"
        for table in tables if version.tables.get(table))


def _columns(version: Version, table: str) -> str:
    """With those that folders stand for."""
    return ", ".join(filter(None, (version.schemas[table], "build STRING", PARTITIONS.get(table))))


def bucket_sql(customer: str, buckets: int) -> str:
    """The bucket of a customer's key, in words of both engines."""
    return f"CAST({customer} % {int(buckets)} AS INT)"


def bucket_count(rows: int, base: Version | None, source: str) -> int:
    """How many buckets the next version has: as many as the one before where it is of the same source and format."""
    if base is not None and base.source == source and base.format == FORMAT:
        return base.buckets
    return min(4096, max(1, -(-rows // PER_BUCKET)))


def version_folder(number: int) -> str:
    """Where a version stands, relative to the lake."""
    return f"versions/v{number:08}"


def _place(root: str, number: int) -> str:
    return f"{root}/{version_folder(number)}"


def _version(root: str, line: str) -> Version:
    found = json.loads(line)
    if found["format"] > FORMAT:
        raise EngineError(text("The lake {root} was built by a newer version of this program (its format is {found}, "
                               "this program knows {known}). Update the program.", root=root, found=found["format"],
                               known=FORMAT))
    return Version(**found)
