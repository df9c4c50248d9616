"""From every chart to those behind it: as many as its number says, for every number, on the sample."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from cx import Filters, Store
from cx.metrics import (
    attribution,
    converters,
    emotion,
    emotion_people,
    funnel,
    funnel_people,
    path,
    path_people,
    path_variants,
    waiting,
)
from tests.browser.driver import Server, act, visit

EVERYBODY, YOUNG = Filters(), Filters(persona=("young explorer",))
ALL = 1_000_000


@pytest.mark.parametrize("filters", [EVERYBODY, YOUNG])
def test_each_bar_of_what_the_lost_did_next_leads_to_as_many_customers(store: Store, filters: Filters) -> None:
    left = funnel.drop_off(store, step=2, filters=filters)
    left = left[left["when"] == "next"]
    found = {key: funnel_people.went_next(store, key, step=2, filters=filters) for key in left["key"]}
    assert {key: len(each) for key, each in found.items()} == dict(zip(left["key"], left["customers"], strict=True))
    everybody = [each for one in found.values() for each in one["customer_id"]]
    assert len(everybody) == len(set(everybody)) == left["lost"].iloc[0]


def test_each_bar_of_how_long_it_took_leads_to_as_many_customers(store: Store) -> None:
    bars = funnel.time_to_convert(store, bins=16)
    found = [funnel_people.took(store, number, bins=16) for number in range(len(bars))]
    assert [len(each) for each in found] == bars["customers"].tolist()
    first = found[0]["seconds"]
    assert first.between(bars["lower_seconds"].iloc[0], bars["upper_seconds"].iloc[0]).all()


def test_a_point_of_the_funnel_over_time_is_the_funnel_of_that_period(store: Store) -> None:
    course = funnel.trend(store, interval="quarter")
    for row in course.iloc[1:3].to_dict("records"):
        days = {"start": row["period"].date(), "end": (row["period"] + np.timedelta64(80, "D")).date()}
        inside = funnel.customers(store, filters=Filters(**days))
        assert len(inside) <= row["entered"]
        assert len(inside) == funnel.funnel(store, filters=Filters(**days))["reached"].iloc[0]


def test_each_thing_that_tells_apart_leads_to_those_with_it(store: Store) -> None:
    looked_at = set()
    for step in (2, 4):
        for row in converters.converters(store, step=step).factors.drop_duplicates("kind").to_dict("records"):
            found = converters.customers(store, row["kind"], row["key"], step=step)
            assert (len(found), found["went_on"].sum()) == (row["n_with"], round(row["n_with"] * row["rate_with"])), row
            looked_at.add(row["kind"])
    assert {"touchpoint", "channel", "persona", "emotion", "waiting", "delay", "complaint"} <= looked_at


@pytest.mark.parametrize("unit", ["customer", "session"])
def test_each_cell_of_what_follows_what_leads_to_as_many_times(store: Store, unit: str) -> None:
    cells = path.transitions(store, by="channel", unit=unit)
    assert len(cells) > 10
    for row in cells.iloc[::6].to_dict("records"):
        found = path_people.moved(store, row["from_key"], row["to_key"], by="channel", unit=unit, limit=ALL)
        assert found["times"].sum() == row["n"], row
        assert found["customer_id"].is_unique


def test_each_way_and_loop_leads_to_as_many_customers(store: Store) -> None:
    ways = path_variants.variants(store, by="touchpoint", length=2, most=8)
    ways = ways[ways["kind"] == "variant"]
    assert ways["longer"].any()
    for row in ways.to_dict("records"):
        found = path_people.walked(store, row["keys"], row["longer"], 2, by="touchpoint", limit=ALL)
        assert (len(found), found["times"].sum()) == (row["n"], row["n"]), row["keys"]
    for row in path_variants.loops(store, most=5).to_dict("records"):
        found = path_people.turned(store, row["key"], row["through_key"], limit=ALL)
        assert (len(found), found["times"].sum()) == (row["n"], row["times"]), row["key"]


def test_each_channel_that_purchases_are_owed_to_leads_to_those_it_took_part_in(store: Store) -> None:
    owed = attribution.attribution(store, filters=YOUNG)
    owed = owed[(owed["rule"] == "linear") & (owed["key"] != "")]
    for row in owed.to_dict("records"):
        assert attribution.purchases(store, row["key"], filters=YOUNG, limit=ALL)["orders"].sum() == row["took_part"]


def test_memory_and_sources_lead_to_all_they_were_counted_from(store: Store) -> None:
    memory = emotion.memory(store, YOUNG).set_index("what")
    found = emotion_people.remembered(store, "end", YOUNG, ALL)
    assert len(found) == memory["n"].iloc[0]
    assert found["end"].is_monotonic_increasing
    for what in emotion_people.REMEMBERED:
        assert found[what].mean() == pytest.approx(memory.loc[what, "value"])
    sources = emotion.sources(store, YOUNG)
    for row in sources[sources["source"] != ""].to_dict("records"):
        assert len(emotion_people.told_by(store, row["source"], YOUNG, ALL)) == row["n"]


@pytest.mark.parametrize("by", [None, "channel"])
def test_each_point_of_the_response_leads_to_its_answers(store: Store, by: str | None) -> None:
    one = next(each for each in waiting.responses(store, "waiting", "csat", by) if each.reason is None)
    found = [waiting.answers(store, number, "waiting", "csat", by, one.key) for number in range(len(one.bins))]
    assert [len(each) for each in found] == one.bins["n"].tolist()
    assert found[0]["points"].gt(0).mean() == pytest.approx(one.bins["value"].iloc[0] / 100)


def test_a_click_or_the_enter_key_on_a_bar_lists_those_it_counts(page: Page, server: Server, store: Store) -> None:
    left = funnel.drop_off(store, step=2)
    left = left[left["when"] == "next"].fillna({"key": "."})
    first, second = left.iloc[0], left.iloc[1]
    visit(page, server, "/funnel?after=2")
    bars = page.locator('[class*="st-key-pick-lost"] path[aria-roledescription="bar"]')
    act(page, lambda: bars.first.click())
    assert parse_qs(urlsplit(page.url).query)["next"] == [f"={first['key']}"]
    rows = page.locator('[class*="st-key-next-customers"] [role="grid"]')
    rows.wait_for(state="attached")
    assert rows.get_attribute("aria-rowcount") == str(1 + first["customers"])
    bars.first.focus()
    page.keyboard.press("ArrowDown")
    act(page, lambda: page.keyboard.press("Enter"))
    assert parse_qs(urlsplit(page.url).query)["next"] == [f"={second['key']}"]
