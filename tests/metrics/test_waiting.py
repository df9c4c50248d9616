"""Response curves: known breaks are found, straight lines have none."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cx
from cx import Store
from cx.errors import UnknownValue
from cx.metrics import waiting
from cx.metrics.segmented import find_break
from tests.metrics.stores import store_of as rows_of


def test_a_line_that_bends_breaks_where_it_bends():
    dice = np.random.default_rng(0)
    x = dice.uniform(0, 10, 500)
    y = 50 - 12 * np.maximum(x - 6, 0) + dice.normal(0, 10, 500)
    found, slope, p = find_break(x, y, np.arange(500))
    assert found is not None
    assert found.p < 0.01
    assert found.lower <= 6 <= found.upper
    assert found.at == pytest.approx(6, abs=0.6)
    assert found.before == pytest.approx(0, abs=1.5)
    assert found.after == pytest.approx(-12, abs=2.5)
    assert slope < 0
    assert p < 1e-6


def test_a_straight_line_rarely_breaks():
    """30 worlds of 200 answers, several of a customer: chance alone breaks about 1 in 20."""
    broken = 0
    for seed in range(30):
        dice = np.random.default_rng(seed)
        customer = np.repeat(np.arange(100), 2)
        x = dice.uniform(0, 10, 200)
        y = -3 * x + dice.normal(0, 20, 100)[customer] + dice.normal(0, 20, 200)
        found, _, _ = find_break(x, y, customer, seed)
        broken += found is not None and found.p < 0.05
    assert broken <= 4


def store_of(wait: np.ndarray, csat: np.ndarray, apart: bool) -> Store:
    """Contacts with a waiting time and, in the same row or an hour later, a rating."""
    n = len(wait)
    contact = pd.DataFrame({"customer_id": [f"c{k}" for k in range(n)], "occurred_at": dt.datetime(2026, 1, 1, 9),
                            "touchpoint": "Chat", "channel": np.where(np.arange(n) % 2, "Web", "App"),
                            "wait_seconds": wait})
    rating = {"csat": csat, "csat_max": 5}
    if apart:
        later = contact.drop(columns="wait_seconds").assign(occurred_at=dt.datetime(2026, 1, 1, 10), **rating)
        contact = pd.concat([contact, later], ignore_index=True)
    else:
        contact = contact.assign(**rating)
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, contact)
    return store


@pytest.mark.parametrize("apart", [False, True])
def test_after_six_minutes_fewer_than_half_are_satisfied(apart):
    wait = np.arange(240) * 3  # to 12 minutes
    csat = np.where(wait < 360, np.where(np.arange(240) % 10, 5, 1), np.where(np.arange(240) % 10, 1, 5))
    one = waiting.responses(store_of(wait, csat, apart), "waiting", "csat")[0]
    assert one.reason is None
    assert (one.n, one.customers) == (240, 240)
    assert one.zero == pytest.approx(360, abs=30)
    assert one.zero_lower <= one.zero <= one.zero_upper
    assert (one.curve["value"].diff().dropna() <= 0).all()
    assert one.bins["n"].sum() == 240


def test_each_channel_has_a_curve_of_its_own():
    wait = np.arange(240) * 3
    csat = np.where((wait >= 360) & (np.arange(240) % 2 == 0), 1, np.where(np.arange(240) % 7, 5, 1))
    found = {each.key: each for each in waiting.responses(store_of(wait, csat, False), "waiting", "csat", "channel")}
    assert set(found) == {"app", "web"}
    assert found["app"].zero == pytest.approx(360, abs=40)
    assert np.isnan(found["web"].zero)


@pytest.mark.parametrize(("wait", "csat", "reason"), [
    (np.arange(30), np.arange(30) % 5 + 1, "Only 30 customers"),
    (np.arange(100), np.full(100, 5), "Every answer is the same"),
    (np.full(100, 60), np.arange(100) % 5 + 1, "There are fewer than three different times"),
])
def test_no_curve_without_enough_to_draw_it(wait, csat, reason):
    one = waiting.responses(store_of(wait, csat, False), "waiting", "csat")[0]
    assert str(one.reason).startswith(reason)
    assert one.broken is None


def test_nothing_and_unknown_names():
    store = cx.open_store(":memory:")
    assert waiting.responses(store)[0].n == 0
    assert waiting.responses(store, "delay", "nps", "channel") == []
    with pytest.raises(UnknownValue):
        waiting.responses(store, "weather")


def test_contacts_without_a_place_or_a_time_stand_for_themselves():
    store = rows_of([{"customer": "a", "channel": "web", "wait_seconds": 5}, {"customer": "a", "channel": "web", "nps": 9},
                     {"customer": "a", "channel": "web", "wait_seconds": 7, "nps": 3}])
    assert waiting.responses(store, "waiting", "nps")[0].n == 1
