"""Real spreadsheets, from the drop to the dashboard, with answers that are known from elsewhere."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driver import ROOT, Server, act, serve, settled, text_of, visit
from tests.browser.uploads import WORDS, charts, drop, load, press, tile, upload_page, waiting, words

DATA = ROOT.parent / "shared" / "datasets"
SHOP = DATA / "retentioneering_ecom" / "ecom.csv"
LEADS = DATA / "olist_marketing_funnel" / "olist_marketing_qualified_leads_dataset.csv"
DEALS = DATA / "olist_marketing_funnel" / "olist_closed_deals_dataset.csv"
SURVEY = DATA / "sfo_airport_survey" / "2017_SFO_Customer_Survey.csv"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data sets are not here")


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    with serve(tmp_path) as running:
        yield running


def open_dashboard(page: Page, code: str = "en") -> None:
    press(page, WORDS[code]["open"])
    page.get_by_role("heading", name={"en": "Overview", "tr": "Genel bakış"}[code], level=1).wait_for()
    settled(page)


def values(chart: str) -> dict[str, str]:
    """What a chart's description tells: {name: text}."""
    return dict(each.rsplit(": ", 1) for each in chart.split("; "))


def test_a_web_shops_events_need_two_clicks_after_the_drop(browser: Browser, server: Server):
    with upload_page(browser, server) as page:
        drop(page, SHOP)
        assert load(page) == [31106, 0, 0, 0]
        open_dashboard(page)
        assert "600 customers · 31,106 interactions" in text_of(page)
        visit(page, server, "/touchpoints")
        bars = page.get_by_test_id("stVegaLiteChart").first.locator("path[aria-roledescription=bar]").all()
        told = {name: each for each in (bar.get_attribute("aria-label") for bar in bars)
                for name in re.findall("Name: ([^;]+)", each)}
        for event, customers, happened in (("purchase", 328, 470), ("support_chat", 202, 277), ("payment_error", 87, 119),
                                           ("checkout_bug", 30, 44)):
            assert f"({customers});" in told[event]
            assert told[event].endswith(f"Interactions: {happened}")


def test_leads_and_deals_of_two_files_join_into_one_funnel(browser: Browser, server: Server):
    """841 of the 842 deals stand in the funnel by stages in order: one was won before the first contact."""
    with upload_page(browser, server) as page:
        drop(page, LEADS, DEALS)
        assert waiting(page).count() == 2
        assert load(page) == [8000, 0, 0, 0]
        assert load(page) == [842, 0, 0, 0]
        assert "8,000 customers (before: 8,000) and 8,842 interactions (before: 8,000)" in text_of(page)
        open_dashboard(page)
        assert tile(page, "conversion") == "10.5%"
        act(page, lambda: page.get_by_role("link", name="Funnel").click())
        page.get_by_role("heading", name="Funnel", level=1).wait_for()
        settled(page)
        assert values(charts(page)[0]) == {"Awareness": "8,000", "Purchase": "841"}
        visit(page, server, "/funnel?segment=channel")
        converted = values(next(each for each in charts(page) if "paid search" in each))
        assert (converted["paid search"], converted["email"], converted["display"]) == ("12.3%", "3.0%", "5.1%")
        visit(page, server, "/funnel?order=any")
        assert values(charts(page)[0]) == {"Awareness": "8,000", "Purchase": "842"}


@pytest.mark.parametrize("code", ["en", "tr"])
def test_a_survey_is_asked_only_for_its_date(browser: Browser, server: Server, code: str):
    with upload_page(browser, server, code) as page:
        drop(page, SURVEY)
        assert page.get_by_role("button", name=WORDS[code]["load"], exact=True).is_disabled()
        questions = waiting(page).locator('[class*="st-key-problem-"]', has_text=re.compile("^help"))
        assert questions.count() == 1
        assert {"en": "has no date", "tr": "tarih yok"}[code] in words(questions)
        page.get_by_role("spinbutton").first.click()
        page.keyboard.type("15062017")
        act(page, lambda: page.get_by_role("heading", level=1).click())
        accepted = load(page, code)
        assert accepted[0] + accepted[3] == 2831
        open_dashboard(page, code)
        assert tile(page, "nps") == {"en": "39.8", "tr": "39,8"}[code]
        assert {"en": "n = 2,746", "tr": "n = 2.746"}[code] in words(page.locator(".st-key-tile-nps"))
