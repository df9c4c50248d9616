"""The workspace this process serves, opened once and shared by pages and routes."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from server import live

if TYPE_CHECKING:
    from cx import Store
    from cx.delivery.watch import Watcher

_opening, _tried = Lock(), Event()
_tried.set()  # where nobody begins, whoever asks first opens it
ROOT = Path(__file__).resolve().parent.parent


def workspace_file() -> Path:
    """Where the workspace is: $CX_WORKSPACE, else data/workspace/cx.duckdb of the project."""
    return Path(os.environ.get("CX_WORKSPACE") or ROOT / "data" / "workspace" / "cx.duckdb")


def begin() -> None:
    """Open the workspace before the first visitor asks; where that fails, pages and /healthz say why."""
    _tried.clear()
    Thread(target=_begin, daemon=True).start()


def ready(within: float) -> bool:
    """Whether the workspace is open, or known not to open, within so many seconds: one of an older version is computed
    anew first, which takes a minute where it is large."""
    return _tried.wait(within)


def store() -> Store:
    """The open store; raises StoreError with the reason it cannot be opened."""
    with _opening:
        return _open()


def _begin() -> None:
    from cx.errors import StoreError

    with suppress(StoreError):
        try:
            store()
        finally:
            _tried.set()
        from cx.scratch import clear_left

        clear_left()
        alerts()


@cache
def _open() -> Store:
    from cx import open_store  # loading the computation takes a second: the server listens before

    opened = open_store(workspace_file())
    live.bus.tell(opened.data_version)
    opened.on_commit(live.bus.tell)
    opened.on_quiet_commit(live.bus.note)
    return opened


@cache
def alerts() -> Watcher:
    """The thread that watches the open workspace and delivers alerts, begun at the first call."""
    from cx.delivery.watch import Watcher

    watcher = Watcher(store())
    watcher.start()
    return watcher


def end_alerts() -> None:
    """End the thread before the program does; what is not delivered yet is after the next start."""
    if alerts.cache_info().currsize:
        alerts().stop()


def inbox() -> Path:
    """Folder where files in upload wait until they are loaded or given up; server-made names only."""
    folder = workspace_file().parent / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
