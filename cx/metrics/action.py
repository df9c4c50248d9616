"""What the team does about a problem: actions, the place each one mends, and since when."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass, replace
from typing import Any

from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS, LABELS, Filters
from cx.language import Text, text
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import find, registry
from cx.model import clean_name
from cx.store import Store

STATUSES = ("open", "closed", "deleted")
LONGEST = 120
LONGEST_NOTE = 1000
PLACE = ("stage", "touchpoint", "channel", "persona")


@dataclass(frozen=True)
class Action:
    """Something the team does.

    kpi         what it should change
    stage, touchpoint, channel, persona   keys of the place it mends; "" = anywhere
    starts_on   first day on which customers could feel it
    ended_on    last such day; None = it goes on
    expected    the change hoped for, in the KPI's unit (shares 0-1), with its sign; None = nobody said
    pain_point  what was known of the problem when the action was made of it; empty = made by hand
    number      its number in the workspace; None = not saved yet
    """

    title: str
    kpi: str
    starts_on: dt.date
    stage: str = ""
    touchpoint: str = ""
    channel: str = ""
    persona: str = ""
    owner: str = ""
    expected: float | None = None
    note: str = ""
    ended_on: dt.date | None = None
    status: str = "open"
    pain_point: tuple[tuple[str, Any], ...] = ()
    number: int | None = None

    def place(self) -> Filters:
        """The place as a selection; no restriction where the action is about everything."""
        return Filters(**{name: (getattr(self, name),) for name in PLACE if getattr(self, name)})  # type: ignore[arg-type]

    def everywhere(self) -> bool:
        """Whether it is about everybody, so that nothing is left to compare with."""
        return not any(getattr(self, name) for name in PLACE)


def actions(store: Store, deleted: bool = False) -> list[Action]:
    """Those there are, the latest start first; with `deleted` those taken away instead."""
    rows = store.rows(
        "SELECT title, coalesce(kpi, ''), starts_on, coalesce(stage, ''), coalesce(touchpoint, ''), "
        "coalesce(channel, ''), coalesce(persona, ''), coalesce(owner, ''), expected, coalesce(note, ''), ended_on, "
        "coalesce(status, 'open'), pain_point, action_id FROM actions "
        "WHERE starts_on IS NOT NULL AND (coalesce(status, 'open') = 'deleted') = ? "
        "ORDER BY starts_on DESC, action_id DESC", [deleted])
    return [Action(*(*row[:-2], tuple(json.loads(row[-2]).items()) if row[-2] else (), row[-1])) for row in rows]


def save(store: Store, action: Action) -> int:
    """Add it, or change the one of its `number`; → its number. Raises QueryError for a title that is missing or too
    long, an end before the start, an expected change that is no number or goes the wrong way; UnknownValue for a KPI
    or place there is none of."""
    action = replace(action, title=clean_name(action.title), owner=clean_name(action.owner), note=action.note.strip())
    _check(store, action)
    values = [action.title, action.kpi, action.starts_on, *(getattr(action, name) or None for name in PLACE),
              action.owner or None, action.expected, action.note or None, action.ended_on, action.status,
              json.dumps(dict(action.pain_point), ensure_ascii=False, default=str) if action.pain_point else None]
    with store.write(derived=False) as cursor:
        number, created = action.number, dt.datetime.now()
        if number is None:
            number = (cursor.execute("SELECT coalesce(max(action_id), 0) + 1 FROM actions").fetchone() or (1,))[0]
        else:
            created = (cursor.execute("SELECT created_at FROM actions WHERE action_id = ?", [number]).fetchone()
                       or (created,))[0]
            cursor.execute("DELETE FROM actions WHERE action_id = ?", [number])
        cursor.execute(
            f"INSERT INTO actions (title, kpi, starts_on, {', '.join(PLACE)}, owner, expected, note, ended_on, status, "
            f"pain_point, action_id, created_at) VALUES ({', '.join('?' * 15)})", [*values, number, created])
    return int(number)


def close(store: Store, number: int, day: dt.date | None) -> None:
    """End an action on a day, or (None) take its end back. Raises QueryError for an end before the start."""
    action = of_number(store, number)
    save(store, replace(action, ended_on=day, status="closed" if day else "open"))


def remove(store: Store, number: int) -> None:
    """Take an action away; `restore` brings it back. One that is not there is no error."""
    _set_status(store, number, "deleted")


def restore(store: Store, number: int) -> None:
    """Bring back an action that was taken away."""
    _set_status(store, number, "open")


def of_number(store: Store, number: int) -> Action:
    """The action of that number; raises UnknownValue."""
    known = {each.number: each for each in actions(store)}
    if number not in known:
        raise UnknownValue(text("Action"), number, [each for each in known if each is not None])
    return known[number]


def watched_kpis(store: Store) -> dict[str, Kpi]:
    """Key → KPI that an action can be judged by: rates and means. Counts such as orders grow with everything else."""
    return {key: kpi for key, kpi in registry(store).items() if kpi.method != "total"}


def missing_place(store: Store, action: Action) -> Text | None:
    """What of the action's place is no longer in the workspace, in words; None = all of it is."""
    for name in PLACE:
        key = getattr(action, name)
        if key and not store.rows(f"SELECT 1 FROM {DIMENSIONS[name]} WHERE key = ?", [key]):
            return text("{what} “{name}” is no longer in the workspace.", what=LABELS[name], name=key)
    return None


# --- helpers ---


def _set_status(store: Store, number: int, status: str) -> None:
    with store.write(derived=False) as cursor:
        cursor.execute("UPDATE actions SET status = CASE WHEN ? = 'open' AND ended_on IS NOT NULL THEN 'closed' "
                       "ELSE ? END WHERE action_id = ?", [status, status, number])


def _check(store: Store, action: Action) -> None:
    if not action.title:
        raise QueryError(text("Give the action a title."))
    for words, most in ((action.title, LONGEST), (action.owner, LONGEST), (action.note, LONGEST_NOTE)):
        if len(words) > most:
            raise QueryError(text("The text is longer than {most} characters.", most=most))
    if action.ended_on is not None and action.ended_on < action.starts_on:
        raise QueryError(text("The action ends on {end}, before its start on {start}.", end=action.ended_on,
                              start=action.starts_on))
    kpi = find(store, action.kpi)
    if kpi.method == "total":
        raise QueryError(text("{kpi} grows with everything else: an action is judged by a rate or a mean.",
                              kpi=kpi.name))
    for name in PLACE:
        key = getattr(action, name)
        if key:
            known = [row[0] for row in store.rows(f"SELECT key FROM {DIMENSIONS[name]} ORDER BY key")]
            if key not in known and action.number is None:  # a place may go after the action was made
                raise UnknownValue(LABELS[name], key, known)
    if action.expected is not None:
        if not math.isfinite(action.expected):
            raise QueryError(text("The expected change must be a number."))
        if action.expected * kpi.direction < 0:
            raise QueryError(text("With this expected change {kpi} would get worse: give it the other sign.",
                                  kpi=kpi.name))
