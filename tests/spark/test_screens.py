"""The dashboard over a lake, in a real browser: the same numbers, what cannot be done there, and Spark going away."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cx import Filters
from cx.language import language
from cx.metrics.funnel import funnel
from tests.browser.driver import Server, serve
from tests.spark.cluster import Cluster
from tests.spark.conftest import Both
from tests.spark.lakes import root

pytestmark = pytest.mark.browser
_PATIENCE = 240_000  # milliseconds: a cold cluster on a busy machine


@pytest.fixture(scope="module")
def dashboard(both: Both, cluster: Cluster) -> Iterator[Server]:
    folder = both.folder / "screens"
    folder.mkdir()
    shutil.copy(both.folder / "over" / "cx.duckdb", folder)
    with pytest.MonkeyPatch.context() as settings:
        for name, value in (("CX_ENGINE", cluster.url), ("CX_LAKE", root(both.folder)), ("CX_LAKE_CHECK", "2")):
            settings.setenv(name, value)
        with serve(folder) as running:
            yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1440, "height": 900}, locale="tr-TR") as opened:
        opened.set_default_timeout(_PATIENCE)
        yield opened


def test_a_page_over_the_lake_tells_the_numbers_of_the_workspace_and_outlives_spark(
        both: Both, cluster: Cluster, dashboard: Server, page: Page) -> None:
    t = language("tr")

    def seen(text: str | re.Pattern[str]) -> None:
        expect(page.get_by_text(text).first).to_be_visible(timeout=_PATIENCE)

    def visit(path: str) -> None:
        page.goto(f"{dashboard.url}{path}", wait_until="commit")

    entered = int(funnel(both.plain, filters=Filters(persona=("ayşe",)))["reached"].iloc[0])
    number = re.compile(rf"\b{entered}\b")
    visit("/funnel?persona=ayşe")
    seen(number)

    visit("/paths?channel=phone")  # a first question of its kind: Spark has yet to start Python
    page.get_by_role("button", name=t("Stop")).first.click()
    seen(t("Ask again"))
    page.get_by_role("button", name=t("Ask again")).click()
    expect(page.get_by_role("button", name=t("Ask again"))).to_have_count(0, timeout=_PATIENCE)
    seen(t("Paths"))

    visit("/upload")
    seen("Etkileşimler bir veri gölünde")
    assert not page.locator("input[type=file]").count()

    visit("/actions")
    cluster.kill_server()
    try:
        for _ in range(30):  # computed before: still there, and it is said once it has been noticed
            visit("/funnel?persona=ayşe")
            seen(number)
            page.wait_for_timeout(1000)
            if page.get_by_text("Spark şu andan beri yanıt vermiyor").count():
                break
        seen("Spark şu andan beri yanıt vermiyor")
        visit("/funnel?channel=phone")  # new: it cannot be answered, the page stays
        seen(t("This did not work"))
        seen("yanıt vermiyor. Sunucu çalışıyor mu")
    finally:
        cluster.start_server()
    with_phone = int(funnel(both.plain, filters=Filters(channel=("phone",)))["reached"].iloc[0])
    visit("/funnel?channel=phone")
    seen(re.compile(rf"\b{with_phone}\b"))
