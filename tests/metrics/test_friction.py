"""Pain points and moments of delight: small worlds with known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cx
from cx import Filters, Store
from cx.metrics import friction


def store_of(frame: pd.DataFrame) -> Store:
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, frame)
    return store


def answers(groups: list[tuple[str, str, int, list[int]]]) -> pd.DataFrame:
    """(touchpoint, channel, how many, NPS answers in turn), each of a customer of his own, one an hour."""
    rows = [(touchpoint, channel, given[number % len(given)]) for touchpoint, channel, many, given in groups
            for number in range(many)]
    frame = pd.DataFrame(rows, columns=["touchpoint", "channel", "nps"])
    return frame.assign(customer_id=[f"c{n}" for n in range(len(frame))],
                        occurred_at=pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(len(frame)), "h"))


def test_the_impact_is_the_mean_of_all_minus_the_mean_of_all_without():
    store = store_of(answers([("Chat", "App", 100, [0, 5]), ("Shop", "Store", 200, [10, 9, 8, 3]),
                              ("Call", "Phone", 100, [10, 9, 8, 3])]))
    points = friction.pain_points(store, by=None)
    pain = points[points["kind"] == "pain"].iloc[0]
    assert (pain["touchpoint"], pain["channel"], pain["measure"]) == ("chat", "", "nps")
    assert pain["value"] == -100
    assert pain["rest"] == pytest.approx(25)
    assert pain["impact"] == pytest.approx((100 * -100 + 300 * 25) / 400 - 25)
    assert pain["lower"] < pain["impact"] < pain["upper"] < 0
    assert (pain["customers"], pain["n"], pain["rest_n"]) == (100, 100, 300)
    assert str(pain["text"]) == "Chat: NPS −100.0, elsewhere 25.0 (n = 100). It costs the whole 31.2 points."


def test_a_bad_part_is_told_and_not_the_whole_around_it():
    bad, good = [0, 5, 9], [10, 9, 8, 3]
    store = store_of(answers([("Chat", "App", 90, bad), ("Chat", "Web", 200, good), ("Call", "App", 200, good),
                              ("Shop", "Web", 300, good)]))
    points = friction.pain_points(store, by=None)
    assert set(zip(points["kind"], points["touchpoint"], points["channel"], strict=True)) == {("pain", "chat", "app")}


def test_a_bad_whole_is_told_and_not_its_parts():
    bad, good = [0, 5, 9], [10, 9, 8, 3]
    store = store_of(answers([("Chat", "App", 90, bad), ("Chat", "Web", 200, bad), ("Call", "App", 200, good),
                              ("Shop", "Web", 300, good)]))
    points = friction.pain_points(store, by=None)
    pains = points[points["kind"] == "pain"]
    assert set(zip(pains["touchpoint"], pains["channel"], strict=True)) == {("chat", "")}


def test_the_selection_of_a_cell_keeps_the_filters_in_force():
    store = store_of(answers([("Chat", "App", 90, [0, 5]), ("Shop", "Web", 300, [10, 9])]))
    pain = friction.pain_points(store, by=None).iloc[0].to_dict()
    assert friction.narrowed(pain, Filters(persona=("young",))) == Filters(persona=("young",), touchpoint=("chat",))
