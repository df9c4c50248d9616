"""Where the newest comments are, held in memory: which of them a selection chooses, without reading the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from cx.filters import DIMENSIONS, Filters
from cx.metrics import held
from cx.store import Store

Array = np.ndarray[Any, Any]
MOST = 2_000_000
"""Comments: some 30 MB. Of more the rows are asked."""
_UNKNOWN = -9  # no emotion


@dataclass(frozen=True)
class Comments:
    """The comments, newest first: ids of interactions, days (held.UNDATED = undated), emotions, ids of places (-1 =
    none)."""

    ids: Array
    days: Array
    emotions: Array
    places: dict[str, Array]

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.ids, self.days, self.emotions, *self.places.values()))


def newest(store: Store, filters: Filters, emotion: int | str | None) -> Array | None:
    """Interactions with a comment that a selection without attributes chooses, newest first; None where the rows have
    to be asked. emotion: only that one ("unknown": those without one); None = any."""
    if type(filters) is not Filters or filters.attributes or store.noted or store.in_lake:
        return None
    found = store.held("held comments", _load)
    if found is None:
        return None
    first, last = held.bounds(filters, dated=False)
    kept = (found.days >= first) & (found.days <= last)
    for name in DIMENSIONS:
        if getattr(filters, name):
            kept &= np.isin(found.places[name], held.chosen(store, name, filters))
    if emotion is not None:
        kept &= found.emotions == (_UNKNOWN if emotion == "unknown" else emotion)
    ids: Array = found.ids[kept]
    return ids


def _load(cursor: duckdb.DuckDBPyConnection) -> Comments | None:
    found = cursor.execute(f"""
        SELECT i.interaction_id, i.occurred_at, coalesce(i.emotion, {_UNKNOWN}) AS emotion,
            coalesce(k.persona_id, -1) AS persona, {', '.join(
                f'coalesce(i.{name}_id, -1) AS {name}' for name in DIMENSIONS if name != 'persona')}
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key
        WHERE i.comment IS NOT NULL AND i.comment <> ''
        ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC LIMIT {MOST + 1}""").fetchnumpy()
    if len(found["interaction_id"]) > MOST:
        return None
    when = np.ma.filled(found["occurred_at"].astype("datetime64[D]"), np.datetime64("NaT"))
    days = np.where(np.isnat(when), held.UNDATED, when.astype(np.int64)).astype(np.int32)
    return Comments(found["interaction_id"], days, found["emotion"].astype(np.int8),
                    {name: found[name] for name in DIMENSIONS})
