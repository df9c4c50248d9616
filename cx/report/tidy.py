"""A table as a reader sees it → a tidy one for a spreadsheet program: texts that this product wrote of numbers ("72.7%
(71.5% – 74.0%, n = 4,998)", "3 min 16 s", "1 May 2025") become numbers and dates, each in a column of its own.

What is read is what was written, so the numbers are rounded as on the screen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from cx import export
from cx.language import DASH, Language, language
from cx.model import FIELD

_SECONDS = {"s": 1, "min": 60, "h": 3600, "days": 86400}
_MOST = {"min": 7_200, "h": 172_800, "days": float("inf")}
"""The unit of a column of durations, by the longest of them in seconds."""
_GIVEN = ("customer_id", "order_id", "record_id", "comment", "touchpoint", "channel", "campaign", "stage", "persona")
"""Fields of texts that the data brought, not this product: handed on as they are."""
_SUFFIXES = ("{n} pp", "{n} points", "{n} percentage points")


@dataclass(frozen=True)
class Quantity:
    """A number as it was written: unit "" = none, "%" (of `number`s 0–1), "time" (of seconds), or as it stood there."""

    number: float
    unit: str
    decimals: int
    signed: bool


def tidy(frame: pd.DataFrame, t: Language, *, named: bool = True) -> pd.DataFrame:
    """The frame with bare numbers (`export.Number` where a format belongs to them) and dates; a column that held a
    number with its interval or n becomes several, named after it; the unit stands in the heading, where it is one for
    all. Names and texts of the data stay as they are: those of `_GIVEN`, and, where rows are `named`, what the first
    column calls them, but for days and what has a unit."""
    given = {t("Example"), *(t(FIELD[name].label) for name in _GIVEN)}
    made: list[tuple[str, Sequence[Any]]] = []
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if str(name) not in given and (isinstance(column.dtype, pd.StringDtype) or column.dtype == object):
            made += _columns(str(name), column.tolist(), t, names=named and not place)
        else:
            made.append((str(name), column))
    known = [each for each in made if not all(_missing(value) for value in each[1])] or made
    parts = [pd.Series(values, index=frame.index, dtype=None if isinstance(values, pd.Series) else object)
             for _, values in known]
    wide = pd.concat(parts, axis=1) if parts else frame.copy()
    wide.columns = pd.Index(distinct([name for name, _ in known]))
    return wide


def distinct(names: list[str]) -> list[str]:
    """The names, with a number behind those that were there before."""
    return [name if name not in names[:place] else f"{name} ({place + 1})" for place, name in enumerate(names)]


def _unit_name(unit: str, t: Language) -> str:
    """What a unit of time is called."""
    return {"s": t("{n} s", n=""), "min": t("{m} min", m=""), "h": t("{h} h", h=""),
            "days": t("{d} days", d="")}[unit].strip()


def _columns(name: str, cells: list[Any], t: Language, *, names: bool = False) -> list[tuple[str, Sequence[Any]]]:
    """A column of texts as the columns it holds; `names`: of rows, where bare numbers stay."""
    texts = [None if _missing(each) else _plain_text(each) for each in cells]
    if not any(isinstance(each, str) and re.search(r"\d", each) for each in texts):
        return [(name, texts)]
    heads = name.split(" · ")
    if len(heads) > 1 and all(_missing(each) or len(str(each).split(" · ")) == len(heads) for each in texts):
        rows = [[None] * len(heads) if _missing(each) else str(each).split(" · ") for each in texts]
        return [column for place, head in enumerate(heads)
                for column in _columns(head, [row[place] for row in rows], t)]
    days = [None if _missing(each) else _day(each, t) for each in texts]
    if all(_missing(each) or day is not None for each, day in zip(texts, days, strict=True)):
        marks = ["*" if isinstance(each, str) and each.endswith("*") else None for each in texts]
        return [(name, days), *([(f"{name}: {t('Note')}", marks)] if any(marks) else [])]
    read = [None if _missing(each) else _read(each, t) for each in texts]
    if names and any(isinstance(part, Quantity) and not part.unit for each in read if each for part in each.values()):
        return [(name, texts)]
    words = [None if found or _missing(each) else each for each, found in zip(texts, read, strict=True)]
    found = [each for each in read if each]
    compound = any(set(each) - {"value"} for each in found)
    others = sum(map(bool, words))
    if not found or (others and not (compound and 3 * len(found) >= others)):
        return [(name, texts)]
    return list(_split(name, read, words, t))


def _plain_text(value: Any) -> Any:
    """Without what only a chart needs: broken lines, an arrow to what stands below."""
    return " ".join(value.split()).removesuffix(" →") if isinstance(value, str) else value


def _split(name: str, read: list[dict[str, Any] | None], words: list[str | None],
           t: Language) -> Iterator[tuple[str, Sequence[Any]]]:
    """The columns of a column whose cells were `_read`; `words`: what stood there instead."""
    spread = [key for key in ("value", "lower", "upper", "other") if any(each and key in each for each in read)]
    quantities = [each[key] for each in read if each for key in spread if key in each]
    longest = max((abs(each.number) for each in quantities if each.unit == "time"), default=0)
    unit = next(name for name, most in _MOST.items() if longest < most)
    common = {each.unit for each in quantities if each.number or each.unit}
    shared = common.pop() if len(common) == 1 else None
    said = {None: "", "": "", "%": "", "time": f" ({_unit_name(unit, t)})"}.get(shared, f" ({shared})")
    decimals = max(each.decimals for each in quantities)
    signed = any(each.signed for each in quantities)
    alone = "value" not in spread  # an interval has its own column already
    sure = alone and name == t("95% interval")
    names = {"value": name, "other": f"{name}: {t('in brackets')}",
             "lower": t("95% from") if sure else f"{name}: {t('at least') if alone else t('95% from')}",
             "upper": t("95% to") if sure else f"{name}: {t('at most') if alone else t('95% to')}"}
    for key in spread:
        yield names[key] + said, [None if each is None or key not in each else
                                  _number(each[key], unit, decimals, signed, t, told=shared is None) for each in read]
    if any(each and "n" in each for each in read):
        yield f"{name}: n", [each["n"].number if each and "n" in each else None for each in read]
    notes = [each["note"] if each and "note" in each else other for each, other in zip(read, words, strict=True)]
    if any(notes):
        yield f"{name}: {t('Note')}", notes


def _number(quantity: Quantity, unit: str, decimals: int, signed: bool, t: Language, *, told: bool) -> export.Number:
    """As a workbook holds it; `told`: with its unit behind it."""
    number, digits, behind = quantity.number, quantity.decimals if told else decimals, quantity.unit
    if behind == "time":
        number, digits, behind = number / _SECONDS[unit], 1 if unit == "days" else 2, _unit_name(unit, t)
    shown = "#,##0" + ("." + "0" * digits if digits else "")
    shown += "%" if behind == "%" else f'" {behind}"' if told and behind else ""
    return export.Number(number, f"+{shown};-{shown};{shown}" if signed else shown)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(f"{DASH} –…()")) or (
        not isinstance(value, str) and bool(pd.isna(value)))


def _read(value: Any, t: Language) -> dict[str, Any] | None:
    """{value, lower, upper, other, n: Quantity, note: text}, as far as there; None = no such text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return {"value": Quantity(float(value), "", 0 if float(value).is_integer() else 2, signed=False)}
    if not isinstance(value, str):
        return None
    for form in _forms(t.code):
        found = form.fullmatch(value)
        if found:
            parts: dict[str, Any] = {key: each for key, each in found.groupdict().items() if each is not None}
            for key in parts.keys() - {"note"}:
                parts[key] = _quantity(parts[key], t.code)
            for key in parts.keys() & {"lower", "upper"} if "value" in parts else ():
                if not parts[key].unit:  # said once
                    parts[key] = replace(parts[key], unit=parts["value"].unit)
            if "other" in parts and parts["other"].unit != parts["value"].unit and not parts["other"].unit:
                parts["n"] = parts.pop("other")
            return parts
    return None


@cache
def _forms(code: str) -> tuple[re.Pattern[str], ...]:
    """How numbers stand in texts; the words between them are those of the language."""
    t, one = language(code), _written(code)
    between = [t.interval("{lower}", "{upper}"), t("{lower} to {upper}")]
    inside = [each for range_ in between for each in (range_, f"{range_}, n = {{n}}")]
    inside += ["n = {n}", "{other}", "{note}"]
    said = [t("{value} (95% interval {interval})").replace("{interval}", range_) for range_ in between]
    whole = [*said, *(f"{each}, {{note}}" for each in said), "{value}", *between,
             *(f"{{value}} ({each})" for each in inside)]

    def pattern(form: str) -> str:
        parts = re.split(r"(\{\w+\})", form)
        return "".join(f"(?P<{part[1:-1]}>{r'[^()0-9%]+' if part == '{note}' else one})" if part.startswith("{")
                       else re.escape(part) for part in parts)

    return tuple(re.compile(pattern(form)) for form in whole)


@cache
def _written(code: str) -> str:
    """A pattern of what `Language.number`, `percent` and `duration` write, and of numbers with a unit."""
    sign, digits = "[+−-]?", _digits(code)
    return (rf"(?:{sign}{digits}%|{sign}%{digits}|{sign}(?:{'|'.join(_durations(code))})"
            rf"|{sign}{digits}(?:{'|'.join(_units(code))})?)")


def _digits(code: str) -> str:
    point, group = (r"\.", ",") if code == "en" else (",", r"\.")
    return rf"(?:0|[1-9]\d{{0,2}}(?:{group}\d{{3}})*)(?:{point}\d+)?"


@cache
def _durations(code: str) -> tuple[str, ...]:
    """Patterns of durations, the longest first."""
    t = language(code)
    forms = [t("{h} h {m} min"), t("{m} min {s} s"), t("{h} h"), t("{m} min"), t("{n} s"), t("{d} days")]
    return tuple(re.sub(r"\\\{\w\\\}", lambda _: _digits(code), re.escape(form)) for form in forms)


@cache
def _units(code: str) -> tuple[str, ...]:
    """Patterns of what stands behind other numbers, the longest first."""
    t = language(code)
    known = {t(each).replace("{n}", "") for each in _SUFFIXES}
    return (*(re.escape(each) for each in sorted(known, key=len, reverse=True)), " [A-Z]{3}")


def _quantity(written: str, code: str) -> Quantity:
    """What was written by a `_written` pattern."""
    sign = -1 if written[0] in "−-" else 1
    bare = written.lstrip("+−-")
    numbers = [_plain(each, code) for each in re.findall(_digits(code), bare)]
    point = "." if code == "en" else ","
    decimals = len(re.findall(_digits(code), bare)[0].partition(point)[2])
    if "%" in bare:
        return Quantity(round(sign * numbers[0] / 100, decimals + 2), "%", decimals, written[0] == "+")
    if any(re.fullmatch(form, bare) for form in _durations(code)):
        names = {_unit_name(unit, language(code)): unit for unit in _SECONDS}
        units = [names[each] for each in re.sub(_digits(code), " ", bare).split()]
        seconds = sum(number * _SECONDS[unit] for number, unit in zip(numbers, units, strict=True))
        return Quantity(sign * seconds, "time", decimals, written[0] == "+")
    return Quantity(sign * numbers[0], re.sub(_digits(code), "", bare, count=1).strip(), decimals, written[0] == "+")


def _plain(digits: str, code: str) -> float:
    return float(digits.replace(",", "") if code == "en" else digits.replace(".", "").replace(",", "."))


def _day(value: Any, t: Language) -> Any:
    """The day, moment or first of a month, as `Language.date` and the charts write it; None = no such text."""
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    month = _months(t.code).get(found["month"]) if found else None
    if found is None or month is None:
        return None
    try:
        return pd.Timestamp(dt.datetime(int(found["year"]), month, int(found["day"] or 1), int(found["hour"] or 0),
                                        int(found["minute"] or 0)))
    except ValueError:
        return None


_DAY = re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<month>[^\W\d]+) (?P<year>\d{4})"
                  r"(?:, (?P<hour>\d\d):(?P<minute>\d\d))?(?: \*)?")


@cache
def _months(code: str) -> dict[str, int]:
    months = language(code).locale.months["format"]
    return {name: number for form in ("abbreviated", "wide") for number, name in months[form].items()}
