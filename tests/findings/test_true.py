"""What a title claims is true under every filter: each sentence is read back, in both languages, and every number and
every comparison in it is held against the raw rows, counted here in plain Python."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from math import hypot, isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from cx import findings
from cx.against import Against, Held, held
from cx.filters import Filters
from cx.findings.compared import Than, than
from cx.language import Language, language
from cx.metrics import contact, emotion, funnel, funnel_compare, kpi, path
from cx.metrics.differences import differences
from cx.report.board import board
from tests.metrics.stores import store_of

EN, TR = language("en"), language("tr")
STAGES = ("awareness", "consideration", "purchase", "retention")
PLACES = ("Home, 1st: 50%", "Shop (2)", "Call; help")
CHANNELS, PERSONAS = ("Web", "Phone"), ("Young", "Old", "Few")
FIRST, DAYS = dt.datetime(2025, 1, 1), 120
LEAST = 30
EXAMPLES = 20 * int(os.environ.get("CX_EXAMPLES") or 1)
NAMES = {**{stage: f"{stage.title()}: {place} 40%" for place, stage in enumerate(STAGES)},
         **{place.lower(): place for place in PLACES}, **{channel.lower(): channel for channel in CHANNELS}}


def made() -> list[dict[str, object]]:
    """Customers who come in waves, get lost more and feel worse from March on; the young ones more; ties, gaps, a
    persona of a few, customers without one, moments without a place or a feeling."""
    dice, rows = random.Random(7), []
    for number in range(420):
        who = dice.choices((*PERSONAS, None), (50, 40, 4, 6))[0]
        at = FIRST + dt.timedelta(hours=dice.randrange(24 * DAYS))
        late, channel = at >= dt.datetime(2025, 3, 1), dice.choice(CHANNELS)
        for place, stage in enumerate(STAGES):
            going_on = (0.85, 0.6, 0.5)[place - 1] - (0.3 if late and who == "Young" and place == 2 else 0)
            if place and dice.random() > going_on:
                break
            for _ in range(dice.choice((1, 1, 2))):
                bad = 0.6 if place == 2 and late else 0.15
                rows.append({"customer": f"c{number}", "persona": who, "occurred_at": at, "stage": stage,
                             "channel": channel, "touchpoint": dice.choices((*PLACES, None), (5, 3, 2, 1))[0],
                             "emotion": dice.choices((-1, 0, 1, None), (bad, 0.2, 0.8 - bad, 0.4))[0],
                             "nps": dice.choice((0, 6, 7, 9, 10, 10)) if dice.random() < 0.4 else None})
                at += dt.timedelta(hours=dice.choice((0, 1, 30, 200)))
                channel = channel if dice.random() < 0.7 else dice.choice(CHANNELS)
    return rows


ROWS = made()
for each in ROWS:  # a feeling that is not given follows from the recommendation
    each["felt"] = each["emotion"] if each["emotion"] is not None or each["nps"] is None else (
        1 if each["nps"] >= 9 else -1 if each["nps"] <= 6 else 0)
ENDS = max(row["occurred_at"] for row in ROWS)


@pytest.fixture(scope="module")
def store():
    return store_of(ROWS)


days = st.integers(-5, DAYS + 5).map(lambda day: (FIRST + dt.timedelta(days=day)).date())
some = lambda values: st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)  # noqa: E731


@st.composite
def selections(draw):
    """(filters, what they are held against): closed, open and empty periods, few customers, groups and periods."""
    ends = sorted(draw(st.tuples(days, days)))
    start, end = draw(st.sampled_from([(None, None), (dt.date(2025, 3, 1), dt.date(2025, 4, 30)), tuple(ends),
                                       (ends[0], None)]))
    filters = Filters(start=start, end=end, compare=draw(st.sampled_from(("previous", "previous", "none"))),
                      persona=draw(some(("young", "old", "few"))), channel=draw(some(("web", "phone"))))
    against = draw(st.sampled_from([None, None, "group", "period"]))
    if against == "group":
        return filters, Against("group", by="persona")
    return filters, None if against is None else Against("period", dt.date(2025, 1, 1), dt.date(2025, 2, 28))


# --- the raw rows, counted by hand ---


@cache
def chosen(filters: Filters) -> list[dict]:
    """The interactions of a selection."""
    return [row for row in ROWS if _of(row, filters) and (not filters.channel or row["channel"].lower() in filters.channel)
            and _in(row["occurred_at"], filters)]


def _of(row: dict, filters: Filters) -> bool:
    return not filters.persona or (row["persona"] or "").lower() in filters.persona


def _in(at: dt.datetime, filters: Filters) -> bool:
    return ((filters.start is None or at.date() >= filters.start) and (filters.end is None or at.date() <= filters.end))


@cache
def journeys(filters: Filters) -> list[list[dict]]:
    """The journeys of those whose first channel and persona are selected, each in order."""
    of: dict[str, list[dict]] = {}
    for row in ROWS:
        of.setdefault(row["customer"], []).append(row)
    return [sorted(each, key=lambda row: row["occurred_at"]) for each in of.values()
            if _of(each[0], filters) and (not filters.channel or each[0]["channel"].lower() in filters.channel)]


@cache
def reached(filters: Filters, until: dt.datetime = ENDS) -> list[int]:
    """How many got to each stage, in order, of those who entered in the period; only what was known at `until`."""
    counts = [0] * len(STAGES)
    for journey in journeys(filters):
        at = next((row["occurred_at"] for row in journey if row["stage"] == STAGES[0]
                   and _in(row["occurred_at"], filters)), None)
        for place, stage in enumerate(STAGES):
            at = next((row["occurred_at"] for row in journey if at is not None and row["stage"] == stage
                       and row["occurred_at"] >= at), None)
            if at is None or at > until:
                break
            counts[place] += 1
    return counts


def felt(rows: list[dict], **of: object) -> tuple[int, int, int]:
    """How many felt good, bad, anything."""
    known = [row["felt"] for row in rows if row["felt"] is not None
             and all(row[name] == value for name, value in of.items())]
    return sum(each > 0 for each in known), sum(each < 0 for each in known), len(known)


def net(good: int, bad: int, n: int) -> tuple[float, float, float]:
    """Net score with its adjusted Wald interval (¾ added on either side)."""
    up, down = (good + 0.75) / (n + 3), (bad + 0.75) / (n + 3)
    half = 1.959964 * sqrt((up + down - (up - down) ** 2) / (n + 3))
    return 100 * (good - bad) / n, max(-100, 100 * (up - down - half)), min(100, 100 * (up - down + half))


def wilson(hits: int, n: int) -> tuple[float, float, float]:
    z, p = 1.959964, hits / n
    middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return p, middle - half, middle + half


def apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether the interval of the difference leaves zero out: without any correction, so what is sure is so here."""
    by = one[0] - other[0]
    room = (hypot(max(one[0] - one[1], 0), max(other[2] - other[0], 0)) if by > 0 else
            hypot(max(one[2] - one[0], 0), max(other[0] - other[1], 0)))
    return abs(by) > room - 1e-9


# --- reading a sentence back ---

WORDS = {
    EN: {"more": r"(?P<by>[\d.]+) points (?P<way>more|less|higher|lower) (?P<than>than .+?)",
         "same": r"no sure difference (?P<same>from .+?)"},
    TR: {"more": r"(?P<than>.+ göre) (?P<by>[\d,]+) puan (?P<way>fazla|az|yüksek|düşük)",
         "same": r"(?P<same>.+ göre) kesin bir fark yok"}}
UP = {"more": True, "higher": True, "fazla": True, "yüksek": True, "less": False, "lower": False, "az": False,
      "düşük": False}


def read(pattern: str, sentence: str, t: Language, **names: str) -> Mapping[str, str | None]:
    """The parts of a sentence, its comparison (by, way, than, same) among them."""
    name = "|".join(re.escape(each) for each in NAMES.values())
    for key in names:
        pattern = pattern.replace(f"<{key}>", f"(?P<{key}>{name})")
    pattern = pattern.replace("<percent>", r"(?P<percent>%?\d+%?)").replace("<net>", r"(?P<net>[−+]?\d+)")
    clause = rf"(, ({WORDS[t]['more']}|{WORDS[t]['same']}))?"
    found = re.fullmatch(pattern.replace("<clause>", clause), sentence)
    assert found, sentence
    return found.groupdict()


def number(written: str) -> float:
    return float(written.strip("%").replace("%", "").replace(",", ".").replace("−", "-"))


def check_change(told: Mapping[str, str | None], sides: Held | None, by: float | None, sure: bool | None,
                 tests: float | None) -> None:
    """by: the difference in points; sure: whether it stands without a correction; tests: how many were made at most
    (None: not known), so that what stands against all of them together must be told."""
    if told["by"] is None and told["same"] is None:
        assert sides is None or by is None, (sides, by)
        return
    assert by is not None
    if told["by"] is not None:
        assert sure
        assert UP[told["way"]] == (by > 0)
        assert abs(number(told["by"]) - abs(by)) <= (0.5 if abs(by) >= 0.95 else 0.051)
    elif tests is not None:
        assert not tests < 0.05


def n_minus_one(a: int, n: int, b: int, m: int) -> float:
    """p of two shares being the same."""
    pooled = (a + b) / (n + m)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return 1.0 if not error else float(2 * ndtr(-abs((a / n - b / m) * sqrt((n + m - 1) / (n + m)) / error)))


def sides_of(filters: Filters, against: Against | None) -> tuple[Held | None, dict[Language, Than]]:
    sides = held(filters, against, lambda _: [persona.lower() for persona in PERSONAS])
    return sides, {t: than(sides.kind, "X", t) for t in (EN, TR)} if sides else {}


GOAL = NAMES["purchase"]
LOSS = {EN: f"On the way to {re.escape(GOAL)} the largest share is lost between <before> and <after>: <percent> have not "
            "gone on<clause>\\.",
        TR: f"{re.escape(GOAL)} öncesinde en yüksek kayıp oranı <before> ile <after> arasında: <percent> "
            "devam etmedi<clause>\\."}
"""Of the way to the purchase: who bought is not lost."""


@settings(max_examples=EXAMPLES)
@given(selections())
def test_the_largest_loss_and_what_it_is_against(store, asked):
    filters, against = asked
    sides, words = sides_of(filters, against)
    steps = funnel.funnel(store, filters=filters)
    compared = funnel_compare.compare(store, sides.here, sides.there) if sides else None
    counts = reached(filters)
    lost = {place: 1 - counts[place] / counts[place - 1] for place in range(1, STAGES.index("purchase") + 1)
            if counts[place - 1]}
    for t in (EN, TR):
        sentence = findings.funnel.loss(steps, t, NAMES.__getitem__, compared.frame if compared else None, words.get(t))
        if not lost or max(lost.values()) == 0:
            assert sentence == t("Nobody is lost on the way to {goal}.", goal=GOAL)
            continue
        told = read(LOSS[t], sentence, t, before="", after="")
        place = next(place for place, stage in enumerate(STAGES) if NAMES[stage] == told["after"])
        assert NAMES[STAGES[place - 1]] == told["before"]
        assert isclose(lost[place], max(lost.values()))
        assert abs(number(told["percent"]) - 100 * lost[place]) <= 0.5 + 1e-9
        by = sure = tests = None
        if sides:
            there = reached(sides.there, compared.as_of or ENDS)
            if min(counts[place - 1], there[place - 1]) >= LEAST:
                by = 100 * (lost[place] - (1 - there[place] / there[place - 1]))
                p = n_minus_one(counts[place], counts[place - 1], there[place], there[place - 1])
                sure, tests = p < 0.05, 3 * len(STAGES) * p
        check_change(told, sides, by, sure, tests)


FELT = {EN: "It feels best at <best> \\((?P<top>[−+]?\\d+)\\) and worst at <worst> \\(<net>\\)<clause>\\.",
        TR: "(?P<top_first>En iyi hissedilen|.*?)(aşama: |)<best> \\((?P<top>[−+]?\\d+)\\).*?<worst> \\(<net>\\)<clause>\\."}


@settings(max_examples=EXAMPLES)
@given(selections())
def test_where_it_feels_best_and_worst_and_what_that_is_against(store, asked):
    filters, against = asked
    sides, words = sides_of(filters, against)
    here = emotion.curve(store, "stage", filters)
    moved = None
    if sides:
        moved = differences(here, emotion.curve(store, "stage", sides.there), ["key"], LEAST, value="net")
    rows = chosen(filters)
    nets = {stage: net(*felt(rows, stage=stage)) for stage in STAGES if felt(rows, stage=stage)[2]}
    for t in (EN, TR):
        sentence = findings.emotion.feelings(here, t, NAMES.__getitem__, moved, words.get(t))
        if len(nets) < 2:
            assert sentence == t("How the journey feels")
            continue
        best, worst = max(nets.values(), key=lambda each: each[0]), min(nets.values(), key=lambda each: each[0])
        if sentence == t("No stage feels surely better than another."):
            assert best[1] <= worst[2] + 1e-6 or sum(each[0] in (best[0], worst[0]) for each in nets.values()) > 2
            continue
        told = read(FELT[t], sentence, t, best="", worst="")
        at = {key: next(stage for stage in STAGES if NAMES[stage] == told[key]) for key in ("best", "worst")}
        assert nets[at["best"]][0] == best[0]
        assert nets[at["worst"]][0] == worst[0]
        assert nets[at["best"]][1] > nets[at["worst"]][2]
        assert abs(number(told["net"]) - worst[0]) <= 0.5 + 1e-9
        by = sure = None
        if sides:
            there = felt(chosen(sides.there), stage=at["worst"])
            if min(felt(rows, stage=at["worst"])[2], there[2]) >= LEAST:
                by, sure = worst[0] - net(*there)[0], apart(nets[at["worst"]], net(*there))
        check_change(told, sides, by, sure, None)


MET = {EN: "Most customers meet this touchpoint: <place> \\(<percent>\\)<clause>\\.",
       TR: "En çok müşterinin uğradığı temas noktası: <place> \\(<percent>\\)<clause>\\."}


@settings(max_examples=EXAMPLES)
@given(selections())
def test_what_most_customers_meet_and_what_that_is_against(store, asked):
    filters, against = asked
    sides, words = sides_of(filters, against)

    def usage(selection: Filters):
        found = contact.usage(store, "touchpoint", selection)
        share = found["customer_share"].astype(float)
        return found.assign(everybody=(found["customers"] / share.where(share > 0)).max())

    def met(selection: Filters) -> tuple[dict[str, set[str]], int]:
        rows = chosen(selection)
        return ({place: {row["customer"] for row in rows if row["touchpoint"] == place} for place in PLACES},
                len({row["customer"] for row in rows}))

    here = usage(filters)
    moved = differences(here, usage(sides.there), ["key"], LEAST, value="customer_share", lower="customer_lower",
                        upper="customer_upper", n="everybody") if sides else None
    places, everybody = met(filters)
    most = max(len(each) for each in places.values())
    for t in (EN, TR):
        sentence = findings.contact.reached(here, "touchpoint", t, NAMES.__getitem__, moved, words.get(t))
        if not most:
            assert sentence == t("Touchpoints by customers reached")
            continue
        told = read(MET[t], sentence, t, place="")
        assert len(places[told["place"]]) == most
        assert abs(number(told["percent"]) - 100 * most / everybody) <= 0.5 + 1e-9
        by = sure = tests = None
        if sides:
            there, others = met(sides.there)
            hits = len(there[told["place"]])
            if min(everybody, others) >= LEAST and hits:
                by = 100 * (most / everybody - hits / others)
                sure = apart(wilson(most, everybody), wilson(hits, others))
        check_change(told, sides, by, sure, tests)


STEP = {EN: "Most often the first step is <place> \\(<percent>\\)<clause>\\.",
        TR: "En sık ilk adım: <place> \\(<percent>\\)<clause>\\."}


@settings(max_examples=EXAMPLES)
@given(selections())
def test_the_first_step_and_what_it_is_against(store, asked):
    filters, against = asked
    sides, words = sides_of(filters, against)

    def starts(selection: Filters) -> list[str]:
        """The first known place of each journey that begins in the period; of equal times, the earlier stage's."""
        found = []
        for journey in journeys(selection):
            ordered = sorted(journey, key=lambda row: (row["occurred_at"], STAGES.index(row["stage"])))
            known = [row["touchpoint"] for row in ordered if row["touchpoint"]]
            if known and _in(ordered[0]["occurred_at"], selection):
                found.append(known[0])
        return found

    here = path.places(path.flows(store, filters=filters))
    moved = differences(here, path.places(path.flows(store, filters=sides.there)), ["step", "kind", "key"], LEAST,
                        value="share", n="total") if sides else None
    first = starts(filters)
    for t in (EN, TR):
        sentence = findings.path.flow(here, t, NAMES.__getitem__, None, "after", moved, words.get(t))
        if not first:
            assert sentence == t("There are no paths in this selection.")
            continue
        told = read(STEP[t], sentence, t, place="")
        n = first.count(told["place"])
        assert n == max(first.count(each) for each in first)
        assert abs(number(told["percent"]) - 100 * n / len(first)) <= 0.5 + 1e-9
        by = sure = None
        if sides:
            there = starts(sides.there)
            hits = there.count(told["place"])
            if min(len(first), len(there)) >= LEAST and hits:
                by, sure = 100 * (n / len(first) - hits / len(there)), apart(wilson(n, len(first)),
                                                                            wilson(hits, len(there)))
        check_change(told, sides, by, sure, None)


@settings(max_examples=EXAMPLES)
@given(selections())
def test_the_headline_names_nps_only_where_it_surely_changed(store, asked):
    filters = asked[0]
    values = kpi.kpis(store, filters, filters.compare if filters.compare != "none" else None, ["nps"])
    before = filters.compared()

    def answers(selection: Filters | None) -> list[int]:
        return [row["nps"] for row in chosen(selection) if row["nps"] is not None] if selection else []

    def score(given: list[int]) -> tuple[float, float, float]:
        return net(sum(each >= 9 for each in given), sum(each <= 6 for each in given), len(given))

    here, there = answers(filters), answers(before)
    for t, better, worse in ((EN, "Better: NPS", "Worse: NPS"), (TR, "Daha iyi: NPS", "Daha kötü: NPS")):
        sentence = findings.kpi.headline(values, t)
        claims = [sentence.startswith(each) for each in (better, worse)]
        if any(claims):
            assert min(len(here), len(there)) >= LEAST
            assert before is not None
            change = score(here)[0] - score(there)[0]
            assert (change > 0) == claims[0]
            written = re.search(r"\(([−+][\d.,]+)\)", sentence)
            assert written is not None
            assert abs(number(written[1]) - change) <= 0.05 + 1e-9


def test_the_rows_made_here_hold_every_kind_of_answer(store):
    """Else the properties above would prove little: surely more, no sure difference, too few, nobody."""
    march = Filters(start=dt.date(2025, 3, 1), end=dt.date(2025, 4, 30), persona=("young",))
    found = funnel_compare.compare(store, march, march.compared())
    said = findings.funnel.loss(funnel.funnel(store, filters=march), EN, NAMES.__getitem__, found.frame,
                         than("previous", "", EN))
    assert re.search(r"\d+ points more than in the period before\.$", said)
    old = replace(march, persona=("old",))
    found = funnel_compare.compare(store, old, old.compared())
    assert "no sure difference" in findings.funnel.loss(funnel.funnel(store, filters=old), EN, NAMES.__getitem__, found.frame,
                                                 than("previous", "", EN))
    few = replace(march, persona=("few",))
    found = funnel_compare.compare(store, few, few.compared())
    assert "," not in findings.funnel.loss(funnel.funnel(store, filters=few), EN, str, found.frame, than("previous", "", EN))


def test_a_report_says_what_the_screen_says(store):
    march = Filters(start=dt.date(2025, 3, 1), end=dt.date(2025, 4, 30), persona=("young",))
    titles = [section.title for section in board(store, march, EN).sections]
    assert any(re.match(r"On the way to .* the largest share is lost between .* points more than in the period before\.", each) for each in titles)
    assert not any("period before" in section.title for section in board(store, Filters(), EN).sections[1:])
