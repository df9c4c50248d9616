"""Walking the journey as somebody: counted by hand, and against everybody else."""

from __future__ import annotations

import pytest

from cx import Filters, Store, open_store
from cx.metrics.funnel import funnel
from cx.metrics.replay import customers, people, said, walk
from tests.metrics.stores import store_of


@pytest.fixture(scope="module")
def store() -> Store:
    rows = []
    for number in range(40):
        young = number < 30
        who = {"customer": f"c{number}", "persona": "Young" if young else "Old"}
        web = number % 2 == 0
        rows.append({**who, "occurred_at": "2025-01-01", "stage": "awareness", "touchpoint": "Ad",
                     "channel": "web" if web else "store", "emotion": 1, "wait_seconds": number})
        if young:
            rows.append({**who, "occurred_at": "2025-01-03", "stage": "purchase", "touchpoint": "Till",
                         "channel": "store", "emotion": -1 if number < 20 else 0,
                         "comment": f"slow {number}" if number < 20 else None})
    return store_of(rows)


def test_a_stage_is_told_for_such_customers_and_for_the_others(store) -> None:
    found = walk(store, persona="young")
    assert (found.customers, found.others) == (30, 10)
    awareness, purchase = found.stages.to_dict("records")
    assert (awareness["key"], awareness["customers"], awareness["other_customers"]) == ("awareness", 30, 10)
    assert (awareness["net"], awareness["felt"], awareness["other_net"]) == (100, 30, 100)
    assert (awareness["wait_median"], awareness["wait_n"], awareness["other_wait_median"]) == (14.5, 30, 34.5)
    assert (awareness["reached"], awareness["went_on"], awareness["on_share"]) == (30, 30, 1.0)
    assert (awareness["other_went_on"], awareness["other_on_share"]) == (0, 0.0)
    assert awareness["on_median"] == 2 * 86400
    assert (purchase["share"], purchase["other_share"]) == (1.0, 0.0)
    assert purchase["net"] == pytest.approx(-100 * 20 / 30)
    assert purchase["went_on"] is None or purchase["went_on"] != purchase["went_on"]
    assert purchase["other_net"] != purchase["other_net"]
    assert awareness["on_significant"] is None  # ten others are too few


def test_who_comes_to_a_stage_is_listed_as_many_as_the_stage_says(store) -> None:
    for asked in ({"persona": "young"}, {"persona": "young", "channel": "web"}, {}):
        for row in walk(store, **asked).stages.to_dict("records"):
            assert len(customers(store, row["key"], **asked)) == row["customers"]
    first = customers(store, "purchase", persona="young").set_index("customer_id")
    assert first.loc["c3", ["interactions", "net"]].tolist() == [1, -100]
    assert first.loc["c25", "net"] == 0
    assert customers(store, "purchase", filters=Filters(end="2025-01-02")).empty


def test_both_sides_make_up_everybody(store) -> None:
    whole = funnel(store)["reached"].tolist()
    for asked in ({"persona": "young"}, {"channel": "web"}, {"persona": "old", "channel": "store"}):
        found = walk(store, **asked).stages
        assert (found["reached"] + found["other_reached"]).tolist() == whole
    alone = walk(store)
    assert (alone.customers, alone.others) == (40, 0)
    assert alone.stages["reached"].tolist() == whole


def test_touchpoints_are_shares_of_who_is_at_the_stage(store) -> None:
    found = walk(store, channel="web").touchpoints
    assert found[["stage", "key", "customers", "share", "other_customers", "other_share"]].to_numpy().tolist() == [
        ["awareness", "ad", 20, 1.0, 20, 1.0], ["purchase", "till", 15, 1.0, 15, 1.0]]


def test_filters_choose_among_whom_one_walks(store) -> None:
    found = walk(store, persona="young", filters=Filters(channel="web"))
    assert (found.customers, found.others) == (15, 5)
    assert walk(store, persona="young", filters=Filters(start="2026-01-01")).customers == 0
    assert walk(open_store(":memory:")).stages.empty


def test_one_can_walk_as_those_there_are(store) -> None:
    assert people(store).to_numpy().tolist() == [["young", "store", 15], ["young", "web", 15], ["old", "store", 5],
                                                 ["old", "web", 5]]


def test_as_many_are_offered_to_walk_as_as_are_then_walked_with(store) -> None:
    days = Filters(start="2025-01-02", end="2025-01-12")
    offered = people(store, days)
    assert 0 < offered["customers"].sum() < 40
    for persona, many in offered.groupby("persona")["customers"].sum().items():
        assert walk(store, persona=persona, filters=days).customers == many


def test_the_newest_comment_of_each_feeling_is_an_example(store) -> None:
    found = said(store, "purchase", persona="young")
    assert found[["comment", "emotion", "touchpoint", "channel"]].to_numpy().tolist() == [["slow 19", -1, "Till", "store"]]
    assert said(store, "purchase", persona="old").empty
