"""The interactions of some customers as arrays, in the order that journeys are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

Array = np.ndarray[Any, Any]

_NEVER = np.iinfo(np.int64).min
_ID = "coalesce(CAST({0} AS INTEGER), -1)"
_ANSWER = "coalesce({0}, -9)"
COLUMNS: Mapping[str, str] = {
    "interaction": "i.interaction_id", "customer": "i.customer_key",
    "at": f"coalesce(epoch_us(i.occurred_at), {_NEVER})", "stage": _ID.format("i.stage_id"),
    "label": _ID.format("i.stage_label_id"), "channel": _ID.format("i.channel_id"),
    "touchpoint": _ID.format("i.touchpoint_id"), "nps": _ANSWER.format("i.nps"),
    "emotion": _ANSWER.format("i.emotion"), "complaint": "CAST(coalesce(i.is_complaint, FALSE) AS TINYINT)",
    "order": "CAST(CASE WHEN i.order_id IS NOT NULL THEN 2 WHEN i.revenue IS NOT NULL THEN 1 ELSE 0 END AS TINYINT)",
    "order_id": "hash(i.order_id)", "earns": "i.revenue IS NOT NULL",
    "revenue": "CASE WHEN i.revenue IS NULL THEN 0 ELSE CAST(CAST(i.revenue AS DECIMAL(28, 4)) * 10000 AS BIGINT) END"}
"""Column → SQL over `interactions AS i`. Ids -1 = unknown; answers -9; revenue in ten-thousandths."""


@dataclass(frozen=True)
class Customers:
    """The customers whose rows are looked at, by key."""

    keys: Array
    anonymous: Array
    persona: Array  # id, -1 = none

    def number(self, keys: Array) -> Array:
        """The place of each key among the customers; -1 where it is none of them."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int32)
        low, high = self.keys[0], self.keys[-1]
        places = np.full(int(high) - int(low) + 2, -1, dtype=np.int32)  # the last one: outside
        places[self.keys - low] = np.arange(len(self.keys), dtype=np.int32)
        inside = (keys >= low) & (keys <= high)
        found: Array = places[np.where(inside, keys - low, -1)]
        return found


def read_customers(cursor: duckdb.DuckDBPyConnection, where: str) -> Customers:
    """The customers that a condition on `customers` chooses."""
    found = cursor.execute("SELECT customer_key, anonymous, coalesce(persona_id, -1) AS persona FROM customers "
                           f"WHERE {where} ORDER BY customer_key").fetchnumpy()
    return Customers(found["customer_key"], found["anonymous"], found["persona"])


@dataclass(frozen=True)
class Rows:
    """Interactions of customers, by customer, time (undated first) and then as loaded.

    first    where the rows of each customer start, and the number of rows at the end
    columns  as in COLUMNS
    """

    customers: Customers
    first: Array
    columns: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]


def read_rows(cursor: duckdb.DuckDBPyConnection, source: str, customers: Customers) -> Rows:
    """The rows of a table (or SELECT in brackets) with the columns of `interactions`, of these customers."""
    listed = ", ".join(f"{sql} AS {name}" for name, sql in COLUMNS.items())
    return in_order(cursor.execute(f"SELECT {listed} FROM {source} i").fetchnumpy(), customers)


def in_order(columns: Mapping[str, Array], customers: Customers) -> Rows:
    """The rows, put in order."""
    from cx.store.derive_kernel import by_customer  # compiles on import: not at the start of the app

    who = customers.number(columns["customer"])
    kept = None if (who >= 0).all() else np.flatnonzero(who >= 0)
    ids = columns["interaction"]
    if (ids[1:] < ids[:-1]).any():
        kept = np.argsort(ids, kind="stable") if kept is None else kept[np.argsort(ids[kept], kind="stable")]
    if kept is not None:
        columns, who = {name: each[kept] for name, each in columns.items()}, who[kept]
    order, first = by_customer(who, columns["at"], len(customers.keys))
    return Rows(customers, first, {name: each[order] for name, each in columns.items()})
