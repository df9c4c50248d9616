"""Temporary folders that go when nothing refers to them, or when the process that made them is gone."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from cx.errors import IntakeError
from cx.language import text

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = "cx-rows-"
_LOCK, _DAY = "owner", 86_400


class NoRoom(IntakeError):
    """The temporary folder is full, or cannot be written: no fault of the file's."""


class Folder(tempfile.TemporaryDirectory[str]):
    """A folder that is removed when nothing refers to it; its process holds a lock on a file in it, so that others can
    tell whether it lives."""

    _owner: int | None = None

    def __init__(self) -> None:
        super().__init__(prefix=PREFIX, ignore_cleanup_errors=True)  # Windows: files in use stay
        if fcntl is not None:
            made = os.path.join(self.name, f"{_LOCK}.new")
            self._owner = os.open(made, os.O_CREAT | os.O_RDWR)
            fcntl.flock(self._owner, fcntl.LOCK_EX)
            os.replace(made, os.path.join(self.name, _LOCK))  # nobody sees it unlocked

    def __del__(self) -> None:
        if self._owner is not None:
            os.close(self._owner)


def new_folder() -> Folder:
    """A folder for the rows of a table or what is unpacked; those that killed processes left are removed."""
    clear_left()
    try:
        return Folder()
    except OSError as error:
        raise unusable(tempfile.gettempdir(), error) from error


def new_file() -> IO[bytes]:
    """A file without a name, gone when it is closed."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise unusable(tempfile.gettempdir(), error) from error


def unusable(folder: str, error: OSError) -> NoRoom:
    """What to say where the temporary folder cannot take what is written."""
    said = {"folder": folder, "error": error.strerror or str(error)}
    if is_full(error):
        return NoRoom(text(
            "There is no room left to read the file: its rows are kept in {folder} until they are loaded. Free some "
            "space, or set TMPDIR to a folder with more. The system says: {error}", **said))
    return NoRoom(text(
        "The folder {folder} cannot be used, where the rows of a file are kept until they are loaded. Make it one that "
        "can be written, or set TMPDIR to another. The system says: {error}", **said))


def is_full(error: BaseException) -> bool:
    """Whether a disk has no room left."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def clear_left() -> None:
    """Remove the folders of processes that are gone; where the system does not tell, those of the day before."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left(left):
                shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    if time.time() - folder.stat().st_mtime > _DAY and (fcntl is None or not (folder / _LOCK).exists()):
        return True
    if fcntl is None or not (folder / _LOCK).exists():  # it is being made
        return False
    lock = os.open(folder / _LOCK, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
