"""The rows of an upload in the workspace's own terms, before they meet what is there.

staged  one row an interaction, as cx.intake.prepare.Rows gives them: position (order in the upload), source (row,
        distinct over the upload's sheets), first (the row's first interaction), names as ids, the fields, a0, a1… the
        attributes in the order of `attribute_columns`, place (the customer's among `people`, -1 = unknown), and
        person, a number that tells customers apart
keyed   the same with row_key, anonymous and known_as (the customer's id), without rows that repeat a record id
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from types import TracebackType

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.ahead import ahead
from cx.intake.column import Values, first_seen, same, text_number
from cx.intake.columns import Columns, columns_of
from cx.intake.moods import Moods
from cx.intake.names import Names
from cx.intake.people import People, Steady
from cx.intake.prepare import Prepared, Rows
from cx.intake.spool import Spool
from cx.language import Text, text
from cx.store.database import set_setting
from cx.store.handed import handed

_NAMED = {"touchpoint": "touchpoints", "channel": "channels", "stage": "stage_labels"}
_TYPES = {
    "position": "BIGINT", "source": "BIGINT", "first": "BOOLEAN", "sheet": "VARCHAR", "sheet_number": "INTEGER",
    "row_number": "INTEGER", "place": "BIGINT", "customer_id": "VARCHAR", "persona": "VARCHAR",
    "occurred_at": "TIMESTAMP", "touchpoint_id": "INTEGER", "channel_id": "INTEGER", "stage_label_id": "INTEGER",
    "nps": "TINYINT", "csat": "DECIMAL(9, 3)", "csat_max": "SMALLINT", "ces": "DECIMAL(9, 3)", "ces_max": "SMALLINT",
    "expectation_met": "BOOLEAN", "emotion_given": "TINYINT", "comment": "VARCHAR", "wait_seconds": "INTEGER",
    "delay_days": "INTEGER", "is_complaint": "BOOLEAN", "revenue": "DECIMAL(18, 4)", "quantity": "DECIMAL(18, 3)",
    "order_id": "VARCHAR", "campaign": "VARCHAR", "person": "BIGINT", "identity": "BIGINT", "by_id": "BOOLEAN",
    "key": "BIGINT", "content_key": "BIGINT",
}


_NUMBERED = "CAST(CAST(md5_number_lower({} || '/' || nth) AS HUGEINT) - 9223372036854775808 AS BIGINT)"
"""SQL: the key of the nth row that names the same event."""

_APART = 26 * 3600  # seconds between what clocks show at one moment, at most


class Staged:
    """The temporary tables of an upload, inside a `Store.write()`; to be used as a context, at whose end the rows go.

    spool              the rows of `staged`
    attribute_columns  attribute key → its column
    in_order           the rows rise in time as they stand in the upload
    people             the known customers
    anonymous          some rows have no known customer; by_id: some have a record id; personas: some say their
                       customer's persona
    steady             of each sheet, which attributes are its customers'
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, sheets: Sequence[Prepared], sha256: str, *,
                 reading: bool = False) -> None:
        """reading = nothing is to be stored: any cursor will do, and new names get numbers of the moment."""
        self._cursor, self._sheets, self._sha256, self._reading = cursor, sheets, sha256, reading
        self.names = Names(cursor, reading=reading)
        keys = dict.fromkeys(key for sheet in sheets for key in sheet.labels)
        self.attribute_columns = {key: f"a{number}" for number, key in enumerate(keys)}
        self.in_order = len(sheets) == 1 and sheets[0].parts == 1
        self.people, self.anonymous, self.by_id, self.personas = People(), False, False, False
        self.steady = [Steady(sheet.different) for sheet in sheets]
        self.notes: list[Text] = []
        self.spool = Spool(cursor, "staged", _TYPES | dict.fromkeys(self.attribute_columns.values(), "VARCHAR"))
        self._spaces: dict[int, int] = {}
        self._again: Columns | None = None
        self._keys: list[list[np.ndarray]] = []
        self._otherwise: list[pa.Table] = []
        self._takes = False  # some rows may correct an earlier one under another key
        self._by_id = False  # some rows of the latest sheet have a record id
        self._latest = np.datetime64("0001-01-01", "us")

    def __enter__(self) -> Staged:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.let_go()

    def fill(self, report: Callable[[int], None], moods: Moods | None = None) -> None:
        """Prepare the sheets and write their rows; `report` is told how many rows are done, and `moods` asked about
        their comments."""
        offset = positions = before = 0
        for number, sheet in enumerate(self._sheets):
            self._keys.append([])
            self._by_id = False
            seen = self._seen(sheet)
            with closing(ahead(sheet.rows())) as chunks:
                for done, parts in chunks:
                    self._name(parts)
                    self.spool.turn()
                    for rows in parts:
                        self._add(rows, sheet, number, offset, positions)
                        if seen and rows.otherwise is not None:
                            self._otherwise.append(pa.table({
                                "position": rows.positions + positions, "row_key": rows.otherwise,
                                "apart": np.full(len(rows.positions), _APART if sheet.stating else 0)}))
                    if moods and any("comment" in rows.part.fields and len(rows.positions) for rows in parts):
                        moods.ask()
                    report(before + done)
            self._mind_ids(sheet, number)
            before += sheet.rows_in_all - sheet.skipped
            offset += sheet.rows_in_all
            positions += sheet.rows_in_all * sheet.parts
        self.spool.turn()
        self._tell_apart()

    def let_go(self) -> None:
        """Drop the rows and whose they are, once they are stored; what else is known of the upload stays. The
        transaction holds until its end what was registered with it."""
        self.spool.let_go()
        if self._again is not None:
            self._again.let_go()
        self.people, self.steady, self._again = People(), [], None

    def _seen(self, sheet: Prepared) -> bool:
        """Whether files with these headers were loaded before."""
        return bool(self._cursor.execute("SELECT 1 FROM mappings WHERE signature = ?", [sheet.signature]).fetchall())

    def _name(self, parts: Sequence[Rows]) -> None:
        for field, table in _NAMED.items():
            given = [(rows.part.fields[field], rows.positions) for rows in parts if field in rows.part.fields]
            self.names.ids(table, first_seen(given))

    def _add(self, rows: Rows, sheet: Prepared, number: int, offset: int, positions: int) -> None:
        fields, n = rows.part.fields, len(rows.positions)
        columns = {
            "position": pa.array(rows.positions + positions),
            "source": pa.array(rows.positions // sheet.parts + offset),
            "first": pa.array(rows.first), "sheet": same(sheet.name, n).arrow(),
            "sheet_number": pa.array(np.full(n, number)), "row_number": pa.array(rows.numbers),
            "person": pa.array(rows.person), "identity": pa.array(rows.identity), "by_id": pa.array(rows.by_id),
            "key": pa.array(rows.key), "content_key": pa.array(rows.content)}
        for name, values in fields.items():
            if name in _NAMED:
                table = _NAMED[name]
                columns["stage_label_id" if name == "stage" else f"{name}_id"] = _ids(
                    values, self.names.ids(table, ()))
            elif name != "record_id":
                columns["emotion_given" if name == "emotion" else name] = values.compact().arrow()
        for key, values in rows.attributes.items():
            columns[self.attribute_columns[key]] = values.compact().arrow()
        places = self.people.meet(rows, positions)
        columns["place"] = pa.array(np.full(n, -1) if places is None else places)
        self.spool.add(columns)
        self.steady[number].note(rows, places, len(self.people))
        self.anonymous = self.anonymous or (n > 0 and (places is None or bool((places < 0).any())))
        self.by_id = self.by_id or bool(rows.by_id.any())
        self.personas = self.personas or "persona" in fields
        self._keys[-1].append(rows.key)
        self._by_id = self._by_id or bool(rows.by_id.any())
        self._mind_order(fields.get("occurred_at"))

    def _mind_order(self, moments: Values | None) -> None:
        if not self.in_order or moments is None or not len(moments):
            return
        data = np.concatenate([[self._latest], moments.data])
        self.in_order = not np.isnat(data).any() and bool((data[1:] >= data[:-1]).all())
        self._latest = data[-1]

    def _mind_ids(self, sheet: Prepared, number: int) -> None:
        """Give record ids that restart in every file a space of their own."""
        space, noted = _id_space(self._cursor, sheet, number, self._sha256[:16]) if self._by_id else ("", [])
        if noted and not self._reading:
            set_setting(self._cursor, f"id spaces {sheet.signature}", json.dumps(noted))
            self.notes.append(text("The row numbers of this sheet repeat those of an earlier upload with other "
                                   "contents, so they are taken as new rows, not as corrections."))
        if space:
            self._spaces[number] = _number_of(space)
            self._keys[-1] = [np.asarray(self._cursor.execute(
                f"SELECT {self._spaced('key')} AS key FROM staged WHERE sheet_number = ?", [number]
                ).fetchnumpy()["key"], dtype=np.int64)]

    def _spaced(self, column: str) -> str:
        """SQL: the key, identity or person of `staged`, in the id space of its sheet."""
        only = " AND customer_id IS NULL" if column == "person" else ""
        cases = " ".join(f"WHEN sheet_number = {number} AND by_id{only} THEN xor({column}, {space})"
                         for number, space in self._spaces.items())
        return f"CASE {cases} ELSE {column} END" if cases else column

    def _tell_apart(self) -> None:
        """Number rows that name the same event: each is one, but a record id with the same content is there once (the
        others are `twins`)."""
        keys = np.concatenate([np.empty(0, dtype=np.int64), *(each for keys in self._keys for each in keys)])
        self._keys = []
        keys.sort()
        repeated = np.unique(keys[1:][keys[1:] == keys[:-1]])
        del keys
        spaced = ", ".join(f"{self._spaced(column)} AS {column}" for column in ("key", "identity", "person"))
        self._cursor.execute(f"CREATE TEMP VIEW spaced AS SELECT * REPLACE ({spaced}), "
                             "customer_id IS NULL AS anonymous FROM staged")
        known = bool(self._cursor.execute("SELECT 1 FROM row_aliases LIMIT 1").fetchall())
        grown = self._find_grown()
        self._takes = known or grown or any(sheet.same for sheet in self._sheets)
        if not len(repeated) and not self._takes:
            self._cursor.execute("CREATE TEMP VIEW twins AS SELECT source FROM spaced WHERE FALSE")
            self._cursor.execute("""
                CREATE TEMP VIEW keyed AS SELECT * EXCLUDE (key), key AS row_key,
                    coalesce(customer_id, '#' || identity) AS known_as FROM spaced""")
            return
        with handed(self._cursor, "repeated", pa.table({"key": pa.array(repeated)})):
            self._cursor.execute(f"""
                CREATE TEMP TABLE again AS
                WITH met AS (
                    SELECT position, key, by_id, identity, person, anonymous, row_number() OVER (PARTITION BY key,
                        content_key, CASE WHEN NOT by_id THEN position END ORDER BY position) = 1 AS kept
                    FROM spaced WHERE key IN (SELECT key FROM repeated)),
                counted AS (SELECT *, row_number() OVER (PARTITION BY key, kept ORDER BY position) AS nth FROM met)
                SELECT position, kept, CASE WHEN nth = 1 THEN key ELSE {_NUMBERED.format("key")} END AS own_key,
                    CAST(NULL AS BIGINT) AS taken_key,
                    CASE WHEN anonymous AND NOT by_id AND nth > 1 THEN {_NUMBERED.format("identity")} ELSE person
                        END AS person,
                    CASE WHEN by_id OR nth = 1 THEN CAST(identity AS VARCHAR) ELSE identity || '/' || nth
                        END AS known_as
                FROM counted""")
        self._cursor.execute("CREATE TEMP VIEW twins AS SELECT source FROM spaced JOIN again USING (position) "
                             "WHERE NOT kept")
        self._cursor.execute("""
            CREATE TEMP VIEW keyed AS
            SELECT s.* EXCLUDE (key) REPLACE (coalesce(a.person, s.person) AS person,
                    s.by_id OR a.taken_key IS NOT NULL AS by_id), coalesce(a.taken_key, a.own_key, s.key) AS row_key,
                coalesce(customer_id, '#' || coalesce(a.known_as, CAST(identity AS VARCHAR))) AS known_as
            FROM spaced s LEFT JOIN again a USING (position) WHERE a.kept IS NOT FALSE""")
        if known:
            self._take("SELECT position, k.row_key FROM own JOIN (SELECT own_key, max(row_key) AS row_key "
                       "FROM row_aliases GROUP BY own_key) k USING (own_key)")
        if grown:
            self._take("SELECT position, row_key FROM grown")
        self._remember()

    def _find_grown(self) -> bool:
        """Make the table `grown`: position and row_key of the earlier row of an order that has another number of rows
        now, so that its number alone tells it no more, or does now. Customer and time must be the same; a time that
        says its zone may have been that of clocks in another.
        → whether there are such rows."""
        if not self._otherwise:
            return False
        spaces = ", ".join(str(_number_of(space)) for space in dict.fromkeys(
            space for sheet in self._sheets for space in _spaces_of(self._cursor, sheet)))
        with handed(self._cursor, "otherwise", pa.concat_tables(self._otherwise)):
            self._otherwise = []
            self._cursor.execute(f"""
                CREATE TEMP TABLE grown AS
                WITH wanted AS (SELECT position, apart, xor(row_key, unnest([{spaces}])) AS row_key FROM otherwise),
                met AS MATERIALIZED (
                    SELECT row_key, customer_key, order_id, occurred_at, upload_id FROM interactions
                    SEMI JOIN (SELECT row_key FROM wanted UNION ALL SELECT key FROM spaced) USING (row_key))
                SELECT position, row_key
                FROM wanted JOIN met i USING (row_key) JOIN customers c USING (customer_key)
                    JOIN spaced s USING (position)
                WHERE i.order_id IS NOT DISTINCT FROM s.order_id
                    AND (s.anonymous AND c.anonymous OR NOT c.anonymous AND c.customer_id = s.customer_id)
                    AND s.key NOT IN (SELECT row_key FROM met)
                QUALIFY bool_or(coalesce(abs(epoch(i.occurred_at) - epoch(s.occurred_at)) <= apart,
                        i.occurred_at IS NOT DISTINCT FROM s.occurred_at)) OVER (PARTITION BY s.source)
                    AND row_number() OVER (PARTITION BY position ORDER BY i.upload_id DESC) = 1""")
        return bool(self._cursor.execute("SELECT 1 FROM grown LIMIT 1").fetchall())

    def take_over(self) -> None:
        """Give rows the keys of the earlier ones that they look like, in sheets of which a person says that they are
        the same; those stand in `pairs` (cx.intake.seen_before)."""
        same = ", ".join(str(number) for number, sheet in enumerate(self._sheets) if sheet.same)
        self._take("SELECT position, row_key FROM pairs WHERE position IN (SELECT position FROM given_rows "
                   f"WHERE sheet_number IN ({same}))")
        self._remember()

    def _take(self, wanted: str) -> None:
        """Give rows that correct an earlier row its key, where no other row has it.

        wanted  SQL: position, row_key; may ask `own`, the rows with the keys that they make themselves
        """
        self._cursor.execute(f"""
            CREATE OR REPLACE TEMP TABLE taken_now AS
            WITH own AS (SELECT position, coalesce(a.own_key, s.key) AS own_key, a.taken_key
                         FROM spaced s LEFT JOIN again a USING (position) WHERE a.kept IS NOT FALSE),
            wanted AS ({wanted}),
            used AS (SELECT own_key AS row_key FROM own WHERE own_key IN (SELECT row_key FROM wanted)
                     UNION ALL SELECT taken_key FROM again WHERE taken_key IS NOT NULL)
            SELECT position, row_key FROM wanted WHERE row_key NOT IN (SELECT row_key FROM used)
            QUALIFY row_number() OVER (PARTITION BY row_key ORDER BY position) = 1""")
        self._cursor.execute("""
            INSERT INTO again SELECT position, TRUE, key, NULL, person, CAST(identity AS VARCHAR) FROM spaced
            WHERE position IN (SELECT position FROM taken_now) AND position NOT IN (SELECT position FROM again)""")
        self._cursor.execute("UPDATE again SET taken_key = t.row_key FROM taken_now t "
                             "WHERE t.position = again.position")
        self._cursor.execute("DROP TABLE taken_now")
        self.by_id = True

    def _remember(self) -> None:
        """Have what was found of single rows at hand where the database cannot be asked."""
        self._again = columns_of(self._cursor, "SELECT position, kept, coalesce(taken_key, own_key) AS row_key, person "
                                               "FROM again ORDER BY position")

    def note_taken(self, upload_id: int) -> None:
        """Keep which rows took the key of an earlier one, so that they do the next time."""
        if self._takes:
            self._cursor.execute("INSERT INTO row_aliases SELECT own_key, taken_key, ? FROM again "
                                 "WHERE taken_key IS NOT NULL ORDER BY position", [upload_id])

    def keyed(self, batch: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(row_key, person, whether it is among them) of the rows of a batch, as the view `keyed` has them."""
        key, person, position, sheet = (np.array(batch.column(name)) for name in (
            "key", "person", "position", "sheet_number"))
        kept = np.ones(len(batch), dtype=bool)
        by_id, anonymous = np.asarray(batch.column("by_id")), np.asarray(batch.column("customer_id").is_null())
        for number, space in self._spaces.items():
            key[by_id & (sheet == number)] ^= space
            person[by_id & anonymous & (sheet == number)] ^= space
        if self._again is not None:
            place, found = self._again.places(position)
            key[found] = self._again["row_key"][place[found]]
            person[found] = self._again["person"][place[found]]
            kept[found] = self._again["kept"][place[found]]
        return key, person, kept


def _ids(values: Values, ids: dict[str, int]) -> pa.Array:
    """The id of each row's name."""
    assert values.words is not None
    known = np.array([ids.get(word, -1) for word in values.words.to_pylist()] + [-1], dtype=np.int32)
    found = known[values.data]
    return pa.array(found, mask=found < 0)


def _id_space(cursor: duckdb.DuckDBPyConnection, sheet: Prepared, number: int, own: str) -> tuple[str, list[str]]:
    """(which earlier rows a sheet's record ids may speak of: "" = those of the first file with these headers; the
    spaces there are with it, where it is to be its own).

    Numbers that restart in every file (respondent 1, 2, 3…) name other rows each time: where most ids that meet an
    earlier row meet another customer, or other cells of an anonymous row, the file gets an id space of its own.
    """
    if sheet.joined:
        return "", []
    spaces = _spaces_of(cursor, sheet)
    same_time = "FALSE" if sheet.given_time else "a.occurred_at = i.occurred_at"
    best, best_agreeing, met_others = spaces[0], 0, False
    for space in spaces:
        [(colliding, agreeing)] = cursor.execute(f"""
            SELECT count(*), count(*) FILTER (CASE WHEN a.customer_id IS NOT NULL THEN a.customer_id = c.customer_id
                ELSE c.anonymous AND (a.content_key = i.content_key OR {same_time}) END)
            FROM (SELECT xor(key, $space) AS row_key, customer_id, content_key, occurred_at FROM staged
                  WHERE by_id AND sheet_number = $sheet) a
            JOIN interactions i USING (row_key) JOIN customers c USING (customer_key)""",
            {"space": _number_of(space), "sheet": number}).fetchall()
        if colliding and agreeing * 2 >= colliding and agreeing > best_agreeing:
            best, best_agreeing = space, agreeing
        met_others = met_others or (space == spaces[0] and colliding > 0)
    if best_agreeing or not met_others:
        return best, []
    return own, [*spaces, own] if own not in spaces else spaces


def _spaces_of(cursor: duckdb.DuckDBPyConnection, sheet: Prepared) -> list[str]:
    """The id spaces there are of a sheet's headers."""
    noted = cursor.execute("SELECT value FROM settings WHERE key = ?", [f"id spaces {sheet.signature}"]).fetchall()
    spaces: list[str] = json.loads(noted[0][0]) if noted else [""]
    return spaces


def _number_of(space: str) -> int:
    return int(text_number(space).astype(np.int64))
