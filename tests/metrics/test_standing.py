"""Goals: read as typed, judged by the interval for each persona and channel, told as wins and problems."""

from __future__ import annotations

import pandas as pd
import pytest

from cx import Filters, Store, findings, open_store
from cx.errors import QueryError
from cx.language import language
from cx.metrics.goals import goals, read_target, set_target
from cx.metrics.kpi import kpis
from cx.metrics.kpi_registry import KPIS
from cx.metrics.own_kpi import registry
from cx.metrics.standing import COLUMNS, standing
from tests.metrics.stores import store_of

EN, TR = language("en"), language("tr")


@pytest.mark.parametrize(("kpi", "typed", "language", "target"), [
    ("nps", "40", EN, 40), ("nps", "−5,5", TR, -5.5), ("nps", "4.5", TR, 4.5), ("nps", " 40 ", EN, 40),
    ("csat", "75", EN, 0.75), ("csat", "%75", TR, 0.75), ("csat", "72,5 %", TR, 0.725), ("csat", "75%", EN, 0.75),
    ("revenue", "1.234,5", TR, 1234.5), ("revenue", "1,234.5", EN, 1234.5), ("waiting_time", "4.5", EN, 270),
    ("nps", "", EN, None), ("csat", " % ", EN, None),
])
def test_a_target_is_read_as_it_is_typed(kpi, typed, language, target) -> None:
    assert read_target(KPIS[kpi], typed, language) == (None if target is None else pytest.approx(target))


@pytest.mark.parametrize("typed", ["forty", "4,5", "1.2.3", "nan", "inf", "12 points", "<b>"])
def test_what_is_no_number_is_told_so(typed) -> None:
    store = store_of([{"customer": "a", "nps": 9}])
    with pytest.raises(QueryError, match="A target is a number, not"):
        set_target(store, "nps", read_target(KPIS["nps"], typed, EN))
    assert goals(store).empty


def test_a_share_out_of_range_is_told_in_percent() -> None:
    with pytest.raises(QueryError, match="between 0% and 100%"):
        set_target(open_store(":memory:"), "csat", read_target(KPIS["csat"], "140", EN))


@pytest.fixture(scope="module")
def store() -> Store:
    """Young: 90 of 100 satisfied; Old: 40 of 100; of both 65 %; web only Young."""
    rows = [{"customer": f"{persona}{n}", "persona": persona, "channel": "Web" if persona == "Young" else "Phone",
             "occurred_at": f"2025-03-{1 + n % 28:02}", "csat": 5 if n < good else 1, "csat_max": 5}
            for persona, good in (("Young", 90), ("Old", 40)) for n in range(100)]
    store = store_of(rows)
    set_target(store, "csat", 0.65, owner="Ayşe")
    set_target(store, "csat", 0.80, persona="young")
    set_target(store, "csat", 0.60, persona="old", owner="Bob")
    set_target(store, "csat", 0.85, channel="web")
    set_target(store, "nps", 20)
    return store


def test_every_goal_is_judged_on_its_own_customers(store) -> None:
    found = standing(store)
    assert list(found.columns) == COLUMNS
    by = {(row["kpi"], row["persona"], row["channel"]): row for row in found.to_dict("records")}
    assert [key[1:] for key in by] == [("", ""), ("", ""), ("", "web"), ("old", ""), ("young", "")]
    statuses = {key: row["status"] for key, row in by.items()}
    assert statuses == {("nps", "", ""): None, ("csat", "", ""): "cannot_tell",  # 65 % [58.2, 71.3]
                        ("csat", "young", ""): "on_target",  # 90 % [82.6, 94.5]
                        ("csat", "old", ""): "below_target",  # 40 % [30.9, 49.8]
                        ("csat", "", "web"): "cannot_tell"}
    assert by["csat", "old", ""]["owner"] == "Bob"
    assert by["csat", "young", ""]["value"] == pytest.approx(0.9)
    assert by["csat", "young", ""]["n"] == 100
    assert str(by["nps", "", ""]["reason"]).startswith("Nobody has uploaded this yet")


def test_only_the_period_of_the_filters_counts(store) -> None:
    found = standing(store, Filters(start="2025-03-01", end="2025-03-10", persona="old", channel="phone"))
    assert found.set_index(["persona", "channel"]).loc[("young", ""), "n"] == 40


def test_wins_and_problems_are_what_is_sure(store) -> None:
    values = pd.DataFrame([
        {"kpi": "nps", "value": 20.0, "change": 8.0, "significant": True, "direction": 1},
        {"kpi": "waiting_time", "value": 300.0, "change": 60.0, "significant": True, "direction": -1},
        {"kpi": "ces", "value": 5.0, "change": -1.0, "significant": False, "direction": 1},
        {"kpi": "orders", "value": 50.0, "change": 10.0, "significant": None, "direction": 1}]).astype(
            {"significant": object})
    good, bad = findings.standing.wins_and_problems(values, standing(store), registry(store), EN,
                                                    lambda row: row["persona"] or "everybody")
    assert good == ["Satisfaction (CSAT), young: 90.0%, target of 80.0% met (n = 100)", "NPS: 20.0, better by +8.0"]
    assert bad == ["Satisfaction (CSAT), old: 40.0%, target of 60.0% missed (n = 100)",
                   "Waiting time: 5 min, worse by +1 min"]
    year = pd.DataFrame([{"kpi": "ces", "change": -0.5, "significant": True, "direction": 1, "current": 4.5,
                          "current_n": 90, "previous": 5.0, "previous_n": 80}]).astype({"significant": object})
    assert findings.standing.wins_and_problems(values, standing(store), registry(store), EN, str, year)[1][-1] == (
        "Ease (CES): −0.50 against a year ago (now 4.50, n = 90; then 5.00, n = 80)")
    assert findings.standing.undecided(standing(store), EN).startswith("2 targets")
    assert findings.standing.undecided(standing(store).head(0), EN) == ""


def test_a_status_is_a_word_or_the_reason_there_is_none(store) -> None:
    rows = {row["kpi"] + row["persona"]: row for row in standing(store).to_dict("records")}
    assert findings.standing.status(rows["csatyoung"], EN) == "✓ on target"
    assert findings.standing.status(rows["csatold"], TR) == "✗ hedefin dışında"
    assert "Nobody has uploaded" in findings.standing.status(rows["nps"], EN)
    assert findings.standing.interval(KPIS["nps"], rows["nps"], EN) == "—"


def test_no_goal_is_no_row() -> None:
    empty = store_of([{"customer": "a", "nps": 9}])
    assert standing(empty).empty
    assert findings.standing.wins_and_problems(kpis(empty).head(0), standing(empty), KPIS, EN, str) == ([], [])


@pytest.mark.parametrize(("answers", "said"), [
    ({"nps": (20.0, 12.0, 28.0), "net_emotion": (-5.0, -9.0, -1.0)},
     "More promoters than detractors (NPS 20.0). More contacts feel bad than good (net emotion −5.0)."),
    ({"nps": (-3.0, -6.0, -0.1), "net_emotion": (1.0, -2.0, 4.0)},
     "More detractors than promoters (NPS −3.0). Neither good nor bad contacts are surely more (net emotion 1.0)."),
    ({"nps": (2.0, -1.0, 5.0)}, "Neither promoters nor detractors are surely more (NPS 2.0)."),
    ({"csat": (0.62, 0.6, 0.64)}, "62.0% of the answers are satisfied."),
    ({"nps": (None, None, None)}, "Nobody has been asked often enough to tell."),
])
def test_whether_it_is_good_is_what_surely_lies_on_one_side_of_nothing(store, answers, said) -> None:
    values = pd.DataFrame([{"kpi": kpi, "value": value, "lower": lower, "upper": upper, "few": False}
                           for kpi, (value, lower, upper) in answers.items()])
    assert findings.standing.good(values, standing(store).head(0), KPIS, EN) == said
    assert findings.standing.good(values.assign(few=True), standing(store).head(0), KPIS, EN) == (
        "Nobody has been asked often enough to tell.")
    assert findings.standing.good(values, standing(store), KPIS, EN).startswith(
        "Targets: 1 surely met, 1 surely missed, 2 not sure yet.")  # nobody has given an NPS: that target has no status
