"""The rows of an upload as they go into `interactions`: told whose they are, which are new and which stage they are in.

Done on arrays, batch by batch: DuckDB knows nothing of the size of a stream, and would hold all its rows to join them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.column import Lookup, text_numbers
from cx.intake.spool import ARROW, Stream, typed
from cx.intake.staged import Staged

_ADDED = {"interaction_id": "BIGINT", "customer_key": "INTEGER", "stage_id": "TINYINT", "row_key": "BIGINT",
          "mood": "TINYINT"}
_LEFT_OUT = ("source", "first", "place", "customer_id", "persona", "person", "identity", "by_id", "key")


class Placing:
    """Views of the staged rows with customer_key, stage_id, row_key, interaction_id and mood: `fresh` those that are
    new or changed, `known` those that another upload said already. To be made once `who` and `met` are there.

    moods   text number of a comment → mood
    first   interaction_id to begin with
    report  told which share of the rows has been asked for
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, staged: Staged, moods: Lookup, first: int,
                 report: Callable[[float], None]) -> None:
        self._staged, self._moods, self._first, self._report = staged, moods, first, report
        known = cursor.execute("SELECT place, customer_key FROM who WHERE NOT anonymous").fetchnumpy()
        self._known = np.zeros(len(staged.people), dtype=np.int32)
        self._known[known["place"]] = known["customer_key"]
        unknown = cursor.execute("SELECT person, customer_key FROM who WHERE anonymous ORDER BY person").fetchnumpy()
        self._unknown = Lookup(unknown["person"], unknown["customer_key"])
        self._stages = {name: _by_id(cursor, table, name) for name, table in (
            ("stage_label_id", "stage_labels"), ("touchpoint_id", "touchpoints"))}
        met = cursor.execute("SELECT position, old_content FROM met ORDER BY position").fetchnumpy()
        self._met = Lookup(met["position"], met["old_content"])
        self._order: np.ndarray | None = None
        if not staged.in_order:
            given = cursor.execute("SELECT position, occurred_at FROM staged").fetchnumpy()
            position, moments = given["position"], np.ma.filled(given["occurred_at"], np.datetime64("NaT"))
            order = position[np.lexsort((position, moments))]
            self._order = np.empty(int(position.max()) + 1 if len(position) else 0, dtype=np.int64)
            self._order[order] = np.arange(len(order))
        types = {name: kind for name, kind in staged.spool.types.items() if name not in _LEFT_OUT}
        self._schema = pa.schema([*(staged.spool.schema.field(name) for name in types),
                                  *((name, ARROW.get(kind, pa.float64())) for name, kind in _ADDED.items())])
        for view, again in (("fresh", False), ("known", True)):
            cursor.register(f"{view}_rows", Stream(self._schema, partial(self._rows, again)))
            cursor.execute(f"CREATE TEMP VIEW {view} AS SELECT {typed(types | _ADDED)} FROM {view}_rows")

    def _rows(self, known: bool) -> Iterator[pa.RecordBatch]:
        done, rows = 0, max(self._staged.spool.rows, 1)
        for batch in self._staged.spool.batches():
            done += len(batch)
            self._report(done / rows)
            chosen = self._placed(batch, known)
            if len(chosen):
                yield chosen

    def _placed(self, batch: pa.RecordBatch, known: bool) -> pa.RecordBatch:
        position = _array(batch, "position")
        key, person, kept = self._staged.keyed(batch)
        place = _array(batch, "place")
        customer = self._unknown.of(person) if self._staged.anonymous else np.zeros(len(batch), dtype=np.int32)
        customer = np.where(place < 0, customer, self._known[place]) if len(self._known) else customer
        stage = np.full(len(batch), np.nan)
        for name, stages in self._stages.items():
            stage = np.where(np.isnan(stage), stages[np.nan_to_num(_array(batch, name)).astype(np.int64)], stage)
        old = self._met.of(position)
        same = self._met.has(position) & (old == _array(batch, "content_key"))
        number = self._first + (position if self._order is None else self._order[position])
        added = {"interaction_id": number, "customer_key": customer, "stage_id": stage, "row_key": key,
                 "mood": self._felt(batch.column("comment"))}
        whole = pa.record_batch([
            pa.array(added[field.name], field.type, from_pandas=True) if field.name in added
            else batch.column(field.name) for field in self._schema], schema=self._schema)
        chosen = kept & (same if known else ~same)
        return whole if chosen.all() else whole.filter(pa.array(chosen))

    def _felt(self, comments: pa.DictionaryArray) -> np.ndarray:
        words = comments.dictionary
        numbers = text_numbers(words)
        moods = np.append(np.where(self._moods.has(numbers), self._moods.of(numbers), np.nan), np.nan)
        return moods[np.asarray(comments.indices.fill_null(len(words)))]


def _array(batch: pa.RecordBatch, name: str) -> np.ndarray:
    """A column of numbers; NaN where it is empty."""
    return batch.column(name).to_numpy(zero_copy_only=False)


def _by_id(cursor: duckdb.DuckDBPyConnection, table: str, name: str) -> np.ndarray:
    """The stage of each id of a table; NaN = none, as at 0."""
    found = cursor.execute(f"SELECT {name}, stage_id FROM {table} WHERE stage_id IS NOT NULL").fetchall()
    [[most]] = cursor.execute(f"SELECT coalesce(max({name}), 0) FROM {table}").fetchall()
    stages = np.full(most + 1, np.nan)
    for number, stage in found:
        stages[number] = stage
    return stages
