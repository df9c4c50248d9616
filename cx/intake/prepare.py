"""One sheet, from its cells to what the store takes: interactions, attributes, rejects."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from cx.intake.check import check, reject_empty
from cx.intake.clean import Cleaned, Values, clean
from cx.intake.figures import Figure, read_figures
from cx.intake.plan import Plan, Reject, SheetPlan
from cx.intake.privacy import hide, hide_in_text, pseudonym
from cx.intake.shape import fields_of, shape
from cx.intake.table import Cells, Table
from cx.language import Text, text, text_n
from cx.model import clean_name, name_key

_TEXTS = ("customer_id", "record_id", "touchpoint", "channel", "stage", "persona", "comment", "order_id", "campaign")
_NUMBERS = ("nps", "csat", "csat_max", "ces", "ces_max", "emotion", "wait_seconds", "delay_days", "revenue", "quantity")
_FLAGS = ("expectation_met", "is_complaint")


@dataclass
class Prepared:
    """What a sheet brings.

    interactions  Arrow table, one row an interaction: the fields (text, double, bool, timestamp[us]), and
                  sheet, row_number, source (row, distinct over the upload's sheets by adding to it), part, signature,
                  scope (keeps undated rows of different uploads apart), content (a number of all cells of the row),
                  described (a number of its attributes), attributes (map: attribute key → value)
    of_customers  Arrow table: source, key, value: the attributes that are the same on all rows of a customer, each
                  with the first row that says so
    labels        attribute key → label
    given_time    the time was given for the whole sheet, not found in it
    figures       reported KPI values, of a table of figures; it has no interactions
    joined        its customers were found by a number of its rows (cx.intake.joins)
    """

    name: str
    signature: str
    interactions: pa.Table
    of_customers: pa.Table
    labels: dict[str, str]
    rows: int
    skipped: int
    rejects: list[Reject]
    notes: list[Text]
    given_time: bool
    figures: list[Figure] = field(default_factory=list)
    joined: bool = False


def prepare(table: Table, columns: dict[str, Cells], plan: Plan, sheet: SheetPlan, key: bytes, *,
            zone: ZoneInfo | None = None, scope: str = "") -> Prepared:
    """Clean, check and shape a sheet by its plan.

    key    of the pseudonyms
    scope  text that keeps undated rows of different uploads apart
    """
    if sheet.layout == "kpis":
        return _of_figures(table, columns, plan, sheet, key)
    cleaned = clean(table, columns, sheet, zone)
    hidden = _hide_told(sheet, cleaned, key) if plan.pseudonymise else 0
    timed = sheet.layout == "milestones" or sheet.column_of("occurred_at") is not None
    default = None if timed or plan.undated else _moment(plan.default_time)
    row = fields_of(sheet, cleaned, len(table.rows), default)
    checked = check(table, sheet, cleaned, row)
    notes = [*table.notes, *(map(_hide_in, cleaned.notes) if plan.pseudonymise else cleaned.notes)]
    if plan.pseudonymise:
        _hide_customers(sheet, row, key, notes)
    if hidden:
        notes.append(text_n(
            "In {n} text, addresses or numbers of people were replaced by what they are, e.g. {example}.",
            "In {n} texts, addresses or numbers of people were replaced by what they are, e.g. {example}.", n=hidden,
            example="[e-mail]"))
    frame = shape(sheet, cleaned, row, checked.good)
    sources = frame["source"].to_numpy(dtype=np.int64)
    reject_empty(table, sheet, checked, sources)
    attributes = {clean_name(header): cleaned.values[header] for header, role in sheet.columns.items()
                  if header in cleaned.values and (role == "attribute" or (
                      role == "order_id" and sheet.layout == "orders" and sheet.column_of("delivered_at")))}
    chosen = np.unique(sources)
    attributes = {label: values for label, values in attributes.items() if not pd.isna(values[chosen]).all()}
    of_customer = {label: found for label, values in attributes.items() if not sheet.join
                   and (found := _of_customer(row.get("customer_id"), values, chosen)) is not None}
    if "customer_id" not in row:
        notes.append(text("There is no customer column: each row counts as an anonymous respondent, in scores but not "
                          "in journeys."))
    if not timed and default is None:
        notes.append(text("The rows have no date: they count where no period is asked and are left out of trends."))
    if table.mended:
        notes.append(text_n("{n} row held the separator inside a text without quotes; its cells were joined again.",
                            "{n} rows held the separator inside a text without quotes; their cells were joined again.",
                            n=len(table.mended)))
    if table.skipped:
        notes.append(text_n("{n} row was skipped (blank, or a total).", "{n} rows were skipped (blank, or totals).",
                            n=len(table.skipped)))
    numbers = np.array(table.row_numbers, dtype=np.int64)
    arrow = _arrow(frame) | {
        "source": pa.array(sources), "part": pa.array(frame["part"], pa.string()),
        "sheet": pa.repeat(pa.scalar(table.name), len(sources)),
        "row_number": pa.array(numbers[sources] if len(numbers) else sources),
        "signature": pa.repeat(pa.scalar(sheet.signature), len(sources)),
        "scope": pa.repeat(pa.scalar(scope if default is None and not timed else ""), len(sources)),
        "content": pa.array(_digests(columns if "customer_id" not in row else {}, len(table.rows))[sources]),
        "described": pa.array(_digests(attributes, len(table.rows))[sources]),
        "attributes": _map(attributes, sources, [label for label in attributes if label not in of_customer]),
    }
    about_customers = pa.table({
        "source": pa.array(np.concatenate([*of_customer.values(), np.empty(0, dtype=np.int64)])),
        "key": pa.array([name_key(label) for label, rows in of_customer.items() for _ in rows], pa.string()),
        "value": pa.array([value for label, rows in of_customer.items() for value in attributes[label][rows]],
                          pa.string())})
    return Prepared(table.name, sheet.signature, pa.table(arrow), about_customers,
                    {name_key(label): label for label in attributes},
                    len(table.rows) + len(table.skipped), len(table.skipped),
                    [_hide_people(reject, plan, sheet, key) for reject in sorted(checked.rejects, key=_by_row)], notes,
                    default is not None)


def _of_figures(table: Table, columns: dict[str, Cells], plan: Plan, sheet: SheetPlan, key: bytes) -> Prepared:
    """A table of figures: no interactions, but reported values."""
    figures, rejects, notes = read_figures(table, columns, sheet)
    nothing = prepare(Table(table.name, table.header, []), {}, plan, replace(sheet, layout="events", columns={}), key)
    return replace(nothing, signature=sheet.signature, rows=len(table.rows) + len(table.skipped),
                   skipped=len(table.skipped), rejects=sorted(rejects, key=_by_row), notes=[*table.notes, *notes],
                   figures=figures)


def _by_row(reject: Reject) -> int:
    return reject.row


def _hide_people(reject: Reject, plan: Plan, sheet: SheetPlan, key: bytes) -> Reject:
    """The reject with stand-ins for what identifies people, and without personal columns that are left out."""
    if not plan.pseudonymise:
        return reject
    shown = {header: cell if not cell else "" if sheet.columns.get(header) == "ignore" and header in sheet.personal
             else hide(cell, sheet.personal.get(header), key) for header, cell in reject.cells.items()}
    value = shown[reject.column] if reject.column in shown and reject.value else hide(reject.value, None, key)
    return replace(reject, value=value, cells=shown, text=_hide_in(reject.text))


def _hide_in(message: Text) -> Text:
    """A message without addresses and numbers of people in what it quotes."""
    return Text(message.id, {name: hide_in_text(value) if isinstance(value, str) else value
                             for name, value in message.values.items()}, message.plural)


def _moment(given: dt.date | None) -> dt.datetime | None:
    if given is None or isinstance(given, dt.datetime):
        return given
    return dt.datetime(given.year, given.month, given.day)


def _hide_customers(sheet: SheetPlan, row: dict[str, Values], key: bytes, notes: list[Text]) -> None:
    header = sheet.column_of("customer_id")
    kind = sheet.personal.get(header) if header else None
    if kind is None or "customer_id" not in row:
        return
    codes, distinct = pd.factorize(row["customer_id"])
    hidden = np.empty(len(distinct) + 1, dtype=object)  # the last, for code -1, stays None
    hidden[:-1] = [pseudonym(value, kind, key) for value in distinct]
    row["customer_id"] = hidden[codes]
    notes.append(text("Column “{column}” identifies people: a keyed hash is kept instead of what it says.",
                      column=header))


_TOLD = {"attribute", "comment", "record_id", "order_id", "touchpoint", "channel", "stage", "persona", "campaign"}


def _hide_told(sheet: SheetPlan, cleaned: Cleaned, key: bytes) -> int:
    """Put stand-ins where columns besides the customer's say who somebody is; how many texts changed."""
    changed = 0
    for header, values in cleaned.values.items():
        if sheet.columns[header] not in _TOLD:
            continue
        codes, distinct = pd.factorize(values)
        kept = np.empty(len(distinct) + 1, dtype=object)  # the last, for code -1, stays None
        kept[:-1] = [hide(value, sheet.personal.get(header), key) for value in distinct]
        other = np.array([new != old for new, old in zip(kept[:-1], distinct, strict=True)] + [False], dtype=bool)
        if other.any():
            cleaned.values[header] = kept[codes]
            changed += int(other[codes].sum()) if header not in sheet.personal else 0
    return changed


def _of_customer(customers: Values | None, values: Values, chosen: np.ndarray) -> np.ndarray | None:
    """The rows that first say it of each customer, where a column says one thing per customer and not a different one
    on nearly every row; else None. Without customers every row is one."""
    rows = chosen[~pd.isna(values[chosen])]
    found, distinct = pd.factorize(values[rows])
    if not len(rows) or (len(distinct) > 20 and len(distinct) > 0.5 * len(rows)):
        return None
    if customers is None:
        return rows
    who, people = pd.factorize(customers[rows])
    first = np.unique(who, return_index=True)[1]
    if len(np.unique(who.astype(np.int64) * (len(distinct) + 1) + found)) != len(people):
        return None
    return rows[np.sort(first)]


def _digests(columns: Mapping[str, Values], rows: int = 0) -> np.ndarray:
    """A 64-bit number of each row's values, equal for equal rows in every process."""
    if not columns:
        return np.zeros(rows, dtype=np.int64)
    separator, digest = "\x1f", hashlib.blake2b
    texts = (separator.join(["" if value is None else value for value in row])
             for row in zip(*columns.values(), strict=True))
    numbers = b"".join([digest(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts])
    return np.frombuffer(numbers, dtype="<i8")


def _map(attributes: dict[str, Values], sources: np.ndarray, labels: list[str]) -> pa.MapArray:
    """One map per interaction: attribute key → value, for these labels, without the empty ones."""
    if not labels:
        return pa.MapArray.from_arrays(np.zeros(len(sources) + 1, dtype=np.int32), pa.array([], pa.string()),
                                       pa.array([], pa.string()))
    values = np.column_stack([attributes[label][sources] for label in labels])
    filled = ~pd.isna(values)
    keys = np.broadcast_to(np.array([name_key(label) for label in labels], dtype=object), values.shape)
    offsets = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
    return pa.MapArray.from_arrays(offsets, pa.array(keys[filled], pa.string()), pa.array(values[filled], pa.string()))


def _arrow(frame: pd.DataFrame) -> dict[str, pa.Array]:
    moments = np.array(frame["occurred_at"].to_numpy(dtype=object), dtype="datetime64[us]")
    columns: dict[str, pa.Array] = {"occurred_at": pa.array(moments, pa.timestamp("us"))}
    for name in _TEXTS:
        columns[name] = pa.array(frame[name].to_numpy(dtype=object), pa.string(), from_pandas=True)
    for name in _NUMBERS:
        columns[name] = pa.array(frame[name].to_numpy(dtype=object).astype(float), pa.float64(), from_pandas=True)
    for name in _FLAGS:
        columns[name] = pa.array(frame[name].to_numpy(dtype=object), pa.bool_(), from_pandas=True)
    return columns
