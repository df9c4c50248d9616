"""The Retention page shows cx's numbers in both languages, and a click on a cell lists the customers it counts."""

from playwright.sync_api import Page

from cx import findings
from cx.filters import Filters
from cx.language import Language, language
from cx.metrics import retention
from tests.browser.driver import Server, act, settled, text_of, visit


def sentences(store, t: Language, of: str, reading: str, **chosen) -> list[str]:
    """What the page should say: how many, how long they stay, what the first cell counts."""
    filters = Filters(**chosen)
    interval = retention.interval_of(store, "auto", filters)
    cells = retention.cohorts(store, of, interval, reading, filters)
    cell = cells[cells["age"] == 1].iloc[0].to_dict()
    return [findings.retention.counted(cells, of, t),
            findings.retention.staying(retention.curve(store, of, interval, reading, filters), of, reading, interval, t),
            findings.retention.cell(cell, reading, int(cell["active"]), True, t)]


def test_the_numbers_are_those_of_cx_in_english(page: Page, server: Server, store):
    visit(page, server, "/retention")
    for sentence in sentences(store, language("en"), "activity", "in"):
        assert sentence in text_of(page)


def test_a_link_opens_the_same_choices_in_turkish(sayfa: Page, server: Server, store):
    visit(sayfa, server, "/retention?of=purchase&reading=in_or_after&persona=loyal+regular")
    for sentence in sentences(store, language("tr"), "purchase", "in_or_after", persona="loyal regular"):
        assert sentence in text_of(sayfa)


def test_a_click_on_a_cell_tells_who_came_back_and_a_row_opens_the_customer(page: Page, server: Server, store):
    visit(page, server, "/retention")
    heat = page.locator('[data-testid="stVegaLiteChart"]').nth(1)
    cell = heat.locator("path[aria-roledescription='rect mark'], path[aria-label*='age']").nth(1)
    act(page, lambda: cell.click(force=True))
    cells = retention.cohorts(store, interval="month")
    asked = dict(part.split("=") for part in page.url.split("?")[1].split("&"))
    row = cells[(cells["cohort"] == asked["cohort"]) & (cells["age"] == int(asked.get("age", 1)))].iloc[0].to_dict()
    t = language("en")
    assert findings.retention.cell(row, "in", int(row["active"]), True, t) in text_of(page)
    act(page, lambda: page.get_by_role("radio", name="did not").click())
    assert "who=away" in page.url
    settled(page)
    table = page.locator('[data-testid="stDataFrame"]').last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    act(page, lambda: page.mouse.click(box["x"] + 16, box["y"] + 52))
    page.get_by_role("heading", name="One customer").wait_for()
    assert "id=" in page.url
