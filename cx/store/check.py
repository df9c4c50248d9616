"""Whether the derived tables are what they would be if everything were computed anew."""

from __future__ import annotations

import duckdb
import pandas as pd

from cx.store import derive, derive_sql
from cx.store.additive import ADDITIVE
from cx.store.database import Store


def check(store: Store) -> pd.DataFrame:
    """Compute every derived table anew, beside the one kept, and compare.

    → table, rows (kept; of tables that add up, merged), missing (rows that should be there and are not), surplus (rows
    that should not be there). Also compared: the stage of each interaction, the persona of each customer and the stages
    of the funnel. Nothing is changed. All of it sees one state of the file.
    """
    with store.reader() as cursor:
        cursor.execute("BEGIN")
        stages = derive.stages_in_use(cursor)
        kept = {each.table: (each.merged, each.share.format(rows="interactions"), (*each.keys, *each.sums))
                for each in ADDITIVE}
        found = [_compare(cursor, "interactions", "SELECT interaction_id, stage_id FROM interactions",
                          derive_sql.PLACED.format(table="interactions")),
                 _compare(cursor, "customers", "SELECT customer_key, persona_id FROM customers",
                          derive_sql.PERSONAS.format(chosen="TRUE")),
                 _compare(cursor, "settings", "SELECT CAST(unnest(CAST(? AS INTEGER[])) AS TINYINT) AS stage_id",
                          f"SELECT CAST(unnest(CAST({derive.stages_counted(cursor)} AS INTEGER[])) AS TINYINT)",
                          [stages]),
                 _compare(cursor, "steps", "SELECT *, row_number() OVER (PARTITION BY customer_key ORDER BY rowid) "
                          "AS place FROM steps", derive_sql.steps_sql(place=True)),
                 _compare(cursor, "journeys", "FROM journeys", derive_sql.journeys_sql()),
                 _compare(cursor, "attempts", "FROM attempts", derive_sql.attempts_sql(stages)),
                 _compare(cursor, "waits", "FROM waits", derive_sql.waits_sql()),
                 _compare(cursor, "orders", "FROM orders",
                          f"SELECT {derive_sql.ORDER_COLUMNS} FROM ({derive_sql.orders_sql()})")]
        for table, (there, anew, columns) in kept.items():
            found.append(_compare(cursor, table, there, f"SELECT {', '.join(columns)} FROM ({anew})"))
        cursor.execute("ROLLBACK")
    return pd.DataFrame(found, columns=["table", "rows", "missing", "surplus"])


def _compare(cursor: duckdb.DuckDBPyConnection, table: str, kept: str, anew: str,
             params: list[object] | None = None) -> tuple[str, int, int, int]:
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {kept}", params)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE anew AS {anew}")
    [(rows, missing, surplus)] = cursor.execute(
        "SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM (FROM anew EXCEPT ALL FROM kept)), "
        "(SELECT count(*) FROM (FROM kept EXCEPT ALL FROM anew))").fetchall()
    return table, rows, missing, surplus
