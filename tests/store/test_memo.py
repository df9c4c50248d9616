"""Answers kept until the data changes: once for all threads, bounded, and never of another version."""

import threading
import time

import numpy as np
import pandas as pd

import cx
from cx.store.memo import Memo


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
