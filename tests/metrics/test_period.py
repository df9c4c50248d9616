"""A clicked period, as far as the selection reaches."""

from __future__ import annotations

import datetime as dt

import pytest

from cx import Filters
from cx.metrics import funnel
from cx.metrics.period import days_of
from tests.metrics.stores import store_of


@pytest.mark.parametrize(("first", "step", "start", "end", "days"), [
    ("2025-03-03", "week", None, None, ("2025-03-03", "2025-03-09")),
    ("2025-03-03", "week", "2025-03-05", None, ("2025-03-05", "2025-03-09")),  # cut in front
    ("2025-03-03", "week", None, "2025-03-06", ("2025-03-03", "2025-03-06")),  # and behind
    ("2025-03-03", "week", "2025-03-05", "2025-03-06", ("2025-03-05", "2025-03-06")),
    ("2024-02-01", "month", None, None, ("2024-02-01", "2024-02-29")),
    ("2025-01-01", "quarter", "2025-02-10", "2025-12-31", ("2025-02-10", "2025-03-31")),
    ("2025-03-03", "day", "2025-03-01", "2025-03-31", ("2025-03-03", "2025-03-03")),
])
def test_a_period_that_the_selection_cuts_is_cut(first, step, start, end, days) -> None:
    found = days_of(dt.date.fromisoformat(first), step, Filters(start=start, end=end))
    assert tuple(map(str, found)) == days


def test_a_clicked_week_that_the_period_cuts_holds_as_many_as_its_point() -> None:
    """One customer enters on each day of three weeks; the period begins on a Wednesday and ends on a Tuesday."""
    days = [dt.date(2025, 3, 3) + dt.timedelta(days=n) for n in range(21)]
    store = store_of([{"customer": f"c{n}", "occurred_at": f"{day} 1{hour}:00", "stage": stage}
                      for n, day in enumerate(days) for hour, stage in enumerate(("awareness", "consideration"))])
    filters = Filters(start="2025-03-05", end="2025-03-18")
    course = funnel.trend(store, interval="week", filters=filters)
    assert course["entered"].tolist() == [5, 7, 2]
    for row in course.to_dict("records"):
        start, end = days_of(row["period"].date(), "week", filters)
        assert len(funnel.customers(store, filters=Filters(start=start, end=end))) == row["entered"]
