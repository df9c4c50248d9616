"""Answers kept until the data changes: once for all threads, bounded, and never of another version."""

import threading
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

import cx
from cx.delivery import box
from cx.store import views
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
