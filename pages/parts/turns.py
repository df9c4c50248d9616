"""Whose turn it is: pages that need an answer nobody has yet are worked out a few at a time, so that who came first is
shown it first, instead of all of them at the end. What is known already waits for nobody."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = max(1, min(os.cpu_count() or 1, 4))
PATIENCE = 10.0  # seconds after which a page goes on although it is not its turn

_free = threading.Semaphore(AT_ONCE)
_mine = threading.local()


@contextmanager
def waited_for() -> Iterator[None]:
    """Around the drawing of a page: a turn that is taken in it ends with it."""
    _mine.taken = None
    try:
        yield
    finally:
        if _mine.taken:
            _free.release()
        del _mine.taken


def drawing() -> bool:
    """Whether this thread draws a page, and nothing beside it or within it alone."""
    return hasattr(_mine, "taken")


def take() -> None:
    """Wait for this page's turn, once; nothing where no page is drawn."""
    if getattr(_mine, "taken", False) is None:
        _mine.taken = _free.acquire(timeout=PATIENCE)
