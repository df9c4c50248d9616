"""Answers kept until the data changes: once for all threads, bounded, and never of another version."""

import threading
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

import cx
from cx.delivery import box
from cx.store import changes, derive, views
from cx.store.memo import Memo, Shared


def test_an_answer_is_made_once_and_let_go_with_the_version():
    memo, made = Memo(), []
    for version in (1, 1, 2, 2):
        assert memo.get(version, "a", lambda: made.append(None) or len(made)) == version
    assert len(made) == 2


def test_what_was_asked_of_the_version_before_is_not_kept_for_the_next():
    memo = Memo()

    def slow() -> str:
        assert memo.get(2, "a", lambda: "new") == "new"  # meanwhile somebody has committed, and asked
        return "old"

    assert memo.get(1, "a", slow) == "old"
    assert memo.get(2, "a", lambda: "newer") == "new"


def test_threads_that_ask_the_same_wait_for_the_first():
    memo, made, found = Memo(), [], []

    def make() -> int:
        time.sleep(0.05)
        made.append(None)
        return len(made)

    threads = [threading.Thread(target=lambda: found.append(memo.get(1, "a", make))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [1] * 8


def test_what_was_asked_longest_ago_goes_first():
    memo = Memo(most_bytes=100_000)
    for key in "abc":
        memo.get(1, key, lambda: np.zeros(5_000))  # 40 kB
    assert memo.nbytes <= 100_000
    assert [memo.get(1, key, lambda: None) is None for key in "cba"] == [False, False, True]


def test_an_error_is_not_kept():
    memo = Memo()
    for _ in range(2):
        try:
            memo.get(1, "a", lambda: 1 / 0)
        except ZeroDivisionError:
            continue
        raise AssertionError
    assert memo.get(1, "a", lambda: 3) == 3


def test_the_workspace_forgets_with_every_commit_and_asks_where_questions_are_noted():
    store = cx.open_store(":memory:")
    question = "SELECT count(*) FROM interactions"
    assert store.kept(question) == [(0,)]
    cx.intake.load_frame(store, pd.DataFrame({"customer_id": ["a"], "occurred_at": ["2025-01-01"],
                                              "touchpoint": ["Home"]}))
    assert store.kept(question) == [(1,)]
    with store.noting() as asked:
        assert store.kept(question) == [(1,)]
    assert [each.sql for each in asked] == [question]


@dataclass(frozen=True)
class Found:
    frame: pd.DataFrame
    names: list[str]


def test_no_reader_changes_a_shared_answer_for_the_others():
    shared = Shared((Found(pd.DataFrame({"n": [1, 2], "name": ["a", "b"]}), ["x"]), {"k": [1]}, np.array([1.0])))
    for _ in range(2):  # the second reader finds what the first one did
        found, by_key, numbers = shared.value()
        assert found.frame.to_dict("list") == {"n": [1, 2], "name": ["a", "b"]}
        assert (found.names, by_key, numbers.tolist()) == (["x"], {"k": [1]}, [1.0])
        found.frame["n"] = 7
        found.frame.loc[0, "name"] = "changed"
        del found.frame["name"]
        found.names.append("y")
        by_key["k"].append(2)
        numbers[0] = 9.0


def test_a_shared_frame_is_handed_out_without_copying_its_values():
    frame = pd.DataFrame({"n": np.arange(1000)})
    assert np.shares_memory(Shared(frame).value()["n"].to_numpy(), frame["n"].to_numpy())


def test_what_stands_beside_the_data_is_asked_again_after_a_quiet_commit():
    store = cx.open_store(":memory:")
    assert (len(views.saved(store)), box.unread(store)) == (0, 0)
    view = views.save(store, "overview", "Mine", {"persona": ["a"]})
    assert views.saved(store)[["name", "url"]].values.tolist() == [["Mine", {"persona": ["a"]}]]
    views.delete(store, view)
    with store.write(quietly=True) as cursor:
        cursor.execute("INSERT INTO alert_messages (message_id, subject, day) VALUES (1, 'a', DATE '2026-01-01')")
    assert (len(views.saved(store)), box.unread(store)) == (0, 1)
    store.close()


def test_what_follows_is_made_of_the_one_before_and_stays_with_the_version_it_is_of():
    memo, befores = Memo(), []

    def make(version):
        def made(before):
            befores.append(before)
            return version, f"of {version}"
        return made

    assert memo.follow(1, "a", make(1)) == memo.follow(1, "a", make(1)) == "of 1"
    memo.get(2, "b", lambda: "other")
    assert memo.follow(2, "a", make(3)) == "of 3"  # somebody has committed meanwhile
    assert memo.follow(3, "a", make(9)) == memo.follow(2, "a", make(9)) == "of 3"
    assert befores == [None, (1, "of 1")]


def test_what_follows_counts_once_among_the_bytes():
    memo = Memo(most_bytes=100_000)
    for version in range(1, 9):
        memo.follow(version, "a", lambda before, version=version: (version, np.zeros(5_000)))
    assert 40_000 < memo.nbytes < 41_000


ROW = {"customer_id": ["a"], "occurred_at": ["2025-01-01"], "touchpoint": ["Home"]}


def test_what_is_held_stays_where_nothing_derived_changed_and_else_is_told_who_did():
    store, made, told = cx.open_store(":memory:"), [], []

    def ask():
        def follow(old, change):
            told.append(change.customers.tolist())
            return old + 10

        return store.held("a", lambda cursor: made.append(None) or len(made), follow)

    assert [ask(), ask()] == [1, 1]
    with store.write(derived=False):
        pass
    assert (ask(), told) == (1, [])
    first = cx.intake.load_frame(store, pd.DataFrame(ROW)).upload_id
    second = cx.intake.load_frame(store, pd.DataFrame({**ROW, "customer_id": ["b"]})).upload_id
    assert (ask(), told) == (11, [[1, 2]])  # both at once
    cx.intake.undo(store, second)
    assert (ask(), told[1:]) == (21, [[2]])
    with store.write():  # anything may have changed
        pass
    assert ask() == 2
    cx.intake.undo(store, first)
    with store.write() as cursor:
        derive.rebuild(cursor)
    assert ask() == 3


def test_more_rows_than_are_remembered_are_read_anew(monkeypatch):
    monkeypatch.setattr(changes, "MOST", 1)
    store = cx.open_store(":memory:")
    assert store.held("a", lambda cursor: 1, lambda old, change: old + 10) == 1
    cx.intake.load_frame(store, pd.DataFrame(ROW))
    assert store.held("a", lambda cursor: 2, lambda old, change: old + 10) == 11
    cx.intake.load_frame(store, pd.DataFrame({**ROW, "customer_id": ["b"]}))
    cx.intake.load_frame(store, pd.DataFrame({**ROW, "customer_id": ["c"]}))
    assert store.held("a", lambda cursor: 3, lambda old, change: old + 10) == 3


def test_of_two_changes_the_later_rows_of_a_customer_count():
    def change(*rows):
        table = pa.table({"customer_key": pa.array([key for key, _ in rows], pa.int32()),
                          "channel_id": pa.array([channel for _, channel in rows], pa.int32())})
        return changes.Change(np.unique([key for key, _ in rows]), table)

    both = change((1, 1), (2, 1), (2, 2)).then(changes.NOTHING).then(change((2, 3), (5, 1)))
    assert both.customers.tolist() == [1, 2, 5]
    assert list(zip(*both.steps.to_pydict().values(), strict=True)) == [(1, 1), (2, 3), (5, 1)]


def test_an_answer_is_promised_from_when_it_is_begun_until_the_version_goes():
    memo = Memo()
    assert not memo.promised(1, "a")
    assert memo.get(1, "a", lambda: memo.promised(1, "a"))
    assert memo.promised(1, "a")
    assert not memo.promised(2, "a")
