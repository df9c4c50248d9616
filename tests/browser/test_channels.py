"""Across channels: the sentences are what cx found, a row of the table leads to the customers behind it."""

from playwright.sync_api import Browser, Page

from cx import findings
from cx.language import language
from cx.metrics import attribution, handoff, repeat
from tests.browser.conftest import context
from tests.browser.driver import Server, act, settled, text_of, visit


def named(store):
    labels = dict(store.rows("SELECT key, label FROM channels"))
    return lambda key: labels[key]


def test_the_sentences_say_what_cx_found_and_a_phone_gets_bars(browser: Browser, server: Server, store):
    t, name = language("tr"), named(store)
    moved = handoff.handoffs(store)
    with context(browser, "tr", phone=True) as opened:
        page = opened.new_page()
        visit(page, server, "/channels")
        words = text_of(page)
        for said in (findings.channels.handed(moved, t, name), findings.channels.repeated(repeat.repeats(store), t),
                     findings.channels.credited(attribution.attribution(store), t, name),
                     *findings.channels.handed_felt(moved, t, name, worse=True)):
            assert said in words
        assert not page.locator(".st-key-wide-only-moves").is_visible()
        assert page.locator(".st-key-phone-only-moves").get_by_test_id("stVegaLiteChart").is_visible()


def test_a_hand_off_leads_to_its_customers(page: Page, server: Server, store):
    handed = handoff.customers(store, "web", "store")
    visit(page, server, "/channels?pair=web%3Estore")
    assert "Web → Store" in page.get_by_role("combobox", name="Hand-off", exact=True).locator("..").inner_text() + (
        page.get_by_role("combobox", name="Hand-off", exact=True).input_value() or "")
    table = page.locator("[class*='st-key-pair-customers']").get_by_test_id("stDataFrameResizable")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    act(page, lambda: page.mouse.click(box["x"] + 15, box["y"] + 55))
    page.get_by_role("heading", name="One customer", level=1).wait_for()
    settled(page)
    assert handed["customer_id"].iloc[0] in text_of(page)
