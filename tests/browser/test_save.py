"""What is seen is saved as it is seen: this page with its filters, and the whole board."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdf
from playwright.sync_api import Page

from cx import Filters, Store
from cx.language import language
from cx.metrics.funnel import funnel
from tests.browser.driver import ROOT, Server, settled, text_of, visit
from tests.browser.uploads import downloaded

TR = language("tr")
_EVERY_PAGE = """if True:
    import json, sys
    from cx import report
    from pages.parts.nav import ENTRIES
    from server.paper import of_page
    own = {"rows": {"kpi": ["waiting_time"]}, "customer": {"id": ["C10005"]}}
    for name, entry in ENTRIES.items():
        if not entry.edits:
            made = of_page(name, {"lang": ["tr"], **own.get(name, {})})
            with open(f"{sys.argv[1]}/{name}.xlsx", "wb") as file:
                file.write(report.write(made, "xlsx"))
"""
_SAID = {"Yorum", "Örnek", "Ne söylendi", "Bilinen"}  # what customers wrote, and sentences


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


def test_no_sheet_of_any_page_holds_a_number_as_text(sample_workspace: Path, tmp_path: Path):
    shutil.copy(sample_workspace / "read" / "cx.duckdb", tmp_path)
    subprocess.run([sys.executable, "-c", _EVERY_PAGE, str(tmp_path)], check=True, cwd=ROOT, timeout=300,
                   env={**os.environ, "CX_WORKSPACE": str(tmp_path / "cx.duckdb")})
    books = {path.stem: openpyxl.load_workbook(path, read_only=True) for path in tmp_path.glob("*.xlsx")}
    assert len(books) >= 20
    texts = [(name, sheet.title, column[0], text) for name, book in books.items() for sheet in book.worksheets[1:-1]
             for column in zip(*sheet.values, strict=True) if column[0] not in _SAID
             for text in column[1:] if isinstance(text, str)]
    assert len(texts) > 1000
    named = r"\d+\. [\w ]+|[\d.]+ başka yol|[\d\w ]+ – [\d\w ]+ bekledi"  # steps, all other ways, what happened to customers
    assert [each for each in texts if re.match(r"[+−-]?%?\d", each[3]) and not re.fullmatch(named, each[3])] == []
