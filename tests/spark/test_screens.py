"""The dashboard over a lake, in a real browser: the same numbers, what cannot be done there, and Spark going away."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cx import Filters
from cx.language import language
from cx.metrics.funnel import funnel
from tests.browser.driver import Server, browse, count_runs, serve, visit
from tests.spark.cluster import Cluster
from tests.spark.conftest import Both
from tests.spark.lakes import root

pytestmark = pytest.mark.browser


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
def page() -> Iterator[Page]:
    with browse() as browser:
        opened = browser.new_page(viewport={"width": 1440, "height": 900}, locale="tr-TR")
        opened.set_default_timeout(120_000)
        expect.set_options(timeout=120_000)
        count_runs(opened)
        yield opened


def test_a_page_over_the_lake_tells_the_numbers_of_the_workspace_and_outlives_spark(
        both: Both, cluster: Cluster, dashboard: Server, page: Page) -> None:
    t = language("tr")
    entered = int(funnel(both.plain, filters=Filters(persona=("ayşe",)))["reached"].iloc[0])
    visit(page, dashboard, "/funnel?persona=ayşe")
    expect(page.get_by_text(re.compile(rf"\b{entered}\b")).first).to_be_visible()

    visit(page, dashboard, "/upload")
    expect(page.get_by_text("Etkileşimler bir veri gölünde")).to_be_visible()
    assert not page.locator("input[type=file]").count()

    visit(page, dashboard, "/actions")
    cluster.kill_server()
    try:
        for _ in range(30):  # computed before: still there, and it is said once it has been noticed
            visit(page, dashboard, "/funnel?persona=ayşe")
            expect(page.get_by_text(re.compile(rf"\b{entered}\b")).first).to_be_visible()
            if page.get_by_text("Spark şu andan beri yanıt vermiyor").count():
                break
        expect(page.get_by_text("Spark şu andan beri yanıt vermiyor")).to_be_visible()
        page.goto(f"{dashboard.url}/funnel?channel=phone")  # new: it cannot be answered, the page stays
        expect(page.get_by_text(t("This did not work"))).to_be_visible()
        expect(page.get_by_text("yanıt vermiyor. Sunucu çalışıyor mu")).to_be_visible()
    finally:
        cluster.start_server()
    page.reload()
    expect(page.get_by_text(t("This did not work"))).to_have_count(0)
    expect(page.get_by_text("Spark şu andan beri yanıt vermiyor")).to_have_count(0)
