"""Two steps of a load at once: the next items are made while one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")
_LOOK = 0.05  # seconds between two looks whether anybody still waits


def ahead(items: Iterable[_Item], most: int = 2) -> Iterator[_Item]:
    """The items in their order, made in a thread of their own, at most `most` before they are asked for.

    An error of theirs is raised where its item would stand. Once the iterator is closed no more items are made, and the
    thread has ended.
    """
    ready: queue.Queue[tuple[bool, _Item | BaseException | None]] = queue.Queue(most)
    closed = threading.Event()

    def put(more: bool, item: _Item | BaseException | None) -> None:
        while not closed.is_set():
            try:
                ready.put((more, item), timeout=_LOOK)
                return
            except queue.Full:
                continue

    def make() -> None:
        try:
            for item in items:
                put(True, item)
                if closed.is_set():
                    return
        except BaseException as error:  # raised again where the item is asked for
            put(False, error)
        else:
            put(False, None)

    maker = threading.Thread(target=make, name="cx-ahead", daemon=True)
    maker.start()
    try:
        while True:
            more, item = ready.get()
            if more:
                yield item  # type: ignore[misc]
            elif item is None:
                return
            else:
                raise item  # type: ignore[misc]
    finally:
        closed.set()
        maker.join()
