"""Derived tables whose rows add up: daily cells and active days.

An upload takes the share of its customers out (rows with a minus) and puts the new one in, at the cost of their rows
only. Where much has gathered, the rows are merged. Questions sum, and leave groups out whose count sums to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from cx.store.measures import MEASURES


@dataclass(frozen=True)
class Additive:
    """A table whose rows add up.

    keys      its columns that tell rows apart
    sums      its columns that add up; the first one is a count, 0 = there is nothing
    share     SELECT of keys and sums over some rows of `interactions` ({rows} is the name of a table or view): what
              cx.store.derive_tables computes faster, and is checked against
    """

    table: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    share: str

    @property
    def merged(self) -> str:
        """SELECT of the table with one row for each combination of keys."""
        sums = ", ".join(f"sum({name}) AS {name}" for name in self.sums)
        return (f"SELECT {', '.join(self.keys)}, {sums} FROM {self.table} GROUP BY {', '.join(self.keys)} "
                f"HAVING sum({self.sums[0]}) <> 0")

    def merge(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Write the table anew, merged and in order of time."""
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE merged AS {self.merged} ORDER BY ALL")
        cursor.execute(f"DELETE FROM {self.table}")
        cursor.execute(f"INSERT INTO {self.table} SELECT * FROM merged")
        cursor.execute("DROP TABLE merged")


_CELL_KEYS = ("occurred_at", "anonymous", "persona_id", "stage_id", "channel_id", "touchpoint_id")
_SUMS = ", ".join(f"coalesce({each.exact}, 0) AS {each.column}" for each in MEASURES.values())

DAILY_CELLS = Additive("daily_cells", _CELL_KEYS, tuple(MEASURES), f"""
    SELECT date_trunc('day', i.occurred_at) AS occurred_at, k.anonymous, k.persona_id, i.stage_id, i.channel_id,
        i.touchpoint_id, {_SUMS}
    FROM {{rows}} i JOIN customers k ON k.customer_key = i.customer_key GROUP BY 1, 2, 3, 4, 5, 6""")

SCOPES = ("all", "stage", "channel", "touchpoint")
"""Which interactions of a customer an active day is about: all, or those at one place."""


def _days(scope: str) -> str:
    place = "" if scope == "all" else f", {scope}_id"
    of_place = f"CAST({'NULL' if scope == 'all' else f'd.{scope}_id'} AS INTEGER)"
    first, join = ("j.first_channel_id", "LEFT JOIN journeys j ON j.customer_key = d.customer_key") if scope == "all" \
        else ("CAST(NULL AS INTEGER)", "")
    order = f"(PARTITION BY customer_key{place} ORDER BY occurred_at NULLS FIRST"
    return f"""
        SELECT '{scope}' AS scope, {of_place} AS place_id, d.occurred_at, d.next_at, d.complained, d.complained_at,
            k.anonymous, k.persona_id, {first} AS first_channel_id, count(*) AS customers
        FROM (SELECT customer_key{place}, occurred_at, lead(occurred_at) OVER days AS next_at,
                  bool_or(complained) OVER so_far AS complained,
                  max(CASE WHEN complained THEN occurred_at END) OVER so_far AS complained_at
              FROM (SELECT customer_key{place}, date_trunc('day', occurred_at) AS occurred_at,
                        coalesce(bool_or(is_complaint), FALSE) AS complained FROM {{rows}} GROUP BY ALL)
              WINDOW days AS {order}), so_far AS {order} ROWS UNBOUNDED PRECEDING)) d
        JOIN customers k ON k.customer_key = d.customer_key {join} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"""


ACTIVE_DAYS = Additive("active_days", ("scope", "place_id", "occurred_at", "next_at", "complained", "complained_at",
                                       "anonymous", "persona_id", "first_channel_id"), ("customers",),
                       " UNION ALL ".join(_days(scope) for scope in SCOPES))

ADDITIVE: Sequence[Additive] = (DAILY_CELLS, ACTIVE_DAYS)
