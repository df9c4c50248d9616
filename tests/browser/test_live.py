"""Open dashboards follow the data by themselves, and a server with open dashboards ends when it is told to."""

import signal
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, expect

import cx
from cx.intake import load_frame
from tests.browser.conftest import context
from tests.browser.driver import act, serve, text_of, visit
from tests.browser.seen import hard_to_use
from tests.browser.uploads import drop, load, upload_page
from tests.intake.files import text_file

SOON = 10_000  # milliseconds, on a slow machine; a second or two is usual


def test_dashboards_follow_what_somebody_else_loads_and_keep_filters_place_dialogs_and_slides(
        browser: Browser, tmp_path: Path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    load_frame(store, pd.DataFrame({"customer_id": [f"c{n}" for n in range(40)], "occurred_at": "2026-01-05",
                                    "touchpoint": "Delivery", "channel": "Web", "nps": [9, 3] * 20}))
    store.close()
    with (serve(tmp_path) as server, context(browser) as opened, upload_page(browser, server) as loading,
          context(browser, phone=True, dark=True) as on_phone):
        on_phone.on("page", lambda page: page.emulate_media(reduced_motion="reduce"))
        page = opened.new_page()
        visit(page, server, "/trends?channel=web")
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(300)
        where = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        assert "n = 40" in text_of(page)
        reading = opened.new_page()  # with a dialog open
        visit(reading, server, "/touchpoints")
        act(reading, lambda: reading.get_by_role("button", name="SQL").click())
        assert hard_to_use(reading) == []
        pocket = on_phone.new_page()
        visit(pocket, server, "/?present=600&slides=kpis&slides=trend-nps")
        expect(pocket.get_by_role("toolbar")).to_contain_text("40 customers")
        assert hard_to_use(pocket) == []
        act(pocket, lambda: pocket.get_by_role("button", name="Next slide").click())
        drop(loading, text_file(tmp_path, "Customer no,Date,Touchpoint,Channel,NPS\nnew-1,2026-01-15,Delivery,Web,9\n"
                                          "new-2,2026-01-15,Delivery,Store,9\n"))
        load(loading)
        expect(page.get_by_text("n = 41").first).to_be_visible(timeout=SOON)
        expect(page.get_by_text("Updated just now.")).to_be_visible(timeout=SOON)
        assert "channel=web" in page.url
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == where
        assert "encountered an error" not in text_of(page)
        expect(pocket.get_by_role("toolbar")).to_contain_text("42 customers", timeout=SOON)
        expect(pocket.get_by_role("heading", level=1)).to_contain_text("NPS: ")  # the slide that was on
        expect(reading.get_by_text("Updated just now.")).to_have_count(0)
        expect(reading.get_by_role("dialog")).to_be_visible()
        reading.keyboard.press("Escape")
        expect(reading.get_by_text("Updated just now.")).to_be_visible(timeout=SOON)

        server.stop()
        assert server.process.returncode != -signal.SIGKILL  # which it gets when it does not end by itself
