"""What has been uploaded."""

from __future__ import annotations

import pandas as pd

from cx.store import Store


def uploads(store: Store) -> pd.DataFrame:
    """Every upload, newest first: upload_id, name, bytes, loaded_at; accepted, rejected, duplicates (rows); replaced
    (interactions of earlier uploads it corrected); reported (figures of KPIs it brought that are in force); undone_at
    (null = in force), undone."""
    return store.frame("""
        SELECT u.upload_id, u.name, u.bytes, u.loaded_at, u.accepted, u.rejected, u.duplicates, u.replaced,
            coalesce(r.reported, 0) AS reported, u.undone_at, u.undone_at IS NOT NULL AS undone
        FROM uploads u LEFT JOIN (SELECT upload_id, count(*) AS reported FROM reported_kpis GROUP BY upload_id) r
        USING (upload_id) ORDER BY u.upload_id DESC""")


def undone(store: Store, upload_id: int) -> bool:
    """Whether nothing of an upload is in force any more."""
    return not store.value("SELECT count(*) FROM uploads WHERE upload_id = ? AND undone_at IS NULL", [upload_id])


def reported_of(store: Store, upload_id: int) -> pd.DataFrame:
    """The figures an upload brought, a row a KPI: kpi (key), figures (how many), first, last (start of the earliest and
    of the latest period)."""
    return store.frame("SELECT kpi, count(*) AS figures, CAST(min(period) AS TIMESTAMP) AS first, "
                       "CAST(max(period) AS TIMESTAMP) AS last FROM reported_kpis WHERE upload_id = ? "
                       "GROUP BY kpi ORDER BY kpi", [upload_id])
