"""Touchpoints and channels by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from cx import Filters, Store, open_store
from cx.errors import UnknownValue
from cx.metrics import contact, emotion
from tests.metrics.stores import store_of

ROWS = [
    {"customer": "a", "occurred_at": "2025-01-01", "stage": "awareness", "touchpoint": "site", "channel": "web",
     "emotion": 1, "wait_seconds": 10},
    {"customer": "a", "occurred_at": "2025-01-02", "stage": "purchase", "touchpoint": "site", "channel": "web",
     "csat": 4, "csat_max": 5, "wait_seconds": 30},
    {"customer": "b", "occurred_at": "2025-01-02", "stage": "purchase", "touchpoint": "till", "channel": "store",
     "is_complaint": True},
    {"customer": "c", "occurred_at": "2025-01-03", "stage": "purchase", "touchpoint": "odd", "channel": "zzz"},
    {"occurred_at": "2025-01-04", "touchpoint": "site", "channel": "web", "wait_seconds": 80},
    {"customer": "c", "occurred_at": "2025-01-05", "nps": 7},
]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(ROWS)


def test_how_often_where_by_hand(store) -> None:
    frame = contact.usage(store).set_index("key")
    assert frame.index.tolist() == ["site", "odd", "till", ""]
    site = frame.loc["site"]
    assert (site["interactions"], site["customers"], site["complaints"]) == (3, 1, 0)
    assert (site["share"], site["customer_share"]) == pytest.approx((3 / 6, 1 / 3))
    assert (site["net"], site["net_n"], site["csat"], site["csat_n"]) == (100, 2, 1, 1)
    assert (site["wait_mean"], site["wait_median"], site["wait_p90"], site["wait_n"]) == (40, 30, pytest.approx(70), 3)
    assert (frame.loc["till", "net"], frame.loc["till", "complaints"]) == (-100, 1)
    assert pd.isna(frame.loc["odd", "net"])
    assert pd.isna(frame.loc["odd", "wait_mean"])
    assert frame["share"].sum() == pytest.approx(1)


def test_channels_of_an_unknown_kind_stay_visible(store) -> None:
    frame = contact.shares(store)
    assert dict(zip(frame["class"], frame["interactions"], strict=True)) == {"digital": 3, "physical": 1, "": 2}
    assert frame["share"].sum() == pytest.approx(1)
    frame = contact.shares(store, "ownership", by="stage")
    purchase = frame[frame["key"] == "purchase"].set_index("class")
    assert purchase["interactions"].to_dict() == {"owned": 2, "earned": 0, "paid": 0, "partner": 0, "": 1}
    assert purchase["share"].sum() == pytest.approx(1)
    with pytest.raises(UnknownValue):
        contact.shares(store, "colour")


def test_waiting_times_lie_between_order_statistics(store) -> None:
    row = contact.waiting(store).iloc[0]
    assert (row["n"], row["mean"], row["median"], row["p90"]) == (3, 40, 30, pytest.approx(70))
    assert pd.isna(row["median_lower"])
    frame = contact.waiting(store, by="stage").set_index("key")
    assert frame["n"].to_dict() == {"awareness": 1, "purchase": 1, "": 1}
    many = store_of([{"occurred_at": "2025-01-01", "touchpoint": "x", "wait_seconds": seconds} for seconds in range(1, 21)])
    row = contact.waiting(many).iloc[0]
    assert (row["median"], row["median_lower"], row["median_upper"]) == (10.5, 6, 15)


def test_nothing_selected_is_empty(store) -> None:
    nothing = Filters(start="2020-01-01", end="2020-01-02")
    for which in (store, open_store(":memory:")):
        assert contact.usage(which, filters=nothing).empty
        assert contact.shares(which, filters=nothing).empty
        assert contact.shares(which, by="persona", filters=nothing).empty
        assert contact.waiting(which, nothing).empty
        assert contact.waiting(which, nothing, by="channel").empty


@pytest.fixture(scope="module")
def many() -> Store:
    """400 interactions of 40 customers and of nobody known, every one with the same value of an attribute."""
    pick = random.Random(5)
    return store_of([{
        "customer": pick.choice([None, *(f"c{n}" for n in range(40))]), "occurred_at": f"2025-0{pick.randint(1, 3)}-11",
        "stage": pick.choice([None, "awareness", "purchase"]), "touchpoint": pick.choice([None, "site", "till", "call"]),
        "channel": pick.choice([None, "web", "store"]), "emotion": pick.choice([None, -1, 0, 1]),
        "wait_seconds": pick.choice([None, pick.randint(1, 900)]), "is_complaint": pick.choice([None, True, False]),
        "csat": pick.choice([None, 1, 4, 5]), "csat_max": 5, "attributes": {"plan": "x"}} for _ in range(400)])


@pytest.mark.parametrize("chosen", [Filters(), Filters(start="2025-02-01", end="2025-03-31"), Filters(stage=("purchase",)),
                                    Filters(channel=("web",), touchpoint=("site", "till"))], ids=repr)
@pytest.mark.parametrize("question", [
    partial(contact.usage, by="touchpoint"), partial(contact.usage, by="channel"), partial(contact.shares, of="medium"),
    partial(contact.shares, of="ownership", by="stage"), partial(contact.shares, of="medium", by="channel"),
    lambda store, filters: emotion.matrix(store, "channel", "stage", filters)])
def test_days_tell_what_the_rows_tell(many, question, chosen) -> None:
    """What asks for an attribute, here one that everybody has, is answered from the rows themselves."""
    from_days, from_rows = (question(many, filters=filters) for filters in (
        chosen, replace(chosen, attributes=(("plan", ("x",)),))))
    assert len(from_rows)
    pd.testing.assert_frame_equal(from_days, from_rows, check_dtype=False)
