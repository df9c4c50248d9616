"""What a workspace says, without the keys it happens to use."""

from __future__ import annotations

from typing import Any

from cx.store import Store

_SHOWN = """
SELECT CASE WHEN c.anonymous THEN '(anonymous)' ELSE c.customer_id END, i.occurred_at, s.key, l.key, h.key, t.key, i.nps,
    i.csat, i.csat_max, i.ces, i.ces_max, i.expectation_met, i.emotion, i.emotion_source, i.emotion_given, i.comment,
    i.wait_seconds, i.delay_days, i.is_complaint, i.revenue, i.quantity, i.order_id, i.campaign,
    CAST(i.attributes AS VARCHAR), u.name, i.sheet, i.row_number
FROM interactions i JOIN customers c USING (customer_key) JOIN uploads u USING (upload_id)
LEFT JOIN stages s ON s.stage_id = i.stage_id LEFT JOIN stage_labels l ON l.stage_label_id = i.stage_label_id
LEFT JOIN channels h ON h.channel_id = i.channel_id LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id
ORDER BY ALL"""

_QUESTIONS = {
    "interactions": _SHOWN,
    "customers": "SELECT CASE WHEN anonymous THEN '(anonymous)' ELSE customer_id END, p.key FROM customers "
                 "LEFT JOIN personas p USING (persona_id) ORDER BY ALL",
    "customer attributes": "SELECT CASE WHEN anonymous THEN '(anonymous)' ELSE customer_id END, a.key, value, u.name "
                           "FROM customer_attributes JOIN customers USING (customer_key) JOIN attributes a "
                           "USING (attribute_id) JOIN uploads u USING (upload_id) ORDER BY ALL",
    "journeys": "SELECT c.customer_id, p.key, f.key, l.key, first_at, last_at, interactions, orders, revenue, complaints, "
                "positive, negative, felt FROM journeys JOIN customers c USING (customer_key) "
                "LEFT JOIN personas p ON p.persona_id = journeys.persona_id LEFT JOIN channels f ON f.channel_id = "
                "first_channel_id LEFT JOIN channels l ON l.channel_id = last_channel_id ORDER BY ALL",
    "attempts": "SELECT c.customer_id, t1, t2, t3, t4, t5 FROM attempts JOIN customers c USING (customer_key) ORDER BY ALL",
    "reported figures": "SELECT kpi, period, interval, segment, member, arg_max(value, upload_id), "
                        "arg_max(coalesce(n, -1), upload_id) FROM reported_kpis GROUP BY ALL ORDER BY ALL",
    "names": "SELECT 'touchpoint', key, label FROM touchpoints UNION ALL SELECT 'channel', key, label FROM channels "
             "UNION ALL SELECT 'persona', key, label FROM personas UNION ALL SELECT 'stage', key, label FROM stage_labels "
             "UNION ALL SELECT 'attribute', key, label FROM attributes ORDER BY ALL",
}


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Question → answer rows; equal for workspaces that say the same."""
    return {name: store.rows(sql) for name, sql in _QUESTIONS.items()}
