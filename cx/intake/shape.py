"""From the rows of a sheet to interactions, by layout. A row may yield several, each a `part` of it.

events      one interaction a row
milestones  one for each date column that is filled; what the row says besides goes with the purchase, else the last
survey      one for each touchpoint that was answered; what the row says besides goes with the overall answer
orders      the order at its date, and its delivery at the delivery date with the days it was late
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cx.intake.clean import SCORES, Cleaned, Values
from cx.intake.plan import SheetPlan
from cx.model import FIELDS, MODELS
from cx.store.guesses import guess_stage

FACTS = tuple(field.name for field in FIELDS if field.name not in ("record_id", "customer_id"))
_CONTEXT = ("channel", "persona", "stage", "campaign")  # said of the whole row, so of each of its interactions
_ANSWERS = ("nps", "csat", "csat_max", "ces", "ces_max", "expectation_met", "emotion", "comment")
_CONTENT = ("touchpoint", "stage", "channel", "nps", "csat", "ces", "expectation_met", "emotion", "comment",
            "is_complaint", "revenue", "order_id", "delay_days", "wait_seconds", "quantity")

_Row = dict[str, Values]


def fields_of(plan: SheetPlan, cleaned: Cleaned, rows: int, default_time: dt.datetime | None) -> _Row:
    """Field → one value per row, from its column (the first filled one of several), a constant, or None."""
    result: _Row = {}
    for header, role in plan.columns.items():
        if header not in cleaned.values or role not in ("customer_id", "record_id", *FACTS) or (
                plan.layout == "survey" and role in SCORES):
            continue
        values = cleaned.values[header]
        if role in result:
            values = np.where(_filled(result[role]), result[role], values)
        result[role] = values
        if role in ("csat", "ces") and header in plan.scores:
            result[f"{role}_max"] = _where(_filled(values), plan.scores[header].top)
    for name in ("csat_max", "ces_max"):
        column = plan.column_of(name)
        if column in cleaned.values:
            own = cleaned.values[column]
            result[name] = np.where(_filled(own), own, result[name]) if name in result else own
    for name, value in plan.constants.items():
        if name not in result and name in FACTS:
            result[name] = _same(_constant(name, value), rows)
    if "occurred_at" not in result and default_time is not None:
        result["occurred_at"] = _same(default_time, rows)
    clock = plan.column_of("time_of_day")
    if "occurred_at" in result and clock in cleaned.values:
        moments = np.empty(rows, dtype=object)
        moments[:] = [day + dt.timedelta(seconds=seconds) if day and seconds else day
                      for day, seconds in zip(result["occurred_at"], cleaned.values[clock], strict=True)]
        result["occurred_at"] = moments
    if plan.layout == "orders" and "order_id" in result and "record_id" not in result:
        orders = result["order_id"]
        if len(pd.unique(orders)) == len(orders) and _filled(orders).all():
            result["record_id"] = orders
    return result


def shape(plan: SheetPlan, cleaned: Cleaned, row: Mapping[str, Values], good: np.ndarray) -> pd.DataFrame:
    """The interactions of the good rows.

    row   field → values, from `fields_of`
    good  True where the row is to be used
    → frame: source (position of the row), part (which interaction of the row; "" where there is only one),
      customer_id, record_id, and the fields of an interaction; None where unknown
    """
    chosen = np.flatnonzero(good)
    given = {name: values[chosen] for name, values in row.items()}
    parts = {"events": _events, "milestones": _milestones, "survey": _survey, "orders": _orders}[plan.layout](
        plan, cleaned, given, chosen)
    frames = []
    for part, fields, kept in parts:
        content = [_filled(fields[name]) for name in _CONTENT if name in fields]
        if not content:
            continue
        keep = kept & np.logical_or.reduce(content)
        columns = {name: fields[name][keep] if name in fields else _same(None, int(keep.sum()))
                   for name in ("customer_id", "record_id", *FACTS)}
        frames.append(pd.DataFrame({"source": chosen[keep], "part": part, **columns}, dtype=object))
    if not frames:
        return pd.DataFrame({name: [] for name in ("source", "part", "customer_id", "record_id", *FACTS)}, dtype=object)
    whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return whole.iloc[np.argsort(whole["source"].to_numpy(dtype=np.int64), kind="stable")] if len(frames) > 1 else whole


_Part = tuple[str, _Row, np.ndarray]


def _events(_plan: SheetPlan, _cleaned: Cleaned, given: _Row, chosen: np.ndarray) -> list[_Part]:
    return [("", given, np.ones(len(chosen), dtype=bool))]


def _milestones(plan: SheetPlan, cleaned: Cleaned, given: _Row, chosen: np.ndarray) -> list[_Part]:
    columns = [header for header, role in plan.columns.items() if role == "milestone" and header in cleaned.values]
    names = {header: plan.milestones.get(header, header) for header in columns}
    model = {key: key for key in MODELS["five"]}
    main = next((header for header in columns if guess_stage(names[header], model) == "purchase"),
                columns[-1] if columns else None)
    parts: list[_Part] = []
    for header in columns:
        times = cleaned.values[header][chosen]
        fields = _only(given, ("customer_id", "record_id", *_CONTEXT)) if header != main else dict(given)
        fields |= {"occurred_at": times, "touchpoint": _same(names[header], len(chosen))}
        parts.append((names[header], fields, _filled(times)))
    return parts


def _survey(plan: SheetPlan, cleaned: Cleaned, given: _Row, chosen: np.ndarray) -> list[_Part]:
    groups: dict[tuple[str | None, int], dict[str, str]] = {}  # (touchpoint, repetition) → kind → header
    for header, role in plan.columns.items():
        if role in SCORES and header in cleaned.values:
            score, repetition = plan.scores[header], 0
            while role in groups.get((score.touchpoint, repetition), {}):
                repetition += 1
            groups.setdefault((score.touchpoint, repetition), {})[role] = header
    main = (None, 0) if (None, 0) in groups else next(iter(groups), None)
    about_row = _only(given, ("customer_id", "record_id", "occurred_at", *_CONTEXT))
    parts: list[_Part] = []
    for key, columns in groups.items():
        fields = dict(given) if key == main else dict(about_row)
        answered = np.zeros(len(chosen), dtype=bool)
        for kind, header in columns.items():
            values = cleaned.values[header][chosen]
            fields[kind] = values
            answered |= _filled(values)
            if kind != "nps":
                fields[f"{kind}_max"] = _where(_filled(values), plan.scores[header].top)
        if key == main:
            said = [_filled(given[name]) for name in (*_ANSWERS, "is_complaint", "revenue", "order_id")
                    if name in given and name not in ("csat_max", "ces_max")]
            answered = np.logical_or.reduce([answered, *said])
        if key[0] is not None:
            fields["touchpoint"] = _same(key[0], len(chosen))
        name = (key[0] or "") + (f" ({key[1] + 1})" if key[1] else "")
        parts.append((name, fields, answered))
    return parts


def _orders(plan: SheetPlan, cleaned: Cleaned, given: _Row, chosen: np.ndarray) -> list[_Part]:
    def dates(role: str) -> Values:
        column = plan.column_of(role)
        return cleaned.values[column][chosen] if column in cleaned.values else _same(None, len(chosen))

    promised, delivered = dates("promised_at"), dates("delivered_at")
    arrived = _filled(delivered)
    order = dict(given)
    if not arrived.any():
        return [("", order, np.ones(len(chosen), dtype=bool))]
    late = np.empty(len(chosen), dtype=object)
    late[:] = [(there.date() - due.date()).days if there and due else None
               for there, due in zip(delivered, promised, strict=True)]
    if "delay_days" in given:
        late = np.where(_filled(late), late, given["delay_days"])
    delivery = _only(given, ("customer_id", "record_id", "persona", "campaign"))
    delivery |= {"occurred_at": delivered, "delay_days": late,
                 "touchpoint": _same(plan.constants.get("delivery", "Delivery"), len(chosen))}
    for name in (*_ANSWERS, "delay_days"):  # asked after the delivery, so about it, where there was one
        if name in given:
            if name != "delay_days":
                delivery[name] = given[name]
            order[name] = _where(~arrived, given[name])
    return [("", order, np.ones(len(chosen), dtype=bool)), ("delivery", delivery, arrived)]


def _only(fields: _Row, names: Sequence[str]) -> _Row:
    return {name: fields[name] for name in names if name in fields}


def _filled(values: Values) -> np.ndarray:
    return ~pd.isna(values)


def _where(kept: np.ndarray, value: object) -> Values:
    """`value` (one, or one per row) where kept, else None."""
    result = np.empty(len(kept), dtype=object)
    result[kept] = value[kept] if isinstance(value, np.ndarray) else value
    return result


def _same(value: object, rows: int) -> Values:
    result = np.empty(rows, dtype=object)
    result[:] = value
    return result


def _constant(name: str, value: str) -> object:
    return value.lower() == "true" if name == "is_complaint" else value
