"""What is held of `steps` (cx.metrics.held_steps), brought to a later version of the data.

The rows of customers that changed are cut out, and those they have now put at the end: as a commit does in the table,
so that columns read later stand in the same order. Arrays are copied once; nothing is read but what was told of the
commits (cx.store.changes).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from cx.metrics.held_attempts import StageAttempts, attempts_of_rows
from cx.metrics.held_steps import Held, Moments
from cx.store import Store
from cx.store.changes import Change

Array = np.ndarray[Any, Any]


def followed(before: Held, change: Change, store: Store, cursor: duckdb.DuckDBPyConnection,
             version: int) -> Held | None:
    """What is held of the version that the cursor sees; None where it has to be read. `before` is empty afterwards."""
    if not before.in_place:
        return None
    if change.steps is None:
        return Held(store, cursor, version, (before.customers, before.first_rows), before.give_up())
    keys = change.steps["customer_key"].to_numpy()
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    rows = _Cut(before.first_rows, np.isin(before.customers, change.customers), np.append(heads, len(keys)))
    made = before.give_up()
    found = Held(store, cursor, version, (np.append(before.customers[rows.kept], keys[heads]), rows.first))
    moments, attempts = made.pop("moments", None), made.pop("attempts", None)
    columns: dict[str, Any] = {}
    for name in [name for name in made if name in change.steps.column_names]:
        columns[name] = rows.applied(made.pop(name), _numbers(change.steps, name))
    added = _ticks(change.steps, moments) if moments is not None else None
    if added is not None:
        starts = None
        if attempts is not None and found.stages == attempts.stages:
            first_start, times = attempts_of_rows(found.stages, rows.added, added, _numbers(change.steps, "stage_id"))
            starts = _Cut(attempts.first_start, ~rows.kept, first_start)
            times = starts.applied(attempts.times, times)
        del attempts  # it holds the times of the version before as well
        columns["moments"] = Moments(rows.applied(moments.ticks, added), moments.origin, moments.tick)
        if starts is not None:
            columns["attempts"] = StageAttempts(found.stages, columns["moments"], starts.first, times)
    found.take(columns)
    return found


class _Cut:
    """Rows of some customers are cut out of arrays that stand by customer, and others put at their end.

    first  where the rows of each customer start then, and the number of rows
    kept   whether each of the customers before is kept
    added  where the rows of each added customer start among those added, and their number
    """

    def __init__(self, first: Array, gone: Array, added: Array) -> None:
        self.kept, self.added = ~gone, added
        self.first = np.append(0, np.cumsum(np.append(np.diff(first)[self.kept], np.diff(added))))
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.kept, [False]]).astype(np.int8)))
        self._runs = [(low, high) for low, high in first[edges].reshape(-1, 2).tolist() if low < high]

    def applied(self, values: Array, added: Array) -> Array:
        """The values after it, in the same number type, or one that holds the added ones too."""
        kind = np.promote_types(values.dtype, _least(added))
        found = np.empty((int(self.first[-1]), *values.shape[1:]), dtype=kind)
        place = 0
        for low, high in self._runs:
            found[place:place + high - low] = values[low:high]
            place += high - low
        found[place:] = added
        return found


def _least(values: Array) -> np.dtype[Any]:
    """The smallest signed number type that holds them."""
    return np.min_scalar_type(-1 - int(values.max(initial=0)))


def _numbers(steps: pa.Table, name: str) -> Array:
    """A column as `Held.column` has it."""
    found: Array = steps[name].cast(pa.int32()).fill_null(-3 if name == "emotion" else -1).to_numpy()
    return found + 2 if name == "emotion" else found


def _ticks(steps: pa.Table, moments: Moments) -> Array | None:
    """The time of each row in the numbers of the others; None where they cannot say it."""
    since = steps["occurred_at"].cast(pa.int64()).to_numpy() - moments.origin
    ticks, rest = np.divmod(since, moments.tick)
    most = np.iinfo(moments.ticks.dtype).max
    if rest.any() or (len(ticks) and (ticks.min() < 0 or ticks.max() >= most)):
        return None
    found: Array = ticks.astype(moments.ticks.dtype)
    return found
