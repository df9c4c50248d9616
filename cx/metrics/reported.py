"""What uploaded tables of figures report of the KPIs: shown beside what is computed from interactions, never mixed."""

from __future__ import annotations

import pandas as pd

from cx.filters import DIMENSIONS, Filters, segment_named
from cx.store import Store


def reported(store: Store, kpi: str, segment: str = "", member: str = "") -> pd.DataFrame:
    """The reported history of a KPI, in its own unit (shares 0–1), oldest first.

    segment, member  whom it is of, as cx.filters.segment_named names them; "" = everybody

    Columns: period (first moment), interval ("week", "month", "quarter", "year"), value, n (answers behind it, null =
    not told), upload_id. Where several uploads report a period, the newest of them holds; empty where none does.
    """
    return store.frame(
        "SELECT CAST(period AS TIMESTAMP) AS period, interval, value, n, upload_id FROM ("
        "SELECT *, row_number() OVER (PARTITION BY period, interval ORDER BY upload_id DESC) AS place "
        "FROM reported_kpis WHERE kpi = ? AND segment = ? AND member = ?) newest WHERE place = 1 "
        "ORDER BY period, interval", [kpi, segment, member])


def segment_of(filters: Filters) -> tuple[str, str] | None:
    """The name of a selection (cx.filters.segment_named) of at most one persona, one channel, one stage and one
    touchpoint, and nothing else but a period; None = another selection, of which no table can report."""
    chosen = {name: getattr(filters, name) for name in DIMENSIONS}
    if filters.attributes or any(len(keys) > 1 for keys in chosen.values()):
        return None
    return segment_named({name: keys[0] for name, keys in chosen.items() if keys})


def reported_kpis(store: Store) -> list[str]:
    """The keys of the KPIs that have a reported history."""
    return [row[0] for row in store.rows("SELECT DISTINCT kpi FROM reported_kpis ORDER BY kpi")]
