"""The customers and interactions behind how journeys are remembered, and behind where emotions come from."""

from __future__ import annotations

import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import text
from cx.model import EMOTION_SOURCES
from cx.store import Store

REMEMBERED = ("way", "peak", "end", "peak_end")


def remembered(store: Store, what: str = "peak_end", filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """The customers whose means `emotion.memory` tells, those first for whom `what` (of REMEMBERED) was worst.

    → customer_id, persona (label, "" = none), felt (interactions with a known emotion), way, peak, end, peak_end
      (−100…100). Raises UnknownValue.
    """
    if what not in REMEMBERED:
        raise UnknownValue(text("What"), what, REMEMBERED)
    where = filters.interactions("i")
    last = "(coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)"
    return store.frame(f"""
        WITH felt AS (SELECT i.customer_key, count(*) AS felt, avg(i.emotion) AS mean,
                arg_max(i.emotion, {last}) AS last, CASE WHEN min(i.emotion) < 0 THEN -1 ELSE max(i.emotion) END AS peak
            FROM interactions i JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous
            WHERE i.emotion IS NOT NULL AND {where.sql} GROUP BY 1),
        each AS (SELECT customer_key, felt, 100.0 * mean AS way, 100.0 * peak AS peak, 100.0 * last AS "end",
            50.0 * (peak + last) AS peak_end FROM felt)
        SELECT c.customer_id, coalesce(p.label, '') AS persona, e.felt, e.way, e.peak, e."end", e.peak_end FROM each e
        JOIN customers c ON c.customer_key = e.customer_key LEFT JOIN personas p ON p.persona_id = c.persona_id
        ORDER BY e."{what}", e.felt DESC, c.customer_id LIMIT {int(limit)}""", where.params)


def told_by(store: Store, source: str, filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """The interactions whose emotion is known from one source, a row of `emotion.sources`, the newest first.

    → customer_id ("" = anonymous), occurred_at, stage, touchpoint, channel (labels), emotion (−1, 0, 1), comment.
    Raises UnknownValue.
    """
    if source not in EMOTION_SOURCES:
        raise UnknownValue(text("Source"), source, EMOTION_SOURCES)
    where = filters.interactions("i")
    return store.frame(f"""
        SELECT CASE WHEN c.anonymous THEN '' ELSE c.customer_id END AS customer_id, i.occurred_at, s.label AS stage,
            t.label AS touchpoint, h.label AS channel, i.emotion, i.comment
        FROM interactions i JOIN customers c ON c.customer_key = i.customer_key
        LEFT JOIN stages s ON s.stage_id = i.stage_id LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id
        LEFT JOIN channels h ON h.channel_id = i.channel_id WHERE i.emotion_source = ? AND ({where.sql})
        ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC LIMIT {int(limit)}""", [source, *where.params])
