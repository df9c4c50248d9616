"""The sample files, dropped as they are: nothing is asked, nothing is lost, and the planted truths come out of
cx.metrics with the same numbers in both languages."""

import pytest

from cx import Filters, intake, open_store, sample
from cx.metrics.emotion import curve
from cx.metrics.funnel import funnel
from cx.metrics.kpi import breakdown, kpis
from cx.model import name_key
from data import generate, words, world

pytestmark = pytest.mark.xdist_group("sample")  # loading it takes long enough once

LANGUAGES = words.LANGUAGES
SINCE_APRIL = {"start": "2026-04-01", "end": "2026-10-31"}


class Loaded:
    def __init__(self, language):
        self.language = language
        self.store = open_store(":memory:")
        self.seen = []
        self.receipts = sample.load(self.store, language, lambda *told: self.seen.append(told))

    def name(self, pair):
        """The label of a (English, Turkish) pair in this language."""
        return pair[LANGUAGES.index(self.language)]

    def touchpoint(self, key):
        return self.name(words.TOUCHPOINTS[key])

    def kpi(self, key, **filters):
        (row,) = kpis(self.store, Filters(**filters), compare="none", only=[key]).to_dict("records")
        return row

    def by(self, kpi, dimension, **filters):
        return breakdown(self.store, kpi, dimension, Filters(**filters)).set_index("label")


@pytest.fixture(scope="module")
def both():
    return {language: Loaded(language) for language in LANGUAGES}


@pytest.fixture(scope="module", params=LANGUAGES)
def loaded(request, both):
    return both[request.param]


# --- loading ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_raises_a_question(language):
    for path in sample.files(language):
        plan = intake.propose(path, language=language)
        assert [problem.code for problem in plan.open_problems()] == []


def test_every_row_comes_in(loaded):
    assert list(dict.fromkeys(doing.values["name"] for _, _, doing in loaded.seen)) == [
        path.name for path in sample.files(loaded.language)]
    done = [each for each, _, _ in loaded.seen]
    assert done == sorted(done)
    assert (done[-1], loaded.seen[-1][1]) == (1000, 1000)
    for receipt in loaded.receipts:
        assert receipt.accepted >= .999 * receipt.rows
        assert receipt.rejected == receipt.duplicates == 0
    assert sum(receipt.interactions for receipt in loaded.receipts) == len(
        generate.interactions(world.simulate(), loaded.language))


def test_loading_it_again_adds_nothing(both):
    before = both["en"].store.value("SELECT count(*) FROM interactions")
    path = sample.files("en")[-1]
    assert intake.load(both["en"].store, path, name=path.name).accepted == 0
    assert both["en"].store.value("SELECT count(*) FROM interactions") == before


def test_every_touchpoint_finds_its_stage_and_every_channel_its_kind(loaded):
    assert loaded.store.rows("SELECT label FROM touchpoints WHERE stage_id IS NULL") == []
    assert loaded.store.rows("SELECT label FROM channels WHERE medium IS NULL OR ownership IS NULL") == []
    labels = {name for (name,) in loaded.store.rows("SELECT label FROM touchpoints")}
    assert labels == {loaded.name(pair) for pair in words.TOUCHPOINTS.values()}


def test_both_languages_give_the_same_numbers(both):
    english, turkish = (both[language].store for language in LANGUAGES)
    totals = ("SELECT count(*), count(DISTINCT customer_key), sum(revenue), sum(quantity), count(nps), sum(nps), "
              "sum(csat), sum(ces), count(*) FILTER (WHERE expectation_met), sum(wait_seconds), sum(delay_days), "
              "count(*) FILTER (WHERE is_complaint), count(comment), "
              "sum(CASE WHEN emotion_source <> 'comment' THEN emotion END), min(occurred_at), max(occurred_at) "
              "FROM interactions")
    assert english.rows(totals) == turkish.rows(totals)
    columns = ["kpi", "value", "n", "change"]
    # what is felt also comes from comments, which are other words in the other language
    a, b = (frame.loc[~frame["kpi"].str.contains("emotion"), columns] for frame in (kpis(english), kpis(turkish)))
    assert a["n"].tolist() == b["n"].tolist()
    assert a["value"].tolist() == pytest.approx(b["value"].tolist(), nan_ok=True)
    assert a["change"].tolist() == pytest.approx(b["change"].tolist(), nan_ok=True)
    a, b = (funnel(store)[["step", "reached", "median_seconds"]] for store in (english, turkish))
    assert a.to_dict("records")[1:] == b.to_dict("records")[1:]
    assert a["reached"].tolist() == b["reached"].tolist()


def test_the_stage_funnel_is_that_of_the_readme(loaded):
    share = funnel(loaded.store).set_index("step")["from_first"]
    for stage, expected in {"consideration": .70, "purchase": .45, "retention": .25, "advocacy": .10}.items():
        assert share[stage] == pytest.approx(expected, abs=.05)


# --- the planted truths, through cx.metrics ---


def test_1_the_regions_nps_since_april_is_significantly_lower(loaded):
    region, south = name_key(loaded.name(("Region", "Bölge"))), loaded.name(words.REGIONS["south"])
    nps = loaded.by("nps", region, **SINCE_APRIL)
    assert nps["value"].idxmin() == south
    assert nps.loc[south, "difference"] < -15
    assert nps.loc[south, "significant"] is True
    calm = [loaded.name(pair) for key, pair in words.REGIONS.items() if key != "south"]
    others = loaded.by("nps", region, attributes={region: calm}, **SINCE_APRIL)
    assert len(others) == 4
    assert not others["significant"].any()
    late = loaded.by("late_share", region, **SINCE_APRIL)
    assert late.loc[south, "value"] > .75
    assert late.drop(south)["value"].max() < .3
    before = loaded.by("nps", region, start="2025-05-01", end="2026-03-31")
    assert not before.loc[south, "significant"]


def test_2_chat_in_the_app_is_slow_hard_and_feels_bad(loaded):
    here = {"touchpoint": loaded.touchpoint("chat")}
    app = loaded.name(words.CHANNELS["app"])
    for kpi, worse in (("waiting_time", 1), ("ces", -1), ("csat", -1), ("net_emotion", -1)):
        row = loaded.by(kpi, "channel", **here).loc[app]
        assert row["significant"] is True, kpi
        assert worse * row["difference"] > 0, kpi
    assert loaded.kpi("waiting_time", channel=app, **here)["median"] == pytest.approx(540, rel=.1)


def test_3_young_explorers_are_lost_at_the_checkout(loaded):
    steps = [loaded.touchpoint(name) for name in ("basket", "checkout", "payment")]
    frame = funnel(loaded.store, steps, by="touchpoint", breakdown="persona")
    paid = frame[frame["position"] == 3].set_index("breakdown")
    young = loaded.name(words.PERSONAS["young"])
    assert paid.loc[young, "from_previous"] == pytest.approx(.30, abs=.05)
    others = paid.drop(young)
    assert others["from_previous"].between(.82, .90).all()
    assert paid.loc[young, "from_previous_upper"] < others["from_previous_lower"].min()


def test_4_store_pick_up_feels_much_better_than_delivery(loaded):
    felt = curve(loaded.store, "touchpoint").set_index("label")
    pickup, delivery = (felt.loc[loaded.touchpoint(name)] for name in ("pickup", "delivery"))
    assert pickup["lower"] > delivery["upper"] + 30
    assert pickup["n"] > 300


def test_5_support_calls_have_won_since_the_training(loaded):
    call = {"touchpoint": loaded.touchpoint("call")}
    before = loaded.kpi("csat", start="2025-05-01", end="2026-01-31", **call)
    after = loaded.kpi("csat", start="2026-02-01", end="2026-10-31", **call)
    assert after["lower"] > before["upper"] + .2
    (row,) = kpis(loaded.store, Filters(start="2026-02-01", end="2026-10-31", **call), only=["csat"]).to_dict("records")
    assert row["change"] > .3
    assert row["significant"] is True


def test_6_quality_seekers_journeys_end_worse_than_they_went(loaded):
    end = loaded.by("journey_emotion", "persona")
    quality = loaded.name(words.PERSONAS["quality"])
    assert end.loc[quality, "significant"] is True
    assert end.loc[quality, "difference"] < -20
    assert end["value"].idxmin() == quality
    refund = loaded.by("net_emotion", "persona", touchpoint=loaded.touchpoint("refund"))
    assert refund.loc[quality, "value"] < -50
    before = loaded.by("net_emotion", "persona", stage=("awareness", "consideration", "purchase"))
    assert before.loc[quality, "difference"] > 10


def test_7_display_brings_visitors_and_referrals_bring_buyers(loaded):
    steps = [(loaded.touchpoint("payment"),)]
    paid = funnel(loaded.store, steps, by="touchpoint", breakdown="channel").set_index("breakdown")["reached"]
    assert paid.sum() > 1000
    conversion = loaded.by("conversion", "channel")
    display, referral = (loaded.name(words.CHANNELS[name]) for name in ("display", "referral"))
    assert conversion["value"].idxmin() == display
    assert conversion["value"].idxmax() == referral
    assert conversion.loc[display, "significant"] is True
    assert conversion.loc[referral, "significant"] is True
    assert conversion.loc[display, "n"] > 3 * conversion.loc[referral, "n"]
