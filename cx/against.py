"""What a selection is held against on every chart: another period, or another group of customers; nothing else differs.

One value, kept in the address beside the filters; it gives the other selection, so that every number of a page can be
asked twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cx.filters import DIMENSIONS, Filters

How = Literal["compared", "period", "group"]
Kind = Literal["previous", "last_year", "period", "group", "others", "lately"]
NO_GROUPS = ("stage", "touchpoint")  # places, not customers


@dataclass(frozen=True)
class Against:
    """how         "compared": the period that changes are measured against (`Filters.compared`); "period": another one;
                "group": other customers
    start, end  of "period": first and last day; None = not chosen yet
    by, values  of "group": a dimension or attribute that the selection itself is narrowed by, and the values held
                against it; no values = all the others
    """

    how: How
    start: dt.date | None = None
    end: dt.date | None = None
    by: str = ""
    values: tuple[str, ...] = ()

    def to_url(self) -> list[str]:
        """The values of a query parameter."""
        if self.how == "period":
            return [f"{self.start}..{self.end}" if self.start and self.end else "period"]
        return ["group", self.by, *self.values] if self.how == "group" else ["compared"]

    @classmethod
    def from_url(cls, given: Sequence[str]) -> Against | None:
        """The inverse of `to_url`; what cannot be read is None, never an error."""
        if not given:
            return None
        if given[0] == "group":
            return cls("group", by=given[1], values=tuple(given[2:])) if len(given) > 1 else None
        if given[0] in ("compared", "period"):
            return cls("compared" if given[0] == "compared" else "period")
        days = Filters.from_url({"period": [given[0]]})
        return cls("period", days.start, days.end) if days.start and days.end else None


@dataclass(frozen=True)
class Held:
    """here, there  the selection, and what it is held against
    kind         "previous", "last_year" (periods of the filters themselves), "period", "group" (named values),
                 "others"; "lately": the latest days against those before, where no period is chosen: `here` is then
                 not the whole selection
    drawn        asked for on the charts, not only in their titles
    """

    here: Filters
    there: Filters
    kind: Kind
    drawn: bool

    @property
    def by_time(self) -> bool:
        """Whether it is another period: then who came later has had less time to go on."""
        return self.kind in ("previous", "last_year", "period", "lately")


def held(filters: Filters, against: Against | None, values_of: Callable[[str], Sequence[str]]) -> Held | None:
    """What `filters` are held against; None = nothing, or what is asked for cannot be had.

    values_of: the values of a dimension or attribute
    """
    if against is None or against.how == "compared":
        before = filters.compared()
        if before is None or filters.compare == "none":
            return None
        return Held(filters, before, filters.compare, against is not None)
    if against.how == "period":
        there = replace(filters, start=against.start, end=against.end)
        return Held(filters, there, "period", True) if against.start and there != filters else None
    own, known = chosen(filters, against.by), values_of(against.by)
    other = tuple(each for each in against.values or known if each in known and each not in own)
    if not own or not other:
        return None
    return Held(filters, narrowed(filters, against.by, other), "group" if against.values else "others", True)


def chosen(filters: Filters, by: str) -> tuple[str, ...]:
    """The values of a dimension or attribute that the filters ask for."""
    return getattr(filters, by) if by in DIMENSIONS else dict(filters.attributes).get(by, ())


def narrowed(filters: Filters, by: str, values: tuple[str, ...]) -> Filters:
    """The filters with these values of a dimension or attribute instead; none = without it."""
    if by in DIMENSIONS:
        return replace(filters, **{by: values})  # type: ignore[arg-type]
    return replace(filters, attributes=tuple({**dict(filters.attributes), by: values}.items()))
