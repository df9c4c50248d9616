"""What changed most: planted changes are found, chance is not."""

from __future__ import annotations

import random

import pytest

from cx import Filters, open_store
from cx.metrics.change import what_changed
from cx.metrics.kpi import kpis
from tests.metrics.stores import store_of

APRIL = Filters(start="2025-04-01", end="2025-04-30")


def months(april_web: int, seed: int = 1) -> list[dict[str, object]]:
    """Answers of March and April; in April those of the web channel are `april_web`, all others are drawn."""
    rng = random.Random(seed)
    rows = []
    for month in (3, 4):
        for place in range(400):
            channel = ("web", "store")[place % 2]
            planted = month == 4 and channel == "web" and april_web >= 0
            rows.append({"customer": f"{month}-{place}", "occurred_at": f"2025-{month:02}-{1 + place % 30:02}",
                         "channel": channel, "persona": ("Old", "Young")[place % 4 // 2],
                         "nps": april_web if planted else rng.randint(0, 10), "wait_seconds": rng.randint(1, 100)})
    return rows


def test_a_planted_change_is_found_where_it_is() -> None:
    store = store_of(months(april_web=10))
    frame = what_changed(store, APRIL)
    row = frame.iloc[0]
    assert (row["dimension"], row["key"], row["better"]) == ("channel", "web", True)
    alone = kpis(store, Filters(start="2025-04-01", end="2025-04-30", channel="web"), only=["nps"]).iloc[0]
    row = frame[frame["kpi"] == "nps"].iloc[0]
    assert (row["value"], row["change"], row["n"]) == (alone["value"], pytest.approx(alone["change"]), alone["n"])
    assert (frame["p_adjusted"] < 0.05).all()
    assert not frame.duplicated(["kpi", "dimension"]).any()
    assert len(what_changed(store, APRIL, limit=1)) == 1


def test_a_fall_is_worse() -> None:
    assert not what_changed(store_of(months(april_web=0)), APRIL).iloc[0]["better"]


def test_chance_is_seldom_called_a_change() -> None:
    found = [len(what_changed(store_of(months(-1, seed)), APRIL)) for seed in range(3)]
    assert sum(each > 0 for each in found) <= 1


def test_nothing_to_compare_with_is_empty() -> None:
    store = store_of(months(-1))
    assert what_changed(open_store(":memory:")).empty
    assert what_changed(store, Filters(start="2025-03-01", end="2025-03-31")).empty
    assert what_changed(store, APRIL, compare=None).empty
    assert list(what_changed(store, APRIL, compare=None).columns) == list(what_changed(store, APRIL).columns)
