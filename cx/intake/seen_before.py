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
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from cx.intake.plan import Reject
from cx.intake.prepare import Prepared
from cx.intake.progress import Progress, unwatched
from cx.intake.staged import Staged
from cx.language import Text, text
from cx.store import Store

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
class Reason:
    """Why `rows` rows of a sheet cannot be loaded; row = the number of the first of them, text = what is said of it."""

    rows: int
    sheet: str
    row: int
    text: Text


@dataclass(frozen=True)
class SeenBefore:
    """How many rows of a file (rows, of those that yield an interaction) are there already, correct an earlier row, or
    look like one that is written otherwise (similar, of the uploads in `earlier`, most rows first).

    asks      of each sheet: some of its rows are similar
    rejected  how many rows of the file will not be loaded; reasons: why, the most frequent first, each with how many
              rows, the first of them, and its sheet
    """

    rows: int = 0
    there: int = 0
    corrected: int = 0
    similar: int = 0
    earlier: tuple[Earlier, ...] = ()
    asks: tuple[bool, ...] = ()
    rejected: int = 0
    reasons: tuple[Reason, ...] = ()

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


def look(store: Store, sheets: Sequence[Prepared], progress: Progress = unwatched) -> SeenBefore:
    """What of these sheets the workspace holds already: the rows get the keys that the load would give them. Consumes
    their rows; nothing is stored."""
    nothing = SeenBefore(asks=(False,) * len(sheets))
    total = sum(sheet.rows_in_all for sheet in sheets)
    if not store.value("SELECT 1 FROM interactions LIMIT 1"):
        before = 0
        for sheet in sheets:
            for done, _ in sheet.rows():
                progress(before + done, total)
            before += sheet.rows_in_all
        return _with_rejected(nothing, sheets)
    with store.reader() as cursor, Staged(cursor, sheets, "not stored", reading=True) as staged:
        staged.fill(lambda done: progress(done * 9 // 10, total))
        if not staged.spool.rows:
            return _with_rejected(nothing, sheets)
        found = pair(cursor)
        progress(total, total)
        [(rows, there, corrected)] = cursor.execute("""
            SELECT count(*), count(*) FILTER (there), count(*) FILTER (corrected) FROM (
                SELECT bool_and(there) AS there, bool_or(corrected) AS corrected FROM (
                    SELECT source, coalesce(i.content_key = g.content_key, FALSE) AS there,
                        coalesce(i.content_key <> g.content_key, FALSE) AS corrected
                    FROM given_rows g LEFT JOIN interactions i USING (row_key)
                    UNION ALL SELECT source, TRUE, FALSE FROM twins)
                GROUP BY source)""").fetchall()
        counted = dict(cursor.execute(f"""
            SELECT upload_id, count(*) FROM (
                SELECT source, arg_max(p.upload_id, p.upload_id) AS upload_id
                FROM given_rows LEFT JOIN pairs p USING (position) GROUP BY source
                HAVING count(p.row_key) >= {_HALF} * count(*)) GROUP BY upload_id""").fetchall())
        told = cursor.execute("SELECT upload_id, name, loaded_at FROM uploads WHERE upload_id IN "
                              "(SELECT upload_id FROM pairs)").fetchall()
        asking = {number for (number,) in cursor.execute(
            "SELECT DISTINCT sheet_number FROM given_rows JOIN pairs USING (position)").fetchall()}
    earlier = [Earlier(number, name, when, counted[number], found[number]) for number, name, when in told
               if number in counted]
    return _with_rejected(SeenBefore(
        rows, there, corrected, sum(each.rows for each in earlier),
        tuple(sorted(earlier, key=lambda each: -each.rows)),
        tuple(number in asking for number in range(len(sheets)))), sheets)


def _with_rejected(seen: SeenBefore, sheets: Sequence[Prepared]) -> SeenBefore:
    """The same with the rows of these sheets, all looked at, that will not be loaded."""
    alike: dict[tuple[str, str | None, str], list[Reject]] = {}
    for reject in (each for sheet in sheets for each in sheet.rejects):
        alike.setdefault((reject.sheet, reject.column, reject.text.id), []).append(reject)
    reasons = [Reason(len(each), each[0].sheet, each[0].row, each[0].text) for each in alike.values()]
    return replace(seen, rejected=sum(each.rows for each in reasons),
                   reasons=tuple(sorted(reasons, key=lambda each: (-each.rows, each.row))))


def pair(cursor: duckdb.DuckDBPyConnection) -> dict[int, Text]:
    """Make the table `pairs` of the rows in `keyed` (cx.intake.staged): position, row_key and upload_id of the earlier
    row it looks like → {upload that was met: how its times differ}. Makes `given_rows`, too: the rows themselves."""
    cursor.execute("""
        CREATE TEMP TABLE given_rows AS
        SELECT position, sheet_number, source, row_key, content_key, customer_id, occurred_at, touchpoint_id,
            CAST(nps AS DECIMAL(9, 3)) AS nps, csat, ces, order_id,
            CASE WHEN customer_id IS NULL THEN comment END AS comment
        FROM keyed""")
    cursor.execute("CREATE TEMP TABLE pairs (position BIGINT, row_key BIGINT, upload_id INTEGER)")
    cursor.execute("""
        CREATE TEMP TABLE earlier AS
        SELECT i.row_key, i.upload_id, CASE WHEN NOT c.anonymous THEN c.customer_id END AS customer_id, i.occurred_at,
            i.touchpoint_id, CAST(i.nps AS DECIMAL(9, 3)) AS nps, i.csat, i.ces, i.order_id,
            CASE WHEN c.anonymous THEN i.comment END AS comment
        FROM interactions i JOIN customers c USING (customer_key),
            (SELECT min(occurred_at) - INTERVAL 1 DAY AS low, max(occurred_at) + INTERVAL 1 DAY AS high,
                bool_or(occurred_at IS NULL) AS undated, bool_or(customer_id IS NULL) AS unknown FROM given_rows)
        WHERE (i.occurred_at BETWEEN low AND high OR (i.occurred_at IS NULL AND undated))
            AND ((c.anonymous AND unknown)
                OR (NOT c.anonymous AND c.customer_id IN (SELECT customer_id FROM given_rows)))
            AND i.row_key NOT IN (SELECT row_key FROM given_rows)""")
    cursor.execute("CREATE TEMP TABLE unmet AS SELECT * FROM given_rows "
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
                for number, n in cursor.execute("SELECT upload_id, count(*) FROM alike GROUP BY ALL").fetchall():
                    share = _MOST if precision == _UNDATED else _HALF
                    if n >= min(_FEWEST, wanted[number]) and n >= share * wanted[number]:
                        found[number] = apart
                        cursor.execute("INSERT INTO pairs SELECT position, row_key, upload_id FROM alike WHERE "
                                       "upload_id = ? AND position NOT IN (SELECT position FROM pairs)", [number])
    for table in ("earlier", "unmet", "alike"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    return found


_Way = tuple[str | None, int]  # (what is added to the times of both, to round rather than cut; hours apart)


def _ways(precision: int) -> list[tuple[list[_Way], Text]]:
    """Ways to compare times of which the best counts, and how times differ then; the likeliest first."""
    near: list[_Way] = [(None, 0), *([(_ROUNDED[precision], 0)] if _ROUNDED[precision] else [])]
    shifted: list[list[_Way]] = [[(None, hours)] for hours in _HOURS if precision < _DAYS]
    return [(near, _APART[precision]), *((ways, text("{hours} h apart", hours=abs(ways[0][1]))) for ways in shifted)]


def _meet(cursor: duckdb.DuckDBPyConnection, precision: int, way: _Way, uploads: Sequence[int],
          compared: Sequence[str]) -> int:
    """Fill `alike` with the pairs that are found in a way → how many."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE alike AS " + _met_sql(precision, way, compared), [list(uploads)])
    [[n]] = cursor.execute("SELECT count(*) FROM alike").fetchall()
    return int(n)


def _met_sql(precision: int, way: _Way, compared: Sequence[str]) -> str:
    """SQL: position of an interaction, row_key and upload_id of the earlier one it looks like; the uploads are its
    parameter."""
    rounded, hours = way
    others = "".join(f", {name}" for name in compared)

    def said(shift: int) -> str:
        moment = f"(occurred_at + INTERVAL ({shift}) HOUR" + (f" + INTERVAL '{rounded}')" if rounded else ")")
        return (f"hash(customer_id, {_CUT[precision].format(moment)}, touchpoint_id{others}, "
                "CASE WHEN customer_id IS NULL THEN comment END) AS said")

    return f"""
        WITH new AS (SELECT position, customer_id, occurred_at, {said(hours)} FROM unmet),
        old AS (SELECT row_key, upload_id, occurred_at, {said(0)} FROM earlier WHERE upload_id IN (SELECT unnest(?)))
        SELECT n.position, o.row_key, o.upload_id
        FROM (SELECT *, row_number() OVER (PARTITION BY said ORDER BY occurred_at, position) AS nth,
                  count(*) OVER (PARTITION BY said) AS times FROM new) n
        JOIN (SELECT *, row_number() OVER (PARTITION BY said, upload_id ORDER BY occurred_at, row_key) AS nth,
                  count(*) OVER (PARTITION BY said, upload_id) AS times FROM old) o USING (said, nth)
        WHERE n.customer_id IS NOT NULL OR n.times = o.times"""
