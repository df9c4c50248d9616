"""The filter bar: its numbers are those of cx, and its state survives page, reload, language, back and forward."""

from playwright.sync_api import Page

import cx
from cx.filters import Filters
from cx.language import language
from cx.metrics.overview import selected
from tests.browser.driver import Server, act, settled, text_of, visit

EN, TR = language("en"), language("tr")


def choose(page: Page, button: str, box: str, option: str) -> None:
    """Open a filter, pick an option, close the filter."""
    page.get_by_role("button", name=button).first.click()
    page.get_by_role("combobox", name=box).click()
    act(page, lambda: page.get_by_role("option", name=option, exact=True).click())
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def nps(page: Page) -> str:
    return page.locator('.st-key-tile-nps [data-testid="stMetricValue"]').inner_text()


def expected(store, t=EN, **chosen) -> tuple[str, str]:
    """(NPS, caption count) as the screen should show them."""
    filters = Filters(**chosen)
    value = cx.metrics.kpi.kpis(store, filters, only=["nps"])["value"].iloc[0]
    customers, _, interactions = selected(store, filters)
    return t.number(value, 1), f"{t.number(customers)} {t('customers')}" if t is EN else (
        f"{t.number(customers)} müşteri · {t.number(interactions)} etkileşim")


def test_a_persona_changes_every_number_to_that_of_cx(page: Page, server: Server, store):
    visit(page, server)
    assert nps(page) == expected(store)[0]
    choose(page, "Persona", "Persona", "Young explorer")
    value, count = expected(store, persona="young explorer")
    assert nps(page) == value
    assert count in text_of(page)
    assert "persona=young+explorer" in page.url


def test_a_link_opens_the_same_view_in_the_other_language(sayfa: Page, server: Server, store):
    visit(sayfa, server, "/?persona=young+explorer&period=2026-01-01..2026-06-30")
    value, count = expected(store, TR, persona="young explorer", start="2026-01-01", end="2026-06-30")
    assert nps(sayfa) == value
    assert count in text_of(sayfa)
    assert "1 Oca 2026 – 30 Haz 2026" in text_of(sayfa)


def test_filters_survive_page_change_reload_and_language(page: Page, server: Server, store):
    visit(page, server, "/?persona=young+explorer")
    act(page, lambda: page.get_by_role("link", name="Emotions").click())
    assert "persona=young+explorer" in page.url
    assert "Persona: Young explorer" in text_of(page)
    page.reload()
    settled(page)
    page.get_by_role("heading", name="Emotions").wait_for()
    assert "Persona: Young explorer" in text_of(page)
    act(page, lambda: page.get_by_role("radio", name="Türkçe").click())
    page.get_by_role("heading", name="Duygular", exact=True).wait_for()
    assert "Persona: Young explorer" in text_of(page)
    assert "lang=tr" in page.url
    act(page, lambda: page.get_by_role("link", name="Genel bakış").click())
    assert nps(page) == expected(store, TR, persona="young explorer")[0]


def test_back_undoes_a_filter_and_forward_brings_it_again(page: Page, server: Server, store):
    visit(page, server)
    everybody, young = expected(store)[0], expected(store, persona="young explorer")[0]
    choose(page, "Persona", "Persona", "Young explorer")
    assert nps(page) == young
    page.wait_for_timeout(600)  # as a person would
    act(page, lambda: page.go_back())
    assert nps(page) == everybody
    act(page, lambda: page.go_forward())
    assert nps(page) == young


def test_reset_takes_all_filters_away(page: Page, server: Server, store):
    visit(page, server, "/?persona=young+explorer&channel=web")
    act(page, lambda: page.get_by_role("button", name="Reset").click())
    assert nps(page) == expected(store)[0]
    assert "persona" not in page.url


def test_a_preset_period_counts_back_from_the_last_day_of_the_data(page: Page, server: Server, store):
    visit(page, server)
    page.get_by_role("button", name="Period").click()
    act(page, lambda: page.get_by_text("Last full month", exact=True).click())
    assert "period=2026-10-01..2026-10-31" in page.url
    assert nps(page) == expected(store, start="2026-10-01", end="2026-10-31")[0]


def test_clicking_a_bar_filters(page: Page, server: Server):
    visit(page, server, "/touchpoints")
    bar = page.locator('[data-testid="stVegaLiteChart"]').first.locator("path[aria-roledescription='bar']").first
    act(page, lambda: bar.click(force=True))
    assert "touchpoint=" in page.url


def test_back_from_a_customer_brings_the_funnel_as_it_was(page: Page, server: Server):
    page.set_viewport_size({"width": 1440, "height": 3000})
    visit(page, server, "/funnel?by=touchpoint&steps=checkout&steps=payment&persona=young+explorer")
    page.get_by_text("who have not gone on").click()
    rows = page.get_by_test_id("stExpander").filter(has_text="who have not gone on").get_by_test_id("stDataFrame")
    rows.wait_for()
    page.wait_for_timeout(800)
    act(page, lambda: rows.click(position={"x": 18, "y": 55}))
    page.get_by_role("heading", name="One customer").wait_for()
    page.wait_for_timeout(600)
    act(page, lambda: page.go_back())
    page.get_by_role("heading", name="Funnel").wait_for()
    assert "by=touchpoint" in page.url
    assert "steps=checkout&steps=payment" in page.url
    assert "The largest share is lost between Checkout and Payment" in text_of(page)


def test_views_save_and_sql_stand_beside_the_first_line_of_filters_and_have_names(sayfa: Page, server: Server):
    visit(sayfa, server, "/rows?period=2025-10-01..2026-03-31&persona=young+explorer&beside=compared")
    line = sayfa.get_by_role("button", name=TR("Period")).first.bounding_box()
    for name in (TR("Views"), TR("Save"), "SQL"):
        tool = sayfa.locator(".st-key-bar-tools").get_by_role("button", name=name).bounding_box()
        assert tool["y"] == line["y"]
        assert tool["x"] + tool["width"] <= 1440
