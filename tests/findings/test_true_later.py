"""Titles about what comes later (who stays, how long it takes, whole ways, who goes back) and the first answer of the
Overview: true under every filter. And which titles have such a test, and why the others have none."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from statistics import median

import pandas as pd
from hypothesis import given, settings

from cx import findings
from cx.filters import Filters
from cx.metrics import funnel, kpi, path_variants, retention
from cx.metrics.kpi_registry import KPIS
from cx.metrics.standing import COLUMNS
from tests.findings.test_true import EN, ENDS, LEAST, STAGES, TR, chosen, felt, journeys, net, selections
from tests.findings.test_true_elsewhere import EXAMPLES, ROOT, _within, close, store, told

__all__ = ["store"]  # the fixture
_COUNT = r"[\d.,]+"


def _month(at: dt.datetime) -> int:
    return 12 * at.year + at.month


def _begun(filters: Filters) -> list[list[dict]]:
    """The journeys whose first interaction is in the period."""
    return [each for each in journeys(filters) if _within(each[0], filters)]


def _there(filters: Filters, age: int) -> tuple[int, int]:
    """Customers active that many months after their first, of those for whom that month is over."""
    known = [each for each in _begun(filters) if _month(each[0]["occurred_at"]) + age < _month(ENDS)]
    return sum(any(_month(row["occurred_at"]) == _month(each[0]["occurred_at"]) + age for row in each)
               for each in known), len(known)


@settings(max_examples=EXAMPLES)
@given(selections())
def test_how_many_are_there_a_month_later_and_at_the_last_age_told(store, asked):
    filters = asked[0]
    curve = retention.curve(store, interval="month", filters=filters)
    for t in (EN, TR):
        sentence = findings.retention.staying(curve, "activity", "in", "month", t)
        both = [f"{t('{share} of customers are active {span} after their first contact.')} "
                f"{t('After {span}: {share}.')}", "{share} are still active {span} after the first."]
        first = told(t, both[1], sentence, share=r"%?\d+%?", span=r"\d \w+")
        if first is None and (at := _split(sentence, t)):
            first = told(t, "{share} of customers are active {span} after their first contact.", at[0],
                         share=r"%?\d+%?", span=r"\d+ \w+")
            later = told(t, "After {span}: {share}.", at[1], share=r"%?\d+%?", span=r"\d+ \w+")
            age = int(later["span"].split()[0])
            active, n = _there(filters, age)
            assert n >= LEAST
            assert close(later["share"], 100 * active / n)
        if first is None:
            assert sentence in (t("No later period can be told yet: the data ends too soon after the first."),
                                t("Few customers: what their coming back says about others is far from sure."))
            assert _there(filters, 1)[1] < LEAST
            continue
        active, n = _there(filters, 1)
        assert first["span"].split()[0] == "1"
        assert n >= LEAST
        assert close(first["share"], 100 * active / n)


def _split(sentence: str, t) -> list[str] | None:
    """The two sentences, where there are two."""
    parts = sentence.partition(". ")
    return [f"{parts[0]}.", parts[2]] if parts[1] else None


@settings(max_examples=EXAMPLES)
@given(selections())
def test_how_long_half_of_them_took(store, asked):
    filters, taken = asked[0], []
    for journey in journeys(filters):
        start = at = next((row["occurred_at"] for row in journey if row["stage"] == STAGES[0]
                           and _within(row, filters)), None)
        for stage in STAGES[1:]:
            at = next((row["occurred_at"] for row in journey if at is not None and row["stage"] == stage
                       and row["occurred_at"] >= at), None)
        if start is not None and at is not None:
            taken.append((at - start).total_seconds())
    found = funnel.summary(store, filters=filters)
    for t in (EN, TR):
        sentence = findings.funnel.took(found, t)
        if not taken:
            assert sentence == t("How long it takes")
            continue
        if found["median_lower"] is None:
            assert sentence == t("Too few got through to tell how long it takes (n = {n}).", n=len(taken))
            assert len(taken) < 6  # no 95 % interval of a median has fewer
            continue
        read = told(t, "Half of them took at most {median} ({interval}).", sentence)
        assert read["median"] == t.duration(median(taken))


def _walked(filters: Filters, what: str) -> list[list[str]]:
    """The steps of each journey that begins in the period, immediate repeats as one."""
    ordered = (sorted(each, key=lambda row: (row["occurred_at"], STAGES.index(row["stage"]))) for each in journeys(filters))
    steps = ([row[what] for row in each if row[what]] for each in ordered if _within(each[0], filters))
    return [[key for key, _ in groupby(each)] for each in steps if each]


@settings(max_examples=EXAMPLES)
@given(selections())
def test_how_much_the_most_frequent_ways_cover_and_how_many_go_back(store, asked):
    filters = asked[0]
    walked = _walked(filters, "touchpoint")
    ways = Counter((*each[:5], len(each) > 5) for each in walked)
    found = path_variants.variants(store, "touchpoint", 5, 9, filters=filters)
    returned = path_variants.returns(store, filters=filters)
    again = sum(len(set(each)) < len(each) for each in walked)
    for t in (EN, TR):
        sentence = findings.path.ways(found, t)
        read = told(t, "The {n} most frequent ways cover {share}; the rest goes {others} other ways.", sentence,
                    n=r"\d+", share=r"%?[\d.,]+%?", others=_COUNT)
        if len(ways) <= 9:
            assert sentence == t.plural("There is {n} way in all.", "There are {n} ways in all.", n=len(ways))
        else:
            assert int(read["n"]) == 9
            assert int(read["others"]) == len(ways) - 9
            assert close(read["share"], 100 * sum(n for _, n in ways.most_common(9)) / len(walked), 1)
        sentence = findings.path.back(returned, t)
        read = told(t, "{stage} come back to an earlier stage; {touchpoint} return to a touchpoint they have left.",
                    sentence, stage=r"\S+", touchpoint=r"\S+")
        assert (read is None) == (not _walked(filters, "stage"))
        if walked:
            assert close(read["touchpoint"], 100 * again / len(walked))
            assert close(read["stage"], 0)  # nobody does, as these journeys are made


@settings(max_examples=EXAMPLES)
@given(selections())
def test_more_promoters_than_detractors_and_more_good_than_bad_contacts_only_where_that_is_sure(store, asked):
    rows = chosen(asked[0])
    values = kpi.kpis(store, asked[0], None, ["nps", "net_emotion"])
    given_ = [row["nps"] for row in rows if row["nps"] is not None]
    sides = (("NPS", (sum(each >= 9 for each in given_), sum(each <= 6 for each in given_), len(given_)), (
        "More promoters than detractors (NPS {n}).", "More detractors than promoters (NPS {n}).",
        "Neither promoters nor detractors are surely more (NPS {n}).")), ("net emotion", felt(rows), (
            "More contacts feel good than bad (net emotion {n}).", "More contacts feel bad than good (net emotion {n}).",
            "Neither good nor bad contacts are surely more (net emotion {n}).")))
    for t in (EN, TR):
        expected = []
        for _, (good, bad, n), (more, fewer, neither) in sides:
            if n >= LEAST:
                value, lower, upper = net(good, bad, n)
                expected.append(t(more if lower > 0 else fewer if upper < 0 else neither, n=t.number(value, 1)))
        said = findings.standing.good(values, pd.DataFrame(columns=COLUMNS), KPIS, t)
        assert said == (" ".join(expected) or t("Nobody has been asked often enough to tell."))


BY_OTHER_MEANS = {
    # title that no test under random filters reads back: what it says is held against instead
    "action.all_told": "worlds made with a known effect (tests/metrics/test_effect.py)",
    "channels.credited": "rules worked out by hand (tests/metrics/test_attribution.py)",
    "channels.handed": "hand-offs worked out by hand (tests/metrics/test_handoff.py)",
    "channels.repeated": "contacts worked out by hand (tests/metrics/test_repeat.py)",
    "comments.said": "counts by hand (tests/findings/test_true_elsewhere.py)",
    "comments.topics": "comments made with known topics (tests/metrics/test_comments.py)",
    "driver.first_to_fix": "weights computed a second way (tests/metrics/test_driver.py)",
    "driver.heaviest": "weights computed a second way (tests/metrics/test_driver.py)",
    "driver.response": "curves made with a known break (tests/metrics/test_waiting.py)",
    "friction.delights": "places planted in the data (tests/metrics/test_friction.py)",
    "friction.hurts": "places planted in the data (tests/metrics/test_friction.py)",
    "funnel.different": "two funnels by hand (tests/metrics/test_funnel_compare.py)",
    "funnel.lately": "courses by hand (tests/findings/test_sentences.py)",
    "opportunity.first": "cards by hand (tests/findings/test_sentences.py)",
    "opportunity.most": "worths by hand (tests/metrics/test_opportunity.py)",
    "opportunity.worthwhile": "worths by hand (tests/metrics/test_opportunity.py)",
    "retention.groups": "curves by hand (tests/metrics/test_retention.py)",
    "retention.newer": "cohorts by hand (tests/metrics/test_retention.py)",
    "team.handed_over": "pairs by hand (tests/findings/test_sentences.py)",
    "walk.simulated": "conversions moved by hand (tests/metrics/test_simulate.py)",
    "walk.stage": "walks by hand (tests/metrics/test_replay.py)",
    "emotion.one_journey": "single customers by hand (tests/findings/test_sentences.py); no filter is in force",
}


def test_every_title_is_read_back_under_random_filters_or_named_with_what_holds_it() -> None:
    titles, read = set(), set()
    for page in (ROOT / "pages").rglob("*.py"):
        for call in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "title" and call.args:
                titles |= _findings(call.args[0])
    for test in Path(__file__).parent.glob("test_true*.py"):
        for function in ast.parse(test.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and any(
                    "selections" in ast.unparse(each) for each in function.decorator_list):
                read |= _findings(function)
    assert len(titles) > 40
    assert titles - read == {*BY_OTHER_MEANS} & titles
    assert not {*BY_OTHER_MEANS} - titles
    for means in BY_OTHER_MEANS.values():
        place = means.rpartition("(")[2].partition(")")[0]
        assert (ROOT / place).exists(), place


def _findings(code: ast.AST) -> set[str]:
    """The sentences of cx.findings that a piece of code names, as module.function."""
    return set(re.findall(r"\bfindings\.(\w+\.\w+)", ast.unparse(code)))
