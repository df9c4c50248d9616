"""What uploaded tables of figures report of the KPIs: shown beside what is computed from interactions, never mixed."""

from __future__ import annotations

import pandas as pd

from cx.filters import DIMENSIONS, Filters
from cx.store import Store


def reported(store: Store, kpi: str, segment: str = "", member: str = "") -> pd.DataFrame:
    """The reported history of a KPI, in its own unit (shares 0–1), oldest first.

    segment, member  whom it is of: a dimension of cx.filters.DIMENSIONS and a key in it; "" = everybody

    Columns: period (first moment), interval ("week", "month", "quarter", "year"), value, n (answers behind it, null =
    not told), upload_id. Where several uploads report a period, the newest of them holds; empty where none does.
    """
    return store.frame(
        "SELECT CAST(period AS TIMESTAMP) AS period, interval, value, n, upload_id FROM ("
        "SELECT *, row_number() OVER (PARTITION BY period, interval ORDER BY upload_id DESC) AS place "
        "FROM reported_kpis WHERE kpi = ? AND segment = ? AND member = ?) newest WHERE place = 1 "
        "ORDER BY period, interval", [kpi, segment, member])


def segment_of(filters: Filters) -> tuple[str, str] | None:
    """(dimension, key) where a selection is one persona, channel, stage or touchpoint and nothing else but a period;
    ("", "") where it is everybody; None = another selection, of which no table can report."""
    chosen = [(name, key) for name in DIMENSIONS for key in getattr(filters, name)]
    if len(chosen) > 1 or filters.attributes:
        return None
    return chosen[0] if chosen else ("", "")


def reported_kpis(store: Store) -> list[str]:
    """The keys of the KPIs that have a reported history."""
    return [row[0] for row in store.rows("SELECT DISTINCT kpi FROM reported_kpis ORDER BY kpi")]
