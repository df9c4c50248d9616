"""What the reader has chosen to look at: one frozen value that writes the WHERE, the caption and the URL.

Two scopes. *Customer scope* (persona, attributes) selects customers with all their interactions. *Interaction scope*
(period, channel, stage, touchpoint) selects interactions. In a journey question, channel means the customer's first
(acquisition) channel, and stage and touchpoint select customers who were there; see docs/metrics.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from cx.errors import QueryError
from cx.language import Language, text
from cx.model import name_key

DIMENSIONS: Mapping[str, str] = {"persona": "personas", "channel": "channels", "stage": "stages",
                                 "touchpoint": "touchpoints"}
"""Filterable dimension → the table that holds its key and label; the id column is `<dimension>_id`."""

def segment_named(members: Mapping[str, str]) -> tuple[str, str]:
    """How reported figures name whom they are of: (dimensions, a key of each), line by line; ("", "") = everybody.

    members  dimension → key
    """
    names = [name for name in DIMENSIONS if name in members]
    return "\n".join(names), "\n".join(members[name] for name in names)


LABELS = {"persona": text("Persona"), "channel": text("Channel"), "stage": text("Stage"),
          "touchpoint": text("Touchpoint")}

Reading = Literal["journey", "interaction", "both"]
Comparison = Literal["previous", "last_year", "none"]


@dataclass(frozen=True)
class Clause:
    """A boolean SQL expression and its bound parameters; `sql` is never empty."""

    sql: str
    params: tuple[object, ...] = ()

    @staticmethod
    def all_of(clauses: Iterable[Clause]) -> Clause:
        """The conjunction; of none, TRUE."""
        parts = list(clauses)
        if not parts:
            return Clause("TRUE")
        return Clause(" AND ".join(f"({part.sql})" for part in parts),
                      tuple(value for part in parts for value in part.params))


@dataclass(frozen=True)
class Filters:
    """A selection. Empty tuples and None mean "no restriction".

    start, end  first and last day, both included; None = from the first / to the last. Undated interactions count
                only where neither is set
    compare     what changes are measured against: the period before, the same period a year earlier, or nothing
    persona, channel, stage, touchpoint  keys (or names) of the dimension; several mean any of them
    attributes  (attribute key, values) pairs; all pairs must hold, any value of a pair does; a customer's value is the
                one of the latest upload
    own_channel in journey questions, let channel select steps by the interaction's own channel
    """

    start: dt.date | None = None
    end: dt.date | None = None
    compare: Comparison = "previous"
    persona: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    touchpoint: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own_channel: bool = field(default=False)

    def __post_init__(self) -> None:
        for name in DIMENSIONS:
            given: object = getattr(self, name)
            names: Iterable[str] = (given,) if isinstance(given, str) else given or ()  # type: ignore[assignment]
            object.__setattr__(self, name, tuple(dict.fromkeys(name_key(each) for each in names)))
        pairs = self.attributes.items() if isinstance(self.attributes, Mapping) else self.attributes
        object.__setattr__(self, "attributes", tuple(
            (name_key(key), (values,) if isinstance(values, str) else tuple(values))
            for key, values in pairs if values))
        for name in ("start", "end"):
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, dt.date.fromisoformat(value))
            elif isinstance(value, dt.datetime):
                object.__setattr__(self, name, value.date())
        if self.start and self.end and self.start > self.end:
            raise QueryError(text("The period starts on {start}, after its end on {end}.",
                                  start=self.start, end=self.end))

    # --- WHERE ---------------------------------------------------------------------------------------------------

    def interactions(self, alias: str = "i") -> Clause:
        """Condition on `interactions AS alias`: customer scope and interaction scope."""
        return Clause.all_of([*self._period(f"{alias}.occurred_at"), *self._persona(alias), *self._attributes(alias),
                              *(self._dimension(alias, name) for name in ("channel", "stage", "touchpoint")
                                if getattr(self, name))])

    def cells(self, alias: str = "i") -> Clause:
        """`interactions` for a derived table that holds persona, channel, stage and touchpoint itself; without
        attributes."""
        return Clause.all_of([*self._period(f"{alias}.occurred_at"),
                              *(self._dimension(alias, name) for name in DIMENSIONS if getattr(self, name))])

    def journeys(self, alias: str = "j") -> Clause:
        """Condition on `journeys AS alias` or `attempts AS alias` (both hold persona and first channel); no period."""
        parts: list[Clause] = []
        if self.persona:
            parts.append(self._dimension(alias, "persona"))
        if self.channel and not self.own_channel:
            inner = self._dimension(alias, "channel")
            parts.append(Clause(inner.sql.replace(f"{alias}.channel_id", f"{alias}.first_channel_id"), inner.params))
        for name in ("stage", "touchpoint"):
            if getattr(self, name):
                inner = self._dimension("f", name)
                parts.append(Clause(f"{alias}.customer_key IN (SELECT f.customer_key FROM interactions f "
                                    f"WHERE {inner.sql})", inner.params))
        parts.extend(self._attributes(alias, journeys=True))
        return Clause.all_of(parts)

    def steps(self, alias: str = "i") -> Clause:
        """Condition on the interactions that may fill a step of a journey (own channel only, when so chosen)."""
        return self._dimension(alias, "channel") if self.own_channel and self.channel else Clause("TRUE")

    def period(self, column: str) -> Clause:
        """Condition that a time column lies in the period."""
        return Clause.all_of(self._period(column))

    def _period(self, column: str) -> list[Clause]:
        parts = []
        if self.start:
            parts.append(Clause(f"{column} >= ?", (dt.datetime.combine(self.start, dt.time()),)))
        if self.end:
            parts.append(Clause(f"{column} < ?", (dt.datetime.combine(self.end + dt.timedelta(days=1), dt.time()),)))
        return parts

    def _persona(self, alias: str) -> list[Clause]:
        if not self.persona:
            return []
        inner = self._dimension("p", "persona")
        return [Clause(f"{alias}.customer_key IN (SELECT p.customer_key FROM customers p WHERE {inner.sql})",
                       inner.params)]

    def _dimension(self, alias: str, name: str) -> Clause:
        keys = getattr(self, name)
        marks = ", ".join("?" * len(keys))
        return Clause(f"{alias}.{name}_id IN (SELECT {name}_id FROM {DIMENSIONS[name]} WHERE key IN ({marks}))", keys)

    def _attributes(self, alias: str, *, journeys: bool = False) -> list[Clause]:
        parts = []
        for key, values in self.attributes:
            marks = ", ".join("?" * len(values))
            of_customer = (f"{alias}.customer_key IN (SELECT customer_key FROM ("
                           "SELECT ca.customer_key, arg_max(ca.value, ca.upload_id) AS value "
                           "FROM customer_attributes ca JOIN attributes a USING (attribute_id) WHERE a.key = ? "
                           f"GROUP BY 1) WHERE value IN ({marks}))")
            if journeys:
                of_interaction = (f"{alias}.customer_key IN (SELECT ia.customer_key FROM interactions ia "
                                  f"WHERE ia.attributes[?] IN ({marks}))")
            else:
                of_interaction = f"{alias}.attributes[?] IN ({marks})"
            parts.append(Clause(f"{of_customer} OR {of_interaction}", (key, *values, key, *values)))
        return parts

    # --- comparison ----------------------------------------------------------------------------------------------

    def compared(self) -> Filters | None:
        """The same selection in the period it is compared with; None where there is none (open period, "none")."""
        if self.compare == "none" or self.start is None or self.end is None:
            return None
        if self.compare == "last_year":
            return replace(self, start=_years_before(self.start, 1), end=_years_before(self.end, 1))
        following = self.end + dt.timedelta(days=1)
        if self.start.day == 1 and following.day == 1:  # whole months: as many whole months before
            months = (following.year - self.start.year) * 12 + following.month - self.start.month
            return replace(self, start=_months_before(self.start, months), end=self.start - dt.timedelta(days=1))
        length = following - self.start
        return replace(self, start=self.start - length, end=self.start - dt.timedelta(days=1))

    # --- caption -------------------------------------------------------------------------------------------------

    def caption(self, t: Language, label: Callable[[str, str], str], reading: Reading) -> str:
        """What is shown, in words: period, then each restriction with the reading in force.

        `label(dimension, key)` gives the name to show; for attributes the dimension is the attribute's key and, for
        the attribute's own name, the key is "".
        """
        parts = [self.period_caption(t)]
        readings = {("channel", "journey"): t("first channel"), ("stage", "journey"): t("customers who were there"),
                    ("touchpoint", "journey"): t("customers who were there")}
        if self.own_channel:
            readings["channel", "journey"] = t("steps in this channel only")
        for name in DIMENSIONS:
            if keys := getattr(self, name):
                shown = ", ".join(label(name, key) for key in keys)
                how = readings.get((name, "journey" if reading == "both" else reading))
                if how and reading == "both":
                    how = t("in journeys: {reading}", reading=how)
                parts.append(f"{t(LABELS[name])}: {shown}" + (f" ({how})" if how else ""))
        for key, values in self.attributes:
            parts.append(f"{label(key, '')}: {', '.join(values)}")
        return " · ".join(parts)

    def period_caption(self, t: Language) -> str:
        """The period in words."""
        if self.start and self.end:
            return t.date(self.start) if self.start == self.end else t.interval(t.date(self.start), t.date(self.end))
        if self.start:
            return t("from {start}", start=self.start)
        if self.end:
            return t("until {end}", end=self.end)
        return t("All data")

    # --- URL -----------------------------------------------------------------------------------------------------

    def to_url(self) -> dict[str, list[str]]:
        """Query parameters; only what differs from the default, canonical keys in any language."""
        url: dict[str, list[str]] = {}
        if self.start or self.end:
            url["period"] = [f"{self.start or ''}..{self.end or ''}"]
        if self.compare != "previous":
            url["compare"] = [self.compare]
        for name in DIMENSIONS:
            if keys := getattr(self, name):
                url[name] = list(keys)
        for key, values in self.attributes:
            url[f"a.{key}"] = list(values)
        if self.own_channel:
            url["channel_reading"] = ["own"]
        return url

    @classmethod
    def from_url(cls, url: Mapping[str, list[str]]) -> Filters:
        """The inverse of `to_url`. What cannot be read is left out, never an error: links age."""
        chosen: dict[str, object] = {name: tuple(url[name]) for name in DIMENSIONS if url.get(name)}
        first, dots, last = (url.get("period") or [""])[-1].partition("..")
        if dots:
            start, end = _date(first), _date(last)
            if not (start and end and start > end):
                chosen |= {"start": start, "end": end}
        compare = (url.get("compare") or [""])[-1]
        if compare in ("last_year", "none"):
            chosen["compare"] = compare
        chosen["attributes"] = tuple((key[2:], tuple(values)) for key, values in url.items()
                                     if key.startswith("a.") and values)
        chosen["own_channel"] = (url.get("channel_reading") or [""])[-1] == "own"
        return cls(**chosen)  # type: ignore[arg-type]

    def count(self) -> int:
        """How many restrictions are in force (period, each dimension, each attribute)."""
        plain = {"compare", "own_channel", "start", "end", "attributes"}
        return (bool(self.start or self.end) + len(self.attributes)
                + sum(bool(getattr(self, each.name)) for each in fields(self) if each.name not in plain))


def _date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _months_before(day: dt.date, months: int) -> dt.date:
    """The first of the month, `months` earlier; `day` is a first of a month."""
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day `years` earlier; 29 February becomes 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
