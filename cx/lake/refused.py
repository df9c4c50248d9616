"""What storage refuses while a lake is written, in words that help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cx.errors import EngineError
from cx.language import text

_FULL = ("no space left on device", "disk quota exceeded", "quotaexceeded", "not enough space")
_FORBIDDEN = ("permission denied", "mkdirs failed", "accesscontrol", "access denied", "accessdenied", "read-only file",
              "forbidden")


@contextmanager
def writing(root: str) -> Iterator[None]:
    """What Spark raises inside because storage has no room or no right for it becomes an EngineError that says so."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        said = str(error)
        low = said.lower()
        at = next((low.find(each) for each in (*_FULL, *_FORBIDDEN) if each in low), -1)
        if at < 0:
            raise
        line = said[:at].rpartition("\n")[2][-200:] + said[at:].partition("\n")[0][:200]
        if any(each in low for each in _FULL):
            raise EngineError(text("There is no room left to build the lake {root}. Readers still see the version "
                                   "before. Make room and run the build again: it goes on where it stopped. Spark "
                                   "says: {error}", root=root, error=line)) from error
        raise EngineError(text("Spark may not write to {root}. Give the account that Spark runs as the right to write "
                               "there, and run the build again. Spark says: {error}", root=root, error=line)) from error
