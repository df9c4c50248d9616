"""The customers behind a move, a whole way or a loop of the paths; `path.customers` has those of a place or a flow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics.path_rows import PAUSE, ids_of
from cx.metrics.path_walk import Walk, over_walks
from cx.metrics.step_rows import Array
from cx.store import Store

_There = Callable[[Walk], Array]
"""The customer (its number within the part) of each time that counts."""


def moved(store: Store, key: str, then: str, by: str = "touchpoint", unit: str = "customer",
          pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters(),
          limit: int = 1000) -> pd.DataFrame:
    """Those who went from one value directly to another ("" = to nothing: their journey ended), as `path.transitions`
    counts: `times` adds up to its n.

    → customer_id ("" = anonymous), persona (label, "" = none), times, interactions, first_at, last_at (of the whole
      journey); the most times first. Raises UnknownValue, QueryError.
    """
    [here] = ids_of(store, by, key)
    to = -1 if then == "" else ids_of(store, by, then)[0]

    def there(walked: Walk) -> Array:
        following = np.append(np.where(walked.first[1:], -1, walked.steps[1:]), -1)[:len(walked.steps)]
        return walked.who[(walked.steps == here) & (following == to)]

    return _people(store, there, by, unit, pause, collapse, filters, limit)


def walked(store: Store, keys: Sequence[str], longer: bool = False, length: int = 8, by: str = "stage",
           unit: str = "customer", pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters(),
           limit: int = 1000) -> pd.DataFrame:
    """Those who took a whole way of `path_variants.variants` (its keys, longer and length): `times`, the journeys or
    sessions, adds up to its n. → as `moved`. Raises UnknownValue, QueryError."""
    way = np.array([ids_of(store, by, key)[0] for key in keys], dtype=np.int64)

    def there(walked: Walk) -> Array:
        starts = np.flatnonzero(walked.first)
        lengths = np.diff(np.append(starts, len(walked.steps)))
        fits = (np.minimum(lengths, length) == len(way)) & ((lengths > length) == longer)
        for place, each in enumerate(way):
            inside = np.minimum(starts + place, len(walked.steps) - 1)
            fits &= walked.steps[inside] == each
        return walked.who[starts[fits]]

    return _people(store, there, by, unit, pause, collapse, filters, limit)


def turned(store: Store, key: str, through: str, by: str = "touchpoint", unit: str = "customer",
           pause: dt.timedelta = PAUSE, filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """Those who went from one value to another and directly back, as `path_variants.loops` counts: `times` adds up to
    its times. → as `moved`. Raises UnknownValue, QueryError."""
    [here], [there_id] = ids_of(store, by, key), ids_of(store, by, through)

    def there(walked: Walk) -> Array:
        steps, unit_of = walked.steps, walked.units
        back = ((steps[2:] == here) & (steps[:-2] == here) & (steps[1:-1] == there_id)
                & (unit_of[2:] == unit_of[:-2]))
        return walked.who[2:][back]

    return _people(store, there, by, unit, pause, True, filters, limit)


def _people(store: Store, there: _There, by: str, unit: str, pause: dt.timedelta, collapse: bool, filters: Filters,
            limit: int) -> pd.DataFrame:
    def counted(walked: Walk) -> Array:
        who, times = np.unique(there(walked), return_counts=True)
        return np.stack([walked.keys[who].astype(np.int64), times.astype(np.int64)])

    keys, times = np.concatenate(over_walks(store, by, unit, pause, collapse, filters, counted), axis=1)
    frame = store.frame(
        "SELECT j.customer_key, CASE WHEN c.anonymous THEN '' ELSE c.customer_id END AS customer_id, "
        "coalesce(p.label, '') AS persona, j.interactions, j.first_at, j.last_at FROM journeys j "
        "JOIN customers c ON c.customer_key = j.customer_key LEFT JOIN personas p ON p.persona_id = j.persona_id "
        "WHERE j.customer_key IN (SELECT unnest(CAST(? AS BIGINT[])))", [keys.tolist()])
    frame = frame.merge(pd.DataFrame({"customer_key": keys, "times": times}), on="customer_key")
    frame = frame.sort_values(["times", "last_at", "customer_id"], ascending=[False, False, True], na_position="last")
    return frame[["customer_id", "persona", "times", "interactions", "first_at", "last_at"]].head(limit).reset_index(
        drop=True)
