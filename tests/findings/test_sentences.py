"""A sentence says what the frame says, in both languages, and nothing that is not sure."""

from dataclasses import replace

import pandas as pd
import pytest

from cx import findings
from cx.findings.compared import Than
from cx.language import language, text
from cx.metrics import friction_words, period
from cx.metrics.converters import Converters
from cx.metrics.driver import Drivers
from cx.metrics.effect import Effect
from cx.metrics.kpi_registry import KPIS
from cx.metrics.waiting import Response

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
    ([("nps", 3.0, None, 1), ("csat", -0.02, None, 1)], "There are too few answers to tell what changed against the period before."),
    ([("nps", None, None, 1)], "No earlier period to compare with."),
    ([("complaint_rate", -0.031, True, -1)], "Better: Complaint rate (−3.1 pp)."),
])
def test_the_headline_names_only_sure_changes_and_their_direction(rows, sentence):
    assert findings.kpi.headline(values(*rows), EN) == sentence


@pytest.mark.parametrize(("lately", "since", "sentence"), [
    ([("csat", -0.01, False, 1)], [("csat", -0.12, True, 1)],
     "Against the period before, nothing changed more than chance explains. Worse than a year ago: Satisfaction (CSAT) (−12.0 pp)."),
    ([("nps", -3.0, True, 1)], [("nps", -9.0, True, 1)], "Worse than a year ago: NPS (−9.0)."),
    ([("nps", -9.0, True, 1)], [("nps", -3.0, True, 1)], "Worse: NPS (−9.0)."),
    ([("nps", 4.0, True, 1)], [("nps", -9.0, True, 1)], "Better: NPS (+4.0). Worse than a year ago: NPS (−9.0)."),
    ([("nps", 4.0, True, 1)], [("nps", -9.0, False, 1), ("csat", 0.1, None, 1)], "Better: NPS (+4.0)."),
])
def test_a_change_over_a_year_is_named_and_nothing_twice(lately, since, sentence):
    assert findings.kpi.headline(values(*lately), EN, year=values(*since)) == sentence


def test_a_change_says_of_which_days_it_is_where_the_value_is_of_others():
    lately = text("the last {n} days compared with the {n} days before", n=90)
    row = {"value": 20.0, "change": -8.0, "significant": True, "lower": 1.0, "basis": lately}
    assert findings.kpi.trend("nps", row, EN) == "NPS: 20.0, worse by −8.0 in the last 90 days"
    assert findings.kpi.trend("nps", row, TR) == "NPS: 20,0, daha kötü: son 90 günde −8,0"
    row["basis"] = text(period.A_YEAR_BEFORE, n=90)
    assert findings.kpi.of_change(row, EN) == "90 days, against a year ago"
    row["basis"] = text("compared with {start} – {end}", start=1, end=2)
    assert findings.kpi.trend("nps", row, EN) == "NPS: 20.0, worse by −8.0"
    assert findings.kpi.of_change(row, EN) is None


def steps(*reached):
    frame = pd.DataFrame({"step": list(NAMES)[:len(reached)], "position": range(1, len(reached) + 1), "reached": reached})
    before = frame["reached"].shift()
    return frame.assign(from_previous=(frame["reached"] / before.where(before > 0)).astype(float))


@pytest.mark.parametrize(("reached", "worst", "sentence"), [
    ((100, 60, 54), 1, "The largest share is lost between Awareness and Purchase: 40% have not gone on."),
    ((100, 90, 9), 2, "The largest share is lost between Purchase and Retention: 90% have not gone on."),
    ((100, 100, 100), None, "Nobody is lost between these steps."),
    ((100, 0, 0), 1, "The largest share is lost between Awareness and Purchase: 100% have not gone on."),
    ((0, 0, 0), None, "Nobody is lost between these steps."),
])
def test_the_largest_loss_is_named(reached, worst, sentence):
    assert findings.funnel.worst_step(steps(*reached)) == worst
    assert findings.funnel.loss(steps(*reached), EN, name) == sentence


def test_who_bought_is_not_lost() -> None:
    """Of 90 buyers 85 stay away afterwards: the loss that is named is one before the purchase."""
    funnel = steps(100, 90, 5).assign(step=["awareness", "purchase", "retention"])
    told = "On the way to purchase the largest share is lost between awareness and purchase: 10% have not gone on."
    assert findings.funnel.loss(funnel, EN, str) == told
    shown = funnel.assign(key=funnel["step"], step=["1", "2", "3"])
    assert findings.funnel.loss(shown, EN, str) == told.replace("awareness", "1").replace("purchase", "2")
    assert findings.funnel.loss(funnel.head(2), EN, str).startswith("The largest share is lost between awareness")
    nobody = steps(100, 100, 5).assign(step=["awareness", "purchase", "retention"])
    assert findings.funnel.loss(nobody, TR, str) == "purchase aşamasına giden yolda kimse kaybedilmiyor."


def test_the_loss_is_told_in_turkish_without_suffixes_on_names():
    assert findings.funnel.loss(steps(100, 60, 54), TR, name) == \
        "En yüksek kayıp oranı Awareness ile Purchase arasında: %40 devam etmedi."


def curve(*rows):
    return pd.DataFrame(rows, columns=["key", "net", "lower", "upper", "n"])


def test_best_and_worst_stage_are_named_only_where_their_intervals_are_apart():
    apart = curve(("a", 40.0, 30.0, 50.0, 90), ("b", -10.0, -20.0, -1.0, 80))
    close = curve(("a", 40.0, 30.0, 50.0, 90), ("b", 35.0, 25.0, 45.0, 80))
    assert findings.emotion.feelings(apart, EN, name) == "It feels best at Awareness (+40) and worst at Purchase (−10)."
    assert findings.emotion.feelings(close, EN, name) == "No stage feels surely better than another."
    assert findings.emotion.feelings(apart.head(1), EN, name) == "How the journey feels"


def test_the_journey_tells_where_it_feels_bad_only_when_surely_below_zero():
    unsure = curve(("b", -10.0, -21.0, 1.0, 80))
    assert "worst" not in findings.emotion.journey(steps(10, 5), unsure, EN, name)
    bad, other = ("b", -10.0, -20.0, -1.0, 80), ("a", 10.0, 1.0, 20.0, 80)
    said = findings.emotion.journey(steps(10, 5), curve(bad, other), EN, name)
    assert "The stage that feels worst: Purchase (−10)." in said
    assert "worst" in findings.emotion.worst_place(curve(bad, other), EN, name)


def test_of_one_place_that_feels_bad_just_that_is_said():
    alone = curve(("b", -10.0, -20.0, -1.0, 80))
    for said in (findings.emotion.worst_place(alone, EN, name), findings.emotion.journey(steps(), alone, EN, name)):
        assert said == "Purchase feels surely more bad than good (−10)."
    assert findings.emotion.worst_place(alone, TR, name) == "Kötü duyguların kesin olarak ağır bastığı yer: Purchase (−10)."


def test_of_one_group_nothing_is_said_to_differ_or_not():
    parts = pd.DataFrame({"key": [""], "significant": pd.Series([None], dtype=object)})
    assert findings.trend.apart(KPIS["nps"], parts, EN, name) == "There is only one group: nothing to compare it with."
    assert findings.trend.apart(KPIS["nps"], parts[:0], EN, name) == "No group surely differs from the rest."


@pytest.mark.parametrize(("change", "sure", "sentence"), [
    (4.0, True, "NPS: 41.0, better by +4.0"),
    (-4.0, True, "NPS: 41.0, worse by −4.0"),
    (4.0, False, "NPS: 41.0; the change of +4.0 is within chance"),
    (None, None, "NPS: 41.0"),
])
def test_a_trend_says_better_only_when_sure(change, sure, sentence):
    assert findings.kpi.trend("nps", {"value": 41.0, "change": change, "significant": sure}, EN) == sentence


@pytest.mark.parametrize(("status", "words"), [("on_target", "is met"), ("below_target", "is missed"),
                                               ("cannot_tell", "cannot be told yet")])
def test_a_target_is_judged_by_its_status(status, words):
    assert words in findings.kpi.target("nps", {"target": 40.0, "status": status}, EN)
    assert findings.kpi.target("nps", {"target": None, "status": None}, EN) == "No target is set."


def gap(way, end):
    return pd.DataFrame([("touchpoints", *way, 90), ("customers", *way, 50), ("end", *end, 50)],
                        columns=["what", "value", "lower", "upper", "n"])


@pytest.mark.parametrize(("way", "end", "start"), [
    ((40, 35, 45), (10, 2, 18), "Journey gap: customers feel +40 on the way, but the journey leaves them at +10."),
    ((10, 2, 18), (40, 35, 45), "Journeys end better (+40) than they feel on the way (+10)."),
    ((40, 35, 45), (38, 30, 46), "Journeys end (+38) about as they feel on the way (+40)."),
])
def test_the_journey_gap_is_claimed_only_where_intervals_are_apart(way, end, start):
    assert findings.emotion.gap(gap(way, end), EN) == start


def test_extremes_are_sure_ordered_and_never_the_missing_value():
    parts = pd.DataFrame([("a", 10.0, -30.0, True, 50), ("b", 0.0, -40.0, True, 50), ("c", -50.0, -90.0, None, 5),
                          ("", -60.0, -95.0, True, 50), ("d", 90.0, 50.0, True, 50)],
                         columns=["key", "value", "difference", "significant", "n"]).astype({"significant": object})
    assert findings.kpi.extremes(parts, "net_emotion", EN, str, good=False) == [
        "b: 0.0 (the rest: +40.0, n = 50)", "a: +10.0 (the rest: +40.0, n = 50)"]
    assert findings.kpi.extremes(parts, "net_emotion", EN, str, good=True) == ["d: +90.0 (the rest: +40.0, n = 50)"]


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
    assert findings.opportunity.first(placed(*rows), EN) == sentence


def test_only_what_is_surely_worth_something_is_counted():
    rows = placed(("a", 1, 5.0, 2.0, False), ("b", 1, 5.0, -2.0, False), ("c", 1, 5.0, float("nan"), True))
    assert findings.opportunity.worthwhile(rows, EN) == "Of 3 problems, 2 are surely worth fixing."
    assert findings.opportunity.worthwhile(rows.iloc[1:2], EN) == "What fixing it is worth: nothing that is sure"


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
    assert findings.team.handed_over(handed(*rows), EN) == sentence


@pytest.mark.parametrize(("told", "sentence"), [
    ((), "Nothing is being done about it yet."),
    (("cannot_tell",), "Of 1 action it cannot be told yet whether it worked."),
    (("worked", "did_not", "cannot_tell"), "Of 3 actions: 1 worked, 1 did not."),
])
def test_actions_are_told_together(told, sentence):
    assert findings.action.all_told([Effect(each) for each in told], EN) == sentence


@pytest.mark.parametrize(("sure", "difference", "others", "sentence"), [
    (True, 0.2, True, "Most often they meet here: Awareness (60%), surely more than the others (40%)."),
    (True, -0.2, True, "Most often they meet here: Awareness (60%), surely less than the others (40%)."),
    (False, 0.2, True, "Most often they meet here: Awareness (60%)."),
    (None, 0.2, False, "Most often they meet here: Awareness (60%).")])
def test_what_is_met_most_is_held_against_the_others_only_when_sure(sure, difference, others, sentence):
    rows = pd.DataFrame([{"key": "a", "share": 0.6, "other_share": 0.4, "significant": sure, "difference": difference}],
                        ).astype({"significant": object})
    assert findings.walk.met(rows, EN, name, others=others) == sentence
    assert findings.walk.met(rows.head(0), EN, name, others=others) == "What they meet here"


@pytest.mark.parametrize(("rows", "sentence"), [
    ([("a", -0.4, True), ("b", 0.1, False)], "Surely different: a (−40.0 pp)."),
    ([("a", -0.4, False), ("b", 0.1, None)], "No step differs more than chance explains."),
    ([("a", -0.4, None)], "Too few customers to compare.")])
def test_a_step_is_called_different_only_when_sure(rows, sentence):
    frame = pd.DataFrame(rows, columns=["step", "difference", "difference_significant"])
    assert findings.funnel.different(frame.astype({"difference_significant": object}), EN) == sentence


def course(*rows):
    """(entered, converted, complete) by period."""
    frame = pd.DataFrame(rows, columns=["n", "converted", "complete"])
    return frame.assign(value=frame["converted"] / frame["n"])


@pytest.mark.parametrize(("rows", "sentence"), [
    ([(100, 50, True), (100, 20, True), (9, 0, False)],
     "Of those who entered in the last full period, 20.0% reached the last step, 30 points less than in the one before."),
    ([(100, 25, True), (100, 20, True)],
     "Of those who entered in the last full period, 20.0% reached the last step, no sure difference from the one before."),
    ([(20, 20, True), (100, 20, True)], "Of those who entered in the last full period, 20.0% reached the last step."),
    ([(100, 20, True), (100, 20, False)], "Conversion by time of entry")])
def test_the_last_full_period_stands_against_the_one_before(rows, sentence):
    assert findings.funnel.lately(course(*rows), EN) == sentence


def test_how_long_it_took_comes_with_its_interval_or_n():
    took = {"n": 9, "median": 3600.0, "median_lower": 60.0, "median_upper": 7200.0}
    assert findings.funnel.took(took, EN) == "Half of them took at most 1 h (1 min – 2 h)."
    assert findings.funnel.took({**took, "median_lower": None}, EN) == "Too few got through to tell how long it takes (n = 9)."
    assert findings.funnel.took({**took, "n": 0}, EN) == "How long it takes"


@pytest.mark.parametrize(("difference", "sure", "sentence"), [
    (0.2, True, "Those who went on stand out by: channel web (60% went on, 40% of the others)"),
    (-0.2, True, "The lost stand out by: channel web (60% went on, 40% of the others)"),
    (0.2, False, "Nothing surely tells those who went on from the lost")])
def test_what_tells_them_apart_is_named_only_when_sure(difference, sure, sentence):
    factors = pd.DataFrame([{"kind": "channel", "key": "web", "rate_with": 0.6, "rate_without": 0.4,
                             "difference": difference, "significant": sure}])
    found = Converters(factors, 100, 50, 0, 0)
    assert findings.funnel.telling(found, EN, lambda kind, key: f"{kind} {key}") == sentence
    assert "cannot be said" in findings.funnel.telling(replace(found, reason=text("no")), EN, str)


def drivers(*rows):
    weights = pd.DataFrame(rows, columns=["label", "share", "sure", "quadrant"])
    return Drivers("nps", weights, 100, 120, 0.5, 0.4, 0.6, ())


def test_the_heaviest_driver_and_what_to_fix_first():
    found = drivers(("Chat", 0.6, True, "keep"), ("Basket", 0.4, False, "fix"), ("Call", 0.3, False, "fix"))
    assert findings.driver.heaviest(found, EN) == (
        "“Chat” goes most with “Recommendation (0–10)”: 60% of what is explained.")
    assert findings.driver.first_to_fix(found, EN) == "Weighs much and goes worse than the rest: Basket, Call."
    unsure = drivers(("Chat", 0.6, False, "keep"))
    assert findings.driver.heaviest(unsure, EN) == "Nothing here surely goes with the outcome: Recommendation (0–10)."
    assert findings.driver.first_to_fix(unsure, EN) == "Nothing that weighs much goes worse than the rest."


NAN = float("nan")


@pytest.mark.parametrize(("slope", "p", "zero", "sentence"), [
    (-2.0, 0.01, 600.0, "From 10 min on fewer than half are satisfied (5 min – 20 min)."),
    (-2.0, 0.01, NAN, "The longer, the worse: −2.0 points for each minute."),
    (-2.0, 0.06, 600.0, "No sure relation: longer is not surely worse here."),
    (2.0, 0.01, 600.0, "No sure relation: longer is not surely worse here.")])
def test_waiting_is_blamed_only_when_sure(slope, p, zero, sentence):
    nothing = pd.DataFrame()
    found = Response("", "", 100, 90, nothing, nothing, zero, 300.0, 1200.0, slope, p, None, NAN)
    assert findings.driver.response(found, "waiting", "csat", EN) == sentence


def test_where_it_hurts_is_the_first_pain():
    point = {"kind": "pain", "persona": "", "attribute": "", "attribute_value": "", "stage": "", "touchpoint": "call",
             "channel": "", "stage_label": "", "touchpoint_label": "Call", "channel_label": "", "persona_label": ""}
    points = pd.DataFrame([point, {**point, "touchpoint": "chat", "touchpoint_label": "Chat"}])
    assert findings.friction.hurts(points, EN) == "Largest pain point: Call."
    assert findings.friction.hurts(points.assign(kind="delight"), EN) == "Nowhere is it surely worse than elsewhere."
    assert findings.friction.delights(points.assign(kind="delight"), EN) == "Largest delight: Call."
    assert findings.friction.delights(points, EN) == "Nowhere is it surely better than elsewhere."


@pytest.mark.parametrize(("lower", "own", "sentence"), [
    (2.0, False, "Worth most: Call (customers kept +9)."), (NAN, True, "Worth most: Call (customers kept +9)."),
    (-1.0, False, "Worth most, but not surely anything: Call (customers kept +9).")])
def test_the_largest_worth_says_when_it_is_not_sure(lower, own, sentence):
    row = {"name": "Call", "value": 9.0, "lower": lower, "own": own}
    assert findings.opportunity.most(row, "kept", EN) == sentence
    for value in (0.0, -9.0):  # somebody who says that it is worth nothing
        assert "nothing" in findings.opportunity.most({**row, "value": value, "lower": NAN}, "kept", EN)


def test_a_simulation_tells_the_change_at_the_last_step():
    steps = pd.DataFrame({"step": ["A", "B"], "moved_to": [NAN, 0.5], "change": [0.0, 12.4], "change_lower": [0.0, -3.0],
                          "change_upper": [0.0, 20.0]})
    assert findings.walk.simulated(steps, EN) == "B: +12 customers (−3 to +20)"
    assert findings.walk.simulated(steps.assign(moved_to=NAN), EN) == "Move a conversion and see what follows"
    assert findings.walk.simulated(steps.assign(change=NAN), EN) == "Too few customers to say what follows at B"


def test_how_many_go_back():
    rows = pd.DataFrame({"what": ["stage", "touchpoint"], "share": [0.25, 0.5]})
    assert findings.path.back(rows, EN) == (
        "25% come back to an earlier stage; 50% return to a touchpoint they have left.")
    assert findings.path.back(rows.assign(share=NAN), EN) == "Nobody can go back: there are no steps."


def test_topics_are_named_by_side_and_the_first_with_its_share():
    frame = pd.DataFrame({"topic": ["late", "kind"], "label": ["late", "kind"], "emotion": [-1, 1]})
    assert findings.comments.topics(frame, EN) == "Bad comments are about “late”; good ones about “kind”."
    moved = pd.DataFrame([{"topic": "late", "value": 0.2, "difference": 0.1, "significant": True}])
    assert findings.comments.topics(frame, EN, moved, Than("than before", "from before")) == (
        "Bad comments are about “late”; good ones about “kind”. “late” is in 20.0% of all comments, 10 points more than "
        "before.")
    assert findings.comments.topics(frame.head(0), EN) == "No word tells bad comments from good ones for sure."


@pytest.mark.parametrize(("profile", "sentence"), [
    ({"interactions": 1, "last_emotion": -1}, "1 interaction; the last known feeling: negative"),
    ({"interactions": 2, "last_emotion": None}, "2 interactions; how it left this customer is not known")])
def test_one_journey_says_how_it_left_the_customer(profile, sentence):
    assert findings.emotion.one_journey(profile, EN).lower() == sentence


def test_how_much_the_most_frequent_ways_cover():
    frame = pd.DataFrame([("variant", 30, 100, 1), ("variant", 10, 100, 1), ("other", 60, 100, 25)],
                         columns=["kind", "n", "total", "variants"])
    assert findings.path.ways(frame, EN) == "The 2 most frequent ways cover 40.0%; the rest goes 25 other ways."
    assert findings.path.ways(frame.head(1), EN) == "There is 1 way in all."


def test_a_cell_that_looks_worse_than_the_surely_worst_is_named_as_maybe_chance():
    cells = pd.DataFrame([
        {"stage": "", "stage_label": "", "touchpoint": name.lower(), "touchpoint_label": name, "channel": "", "persona": "",
         "attribute": "", "measure": "nps", "value": value, "rest": 10.0, "p_adjusted": p, "against": "elsewhere"}
        for name, value, p in (("Chat", -42.9, 0.001), ("Refund", -51.0, 0.2), ("Shop", 50.8, 0.001),
                               ("Pick-up", 67.0, None))])
    assert findings.friction.at_a_glance(cells, EN) == (
        "Surely worst: Chat (NPS: −42.9, elsewhere 10.0). Refund looks even worse, but that may be chance. "
        "Surely best: Shop (NPS: 50.8, elsewhere 10.0). Pick-up looks even better, but that may be chance.")
    assert "looks even" not in findings.friction.at_a_glance(cells[cells["p_adjusted"] < 0.05], EN)
    assert "Refund daha da kötü görünüyor, ancak bu rastlantı olabilir." in findings.friction.at_a_glance(cells, TR)


def test_who_may_still_go_on_is_told_where_there_are_such_customers():
    assert [findings.funnel.left_out(n, EN) for n in (0, 1, 164)] == [
        "", "1 customer who may still go on is left out.", "164 customers who may still go on are left out."]
    assert findings.funnel.left_out(164, TR) == "Süresi dolmadığı için sayılmayan: 164 müşteri."


def test_net_emotion_of_places_says_that_it_leaves_complaints_out():
    row = {"measure": "emotion", "value": -3.6, "rest": 46.4, "n": 780, "against": "elsewhere"}
    assert str(friction_words.measured(row)) == "Net emotion without complaints: −3.6, elsewhere 46.4 (n = 780)."
