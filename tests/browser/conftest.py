"""One browser and one server with the sample data for all browser tests of a worker; fresh servers where asked."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import cx
from cx import Store, sample
from tests.browser.driver import Server, count_runs, serve

LOCALES = {"en": "en-GB", "tr": "tr-TR"}


_FILES = ("test_bad_input", "test_hostile_names", "test_own_numbers", "test_real_data", "test_upload")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Browser tests run in two groups, those about files and the others, each on one browser and one server. One that
    fails is tried once more (and counted as a rerun), as is usual for browsers on busy machines."""
    item.add_marker(pytest.mark.browser)
    item.add_marker(pytest.mark.flaky(reruns=1))
    item.add_marker(pytest.mark.xdist_group("browser and files" if item.path.stem in _FILES else "browser"))


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose workspace holds the English sample; beside it, in `read`, a copy."""
    folder = tmp_path_factory.mktemp("sample")
    store = cx.open_store(folder / "cx.duckdb")
    sample.load(store, "en")
    store.close()
    (folder / "read").mkdir()
    shutil.copy(folder / "cx.duckdb", folder / "read")
    return folder


@pytest.fixture(scope="session")
def store(sample_workspace: Path) -> Iterator[Store]:
    """The same sample, read by the test itself."""
    store = cx.open_store(sample_workspace / "read" / "cx.duckdb")
    yield store
    store.close()


@pytest.fixture(scope="session")
def server(sample_workspace: Path) -> Iterator[Server]:
    """A server with the English sample; tests leave its data as it is."""
    with serve(sample_workspace) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """A server of one's own with an empty workspace."""
    with serve(tmp_path) as running:
        yield running


def context(browser: Browser, language: str = "en", *, phone: bool = False, dark: bool = False,
            zone: str | None = None) -> BrowserContext:
    opened = browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        locale=LOCALES[language], color_scheme="dark" if dark else "light", accept_downloads=True, timezone_id=zone)
    opened.on("page", count_runs)
    return opened


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    """Contexts that tests share, so that the browser loads the application once for each kind."""
    shared = Windows(browser)
    yield shared
    for opened in shared.known.values():
        opened.close()


class Windows:
    """One context for each language and size, opened when first asked for."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.known: dict[tuple[str, bool], BrowserContext] = {}

    @contextlib.contextmanager
    def page(self, language: str = "en", *, phone: bool = False) -> Iterator[Page]:
        """A page of its own in a shared context (dark on the phone); closed at the end."""
        if (language, phone) not in self.known:
            self.known[language, phone] = context(self._browser, language, phone=phone, dark=phone)
        page = self.known[language, phone].new_page()
        yield page
        page.close()


@pytest.fixture
def page(windows: Windows) -> Iterator[Page]:
    """An English page on a laptop."""
    with windows.page() as opened:
        yield opened


@pytest.fixture
def sayfa(windows: Windows) -> Iterator[Page]:
    """A Turkish page on a laptop."""
    with windows.page("tr") as opened:
        yield opened
