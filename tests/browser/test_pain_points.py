"""Pain points: the planted ones are listed, a click looks closer, the region finds the late deliveries; Drivers in Turkish."""

from playwright.sync_api import Page

from cx.metrics import driver
from tests.browser.driver import Server, act, text_of, visit


def test_a_pain_is_clicked_and_leads_to_its_customers_and_pages(page: Page, server: Server):
    visit(page, server, "/pain_points")
    assert "Fix this first: Checkout · Young explorer." in text_of(page)  # as the Overview says
    assert "Largest pain point: Support chat · Mobile app." in text_of(page)
    bars = page.locator('[data-testid="stVegaLiteChart"] path[aria-roledescription="bar"]')
    act(page, lambda: bars.nth(1).click(force=True))
    assert "cell=%7Ccheckout%7C%7Cyoung+explorer%7C%7C" in page.url
    assert "Do not go on: 70.6%, elsewhere 11.5%" in text_of(page)
    act(page, lambda: page.get_by_role("link", name="Comments there").click())
    page.get_by_role("heading", name="Comments", exact=True).wait_for()
    assert "Touchpoint: Checkout" in text_of(page)


def test_look_closer_on_the_overview_opens_what_it_stands_beside(page: Page, server: Server):
    visit(page, server)
    card = page.locator(".st-key-cx-first")
    card.get_by_role("link", name="Look closer").wait_for()
    act(page, lambda: card.get_by_role("link", name="Look closer").click())
    page.get_by_role("heading", name="Pain points", exact=True).wait_for()
    headings = page.locator("h2.cx-heading").all_inner_texts()
    assert headings[0] == "Checkout · Young explorer"
    act(page, lambda: page.get_by_role("button", name="All pain points").click())
    page.get_by_text("Fix this first: Checkout · Young explorer.").wait_for()


def test_drivers_say_in_turkish_what_weighs_and_where_waiting_breaks(sayfa: Page, server: Server, store):
    visit(sayfa, server, "/drivers")
    shown = text_of(sayfa)
    assert f"{driver.drivers(store).n} müşteri" in shown
    assert "Bu bir ilişkidir, neden değil." in shown
    assert "sonrasında memnun olanlar yarıdan az" in shown
