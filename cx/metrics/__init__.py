"""One module per question: KPIs, funnel, emotion, contacts, one customer, what changed."""

from cx.metrics import emotion, funnel, kpi, overview, stats

__all__ = ["emotion", "funnel", "kpi", "overview", "stats"]
