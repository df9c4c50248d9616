"""An upload out of the workspace again, in one transaction: as if it had never been loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb

from cx.errors import QueryError
from cx.intake.names import forget_spellings
from cx.language import text
from cx.store import Store, derive
from cx.store.schema import INTERACTION_COLUMNS

_LISTED = ", ".join(INTERACTION_COLUMNS)

# All that any upload says of the rows of one upload, and what would be in force without it: the newest content, as the
# first upload of its last unbroken run said it (a later equal copy was a duplicate). A row whose key no other upload
# has stands in `interactions` alone: only keys that stand in `shadowed` too are looked for there.
_CLAIMS = """
CREATE TEMP TABLE claims AS
WITH own AS (SELECT interaction_id, customer_key, row_key, content_key, upload_id FROM interactions
             WHERE upload_id = $upload),
keys AS (SELECT row_key FROM own UNION SELECT row_key FROM shadowed WHERE upload_id = $upload),
said AS (
    FROM own
    UNION ALL
    SELECT interaction_id, customer_key, row_key, content_key, upload_id FROM shadowed
    WHERE row_key IN (FROM keys)
    {others}),
latest AS (SELECT row_key, arg_max(content_key, upload_id) AS content_key FROM said WHERE upload_id <> $upload
           GROUP BY row_key),
since AS (SELECT l.row_key, coalesce(max(s.upload_id) FILTER (s.content_key <> l.content_key), 0) AS upload_id
          FROM latest l JOIN said s USING (row_key) WHERE s.upload_id <> $upload GROUP BY l.row_key),
winner AS (SELECT s.row_key, arg_min(s.interaction_id, s.upload_id) AS interaction_id FROM said s JOIN since b
           ON b.row_key = s.row_key AND s.upload_id > b.upload_id WHERE s.upload_id <> $upload GROUP BY s.row_key)
SELECT s.interaction_id, s.customer_key, w.interaction_id IS NOT NULL AS wins
FROM said s LEFT JOIN winner w ON w.interaction_id = s.interaction_id"""

_OTHERS = """UNION ALL
    SELECT interaction_id, customer_key, row_key, content_key, upload_id FROM interactions
    WHERE upload_id <> $upload AND row_key IN (SELECT row_key FROM shadowed WHERE upload_id = $upload)"""


def undo(store: Store, upload_id: int) -> None:
    """Take an upload back: as if it had never been loaded. Raises QueryError for one that is unknown or undone."""
    with store.write() as cursor:
        found = cursor.execute("SELECT undone_at FROM uploads WHERE upload_id = ?", [upload_id]).fetchall()
        if not found:
            raise QueryError(text("There is no upload {number}.", number=upload_id))
        if found[0][0] is not None:
            raise QueryError(text("Upload {number} was undone already.", number=upload_id))
        [(hidden,)] = cursor.execute("SELECT count(*) FROM shadowed WHERE upload_id = ?", [upload_id]).fetchall()
        cursor.execute(_CLAIMS.format(others=_OTHERS if hidden else ""), {"upload": upload_id})
        cursor.execute("""
            CREATE TEMP TABLE touched AS SELECT customer_key FROM claims
            UNION SELECT customer_key FROM customer_personas WHERE upload_id = ?""", [upload_id])
        cursor.execute("CREATE TEMP TABLE came AS SELECT interaction_id FROM claims WHERE wins "
                       "AND interaction_id IN (SELECT interaction_id FROM shadowed)")
        derive.look_at(cursor, "touched")
        derive.forget(cursor, "touched", "SELECT interaction_id FROM claims WHERE NOT wins")
        attributes = _attributes_of(cursor, upload_id)
        for table in ("interactions", "shadowed", "customer_personas", "customer_attributes", "reported_kpis",
                      "rejects", "row_aliases"):
            cursor.execute(f"DELETE FROM {table} WHERE upload_id = ?", [upload_id])
        if hidden or cursor.execute("SELECT 1 FROM claims WHERE wins LIMIT 1").fetchone():
            _change_places(cursor)
        _forget_customers(cursor)
        cursor.execute("UPDATE uploads SET undone_at = ? WHERE upload_id = ?", [dt.datetime.now(), upload_id])
        derive.refresh(cursor, "touched", "interaction_id IN (SELECT interaction_id FROM came)")
        _forget_names(cursor, attributes)  # the daily cells know by now which are in use
        forget_spellings(cursor, upload_id)


def _change_places(cursor: duckdb.DuckDBPyConnection) -> None:
    """Bring rows that are in force again into `interactions`, and those that no longer are into `shadowed`."""
    for source, target, moved in (("interactions", "shadowed", "NOT wins"), ("shadowed", "interactions", "wins")):
        chosen = f"interaction_id IN (SELECT interaction_id FROM claims WHERE {moved})"
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE moved AS SELECT {_LISTED} FROM {source} WHERE {chosen}")
        cursor.execute(f"DELETE FROM {source} WHERE {chosen}")
        cursor.execute(f"INSERT INTO {target} ({_LISTED}) SELECT {_LISTED} FROM moved")


def _forget_customers(cursor: duckdb.DuckDBPyConnection) -> None:
    """Drop those among the touched customers who have no row any more."""
    cursor.execute(f"""
        DELETE FROM customers WHERE customer_key IN (SELECT customer_key FROM touched)
        AND customer_key NOT IN (SELECT customer_key FROM {derive.LOOKED_AT}
                                 WHERE interaction_id NOT IN (SELECT interaction_id FROM claims WHERE NOT wins))
        AND customer_key NOT IN (SELECT customer_key FROM claims WHERE wins)
        AND customer_key NOT IN (SELECT customer_key FROM shadowed)""")


_UNUSED = {
    "touchpoints": "source IS DISTINCT FROM 'user' AND owner IS NULL",
    "channels": "source IS DISTINCT FROM 'user'",
    "stage_labels": "source IS DISTINCT FROM 'user'",
    "personas": "goals IS NULL AND needs IS NULL AND triggers IS NULL AND fears IS NULL",
}


def _attributes_of(cursor: duckdb.DuckDBPyConnection, upload_id: int) -> list[tuple[int, str]]:
    """(id, key) of the attributes that an upload says something of."""
    return cursor.execute("""
        SELECT attribute_id, key FROM attributes
        WHERE attribute_id IN (SELECT attribute_id FROM customer_attributes WHERE upload_id = $1) OR key IN (
            SELECT unnest(map_keys(attributes)) FROM interactions WHERE upload_id = $1
            UNION SELECT unnest(map_keys(attributes)) FROM shadowed WHERE upload_id = $1)""", [upload_id]).fetchall()


def _forget_names(cursor: duckdb.DuckDBPyConnection, attributes: Sequence[tuple[int, str]]) -> None:
    """Drop names that no row uses any more and no person has edited; of attributes only those given."""
    for table, unedited in _UNUSED.items():
        column = table[:-1] + "_id"
        if table == "personas":
            used = "SELECT DISTINCT persona_id FROM customer_personas"
        else:
            inside = f"SELECT DISTINCT {column} FROM interactions WHERE {column} IS NOT NULL"
            if table != "stage_labels":  # the daily cells know, and are few
                inside = (f"SELECT {column} FROM daily_cells WHERE {column} IS NOT NULL GROUP BY 1 "
                          "HAVING sum(interactions) > 0")
            used = f"{inside} UNION SELECT {column} FROM shadowed WHERE {column} IS NOT NULL"
        cursor.execute(f"DELETE FROM {table} WHERE {unedited} AND {column} NOT IN ({used})")
    for number, key in attributes:
        if not any(cursor.execute(f"SELECT 1 FROM {table} WHERE {says} LIMIT 1", [what]).fetchone()
                   for table, says, what in (("customer_attributes", "attribute_id = ?", number),
                                             ("shadowed", "map_contains(attributes, ?)", key),
                                             ("interactions", "map_contains(attributes, ?)", key))):
            cursor.execute("DELETE FROM attributes WHERE attribute_id = ?", [number])
