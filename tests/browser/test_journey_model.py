"""The Journey model page changes the journey of what is already loaded."""

import pandas as pd
from playwright.sync_api import Page

import cx
from tests.browser.driver import act, serve, text_of, visit


def test_another_model_and_back(page: Page, tmp_path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    cx.intake.load_frame(store, pd.DataFrame({
        "customer_id": ["a", "a", "b"], "occurred_at": ["2025-01-01", "2025-01-02", "2025-01-01"],
        "touchpoint": ["Home page", "Product page", "Home page"]}))
    store.close()
    with serve(tmp_path) as server:
        visit(page, server, "/journey_model")
        act(page, lambda: page.get_by_text("Awareness → Engagement → Conversion → Retention").click())
        visit(page, server, "/funnel")
        assert "The largest share is lost between Awareness and Engagement: 50% have not gone on." in text_of(page)
        visit(page, server, "/journey_model")
        act(page, lambda: page.get_by_text("Awareness → Consideration → Purchase → Retention → Advocacy").click())
        visit(page, server, "/funnel")
        assert "The largest share is lost between Awareness and Consideration: 50% have not gone on." in text_of(page)
