"""How a load tells how far it is."""

from __future__ import annotations

from typing import Protocol

from cx.language import Text


class Progress(Protocol):
    """Called now and then, in the thread that loads, with `done` never falling."""

    def __call__(self, done: int, total: int | None, doing: Text | None = None, /) -> None:
        """
        done   rows done. Reading, understanding and storing a row each count for a part of it, so that `done` rises
               about evenly with time and the time left is about elapsed × (total − done) / done
        total  rows in all: an estimate from the size of the file until it has been read, then exact; None = not known
               yet
        doing  what is done at the moment, of a step that is not about row after row; None = rows

        While a long step cannot be looked into, it is told again several times a second. The last call of a load that
        succeeds has done == total. An exception it raises (cx.errors.Stopped) stops the load, and nothing is stored;
        that of the last call is passed over, since all is stored by then.
        """


def unwatched(_done: int, _total: int | None, _doing: Text | None = None, /) -> None:
    """Progress that nobody watches."""
