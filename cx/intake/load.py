"""Prepared sheets into the workspace, and out of it again, each in one transaction.

Exactly one effective row per `row_key` stands in `interactions`: that of the newest upload. What another upload says of
the same row stands in `shadowed` and comes back when the newer one is undone.

row_key      of a row with a record id: sheet signature, id space, id, part. Of others: customer, time, touchpoint,
             channel, stage name, order, part and how many such rows stand before it in the file. Of an anonymous row
             without id: all its cells instead of those. Rows without time are kept apart by upload name.
content_key  of all that the row says.
Keys are the lower half of MD5: stable over processes and machines, not meant to withstand an attacker.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from cx.errors import QueryError
from cx.intake.figures import store_figures
from cx.intake.plan import Plan, Receipt, rejects_frame, text_to_json
from cx.intake.prepare import Prepared
from cx.language import Text, text
from cx.store import Store, derive
from cx.store.comment_moods import judge_comments
from cx.store.database import set_setting
from cx.store.journey_model import name_ids

_COLUMNS = ("interaction_id", "customer_key", "occurred_at", "stage_id", "channel_id", "touchpoint_id", "nps", "csat",
            "csat_max", "ces", "ces_max", "expectation_met", "emotion", "emotion_source", "emotion_given", "comment",
            "wait_seconds", "delay_days", "is_complaint", "revenue", "quantity", "order_id", "campaign",
            "stage_label_id", "attributes", "row_key", "content_key", "upload_id", "sheet", "row_number")
_LISTED = ", ".join(_COLUMNS)


def _hash(*columns: str) -> str:
    """SQL: a 64-bit number of these values together."""
    texts = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '')" for column in columns)
    return f"md5_number_lower(concat_ws(chr(31), {texts}))"


def _signed(number: str) -> str:
    return f"CAST(CAST({number} AS HUGEINT) - 9223372036854775808 AS BIGINT)"


_BY_ID = _hash("'id'", "signature", "space", "record_id")
_BY_CUSTOMER = _hash("'customer'", "customer_id", "occurred_at", "touchpoint", "channel", "stage", "order_id",
                     "CASE WHEN scope <> '' THEN signature END", "scope")
_BY_CONTENT = _hash("'content'", "signature", "content", "scope")
RECORD_KEY = _signed(_hash(_BY_ID.replace("space", "''"), "''", "1"))
"""SQL: row_key of the first interaction of the row with the id `record_id` in a sheet with that `signature`."""
_IDENTITY = (f"CASE WHEN record_id IS NOT NULL THEN {_BY_ID} WHEN customer_id IS NOT NULL THEN {_BY_CUSTOMER} "
             f"ELSE {_BY_CONTENT} END")
_SAID = _hash("customer_id", "occurred_at", "touchpoint", "channel", "stage", "persona", "nps", "csat", "csat_max",
              "ces", "ces_max", "expectation_met", "emotion", "comment", "wait_seconds", "delay_days", "is_complaint",
              "revenue", "quantity", "order_id", "campaign", "record_id", "described")

_KEYED = f"""
CREATE TEMP TABLE keyed AS
WITH identified AS (SELECT *, {_IDENTITY} AS identity, {_signed(_SAID)} AS content_key FROM incoming),
repeated AS (
    SELECT *, row_number() OVER (PARTITION BY identity, part, content_key,
        CASE WHEN record_id IS NULL THEN position END ORDER BY position) AS repetition FROM identified),
numbered AS (
    SELECT * EXCLUDE (repetition), row_number() OVER (PARTITION BY identity, part ORDER BY position) AS occurrence
    FROM repeated WHERE repetition = 1)
SELECT *, {_signed(_hash("identity", "part", "occurrence"))} AS row_key, customer_id IS NULL AS anonymous,
    coalesce(customer_id, '#' || CAST({_hash("identity", "CASE WHEN record_id IS NULL THEN occurrence END")}
        AS VARCHAR)) AS known_as
FROM numbered"""


def commit(store: Store, sheets: Sequence[Prepared], *, name: str, sha256: str, size: int | None,
           plan: Plan | None) -> Receipt:
    """Write an upload as a whole or not at all; see Receipt for what is counted."""
    receipt = Receipt(0, name, rows=sum(sheet.rows for sheet in sheets), skipped=sum(sheet.skipped for sheet in sheets),
                      notes=list(dict.fromkeys(note for sheet in sheets for note in sheet.notes)))
    rejects = [reject for sheet in sheets for reject in sheet.rejects]
    receipt.rejected, receipt.rejects = len(rejects), rejects_frame(rejects)
    with store.write() as cursor:
        receipt.upload_id = _next(cursor, "uploads", "upload_id")
        cursor.register("incoming", _incoming(cursor, sheets, sha256, receipt.notes))
        cursor.execute(_KEYED)
        _add_customers(cursor)
        _place(cursor, receipt, {key: label for sheet in sheets for key, label in sheet.labels.items()})
        store_figures(cursor, receipt, [figure for sheet in sheets for figure in sheet.figures])
        _describe_customers(cursor, receipt.upload_id, sheets)
        _note_upload(cursor, receipt, sha256, size, plan)
        derive.refresh(cursor, "touched")
        cursor.unregister("incoming")
    return receipt


def _incoming(cursor: duckdb.DuckDBPyConnection, sheets: Sequence[Prepared], sha256: str,
              notes: list[Text]) -> pa.Table:
    """All sheets as one Arrow table with `position` (order in the file), `source` distinct over sheets, and `space`."""
    tables, offset = [], 0
    for sheet in sheets:
        table = sheet.interactions
        space = _id_space(cursor, sheet, sha256, notes)
        table = table.set_column(table.column_names.index("source"), "source", pc.add(table["source"], offset))
        tables.append(table.append_column("space", pa.repeat(pa.scalar(space), len(table))))
        offset += sheet.rows
    whole = pa.concat_tables(tables)
    return whole.append_column("position", pa.array(range(len(whole)), pa.int64()))


def _id_space(cursor: duckdb.DuckDBPyConnection, sheet: Prepared, sha256: str, notes: list[Text]) -> str:
    """Which earlier rows a sheet's record ids may speak of.

    Numbers that restart in every file (respondent 1, 2, 3…) name other rows each time: where most ids that meet an
    earlier row meet another customer, or other cells of an anonymous row, the file gets an id space of its own.
    """
    table = sheet.interactions
    if sheet.joined or table["record_id"].null_count == len(table):
        return ""
    setting = f"id spaces {sheet.signature}"
    noted = cursor.execute("SELECT value FROM settings WHERE key = ?", [setting]).fetchall()
    spaces: list[str] = json.loads(noted[0][0]) if noted else [""]
    cursor.register("asked", table)
    same_time = "FALSE" if sheet.given_time else "a.occurred_at = i.occurred_at"
    best, best_agreeing, met_others = spaces[0], 0, False
    for space in spaces:
        [(colliding, agreeing)] = cursor.execute(f"""
            WITH a AS (SELECT *, {_signed(_SAID)} AS content_key,
                {_signed(_hash(_BY_ID.replace("space", "?"), "part", "1"))} AS row_key
                FROM asked WHERE record_id IS NOT NULL)
            SELECT count(*), count(*) FILTER (CASE WHEN a.customer_id IS NOT NULL THEN a.customer_id = c.customer_id
                ELSE c.anonymous AND (a.content_key = i.content_key OR {same_time}) END)
            FROM a JOIN interactions i USING (row_key) JOIN customers c USING (customer_key)""", [space]).fetchall()
        if colliding and agreeing * 2 >= colliding and agreeing > best_agreeing:
            best, best_agreeing = space, agreeing
        met_others = met_others or (space == spaces[0] and colliding > 0)
    cursor.unregister("asked")
    if best_agreeing or not met_others:
        return best
    own = sha256[:16]
    set_setting(cursor, setting, json.dumps([*spaces, own] if own not in spaces else spaces))
    notes.append(text("The row numbers of this sheet repeat those of an earlier upload with other contents, so they "
                      "are taken as new rows, not as corrections."))
    return own


def _next(cursor: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    [(number,)] = cursor.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}").fetchall()
    return int(number)


def _add_customers(cursor: duckdb.DuckDBPyConnection) -> None:
    first = _next(cursor, "customers", "customer_key")
    cursor.execute("""
        INSERT INTO customers
        SELECT ? + CAST(row_number() OVER (ORDER BY k.first_position) AS INTEGER) - 1, k.known_as, k.anonymous, NULL
        FROM (SELECT known_as, anonymous, min(position) AS first_position FROM keyed GROUP BY known_as, anonymous) k
        LEFT JOIN customers c ON c.customer_id = k.known_as AND c.anonymous = k.anonymous
        WHERE c.customer_key IS NULL""", [first])
    cursor.execute("""
        CREATE TEMP TABLE who AS SELECT DISTINCT c.customer_id AS known_as, c.anonymous, c.customer_key
        FROM customers c JOIN keyed k ON c.customer_id = k.known_as AND c.anonymous = k.anonymous""")


def _place(cursor: duckdb.DuckDBPyConnection, receipt: Receipt, labels: dict[str, str]) -> None:
    """Insert what is new or changed, shadow what it corrects and what was there already; count."""
    for table, column in (("touchpoints", "touchpoint"), ("channels", "channel"), ("stage_labels", "stage")):
        _name(cursor, table, f"{column}_names", f"SELECT {column} FROM keyed WHERE {column} IS NOT NULL "
              f"GROUP BY {column} ORDER BY min(position)")
    name_ids(cursor, "attributes", labels.values())
    first = _next(cursor, "(SELECT interaction_id FROM interactions UNION ALL SELECT interaction_id FROM shadowed)",
                  "interaction_id")
    judge_comments(cursor, "SELECT comment FROM (SELECT *, emotion AS emotion_given FROM keyed) k "
                           f"WHERE comment IS NOT NULL AND ({derive.EMOTION_SOURCE_SQL}) IS NULL")
    cursor.execute(f"""
        CREATE TEMP TABLE placed AS
        WITH named AS (
            SELECT ? + row_number() OVER (ORDER BY k.occurred_at NULLS LAST, k.position) - 1 AS interaction_id,
                w.customer_key, k.occurred_at, coalesce(l.stage_id, t.stage_id) AS stage_id, h.id AS channel_id,
                tn.id AS touchpoint_id, CAST(nps AS TINYINT) AS nps, CAST(csat AS DECIMAL(9, 3)) AS csat,
                CAST(csat_max AS SMALLINT) AS csat_max, CAST(ces AS DECIMAL(9, 3)) AS ces,
                CAST(ces_max AS SMALLINT) AS ces_max, expectation_met, CAST(emotion AS TINYINT) AS emotion_given,
                comment, CAST(wait_seconds AS INTEGER) AS wait_seconds, CAST(delay_days AS INTEGER) AS delay_days,
                is_complaint, CAST(revenue AS DECIMAL(18, 4)) AS revenue, CAST(quantity AS DECIMAL(18, 3)) AS quantity,
                order_id, campaign, sn.id AS stage_label_id, attributes, row_key, content_key,
                CAST(? AS INTEGER) AS upload_id, sheet, CAST(row_number AS INTEGER) AS row_number, k.source
            FROM keyed k JOIN who w USING (known_as, anonymous)
            LEFT JOIN touchpoint_names tn ON tn.label = k.touchpoint LEFT JOIN touchpoints t ON t.touchpoint_id = tn.id
            LEFT JOIN stage_names sn ON sn.label = k.stage LEFT JOIN stage_labels l ON l.stage_label_id = sn.id
            LEFT JOIN channel_names h ON h.label = k.channel),
        felt AS (SELECT n.*, coalesce({derive.EMOTION_SQL}, m.mood) AS emotion,
                coalesce({derive.EMOTION_SOURCE_SQL}, CASE WHEN m.mood IS NOT NULL THEN 'comment' END) AS emotion_source
            FROM named n LEFT JOIN comment_moods m ON m.comment = n.comment)
        SELECT f.*, i.content_key AS old_content, i.interaction_id AS old_id, i.customer_key AS old_customer
        FROM felt f LEFT JOIN interactions i USING (row_key)""", [first, receipt.upload_id])
    cursor.execute("CREATE TEMP TABLE touched AS SELECT customer_key FROM placed UNION "
                   "SELECT old_customer FROM placed WHERE old_customer IS NOT NULL")
    fresh = "old_id IS NULL OR old_content <> content_key"
    [counts] = cursor.execute(
        f"SELECT count(*), count(*) FILTER ({fresh}), count(old_id) FILTER ({fresh}), "
        f"count(DISTINCT source) FILTER ({fresh}) FROM placed").fetchall()
    total, receipt.interactions, receipt.replaced, receipt.accepted = counts
    receipt.duplicates = receipt.rows - receipt.skipped - receipt.rejected - receipt.accepted
    if receipt.replaced:
        corrected = "interaction_id IN (SELECT old_id FROM placed WHERE old_content <> content_key)"
        cursor.execute(f"INSERT INTO shadowed ({_LISTED}) SELECT {_LISTED} FROM interactions WHERE {corrected}")
        cursor.execute(f"DELETE FROM interactions WHERE {corrected}")
    cursor.execute(f"INSERT INTO interactions ({_LISTED}) SELECT {_LISTED} FROM placed WHERE {fresh} "
                   "ORDER BY interaction_id")
    if total > receipt.interactions:
        cursor.execute(f"INSERT INTO shadowed ({_LISTED}) SELECT {_LISTED} FROM placed WHERE old_content = content_key")


def _name(cursor: duckdb.DuckDBPyConnection, table: str, target: str, labels: str) -> None:
    """A temporary table `target` (label, id) of the labels this query gives, new ones added to `table`."""
    ids = name_ids(cursor, table, [row[0] for row in cursor.execute(labels).fetchall()])
    cursor.register("names", pa.table({"label": pa.array(list(ids), pa.string()),
                                       "id": pa.array(list(ids.values()), pa.int32())}))
    cursor.execute(f"CREATE TEMP TABLE {target} AS SELECT * FROM names")
    cursor.unregister("names")


def _describe_customers(cursor: duckdb.DuckDBPyConnection, upload_id: int, sheets: Sequence[Prepared]) -> None:
    """What the upload says of its customers: the last persona, and the attributes that are the same on all rows."""
    cursor.execute("""
        CREATE TEMP TABLE latest AS
        SELECT w.customer_key,
            arg_max(k.persona, (coalesce(k.occurred_at, TIMESTAMP '1970-01-01'), k.position)) AS label
        FROM keyed k JOIN who w USING (known_as, anonymous) WHERE k.persona IS NOT NULL GROUP BY w.customer_key""")
    _name(cursor, "personas", "persona_names", "SELECT label FROM latest GROUP BY label ORDER BY min(customer_key)")
    cursor.execute("INSERT INTO customer_personas SELECT l.customer_key, n.id, ? FROM latest l "
                   "JOIN persona_names n USING (label) ORDER BY l.customer_key", [upload_id])
    offset, tables = 0, []
    for sheet in sheets:
        table = sheet.of_customers
        tables.append(table.set_column(0, "source", pc.add(table["source"], offset)))
        offset += sheet.rows
    cursor.register("told", pa.concat_tables(tables))
    cursor.execute("""
        INSERT INTO customer_attributes
        SELECT w.customer_key, a.attribute_id, arg_max(t.value, t.source), ?
        FROM told t JOIN (SELECT DISTINCT source, known_as, anonymous FROM keyed) k USING (source)
        JOIN who w USING (known_as, anonymous) JOIN attributes a ON a.key = t.key
        GROUP BY w.customer_key, a.attribute_id ORDER BY w.customer_key, a.attribute_id""", [upload_id])
    cursor.unregister("told")


def _note_upload(cursor: duckdb.DuckDBPyConnection, receipt: Receipt, sha256: str, size: int | None,
                 plan: Plan | None) -> None:
    cursor.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", [
        receipt.upload_id, receipt.name, sha256, size, dt.datetime.now().replace(microsecond=0),
        plan.to_json(samples=False) if plan else None, receipt.accepted, receipt.rejected, receipt.duplicates,
        receipt.replaced])
    if len(receipt.rejects):
        rejects = receipt.rejects
        cursor.register("rejected", pa.table({
            "sheet": pa.array(rejects["sheet"], pa.string()), "row_number": pa.array(rejects["row"], pa.int32()),
            "column_name": pa.array(list(rejects["column"]), pa.string(), from_pandas=True),
            "value": pa.array(rejects["value"], pa.string()),
            "reason": pa.array([json.dumps(text_to_json(each), ensure_ascii=False) for each in rejects["text"]]),
            "row_values": pa.array([json.dumps(each, ensure_ascii=False) for each in rejects["cells"]])}))
        cursor.execute("INSERT INTO rejects SELECT ?, sheet, row_number, column_name, value, reason, row_values "
                       "FROM rejected", [receipt.upload_id])
        cursor.unregister("rejected")
    if plan:
        for sheet in plan.sheets:
            if not sheet.skip:
                alone = Plan(plan.file, [sheet], pseudonymise=plan.pseudonymise)
                cursor.execute("INSERT OR REPLACE INTO mappings VALUES (?, ?, ?, ?)",
                               [sheet.signature, receipt.name, alone.to_json(samples=False), dt.datetime.now()])


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
            AND customer_key NOT IN (SELECT customer_key FROM interactions)
            AND customer_key NOT IN (SELECT customer_key FROM shadowed)""")
        _forget_names(cursor)
        cursor.execute("UPDATE uploads SET undone_at = ? WHERE upload_id = ?", [dt.datetime.now(), upload_id])
        derive.refresh(cursor, "touched")


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
