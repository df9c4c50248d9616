"""What commits change of the derived tables: so that what is held in memory follows instead of being read anew."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

Array = np.ndarray[Any, Any]

MOST = 1_500_000
"""Rows of steps that are remembered, of all commits together; what is further back is read anew."""


@dataclass(frozen=True)
class Change:
    """What differs between two versions of the data.

    customers  keys, rising, of those whose interactions changed; none = nothing derived did
    steps      their rows in `steps` now, in its columns; they stand at its end, in this order
    """

    customers: Array
    steps: pa.Table | None

    def then(self, later: Change) -> Change:
        """Both, one after the other."""
        if self.steps is None or later.steps is None:
            return later if self.steps is None else self
        kept = ~np.isin(self.steps["customer_key"].to_numpy(), later.customers)
        return Change(np.union1d(self.customers, later.customers),
                      pa.concat_tables([self.steps.filter(pa.array(kept)), later.steps]))


NOTHING = Change(np.empty(0, np.int32), None)


class Changes:
    """The changes of the last commits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[int, Change | None] = OrderedDict()

    def note(self, version: int, change: Change | None) -> None:
        """What the commit that leads to a version changes; None = anything."""
        with self._lock:
            self._found.pop(version, None)
            self._found[version] = change
            while len(self._found) > 1 and sum(_rows(each) for each in self._found.values()) > MOST:
                self._found.popitem(last=False)

    def between(self, before: int, now: int) -> Change | None:
        """What differs; None = that is not known."""
        found: Change | None = NOTHING
        with self._lock:
            for version in range(before + 1, now + 1):
                each = self._found.get(version)
                found = None if found is None or each is None else found.then(each)
        return found


def _rows(change: Change | None) -> int:
    return 1 if change is None or change.steps is None else max(change.steps.num_rows, len(change.customers), 1)


_told: weakref.WeakKeyDictionary[duckdb.DuckDBPyConnection, Change | None] = weakref.WeakKeyDictionary()


def tell(cursor: duckdb.DuckDBPyConnection, change: Change | None) -> None:
    """Say what a transaction has changed so far; None = anything."""
    before = _told.get(cursor, NOTHING)
    _told[cursor] = None if before is None or change is None else before.then(change)


def told(cursor: duckdb.DuckDBPyConnection) -> Change | None:
    """What was told of a transaction; where nothing was, anything may have changed."""
    return _told.get(cursor)
