"""What a funnel question means: its steps, exclusions and options resolved against the workspace's names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cx.errors import QueryError, UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics.dimension import ATTRIBUTIONS, Dimension, dimension, stages_in_use
from cx.model import name_key
from cx.store import Store

Order = Literal["ordered", "any", "strict"]
ORDERS: tuple[str, ...] = ("ordered", "any", "strict")
BY: tuple[str, ...] = ("stage", "touchpoint", "channel")
MOST_STEPS = 30
Values = str | tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A step with conditions of its own; a bare name (or tuple of names) is a step without any.

    values    a name, or several, any of which will do
    optional  may be skipped. What may be skipped never changes which attempt counts: the other steps are reached as if
              it were not there, and it is reached by those who did it between its neighbours
    within    longest time since the step before it that may not be skipped, end included; None = no limit
    """

    values: Values
    optional: bool = False
    within: dt.timedelta | None = None


Given = Values | Step


@dataclass(frozen=True)
class Exclusion:
    """Attempts with an interaction `value` strictly between two of their steps do not count.

    value      a name (or several) of the funnel's own dimension
    from_step  the step after which it must not happen: its position (1 = first) or its name
    to_step    the step before which it must not happen; where an attempt does not reach it, the span runs until the
               attempt could go no further (without a window: for ever)
    Neither of the two may be optional.
    """

    value: Values
    from_step: int | str = 1
    to_step: int | str = 2


@dataclass(frozen=True)
class Plan:
    """A funnel question, resolved.

    labels, conditions  per step: its name as given, and an SQL condition on `interactions AS i` (ids only)
    excluded            (condition, from position, to position), positions 1-based
    window              microseconds from the first step to each later one, end included; None = no limit
    optional, within    per step: may be skipped; microseconds since the required step before, None = no limit
    begin, finish       first moment (included) and end (not included) of the period in which attempts start
    prefix              the steps are the first stages in use in the order of the model (so `attempts` has them)
    """

    labels: tuple[str, ...]
    conditions: tuple[str, ...]
    by: str
    order: str
    window: int | None
    excluded: tuple[tuple[str, int, int], ...]
    breakdown: Dimension | None
    attribution: str
    begin: dt.datetime | None
    finish: dt.datetime | None
    filters: Filters
    prefix: bool
    optional: tuple[bool, ...]
    within: tuple[int | None, ...]

    @property
    def required(self) -> tuple[int, ...]:
        """Positions (1-based) of the steps that may not be skipped."""
        return tuple(place for place, skip in enumerate(self.optional, start=1) if not skip)

    def before(self, position: int) -> int:
        """The required step before; of the first step, itself."""
        return max((place for place in self.required if place < position), default=position)

    def must_have(self, step: int, first: int, last: int) -> None:
        """Raise QueryError where a position is none from `first` to `last`."""
        if not first <= step <= last:
            raise QueryError(text("The step is a number from {first} to {last}.", first=first, last=last))

    def after(self, position: int) -> int:
        """The required step after; of the last step, itself."""
        return min((place for place in self.required if place > position), default=position)

    @property
    def limit(self) -> int | None:
        """Microseconds after its start at which an attempt can no longer go on at the latest; None = never."""
        gaps = [self.within[place - 1] for place in self.required[1:]]
        known = [gap for gap in gaps if gap is not None]
        whole = sum(known) if gaps and len(known) == len(gaps) else None
        return min((each for each in (self.window, whole) if each is not None), default=None)


def resolve(store: Store, steps: Sequence[Given] | None, by: str, order: str, window: dt.timedelta | None,
            exclusions: Sequence[Exclusion], breakdown: str | None, attribution: str,
            start: dt.date | str | None, end: dt.date | str | None, filters: Filters) -> Plan:
    """The plan of a question; raises QueryError (UnknownValue for names) where it has no meaning."""
    _among(text("Dimension"), by, BY)
    _among(text("Order"), order, ORDERS)
    _among(text("Attribution"), attribution, ATTRIBUTIONS)
    if isinstance(steps, (str, Step)):
        steps = (steps,)
    in_use = default_steps(store)
    if steps is None:
        if by != "stage":
            raise QueryError(text("Choose the steps: only a funnel of stages has steps of its own."))
        steps = in_use
    if not 1 <= len(steps) <= MOST_STEPS and (steps or in_use):
        raise QueryError(text("A funnel has 1 to {most} steps, not {n}.", most=MOST_STEPS, n=len(steps)))
    names = _Names(store, by)
    asked = [step if isinstance(step, Step) else Step(step) for step in steps]
    _check_conditions(asked, order)
    conditions = tuple(names.condition(step.values) for step in asked)
    labels = tuple(_label(step.values) for step in asked)
    optional = tuple(step.optional for step in asked)
    if window is not None and window < dt.timedelta(0):
        raise QueryError(text("A window cannot be negative."))
    begin, finish = _bounds(filters, start, end)
    prefix = by == "stage" and [names.stage_key(step.values) for step in asked] == in_use[:len(asked)]
    split = dimension(store, breakdown) if breakdown is not None else None
    return Plan(labels, conditions, by, order, _microseconds(window),
                tuple(_excluded(names, labels, optional, each) for each in exclusions), split, attribution, begin,
                finish, replace(filters, start=None, end=None), prefix, optional,
                tuple(_microseconds(step.within) for step in asked))


def default_steps(store: Store) -> list[str]:
    """Keys of the stages in use (some known customer has a dated interaction there), in the order of the model."""
    keys = dict(store.kept("SELECT stage_id, key FROM stages"))
    return [keys[stage] for stage in stages_in_use(store) if stage in keys]


class _Names:
    """The names of a dimension and the SQL condition of each."""

    def __init__(self, store: Store, by: str) -> None:
        self._what: Text = {"stage": text("Stage"), "touchpoint": text("Touchpoint"), "channel": text("Channel")}[by]
        self._by = by
        table = {"stage": "stages", "touchpoint": "touchpoints", "channel": "channels"}[by]
        rows = store.kept(f"SELECT key, label, {by}_id FROM {table} ORDER BY {by}_id")
        self._labels = {key: label for key, label, _ in rows}
        self._ids = {name_key(label): (f"{by}_id", found) for _, label, found in rows}
        self._ids |= {key: (f"{by}_id", found) for key, _, found in rows}
        self._stages = {name_key(label): key for key, label, _ in rows} | {key: key for key, _, _ in rows}
        if by == "stage":  # names of files that are no stage of the model match by what the file said
            for key, label, found in store.kept("SELECT key, label, stage_label_id FROM stage_labels"):
                self._labels.setdefault(key, label)
                self._ids.setdefault(key, ("stage_label_id", found))

    def condition(self, step: Values) -> str:
        """SQL on `interactions AS i`; raises UnknownValue."""
        given = (step,) if isinstance(step, str) else tuple(step)
        if not given:
            raise QueryError(text("A step needs at least one name."))
        columns: dict[str, set[int]] = {}
        for name in given:
            found = self._ids.get(name_key(str(name)))
            if found is None:
                raise UnknownValue(self._what, name, self._labels.values())
            columns.setdefault(found[0], set()).add(int(found[1]))
        return " OR ".join(f"i.{column} IN ({', '.join(map(str, sorted(ids)))})" for column, ids in columns.items())

    def stage_key(self, step: Values) -> str | None:
        """The stage of the model that the step is, None for anything else."""
        names = (step,) if isinstance(step, str) else tuple(step)
        return self._stages.get(name_key(names[0])) if len(names) == 1 else None


def _check_conditions(steps: Sequence[Step], order: str) -> None:
    """Refuse conditions of steps that have no meaning."""
    if any(step.optional for step in steps):
        if order != "ordered":
            raise QueryError(text("Steps may be skipped only where they come in order, others in between allowed."))
        if steps[0].optional or steps[-1].optional:
            raise QueryError(text("The first and the last step cannot be skipped."))
    timed = [step.within for step in steps if step.within is not None]
    if timed and (order == "any" or steps[0].within is not None):
        raise QueryError(text("A time since the step before needs a step before: not the first, and not in any order."))
    if any(each < dt.timedelta(0) for each in timed):
        raise QueryError(text("A window cannot be negative."))


def _excluded(names: _Names, labels: Sequence[str], optional: Sequence[bool],
              exclusion: Exclusion) -> tuple[str, int, int]:
    first, last = (_position(labels, each) for each in (exclusion.from_step, exclusion.to_step))
    if optional[first - 1] or optional[last - 1]:
        raise QueryError(text("An exclusion lies between two steps that cannot be skipped."))
    if first >= last:
        raise QueryError(text("An exclusion lies between a step and a later one, not between {first} and {last}.",
                              first=first, last=last))
    return names.condition(exclusion.value), first, last


def _position(labels: Sequence[str], step: int | str) -> int:
    if isinstance(step, str):
        keys = [name_key(label) for label in labels]
        if name_key(step) not in keys:
            raise UnknownValue(text("Step"), step, labels)
        return keys.index(name_key(step)) + 1
    if not 1 <= step <= len(labels):
        raise UnknownValue(text("Step"), step, range(1, len(labels) + 1))
    return int(step)


def _microseconds(time: dt.timedelta | None) -> int | None:
    return None if time is None else time // dt.timedelta(microseconds=1)


def _label(step: Values) -> str:
    return step if isinstance(step, str) else " / ".join(str(name) for name in step)


def _bounds(filters: Filters, start: dt.date | str | None,
            end: dt.date | str | None) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The moments between which attempts start: a date as end is included, a moment as end is not."""
    begin, finish = (_moment(each) for each in (filters.start if start is None else start,
                                                filters.end if end is None else end))
    last_day = finish is not None and not isinstance(finish, dt.datetime)
    low = None if begin is None else begin if isinstance(begin, dt.datetime) else dt.datetime.combine(begin, dt.time())
    high = None if finish is None else finish if isinstance(finish, dt.datetime) else dt.datetime.combine(
        finish, dt.time()) + dt.timedelta(days=1)
    if low is not None and high is not None and low >= high:
        shown = high - dt.timedelta(days=1) if last_day else high
        raise QueryError(text("The period starts on {start}, after its end on {end}.", start=low.date(),
                              end=shown.date()))
    return low, high


def _moment(given: dt.date | str | None) -> dt.date | None:
    if not isinstance(given, str):
        return given
    try:
        return dt.datetime.fromisoformat(given) if len(given) > 10 else dt.date.fromisoformat(given)
    except ValueError:
        raise QueryError(text("A period starts and ends on a day, not on “{value}”.", value=given)) from None


def _among(what: Text, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise UnknownValue(what, value, accepted)
