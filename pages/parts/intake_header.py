"""Which row of a sheet names its columns, on the screen: its first rows, to choose another from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cx.intake.plan import SheetPlan
from cx.language import Language

_CELLS = 8  # of a row, in a choice
_LETTERS = 18  # of a cell


def header_form(sheet: SheetPlan, top: Sequence[Sequence[str]], key: str, t: Language, *, wrong: bool) -> int | None:
    """The row that a person says holds the names of the columns, 0 = none; None = the one that is used.

    top    the first rows of the sheet
    wrong  the sheet cannot be loaded as it is: the choice stands open
    """
    used = sheet.header_row or 0
    filled = [number for number, row in enumerate(top, start=1) if any(row)]
    rows = [*sorted({*filled, *([used] if used else [])}), 0]
    with st.expander(t("Wrong column names? Choose the row that holds them"), expanded=wrong):
        picked = st.selectbox(
            t("Row with the names of the columns"), rows, index=rows.index(used), key=f"header-{key}",
            format_func=lambda row: _row(row, top, t), help=t(
                "What stands above that row is left out, and everything below it is one table. It is remembered for "
                "files with these names."))
    return picked if picked != used else None


def _row(row: int, top: Sequence[Sequence[str]], t: Language) -> str:
    """A row of the sheet in a choice: its number and its first cells."""
    if row == 0:
        return t("none: the columns have no names")
    cells = [cell if len(cell) <= _LETTERS else f"{cell[:_LETTERS]}…" for cell in top[row - 1] if cell] if row <= len(
        top) else []
    return f"{row}: {' · '.join(cells[:_CELLS])}{' · …' if len(cells) > _CELLS else ''}"
