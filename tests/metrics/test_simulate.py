"""What if more went on: against the closed form of the mean and variance of products of Beta shares."""

from __future__ import annotations

import numpy as np
import pytest

from cx import open_store
from cx.errors import QueryError
from cx.metrics.simulate import Observed, conversions, observed, simulate
from tests.metrics.stores import store_of

FOUND = Observed(("a", "b", "c"), (1000, 400, 100), (0.0, 600.0, 9000.0), (0.0, 6000.0, 900000.0))


def test_nothing_moved_changes_nothing() -> None:
    found = simulate(FOUND, {})
    assert found.steps["then"].tolist() == found.steps["now"].tolist() == [1000, 400, 100]
    assert found.steps["change"].tolist() == [0, 0, 0]
    assert found.steps["change_lower"].tolist() == found.steps["change_upper"].tolist() == [0, 0, 0]
    assert found.revenue["now"] == 9600
    assert found.revenue["change"] == found.revenue["change_lower"] == 0


def test_a_moved_conversion_carries_on_downstream_by_hand() -> None:
    found = simulate(FOUND, {2: 0.5})  # 500 instead of 400 reach b; a quarter of them c
    assert found.steps["then"].tolist() == [1000, 500, 125]
    assert found.steps["share"].tolist()[1:] == [0.4, 0.25]
    assert found.steps["moved_to"].tolist()[1:] == pytest.approx([0.5, np.nan], nan_ok=True)
    # 300 end at b and bring 2 each, 100 at c and bring 90 each; then 375 and 125
    assert found.revenue["then"] == pytest.approx(375 * 2 + 125 * 90)
    assert simulate(FOUND, {2: 0.5, 3: 0.4}).steps["then"].tolist() == [1000, 500, 200]


def test_moving_an_earlier_step_moves_nothing_before_it() -> None:
    found = simulate(FOUND, {3: 0.5}).steps
    assert found["change"].tolist() == [0, 0, 100]


def test_what_is_taken_as_given_has_no_uncertainty() -> None:
    found = simulate(FOUND, {2: 0.5, 3: 0.5}).steps
    assert found["then_lower"].tolist() == found["then_upper"].tolist() == [1000, 500, 250]
    assert found["now_lower"].iloc[1] < 400 < found["now_upper"].iloc[1]


def test_the_intervals_are_those_of_a_product_of_beta_shares() -> None:
    found = simulate(FOUND, {})
    first, second = (400.5, 600.5), (100.5, 300.5)

    def moments(a: float, b: float) -> tuple[float, float]:
        return a / (a + b), a * (a + 1) / ((a + b) * (a + b + 1))

    (m1, s1), (m2, s2) = moments(*first), moments(*second)
    mean, spread = 1000 * m1 * m2, 1000 * np.sqrt(s1 * s2 - (m1 * m2) ** 2)
    low, high = found.steps[["now_lower", "now_upper"]].iloc[2]
    assert (low + high) / 2 == pytest.approx(mean, rel=0.01)
    assert (high - low) / (2 * 1.96) == pytest.approx(spread, rel=0.04)
    moved = simulate(FOUND, {2: 0.5}).steps.iloc[2]  # 500 × the second share
    assert (moved["then_upper"] - moved["then_lower"]) / (2 * 1.96) == pytest.approx(
        500 * np.sqrt(s2 - m2**2), rel=0.04)


def test_the_same_question_has_the_same_answer() -> None:
    assert simulate(FOUND, {2: 0.5}).steps.equals(simulate(FOUND, {2: 0.5}).steps)


def test_too_few_are_not_simulated() -> None:
    assert simulate(Observed(("a", "b"), (12, 3)), {2: 0.9}).reason is not None
    thin = simulate(Observed(("a", "b", "c"), (100, 20, 10)), {2: 0.5}).steps
    assert thin["few"].tolist() == [False, False, True]
    assert thin["then"].isna().tolist() == [False, False, True]
    assert simulate(Observed(("a", "b", "c"), (100, 20, 10)), {2: 0.5, 3: 0.5}).steps["then"].tolist() == [100, 50, 25]
    assert simulate(Observed((), ()), {}).steps.empty


def test_no_revenue_is_not_zero() -> None:
    found = simulate(Observed(("a", "b"), (100, 40)), {2: 0.5})
    assert found.revenue is None
    assert "revenue" in str(found.reason)
    nobody_there = Observed(("a", "b"), (100, 100), (0.0, 500.0), (0.0, 5000.0))
    assert simulate(nobody_there, {2: 0.5}).revenue is None  # nobody has ever ended at a


@pytest.mark.parametrize("moved", [{1: 0.5}, {4: 0.5}, {2: 1.2}, {2: -0.1}])
def test_what_has_no_meaning_is_refused(moved) -> None:
    with pytest.raises(QueryError):
        simulate(FOUND, moved)


def test_revenue_is_told_by_the_furthest_step() -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-01", "stage": "awareness"},
                      {"customer": "a", "occurred_at": "2025-01-02", "stage": "purchase", "revenue": 30, "order_id": "1"},
                      {"customer": "b", "occurred_at": "2025-01-01", "stage": "awareness"},
                      {"customer": "c", "occurred_at": "2025-01-01", "stage": "awareness"},
                      {"customer": "c", "occurred_at": "2025-01-03", "stage": "purchase", "revenue": 50, "order_id": "2"}])
    found = observed(store)
    assert (found.labels, found.reached) == (("awareness", "purchase"), (3, 2))
    assert (found.revenue, found.squares) == ((0.0, 80.0), (0.0, 30.0**2 + 50.0**2))
    assert observed(open_store(":memory:")).reached == ()


def test_what_there_is_to_move_is_each_step_of_the_one_before() -> None:
    found = conversions(Observed(("a", "b", "c"), (100, 40, 0)))
    assert found["position"].tolist() == [2, 3]
    assert found["share"].tolist() == [0.4, 0.0]
    assert found["n"].tolist() == [100, 40]
    assert found["lower"].round(3).tolist() == [0.309, 0.0]  # Wilson: 40 of 100, 0 of 40
    assert found["upper"].round(3).tolist() == [0.498, 0.088]
