"""Items made in a thread while others are used."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from cx.intake.ahead import ahead


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
