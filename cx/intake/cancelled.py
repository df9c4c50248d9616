"""Orders that a column of the sheet calls cancelled: contacts that are no order, and bring no amount.

An order that was returned was one: it counts, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from cx.intake.column import Values, same
from cx.intake.plan import Problem, SheetPlan
from cx.intake.table import Cells, Chunk
from cx.intake.values import is_missing
from cx.language import Text, text_n
from cx.model import fold

_STATUS = re.compile(r"\b(?:status\w*|statu\w*|state|durum\w*|outcome|result|sonuc\w*|asama\w*)\b")
_OF_SOMETHING_ELSE = re.compile(r"\b(?:subscription|membership|account|abonelik\w*|uyelik\w*|hesap\w*|hesab\w*|"
                                r"previous|onceki|eski)\b")
_CANCELLED = re.compile(
    r"(?:wc |order |siparis |payment |odeme )?(?:cancell?ed|void(?:ed)?|declined|iptal(?: edildi| edilen| edilmis|"
    r" oldu)?|(?:musteri|satici|magaza)\w* iptal\w*)(?: (?:by|order|siparis)\b.*)?")
_RETURNED = re.compile(r"(?:wc |order |siparis )?(?:returned|refunded|iade(?: edildi| edilen| edilmis| alindi)?)")
_MOST = 100  # different states of an order
_FIELDS = ("revenue", "quantity")  # what a cancelled order did not bring


def find_cancelled(columns: Mapping[str, Cells], sheet: SheetPlan) -> list[Problem]:
    """Note in a plan which columns say that orders were cancelled; what was answered stays for later files.
    → what a person should know of it."""
    sheet.cancelled = {header: given for header, given in sheet.cancelled.items() if _may_say(sheet, header)}
    notes: list[Problem] = []
    for header, cells in columns.items():
        if not _may_say(sheet, header) or cells.different > _MOST:
            continue
        off, back = _rows(cells, _CANCELLED), _rows(cells, _RETURNED)
        if off:
            sheet.cancelled.setdefault(header, True)
            turkish = any(_CANCELLED.fullmatch(told := fold(cell)) and "iptal" in told for cell in cells.distinct)
            sheet.constants.setdefault("cancelled", "İptal edilen sipariş" if turkish else "Cancelled order")
            notes.append(Problem("note", "cancelled", note_of(header, off, counts=not sheet.cancelled[header]),
                                 sheet.name, header))
        if back:
            notes.append(Problem("note", "returned", text_n(
                "“{column}” says in {n} row that the order was returned: it counts as an order, with its amount.",
                "“{column}” says in {n} rows that the order was returned: they count as orders, with their amounts.",
                n=back, column=header), sheet.name, header))
    return notes


def note_of(header: str, rows: int, *, counts: bool) -> Text:
    """That rows are of cancelled orders; counts: they are taken for orders all the same."""
    if counts:
        return text_n(
            "“{column}” says in {n} row that the order was cancelled: it counts as an order all the same, as you "
            "chose.",
            "“{column}” says in {n} rows that the order was cancelled: they count as orders all the same, as you "
            "chose.",
            n=rows, column=header)
    return text_n(
        "“{column}” says in {n} row that the order was cancelled: it is loaded as a contact, and counts neither as an "
        "order nor with its amount.",
        "“{column}” says in {n} rows that the order was cancelled: they are loaded as contacts, and count neither as "
        "orders nor with their amounts.", n=rows, column=header)


def say_cancelled(sheet: SheetPlan, chunk: Chunk, row: dict[str, Values]) -> None:
    """Give the rows the field "cancelled", where a column tells it: yes, no, or nothing where its cell is empty."""
    for header, off in sheet.cancelled.items():
        if off and header in chunk.columns and _may_say(sheet, header):
            told = _told(chunk.columns[header], lambda cell: np.nan if is_missing(cell) or not cell else float(
                bool(_CANCELLED.fullmatch(fold(cell)))))
            row["cancelled"] = Values("flag", np.fmax(row["cancelled"].data, told) if "cancelled" in row else told)


def bring_nothing(row: dict[str, Values], off: np.ndarray) -> None:
    """Take the amounts from cancelled rows; off: True for these."""
    for name in _FIELDS:
        if name in row:
            row[name] = row[name].where(~off)


def no_orders(fields: dict[str, Values], off: np.ndarray, called: str) -> dict[str, Values]:
    """The fields of interactions, of which cancelled ones have no number of an order, no stage of one and another name.
    """
    changed = {name: values.where(~off) for name, values in fields.items() if name in ("order_id", "stage")}
    named = same(called, len(off)).where(off)
    if "touchpoint" in fields:
        named = named.otherwise(fields["touchpoint"])
    return {**fields, **changed, "touchpoint": named}


def _may_say(sheet: SheetPlan, header: str) -> bool:
    folded = fold(header)
    return (sheet.layout == "orders" and sheet.columns.get(header) == "attribute"
            and bool(_STATUS.search(folded)) and not _OF_SOMETHING_ELSE.search(folded))


def _rows(cells: Cells, meaning: re.Pattern[str]) -> int:
    return sum(count for cell, count in zip(cells.distinct, cells.counts, strict=True) if meaning.fullmatch(fold(cell)))


def _told(values: Values, read: Callable[[str], float]) -> np.ndarray:
    assert values.words is not None
    return np.array([*map(read, values.words.to_pylist()), np.nan])[values.data]
