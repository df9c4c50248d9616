"""Who comes back is not compared with a time of which the data does not know who had come before."""

import datetime as dt

import pytest

from cx import Filters, findings
from cx.language import language
from cx.metrics.change import what_changed
from cx.metrics.kpi import changes, kpis
from tests.metrics.stores import store_of

FIRST = dt.datetime(2022, 1, 1, 12)
EN = language("en")


def steady(days: int):
    """A company in which nothing ever changes: a new customer a day; every second one comes once, the others each month
    for as long as there is data."""
    return store_of({"customer": f"c{day}", "occurred_at": FIRST + dt.timedelta(days=at), "touchpoint": "Web",
                     "stage": "awareness", "channel": "web", "persona": "All", "nps": 9}
                    for day in range(days) for at in range(day, days, 30 if day % 2 else days))


@pytest.fixture(scope="module")
def young():
    return steady(540)


def test_a_year_ago_is_not_compared_where_everybody_looked_new_then(young):
    found = changes(young).set_index("kpi")
    for kpi in ("retention", "churn"):
        assert found["change"].isna()[kpi]
        assert found["significant"][kpi] is None
        assert "to begin on" in str(EN(found["incomparable"][kpi]))
    assert found["incomparable"]["nps"] is None  # the other KPIs need nothing before their period
    assert found["change"]["nps"] == 0


def test_the_reason_stands_where_the_comparison_is_told(young):
    values, year = kpis(young), changes(young)
    assert "Retention" not in findings.kpi.headline(values, EN, year=year)
    said = findings.kpi.comparison(values, EN, year=year)
    assert "Not compared with a year ago: Retention, Repurchase, Churn. The data begins on 1 Jan" in said


def test_nor_the_period_before(young):
    early = Filters(start="2022-06-10", end="2022-09-07")  # compared with March to June
    found = kpis(young, early).set_index("kpi")
    assert found["value"]["retention"] > 0
    assert found["change"].isna()["retention"]
    assert found["incomparable"]["retention"] is not None
    assert not (what_changed(young, early)["kpi"] == "retention").any()
    late = kpis(young, Filters(start="2023-03-27", end="2023-06-24")).set_index("kpi")
    assert late["incomparable"]["retention"] is None
    assert late["change"].notna()["retention"]


def test_a_year_ago_is_compared_where_as_much_lies_before():
    assert changes(steady(1000))["incomparable"].isna().all()
