"""Pages that need what nobody knows yet take turns."""

import threading
import time

import pytest

from pages.parts import turns


def draw(name: str, seen: list[str], work: float = 0.02, *, asks: bool = True) -> threading.Thread:
    """A page that is drawn: it asks for something new three times, or for nothing new."""
    def run() -> None:
        with turns.waited_for():
            for _ in range(3):
                if asks:
                    turns.take()
                seen.append(name)
                time.sleep(work)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def one_at_once(monkeypatch):
    monkeypatch.setattr(turns, "_free", threading.Semaphore(1))


def test_who_came_first_is_done_first_and_who_asks_nothing_new_waits_for_nobody(one_at_once):
    seen: list[str] = []
    pages = []
    for name in "ab":
        pages.append(draw(name, seen))
        time.sleep(0.01)
    pages.append(draw("known", seen, work=0.0, asks=False))
    for each in pages:
        each.join()
    assert [name for name in seen if name != "known"] == ["a", "a", "a", "b", "b", "b"]
    assert seen.index("b") > seen.index("known")


def test_a_page_that_fails_gives_its_turn_back(one_at_once):
    def fail() -> None:
        with turns.waited_for():
            turns.take()
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        fail()
    seen: list[str] = []
    draw("next", seen).join(2)
    assert seen == ["next"] * 3


def test_nobody_waits_longer_than_patience_and_who_went_on_without_a_turn_gives_none_back(one_at_once, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    turns._free.acquire()  # by a page that does not end
    seen: list[str] = []
    draw("other", seen, work=0.0).join(5)
    assert seen == ["other"] * 3
    assert not turns._free.acquire(blocking=False)


def test_outside_a_page_there_are_no_turns(one_at_once):
    turns.take()
    assert turns._free.acquire(blocking=False)
