"""One customer: search, profile, timeline."""

from __future__ import annotations

import pandas as pd
import pytest

from cx import Store
from cx.errors import QueryError
from cx.metrics import customer
from tests.metrics.stores import store_of

ROWS = [
    {"customer": "K-10", "occurred_at": "2025-01-02 10:30", "stage": "purchase", "channel": "store", "touchpoint": "Till",
     "revenue": 20.5, "order_id": "1", "emotion": -1, "persona": "Genç"},
    {"customer": "K-10", "occurred_at": "2025-01-02 10:00", "stage": "awareness", "channel": "web", "nps": 9},
    {"customer": "K-10", "comment": "undated"},
    {"customer": "K-1", "occurred_at": "2025-01-02", "stage": "awareness"},
    {"customer": "x%_y", "occurred_at": "2025-01-02", "stage": "awareness"},
    {"occurred_at": "2025-01-02", "stage": "awareness"},
]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(ROWS, customer_attributes={"K-10": {"City": "Rize"}})


@pytest.mark.parametrize(("wanted", "found"), [
    ("K-1", ["K-1", "K-10"]), ("k-10", ["K-10"]), ("", ["K-10", "K-1", "x%_y"]), ("%", ["x%_y"]), ("_", ["x%_y"]),
    ("#", []), ("'; DROP TABLE customers; --", [])])
def test_a_search_finds_ids_that_hold_the_text(store, wanted, found) -> None:
    assert customer.search(store, wanted)["customer_id"].tolist() == found


def test_a_search_has_a_limit(store) -> None:
    assert len(customer.search(store, "", limit=1)) == 1


def test_a_profile_by_hand(store) -> None:
    found = customer.profile(store, "K-10")
    assert found["persona"] == "Genç"
    assert (found["first_channel"], found["last_channel"]) == ("web", "store")
    assert (found["interactions"], found["orders"], found["revenue"], found["complaints"]) == (2, 1, 20.5, 0)
    assert (found["net"], found["felt"], found["last_emotion"], found["last_nps"]) == (0.0, 2, -1, 9)
    assert found["stages"] == ["awareness", "purchase"]
    assert found["attributes"] == {"City": "Rize"}
    assert customer.profile(store, "K-1")["net"] is None


def test_a_timeline_has_everything_in_the_order_of_time(store) -> None:
    frame = customer.timeline(store, "K-10")
    assert frame["stage_key"].tolist() == ["awareness", "purchase", ""]
    assert frame["minutes"].tolist()[1] == 30
    assert frame["minutes"].isna().tolist() == [True, False, True]
    assert frame["touchpoint"].tolist() == ["", "Till", ""]
    assert frame["comment"].tolist() == ["", "", "undated"]
    assert pd.isna(frame["occurred_at"].iloc[2])


@pytest.mark.parametrize("ask", [customer.profile, customer.timeline])
@pytest.mark.parametrize("who", ["nobody", "#6", ""])
def test_a_customer_who_is_not_there_is_refused(store, ask, who) -> None:
    with pytest.raises(QueryError, match="no customer"):
        ask(store, who)
