"""A sheet that names no customer but an order, ticket or other number that is known: its rows get that row's customer.

The number is looked up in the workspace and in the other sheets of the same file. A number of several customers, or of
none, leaves its row an anonymous respondent, and the receipt says how many there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.load import RECORD_KEY
from cx.intake.plan import SheetPlan
from cx.intake.prepare import Prepared
from cx.intake.table import Cells
from cx.intake.values import is_missing
from cx.language import text, text_n
from cx.model import clean_name, name_key
from cx.store import Store

_BY_FIELD = ("order_id", "record_id")
_ENOUGH = 0.5  # of the numbers must be known for the join to be made unasked; it can be taken back

_KNOWN = {
    "order_id": "SELECT i.order_id AS value, i.customer_key FROM asked a JOIN interactions i ON i.order_id = a.value",
    "record_id": f"SELECT k.value, i.customer_key FROM (SELECT value, {RECORD_KEY} AS row_key FROM "
                 "(SELECT a.value, a.value AS record_id, m.signature FROM asked a CROSS JOIN mappings m) r) k "
                 "JOIN interactions i USING (row_key)",
}
_BY_ATTRIBUTE = (
    "SELECT a.value, i.customer_key FROM asked a JOIN interactions i ON i.attributes[?] = a.value UNION ALL "
    "SELECT a.value, o.customer_key FROM asked a JOIN customer_attributes o ON o.value = a.value "
    "JOIN attributes n ON n.attribute_id = o.attribute_id AND n.key = ?")


def key_column(sheet: SheetPlan, key: str) -> str | None:
    """The column that holds the numbers of a join by `key`: a field, or an attribute's key; None = none."""
    return sheet.column_of(key) or next(
        (header for header in sheet.columns if name_key(clean_name(header)) == key), None)


def offer_joins(sheets: Sequence[SheetPlan], columns: Sequence[dict[str, Cells]], store: Store | None) -> None:
    """Find what sheets without customers can be joined by; sets `offered`, and `join` where most numbers are known."""
    for sheet, cells in zip(sheets, columns, strict=True):
        if sheet.skip or sheet.layout == "kpis" or sheet.column_of("customer_id"):
            continue
        keys = [role for role in _BY_FIELD if sheet.column_of(role)]
        keys += [name_key(clean_name(header)) for header, role in sheet.columns.items() if role == "attribute"
                 and _is_number(cells[header])]
        best: tuple[float, dict[str, object]] | None = None
        for key in keys:
            header = key_column(sheet, key)
            assert header is not None
            values = [value for value in pd.unique(cells[header]) if not is_missing(value)]
            if not values:
                continue
            found = len(_known(store, key, values) if store else {})
            found = max(found, *(_in_common(key, values, other, others) for other, others in
                                 zip(sheets, columns, strict=True) if other is not sheet), 0)
            share = found / len(values)
            if found and (best is None or share > best[0]):
                best = share, {"key": key, "column": header, "matched": found, "of": len(values)}
        sheet.offered = best[1] if best else None
        if best and best[0] >= _ENOUGH and sheet.join is None and not sheet.remembered:
            sheet.join = {"key": str(best[1]["key"])}


def _is_number(cells: Cells) -> bool:
    """Whether an attribute may be a number that stands for something: nearly one a row, with digits."""
    some = [value for value in cells[:500] if value]
    return bool(some) and len(set(some)) > 0.5 * len(some) and all(
        any(letter.isdigit() for letter in value) and len(value) <= 40 for value in some)


def _in_common(key: str, values: Iterable[str], other: SheetPlan, cells: dict[str, Cells]) -> int:
    """How many of the numbers another sheet of the file, which names customers, has in its column of the same kind."""
    header = other.column_of(key)
    if header is None or other.skip or not other.column_of("customer_id"):
        return 0
    return len(set(values) & set(cells[header]))


def join_customers(prepared: Sequence[Prepared], sheets: Sequence[SheetPlan], store: Store | None) -> list[Prepared]:
    """The prepared sheets, those with a join with the customers their numbers belong to."""
    whole = list(prepared)
    for place, (each, sheet) in enumerate(zip(prepared, sheets, strict=True)):
        if not sheet.join or sheet.column_of("customer_id") or not len(each.interactions):
            continue
        key = sheet.join["key"]
        table = each.interactions
        numbers = table[key] if key in _BY_FIELD else pc.map_lookup(table["attributes"], pa.scalar(key), "first")
        asked = [value for value in pc.unique(numbers).to_pylist() if value]
        known = _known(store, key, asked) if store else {}
        for other in prepared:
            if other is not each and key in _BY_FIELD:
                known |= _of_sheet(other, key)
        found = pa.array([known.get(value) for value in numbers.to_pylist()], pa.string())
        table = table.set_column(table.column_names.index("customer_id"), "customer_id", found)
        if table["record_id"].null_count:  # what tells rows apart must not change when their customer becomes known
            own = [f"{number}\x1f{content}" for number, content in
                   zip(numbers.to_pylist(), table["content"].to_pylist(), strict=True)]
            filled = pc.coalesce(table["record_id"], pa.array(own, pa.string()))
            table = table.set_column(table.column_names.index("record_id"), "record_id", filled)
        sources = table["source"].to_numpy()
        alone = len(np.unique(sources[found.is_null().to_numpy(zero_copy_only=False)]))
        notes = [note for note in each.notes if not note.id.startswith("There is no customer column")]
        header = key_column(sheet, key) or key
        if alone:
            notes.append(text_n(
                "{n} row has no known customer by “{column}”: it counts as an anonymous respondent. Load the file "
                "that names the customer, then this one again.",
                "{n} rows have no known customer by “{column}”: they count as anonymous respondents. Load the file "
                "that names the customers, then this one again.", n=alone, column=header))
        notes.append(text("The customers were found by “{column}” in rows loaded before.", column=header))
        whole[place] = replace(each, interactions=table, notes=notes, joined=True)
    return whole


def _of_sheet(other: Prepared, key: str) -> dict[str, str]:
    """Number → customer, of another sheet of the same file; numbers of several customers are left out."""
    pairs = pa.table({"key": other.interactions[key], "who": other.interactions["customer_id"]}).drop_null()
    pairs = pairs.group_by("key").aggregate([("who", "min"), ("who", "max")])
    columns = [pairs[name].to_pylist() for name in ("key", "who_min", "who_max")]
    return {number: first for number, first, last in zip(*columns, strict=True) if first == last}


def _known(store: Store | None, key: str, values: Sequence[str]) -> dict[str, str]:
    """Number → customer as stored, for the numbers that belong to exactly one customer of the workspace."""
    if store is None or not values:
        return {}
    with store.reader() as cursor:
        cursor.register("asked", pa.table({"value": pa.array(list(values), pa.string())}))
        rows = cursor.execute(
            f"SELECT f.value, min(c.customer_id) FROM ({_KNOWN.get(key, _BY_ATTRIBUTE)}) f "
            "JOIN customers c USING (customer_key) WHERE NOT c.anonymous GROUP BY f.value "
            "HAVING count(DISTINCT c.customer_key) = 1", [] if key in _KNOWN else [key, key]).fetchall()
        cursor.unregister("asked")
    return dict(rows)
