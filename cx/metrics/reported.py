"""What uploaded tables of figures report of the KPIs: shown beside what is computed from interactions, never mixed."""

from __future__ import annotations

import pandas as pd

from cx.store import Store


def reported(store: Store, kpi: str) -> pd.DataFrame:
    """The reported history of a KPI, in its own unit (shares 0–1), oldest first.

    Columns: period (first moment), interval ("week", "month", "quarter", "year"), value, n (answers behind it, null =
    not told), upload_id. Where several uploads report a period, the newest of them holds; empty where none does.
    """
    return store.frame(
        "SELECT CAST(period AS TIMESTAMP) AS period, interval, value, n, upload_id FROM ("
        "SELECT *, row_number() OVER (PARTITION BY period, interval ORDER BY upload_id DESC) AS place "
        "FROM reported_kpis WHERE kpi = ?) newest WHERE place = 1 ORDER BY period, interval", [kpi])


def reported_kpis(store: Store) -> list[str]:
    """The keys of the KPIs that have a reported history."""
    return [row[0] for row in store.rows("SELECT DISTINCT kpi FROM reported_kpis ORDER BY kpi")]
