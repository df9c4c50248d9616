"""Walking from stage to stage with the keyboard: what is told is what cx found."""

from __future__ import annotations

from playwright.sync_api import Browser

from cx import findings
from cx.language import language
from cx.metrics import replay
from tests.browser.conftest import context
from tests.browser.driver import Server, act, text_of, visit


def test_the_walk_tells_what_cx_found(browser: Browser, server: Server, store):
    t = language("en")
    found = replay.walk(store, persona="young explorer", channel="web")
    rows = {row["key"]: row for row in found.stages.to_dict("records")}
    with context(browser, phone=True) as opened:
        page = opened.new_page()
        visit(page, server, "/walk?as=young+explorer&via=web&at=consideration")
        for key, name in (("consideration", "Consideration"), ("purchase", "Purchase")):
            row, words = rows[key], text_of(page)
            assert findings.walk.stage(row, t, name, others=True) in words
            assert f"Go on {t.percent(row['on_share'], 0)} others: {t.percent(row['other_on_share'], 0)}" in words
            assert (f"Net emotion {t.number(row['net'], 0, sign=True)} others: "
                    f"{t.number(row['other_net'], 0, sign=True)} n = {t.number(row['felt'])}") in words
            if key == "consideration":
                act(page, lambda: page.keyboard.press("Alt+ArrowRight"))
        assert "at=purchase" in page.url
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
