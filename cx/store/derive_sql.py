"""SQL of what cx.store.derive computes from the interactions: emotions, stages and the derived tables.

The passes of cx.store.derive_tables give the same rows in a fraction of the time; `serve-check` and tests compare.
"""

from __future__ import annotations

from collections.abc import Sequence

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

PLACED = """SELECT i.interaction_id, coalesce(l.stage_id, t.stage_id) AS stage_id FROM {table} i
    LEFT JOIN stage_labels l ON l.stage_label_id = i.stage_label_id
    LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id"""
"""The stage of each interaction: the one its file named, else its touchpoint's."""

PERSONAS = """SELECT customer_key, arg_max(p.persona_id, p.upload_id) AS persona_id
    FROM customers LEFT JOIN customer_personas p USING (customer_key) WHERE {chosen} GROUP BY ALL"""
"""The persona of each customer: the one the latest upload says."""

STAGES_USED = ("SELECT stage_id FROM stages WHERE stage_id IN (SELECT stage_id FROM daily_cells WHERE NOT anonymous "
               "AND occurred_at IS NOT NULL GROUP BY stage_id HAVING sum(interactions) > 0) ORDER BY position")
"""The stages that known customers were in at a known time, in order."""


def steps_sql(rows: str = "interactions", place: bool = False) -> str:
    """SELECT of the dated interactions of known customers in the columns and order of `steps`: by customer; each
    customer's by time, of equal times the earlier stage of the model first, no stage last, then as loaded. With
    `place`, the number of the row in that order (1 = the customer's first) is a further column."""
    order = "i.occurred_at, s.position NULLS LAST, i.interaction_id"
    number = f", row_number() OVER (PARTITION BY i.customer_key ORDER BY {order}) AS place" if place else ""
    return f"""
        SELECT i.customer_key, i.occurred_at, i.stage_id, i.stage_label_id, i.channel_id, i.touchpoint_id,
            i.emotion{number}
        FROM {rows} i JOIN customers c USING (customer_key) LEFT JOIN stages s ON s.stage_id = i.stage_id
        WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL ORDER BY i.customer_key, {order}"""


def journeys_sql(rows: str = "interactions") -> str:
    """SELECT of one row per known customer with a dated interaction, in the columns of `journeys`."""
    # time, then id, as one number: a pair takes four times as long
    moment = "(CAST(epoch_us(i.occurred_at) AS HUGEINT) * 4611686018427387904 + i.interaction_id)"
    return f"""
        SELECT i.customer_key, any_value(c.persona_id),
            arg_min(i.channel_id, {moment}) FILTER (i.channel_id IS NOT NULL),
            arg_max(i.channel_id, {moment}) FILTER (i.channel_id IS NOT NULL),
            min(i.occurred_at), max(i.occurred_at), count(*),
            count(DISTINCT CASE WHEN {ORDER_SQL} THEN coalesce('#' || i.order_id,
                CAST(i.interaction_id AS VARCHAR)) END),
            sum(i.revenue), count(*) FILTER (i.is_complaint),
            count(*) FILTER (i.emotion > 0), count(*) FILTER (i.emotion < 0), count(i.emotion),
            arg_max(i.emotion, {moment}) FILTER (i.emotion IS NOT NULL),
            arg_max(i.nps, {moment}) FILTER (i.nps IS NOT NULL)
        FROM {rows} i JOIN customers c USING (customer_key)
        WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL
        GROUP BY i.customer_key
        ORDER BY i.customer_key"""


ORDER_COLUMNS = ("interaction_id, customer_key, anonymous, persona_id, occurred_at, stage_id, channel_id, "
                 "touchpoint_id, campaign, order_id, amount")
"""The columns of `orders`."""


ORDER_SQL = "i.order_id IS NOT NULL OR i.revenue IS NOT NULL"
"""Whether `interactions AS i` is (part of) an order."""


def orders_sql(rows: str = "interactions", columns: str = "") -> str:
    """SELECT of one row per order: its first row's customer, time and place (and further `columns` of i), and `amount`,
    the revenue of all its rows. Rows with one order number are one order of a customer; anonymous ones of anybody."""
    order = ("CASE WHEN k.anonymous AND i.order_id IS NOT NULL THEN 0 ELSE i.customer_key END, "
             "coalesce('#' || i.order_id, CAST(i.interaction_id AS VARCHAR))")
    return f"""
        SELECT * FROM (
            SELECT i.interaction_id, i.customer_key, i.occurred_at, i.channel_id, i.stage_id, i.touchpoint_id,
                i.campaign, i.order_id, {columns} k.anonymous, k.persona_id,
                CAST(sum(i.revenue) OVER (PARTITION BY {order}) AS DOUBLE) AS amount,
                row_number() OVER (PARTITION BY {order} ORDER BY i.occurred_at NULLS LAST, i.interaction_id) AS place
            FROM {rows} i JOIN customers k ON k.customer_key = i.customer_key WHERE {ORDER_SQL})
        WHERE place = 1"""


def waits_sql(where: str = "TRUE", customers: str = "customers") -> str:
    """SELECT of the interactions chosen that have a waiting time or are late, in the columns of `waits`. customers:
    name of a table with customer_key, anonymous, persona_id."""
    return f"""
        SELECT i.interaction_id, i.customer_key, k.anonymous, k.persona_id, i.occurred_at, i.stage_id, i.channel_id,
            i.touchpoint_id, i.wait_seconds, i.delay_days
        FROM (SELECT * FROM interactions WHERE {where}) i JOIN {customers} k ON k.customer_key = i.customer_key
        WHERE i.wait_seconds IS NOT NULL OR i.delay_days > 0
        ORDER BY k.persona_id, i.occurred_at, i.interaction_id"""


def attempts_sql(stages: Sequence[int], rows: str = "interactions") -> str:
    """SELECT of one row per customer and distinct time of the first stage: t1 and the earliest arrival at or after the
    stage before, for each further stage (null = never). `rows` is the name of a table of interactions."""
    def arrivals(stage: int) -> str:
        return (f"(SELECT customer_key, occurred_at AS arrived_at FROM {rows} "
                f"WHERE stage_id = {int(stage)} AND occurred_at IS NOT NULL)")

    if not stages:
        return "SELECT * FROM attempts LIMIT 0"
    parts = [f"a1 AS (SELECT DISTINCT customer_key, arrived_at AS t1 FROM {arrivals(stages[0])})"]
    for step, stage in enumerate(stages[1:], start=2):
        parts.append(f"a{step} AS (SELECT a.*, e.arrived_at AS t{step} "
                     f"FROM a{step - 1} a ASOF LEFT JOIN {arrivals(stage)} e "
                     f"ON a.customer_key = e.customer_key AND a.t{step - 1} <= e.arrived_at)")
    times = ", ".join(f"a.t{step}" if step <= len(stages) else "NULL" for step in range(1, MOST_STAGES + 1))
    return (f"WITH {', '.join(parts)} SELECT a.customer_key, j.persona_id, j.first_channel_id, {times} "
            f"FROM a{len(stages)} a JOIN journeys j USING (customer_key) ORDER BY a.customer_key, a.t1")
