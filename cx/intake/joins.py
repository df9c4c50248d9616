"""A sheet that names no customer but an order, ticket or other number that is known: its rows get that row's customer.

The number is looked up in the workspace and in the other sheets of the same file. A number of several customers, or of
none, leaves its row an anonymous respondent, and the receipt says how many there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from cx.intake.column import texts
from cx.intake.plan import SheetPlan
from cx.intake.prepare import Prepared, record_keys
from cx.intake.table import Cells
from cx.intake.values import is_missing
from cx.model import clean_name, name_key
from cx.store import Store

_BY_FIELD = ("order_id", "record_id")
_ENOUGH = 0.5  # of the numbers must be known for the join to be made unasked; it can be taken back

_KNOWN = {
    "order_id": "SELECT i.order_id AS value, i.customer_key FROM asked a JOIN interactions i ON i.order_id = a.value",
    "record_id": "SELECT a.value, i.customer_key FROM asked_keys a JOIN interactions i USING (row_key)",
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
            values = [value for value in cells[header].distinct if not is_missing(value)]
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


def join_customers(prepared: Sequence[Prepared], sheets: Sequence[SheetPlan], store: Store | None) -> None:
    """Give the sheets with a join the customers their numbers belong to."""
    for each, sheet in zip(prepared, sheets, strict=True):
        if not each.joined or not sheet.join:
            continue
        key = sheet.join["key"]
        asked = dict.fromkeys(number for [numbers] in each.texts(key) for number in numbers.used())
        known = _known(store, key, list(asked))
        for other in prepared:
            if other is not each and key in _BY_FIELD and other.has(key) and other.has("customer_id"):
                known |= _of_sheet(other, key)
        each.join(known)


def _of_sheet(other: Prepared, key: str) -> dict[str, str]:
    """Number → customer, of another sheet of the same file; numbers of several customers are left out."""
    found: dict[str, set[str]] = {}
    for numbers, customers in other.texts(key, "customer_id"):
        pairs = pa.table({"number": numbers.arrow(), "who": customers.arrow()}).drop_null().group_by(
            ["number", "who"]).aggregate([])
        for number, who in zip(pairs["number"].to_pylist(), pairs["who"].to_pylist(), strict=True):
            found.setdefault(number, set()).add(who)
    return {number: next(iter(who)) for number, who in found.items() if len(who) == 1}


def _known(store: Store | None, key: str, values: Sequence[str]) -> dict[str, str]:
    """Number → customer as stored, for the numbers that belong to exactly one customer of the workspace."""
    if store is None or not values:
        return {}
    with store.reader() as cursor:
        asked = pa.array(list(values), pa.string())
        cursor.register("asked", pa.table({"value": asked}))
        if key == "record_id":
            signatures = [row[0] for row in cursor.execute("SELECT signature FROM mappings").fetchall()]
            keys = [record_keys(signature, texts(values)) for signature in signatures]
            cursor.register("asked_keys", pa.table({
                "value": pa.concat_arrays([asked] * len(keys)) if keys else pa.array([], pa.string()),
                "row_key": pa.array(np.concatenate([np.empty(0, dtype=np.int64), *keys]))}))
        rows = cursor.execute(
            f"SELECT f.value, min(c.customer_id) FROM ({_KNOWN.get(key, _BY_ATTRIBUTE)}) f "
            "JOIN customers c USING (customer_key) WHERE NOT c.anonymous GROUP BY f.value "
            "HAVING count(DISTINCT c.customer_key) = 1", [] if key in _KNOWN else [key, key]).fetchall()
        cursor.unregister("asked")
    return dict(rows)
