"""Rows that are read as they stand: in parts of whole customers, and put together where they do not stand so."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from cx import Filters, open_store
from cx.filters import Clause
from cx.metrics import held_steps as held
from cx.metrics import path, step_rows
from cx.metrics.funnel import funnel
from cx.store.check import check
from tests.metrics.stores import refill

TOUCHPOINTS = ("ad", "shop", "till", None)


def _filled(customers: int = 40):
    store = open_store(":memory:")
    refill(store, [(customer, customer * 7 % 5 + place * (customer % 3), "awareness",
                    TOUCHPOINTS[(customer * place + place) % 4], "web") for place in range(6)
                   for customer in range(1, customers + 1)])
    return store


def _answers(store):
    return [path.transitions(store).values.tolist(), path.flows(store, anchor="shop", direction="around").values.tolist(),
            path.counted(store, unit="session", pause=dt.timedelta(seconds=1)), path.most_met(store),
            funnel(store, ["ad", "shop", "till"], by="touchpoint", window=dt.timedelta(seconds=4)).fillna(-1).values.tolist()]


def test_a_customer_who_stands_in_two_places_is_answered_the_same(monkeypatch) -> None:
    store = _filled()
    before = _answers(store)
    with store.write() as cursor:  # some of the rows of every third customer move to the end
        moved = "customer_key % 3 = 0 AND occurred_at >= TIMESTAMP '2025-01-01 00:00:04'"
        cursor.execute(f"CREATE TEMP TABLE moved AS SELECT * FROM steps WHERE {moved} ORDER BY customer_key, rowid")
        cursor.execute(f"DELETE FROM steps WHERE {moved}")
        cursor.execute("INSERT INTO steps SELECT * FROM moved")
    assert _answers(store) == before
    monkeypatch.setattr(held, "MOST", 0)
    with store.write():
        pass
    assert _answers(store) == before


@pytest.mark.parametrize("most", [held.MOST, 0])
def test_parts_hold_whole_customers_whatever_their_size(most, monkeypatch) -> None:
    monkeypatch.setattr(step_rows, "_AT_ONCE", 2048)
    monkeypatch.setattr(held, "_PART", 2048)
    monkeypatch.setattr(held, "MOST", most)  # 0: nothing is held
    store = _filled(customers=900)
    with store.write() as cursor:
        cursor.execute("UPDATE journeys SET persona_id = 1 WHERE customer_key % 2 = 0")
        cursor.execute("INSERT INTO personas (persona_id, key, label) VALUES (1, 'even', 'Even')")
    for some in (Filters(), Filters(persona=("even",))):
        with store.reader() as cursor:
            found = step_rows.over_customers(store, cursor, ["touchpoint_id"], lambda part: (
                part.customers.tolist(), np.diff(part.first_rows).tolist()), Clause("TRUE"), some)
        assert len(found) > 1
        assert [key for keys, _ in found for key in keys] == [key for key in range(1, 901) if not some.persona or key % 2 == 0]
        assert {n for _, many in found for n in many} == {6}


@pytest.mark.parametrize("filters", [Filters(), Filters(touchpoint=("till",)), Filters(channel=("nothing",))])
def test_more_values_than_a_table_of_pairs_holds_are_counted_the_same(monkeypatch, filters) -> None:
    store = _filled()
    few = path.transitions(store, filters=filters)
    monkeypatch.setattr("cx.metrics.path_walk._DENSE", 0)
    assert path.transitions(store, filters=filters).equals(few)


def test_rows_of_a_customer_in_another_order_are_found() -> None:
    store = _filled()
    with store.write() as cursor:
        cursor.execute("CREATE TEMP TABLE moved AS SELECT * FROM steps ORDER BY customer_key, rowid DESC")
        cursor.execute("DELETE FROM steps")
        cursor.execute("INSERT INTO steps SELECT * FROM moved")
    found = check(store).set_index("table")
    assert found.loc["steps", "missing"] == found.loc["steps", "surplus"] > 0
    assert not found.drop("steps")[["missing", "surplus"]].to_numpy().any()
