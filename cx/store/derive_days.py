"""Active days: how many customers were active on one day and next on another, from their interactions in order."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from cx.store.additive import PLACES, SCOPES
from cx.store.derive_rows import Array, Rows
from cx.store.derive_tables import Days, known

_MOST = 2**62  # that the code of a row may reach
_PENDING = 1_000_000  # codes that wait to be added up


class ActiveDays:
    """What `active_days` gains and loses, gathered over parts of the customers.

    To be made when all interactions in question have their daily cells: these say which days and places there are.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._days = Days(cursor.execute("SELECT DISTINCT epoch_us(occurred_at) // 86400000000 AS day FROM daily_cells "
                                         "WHERE occurred_at IS NOT NULL").fetchnumpy()["day"])
        most = ", ".join(f"coalesce(max({name}_id), -1) + 2" for name in ("persona", *PLACES))
        [(self._personas, *places)] = cursor.execute(f"SELECT {most} FROM daily_cells").fetchall()
        self._places = {"all": 1, **dict(zip(PLACES, places, strict=True))}
        self._places["first_channel"] = self._places["channel"]
        if 2 * self._personas * self._days.many**2 * max(self._places.values()) >= _MOST:
            raise OverflowError("Active days of so many days, places and personas cannot be told apart.")
        self._sums = {(scope, complaint): _Sums() for complaint in (False, True) for scope in SCOPES
                      if not (complaint and scope == "first_channel")}

    def add(self, rows: Rows, first_channels: Array, sign: int = 1) -> None:
        """Take rows in (or with sign -1 out). first_channels: of each customer, -1 = none."""
        from cx.store.derive_kernel import DAY, NEVER, days_of, place_order

        lengths = np.diff(rows.first)
        days = self._days.of(np.where(rows["at"] == NEVER, Days.NONE, rows["at"] // DAY))
        kinds = rows.customers.anonymous.astype(np.int64) * self._personas + rows.customers.persona + 1
        every, complained = np.ones(len(days), dtype=bool), rows["complaint"] == 1
        for scope in SCOPES:
            counting = every
            if scope == "all":
                places = np.full(len(days), -1, dtype=np.int32)
            elif scope == "first_channel":
                places = np.repeat(first_channels, lengths).astype(np.int32)
                counting = np.repeat(~rows.customers.anonymous, lengths) & (rows["at"] != NEVER)
            else:
                places = rows[scope]
            many = self._places[scope]
            order = place_order(rows.first, places, many) if scope in PLACES else np.arange(len(days))
            for complaint in (False, True):
                if (scope, complaint) in self._sums:
                    self._sums[scope, complaint].add(days_of(rows.first, order, places, many, days, self._days.many,
                                                             complained if complaint else counting, kinds), sign)

    def tables(self) -> Iterator[pa.Table]:
        """The rows to be inserted, in order."""
        for (scope, complaint), sums in self._sums.items():
            codes, customers = sums.total()
            codes, next_at = np.divmod(codes, self._days.many)
            codes, place = np.divmod(codes, self._places[scope])
            kind, day = np.divmod(codes, self._days.many)
            anonymous, persona = np.divmod(kind, self._personas)
            yield pa.table({
                "scope": pa.DictionaryArray.from_arrays(np.zeros(len(codes), dtype=np.int32), [scope]),
                "complaint": np.full(len(codes), complaint), "anonymous": anonymous.astype(bool),
                "persona_id": known(persona - 1), "occurred_at": self._days.moments(day), "place_id": known(place - 1),
                "next_at": self._days.moments(next_at), "customers": customers})


class _Sums:
    """How often each code was added, less how often it was taken away."""

    def __init__(self) -> None:
        self._codes, self._counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        self._waiting = 0

    def add(self, codes: Array, sign: int) -> None:
        found, counts = np.unique(codes, return_counts=True)
        self._codes.append(found)
        self._counts.append(sign * counts)
        self._waiting += len(found)
        if self._waiting > max(_PENDING, len(self._codes[0]) // 2):
            self.total()

    def total(self) -> tuple[Array, Array]:
        codes, counts = np.concatenate(self._codes), np.concatenate(self._counts)
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.empty(0, np.intp)
        sums = np.add.reduceat(counts[order], starts) if len(codes) else counts
        kept = sums != 0
        self._codes, self._counts, self._waiting = [codes[starts][kept]], [sums[kept]], 0
        return self._codes[0], self._counts[0]
