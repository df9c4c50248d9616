"""Messages on their way out: kept until they are delivered, tried again with growing gaps, given up by people only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cx import findings
from cx.delivery import mail, webhook
from cx.delivery.box import Message, message
from cx.delivery.ways import Ways, mail_server, ways, webhook_secret
from cx.errors import CxError, DeliveryError
from cx.filters import DIMENSIONS, Filters
from cx.intake.plan import text_from_json, text_to_json
from cx.language import Language, Text, language, text
from cx.metrics.alert import WHERE
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import registry
from cx.model import STAGES
from cx.store import Store

FIRST_GAP = dt.timedelta(minutes=1)
LONGEST_GAP = dt.timedelta(hours=6)


@dataclass(frozen=True)
class Delivery:
    """A message to one receiver. error: why the last attempt failed; next_at: when the next one is."""

    number: int
    message: int
    way: str
    receiver: str
    attempts: int
    next_at: dt.datetime
    error: Text | None


def waiting(store: Store) -> list[Delivery]:
    """What is not delivered yet, the next one first."""
    return [Delivery(*(*row[:-1], text_from_json(json.loads(row[-1])) if row[-1] else None)) for row in store.rows(
        "SELECT delivery_id, message_id, way, receiver, attempts, next_at, error FROM outbox "
        "WHERE delivered_at IS NULL ORDER BY next_at, delivery_id")]


def deliver(store: Store, now: dt.datetime) -> int:
    """Try what is due; → how many were delivered. What fails waits 1 minute, 2, 4 … up to 6 hours, as often as it
    takes; an attempt cut short by the end of the program is made again."""
    done = 0
    for each in waiting(store):
        if each.next_at > now:
            break
        error: Text | None = None
        try:
            _send(store, each, now)
        except CxError as failure:
            error = failure.text
        gap = min(FIRST_GAP * 2**min(each.attempts, 16), LONGEST_GAP)
        with store.write(quietly=True) as cursor:
            cursor.execute("UPDATE outbox SET attempts = attempts + 1, next_at = ?, delivered_at = ?, error = ? "
                           "WHERE delivery_id = ?", [now + gap, None if error else now, None if error is None else
                                                     json.dumps(text_to_json(error), ensure_ascii=False), each.number])
        done += error is None
    return done


def try_now(store: Store) -> None:
    """Make everything that waits after a failure due."""
    with store.write(quietly=True) as cursor:
        cursor.execute("UPDATE outbox SET next_at = ? WHERE delivered_at IS NULL AND attempts > 0", [dt.datetime.now()])


def give_up(store: Store, number: int) -> None:
    """Try a delivery no more; its message stays in the app."""
    with store.write(quietly=True) as cursor:
        cursor.execute("DELETE FROM outbox WHERE delivery_id = ? AND delivered_at IS NULL", [number])


def test(store: Store, way: str, now: dt.datetime) -> None:
    """Send a test message. Raises DeliveryError or QueryError with what is the matter."""
    given = ways(store)
    t = language(given.language)
    if way == "webhook":
        webhook.send(given.webhook, {"id": "test", "title": t("Test message from CX Journey"), "lines": []},
                     webhook_secret(store), int(now.timestamp()))
    else:
        mail.send(mail_server(given), given.sender, given.recipients, t("Test message from CX Journey"),
                  t("If you read this, alerts by e-mail work."))


def payload(told: Message, given: Ways, known: Mapping[str, Kpi],
            names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """What a webhook gets: id, day, title, link, and the lines, each with its sentence and the numbers."""
    t = language(given.language)
    lines = [{**{key: value for key, value in said.items() if not isinstance(value, Text)},
              "sentence": _line(said, known, t)} for said in told.said]
    return {"id": str(told.number), "day": told.day.isoformat(), "title": _title(told, known, names, t),
            "link": link(told, given.address), "lines": lines}


def link(told: Message, address: str = "") -> str:
    """The address of the page that shows what a message is about, with its filters."""
    said = told.said[0]
    chosen: dict[str, Any] = {name: (said[name],) for name in WHERE if said[name]}
    if said["kind"] == "pain":
        page, choices = "pain_points", {}
        chosen |= {name: (key,) for name, key in said["at"].items() if key}
    else:
        page, choices = "trends", {"kpi": [said["kpi"]], "interval": [said["interval"]]}
    query = urlencode({**Filters(**chosen).to_url(), **choices}, doseq=True)
    return f"{address.rstrip('/')}/{page}" + (f"?{query}" if query else "")


# --- helpers ---


def _send(store: Store, each: Delivery, now: dt.datetime) -> None:
    told, given = message(store, each.message), ways(store)
    if told is None:
        raise DeliveryError(text("Its message is no longer there."))
    if each.way not in given.used():
        raise DeliveryError(text("This way of delivery is switched off."))
    known = registry(store)
    names = {(name, key): label for name, table in DIMENSIONS.items()
             for key, label in store.rows(f"SELECT key, label FROM {table}")}
    body = payload(told, given, known, names)
    if each.way == "webhook":
        webhook.send(given.webhook, body, webhook_secret(store), int(now.timestamp()))
        return
    lines = [*(f"- {line['sentence']}" for line in body["lines"]), "", body["link"]]
    mail.send(mail_server(given), given.sender, given.recipients, f"CX Journey: {body['title']}", "\n".join(lines))


def _title(told: Message, known: Mapping[str, Kpi], names: Mapping[tuple[str, str], str], t: Language) -> str:
    def label(name: str, key: str) -> str:
        shipped = STAGES.get(key) if name == "stage" else None
        return t(shipped.label) if shipped else names.get((name, key), key)

    return findings.alert.about(told.said[0], known, label, t)


def _line(said: Mapping[str, Any], known: Mapping[str, Kpi], t: Language) -> str:
    rendered = {key: t(value) if isinstance(value, Text) else value for key, value in said.items()}
    return findings.alert.line(rendered, known, t)
