"""Real data with known answers, where it is at hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from cx import Store, intake, open_store
from cx.metrics.funnel import funnel
from cx.metrics.kpi import kpis
from tests.oracle.funnel import Question, best_attempt

DATA = Path(__file__).resolve().parents[3] / "shared" / "datasets"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data sets are not here")


@pytest.mark.parametrize(("file", "column", "value", "n"), [
    ("sfo_airport_survey/2017_SFO_Customer_Survey.csv", "NETPRO", 39.8, 2746),
    ("sfo_airport_survey/2018_SFO_Customer_Survey.csv", "NETPRO", 31.0, 2650),
    ("event_nps_survey/input_02.csv", "On a scale of 0-10, how would you rate Sudzilla?", -35.9, 39),
])
def test_the_nps_of_a_survey_is_the_published_one(file, column, value, n) -> None:
    raw = pd.read_csv(DATA / file, encoding="utf-8-sig", low_memory=False)
    scores = pd.to_numeric(raw.rename(columns=str.strip)[column], errors="coerce")
    frame = pd.DataFrame({"record_id": range(len(scores)), "nps": scores.where(scores <= 10).astype("Int64")})
    store = open_store(":memory:")
    intake.load_frame(store, frame)
    row = kpis(store, only=["nps"]).iloc[0]
    assert round(row["value"], 1) == value
    assert row["n"] == n


@pytest.fixture(scope="module")
def shop() -> tuple[Store, pd.DataFrame]:
    events = pd.read_csv(DATA / "retentioneering_ecom" / "ecom.csv", parse_dates=["timestamp"])
    store = open_store(":memory:")
    intake.load_frame(store, pd.DataFrame({
        "record_id": range(len(events)), "customer_id": events["user_id"], "occurred_at": events["timestamp"],
        "touchpoint": events["event"], "channel": events["acquisition_channel"]}))
    return store, events


STEPS = ["product_view", "add_to_cart", "purchase"]


@pytest.mark.parametrize("hours", [None, 1, 24 * 7])
def test_a_funnel_of_a_web_shop_equals_a_plain_loop(shop, hours) -> None:
    store, events = shop
    steps = [step for step in STEPS if (events["event"] == step).any()] or events["event"].value_counts().index[:3].tolist()
    window = None if hours is None else dt.timedelta(hours=hours)
    reached = [0] * len(steps)
    for _, journey in events.sort_values("timestamp", kind="stable").groupby("user_id"):
        rows = list(zip(journey["timestamp"], journey["event"], strict=True))
        best = 0
        for start, name in rows:
            if name != steps[0]:
                continue
            at, level = start, 1
            while level < len(steps):
                later = [time for time, event in rows if event == steps[level] and time >= at]
                if not later or (window is not None and min(later) > start + window):
                    break
                at, level = min(later), level + 1
            best = max(best, level)
            if best == len(steps):
                break
        for step in range(best):
            reached[step] += 1
    assert funnel(store, steps, by="touchpoint", window=window)["reached"].tolist() == reached
    assert reached[-1] > 0


def test_short_journeys_of_a_web_shop_equal_the_brute_force_twin(shop) -> None:
    _, events = shop
    counts = events["user_id"].value_counts()
    short = events[events["user_id"].isin(counts[counts <= 8].index)]
    if short.empty:
        pytest.skip("no customer has so few events")
    frame = pd.DataFrame({"customer_id": short["user_id"], "occurred_at": short["timestamp"], "touchpoint": short["event"],
                          "record_id": range(len(short))})
    small = open_store(":memory:")
    intake.load_frame(small, frame)
    steps = short["event"].value_counts().index[:3].tolist()
    for order in ("ordered", "any"):
        question = Question(tuple(frozenset([step]) for step in steps), order)
        attempts = [best_attempt([(row.timestamp.value, frozenset([row.event])) for row in journey.itertuples()], question)
                    for _, journey in short.groupby("user_id")]
        expected = [sum(len(attempt) >= place for attempt in attempts) for place in (1, 2, 3)]
        assert funnel(small, steps, by="touchpoint", order=order)["reached"].tolist() == expected
