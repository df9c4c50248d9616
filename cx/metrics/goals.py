"""Targets of KPIs, for everybody or for one persona or channel, and whether they are met: by interval, not by point."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from cx.errors import QueryError, UnknownValue
from cx.filters import Filters
from cx.language import Language, text
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import find, registry
from cx.model import name_key
from cx.store import Store


def set_target(store: Store, kpi: str, target: float | None, owner: str | None = None, goal: str | None = None,
               persona: str | None = None, channel: str | None = None) -> None:
    """Set, replace or (with None) remove the target of a KPI, in its own unit (shares 0–1).

    Raises UnknownValue for an unknown KPI, persona or channel, QueryError for a target that is not a finite number in
    the KPI's range.
    """
    one = find(store, kpi)
    keys = {"persona": _known(store, "personas", persona), "channel": _known(store, "channels", channel)}
    if target is not None:
        target = _number(one, target)
    with store.write(derived=False) as cursor:
        cursor.execute("DELETE FROM goals WHERE kpi = ? AND persona IS NOT DISTINCT FROM ? "
                       "AND channel IS NOT DISTINCT FROM ?", [kpi, keys["persona"], keys["channel"]])
        if target is not None:
            cursor.execute("INSERT INTO goals "
                           "SELECT coalesce(max(goal_id), 0) + 1, ?, ?, ?, ?, ?, ?, 'user' FROM goals",
                           [goal, kpi, keys["persona"], keys["channel"], target, owner])


def targets(store: Store, filters: Filters = Filters()) -> dict[str, float]:
    """KPI → target that applies: of the one persona and channel chosen where there is one, else the general one."""
    persona = filters.persona[0] if len(filters.persona) == 1 else None
    channel = filters.channel[0] if len(filters.channel) == 1 else None
    rows = store.kept(
        "SELECT kpi, target FROM goals WHERE target IS NOT NULL AND (persona IS NULL OR persona = ?) "
        "AND (channel IS NULL OR channel = ?) "
        "ORDER BY (persona IS NOT NULL)::INTEGER + (channel IS NOT NULL)::INTEGER, (persona IS NOT NULL)::INTEGER, "
        "goal_id", [persona, channel])
    return dict(rows)


def goals(store: Store) -> pd.DataFrame:
    """Every target there is: kpi, persona, channel (keys, "" = everybody), target, owner ("" = nobody). Those of a KPI
    that this program does not know are left out."""
    frame = store.frame("SELECT kpi, coalesce(persona, '') AS persona, coalesce(channel, '') AS channel, target, "
                        "coalesce(owner, '') AS owner FROM goals WHERE target IS NOT NULL ORDER BY goal_id")
    return frame[frame["kpi"].isin(list(registry(store)))].reset_index(drop=True)


def read_target(kpi: Kpi, given: str, t: Language) -> float | None:
    """A target as somebody types it in that language, in the KPI's own unit: `40`, `%75`, `4,5`; shares in percent,
    waiting times in minutes. Nothing typed → None. Raises QueryError for what is no number."""
    words = given.replace("%", "").strip()
    if not words:
        return None
    number = t.parse_number(words)
    if number is None:
        raise QueryError(text("A target is a number, not “{value}”.", value=given))
    return number * TYPED_IN.get(kpi.unit, 1)


TYPED_IN: Mapping[str, float] = {"share": 0.01, "seconds": 60}
"""Unit → what a typed target is multiplied by."""


def status_of(kpi: Kpi, value: float | None, lower: float | None, upper: float | None,
              target: float | None) -> str | None:
    """on_target, below_target (of a KPI where less is better: above it), cannot_tell, or None without a target or
    value. A KPI without an interval (a count) is judged by its value."""
    if target is None or value is None:
        return None
    if kpi.method == "total":
        lower = upper = value
    if lower is None or upper is None:
        return "cannot_tell"
    worst, best = (-upper, -lower) if kpi.direction < 0 else (lower, upper)
    wanted = -target if kpi.direction < 0 else target
    if worst >= wanted:
        return "on_target"
    return "below_target" if best < wanted else "cannot_tell"


def _number(kpi: Kpi, target: object) -> float:
    try:
        number = float(target)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise QueryError(text("A target is a number, not “{value}”.", value=str(target))) from None
    low, high = kpi.bounds
    if not math.isfinite(number):
        raise QueryError(text("A target is a number, not “{value}”.", value=str(target)))
    if (low is not None and number < low) or (high is not None and number > high):
        if kpi.unit == "share":
            raise QueryError(text("A target for {kpi} lies between 0% and 100% (0 to 1 as a number).", kpi=kpi.name))
        if low is not None and high is not None:
            raise QueryError(text("A target for {kpi} lies between {low} and {high}.", kpi=kpi.name, low=low,
                                  high=high))
        raise QueryError(text("A target for {kpi} is at least {low}.", kpi=kpi.name, low=low))
    return number


def _known(store: Store, table: str, name: str | None) -> str | None:
    if name is None:
        return None
    keys = [row[0] for row in store.rows(f"SELECT key FROM {table} ORDER BY key")]
    key = name_key(name)
    if key not in keys:
        raise UnknownValue(text("Persona") if table == "personas" else text("Channel"), name, keys)
    return key
