"""What is seen is saved as it is seen: this page with its filters, and the whole board."""

from pathlib import Path

import openpyxl
import pypdf
from playwright.sync_api import Page

from cx import Filters, Store
from cx.language import language
from cx.metrics.funnel import funnel
from tests.browser.driver import Server, settled, text_of, visit
from tests.browser.uploads import downloaded

TR = language("tr")


def test_the_page_with_its_filters_and_the_whole_board_are_saved(page: Page, server: Server, store: Store, tmp_path: Path):
    visit(page, server, "/funnel?period=2026-01-01..2026-03-31&lang=tr")
    page.get_by_role("button", name="Kaydet").first.click()
    buttons = page.get_by_role("button", name="Excel")
    buttons.first.wait_for()
    book = openpyxl.load_workbook(downloaded(page, buttons.first.click, tmp_path))
    told = [row[1] for row in book.worksheets[0].values]
    heading = page.locator("h2").first.inner_text()
    assert heading in told
    assert "1 Oca 2026 – 31 Mar 2026" in told[2]
    expected = funnel(store, filters=Filters.from_url({"period": ["2026-01-01..2026-03-31"]}))["reached"].tolist()
    tables = [list(sheet.values) for sheet in book.worksheets[1:]]
    counted = next(rows for rows in tables if rows[0][:2] == (TR("Step"), TR("Customers")))
    assert [row[1] for row in counted[1:]] == expected

    board = pypdf.PdfReader(downloaded(page, page.get_by_role("button", name="PDF").last.click, tmp_path))
    first = " ".join(board.pages[0].extract_text().split())
    assert "Müşteri deneyimi" in first
    assert "1 Oca 2026 – 31 Mar 2026" in first
    settled(page)
    assert "Bu işlem yapılamadı" not in text_of(page)
