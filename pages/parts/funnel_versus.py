"""The funnel against another period or group of customers: which steps differ more than chance explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx import findings
from cx.against import Held
from cx.charts.bars import measure_dots
from cx.language import DASH, Language
from cx.metrics.funnel_compare import Comparison
from pages.parts import against, show, state
from pages.parts.words import say, title


def versus(found: Comparison, frame: pd.DataFrame, sides: Held, lost_after: Callable[[int], None]) -> None:
    """What comes of holding the funnel against the other side. frame: of the comparison, its steps as shown;
    lost_after: shows who was lost after a step, by its position."""
    t = state.spoken()
    one, other = against.sides_named(sides)
    title(findings.funnel.different(frame, t), t("{one}, compared with: {other}. Difference of the share of those who "
                                                 "reached the step before, with its 95% interval.", one=one,
                                                 other=other))
    rows = _rows(frame, t)
    if len(rows):
        show.chart(measure_dots(rows, t, value_title=t("Difference"), hover={"here": one, "there": other}),
                   "versus-dots", on_pick=lambda at: lost_after(int(at["key"]) - 1))
    if found.entered_until is not None:
        say(t("Counted are those who entered until {day}: they have had all their time.",
              day=found.entered_until.date()))
    elif found.as_of is not None:
        say(t("The earlier period is taken as it stood on {day}: as long after its start as the data ends after the "
              "start of this one.", day=found.as_of.date()))
    elif sides.by_time:
        say(t("Without a time limit, who entered later has had less time to go on. Set one above to compare fairly."))
    if found.shared:
        say(t.plural("{n} customer is on both sides, which makes the tests rough.",
                     "{n} customers are on both sides, which makes the tests rough.", n=found.shared))
    show.folded_table(t("All differences"), _table(frame, t), "versus-table", name=t("Comparison"), on_pick=lost_after)


def _rows(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    known = frame[(frame["position"] > 1) & frame["difference"].notna()].to_dict("records")
    return pd.DataFrame({
        "key": [row["position"] for row in known], "name": [row["step"] for row in known],
        "value": [row["difference"] for row in known], "lower": [row["difference_lower"] for row in known],
        "upper": [row["difference_upper"] for row in known],
        "text": [f"{_points(row['difference'], t)} {findings.funnel.verdict(row['difference_significant'], t)}"
                 for row in known],
        "here": [t.percent(row["from_previous"]) for row in known],
        "there": [t.percent(row["other_from_previous"]) for row in known]})


def _table(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    rows = frame.to_dict("records")

    def both(row: dict[str, Any], name: str) -> str:
        return f"{t.percent(row[name])} · {t.percent(row[f'other_{name}'])}"

    def change(row: dict[str, Any], name: str) -> str:
        if pd.isna(row[name]):
            return DASH
        low, high = (_points(row[f"{name}_{end}"], t) for end in ("lower", "upper"))
        return (f"{_points(row[name], t)} ({t.interval(low, high)}) "
                f"{findings.funnel.verdict(row[f'{name}_significant'], t)}")

    def times(row: dict[str, Any]) -> str:
        if pd.isna(row["time_difference"]):
            return DASH
        return (f"{t.duration(row['median_seconds'])} · {t.duration(row['other_median_seconds'])} "
                f"{findings.funnel.verdict(row['time_difference_significant'], t)}")

    return pd.DataFrame({
        t("Step"): [f"{row['position']}. {row['step']}" for row in rows],
        t("Customers"): [f"{t.number(row['reached'])} · {t.number(row['other_reached'])}" for row in rows],
        t("Of the step before"): [both(row, "from_previous") for row in rows],
        t("Difference"): [change(row, "difference") for row in rows],
        t("Of the first step"): [both(row, "from_first") for row in rows],
        t("Difference to the first"): [change(row, "first_difference") for row in rows],
        t("Median time from before"): [times(row) for row in rows]})


def _points(share: float, t: Language) -> str:
    return t("{n} pp", n=t.number(share * 100, 1, sign=True))
