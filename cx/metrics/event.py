"""What happened on the way: notes of the team, actions, campaigns and uploads, to mark on a time line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from cx.errors import QueryError
from cx.language import Text, text
from cx.model import clean_name
from cx.store import Store

KINDS: Mapping[str, Text] = {"note": text("note"), "action": text("action"), "ended": text("action ends"),
                             "campaign": text("campaign begins"), "upload": text("upload"),
                             "data": text("data of a file begins")}
LONGEST = 80
_STANDS = "coalesce(status, 'open') <> 'deleted'"
_MOST = 40  # marks of a kind; more cover each other


def add_event(store: Store, day: dt.date, label: str) -> int:
    """Note what happened on a day; → its number. Raises QueryError for a text that is missing or too long."""
    label = clean_name(label)
    if not label:
        raise QueryError(text("Say what happened."))
    if len(label) > LONGEST:
        raise QueryError(text("The text is longer than {most} characters.", most=LONGEST))
    with store.write(derived=False) as cursor:
        row = cursor.execute("INSERT INTO events SELECT coalesce(max(event_id), 0) + 1, ?, ? FROM events "
                             "RETURNING event_id", [day, label]).fetchone()
    assert row is not None
    return int(row[0])


def remove_event(store: Store, number: int) -> None:
    """Take a note back; one that is not there is no error."""
    with store.write(derived=False) as cursor:
        cursor.execute("DELETE FROM events WHERE event_id = ?", [number])


def events(store: Store, first: dt.date, last: dt.date) -> pd.DataFrame:
    """What happened from `first` to `last` (both included), in order of time.

    → day, kind (a key of KINDS), label, event_id (null except for notes). A campaign stands on the day of its first
    interaction, a file on the day it was uploaded and on the first day of its rows, where that is not the first day of
    all data. At most 40 of a kind, the largest.
    """
    every = store.memo("everything that happened", lambda: _everything(store))
    there = every[(every["day"] >= pd.Timestamp(first)) & (every["day"] <= pd.Timestamp(last))]
    place = there.sort_values(["size", "day", "label"], ascending=[False, True, True]).groupby("kind").cumcount()
    found = there.loc[place.index[place < _MOST]]
    return found.sort_values(["day", "kind", "label"])[["day", "kind", "label", "event_id"]].reset_index(drop=True)


def _everything(store: Store) -> pd.DataFrame:
    """day, kind, label, event_id, size of all that has a day."""
    return store.frame(f"""
        WITH begun AS (SELECT upload_id, CAST(min(occurred_at) AS DATE) AS day, count(*) AS size FROM interactions
                       GROUP BY upload_id),
        found AS (
            SELECT day, 'note' AS kind, label, event_id, 1 AS size FROM events
            UNION ALL SELECT starts_on, 'action', title, NULL, 1 FROM actions WHERE {_STANDS}
            UNION ALL SELECT ended_on, 'ended', title, NULL, 1 FROM actions WHERE ended_on IS NOT NULL AND {_STANDS}
            UNION ALL SELECT CAST(min(occurred_at) AS DATE), 'campaign', campaign, NULL, count(*) FROM interactions
                WHERE campaign IS NOT NULL GROUP BY campaign
            UNION ALL SELECT CAST(loaded_at AS DATE), 'upload', name, NULL, accepted FROM uploads
                WHERE undone_at IS NULL
            UNION ALL SELECT b.day, 'data', u.name, NULL, b.size FROM begun b JOIN uploads u USING (upload_id)
                WHERE b.day > (SELECT min(day) FROM begun))
        SELECT CAST(day AS TIMESTAMP) AS day, kind, label, event_id, size FROM found WHERE day IS NOT NULL""")
