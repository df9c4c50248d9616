"""Net emotion along the journey, by hand; composition, gap and comments."""

from __future__ import annotations

import pandas as pd
import pytest

from cx import Filters, Store, open_store
from cx.errors import UnknownValue
from cx.language import language
from cx.metrics import emotion
from cx.metrics.kpi import kpis
from tests.metrics.stores import store_of

STAGES = {"ad": "awareness", "cart": "purchase", "delivery": "purchase", "survey": "retention"}
ROWS = [
    {"customer": "a", "occurred_at": "2025-01-01", "touchpoint": "ad", "channel": "web", "emotion": 1, "persona": "Young"},
    {"customer": "a", "occurred_at": "2025-01-02", "touchpoint": "cart", "channel": "web", "csat": 5, "csat_max": 5},
    {"customer": "a", "occurred_at": "2025-01-03", "touchpoint": "delivery", "channel": "courier", "nps": 9,
     "comment": "Çok İYİ, thanks"},
    {"customer": "a", "occurred_at": "2025-01-04", "touchpoint": "survey", "nps": 2, "comment": "Kötü son"},
    {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "ad", "channel": "web"},
    {"customer": "b", "occurred_at": "2025-01-02", "touchpoint": "cart", "channel": "store", "is_complaint": True},
    {"occurred_at": "2025-01-05", "touchpoint": "survey", "csat": 3, "csat_max": 5, "comment": "ok"},
    {"touchpoint": "loose end", "emotion": -1},
]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(ROWS, stages=STAGES)


def test_the_curve_over_stages_by_hand(store) -> None:
    frame = emotion.curve(store)
    assert frame["key"].tolist() == ["awareness", "purchase", "retention", ""]
    assert frame["position"].tolist() == [1, 2, 3, 4]
    assert frame["n"].tolist() == [1, 3, 2, 1]
    assert frame["interactions"].tolist() == [2, 3, 2, 1]
    assert frame["customers"].tolist() == [2, 2, 1, 0]
    assert frame["net"].tolist() == pytest.approx([100, 100 / 3, -50, -100])
    purchase = frame.iloc[1]
    assert (purchase["positive"], purchase["neutral"], purchase["negative"]) == pytest.approx((2 / 3, 0, 1 / 3))
    assert (purchase["csat"], purchase["csat_n"]) == (1, 1)
    assert pd.isna(frame.iloc[0]["csat"])
    assert ((frame["lower"] <= frame["net"]) & (frame["net"] <= frame["upper"])).all()


def test_touchpoints_stand_in_the_order_of_their_stages(store) -> None:
    frame = emotion.curve(store, "touchpoint")
    assert frame["key"].tolist() == ["ad", "cart", "delivery", "survey", "loose end"]
    assert frame["stage_key"].tolist() == ["awareness", "purchase", "purchase", "retention", ""]


@pytest.mark.parametrize("by", ["stage", "touchpoint", "channel", "persona"])
def test_the_parts_of_a_curve_sum_to_the_total(store, by) -> None:
    frame = emotion.curve(store, by)
    whole = kpis(store, only=["net_emotion"]).iloc[0]
    assert frame["n"].sum() == whole["n"]
    assert (frame["net"].fillna(0) * frame["n"]).sum() / whole["n"] == pytest.approx(whole["value"])


def test_a_cell_of_the_matrix_is_the_curve_of_that_selection(store) -> None:
    frame = emotion.matrix(store, "stage", "channel")
    assert frame["n"].sum() == emotion.curve(store)["n"].sum()
    for row in frame[(frame["row_key"] != "") & (frame["column_key"] != "")].itertuples():
        alone = emotion.curve(store, "stage", Filters(channel=row.column_key)).set_index("key").loc[row.row_key]
        assert (row.n, row.interactions) == (alone["n"], alone["interactions"])
        assert row.net == pytest.approx(alone["net"], nan_ok=True)
    with pytest.raises(UnknownValue):
        emotion.matrix(store, "stage", "stage")


def test_the_sources_of_emotion_sum_to_everything_and_the_unknown_stands_last(store) -> None:
    frame = emotion.sources(store)
    assert dict(zip(frame["source"], frame["n"], strict=True)) == {"given": 2, "csat": 2, "nps": 2, "complaint": 1, "": 1}
    assert frame["source"].iloc[-1] == ""
    assert frame["share"].sum() == pytest.approx(1)
    assert all(language("tr")(label) for label in frame["label"])


def test_the_gap_between_the_touchpoints_and_how_the_journey_ended(store) -> None:
    frame = emotion.gap(store).set_index("what")
    # a feels +1 +1 +1 -1 (mean 50) and ends at -1 with NPS 2; b complains once
    assert frame["n"].to_dict() == {"touchpoints": 7, "customers": 2, "end": 2, "nps": 1}
    assert frame["value"].to_dict() == pytest.approx({"touchpoints": 100 * (3 - 3) / 7, "customers": (50 - 100) / 2,
                                                      "end": -100, "nps": -100})
    assert frame.loc["end", "difference"] == -75
    assert pd.isna(frame.loc["customers", "difference"])


def test_an_unknown_name_is_refused(store) -> None:
    with pytest.raises(UnknownValue):
        emotion.curve(store, "colour")


def test_an_empty_workspace_has_empty_answers() -> None:
    store = open_store(":memory:")
    assert emotion.curve(store).empty
    assert emotion.matrix(store, "stage", "persona").empty
    assert emotion.sources(store).empty
    assert emotion.trend(store).empty
    assert emotion.gap(store)["value"].isna().all()


def test_the_trend_is_that_of_the_kpi(store) -> None:
    frame = emotion.trend(store, "day")
    assert frame["value"].iloc[0] == 100
    assert frame["n"].tolist() == [1, 2, 1, 1, 1]
