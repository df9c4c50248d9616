"""Two funnels against each other: shares and times by hand and by the tests the rest of the product uses."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from cx import Filters, Store
from cx.metrics import stats
from cx.metrics.funnel import Step, funnel
from cx.metrics.funnel_compare import compare
from tests.metrics.stores import store_of

DAY = dt.timedelta(days=1)
YOUNG, OLD = Filters(persona="young"), Filters(persona="old")


@pytest.fixture(scope="module")
def store() -> Store:
    """200 young customers, of whom 120 come to consideration and 60 buy; 100 old ones, of whom 30 and 15."""
    rows = []
    for persona, many, considered, bought, days in (("Young", 200, 120, 60, 1), ("Old", 100, 30, 15, 4)):
        for number in range(many):
            who = {"customer": f"{persona}{number}", "persona": persona}
            start = dt.datetime(2025, 1, 1) + (number % 20) * DAY
            rows.append({**who, "occurred_at": start, "stage": "awareness"})
            if number < considered:
                rows.append({**who, "occurred_at": start + (days + number % 3) * DAY, "stage": "consideration"})
            if number < bought:
                rows.append({**who, "occurred_at": start + (days + 5) * DAY, "stage": "purchase"})
    return store_of([*rows, {"customer": "last", "occurred_at": dt.datetime(2025, 3, 1), "stage": "retention"}])


def test_shares_are_compared_step_by_step_and_with_the_first(store) -> None:
    steps = ["awareness", "consideration", "purchase"]
    frame = compare(store, YOUNG, OLD, steps).frame
    assert frame["reached"].tolist() == [200, 120, 60]
    assert frame["other_reached"].tolist() == [100, 30, 15]
    assert frame["difference"].tolist()[1:] == pytest.approx([0.6 - 0.3, 0.5 - 0.5])
    assert frame["first_difference"].tolist()[1:] == pytest.approx([0.3, 0.3 - 0.15])
    expected = stats.difference_of_shares([120, 60], [200, 120], [30, 15], [100, 30])
    assert frame["difference_lower"].tolist()[1:] == pytest.approx(expected.lower)
    assert frame["difference_significant"].tolist() == [None, True, False]
    assert frame["first_difference_significant"].tolist() == [None, True, True]
    assert frame["time_difference"].tolist()[1:] == [-3 * 86400, 0]
    assert frame["time_difference_significant"].tolist() == [None, True, None]  # too few old ones bought
    for column in ("reached", "from_previous", "from_first", "median_seconds"):
        for prefix, filters in (("", YOUNG), ("other_", OLD)):
            np.testing.assert_allclose(frame[f"{prefix}{column}"].to_numpy(float),
                                       funnel(store, steps, filters=filters)[column].to_numpy(float))


def test_the_other_way_round_is_the_same_with_the_sign_turned(store) -> None:
    one, two = (compare(store, *sides).frame for sides in ((YOUNG, OLD), (OLD, YOUNG)))
    assert one["difference"].tolist()[1:] == pytest.approx((-two["difference"]).tolist()[1:])
    assert one["difference_lower"].tolist()[1:] == pytest.approx((-two["difference_upper"]).tolist()[1:])
    assert one["difference_p_adjusted"].tolist()[1:] == pytest.approx(two["difference_p_adjusted"].tolist()[1:], nan_ok=True)


def test_customers_on_both_sides_are_told(store) -> None:
    assert compare(store, YOUNG, OLD).shared == 0
    assert compare(store, YOUNG, Filters()).shared == 200


def test_with_a_limit_only_those_count_who_have_had_their_time(store) -> None:
    early, late = (Filters(start=f"2025-01-{first:02}", end=f"2025-01-{first + 9}") for first in (1, 11))
    steps = ["awareness", "consideration"]
    found = compare(store, late, early, steps, window=44 * DAY)
    assert found.entered_until == dt.datetime(2025, 1, 16, 0, 0, 0, 1)  # 44 days before the data ends
    assert found.frame["reached"].tolist()[0] == 6 * 15
    assert found.frame["other_reached"].tolist()[0] == 10 * 15
    soon = compare(store, late, early, ["awareness", Step("consideration", within=44 * DAY)])
    assert soon.frame["reached"].tolist() == found.frame["reached"].tolist()
    assert compare(store, late, early, steps).entered_until is None


def test_without_a_limit_an_earlier_period_is_taken_as_it_stood_when_it_was_as_old(store) -> None:
    early, late = (Filters(start=f"2025-01-{first:02}", end=f"2025-01-{first + 9}") for first in (1, 11))
    steps = ["awareness", "consideration", "purchase"]
    found = compare(store, late, early, steps)
    assert found.as_of == dt.datetime(2025, 2, 19)  # the data ends on 1 March, ten days later
    assert found.frame["reached"].tolist() == funnel(store, steps, filters=late)["reached"].tolist()
    assert found.frame["other_reached"].tolist() == funnel(store, steps, filters=early)["reached"].tolist()
    assert compare(store, early, late, steps).as_of is None  # the later one has no more time than it has
    for limited in ({"window": DAY}, {"order": "strict"}):
        assert compare(store, late, early, steps, **limited).as_of is None


def test_what_came_later_than_it_could_have_does_not_count() -> None:
    rows = [{"customer": f"a{n}", "occurred_at": "2025-01-01", "stage": "awareness"} for n in range(40)]
    rows += [{"customer": f"a{n}", "occurred_at": f"2025-01-{2 + n}", "stage": "consideration"} for n in range(20)]
    rows += [{"customer": f"b{n}", "occurred_at": "2025-02-01", "stage": "awareness"} for n in range(40)]
    rows += [{"customer": f"b{n}", "occurred_at": f"2025-02-{2 + n}", "stage": "consideration"} for n in range(9)]
    january, february = (Filters(start=f"2025-0{month}-01", end=f"2025-0{month}-28") for month in (1, 2))
    frame = compare(store_of(rows), february, january, ["awareness", "consideration"]).frame
    assert frame["reached"].tolist() == [40, 9]
    assert frame["other_reached"].tolist() == [40, 9]  # those of 10 January: as long after as 10 February


def test_nobody_and_too_few_have_no_verdict(store) -> None:
    frame = compare(store, Filters(start="2030-01-01", end="2030-02-01"), YOUNG).frame
    assert frame["reached"].sum() == 0
    assert frame[["difference", "first_difference", "difference_p_adjusted"]].isna().all(axis=None)
    few = compare(store, Filters(persona="young", start="2025-01-01", end="2025-01-02"), OLD).frame
    assert few["difference"].notna().sum() == 3
    assert few["difference_significant"].isna().all()


def test_a_median_is_as_uncertain_as_its_order_statistics() -> None:
    # n = 25: rank 25/2 + 1/2 − 5 = 8; P(X < 8), X ~ Binomial(25, ½), is 0.02164, so z = 2.0209
    sample = np.arange(1.0, 26.0)
    found = stats.difference_of_medians(sample, sample + 7)
    error = (18 - 8) / (2 * 2.0209) * np.sqrt(2)
    assert float(found.value) == -7
    assert float(found.upper - found.lower) == pytest.approx(2 * 1.95996 * error, rel=1e-4)
    assert np.isnan(stats.difference_of_medians(sample, sample[:4]).p)
    assert np.isnan(stats.difference_of_medians(sample, []).value)


def test_the_interval_of_a_difference_of_medians_covers_it() -> None:
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        found = stats.difference_of_medians(random.exponential(2, 60), random.exponential(1, 90))
        hits += bool(found.lower <= np.log(2) <= found.upper)
    assert 0.93 <= hits / 400 <= 0.985
