"""The files of a ZIP archive, unpacked one at a time under names of our own, and what gzip packed; with limits."""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from cx.intake.isolated import Unreadable
from cx.scratch import is_full, new_folder, unusable

_MOST_FILES = 200
_MOST_ENTRIES = 5_000
_UNPACKED_BYTES = 4_000_000_000
_SMALL = 50_000_000
_RATIO = 400  # a sheet of one repeated number packs about 100 : 1
_LONGEST_NAME = 120
_PIECE = 1 << 20
_FAILURES = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)


def entries(path: Path) -> list[zipfile.ZipInfo]:
    """What a ZIP says it holds. Raises Unreadable where it is damaged, or would unpack to far more than it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except _FAILURES as error:
        raise Unreadable("broken") from error
    unpacked = sum(entry.file_size for entry in found)
    packed = max(sum(entry.compress_size for entry in found), 1)
    if len(found) > _MOST_ENTRIES or unpacked > _UNPACKED_BYTES or (unpacked > _SMALL and unpacked / packed > _RATIO):
        raise Unreadable("too large")
    return found


def files(path: Path) -> Iterator[tuple[str, Path]]:
    """(name to show, where it lies now) of each file of a ZIP; it lies there until the next is asked for.

    Nothing is ever written under a name from the archive. Raises Unreadable: "broken", "too large", "too many files",
    "password", "packing"; NoRoom.
    """
    wanted = [entry for entry in entries(path) if not entry.is_dir() and not _is_litter(entry.filename)]
    if len(wanted) > _MOST_FILES:
        raise Unreadable("too many files", {"n": len(wanted), "most": _MOST_FILES})
    if any(entry.flag_bits & 0x1 for entry in wanted):
        raise Unreadable("password")
    shown = [_name(entry) for entry in wanted]
    known = Counter(PurePosixPath(name).name for name in shown)
    with new_folder() as folder, zipfile.ZipFile(path) as archive:
        target = Path(folder) / "file"
        for entry, name in zip(wanted, shown, strict=True):
            _unpack(archive, entry, target)
            short = PurePosixPath(name).name
            yield (short if known[short] == 1 else name), target


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Where the content of a gzip file lies as long as the context lasts. Raises Unreadable: "broken", "too large"."""
    most = min(_UNPACKED_BYTES, max(_SMALL, path.stat().st_size * _RATIO))
    with new_folder() as folder:
        target, left = Path(folder) / "file", most
        try:
            with gzip.open(path, "rb") as source, target.open("wb") as out:
                while piece := source.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable("too large")
                    out.write(piece)
        except _FAILURES as error:
            raise _why(error, folder) from error
        yield target


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Write an entry's content; an entry that holds more than it says is refused."""
    left = entry.file_size
    try:
        with archive.open(entry) as source, target.open("wb") as out:
            while piece := source.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise Unreadable("too large")
                out.write(piece)
    except NotImplementedError as error:  # a RuntimeError, too
        raise Unreadable("packing") from error
    except RuntimeError as error:
        raise Unreadable("password") from error
    except _FAILURES as error:
        raise _why(error, str(target.parent)) from error


def _why(error: BaseException, folder: str) -> Exception:
    """Why unpacking failed: no room in the folder, else the archive's own fault."""
    return unusable(folder, error) if isinstance(error, OSError) and is_full(error) else Unreadable("broken")


def _is_litter(name: str) -> bool:
    """What systems add to archives on their own."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in ("thumbs.db", "desktop.ini")


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name to show: no roots, no steps upwards, no control characters; Turkish letters mended where the
    archive was written by a DOS-minded program."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        written = name.encode("cp437", errors="replace")
        try:
            name = written.decode("utf-8")
        except UnicodeDecodeError:
            name = written.decode("cp857", errors="replace")
    parts = [part for part in name.replace("\\", "/").replace(os.sep, "/").split("/") if part not in ("", ".", "..")]
    shown = "".join(character if character.isprintable() else " " for character in "/".join(parts))
    return shown[-_LONGEST_NAME:] or "?"
