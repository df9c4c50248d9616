"""How answers on different scales are read: the satisfied box, the effort scale, the recommendation bands.

Each rule stands here once, as SQL for the metrics and as Python for a single answer.

CSAT   satisfied = top box of 2–3 points, top 2 of 4–7, top 3 of 10–11, 75 and more of 100; dissatisfied = the mirror
       image of that box. A 10-point scale may start at 0 (then it has 11 points); other scales start at 1, 100 at 0.
CES    rescaled linearly to 1–7, 7 = easiest; easy = 5–7, hard = 1–3 (Dixon, Freeman & Toman 2010 as revised to 7).
NPS    promoters 9–10, passives 7–8, detractors 0–6 (Reichheld 2003).
"""

from __future__ import annotations

SCALES = (2, 3, 4, 5, 6, 7, 10, 100)
"""Highest answers of the scales in use, smallest first."""


def scale_for(highest: float) -> int:
    """The smallest scale, of 5 points or more, that holds an answer that high (few use the top of their scale)."""
    return next((top for top in SCALES if top >= highest and top >= 5), 100)


def lowest(top: int) -> int:
    """The lowest answer of a scale whose highest is `top`."""
    return 0 if top >= 10 else 1


def satisfied_from(top: int) -> float:
    """The lowest answer that counts as satisfied on a scale whose highest is `top`."""
    if top <= 3:
        return top
    if top <= 7:
        return top - 1
    return top - 2 if top <= 11 else 0.75 * top


def satisfied_from_sql(top: str) -> str:
    """`satisfied_from` for a column."""
    return (f"(CASE WHEN {top} <= 3 THEN {top} WHEN {top} <= 7 THEN {top} - 1 "
            f"WHEN {top} <= 11 THEN {top} - 2 ELSE 0.75 * {top} END)")


def lowest_sql(top: str) -> str:
    """`lowest` for a column."""
    return f"(CASE WHEN {top} >= 10 THEN 0 ELSE 1 END)"


def satisfied_sql(score: str, top: str) -> str:
    """Boolean: the answer lies in the satisfied box."""
    return f"({score} >= {satisfied_from_sql(top)})"


def dissatisfied_sql(score: str, top: str) -> str:
    """Boolean: the answer lies in the mirror image of the satisfied box."""
    return f"({lowest_sql(top)} + {top} - {score} >= {satisfied_from_sql(top)})"


def effort(score: float, top: int) -> float:
    """An effort answer on 1–7, 7 = easiest."""
    return 1 + 6 * (score - lowest(top)) / (top - lowest(top))


def effort_sql(score: str, top: str) -> str:
    """`effort` for columns, as a double."""
    return f"(1 + 6.0 * CAST({score} - {lowest_sql(top)} AS DOUBLE) / ({top} - {lowest_sql(top)}))"


EASY_FROM, HARD_TO = 5, 3
PROMOTER_FROM, DETRACTOR_TO = 9, 6
