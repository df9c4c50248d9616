"""Answers of an engine far away: computed once for all who ask, stopped when nobody waits, kept for when it is gone."""

from __future__ import annotations

import threading
import time

import pytest

pytest.importorskip("pyspark", reason="requirements-spark.txt is not installed")

from cx.engine.asking import Answers
from cx.engine.session import Cancelled, Unreachable, _work
from cx.language import text


class Slow:
    """A question that takes until it is let go, or stopped."""

    def __init__(self) -> None:
        self.go, self.begun, self.asked = threading.Event(), threading.Event(), 0

    def __call__(self) -> list[int]:
        self.asked += 1
        work = _work.get()
        self.begun.set()
        while not self.go.wait(0.01):
            if work.stopped:
                raise Cancelled(text("Stopped."))
        return [1, 2]


def test_many_who_ask_the_same_wait_for_one_answer_and_cannot_change_it_for_others() -> None:
    answers, slow = Answers(), Slow()
    first, second = (answers.begin(("q",), 1, slow) for _ in range(2))
    assert first is second
    assert not first.done_within(0.02)
    slow.go.set()
    first.result().append(3)
    assert second.result() == [1, 2]
    assert (slow.asked, answers.known(("q",), 1).value(), answers.known(("q",), 2)) == (1, [1, 2], None)


def test_work_ends_with_the_last_who_waits_and_can_be_begun_again() -> None:
    answers, slow = Answers(), Slow()
    pending = answers.begin(("q",), 1, slow)
    answers.begin(("q",), 1, slow)
    slow.begun.wait(5)
    pending.leave()
    assert not pending.done_within(0.05)
    pending.leave()
    with pytest.raises(Cancelled, match="Stopped"):
        pending.result()
    slow.go.set()
    assert answers.begin(("q",), 1, slow).result() == [1, 2]
    assert slow.asked == 2


def test_what_a_question_raises_is_raised_and_not_kept() -> None:
    answers = Answers()

    def fails() -> None:
        raise Unreachable(text("Stopped."))

    with pytest.raises(Unreachable):
        answers.begin(("q",), 1, fails).result()
    assert answers.begin(("q",), 1, lambda: 5).result() == 5


def test_the_last_good_answer_outlives_its_version_and_the_oldest_go_first() -> None:
    answers = Answers(most=2)
    for version in (1, 2, 3):
        answers.begin(("q",), version, lambda found=version: found).result()
    assert answers.last(("q",)).value() == 3
    assert [answers.known(("q",), version) is None for version in (1, 2, 3)] == [True, False, False]
    assert answers.last(("other",)) is None


def test_more_questions_than_run_at_once_all_come_to_an_answer() -> None:
    answers = Answers(at_once=2)
    pending = [answers.begin((number,), 1, lambda number=number: (time.sleep(0.01), number)[1]) for number in range(20)]
    assert [each.result() for each in pending] == list(range(20))
