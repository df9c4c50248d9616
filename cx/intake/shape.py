"""From the rows of a sheet to interactions, by layout. A row may yield several, each a `part` of it.

events      one interaction a row
milestones  one for each date column that is filled; what the row says besides goes with the purchase, else the last
survey      one for each touchpoint that was answered; what the row says besides goes with the overall answer
orders      the order at its date, and its delivery at the delivery date with the days it was late
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cx.intake.clean import SCORES, Cleaned
from cx.intake.column import Values, same
from cx.intake.plan import SheetPlan
from cx.model import FIELD, FIELDS, MODELS
from cx.store.guesses import guess_stage

FACTS = tuple(field.name for field in FIELDS if field.name not in ("record_id", "customer_id"))
_CONTEXT = ("channel", "persona", "stage", "campaign")  # said of the whole row, so of each of its interactions
_ANSWERS = ("nps", "csat", "csat_max", "ces", "ces_max", "expectation_met", "emotion", "comment")
_SAID = ("nps", "csat", "ces", "expectation_met", "emotion", "comment", "is_complaint", "revenue", "order_id",
         "delay_days", "wait_seconds", "quantity")  # what a row of a survey may say besides its scores
_CONTENT = ("touchpoint", "stage", "channel", *_SAID)

_Row = dict[str, Values]


@dataclass
class Part:
    """One interaction of each of some rows.

    number  which part of the sheet's rows this is, 0 = the first
    name    the same as text; "" where a row has only one
    rows    positions of the rows, rising
    fields  customer_id, record_id and fields of an interaction → one value for each of these rows
    """

    number: int
    name: str
    rows: np.ndarray
    fields: _Row


def fields_of(plan: SheetPlan, cleaned: Cleaned, default_time: dt.datetime | None, *,
              orders_differ: bool = False) -> _Row:
    """Field → one value per row, from its column (the first filled one of several), a constant, or nothing.

    orders_differ  the order numbers of an orders sheet are those of its rows
    """
    result: _Row = {}
    for header, role in plan.columns.items():
        if header not in cleaned.values or role not in ("customer_id", "record_id", *FACTS) or (
                plan.layout == "survey" and role in SCORES):
            continue
        values = cleaned.values[header]
        if role in result:
            values = result[role].otherwise(values)
        result[role] = values
        if role in ("csat", "ces") and header in plan.scores:
            result[f"{role}_max"] = same(plan.scores[header].top, cleaned.rows).where(values.filled)
    for name in ("csat_max", "ces_max"):
        column = plan.column_of(name)
        if column in cleaned.values:
            own = cleaned.values[column]
            result[name] = own.otherwise(result[name]) if name in result else own
    for name, value in plan.constants.items():
        if name not in result and name in FACTS:
            result[name] = same(_constant(name, value), cleaned.rows)
    if "occurred_at" not in result and default_time is not None:
        result["occurred_at"] = same(default_time, cleaned.rows)
    clock = plan.column_of("time_of_day")
    if "occurred_at" in result and clock in cleaned.values:
        seconds = np.nan_to_num(cleaned.values[clock].data).astype("timedelta64[s]")
        result["occurred_at"] = Values("time", result["occurred_at"].data + seconds)
    if orders_differ and "record_id" not in result:
        result["record_id"] = result["order_id"]
    return result


def shape(plan: SheetPlan, cleaned: Cleaned, row: Mapping[str, Values], good: np.ndarray) -> list[Part]:
    """The interactions of the good rows.

    row   field → values, from `fields_of`
    good  True where the row is to be used
    """
    chosen = np.flatnonzero(good)
    given = {name: values.at(chosen) for name, values in row.items()}
    parts = {"events": _events, "milestones": _milestones, "survey": _survey, "orders": _orders}[plan.layout](
        plan, cleaned, given, chosen)
    result = []
    for number, (name, fields, kept) in enumerate(parts):
        content = [fields[each].filled for each in _CONTENT if each in fields]
        if content:
            keep = kept & np.logical_or.reduce(content)
            result.append(Part(number, name, chosen[keep], {
                each: values if keep.all() else values.at(keep) for each, values in fields.items()
                if each in ("customer_id", "record_id", *FACTS)}))
    return result


def most_parts(plan: SheetPlan) -> int:
    """How many interactions a row yields at most."""
    if plan.layout in ("survey", "milestones"):
        return max(1, sum(role in (*SCORES, "milestone") for role in plan.columns.values()))
    return 2 if plan.layout == "orders" else 1


def time_of(plan: SheetPlan, number: int) -> str | None:
    """The column that the time of this part of a row comes from (the first of several); None = from none."""
    if plan.layout == "milestones":
        return [header for header, role in plan.columns.items() if role == "milestone"][number]
    return plan.column_of("delivered_at" if plan.layout == "orders" and number else "occurred_at")


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
        times = cleaned.values[header].at(chosen)
        fields = _only(given, ("customer_id", "record_id", *_CONTEXT)) if header != main else dict(given)
        fields |= {"occurred_at": times, "touchpoint": same(names[header], len(chosen))}
        parts.append((names[header], fields, times.filled))
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
            values = cleaned.values[header].at(chosen)
            fields[kind] = values
            answered |= values.filled
            if kind != "nps":
                fields[f"{kind}_max"] = same(plan.scores[header].top, len(chosen)).where(values.filled)
        if key == main:
            said = [given[name].filled for name in _SAID if name in given]
            answered = np.logical_or.reduce([answered, *said])
        if key[0] is not None:
            fields["touchpoint"] = same(key[0], len(chosen))
        name = (key[0] or "") + (f" ({key[1] + 1})" if key[1] else "")
        parts.append((name, fields, answered))
    return parts


def _orders(plan: SheetPlan, cleaned: Cleaned, given: _Row, chosen: np.ndarray) -> list[_Part]:
    def dates(role: str) -> Values:
        column = plan.column_of(role)
        return cleaned.values[column].at(chosen) if column in cleaned.values else Values(
            "time", np.full(len(chosen), np.datetime64("NaT", "us")))

    promised, delivered = dates("promised_at"), dates("delivered_at")
    arrived = delivered.filled
    order = dict(given)
    if not arrived.any():
        return [("", order, np.ones(len(chosen), dtype=bool))]
    days = (delivered.data.astype("datetime64[D]") - promised.data.astype("datetime64[D]")).astype(float)
    days[~(arrived & promised.filled)] = np.nan
    late = Values("number", days)
    if "delay_days" in given:
        late = late.otherwise(given["delay_days"])
    delivery = _only(given, ("customer_id", "record_id", "persona", "campaign"))
    delivery |= {"occurred_at": delivered, "delay_days": late,
                 "touchpoint": same(plan.constants.get("delivery", "Delivery"), len(chosen))}
    for name in (*_ANSWERS, "delay_days"):  # asked after the delivery, so about it, where there was one
        if name in given:
            if name != "delay_days":
                delivery[name] = given[name]
            order[name] = given[name].where(~arrived)
    return [("", order, np.ones(len(chosen), dtype=bool)), ("delivery", delivery, arrived)]


def _only(fields: _Row, names: Sequence[str]) -> _Row:
    return {name: fields[name] for name in names if name in fields}


def _constant(name: str, value: str) -> object:
    kind = FIELD[name].kind
    if kind == "flag":
        return value.lower() == "true"
    return value if kind in ("name", "text", "id") else float(value)
