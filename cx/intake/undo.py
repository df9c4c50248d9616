"""An upload out of the workspace again, in one transaction: as if it had never been loaded."""

from __future__ import annotations

import datetime as dt

import duckdb

from cx.errors import QueryError
from cx.intake.names import forget_spellings
from cx.language import text
from cx.store import Store, derive
from cx.store.schema import INTERACTION_COLUMNS

_LISTED = ", ".join(INTERACTION_COLUMNS)

# All that any upload says of the rows of one upload, and what would be in force without it: the newest content, as the
# first upload of its last unbroken run said it (a later equal copy was a duplicate).
_CLAIMS = """
CREATE TEMP TABLE claims AS
WITH said AS (
    SELECT interaction_id, customer_key, row_key, content_key, upload_id FROM interactions
    WHERE row_key IN (SELECT row_key FROM interactions WHERE upload_id = $upload
                      UNION SELECT row_key FROM shadowed WHERE upload_id = $upload)
    UNION ALL
    SELECT interaction_id, customer_key, row_key, content_key, upload_id FROM shadowed
    WHERE row_key IN (SELECT row_key FROM interactions WHERE upload_id = $upload
                      UNION SELECT row_key FROM shadowed WHERE upload_id = $upload)),
latest AS (SELECT row_key, arg_max(content_key, upload_id) AS content_key FROM said WHERE upload_id <> $upload
           GROUP BY row_key),
since AS (SELECT l.row_key, coalesce(max(s.upload_id) FILTER (s.content_key <> l.content_key), 0) AS upload_id
          FROM latest l JOIN said s USING (row_key) WHERE s.upload_id <> $upload GROUP BY l.row_key),
winner AS (SELECT s.row_key, arg_min(s.interaction_id, s.upload_id) AS interaction_id FROM said s JOIN since b
           ON b.row_key = s.row_key AND s.upload_id > b.upload_id WHERE s.upload_id <> $upload GROUP BY s.row_key)
SELECT s.interaction_id, s.customer_key, w.interaction_id IS NOT NULL AS wins
FROM said s LEFT JOIN winner w ON w.interaction_id = s.interaction_id"""


def undo(store: Store, upload_id: int) -> None:
    """Take an upload back: as if it had never been loaded. Raises QueryError for one that is unknown or undone."""
    with store.write() as cursor:
        found = cursor.execute("SELECT undone_at FROM uploads WHERE upload_id = ?", [upload_id]).fetchall()
        if not found:
            raise QueryError(text("There is no upload {number}.", number=upload_id))
        if found[0][0] is not None:
            raise QueryError(text("Upload {number} was undone already.", number=upload_id))
        cursor.execute(_CLAIMS, {"upload": upload_id})
        cursor.execute("""
            CREATE TEMP TABLE touched AS SELECT customer_key FROM claims
            UNION SELECT customer_key FROM customer_personas WHERE upload_id = ?""", [upload_id])
        cursor.execute("CREATE TEMP TABLE came AS SELECT interaction_id FROM claims WHERE wins "
                       "AND interaction_id IN (SELECT interaction_id FROM shadowed)")
        derive.forget(cursor, "touched", "SELECT interaction_id FROM claims WHERE NOT wins")
        for table in ("interactions", "shadowed", "customer_personas", "customer_attributes", "reported_kpis",
                      "rejects"):
            cursor.execute(f"DELETE FROM {table} WHERE upload_id = ?", [upload_id])
        for source, target, moved in (("interactions", "shadowed", "NOT wins"), ("shadowed", "interactions", "wins")):
            chosen = f"interaction_id IN (SELECT interaction_id FROM claims WHERE {moved})"
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE moved AS SELECT {_LISTED} FROM {source} WHERE {chosen}")
            cursor.execute(f"DELETE FROM {source} WHERE {chosen}")
            cursor.execute(f"INSERT INTO {target} ({_LISTED}) SELECT {_LISTED} FROM moved")
        cursor.execute("""
            DELETE FROM customers WHERE customer_key IN (SELECT customer_key FROM touched)
            AND customer_key NOT IN (SELECT customer_key FROM interactions
                                     WHERE customer_key IN (SELECT customer_key FROM touched))
            AND customer_key NOT IN (SELECT customer_key FROM shadowed)""")
        _forget_names(cursor)
        forget_spellings(cursor, upload_id)
        cursor.execute("UPDATE uploads SET undone_at = ? WHERE upload_id = ?", [dt.datetime.now(), upload_id])
        derive.refresh(cursor, "touched", "interaction_id IN (SELECT interaction_id FROM came)")


_UNUSED = {
    "touchpoints": "source IS DISTINCT FROM 'user' AND owner IS NULL",
    "channels": "source IS DISTINCT FROM 'user'",
    "stage_labels": "source IS DISTINCT FROM 'user'",
    "personas": "goals IS NULL AND needs IS NULL AND triggers IS NULL AND fears IS NULL",
}


def _forget_names(cursor: duckdb.DuckDBPyConnection) -> None:
    """Drop names that no row uses any more and no person has edited."""
    for table, unedited in _UNUSED.items():
        column = table[:-1] + "_id"
        used = (f"SELECT {column} FROM customer_personas" if table == "personas" else
                f"SELECT {column} FROM interactions WHERE {column} IS NOT NULL UNION "
                f"SELECT {column} FROM shadowed WHERE {column} IS NOT NULL")
        cursor.execute(f"DELETE FROM {table} WHERE {unedited} AND {column} NOT IN ({used})")
    cursor.execute("""
        DELETE FROM attributes WHERE attribute_id NOT IN (SELECT attribute_id FROM customer_attributes)
        AND key NOT IN (SELECT unnest(map_keys(attributes)) FROM interactions
                        UNION SELECT unnest(map_keys(attributes)) FROM shadowed)""")
