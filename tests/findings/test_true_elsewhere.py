"""The titles beside the main ones: read back from their own words in both languages, every number held against the raw
rows; and that no title is without a test."""

from __future__ import annotations

import ast
import os
import re
import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pandas as pd
import pytest
from hypothesis import given, settings

from cx import findings
from cx.filters import Filters
from cx.findings.compared import Than, lately
from cx.language import Language
from cx.metrics import change, contact, emotion, friction, funnel, funnel_compare, kpi, path, period, replay
from cx.metrics.differences import differences
from cx.metrics.kpi_registry import KPIS
from cx.model import EMOTION_SOURCES
from tests.findings.test_true import (
    EN,
    LEAST,
    NAMES,
    PERSONAS,
    PLACES,
    ROWS,
    STAGES,
    TR,
    apart,
    chosen,
    felt,
    journeys,
    n_minus_one,
    net,
    number,
    reached,
    selections,
    wilson,
)
from tests.metrics.stores import store_of

EXAMPLES = 10 * int(os.environ.get("CX_EXAMPLES") or 1)
ROOT = Path(__file__).resolve().parents[2]
name = lambda key: NAMES.get(key, key)  # noqa: E731


@pytest.fixture(scope="module")
def store():
    return store_of(ROWS)


def told(t: Language, template: str, sentence: str, **inside: str) -> dict[str, str] | None:
    """What stands in the places of a template in the reader's language; None = the sentence is another one."""
    places = [each for _, each, _, _ in string.Formatter().parse(template) if each]
    pattern = re.escape(t(template, **{each: f"<{each}>" for each in places}))
    for each in places:
        pattern = pattern.replace(f"<{each}>", f"(?P<{each}>{inside.get(each, '.+?')})", 1)
    found = re.fullmatch(pattern, sentence)
    return found.groupdict() if found else None


def close(written: str, value: float, digits: int = 0) -> bool:
    return abs(number(written) - value) <= 0.5 * 10**-digits + 1e-9


def nets(rows: list[dict], by: str) -> dict[str, tuple[float, float, float]]:
    """Key → net emotion of what is known, with its interval."""
    keys = {row[by] for row in rows if row[by]}
    return {key.lower(): net(*felt(rows, **{by: key})) for key in keys if felt(rows, **{by: key})[2]}


@settings(max_examples=EXAMPLES)
@given(selections())
def test_the_worst_touchpoint_and_the_worst_stage_below_zero(store, asked):
    filters, rows = asked[0], chosen(asked[0])
    for by, say in (("touchpoint", lambda t: findings.emotion.worst_place(emotion.curve(store, "touchpoint", filters), t, name)),
                    ("stage", lambda t: findings.emotion.journey(pd.DataFrame(), emotion.curve(store, "stage", filters), t, name))):
        known = nets(rows, by)
        below = {key: each for key, each in known.items() if each[2] < 0}
        template = ("{place} feels surely more bad than good ({net})." if len(known) < 2
                    else "The touchpoint that feels worst: {place} ({net})." if by == "touchpoint"
                    else "The stage that feels worst: {place} ({net}).")
        for t in (EN, TR):
            sentence = say(t)
            found = told(t, template, sentence, net=r"[−+\d]+")
            assert (found is not None) == bool(below), sentence
            if found:
                worst = min(below.values(), key=lambda each: each[0])
                assert close(found["net"], worst[0])
                assert worst[0] in [each[0] for key, each in below.items()
                                    if name(key) == found["place"]]


@settings(max_examples=EXAMPLES)
@given(selections())
def test_who_feels_worst_where(store, asked):
    filters, rows = asked[0], chosen(asked[0])
    cells = {(who, stage): net(*felt(rows, persona=who, stage=stage)) for who in PERSONAS for stage in STAGES
             if felt(rows, persona=who, stage=stage)[2] >= LEAST}
    below = {cell: each for cell, each in cells.items() if each[2] < 0}
    where = lambda row: f"{row['row_key']} / {row['column_key']}"  # noqa: E731
    for t in (EN, TR):
        sentence = findings.emotion.worst_cell(emotion.matrix(store, "persona", "stage", filters), t, where)
        found = told(t, "It feels worst here: {where} ({net}).", sentence, net=r"[−+\d]+")
        assert (found is not None) == bool(below), sentence
        if found:
            at = tuple(found["where"].split(" / "))
            assert close(found["net"], min(each[0] for each in below.values()))
            assert below[at[0].title(), at[1]][0] == min(each[0] for each in below.values())


@settings(max_examples=EXAMPLES)
@given(selections())
def test_how_much_felt_good_and_what_that_is_known_from(store, asked):
    filters, rows = asked[0], chosen(asked[0])
    good, bad, n = felt(rows)
    given_ = sum(row["emotion"] is not None for row in rows)
    for t in (EN, TR):
        mostly = findings.emotion.mostly(emotion.curve(store, "stage", filters), t)
        found = told(t, "{good} of the interactions felt good, {bad} bad (n = {n}).", mostly)
        assert (found is not None) == bool(n), mostly
        source = told(t, "Known mostly from: {source} ({share}).", findings.emotion.known_from(emotion.sources(store, filters), t))
        assert (source is not None) == bool(n)
        if found and source:
            assert close(found["good"], 100 * good / n)
            assert close(found["bad"], 100 * bad / n)
            assert number(found["n"].replace(",", "").replace(".", "")) == n
            assert close(source["share"], 100 * max(given_, n - given_) / n)
            assert source["source"] in [t(EMOTION_SOURCES[key]) for key, many in (("given", given_), ("nps", n - given_))
                                        if many == max(given_, n - given_)]


@settings(max_examples=EXAMPLES)
@given(selections())
def test_how_journeys_feel_and_how_they_end(store, asked):
    filters = asked[0]
    of: dict[str, list[int]] = {}
    for row in sorted(chosen(filters), key=lambda row: row["occurred_at"]):
        if row["felt"] is not None:
            of.setdefault(row["customer"], []).append(row["felt"])
    if not of:
        return
    way, end = 100 * fmean(fmean(each) for each in of.values()), 100 * fmean(each[-1] for each in of.values())
    peaks = [-1 if -1 in each else max(each) for each in of.values()]
    kept = (100 * fmean(peaks) + end) / 2
    for t in (EN, TR):
        sentence = findings.emotion.gap(emotion.gap(store, filters), t)
        claims = {1: "Journeys end better ({end}) than they feel on the way ({way}).",
                  -1: "Journey gap: customers feel {way} on the way, but the journey leaves them at {end}.",
                  0: "Journeys end ({end}) about as they feel on the way ({way})."}
        read = {sign: told(t, words, sentence) for sign, words in claims.items()}
        sign, found = next((sign, found) for sign, found in read.items() if found)
        assert close(found["way"], way)
        assert close(found["end"], end)
        assert sign == 0 or (end > way) == (sign > 0)
        sentence = findings.emotion.memory(emotion.memory(store, filters), t)
        claims = {1: "By peak and end ({remembered}), journeys are remembered better than they feel on the way ({felt}).",
                  -1: "By peak and end ({remembered}), journeys are remembered worse than they feel on the way ({felt}).",
                  0: "By peak and end ({remembered}), journeys are remembered about as they feel on the way ({felt})."}
        read = {sign: told(t, words, sentence) for sign, words in claims.items()}
        if not any(read.values()):
            assert len(of) == 1  # one customer has no interval
            continue
        sign, found = next((sign, found) for sign, found in read.items() if found)
        assert close(found["remembered"], kept)
        assert close(found["felt"], way)
        assert sign == 0 or (kept > way) == (sign > 0)


@settings(max_examples=EXAMPLES)
@given(selections())
def test_where_it_goes_best_and_worst_and_how_much_is_digital(store, asked):
    filters, rows = asked[0], chosen(asked[0])
    known = {place.lower(): net(*felt(rows, touchpoint=place)) for place in PLACES
             if felt(rows, touchpoint=place)[2] >= LEAST}
    medium = dict(store.rows("SELECT key, medium FROM channels"))
    digital = sum(medium[row["channel"].lower()] == "digital" for row in rows)
    for t in (EN, TR):
        sentence = findings.contact.goes(contact.usage(store, "touchpoint", filters), "touchpoint", t, name)
        found = told(t, "It feels best at {best} ({best_net}) and worst at {worst} ({worst_net}).", sentence,
                     best_net=r"[−+\d]+", worst_net=r"[−+\d]+")
        best, worst = (pick(known.values(), default=(0, 0, 0)) for pick in (max, min))
        assert (found is not None) == (len(known) > 1 and best[1] > worst[2]), sentence
        if found:
            assert close(found["best_net"], best[0])
            assert close(found["worst_net"], worst[0])
            assert known[found["worst"].lower()][0] == worst[0]
        found = told(t, "{share} of the interactions are digital.",
                     findings.contact.kinds(contact.shares(store, "medium", filters=filters), "medium", t))
        assert close(found["share"], 100 * digital / len(rows)) if found else not digital


@settings(max_examples=EXAMPLES)
@given(selections())
def test_a_kpi_and_the_groups_that_are_surely_apart(store, asked):
    filters = asked[0]

    def score(selection: Filters, who: Callable[[dict], bool] = lambda _: True) -> tuple[float, float, float] | None:
        given_ = [row["nps"] for row in chosen(selection) if row["nps"] is not None and who(row)]
        return net(sum(each >= 9 for each in given_), sum(each <= 6 for each in given_), len(given_)) if given_ else None

    every, row = score(filters), kpi.kpis(store, filters, "previous", ["nps"]).iloc[0].to_dict()
    parts = kpi.breakdown(store, "nps", "persona", filters)
    for t in (EN, TR):
        sentence = findings.kpi.trend("nps", row, t)
        better, worse = (told(t, "{kpi}: {value}, {verdict} by {change}", sentence, verdict=re.escape(t(word)))
                         for word in ("better", "worse"))
        assert every is None or close(re.search(r"NPS: ([−\d.,]+)", sentence)[1].rstrip("."), every[0], 1)
        if better or worse:
            when = period.periods(store, filters)
            here, there = score(when.current), score(when.previous)
            assert apart(here, there)
            assert (here[0] > there[0]) == bool(better)
        sentence = findings.trend.apart(KPIS["nps"], parts, t, str)
        found = told(t, "Surely apart: {groups}.", sentence)
        for group in found["groups"].split("; ") if found else ():
            read = told(t, "{group} ({value}, the rest {rest})", group)
            own, rest = (score(filters, lambda row, key=read["group"], mine=mine:
                               ((row["persona"] or "").lower() == key) == mine) for mine in (True, False))
            assert close(read["value"], own[0], 1)
            assert close(read["rest"], rest[0], 1)
            assert apart(own, rest)


@settings(max_examples=EXAMPLES)
@given(selections())
def test_who_gets_through_and_where_the_lost_went(store, asked):
    filters = asked[0]
    through = {}
    for who in filters.persona or ("young", "old", "few"):
        counts = reached(replace(filters, persona=(who,)))
        if counts[0]:
            through[who] = wilson(counts[-1], counts[0])
    lost: list[str] = []
    for journey in journeys(filters):
        start = next((row["occurred_at"] for row in journey if row["stage"] == STAGES[0] and
                      (filters.start is None or row["occurred_at"].date() >= filters.start) and
                      (filters.end is None or row["occurred_at"].date() <= filters.end)), None)
        if start is None:
            continue
        at = next((row["occurred_at"] for row in journey if row["stage"] == STAGES[1] and row["occurred_at"] >= start), None)
        if at and not any(row["stage"] == STAGES[2] and row["occurred_at"] >= at for row in journey):
            after = [row["touchpoint"] for row in journey if row["occurred_at"] > at]
            lost.append("." if not after else (after[0] or "").lower())
    parts = funnel.funnel(store, breakdown="persona", filters=filters)
    parts = parts[parts["key"] != ""]
    gone = funnel.drop_off(store, step=2, filters=filters).query("when == 'next'").fillna({"key": "."})
    for t in (EN, TR):
        sentence = findings.funnel.through(parts, t, str)
        found = told(t, "Most get through: {best} ({best_share}), fewest: {worst} ({worst_share}).", sentence)
        best, worst = (pick(through.values(), default=(0, 0, 0)) for pick in (max, min))
        assert (found is not None) == (len(through) > 1 and best[1] > worst[2]), sentence
        if found:
            assert close(found["best_share"], 100 * best[0], 1)
            assert through[found["worst"]][0] == worst[0]
        sentence = findings.funnel.went_on(gone, t, lambda key: name(key) or "?", ".")
        if not lost:
            assert sentence == t("What the lost ones did next")
            continue
        nothing = told(t, "Most often nothing came after: {share} of the lost.", sentence)
        found = nothing or told(t, "What the lost ones did next most often: {place} ({share}).", sentence)
        most = max(lost.count(each) for each in lost)
        assert close(found["share"], 100 * most / len(lost))
        assert lost.count("." if nothing else "" if found["place"] == "?" else found["place"].lower()) == most


@settings(max_examples=EXAMPLES)
@given(selections())
def test_a_place_called_surely_worst_is_worse_than_elsewhere(store, asked):
    filters, rows = asked[0], chosen(asked[0])
    cells = friction.grid(friction.friction(store, filters), "emotion", "touchpoint", [each.lower() for each in PLACES])
    for t in (EN, TR):
        sentence = findings.friction.at_a_glance(cells, t)
        worst, best = (told(t, f"Surely {which}: {{where}} ({{brief}}).", part.strip()) if part else None
                       for which, part in zip(("worst", "best"), _two(sentence, t), strict=True))
        assert worst or best or sentence == t("By this measure, no place differs surely from elsewhere.")
        for found, sign in ((worst, -1), (best, 1)):
            if found is None:
                continue
            place, channel = next((place, channel) for place in PLACES for channel in ("Web", "Phone")
                                  if found["where"] == f"{place} · {channel}")
            inside = [row for row in rows if (row["touchpoint"], row["channel"]) == (place, channel)]
            here, there = net(*felt(inside)), net(*felt([row for row in rows if row not in inside]))
            value, rest = re.search(r": ([−\d.,]+), .*?([−\d.,]+)$", found["brief"]).groups()
            assert close(value, here[0], 1)
            assert close(rest, there[0], 1)
            assert (here[0] - there[0]) * sign > 0


def _two(sentence: str, t: Language) -> tuple[str, str]:
    """The part about the worst and the part about the best place; without what may be chance (test_sentences)."""
    for chance in ("{where} looks even worse, but that may be chance.",
                   "{where} looks even better, but that may be chance."):
        sentence = re.sub(rf" [^.]*{re.escape(t(chance, where='<').split('<')[1])}", "", sentence)
    begins = t("Surely best: {where} ({brief}).", where="<", brief=">").split("<")[0]
    at = sentence.find(begins)
    return (sentence, "") if at < 0 else (sentence[:at], sentence[at:])


@settings(max_examples=EXAMPLES)
@given(selections())
def test_what_is_met_at_a_stage_and_by_how_many_of_the_others(store, asked):
    filters = replace(asked[0], persona=())
    found = replay.walk(store, "young", None, filters)
    rows = found.touchpoints[found.touchpoints["stage"] == "consideration"]
    sides = [[row for journey in journeys(filters) for row in journey if row["stage"] == "consideration"
              and _within(row, filters) and (row["persona"] == "Young") == young] for young in (True, False)]
    met = [{place: len({row["customer"] for row in side if row["touchpoint"] == place}) for place in PLACES}
           for side in sides]
    there = [len({row["customer"] for row in side}) for side in sides]
    for t in (EN, TR):
        sentence = findings.walk.met(rows[rows["customers"] > 0], t, name, others=True)
        if not max(met[0].values()):
            assert sentence == t("What they meet here")
            continue
        plain = told(t, "Most often they meet here: {place} ({share}).", sentence, share=r"%?\d+%?")
        sure = {sign: told(t, f"Most often they meet here: {{place}} ({{share}}), surely {word} than the others ({{there}}).",
                           sentence) for sign, word in ((1, "more"), (-1, "less"))}
        read = plain or sure[1] or sure[-1]
        assert met[0][read["place"]] == max(met[0].values())
        assert close(read["share"], 100 * max(met[0].values()) / there[0])
        if not plain:
            hits = met[1][read["place"]]
            assert close(read["there"], 100 * hits / there[1])
            assert n_minus_one(max(met[0].values()), there[0], hits, there[1]) < 0.05
            assert (max(met[0].values()) / there[0] > hits / there[1]) == bool(sure[1])


@settings(max_examples=EXAMPLES)
@given(selections())
def test_after_which_stage_the_fewest_go_on(store, asked):
    filters = replace(asked[0], persona=())
    counts = reached(replace(filters, persona=("young",)))
    shares = {name(stage): after / before for stage, before, after in zip(STAGES, counts, counts[1:], strict=False)
              if before}
    for t in (EN, TR):
        sentence = findings.walk.whole(replay.walk(store, "young", None, filters).stages, t, name)
        read = told(t, "Fewest go on after {stage}: {share} of {n}.", sentence, share=r"%?\d+%?", n=r"[\d.,]+")
        if not shares:
            assert sentence == t("The whole way")
            continue
        assert shares[read["stage"]] == min(shares.values())
        assert close(read["share"], 100 * min(shares.values()))
        assert int(read["n"]) in [n for stage, n in zip(STAGES, counts, strict=True) if name(stage) == read["stage"]]


@settings(max_examples=EXAMPLES)
@given(selections())
def test_what_changed_most(store, asked):
    filters = asked[0]
    moves, when = change.what_changed(store, filters), period.periods(store, filters, "previous")
    for t in (EN, TR):
        sentence = findings.kpi.changed_most(moves, t, lambda _, key: name(key))
        if moves.empty:
            assert sentence == t("No difference between the periods is larger than chance explains.")
            continue
        first = moves.iloc[0]
        assert name(first["key"]) in sentence or not first["dimension"]
        assert t(KPIS[first["kpi"]].name) in sentence
        if first["kpi"] == "net_emotion" and first["dimension"] in ("", "stage", "touchpoint"):
            here, there = (nets(chosen(each), first["dimension"])[first["key"]] if first["dimension"] else
                           net(*felt(chosen(each))) for each in (when.current, when.previous))
            assert close(re.search(r"([−\d,.]+) \(", sentence)[1], here[0], 1)
            assert apart(here, there)


@pytest.mark.parametrize(("moods", "english", "turkish"), [
    ((3, 1, 8), "25% of the 12 comments whose feeling is known are negative.",
     "Duygusu bilinen 12 yorum içinde olumsuz olanlar %25."),
    ((0, 0, 2), "0% of the 2 comments whose feeling is known are negative.",
     "Duygusu bilinen 2 yorum içinde olumsuz olanlar %0."),
    ((0, 0, 0), "What customers say", "Müşteriler ne diyor")])
def test_how_many_comments_are_negative(moods, english, turkish):
    assert (findings.comments.said(*moods, EN), findings.comments.said(*moods, TR)) == (english, turkish)


_PLACE = "|".join(map(re.escape, PLACES))


def _within(row: dict, filters: Filters) -> bool:
    day = row["occurred_at"].date()
    return (filters.start is None or day >= filters.start) and (filters.end is None or day <= filters.end)


@settings(max_examples=EXAMPLES)
@given(selections())
def test_what_surely_follows_what(store, asked):
    filters = asked[0]
    steps: dict[str, list[str]] = {}
    for journey in journeys(filters):
        ordered = sorted(journey, key=lambda row: (row["occurred_at"], STAGES.index(row["stage"])))
        if not _within(ordered[0], filters):
            continue
        places = [row["touchpoint"].lower() for row in ordered if row["touchpoint"]]
        for before, after in zip(places, [*places, ""][1:], strict=False):
            steps.setdefault(before, []).append(after)
    matrix = path.transitions(store, filters=filters, collapse=False)
    for t in (EN, TR):
        sentence = findings.path.surest(matrix, t, name)
        found = told(t, "The surest step leads from {before} to {after}: {share} of {n} times.", sentence,
                     before=_PLACE, after=_PLACE)
        known = {(before, after): wilson(each.count(after), len(each)) for before, each in steps.items()
                 for after in set(each) - {""} if len(each) >= LEAST}
        assert (found is not None) == bool(known), sentence
        if found:
            read = known[found["before"].lower(), found["after"].lower()]
            assert abs(read[1] - max(each[1] for each in known.values())) < 1e-9
            assert close(found["share"], 100 * read[0])
            assert int(found["n"].replace(",", "").replace(".", "")) == len(steps[found["before"].lower()])


def test_where_no_period_is_chosen_the_latest_days_stand_against_those_before(store):
    """90 days would be more than half of the data: the latest half against the one before."""
    when = period.periods(store, Filters())
    days = (when.current.end - when.current.start).days + 1
    now, before = emotion.curve(store, "stage", when.current), emotion.curve(store, "stage", when.previous)
    moved = differences(now, before, ["key"], LEAST, value="net")
    steps = funnel.funnel(store, filters=Filters())
    compared = funnel_compare.compare(store, when.current, when.previous)
    for t in (EN, TR):
        words: Than = lately(days, t)
        sentence = findings.emotion.feelings(emotion.curve(store, "stage"), t, name, moved, words)
        second = re.split(r"(?<=\.) (?=In the latest|Son )", sentence)[1]
        worst = min(nets(ROWS, "stage"), key=lambda key: nets(ROWS, "stage")[key][0])
        here, there = (net(*felt(chosen(each), stage=worst)) for each in (when.current, when.previous))
        read = told(t, "{when}: {value}, {change}.", second)
        assert close(read["value"], here[0])
        assert read["when"] == t("In the latest {n} days", n=days)
        by = re.search(r"([\d,.]+) (?:points|puan)", read["change"])
        assert (by is not None) == (apart(here, there) and bool(moved.set_index("key").loc[worst, "significant"]))
        assert by is None or close(by[1], abs(here[0] - there[0]))
        sentence = findings.funnel.loss(steps, t, name, compared.frame, words)
        assert re.search(r"(?<=\.) (In the latest|Son )", sentence)
        row = compared.frame[compared.frame["step"] == STAGES[int(findings.funnel.worst_step(steps))]].iloc[0]
        read = told(t, "{when}: {value}, {change}.", re.split(r"(?<=\.) (?=In the latest|Son )", sentence)[1])
        assert close(read["value"], 100 * (1 - row["from_previous"]))
        counts = reached(when.current)
        at = STAGES.index(row["step"])
        assert close(read["value"], 100 * (1 - counts[at] / counts[at - 1]))


def test_every_title_that_says_a_finding_is_tested() -> None:
    """By its own function, wherever a page calls `title(findings….name(…))`."""
    used = set()
    for page in (ROOT / "pages").rglob("*.py"):
        for call in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "title" and call.args:
                used |= set(re.findall(r"\bfindings\.\w+\.\w+", ast.unparse(call.args[0])))
    tests = "\n".join(each.read_text(encoding="utf-8") for each in (ROOT / "tests").rglob("test_*.py"))
    assert len(used) > 35
    assert sorted(each for each in used if f"{each}(" not in tests) == []
