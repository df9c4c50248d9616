"""Periods that stand out: planted ones are found, trends, seasons, ends and small samples are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cx.metrics import stats
from cx.metrics.anomaly import anomalies, standing_out
from tests.metrics.stores import store_of


def course(values: list[float], step: str = "month", half: float = 1.96, n: int = 100) -> pd.DataFrame:
    """A trend of these values, each ± `half`."""
    frequency = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}[step]
    value = np.array(values, dtype=float)
    return pd.DataFrame({"period": pd.date_range("2024-01-01", periods=len(value), freq=frequency).astype("datetime64[us]"),
                         "value": value, "lower": value - half, "upper": value + half, "n": n, "complete": True})


def scattered(many: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, many)


def test_the_modified_z_score_is_that_of_iglewicz_and_hoaglin() -> None:
    # worked by hand: median 3, deviations 2 1 0 1 7 → MAD 1 → 0.6745 · (10 − 3) / 1 = 4.7215
    assert stats.robust_z([1, 2, 3, 4, 10]).tolist() == pytest.approx([-1.349, -0.6745, 0, 0.6745, 4.7215], abs=1e-4)


def test_where_most_are_the_same_the_mean_deviation_measures() -> None:
    # median 5, mean absolute deviation 5/6 · 1.253314 = 1.04443 → (10 − 5) / 1.04443 = 4.7873
    assert stats.robust_z([5, 5, 5, 5, 5, 10])[-1] == pytest.approx(4.7873, abs=1e-3)
    assert stats.robust_z([5, 5, 5]).tolist() == [0, 0, 0]


def test_a_planted_spike_is_found_and_told_what_was_expected() -> None:
    values = (30 + scattered(24)).tolist()
    values[13] = 48
    found = standing_out(course(values), "month")
    assert found["period"].tolist() == [pd.Timestamp("2025-02-01")]
    assert found["expected"].iloc[0] == pytest.approx(30, abs=2)


@pytest.mark.parametrize("values", [
    [10 + 4 * place for place in range(24)],  # a steady rise, its ends included
    [100 - 3 * place for place in range(24)],
    [30.0] * 24,
    [30.0] * 7,
    [],
])
def test_a_trend_is_none(values) -> None:
    assert standing_out(course(values), "month").empty


def test_chance_seldom_is_one() -> None:
    found = [len(standing_out(course((30 + scattered(24, seed)).tolist()), "month")) for seed in range(20)]
    assert sum(each > 0 for each in found) <= 4  # 1 in 20 expected


def test_weekends_are_none_but_a_quiet_monday_is() -> None:
    pattern = np.array([100, 100, 100, 100, 100, 30, 25] * 10, dtype=float) + scattered(70, 1)
    assert len(standing_out(course(pattern.tolist(), "day"), "day")) <= 1
    pattern[35] = 30  # a Monday
    found = standing_out(course(pattern.tolist(), "day"), "day").set_index("period")
    assert found["expected"].get(pd.Timestamp("2024-02-05")) == pytest.approx(100, abs=3)
    assert len(found) <= 2


def test_a_spike_explained_by_few_answers_is_none() -> None:
    values = (30 + scattered(24)).tolist()
    values[13] = 48
    assert standing_out(course(values, half=25), "month").empty  # its interval holds what was expected
    assert standing_out(course(values, n=8), "month", least=30).empty


def test_an_incomplete_period_is_none() -> None:
    frame = course([*(30 + scattered(24)).tolist(), 2.0])
    frame.loc[24, "complete"] = False
    assert standing_out(frame, "month").empty


def test_it_is_asked_of_a_workspace() -> None:
    rng = np.random.default_rng(5)
    rows = [{"customer": f"{day}-{n}", "occurred_at": f"2025-03-{day:02}",
             "csat": 1 if day == 17 else int(rng.choice([3, 5])), "csat_max": 5} for day in range(1, 31) for n in range(40)]
    found = anomalies(store_of(rows), "csat", "day")
    assert found["period"].tolist() == [pd.Timestamp("2025-03-17")]
    assert found["value"].iloc[0] == 0
    assert anomalies(store_of(rows[:40]), "nps", "day").empty
