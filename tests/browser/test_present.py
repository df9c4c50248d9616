"""Presenting on a wall and on a phone: reached by a link or a button, without menus, turning by itself and by keys, left
with Esc."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.driver import Server, act, settled, visit

FITS = """() => { const main = document.querySelector('[data-testid="stMain"]')
  return main.scrollHeight <= window.innerHeight && main.scrollWidth <= window.innerWidth }"""


def test_slides_fill_the_screen_and_turn_by_themselves_until_they_are_left(page: Page, server: Server):
    visit(page, server, "/?present=6&slides=trend-nps&slides=kpis&channel=web")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("NPS: ")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("toolbar")).to_contain_text("Channel: Web (in journeys: first channel)")
    page.wait_for_function(FITS)
    expect(page.get_by_test_id("stMetricValue")).to_have_count(8, timeout=30_000)  # by itself
    expect(page.get_by_text("n = ").first).to_be_visible()
    expect(page.get_by_text("Changes: ").first).to_be_visible()  # against what something is better or worse
    page.wait_for_function(FITS)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Carry on")).to_be_visible()
    act(page, lambda: page.keyboard.press("ArrowLeft"))
    expect(title).to_contain_text("NPS: ")
    act(page, lambda: page.keyboard.press("Escape"))
    assert "present" not in page.url
    assert "channel=web" in page.url
    expect(title).to_have_text("Overview")
    page.get_by_role("button", name="Present").click()
    act(page, lambda: page.get_by_role("button", name="Start").click())
    assert "present=30" in page.url
    expect(page.get_by_role("button", name="Leave")).to_be_visible()


def test_the_figures_fit_with_what_they_are_compared_with_in_turkish(page: Page, server: Server):
    visit(page, server, "/?present=60&slides=kpis&lang=tr")
    expect(page.get_by_text("Değişimler: ")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue")).to_have_count(8, timeout=30_000)
    page.wait_for_function(FITS)


_GROWN = """() => { const chart = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].find(
  each => each.checkVisibility()); return [parseFloat(getComputedStyle(document.documentElement).fontSize),
  chart.querySelector('svg').getBoundingClientRect().width / chart.parentElement.getBoundingClientRect().width,
  chart.querySelector('svg').getBoundingClientRect().height / chart.querySelector('svg').clientHeight,
  document.documentElement.scrollWidth <= window.innerWidth] }"""


def test_a_page_on_a_wall_grows_with_its_charts_and_a_slide_only_once(page: Page, server: Server):
    page.set_viewport_size({"width": 2560, "height": 1440})
    visit(page, server, "/funnel")
    letters, wide, high, fits = page.evaluate(_GROWN)
    assert (letters, fits) == (20, True)
    assert 0.98 < wide <= 1.001
    assert abs(high - 1.25) < 0.01
    visit(page, server, "/?present=60&slides=journey")
    letters, wide, high, fits = page.evaluate(_GROWN)
    assert letters > 30  # by the rule of wall.css
    assert fits
    assert 0.98 < wide <= 1.001
    assert abs(high - 1) < 0.01  # its letters have grown themselves
    visit(page, server, "/?present=60&slides=highlights")
    page.locator(".cx-card").nth(6).wait_for(timeout=30_000)
    page.wait_for_function(FITS)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_no_name_in_the_menu_is_cut_on_a_wall(page: Page, server: Server):
    page.set_viewport_size({"width": 2560, "height": 1440})
    visit(page, server, "/framework")
    assert page.get_by_test_id("stPageLink-NavLink").locator("p").evaluate_all(
        "names => names.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.innerText)") == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_leaving_the_full_screen_leaves_the_presentation(page: Page, server: Server):
    visit(page, server, "/?present=60&slides=trend-nps")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement")
    act(page, lambda: page.evaluate("document.exitFullscreen()"))  # what Esc does, without telling the page of the key
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    assert "present" not in page.url


def test_slides_fit_a_phone_with_all_that_is_pressed_in_one_row(windows: Windows, server: Server):
    with windows.page("tr", phone=True) as page:
        for slide in ("journey", "emotions", "trend-nps"):
            page.goto(f"{server.url}/?present=60&slides={slide}")
            settled(page)
            page.wait_for_function(FITS)
        bar = page.get_by_role("toolbar")
        assert len({round(each.bounding_box()["y"]) for each in bar.get_by_role("button").all()}) == 1
        page.goto(f"{server.url}/?present=60&slides=kpis")
        settled(page)
        assert page.get_by_test_id("stMetricValue").locator("div").evaluate_all(
            "values => values.filter((value) => value.scrollWidth > value.clientWidth).length") == 0
        page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 1e6)")
        last = page.locator('[class*="st-key-tile-"]').last.bounding_box()
        assert last["y"] + last["height"] <= bar.bounding_box()["y"]
