"""Long work goes on whoever looks, is begun once, and tells how far it is."""

from __future__ import annotations

import threading
import uuid

import pytest

from cx.errors import QueryError
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
