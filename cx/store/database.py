"""The workspace file: opening and hardening, one cursor per query, one writer at a time, versions.

Many threads may ask at once; each question runs on its own cursor and sees one committed state. Writers queue on one
lock and commit as a whole: after a kill at any moment the file holds the state before the unfinished write.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import duckdb

from cx.errors import StoreError
from cx.language import text
from cx.store.changes import NOTHING, Change, Changes, told
from cx.store.memo import Memo
from cx.store.schema import MIGRATIONS, VERSION
from cx.store.shell import Asked

if TYPE_CHECKING:
    import pandas as pd

Parameters = Sequence[object]
_Answer = TypeVar("_Answer")
_asked: ContextVar[list[Asked] | None] = ContextVar("asked", default=None)
_ATTEMPTS = 50  # to open the file again or to bring it up to date, a tenth of a second apart

_MEMORY = "1500MB"
SPARING, WRITING = "400MB", "560MB"
"""Memory of the database in a long write, and where it compresses rows on all cores: with less it takes one."""

_CONNECT: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
    "python_enable_replacements": False}


class Store:
    """An open workspace. `data_version` rises with every commit, so answers can be cached by (version, filters).

    changes  what the last commits changed of what is derived
    in_lake  whether its interactions are elsewhere (cx.engine): they can be asked about, not changed
    """

    in_lake = False

    def __init__(self, path: str | Path) -> None:
        """Open or create the workspace; raises StoreError (in use elsewhere, newer than this program, unreadable)."""
        self.path = None if str(path) == ":memory:" else Path(path).resolve()
        self._writer = threading.RLock()
        self._limit = ""  # of memory, for the time being
        self._listeners: list[Callable[[int], None]] = []
        self._quiet_listeners: list[Callable[[], None]] = []
        self._memo, self._version, self._quiet_commits, self.changes = Memo(), 0, 0, Changes()
        self._connection = self._connect()
        self._migrate()
        self._version = self._stored_version()

    # --- reading -------------------------------------------------------------------------------------------------

    def frame(self, sql: str, params: Parameters = ()) -> pd.DataFrame:
        """The answer as a pandas frame."""
        with self.reader() as cursor:
            return cursor.execute(sql, params).df()

    def rows(self, sql: str, params: Parameters = ()) -> list[tuple[Any, ...]]:
        """The answer as Python tuples."""
        with self.reader() as cursor:
            return cursor.execute(sql, params).fetchall()

    def value(self, sql: str, params: Parameters = ()) -> Any:
        """The first cell of the answer; None for no row."""
        with self.reader() as cursor:
            row = cursor.execute(sql, params).fetchone()
        return None if row is None else row[0]

    def kept(self, sql: str, params: Parameters = ()) -> list[tuple[Any, ...]]:
        """`rows`, asked once for each version of the data: for small tables that every page needs."""
        return self.memo((sql, *params), lambda: self.rows(sql, params))

    def memo(self, key: Hashable, make: Callable[[], _Answer], *, quiet_too: bool = False) -> _Answer:
        """What `make` gives, kept in the process until the data changes (quiet_too: or anything beside it). Nobody may
        change what is given out. Where questions are noted they are asked, not taken from here."""
        if self.noted:
            return make()
        return self._memo.get(self._version, (key, self._quiet_commits) if quiet_too else key, make)

    def held(self, key: Hashable, make: Callable[[duckdb.DuckDBPyConnection], _Answer],
             follow: Callable[[_Answer, Change], _Answer | None] | None = None) -> _Answer:
        """What `make` reads with the cursor given, which sees one state, kept in the process. Commits that change
        nothing derived leave it. After others `follow` makes the new one of the old one and of what changed (None = it
        cannot) where both are known; else it is made anew. Nobody may change what is given out."""
        def made(before: tuple[int, _Answer] | None) -> tuple[int, _Answer]:
            with self.reader() as cursor:
                version = begin(cursor)
                change = self.changes.between(before[0], version) if before else None
                if before and change is not None:
                    if not len(change.customers):
                        return version, before[1]
                    followed = follow(before[1], change) if follow and before[1] is not None else None
                    if followed is not None:
                        return version, followed
                return version, make(cursor)

        return self._memo.follow(self._version, key, made)

    @property
    def noted(self) -> bool:
        """Whether this thread's questions are being noted."""
        return _asked.get() is not None

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own, for several questions on one state or registered tables."""
        asked = _asked.get()
        with self._asking() as cursor:
            yield cursor if asked is None else cast(duckdb.DuckDBPyConnection, _Noting(cursor, asked))

    @contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor where questions are answered: here; another engine puts its own in its place."""
        with self._connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def noting(self) -> Iterator[list[Asked]]:
        """A list that fills with the questions that this thread asks, with their bound values."""
        asked: list[Asked] = []
        before = _asked.set(asked)
        try:
            yield asked
        finally:
            _asked.reset(before)

    @property
    def data_version(self) -> int:
        """Of the last commit; kept in memory, since a page asks for it a hundred times and nobody else may write."""
        return self._version

    def _stored_version(self) -> int:
        return int(self.setting("data_version") or 0)

    def setting(self, key: str) -> str | None:
        """A workspace setting; None where it was never set."""
        return self.value("SELECT value FROM settings WHERE key = ?", [key])

    # --- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def write(self, *, quietly: bool = False, derived: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction: committed (and `data_version` raised) on leaving, rolled back on any error.

        quietly   no answer depends on what is written (a message was read): no new version, only the listeners of
                  `on_quiet_commit` hear of it
        derived   False: neither interactions nor what is derived from them change, so what is held of them stays. Else
                  what changed of it is what was told (cx.store.changes), or else anything
        """
        version, committed = 0, False
        with self._writer, self._connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                row = cursor.execute("SELECT value FROM settings WHERE key = 'data_version'").fetchone()
                version = int(row[0]) if row and quietly else int(row[0]) + 1 if row else 1
                if not quietly:
                    set_setting(cursor, "data_version", str(version))
                    self.changes.note(version, told(cursor) if derived else NOTHING)
                cursor.execute("COMMIT")
                committed, self._version = True, version
                self._quiet_commits += quietly
                if self.path is not None:
                    _checkpoint(cursor)
            except (duckdb.IOException, duckdb.FatalException) as error:
                if isinstance(error, duckdb.FatalException):
                    cursor.close()
                    self._reopen()
                    self._version = self._stored_version()
                    committed = bool(version) and not quietly and self._version == version
                elif not committed:
                    _roll_back(cursor)
                if committed:
                    if not quietly:
                        self._tell(version)
                    raise StoreError(text("All was stored, but the disk is full. Free some space before you go on. The "
                                          "system says: {error}", error=str(error))) from error
                raise StoreError(text("The workspace could not be written (is the disk full?). Nothing was stored. "
                                      "The system says: {error}", error=str(error))) from error
            except BaseException:
                _roll_back(cursor)
                raise
        if quietly:
            for listener in self._quiet_listeners:
                listener()
        else:
            self._tell(version)

    @contextmanager
    def sparing(self, limit: str = SPARING) -> Iterator[None]:
        """Hold the database to little memory for a while: long writes use the disk instead. A limit that somebody set
        (CX_MEMORY_LIMIT) stays."""
        if "CX_MEMORY_LIMIT" in os.environ:
            yield
            return
        with self._writer:  # the limit is that of who writes
            before = self._limit
            self._hold_to(limit)
            self._limit = limit
            try:
                yield
            finally:
                self._limit = before
                self._hold_to(before or _memory())

    def _hold_to(self, limit: str) -> None:
        with contextlib.suppress(duckdb.OutOfMemoryException):  # it holds more than that: the next one sets it
            self._connection.execute("SET memory_limit = ?", [limit])

    def _tell(self, version: int) -> None:
        for listener in self._listeners:
            listener(version)

    def on_commit(self, listener: Callable[[int], None]) -> None:
        """Call `listener(data_version)` after every commit, in the writer's thread."""
        self._listeners.append(listener)

    def on_quiet_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener()` after every commit that was written `quietly`, in the writer's thread."""
        self._quiet_listeners.append(listener)

    def close(self) -> None:
        self._connection.close()

    def _reopen(self) -> None:
        """Open the file again after an error that ended the database; other threads' questions end with it."""
        for attempt in range(_ATTEMPTS, 0, -1):
            self._connection.close()
            self._connection = self._connect()
            try:
                self._connection.execute("SELECT 1 FROM settings").fetchall()  # an open answer holds up checkpoints
                return
            except duckdb.FatalException:  # a question of another thread still holds the ended database
                if attempt == 1:
                    raise
                time.sleep(0.1)

    # --- opening -------------------------------------------------------------------------------------------------

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = duckdb.connect(str(self.path or ":memory:"), config=_CONNECT)
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise StoreError(text("The workspace {path} is open in another program. Close it there, or use another "
                                      "workspace (CX_WORKSPACE).", path=str(self.path))) from error
            raise StoreError(text("The workspace {path} cannot be opened: {error}", path=str(self.path),
                                  error=str(error))) from error
        except (duckdb.Error, OSError) as error:
            raise StoreError(text("The workspace {path} cannot be opened: {error}", path=str(self.path),
                                  error=str(error))) from error
        connection.execute("SET memory_limit = ?", [_memory()])
        if self.path is not None:
            connection.execute("SET allowed_directories = ?", [[str(self.path.parent) + os.sep]])
        connection.execute("SET allowed_configs = ['memory_limit']")  # for `sparing`
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def _migrate(self) -> None:
        """Bring the file to this program's schema version, in one transaction."""
        known = self.value("SELECT count(*) FROM information_schema.tables WHERE table_name = 'settings'")
        found = int(self.setting("schema_version") or 0) if known else 0
        if found > VERSION:
            self.close()
            raise StoreError(text("The workspace {path} was written by a newer version of this program (its schema is "
                                  "{found}, this program knows {known}). Update the program.",
                                  path=str(self.path), found=found, known=VERSION))
        if found < VERSION:
            with self.write() as cursor:
                for migration in MIGRATIONS[found:]:
                    cursor.execute(migration)
                set_setting(cursor, "schema_version", str(VERSION))


class _Noting:
    """A cursor that notes what it is asked."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, asked: list[Asked]) -> None:
        self._cursor, self._noted, self._filled = cursor, asked, dict[str, None]()

    def execute(self, sql: str, params: Parameters = ()) -> duckdb.DuckDBPyConnection:
        self._noted.append(Asked(sql, tuple(params), tuple(name for name in self._filled if name in sql)))
        return self._cursor.execute(sql, params)

    def register(self, name: str, frame: pd.DataFrame) -> None:
        self._filled[name] = None
        self._cursor.register(name, frame)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def _memory() -> str:
    return os.environ.get("CX_MEMORY_LIMIT", _MEMORY)


def begin(cursor: duckdb.DuckDBPyConnection) -> int:
    """Begin to see one state; → the version of the data it is of."""
    cursor.execute("BEGIN")
    rows = cursor.execute("SELECT value FROM settings WHERE key = 'data_version'").fetchall()
    return int(rows[0][0]) if rows else 0


def set_setting(cursor: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Set a workspace setting inside a `Store.write()`."""
    cursor.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [key, value])


def _checkpoint(cursor: duckdb.DuckDBPyConnection) -> None:
    """Bring what is committed into the file itself: a lost write-ahead log would else lose it silently. DuckDB now and
    then takes a question of another thread for a write, and refuses meanwhile; where that goes on, the next commit does
    it."""
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(duckdb.TransactionException):
            cursor.execute("CHECKPOINT")
            return
        time.sleep(0.1)


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    with contextlib.suppress(duckdb.TransactionException):  # a failed COMMIT has already ended the transaction
        cursor.execute("ROLLBACK")
