"""Journeys as sequences: what comes after what in a journey or session. The SQL of ways and loops.

Order: by time; of equal times the earlier stage of the model first, no stage last; then as loaded. Interactions without
a value of the dimension are no step. A session ends where the customer does nothing for longer than the pause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS, Clause, Filters
from cx.language import Text, text
from cx.model import name_key
from cx.store import Store

BY: tuple[str, ...] = ("touchpoint", "channel", "stage")
UNITS: tuple[str, ...] = ("customer", "session")
PAUSE = dt.timedelta(minutes=30)

_WHATS: dict[str, Text] = {"touchpoint": text("Touchpoint"), "channel": text("Channel"), "stage": text("Stage")}
_ORDER = "ORDER BY occurred_at, stage_place, interaction_id"
_UNIT = "PARTITION BY customer_key, session"


def sequences(by: str, unit: str, pause: dt.timedelta, collapse: bool, filters: Filters) -> Clause:
    """Common table expressions, to be put behind WITH (and before further ones).

    path_visits  the dated interactions of the journeys or sessions in question: customer_key, session (0 where a
                 customer counts once), stage_id, channel_id, touchpoint_id, emotion, value (its id or null)
    path_rows    those with a value: customer_key, session, value, emotion, changed (1 = a step of its own, 0 = the
                 repeat of the one before that was collapsed into it), place (number of its step, from 1)

    Raises UnknownValue for `by` and `unit`, QueryError for a negative pause.
    """
    check_asked(by, unit, pause)
    journeys, steps = filters.journeys("j"), filters.steps("i")
    columns = "i.customer_key, i.interaction_id, i.occurred_at, i.stage_id, i.channel_id, i.touchpoint_id, i.emotion"
    source = ("FROM interactions i JOIN journeys j ON j.customer_key = i.customer_key "
              f"LEFT JOIN stages s ON s.stage_id = i.stage_id WHERE i.occurred_at IS NOT NULL AND {journeys.sql}")
    place = f"coalesce(s.position, {_LAST}) AS stage_place"
    params: list[object] = [*journeys.params]
    period = filters.period("i.started_at")
    if unit == "customer":
        visits = f"SELECT {columns}, {place}, 0 AS session, j.first_at AS started_at {source}"
    else:
        visits = (
            f"SELECT *, min(occurred_at) OVER ({_UNIT}) AS started_at FROM ("
            f"SELECT *, sum(starts) OVER (PARTITION BY customer_key {_ORDER} ROWS UNBOUNDED PRECEDING) AS session "
            f"FROM (SELECT *, CASE WHEN epoch_us(occurred_at) - lag(epoch_us(occurred_at)) "
            f"OVER (PARTITION BY customer_key {_ORDER}) <= ? THEN 0 ELSE 1 END AS starts "
            f"FROM (SELECT {columns}, {place} {source})))")
        params.insert(0, pause // dt.timedelta(microseconds=1))
    changed = f"CASE WHEN lag(value) OVER ({_UNIT} {_ORDER}) = value THEN 0 ELSE 1 END" if collapse else "1"
    return Clause(
        f"path_visits AS (SELECT i.*, i.{by}_id AS value FROM ({visits}) i WHERE {period.sql} AND ({steps.sql})), "
        f"path_rows AS (SELECT customer_key, session, value, emotion, changed, CAST(sum(changed) "
        f"OVER ({_UNIT} {_ORDER} ROWS UNBOUNDED PRECEDING) AS INTEGER) AS place FROM ("
        f"SELECT *, {changed} AS changed FROM path_visits WHERE value IS NOT NULL))",
        (*params, *period.params, *steps.params))


_LAST = 127  # behind every stage


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
