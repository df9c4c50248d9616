"""One customer: finding them, who they are, and everything that happened to them."""

from __future__ import annotations

import pandas as pd

from cx.errors import QueryError
from cx.language import text
from cx.store import Store


def search(store: Store, wanted: str, limit: int = 20) -> pd.DataFrame:
    """Customers whose id contains the text (any letter case): exact and then shortest ids first.

    → customer_id, persona (label, "" = none), first_at, last_at, interactions. Of an empty text: those with the most
    interactions. Customers without a dated interaction have null times and 0.
    """
    sought = wanted.strip()
    return store.frame(
        """SELECT c.customer_id, coalesce(p.label, '') AS persona, j.first_at, j.last_at,
            coalesce(j.interactions, 0) AS interactions
        FROM customers c LEFT JOIN journeys j ON j.customer_key = c.customer_key
        LEFT JOIN personas p ON p.persona_id = c.persona_id
        WHERE NOT c.anonymous AND contains(lower(c.customer_id), lower(?))
        ORDER BY c.customer_id = ? DESC, CASE WHEN ? = '' THEN -coalesce(j.interactions, 0)
            ELSE length(c.customer_id) END, c.customer_id LIMIT ?""", [sought, sought, sought, int(limit)])


def profile(store: Store, customer_id: str) -> dict[str, object]:
    """Who the customer is: customer_id, persona_key, persona, first_channel, last_channel (labels, "" = none),
    first_at, last_at, interactions (dated), orders, revenue (None = none known), complaints, net (−100…100 over the
    interactions with a known emotion, None = none), felt (how many those are), last_emotion, last_nps (None = none),
    stages (keys of the stages reached, in model order), attributes (label → value). Raises QueryError.
    """
    key = _key(store, customer_id)
    frame = store.frame(
        """SELECT c.customer_id, coalesce(p.key, '') AS persona_key, coalesce(p.label, '') AS persona,
            coalesce(f.label, '') AS first_channel, coalesce(l.label, '') AS last_channel, j.first_at, j.last_at,
            coalesce(j.interactions, 0) AS interactions, coalesce(j.orders, 0) AS orders,
            CAST(j.revenue AS DOUBLE) AS revenue, coalesce(j.complaints, 0) AS complaints,
            100.0 * (j.positive - j.negative) / nullif(j.felt, 0) AS net, coalesce(j.felt, 0) AS felt, j.last_emotion,
            j.last_nps
        FROM customers c LEFT JOIN journeys j ON j.customer_key = c.customer_key
        LEFT JOIN personas p ON p.persona_id = c.persona_id
        LEFT JOIN channels f ON f.channel_id = j.first_channel_id
        LEFT JOIN channels l ON l.channel_id = j.last_channel_id WHERE c.customer_key = ?""", [key])
    found: dict[str, object] = {str(name): None if pd.isna(value) else value
                                for name, value in frame.iloc[0].items()}
    for name in ("revenue", "net"):
        found[name] = None if found[name] is None else float(found[name])  # type: ignore[arg-type]
    for name in ("interactions", "orders", "complaints", "felt", "last_emotion", "last_nps"):
        found[name] = None if found[name] is None else int(found[name])  # type: ignore[call-overload]
    found["stages"] = [row[0] for row in store.rows(
        "SELECT s.key FROM stages s WHERE s.stage_id IN (SELECT stage_id FROM interactions WHERE customer_key = ?) "
        "ORDER BY s.position", [key])]
    found["attributes"] = dict(store.rows(
        "SELECT a.label, arg_max(ca.value, ca.upload_id) FROM customer_attributes ca "
        "JOIN attributes a USING (attribute_id) WHERE ca.customer_key = ? GROUP BY a.label ORDER BY a.label", [key]))
    return found


def timeline(store: Store, customer_id: str) -> pd.DataFrame:
    """Every interaction of a customer in time order, undated ones last.

    → interaction_id, occurred_at, minutes (since the one before; null for the first and undated ones), stage_key,
      stage, channel, touchpoint (labels, "" = not known), nps, csat, csat_max, ces, ces_max, expectation_met, emotion,
      emotion_source, comment, wait_seconds, delay_days, is_complaint, revenue, quantity, order_id, campaign,
      attributes (dict or null), upload (name of the file), sheet, row_number. Missing texts are "", missing numbers
      null. Raises QueryError.
    """
    return store.frame(
        """SELECT i.interaction_id, i.occurred_at,
            (epoch_us(i.occurred_at) - lag(epoch_us(i.occurred_at)) OVER (ORDER BY i.occurred_at NULLS LAST,
                i.interaction_id)) / 60000000.0 AS minutes,
            coalesce(s.key, '') AS stage_key, coalesce(s.label, '') AS stage, coalesce(h.label, '') AS channel,
            coalesce(t.label, '') AS touchpoint, i.nps, CAST(i.csat AS DOUBLE) AS csat, i.csat_max,
            CAST(i.ces AS DOUBLE) AS ces, i.ces_max, i.expectation_met, i.emotion,
            coalesce(i.emotion_source, '') AS emotion_source, coalesce(i.comment, '') AS comment, i.wait_seconds,
            i.delay_days, i.is_complaint, CAST(i.revenue AS DOUBLE) AS revenue, CAST(i.quantity AS DOUBLE) AS quantity,
            coalesce(i.order_id, '') AS order_id, coalesce(i.campaign, '') AS campaign, i.attributes,
            coalesce(u.name, '') AS upload, coalesce(i.sheet, '') AS sheet, i.row_number
        FROM interactions i LEFT JOIN stages s ON s.stage_id = i.stage_id
        LEFT JOIN channels h ON h.channel_id = i.channel_id
        LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id LEFT JOIN uploads u ON u.upload_id = i.upload_id
        WHERE i.customer_key = ? ORDER BY i.occurred_at NULLS LAST, i.interaction_id""", [_key(store, customer_id)])


def _key(store: Store, customer_id: str) -> int:
    found = store.value("SELECT customer_key FROM customers WHERE customer_id = ? AND NOT anonymous", [customer_id])
    if found is None:
        raise QueryError(text("There is no customer “{customer}”.", customer=str(customer_id)))
    return int(found)
