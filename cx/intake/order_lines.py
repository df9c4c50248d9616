"""Exports with a row for each line of an order: rows below the first one continue their order.

Shops leave date, customer and total of such a row empty, or repeat what is the order's on each. A row continues the
order of an earlier one where order number, customer and day agree; what it leaves empty it takes from the rows of the
order directly above. An answer or amount that is the order's counts once: with the first of its rows that says it and
is loaded. Quantities and amounts of lines are each row's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.clean import Cleaned
from cx.intake.column import Values, mixed_numbers
from cx.intake.plan import AMOUNTS, SheetPlan
from cx.intake.table import Cells, Chunk, Table
from cx.language import Text, text, text_n
from cx.model import fold

_WHOSE = ("customer_id", "occurred_at")
_TAKEN = (*_WHOSE, "cancelled", "channel", "persona", "stage", "campaign")
_ONCE = ("revenue", "nps", "csat", "ces", "expectation_met", "emotion", "comment", "is_complaint", "wait_seconds",
         "delay_days")
_SAID_AGAIN, _FEWEST = 0.95, 3  # share of the orders with several rows, and how many, that tell what is the order's
_OF_A_LINE = re.compile(r"\b(?:lines?|lineitem|items?|unit|birim|kalem\w*|satir\w*|urun\w*|products?|pieces?|sku|"
                        r"bilet\w*|tickets?|seats?|koltuk\w*)\b")
_PRICE = re.compile(r"\b(?:prices?|fiyat\w*)\b")
_OF_AN_ORDER = re.compile(r"\b(?:orders?|siparis\w*|grand|genel|sepet|basket|cart)\b")
_TOTAL = re.compile(r"\b(?:total\w*|toplam\w*)\b")
_TELLING = 2  # orders whose quantities differ, in which an equal amount is the order's
_CLOCK = r"^(\d{1,4}[-./]\d{1,2}[-./]\d{1,4})[ T].*$"
_NOTHING = pa.array(["-", "–", "—", "N/A", "n/a", "NULL", "null"])


@dataclass
class Lines:
    """Which rows of a sheet continue an order, and what is said again there.

    header     column of the order number; delivered: of the day it arrived
    continues  True for each row of the table that continues the order of an earlier one
    order      a number of the order from 0 on for each row of one that has several; -1 = it has one row
    parcel     the same of what arrived of the order on one day
    once       fields of the order that its rows repeat → their column
    amounts    whose an amount is that the rows of an order repeat: "order", "line", "ambiguous"; None = none is
    rows       how many rows were taken up that continue an order
    wanted     some of them left date or customer empty
    """

    header: str
    continues: np.ndarray
    order: np.ndarray
    parcel: np.ndarray
    once: dict[str, str]
    amounts: str | None = None
    delivered: str | None = None
    rows: int = 0
    wanted: bool = False

    def __post_init__(self) -> None:
        self._told = {name: np.zeros(self.order.max(initial=-1) + 1, dtype=bool) for name in self.once}
        self._arrived = np.zeros(self.parcel.max(initial=-1) + 1, dtype=bool)
        self._last: tuple[np.uint64, dict[str, Values]] = (np.uint64(0), {})  # of the rows before: order, its fields

    def take(self, chunk: Chunk, row: dict[str, Values]) -> np.ndarray:
        """Fill what continuing rows leave empty; chunks come in order. → True for each row of the chunk that continues
        an order."""
        continues = self.continues[chunk.start:chunk.start + len(chunk)]
        orders = _numbers(chunk, self.header)
        before, known = self._last
        runs = np.flatnonzero(np.r_[True, orders[1:] != orders[:-1]])
        first_of_run = np.repeat(runs, np.diff(np.r_[runs, len(orders)]))
        goes_on = (first_of_run == 0) & (len(orders) > 0 and orders[0] == before != 0)
        for name in _TAKEN:
            if name not in row:
                continue
            values = row[name]
            wanting = continues & ~values.filled
            if wanting.any():
                self.wanted |= name in _WHOSE
                above = _last_filled(values.filled, first_of_run)
                values = values.otherwise(values.at(np.maximum(above, 0)).where(wanting & (above >= 0)))
                if name in known:
                    values = values.otherwise(known[name].at(np.zeros(len(chunk), np.int64)).where(wanting & goes_on))
                row[name] = values
        if len(orders):
            self._last = (orders[-1], {name: row[name].at(np.array([-1])).compact() for name in _TAKEN if name in row})
        return continues

    def count_once(self, chunk: Chunk, row: dict[str, Values], cleaned: Cleaned, good: np.ndarray) -> None:
        """Leave what is the order's, and a delivery, to the first of its rows that says it; good: True for rows that
        are loaded."""
        order, parcel = (each[chunk.start:chunk.start + len(chunk)] for each in (self.order, self.parcel))
        for name, told in self._told.items():
            row[name] = _once(row[name], order, good, told)
        if self.delivered in cleaned.values:
            cleaned.values[self.delivered] = _once(cleaned.values[self.delivered], parcel, good, self._arrived)

    def notes(self) -> list[Text]:
        """What a person should know of them, once all rows were taken."""
        found = []
        if self.rows and self.wanted:
            found.append(text_n(
                "{n} row continues an order of a row above: what it leaves empty of date and customer is that row's.",
                "{n} rows continue an order of a row above: what they leave empty of date and customer is that row's.",
                n=self.rows))
        elif self.rows:
            found.append(text_n("{n} row continues an order of a row above: both are one order.",
                                "{n} rows continue an order of a row above: they are one order with it.", n=self.rows))
        return found + [text("“{column}” says the same on all rows of an order: it counts once for each order.",
                             column=column) for column in self.once.values()]


def find_lines(table: Table, columns: Mapping[str, Cells], sheet: SheetPlan) -> Lines | None:
    """The lines of an orders sheet; None where each order has one row."""
    header = sheet.column_of("order_id")
    if (sheet.layout != "orders" or header is None or header not in columns
            or columns[header].different == len(table.rows)):
        return None
    asked = {name: column for name in (*_WHOSE, *_ONCE, "delivered_at", "quantity")
             if (column := sheet.column_of(name)) is not None and column in columns}
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("order", *asked)}
    for chunk in table.chunks(columns):
        parts["order"].append(_numbers(chunk, header))
        for name, column in asked.items():
            parts[name].append(_numbers(chunk, column, day=name == "occurred_at"))
    found = {name: np.concatenate([np.empty(0, dtype=np.uint64), *each]) for name, each in parts.items()}
    order = found["order"]
    if len(np.unique(order)) == len(order):
        return None
    runs = np.flatnonzero(np.r_[True, order[1:] != order[:-1]])
    first_of_run = np.repeat(runs, np.diff(np.r_[runs, len(order)]))
    key = order
    for name in _WHOSE:
        if name in found:
            above = _last_filled(found[name] != 0, first_of_run)
            key = mixed_numbers(key ^ np.where(above >= 0, found[name][np.maximum(above, 0)], np.uint64(0)))
    continues = _again(key) & (order != 0)
    if not continues.any():
        return None
    several = np.isin(key, key[continues]) & (order != 0)
    parcel = mixed_numbers(key ^ found["delivered_at"]) if "delivered_at" in found else key
    once = {name: column for name, column in asked.items()
            if name in _ONCE and name != "revenue" and _said_again(key[several], found[name][several])}
    amounts = None
    if "revenue" in asked:
        amounts = _whose(asked["revenue"], key[several], found["revenue"][several],
                         found["quantity"][several] if "quantity" in found else None,
                         sheet.amounts.get(asked["revenue"]))
        if amounts == "order":
            once["revenue"] = asked["revenue"]
    return Lines(header, continues, _numbered(key, several), _numbered(parcel, several), once, amounts,
                 asked.get("delivered_at"))


def decide_amounts(table: Table, columns: Mapping[str, Cells], sheet: SheetPlan) -> str | None:
    """Note in a plan whose the amounts are that the rows of an order repeat; what was answered stays for later files.
    → the same; None = no amount is repeated here."""
    lines, header = find_lines(table, columns, sheet), sheet.column_of("revenue")
    whose = lines.amounts if lines else None
    sheet.amounts = {column: given for column, given in sheet.amounts.items() if given in AMOUNTS}
    if header and whose:
        sheet.amounts[header] = whose
    return whose


def _numbered(keys: np.ndarray, several: np.ndarray) -> np.ndarray:
    """A number from 0 on for each of the different keys; -1 = the row is alone."""
    result = np.full(len(keys), -1, dtype=np.int32)
    result[several] = np.unique(keys[several], return_inverse=True)[1]
    return result


def _once(values: Values, numbers: np.ndarray, good: np.ndarray, told: np.ndarray) -> Values:
    """The values, of rows with one number only the first that is loaded and not yet told; told is kept up."""
    saying = np.flatnonzero((numbers >= 0) & good & values.filled)
    found, first = np.unique(numbers[saying], return_index=True)
    first = first[~told[found]]
    told[found] = True
    counts = numbers < 0
    counts[saying[first]] = True
    return values.where(counts)


def _again(keys: np.ndarray) -> np.ndarray:
    """True where the same number stands above."""
    result = np.ones(len(keys), dtype=bool)
    result[np.unique(keys, return_index=True)[1]] = False
    return result


def _alike(orders: np.ndarray, values: np.ndarray) -> pd.Series:
    """Of each order that says something on several rows, whether it says the same; values: 0 = empty."""
    grouped = pd.Series(values[values != 0]).groupby(orders[values != 0])
    return grouped.nunique()[grouped.size() > 1] == 1


def _said_again(orders: np.ndarray, values: np.ndarray) -> bool:
    """Whether the rows of an order repeat what is the order's in this column; values: 0 = empty."""
    alike = _alike(orders, values)
    return len(alike) >= _FEWEST and alike.mean() >= _SAID_AGAIN and len(np.unique(values[values != 0])) > 1


def _whose(header: str, orders: np.ndarray, amounts: np.ndarray, quantities: np.ndarray | None,
           answered: str | None) -> str | None:
    """Whose an amount is that the rows of an order repeat, by header, answer and values: "order", "line", "ambiguous"
    where none tells; None where it is not repeated, or in one order only, whose rows may cost the same by chance."""
    folded = fold(header)
    alike = _alike(orders, amounts)
    if not len(alike) or alike.mean() < _SAID_AGAIN:
        return None
    named, price = _OF_AN_ORDER.search(folded), _PRICE.search(folded)
    if _OF_A_LINE.search(folded) or (price and not named and not _TOTAL.search(folded)):
        return "line"
    if named and not price:
        return "order"
    if answered in AMOUNTS:
        return answered
    if quantities is not None and not price:
        said = (amounts != 0) & (quantities != 0)
        differ = pd.Series(quantities[said]).groupby(orders[said]).nunique() > 1
        telling = alike[alike.index.isin(differ[differ].index)]
        if len(telling) >= _TELLING and telling.mean() >= _SAID_AGAIN:
            return "order"
    return "ambiguous" if len(alike) > 1 else None


def _numbers(chunk: Chunk, header: str, *, day: bool = False) -> np.ndarray:
    """A number for each cell, 0 where it says nothing. day: whatever time of the day it says."""
    values = chunk.columns[header]
    assert values.words is not None
    if day:
        values = Values(values.kind, values.data, pc.replace_substring_regex(values.words, _CLOCK, r"\1"))
    nothing = np.append(np.asarray(pc.is_in(values.words, value_set=_NOTHING), dtype=bool), True)
    return np.where(nothing[values.data], np.uint64(0), values.numbers())


def _last_filled(filled: np.ndarray, first_of_run: np.ndarray) -> np.ndarray:
    """The position of the last filled row up to each row within its run; -1 = none."""
    last = np.maximum.accumulate(np.where(filled, np.arange(len(filled)), -1))
    return np.where(last >= first_of_run, last, -1)
