"""What stands below a trend, and what its chart holds."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from cx import findings
from cx.charts.trend import Thin, trend_line
from cx.language import language
from cx.metrics.forecast import Forecast
from cx.metrics.kpi_registry import KPIS

EN, TR = language("en"), language("tr")


@pytest.mark.parametrize(("kpi", "row", "sentence"), [
    ("nps", {"n": 100, "lower": 10.0, "upper": 20.0}, "95% interval: 10.0 – 20.0, n = 100"),
    ("csat", {"n": 40, "lower": 0.5, "upper": 0.6}, "95% interval: 50.0% – 60.0%, n = 40"),
    ("revenue", {"n": 40, "lower": None, "upper": None}, "n = 40"),
])
def test_a_value_comes_with_its_interval_and_n(kpi, row, sentence) -> None:
    assert findings.trend.sure(KPIS[kpi], row, EN) == sentence


@pytest.mark.parametrize(("kpi", "error", "naive", "words"), [
    ("nps", 2.1, 3.0, "it was off by 2.1 points on average over the last 3 months; taking the last value would have been "
                      "off by 3.0 points."),
    ("csat", 0.031, 0.02, "do not rely on it. One period ahead it was off by 3.1 pp on average over the last 3 months; "
                          "simply taking the last value was no worse (2.0 pp)."),
    ("waiting_time", 90.0, 100.0, "off by 1 min 30 s on average"),
])
def test_a_forecast_says_how_far_off_it_was(kpi, error, naive, words) -> None:
    assert words in findings.trend.backtest(KPIS[kpi], Forecast(error=error, naive=naive, tested=3), "month", EN)
    assert "3 ay" in findings.trend.backtest(KPIS[kpi], Forecast(error=error, naive=naive, tested=3), "month", TR)


def test_holidays_are_told_of_days_and_weeks_only() -> None:
    named = {dt.date(2025, 10, 29): "Republic Day", dt.date(2025, 10, 31): "Halloween"}
    days = pd.Series(pd.to_datetime(["2025-10-27", "2025-10-28", "2025-10-29"]))
    assert findings.trend.holidays(days, named, "day") == {pd.Timestamp("2025-10-29"): "Republic Day"}
    assert findings.trend.holidays(days.head(1), named, "week") == {pd.Timestamp("2025-10-27"): "Republic Day, Halloween"}
    assert findings.trend.holidays(days, named, "month") == {}


def test_a_total_without_a_test_is_not_called_chance() -> None:
    row = {"value": 100.0, "change": 5.0, "significant": None}
    assert findings.kpi.trend("orders", row, EN) == "Orders: 100 (+5)"


def test_a_change_too_few_answers_tell_is_not_shown_as_one() -> None:
    row = {"value": -35.9, "lower": -50.0, "upper": -20.0, "change": 139.5, "significant": None}
    assert findings.kpi.trend("nps", row, EN) == "NPS: −35.9; too few answers to tell a change"


def course(values: list[float | None]) -> pd.DataFrame:
    value = pd.Series(values, dtype=float)
    return pd.DataFrame({"period": pd.date_range("2025-01-01", periods=len(values), freq="MS"), "value": value,
                         "lower": value - 1, "upper": value + 1, "n": 40, "complete": ([True] * (len(values) - 1) + [False])[:len(values)]})


def test_everything_on_the_chart_is_told_in_words_too() -> None:
    frame = course([1, 2, None, 9, 5])
    periods = frame["period"]
    chart = trend_line(
        frame, EN, title="NPS", shown=EN.number, target=3, odd={periods[3]: "unusual"}, notes={periods[3]: "Republic Day"},
        thin=[Thin("a year earlier", frame.head(2).assign(note="value of then"))],
        ahead=pd.DataFrame({"period": [pd.Timestamp("2025-05-01")], "value": [6.0], "lower": [4.0], "upper": [8.0]}),
        marks=pd.DataFrame({"day": [pd.Timestamp("2025-02-03")], "label": ["<b>New site</b>"]}))
    assert chart.data["series"].value_counts().to_dict() == {"own": 5, "thin": 2, "ahead": 2, "mark": 1}
    own = chart.data[chart.data["series"] == "own"]
    assert own["note"].tolist() == ["", "", "", "unusual; Republic Day", "incomplete period"]
    assert own["odd"].tolist() == [False, False, False, True, False]
    ahead = chart.data[chart.data["series"] == "ahead"]
    assert ahead["value"].tolist() == [9.0, 6.0]  # from the last complete point on
    assert ahead["note"].tolist() == ["", "forecast"]
    assert ahead["interval_text"].tolist()[1] == "4 – 8"
    assert chart.data.loc[chart.data["series"] == "mark", "line"].tolist() == ["<b>New site</b>"]
    assert "Target 3" in str(chart.spec)
    assert not chart.data[["line", "when", "value_text", "note"]].isna().any(axis=None)


@pytest.mark.parametrize("values", [[5.0], [None, None], [1.0, 1.0, 1.0]])
def test_a_chart_of_hardly_anything_is_drawn(values) -> None:
    chart = trend_line(course(values), TR, title="NPS", shown=TR.number)
    assert len(chart.data) == len(values)
    assert trend_line(course([]).astype({"complete": bool}), TR, title="NPS", shown=TR.number).data.empty


@pytest.mark.parametrize(("waits", "marks"), [
    ([100.0, 900.0], ["0 sn", "5 dk", "10 dk", "15 dk", "20 dk"]),
    ([30.0, 34.0], [f"{n} sn" for n in range(29, 36)]),
    ([86_400.0, 86_400.0 * 40], ["0 sn", "10,0 gün", "20,0 gün", "30,0 gün", "40,0 gün", "50,0 gün"]),
])
def test_times_on_an_axis_are_round(waits, marks) -> None:
    """Around intervals of one second to both sides."""
    axis = next(layer["encoding"]["y"]["axis"] for layer in
                trend_line(course(waits), TR, title="Bekleme", shown=TR.duration, unit="seconds").spec["layer"]
                if "axis" in layer.get("encoding", {}).get("y", {}))
    assert [json.loads(axis["labelExpr"].removeprefix("(").removesuffix(")[datum.value]"))[str(value)]
            for value in axis["values"]] == marks
