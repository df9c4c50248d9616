"""The thread that looks for new versions of a lake, and knows since when Spark does not answer."""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading

import duckdb

from cx.engine.store import LakeStore
from cx.errors import CxError

EVERY = 60.0  # seconds; $CX_LAKE_CHECK says otherwise
_log = logging.getLogger(__name__)


class Follower(threading.Thread):
    """Takes each new version of the lake, which then is like a commit, until `stop`."""

    def __init__(self, store: LakeStore, every: float | None = None) -> None:
        super().__init__(name="lake", daemon=True)
        self._store = store
        self._every = every if every is not None else float(os.environ.get("CX_LAKE_CHECK", EVERY))
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                if self._store.follow():
                    version = self._store.lake.version
                    _log.info("version %s of the lake is in force", version.version if version else None)
                self._store.away_since = None
            except duckdb.ConnectionException:
                return  # the workspace was closed
            except (CxError, duckdb.Error) as error:
                self._store.away_since = self._store.away_since or dt.datetime.now()
                _log.warning("the lake could not be looked at, it will be again: %s", error)

    def stop(self, timeout: float = 5.0) -> None:
        self._ended.set()
        self.join(timeout)
