"""What a person does on the Upload page, and what can be read off it."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from cx.language import language
from tests.browser.conftest import context
from tests.browser.driver import Server, act, settled, visit

WORDS = {"en": {"load": "Load", "discard": "Do not load", "open": "Open the dashboard", "undo": "Undo",
                "undo_upload": "Undo this upload", "remove": "Remove", "rejected": "Download the rejected rows",
                "later": "Rejected rows"},
         "tr": {name: language("tr")(words) for name, words in {
             "load": "Load", "discard": "Do not load", "open": "Open the dashboard", "undo": "Undo",
             "undo_upload": "Undo this upload", "remove": "Remove", "rejected": "Download the rejected rows",
             "later": "Rejected rows"}.items()}}


@contextmanager
def upload_page(browser: Browser, server: Server, code: str = "en", zone: str | None = None) -> Iterator[Page]:
    """The Upload page in a session of its own."""
    with context(browser, code, zone=zone) as opened:
        page = opened.new_page()
        visit(page, server, "/upload")
        yield page


def drop(page: Page, *files: Any) -> None:
    """Put files (paths, or Playwright's name/mimeType/buffer) into the place for them, and wait for what is understood."""
    chosen = [str(each) if isinstance(each, Path) else each for each in files]
    before = waiting(page).count()
    act(page, lambda: page.locator("input[type=file]").set_input_files(chosen), timeout=120)
    understood(page, before + len(chosen))


def understood(page: Page, files: int) -> None:
    """Wait until so many files stand on the page and none of them is being read."""
    waiting(page).nth(files - 1).wait_for(timeout=120_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stProgress\"]')", timeout=120_000)
    settled(page)


def waiting(page: Page) -> Locator:
    """The boxes of files that are not loaded yet, in the order they came."""
    return page.locator('[class*="st-key-file-"]')


def receipts(page: Page) -> Locator:
    """The boxes of receipts, the newest first."""
    return page.locator('[class*="st-key-receipt-"]')


def press(page: Page, name: str, inside: Page | Locator | None = None) -> None:
    """Click the first button of that name, and wait for what it does."""
    act(page, lambda: (inside or page).get_by_role("button", name=name, exact=True).first.click(), timeout=120)


def unfold(page: Page, name: str) -> Locator:
    """Open a box of choices, once the page has come to rest below it: scrolling closes it."""
    box = page.get_by_role("combobox", name=name)
    box.scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box.click()
    page.get_by_role("option").first.wait_for()
    return box


def load(page: Page, code: str = "en", inside: Locator | None = None) -> list[int]:
    """Load the first file that waits, or the one in a box → [new rows, already there, corrected, rejected] of its
    receipt."""
    before = receipts(page).count()
    press(page, WORDS[code]["load"], inside)
    receipts(page).nth(before).wait_for(timeout=120_000)
    settled(page)
    return counts(page, code)


def counts(page: Page, code: str = "en") -> list[int]:
    """[new rows, already there, corrected, rejected] of the newest receipt."""
    shown = receipts(page).first.locator('[data-testid="stMetricValue"]').all_inner_texts()
    return [int(each.replace("." if code == "tr" else ",", "")) for each in shown[:4]]  # then blank rows, where there are some


def tile(page: Page, kpi: str) -> str:
    """The value a KPI tile shows."""
    return page.locator(f'.st-key-tile-{kpi} [data-testid="stMetricValue"]').inner_text()


def data_version(server: Server) -> int:
    """Rises with every commit to the workspace."""
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
        return json.loads(answer.read())["data_version"]


def downloaded(page: Page, click: Callable[[], object], to: Path) -> Path:
    """The file a click saves, under the name it was given."""
    with page.expect_download() as saved:
        click()
    path = to / saved.value.suggested_filename
    saved.value.save_as(path)
    settled(page)
    return path


def words(place: Locator) -> str:
    """The text of a place, white space collapsed."""
    return re.sub(r"\s+", " ", place.inner_text())


def charts(page: Page) -> list[str]:
    """The numbers of the page's charts in words, as read, after the finding, to those who do not see them."""
    told = [each.get_attribute("aria-label") or "" for each in page.get_by_test_id("stVegaLiteChart").all()]
    return [each.partition("\n")[2] for each in told]


_DROP = """(zone, files) => {
  const carried = new DataTransfer();
  for (const [name, content] of files)
    carried.items.add(new File([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name));
  zone.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def drop_named(page: Page, files: Mapping[str, bytes]) -> None:
    """Drag files of any name, also one no file system allows, onto the place for them."""
    carried = [[name, base64.b64encode(content).decode()] for name, content in files.items()]
    before = waiting(page).count()
    act(page, lambda: page.locator(".zone").evaluate(_DROP, carried), timeout=120)
    understood(page, before + len(carried))
