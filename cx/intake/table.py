"""A sheet as it was found: text cells below a header, and where each stood."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
import pyarrow as pa

from cx.intake.column import Values
from cx.intake.plan import unique_headers
from cx.intake.values import is_missing
from cx.language import Text

CHUNK_ROWS = 122_880
"""Rows that are read, checked and stored at a time: as many as DuckDB compresses and writes together."""


class Cells(Sequence[str]):
    """A column: one text per row, trimmed, "" where the cell is empty.

    distinct   the different cells, in the order they first occur
    counts     how many rows hold each of them
    different  how many different cells there are
    """

    def __init__(self, cells: Sequence[str]) -> None:
        try:
            coded = pa.array(cells, pa.string()).dictionary_encode()
        except UnicodeEncodeError:  # half a character
            coded = pa.array([cell.encode("utf-8", "replace").decode() for cell in cells],
                             pa.string()).dictionary_encode()
        codes = np.asarray(coded.indices, dtype=np.int32)
        words = coded.dictionary.to_pylist()
        trimmed = [word.strip() for word in words]
        if trimmed != words:
            again = pa.array(trimmed, pa.string()).dictionary_encode()
            codes = np.asarray(again.indices, dtype=np.int32)[codes]
            coded, trimmed = again, again.dictionary.to_pylist()
        self.values = Values("text", codes, coded.dictionary)
        self.distinct: list[str] = trimmed

    @property
    def different(self) -> int:
        return len(self.distinct)

    @cached_property
    def counts(self) -> list[int]:
        return np.bincount(self.values.data, minlength=len(self.distinct)).tolist()

    def telling(self, _about: str = "times") -> Iterator[str]:
        """Different cells, none that says nothing, by which it can be decided how the column is written: its times or
        its "numbers"."""
        return (cell for cell in self.distinct if not is_missing(cell))

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self.distinct[code] for code in self.values.data[row].tolist()]
        return self.distinct[self.values.data[row]]


@dataclass
class Chunk:
    """Some consecutive rows of a table.

    start    position of the first of them among the table's rows
    numbers  physical row of each
    columns  key → its cells (texts, "" where empty)
    """

    start: int
    numbers: np.ndarray
    columns: dict[str, Values]

    def __len__(self) -> int:
        return len(self.numbers)

    def cells(self, row: int) -> dict[str, str]:
        """Key → cell of a row of this chunk."""
        return {key: values.text(row) or "" for key, values in self.columns.items()}


class Stored(Sequence[list[str]], ABC):
    """Rows that are kept elsewhere than in memory."""

    @abstractmethod
    def columns(self, keys: Sequence[str]) -> dict[str, Cells]:
        """Key → its cells."""

    @abstractmethod
    def chunks(self, keys: Sequence[str]) -> Iterator[Chunk]:
        """The rows from top to bottom, some at a time."""


@dataclass
class Table:
    """One table of a file, before any mapping.

    name         sheet name; of a text file, the file's name without its ending
    header       the cells of the header row, as written ("" where empty); `column 1`… where the file has no header
    rows         data rows, each as wide as the header
    header_row   physical row of the header, 1 = first row of the sheet; None = the file has none
    row_numbers  physical row of each data row
    skipped      physical rows below the header that are no data (blank, totals) and why
    ragged       physical rows with more cells than the header, and no way to tell why → the cells beyond it
    mended       physical rows in which cells were joined that a separator inside a text had torn apart
    numbers      positions of columns whose numbers were stored as numbers, not as text
    from_1904    the workbook counts days from 1904
    notes        what a person should know of how it was read: sheets and files left out
    place        where its sheet stands in the file (cx.intake.headings)
    told         a person said which row names the columns, or that none does
    top          the first rows of its sheet
    """

    name: str
    header: list[str]
    rows: Sequence[list[str]]
    header_row: int | None = 1
    row_numbers: Sequence[int] = field(default_factory=list)
    skipped: list[tuple[int, Text]] = field(default_factory=list)
    ragged: Mapping[int, Sequence[str]] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()
    mended: Sequence[int] = ()
    from_1904: bool = False
    notes: Sequence[Text] = ()
    place: str = "0"
    told: bool = False
    top: Sequence[Sequence[str]] = ()

    def __post_init__(self) -> None:
        if not len(self.row_numbers):
            first = (self.header_row or 0) + 1
            self.row_numbers = list(range(first, first + len(self.rows)))

    @property
    def keys(self) -> list[str]:
        """The header made unique: empty and repeated names numbered."""
        return unique_headers(self.header)

    @property
    def about(self) -> list[str]:
        """What the sheet says of itself: its name, and the rows above the header."""
        return [self.name, *(" ".join(row) for row in self.top[:(self.header_row or 1) - 1])]

    def columns(self) -> dict[str, Cells]:
        """Key → its cells."""
        if isinstance(self.rows, Stored):
            return self.rows.columns(self.keys)
        cells = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.header)
        return {key: Cells(column) for key, column in zip(self.keys, cells, strict=True)}

    def chunks(self, columns: Mapping[str, Cells], rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The table from top to bottom, some rows at a time. `columns` are those of `columns()`."""
        if isinstance(self.rows, Stored):
            yield from self.rows.chunks(self.keys)
            return
        numbers = np.asarray(self.row_numbers, dtype=np.int64)
        for start in range(0, len(numbers), rows):
            part = slice(start, start + rows)
            yield Chunk(start, numbers[part], {
                key: Values("text", cells.values.data[part], cells.values.words).compact()
                for key, cells in columns.items()})
