"""Prepared sheets into the workspace, in one transaction.

Exactly one effective row per `row_key` stands in `interactions`: that of the newest upload. What another upload says of
the same row stands in `shadowed` and comes back when the newer one is undone.

row_key      of a row with a record id: sheet signature, id space, id, part. Of others: customer, time, touchpoint,
             channel, stage name, order, part and how many such rows stand before it in the file. Of an anonymous row
             without id: all its cells instead of those. Rows without time are kept apart by upload name. In a sheet
             with one row for each order its number is the record id; where a later file of the kind has more rows of an
             order, or fewer, its first row takes the key it has in the workspace.
content_key  of all that the row says.
Both are 64-bit numbers (cx.intake.column): stable over processes and machines, not meant to withstand an attacker.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa

from cx.intake.ahead import meanwhile
from cx.intake.figures import store_figures
from cx.intake.moods import Moods
from cx.intake.placing import Placing
from cx.intake.plan import Plan, Receipt, rejects_frame, text_to_json
from cx.intake.prepare import Prepared
from cx.intake.progress import Progress, unwatched
from cx.intake.seen_before import pair
from cx.intake.staged import Staged
from cx.intake.zones import settle_time_zone
from cx.language import Text, text
from cx.store import Store, derive
from cx.store.database import WRITING
from cx.store.derive_sql import EMOTION_SOURCE_SQL, EMOTION_SQL
from cx.store.handed import handed
from cx.store.schema import INTERACTION_COLUMNS

_LISTED = ", ".join(INTERACTION_COLUMNS)
_MANY = 1_000_000  # rows from which on the database is held to little memory
_NEW = "(old_content IS NULL OR old_content <> content_key)"


def commit(store: Store, sheets: Sequence[Prepared], *, name: str, sha256: str, size: int | None, plan: Plan | None,
           progress: Progress = unwatched) -> Receipt:
    """Write an upload as a whole or not at all; see Receipt for what is counted."""
    receipt = Receipt(0, name, rows=sum(sheet.rows_in_all for sheet in sheets),
                      skipped=sum(sheet.skipped for sheet in sheets))
    many = receipt.rows >= _MANY
    with store.sparing() if many else contextlib.nullcontext(), store.write() as cursor, Moods(cursor) as moods, \
            Staged(cursor, sheets, sha256) as staged:
        receipt.upload_id = _next(cursor, "uploads", "upload_id")
        staged.fill(lambda done: progress(done * 5 // 10, receipt.rows), moods)
        if any(sheet.same for sheet in sheets):
            pair(cursor)
            staged.take_over()
        rejects = [reject for sheet in sheets for reject in sheet.rejects]
        receipt.rejected, receipt.rejects = len(rejects), rejects_frame(rejects)
        receipt.notes = [*_notes(sheets), *staged.notes]
        _add_customers(cursor, staged)
        with store.sparing(WRITING) if many else contextlib.nullcontext():
            _meanwhile(cursor, lambda report: _place(cursor, receipt, staged, sheets, moods, report),
                       progress, receipt.rows, (0.55, 0.8), text("Storing the rows…"))
        store_figures(cursor, receipt, [figure for sheet in sheets for figure in sheet.figures])
        progress(receipt.rows * 8 // 10, receipt.rows)
        _describe_customers(cursor, receipt.upload_id, staged)
        staged.names.note(receipt.upload_id)
        staged.note_taken(receipt.upload_id)
        zone = next((sheet.zone for sheet in sheets if sheet.stating), None)
        if zone is not None:
            settle_time_zone(cursor, zone)
        _note_upload(cursor, receipt, sha256, size, plan)
        staged.let_go()
        pa.default_memory_pool().release_unused()
        _meanwhile(cursor, lambda report: derive.refresh(
            cursor, "touched", f"upload_id = {receipt.upload_id}", report), progress, receipt.rows, (0.8, 0.95),
                   text("Working out journeys and daily figures…"))
        progress(receipt.rows * 95 // 100, receipt.rows, text("Writing everything to the disk…"))
    return receipt


def _notes(sheets: Sequence[Prepared]) -> list[Text]:
    """What was decided on the way; of several sheets each with those it was said of, the same once."""
    said: dict[Text, list[str]] = {}
    for sheet in sheets:
        for note in dict.fromkeys(sheet.notes):
            said.setdefault(note, []).append(sheet.name)
    if len(sheets) == 1:
        return list(said)
    return [text("{sheets}: {note}", sheets=", ".join(names), note=note) for note, names in said.items()]


def _meanwhile(cursor: duckdb.DuckDBPyConnection, work: Callable[[Callable[[float], None]], None], progress: Progress,
               rows: int, span: tuple[float, float], doing: Text) -> None:
    """Do a step that tells which share of it is done, and tell so several times a second; where that stops the load,
    what the cursor does is broken off.

    span  the shares of the load between which it lies
    """
    done, (low, high) = [0.0], span

    def tell(_seconds: float) -> None:
        progress(int(rows * (low + (high - low) * done[-1])), rows, doing)

    tell(0)
    meanwhile(lambda: work(done.append), tell, cursor.interrupt)


def _next(cursor: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    [(number,)] = cursor.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}").fetchall()
    return int(number)


def _add_customers(cursor: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    first = _next(cursor, "customers", "customer_key")
    with handed(cursor, "known_people", staged.people.table()):
        cursor.execute("CREATE TEMP TABLE people AS SELECT place, person, FALSE AS anonymous, known_as, "
                       "first_position FROM known_people")
    if staged.anonymous:
        cursor.execute("INSERT INTO people SELECT -1, person, TRUE, any_value(known_as), min(position) FROM keyed "
                       "WHERE anonymous GROUP BY person")
    cursor.execute("""
        INSERT INTO customers
        SELECT ? + CAST(row_number() OVER (ORDER BY p.first_position) AS INTEGER) - 1, p.known_as, p.anonymous, NULL
        FROM people p LEFT JOIN customers c ON c.customer_id = p.known_as AND c.anonymous = p.anonymous
        WHERE c.customer_key IS NULL""", [first])
    cursor.execute("""
        CREATE TEMP TABLE who AS SELECT p.place, p.person, p.anonymous, c.customer_key
        FROM customers c JOIN people p ON c.customer_id = p.known_as AND c.anonymous = p.anonymous""")


def _place(cursor: duckdb.DuckDBPyConnection, receipt: Receipt, staged: Staged, sheets: Sequence[Prepared],
           moods: Moods, report: Callable[[float], None]) -> None:
    """Insert what is new or changed, shadow what it corrects and what was there already; count. `report` is told which
    share is done."""
    first = _next(cursor, "(SELECT interaction_id FROM interactions UNION ALL SELECT interaction_id FROM shadowed)",
                  "interaction_id")
    cursor.execute("CREATE TEMP TABLE touched AS SELECT customer_key FROM who")
    if staged.by_id:  # a row that its id or its other form tells may have been another customer's
        cursor.execute("INSERT INTO touched SELECT DISTINCT customer_key FROM interactions WHERE row_key IN "
                       "(SELECT row_key FROM keyed WHERE by_id OR row_key IN (SELECT row_key FROM row_aliases)) "
                       "AND customer_key NOT IN (SELECT customer_key FROM who)")
    derive.look_at(cursor, "touched")
    cursor.execute(f"""
        CREATE TEMP TABLE met AS
        SELECT k.position, i.interaction_id AS old_id, CAST(NULL AS BIGINT) AS old_content
        FROM keyed k JOIN {derive.LOOKED_AT} i USING (row_key)""")
    [[met]] = cursor.execute("SELECT count(*) FROM met").fetchall()
    if met:
        cursor.execute("UPDATE met SET old_content = content_key FROM interactions WHERE interaction_id = old_id")
    corrected = "SELECT old_id FROM keyed JOIN met USING (position) WHERE old_content <> content_key"
    derive.forget(cursor, "touched", corrected if met else "")
    joined = "keyed LEFT JOIN met USING (position)" if met else "keyed, (SELECT NULL AS old_content, NULL AS old_id)"
    sources = "count(DISTINCT source)" if any(sheet.parts > 1 for sheet in sheets) else "count(*)"
    [[receipt.interactions, receipt.replaced, receipt.accepted, receipt.corrected]] = cursor.execute(
        f"SELECT count(*), count(old_id), {sources}, {sources} FILTER (old_id IS NOT NULL) FROM {joined} WHERE {_NEW}"
    ).fetchall()
    receipt.duplicates = receipt.rows - receipt.skipped - receipt.rejected - receipt.accepted
    report(0)
    attributes, keys = _attributes(cursor, staged, sheets)
    placing = Placing(cursor, staged, moods.judged(), first, report)
    placed = f"""SELECT {_LISTED} FROM (
            SELECT *, {attributes} AS attributes, {receipt.upload_id} AS upload_id,
                coalesce({EMOTION_SQL}, mood) AS emotion,
                coalesce({EMOTION_SOURCE_SQL}, CASE WHEN mood IS NOT NULL THEN 'comment' END) AS emotion_source
            FROM """
    order = "" if staged.in_order else " ORDER BY interaction_id"
    if receipt.replaced:
        cursor.execute(f"INSERT INTO shadowed ({_LISTED}) SELECT {_LISTED} FROM interactions "
                       f"WHERE interaction_id IN ({corrected})")
        cursor.execute(f"DELETE FROM interactions WHERE interaction_id IN ({corrected})")
    for table, rows in (("interactions", "fresh"), ("shadowed", "known"))[:1 + (met > receipt.replaced)]:
        cursor.execute(f"INSERT INTO {table} ({_LISTED}) {placed}{rows}){order}", keys)
    placing.let_go()


# --- attributes: of the customer where a column says one thing of each, else of the interaction ---


def _attributes(cursor: duckdb.DuckDBPyConnection, staged: Staged, sheets: Sequence[Prepared]) -> tuple[str, list[str]]:
    """(SQL: attribute key → value of what each row says of itself, its parameters). What columns say of customers goes
    to `told`."""
    cursor.execute("CREATE TEMP TABLE told (customer_key INTEGER, attribute_id INTEGER, value VARCHAR, "
                   "sheet_number INTEGER)")
    cases, keys = [], []
    for number, sheet in enumerate(sheets):
        columns = {key: staged.attribute_columns[key] for key in sheet.labels}
        steady = staged.steady[number]
        filled, of_customers = {key: steady.filled(key) for key in columns}, steady.of_customers()
        ids = staged.names.ids("attributes", [sheet.labels[key] for key in columns if filled[key]])
        for key in of_customers if not sheet.joined else ():
            _tell(cursor, staged, number, key, ids[sheet.labels[key]])
        own = [key for key in columns if filled[key] and (sheet.joined or key not in of_customers)]
        cases.append(_map([columns[key] for key in own], every=all(filled[key] == "all" for key in own)))
        keys.extend(own)
    if len(cases) == 1:
        return cases[0], keys
    return "CASE sheet_number " + " ".join(f"WHEN {n} THEN {each}" for n, each in enumerate(cases)) + " END", keys


def _tell(cursor: duckdb.DuckDBPyConnection, staged: Staged, number: int, key: str, attribute_id: int) -> None:
    """Put what a column of a sheet says of its customers into `told`."""
    if staged.anonymous:
        column = staged.attribute_columns[key]
        cursor.execute(f"""
            INSERT INTO told SELECT w.customer_key, ?, any_value(k.value), ?
            FROM (SELECT person, anonymous, any_value({column}) AS value FROM keyed
                  WHERE sheet_number = ? AND {column} IS NOT NULL GROUP BY person, anonymous) k
            JOIN who w USING (person, anonymous) GROUP BY w.customer_key""", [attribute_id, number, number])
        return
    for places, values in staged.steady[number].told[key]:
        with handed(cursor, "told_values", pa.table({"place": pa.array(places), "value": values})):
            cursor.execute("INSERT INTO told SELECT w.customer_key, ?, CAST(v.value AS VARCHAR), ? FROM told_values v "
                           "JOIN who w USING (place)", [attribute_id, number])


def _map(columns: Sequence[str], *, every: bool) -> str:
    """SQL: a map of these attributes of a row, without the empty ones; their keys are parameters.

    every  no row has an empty one
    """
    if not columns:
        return "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"
    if every:
        return f"MAP([{', '.join('?' for _ in columns)}], [{', '.join(columns)}])"
    pairs = ", ".join(f"{{'key': CAST(? AS VARCHAR), 'value': {name}}}" for name in columns)
    return f"map_from_entries(list_filter([{pairs}], lambda pair: pair.value IS NOT NULL))"


def _describe_customers(cursor: duckdb.DuckDBPyConnection, upload_id: int, staged: Staged) -> None:
    """What the upload says of its customers: the last persona, and the attributes that are the same on all rows."""
    if staged.personas:
        _note_personas(cursor, upload_id, staged)
    cursor.execute("""
        INSERT INTO customer_attributes
        SELECT customer_key, attribute_id, arg_max(value, sheet_number), ? FROM told
        GROUP BY customer_key, attribute_id ORDER BY customer_key, attribute_id""", [upload_id])


def _note_personas(cursor: duckdb.DuckDBPyConnection, upload_id: int, staged: Staged) -> None:
    cursor.execute("""
        CREATE TEMP TABLE latest AS
        SELECT w.customer_key,
            arg_max(k.persona, (coalesce(k.occurred_at, TIMESTAMP '1970-01-01'), k.position)) AS label,
            min(k.position) AS first_position
        FROM keyed k JOIN who w USING (person, anonymous) WHERE k.persona IS NOT NULL GROUP BY w.customer_key""")
    labels = [row[0] for row in cursor.execute(
        "SELECT label FROM latest GROUP BY label ORDER BY min(first_position)").fetchall()]
    ids = staged.names.ids("personas", labels)
    cursor.register("persona_names", pa.table({"label": pa.array(list(ids), pa.string()),
                                               "id": pa.array(list(ids.values()), pa.int32())}))
    cursor.execute("INSERT INTO customer_personas SELECT l.customer_key, n.id, ? FROM latest l "
                   "JOIN persona_names n USING (label) ORDER BY l.customer_key", [upload_id])
    cursor.unregister("persona_names")


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
            alone = Plan(plan.file, [sheet], pseudonymise=plan.pseudonymise)
            cursor.execute("INSERT OR REPLACE INTO mappings VALUES (?, ?, ?, ?)",
                           [sheet.signature, receipt.name, alone.to_json(samples=False), dt.datetime.now()])
