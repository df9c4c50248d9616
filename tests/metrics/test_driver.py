"""Drivers: published examples of relative weights, worlds with known weights, and what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cx
from cx import Store
from cx.errors import UnknownValue
from cx.metrics import driver
from cx.metrics.relative_weights import collinear, of_correlations, relative_weights


def test_weights_are_those_of_the_example_of_the_r_package_iopsych():
    """relWt(Rs, 5, 1:4), https://rdrr.io/cran/iopsych/man/relWt.html"""
    table = np.array([[1.0, 0.2, 0.3, 0.4, -0.4], [0.2, 1.0, 0.5, 0.1, 0.1], [0.3, 0.5, 1.0, 0.2, -0.3],
                      [0.4, 0.1, 0.2, 1.0, 0.4], [-0.4, 0.1, -0.3, 0.4, 1.0]])
    weights = of_correlations(table[:4, :4], table[:4, 4])
    assert weights == pytest.approx([0.24066119, 0.05492664, 0.12143476, 0.28158189], abs=1e-8)


def test_weights_are_those_of_the_example_of_the_npm_package():
    """https://www.npmjs.com/package/johnsons-relative-weights, outcome: the first variable"""
    table = np.array([[1.00, 0.66, 0.67, 0.54, 0.68, 0.62, 0.72], [0.66, 1.00, 0.58, 0.59, 0.68, 0.68, 0.56],
                      [0.67, 0.58, 1.00, 0.52, 0.60, 0.62, 0.68], [0.54, 0.59, 0.52, 1.00, 0.52, 0.61, 0.45],
                      [0.68, 0.68, 0.60, 0.52, 1.00, 0.63, 0.62], [0.62, 0.68, 0.62, 0.61, 0.63, 1.00, 0.57],
                      [0.72, 0.56, 0.68, 0.45, 0.62, 0.57, 1.00]])
    weights = of_correlations(table[1:, 1:], table[1:, 0])
    assert weights == pytest.approx([0.107748318, 0.116483757, 0.065514315, 0.121167113, 0.080061989, 0.171054987],
                                    abs=1e-8)
    assert weights.sum() == pytest.approx(0.6620304789821244)


def test_without_correlation_between_them_weights_are_squared_correlations():
    assert of_correlations(np.eye(3), np.array([0.5, -0.3, 0.0])) == pytest.approx([0.25, 0.09, 0])


def test_weights_add_up_to_r2_and_a_number_drawn_at_random_is_within_chance():
    dice = np.random.default_rng(3)
    x = dice.standard_normal((600, 3))
    x[:, 1] += 0.6 * x[:, 0]
    found = relative_weights(x, 2 * x[:, 0] - x[:, 1] + dice.standard_normal(600))
    design = np.column_stack([np.ones(600), x])
    y = 2 * x[:, 0] - x[:, 1] + 0
    assert found.weight.sum() == pytest.approx(found.r2)
    assert list(found.sure) == [True, True, False]
    assert (found.lower <= found.weight).all()
    assert (found.weight <= found.upper).all()
    assert found.r2 == pytest.approx(1 - 1 / (np.var(design @ np.linalg.lstsq(design, y, rcond=None)[0]) + 1), abs=0.06)


def test_intervals_hold_the_true_weights():
    """25 worlds of 400; the truth from the correlations that made them."""
    between = np.array([[1.0, 0.5, 0.3], [0.5, 1.0, 0.2], [0.3, 0.2, 1.0]])
    slopes, noise = np.array([0.5, 0.2, 0.4]), 1.0
    spread = np.sqrt(slopes @ between @ slopes + noise**2)
    truth = of_correlations(between, between @ slopes / spread)
    root, held = np.linalg.cholesky(between), []
    for seed in range(25):
        dice = np.random.default_rng(seed)
        x = dice.standard_normal((400, 3)) @ root.T
        found = relative_weights(x, x @ slopes + noise * dice.standard_normal(400), seed)
        held.append((found.lower <= truth) & (truth <= found.upper))
    assert np.mean(held) >= 0.90


def test_a_column_made_of_the_others_is_collinear_with_the_one_most_like_it():
    dice = np.random.default_rng(0)
    x = dice.standard_normal((200, 3))
    x[:, 2] = x[:, 0] + 0.01 * x[:, 2]
    assert collinear(x) == 0
    assert collinear(dice.standard_normal((200, 3))) is None


def survey(n: int = 300, **columns: object) -> Store:
    """Anonymous respondents who rate a desk and a queue, and recommend."""
    dice = np.random.default_rng(1)
    desk, queue = dice.integers(1, 6, n), dice.integers(1, 6, n)
    nps = np.clip(2 * desk + dice.integers(-1, 2, n), 0, 10)
    given = {"desk": desk, "queue": queue, "nps": nps, **columns}
    parts = [pd.DataFrame({"customer_id": [f"c{k}" for k in range(n)], "occurred_at": dt.datetime(2026, 1, 1),
                           "touchpoint": name, "csat": given[name], "csat_max": 5}) for name in ("desk", "queue")]
    parts.append(pd.DataFrame({"customer_id": [f"c{k}" for k in range(n)], "occurred_at": dt.datetime(2026, 1, 2),
                               "nps": given["nps"]}))
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, pd.concat(parts, ignore_index=True))
    return store


def test_what_the_recommendation_is_made_of_weighs_most():
    found = driver.drivers(survey())
    assert found.reason is None
    assert found.weights["key"].tolist() == ["touchpoint:desk", "touchpoint:queue"]
    assert found.weights["sure"].tolist() == [True, False]
    assert (found.n, found.of) == (300, 300)
    assert found.r2 > 0.9
    assert found.weights["performance"].between(0, 1).all()


def test_the_customers_behind_are_those_used_with_what_was_weighed():
    store, keys = survey(), ["touchpoint:desk", "touchpoint:queue"]
    rows = driver.rows(store, "nps", keys)
    assert len(rows) == driver.drivers(store).n == 300
    assert rows["outcome"].is_monotonic_increasing
    assert rows["customer_id"].nunique() == 300
    by_desk = driver.rows(store, "nps", keys, first="touchpoint:desk", limit=10)
    assert (by_desk["touchpoint:desk"] == rows["touchpoint:desk"].min()).all()
    given = dict(store.rows("SELECT k.customer_id, (i.csat - 1) / 4.0 FROM interactions i JOIN customers k "
                            "USING (customer_key) JOIN touchpoints t USING (touchpoint_id) WHERE t.key = 'queue'"))
    assert [float(given[who]) for who in rows["customer_id"]] == rows["touchpoint:queue"].tolist()
    with pytest.raises(UnknownValue):
        driver.rows(store, "nps", ["nothing"])


@pytest.mark.parametrize(("given", "reason"), [
    ({"n": 60}, "Fewer than two things were rated or measured for at least 100 customers"),
    ({"nps": 7}, "The outcome is the same for everybody"),
    ({"queue": 3}, "Fewer than two things"),
])
def test_what_cannot_be_weighed_is_refused_with_the_reason(given, reason):
    found = driver.drivers(survey(**given))
    assert found.weights.empty
    assert str(found.reason).startswith(reason)


def test_two_that_say_the_same_are_not_told_apart():
    dice = np.random.default_rng(1)
    same = dice.integers(1, 6, 300)
    store = survey(desk=same, queue=same)
    assert str(driver.drivers(store).left_out[0][1]).startswith("it says the same as")
    asked = driver.drivers(store, chosen=["touchpoint:desk", "touchpoint:queue"])
    assert "say the same" in str(asked.reason)


def test_without_any_score_there_is_no_outcome_and_unknown_names_are_refused():
    store = cx.open_store(":memory:")
    assert driver.drivers(store).reason is not None
    assert driver.drivers(store, "revenue").weights.empty
    with pytest.raises(UnknownValue):
        driver.drivers(store, "luck")
    with pytest.raises(UnknownValue):
        driver.drivers(survey(), chosen=["touchpoint:moon"])
