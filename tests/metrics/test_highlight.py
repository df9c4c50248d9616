"""The gravest places and the greatest wins: one of those that contain each other, with a worth only where it is sure."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cx import Filters, findings
from cx.language import language
from cx.metrics import friction, highlight, opportunity
from cx.metrics.highlight import Mended
from cx.report.board import board
from tests.metrics.stores import store_of

EN, TR = language("en"), language("tr")
EMPTY = dict.fromkeys(("stage", "touchpoint", "channel", "persona", "attribute", "attribute_value"), "")


def points(*places: dict[str, str], kind: str = "pain") -> pd.DataFrame:
    return pd.DataFrame([{**EMPTY, **place, "kind": kind, "cell": str(number)} for number, place in enumerate(places)])


@pytest.mark.parametrize(("places", "chosen"), [
    ([{"touchpoint": "chat", "channel": "app"}, {"touchpoint": "chat"}, {"channel": "web"}], ["0", "2"]),
    ([{"touchpoint": "chat"}, {"touchpoint": "chat", "channel": "app"}], ["0"]),
    ([{"attribute": "region", "attribute_value": "south"}, {"attribute": "region", "attribute_value": "west"}], ["0", "1"]),
    ([{"channel": name} for name in "abcd"], ["0", "1", "2"]),
    ([], []),
])
def test_of_places_that_contain_each_other_the_gravest_is_listed(places, chosen):
    frame = points(*places) if places else points({"channel": "x"}, kind="delight")
    assert [rows[0]["cell"] for rows in highlight.top(frame, "pain")] == chosen


@pytest.fixture(scope="module")
def store():
    """300 customers: refunds go badly for 6 in 10, visits for 1 in 10; who had a bad refund comes back half as often."""
    rows, start = [], dt.datetime(2025, 1, 1)
    for n in range(300):
        at, bad = start + dt.timedelta(days=n % 60), n % 10 < 6
        common = {"customer": f"c{n}", "csat_max": 5}
        rows += [{**common, "occurred_at": at, "touchpoint": "Refund", "csat": 1 if bad else 5},
                 {**common, "occurred_at": at - dt.timedelta(days=3), "touchpoint": "Visit", "csat": 1 if n % 10 == 0 else 5}]
        if n % 4 < (1 if bad else 3):
            rows.append({**common, "occurred_at": at + dt.timedelta(days=30), "touchpoint": "Order"})
    rows.append({"customer": "last", "occurred_at": "2025-12-31", "touchpoint": "Visit"})
    return store_of(rows)


def test_a_worth_is_that_of_the_opportunity_and_above_zero(store):
    worst = highlight.top(friction.pain_points(store), "pain")
    assert [rows[0]["touchpoint"] for rows in worst] == ["refund"]
    (found,) = highlight.mended(store, worst)
    chains = [each for each in opportunity.chains(store) if each.at == (("touchpoint", "refund"),)]
    kept = opportunity.worth(chains)["kept"].iloc[0]
    # by hand: 180 of 300 bad, elsewhere 30 of 300: 150 fewer; of those 180 a quarter came back, of the others 3 in 4
    assert [(each.what, each.value) for each in found] == [("kept", kept)]
    assert kept == pytest.approx(150 * 0.5, abs=5)
    assert 0 < found[0].lower < found[0].value < found[0].upper


def test_a_filter_that_leaves_nothing_tells_nothing(store):
    assert highlight.top(friction.pain_points(store, Filters(persona="nobody")), "pain") == []
    assert highlight.mended(store, []) == []


def test_a_place_is_told_with_its_n_and_its_worth_in_both_languages(store):
    worst = highlight.top(friction.pain_points(store), "pain")[0]
    card = findings.highlight.told(worst, [Mended("kept", 75.2, 51.6, 98.4), Mended("nps", 3.44, 1.2, 5.6)], EN)
    assert (card.place, card.worth) == ("Refund", "If fixed: customers kept +75 (+52 to +98); NPS +3.4 (+1.2 to +5.6).")
    assert (card.what, card.customers) == ("Satisfied: 40.0%, elsewhere 90.0% (n = 300).", "300 customers were there")
    assert findings.highlight.told(worst, [Mended("kept", 75.2, 51.6, 98.4), Mended("nps", 3.44, 1.2, 5.6)], TR).worth == (
        "Düzeltilirse: elde tutulan müşteri +75 (+52 ile +98 arası); NPS +3,4 (+1,2 ile +5,6 arası).")
    assert findings.highlight.told(worst, [], EN).worth.startswith("Overall effect: Satisfied −25.0 percentage points (−")


def test_a_win_tells_what_it_lifts(store):
    row = {**highlight.top(friction.pain_points(store), "pain")[0][0], "kind": "delight", "impact": 0.25, "lower": 0.2,
           "upper": 0.3}
    assert findings.highlight.told([row], [], EN).worth == "Overall effect: Satisfied +25.0 percentage points (+20.0 to +30.0)."


def problem(name: str, **worths: float) -> highlight.Problem:
    """A place of 100 customers; worths: what mending it is surely worth."""
    row = {**EMPTY, "kind": "pain", "cell": name, "touchpoint": name, "touchpoint_label": name, "measure": "csat",
           "customers": 100, "n": 60, "value": 0.4, "rest": 0.9, "rest_n": 600, "impact": -0.2, "lower": -0.3,
           "upper": -0.1}
    return highlight.Problem((row,), tuple(Mended(what, value, value / 2, 2 * value) for what, value in worths.items()))


@pytest.mark.parametrize(("given", "ranked"), [
    ([{"kept": 5}, {"kept": 9}], [1, 0]),
    ([{}, {"nps": 1}, {"nps": 2}], [2, 1, 0]),
    ([{"revenue": 100}, {"kept": 5}, {"kept": 9}], [2, 1, 0]),  # what is sure for most of them ranks
    ([{"revenue": 1, "kept": 1}, {"revenue": 2, "kept": 0.5}], [1, 0]),  # of equally many, revenue
    ([{}, {}], [0, 1]),
    ([], []),
])
def test_problems_are_ranked_by_what_mending_them_is_worth_not_by_people(given, ranked):
    places = [problem(str(number), **worths) for number, worths in enumerate(given)]
    found = highlight.ranked([each.rows for each in places], [each.worths for each in places])
    assert [int(each.rows[0]["cell"]) for each in found] == ranked


def test_what_to_do_first_names_no_place_where_nothing_is_sure(store):
    [refund] = highlight.problems(store, highlight.top(friction.pain_points(store), "pain"))
    assert findings.highlight.first([refund], 1, EN).what == "Fix this first: Refund."
    assert "300 customers were there" in findings.highlight.first([refund], 1, EN).why
    unsure = findings.highlight.first([highlight.Problem(refund.rows, ())], 1, EN)
    assert unsure.line == ("What to do first cannot be told: no fix of the gravest places is surely worth something. Largest pain point: Refund.")
    nothing = findings.highlight.first([], 1, EN)
    assert (nothing.what, nothing.why, nothing.cell) == (
        "Nothing needs fixing first: no place is surely worse than elsewhere.", "", "")
    few = friction.friction(store, Filters(persona=("nobody",)))
    assert findings.highlight.first([], few.tested, EN).line == \
        "What to fix first cannot be told: there are too few answers to compare places."


def test_the_board_tells_them_as_the_overview_does(store):
    found = {section.title: section for section in board(store, Filters(), TR).filled}
    points = friction.pain_points(store)
    worst = highlight.problems(store, highlight.top(points, "pain"))
    told = findings.highlight.told(worst[0].rows, worst[0].worths, TR)
    assert found["Önce burayı düzeltin: Refund."].sentences == [findings.highlight.first(worst, 1, TR).why]
    [table] = found["Önce burayı düzeltin: Refund."].tables
    assert table.frame.iloc[0].tolist() == [told.place, told.worth, told.what, told.n]


def test_what_a_fix_surely_costs_is_said_and_such_a_fix_is_not_advised_first():
    gain, cost = Mended("nps", 5.7, 1.0, 9.0), Mended("revenue", -109418.0, -185392.0, -37735.0)
    row = {**EMPTY, "touchpoint": "call", "cell": "call"}
    [costly] = highlight.ranked([[row]], [[cost, gain]])
    assert costly.worths == (gain, cost)
    assert not costly.advised
    assert findings.highlight.mending(costly.worths, EN) == (
        "If fixed: NPS +5.7 (+1.0 to +9.0); revenue −109,418 (−185,392 to −37,735).")
    ranked = highlight.ranked([[row], [{**row, "cell": "chat"}]], [[cost, gain], [Mended("nps", 0.5, 0.1, 1.0)]])
    assert [each.rows[0]["cell"] for each in ranked] == ["chat", "call"]
    ranked = highlight.ranked([[row], [{**row, "cell": "chat"}]], [[cost], [gain, cost]])
    assert [each.rows[0]["cell"] for each in ranked] == ["chat", "call"]  # else no fix would seem to be worth anything


def test_a_fix_that_surely_loses_customers_is_named_with_that(monkeypatch):
    """`mended` brings what is surely lost beside what is surely won."""
    frame = pd.DataFrame([{f"{what}{end}": value for what, values in (
        ("revenue", (-5.0, -9.0, -1.0)), ("kept", (-1.0, -3.0, 1.0)), ("nps", (2.0, 1.0, 3.0)))
        for end, value in zip(("", "_lower", "_upper"), values, strict=True)}])
    monkeypatch.setattr(highlight, "chained", lambda *_: [])
    monkeypatch.setattr(highlight, "worth", lambda _: frame)
    assert highlight.mended(None, [[{}]]) == [[Mended("revenue", -5.0, -9.0, -1.0), Mended("nps", 2.0, 1.0, 3.0)]]
