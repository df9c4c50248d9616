"""Where a KPI is heading: exponential smoothing, with how far off it was on the last periods (docs/decisions/0007)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.language import Text, text, text_n
from cx.metrics.kpi import trend
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import find
from cx.metrics.period import STEPS, calendar
from cx.store import Store

FEWEST = 12
"""Complete periods needed: fewer tell neither a level from a slope nor how far off a forecast is."""

AHEAD = {"day": 7, "week": 4, "month": 3, "quarter": 2}
SEASONS = {"day": 7, "month": 12, "quarter": 4}
"""Periods after which a pattern may repeat; looked for once three whole rounds of it are there."""

_HISTORY = {"day": 112, "week": 104, "month": 60, "quarter": 40}  # older periods say little and cost time
_MOST_GAPS = 0.25  # share of periods without a value that may be filled by straight lines


@dataclass(frozen=True)
class Forecast:
    """frame    period, value, lower, upper (95 %): the periods after the last complete one; empty = no forecast
    error       mean absolute error of forecasting one period ahead over the last `tested` periods, in the KPI's unit
    naive       the same of taking the last value as the forecast
    reason      why there is no forecast
    """

    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["period", "value", "lower", "upper"]))
    error: float | None = None
    naive: float | None = None
    tested: int = 0
    reason: Text | None = None


def forecast(store: Store, kpi: str, interval: str = "auto", filters: Filters = Filters()) -> Forecast:
    """The next periods of `trend(store, kpi, interval, filters)`. Raises UnknownValue."""
    step, _ = calendar(store, filters, interval)
    return continued(trend(store, kpi, step, filters), find(store, kpi), step)


def continued(frame: pd.DataFrame, kpi: Kpi, step: str) -> Forecast:
    """`forecast` of a trend frame (period, value, complete) whose periods are days, weeks, months or quarters."""
    whole = frame[frame["complete"]]
    known = whole["value"].notna()
    if known.any():
        whole = whole.loc[known.idxmax():known[::-1].idxmax()]
        known = whole["value"].notna()
    if int(known.sum()) < FEWEST:
        return Forecast(reason=text_n(
            "No forecast: it needs {fewest} complete periods with a value, and there is {n}.",
            "No forecast: it needs {fewest} complete periods with a value, and there are {n}.",
            n=int(known.sum()), fewest=FEWEST))
    if float((~known).mean()) > _MOST_GAPS:
        return Forecast(reason=text("No forecast: too many periods have no value."))
    value = whole["value"].astype(float).interpolate().to_numpy()[-_HISTORY[step]:]
    if np.ptp(value) == 0:
        return Forecast(reason=text("No forecast: the value has never changed."))
    scale = float(np.std(value))
    tested = max(3, len(value) // 4) if len(value) < 24 else 6
    shape, error = _backtest(value / scale, tested, step)
    ahead, model = AHEAD[step], _fit(value / scale, shape)
    found = model.get_prediction(start=len(value), end=len(value) + ahead - 1).summary_frame(alpha=0.05)
    low, high = kpi.bounds
    columns = {name: np.clip(found[given].to_numpy(dtype=float) * scale, low, high)
               for name, given in (("value", "mean"), ("lower", "pi_lower"), ("upper", "pi_upper"))}
    periods = [whole["period"].iloc[-1] + (place + 1) * STEPS[step] for place in range(ahead)]
    return Forecast(pd.DataFrame({"period": pd.Series(periods, dtype="datetime64[us]"), **columns}), error * scale,
                    float(np.mean(np.abs(np.diff(value)[-tested:]))), tested)


# --- helpers ---


def _backtest(value: np.ndarray, tested: int, step: str) -> tuple[dict[str, Any], float]:
    """The shape of model (additive errors; level, or level and damped slope; with or without season) that has the
    smallest AICc on the values before the last `tested`, and its mean absolute error one period ahead over these, when
    it is fitted on those before and then fed value by value."""
    training, season = value[:-tested], SEASONS.get(step, 0)
    shapes: list[dict[str, Any]] = [{}, {"trend": "add", "damped_trend": True}]
    if season and len(training) >= 3 * season:
        shapes += [{**shape, "seasonal": "add", "seasonal_periods": season} for shape in shapes]
    fits = [(shape, _fit(training, shape)) for shape in shapes]
    shape, best = min(fits, key=lambda each: each[1].aicc if np.isfinite(each[1].aicc) else np.inf)
    ahead = _model(value, shape).smooth(best.params).fittedvalues.to_numpy()[-tested:]
    return shape, float(np.mean(np.abs(value[-tested:] - ahead)))


def _fit(value: np.ndarray, shape: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that has not quite converged is judged by its AICc like the others
        return _model(value, shape).fit(disp=False)


def _model(value: np.ndarray, shape: dict[str, Any]) -> Any:
    # heavy to load, and only asked for
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # type: ignore[import-untyped]

    return ETSModel(pd.Series(value), error="add", initialization_method="estimated", **shape)
