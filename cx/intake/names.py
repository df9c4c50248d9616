"""Names of touchpoints, channels, stages, personas and attributes, as uploads spell them.

A name is shown as the earliest upload in force spells it first. Each upload's own spelling is kept, so that undoing the
one that was first restores what the others say.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from cx.model import clean_name, name_key
from cx.store.journey_model import name_ids

_NOT_STORED = 1_000_000_000
TABLES = ("touchpoints", "channels", "stage_labels", "personas", "attributes")


class Names:
    """The names one upload uses.

    reading  nothing is stored: those not seen before get numbers that no other has
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, reading: bool = False) -> None:
        self._cursor, self._reading = cursor, reading
        self._ids: dict[str, dict[str, int]] = {table: {} for table in TABLES}
        self._spelled: dict[tuple[str, int], str] = {}

    def ids(self, table: str, labels: Iterable[str]) -> dict[str, int]:
        """Label → id, at least of these labels; those not seen before are added in this order."""
        known = self._ids[table]
        fresh = [label for label in labels if label not in known]
        if fresh and self._reading:
            stored = dict(self._cursor.execute(f"SELECT key, {table[:-1]}_id FROM {table}").fetchall())
            for label in fresh:
                known[label] = stored.get(name_key(label), _NOT_STORED + len(known))
        elif fresh:
            for label, number in name_ids(self._cursor, table, fresh).items():
                known[label] = number
                self._spelled.setdefault((table, number), clean_name(label))
        return known

    def note(self, upload_id: int) -> None:
        """Keep how this upload spelled its names."""
        self._cursor.register("spelled", pa.table({
            "kind": pa.array([table for table, _ in self._spelled], pa.string()),
            "name_id": pa.array([number for _, number in self._spelled], pa.int32()),
            "label": pa.array(list(self._spelled.values()), pa.string())}))
        self._cursor.execute("INSERT INTO spellings SELECT kind, name_id, label, ? FROM spelled", [upload_id])
        self._cursor.unregister("spelled")


def forget_spellings(cursor: duckdb.DuckDBPyConnection, upload_id: int) -> None:
    """Spell each name of an upload that is taken back as the earliest of the others does."""
    cursor.execute("DELETE FROM spellings WHERE upload_id = ?", [upload_id])
    for table in TABLES:
        cursor.execute(f"""
            UPDATE {table} SET label = s.label
            FROM (SELECT name_id, arg_min(label, upload_id) AS label FROM spellings WHERE kind = ? GROUP BY name_id) s
            WHERE s.name_id = {table}.{table[:-1]}_id AND s.label <> {table}.label""", [table])
