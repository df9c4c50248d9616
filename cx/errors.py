"""One error family. Each error says what is wrong, where, and what would be accepted, in the reader's language."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable

from cx.language import Text, text


class CxError(Exception):
    """Base of every error a user may see. `text` renders in any language; `str()` is English."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.text = message

    def __str__(self) -> str:
        return str(self.text)


class IntakeError(CxError):
    """A file cannot be read as a table of interactions; nothing was stored."""


class Stopped(CxError):
    """Somebody stopped the work; nothing of it was stored."""


class StoreError(CxError):
    """The workspace database cannot be opened, written or restored."""


class EngineError(StoreError):
    """The engine that answers questions (Spark) cannot be reached, ended in the middle, or cannot answer this."""


class QueryError(CxError):
    """A question was put with a value that has no meaning here."""


class UnknownValue(QueryError):
    """A name is not among the accepted ones; suggests the nearest."""

    def __init__(self, what: Text, value: object, accepted: Iterable[object]) -> None:
        names = [str(name) for name in accepted]
        near = difflib.get_close_matches(str(value), names, n=1)
        listed = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        if near:
            message = text("{what} “{value}” does not exist. Did you mean “{near}”? Accepted: {accepted}.",
                           what=what, value=str(value), near=near[0], accepted=listed)
        else:
            message = text("{what} “{value}” does not exist. Accepted: {accepted}.",
                           what=what, value=str(value), accepted=listed or "—")
        super().__init__(message)
        self.accepted = tuple(names)


def reason(error: OSError) -> Text | str:
    """Why a file cannot be opened or written; what the system says, in its own words, where it is nothing usual."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


_REASONS = {errno.ENOENT: text("there is no such file or folder"), errno.EISDIR: text("it is a folder"),
            errno.EACCES: text("it may not be read or written: the permission is missing"),
            errno.EPERM: text("it may not be read or written: the permission is missing"),
            errno.ENOSPC: text("the disk is full")}


class ReportError(CxError):
    """A report cannot be made."""


class DeliveryError(CxError):
    """A message could not be delivered; it is kept and tried again."""
