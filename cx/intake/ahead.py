"""Two steps of a load at once: the next items are made while one is used."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from typing import TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")
_LOOK = 0.05  # seconds between two looks whether anybody still waits
_BEAT = 0.25  # seconds between two signs of life


def meanwhile(work: Callable[[], _Done], waiting: Callable[[float], None],
              interrupt: Callable[[], None] | None = None) -> _Done:
    """What `work` gives, done in a thread of its own; `waiting` is told now and then for how many seconds it has gone
    on. An error of either is raised once the work has ended, which `interrupt` hastens where `waiting` raises it."""
    began = time.monotonic()
    with closing(ahead((step() for step in (work,)), waiting=lambda: waiting(time.monotonic() - began),
                       interrupt=interrupt)) as found:
        return next(found)


def ahead(items: Iterable[_Item], most: int = 2, waiting: Callable[[], None] | None = None,
          interrupt: Callable[[], None] | None = None) -> Generator[_Item, None, None]:
    """The items in their order, made in a thread of their own, at most `most` before they are asked for.

    waiting    called several times a second while an item that is asked for is not ready
    interrupt  called again and again where the wait ends with an error, until the thread has ended

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
            try:
                more, item = ready.get(timeout=_BEAT if waiting else None)
            except queue.Empty:
                assert waiting is not None
                waiting()
                continue
            if more:
                yield item  # type: ignore[misc]
            elif item is None:
                return
            else:
                raise item  # type: ignore[misc]
    except (Exception, KeyboardInterrupt):
        closed.set()
        while interrupt is not None and maker.is_alive():
            interrupt()
            maker.join(_LOOK)
        raise
    finally:
        closed.set()
        maker.join()
