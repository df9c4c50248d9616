"""What a team adds itself: a KPI from drop-downs and a target; seen where they should be."""

import pandas as pd

import cx
from cx.intake import load_frame
from tests.browser.driver import act, serve, text_of, visit


def test_a_kpi_and_a_target_of_the_team(page, tmp_path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    load_frame(store, pd.DataFrame({
        "customer_id": [f"c{n}" for n in range(80)], "occurred_at": [f"2025-{1 + n % 4:02}-{1 + n % 28:02}" for n in range(80)],
        "touchpoint": "Call", "nps": [10 if n % 4 else 0 for n in range(80)]}))
    store.close()
    with serve(tmp_path) as server:
        visit(page, server, "/definitions")
        act(page, lambda: page.get_by_role("button", name="Add a KPI").click())
        name = page.get_by_label("Name", exact=True)
        name.fill("**Top** <b>scores</b>")
        act(page, lambda: name.press("Enter"))
        act(page, lambda: page.get_by_role("button", name="Save", exact=True).click())
        assert "**Top** <b>scores</b>" in text_of(page)
        assert "The share of interactions with: “Recommendation (0–10)” at least 9." in text_of(page)

        visit(page, server, "/trends?kpi=own_1")
        assert "**Top** <b>scores</b>: 75.0%" in text_of(page)
        assert "95% interval: 64.5% – 83.2%, n = 80" in text_of(page)
        target = page.get_by_label("Target in percent")
        target.fill("plenty")
        act(page, lambda: target.press("Enter"))
        act(page, lambda: page.get_by_role("button", name="Save target").click())
        assert "A target is a number, not “plenty”." in text_of(page)
        target.fill("50")
        act(page, lambda: target.press("Enter"))
        act(page, lambda: page.get_by_role("button", name="Save target").click())
        assert "The target of 50.0% is met" in text_of(page)

        visit(page, server, "/")
        assert "**Top** <b>scores</b>, everybody: 75.0%, target of 50.0% met (n = 80)" in text_of(page)
        assert "Needs attention" in text_of(page)
