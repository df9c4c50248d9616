"""Pain points and moments of delight in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cx.language import Text, text
from cx.metrics.friction_measures import MEASURES
from cx.model import STAGES

_SAID = {
    "nps": text("{where}: NPS {value}, elsewhere {rest} (n = {n})."),
    "csat": text("{where}: {value} are satisfied, elsewhere {rest} (n = {n})."),
    "emotion": text("{where}: net emotion without complaints {value}, elsewhere {rest} (n = {n})."),
    "drop_off": text("{where}: after {value} of the first contacts customers do not go on, elsewhere at this "
                     "touchpoint {rest} (n = {n}, one for each customer and channel)."),
    "complaint": text("{where}: {value} complain, elsewhere {rest} (n = {n})."),
    "waiting": text("{where}: customers wait {value}, elsewhere {rest} (n = {n})."),
    "delay": text("{where}: {value} come late, elsewhere {rest} (n = {n})."),
    "repeat": text("{where}: {value} have to come back about the same thing, elsewhere {rest} (n = {n})."),
}


ELSEWHERE, OUTSIDE = "elsewhere", "outside"
"""What a place was held against: everywhere else in the selection, or the same touchpoint outside the selection."""


def place(point: Mapping[str, Any]) -> Text:
    """Where it is: “Delivery · Web · South”. point: a row of `friction.pain_points`."""
    known = STAGES.get(point["stage"])
    stage = known.label if known and str(known.label) == point["stage_label"] else point["stage_label"]
    parts = [stage] if point["stage"] and not point["touchpoint"] else []
    parts += [point[f"{name}_label"] for name in ("touchpoint", "channel", "persona") if point[name]]
    parts += [point["attribute_value"]] if point["attribute"] else []
    result = text("{place}", place=parts[0])
    for part in parts[1:]:
        result = text("{place} · {part}", place=result, part=part)
    return result


def sentence(point: Mapping[str, Any]) -> Text:
    """What a row of `friction.pain_points` says."""
    key = point["measure"]
    values = {"where": place(point), "value": shown(key, point["value"]), "rest": shown(key, point["rest"]),
              "n": int(point["n"])}
    said = (text("{where}: {said}", where=place(point), said=measured(point)) if point["against"] == OUTSIDE else
            replace(_SAID[key], values=values))
    told = _with_impact(said, point)
    if point["one_in"] > 1:
        return text("{said} (A random sample: one in {n} customers.)", said=told, n=int(point["one_in"]))
    return told


def brief(point: Mapping[str, Any]) -> Text:
    """The same without the place."""
    return _with_impact(measured(point), point)


def measured(point: Mapping[str, Any]) -> Text:
    """Only what was measured there and elsewhere."""
    words = {"compared": compared(point), "n": int(point["n"])}
    if point["measure"] == "drop_off":  # a customer counts once in each channel, so there may be more than customers
        return text("{compared} (n = {n} first contacts, one for each customer and channel).", **words)
    return text("{compared} (n = {n}).", **words)


def compared(point: Mapping[str, Any]) -> Text:
    """The same without n: “Waiting time: 9 min, elsewhere 2 min”."""
    key = point["measure"]
    values = {"what": MEASURES[key].name, "value": shown(key, point["value"]), "rest": shown(key, point["rest"])}
    if point["against"] == OUTSIDE:
        return text("{what}: {value}, outside the selection {rest}", **values)
    return text("{what}: {value}, elsewhere {rest}", **values)


def is_overall(point: Mapping[str, Any]) -> bool:
    """Whether its impact is on the result of the whole selection, not on that of one touchpoint alone."""
    return not MEASURES[point["measure"]].at_touchpoint and point["against"] == ELSEWHERE


def _with_impact(said: Text, point: Mapping[str, Any]) -> Text:
    key = point["measure"]
    measure = MEASURES[key]
    if not is_overall(point):
        return said
    impact = shown_change(key, point["impact"])
    if point["kind"] == "delight":
        return text("{said} It lifts the overall result by {impact}.", said=said, impact=impact)
    if measure.direction > 0:
        return text("{said} It lowers the overall result by {impact}.", said=said, impact=impact)
    return text("{said} It adds {impact} overall.", said=said, impact=impact)


def shown(measure: str, value: float) -> Text:
    """A value of a measure; numbers are written in the reader's language."""
    unit = MEASURES[measure].unit
    if unit == "share":
        return text("{n}%", n=100 * float(value))
    if unit == "seconds":
        return text("{n} min", n=float(value) / 60) if value >= 60 else text("{n} s", n=round(value))
    return text("{n}", n=float(value))


def shown_change(measure: str, value: float) -> Text:
    """The size of a change of a measure: points, percentage points, or a duration."""
    unit = MEASURES[measure].unit
    if unit == "seconds":
        return shown(measure, abs(value))
    return (text("{n} percentage points", n=100 * abs(float(value))) if unit == "share"
            else text("{n} points", n=abs(float(value))))


def trend_words(point: Mapping[str, Any]) -> Text:
    """By how much it gets better or worse a month. point: a row whose trend is "better" or "worse"."""
    by = shown_change(point["measure"], point["trend_per_month"])
    if point["trend"] == "worse":
        return text("It gets worse: {by} a month.", by=by)
    return text("It gets better: {by} a month.", by=by)
