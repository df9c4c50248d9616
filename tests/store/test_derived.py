"""The derived tables after any loads and undos are what a rebuild makes of the rows."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Store, intake, open_store
from cx.store import derive, derive_days, derive_tables
from cx.store.additive import ADDITIVE, DAILY_CELLS
from cx.store.check import check
from cx.store.derive_groups import Groups
from cx.store.measures import MEASURES
from cx.store.schema import MIGRATIONS
from tests.intake.snapshots import snapshot

DAY = dt.datetime(2025, 3, 1)
COLUMNS = ["customer_id", "occurred_at", "touchpoint", "channel", "persona", "nps", "csat", "ces", "wait_seconds",
           "delay_days", "is_complaint", "order_id", "revenue"]

ROW = st.tuples(
    st.sampled_from((None, "a", "b", "c", "d")),
    st.one_of(st.none(), st.integers(0, 40).map(lambda hours: DAY + dt.timedelta(hours=12 * hours))),
    st.sampled_from(("Advert", "Search", "Checkout", "Support call", "Review")), st.sampled_from((None, "web", "store")),
    st.sampled_from((None, "Ayşe", "Can")), st.sampled_from((None, 0, 7, 9, 10)), st.sampled_from((None, 1, 4, 5)),
    st.sampled_from((None, 2, 7)), st.sampled_from((None, 0, 61)), st.sampled_from((None, -1, 3)),
    st.sampled_from((None, True, False)), st.sampled_from((None, "o1", "o2")), st.sampled_from((None, 10.25, 99)))


def loaded(store: Store, rows: list[tuple], name: str) -> int:
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"])
    return intake.load_frame(store, frame, name=name).upload_id


def differing(store: Store) -> list[str]:
    found = check(store)
    return found.loc[(found["missing"] > 0) | (found["surplus"] > 0), "table"].tolist()


@settings(max_examples=3 * int(os.environ.get("CX_EXAMPLES", "1")))
@given(st.data())
def test_any_loads_and_undos_leave_what_a_rebuild_gives(data):
    store = open_store(":memory:")
    uploads: list[int] = []
    for number in range(data.draw(st.integers(1, 4))):
        if uploads and data.draw(st.booleans()):
            intake.undo(store, uploads.pop(data.draw(st.integers(0, len(uploads) - 1))))
        else:
            uploads.append(loaded(store, data.draw(st.lists(ROW, min_size=1, max_size=12)), f"upload {number}"))
        assert differing(store) == []


def test_the_work_divided_into_small_parts_gives_the_same(monkeypatch):
    monkeypatch.setattr(derive, "_AT_ONCE", 20)
    monkeypatch.setattr(derive, "_BUCKET", 1)
    monkeypatch.setattr(derive_days, "_HELD", 50)  # so that active days go to the table before all of them are known
    monkeypatch.setattr(derive_days, "_AT_ONCE", 7)
    monkeypatch.setattr(derive_tables, "_ROW_GROUP", 3)
    store = open_store(":memory:")
    days = [DAY + dt.timedelta(hours=hours) for hours in (0, 0, 30, 12, 12, 55, 54, 72, 72, 0)]
    first = loaded(store, [
        ("abcdefg"[number % 7], days[number * 3 % 10], ("Advert", "Search", "Checkout", "Review")[number // 2 % 4],
         (None, "web", "store")[number % 3], ("Ayşe", "Can")[number % 2], number % 11, 1 + number % 5, None, number,
         number % 4 - 1, number % 5 == 0, f"o{number // 3}" if number % 4 == 0 else None, number + 0.25)
        for number in range(80)], "first")
    loaded(store, [("c", days[number % 10], "Advert", "web", "Ayşe", 3, None, None, None, None, True, "o1", 7)
                   for number in range(50)] + [(None, DAY, "Review", None, None, 9, *[None] * 7)], "second")
    assert differing(store) == []
    intake.undo(store, first)
    assert differing(store) == []
    with store.write() as cursor:
        derive.rebuild(cursor)
    assert differing(store) == []


def test_sums_hold_more_than_64_bits():
    store = open_store(":memory:")
    longest = 2_147_483_647
    loaded(store, [("a", DAY, "Advert", "web", None, None, None, None, longest, None, None, f"o{number}", 99_999_999_999)
                   for number in range(5)], "first")
    assert differing(store) == []
    assert store.rows("SELECT wait_squares, revenue FROM daily_cells") == [
        (5 * longest**2, 499_999_999_995)]
    assert 5 * longest**2 > 2**63


def test_a_record_that_a_later_file_gives_another_customer_changes_both():
    store = open_store(":memory:")

    def records(owners: str) -> int:
        frame = pd.DataFrame({"record_id": range(len(owners)), "customer_id": list(owners),
                              "occurred_at": ["2025-03-01"] * len(owners), "touchpoint": ["Advert"] * len(owners)})
        return intake.load_frame(store, frame, name=owners).upload_id

    def journeys() -> list[tuple]:
        assert differing(store) == []
        return store.rows("SELECT customer_id, interactions FROM journeys JOIN customers USING (customer_key) ORDER BY 1")

    records("aaaa")
    moved = records("abaa")
    assert journeys() == [("a", 3), ("b", 1)]
    intake.undo(store, moved)
    assert journeys() == [("a", 4)]


def filled() -> Store:
    store = open_store(":memory:")
    loaded(store, [("a", DAY, "Advert", "web", "Ayşe", 9, None, None, None, None, None, None, None),
                   ("a", DAY + dt.timedelta(days=3), "Checkout", "web", None, None, 5, None, 30, None, True, "o1", 20),
                   ("b", DAY, "Search", "store", None, 3, None, None, None, None, None, "o2", 5)], "first")
    return store


@pytest.mark.parametrize(("change", "table", "missing", "surplus"), [
    ("DELETE FROM orders WHERE order_id = 'o1'", "orders", 1, 0),
    ("UPDATE daily_cells SET promoters = promoters + 1", "daily_cells", 3, 3),
    ("INSERT INTO active_days SELECT * FROM active_days LIMIT 1", "active_days", 1, 1),
    ("UPDATE journeys SET complaints = 7 WHERE customer_key = 1", "journeys", 1, 1),
    ("DELETE FROM attempts", "attempts", 1, 0),
    ("DELETE FROM waits", "waits", 1, 0),
    ("UPDATE steps SET channel_id = NULL", "steps", 3, 3),
    ("UPDATE interactions SET stage_id = NULL WHERE interaction_id = 1", "interactions", 1, 1),
    ("UPDATE customers SET persona_id = NULL", "customers", 1, 1),
])
def test_a_table_that_says_otherwise_is_found(change, table, missing, surplus):
    store = filled()
    assert differing(store) == []
    with store.write() as cursor:
        cursor.execute(change)
    found = check(store).set_index("table").loc[table]
    assert (found["missing"], found["surplus"]) == (missing, surplus)


def test_merging_changes_no_sum():
    store = filled()
    second = loaded(store, [("a", DAY, "Review", "web", "Can", 10, None, None, None, None, None, None, None)], "second")
    intake.undo(store, second)
    with store.write() as cursor:
        for each in ADDITIVE:
            before = sorted(map(str, cursor.execute(each.merged).fetchall()))
            [(rows,)] = cursor.execute(f"SELECT count(*) FROM {each.table}").fetchall()
            each.merge(cursor)
            assert sorted(map(str, cursor.execute(f"FROM {each.table}").fetchall())) == before
            assert rows > len(before)  # what the second upload added and took away again


@pytest.mark.parametrize(("name", "needed"), [(each.column, need) for each in MEASURES.values() for need in sorted(each.needs)])
def test_no_row_counts_in_which_a_column_that_a_measure_names_is_empty(name, needed):
    columns = {"nps": 9, "csat": 5, "csat_max": 5, "ces": 7, "ces_max": 7, "expectation_met": "TRUE", "emotion": 1,
               "is_complaint": "TRUE", "wait_seconds": 60, "delay_days": 2, "revenue": 10, needed: "NULL"}
    row = ", ".join(f"{value} AS {column}" for column, value in columns.items())
    assert open_store(":memory:").value(f"SELECT {MEASURES[name].rows} FROM (SELECT {row}) i") in (False, None)


@given(st.lists(st.lists(st.integers(0, 2**62), max_size=40), max_size=5))
def test_codes_are_numbered_as_they_are_first_met(lists):
    groups, known = Groups(), dict[int, int]()
    for codes in lists:
        expected = [known.setdefault(code, len(known)) for code in codes]
        assert groups.numbers(np.array(codes, np.int64)).tolist() == expected
    assert groups.codes.tolist() == list(known)


def test_codes_keep_their_numbers_as_room_is_made_for_more():
    groups, codes = Groups(), np.arange(0, 10**12, 4_999_999)
    first = groups.numbers(codes)
    assert first.tolist() == list(range(len(codes)))
    assert (groups.numbers(codes[::-1]) == first[::-1]).all()


def test_every_measure_has_its_column():
    columns = open_store(":memory:").frame("SELECT * FROM daily_cells").columns.tolist()
    assert columns == [*DAILY_CELLS.keys, *MEASURES]


def test_a_workspace_of_the_version_before_gets_its_tables_at_opening(tmp_path):
    path = tmp_path / "cx.duckdb"
    store = open_store(path)
    loaded(store, [("a", DAY, "Advert", "web", "Ayşe", 9, None, None, None, None, None, "o1", 3)], "first")
    before = snapshot(store)
    with store.write() as cursor:  # as version 2 left it
        for table in ("daily_cells", "active_days", "orders", "steps"):
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute("DELETE FROM settings WHERE key = 'derived_version'")
        cursor.execute("UPDATE settings SET value = '2' WHERE key = 'schema_version'")
    store.close()
    store = open_store(path)
    assert store.setting("schema_version") == str(len(MIGRATIONS))
    assert store.setting("derived_version") == str(derive.VERSION)
    assert differing(store) == []
    assert snapshot(store) == before
    assert store.value("SELECT count(*) FROM orders") == 1
    version = store.data_version
    store.close()
    assert open_store(path).data_version == version  # built once
