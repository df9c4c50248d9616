"""What customers did after a step of a funnel, and last of all, of what is held of `steps` in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cx.filters import DIMENSIONS
from cx.metrics.dimension import Dimension
from cx.metrics.funnel_attempts import Arrivals
from cx.metrics.held_steps import NEVER, Held, with_held
from cx.store import Store

Array = np.ndarray[Any, Any]


def went_on(store: Store, arrivals: Arrivals, step: int, following: int, of: Dimension, open_after: int | None,
            ) -> pd.DataFrame | None:
    """Of those who reached a step but not the following one: when ("next": their first interaction after it, "last":
    their latest), nothing (none came after), value (of the dimension; null = missing), customers, open (of them, those
    whose attempt can still go on after that moment; None = nobody's). None where the rows have to be asked."""
    if of.attribute or of.name not in DIMENSIONS or of.name == "persona":
        return None
    there = arrivals.times != NEVER
    lost = np.flatnonzero(there[step - 1] & ~there[following - 1])
    still = (np.zeros(len(lost), dtype=np.bool_) if open_after is None
             else (arrivals.until[lost] != NEVER) & (arrivals.until[lost] > open_after))
    return with_held(store, lambda held: None if held is None else _went_on(
        held, arrivals.keys[lost], arrivals.times[step - 1, lost], f"{of.name}_id", still))


def _went_on(held: Held, keys: Array, reached: Array, column: str, still: Array) -> pd.DataFrame | None:
    from cx.metrics.step_kernel import first_after  # compiles on import: not at the start of the app

    def places(_: object) -> Array:
        found = np.full(held.room, -1, dtype=np.int32)
        found[held.customers] = np.arange(len(held.customers), dtype=np.int32)
        return found

    place_of: Array = held.once("places of customers", places)
    if len(keys) and int(keys.max()) >= len(place_of):
        return None
    at = place_of[keys]
    if (at < 0).any():
        return None
    moments, values = held.moments, held.column(column)
    ticks = (reached - moments.origin) // moments.tick
    after = first_after(held.first_rows, moments.ticks, at, ticks)
    came = after >= 0
    parts = [_counted("next", False, values[after[came]], still[came]),
             _counted("last", False, values[held.first_rows[at + 1] - 1], still)]
    if not came.all():
        parts.insert(1, pd.DataFrame({"when": ["next"], "nothing": [True], "value": pd.Series([pd.NA], dtype="Int32"),
                                      "customers": [int((~came).sum())], "open": [int(still[~came].sum())]}))
    return pd.concat(parts, ignore_index=True)


def _counted(when: str, nothing: bool, values: Array, still: Array) -> pd.DataFrame:
    known, of = np.unique(values, return_inverse=True)
    named = pd.Series(known, dtype="Int32")
    return pd.DataFrame({"when": when, "nothing": nothing, "value": named.where(named >= 0),
                         "customers": np.bincount(of, minlength=len(known)),
                         "open": np.bincount(of, still, len(known)).astype(np.int64)})
