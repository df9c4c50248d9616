"""How a load tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""progress(done, total): called now and then, in the thread that loads, with `done` never falling.

done   rows done. Reading, understanding and storing a row each count for a part of it, so that `done` rises about
       evenly with time and the time left is about elapsed × (total − done) / done
total  rows in all: an estimate from the size of the file until it has been read, then exact; None = not known yet

The last call of a load that succeeds has done == total. An exception it raises stops the load; nothing is stored then.
"""


def unwatched(_done: int, _total: int | None) -> None:
    """Progress that nobody watches."""
