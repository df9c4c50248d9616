"""Journeys as sequences: what comes after what in a journey or session.

Order: by time; of equal times the earlier stage of the model first, no stage last; then as loaded. Interactions without
a value of the dimension are no step. A session ends where the customer does nothing for longer than the pause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS
from cx.language import Text, text
from cx.model import name_key
from cx.store import Store

BY: tuple[str, ...] = ("touchpoint", "channel", "stage")
UNITS: tuple[str, ...] = ("customer", "session")
PAUSE = dt.timedelta(minutes=30)

_WHATS: dict[str, Text] = {"touchpoint": text("Touchpoint"), "channel": text("Channel"), "stage": text("Stage")}


def check_asked(by: str, unit: str, pause: dt.timedelta) -> None:
    """Raises UnknownValue for the dimension and the unit, QueryError for a negative pause."""
    among(text("Dimension"), by, BY)
    among(text("Counting unit"), unit, UNITS)
    if pause < dt.timedelta(0):
        raise QueryError(text("A pause cannot be negative."))


def ids_of(store: Store, by: str, names: str | Iterable[str]) -> list[int]:
    """Ids of keys or names of a dimension; raises UnknownValue, or QueryError for none."""
    rows = store.rows(f"SELECT {by}_id, key, label FROM {DIMENSIONS[by]} ORDER BY {by}_id")
    known = {name_key(label): found for found, _, label in rows} | {key: found for found, key, _ in rows}
    given = [names] if isinstance(names, str) else list(names)
    if not given:
        raise QueryError(text("A step needs at least one name."))
    for name in given:
        if name_key(name) not in known:
            raise UnknownValue(_WHATS[by], name, [label for _, _, label in rows])
    return [int(known[name_key(name)]) for name in given]


def among(what: Text, value: str, accepted: Iterable[str]) -> None:
    """Raises UnknownValue where the value is not accepted."""
    if value not in accepted:
        raise UnknownValue(what, value, accepted)
