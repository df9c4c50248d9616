"""Rows of a file that earlier uploads hold already: written alike, or the same export in another form.

Row keys (cx.intake.load) know a row again that is written alike. An export comes back in other forms, too: times
rounded or in another time zone, a column more, another file name for undated rows. Such a row looks like an earlier one
where customer, touchpoint, scores and order agree (and the comment, where nobody knows the customer) and the times do
as far as the coarser of the two tells them, or whole hours apart. A score that one side lacks does not count where the
times tell more than the day. Rows are paired one to one; those of nobody only where as many look alike on both sides.
An upload is named where half of the rows that could be its own are, of undated rows four fifths: less is chance.

What follows of it a person decides (SheetPlan.same): a row that is the same takes the key of the earlier one, so that
it corrects it, and undo brings the earlier one back. That is kept (row_aliases) as long as an upload stands on it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.column import Values, text_number
from cx.intake.prepare import Prepared, Rows
from cx.intake.staged import NUMBERED
from cx.language import Text, text
from cx.model import name_key
from cx.store import Store

_FIELDS = {"customer_id": "VARCHAR", "occurred_at": "TIMESTAMP", "touchpoint": "VARCHAR", "nps": "DECIMAL(9, 3)",
           "csat": "DECIMAL(9, 3)", "ces": "DECIMAL(9, 3)", "order_id": "VARCHAR", "comment": "VARCHAR"}
_HALF, _MOST, _FEWEST = 0.5, 0.8, 3
_DAYS, _UNDATED = 3, 4
_SCORES = ("nps", "csat", "ces", "order_id")
_PRECISION = ("CASE WHEN occurred_at IS NULL THEN 4 WHEN occurred_at = date_trunc('day', occurred_at) THEN 3 "
              "WHEN occurred_at = date_trunc('minute', occurred_at) THEN 2 "
              "WHEN occurred_at = date_trunc('second', occurred_at) THEN 1 ELSE 0 END")
_CUT = ("{}", "date_trunc('second', {})", "date_trunc('minute', {})", "date_trunc('day', {})", "{}")
_APART = (text("at the same time"), text("less than a second apart"), text("less than a minute apart"),
          text("on the same day"), text("without a date"))
"""By how exactly the coarser side tells the time: to the microsecond, second, minute, day, not at all."""
_ROUNDED = (None, "500 milliseconds", "30 seconds", None, None)
_HOURS = (1, -1, 2, -2, 3, -3)


@dataclass(frozen=True)
class Earlier:
    """An upload whose rows look like `rows` of the file's; apart = how their times differ."""

    upload_id: int
    name: str
    loaded_at: dt.datetime
    rows: int
    apart: Text


@dataclass(frozen=True)
class SeenBefore:
    """How many rows of a file (rows, of those that yield an interaction) are there already, correct an earlier row, or
    look like one that is written otherwise (similar, of the uploads in `earlier`, most rows first).

    pairs  of each sheet: position of an interaction (cx.intake.prepare.Rows) → row_key of the one it looks like
    """

    rows: int = 0
    there: int = 0
    corrected: int = 0
    similar: int = 0
    earlier: tuple[Earlier, ...] = ()
    pairs: tuple[dict[int, int], ...] = field(default=(), repr=False)

    @property
    def warning(self) -> Text:
        """What is similar to what, where something is."""
        first, *others = self.earlier
        told = {"n": self.similar, "rows": self.rows, "name": first.name, "when": first.loaded_at.date(),
                "apart": first.apart}
        if others:
            return text("{n} of {rows} rows look like rows of “{name}”, loaded on {when} ({apart}), and of {others} "
                        "other uploads: the same touchpoints and answers. Loaded as new, they count twice.",
                        others=len(others), **told)
        return text("{n} of {rows} rows look like rows of “{name}”, loaded on {when} ({apart}): the same touchpoints "
                    "and answers. Loaded as new, they count twice.", **told)


def look(store: Store, sheets: Sequence[Prepared]) -> SeenBefore:
    """What of these sheets the workspace holds already. Consumes their rows; nothing is stored."""
    with store.reader() as cursor:
        if not _take_in(cursor, store, sheets):
            return SeenBefore()
        cursor.execute("CREATE TEMP TABLE pairs (number BIGINT, row_key BIGINT, upload_id INTEGER)")
        found = _pair(cursor)
        [(rows, there, corrected)] = cursor.execute("""
            SELECT count(*), count(*) FILTER (there), count(*) FILTER (corrected) FROM (
                SELECT bool_and(coalesce(i.content_key = f.content, FALSE)) AS there,
                    coalesce(bool_or(i.content_key <> f.content), FALSE) AS corrected
                FROM fresh f LEFT JOIN interactions i USING (row_key) GROUP BY f.sheet, f.source)""").fetchall()
        counted = dict(cursor.execute(f"""
            SELECT upload_id, count(*) FROM (
                SELECT sheet, source, arg_max(p.upload_id, p.upload_id) AS upload_id
                FROM fresh LEFT JOIN pairs p USING (number) GROUP BY sheet, source
                HAVING count(p.row_key) >= {_HALF} * count(*)) GROUP BY upload_id""").fetchall())
        told = cursor.execute("SELECT upload_id, name, loaded_at FROM uploads WHERE upload_id IN "
                              "(SELECT upload_id FROM pairs)").fetchall()
        earlier = [Earlier(number, name, when, counted[number], found[number]) for number, name, when in told
                   if number in counted]
        pairs = tuple(dict(cursor.execute("SELECT position, p.row_key FROM pairs p JOIN fresh USING (number) "
                                          "WHERE sheet = ?", [sheet]).fetchall()) for sheet in range(len(sheets)))
    return SeenBefore(rows, there, corrected, sum(each.rows for each in earlier), tuple(
        sorted(earlier, key=lambda each: -each.rows)), pairs)


def _take_in(cursor: duckdb.DuckDBPyConnection, store: Store, sheets: Sequence[Prepared]) -> int:
    """Make the table `fresh`, one row an interaction → how many. number is distinct, row_key as the load would have
    it."""
    touchpoints = dict(cursor.execute("SELECT key, touchpoint_id FROM touchpoints").fetchall())
    tables = []
    for number, sheet in enumerate(sheets):
        rows = [_table(each, number, sheet.parts) for _, parts in sheet.rows() for each in parts if len(each.positions)]
        if rows:
            tables.append(_spaced(cursor, store, sheet.signature, pa.concat_tables(rows).combine_chunks()))
    if not tables:
        return 0
    given = pa.concat_tables(tables)
    words = given.column("touchpoint").combine_chunks()
    known = {word: touchpoints.get(name_key(word), -1) for word in words.unique().to_pylist() if word is not None}
    cursor.register("given_rows", given)
    cursor.register("known_places", pa.table({"touchpoint": pa.array(list(known), pa.string()),
                                              "touchpoint_id": pa.array(list(known.values()), pa.int32())}))
    casts = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in _FIELDS.items())
    cursor.execute(f"""
        CREATE TEMP TABLE fresh AS
        WITH counted AS (
            SELECT sheet, position, source, by_id, content, key, {casts}, row_number() OVER (
                PARTITION BY key, CASE WHEN by_id THEN content END ORDER BY sheet, position) AS nth
            FROM given_rows)
        SELECT row_number() OVER () AS number, sheet, position, source, content, touchpoint_id,
            coalesce(k.row_key, own_key) AS row_key, customer_id, occurred_at, nps, csat, ces, order_id, comment
        FROM (SELECT *, CASE WHEN nth = 1 OR by_id THEN key ELSE {NUMBERED.format("key")} END AS own_key FROM counted)
        LEFT JOIN known_places USING (touchpoint)
        LEFT JOIN (SELECT own_key, max(row_key) AS row_key FROM row_aliases GROUP BY own_key) k USING (own_key)""")
    return len(given)


def _table(rows: Rows, sheet: int, parts: int) -> pa.Table:
    n = len(rows.positions)
    fields = rows.part.fields
    columns = {
        "sheet": pa.array(np.full(n, sheet)), "position": pa.array(rows.positions),
        "source": pa.array(rows.positions // parts), "key": pa.array(rows.key), "by_id": pa.array(rows.by_id),
        "content": pa.array(rows.content)}
    for name, kind in _FIELDS.items():
        column = pa.timestamp("us") if kind == "TIMESTAMP" else pa.string() if kind == "VARCHAR" else pa.float64()
        columns[name] = _plain(fields[name], column) if name in fields else pa.nulls(n, column)
    return pa.table(columns)


def _plain(values: Values, kind: pa.DataType) -> pa.Array:
    return values.compact().arrow().cast(kind)


def _spaced(cursor: duckdb.DuckDBPyConnection, store: Store, signature: str, given: pa.Table) -> pa.Table:
    """The rows with record ids in the id space (cx.intake.staged) in which most of them are known."""
    spaces = [int(text_number(each).astype(np.int64)) for each in json.loads(
        store.setting(f"id spaces {signature}") or '[""]')]
    by_id = np.asarray(given.column("by_id"))
    if not by_id.any() or spaces == [0]:
        return given
    key = np.asarray(given.column("key"))
    best, most = key, -1
    for space in spaces:
        spaced = np.where(by_id, key ^ np.int64(space), key)
        cursor.register("spaced_keys", pa.table({"row_key": pa.array(spaced)}))
        [[known]] = cursor.execute("SELECT count(*) FROM spaced_keys WHERE row_key IN (SELECT row_key FROM "
                                   "interactions)").fetchall()
        cursor.unregister("spaced_keys")
        best, most = (spaced, known) if known > most else (best, most)
    return given.set_column(given.schema.get_field_index("key"), "key", pa.array(best))


def _pair(cursor: duckdb.DuckDBPyConnection) -> dict[int, Text]:
    """Fill `pairs` → {upload that was met: how its times differ}."""
    cursor.execute("""
        CREATE TEMP TABLE earlier AS
        SELECT i.row_key, i.upload_id, CASE WHEN NOT c.anonymous THEN c.customer_id END AS customer_id, i.occurred_at,
            i.touchpoint_id, CAST(i.nps AS DECIMAL(9, 3)) AS nps, i.csat, i.ces, i.order_id, i.comment
        FROM interactions i JOIN customers c USING (customer_key),
            (SELECT min(occurred_at) - INTERVAL 1 DAY AS low, max(occurred_at) + INTERVAL 1 DAY AS high,
                bool_or(occurred_at IS NULL) AS undated, bool_or(customer_id IS NULL) AS unknown FROM fresh)
        WHERE (i.occurred_at BETWEEN low AND high OR (i.occurred_at IS NULL AND undated))
            AND ((c.anonymous AND unknown) OR (NOT c.anonymous AND c.customer_id IN (SELECT customer_id FROM fresh)))
            AND i.row_key NOT IN (SELECT row_key FROM fresh)""")
    cursor.execute("CREATE TEMP TABLE unmet AS SELECT * FROM fresh "
                   "WHERE row_key NOT IN (SELECT row_key FROM interactions)")
    uploads = cursor.execute(f"""
        SELECT e.upload_id, greatest(e.precision, f.precision), least(f.n, a.n)
        FROM (SELECT upload_id, min({_PRECISION}) AS precision FROM earlier GROUP BY upload_id) e
        JOIN (SELECT upload_id, count(*) AS n FROM interactions GROUP BY upload_id) a USING (upload_id),
            (SELECT min({_PRECISION}) AS precision, count(*) AS n FROM unmet) f
        WHERE f.n > 0""").fetchall()
    found: dict[int, Text] = {}
    known = [name for name in _SCORES if all(cursor.execute(
        f"SELECT 1 FROM {table} WHERE {name} IS NOT NULL LIMIT 1").fetchall() for table in ("unmet", "earlier"))]
    for precision in sorted({level for _, level, _ in uploads}):
        wanted = {number: n for number, level, n in uploads if level == precision}
        compared = known if precision < _DAYS else _SCORES  # days alone tell too little without them
        for ways, apart in _ways(precision):
            left = [number for number in wanted if number not in found]
            if left:
                best = max(ways, key=lambda way: _meet(cursor, precision, way, left, compared))
                _meet(cursor, precision, best, left, compared)
                for number, n in cursor.execute("SELECT upload_id, count(*) FROM met GROUP BY ALL").fetchall():
                    share = _MOST if precision == _UNDATED else _HALF
                    if n >= min(_FEWEST, wanted[number]) and n >= share * wanted[number]:
                        found[number] = apart
                        cursor.execute("INSERT INTO pairs SELECT number, row_key, upload_id FROM met WHERE upload_id = "
                                       "? AND number NOT IN (SELECT number FROM pairs)", [number])
    return found


_Way = tuple[str | None, int]  # (what is added to the times of both, to round rather than cut; hours apart)


def _ways(precision: int) -> list[tuple[list[_Way], Text]]:
    """Ways to compare times of which the best counts, and how times differ then; the likeliest first."""
    near: list[_Way] = [(None, 0), *([(_ROUNDED[precision], 0)] if _ROUNDED[precision] else [])]
    shifted: list[list[_Way]] = [[(None, hours)] for hours in _HOURS if precision < _DAYS]
    return [(near, _APART[precision]), *((ways, text("{hours} h apart", hours=abs(ways[0][1]))) for ways in shifted)]


def _meet(cursor: duckdb.DuckDBPyConnection, precision: int, way: _Way, uploads: Sequence[int],
          compared: Sequence[str]) -> int:
    """Fill `met` with the pairs that are found in a way → how many."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE met AS " + _met_sql(precision, way, compared), [list(uploads)])
    [[n]] = cursor.execute("SELECT count(*) FROM met").fetchall()
    return int(n)


def _met_sql(precision: int, way: _Way, compared: Sequence[str]) -> str:
    """SQL: number of a fresh interaction, row_key and upload_id of the earlier one it looks like; the uploads are its
    parameter."""
    rounded, hours = way
    others = "".join(f", {name}" for name in compared)

    def said(shift: int) -> str:
        moment = f"(occurred_at + INTERVAL ({shift}) HOUR" + (f" + INTERVAL '{rounded}')" if rounded else ")")
        return (f"hash(customer_id, {_CUT[precision].format(moment)}, touchpoint_id{others}, "
                "CASE WHEN customer_id IS NULL THEN comment END) AS said")

    return f"""
        WITH new AS (SELECT number, customer_id, occurred_at, {said(hours)} FROM unmet),
        old AS (SELECT row_key, upload_id, occurred_at, {said(0)} FROM earlier WHERE upload_id IN (SELECT unnest(?)))
        SELECT n.number, o.row_key, o.upload_id
        FROM (SELECT *, row_number() OVER (PARTITION BY said ORDER BY occurred_at, number) AS nth,
                  count(*) OVER (PARTITION BY said) AS times FROM new) n
        JOIN (SELECT *, row_number() OVER (PARTITION BY said, upload_id ORDER BY occurred_at, row_key) AS nth,
                  count(*) OVER (PARTITION BY said, upload_id) AS times FROM old) o USING (said, nth)
        WHERE n.customer_id IS NOT NULL OR n.times = o.times"""
