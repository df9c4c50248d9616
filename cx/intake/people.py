"""Who the rows of an upload are about, and which of their further columns say one thing of each of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from cx.intake.column import Values, first_rows
from cx.intake.prepare import Rows
from cx.store.derive_groups import Groups

_FEW = 20  # different values; a column of more must repeat them to be the customer's


class People:
    """The known customers of an upload, in the order they first occur.

    Each is told apart by a number of 64 bits (cx.intake.column); among ten million, two share one with a chance of
    1 : 300,000.
    """

    def __init__(self) -> None:
        self._persons = Groups()
        self._ids: list[pa.Array] = []
        self._positions: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self._persons)

    def meet(self, rows: Rows, before: int) -> np.ndarray | None:
        """The place of each row's customer among all, -1 = nobody known. None where no row has one.

        before  rows before the sheet
        """
        given = rows.part.fields.get("customer_id")
        if given is None or given.words is None or not len(given.words):
            return None
        codes, firsts = first_rows(given.data, len(given.words))
        numbers, before_them = rows.person[firsts], len(self)
        found = self._persons.numbers(numbers)
        highest = np.maximum.accumulate(np.append(before_them - 1, found))
        chosen = np.flatnonzero(highest[1:] > highest[:-1])  # those met for the first time
        if len(chosen):
            self._ids.append(given.words.take(pa.array(codes[chosen])))
            self._positions.append(rows.positions[firsts[chosen]] + before)
        places = np.full(len(given.words) + 1, -1, dtype=np.int64)
        places[codes] = found
        return places[given.data]

    def table(self) -> pa.Table:
        """place, person, known_as, first_position of each."""
        ids = pa.chunked_array(self._ids, pa.string())
        positions = np.concatenate([np.empty(0, dtype=np.int64), *self._positions])
        return pa.table({"place": pa.array(np.arange(len(self))), "person": pa.array(self._persons.codes),
                         "known_as": ids, "first_position": pa.array(positions)})


class Steady:
    """Which attributes of a sheet say one thing of each customer.

    different  attribute key → how many different values it has
    told       attribute key → what it says of each known customer: their places, and as many texts
    """

    def __init__(self, different: Mapping[str, int]) -> None:
        self._different = dict(different)
        self._rows = 0
        self._filled = dict.fromkeys(different, 0)
        self._said = {key: np.empty(0, dtype=np.uint64) for key in different}
        self.told: dict[str, list[tuple[np.ndarray, pa.Array]]] = {key: [] for key in different}

    def note(self, rows: Rows, places: np.ndarray | None, people: int) -> None:
        """Look at some rows. places: see `People.meet`; people = how many there are by now."""
        self._rows += int(rows.first.sum())
        for key, values in rows.attributes.items():
            self._filled[key] += int((values.filled & rows.first).sum())
            if places is not None and key in self._said and not self._agrees(key, values, places, people):
                del self._said[key], self.told[key]

    def _agrees(self, key: str, values: Values, places: np.ndarray, people: int) -> bool:
        said = np.concatenate([self._said[key], np.zeros(people - len(self._said[key]), dtype=np.uint64)])
        numbers = values.numbers()
        told = np.flatnonzero((numbers != 0) & (places >= 0))
        numbers, places = numbers[told], places[told]
        known = said[places]
        if ((known != 0) & (known != numbers)).any():
            return False
        news = np.flatnonzero(known == 0)
        said[places[news]] = numbers[news]
        self._said[key] = said
        if not (said[places[news]] == numbers[news]).all():
            return False
        their, first = np.unique(places[news], return_index=True)
        if len(their):
            self.told[key].append((their, values.at(told[news[first]]).compact().arrow()))
        return True

    def filled(self, key: str) -> str:
        """Whether rows have the attribute: "" none, "some", "all"."""
        return "" if not self._filled[key] else "all" if self._filled[key] == self._rows else "some"

    def of_customers(self) -> list[str]:
        """The attributes that are the same on all rows of each customer, and not a different one on nearly every row.
        Without customers every row is one."""
        return [key for key in self._said if self._filled[key] and (
            self._different[key] <= _FEW or self._different[key] <= 0.5 * self._filled[key])]
