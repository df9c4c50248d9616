"""The rows of an upload in the workspace's own terms, in temporary tables, before they meet what is there.

staged  one row an interaction, as cx.intake.prepare.Rows gives them: position (order in the upload), source (row,
        distinct over the upload's sheets), first (the row's first interaction), names as ids, the fields, and a0, a1…
        the attributes in the order of `attribute_columns`
keyed   the same with row_key, anonymous and known_as (what tells customers apart), without rows that repeat a record id
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.ahead import ahead
from cx.intake.column import Values, first_seen, text_number
from cx.intake.handed import Handed
from cx.intake.moods import Moods
from cx.intake.names import Names
from cx.intake.prepare import Prepared, Rows
from cx.language import Text, text
from cx.store.database import set_setting

_NAMED = {"touchpoint": "touchpoints", "channel": "channels", "stage": "stage_labels"}
_TYPES = {
    "position": "BIGINT", "source": "BIGINT", "first": "BOOLEAN", "sheet": "VARCHAR", "sheet_number": "INTEGER",
    "row_number": "INTEGER", "customer_id": "VARCHAR", "persona": "VARCHAR", "occurred_at": "TIMESTAMP",
    "touchpoint_id": "INTEGER", "channel_id": "INTEGER", "stage_label_id": "INTEGER", "nps": "TINYINT",
    "csat": "DECIMAL(9, 3)", "csat_max": "SMALLINT", "ces": "DECIMAL(9, 3)", "ces_max": "SMALLINT",
    "expectation_met": "BOOLEAN", "emotion_given": "TINYINT", "comment": "VARCHAR", "wait_seconds": "INTEGER",
    "delay_days": "INTEGER", "is_complaint": "BOOLEAN", "revenue": "DECIMAL(18, 4)", "quantity": "DECIMAL(18, 3)",
    "order_id": "VARCHAR", "campaign": "VARCHAR", "identity": "BIGINT", "by_id": "BOOLEAN", "key": "BIGINT",
    "content_key": "BIGINT",
}


class Staged:
    """The temporary tables of an upload, inside a `Store.write()`.

    attribute_columns  attribute key → its column
    in_order           the rows rise in time as they stand in the upload
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, sheets: Sequence[Prepared], sha256: str) -> None:
        self._cursor, self._sheets, self._sha256 = cursor, sheets, sha256
        self.names = Names(cursor)
        keys = dict.fromkeys(key for sheet in sheets for key in sheet.labels)
        self.attribute_columns = {key: f"a{number}" for number, key in enumerate(keys)}
        self.in_order = len(sheets) == 1 and sheets[0].parts == 1
        self.notes: list[Text] = []
        self._handed = Handed(cursor, "part_of_upload")
        self._keys: list[list[np.ndarray]] = []
        self._latest = np.datetime64("0001-01-01", "us")

    def fill(self, report: Callable[[int], None], moods: Moods) -> None:
        """Prepare the sheets and write their rows; `report` is told how many rows are done, and `moods` asked about
        their comments."""
        types = _TYPES | dict.fromkeys(self.attribute_columns.values(), "VARCHAR")
        columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
        self._cursor.execute(f"CREATE TEMP TABLE staged ({columns})")
        offset = positions = before = 0
        for number, sheet in enumerate(self._sheets):
            self._keys.append([])
            for done, parts in ahead(sheet.rows()):
                self._name(parts)
                for rows in parts:
                    self._insert(rows, sheet, number, offset, positions)
                told = [rows.positions for rows in parts if "comment" in rows.part.fields and len(rows.positions)]
                if told:
                    moods.ask(*(positions + int(each) for each in (min(each[0] for each in told),
                                                                   max(each[-1] for each in told))))
                report(before + done)
            self._mind_ids(sheet, number)
            before += sheet.rows_in_all - sheet.skipped
            offset += sheet.rows_in_all
            positions += sheet.rows_in_all * sheet.parts
        self._handed.close()
        self._tell_apart()

    def _name(self, parts: Sequence[Rows]) -> None:
        for field, table in _NAMED.items():
            given = [(rows.part.fields[field], rows.positions) for rows in parts if field in rows.part.fields]
            self.names.ids(table, first_seen(given))

    def _insert(self, rows: Rows, sheet: Prepared, number: int, offset: int, positions: int) -> None:
        fields, n = rows.part.fields, len(rows.positions)
        columns = {
            "position": pa.array(rows.positions + positions),
            "source": pa.array(rows.positions // sheet.parts + offset),
            "first": pa.array(rows.first), "sheet": pa.repeat(pa.scalar(sheet.name), n),
            "sheet_number": pa.repeat(pa.scalar(number, pa.int32()), n), "row_number": pa.array(rows.numbers),
            "identity": pa.array(rows.identity), "by_id": pa.array(rows.by_id), "key": pa.array(rows.key),
            "content_key": pa.array(rows.content)}
        for name, values in fields.items():
            if name in _NAMED:
                table = _NAMED[name]
                columns["stage_label_id" if name == "stage" else f"{name}_id"] = _ids(
                    values, self.names.ids(table, ()))
            elif name != "record_id":
                columns["emotion_given" if name == "emotion" else name] = values.arrow()
        for key, values in rows.attributes.items():
            columns[self.attribute_columns[key]] = values.arrow()
        self._handed.insert("INSERT INTO staged BY NAME SELECT * FROM {table}", pa.table(columns))
        self._keys[-1].append(rows.key)
        self._mind_order(fields.get("occurred_at"))

    def _mind_order(self, moments: Values | None) -> None:
        if not self.in_order or moments is None or not len(moments):
            return
        data = np.concatenate([[self._latest], moments.data])
        self.in_order = not np.isnat(data).any() and bool((data[1:] >= data[:-1]).all())
        self._latest = data[-1]

    def _mind_ids(self, sheet: Prepared, number: int) -> None:
        """Give record ids that restart in every file a space of their own."""
        space = _id_space(self._cursor, sheet, number, self._sha256, self.notes)
        if space:
            self._cursor.execute("UPDATE staged SET key = xor(key, $1), identity = xor(identity, $1) "
                                 "WHERE by_id AND sheet_number = $2", [_number_of(space), number])
            self._keys[-1] = [np.asarray(self._cursor.execute(
                "SELECT key FROM staged WHERE sheet_number = ?", [number]).fetchnumpy()["key"], dtype=np.int64)]

    def _tell_apart(self) -> None:
        """Number rows that name the same event: each is one, but a record id with the same content is there once."""
        keys = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *(each for keys in self._keys for each in keys)]))
        repeated = np.unique(keys[1:][keys[1:] == keys[:-1]])
        self._keys = []
        if not len(repeated):
            self._cursor.execute("""
                CREATE TEMP VIEW keyed AS SELECT * EXCLUDE (key), key AS row_key, customer_id IS NULL AS anonymous,
                    coalesce(customer_id, '#' || identity) AS known_as FROM staged""")
            return
        self._cursor.register("repeated", pa.table({"key": pa.array(repeated)}))
        self._cursor.execute("""
            CREATE TEMP TABLE again AS
            WITH met AS (
                SELECT position, key, by_id, identity, row_number() OVER (PARTITION BY key, content_key,
                    CASE WHEN NOT by_id THEN position END ORDER BY position) = 1 AS kept
                FROM staged WHERE key IN (SELECT key FROM repeated)),
            counted AS (SELECT *, row_number() OVER (PARTITION BY key, kept ORDER BY position) AS nth FROM met)
            SELECT position, kept, CASE WHEN nth = 1 THEN key ELSE CAST(CAST(md5_number_lower(key || '/' || nth) AS
                HUGEINT) - 9223372036854775808 AS BIGINT) END AS row_key,
                CASE WHEN by_id OR nth = 1 THEN CAST(identity AS VARCHAR) ELSE identity || '/' || nth END AS person
            FROM counted""")
        self._cursor.unregister("repeated")
        self._cursor.execute("""
            CREATE TEMP VIEW keyed AS
            SELECT s.* EXCLUDE (key), coalesce(a.row_key, s.key) AS row_key, customer_id IS NULL AS anonymous,
                coalesce(customer_id, '#' || coalesce(a.person, CAST(identity AS VARCHAR))) AS known_as
            FROM staged s LEFT JOIN again a USING (position) WHERE a.kept IS NOT FALSE""")


def _ids(values: Values, ids: dict[str, int]) -> pa.Array:
    """The id of each row's name."""
    assert values.words is not None
    known = np.array([ids.get(word, -1) for word in values.words.to_pylist()] + [-1], dtype=np.int32)
    found = known[values.data]
    return pa.array(found, mask=found < 0)


def _id_space(cursor: duckdb.DuckDBPyConnection, sheet: Prepared, number: int, sha256: str, notes: list[Text]) -> str:
    """Which earlier rows a sheet's record ids may speak of; "" = those of the first file with these headers.

    Numbers that restart in every file (respondent 1, 2, 3…) name other rows each time: where most ids that meet an
    earlier row meet another customer, or other cells of an anonymous row, the file gets an id space of its own.
    """
    setting = f"id spaces {sheet.signature}"
    [(any_id,)] = cursor.execute("SELECT count(*) > 0 FROM staged WHERE by_id AND sheet_number = ?",
                                 [number]).fetchall()
    if sheet.joined or not any_id:
        return ""
    noted = cursor.execute("SELECT value FROM settings WHERE key = ?", [setting]).fetchall()
    spaces: list[str] = json.loads(noted[0][0]) if noted else [""]
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
        return best
    own = sha256[:16]
    set_setting(cursor, setting, json.dumps([*spaces, own] if own not in spaces else spaces))
    notes.append(text("The row numbers of this sheet repeat those of an earlier upload with other contents, so they "
                      "are taken as new rows, not as corrections."))
    return own


def _number_of(space: str) -> int:
    return int(text_number(space).astype(np.int64))
