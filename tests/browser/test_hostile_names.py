"""Names that are code or markup stand on every page as the characters they are, and do nothing."""

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

import cx
from cx import Store, intake
from cx.filters import Filters
from cx.store import journey_model
from pages.parts.nav import ENTRIES, HOME
from tests.browser.conftest import context
from tests.browser.driver import Server, act, go, serve, settled, visit
from tests.browser.uploads import charts, drop_named, load, receipts, waiting

NAMES = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
    "![i](http://evil.test/i.png)", "$x$", ":material/bug:", ":red[x]", "**bold**", "_slanted_", "{braces}",
    "'\";--", "1. `code` ~~gone~~",
]
PATHS = {name: "/" if name == "overview" else f"/{name}" for name in ENTRIES}
HARM = ('img[src="x"], img[src*="evil.test"], a[href^="javascript:"], a[href^="http://evil"], script:text("alert(1)"), '
        '.katex, [data-testid="stIconMaterial"]:text-is("bug"), span[style*="color"]:text-is("x"), '
        'strong:text-is("bold"), em:text-is("slanted"), code:text-is("code"), del:text-is("gone")')


def sheet(rows: list[tuple[str, str, str]], attributes: dict[str, str]) -> bytes:
    """Events of these (customer, date, name) rows; `name` is persona, channel, touchpoint, stage and (not the
    runner's) comment; and further columns with one value each."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["Customer no", "Date", "Persona", "Channel", "Touchpoint", "Stage", "Comment", "NPS", *attributes])
    for number, (customer, date, name) in enumerate(rows):
        comment = "" if customer == "runner" else name
        write.writerow([customer, date, name, name, name, name, comment, number % 11, *attributes.values()])
    return out.getvalue().encode()


def fill(store: Store, folder) -> None:
    """An upload of each name, with everything in it called so and a row whose date is that name; and two customers who
    went through all of it."""
    journey_model.set_stages(store, [(None, name) for name in NAMES])
    path = folder / "sheet.csv"
    for name in NAMES:
        path.write_bytes(sheet([(name, "2026-03-01 10:00", name), (name, "2026-03-02 10:00", name),
                                (name, name, name)], {name: name}))
        plan = intake.propose(path, name=name)
        assert (plan.columns["Persona"], plan.columns[name]) == ("persona", "attribute")
        assert intake.load(store, path, plan, name=name).rejected == 1
    path.write_bytes(sheet([(customer, f"2026-04-{day:02} 10:00", name) for customer in ("walker", "runner")
                            for day, name in enumerate(NAMES, start=1)], dict.fromkeys(NAMES, "other")))
    assert intake.load(store, path).accepted == 2 * len(NAMES)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    store = cx.open_store(folder / "cx.duckdb")
    fill(store, folder)
    store.close()
    with serve(folder) as running:
        yield running


@dataclass
class Watched:
    """A page, and what happened on it that must not: dialogs, requests to other hosts."""

    page: Page
    happened: list[str] = field(default_factory=list)

    def unharmed(self) -> None:
        self.page.wait_for_timeout(150)
        assert self.happened == []
        assert [each.evaluate("each => each.outerHTML") for each in self.page.locator(HARM).all()] == []


@pytest.fixture(scope="module")
def watched(browser: Browser, server: Server) -> Iterator[Watched]:
    with context(browser) as opened:
        watched = Watched(opened.new_page())
        host = urlsplit(server.url).netloc
        watched.page.on("dialog", lambda each: (watched.happened.append(each.message), each.dismiss()))
        watched.page.on("request", lambda each: watched.happened.append(each.url) if urlsplit(each.url).scheme in (
            "http", "https") and urlsplit(each.url).netloc != host else None)
        watched.page.on("framenavigated", lambda each: None if each.url.startswith(server.url) else
                        watched.happened.append(each.url))
        yield watched


def content(page: Page) -> str:
    """All text of the main part, hidden and drawn text included."""
    return page.get_by_test_id("stMainBlockContainer").evaluate("each => each.textContent")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_shows_hostile_names_as_characters(watched: Watched, server: Server, name: str):
    if watched.page.url == "about:blank":
        visit(watched.page, server)
    go(watched.page, name if name != HOME else "")
    watched.unharmed()
    told = "\n".join(charts(watched.page)) + content(watched.page)
    if name in ("overview", "funnel", "emotions", "touchpoints", "trends", "history"):
        assert [each for each in NAMES if each not in told] == []


@pytest.mark.parametrize(("name", "entry"), list(zip(NAMES, itertools.cycle(
    each for each, entry in ENTRIES.items() if entry.asks), strict=False)))
def test_a_filter_on_hostile_names_is_captioned_as_they_are(watched: Watched, server: Server, name: str, entry: str):
    chosen = Filters(persona=name, channel=name, stage=name, touchpoint=name, attributes={name: (name,)})
    visit(watched.page, server, f"{PATHS[entry]}?{urlencode(chosen.to_url(), doseq=True)}")
    watched.unharmed()
    shown = content(watched.page)
    assert f"Persona: {name}" in shown
    assert f"{name}: {name}" in shown
    watched.page.get_by_test_id("stPopoverButton").filter(has_text="More filters").click()
    body = watched.page.get_by_test_id("stPopoverBody")
    body.get_by_text(name, exact=True).first.wait_for()
    assert body.get_by_role("combobox", name="Attribute").input_value() == name
    watched.unharmed()


def test_the_options_of_the_filters_are_the_names(watched: Watched, server: Server):
    page = watched.page
    visit(page, server)
    for button in ("Persona", "Channel", "Stage", "Touchpoint", "More filters"):
        page.get_by_test_id("stPopoverButton").filter(has_text=button).click()
        box = page.get_by_role("combobox", name="Attribute" if button == "More filters" else button)
        for name in NAMES:
            box.fill(name)
            page.get_by_role("option").get_by_text(name, exact=True).wait_for()
        watched.unharmed()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")


def test_a_customer_of_a_hostile_number_has_a_journey(watched: Watched, server: Server):
    page = watched.page
    visit(page, server, "/customer")
    for name in NAMES:
        page.get_by_role("textbox").first.fill(name)
        act(page, lambda: page.keyboard.press("Enter"))
        found = page.get_by_test_id("stMainBlockContainer").locator("p.cx-finding").get_by_text(name, exact=True)
        found.first.wait_for()
        watched.unharmed()
        assert content(page).count(name) >= 4


def test_comments_stand_as_they_were_written(watched: Watched, server: Server):
    for names in (NAMES[:4], NAMES[4:8], NAMES[8:]):
        visit(watched.page, server, f"/emotions?{urlencode({'channel': names, 'period': '2026-04-01..2026-04-30'}, True)}")
        watched.unharmed()
        shown = [each.inner_text() for each in watched.page.locator(".cx-quote p:first-child").all()]
        assert sorted(shown) == sorted(names)


def test_a_tooltip_shows_the_name(watched: Watched, server: Server):
    visit(watched.page, server, "/touchpoints")
    bars = watched.page.get_by_test_id("stVegaLiteChart").first.locator("path[aria-roledescription=bar]").all()
    for bar, name in zip(bars, sorted(NAMES), strict=True):
        bar.hover(force=True)
        watched.page.locator("#vg-tooltip-element", has_text=name).wait_for()
        watched.unharmed()


def test_the_steps_of_an_upload_show_the_names(watched: Watched, server: Server):
    page = watched.page
    visit(page, server, "/upload")
    drop_named(page, {name: sheet([(name, "2026-05-01", name), (name, name, name)], {name: name})
                      for name in NAMES})
    titles = [each.locator("h2").first.inner_text() for each in waiting(page).all()]
    assert titles == NAMES
    watched.unharmed()
    assert load(page) == [1, 0, 0, 1]
    assert receipts(page).first.locator("h2").first.inner_text() == f"{NAMES[0]} is loaded"
    watched.unharmed()
    act(page, lambda: page.get_by_role("link", name="History").click())
    page.get_by_role("heading", name="History", level=1).wait_for()
    settled(page)
    watched.unharmed()
    assert [each for each in NAMES if each not in content(page)] == []
