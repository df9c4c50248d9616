"""Frames whose columns are fields: forgiving in form, exact in content."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cx import intake, open_store
from cx.errors import IntakeError

DAY = dt.datetime(2025, 3, 1, 10)


def load(frame: pd.DataFrame, name: str | None = None):
    store = open_store(":memory:")
    receipt = intake.load_frame(store, frame, name)
    assert receipt.rows == receipt.accepted + receipt.duplicates + receipt.rejected + receipt.skipped
    return store, receipt


@pytest.mark.parametrize("times", [
    [DAY, DAY], pd.to_datetime([DAY, DAY]), ["2025-03-01 10:00", "2025-03-01T10:00:00"], [pd.Timestamp(DAY)] * 2,
    pd.to_datetime([DAY, DAY]).tz_localize("UTC"), ["01.03.2025 10:00", "01.03.2025 10:00"],
    pd.Series([DAY, DAY], dtype="datetime64[s]"), np.array(["2025-03-01T10", "2025-03-01T10"], dtype="datetime64[h]"),
])
def test_times_of_any_kind_are_the_same_moment(times):
    store, receipt = load(pd.DataFrame({"customer_id": ["a", "b"], "occurred_at": times, "stage": "awareness"}))
    assert receipt.accepted == 2
    assert store.rows("SELECT DISTINCT occurred_at FROM interactions") == [(DAY,)]


def test_microseconds_are_kept():
    exact = dt.datetime(2025, 3, 1, 10, 0, 0, 123456)
    store, _ = load(pd.DataFrame({"customer_id": ["a"], "occurred_at": [exact], "stage": ["awareness"]}))
    assert store.value("SELECT occurred_at FROM interactions") == exact


def test_only_customer_time_and_stage_are_enough():
    store, _ = load(pd.DataFrame({"customer_id": [1, 1, 2], "occurred_at": [DAY, DAY + dt.timedelta(1), DAY],
                                  "stage": ["awareness", "Purchase", "AWARENESS"]}))
    assert store.rows("SELECT c.customer_id, s.key FROM interactions JOIN customers c USING (customer_key) "
                      "JOIN stages s USING (stage_id) ORDER BY ALL") == [
        ("1", "awareness"), ("1", "purchase"), ("2", "awareness")]
    assert store.value("SELECT count(*) FROM attempts") == 2


def test_a_stage_the_model_does_not_know_stays_a_label_without_a_stage():
    store, _ = load(pd.DataFrame({"customer_id": ["a"], "occurred_at": [DAY], "stage": ["Zzyzx"]}))
    assert store.rows("SELECT i.stage_id, l.label FROM interactions i JOIN stage_labels l USING (stage_label_id)") == [
        (None, "Zzyzx")]


def test_the_touchpoint_gives_the_stage_where_none_is_named():
    store, _ = load(pd.DataFrame({"customer_id": ["a", "a"], "occurred_at": [DAY, DAY],
                                  "touchpoint": ["checkout", "checkout"], "stage": [None, "advocacy"]}))
    assert sorted(store.rows("SELECT s.key FROM interactions JOIN stages s USING (stage_id)")) == [
        ("advocacy",), ("purchase",)]


def test_every_field_arrives_as_it_was():
    row = {"customer_id": "a", "occurred_at": DAY, "touchpoint": "Delivery", "channel": "courier", "stage": "purchase",
           "persona": "Saver", "nps": 9, "csat": 4.5, "csat_max": 5, "ces": 6, "ces_max": 7, "expectation_met": True,
           "emotion": 1, "comment": "Fine = fine", "wait_seconds": 270, "delay_days": -1, "is_complaint": False,
           "revenue": 1234.56, "quantity": 3, "order_id": "o-1", "campaign": "spring", "record_id": 7, "city": "Muğla"}
    store, _ = load(pd.DataFrame([row]))
    found = store.frame("SELECT * FROM interaction_details").iloc[0]
    for name in ("customer_id", "touchpoint", "channel", "persona", "nps", "csat", "csat_max", "ces", "ces_max", "emotion",
                 "comment", "wait_seconds", "delay_days", "order_id", "campaign"):
        assert found[name] == row[name], name
    assert float(found["revenue"]) == 1234.56
    assert (bool(found["expectation_met"]), bool(found["is_complaint"])) == (True, False)
    assert found["emotion_source"] == "given"
    assert store.rows("SELECT a.key, value FROM customer_attributes JOIN attributes a USING (attribute_id)") == [
        ("city", "Muğla")]


def test_a_column_that_changes_within_a_customer_belongs_to_the_row():
    store, _ = load(pd.DataFrame({"customer_id": ["a", "a"], "occurred_at": [DAY, DAY + dt.timedelta(1)],
                                  "touchpoint": "home", "device": ["phone", "laptop"], "city": ["x", "x"]}))
    assert store.rows("SELECT attributes['device'] FROM interactions ORDER BY occurred_at") == [("phone",), ("laptop",)]
    assert store.rows("SELECT value FROM customer_attributes") == [("x",)]


def test_codes_outside_the_scale_are_missing_answers_not_rejected_rows():
    store, receipt = load(pd.DataFrame({"customer_id": list("abc"), "occurred_at": DAY, "nps": [10, 11, -1],
                                        "touchpoint": "x"}))
    assert (receipt.accepted, receipt.rejected) == (3, 0)
    assert store.value("SELECT count(nps) FROM interactions") == 1
    assert "outside the scale 0–10" in str(receipt.notes[0])


def test_a_rating_above_its_own_scale_is_a_missing_answer():
    store, _ = load(pd.DataFrame({"customer_id": list("ab"), "occurred_at": DAY, "csat": [5, 9], "csat_max": [5, 5],
                                  "touchpoint": "x"}))
    assert store.rows("SELECT csat FROM interactions ORDER BY csat NULLS LAST") == [(5,), (None,)]


def test_rows_without_a_time_or_customer_are_rejected_with_row_and_reason():
    _, receipt = load(pd.DataFrame({"customer_id": ["a", None, "c"], "occurred_at": [DAY, DAY, None], "touchpoint": "x"}))
    assert (receipt.accepted, receipt.rejected) == (1, 2)
    assert receipt.rejects[["row", "column"]].values.tolist() == [[3, "customer_id"], [4, "occurred_at"]]
    assert "customer is empty" in receipt.rejects.loc[0, "reason"]


def test_an_unreadable_time_is_rejected_with_what_it_said():
    _, receipt = load(pd.DataFrame({"customer_id": ["a", "b"], "occurred_at": ["2025-01-01", "soon"], "touchpoint": "x"}))
    assert receipt.rejects.loc[0, "value"] == "soon"
    assert "2025-12-31" in receipt.rejects.loc[0, "reason"]


def test_without_customers_each_row_is_an_anonymous_respondent():
    store, receipt = load(pd.DataFrame({"occurred_at": [DAY, DAY], "nps": [9, 9]}))
    assert receipt.accepted == 2
    assert store.value("SELECT count(*) FROM customers WHERE anonymous") == 2
    assert store.value("SELECT count(*) FROM journeys") == 0


def test_without_times_the_rows_are_undated():
    store, receipt = load(pd.DataFrame({"customer_id": ["a"], "nps": [9]}))
    assert store.rows("SELECT occurred_at, nps FROM interactions") == [(None, 9)]
    assert any("no date" in str(note) for note in receipt.notes)


def test_a_frame_that_says_nothing_is_refused():
    with pytest.raises(IntakeError, match="No column says what happened"):
        intake.load_frame(open_store(":memory:"), pd.DataFrame({"customer_id": ["a"], "occurred_at": [DAY]}))


def test_text_dates_that_could_be_read_both_ways_are_refused():
    with pytest.raises(IntakeError, match="day first or month first"):
        intake.load_frame(open_store(":memory:"), pd.DataFrame(
            {"customer_id": ["a"], "occurred_at": ["03/04/2025"], "touchpoint": ["x"]}))


def test_an_empty_frame_loads_nothing():
    _, receipt = load(pd.DataFrame({"customer_id": [], "occurred_at": [], "touchpoint": []}))
    assert (receipt.rows, receipt.accepted) == (0, 0)


def test_the_callers_frame_is_not_changed():
    frame = pd.DataFrame({"customer_id": ["a"], "occurred_at": [DAY], "touchpoint": ["x"]})
    copy = frame.copy()
    load(frame)
    pd.testing.assert_frame_equal(frame, copy)


def test_spellings_of_one_name_are_one_channel():
    store, _ = load(pd.DataFrame({"customer_id": list("abc"), "occurred_at": DAY, "channel": ["Web", " web", "WEB"],
                                  "touchpoint": "x"}))
    assert store.rows("SELECT key, label FROM channels") == [("web", "Web")]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "$x$", ":material/bug:",
                                  "Robert'); DROP TABLE interactions;--", "=cmd|' /C calc'!A0", "İĞDIR ıI", "a\u200bb"])
def test_a_name_is_stored_as_its_characters(name):
    store, _ = load(pd.DataFrame({"customer_id": [name], "occurred_at": [DAY], "touchpoint": [name], "persona": [name],
                                  "channel": [name], "comment": [name], name: ["v"]}))
    from cx.model import clean_name

    shown = store.frame("SELECT * FROM interaction_details").iloc[0]
    assert (shown["touchpoint"], shown["persona"], shown["channel"]) == (clean_name(name),) * 3
    assert shown["comment"] == name
    assert store.rows("SELECT label FROM attributes") == [(clean_name(name),)]
