"""Open dashboards follow the data by themselves, and a server with open dashboards ends when it is told to."""

import signal
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, expect

import cx
from cx.intake import load_frame
from tests.browser.conftest import context
from tests.browser.driver import serve, text_of, visit
from tests.browser.uploads import drop, load, upload_page
from tests.intake.files import text_file

SOON = 10_000  # milliseconds, on a slow machine; a second or two is usual


def test_a_dashboard_follows_what_somebody_else_loads_and_keeps_filters_and_place(browser: Browser, tmp_path: Path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    load_frame(store, pd.DataFrame({"customer_id": [f"c{n}" for n in range(40)], "occurred_at": "2026-01-05",
                                    "touchpoint": "Delivery", "channel": "Web", "nps": [9, 3] * 20}))
    store.close()
    with serve(tmp_path) as server, context(browser) as opened, upload_page(browser, server) as loading:
        page = opened.new_page()
        visit(page, server, "/trends?channel=web")
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(300)
        where = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        assert "n = 40" in text_of(page)
        drop(loading, text_file(tmp_path, "Customer no,Date,Touchpoint,Channel,NPS\nnew-1,2026-01-15,Delivery,Web,9\n"
                                          "new-2,2026-01-15,Delivery,Store,9\n"))
        load(loading)
        expect(page.get_by_text("n = 41").first).to_be_visible(timeout=SOON)
        expect(page.get_by_text("Updated just now.")).to_be_visible(timeout=SOON)
        assert "channel=web" in page.url
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == where
        assert "encountered an error" not in text_of(page)

        server.stop()
        assert server.process.returncode != -signal.SIGKILL  # which it gets when it does not end by itself
