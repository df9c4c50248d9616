"""A funnel is built, saved under a hostile name and opened by its link in the other language: the numbers are cx's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser

import cx
from cx.language import language
from cx.metrics.funnel import Step, funnel
from tests.browser.conftest import Windows, context
from tests.browser.driver import Server, act, go, serve, settled, text_of, visit

HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) $x$ :material/bug_report:"


def test_a_funnel_is_built_saved_and_shared(browser: Browser, server: Server, store):
    steps = [Step("home page"), Step("product page", optional=True), Step("basket", within=dt.timedelta(hours=36))]
    reached = funnel(store, steps, by="touchpoint")["reached"].tolist()
    plain = funnel(store, ["home page", "product page", "basket"], by="touchpoint")["reached"].tolist()
    assert reached != plain
    with context(browser) as opened:
        page = opened.new_page()
        visit(page, server, "/funnel?by=touchpoint&steps=home+page&steps=product+page&steps=basket")
        page.get_by_text("Steps and conditions").click()
        page.get_by_role("button", name="Options").nth(1).click()
        act(page, lambda: page.get_by_text("May be skipped", exact=True).click())
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Options").last.click()
        hours = page.get_by_label("After the step before, at most (0: no limit)")
        act(page, lambda: (hours.fill("36"), hours.press("Enter")))
        assert "steps=basket%3Bwithin%3D36d" in page.url
        visit(page, server, "/" + page.url.rsplit("/", 1)[1].replace("36d", "36h"))
        page.get_by_role("button", name="Views", exact=True).click()
        page.get_by_label("Name", exact=True).fill(HOSTILE)
        page.get_by_label("Name", exact=True).press("Tab")
        act(page, lambda: page.get_by_role("button", name="Keep this view").click())
        link = page.url
        visit(page, server, "/funnel")
        page.get_by_role("button", name="Views", exact=True).click()
        assert HOSTILE in page.get_by_label("View", exact=True).input_value()
        act(page, lambda: page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click())
        assert page.url == link
        chart = page.get_by_test_id("stVegaLiteChart").first
        assert all(language("en").number(n) in chart.inner_html() for n in reached)
        if not page.get_by_role("button", name="Delete").is_visible():
            page.get_by_role("button", name="Views", exact=True).click()
        act(page, lambda: page.get_by_role("button", name="Delete").click())
        left = page.get_by_label("View", exact=True)
        assert not left.count() or HOSTILE not in left.input_value()
    with context(browser, "tr") as opened:
        page = opened.new_page()
        page.goto(link)
        settled(page)
        t = language("tr")
        assert "Basket: önceki adımdan sonra en çok 36 saat" in text_of(page)
        found = page.get_by_test_id("stVegaLiteChart").first.inner_html()
        assert all(t.number(n) in found for n in reached)


def test_a_stage_that_buyers_pass_by_is_told_and_left_out_by_a_click(windows: Windows, tmp_path: Path) -> None:
    rows = [{"customer_id": f"c{number}", "occurred_at": dt.datetime(2025, 1, 1 + place), "stage": stage}
            for number in range(10) for place, stage in enumerate(("awareness", "consideration", "purchase"))
            if place != 1 or number < 3]
    store = cx.open_store(tmp_path / "cx.duckdb")
    cx.intake.load_frame(store, pd.DataFrame(rows))
    store.close()
    told = "7 of 10 customers who entered and came to Purchase were never seen in Consideration, so the funnel counts them as lost."
    with serve(tmp_path) as own, windows.page() as page:
        visit(page, own, "/funnel")
        page.get_by_text(told).wait_for()
        act(page, lambda: page.get_by_role("button", name="Leave Consideration out of the funnel").click())
        page.get_by_text("funnel without: Consideration").wait_for()
        assert not page.get_by_text(told).count()
        go(page, "")
        page.get_by_text("100.0%").first.wait_for()
        act(page, lambda: page.get_by_role("button", name="Count Consideration in the funnel again").click())
        page.get_by_text(told).wait_for()
