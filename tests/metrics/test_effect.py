"""Did an action work: by hand, against planted and absent effects, and where it cannot be told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cx import findings
from cx.language import language
from cx.metrics import action, effect
from cx.metrics.action import Action
from cx.metrics.kpi_registry import KPIS
from tests.metrics.stores import store_of

EN = language("en")
CSAT, NPS, WAIT = KPIS["csat"], KPIS["nps"], KPIS["waiting_time"]
START = dt.date(2025, 3, 3)


def shares(hits, n) -> pd.DataFrame:
    return pd.DataFrame({"csat.hits": np.asarray(hits, dtype=float), "csat.n": np.asarray(n, dtype=float)})


def test_the_change_is_the_difference_of_the_two_differences() -> None:
    """Place 50 % → 80 %, rest 60 % → 65 %: 30 − 5 = 25 points."""
    found = effect.judge(CSAT, shares([20] * 8 + [32] * 8, [40] * 16), shares([60] * 8 + [65] * 8, [100] * 16), 8, 8)
    assert found.change.value == pytest.approx(0.25)
    assert (found.verdict, found.case, found.weeks) == ("worked", "good", 8)
    assert found.change.lower > 0
    assert list(found.four["value"]) == pytest.approx([0.5, 0.8, 0.6, 0.65])
    assert list(found.four["n"]) == [320, 320, 800, 800]


@pytest.mark.parametrize(("after", "expected", "verdict", "case"), [
    (32, None, "worked", "good"), (32, 0.6, "worked", "less"), (8, None, "did_not", "worse"),
    (20, 0.3, "did_not", "too_little"), (20, None, "cannot_tell", "chance"), (20, 0.02, "cannot_tell", "chance")])
def test_the_verdict_follows_from_interval_and_expectation(after, expected, verdict, case) -> None:
    found = effect.judge(CSAT, shares([20] * 8 + [after] * 8, [40] * 16), shares([60] * 16, [100] * 16), 8, 8, expected)
    assert (found.verdict, found.case) == (verdict, case)


def test_less_is_better_where_the_kpi_says_so() -> None:
    def waits(mean):
        return pd.DataFrame({"waiting_time.n": 50.0, "waiting_time.total": 50.0 * mean,
                             "waiting_time.squares": 50.0 * (mean**2 + 400)}, index=range(len(mean)))
    rest = waits(np.full(16, 100.0))
    assert effect.judge(WAIT, waits(np.repeat([120.0, 80.0], 8)), rest, 8, 8).verdict == "worked"
    assert effect.judge(WAIT, waits(np.repeat([120.0, 160.0], 8)), rest, 8, 8).verdict == "did_not"


@pytest.mark.parametrize(("before", "after", "n", "said"), [
    (8, 3, 40, "3 full weeks since the start"), (2, 8, 40, "2 full weeks before"),
    (8, 8, 3, "Too few answers at the place after"), (8, 8, 0, "Too few answers at the place")])
def test_it_cannot_be_told_from_too_little(before, after, n, said) -> None:
    weeks = before + after
    many = [40] * before + [n] * after
    found = effect.judge(CSAT, shares([each // 2 for each in many], many), shares([60] * weeks, [100] * weeks), before,
                         after)
    assert found.verdict == "cannot_tell"
    assert said in str(found.reason)


def test_a_place_that_was_on_its_way_already_is_judged_by_its_own_course() -> None:
    """Two points a week better before the start and after it: the start changed nothing."""
    hits = [10 + 0.8 * week for week in range(24)]
    found = effect.judge(CSAT, shares(hits, [40] * 24), shares([60] * 24, [100] * 24), 12, 12)
    assert found.change.value == pytest.approx(0.24)
    assert (found.verdict, found.by) == ("cannot_tell", "course")
    assert abs(found.course.value) < 0.01


def test_without_an_untouched_rest_its_own_course_decides() -> None:
    place = shares([20] * 12 + [32] * 8, [40] * 20)
    found = effect.judge(CSAT, place, None, 12, 8)
    assert (found.verdict, found.by, found.change) == ("worked", "course", None)
    assert found.course.value == pytest.approx(0.3)
    assert effect.judge(CSAT, place.iloc[6:], None, 6, 8).verdict == "cannot_tell"


def test_errors_of_weekly_values_are_those_of_statsmodels() -> None:
    from statsmodels.regression.linear_model import WLS

    rng = np.random.default_rng(5)
    value, weight = rng.normal(size=20).cumsum(), rng.uniform(1, 5, 20)
    design = np.column_stack([np.ones(20), np.repeat([0.0, 1.0], 10)])
    fitted = WLS(value, design, weights=weight / weight.mean()).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
    bread = np.linalg.inv(design.T @ (design * (weight / weight.mean())[:, None]))
    left = value - design @ fitted.params
    scores = design * (weight / weight.mean() * left)[:, None]
    assert effect._robust(scores, bread, 4) == pytest.approx(fitted.cov_params())
    assert effect._fit(value, weight, design, np.array([0.0, 1.0]))[0] == pytest.approx(fitted.params[1])


def world(rng, size, *, effect_size=0.0, rho=0.0, spread=0.0, weeks=24):
    """Weekly answers at a place and elsewhere: shocks that both feel, and (autocorrelated) ones of the place."""
    own, shock = np.zeros(weeks), rng.normal(0, 0.03, weeks)
    for week in range(weeks):
        own[week] = rho * (own[week - 1] if week else 0) + rng.normal(0, spread * np.sqrt(1 - rho**2))
    p = 0.5 + shock + own + effect_size * (np.arange(weeks) >= weeks // 2)
    n, many = rng.poisson(size, weeks), rng.poisson(10 * size, weeks)
    return shares(rng.binomial(n, p.clip(0, 1)), n), shares(rng.binomial(many, (0.6 + shock).clip(0, 1)), many)


def verdicts(worlds: int, seed: int, **how) -> list[effect.Effect]:
    rng = np.random.default_rng(seed)
    return [effect.judge(CSAT, *world(rng, 40, **how), 12, 12) for _ in range(worlds)]


def test_where_nothing_was_planted_at_most_one_in_twenty_is_said_to_have_worked() -> None:
    found = [*verdicts(60, 1), *verdicts(60, 2, rho=0.5, spread=0.05)]
    assert sum(each.verdict == "worked" for each in found) <= 0.05 * len(found)


def test_a_planted_effect_is_found_with_the_right_size() -> None:
    found = verdicts(40, 3, effect_size=0.2)
    assert sum(each.verdict == "worked" for each in found) >= 36
    assert sum(each.change.lower <= 0.2 <= each.change.upper for each in found) >= 37


# --- from the rows of a workspace ---


def rows(customers: int, planted: float, weeks: int = 20) -> list[dict[str, object]]:
    """Calls and visits over weeks around the start, rated by a rule: calls get better by `planted` from it on."""
    found = []
    for week in range(-weeks // 2, weeks // 2):
        for n in range(customers):
            day = START + dt.timedelta(weeks=week, days=n % 7)
            for touchpoint, good in (("Call", 0.4 + planted * (week >= 0)), ("Visit", 0.6)):
                found.append({"customer": f"{week}-{n}", "occurred_at": day, "touchpoint": touchpoint,
                              "channel": "Phone" if n % 2 else "Web", "csat_max": 5,
                              "csat": 5 if (n * 37 + week * 11) % 100 < 100 * good else 1, "is_complaint": n % 5 == 0})
    return found


@pytest.fixture(scope="module")
def store():
    return store_of(rows(50, 0.3))


def told(store, **how):
    given = Action(**{"title": "Train", "kpi": "csat", "starts_on": START, "touchpoint": "call", **how})
    return effect.effect(store, given)


def test_the_place_is_held_against_everything_else(store) -> None:
    found = told(store)
    second = dict(store.rows("""
        SELECT touchpoint = 'Call' AND occurred_at >= '2025-03-03' AS treated, avg((csat >= 4)::INTEGER)
        FROM interaction_details WHERE touchpoint = 'Call' GROUP BY 1"""))
    at = found.four.set_index(["side", "after"])["value"]
    assert (found.verdict, found.weeks) == ("worked", 10)
    assert (at["place", False], at["place", True]) == (pytest.approx(second[False]), pytest.approx(second[True]))
    assert at["rest", False] == pytest.approx(0.6, abs=0.03)
    assert list(found.series["week"])[10] == pd.Timestamp(START)


@pytest.mark.parametrize(("kpi", "place"), [("complaint_rate", {"touchpoint": "call"}), ("net_emotion", {"channel": "web"}),
                                            ("journey_emotion", {"touchpoint": "call", "channel": "web"})])
def test_customers_and_interactions_are_told_apart_from_the_rest(store, kpi, place) -> None:
    found = told(store, kpi=kpi, **{"touchpoint": "", **place})
    whole = store.value("SELECT count(DISTINCT customer_key) FROM interactions" if kpi != "net_emotion" else
                        "SELECT count(*) FROM interactions WHERE emotion IS NOT NULL")
    n = found.four.groupby("side")["n"].sum()
    if kpi == "net_emotion":
        assert n["place"] + n["rest"] == whole
    else:
        assert n["rest"] == whole  # everybody was elsewhere, too
    assert found.verdict in ("worked", "did_not", "cannot_tell")


@pytest.mark.parametrize(("how", "said"), [
    ({"starts_on": dt.date(2020, 1, 1)}, "before the data does"), ({"starts_on": dt.date(2030, 1, 1)}, "the data ends on"),
    ({"touchpoint": "moon"}, "no longer in the workspace"), ({"kpi": "own_7"}, "no longer there"),
    ({"kpi": "nps"}, "Too few answers"), ({"starts_on": dt.date(2025, 5, 1)}, "1 full week since the start"),
    ({"kpi": "conversion", "stage": "purchase", "touchpoint": ""}, "convert by that choice")])
def test_what_stands_in_the_way_is_said(store, how, said) -> None:
    found = told(store, **how)
    assert found.verdict == "cannot_tell"
    assert said in str(found.reason)


def test_two_actions_at_one_place_cannot_be_told_apart_and_one_elsewhere_leaves_the_rest() -> None:
    store = store_of(rows(20, 0.3))
    one = action.save(store, Action("Train", "csat", START, touchpoint="call"))
    action.save(store, Action("Paint", "csat", START, touchpoint="visit", channel="web"))
    found = effect.effect(store, action.of_number(store, one))
    assert "“Paint”" in str(found.notes[0])
    phone = store.value("SELECT count(*) FROM interaction_details WHERE touchpoint = 'Visit' AND channel = 'Phone'")
    assert found.four.groupby("side")["n"].sum()["rest"] == phone
    action.save(store, Action("Hire", "csat", START + dt.timedelta(7), touchpoint="call", channel="web"))
    assert "“Hire” began at the same place" in str(effect.effect(store, action.of_number(store, one)).reason)


def test_the_weeks_compared_end_where_another_action_began_at_the_same_place() -> None:
    store = store_of(rows(20, 0.3))
    one = action.save(store, Action("Train", "csat", START, touchpoint="call"))
    action.save(store, Action("Hire", "csat", START + dt.timedelta(weeks=5), touchpoint="call"))
    found = effect.effect(store, action.of_number(store, one))
    assert (found.weeks, len(found.series)) == (5, 15)
    assert "does not touch" in str(found.notes[0])


def test_the_sentence_says_against_what_and_how_much(store) -> None:
    given = Action("Train", "csat", START, touchpoint="call")
    words = findings.action.why(effect.effect(store, given), given, CSAT, EN)
    assert words.startswith("Better by more than chance explains, against the untouched rest: +")
    table = findings.action.numbers(effect.effect(store, given), CSAT, EN)
    course = findings.action.course(effect.effect(store, given))
    assert list(course["place_n"]) == [50] * 20
    assert list(table["Where"])[:3] == ["At the place", "Everywhere else, untouched", "Difference of the changes"]


def test_few_answers_a_week_are_drawn_by_four_weeks_from_the_start() -> None:
    store = store_of(rows(6, 0.3))
    given = Action("Train", "csat", START, touchpoint="call")
    course = findings.action.course(effect.effect(store, given))
    assert pd.Timestamp(START) in set(course["week"])
    assert list(course["place_n"]) == [12, 24, 24, 24, 24, 6]  # the last week but one is the last whole one


def test_a_workspace_without_data_says_so() -> None:
    found = effect.effect(store_of([{"customer": "a", "csat": 4, "csat_max": 5}]), Action("Train", "csat", START))
    assert "no data with dates" in str(found.reason)
