"""Duplicates, corrections and undo: whatever was loaded and taken back, the workspace says what the surviving uploads
say alone."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import intake, open_store
from cx.errors import QueryError
from tests.intake.snapshots import snapshot

DAY = dt.datetime(2025, 3, 1)


def frame(*rows: tuple, columns: str = "customer_id occurred_at touchpoint nps") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def test_the_same_frame_again_adds_nothing():
    store = open_store(":memory:")
    given_ = frame(("a", DAY, "home", 9), ("b", DAY, "cart", 3))
    intake.load_frame(store, given_)
    before = snapshot(store)
    again = intake.load_frame(store, given_, name="again")
    assert (again.accepted, again.duplicates, again.interactions) == (0, 2, 0)
    assert snapshot(store)["interactions"] == before["interactions"]


def test_a_corrected_row_replaces_the_earlier_one_and_comes_back_on_undo():
    store = open_store(":memory:")
    intake.load_frame(store, frame(("a", DAY, "home", 9), ("b", DAY, "cart", 3)), name="first")
    before = snapshot(store)
    corrected = intake.load_frame(store, frame(("a", DAY, "home", 2), ("b", DAY, "cart", 3)), name="corrected")
    assert (corrected.accepted, corrected.replaced, corrected.duplicates) == (1, 1, 1)
    assert store.rows("SELECT nps FROM interactions ORDER BY nps") == [(2,), (3,)]
    intake.undo(store, corrected.upload_id)
    assert snapshot(store) == before


def test_undoing_the_first_of_two_equal_uploads_leaves_the_second_in_force():
    store, alone = open_store(":memory:"), open_store(":memory:")
    given_ = frame(("a", DAY, "home", 9), ("b", DAY, "cart", 3))
    first = intake.load_frame(store, given_, name="first")
    intake.load_frame(store, given_, name="second")
    intake.load_frame(alone, given_, name="second")
    intake.undo(store, first.upload_id)
    assert snapshot(store) == snapshot(alone)


def test_undoing_the_only_upload_leaves_an_empty_workspace():
    store = open_store(":memory:")
    empty = snapshot(store)
    receipt = intake.load_frame(store, frame(("a", DAY, "home", 9, "x"), columns="customer_id occurred_at touchpoint nps city"))
    intake.undo(store, receipt.upload_id)
    assert snapshot(store) == empty


def test_names_that_a_person_edited_outlive_undo():
    from cx.store.journey_model import assign_stages

    store = open_store(":memory:")
    receipt = intake.load_frame(store, frame(("a", DAY, "zzz", 9), ("a", DAY, "yyy", 9)))
    assign_stages(store, {"zzz": "purchase"})
    intake.undo(store, receipt.upload_id)
    assert store.rows("SELECT key FROM touchpoints") == [("zzz",)]


def test_a_name_is_spelled_as_the_earliest_upload_in_force_spells_it():
    store = open_store(":memory:")
    first = intake.load_frame(store, frame(("a", DAY, "SUPPORT chat", 9), columns="customer_id occurred_at touchpoint CITY"))
    intake.load_frame(store, frame(("b", DAY, "Support Chat", 9), columns="customer_id occurred_at touchpoint City"))
    labels = "SELECT label FROM touchpoints UNION ALL SELECT label FROM attributes"
    assert store.rows(labels) == [("SUPPORT chat",), ("CITY",)]
    intake.undo(store, first.upload_id)
    assert store.rows(labels) == [("Support Chat",), ("City",)]


def test_an_upload_can_be_undone_once():
    store = open_store(":memory:")
    receipt = intake.load_frame(store, frame(("a", DAY, "home", 9)))
    intake.undo(store, receipt.upload_id)
    with pytest.raises(QueryError, match="undone already"):
        intake.undo(store, receipt.upload_id)
    with pytest.raises(QueryError, match="no upload 99"):
        intake.undo(store, 99)


def test_identical_rows_without_an_id_are_all_kept():
    store = open_store(":memory:")
    receipt = intake.load_frame(store, frame(("a", DAY, "home", 9), ("a", DAY, "home", 9)))
    assert (receipt.accepted, receipt.duplicates) == (2, 0)


def test_rows_with_the_same_record_id_and_content_are_one():
    store = open_store(":memory:")
    receipt = intake.load_frame(store, frame(("r1", "a", DAY, "home"), ("r1", "a", DAY, "home"), ("r2", "a", DAY, "home"),
                                             columns="record_id customer_id occurred_at touchpoint"))
    assert (receipt.accepted, receipt.duplicates, receipt.interactions) == (2, 1, 2)


def test_a_grown_export_adds_only_the_new_rows():
    store = open_store(":memory:")
    rows = [("a", DAY + dt.timedelta(hours=n), "home", n % 11) for n in range(20)]
    intake.load_frame(store, frame(*rows[:12]), name="january")
    grown = intake.load_frame(store, frame(*rows), name="february")
    assert (grown.accepted, grown.duplicates, grown.replaced) == (8, 12, 0)


def test_respondent_numbers_that_restart_are_new_rows_not_corrections():
    store = open_store(":memory:")
    columns = "record_id occurred_at nps"
    first = [(n, DAY + dt.timedelta(days=n), n % 11) for n in range(10)]
    second = [(n, DAY + dt.timedelta(days=365 + n), (n + 3) % 11) for n in range(10)]
    intake.load_frame(store, frame(*first, columns=columns), name="2024")
    receipt = intake.load_frame(store, frame(*second, columns=columns), name="2025")
    assert (receipt.accepted, receipt.replaced) == (10, 0)
    assert store.value("SELECT count(*) FROM interactions") == 20
    corrected = [(n, when, 0) for n, when, _ in second]
    again = intake.load_frame(store, frame(*corrected, columns=columns), name="2025 corrected")
    assert store.value("SELECT count(*) FROM interactions") == 20
    assert again.replaced + again.duplicates == 10


_TIMES = [DAY, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)]
_ROWS = st.tuples(st.sampled_from("abc"), st.sampled_from(_TIMES), st.sampled_from(["home", "Home", "cart", "support"]),
                  st.sampled_from(["web", "app", None]), st.sampled_from(["shopper", "SHOPPER", "saver", None]),
                  st.sampled_from([None, 2, 9]), st.sampled_from(["x", "y", None]))
_COLUMNS = ["customer_id", "occurred_at", "touchpoint", "channel", "persona", "nps", "city"]


def _again(draw: st.DrawFn, before: pd.DataFrame, how: str) -> pd.DataFrame:
    """An earlier frame grown by a row, or with another answer in one of its rows."""
    if how == "grown":
        more = pd.DataFrame([draw(_ROWS)], columns=_COLUMNS)[[name for name in _COLUMNS if name in before]]
        if "record_id" in before:
            more.insert(0, "record_id", f"more-{len(before)}")
        return pd.concat([before, more], ignore_index=True)
    corrected = before.astype({"nps": object})
    corrected.loc[draw(st.integers(0, len(before) - 1)), "nps"] = draw(st.integers(0, 10))
    return corrected


@st.composite
def uploads(draw: st.DrawFn) -> list[pd.DataFrame]:
    frames = []
    for _ in range(draw(st.integers(2, 4))):
        earlier = draw(st.sampled_from(["none", *(["grown", "corrected"] if frames else [])]))
        if earlier != "none":
            frames.append(_again(draw, draw(st.sampled_from(frames)), earlier))
            continue
        given_ = pd.DataFrame(draw(st.lists(_ROWS, min_size=1, max_size=6)), columns=_COLUMNS)
        kind = draw(st.sampled_from(["customers", "ids", "anonymous", "undated"]))
        if kind == "ids":
            given_.insert(0, "record_id", [f"{who}-{n}" for n, who in enumerate(given_["customer_id"])])
        elif kind == "anonymous":
            given_ = given_.drop(columns="customer_id")
        elif kind == "undated":
            given_ = given_.drop(columns="occurred_at")
        frames.append(given_)
    return frames


@settings(max_examples=10)
@given(uploads(), st.lists(st.tuples(st.booleans(), st.integers(0, 7)), min_size=3, max_size=6))
def test_any_sequence_of_load_and_undo_equals_loading_the_survivors_alone(frames, steps):
    store, alone = open_store(":memory:"), open_store(":memory:")
    loaded: list[tuple[int, str, pd.DataFrame]] = []
    for number, (take_back, which) in enumerate(steps):
        if take_back and loaded:
            upload_id, *_ = loaded.pop(which % len(loaded))
            intake.undo(store, upload_id)
        else:
            chosen = frames[which % len(frames)]
            receipt = intake.load_frame(store, chosen, name=f"upload {number}")
            assert receipt.rows == receipt.accepted + receipt.duplicates + receipt.rejected + receipt.skipped
            loaded.append((receipt.upload_id, receipt.name, chosen))
    for _, name, chosen in loaded:
        intake.load_frame(alone, chosen, name=name)
    assert snapshot(store) == snapshot(alone)
