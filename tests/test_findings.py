"""A sentence says what the frame says, in both languages, and nothing that is not sure."""

import pandas as pd
import pytest

from cx import findings, findings_action, findings_opportunity, findings_team, findings_walk
from cx.language import language
from cx.metrics.effect import Effect

EN, TR = language("en"), language("tr")
NAMES = {"a": "Awareness", "b": "Purchase", "c": "Retention"}
name = NAMES.__getitem__


def values(*rows):
    """(kpi, change, significant, direction) → the columns of kpis() that a headline reads."""
    return pd.DataFrame([{"kpi": kpi, "change": change, "significant": sure, "direction": direction}
                         for kpi, change, sure, direction in rows]).astype({"significant": object})


@pytest.mark.parametrize(("rows", "sentence"), [
    ([("nps", 3.0, True, 1), ("waiting_time", 30.0, True, -1)], "Better: NPS (+3.0). Worse: Waiting time (+30 s)."),
    ([("nps", 3.0, False, 1), ("csat", -0.02, None, 1)], "Against the period before, nothing changed more than chance explains."),
    ([("nps", None, None, 1)], "No earlier period to compare with."),
    ([("complaint_rate", -0.031, True, -1)], "Better: Complaint rate (−3.1 pp)."),
])
def test_the_headline_names_only_sure_changes_and_their_direction(rows, sentence):
    assert findings.headline(values(*rows), EN) == sentence


def steps(*reached):
    frame = pd.DataFrame({"step": list(NAMES)[:len(reached)], "position": range(1, len(reached) + 1), "reached": reached})
    before = frame["reached"].shift()
    return frame.assign(from_previous=(frame["reached"] / before.where(before > 0)).astype(float))


@pytest.mark.parametrize(("reached", "worst", "sentence"), [
    ((100, 60, 54), 1, "Most are lost between Awareness and Purchase: 40% have not gone on."),
    ((100, 90, 9), 2, "Most are lost between Purchase and Retention: 90% have not gone on."),
    ((100, 100, 100), None, "Nobody is lost between these steps."),
    ((100, 0, 0), 1, "Most are lost between Awareness and Purchase: 100% have not gone on."),
    ((0, 0, 0), None, "Nobody is lost between these steps."),
])
def test_the_largest_loss_is_named(reached, worst, sentence):
    assert findings.worst_step(steps(*reached)) == worst
    assert findings.loss(steps(*reached), EN, name) == sentence


def test_the_loss_is_told_in_turkish_without_suffixes_on_names():
    assert findings.loss(steps(100, 60, 54), TR, name) == \
        "En büyük kayıp Awareness ile Purchase arasında: %40 devam etmedi."


def curve(*rows):
    return pd.DataFrame(rows, columns=["key", "net", "lower", "upper", "n"])


def test_best_and_worst_stage_are_named_only_where_their_intervals_are_apart():
    apart = curve(("a", 40.0, 30.0, 50.0, 90), ("b", -10.0, -20.0, -1.0, 80))
    close = curve(("a", 40.0, 30.0, 50.0, 90), ("b", 35.0, 25.0, 45.0, 80))
    assert findings.feelings(apart, EN, name) == "It feels best at Awareness (+40) and worst at Purchase (−10)."
    assert findings.feelings(close, EN, name) == "No stage feels surely better than another."
    assert findings.feelings(apart.head(1), EN, name) == "How the journey feels"


def test_the_journey_tells_where_it_feels_bad_only_when_surely_below_zero():
    unsure = curve(("b", -10.0, -21.0, 1.0, 80))
    assert "worst" not in findings.journey(steps(10, 5), unsure, EN, name)
    assert "It feels worst at Purchase (−10)." in findings.journey(steps(10, 5), curve(("b", -10.0, -20.0, -1.0, 80)), EN,
                                                                   name)


@pytest.mark.parametrize(("change", "sure", "sentence"), [
    (4.0, True, "NPS: 41.0, better by +4.0"),
    (-4.0, True, "NPS: 41.0, worse by −4.0"),
    (4.0, False, "NPS: 41.0; the change of +4.0 is within chance"),
    (None, None, "NPS: 41.0"),
])
def test_a_trend_says_better_only_when_sure(change, sure, sentence):
    assert findings.trend("nps", {"value": 41.0, "change": change, "significant": sure}, EN) == sentence


@pytest.mark.parametrize(("status", "words"), [("on_target", "is met"), ("below_target", "is missed"),
                                               ("cannot_tell", "cannot be told yet")])
def test_a_target_is_judged_by_its_status(status, words):
    assert words in findings.target("nps", {"target": 40.0, "status": status}, EN)
    assert findings.target("nps", {"target": None, "status": None}, EN) == "No target is set."


def gap(way, end):
    return pd.DataFrame([("touchpoints", *way, 90), ("customers", *way, 50), ("end", *end, 50)],
                        columns=["what", "value", "lower", "upper", "n"])


@pytest.mark.parametrize(("way", "end", "start"), [
    ((40, 35, 45), (10, 2, 18), "Journey gap: customers feel +40 on the way, but the journey leaves them at +10."),
    ((10, 2, 18), (40, 35, 45), "Journeys end better (+40) than they feel on the way (+10)."),
    ((40, 35, 45), (38, 30, 46), "Journeys end (+38) about as they feel on the way (+40)."),
])
def test_the_journey_gap_is_claimed_only_where_intervals_are_apart(way, end, start):
    assert findings.gap(gap(way, end), EN) == start


def test_extremes_are_sure_ordered_and_never_the_missing_value():
    parts = pd.DataFrame([("a", 10.0, -30.0, True, 50), ("b", 0.0, -40.0, True, 50), ("c", -50.0, -90.0, None, 5),
                          ("", -60.0, -95.0, True, 50), ("d", 90.0, 50.0, True, 50)],
                         columns=["key", "value", "difference", "significant", "n"]).astype({"significant": object})
    assert findings.extremes(parts, "net_emotion", EN, str, good=False) == [
        "b: 0.0 (the rest: +40.0, n = 50)", "a: +10.0 (the rest: +40.0, n = 50)"]
    assert findings.extremes(parts, "net_emotion", EN, str, good=True) == ["d: +90.0 (the rest: +40.0, n = 50)"]


@pytest.mark.parametrize(("kpi", "value", "sign", "english", "turkish"), [
    ("nps", 39.84, False, "39.8", "39,8"), ("csat", 0.6916, False, "69.2%", "%69,2"),
    ("csat", -0.021, True, "−2.1 pp", "−2,1 puan"), ("waiting_time", -90.0, True, "−1 min 30 s", "−1 dk 30 sn"),
    ("ces", 5.126, False, "5.13", "5,13"), ("nps", None, False, "—", "—"), ("orders", 1234.0, False, "1,234", "1.234"),
])
def test_a_value_is_shown_in_its_unit(kpi, value, sign, english, turkish):
    assert findings.kpi_value(EN, kpi, value, sign=sign) == english
    assert findings.kpi_value(TR, kpi, value, sign=sign) == turkish


def placed(*rows):
    """(name, effort, value, lower, own) → rows of opportunities."""
    return pd.DataFrame(rows, columns=["name", "effort", "value", "lower", "own"])


@pytest.mark.parametrize(("rows", "sentence"), [
    ([("dear", 1, 5.0, 2.0, False), ("easy", 1, 9.0, 1.0, False), ("hard", 3, 8.0, 3.0, False), ("huge", 4, 90.0, 7.0, False)],
     "First to fix: easy, huge. Nothing that takes as little effort is worth more."),
    ([("unsure", 1, 50.0, -1.0, False), ("said", 2, 5.0, float("nan"), True)],
     "First to fix: said. Nothing that takes as little effort is worth more."),
    ([("unsure", 1, 50.0, -1.0, False), ("loss", 2, -5.0, float("nan"), True)],
     "Nothing whose effort is known is surely worth it."),
])
def test_first_to_fix_is_what_no_smaller_effort_outdoes(rows, sentence):
    assert findings_opportunity.first(placed(*rows), EN) == sentence


def test_only_what_is_surely_worth_something_is_counted():
    rows = placed(("a", 1, 5.0, 2.0, False), ("b", 1, 5.0, -2.0, False), ("c", 1, 5.0, float("nan"), True))
    assert findings_opportunity.worthwhile(rows, EN) == "Of 3 problems, 2 are surely worth fixing."
    assert findings_opportunity.worthwhile(rows.iloc[1:2], EN) == "What fixing it is worth: nothing that is sure"


def handed(*rows):
    """(team, to_team, net, own_net, significant) → hand-overs."""
    frame = pd.DataFrame(rows, columns=["team", "to_team", "net", "own_net", "significant"])
    return frame.astype({"significant": object}).assign(difference=frame["net"] - frame["own_net"])


@pytest.mark.parametrize(("rows", "sentence"), [
    ([("A", "B", -10.0, 30.0, True), ("B", "A", -30.0, 30.0, None), ("C", "A", 0.0, 20.0, True)],
     "Handing over hurts most here: A → B (−10; within the team +30)."),
    ([("A", "B", 40.0, 30.0, True), ("C", "A", 50.0, 20.0, True)],
     "Handing over does good here: C → A (+50; within the team +20)."),
    ([("A", "B", 40.0, 30.0, False)], "No hand-over feels surely other than staying with a team."),
    ([("A", "B", 40.0, 30.0, None)], "Too few answers to tell how handing over feels."),
    ([], "Nobody is handed over between this team and another."),
])
def test_a_hand_over_is_named_only_where_it_surely_feels_other(rows, sentence):
    assert findings_team.handed_over(handed(*rows), EN) == sentence


@pytest.mark.parametrize(("told", "sentence"), [
    ((), "Nothing is being done about it yet."),
    (("cannot_tell",), "Of 1 action it cannot be told yet whether it worked."),
    (("worked", "did_not", "cannot_tell"), "Of 3 actions: 1 worked, 1 did not."),
])
def test_actions_are_told_together(told, sentence):
    assert findings_action.all_told([Effect(each) for each in told], EN) == sentence


@pytest.mark.parametrize(("sure", "difference", "others", "sentence"), [
    (True, 0.2, True, "Most often they meet here: Awareness (60%), surely more than the others (40%)."),
    (True, -0.2, True, "Most often they meet here: Awareness (60%), surely less than the others (40%)."),
    (False, 0.2, True, "Most often they meet here: Awareness (60%)."),
    (None, 0.2, False, "Most often they meet here: Awareness (60%).")])
def test_what_is_met_most_is_held_against_the_others_only_when_sure(sure, difference, others, sentence):
    rows = pd.DataFrame([{"key": "a", "share": 0.6, "other_share": 0.4, "significant": sure, "difference": difference}],
                        ).astype({"significant": object})
    assert findings_walk.met(rows, EN, name, others=others) == sentence
    assert findings_walk.met(rows.head(0), EN, name, others=others) == "What they meet here"
