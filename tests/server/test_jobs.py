"""Long work goes on whoever looks, is begun once, and tells how far it is."""

from __future__ import annotations

import gc
import threading
import uuid
import weakref

import pytest

from cx.errors import QueryError, Stopped
from cx.language import text
from server import jobs


@pytest.fixture
def name():
    given = f"test {uuid.uuid4()}"
    yield given
    jobs.forget(given)


def test_a_job_that_is_begun_twice_is_the_same_and_is_kept_until_it_is_let_go(name: str):
    go, calls = threading.Event(), []

    def work(tell):
        calls.append(1)
        tell(3, 10)
        go.wait(30)
        tell(2, 10)
        return "came"

    first, second = jobs.begin(name, work), jobs.begin(name, work)
    assert first is second is jobs.known(name)
    assert not first.wait(0.05)
    assert jobs.running(name) == 1
    jobs.forget(name)
    assert jobs.known(name) is first  # what runs is not let go
    go.set()
    assert first.wait(30)
    assert (first.outcome(), calls, first.share, first.at[0]) == ("came", [1], 0.3, 2)
    assert jobs.running(name) == 0
    jobs.forget(name)
    assert jobs.known(name) is None


def test_what_went_wrong_is_told_to_whoever_asks(name: str):
    def work(_tell):
        raise QueryError(text("The date is empty. Fill in when it happened."))

    job = jobs.begin(name, work)
    assert job.wait(30)
    for _ in range(2):
        with pytest.raises(QueryError, match="The date is empty"):
            job.outcome()


def test_a_job_that_is_stopped_ends_where_it_tells_how_far_it_is(name: str):
    go = threading.Event()

    def work(tell):
        tell(1, 2)
        go.wait(30)
        tell(2, 2)
        return "came"

    job = jobs.begin(name, work)
    job.stop()
    go.set()
    assert job.wait(30)
    with pytest.raises(Stopped):
        job.outcome()
    assert job.result is None


def test_a_job_can_be_stopped_while_it_waits_for_its_turn(name: str):
    turn = threading.Lock()

    def work(tell):
        with jobs.in_turn(turn, tell):
            return "came"

    with turn:
        job = jobs.begin(name, work)
        assert not job.wait(0.3)
        job.stop()
        assert job.wait(30)
        assert isinstance(job.error, Stopped)
    again = jobs.begin(name + " again", work)
    assert again.wait(30)
    assert (again.outcome(), turn.locked()) == ("came", False)
    jobs.forget(name + " again")


def test_a_job_that_went_wrong_holds_nothing_of_its_work_and_names_the_place_in_the_log_alone(name: str, caplog):
    class Large:
        pass

    held = []

    def work(_tell):
        large = Large()
        held.append(weakref.ref(large))
        raise ValueError(" ".join(["what", "a cell says"]))

    job = jobs.begin(name, work)
    assert job.wait(30)
    gc.collect()
    assert [each() for each in held] == [None]
    assert "ValueError" in caplog.text
    assert "in work" in caplog.text
    assert "what a cell says" not in caplog.text


def test_a_job_that_nobody_wants_is_stopped_and_no_longer_known(name: str):
    go = threading.Event()

    def work(tell):
        go.wait(30)
        tell(1, 2)

    job = jobs.begin(name, work)
    jobs.abandon(name)
    assert jobs.known(name) is None
    go.set()
    assert job.wait(30)
    assert isinstance(job.error, Stopped)
