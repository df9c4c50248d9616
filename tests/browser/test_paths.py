"""Paths: the numbers on the page are those of cx, a click looks from there, and a phone gets bars instead of the flow."""

import pytest
from playwright.sync_api import Browser, Page

from cx.language import language
from cx.metrics import path
from tests.browser.conftest import context
from tests.browser.driver import Server, act, text_of, visit


def chat(store, t) -> tuple[str, str, str]:
    """Where most go after the support chat, how many, and how many end there."""
    places = path.places(path.flows(store, anchor="support chat"))
    after = places[places["step"] == 1]
    ends = float(after.loc[after["kind"] == "end", "share"].sum())
    return after.iloc[0]["label"], t.percent(after.iloc[0]["share"], 0), t.percent(ends, 0)


@pytest.mark.parametrize("code", ["en", "tr"])
def test_the_sentence_says_what_cx_found(browser: Browser, server: Server, store, code: str):
    following, share, ends = chat(store, language(code))
    with context(browser, code) as opened:
        page = opened.new_page()
        visit(page, server, "/paths?at_touchpoint=support+chat")
        assert {"en": f"After Support chat, {share} go on to {following}; {ends} end there.",
                "tr": f"Support chat sonrasında en sık adım {following} ({share}); yolculuğu orada bitenler {ends}."
                }[code] in text_of(page)


def test_a_click_on_a_place_looks_from_there(page: Page, server: Server, store):
    places = path.places(path.flows(store))
    first = places[places["step"] == 1].iloc[0]
    visit(page, server, "/paths")
    chart = page.get_by_test_id("stEChartsChart")
    shown = f"{first['label']}  {language('en').percent(first['share'], 0)}"
    chart.locator("text").first.wait_for()
    assert shown in chart.locator("text").all_text_contents()
    box = chart.bounding_box()
    assert box
    act(page, lambda: page.mouse.click(box["x"] + 5, box["y"] + 60))
    assert f"After {first['label']}, " in text_of(page)
    assert f"at_touchpoint={first['key'].replace(' ', '+')}" in page.url
    assert first["label"] in page.get_by_role("combobox", name="Place").locator("..").inner_text() + \
        (page.get_by_role("combobox", name="Place").input_value() or "")


def test_on_a_wall_the_flow_grows_and_a_click_still_finds_its_place(browser: Browser, server: Server, store):
    places = path.places(path.flows(store))
    first = places[places["step"] == 1].iloc[0]
    with context(browser) as opened:
        page = opened.new_page()
        heights = []
        for wide, high in ((1440, 900), (2560, 1440)):
            page.set_viewport_size({"width": wide, "height": high})
            visit(page, server, "/paths")
            chart = page.get_by_test_id("stEChartsChart")
            chart.locator("text").first.wait_for()
            box = chart.bounding_box()
            heights.append(box["height"])
        assert heights[1] == pytest.approx(1.25 * heights[0], abs=2)
        assert box["width"] > 1900  # all of it: no more is drawn beside it
        act(page, lambda: page.mouse.click(box["x"] + 6, box["y"] + 75))
        assert f"at_touchpoint={first['key'].replace(' ', '+')}" in page.url


def test_a_phone_gets_bars(browser: Browser, server: Server):
    with context(browser, phone=True) as opened:
        page = opened.new_page()
        visit(page, server, "/paths")
        page.wait_for_timeout(300)
        assert not page.locator(".st-key-wide-only").is_visible()
        assert page.locator(".st-key-phone-only").get_by_test_id("stVegaLiteChart").is_visible()
