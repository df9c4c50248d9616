"""Items made in a thread while others are used."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from cx.intake.ahead import ahead, meanwhile


def test_items_come_in_their_order() -> None:
    assert list(ahead(range(100))) == list(range(100))


def test_nothing_among_the_items_is_an_item() -> None:
    assert list(ahead([None, 1, None])) == [None, 1, None]


def test_an_error_is_raised_where_its_item_would_stand() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    items = ahead(broken())
    assert next(items) == 1
    with pytest.raises(ValueError, match="no more"):
        next(items)


def test_a_closed_iterator_makes_no_more_and_leaves_no_thread() -> None:
    made: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            yield made[-1]

    before = threading.active_count()
    items = ahead(endless(), most=2)
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert len(made) <= 6
    assert threading.active_count() == before


def test_a_long_step_gives_signs_of_life_in_the_thread_that_waits() -> None:
    told: list[tuple[float, int]] = []
    enough = threading.Event()

    def waiting(seconds: float) -> None:
        told.append((seconds, threading.get_ident()))
        if len(told) == 2:
            enough.set()

    assert meanwhile(lambda: enough.wait(10), waiting) is True
    assert [thread for _, thread in told] == [threading.get_ident()] * len(told)
    assert 0 < told[0][0] < told[1][0]


def test_an_error_of_a_long_step_is_raised_and_so_is_one_of_who_waits() -> None:
    def broken() -> None:
        raise ValueError("the step")

    with pytest.raises(ValueError, match="the step"):
        meanwhile(broken, lambda _: None)
    with pytest.raises(ZeroDivisionError):
        meanwhile(lambda: threading.Event().wait(0.6), lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert not any(thread.name == "cx-ahead" for thread in threading.enumerate())
