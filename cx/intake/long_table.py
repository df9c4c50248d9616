"""The rows of a long table on disk, a file per chunk, and what is known of its columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.column import Values, first_rows, letters_of, text_numbers
from cx.intake.on_disk import read_batch, write_batch
from cx.intake.table import CHUNK_ROWS, Cells, Chunk, Stored
from cx.intake.values import is_missing

_MANY = 20_000  # different cells of a column that are counted; of more, those of a sample
_MOST_SHAPES = 50_000
_SAMPLE_ROWS = 5_000
_LOOK = 2_000
_TAIL_ROWS = 1_000  # that wait, for who looks at the end of the table
_SOME = "7"  # cells that end so are counted exactly, to tell how many different cells there are


class Writer:
    """Takes the rows of a table from top to bottom and writes them in chunks."""

    def __init__(self, folder: tempfile.TemporaryDirectory[str], width: int) -> None:
        self._folder, self._width = folder, width
        self._waiting: list[list[pa.Array]] = []
        self._waiting_rows, self._chunks = 0, 0
        self._numbers: list[np.ndarray] = []
        self._starts = [0]
        self._columns = [_Counter() for _ in range(width)]

    def add(self, columns: list[pa.Array], numbers: np.ndarray) -> None:
        """The next rows and their physical numbers. The last _TAIL_ROWS at least stay in memory until `done`."""
        if not len(numbers):
            return
        self._waiting.append(columns)
        self._numbers.append(numbers.astype(np.int32))
        self._waiting_rows += len(numbers)
        while self._waiting_rows >= CHUNK_ROWS + _TAIL_ROWS:
            self._write(CHUNK_ROWS)

    @property
    def rows(self) -> int:
        """How many rows it has taken."""
        return self._starts[-1] + self._waiting_rows

    def tail(self, rows: int) -> tuple[list[list[str]], list[int]]:
        """The last rows and their numbers."""
        columns = self._joined()
        self._waiting = [columns]
        texts = [column[-rows:].to_pylist() for column in columns]
        found = [list(cells) for cells in zip(*texts, strict=True)]
        numbers = np.concatenate([np.empty(0, dtype=np.int32), *self._numbers])
        return found, numbers[len(numbers) - len(found):].tolist()

    def cut(self, rows: int) -> None:
        """Take rows off the end."""
        if rows:
            columns = [column[:len(column) - rows] for column in self._joined()]
            self._waiting, self._waiting_rows = [columns], self._waiting_rows - rows
            self._numbers = [np.concatenate(self._numbers)[:-rows]]

    def done(self) -> LongRows:
        """The rows, all written."""
        while self._waiting_rows:
            self._write(min(CHUNK_ROWS, self._waiting_rows))
        numbers = np.concatenate([np.empty(0, dtype=np.int32), *self._numbers])
        return LongRows(self._folder, self._starts, numbers, [
            (counter.counts, counter.different(len(numbers)), counter.many) for counter in self._columns])

    def _joined(self, rows: int | None = None) -> list[pa.Array]:
        """The first rows that wait, or all of them; the others go on waiting."""
        if rows is None:
            columns, self._waiting = _concatenated(self._waiting, self._width), []
        else:
            taken, missing = [], rows
            while missing:
                part = self._waiting.pop(0)
                taken.append([column[:missing] for column in part])
                if len(part[0]) > missing:
                    self._waiting.insert(0, [column[missing:] for column in part])
                missing -= len(taken[-1][0])
            columns = _concatenated(taken, self._width)
        return columns

    def _write(self, rows: int) -> None:
        arrays, names = [], []
        for place, column in enumerate(self._joined(rows)):
            values = _coded(column)
            self._columns[place].count(values)
            assert values.words is not None
            arrays.append(pa.DictionaryArray.from_arrays(pa.array(values.data), values.words))
            names.append(str(place))
        write_batch(self._folder, self._chunks, pa.record_batch(arrays, names=names))
        self._chunks += 1
        self._starts.append(self._starts[-1] + rows)
        self._waiting_rows -= rows


def _concatenated(parts: list[list[pa.Array]], width: int) -> list[pa.Array]:
    empty = pa.array([], pa.string())
    return [pa.concat_arrays([empty, *(part[place] for part in parts)]) for place in range(width)]


def _coded(column: pa.Array) -> Values:
    """Trimmed cells, each different one once, unless nearly all differ."""
    if pc.count_distinct(column[:_LOOK]).as_py() > 0.5 * min(len(column), _LOOK):
        return Values("text", np.arange(len(column), dtype=np.int32), pc.utf8_trim_whitespace(column))
    coded = column.dictionary_encode()
    codes, words = np.asarray(coded.indices, dtype=np.int32), pc.utf8_trim_whitespace(coded.dictionary)
    if not words.equals(coded.dictionary):
        again = words.dictionary_encode()
        codes, words = np.asarray(again.indices, dtype=np.int32)[codes], again.dictionary
    return Values("text", codes, words)


class _Counter:
    """Counts the different cells of a column, of very many only some."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.many = False
        self._some: list[np.ndarray] = []
        self._some_rows = 0

    def count(self, values: Values) -> None:
        words = values.words
        assert words is not None
        counts = np.bincount(values.data, minlength=len(words))
        chosen = np.asarray(pc.ends_with(words, _SOME))
        self._some_rows += int(counts[chosen].sum())
        self._some.append(text_numbers(words.filter(pa.array(chosen))))
        if sum(map(len, self._some)) > 1_000_000:
            self._some = [pd.unique(np.concatenate(self._some))]
        if self.many:
            return
        if len(self.counts) + len(words) > _MANY and self.counts:
            self.many = len(set(words.to_pylist()) | self.counts.keys()) > _MANY
        elif len(words) > _MANY:
            values = Values("text", values.data[:_SAMPLE_ROWS], words).compact()
            self.many = True
            assert values.words is not None
            words, counts = values.words, np.bincount(values.data, minlength=len(values.words))
        if self.many and self.counts:
            return
        for word, rows in zip(words.to_pylist(), counts.tolist(), strict=True):
            self.counts[word] = self.counts.get(word, 0) + rows

    def different(self, rows: int) -> int:
        """How many different cells there are; of a column of many an estimate from a tenth of them."""
        if not self.many:
            return len(self.counts)
        some = len(pd.unique(np.concatenate(self._some)))
        return max(len(self.counts), round(rows * some / self._some_rows) if self._some_rows else 0)


def _with_one_digit(words: pa.Array) -> pa.Array:
    """The texts with 1 for every digit but 0."""
    starts, letters = letters_of(words)
    turned = np.where((letters > ord("1")) & (letters <= ord("9")), np.uint8(ord("1")), letters)
    return pa.StringArray.from_buffers(len(words), pa.py_buffer(np.ascontiguousarray(starts)), pa.py_buffer(turned))


class LongRows(Stored):
    """The rows of a table on disk. The folder goes when nothing refers to them any more."""

    def __init__(self, folder: tempfile.TemporaryDirectory[str], starts: list[int], numbers: np.ndarray,
                 counted: list[tuple[dict[str, int], int, bool]]) -> None:
        self._folder, self._starts, self.numbers, self._counted = folder, starts, numbers, counted

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, row: int) -> list[str]: ...

    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...

    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        if isinstance(row, slice):
            return [list(cells) for cells in zip(*self.some(range(*row.indices(len(self)))), strict=True)]
        position = row + len(self) if row < 0 else row
        if not 0 <= position < len(self):
            raise IndexError(row)
        return [cell for [cell] in self.some([position])]

    def some(self, positions: Sequence[int], place: int | None = None) -> list[list[str]]:
        """The cells at these positions of every column (or of one), column by column."""
        width = len(self._counted) if place is None else 1
        found: list[list[str]] = [[] for _ in range(width)]
        known, chunk = -1, []
        for position in positions:
            number = int(np.searchsorted(self._starts, position, side="right")) - 1
            if number != known:
                known, chunk = number, self._chunk(number, place)
            for cells, values in zip(found, chunk, strict=True):
                cells.append(values.text(position - self._starts[number]) or "")
        return found

    def chunks(self, keys: Sequence[str]) -> Iterator[Chunk]:
        """The rows from top to bottom, a file at a time."""
        for number, (start, end) in enumerate(zip(self._starts, self._starts[1:], strict=False)):
            columns = dict(zip(keys, self._chunk(number), strict=True))
            yield Chunk(start, self.numbers[start:end].astype(np.int64), columns)

    def columns(self, keys: Sequence[str]) -> dict[str, Cells]:
        """Key → its cells."""
        return {key: LongCells(self, place, *counted) for place, (key, counted) in enumerate(
            zip(keys, self._counted, strict=True))}

    def column(self, place: int) -> Iterator[Values]:
        """The cells of one column, a chunk at a time."""
        for number in range(len(self._starts) - 1):
            yield self._chunk(number, place)[0]

    def _chunk(self, number: int, place: int | None = None) -> list[Values]:
        return [Values("text", np.asarray(column.indices, dtype=np.int32), column.dictionary)
                for column in read_batch(self._folder, number, place).columns]


class LongCells(Cells):
    """A column on disk; `distinct` and `counts` are of a sample where there are very many different cells."""

    def __init__(self, rows: LongRows, place: int, counts: dict[str, int], different: int, many: bool) -> None:
        self._rows, self._place, self._different, self._many = rows, place, different, many
        self.distinct, self._counts = list(counts), list(counts.values())

    @property
    def different(self) -> int:
        return self._different

    @property
    def counts(self) -> list[int]:
        return self._counts

    def telling(self, about: str = "times") -> Iterator[str]:
        """The sample, and of all other cells one of each date or each shape of a number."""
        yield from super().telling(about)
        if not self._many:
            return
        seen: set[str] = set()
        for values in self._rows.column(self._place):
            assert values.words is not None
            shapes = (pc.utf8_slice_codeunits(values.words, 0, 10) if about == "times" else
                      _with_one_digit(values.words)).dictionary_encode()
            _, first = first_rows(np.asarray(shapes.indices), len(shapes.dictionary))
            for place, shape in zip(first.tolist(), shapes.dictionary.to_pylist(), strict=True):
                if shape not in seen and len(seen) < _MOST_SHAPES:
                    seen.add(shape)
                    cell = values.words[place].as_py()
                    if not is_missing(cell):
                        yield cell

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int | slice) -> str | list[str]:  # type: ignore[override]
        if isinstance(row, slice):
            return self._rows.some(range(*row.indices(len(self))), self._place)[0]
        return self._rows[row][self._place]

    def __iter__(self) -> Iterator[str]:
        for values in self._rows.column(self._place):
            assert values.words is not None
            words = values.words.to_pylist()
            yield from (words[code] for code in values.data.tolist())
