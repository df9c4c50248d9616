"""What pain points and moments of delight say: computed from the frame shown, so it is true under every filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cx.language import DASH, Language
from cx.metrics.friction import MEASURES, OUTSIDE, Friction, Selection, place, shown, shown_change
from cx.metrics.friction_words import brief, compared, is_overall, trend_words
from cx.metrics.kpi import SIGNIFICANT_AT

NOTHING = pd.DataFrame({"kind": []})
"""No points."""


def hurts(points: pd.DataFrame, t: Language, selection: Selection = "") -> str:
    """The largest pain point, by customers and how far it is off. points: of `friction.pain_points()`; selection: of
    `Friction`."""
    pains = points[points["kind"] == "pain"]
    if pains.empty:
        return {"": t("Nowhere is it surely worse than elsewhere."),
                "within": t("Nowhere is it surely worse than elsewhere in this selection."),
                "both": t("Nowhere is it surely worse than elsewhere in this selection or than outside it."),
                }[selection]
    return t("Largest pain point: {where}.", where=place(pains.iloc[0].to_dict()))


def delights(points: pd.DataFrame, t: Language, selection: Selection = "") -> str:
    """The largest delight, in the same way."""
    found = points[points["kind"] == "delight"]
    if found.empty:
        return {"": t("Nowhere is it surely better than elsewhere."),
                "within": t("Nowhere is it surely better than elsewhere in this selection."),
                "both": t("Nowhere is it surely better than elsewhere in this selection or than outside it."),
                }[selection]
    return t("Largest delight: {where}.", where=place(found.iloc[0].to_dict()))


def at_a_glance(cells: pd.DataFrame, t: Language) -> str:
    """Where one measure is surely worst and surely best. cells: of `friction.grid()`."""
    sure = cells[cells["p_adjusted"].astype(float) < SIGNIFICANT_AT]
    off = _off(sure)
    if not len(sure):
        return t("By this measure, no place differs surely from elsewhere.")
    parts = []
    shown = _off(cells)
    if off.min() < 0:
        row = sure.loc[off.idxmin()].to_dict()
        parts.append(t("Surely worst: {where} ({brief}).", where=place(row), brief=_brief(row, t)))
        if shown.min() < off.min():
            parts.append(t("{where} looks even worse, but that may be chance.",
                           where=place(cells.loc[shown.idxmin()].to_dict())))
    if off.max() > 0:
        row = sure.loc[off.idxmax()].to_dict()
        parts.append(t("Surely best: {where} ({brief}).", where=place(row), brief=_brief(row, t)))
        if shown.max() > off.max():
            parts.append(t("{where} looks even better, but that may be chance.",
                           where=place(cells.loc[shown.idxmax()].to_dict())))
    return " ".join(parts)


def _off(cells: pd.DataFrame) -> pd.Series:
    """How much better (above zero) or worse each cell is than elsewhere, in the measure's unit."""
    better = cells["measure"].map({key: each.direction for key, each in MEASURES.items()}).astype(float)
    return (cells["value"] - cells["rest"]).astype(float) * better


def looked_at(found: Friction, t: Language) -> str:
    """How much was looked at."""
    if found.selection == "both":
        return t("{n} places and measures were tested against the rest of the selection or the same touchpoint outside "
                 "it; each of the two was corrected for its number. Of places that contain each other those are listed "
                 "that explain the others.", n=found.tested)
    return t("{n} places and measures were tested against the rest, corrected for their number; of places that contain "
             "each other those are listed that explain the others.", n=found.tested)


def sampled(one_in: int, t: Language) -> str:
    """That not everybody was looked at, where that is so, and what that means for the numbers."""
    if one_in == 1:
        return ""
    return t("So much data is judged by a random sample: one in {n} customers, with all they did; of what few "
             "answered, every answer. Numbers of customers and amounts are estimates for everybody; n says how many "
             "answers were looked at.", n=one_in)


def of_sample(one_in: int, t: Language) -> str:
    """Beside an n: that it is of a sample, where it is. one_in: of so many customers one."""
    return "" if one_in == 1 else t("There are so many customers that a random sample was looked at: one in {n}.",
                                    n=one_in)


def ranked(points: pd.DataFrame, kind: str, t: Language, most: int = 10) -> pd.DataFrame:
    """The places of one kind as rows of a chart: key, name, loss, text, customers."""
    told = points[points["kind"] == kind].drop_duplicates("cell").head(most).to_dict("records")
    return pd.DataFrame({
        "key": [row["cell"] for row in told], "name": [t(place(row)) for row in told],
        "loss": [row["loss"] for row in told], "text": [_brief(row, t) for row in told],
        "customers": [t.number(row["customers"]) for row in told]})


def about(points: pd.DataFrame, t: Language) -> list[str]:
    """Everything that is sure of one place, a sentence each. points: its rows."""
    return [f"{t(brief(row))} {trend(row, t)}".strip() for row in points.to_dict("records")]


def trend(row: dict[str, Any], t: Language) -> str:
    """Whether it gets worse there, "" where that cannot be told."""
    if not row["trend"]:
        return ""
    if row["trend"] == "steady":
        return t("No sure trend.")
    return t(trend_words(row))


def affected(row: dict[str, Any], t: Language) -> str:
    """How many customers were there, and what they bring and cost."""
    parts = [there(row, t)]
    if row["revenue"] == row["revenue"]:
        parts.append(t("they spent {amount} in all", amount=t.money(row["revenue"])))
    if row["worth"] == row["worth"]:
        parts.append(t("in the 90 days after, together {amount} less than others at this touchpoint "
                       "({interval})", amount=t.money(row["worth"]),
                       interval=t.interval(t.money(row["worth_lower"]), t.money(row["worth_upper"]))))
    return " · ".join(parts)


def there(row: Mapping[str, Any], t: Language) -> str:
    """How many customers were there."""
    n = int(row["customers"])
    if row["about"]:
        return t("About {n} customers were there", n=n)
    return t.plural("{n} customer was there", "{n} customers were there", n=n)


def table(points: pd.DataFrame, t: Language) -> pd.DataFrame:
    """All that is sure, as a table."""
    rows = points.to_dict("records")
    names = {key: t(measure.name) for key, measure in MEASURES.items()}
    return pd.DataFrame({
        t("Kind"): [t("pain") if row["kind"] == "pain" else t("delight") for row in rows],
        t("Where"): [t(place(row)) for row in rows],
        t("What"): [names[row["measure"]] for row in rows],
        t("Value"): [_value(row, "value", t) for row in rows],
        t("Elsewhere"): [_elsewhere(row, t) for row in rows],
        t("Answers"): [row["n"] for row in rows], t("Customers"): [row["customers"] for row in rows],
        t("Overall effect"): [impact(row, t) for row in rows],
        t("Trend"): [trend(row, t) for row in rows],
        t("Spent by these customers"): [t.money(row["revenue"]) for row in rows]})


def impact(row: Mapping[str, Any], t: Language) -> str:
    """What a place does to the whole, with its interval; a dash where that is not known."""
    if not is_overall(row):
        return DASH
    sign, by = "−" if row["impact"] < 0 else "+", shown_change(row["measure"], row["impact"])
    low, high = (_signed(row["measure"], row[side], t) for side in ("lower", "upper"))
    return f"{sign}{t(by)} ({t.interval(low, high)})"


def _value(row: dict[str, Any], which: str, t: Language) -> str:
    words = shown(row["measure"], row[which])
    return t(words)


def _elsewhere(row: dict[str, Any], t: Language) -> str:
    value = _value(row, "rest", t)
    return t("{value} (outside the selection)", value=value) if row["against"] == OUTSIDE else value


def _signed(measure: str, value: float, t: Language) -> str:
    number = t.number(100 * abs(value), 1) if MEASURES[measure].unit == "share" else t(shown(measure, abs(value)))
    return f"{'−' if value < 0 else '+'}{number}"


def _brief(row: dict[str, Any], t: Language) -> str:
    words = compared(row)
    return t(words)
