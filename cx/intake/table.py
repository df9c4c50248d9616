"""A sheet as it was found: text cells below a header, and where each stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cx.intake.plan import unique_headers
from cx.language import Text

Cells = np.ndarray
"""A column: one str object per row, "" where the cell is empty."""


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
    notes        what a person should know of how it was read: sheets and files left out
    """

    name: str
    header: list[str]
    rows: list[list[str]]
    header_row: int | None = 1
    row_numbers: list[int] = field(default_factory=list)
    skipped: list[tuple[int, Text]] = field(default_factory=list)
    ragged: Mapping[int, Sequence[str]] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()
    mended: Sequence[int] = ()
    notes: Sequence[Text] = ()

    def __post_init__(self) -> None:
        if not self.row_numbers:
            first = (self.header_row or 0) + 1
            self.row_numbers = list(range(first, first + len(self.rows)))

    @property
    def keys(self) -> list[str]:
        """The header made unique: empty and repeated names numbered."""
        return unique_headers(self.header)

    def columns(self) -> dict[str, Cells]:
        """Key → its cells, trimmed."""
        keys = self.keys
        if not self.rows:
            return {key: np.empty(0, dtype=object) for key in keys}
        result = {}
        for key, cells in zip(keys, zip(*self.rows, strict=True), strict=True):
            column = np.empty(len(cells), dtype=object)
            column[:] = [cell.strip() for cell in cells]
            result[key] = column
        return result
