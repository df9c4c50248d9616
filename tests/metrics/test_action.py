"""Actions: saved, changed, taken away and brought back; marked on trends; what is wrong with one is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cx.errors import QueryError, UnknownValue
from cx.metrics import action
from cx.metrics.action import Action
from cx.metrics.event import events
from tests.metrics.stores import store_of

DAY = dt.date(2025, 3, 3)


@pytest.fixture
def store():
    return store_of([{"customer": "a", "occurred_at": "2025-01-01", "touchpoint": "Call", "channel": "Phone",
                      "persona": "Old", "csat": 4, "csat_max": 5}])


def test_an_action_comes_back_as_it_was_saved(store) -> None:
    given = Action("Train the team", "csat", DAY, touchpoint="call", channel="phone", persona="old", owner="Service",
                   expected=0.1, note="two days", pain_point=(("measure", "csat"), ("n", 318)))
    number = action.save(store, given)
    assert action.actions(store) == [replace(given, number=number)]


def test_an_action_is_changed_ended_taken_away_and_brought_back(store) -> None:
    number = action.save(store, Action("Train", "csat", DAY))
    created = store.value("SELECT created_at FROM actions")
    action.save(store, replace(action.of_number(store, number), title="Train all", owner="Service"))
    action.close(store, number, dt.date(2025, 4, 1))
    kept = action.of_number(store, number)
    assert (kept.title, kept.status, kept.ended_on) == ("Train all", "closed", dt.date(2025, 4, 1))
    assert store.value("SELECT created_at FROM actions") == created
    action.remove(store, number)
    assert (action.actions(store), [each.title for each in action.actions(store, True)]) == ([], ["Train all"])
    action.restore(store, number)
    assert action.of_number(store, number) == kept
    action.close(store, number, None)
    assert action.of_number(store, number).status == "open"


@pytest.mark.parametrize(("wrong", "error"), [
    ({"title": "  "}, "Give the action a title"), ({"title": "x" * 121}, "longer than 120"),
    ({"ended_on": dt.date(2025, 3, 2)}, "before its start"), ({"kpi": "nonsense"}, "does not exist"),
    ({"kpi": "revenue"}, "grows with everything else"), ({"touchpoint": "moon"}, "does not exist"),
    ({"expected": -0.1}, "would get worse"), ({"expected": float("nan")}, "must be a number"),
    ({"kpi": "waiting_time", "expected": 60.0}, "would get worse"), ({"note": "n" * 1001}, "longer than 1,000"),
])
def test_what_is_wrong_is_told_and_nothing_is_saved(store, wrong, error) -> None:
    with pytest.raises((QueryError, UnknownValue), match=error):
        action.save(store, replace(Action("Train", "csat", DAY), **wrong))
    assert action.actions(store) == []


def test_start_and_end_are_marked_on_trends_but_not_those_taken_away(store) -> None:
    first = action.save(store, Action("Train", "csat", DAY, ended_on=dt.date(2025, 3, 10)))
    action.remove(store, action.save(store, Action("Never mind", "csat", DAY)))
    found = events(store, dt.date(2025, 3, 1), dt.date(2025, 3, 31))
    told = found[found["kind"].isin(["action", "ended"])]
    assert list(zip(told["kind"], told["label"], strict=True)) == [("action", "Train"), ("ended", "Train")]
    assert first == 1


def test_a_place_that_is_gone_is_told(store) -> None:
    kept = Action("Train", "csat", DAY, touchpoint="call")
    number = action.save(store, kept)
    with store.write() as cursor:
        cursor.execute("DELETE FROM touchpoints")
    assert str(action.missing_place(store, action.of_number(store, number))) == \
        "Touchpoint “call” is no longer in the workspace."
    action.save(store, replace(action.of_number(store, number), note="still here"))  # it can still be changed
