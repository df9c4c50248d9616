"""What analysts do: keep a page under a name, follow a link that has aged, look at the rows and the SQL of a number."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pandas as pd
from playwright.sync_api import Page, expect

from cx.filters import Filters
from cx.language import language
from cx.metrics.kpi import kpis
from tests.browser.conftest import context
from tests.browser.driver import Server, act, go, settled, text_of, visit
from tests.browser.uploads import downloaded


def test_a_page_is_kept_under_a_name_and_opens_from_any_page(browser, server: Server) -> None:
    with context(browser) as opened:
        page = opened.new_page()
        visit(page, server, "/trends?kpi=csat&interval=quarter&persona=young+explorer")
        page.get_by_role("button", name="Views", exact=True).click()
        page.get_by_label("Name", exact=True).fill("*Young* <b>")
        act(page, lambda: page.get_by_label("Name", exact=True).press("Enter"))
        link = page.url
        go(page, "definitions")
        page.get_by_role("button", name="Views", exact=True).click()
        assert page.get_by_label("View", exact=True).input_value() == "*Young* <b> (Trends)"
        act(page, lambda: page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click())
        page.get_by_role("heading", name="KPI trends").wait_for()
        assert parse_qs(urlsplit(page.url).query) == parse_qs(urlsplit(link).query)
        page.wait_for_timeout(600)  # as a person would
        act(page, lambda: page.go_back())
        page.get_by_role("heading", name="Definitions").wait_for()
        page.get_by_role("button", name="Views", exact=True).click()
        act(page, lambda: page.get_by_role("button", name="Delete", exact=True).click())
        expect(page.get_by_label("View", exact=True)).to_have_count(0)


def test_from_a_tile_to_its_rows_its_sql_and_back_and_a_link_that_has_aged(page: Page, server: Server, store,
                                                                           tmp_path) -> None:
    visit(page, server, "/?persona=young+explorer&persona=nobody&a.planet=mars")
    assert "Not in the data any more: Persona: nobody, planet." in text_of(page)
    shown = kpis(store, Filters(persona=("young explorer",)), only=["csat"]).iloc[0]
    n = language("en").number(int(shown["n"]))
    act(page, lambda: page.locator(".st-key-tile-csat").get_by_role("button", name=f"n = {n}").click())
    page.get_by_role("heading", name="Rows behind a number").wait_for()
    assert re.search(rf"Satisfaction \(CSAT\): {shown['value']:.1%} \(n = {n}\)", text_of(page))
    assert f"of {n} rows" in text_of(page)
    for form, read in (("XLSX", partial(pd.read_excel, engine="calamine")), ("CSV", pd.read_csv)):
        saved = downloaded(page, lambda form=form: page.get_by_role("button", name=form, exact=True).click(), tmp_path)
        assert len(read(saved)) == int(shown["n"])
    page.get_by_text("How this was computed").click()
    assert "WHERE key IN ('young explorer')" in page.get_by_test_id("stCode").first.inner_text()
    act(page, lambda: page.get_by_role("button", name="Older").click())
    assert "201–" in text_of(page)
    page.wait_for_timeout(600)
    act(page, lambda: page.go_back())
    assert f"1–200 of {n} rows" in text_of(page)
    act(page, lambda: page.get_by_role("button", name="SQL").click())
    assert "FROM active_days" in page.get_by_role("dialog").inner_text()
    settled(page)
