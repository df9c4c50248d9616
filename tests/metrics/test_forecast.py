"""The forecast: what it follows, how honest its error is, and when there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cx import Filters
from cx.language import language
from cx.metrics.forecast import AHEAD, FEWEST, continued, forecast
from cx.metrics.kpi_registry import KPIS
from tests.metrics.stores import store_of

EN, TR = language("en"), language("tr")
FREQUENCY = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}


def course(values: list[float], step: str = "month", complete: int | None = None) -> pd.DataFrame:
    """A trend of these values; the first `complete` of them are whole periods."""
    many = len(values) if complete is None else complete
    return pd.DataFrame({"period": pd.date_range("2024-01-01", periods=len(values), freq=FREQUENCY[step]).astype("datetime64[us]"),
                         "value": values, "complete": [place < many for place in range(len(values))]}).astype({"complete": bool, "value": float})


def level(many: int, spread: float = 1.0, seed: int = 0) -> list[float]:
    return (20 + np.random.default_rng(seed).normal(0, spread, many)).tolist()


def test_a_level_goes_on_and_the_interval_holds_it() -> None:
    found = continued(course(level(24)), KPIS["nps"], "month")
    assert found.reason is None
    assert list(found.frame["period"]) == list(pd.date_range("2026-01-01", periods=AHEAD["month"], freq="MS"))
    assert found.frame["value"].between(19, 21).all()
    assert (found.frame["lower"] < 20).all()
    assert (found.frame["upper"] > 20).all()
    assert found.error == pytest.approx(0.8, abs=0.5)  # mean |normal(0, 1)| is 0.80
    assert found.error < found.naive


def test_a_steady_rise_goes_on_and_beats_the_last_value() -> None:
    values = [10 + 3 * place + (0.1 if place % 2 else -0.1) for place in range(30)]
    found = continued(course(values), KPIS["revenue"], "month")
    assert found.frame["value"].is_monotonic_increasing
    assert found.frame["value"].iloc[0] == pytest.approx(100, abs=1.5)
    assert found.error < found.naive == pytest.approx(3, abs=0.2)


def test_weekdays_are_found() -> None:
    pattern = [0, 0, 0, 0, 0, 10, 12]
    rng = np.random.default_rng(1)
    values = [50 + pattern[place % 7] + rng.normal(0, 0.5) for place in range(42)]  # 1 January 2024 is a Monday
    found = continued(course(values, "day"), KPIS["nps"], "day")
    ahead = found.frame.assign(weekday=found.frame["period"].dt.day_of_week).set_index("weekday")["value"]
    assert ahead[5] - ahead[0] == pytest.approx(10, abs=1.5)
    assert ahead[6] - ahead[0] == pytest.approx(12, abs=1.5)
    assert found.error < 1.5 < found.naive


def test_the_error_is_of_periods_the_model_had_not_seen() -> None:
    # the last six jump: a model that had seen them would be hardly off at the first of them
    values = [*level(24, 0.01), *(40 + np.random.default_rng(2).normal(0, 0.01, 6)).tolist()]
    found = continued(course(values), KPIS["nps"], "month")
    assert found.tested == 6
    assert found.error >= 20 / 6 - 0.1
    assert found.naive == pytest.approx(20 / 6, abs=0.1)


def test_a_share_stays_a_share() -> None:
    values = np.clip(0.97 + np.random.default_rng(3).normal(0, 0.03, 20), 0, 1).tolist()
    found = continued(course(values), KPIS["csat"], "month")
    assert found.frame["upper"].max() <= 1
    assert found.frame["lower"].min() >= 0


def test_an_unfinished_period_is_forecast_not_learned_from() -> None:
    found = continued(course([*level(15), 3.0], complete=15), KPIS["nps"], "month")
    assert found.frame["period"].iloc[0] == pd.Timestamp("2025-04-01")
    assert found.frame["value"].iloc[0] > 15


@pytest.mark.parametrize(("values", "words"), [
    (level(FEWEST - 1), "it needs 12 complete periods with a value, and there are 11."),
    ([5.0], "it needs 12 complete periods with a value, and there is 1."),
    ([np.nan] * 20, "and there are 0."),
    ([], "and there are 0."),
    ([7.0] * 20, "the value has never changed."),
    ([value if place % 2 else np.nan for place, value in enumerate(level(30))], "too many periods have no value."),
])
def test_there_is_none_and_why(values, words) -> None:
    found = continued(course(values), KPIS["nps"], "month")
    assert found.frame.empty
    assert found.error is None
    reason = found.reason
    assert EN(reason).endswith(words)
    assert TR(reason).startswith("Öngörü yok:")


def test_few_gaps_are_bridged() -> None:
    values = level(20)
    values[4] = values[9] = np.nan
    assert continued(course(values), KPIS["nps"], "month").reason is None


def test_it_is_asked_of_a_workspace() -> None:
    rng = np.random.default_rng(4)
    rows = [{"customer": f"{month}-{n}", "occurred_at": f"{2024 + month // 12}-{month % 12 + 1:02}-{1 + n:02}",
             "nps": int(rng.integers(0, 11))} for month in range(14) for n in range(28)]
    store = store_of([*rows, {"customer": "z", "occurred_at": "2025-03-31", "nps": 9}])
    found = forecast(store, "nps", "month")
    assert found.reason is None
    assert found.frame["period"].iloc[0] in (pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01"))
    assert (found.frame["lower"] >= -100).all()
    assert forecast(store, "nps", "month", Filters(start="2024-06-01")).reason is not None
    assert forecast(store, "csat", "month").reason is not None
