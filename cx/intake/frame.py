"""Loading a frame whose columns are fields already."""

from __future__ import annotations

import datetime as dt
import hashlib

import numpy as np
import pandas as pd

from cx.errors import IntakeError
from cx.intake.load import commit
from cx.intake.plan import Plan, Receipt, SheetPlan, signature_of
from cx.intake.prepare import Prepared
from cx.intake.privacy import personal_kind, workspace_key
from cx.intake.table import Table
from cx.intake.times import decide_times
from cx.intake.values import is_missing
from cx.intake.zones import time_zone
from cx.language import text
from cx.model import FIELD, fold
from cx.store import Store


def load_frame(store: Store, frame: pd.DataFrame, name: str | None = None) -> Receipt:
    """Load a pandas frame whose columns are names of cx.model.FIELDS; others become attributes.

    Times may be datetimes or text. Without `customer_id` every row is an anonymous respondent; without `occurred_at`
    the rows are undated. Raises IntakeError where no column says what happened, or text dates could be read both ways.
    """
    name = name or "frame"
    table = _table_of(frame, name)
    sheet = SheetPlan(name, table.keys, signature_of(table.header), rows=len(table.rows))
    for key in table.keys:
        known = key if key in FIELD else fold(key).replace(" ", "_")
        sheet.columns[key] = known if known in FIELD and known not in sheet.columns.values() else "attribute"
        sheet.confidence[key] = 1.0
    says = set(sheet.columns.values()) - {"attribute", "customer_id", "record_id", "occurred_at", "persona", "campaign"}
    if not says:
        raise IntakeError(text("No column says what happened. Expected at least one of: {expected}.",
                               expected="touchpoint, stage, channel, nps, csat, ces, emotion, comment"))
    columns = table.columns()
    times = sheet.column_of("occurred_at")
    if times is not None:
        found = decide_times(columns[times].telling())
        if found.order == "ambiguous" and found.share > 0 and not found.yearless:
            raise IntakeError(text("The dates in “{column}” (e.g. {example}) can be read day first or month first. "
                                   "Give them as dates, or as 2025-12-31.", column=times,
                                   example=next(value for value in columns[times] if not is_missing(value))))
        sheet.formats[times] = found.order
    for key, role in sheet.columns.items():
        if role in ("customer_id", "attribute", "record_id"):
            kind = personal_kind(key, [value for value in columns[key].distinct[:200] if value])
            if kind:
                sheet.personal[key] = kind
    plan = Plan(name, [sheet], undated=times is None)
    lines = ["\x1f".join(row) for row in (table.header, *table.rows)]
    content = hashlib.sha256("\x1e".join(lines).encode())
    prepared = Prepared(table, columns, plan, sheet, workspace_key(store), zone=time_zone(store), scope=name)
    return commit(store, [prepared], name=name, sha256=content.hexdigest(), size=None, plan=None)


def _table_of(frame: pd.DataFrame, name: str) -> Table:
    columns = [_cells(frame.iloc[:, position]) for position in range(frame.shape[1])]
    numbers = frozenset(position for position in range(frame.shape[1])
                        if pd.api.types.is_numeric_dtype(frame.dtypes.iloc[position]))
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Table(name, [str(column) for column in frame.columns], rows, header_row=1, numbers=numbers)


def _cells(series: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        local = series.dt.tz_convert("UTC").dt.tz_localize(None) if series.dt.tz is not None else series
        texts = np.datetime_as_string(local.to_numpy(dtype="datetime64[us]"))
        suffix = "Z" if series.dt.tz is not None else ""
        return ["" if text == "NaT" else text + suffix for text in texts.tolist()]
    return [cell_text(value) for value in series.astype(object)]


def cell_text(value: object) -> str:
    """A typed cell as text: whole numbers without a point, dates in ISO form, nothing as ""."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        if number != number:
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, pd.Timestamp | dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
