"""The messages that alerts have become: at most one a subject and day, read or not, in the app and on their way out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from cx.delivery.ways import ways
from cx.intake.plan import text_from_json, text_to_json
from cx.language import Text
from cx.metrics.alert import Firing
from cx.store import Store

SHOWN = 200


@dataclass(frozen=True)
class Message:
    """What was said of one subject on one day.

    said  what each rule said (see `Firing`), the earliest first
    """

    number: int
    day: dt.date
    fired_at: dt.datetime
    unread: bool
    said: tuple[Mapping[str, Any], ...]


def record(store: Store, firings: Sequence[Firing], now: dt.datetime) -> int:
    """Keep what is new of the firings and put it on its way; → how many were new.

    A subject whose message of the day is already on its way gets what comes later with tomorrow's.
    """
    if not firings:
        return 0
    receivers = ways(store).used()
    new = 0
    with store.write(quietly=True) as cursor:
        known = {row[0] for row in cursor.execute("SELECT fingerprint FROM alert_firings").fetchall()}
        for firing in firings:
            if firing.fingerprint in known:
                continue
            known.add(firing.fingerprint)
            new += 1
            message = _message(cursor, firing.subject, now, receivers)
            cursor.execute(
                "INSERT INTO alert_firings SELECT coalesce(max(firing_id), 0) + 1, ?, ?, ?, ?, ? FROM alert_firings",
                [message, firing.rule, firing.fingerprint, now, json.dumps(_plain(firing.said), ensure_ascii=False)])
    return new


def messages(store: Store) -> list[Message]:
    """The latest 200, the newest first."""
    rows = store.rows(f"""
        SELECT m.message_id, m.day, max(f.fired_at), m.read_at IS NULL, list(f.said ORDER BY f.firing_id)
        FROM alert_messages m JOIN alert_firings f USING (message_id)
        GROUP BY m.message_id, m.day, m.read_at ORDER BY 3 DESC, m.message_id DESC LIMIT {SHOWN}""")
    return [Message(number, day, fired, unread, tuple(_told(each) for each in said))
            for number, day, fired, unread, said in rows]


def message(store: Store, number: int) -> Message | None:
    """The message of that number; None = it is not there."""
    return next((each for each in _all(store, number)), None)


def unread(store: Store) -> int:
    """How many messages nobody has read."""
    return store.memo("unread messages", lambda: int(
        store.value("SELECT count(*) FROM alert_messages WHERE read_at IS NULL")), quiet_too=True)


def mark(store: Store, number: int | None, read: bool = True) -> None:
    """Mark a message (None = all) as read or unread."""
    with store.write(quietly=True) as cursor:
        cursor.execute("UPDATE alert_messages SET read_at = ? WHERE ? IS NULL OR message_id = ?",
                       [dt.datetime.now() if read else None, number, number])


# --- helpers ---


def _all(store: Store, number: int) -> list[Message]:
    rows = store.rows("""
        SELECT m.message_id, m.day, max(f.fired_at), m.read_at IS NULL, list(f.said ORDER BY f.firing_id)
        FROM alert_messages m JOIN alert_firings f USING (message_id) WHERE m.message_id = ?
        GROUP BY m.message_id, m.day, m.read_at""", [number])
    return [Message(at, day, fired, new, tuple(_told(each) for each in said)) for at, day, fired, new, said in rows]


def _message(cursor: duckdb.DuckDBPyConnection, subject: str, now: dt.datetime, receivers: Mapping[str, str]) -> int:
    """The message a firing goes to: today's, or tomorrow's where today's is on its way."""
    for day in (now.date(), now.date() + dt.timedelta(days=1)):
        row = cursor.execute("SELECT message_id FROM alert_messages WHERE subject = ? AND day = ?",
                             [subject, day]).fetchone()
        if row is None:
            break
        gone = cursor.execute("SELECT count(*) FROM outbox WHERE message_id = ? AND (attempts > 0 OR "
                              "delivered_at IS NOT NULL)", [row[0]]).fetchone()
        if not (gone and gone[0]) or day > now.date():
            cursor.execute("UPDATE alert_messages SET read_at = NULL WHERE message_id = ?", [row[0]])
            return int(row[0])
    number = (cursor.execute("INSERT INTO alert_messages SELECT coalesce(max(message_id), 0) + 1, ?, ?, NULL "
                             "FROM alert_messages RETURNING message_id", [subject, day]).fetchone() or (0,))[0]
    for way, receiver in receivers.items():
        cursor.execute("INSERT INTO outbox SELECT coalesce(max(delivery_id), 0) + 1, ?, ?, ?, 0, ?, NULL, NULL "
                       "FROM outbox", [number, way, receiver, max(now, dt.datetime.combine(day, dt.time()))])
    return int(number)


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: {"text": text_to_json(value)} if isinstance(value, Text) else value for key, value in said.items()}


def _told(kept: str) -> dict[str, Any]:
    return {key: text_from_json(value["text"]) if isinstance(value, dict) and set(value) == {"text"} else value
            for key, value in json.loads(kept).items()}
