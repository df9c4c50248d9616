"""Teams, what they own, and how they hand customers over: by hand; and the framework that says what is missing."""

from __future__ import annotations

import datetime as dt

import pytest

import cx
from cx.errors import QueryError
from cx.filters import Filters
from cx.metrics import action, alert, framework, team
from cx.metrics.action import Action
from cx.metrics.alert import Rule
from cx.metrics.goals import set_target
from cx.store import journey_model
from tests.metrics.stores import store_of

AT = dt.datetime(2025, 3, 3, 9)


def contact(customer: str, hours: float, touchpoint: str, emotion: int | None = None) -> dict[str, object]:
    return {"customer": customer, "occurred_at": AT + dt.timedelta(hours=hours), "touchpoint": touchpoint,
            "emotion": emotion}


def owned(rows, **owners):
    store = store_of(rows)
    journey_model.describe_touchpoints(store, [(key, None, None, owner) for key, owner in owners.items()])
    return store


def test_a_hand_over_is_a_contact_with_another_team_soon_after() -> None:
    """Ann goes from Shop to Service after 2 h (bad) and stays there (good); Bob after exactly 72 h; Cem too late; Deniz
    through a touchpoint of nobody."""
    store = owned([contact("ann", 0, "Basket"), contact("ann", 2, "Call", -1), contact("ann", 3, "Chat", 1),
                   contact("bob", 0, "Basket"), contact("bob", 72, "Call", -1),
                   contact("cem", 0, "Basket"), contact("cem", 72.1, "Call", 1),
                   contact("deniz", 0, "Basket"), contact("deniz", 1, "Moon"), contact("deniz", 2, "Call", 1)],
                  basket="Shop", call="Service", chat="Service", moon="")
    found = team.handovers(store)
    row, = found.to_dict("records")
    assert (row["team"], row["to_team"], row["n"], row["customers"]) == ("Shop", "Service", 2, 2)
    assert (row["median_seconds"], row["net"], row["felt"]) == (37 * 3600, -100, 2)
    assert (row["own_net"], row["own_felt"], row["significant"]) == (100, 1, None)
    who = team.handed(store, "Shop", "Service")
    assert who[["customer_id", "interactions", "net"]].to_numpy().tolist() == [["bob", 1, -100], ["ann", 1, -100]]
    assert team.handed(store, "Service", "Shop").empty
    assert team.handed(store, "Shop", "Service", dt.timedelta(hours=3))["customer_id"].tolist() == ["ann"]
    assert team.handovers(store, dt.timedelta(hours=1)).empty
    assert team.handovers(store, filters=Filters(start="2025-04-01")).empty
    with pytest.raises(QueryError):
        team.handovers(store, dt.timedelta(hours=-1))


def test_a_hand_over_that_surely_feels_worse_is_marked() -> None:
    rows = []
    for n in range(60):
        rows += [contact(f"a{n}", 0, "Basket"), contact(f"a{n}", 1, "Call", -1 if n % 4 else 1),
                 contact(f"a{n}", 2, "Call", 1 if n % 4 else -1)]
    found = team.handovers(owned(rows, basket="Shop", call="Service"))
    assert found["significant"].tolist() == [True]
    assert found["difference"].iloc[0] == pytest.approx(-100)


def test_teams_own_touchpoints_actions_and_targets() -> None:
    store = owned([contact("ann", 0, "Basket"), contact("ann", 1, "Call")], basket=" Shop ", call="Shop")
    action.save(store, Action("Train", "csat", AT.date(), owner="Service"))
    action.remove(store, action.save(store, Action("Gone", "csat", AT.date(), owner="Ghost")))
    set_target(store, "csat", 0.8, owner="Board")
    assert team.teams(store).to_dict("records") == [
        {"team": "Board", "touchpoints": 0, "actions": 0, "targets": 1},
        {"team": "Service", "touchpoints": 0, "actions": 1, "targets": 0},
        {"team": "Shop", "touchpoints": 2, "actions": 0, "targets": 0}]
    assert set(team.touchpoints_of(store, "Shop")) == {"basket", "call"}
    assert team.touchpoints_of(store, "Nobody") == []


# --- the framework ---


def said(store, today="2025-03-10") -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for check in framework.framework(store, dt.date.fromisoformat(today)):
        found.setdefault(check.layer, []).append((check.status, str(check.said)))
    return found


def test_an_empty_workspace_misses_everything_but_its_stages() -> None:
    found = said(cx.open_store(":memory:"))
    assert found["goals"] == [("missing", "No target is set.")]
    assert ("missing", "There is no touchpoint yet.") in found["journey"]
    assert found["sources"] == [("missing", "Nothing has been uploaded yet.")]
    assert found["monitoring"] == [("missing", "No alert watches anything.")]


def test_what_is_set_missing_and_old_is_told_with_its_numbers() -> None:
    store = store_of([{**contact("ann", 0, "Basket"), "csat": 4, "csat_max": 5}, contact("ann", 1, "Hotline")])
    set_target(store, "csat", 0.8, owner="Board")
    set_target(store, "nps", 20)
    action.save(store, Action("Train", "csat", AT.date()))
    alert.save(store, Rule("few", "csat", touchpoint="hotline", name="a"))
    found = said(store)
    assert found["goals"] == [("set", "2 targets are set."), ("missing", "1 target has nobody responsible.")]
    assert ("missing", "A target is set, but no data is there: NPS.") in found["kpis"]
    assert ("set", "The data reaches to 3 Mar 2025.") in found["sources"]
    assert found["owners"] == [("missing", "2 of 2 touchpoints belong to no team."), ("missing", "1 action has no team.")]
    assert found["monitoring"] == [("set", "1 alert is watching."),
                                   ("missing", "A target is set, but no alert watches: NPS.")]
    assert ("stale", "The data ends on 3 Mar 2025, 59 days ago.") in said(store, "2025-05-01")["sources"]
    with store.write() as cursor:
        cursor.execute("DELETE FROM touchpoints WHERE key = 'hotline'")
    assert ("stale", "1 alert watches something that is no longer there.") in said(store)["monitoring"]


def test_every_check_leads_to_a_page() -> None:
    from pathlib import Path
    pages = {path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")}
    store = owned([contact("ann", 0, "Basket")], basket="Shop")
    assert {check.page for check in framework.framework(store)} <= pages
    assert {check.layer for check in framework.framework(store)} == set(framework.LAYERS)
