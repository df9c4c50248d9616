"""Which scale a score column uses, and which of its values are codes for "no answer"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cx.intake.plan import Kind, Score
from cx.model import fold
from cx.scales import lowest, scale_for

_STATED = re.compile(r"\b(?:0|1)\s*(?:-|–|to|ile|ila|dan|den|…|\.\.)\s*(\d{1,3})\b|"
                     r"\bout of (\d{1,3})\b|"
                     r"\b(\d{1,3})\s*(?:uzerinden|üzerinden|point|puan üzerinden)\b|"
                     r"/\s*(\d{1,3})\s*\)?$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|[_\s])(?:1_(\d{1,2})|scale[_\s]?(\d{1,3}))$", re.IGNORECASE)
"""A scale, or the number of a question: Satisfaction_1_5, Scale_5."""
_STATED_TOPS = (3, 4, 5, 6, 7, 10, 100)
CODES = {-99.0, -9.0, -8.0, -1.0, 77.0, 88.0, 97.0, 98.0, 99.0, 999.0}


def stated_top(header: str, answers: Iterable[float] | None = None) -> int | None:
    """The highest answer that a header names ("0-10", "1 to 5", "5 üzerinden"); None = it names none.

    answers  the different values of the column, None = unknown: the 5 of Scale_5 is the number of a question where one
             of them is higher, codes (99, -1…) aside
    """
    found = _STATED.search(header)
    numbered = None if found else _NUMBERED.search(header)
    if numbered:
        end = int(numbered[1] or numbered[2])
        found = None if any(value > end and value not in CODES for value in answers or ()) else numbered
    top = int(next(group for group in found.groups() if group)) if found else None
    return top if top in _STATED_TOPS else None


def find_top(kind: Kind, header: str, counts: Mapping[float, int]) -> int:
    """The highest answer of a score column's scale.

    counts  value → how often it occurs. 10 for recommendation; else what the header states; else from the values,
            leaving out codes (99, -1…). Whole numbers 0–6 are 1–5 with 0 = blank and 6 = does not apply: no scale
            in use has seven points from 0.
    """
    if kind == "nps":
        return 10
    stated = stated_top(header, counts)
    if stated:
        return stated
    values = sorted(value for value in counts if value >= 0)
    while len(values) > 2 and values[-1] in CODES and values[-1] > 2 * values[-2]:
        values.pop()
    if not values:
        return 5 if kind == "csat" else 7
    highest = values[-1]
    if kind == "ces":
        return 5 if highest <= 5 else 7 if highest <= 7 else scale_for(highest)
    if highest == 6 and {0, 1, 5} <= set(values):
        return 5
    if highest == 11 and values[-2:-1] == [10]:
        return 10
    return scale_for(highest)


def on_scale(score: Score, value: float) -> bool:
    """Whether a value is an answer on that scale, not a code for a missing one."""
    if score.kind == "nps":
        return 0 <= value <= 10 and value == int(value)
    return lowest(score.top) <= value <= score.top


def turned(score: Score, value: float) -> float:
    """The value with high = good."""
    return lowest(score.top) + score.top - value if score.reversed else value


def counts_of(values: Mapping[str, int], numbers: Mapping[str, float | None]) -> dict[float, int]:
    """How often each number occurs, from how often each cell text occurs."""
    result: dict[float, int] = {}
    for value, count in values.items():
        number = numbers[value]
        if number is not None:
            result[number] = result.get(number, 0) + count
    return result


def is_overall(header: str) -> bool:
    """Whether a question is about the experience as a whole."""
    folded = fold(header)
    words = {"overall", "all", "general", "genel", "genelde", "toplam"}
    return bool(words & set(folded.split())) or folded.endswith("all")
