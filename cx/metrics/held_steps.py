"""`steps` as arrays in memory.

Read at the first question and shared by all threads; nobody writes into them. Columns are read when they are first
asked for. After a commit they are made of those before, with the rows of its customers replaced
(cx.metrics.held_follow), where it is known whose rows changed; else they are read again. Where all that may be held
would take more than MOST bytes, nothing is: rows are then read from the file for each question (cx.metrics.step_rows).
"""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

import duckdb
import numpy as np

from cx.filters import Filters
from cx.store import Store
from cx.store.database import begin
from cx.store.derive import stages_in_use

Array = np.ndarray[Any, Any]
Found = TypeVar("Found")
Task = TypeVar("Task")

MOST = 1_600_000_000
_A_ROW = 14  # bytes, where times are whole seconds and ids below 32,768
_PART = 1_000_000  # rows that are answered together
_MASKS = 16  # selections of customers that are remembered
NEVER = np.iinfo(np.int64).min
_SECOND = 1_000_000
_TRIES = 3  # where the data changes in between


def number_sql(column: str) -> str:
    """A column of `steps AS i` as an integer: time in microseconds, emotion from 1 (negative) to 3 (positive), ids."""
    if column == "occurred_at":
        return "epoch_us(i.occurred_at)"
    return "CAST(i.emotion AS INTEGER) + 2" if column == "emotion" else f"CAST(i.{column} AS INTEGER)"


class Changed(Exception):
    """The data has changed since the first column was read."""


@dataclass(frozen=True)
class Moments:
    """Times as numbers from the first one on, which is 0: microseconds, or seconds where all are whole."""

    ticks: Array
    origin: int
    tick: int

    def microseconds(self, ticks: Array) -> Array:
        found: Array = ticks.astype(np.int64)
        found *= self.tick
        found += self.origin
        return found

    def part(self, start: int, end: int) -> Array:
        """Microseconds of some rows."""
        return self.microseconds(self.ticks[start:end])

    def first_from(self, moment: int) -> int:
        """The smallest number that is not before a moment in microseconds."""
        return -((self.origin - moment) // self.tick)


class Held:
    """`steps` of one data version.

    customers   key of each customer, in the order of the table
    first_rows  where the rows of each start, and the number of rows at the end
    ends_at     the last moment of all interactions, None = no dated one
    stages      ids of the stages in use, in order
    """

    def __init__(self, store: Store, cursor: duckdb.DuckDBPyConnection, version: int,
                 stand: tuple[Array, Array] | None = None, made: Mapping[str, Any] = MappingProxyType({})) -> None:
        """stand  customers and first_rows, where they are known; made: what `once` has made"""
        self._store, self.version = weakref.ref(store), version
        self._lock = threading.RLock()
        self._made: dict[str, Any] = dict(made)
        self._chosen: dict[Filters, Array] = {}
        [(most, self.ends_at)] = cursor.execute("SELECT (SELECT max(customer_key) FROM customers), "
                                                "(SELECT max(occurred_at) FROM interactions)").fetchall()
        self.room, self.stages, self._order = int(most or 0) + 1, tuple(stages_in_use(cursor)), ""
        self.customers, self.first_rows = stand or self._stand(cursor)

    @property
    def in_place(self) -> bool:
        """Whether the rows of each customer stand together in the table."""
        return not self._order

    def give_up(self) -> dict[str, Any]:
        """What was made so far, for the version after; whoever still asks for it is told that the data has changed."""
        with self._lock:
            made, self._made = self._made, {}
            return made

    def take(self, made: Mapping[str, Any]) -> None:
        """Know what was made elsewhere."""
        with self._lock:
            self._made.update(made)

    def _stand(self, cursor: duckdb.DuckDBPyConnection) -> tuple[Array, Array]:
        heads, customers, rows = self._heads(cursor)
        if np.bincount(customers).max(initial=0) > 1:  # a customer stands in two places
            self._order = " ORDER BY customer_key, rowid"
            heads, customers, rows = self._heads(cursor)
        return customers, np.append(heads, rows)

    def _heads(self, cursor: duckdb.DuckDBPyConnection) -> tuple[Array, Array, int]:
        """First row and key of each customer, and how many rows there are."""
        heads, keys, rows, last = [_NONE], [_NONE.astype(np.int32)], 0, -1
        for part in self._read(cursor, "customer_key"):
            found = np.flatnonzero(np.append(part[:1] != last, part[1:] != part[:-1]))
            heads.append(found + rows)
            keys.append(part[found])
            rows, last = rows + len(part), part[-1]
        return np.concatenate(heads), np.concatenate(keys), rows

    def _read(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Array]:
        with cursor.sql(f"SELECT {sql} FROM steps i{self._order}").to_arrow_reader(_PART) as reader:
            yield from (batch.columns[0].to_numpy() for batch in reader if batch.num_rows)

    def once(self, name: str, make: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
        """What `make` finds in this version of the data, made when first asked for. Raises Changed."""
        with self._lock:
            if name not in self._made:
                with self._reader() as cursor:
                    self._made[name] = make(cursor)
            return self._made[name]

    @contextmanager
    def _reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        store = self._store()
        if store is None:
            raise Changed
        with store.reader() as cursor:
            if begin(cursor) != self.version:
                raise Changed
            yield cursor

    def column(self, name: str) -> Array:
        """Ids, -1 = not known. Raises Changed."""
        found: Array = self.once(name, lambda cursor: _narrow(
            self._read(cursor, f"coalesce({number_sql(name)}, -1)"), int(self.first_rows[-1])))
        return found

    @property
    def moments(self) -> Moments:
        """The time of each row. Raises Changed."""
        def make(cursor: duckdb.DuckDBPyConnection) -> Moments:
            [(low, high)] = cursor.execute("SELECT epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM steps"
                                           ).fetchall()
            rows, first = int(self.first_rows[-1]), int(low or 0)
            return (_seconds(self._read(cursor, "epoch_us(occurred_at)"), first, int(high or 0), rows)
                    or Moments(_filled(self._read(cursor, f"epoch_us(occurred_at) - {first}"),
                                       np.empty(rows, np.int64)), first, 1))

        found: Moments = self.once("moments", make)
        return found

    def chosen(self, filters: Filters) -> Array | None:
        """By customer key, whether the customer is selected in a journey question (no period); None = all are. Raises
        Changed."""
        journeys = filters.journeys("j")
        if journeys.sql == "TRUE":
            return None
        key = replace(filters, start=None, end=None, compare="none")
        with self._lock:
            if key not in self._chosen:
                with self._reader() as cursor:
                    keys = cursor.execute(f"SELECT j.customer_key FROM journeys j WHERE {journeys.sql}",
                                          journeys.params).fetchnumpy()["customer_key"]
                mask = np.zeros(self.room, dtype=bool)
                mask[keys] = True
                while len(self._chosen) >= _MASKS:
                    self._chosen.pop(next(iter(self._chosen)))
                self._chosen[key] = mask
            return self._chosen[key]

    def wanted(self, chosen: Array | None, low: int, high: int) -> Array:
        """Whether each customer is among those chosen (by key; None = all are)."""
        keys = self.customers[low:high]
        wanted: Array = np.ones(len(keys), dtype=np.bool_) if chosen is None else chosen[keys]
        return wanted


def parts_of(first_rows: Array) -> list[tuple[int, int]]:
    """Customers (from, to) that are answered together, by where the rows of each start, and the number of rows."""
    marks = np.searchsorted(first_rows, np.arange(0, first_rows[-1], _PART), side="left")
    edges = np.unique(np.append(marks, len(first_rows) - 1))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)) or [(0, 0)]


_held: weakref.WeakKeyDictionary[Store, tuple[int, Held | None]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def with_held(store: Store, ask: Callable[[Held | None], Found]) -> Found:
    """What a question says of what is held of the store as it is now. None is given to it where that would be too much,
    the rows are elsewhere, or questions are being noted (they are asked then, so that they can be shown)."""
    for _ in range(_TRIES if not (store.noted or store.in_lake) else 0):
        found = _current(store)
        if found is None:
            break
        with contextlib.suppress(Changed):
            return ask(found)
    return ask(None)


def _current(store: Store) -> Held | None:
    from cx.metrics.held_follow import followed  # it needs Held itself

    known = _held.get(store)
    if known is not None and known[0] == store.data_version:  # which is raised as soon as there is another
        return known[1]
    with _lock, store.reader() as cursor:
        version = begin(cursor)
        known = _held.get(store)
        if known is None or known[0] != version:
            before = known[1] if known else None
            known = None
            _held.pop(store, None)
            [(rows,)] = cursor.execute("SELECT count(*) FROM steps").fetchall()
            found = None
            if rows * _A_ROW <= MOST:
                change = store.changes.between(before.version, version) if before else None
                if before is not None and change is not None:
                    found = followed(before, change, store, cursor, version)
                before = None  # the old arrays go before new ones come
                found = found or Held(store, cursor, version)
            known = _held[store] = (version, found)
        return known[1]


_pool = ThreadPoolExecutor(max_workers=max(1, min(os.cpu_count() or 1, 8)), thread_name_prefix="held")


def at_once(tasks: Sequence[Task], answer: Callable[[Task], Found]) -> list[Found]:
    """What `answer` says of each task, in order; on all cores. It asks for nothing at once itself."""
    if len(tasks) == 1:
        return [answer(tasks[0])]
    return list(_pool.map(answer, tasks))


def over_parts(parts: Sequence[tuple[int, int]], answer: Callable[[int, int], Found]) -> list[Found]:
    """The same of parts, from a place to another."""
    return at_once(parts, lambda part: answer(*part))


# --- narrow numbers ---


def _filled(parts: Iterable[Array], target: Array) -> Array:
    place = 0
    for part in parts:
        target[place:place + len(part)] = part
        place += len(part)
    return target


def _narrow(parts: Iterable[Array], rows: int) -> Array:
    target, place = np.empty(rows, dtype=np.int8), 0
    for part in parts:
        kind = np.min_scalar_type(-1 - int(part.max()))  # one more than it has to be, of the signed ones
        if kind.itemsize > target.dtype.itemsize:
            target = target.astype(kind)
        target[place:place + len(part)] = part
        place += len(part)
    return target


def _seconds(parts: Iterable[Array], low: int, high: int, rows: int) -> Moments | None:
    """Whole seconds since `low`; None where some are not, or they are too many."""
    if (high - low) // _SECOND >= 2**31 - 1:
        return None
    target, place = np.empty(rows, dtype=np.int32), 0
    for part in parts:
        seconds, rest = np.divmod(part - low, _SECOND)
        if rest.any():
            return None
        target[place:place + len(part)] = seconds
        place += len(part)
    return Moments(target, low, _SECOND)


_NONE = np.empty(0, dtype=np.int64)
