"""How much data there is, in the workspace and in a selection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cx.filters import Filters
from cx.metrics import cells_days, cells_held
from cx.store import Store


@dataclass(frozen=True)
class Span:
    """What the workspace holds. Days are None where nothing has a date; respondents are anonymous."""

    first_day: dt.date | None
    last_day: dt.date | None
    interactions: int
    undated: int
    customers: int
    respondents: int


def span(store: Store) -> Span:
    """The whole workspace."""
    first, last, interactions, undated = store.rows(
        "SELECT CAST(min(occurred_at) AS DATE), CAST(max(occurred_at) AS DATE), count(*), "
        "count(*) FILTER (WHERE occurred_at IS NULL) FROM interactions")[0]
    customers, respondents = store.rows(
        "SELECT coalesce(sum(customers) FILTER (WHERE NOT anonymous), 0), "
        "coalesce(sum(customers) FILTER (WHERE anonymous), 0) FROM active_days WHERE scope = 'all' "
        "AND NOT complaint AND next_at IS NULL"
    )[0]
    return Span(first, last, interactions, undated, int(customers), int(respondents))


def selected(store: Store, filters: Filters = Filters()) -> tuple[int, int, int]:
    """(customers, anonymous respondents, interactions) that the filters select, read as an interaction question."""
    if cells_days.countable(filters):
        return cells_held.counted(store, filters)
    where = filters.interactions("i")
    return store.rows(
        "SELECT count(DISTINCT i.customer_key) FILTER (WHERE NOT c.anonymous), "
        "count(DISTINCT i.customer_key) FILTER (WHERE c.anonymous), count(*) "
        f"FROM interactions i JOIN customers c USING (customer_key) WHERE {where.sql}", where.params)[0]
