"""A funnel as somebody builds it: steps, order, times and exclusions as one value, which writes itself into a link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cx.language import Language
from cx.metrics.funnel_plan import BY, MOST_STEPS, ORDERS, Exclusion, Step, Values

UNITS = {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1), "d": dt.timedelta(days=1), "w": dt.timedelta(days=7)}
"""Units of times in links, the smallest first."""

_TIME = re.compile(r"(\d{1,6})([mhdw]?)")
_SPAN = re.compile(r"(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class Question:
    """Arguments of `funnel.funnel` that say what the funnel is; values are keys, exclusions name positions.

    steps  empty = the usual ones of the dimension
    """

    by: str = "stage"
    steps: tuple[Step, ...] = ()
    order: str = "ordered"
    window: dt.timedelta | None = None
    exclusions: tuple[Exclusion, ...] = ()

    def asked(self) -> dict[str, Any]:
        """The arguments."""
        return {"steps": list(self.steps), "by": self.by, "order": self.order, "window": self.window,
                "exclusions": list(self.exclusions)}

    def sound(self, known: Sequence[str] | None = None) -> Question:
        """The same without what has no meaning: names that are not `known`, steps without a name, a first or last step
        that may be skipped, a time before the first step, exclusions between steps that are not there."""
        keep = set(known) if known is not None else None
        steps, places = [], {}
        for place, step in enumerate(self.steps[:MOST_STEPS], start=1):
            values = tuple(each for each in _several(step.values) if keep is None or each in keep)
            if values:
                steps.append(replace(step, values=values))
                places[place] = len(steps)
        last = len(steps) - 1
        steps = [replace(step, optional=step.optional and 0 < place < last and self.order == "ordered",
                         within=None if place == 0 or self.order == "any" else step.within)
                 for place, step in enumerate(steps)]
        exclusions = []
        for each in self.exclusions:
            values = tuple(name for name in _several(each.value) if keep is None or name in keep)
            first, to = (places.get(place, 0) if isinstance(place, int) else 0
                         for place in (each.from_step, each.to_step))
            if values and 0 < first < to and not steps[first - 1].optional and not steps[to - 1].optional:
                exclusions.append(Exclusion(values, first, to))
        return replace(self, steps=tuple(steps), exclusions=tuple(exclusions))

    def moved(self, place: int, by: int) -> Question:
        """With the step at that place (0-based) so many places further on; exclusions stay between their positions."""
        steps = list(self.steps)
        to = min(max(place + by, 0), len(steps) - 1)
        steps.insert(to, steps.pop(place))
        return replace(self, steps=tuple(steps))

    def to_url(self) -> dict[str, list[str]]:
        """Query parameters; only what differs from the default, canonical keys in any language."""
        url: dict[str, list[str]] = {}
        if self.by != "stage":
            url["by"] = [self.by]
        if self.order != "ordered":
            url["order"] = [self.order]
        if self.window is not None:
            url["window"] = [write_time(self.window)]
        if self.steps:
            url["steps"] = [_written(step.values) + (";optional" if step.optional else "")
                            + (f";within={write_time(step.within)}" if step.within is not None else "")
                            for step in self.steps]
        if self.exclusions:
            url["exclude"] = [f"{_written(each.value)};{each.from_step}-{each.to_step}" for each in self.exclusions]
        return url

    @classmethod
    def from_url(cls, url: Mapping[str, Sequence[str]]) -> Question:
        """The inverse of `to_url`. What cannot be read is left out, never an error: links age."""
        by, order = ((url.get(name) or [""])[-1] for name in ("by", "order"))
        steps = []
        for each in url.get("steps") or ():
            values, *conditions = _parts(each, ";")
            times = [read_time(condition[7:]) for condition in conditions if condition.startswith("within=")]
            steps.append(Step(tuple(_plain(value) for value in _parts(values, "|") if value), "optional" in conditions,
                              times[-1] if times else None))
        exclusions = []
        for each in url.get("exclude") or ():
            values, *rest = _parts(each, ";")
            span = _SPAN.fullmatch(rest[0]) if rest else None
            if span:
                exclusions.append(Exclusion(tuple(_plain(value) for value in _parts(values, "|") if value),
                                            int(span[1]), int(span[2])))
        return cls(by if by in BY else "stage", tuple(steps), order if order in ORDERS else "ordered",
                   read_time((url.get("window") or [""])[-1]), tuple(exclusions)).sound()


def write_time(time: dt.timedelta) -> str:
    """A time in the largest unit that tells it exactly, at least minutes: "36h"."""
    for unit, size in reversed(UNITS.items()):
        if not time % size and unit != "w":
            return f"{time // size}{unit}"
    return f"{time // UNITS['m']}m"


def read_time(written: str) -> dt.timedelta | None:
    """The inverse of `write_time`; a bare number is days. None where it says nothing, or nought."""
    found = _TIME.fullmatch(written)
    return int(found[1]) * UNITS[found[2] or "d"] if found and int(found[1]) else None


def time_in_words(time: dt.timedelta, t: Language) -> str:
    """A time as "36 hours"."""
    written = write_time(time)
    return in_unit(int(written[:-1]), written[-1], t)


def in_unit(n: int, unit: str, t: Language) -> str:
    """So many minutes, hours, days or weeks."""
    if unit == "m":
        return t.plural("{n} minute", "{n} minutes", n=n)
    if unit == "h":
        return t.plural("{n} hour", "{n} hours", n=n)
    return t.plural("{n} day", "{n} days", n=n) if unit == "d" else t.plural("{n} week", "{n} weeks", n=n)


def _several(values: Values) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _written(values: Values) -> str:
    return "|".join(re.sub(r"([\\|;])", r"\\\1", each) for each in _several(values))


def _parts(written: str, mark: str) -> list[str]:
    """Split at a mark that no backslash stands before."""
    parts, escaped = [""], False
    for letter in written:
        if letter == mark and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def _plain(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written)
