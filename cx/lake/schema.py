"""The columns of the lake's tables: those of the workspace's tables of the same name, in Spark's types."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import duckdb

from cx.store.schema import MIGRATIONS

NAMES = ("stages", "stage_labels", "touchpoints", "channels", "personas", "attributes")
"""Small tables: what ids stand for."""

CUSTOMERS = ("customers", "customer_personas", "customer_attributes")
DERIVED = ("steps", "journeys", "attempts", "orders", "waits", "daily_cells", "active_days")
TABLES = ("interactions", *CUSTOMERS, *NAMES, *DERIVED)

_MORE = {"steps": {"place": "INT"}}
"""Columns that only the lake has: rows of a table there have no order of their own (place 1 = the customer's first)."""

_TYPES = {"INTEGER": "INT", "VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "HUGEINT": "DECIMAL(38,0)",
          "MAP(VARCHAR, VARCHAR)": "MAP<STRING,STRING>"}


@functools.cache
def columns(table: str) -> Mapping[str, str]:
    """Column → type in Spark's words, in the order of the workspace's table."""
    return {**{name: _TYPES.get(kind, kind) for name, kind in _of_workspace()[table].items()}, **_MORE.get(table, {})}


def of_duckdb(table: str) -> str:
    """SELECT list that brings rows of a workspace to these types, in DuckDB's words."""
    kinds = {name: "DECIMAL(38, 0)" if kind == "HUGEINT" else kind for name, kind in _of_workspace()[table].items()}
    return ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in {**kinds, **_MORE.get(table, {})}.items())


def ddl(table: str) -> str:
    """The same as Spark reads it."""
    return ", ".join(f"{name} {kind}" for name, kind in columns(table).items())


def selected(table: str, more: str = "") -> str:
    """SELECT list that brings a query with columns of these names to the table's order and types."""
    listed = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in columns(table).items())
    return f"{listed}, {more}" if more else listed


@functools.cache
def _of_workspace() -> Mapping[str, Mapping[str, str]]:
    with duckdb.connect() as connection:
        for migration in MIGRATIONS:
            connection.execute(migration)
        return {table: {row[0]: re.sub(r"\s*,\s*", ", ", row[1]) for row in connection.execute(
            f"DESCRIBE {table}").fetchall()} for table in TABLES}
