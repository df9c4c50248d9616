"""Small workspaces for the metrics' tests, from rows written out in the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from cx import Store, open_store
from cx.model import name_key
from cx.store import derive, derive_sql
from cx.store.journey_model import name_ids

PLAIN = ("nps", "csat", "csat_max", "ces", "ces_max", "expectation_met", "comment", "wait_seconds", "delay_days",
         "is_complaint", "revenue", "quantity", "order_id", "campaign")
KINDS = {"customer_key": "Int64", "occurred_at": "datetime64[us]", "stage_label_id": "Int64", "touchpoint_id": "Int64",
         "channel_id": "Int64", "emotion_given": "Int64", "nps": "Int64", "csat": "Float64", "csat_max": "Int64",
         "ces": "Float64", "ces_max": "Int64", "expectation_met": "boolean", "comment": "string",
         "wait_seconds": "Int64", "delay_days": "Int64", "is_complaint": "boolean", "revenue": "Float64",
         "quantity": "Float64", "order_id": "string", "campaign": "string"}
COLUMNS = ("customer", "occurred_at", "stage", "touchpoint", "channel", "persona", "emotion", *PLAIN, "attributes")


def store_of(rows: Iterable[Mapping[str, object]], stages: Mapping[str, str] = {},
             customer_attributes: Mapping[str, Mapping[str, str]] = {}, path: Path | str = ":memory:") -> Store:
    """A workspace that holds these interactions, in this order.

    rows    fields of an interaction; `customer` None or absent = anonymous; `stage` a stage of the five-stage model
            (or any name, which then stays a name of the file without a stage)
    stages  touchpoint label → stage key
    """
    frame = pd.DataFrame(list(rows)).reindex(columns=list(COLUMNS)).astype(object)
    frame = frame.where(frame.notna(), None)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"], format="mixed").astype("datetime64[us]")
    store = open_store(path)
    with store.write() as cursor:
        def ids(table: str, column: str) -> pd.Series:
            known = name_ids(cursor, table, [each for each in frame[column].unique() if each is not None])
            return pd.Series([known.get(each) for each in frame[column]], dtype=object)

        stage_ids = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
        frame["stage_label_id"] = ids("stage_labels", "stage")
        frame["touchpoint_id"] = ids("touchpoints", "touchpoint")
        frame["channel_id"] = ids("channels", "channel")
        frame["persona_id"] = ids("personas", "persona")
        for label, stage in stages.items():
            cursor.execute("UPDATE touchpoints SET stage_id = ?, source = 'user' WHERE label = ?",
                           [stage_ids[stage], label])
        keys: dict[object, int] = {}
        customer_keys = []
        for place, who in enumerate(frame["customer"]):
            key = keys.setdefault(who if who is not None else ("anonymous", place), len(keys) + 1)
            customer_keys.append(key)
        frame["customer_key"] = customer_keys
        cursor.executemany("INSERT INTO customers VALUES (?, ?, ?, NULL)", [
            (key, f"#{key}" if isinstance(who, tuple) else who, isinstance(who, tuple)) for who, key in keys.items()])
        given = {(key, int(persona)) for key, persona in zip(customer_keys, frame["persona_id"], strict=True)
                 if persona is not None and not pd.isna(persona)}
        for key, persona in sorted(given):
            cursor.execute("INSERT INTO customer_personas VALUES (?, ?, 1)", [key, persona])
        names = {name for each in frame["attributes"] if each for name in each}
        names |= {name for each in customer_attributes.values() for name in each}
        attribute_ids = name_ids(cursor, "attributes", sorted(names))
        for who, values in customer_attributes.items():
            for name, value in values.items():
                cursor.execute("INSERT INTO customer_attributes VALUES (?, ?, ?, 1)",
                               [keys[who], attribute_ids[name], value])
        frame["attributes"] = [{name_key(name): value for name, value in each.items()} if each else None
                               for each in frame["attributes"]]
        frame["emotion_given"] = frame["emotion"]
        given = pd.DataFrame({name: _typed(frame[name], kind) for name, kind in KINDS.items()})
        given["interaction_id"] = range(1, len(given) + 1)
        cursor.register("given", given)
        columns = ", ".join(given.columns)
        cursor.execute(f"INSERT INTO interactions (row_key, content_key, upload_id, {columns}) "
                       f"SELECT interaction_id, interaction_id, 1, {columns} FROM given")
        cursor.unregister("given")
        for place, each in enumerate(frame["attributes"], start=1):
            if each:
                cursor.execute("UPDATE interactions SET attributes = MAP(?, ?) WHERE interaction_id = ?",
                               [list(each), list(each.values()), place])
        cursor.execute(f"UPDATE interactions SET emotion = {derive_sql.EMOTION_SQL}, "
                       f"emotion_source = {derive_sql.EMOTION_SOURCE_SQL}")
        derive.rebuild(cursor)
    return store


def _typed(values: pd.Series, kind: str) -> pd.Series:
    return pd.Series(pd.array([None if pd.isna(each) else each for each in values], dtype=kind)) if kind[0] != "d" \
        else values.astype(kind)


def refill(store: Store, rows: Iterable[tuple[int, object, str, str | None, str | None]], unit: str = "s") -> None:
    """Replace the interactions: (customer number, time, stage name of the five-stage model or of a file, touchpoint,
    channel), times as seconds (or another unit) since 2025-01-01. Quick, for many small journeys."""
    frame = pd.DataFrame(list(rows), columns=["customer_key", "at", "stage", "touchpoint", "channel"])
    frame["occurred_at"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(frame["at"].astype("int64"), unit=unit)
    with store.write() as cursor:
        for column, table in (("stage", "stage_labels"), ("touchpoint", "touchpoints"), ("channel", "channels")):
            known = name_ids(cursor, table, [each for each in frame[column].unique() if isinstance(each, str)])
            frame[f"{table[:-1]}_id"] = pd.array([known.get(each) for each in frame[column]], dtype="Int32")
        frame["interaction_id"] = range(1, len(frame) + 1)
        for table in ("interactions", "customers"):
            cursor.execute(f"DELETE FROM {table}")
        columns = "interaction_id, customer_key, occurred_at, stage_label_id, touchpoint_id, channel_id"
        cursor.register("given", frame)
        cursor.execute("INSERT INTO customers SELECT DISTINCT customer_key, 'c' || customer_key, FALSE, NULL FROM given")
        cursor.execute(f"INSERT INTO interactions (row_key, content_key, upload_id, {columns}) "
                       f"SELECT interaction_id, interaction_id, 1, {columns} FROM given")
        cursor.unregister("given")
        derive.rebuild(cursor)
