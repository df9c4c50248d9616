"""The thread beside the pages: after each commit it asks the rules what is new, and it delivers what is due."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from contextlib import suppress

import duckdb

from cx.delivery import box, outbox
from cx.errors import CxError
from cx.metrics import alert
from cx.store import Store
from cx.store.database import set_setting

_SETTLE = 2.0  # seconds without a commit before the rules are asked: a load commits several times
_LOOK = 60.0  # seconds at most between two looks at what is due
_ASKED = "alerts_asked"  # setting: the data version that the rules were asked about last
_log = logging.getLogger(__name__)


def once(store: Store, now: dt.datetime | None = None) -> int:
    """Ask the rules if the data changed since they were asked last, and deliver what is due; → how much was new."""
    now, new = now or dt.datetime.now(), 0
    version = store.data_version
    if store.setting(_ASKED) != str(version):
        new = box.record(store, alert.news(store), now)
        with store.write(quietly=True) as cursor:
            set_setting(cursor, _ASKED, str(version))
    outbox.deliver(store, now)
    return new


class Watcher(threading.Thread):
    """Runs `once` after every commit and whenever something is due, until `stop`. Commits only ring a bell: they never
    wait for it."""

    def __init__(self, store: Store, settle: float = _SETTLE, look: float = _LOOK) -> None:
        super().__init__(name="alerts", daemon=True)
        self._store, self._settle, self._look = store, settle, look
        self._rung, self._ended = threading.Event(), threading.Event()
        store.on_commit(lambda _: self._rung.set())

    def run(self) -> None:
        self._rung.set()  # what happened while no program was running
        while not self._ended.is_set():
            if self._rung.wait(self._look):
                self._wait_for_quiet()
            if self._ended.is_set():
                return
            try:
                once(self._store)
            except duckdb.ConnectionException:
                return  # the workspace was closed
            except (CxError, duckdb.Error) as error:
                _log.warning("alerts could not be looked at, they will be again: %s", error)

    def wake(self) -> None:
        """Look now."""
        self._rung.set()

    def stop(self, timeout: float = 5.0) -> None:
        self._ended.set()
        self._rung.set()
        with suppress(RuntimeError):  # never started
            self.join(timeout)

    def _wait_for_quiet(self) -> None:
        while self._rung.is_set() and not self._ended.is_set():
            self._rung.clear()
            self._rung.wait(self._settle)
