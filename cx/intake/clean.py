"""The cells of a sheet, read by the roles and formats of its plan.

A cell is read once per distinct value. What cannot be read is left empty and counted; whether its row is loaded is
decided by cx.intake.check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cx.intake.plan import Score, SheetPlan
from cx.intake.scores import counts_of, find_top, on_scale, turned
from cx.intake.table import Cells, Table
from cx.intake.times import Order, decide_times, read_time
from cx.intake.values import (
    LIKERT_TOP,
    POINT,
    decide_numbers,
    is_empty,
    is_missing,
    likert_family,
    only_marks,
    read_duration,
    read_emotion,
    read_flag,
    read_likert,
    read_number,
    read_score,
)
from cx.language import Text, text_n
from cx.model import FIELD, clean_name
from cx.scales import lowest

Values = np.ndarray
SCORES = ("nps", "csat", "ces")
TIMES = ("occurred_at", "milestone", "promised_at", "delivered_at")


@dataclass
class Cleaned:
    """The columns of a sheet that have a role, read.

    values  header → one value per row: str, float, int, bool or datetime; None = empty or unreadable
    unread  header → True where a cell holds something that could not be read
    """

    values: dict[str, Values] = field(default_factory=dict)
    unread: dict[str, np.ndarray] = field(default_factory=dict)
    notes: list[Text] = field(default_factory=list)


def clean(table: Table, columns: dict[str, Cells], plan: SheetPlan, zone: ZoneInfo | None = None) -> Cleaned:
    """Every column with a role, read; `plan.formats` and `plan.scores` are filled in where they say nothing."""
    result = Cleaned()
    positions = {key: position for position, key in enumerate(table.keys)}
    for header, role in plan.columns.items():
        if role == "ignore" or header not in columns:
            continue
        cells, typed = columns[header], positions[header] in table.numbers
        if role in SCORES:
            _clean_score(result, header, cells, plan, typed)
            continue
        parse, missing = _parser(role, header, cells, plan, zone, typed)
        result.values[header], result.unread[header] = read_distinct(cells, parse, missing)
        unread = int(result.unread[header].sum())
        if unread and role in FIELD and role not in TIMES:
            example = str(cells[result.unread[header].argmax()])[:60]
            result.notes.append(text_n(
                "Column “{column}”: {n} cell could not be read as {kind} and was left empty, e.g. “{example}”.",
                "Column “{column}”: {n} cells could not be read as {kind} and were left empty, e.g. “{example}”.",
                n=unread, column=header, kind=FIELD[role].label, example=example))
    for kind in ("csat", "ces"):
        _mind_own_scale(result, plan.column_of(kind), plan.column_of(f"{kind}_max"))
    return result


def read_distinct(cells: Cells, parse: Callable[[str], Any],
                  missing: Callable[[str], bool]) -> tuple[Values, np.ndarray]:
    """(values, unread) of a column, calling `parse` once per distinct cell."""
    codes, distinct = pd.factorize(cells)
    empty = [missing(value) for value in distinct]
    parsed = np.empty(len(distinct), dtype=object)
    parsed[:] = [None if nothing else parse(value) for value, nothing in zip(distinct, empty, strict=True)]
    unread = np.array([value is None and not nothing for value, nothing in zip(parsed, empty, strict=True)], dtype=bool)
    return parsed[codes], unread[codes]


def number_format(values: Sequence[str], typed: bool) -> str:
    """The number convention of a column; cells stored as numbers are written with a point."""
    return POINT if typed else decide_numbers(value for value in values if not is_missing(value))[0]


def _parser(role: str, header: str, cells: Cells, plan: SheetPlan, zone: ZoneInfo | None,
            typed: bool) -> tuple[Callable[[str], Any], Callable[[str], bool]]:
    if role == "time_of_day":
        return _clock, is_missing
    if role in TIMES:
        order = plan.formats.get(header)
        if order is None:
            found = decide_times(value for value in pd.unique(cells) if not is_missing(value))
            order = plan.formats[header] = found.order
        return (lambda value: read_time(value, _order(order), zone)), is_missing
    kind = FIELD[role].kind if role in FIELD else "attribute"
    if kind == "flag":
        if only_marks(pd.unique(cells)):
            return (lambda value: read_flag(value) is True), _never
        return read_flag, _no_answer_but_no
    if kind == "emotion":
        return read_emotion, is_missing
    if kind in ("integer", "decimal", "seconds"):
        convention = plan.formats.get(header)
        unit = convention if convention in ("seconds", "minutes", "hours", "days") else "seconds"
        if convention is None or kind == "seconds":
            convention = number_format(pd.unique(cells), typed)
            plan.formats.setdefault(header, unit if kind == "seconds" else convention)
        if kind == "seconds":
            return (lambda value: _within(role, read_duration(value, unit, convention))), is_missing
        whole = kind == "integer"
        return (lambda value: _within(role, _number(value, convention, whole))), is_missing
    if kind == "text":
        return (lambda value: None if is_missing(value) else value), is_empty
    return clean_name, is_empty


def _clock(value: str) -> int | None:
    """Seconds after midnight."""
    moment = read_time(f"2000-01-01 {value}", "ymd")
    return None if moment is None else moment.hour * 3600 + moment.minute * 60 + moment.second


def _order(given: str) -> Order:
    return given if given in get_args(Order) and given != "ambiguous" else "dmy"  # type: ignore[return-value]


def _no_answer_but_no(value: str) -> bool:
    return is_missing(value) and read_flag(value) is None


def _never(_value: str) -> bool:
    return False


def _number(value: str, convention: str, whole: bool) -> float | None:
    number = read_number(value, convention)
    if number is None or not whole:
        return number
    return float(int(number + 0.5) if number >= 0 else -int(-number + 0.5))


def _within(role: str, number: float | None) -> float | None:
    low, high = FIELD[role].bounds
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return number


def _clean_score(result: Cleaned, header: str, cells: Cells, plan: SheetPlan, typed: bool) -> None:
    kind = plan.columns[header]
    codes, distinct = pd.factorize(cells)
    counted = dict(zip(distinct, np.bincount(codes, minlength=len(distinct)).tolist(), strict=True))
    family = likert_family(distinct)
    if family is not None:
        numbers: dict[str, float | None] = {value: read_likert(value, family) for value in distinct}
    else:
        convention = number_format([str(value) for value in distinct], typed)
        numbers = {value: None if is_missing(value) else read_score(value, convention) for value in distinct}
    score = plan.scores.get(header)
    if score is None or score.kind != kind:
        top = LIKERT_TOP if family is not None else find_top(kind, header, counts_of(counted, numbers))  # type: ignore[arg-type]
        score = plan.scores[header] = Score(kind, top, score.touchpoint if score else None)  # type: ignore[arg-type]
    parsed = np.empty(len(distinct), dtype=object)
    off_scale: dict[str, int] = {}
    unread = np.zeros(len(distinct), dtype=bool)
    for position, value in enumerate(distinct):
        number = numbers[value]
        if number is None:
            unread[position] = not is_missing(value)
        elif on_scale(score, number):
            parsed[position] = turned(score, number)
        else:
            off_scale[value] = counted[value]
    result.values[header], result.unread[header] = parsed[codes], unread[codes]
    if off_scale:
        listed = ", ".join(sorted(off_scale, key=lambda each: -off_scale[each])[:5])
        result.notes.append(text_n(
            "Column “{column}”: {n} answer ({codes}) lies outside the scale {low}–{top} and counts as not answered.",
            "Column “{column}”: {n} answers ({codes}) lie outside the scale {low}–{top} and count as not answered.",
            n=sum(off_scale.values()), column=header, codes=listed, low=0 if score.top >= 10 else 1, top=score.top))
    if unread.any():
        result.notes.append(text_n(
            "Column “{column}”: {n} cell is not a score and was left empty, e.g. “{example}”.",
            "Column “{column}”: {n} cells are not scores and were left empty, e.g. “{example}”.",
            n=int(unread[codes].sum()), column=header, example=str(distinct[unread.argmax()])[:60]))


def _mind_own_scale(result: Cleaned, scores: str | None, tops: str | None) -> None:
    """Where each row names its own scale, an answer outside it is no answer."""
    if scores not in result.values or tops not in result.values:
        return
    values, highest = result.values[scores], result.values[tops]
    outside = np.array([score is not None and top is not None and not lowest(int(top)) <= score <= top
                        for score, top in zip(values, highest, strict=True)], dtype=bool)
    if outside.any():
        result.values[scores] = np.where(outside, None, values)  # type: ignore[call-overload]
        result.notes.append(text_n(
            "Column “{column}”: {n} answer lies outside the scale of its row and counts as not answered.",
            "Column “{column}”: {n} answers lie outside the scales of their rows and count as not answered.",
            n=int(outside.sum()), column=scores))
