"""Which row of a sheet names its columns, where a person said it: in this file, or in an earlier one of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cx.intake.plan import signature_of
from cx.intake.table import Table
from cx.language import Text, text_n
from cx.store import Store

_LOOK = 200  # rows in which a header that is known is sought
_IN = "/"


@dataclass(frozen=True)
class Headings:
    """What was said of where headers stand.

    rows   place of a sheet in its file → its row, 1 = the first; 0 = no row names the columns. A place is the number
           of the sheet, in an archive after the name of its file
    known  what tells the header rows that were chosen in earlier files (`told_by`), the newest first
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    known: tuple[str, ...] = ()

    def inside(self, file: str) -> Headings:
        """What was said of a file in the archive."""
        return Headings({place.removeprefix(file + _IN): row for place, row in self.rows.items()
                         if place.startswith(file + _IN)}, self.known)

    def row(self, place: str, grid: Sequence[Sequence[str]]) -> int | None:
        """The row of a sheet that names its columns; None = nobody said it."""
        if place in self.rows or not self.known:
            return self.rows.get(place)
        found = {told_by(row): number for number, row in reversed(list(enumerate(grid[:_LOOK], start=1)))}
        return next((found[each] for each in self.known if each in found), None)


NOBODY_SAID = Headings()


def headings_of(tables: Iterable[Table]) -> dict[str, int]:
    """Place of each sheet whose header somebody said → its row."""
    return {table.place: table.header_row or 0 for table in tables if table.told}


def rows_above(tables: Iterable[Table]) -> list[Text]:
    """What a person should know of the rows above headers that somebody said."""
    return [text_n("Row {row} of “{name}” names its columns, as it was said: the row above it is left out.",
                   "Row {row} of “{name}” names its columns, as it was said: the {n} rows above it are left out.",
                   n=table.header_row - 1, row=table.header_row, name=table.name)
            for table in tables if table.told and table.header_row and table.header_row > 1]


def place_in(file: str, place: str) -> str:
    """The place of a sheet of a file in an archive."""
    return f"{file}{_IN}{place}"


def told_by(header: Sequence[str]) -> str:
    """What tells a header row wherever it stands, blank columns or not."""
    return signature_of([cell for cell in header if cell.strip()])


def known_headings(store: Store | None, rows: Mapping[str, int] | None = None) -> Headings:
    """What was said of a file's headers, with what earlier files taught this workspace."""
    known = () if store is None else tuple(told for told, in store.rows("""
        SELECT DISTINCT ON (told) json_extract_string(plan, '$.sheets[0].headed') AS told FROM mappings
        WHERE told <> '' ORDER BY used_at DESC"""))
    return Headings(rows or {}, known)
