"""What is computed from the interactions with each commit: emotion, journeys, attempts.

An upload recomputes its own customers only; `rebuild` recomputes all and must give the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from cx.model import MOST_STAGES
from cx.scales import (
    DETRACTOR_TO,
    EASY_FROM,
    HARD_TO,
    PROMOTER_FROM,
    dissatisfied_sql,
    effort_sql,
    satisfied_sql,
)
from cx.store.database import set_setting

# In order of precedence: source → (it says something, positive, negative); neither = neutral.
_EMOTIONS: dict[str, tuple[str, str, str]] = {
    "given": ("emotion_given IS NOT NULL", "emotion_given > 0", "emotion_given < 0"),
    "csat": ("csat IS NOT NULL AND csat_max IS NOT NULL", satisfied_sql("csat", "csat_max"),
             dissatisfied_sql("csat", "csat_max")),
    "nps": ("nps IS NOT NULL", f"nps >= {PROMOTER_FROM}", f"nps <= {DETRACTOR_TO}"),
    "ces": ("ces IS NOT NULL AND ces_max IS NOT NULL", f"{effort_sql('ces', 'ces_max')} >= {EASY_FROM}",
            f"{effort_sql('ces', 'ces_max')} <= {HARD_TO}"),
    "expectation": ("expectation_met IS NOT NULL", "expectation_met", "NOT expectation_met"),
    "complaint": ("is_complaint", "FALSE", "TRUE"),
}

EMOTION_SQL = "CASE " + " ".join(
    f"WHEN {says} THEN CASE WHEN {positive} THEN 1 WHEN {negative} THEN -1 ELSE 0 END"
    for says, positive, negative in _EMOTIONS.values()) + " END"
"""Emotion (-1, 0, 1, null) of a row that has the columns of `interactions`."""

EMOTION_SOURCE_SQL = "CASE " + " ".join(
    f"WHEN {says} THEN '{source}'" for source, (says, _, _) in _EMOTIONS.items()) + " END"
"""Which field the emotion comes from (a key of cx.model.EMOTION_SOURCES, null = unknown)."""


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute stage, journeys and attempts of everybody, inside a `Store.write()`."""
    _place_in_stages(cursor)
    _refresh(cursor, customers=None, stages=_note_stages(cursor))


def refresh(cursor: duckdb.DuckDBPyConnection, customers: str) -> None:
    """Recompute what is derived for some customers, inside a `Store.write()`.

    customers  name of a table or registered frame with a column `customer_key`; others stay untouched, unless a stage
               came into use or fell out of it (then the funnel has other steps, and everybody is recomputed)
    """
    before = stages_in_use(cursor)
    after = _note_stages(cursor)
    _refresh(cursor, customers=customers if before == after else None, stages=after)


def stages_in_use(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    """Stage ids, in order, that `attempts` has columns t1, t2, … for."""
    row = cursor.execute("SELECT value FROM settings WHERE key = 'attempt_stages'").fetchone()
    return json.loads(row[0]) if row else []


def _note_stages(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    found = [row[0] for row in cursor.execute(
        "SELECT stage_id FROM stages WHERE stage_id IN (SELECT i.stage_id FROM interactions i JOIN customers c "
        "USING (customer_key) WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL) ORDER BY position").fetchall()]
    set_setting(cursor, "attempt_stages", json.dumps(found))
    return found


def _place_in_stages(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give every interaction the stage its file named, else its touchpoint's."""
    for table in ("interactions", "shadowed"):
        cursor.execute(f"""
            UPDATE {table} SET stage_id = placed.stage_id
            FROM (SELECT i.interaction_id, coalesce(l.stage_id, t.stage_id) AS stage_id FROM {table} i
                  LEFT JOIN stage_labels l ON l.stage_label_id = i.stage_label_id
                  LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id) placed
            WHERE placed.interaction_id = {table}.interaction_id
              AND placed.stage_id IS DISTINCT FROM {table}.stage_id""")


def _refresh(cursor: duckdb.DuckDBPyConnection, customers: str | None, stages: Sequence[int]) -> None:
    chosen = f"customer_key IN (SELECT customer_key FROM {customers})" if customers else "TRUE"
    cursor.execute(f"DELETE FROM journeys WHERE {chosen}")
    cursor.execute(f"DELETE FROM attempts WHERE {chosen}")
    cursor.execute(f"""
        UPDATE customers SET persona_id = latest.persona_id
        FROM (SELECT customer_key, arg_max(p.persona_id, p.upload_id) AS persona_id
              FROM customers LEFT JOIN customer_personas p USING (customer_key) WHERE {chosen} GROUP BY ALL) latest
        WHERE latest.customer_key = customers.customer_key
          AND latest.persona_id IS DISTINCT FROM customers.persona_id""")
    cursor.execute(f"""
        INSERT INTO journeys
        SELECT i.customer_key, any_value(c.persona_id),
            arg_min(i.channel_id, (i.occurred_at, i.interaction_id)) FILTER (i.channel_id IS NOT NULL),
            arg_max(i.channel_id, (i.occurred_at, i.interaction_id)) FILTER (i.channel_id IS NOT NULL),
            min(i.occurred_at), max(i.occurred_at), count(*),
            count(DISTINCT coalesce(i.order_id, CAST(i.interaction_id AS VARCHAR)))
                FILTER ({ORDER_SQL}),
            sum(i.revenue), count(*) FILTER (i.is_complaint),
            count(*) FILTER (i.emotion > 0), count(*) FILTER (i.emotion < 0), count(i.emotion),
            arg_max(i.emotion, (i.occurred_at, i.interaction_id)) FILTER (i.emotion IS NOT NULL),
            arg_max(i.nps, (i.occurred_at, i.interaction_id)) FILTER (i.nps IS NOT NULL)
        FROM interactions i JOIN customers c USING (customer_key)
        WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL AND {chosen}
        GROUP BY i.customer_key
        ORDER BY i.customer_key""")
    if stages:
        cursor.execute(attempts_sql(stages, chosen))


ORDER_SQL = "i.order_id IS NOT NULL OR i.revenue IS NOT NULL"
"""Whether `interactions AS i` is (part of) an order."""


def attempts_sql(stages: Sequence[int], chosen: str) -> str:
    """INSERT of one row per customer and distinct time of the first stage: t1 and the earliest arrival at or after the
    stage before, for each further stage (null = never). `chosen` is a condition on `customer_key`."""
    def arrivals(stage: int) -> str:
        return (f"(SELECT customer_key, occurred_at AS arrived_at FROM interactions "
                f"WHERE stage_id = {int(stage)} AND occurred_at IS NOT NULL AND {chosen})")

    parts = [f"a1 AS (SELECT DISTINCT customer_key, arrived_at AS t1 FROM {arrivals(stages[0])})"]
    for step, stage in enumerate(stages[1:], start=2):
        parts.append(f"a{step} AS (SELECT a.*, e.arrived_at AS t{step} "
                     f"FROM a{step - 1} a ASOF LEFT JOIN {arrivals(stage)} e "
                     f"ON a.customer_key = e.customer_key AND a.t{step - 1} <= e.arrived_at)")
    times = ", ".join(f"a.t{step}" if step <= len(stages) else "NULL" for step in range(1, MOST_STAGES + 1))
    return (f"INSERT INTO attempts WITH {', '.join(parts)} "
            f"SELECT a.customer_key, j.persona_id, j.first_channel_id, {times} "
            f"FROM a{len(stages)} a JOIN journeys j USING (customer_key) ORDER BY a.customer_key, a.t1")
