"""The rows of an upload as they go into `interactions`: told whose they are, which are new and which stage they are in.

Done on arrays, batch by batch: DuckDB knows nothing of the size of a stream, and would hold all its rows to join them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa

from cx.intake.ahead import ahead
from cx.intake.column import Lookup, text_numbers
from cx.intake.columns import columns_of
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
        self._met = columns_of(cursor, "SELECT position, old_content FROM met ORDER BY position")
        self._order = None if staged.in_order else _order(staged)
        types = {name: kind for name, kind in staged.spool.types.items() if name not in _LEFT_OUT}
        self._schema = pa.schema([*(staged.spool.schema.field(name) for name in types),
                                  *((name, ARROW.get(kind, pa.float64())) for name, kind in _ADDED.items())])
        for view, again in (("fresh", False), ("known", True)):
            cursor.register(f"{view}_rows", Stream(self._schema, partial(self._rows, again)))
            cursor.execute(f"CREATE TEMP VIEW {view} AS SELECT {typed(types | _ADDED)} FROM {view}_rows")

    def _rows(self, known: bool) -> Iterator[pa.RecordBatch]:
        return ahead(self._chosen(known), most=1)  # the database writes some while the next are placed

    def _chosen(self, known: bool) -> Iterator[pa.RecordBatch]:
        done, rows = 0, max(self._staged.spool.rows, 1)
        for batch in self._staged.spool.batches():
            chosen = self._placed(batch, done, known)
            done += len(batch)
            self._report(done / rows)
            if len(chosen):
                yield chosen

    def let_go(self) -> None:
        """Drop what is known of the rows, once they are stored; see Staged.let_go."""
        self._moods = self._unknown = Lookup(np.empty(0), np.empty(0))
        self._met.let_go()
        self._known, self._order = np.empty(0, dtype=np.int32), None

    def _placed(self, batch: pa.RecordBatch, before: int, known: bool) -> pa.RecordBatch:
        """before = rows staged before the batch."""
        position = _array(batch, "position")
        key, person, kept = self._staged.keyed(batch)
        place = _array(batch, "place")
        customer = self._unknown.of(person) if self._staged.anonymous else np.zeros(len(batch), dtype=np.int32)
        customer = np.where(place < 0, customer, self._known[place]) if len(self._known) else customer
        stage = np.full(len(batch), np.nan)
        for name, stages in self._stages.items():
            stage = np.where(np.isnan(stage), stages[np.nan_to_num(_array(batch, name)).astype(np.int64)], stage)
        met, same = self._met.places(position)
        same[same] = self._met["old_content"][met[same]] == _array(batch, "content_key")[same]
        order = position if self._order is None else self._order[before:before + len(batch)].astype(np.int64)
        number = self._first + order
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


def _order(staged: Staged) -> np.ndarray:
    """The place of each staged row among all, by time (none last), then as they stand in the upload."""
    rows = staged.spool.rows
    moments, places = np.empty(rows, dtype="datetime64[us]"), np.empty(rows, dtype=np.int32)
    done, last, rising = 0, -1, True
    for batch in staged.spool.batches():
        position = _array(batch, "position")
        moments[done:done + len(batch)] = _array(batch, "occurred_at")
        rising = rising and bool((position[:1] > last).all() and (position[1:] > position[:-1]).all())
        last = position[-1] if len(batch) else last
        done += len(batch)
    if rising:  # a sort that keeps equal ones as they stand needs a third of the memory
        order = np.argsort(moments, kind="stable")
    else:
        order = np.lexsort((np.concatenate([_array(batch, "position") for batch in staged.spool.batches()]), moments))
    del moments
    places[order] = np.arange(rows, dtype=np.int32)
    return places


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
