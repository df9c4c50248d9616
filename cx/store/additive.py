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

PLACES = ("stage", "channel", "touchpoint")
SCOPES = ("all", "first_channel", *PLACES)
"""What an active day is about: any interaction of a customer; the same, by the customer's first channel (known
customers, dated days); the interactions at one place."""


def _days(scope: str, complaint: bool) -> str:
    """Pairs of days, each with the next one. `complaint`: of days with a complaint only."""
    place, source = "CAST(NULL AS INTEGER)", "{rows} i JOIN customers k ON k.customer_key = i.customer_key"
    where = ["coalesce(i.is_complaint, FALSE)"] if complaint else []
    if scope in PLACES:
        place = f"CAST(i.{scope}_id AS INTEGER)"
    elif scope == "first_channel":
        place, source = "j.first_channel_id", f"{source} JOIN journeys j ON j.customer_key = i.customer_key"
        where.append("i.occurred_at IS NOT NULL")
    chosen = f"WHERE {' AND '.join(where)}" if where else ""
    return f"""
        SELECT '{scope}' AS scope, {complaint} AS complaint, anonymous, persona_id, occurred_at, place_id, next_at,
            count(*) AS customers
        FROM (SELECT *, lead(occurred_at) OVER (PARTITION BY customer_key, place_id
                                                ORDER BY occurred_at NULLS FIRST) AS next_at
              FROM (SELECT DISTINCT i.customer_key, k.anonymous, k.persona_id, {place} AS place_id,
                        date_trunc('day', i.occurred_at) AS occurred_at FROM {source} {chosen}))
        GROUP BY 1, 2, 3, 4, 5, 6, 7"""


ACTIVE_DAYS = Additive("active_days", ("scope", "complaint", "anonymous", "persona_id", "occurred_at", "place_id",
                                       "next_at"), ("customers",), " UNION ALL ".join(
    _days(scope, complaint) for complaint in (False, True) for scope in SCOPES
    if not (complaint and scope == "first_channel")))

ADDITIVE: Sequence[Additive] = (DAILY_CELLS, ACTIVE_DAYS)
