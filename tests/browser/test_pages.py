"""Every page, in both languages, on a laptop in light and a phone in dark: drawn without an error, nothing cut off, nothing
untranslated, nothing hard to use for those who do not see well."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

import cx
from cx.intake import load_frame
from cx.language import language
from pages.parts.nav import ENTRIES, HOME
from tests.browser.conftest import Windows, context
from tests.browser.driver import Server, act, choose_by_keyboard, go, serve, settled, text_of, visit
from tests.browser.seen import DARK_RULES, RULES, faint, hard_to_use

DRAWN = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
  .filter(chart => chart.checkVisibility() && !chart.closest('details:not([open])'))
  .every(chart => chart.getBoundingClientRect().height > 40)"""
HEADINGS = {"customer": "One customer", "trends": "KPI trends"}


@pytest.mark.parametrize(("code", "phone"), [("en", False), ("tr", True)], ids=["english-laptop", "turkish-phone"])
@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_is_drawn_whole(tours: Tours, server: Server, name: str, code: str, phone: bool):
    page = tours.at(server.url, code, phone=phone)
    go(page, name if name != HOME else "")
    page.wait_for_function(DRAWN, timeout=10000)  # a chart that cannot be drawn stays flat and says nothing
    t = language(code)
    heading = t(HEADINGS[name]) if name in HEADINGS else t(ENTRIES[name].title)
    assert page.get_by_role("heading", level=1).inner_text() == heading
    words = text_of(page)
    assert "encountered an error" not in words
    assert "Traceback" not in words
    assert not re.search(r"\bNone\b|\bnan\b|\bNaT\b|undefined", words)
    assert page.evaluate("document.documentElement.lang") == code
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert hard_to_use(page, DARK_RULES if phone else RULES) == []
    texts, too_faint = faint(page)
    assert too_faint == []
    assert texts or not page.locator('[data-testid="stVegaLiteChart"]:visible').count()
    if phone and ENTRIES[name].asks:  # whatever can be chosen above it, the finding stands on the first screen
        first = page.locator(".cx-answer, h2.cx-heading, .cx-finding").first
        assert first.evaluate("each => each.getBoundingClientRect().top + document.querySelector("
                              "'[data-testid=\"stMain\"]').scrollTop") < 700


def test_the_menu_of_a_phone_folds_away_once_a_page_is_chosen(browser: Browser, fresh_url: str):
    with context(browser, phone=True) as opened:
        page = opened.new_page()
        page.goto(fresh_url)
        settled(page)
        page.get_by_test_id("stExpandSidebarButton").click()
        act(page, lambda: page.locator('.cx-menu a[data-page="upload"]').click())
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        assert page.get_by_role("heading", level=1).inner_text() == "Upload"


def test_the_first_screen_of_a_phone_answers_the_four_questions_of_an_executive(tours: Tours, server: Server):
    page = tours.at(server.url, "tr", phone=True)
    go(page, "")
    page.locator(".cx-answer").nth(3).wait_for()
    page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)")
    t = language("tr")
    asked = page.locator(".cx-asked").all_inner_texts()
    assert asked == [t(each) for each in ("Is it good?", "Is it getting better?", "Why?", "What next?")]
    assert page.locator(".cx-answer").last.evaluate("each => each.getBoundingClientRect().bottom") < 700
    assert page.get_by_test_id("stMetric").first.evaluate("each => each.getBoundingClientRect().bottom") < 844


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry.asks])
def test_an_empty_selection_says_so(tours: Tours, server: Server, name: str):
    page = tours.at(f"{server.url}/?period=2001-01-01..2001-01-31")
    go(page, name if name != HOME else "")
    assert "period=2001" in page.url
    assert re.search("Nothing matches this selection|No answers here|Nobody|n = 0", text_of(page))
    assert "Take a filter away, or choose a longer period." in text_of(page)
    assert "encountered an error" not in text_of(page)


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry.asks])
def test_the_first_run_offers_the_sample_instead_of_an_empty_page(tours: Tours, fresh_url: str, name: str):
    page = tours.at(fresh_url)
    go(page, name if name != HOME else "")
    assert page.get_by_role("button", name="Load the sample data").is_visible()
    if name == HOME:  # the others show the same
        assert hard_to_use(page) == []


@pytest.mark.parametrize(("name", "says"), [("history", "Nothing has been uploaded yet."),
                                            ("customer", "There are no customers yet.")])
def test_the_first_run_of_a_page_without_filters_leads_to_the_upload(tours: Tours, fresh_url: str, name: str, says: str):
    page = tours.at(fresh_url)
    go(page, name)
    assert says in text_of(page)
    act(page, lambda: page.get_by_role("button", name="Upload a spreadsheet").click())
    assert page.url.split("?")[0].endswith("/upload")


def test_filters_and_charts_can_be_used_by_keyboard(page: Page, server: Server):
    visit(page, server, "/touchpoints")
    page.get_by_role("button", name="Persona").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("stPopoverBody").get_by_role("combobox").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Persona"
    choose_by_keyboard(page, "Young explorer")
    assert "persona=young+explorer" in page.url
    for _ in range(2):  # the list, the menu
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.innerText").startswith("Persona")
    mark = page.locator('[data-testid="stVegaLiteChart"] [role="button"][tabindex="0"]').first
    mark.focus()
    page.keyboard.press("ArrowDown")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')").split("row: ")[1].split(";")[0]
    page.locator("#vg-tooltip-element", has_text=name).wait_for()
    act(page, lambda: page.keyboard.press("Enter"))
    assert f"touchpoint={name.lower().replace(' ', '+')}" in page.url


def test_what_opens_from_a_button_is_easy_to_use_too_and_closes_by_keyboard(tours: Tours, server: Server):
    page = tours.at(server.url)
    go(page, "")
    buttons = page.get_by_test_id("stPopoverButton")
    names = buttons.all_inner_texts()
    assert len(names) >= 8  # period, dimensions, more filters, comparison, views, saving, presenting
    for place in range(len(names)):
        buttons.nth(place).press("Enter")
        page.get_by_test_id("stPopoverBody").wait_for()
        assert hard_to_use(page) == [], names[place]
        for _ in range(3):  # a list in it may be open, too
            if page.get_by_test_id("stPopoverBody").count():
                page.keyboard.press("Escape")
                page.wait_for_timeout(150)
        assert page.get_by_test_id("stPopoverBody").count() == 0, names[place]


def test_an_open_button_on_a_card_is_read_in_the_dark_too(tours: Tours, server: Server):
    page = tours.at(server.url, "tr", phone=True)
    go(page, "opportunities")
    button = page.locator('[class*="st-key-opportunity-1"] [data-testid="stPopoverButton"]').first
    button.press("Enter")
    page.get_by_test_id("stPopoverBody").wait_for()
    assert hard_to_use(page, DARK_RULES) == []
    page.keyboard.press("Escape")


def test_paper_shows_what_is_found_side_by_side_and_nothing_to_click(tours: Tours, server: Server):
    page = tours.at(server.url)
    go(page, "funnel")
    controls = page.get_by_test_id("stMain").locator("button, input, [role='combobox'], details:not([open])")
    charts = page.locator('[data-testid="stColumn"] [data-testid="stVegaLiteChart"]')
    assert controls.locator("visible=true").count() > 10
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    try:
        assert controls.locator("visible=true").count() == 0
        left, right = (charts.nth(place).bounding_box() for place in range(2))
        assert abs(left["y"] - right["y"]) < 60
        assert right["x"] >= left["x"] + left["width"]
    finally:
        page.emulate_media(media="screen")


@pytest.fixture(scope="module")
def fresh_url(tmp_path_factory: pytest.TempPathFactory):
    with serve(tmp_path_factory.mktemp("fresh")) as running:
        yield running.url


class Tours:
    """One page for each address to begin at, which then goes from page to page by the menu."""

    def __init__(self, windows: Windows, opened: contextlib.ExitStack) -> None:
        self._windows, self._opened = windows, opened
        self._pages: dict[tuple[str, str, bool], Page] = {}

    def at(self, url: str, code: str = "en", *, phone: bool = False) -> Page:
        key = (url, code, phone)
        if key not in self._pages:
            page = self._opened.enter_context(self._windows.page(code, phone=phone))
            page.goto(url)
            settled(page)
            self._pages[key] = page
        return self._pages[key]


@pytest.fixture(scope="module")
def tours(windows: Windows) -> Iterator[Tours]:
    with contextlib.ExitStack() as opened:
        yield Tours(windows, opened)


def test_undated_answers_without_comments_say_what_is_missing_not_to_take_a_filter_away(page: Page, tmp_path: Path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    load_frame(store, pd.DataFrame({"customer_id": ["a", "b"], "touchpoint": "Call", "nps": [9, 3]}))
    store.close()
    with serve(tmp_path) as server:
        visit(page, server, "/trends")
        assert "These answers have no date" in text_of(page)
        visit(page, server, "/comments")
        assert "There are no comments yet." in text_of(page)
        assert "Take a filter away" not in text_of(page)
