"""Active days: how many customers were active on one day and next on another, from their interactions in order."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from cx.store.additive import PLACES, SCOPES
from cx.store.derive_groups import Groups
from cx.store.derive_rows import Array, Rows
from cx.store.derive_tables import Days, known

_MOST = 2**62  # that the code of a row may reach
_HELD = 6_000_000  # different codes in memory: most files of a year have fewer, however many their rows
_AT_ONCE = 250_000  # rows that are handed on


class ActiveDays:
    """What `active_days` gains and loses, gathered over parts of the customers.

    fresh  the table is empty to begin with

    To be made when all interactions in question have their daily cells: these say which days and places there are.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.fresh = not cursor.execute("SELECT 1 FROM active_days LIMIT 1").fetchall()
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

    @property
    def full(self) -> bool:
        """Whether what is known should go into the table before more is added. It adds up there."""
        return sum(map(len, self._sums.values())) > _HELD

    def tables(self) -> Iterator[pa.Table]:
        """The rows to be inserted, in order; nothing is left of them."""
        for (scope, complaint), sums in self._sums.items():
            for codes, customers in sums.take():
                codes, next_at = np.divmod(codes, self._days.many)
                codes, place = np.divmod(codes, self._places[scope])
                kind, day = np.divmod(codes, self._days.many)
                anonymous, persona = np.divmod(kind, self._personas)
                yield pa.table({
                    "scope": pa.DictionaryArray.from_arrays(np.zeros(len(codes), dtype=np.int32), [scope]),
                    "complaint": np.full(len(codes), complaint), "anonymous": anonymous.astype(bool),
                    "persona_id": known(persona - 1), "occurred_at": self._days.moments(day),
                    "place_id": known(place - 1), "next_at": self._days.moments(next_at), "customers": customers})


class _Sums:
    """How often each code was added, less how often it was taken away."""

    def __init__(self) -> None:
        self._groups, self._counts = Groups(), np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, codes: Array, sign: int) -> None:
        from cx.store.derive_kernel import count

        numbers = self._groups.numbers(codes)
        if len(self._groups) > len(self._counts):
            more = max(len(self._groups), len(self._counts) * 3 // 2) - len(self._counts)
            self._counts = np.concatenate([self._counts, np.zeros(more, np.int32)])
        count(numbers, sign, self._counts)

    def take(self) -> Iterator[tuple[Array, Array]]:
        """(codes, how often), rising, some at a time; nothing is left of them."""
        counts = self._counts[:len(self._groups)]
        kept = np.flatnonzero(counts)
        codes, counts = self._groups.codes[kept], counts[kept]
        self._groups, self._counts = Groups(), np.zeros(0, np.int32)
        order = np.argsort(codes)
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start:start + _AT_ONCE]
            yield codes[chosen], counts[chosen]
