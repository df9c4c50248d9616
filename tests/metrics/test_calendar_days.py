"""Periods as numbers: the same days, weeks, months and quarters as by the calendar."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.metrics.calendar_days import day_number, first_days, period_numbers
from cx.metrics.cells import INTERVALS, calendar_start


@pytest.mark.parametrize(("day", "interval", "first", "next_first"), [
    ("2025-03-02", "day", "2025-03-02", "2025-03-03"), ("2025-03-02", "week", "2025-02-24", "2025-03-03"),
    ("1969-12-31", "week", "1969-12-29", "1970-01-05"), ("2024-02-29", "month", "2024-02-01", "2024-03-01"),
    ("2025-12-31", "quarter", "2025-10-01", "2026-01-01"), ("1969-12-31", "quarter", "1969-10-01", "1970-01-01")])
def test_the_first_days_of_a_period_and_of_the_next(day, interval, first, next_first):
    number = period_numbers(np.array([day_number(dt.date.fromisoformat(day))]), interval)[0]
    assert first_days(np.array([number, number + 1]), interval).astype(str).tolist() == [first, next_first]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(INTERVALS))
def test_any_day_lies_in_the_period_of_the_calendar(day, interval):
    number = period_numbers(np.array([day_number(day)]), interval)
    assert first_days(number, interval).tolist() == [calendar_start(day, interval).date()]
