"""The rows that the kernel of the funnel needs: what each may be good for, and between which moments attempts start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from cx.filters import DIMENSIONS, Clause
from cx.metrics.cells import calendar_start
from cx.metrics.dimension import Dimension
from cx.metrics.funnel_plan import Plan

NO_PERIODS = np.array([0], dtype="datetime64[us]")
_FAR = 2**62


@dataclass(frozen=True)
class Rows:
    """What the kernel takes, and for each journey the customer's key and (where asked) the value it is about."""

    keys: np.ndarray
    values: np.ndarray | None
    first_rows: np.ndarray
    times: np.ndarray
    masks: np.ndarray


def by_steps(plan: Plan) -> bool:
    """Whether the kernel can take the rows from `steps` as they stand there; else interactions are sorted."""
    single = all("stage_label_id" not in each for each in (*plan.conditions, *(each for each, _, _ in plan.excluded)))
    return single and not plan.filters.own_channel and not grouped(plan)


def masks_of(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> np.ndarray:
    """What a row may be good for, by its value; the last one: not known."""
    mask = _mask(_bits(plan))
    known = cursor.execute(f"SELECT i.{plan.by}_id AS id, {mask.sql} AS mask FROM {DIMENSIONS[plan.by]} i",
                           mask.params).fetchnumpy()
    masks = np.zeros(int(known["id"].max(initial=0)) + 2, dtype=np.int64)
    masks[known["id"]] = known["mask"]
    return masks


def sorted_rows(cursor: duckdb.DuckDBPyConnection, plan: Plan) -> Rows:
    rows = _rows(plan)
    found = cursor.execute(rows.sql, rows.params).fetchnumpy()
    # writable and contiguous: the kernel is compiled for each kind of array it meets
    keys, times, masks = (np.require(found[name], np.int64, ["C", "W"]) for name in ("customer_key", "moment", "mask"))
    values = pd.Series(found["value"]) if grouped(plan) else None
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    if values is not None:
        codes, _ = pd.factorize(values)
        new[1:] |= codes[1:] != codes[:-1]
    first = np.flatnonzero(new)
    return Rows(keys[first], None if values is None else values.to_numpy()[first],
                 np.append(first, len(keys)).astype(np.int64), times, masks)


def skipped(plan: Plan) -> tuple[int, ...]:
    return tuple(place for place, skip in enumerate(plan.optional, start=1) if skip)


def limits(plan: Plan, places: Sequence[int]) -> np.ndarray:
    """The longest times since the step before, as the kernel takes them."""
    limits = [plan.within[place - 1] for place in places]
    return np.array([-1 if limit is None else limit for limit in limits], dtype=np.int64)


def ranks(plan: Plan, places: Sequence[int]) -> np.ndarray:
    """Positions among the steps that may not be skipped."""
    return np.array([plan.required.index(place) + 1 for place in places], dtype=np.int64)


def grouped(plan: Plan) -> bool:
    """Whether rows have a value each."""
    return plan.breakdown is not None and plan.attribution == "all" and not of_customer(plan.breakdown)


def of_customer(split: Dimension) -> bool:
    return split.name == "persona" and not split.attribute


def _bits(plan: Plan) -> list[Clause]:
    """What a row may be good for, in the order of the kernel."""
    step = plan.filters.steps("i")
    required, optional = ([Clause.all_of([Clause(plan.conditions[place - 1]), step]) for place in places]
                          for places in (plan.required, skipped(plan)))
    return [*required, *(Clause(condition) for condition, _, _ in plan.excluded), *optional]


def _mask(bits: Sequence[Clause]) -> Clause:
    sums = " + ".join(f"CASE WHEN {bit.sql} THEN {1 << place} ELSE 0 END" for place, bit in enumerate(bits))
    return Clause(f"CAST({sums} AS BIGINT)", tuple(value for bit in bits for value in bit.params))


def in_time(plan: Plan) -> list[Clause]:
    """Conditions on the time of `i` of what may belong to an attempt."""
    where = []
    if plan.begin is not None:
        where.append(Clause("i.occurred_at >= ?", (plan.begin,)))
    if plan.finish is not None and plan.window is not None:
        where.append(Clause(f"i.occurred_at <= CAST(? AS TIMESTAMP) + {interval_sql(plan.window)}", (plan.finish,)))
    return where


def _rows(plan: Plan) -> Clause:
    """customer_key, [value,] moment, mask of the rows the kernel needs, sorted."""
    by_value, mask = grouped(plan), _mask(_bits(plan))
    params: list[object] = []
    head = join = ""
    joined: tuple[object, ...] = ()
    if by_value and plan.breakdown is not None:
        split = plan.breakdown
        value, source = (split.value("i"), split.join("i")) if not split.attribute else _each_attribute(split)
        head, join, joined = f"{value.sql} AS value, ", source.sql, source.params
        params += value.params
    journeys = plan.filters.journeys("j")
    every = Clause.all_of([
        Clause("i.occurred_at IS NOT NULL"),
        Clause(f"i.customer_key IN (SELECT j.customer_key FROM journeys j WHERE {journeys.sql})", journeys.params),
        *in_time(plan)])
    keep = "TRUE" if plan.order == "strict" else "mask <> 0"
    keep += " AND value IS NOT NULL" if by_value else ""
    order = "customer_key, value, moment, interaction_id" if by_value else "customer_key, moment, interaction_id"
    return Clause(
        f"SELECT * FROM (SELECT i.customer_key, {head}epoch_us(i.occurred_at) AS moment, {mask.sql} AS mask, "
        f"i.interaction_id FROM interactions i {join} WHERE {every.sql}) WHERE {keep} ORDER BY {order}",
        (*params, *mask.params, *joined, *every.params))


def _each_attribute(split: Dimension) -> tuple[Clause, Clause]:
    """Every value a customer was given in a sheet of customers, else the interaction's own."""
    given = ("SELECT DISTINCT ca.customer_key, ca.value FROM customer_attributes ca JOIN attributes a "
             "USING (attribute_id) WHERE a.key = ?")
    return (Clause("coalesce(g.value, i.attributes[?])", (split.name,)),
            Clause(f"LEFT JOIN ({given}) g ON g.customer_key = i.customer_key", (split.name,)))


def edges_of(cursor: duckdb.DuckDBPyConnection, plan: Plan, interval: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Starts of the calendar periods, and the bounds (microseconds) of the periods in which attempts start."""
    low, high = bounds(plan)
    whole = NO_PERIODS, np.array([low, high], dtype=np.int64)
    if interval is None:
        return whole
    [(earliest, latest)] = cursor.execute(
        "SELECT epoch_us(min(first_at)), epoch_us(max(last_at)) FROM journeys").fetchall()
    if earliest is None:
        return whole
    first, last = (pd.Timestamp(int(bound), unit="us") for bound in (max(low, earliest), min(high, latest)))
    frequency = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}[interval]
    starts = pd.date_range(calendar_start(first.date(), interval), last, freq=frequency).to_numpy("datetime64[us]")
    if not len(starts):
        return whole
    edges = np.append(starts.astype(np.int64), high)
    edges[0] = max(edges[0], low)
    return starts, edges


def bounds(plan: Plan) -> tuple[int, int]:
    """Bounds of the time in which attempts start."""
    return (-_FAR if plan.begin is None else _microseconds(plan.begin),
            _FAR if plan.finish is None else _microseconds(plan.finish))


def _microseconds(moment: dt.datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))


def interval_sql(microseconds: int) -> str:
    return f"INTERVAL '{int(microseconds)} microseconds'"
