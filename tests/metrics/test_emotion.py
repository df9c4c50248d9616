"""Net emotion along the journey, by hand; composition, gap and comments."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cx
from cx import Filters, Store, findings, open_store
from cx.charts.emotion import emotion_line
from cx.errors import QueryError, UnknownValue
from cx.language import language
from cx.metrics import emotion, emotion_held, planned
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


def test_what_is_remembered_by_hand(store) -> None:
    frame = emotion.memory(store).set_index("what")
    # a feels +1 +1 +1 -1: mean 50, worst -1, end -1; b complains once
    assert frame["n"].tolist() == [2, 2, 2, 2]
    assert frame["value"].to_dict() == pytest.approx({"way": -25, "peak": -100, "end": -100, "peak_end": -100})
    assert (frame["lower"] >= -100).all()
    assert frame.loc["way", "value"] == pytest.approx(emotion.gap(store).set_index("what").loc["customers", "value"])


def test_without_anything_bad_the_peak_is_the_best_moment() -> None:
    felt = [1, 0]
    rows = [{"customer": f"c{place}", "occurred_at": f"2025-01-0{day}", "emotion": each} for place in range(3)
            for day, each in enumerate(felt, start=1)]
    frame = emotion.memory(store_of(rows)).set_index("what")
    assert frame["value"].to_dict() == {"way": 50, "peak": 100, "end": 0, "peak_end": 50}


def test_swapped_signs_negate_the_curve_and_the_end() -> None:
    rows = [{"customer": f"c{place % 4}", "occurred_at": f"2025-01-{place + 1:02}", "stage": "purchase", "emotion": each}
            for place, each in enumerate([1, -1, 0, 1, 1, -1, 1])]
    swapped = [{**row, "emotion": -row["emotion"]} for row in rows]
    one, other = store_of(rows), store_of(swapped)
    assert emotion.curve(one)["net"].tolist() == [-net for net in emotion.curve(other)["net"]]
    assert emotion.memory(one)["value"].iloc[2] == -emotion.memory(other)["value"].iloc[2]


def test_a_plan_is_kept_for_the_stages_in_force(store) -> None:
    assert planned.planned(store) == {}
    planned.plan(store, {"purchase": 30, "awareness": -5.5})
    planned.plan(store, {"awareness": 10, "advocacy": None})
    assert planned.planned(store) == {"awareness": 10, "purchase": 30}
    english = language("en")
    assert findings.emotion.against_plan(emotion.curve(store), {"purchase": 30}, english, str) == (
        "No stage is surely below or above plan.")
    frame = pd.DataFrame({"key": ["a", "b"], "net": [-20.0, 50.0], "lower": [-30.0, 40.0], "upper": [-10.0, 60.0]})
    assert findings.emotion.against_plan(frame, {"a": 0, "b": 30}, english, str) == (
        "Surely below plan: a (−20; 0). Surely above plan: b (+50; +30).")
    for wrong, error in (({"nowhere": 1}, UnknownValue), ({"purchase": 101}, QueryError),
                         ({"purchase": float("nan")}, QueryError)):
        with pytest.raises(error):
            planned.plan(store, wrong)
    assert planned.planned(store) == {"awareness": 10, "purchase": 30}


def test_the_curve_draws_what_it_is_compared_with_and_what_is_planned(store) -> None:
    frame = emotion.curve(store)
    alone = emotion_line(frame, language("tr"), str)
    both = emotion_line(frame, language("tr"), str, emotion.curve(store, filters=Filters(channel="web")), "web",
                        {"purchase": 40})
    assert len(both.spec["layer"]) == len(alone.spec["layer"]) + 4
    row = both.data.set_index("key").loc["purchase"]
    assert (row["planned"], row["other_net"], row["other_n_text"]) == (40, 100, "1")
    assert both.data.set_index("key").loc["retention"].isna()["other_net"]


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
    assert emotion.memory(store)["value"].isna().all()


def test_the_trend_is_that_of_the_kpi(store) -> None:
    frame = emotion.trend(store, "day")
    assert frame["value"].iloc[0] == 100
    assert frame["n"].tolist() == [1, 2, 1, 1, 1]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_held_says_what_the_rows_say(seed) -> None:
    """Under every filter; with several feelings at one time, in any order of stages, with rows without a time, a place,
    a persona or a customer; before and after a file more."""
    rng, n = np.random.default_rng(seed), 1200

    def some(values, share=0.8):
        return np.where(rng.random(n) < share, np.array(values, dtype=object)[rng.integers(0, len(values), n)], None)

    customer = rng.integers(0, 80, n)
    day = np.array([dt.datetime(2025, 1, 1) + dt.timedelta(days=int(each)) for each in rng.integers(0, 20, n)])
    rows = pd.DataFrame({
        "customer_id": [f"c{each}" if each % 9 else None for each in customer],
        "persona": [["Ay", "Su", None][each % 3] if each % 9 else None for each in customer],
        "occurred_at": np.where((rng.random(n) < 0.04) & (seed > 0), None, day), "nps": some(range(11), 0.2),
        "stage": some(["purchase", "retention", "advocacy"]), "touchpoint": some(["Chat", "Shop"]),
        "channel": some(["Web", "App"]), "emotion": some([-1, 0, 1], 0.3), "csat": some([1, 3, 5], 0.3), "csat_max": 5,
        "is_complaint": some([True, False], 0.1)})
    store = open_store(":memory:")
    for part in (rows[:900], rows[900:]):
        cx.intake.load_frame(store, part)
        held = 0
        for _ in range(25):
            start, end = sorted(rng.integers(0, 20, 2).tolist())
            open_ended = rng.random() < 0.4
            filters = Filters(None if open_ended else dt.date(2025, 1, 1 + start),
                              None if open_ended else dt.date(2025, 1, 1 + end), **{
                name: tuple(rng.choice(keys, rng.integers(0, 2), replace=False)) for name, keys in (
                    ("persona", ["ay", "su", "none"]), ("stage", ["purchase", "retention"]), ("touchpoint", ["chat"]),
                    ("channel", ["web", "app"]))})
            each, sources = emotion_held.each(store, filters), emotion.sources(store, filters)
            with store.noting():
                pd.testing.assert_frame_equal(sources, emotion.sources(store, filters), check_dtype=len(sources) > 0)
                if each is not None:
                    pd.testing.assert_series_equal(each, emotion._each(store, filters).astype(float)[each.index],
                                                   check_names=False)
            held += each is not None and each["n"] > 0
            assert emotion_held.tells(store, filters) == (each is not None)
        assert held >= 8
    assert emotion_held.each(store, Filters(attributes=(("tier", ("gold",)),))) is None


def test_of_three_feelings_at_one_time_the_last_loaded_one_is_the_last() -> None:
    """In order of stages they are the third loaded (good), the first (good) and the second (bad)."""
    store = open_store(":memory:")
    cx.intake.load_frame(store, pd.DataFrame({
        "customer_id": "a", "occurred_at": "2025-01-01", "stage": ["consideration", "purchase", "awareness"],
        "csat": [5, 1, 5], "csat_max": 5, "touchpoint": ["x", "y", "z"]}))
    held = emotion_held.each(store, Filters())
    assert (held["end_total"], held["positive"], held["negative"]) == (100, 1, 0)
