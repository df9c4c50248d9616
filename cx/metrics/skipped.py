"""Stages that customers pass by: who came to a later stage of the funnel without ever having been seen in one of those
before. The funnel asks for every stage in use, in order, so it counts them as lost there, though nobody was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics.cells import conversion_step, converts
from cx.metrics.dimension import stages_in_use
from cx.metrics.held_attempts import FAR
from cx.metrics.held_steps import Held, over_parts, parts_of, with_held
from cx.store import Store
from cx.store.derive_sql import STAGES_USED

SHARE_TOLD = 0.05
"""From this share of the customers who came later on it is told: a few gaps are in any data."""

_SHARE_LOOKED_AT = 0.01  # where not even so many of all customers pass a stage by, selections are not asked

Array = np.ndarray[Any, Any]


def left_out(store: Store) -> list[str]:
    """Keys, in order, of the stages that interactions are in and that somebody left out of the funnel."""
    counted = set(stages_in_use(store))
    keys = dict(store.kept("SELECT stage_id, key FROM stages"))
    return [keys[stage] for (stage,) in store.kept(STAGES_USED) if stage not in counted]


def told(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """Of `skipped`, the stages that so many pass by that it has to be told, those that most do first."""
    if not converts(filters):
        return skipped(store, filters, only=())
    whole = store.memo("stages passed by", lambda: skipped(store))
    many = whole["skipped"] >= _SHARE_LOOKED_AT * whole["came"]
    found = skipped(store, filters, only=whole[many & (whole["skipped"] > 0)]["stage"].tolist())
    found = found[(found["skipped"] > 0) & (found["skipped"] >= SHARE_TOLD * found["came"])]
    return found.sort_values(["skipped", "position"], ascending=[False, True]).reset_index(drop=True)


def skipped(store: Store, filters: Filters = Filters(), only: Sequence[str] | None = None) -> pd.DataFrame:
    """One row for each stage of the funnel but the last (`only`: some of them).

    → stage (key), position (1 = first of the funnel), goal (key of the later stage that is asked about: the purchase,
      or for stages behind it the last one), came (customers who entered, and came to the goal then or later; for the
      first stage all who came to the goal), skipped (those of them with no dated interaction in the stage, ever)

    Those in `skipped` cannot reach the goal in the funnel of all stages. The period chooses who entered (for the first
    stage: who came to the goal) in it; other filters choose customers, as in a funnel.
    """
    used = stages_in_use(store)
    keys = dict(store.kept("SELECT stage_id, key FROM stages"))
    places = range(len(used) - 1) if only is None else [
        place for place in range(len(used) - 1) if keys.get(used[place]) in only]
    columns = ["stage", "position", "goal", "came", "skipped"]
    if not places:
        return pd.DataFrame(columns=columns)
    bought = (conversion_step(store) or len(used)) - 1
    goals = [bought if place < bought else len(used) - 1 for place in range(len(used) - 1)]
    counted = with_held(store, lambda held: None if held is None else _of_held(held, used, goals, filters))
    if counted is None:
        counted = _of_file(store, used, goals, filters)
    return pd.DataFrame([(keys[used[place]], place + 1, keys[used[goals[place]]], *map(int, counted[place]))
                         for place in places], columns=columns)


def _of_held(held: Held, used: Sequence[int], goals: Sequence[int], filters: Filters) -> Array:
    from cx.metrics.skipped_kernel import passed_by  # compiles on import: not at the start of the app

    moments, stages, chosen = held.moments, held.column("stage_id"), held.chosen(filters)
    begin, finish = (None if each is None else moments.first_from(_microseconds(each)) for each in _bounds(filters))
    step_of = np.full(max(*used, int(stages.max(initial=0))) + 2, -1, dtype=np.int64)
    for place, stage in enumerate(used):
        step_of[stage + 1] = place

    def count(low: int, high: int) -> Array:
        found: Array = passed_by(held.first_rows[low:high + 1], moments.ticks, stages, step_of,
                                 held.wanted(chosen, low, high), np.array(goals, dtype=np.int64),
                                 -FAR if begin is None else begin, FAR if finish is None else finish)
        return found

    return np.sum(over_parts(parts_of(held.first_rows), count), axis=0)


def _of_file(store: Store, used: Sequence[int], goals: Sequence[int], filters: Filters) -> Array:
    """The same in SQL."""
    first, last = _bounds(filters)
    inside = Clause.all_of([*([Clause("s.occurred_at >= ?", (first,))] if first else []),
                            *([Clause("s.occurred_at < ?", (last,))] if last else [])])
    asked = sorted({0, *goals})
    columns = [f"count(CASE WHEN s.stage_id = {stage} THEN 1 END) AS n{place}" for place, stage in enumerate(used)]
    columns += [f"max(CASE WHEN s.stage_id = {used[place]} THEN s.occurred_at END) AS last{place}" for place in asked]
    inner = f"max(CASE WHEN s.stage_id = {used[goals[0]]} AND ({inside.sql}) THEN 1 ELSE 0 END) AS inside"
    start = f"min(CASE WHEN s.stage_id = {used[0]} AND ({inside.sql}) THEN s.occurred_at END) AS start"
    counts = []
    for place, goal in enumerate(goals):
        came = "c.inside = 1" if place == 0 else f"c.last{goal} >= c.start"
        counts += [f"count(CASE WHEN {came} THEN 1 END)", f"count(CASE WHEN {came} AND c.n{place} = 0 THEN 1 END)"]
    chosen = filters.journeys("j")
    who = "" if chosen.sql == "TRUE" else (
        f" WHERE s.customer_key IN (SELECT j.customer_key FROM journeys j WHERE {chosen.sql})")
    [row] = store.rows(
        f"SELECT {', '.join(counts)} FROM (SELECT s.customer_key, {', '.join([*columns, inner, start])} FROM steps s"
        f"{who} GROUP BY s.customer_key) c",
        [*inside.params, *inside.params, *(chosen.params if who else ())])
    return np.array(row, dtype=np.int64).reshape(-1, 2)


def _bounds(filters: Filters) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The first moment of the period, and the first after it."""
    return (dt.datetime.combine(filters.start, dt.time()) if filters.start else None,
            dt.datetime.combine(filters.end + dt.timedelta(days=1), dt.time()) if filters.end else None)


def _microseconds(moment: dt.datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))
