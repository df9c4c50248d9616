"""What was planted in the sample (data/README.md) is read off the screen, in both languages."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.driver import Server, serve, text_of, visit


@pytest.fixture(scope="module")
def turkish_server(tmp_path_factory):
    import cx
    from cx import sample

    folder = tmp_path_factory.mktemp("ornek")
    store = cx.open_store(folder / "cx.duckdb")
    sample.load(store, "tr")
    store.close()
    with serve(folder) as running:
        yield running


def number(shown: str) -> float:
    """`−6.3`, `%30,4` or `2.9` as a number."""
    digits = shown.replace("−", "-").replace("%", "").replace("pp", "")
    return float(digits.replace(".", "").replace(",", ".") if "," in digits else digits)


def chart(page: Page, position: int) -> dict[str, str]:
    """{name: value} of a chart that draws a name on its axis and a text at its mark, by their heights."""
    drawn = page.locator('[data-testid="stVegaLiteChart"]').nth(position)
    drawn.locator("svg").wait_for()
    texts = [(box["y"] + box["height"] / 2, each.text_content() or "") for each in drawn.locator("svg text").all()
             if (box := each.bounding_box())]
    names = [(y, text) for y, text in texts if re.search(r"[^\W\d]", text) and not text.startswith("%")]
    values = [(y, text) for y, text in texts if re.fullmatch(r"[−%]?[\d.,]+%?", text)]
    return {name: min(values, key=lambda value: abs(value[0] - y))[1] for y, name in names} if values else {}


def test_the_region_with_late_deliveries_recommends_least(page: Page, server: Server):
    visit(page, server, "/trends?kpi=nps&by=region&period=2026-04-01..2026-10-31")
    nps = {name: number(value) for name, value in chart(page, 1).items()}
    assert min(nps, key=nps.get) == "South *"  # * = more than chance
    assert nps["South *"] == pytest.approx(-6.3, abs=0.05)


def test_the_chat_in_the_app_is_hard_work(page: Page, server: Server):
    visit(page, server, "/trends?kpi=ces&by=channel&touchpoint=support+chat")
    ease = {name: number(value) for name, value in chart(page, 1).items()}
    assert min(ease, key=ease.get) == "Mobile app *"
    assert ease["Mobile app *"] < 3.5 < min(value for name, value in ease.items() if name != "Mobile app *")


def test_young_explorers_are_lost_at_the_checkout(page: Page, server: Server):
    visit(page, server, "/funnel?by=touchpoint&steps=checkout&steps=payment&segment=persona")
    reached = {name: number(value) for name, value in chart(page, 1).items()}
    assert min(reached, key=reached.get) == "Young explorer"
    assert reached["Young explorer"] < 40 < 80 < min(value for name, value in reached.items() if name != "Young explorer")


def test_the_overview_tells_problems_and_wins_with_their_worth(page: Page, server: Server):
    visit(page, server)
    hurts, delights = text_of(page).split("What delights most")
    first, hurts = hurts.split("What to fix first")
    kept = r"If fixed: customers kept \+\d+ \(\+\d+ to \+\d+\)"
    assert re.search(rf"Fix this first: Checkout · Young explorer\. {kept}", first)
    assert re.search(rf"Checkout · Young explorer {kept}", hurts)
    assert re.search(r"Store pick-up Overall effect: NPS \+\d\.\d points", delights)
    assert page.locator(".cx-card").count() == 7


def test_support_calls_are_better_since_the_training(page: Page, server: Server):
    visit(page, server, "/trends?kpi=csat&touchpoint=support+call&period=2026-02-01..2026-10-31")
    assert re.search(r"Satisfaction \(CSAT\): [\d.]+%, better by \+\d+\.\d pp", text_of(page))


def test_quality_seekers_have_good_touchpoints_and_bad_endings(page: Page, server: Server):
    visit(page, server, "/emotions?persona=quality+seeker")
    assert re.search(r"Journey gap: customers feel \+\d+ on the way, but the journey leaves them at ", text_of(page))


def test_display_brings_visitors_and_referral_buyers(page: Page, server: Server):
    visit(page, server, "/funnel?steps=awareness&steps=purchase&segment=channel")
    reached = {name: number(value) for name, value in chart(page, 1).items()}
    assert min(reached, key=reached.get) == "Display ads"
    assert max(reached, key=reached.get) == "Referral link"


def test_the_same_truths_stand_on_the_turkish_screens(sayfa: Page, turkish_server: Server):
    visit(sayfa, turkish_server, "/trends?kpi=nps&by=b%C3%B6lge&period=2026-04-01..2026-10-31")
    nps = {name: number(value) for name, value in chart(sayfa, 1).items()}
    assert nps["Güney *"] == pytest.approx(-6.3, abs=0.05) == min(nps.values())
    visit(sayfa, turkish_server)
    assert "Mağazadan teslim alma Genel sonuca etkisi: NPS +" in text_of(sayfa).split("En çok sevindirenler")[1]
    visit(sayfa, turkish_server, "/emotions?persona=kalite+arayan")
    assert "Yolculuk açığı" in text_of(sayfa)
