"""The customers behind the charts of a funnel: where the lost went next, and how long it took who got through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics.dimension import dimension, with_labels
from cx.metrics.funnel import customers, time_to_convert
from cx.metrics.funnel_attempts import best_attempts
from cx.metrics.funnel_plan import Exclusion, Given, resolve
from cx.store import Store


def went_next(store: Store, key: str | None, steps: Sequence[Given] | None = None, by: str = "stage",
              order: str = "ordered", window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (),
              step: int = 1, start: dt.date | str | None = None, end: dt.date | str | None = None,
              filters: Filters = Filters(), of: str = "touchpoint") -> pd.DataFrame:
    """The customers that a "next" row of `funnel.drop_off` counts: those lost after the step at position `step` whose
    first interaction after it was at `key` ("" = not known, None = nothing came after).

    → customer_id, persona (label, "" = none), started_at, reached_at (of that step), next_at (null = nothing came); the
      latest start first. Raises UnknownValue, QueryError.
    """
    plan = resolve(store, steps, by, order, window, exclusions, None, "first", start, end, filters)
    plan.must_have(step, 1, len(plan.labels) - 1)
    split = dimension(store, of)
    value, join = split.value("i"), split.join("i")
    with best_attempts(store, plan) as best:
        frame = best.cursor.execute(f"""
            WITH lost AS (SELECT b.customer_key, b.t1 AS started_at, b.t{step} AS reached_at
                          FROM ({best.relation.sql}) b WHERE b.t{step} IS NOT NULL AND b.t{plan.after(step)} IS NULL),
            done AS (SELECT i.customer_key, {value.sql} AS value, i.occurred_at AS next_at,
                row_number() OVER (PARTITION BY i.customer_key
                                   ORDER BY i.occurred_at, o.position NULLS LAST, i.interaction_id) AS place
                FROM interactions i JOIN lost l ON l.customer_key = i.customer_key
                LEFT JOIN stages o ON o.stage_id = i.stage_id {join.sql}
                WHERE i.occurred_at > l.reached_at)
            SELECT c.customer_id, coalesce(p.label, '') AS persona, l.started_at, l.reached_at, d.next_at, d.value
            FROM lost l LEFT JOIN done d ON d.customer_key = l.customer_key AND d.place = 1
            JOIN customers c ON c.customer_key = l.customer_key LEFT JOIN personas p ON p.persona_id = c.persona_id
            ORDER BY l.started_at DESC, c.customer_key""",
            [*best.relation.params, *value.params, *join.params]).df()
    nothing = frame["next_at"].isna()
    found = frame[nothing] if key is None else frame[~nothing & (with_labels(store, frame, split)["key"] == key)]
    return found.drop(columns="value").reset_index(drop=True)


def took(store: Store, number: int, steps: Sequence[Given] | None = None, by: str = "stage", order: str = "ordered",
         window: dt.timedelta | None = None, exclusions: Sequence[Exclusion] = (),
         start: dt.date | str | None = None, end: dt.date | str | None = None, filters: Filters = Filters(),
         bins: int = 20) -> pd.DataFrame:
    """The customers that a bar of `funnel.time_to_convert` counts; number: which, from 0 on. → as `funnel.customers`;
    a bar that there is not holds nobody. Raises UnknownValue, QueryError."""
    asked = {"steps": steps, "by": by, "order": order, "window": window, "exclusions": exclusions, "start": start,
             "end": end, "filters": filters}
    bars = time_to_convert(store, bins=bins, **asked)  # type: ignore[arg-type]
    last = len(resolve(store, steps, by, order, window, exclusions, None, "first", start, end, filters).labels)
    if not last:
        return pd.DataFrame(columns=["customer_id", "persona", "started_at", "reached_at", "seconds"])
    found = customers(store, step=last, **asked)  # type: ignore[arg-type]
    place = np.searchsorted(bars["lower_seconds"].to_numpy(float), found["seconds"].to_numpy(float), side="right") - 1
    return found[np.clip(place, 0, max(len(bars) - 1, 0)) == number].reset_index(drop=True)
