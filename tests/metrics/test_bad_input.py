"""Scores outside the scale, nothing, one answer, all the same, an empty period, a missing column: "—" and why, never 0."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx import Filters, open_store
from cx.intake import load_frame
from cx.language import language
from cx.metrics import stats
from cx.metrics.anomaly import anomalies
from cx.metrics.forecast import forecast
from cx.metrics.kpi import breakdown, kpis, trend
from cx.metrics.kpi_registry import KPIS
from cx.model import FIELD
from tests.metrics.stores import store_of

EN, TR = language("en"), language("tr")


def loaded(**columns: list[object]) -> pd.Series:
    """The KPI named in `kpi` of a frame loaded as a user's sheet is."""
    kpi = columns.pop("kpi")
    many = len(next(iter(columns.values())))
    store = open_store(":memory:")
    load_frame(store, pd.DataFrame({"record_id": range(many), "customer_id": [f"c{n}" for n in range(many)],
                                    "occurred_at": ["2025-03-01"] * many, "touchpoint": ["Shop"] * many, **columns}))
    return kpis(store, only=[kpi]).iloc[0]


@pytest.mark.parametrize(("kpi", "columns", "value", "n"), [
    ("nps", {"nps": [11, -1, 99]}, None, 0),  # outside the scale is no answer
    ("nps", {"nps": [11, 10, 0]}, 0, 2),
    ("csat", {"csat": [9, 5, 0], "csat_max": [5, 5, 5]}, 1, 1),
    ("ces", {"ces": [8, 7, 0], "ces_max": [7, 7, 7]}, 7, 1),
    ("nps", {"nps": [None, None]}, None, 0),  # all missing
    ("waiting_time", {"wait_seconds": [-5, None]}, None, 0),
    ("nps", {"nps": [9]}, 100, 1),  # one answer
    ("csat", {"csat": [2], "csat_max": [5]}, 0, 1),  # a real zero is 0
    ("ces", {"ces": [4], "ces_max": [7]}, 4, 1),
    ("nps", {"nps": [7] * 40}, 0, 40),  # all the same
    ("ces", {"ces": [4] * 40, "ces_max": [7] * 40}, 4, 40),
    ("waiting_time", {"wait_seconds": [60] * 40}, 60, 40),
    ("average_order_value", {"revenue": [10] * 3, "order_id": ["a", "b", "c"]}, 10, 3),
])
def test_what_a_sheet_holds_becomes_a_number_or_none(kpi, columns, value, n) -> None:
    row = loaded(kpi=kpi, **columns)
    assert row["n"] == n
    assert pd.isna(row["value"]) if value is None else row["value"] == pytest.approx(value)
    assert (row["reason"] is None) == (value is not None)
    assert bool(row["few"]) == (0 < n < 30)
    if n == 1 and KPIS[kpi].method in ("mean", "bootstrap"):
        assert pd.isna(row["lower"])  # one value has no spread: no interval rather than a wrong one
    elif value is not None:
        assert row["lower"] <= row["value"] <= row["upper"]


@pytest.fixture(scope="module")
def bare():
    """Nobody uploaded anything but an anonymous, undated comment."""
    return store_of([{"comment": "hello"}])


@pytest.mark.parametrize("kpi", KPIS)
def test_a_kpi_whose_column_nobody_uploaded_says_what_to_upload(bare, kpi) -> None:
    row = kpis(bare, only=[kpi]).iloc[0]
    assert pd.isna(row["value"])
    assert row["n"] == 0
    reason = row["reason"]
    assert reason is not None
    for t in (EN, TR):
        told = t(reason)
        assert any(all(t(FIELD[field].label) in told for field in missing)
                   for missing in [[field for field in way if field != "comment"] for way in KPIS[kpi].fields]) or \
            any(t(FIELD[field].label) in told for way in KPIS[kpi].fields for field in way), told
    assert trend(bare, kpi).empty
    assert anomalies(bare, kpi).empty
    assert forecast(bare, kpi).frame.empty
    parts = breakdown(bare, kpi, "channel")
    assert parts["value"].isna().all()


def test_a_period_with_nothing_has_no_value_in_a_trend_and_breaks_nothing() -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-15", "nps": 9, "revenue": 5},
                      {"customer": "a", "occurred_at": "2025-03-15", "nps": 2, "revenue": 7}])
    months = trend(store, "nps", "month")
    assert months["n"].tolist() == [1, 0, 1]
    assert months["value"].isna().tolist() == [False, True, False]
    assert trend(store, "revenue", "month")["value"].tolist() == [5, 0, 7]  # nothing sold is 0
    found = kpis(store, Filters(start="2025-02-01", end="2025-02-28")).set_index("kpi")
    assert found["value"].dropna().to_dict() == {"orders": 0, "revenue": 0, "retention": 0, "repurchase": 0, "churn": 1}
    assert found.loc[found["value"].isna(), "reason"].notna().all()


COUNTS = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))


@given(COUNTS)
def test_one_more_promoter_never_lowers_nps_and_one_more_detractor_never_raises_it(counts) -> None:
    promoters, passives, detractors = counts
    n = promoters + passives + detractors
    before = stats.net_score(promoters, detractors, n).value
    if n:
        assert stats.net_score(promoters + 1, detractors, n + 1).value >= before
        assert stats.net_score(promoters, detractors + 1, n + 1).value <= before


@given(COUNTS)
def test_swapped_signs_negate_a_net_score_and_its_interval(counts) -> None:
    plus, even, minus = counts
    n = plus + even + minus
    one, other = stats.net_score(plus, minus, n), stats.net_score(minus, plus, n)
    assert one.value == pytest.approx(-other.value, abs=1e-9, nan_ok=True)
    assert one.lower == pytest.approx(-other.upper, abs=1e-9, nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6))
def test_parts_add_up_to_the_share_of_the_whole(parts) -> None:
    hits, sizes = [min(pair) for pair in parts], [max(pair) for pair in parts]
    whole = stats.wilson(sum(hits), sum(sizes)).value
    shares = stats.wilson(hits, sizes).value
    if sum(sizes):
        weighted = sum(share * size for share, size in zip(shares, sizes, strict=True) if size) / sum(sizes)
        assert whole == pytest.approx(weighted)
