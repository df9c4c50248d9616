"""Columns of values read from cells, as arrays: what of a row is known, and a number that stands for each value.

A column of text keeps each different text once. The numbers (64 bits) are the same on every machine and in every
process; row identity stands on them (docs/decisions/0002-rows-and-uploads.md), so they must never change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Kind = Literal["text", "number", "flag", "time"]

_HASH_KEY = "cx-journey-rows1"  # sixteen characters
MANY = 1_000
"""Texts from which on compiled code is worth its import."""


@dataclass
class Values:
    """One value per row, or nothing.

    data   text: positions in `words`, -1 = nothing; number and flag (1, 0): float64, NaN = nothing;
           time: datetime64[us], NaT = nothing
    words  the texts, of a column of text
    """

    kind: Kind
    data: np.ndarray
    words: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.data)

    @property
    def filled(self) -> np.ndarray:
        """True where there is a value."""
        if self.kind == "text":
            return self.data >= 0
        return ~np.isnat(self.data) if self.kind == "time" else ~np.isnan(self.data)

    def at(self, rows: np.ndarray) -> Values:
        """The values of these rows (positions, or True where wanted)."""
        return Values(self.kind, self.data[rows], self.words)

    def where(self, kept: np.ndarray) -> Values:
        """The values where `kept`, nothing elsewhere."""
        return Values(self.kind, np.where(kept, self.data, empty(self.kind, len(self.data))), self.words)

    def otherwise(self, other: Values) -> Values:
        """These values, and the other's where there is nothing."""
        filled = self.filled
        if self.kind != "text" or other.kind != "text":
            return Values(self.kind, np.where(filled, self.data, other.data), None)
        assert self.words is not None
        assert other.words is not None
        moved = np.where(other.data >= 0, other.data + len(self.words), -1)
        return Values("text", np.where(filled, self.data, moved), pa.concat_arrays([self.words, other.words]))

    def compact(self) -> Values:
        """The same, without texts that no row has, where those are most."""
        if self.words is None or len(self.words) <= 2 * len(self.data) + 100:
            return self
        used = np.zeros(len(self.words), dtype=bool)
        used[self.data[self.data >= 0]] = True
        moved = np.cumsum(used, dtype=np.int32) - 1
        return Values(self.kind, np.where(self.data >= 0, moved[self.data], -1).astype(np.int32),
                      self.words.filter(pa.array(used)))

    def text(self, row: int) -> str | None:
        """The text of a row."""
        assert self.words is not None
        return self.words[int(self.data[row])].as_py() if self.data[row] >= 0 else None

    def used(self) -> list[str]:
        """The different texts of these rows, in the order they first occur."""
        if self.words is None or not len(self.words):
            return []
        return [self.words[int(code)].as_py() for code in first_rows(self.data, len(self.words))[0]]

    def arrow(self) -> pa.Array:
        """string (dictionary-coded), double, bool or timestamp[us]; null = nothing."""
        if self.kind == "text":
            return pa.DictionaryArray.from_arrays(pa.array(self.data, pa.int32(), mask=self.data < 0), self.words)
        if self.kind == "flag":
            return pa.array(self.data == 1, pa.bool_(), mask=np.isnan(self.data))
        if self.kind == "time":
            return pa.array(self.data, pa.timestamp("us"))
        return pa.array(self.data, pa.float64(), mask=np.isnan(self.data))

    def numbers(self, salt: str = "") -> np.ndarray:
        """A 64-bit number per row, equal for equal values under the same salt; 0 = nothing."""
        if self.kind == "text":
            assert self.words is not None
            found = np.append(text_numbers(self.words), np.uint64(0))
        else:
            found = (self.data if self.kind == "time" else self.data + 0.0).view(np.uint64)
        mixed = mixed_numbers(found ^ text_number(salt))
        mixed[(found == 0) if self.kind == "text" else ~self.filled] = 0
        return mixed[self.data] if self.kind == "text" else mixed


class Lookup:
    """Values of distinct numbers.

    numbers, values  as many of each
    """

    def __init__(self, numbers: np.ndarray, values: np.ndarray) -> None:
        order = np.argsort(numbers, kind="stable")
        self._numbers, self._values = np.asarray(numbers)[order], np.asarray(values)[order]

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """The value of each number; of unknown ones any."""
        if not len(self._numbers):
            return np.zeros(len(numbers), dtype=self._values.dtype)
        return self._values[self._place(numbers)]

    def has(self, numbers: np.ndarray) -> np.ndarray:
        """True where a number is known."""
        if not len(self._numbers):
            return np.zeros(len(numbers), dtype=bool)
        return self._numbers[self._place(numbers)] == numbers

    def _place(self, numbers: np.ndarray) -> np.ndarray:
        return np.minimum(np.searchsorted(self._numbers, numbers), len(self._numbers) - 1)


def texts(given: Sequence[str | None]) -> Values:
    """A column of these texts."""
    coded = pa.array(given, pa.string()).dictionary_encode()
    return Values("text", np.asarray(coded.indices.fill_null(-1), dtype=np.int32), coded.dictionary)


def same(value: object, rows: int) -> Values:
    """The same value in every row: a text, a number, yes or no, or a moment."""
    if isinstance(value, str):
        return Values("text", np.zeros(rows, dtype=np.int32), pa.array([value], pa.string()))
    if isinstance(value, dt.datetime):
        return Values("time", np.full(rows, np.datetime64(value, "us")))
    return Values("flag" if isinstance(value, bool) else "number", np.full(rows, float(value)))  # type: ignore[arg-type]


def empty(kind: Kind, rows: int) -> np.ndarray:
    """The data of a column without any value."""
    if kind == "text":
        return np.full(rows, -1, dtype=np.int32)
    return np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]") if kind == "time" else np.full(rows, np.nan)


def text_numbers(words: pa.Array) -> np.ndarray:
    """A 64-bit number of each text (SipHash with a fixed key); 0 only of ""."""
    if len(words) < MANY:
        found = pd.util.hash_array(words.to_numpy(zero_copy_only=False).astype(object), hash_key=_HASH_KEY,
                                   categorize=False) if len(words) else np.empty(0, dtype=np.uint64)
    else:
        from cx.intake.column_kernel import text_hashes  # compiles on import: only where it is worth it

        found = text_hashes(*letters_of(words), *np.frombuffer(_HASH_KEY.encode(), "<u8"))
    found[found == 0] = 1
    found[np.asarray(pc.equal(words, ""), dtype=bool)] = 0
    return found


def letters_of(words: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(where each text begins, and where the last one ends; the bytes of all of them) of an array of texts."""
    _, starts, letters = words.buffers()
    return (np.frombuffer(starts, np.int32)[words.offset:words.offset + len(words) + 1],
            np.frombuffer(letters, np.uint8) if letters else np.zeros(1, np.uint8))


def text_number(value: str) -> np.uint64:
    """`text_numbers` of one text; of "" it is 0."""
    return text_numbers(pa.array([value]))[0]


def mixed_numbers(numbers: np.ndarray) -> np.ndarray:
    """Numbers in which every bit depends on every bit given (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def together(numbers: Iterable[np.ndarray], rows: int) -> np.ndarray:
    """A 64-bit number per row of all these numbers, in any order; nothing (0) counts as little as what is missing."""
    total = np.zeros(rows, dtype=np.uint64)
    for each in numbers:
        total += each
    return mixed_numbers(total)


def first_seen(columns: Iterable[tuple[Values, np.ndarray]]) -> list[str]:
    """The different texts of several columns, in the order of the positions they first stand at.

    columns  values, and the position of each row; positions of one column rise
    """
    found: dict[str, int] = {}
    for values, positions in columns:
        if values.words is None or not len(values.words):
            continue
        codes, rows = first_rows(values.data, len(values.words))
        for code, row in zip(codes.tolist(), rows.tolist(), strict=True):
            word, position = values.words[code].as_py(), int(positions[row])
            found[word] = min(position, found.get(word, position))
    return sorted(found, key=lambda word: found[word])


def first_rows(codes: np.ndarray, words: int) -> tuple[np.ndarray, np.ndarray]:
    """(codes that occur, in order of occurrence; the first row of each). codes below 0 are none."""
    first = np.full(words + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # the last assignment, to the earliest row, holds
    first = first[:words]
    found = np.flatnonzero(first >= 0)
    found = found[np.argsort(first[found], kind="stable")]
    return found, first[found]
