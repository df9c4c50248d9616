"""Reported figures: what an uploaded table says of a KPI."""

import datetime as dt

import cx
from cx.metrics.reported import reported, reported_kpis


def test_the_newest_upload_holds_for_a_period():
    store = cx.open_store(":memory:")
    with store.write() as cursor:
        cursor.executemany("INSERT INTO reported_kpis (kpi, period, interval, value, n, upload_id) VALUES (?, ?, ?, ?, ?, ?)", [
            ("nps", dt.date(2025, 2, 1), "month", 31.0, 200, 1), ("nps", dt.date(2025, 1, 1), "month", 30.0, None, 1),
            ("nps", dt.date(2025, 2, 1), "month", 33.0, 210, 2), ("csat", dt.date(2025, 1, 1), "month", 0.8, None, 1)])
    frame = reported(store, "nps")
    assert frame["value"].tolist() == [30.0, 33.0]
    assert frame["period"].tolist() == [dt.datetime(2025, 1, 1), dt.datetime(2025, 2, 1)]
    assert frame["upload_id"].tolist() == [1, 2]
    assert reported_kpis(store) == ["csat", "nps"]
    assert reported(store, "ces").empty
