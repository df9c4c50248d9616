"""What a number is against another period or group, as the end of a sentence; claimed only where a test is sure.

A finding is a whole sentence; what it is compared with is put behind it with a comma. `Than` holds the words of what it
is held against, since they differ from case to case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from cx.against import Kind
from cx.language import Language

Unit = Literal["share", "points"]
Shown = Callable[[dict[str, Any], float, bool], str]
"""(row, value, whether it is a difference) → text."""

MOST_NAMED = 3


@dataclass(frozen=True)
class Than:
    """more  "than in the period before"
    from_  "from the period before"
    when  "In the latest 90 days": the comparison is of these alone, not of the number told; "" = of that number
    """

    more: str
    from_: str
    when: str = ""


def than(kind: Kind, other: str, t: Language) -> Than:
    """The words for what is held against. other: the name of a period or group, "" where the kind needs none."""
    return {
        "previous": lambda: Than(t("than in the period before"), t("from the period before")),
        "last_year": lambda: Than(t("than a year earlier"), t("from a year earlier")),
        "period": lambda: Than(t("than in the period {other}", other=other), t("from the period {other}", other=other)),
        "group": lambda: Than(t("than among {other}", other=other), t("from {other}", other=other)),
        "others": lambda: Than(t("than among all the others"), t("from all the others")),
    }[kind]()


def lately(days: int, t: Language, *, last_year: bool = False) -> Than:
    """The words where the latest days stand against those before, or the same days a year earlier."""
    when = t("In the latest {n} days", n=days)
    if last_year:
        return Than(t("than a year earlier"), t("from a year earlier"), when)
    return Than(t("than in the {n} days before", n=days), t("from the {n} days before", n=days), when)


def with_change(sentence: str, row: Any | None, words: Than | None, t: Language, unit: Unit = "share") -> str:
    """The sentence with what its number is against another period or group.

    row  of `differences()` or alike: difference (shares 0–1; points), significant, and value where `words` are of the
         latest days alone; None = there is no such row. Where it cannot be told (too few, nothing there), the sentence
         stays alone
    """
    if row is None or words is None or row["significant"] is None or pd.isna(row["difference"]):
        return sentence
    by = float(row["difference"])
    if row["significant"] is not True or not by:
        clause = t("no sure difference {from_}", from_=words.from_)
    else:
        values = {"n": points(abs(by), unit, t), "than": words.more}
        if unit == "share":
            clause = (t("{n} points more {than}", **values) if by > 0 else t("{n} points less {than}", **values))
        else:
            clause = (t("{n} points higher {than}", **values) if by > 0 else t("{n} points lower {than}", **values))
    if words.when:
        value = t.percent(row["value"], 0) if unit == "share" else t.number(row["value"], 0, sign=True)
        return f"{sentence} {t('{when}: {value}, {change}.', when=words.when, value=value, change=clause)}"
    return f"{sentence.removesuffix('.')}, {clause}{'.' if sentence.endswith('.') else ''}"


def at(found: pd.DataFrame | None, **where: object) -> dict[str, Any] | None:
    """The row of differences with these values; None = there is none."""
    for name, value in where.items():
        found = found if found is None else found[found[name] == value]
    return None if found is None or found.empty else found.iloc[0].to_dict()


def points(by: float, unit: Unit, t: Language) -> str:
    """A distance in points, as exactly as it needs to be told."""
    shown = by * 100 if unit == "share" else by
    return t.number(shown, 0 if round(shown) >= 1 else 1 if round(shown, 1) else 2)


def in_unit(unit: Unit, t: Language) -> Shown:
    """How values of a unit, and differences of them, are shown in tables."""
    def shown(_: dict[str, Any], value: float, sign: bool) -> str:
        if unit == "points":
            return t.number(value, 1, sign=True)
        return t("{n} pp", n=t.number(value * 100, 1, sign=True)) if sign else t.percent(value)

    return shown


def told(found: pd.DataFrame, words: Than, t: Language, name: Callable[[dict[str, Any]], str],
         shown: Shown) -> str:
    """Which rows surely differ, the largest difference first. found: of `differences()`; name: of a row; shown: how a
    row shows its difference."""
    sure = found[found["significant"].eq(True) & found["difference"].ne(0)]
    if sure.empty:
        return (t("Too few to compare.") if found["significant"].isna().all() else
                t("No difference is larger than chance explains."))
    parts = []
    for up in (True, False):
        side = sure[sure["difference"].gt(0) == up]
        ordered = side.reindex(side["difference"].abs().sort_values(ascending=False, kind="stable").index)
        named = [f"{name(row)} ({shown(row, row['difference'], True)})"
                 for row in ordered.head(MOST_NAMED).to_dict("records")]
        more = len(ordered) - len(named)
        listed = ", ".join(named) + (" " + t("and {n} more", n=more) if more else "")
        if named:
            parts.append(t("Surely more {than}: {places}.", than=words.more, places=listed) if up else
                         t("Surely less {than}: {places}.", than=words.more, places=listed))
    return " ".join(parts)
