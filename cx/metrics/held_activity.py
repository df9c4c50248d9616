"""Activity in two neighbouring periods of the customers who were at some place, from what is held of `steps` in memory
(cx.metrics.held_steps): one pass instead of reading all their rows. Derived tables answer for all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics.calendar_days import day_number, first_days, period_numbers
from cx.metrics.cells_sql import with_one_before
from cx.metrics.dimension import Dimension
from cx.metrics.held import grouped
from cx.metrics.held_attempts import FAR
from cx.metrics.held_steps import Held, over_parts, parts_of, with_held
from cx.metrics.sums import Group
from cx.store import Store

Array = np.ndarray[Any, Any]
Answer = tuple[list[Group], Array, Array]
"""Groups (value, period), and of each the customers who were active in the period before it, and those who stayed."""


def answers(filters: Filters, by: Dimension | None) -> bool:
    """Whether it does: customers are told apart by the one value that each has."""
    return bool(filters.stage or filters.touchpoint) and not (filters.own_channel and filters.channel) and (
        by is None or (not by.attribute and by.name in ("persona", "channel")))


def activity(store: Store, filters: Filters, by: Dimension | None, interval: str | None) -> Answer | None:
    """Of each value and period, a calendar interval or the one that is selected; None where it has to be asked of the
    rows."""
    return with_held(store, lambda held: None if held is None or held.ends_at is None or not held.first_rows[-1] else
                     _activity(store, held, filters, by, interval))


def _activity(store: Store, held: Held, filters: Filters, by: Dimension | None, interval: str | None) -> Answer:
    starts, end, lowest = _periods(held, filters, interval)
    many, slots = _visits(held, [*starts, end])
    customer = np.repeat(np.arange(len(held.customers)), many)
    there = (slots > 0) & (slots <= len(starts)) & held.wanted(held.chosen(filters), 0, len(held.customers))[customer]
    customer, slots = customer[there], slots[there].astype(np.int64)
    stayed = np.append((customer[1:] == customer[:-1]) & (slots[1:] == slots[:-1] + 1), False)[:len(slots)]
    period = slots + lowest  # the one that follows
    counts = slots == 1
    if interval:
        counts = slots < slots.max(initial=0)
        if filters.start is not None:
            counts &= period >= period_numbers(np.array([day_number(filters.start)]), interval)[0]
    customer, period, stayed = customer[counts], period[counts], stayed[counts]
    values, codes = first_values(store, held, by) if by else ([None], np.empty(0, dtype=np.int64))
    value = np.where(codes[customer] < len(values) - 1, codes[customer], -1) if by else None
    groups, of_row = grouped(value, period if interval else np.zeros(len(period), dtype=np.int64), interval)
    if by:
        groups = [(None if place is None else values[int(str(place))], *rest) for place, *rest in groups]
    were, back = (np.bincount(each, minlength=len(groups)).astype(float) for each in (of_row, of_row[stayed]))
    return groups, were, back


def _periods(held: Held, filters: Filters, interval: str | None) -> tuple[list[dt.date], dt.date, int]:
    """The first days of the periods that are asked about, the day after the last, and the number of the first."""
    day = dt.timedelta(days=1)
    if interval is None:
        before = replace(filters, compare="previous").compared()
        assert before is not None
        assert before.start is not None
        assert filters.start is not None
        assert filters.end is not None
        return [before.start, filters.start], filters.end + day, 0
    first: dt.date = np.datetime64(held.moments.origin, "us").astype("datetime64[D]").item()
    first = with_one_before(filters, interval).start or first
    last = min(filters.end or held.ends_at.date(), held.ends_at.date())
    low, high = period_numbers(np.array([day_number(first), day_number(last)]), interval)
    return first_days(np.arange(low, high + 1), interval).tolist(), last + day, int(low)


def _visits(held: Held, days: Sequence[dt.date]) -> tuple[Array, Array]:
    """How many of the periods that begin on those days (0: before the first) each customer was active in, and which."""
    from cx.metrics.retention_kernel import visits_of  # compiles on import: not at the start of the app

    moments, nowhere = held.moments, np.empty(0, dtype=np.int8)
    edges = np.array([-FAR, *(moments.first_from(int(np.datetime64(day, "us").astype(np.int64))) for day in days)],
                     dtype=np.int64)

    def part(low: int, high: int) -> tuple[Array, Array]:
        start, end = held.first_rows[low], held.first_rows[high]
        return visits_of(held.first_rows[low:high + 1] - start, moments.ticks[start:end], nowhere,
                         np.ones(1, dtype=np.bool_), edges)[:2]

    many, slots = zip(*over_parts(parts_of(held.first_rows), part), strict=True)
    return np.concatenate(many), np.concatenate(slots)


def first_values(store: Store, held: Held, by: Dimension) -> tuple[list[Any], Array]:
    """The values that customers have (the last: none), and the number of each customer's, as in Held.customers."""
    def asked() -> tuple[int, list[Any], Array]:
        value: Clause = by.of_customers("first")
        frame = store.frame(f"SELECT v.customer_key, v.value FROM ({value.sql}) v", value.params)
        codes, values = pd.factorize(frame["value"])
        known, keys = [each.item() if isinstance(each, np.generic) else each for each in values], frame["customer_key"]
        of_key = np.full(max(held.room, int(keys.max() if len(keys) else 0) + 1), len(known), dtype=np.int32)
        of_key[keys] = codes
        return held.version, [*known, None], of_key[held.customers]

    version, values, codes = store.memo(("first values of customers", by), asked)
    if version != held.version:  # the data has just changed
        _, values, codes = asked()
    return values, codes
