"""The course before under the present one; holidays; and what happened on the way."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cx import Filters, open_store
from cx.errors import QueryError, UnknownValue
from cx.metrics import action
from cx.metrics.earlier import earlier
from cx.metrics.event import add_event, events, remove_event
from cx.metrics.holiday import holidays
from cx.metrics.kpi import trend
from tests.metrics.stores import store_of


@pytest.fixture(scope="module")
def years():
    """Two years, one answer on each of the first 28 days of a month: 10 in the first year, 0 in the second."""
    return store_of([{"customer": f"{month}-{day}", "occurred_at": dt.datetime(2024 + month // 12, month % 12 + 1, day, 12),
                      "nps": 0 if month >= 12 else 10, "campaign": "Spring" if month == 3 else None,
                      "wait_seconds": month} for month in range(24) for day in range(1, 29)])


def test_a_year_earlier_lies_month_under_month(years) -> None:
    found = earlier(years, "waiting_time", "last_year", "month")
    assert found["period"].dt.strftime("%Y-%m").tolist() == [f"2025-{month:02}" for month in range(1, 13)]
    assert found["earlier"].dt.year.unique().tolist() == [2024]
    assert found["value"].tolist() == list(range(12))
    assert found["n"].tolist() == [28] * 12


def test_a_year_earlier_of_days_lies_weekday_under_weekday(years) -> None:
    found = earlier(years, "nps", "last_year", "day", Filters(start="2025-03-03", end="2025-03-20"))
    assert (found["period"] - found["earlier"]).unique().tolist() == [pd.Timedelta(days=364)]
    assert (found["period"].dt.day_of_week == found["earlier"].dt.day_of_week).all()
    assert found["value"].eq(100).all()


def test_the_period_before_lies_first_under_first(years) -> None:
    quarter = Filters(start="2025-04-01", end="2025-06-30")
    found = earlier(years, "waiting_time", "previous", "month", quarter)
    assert found["period"].dt.month.tolist() == [4, 5, 6]
    assert found["earlier"].dt.month.tolist() == [1, 2, 3]
    assert found["value"].tolist() == [12, 13, 14]
    pd.testing.assert_series_equal(
        found["value"], trend(years, "waiting_time", "month", Filters(start="2025-01-01", end="2025-03-31"))["value"])


def test_an_earlier_period_without_data_keeps_its_place(years) -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-02-15", "nps": 10},
                      {"customer": "a", "occurred_at": "2025-04-15", "nps": 0}])
    found = earlier(store, "nps", "previous", "month", Filters(start="2025-03-01", end="2025-04-30"))
    assert found["earlier"].tolist() == [pd.Timestamp("2025-02-01")]
    assert found["period"].tolist() == [pd.Timestamp("2025-04-01")]  # January has nothing; February is the second month


@pytest.mark.parametrize(("against", "filters"), [
    ("previous", Filters()), ("previous", Filters(start="2024-01-01", end="2024-03-31")),
    ("last_year", Filters(start="2024-01-01", end="2024-06-30")),
])
def test_nothing_before_is_empty(years, against, filters) -> None:
    assert earlier(years, "nps", against, "month", filters).empty
    assert earlier(open_store(":memory:"), "nps", against, "month", filters).empty


def test_an_unknown_comparison_is_refused(years) -> None:
    with pytest.raises(UnknownValue):
        earlier(years, "nps", "yesterday")


def test_turkish_and_general_holidays_are_known_by_name() -> None:
    # fixed by law or by the calendars of the Diyanet and the churches
    known = {dt.date(2025, 3, 30): ("Eid al-Fitr", "Ramazan Bayramı"), dt.date(2025, 6, 6): ("Eid al-Adha", "Kurban Bayramı"),
             dt.date(2025, 10, 29): ("Republic Day", "Cumhuriyet Bayramı"), dt.date(2025, 12, 25): ("Christmas Day", "Noel"),
             dt.date(2025, 4, 18): ("Good Friday", "Kutsal Cuma"), dt.date(2025, 1, 1): ("New Year's Day", "Yılbaşı")}
    english, turkish = (holidays(dt.date(2025, 1, 1), dt.date(2025, 12, 31), code) for code in ("en", "tr"))
    assert {day: (english[day], turkish[day]) for day in known} == known
    assert dt.date(2025, 6, 10) not in turkish
    assert holidays(dt.date(2025, 6, 10), dt.date(2025, 6, 12)) == {}
    assert min(holidays(dt.date(2025, 5, 1), dt.date(2025, 5, 1))) == dt.date(2025, 5, 1)


def test_notes_campaigns_and_actions_are_marked_where_they_happened(years) -> None:
    number = add_event(years, dt.date(2024, 5, 1), "  New <b>site</b>  ")
    action.save(years, action.Action("Train the agents", "nps", dt.date(2024, 6, 1)))
    found = events(years, dt.date(2024, 4, 1), dt.date(2024, 12, 31))
    assert list(zip(found["day"].dt.strftime("%m-%d"), found["kind"], found["label"], strict=True)) == [
        ("04-01", "campaign", "Spring"), ("05-01", "note", "New <b>site</b>"), ("06-01", "action", "Train the agents")]
    assert events(years, dt.date(2024, 5, 2), dt.date(2024, 5, 31)).empty
    remove_event(years, number)
    remove_event(years, number)
    assert "note" not in set(events(years, dt.date(2024, 4, 1), dt.date(2024, 12, 31))["kind"])


@pytest.mark.parametrize("label", ["", "   ", "x" * 81])
def test_a_note_says_something_short(label) -> None:
    with pytest.raises(QueryError):
        add_event(open_store(":memory:"), dt.date(2025, 1, 1), label)
