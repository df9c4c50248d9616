"""From an opportunity to an action that is judged; an alert's rule tried on the past, whose message leads to its page."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import cx
from cx.delivery import watch
from cx.metrics import alert
from cx.metrics.alert import Rule
from tests.browser.driver import Server, act, serve, text_of, visit


@pytest.fixture(scope="module")
def own(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample, with a message of an alert that waits to be read."""
    folder = tmp_path_factory.mktemp("improve")
    store = cx.open_store(shutil.copy(sample_workspace / "read" / "cx.duckdb", folder))
    alert.save(store, Rule("target", "csat", touchpoint="delivery", interval="month", limit=0.65, name="Delivery"))
    with store.write(quietly=True) as cursor:
        rule = json.loads(cursor.execute("SELECT rule FROM alerts").fetchone()[0])
        cursor.execute("UPDATE alerts SET rule = ?", [json.dumps({**rule, "since": "2026-07-01"})])
    assert watch.once(store) > 0
    store.close()
    with serve(folder) as running:
        yield running


def test_an_action_is_made_judged_removed_and_brought_back(page: Page, own: Server):
    visit(page, own, "/actions?action=new&place=touchpoint:support%20call&kpi=csat")
    act(page, lambda: (page.get_by_label("What is done").fill("Train the <b>call</b> centre"),
                       page.keyboard.press("Tab")))  # or the page would be drawn anew while the date is typed
    page.get_by_label("First day").get_by_role("spinbutton").first.click()
    act(page, lambda: (page.keyboard.type("01022026"), page.keyboard.press("Enter"),
                       page.get_by_role("heading", level=1).click()))  # the last digit may be enough to make it run
    act(page, lambda: page.get_by_role("button", name="Save", exact=True).last.click())
    words = text_of(page)
    assert "Train the <b>call</b> centre · ✓ worked" in words
    assert "Better by more than chance explains, against the untouched rest" in words
    visit(page, own, "/trends?kpi=csat&touchpoint=support%20call")
    assert "What happened" in text_of(page)
    visit(page, own, "/actions")
    act(page, lambda: page.get_by_role("button", name="Remove").click())
    assert "✓ worked" not in text_of(page)
    page.get_by_text("Removed (1)").click()
    act(page, lambda: page.get_by_role("button", name="Bring back").click())
    assert "✓ worked" in text_of(page)


def test_a_rule_is_tried_on_the_past_and_a_message_leads_to_its_page(page: Page, own: Server):
    visit(page, own, "/alerts?rule=1")
    words = text_of(page)
    assert "It would have alerted you" in words
    assert "1 unread message" in words
    assert "Alerts (1)" in page.get_by_test_id("stSidebar").inner_text()
    other = page.context.new_page()  # somebody else's
    visit(other, own, "/definitions")
    unread = other.get_by_test_id("stSidebar").get_by_text("Alerts (1)")
    expect(unread).to_be_visible()
    act(page, lambda: page.get_by_role("button", name="Look at it").click())
    page.get_by_role("heading", name="KPI trends").wait_for()
    assert "touchpoint=delivery" in page.url
    assert "kpi=csat" in page.url
    expect(unread).to_have_count(0, timeout=10_000)
    other.close()
    visit(page, own, "/alerts")
    assert "All messages are read." in text_of(page)
    page.get_by_text("Webhook and e-mail: off").click()
    page.get_by_label("Webhook address").fill("ftp://x")
    act(page, lambda: page.get_by_role("button", name="Save delivery").click())
    assert "“ftp://x” is not an address that begins with https:// or http://." in text_of(page)
