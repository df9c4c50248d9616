"""Holding a page against another group or period: the sentence is that of cx, it goes along to other pages, back undoes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from cx import findings
from cx.charts.theme import OTHER
from cx.filters import Filters
from cx.findings.compared import than
from cx.language import language
from cx.metrics import funnel, funnel_compare
from pages.parts.nav import ENTRIES, HOME
from tests.browser.driver import Server, act, go, text_of, visit

EN = language("en")
PERIOD = "period=2025-10-01..2026-03-31"


def test_a_group_is_held_against_all_the_others_on_every_page(page: Page, server: Server, store) -> None:
    others = tuple(key for (key,) in store.rows("SELECT key FROM personas ORDER BY key") if key != "young explorer")
    here, there = Filters(persona=("young explorer",)), Filters(persona=others)
    stages = dict(store.rows("SELECT key, label FROM stages"))
    said = findings.funnel.loss(funnel.funnel(store, filters=here), EN, stages.__getitem__,
                         funnel_compare.compare(store, here, there).frame, than("others", "", EN))
    assert "from all the others" in said

    visit(page, server, "/funnel?persona=young+explorer")
    assert "among all the others" not in text_of(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    act(page, lambda: page.get_by_text("another group of customers", exact=True).click())
    assert "beside=group&beside=persona" in page.url
    page.keyboard.press("Escape")
    assert said in text_of(page)
    assert re.search(r"Surely different: .*pp\)", text_of(page))
    go(page, "touchpoints")
    page.get_by_role("heading", name="Touchpoints & channels").wait_for()
    assert "compared with: all the others" in text_of(page)
    assert "Surely more than among all the others: Mobile app (+14.0 pp)." in text_of(page)
    page.wait_for_timeout(600)  # as a person would
    act(page, lambda: page.go_back())
    page.wait_for_timeout(600)
    act(page, lambda: page.go_back())
    assert "among all the others" not in text_of(page)
    assert "beside" not in page.url


def test_a_phone_shows_the_journey_a_row_a_stage_and_back_undoes_a_filter(windows, server: Server) -> None:
    with windows.page("tr", phone=True) as page:
        visit(page, server, f"/?{PERIOD}")
        picture = page.locator(".st-key-phone-only-journey")
        assert picture.is_visible()
        assert not page.locator(".st-key-wide-only-journey").is_visible()
        picture.locator("svg text", has_text=language("tr")("hurts")).first.wait_for()
        assert "önceki döneme göre" in text_of(page)
        everybody = text_of(page)
        page.get_by_role("button", name="Persona").first.click()
        page.get_by_role("combobox", name="Persona").click()
        act(page, lambda: page.get_by_role("option", name="Young explorer", exact=True).click())
        assert "persona=young+explorer" in page.url
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_timeout(600)
        act(page, lambda: page.go_back())
        assert "persona" not in page.url
        assert text_of(page)[:300] == everybody[:300]


_HELD = re.compile(r"Purple|Surely (more|less|different)|No difference is larger|Too few to compare|Young explorer all the "
                   r"others|Nothing of this is on the other side|all the others: |All the others: ")


_DRAWN = """other => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
  .filter(each => each.checkVisibility())
  .map(each => [each.closest('[class*="st-key-"]').className.match(/st-key-(?:pick-)?(\\S+?)-en-\\d+/)[1],
                !!each.querySelector(`[fill="${other}"], [stroke="${other}"]`)])"""
"""Of each chart that can be seen: its key, and whether it holds marks in the colour of the other side."""


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items()
                                  if entry.asks and name != "teams"])  # the sample has none
def test_the_other_side_is_on_every_page_with_filters(name: str, tour: Page):
    go(tour, name if name != HOME else "")
    words = text_of(tour)
    assert "compared with: all the others" in words
    assert _HELD.search(words.split("compared with: all the others", 1)[1])
    tour.wait_for_function("() => [...document.querySelectorAll('[data-testid=\"stVegaLiteChart\"]')].every(each => "
                           "!each.checkVisibility() || each.querySelector('svg'))")
    drawn = dict(tour.evaluate(_DRAWN, OTHER))
    two = {key.removesuffix("-there") for key in drawn if key.endswith("-there")}
    assert sorted(key for key, marked in drawn.items() if not marked and key.removesuffix("-there") not in two) == [
        *({"funnel": ["versus-dots"]}.get(name, []))]  # the differences themselves


@pytest.fixture(scope="module")
def tour(windows, server: Server) -> Iterator[Page]:
    """A page that holds young explorers against all the others, and goes on by the menu."""
    with windows.page() as page:
        visit(page, server, "/?persona=young+explorer&beside=group&beside=persona")
        yield page


def test_who_is_walked_as_by_the_filter_leaves_the_other_side_its_own_personas(tour: Page):
    go(tour, "walk")
    words = text_of(tour)
    assert "Purple: all the others." in words
    assert "Nothing of this is on the other side" not in words
    assert "Too few to compare" not in words


def test_what_the_lost_did_next_and_when_is_held_against_the_other_group(page: Page, server: Server, store):
    visit(page, server, "/funnel?persona=young+explorer&beside=group&beside=persona&after=3")
    others = tuple(key for (key,) in store.rows("SELECT key FROM personas ORDER BY key") if key != "young explorer")
    here, there = (funnel.drop_off(store, step=3, filters=Filters(persona=who)).query("when == 'next'").iloc[0]
                   for who in (("young explorer",), others))
    assert (here["key"], there["key"]) == ("checkout", "checkout")
    by = EN.number(100 * (here["share"] - there["share"]), 1, sign=True)
    assert f"Surely more than among all the others: Checkout ({by} pp)" in text_of(page)
    assert page.get_by_text("all the others", exact=True).count() >= 2  # beside the times, and the legend of the course
