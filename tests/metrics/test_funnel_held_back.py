"""The funnel's written rules (docs/metrics.md, "The funnel"), case by case.

Every expected figure was worked out by hand from the rules before the product was asked, without looking at how it
counts. All cases lie in one workspace, each with customers of its own, told apart by the column `scene`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pytest

from cx import Filters, Store, open_store
from cx.intake import load_frame
from cx.metrics.funnel import Exclusion, Step, funnel

FIRST_DAY = dt.datetime(2026, 1, 1)
END_OF_DATA = "End 200"  # nothing comes later than day 200, 10:00
DAY = 86_400


def days(n: float) -> dt.timedelta:
    return dt.timedelta(days=n)


@dataclass(frozen=True)
class Case:
    """
    sentence  what the case shows
    journeys  customer → "what day [hh:mm:ss] [column=value …], …"; days count from 1 January 2026, the clock is 10:00
              where none is given; "undated" for a day; "-" says nothing of what is asked by. A customer whose name
              begins with "?" is anonymous
    steps     the question; `ask` its other parts
    reached   customers at each step; of a breakdown: value → customers at each step
    days      median days from the step before, at the second and every later step; None = nobody arrived
    open      customers still open at each step; None = without a window
    shares    from_previous, from_first at the second and every later step
    """

    sentence: str
    journeys: Mapping[str, str]
    steps: Sequence[object] | None
    reached: Sequence[int] | Mapping[str, Sequence[int]]
    days: Sequence[float | None] | Mapping[str, Sequence[float | None]] | None = None
    open: Sequence[int | None] | None = None
    shares: Sequence[tuple[float, float]] | None = None
    ask: Mapping[str, object] = field(default_factory=dict)


def case(sentence, journeys, steps, reached, *, days=None, open=None, shares=None, **ask) -> Case:
    return Case(sentence, journeys, steps, reached, days, open, shares, ask)


BUY = ["Ad", "Basket", "Payment"]
TO_BASKET = ["Ad", "Basket"]
RETURN_BEFORE_BASKET = [Exclusion("Return", 1, 2)]

FIRST_OR_OWN = {"ann": "Call 1 channel=store, Ad 2 channel=web, Basket 3 channel=web",
                "bob": "Ad 1 channel=web, Basket 2 channel=store",
                "cyn": "Ad 1 channel=web, Basket 2 channel=store, Basket 5 channel=web"}
CAMPAIGNS = {"ann": "Ad 1, Basket 2 campaign=spring, Call 3 campaign=summer",
             "bob": "Ad 1 campaign=summer, Basket 4",
             "cyn": "Ad 1 campaign=summer, Call 2 campaign=spring"}
NEAR_THE_END = {"ann": "Ad 190", "bob": "Ad 197", "cyn": "Ad 197, Basket 198", "dan": "Ad 100, Basket 101, Payment 102"}

CASES = [
    # --- in order ---
    case("other interactions may lie between the steps",
         {"ann": "Ad 1, Call 2, Basket 3, Call 4, Payment 6", "bob": "Ad 1, Basket 2", "cyn": "Basket 1, Payment 2",
          "dan": "Ad 3, Payment 4, Basket 5"},
         BUY, [3, 3, 1], days=[2, 3]),
    case("of two interactions with the same time either may be the earlier, a second apart not",
         {"ann": "Payment 2, Basket 2, Ad 2", "bob": "Basket 2 09:59:59, Ad 2"},
         BUY, [2, 1, 1], days=[0, 0]),
    case("who arrives at the very end of the window is in, a second later out",
         {"ann": "Ad 1, Basket 8", "bob": "Ad 1, Basket 8 10:00:01", "cyn": "Ad 1, Basket 7"},
         TO_BASKET, [3, 2], days=[6.5], window=days(7)),
    case("the window of the third step runs from the first, not from the second",
         {"ann": "Ad 1, Basket 6, Payment 8", "bob": "Ad 1, Basket 6, Payment 8 10:00:01"},
         BUY, [2, 2, 1], days=[5, 2], window=days(7)),
    case("a later start is tried where the first one ran out of time, and the furthest attempt counts",
         {"ann": "Ad 1, Ad 10, Basket 12", "bob": "Ad 1, Basket 2, Ad 10, Basket 11, Payment 12"},
         BUY, [2, 2, 1], days=[1.5, 1], window=days(5)),
    case("of attempts that come equally far the earliest counts",
         {"ann": "Ad 1, Ad 4, Basket 5"},
         TO_BASKET, [1, 1], days=[4]),
    case("a step named three times takes three interactions, also where two share a moment",
         {"ann": "Visit 1", "bob": "Visit 1, Visit 3", "cyn": "Visit 1, Visit 1, Visit 2"},
         ["Visit", "Visit", "Visit"], [3, 2, 1], days=[1, 1]),
    case("a step that comes back takes a second interaction, also at the same moment",
         {"ann": "Ad 1, Basket 1", "bob": "Ad 1, Ad 1, Basket 1", "cyn": "Basket 1, Ad 1, Ad 3"},
         ["Ad", "Basket", "Ad"], [3, 3, 2], days=[0, 1]),
    case("any of several values fills a step",
         {"ann": "Mail 1, Basket 2", "bob": "Ad 1, Basket 3", "cyn": "Call 1, Basket 2", "dan": "Mail 1, Ad 2, Basket 4"},
         [("Ad", "Mail"), "Basket"], [3, 3], days=[2]),
    case("an interaction that fits two steps fills only one of them",
         {"ann": "Basket 1", "bob": "Basket 1, Basket 4", "cyn": "Basket 1, Ad 1"},
         [("Ad", "Basket"), ("Basket", "Payment")], [3, 2], days=[1.5]),
    case("interactions of one moment are given to the steps so that the customer comes furthest",
         {"ann": "Ad 1, Basket 1, Payment 1", "bob": "Ad 1, Basket 1", "cyn": "Ad 1, Basket 1, Ad 2",
          "dan": "Basket 2, Ad 3"},
         [("Ad", "Basket"), ("Basket", "Payment"), "Ad"], [4, 3, 2], days=[0, 0.5]),
    # --- stages, channels ---
    case("a stage that was not asked for may be passed over or visited",
         {"ann": "awareness 1, purchase 3", "bob": "awareness 1, consideration 2, purchase 6",
          "cyn": "consideration 1, purchase 2"},
         ["awareness", "purchase"], [2, 2], days=[3.5], by="stage"),
    case("stages of one moment follow one another, a later one that came before does not",
         {"ann": "awareness 1, purchase 2, consideration 3", "bob": "awareness 1, consideration 1, purchase 1",
          "cyn": "consideration 1, awareness 2", "dan": "purchase 1, consideration 1, awareness 1"},
         ["awareness", "consideration", "purchase"], [4, 3, 2], days=[0, 0], by="stage"),
    case("stages may be asked against the order of the model",
         {"ann": "awareness 1, purchase 2, awareness 5", "bob": "awareness 1, purchase 2"},
         ["purchase", "awareness"], [2, 1], days=[3], by="stage"),
    case("without steps the five stages are asked in the order of the model",
         {"ann": "awareness 1, consideration 2, purchase 3, retention 5, advocacy 8", "bob": "awareness 1, purchase 2",
          "cyn": "awareness 1, consideration 2, retention 4"},
         None, [3, 2, 1, 1, 1], days=[1, 1, 2, 3], by="stage"),
    case("the window of stages runs from the start that comes furthest in it",
         {"ann": "awareness 1, awareness 5, consideration 6, purchase 7",
          "bob": "awareness 1, consideration 3, purchase 3 10:00:01",
          "cyn": "awareness 1, awareness 2, consideration 3, purchase 4"},
         ["awareness", "consideration", "purchase"], [3, 3, 2], days=[1, 1], by="stage", window=days(2)),
    case("channels may be steps, with others in between",
         {"ann": "web 1, store 2", "bob": "store 1, web 2", "cyn": "web 1, phone 2, store 6"},
         ["web", "store"], [3, 2], days=[3], by="channel"),
    case("a channel left and entered again takes two contacts in it",
         {"ann": "web 1, phone 2, web 4", "bob": "web 1, phone 1", "cyn": "phone 1, app 2, phone 3, web 9"},
         [("web", "app"), "phone", ("web", "app")], [3, 3, 2], days=[1, 4], by="channel"),
    # --- period ---
    case("the start decides the period, its last day included, and conversions may come after it",
         {"ann": "Ad 20 23:59:59, Basket 25 23:59:59", "bob": "Ad 21 00:00, Basket 22",
          "cyn": "Ad 10 00:00, Basket 13 00:00", "dan": "Ad 9 23:59:59, Basket 11"},
         TO_BASKET, [2, 2], days=[4], start="2026-01-10", end="2026-01-20"),
    case("a start in the period counts though an earlier one lies before it",
         {"ann": "awareness 5, awareness 12, consideration 30", "bob": "awareness 5, consideration 12",
          "cyn": "awareness 12, awareness 25, consideration 30"},
         ["awareness", "consideration"], [2, 2], days=[18], by="stage",
         filters=Filters(start=dt.date(2026, 1, 10), end=dt.date(2026, 1, 20))),
    case("what a start outside the period reached does not count",
         {"ann": "Ad 12, Ad 25, Basket 26", "bob": "Ad 2, Basket 3, Ad 15"},
         TO_BASKET, [2, 0], days=[None], window=days(7), start="2026-01-10", end="2026-01-20"),
    case("a moment as the end of the period is not included",
         {"ann": "Ad 12, Basket 13", "bob": "Ad 12 09:59:59", "cyn": "Ad 11, Basket 12"},
         TO_BASKET, [2, 1], days=[1], start="2026-01-10", end=dt.datetime(2026, 1, 12, 10)),
    case("in any order the period holds the first of the steps, whichever it is",
         {"ann": "Basket 9, Ad 11", "bob": "Basket 19, Ad 22"},
         TO_BASKET, [2, 1], days=[3], order="any", start="2026-01-10", end="2026-01-20"),
    # --- in any order ---
    case("in any order the position counts different steps",
         {"ann": "Payment 1, Ad 2, Basket 5", "bob": "Basket 1, Basket 2", "cyn": "Payment 1, Payment 3, Basket 4",
          "dan": "Call 1"},
         BUY, [3, 2, 1], days=[2, 3], order="any"),
    case("in any order the window runs from the attempt's first step, its end included",
         {"ann": "Payment 1, Ad 5, Basket 8", "bob": "Payment 1, Ad 2, Basket 4 10:00:01",
          "cyn": "Payment 1, Ad 2, Basket 4"},
         BUY, [3, 3, 1], days=[1, 2], order="any", window=days(3)),
    case("in any order an interaction that fits two steps leaves the other to the next",
         {"ann": "Ad 1, Mail 3", "bob": "Mail 1, Mail 2", "cyn": "Ad 1", "dan": "Ad 1, Ad 2"},
         [("Ad", "Mail"), "Ad"], [4, 2], days=[1.5], order="any"),
    case("in any order a step named twice takes two interactions and no third",
         {"ann": "Visit 1, Ad 2, Visit 4", "bob": "Visit 1, Visit 2, Visit 3", "cyn": "Ad 1"},
         ["Visit", "Visit", "Ad"], [3, 2, 1], days=[1, 2], order="any"),
    # --- directly one after the other ---
    case("strictly nothing lies in between, and a later start may still succeed",
         {"ann": "Ad 1, Basket 2, Payment 4", "bob": "Ad 1, Call 2, Basket 3", "cyn": "Ad 1, Basket 2, Call 3, Payment 4",
          "dan": "Ad 1, Ad 2, Basket 5"},
         BUY, [4, 3, 1], days=[1, 2], order="strict"),
    case("strictly an interaction without a touchpoint lies in between too, an undated one nowhere",
         {"ann": "Ad 1, - 2 channel=phone, Basket 3", "bob": "Ad 1, Basket 3", "cyn": "Ad 1, Call undated, Basket 2"},
         TO_BASKET, [3, 2], days=[1.5], order="strict"),
    case("strictly one moment is read in the order that suits, but all of it must fit",
         {"ann": "Ad 1, Call 1, Basket 2", "bob": "Ad 1, Basket 2, Call 2, Payment 3",
          "cyn": "Ad 1, Basket 2, Payment 2, Call 2", "dan": "Payment 1, Basket 1, Ad 1"},
         BUY, [4, 4, 2], days=[1, 0], order="strict"),
    case("strictly within a window, its end included",
         {"ann": "Ad 1, Basket 2", "bob": "Ad 1, Basket 2 10:00:01"},
         TO_BASKET, [2, 1], days=[1], order="strict", window=days(1)),
    case("strictly a step named twice is two visits in a row",
         {"ann": "Visit 1, Call 2, Visit 3, Visit 4", "bob": "Visit 1, Call 2, Visit 3"},
         ["Visit", "Visit"], [2, 1], days=[1], order="strict"),
    # --- exclusions ---
    case("an excluded interaction between two steps removes the attempt, one before or after them does not",
         {"ann": "Ad 1, Return 2, Basket 3", "bob": "Ad 1, Basket 2, Return 3", "cyn": "Return 1 09:00, Ad 1, Basket 2"},
         TO_BASKET, [2, 2], days=[1], exclusions=RETURN_BEFORE_BASKET),
    case("an excluded interaction at the time of a step is not between, a second off it is",
         {"ann": "Ad 1, Return 1, Basket 3", "bob": "Ad 1, Basket 3, Return 3", "cyn": "Ad 1, Return 1 10:00:01, Basket 3",
          "dan": "Ad 1, Return 3 09:59:59, Basket 3"},
         TO_BASKET, [2, 2], days=[2], exclusions=RETURN_BEFORE_BASKET),
    case("where the second step is not reached the exclusion holds for ever without a window",
         {"ann": "Ad 1, Return 150", "bob": "Ad 1", "cyn": "Ad 1, Basket 2, Return 3"},
         TO_BASKET, [2, 1], exclusions=RETURN_BEFORE_BASKET),
    case("where the second step is not reached the exclusion holds until the window ends",
         {"ann": "Ad 1, Return 5", "bob": "Ad 1, Return 9", "cyn": "Ad 1, Return 9, Basket 10",
          "dan": "Ad 1, Return 5, Basket 10"},
         TO_BASKET, [2, 0], exclusions=RETURN_BEFORE_BASKET, window=days(7)),
    case("an exclusion removes the attempt and not the customer",
         {"ann": "Ad 1, Return 2, Ad 3, Basket 4", "bob": "Ad 1, Return 2, Ad 3"},
         TO_BASKET, [2, 1], days=[1], exclusions=RETURN_BEFORE_BASKET),
    case("an exclusion between the later steps leaves alone what comes before them",
         {"ann": "Ad 1, Return 2, Basket 3, Payment 4", "bob": "Ad 1, Basket 2, Return 3, Payment 4, Ad 6",
          "cyn": "Ad 1, Return 2", "dan": "Ad 1, Basket 2, Return 3"},
         BUY, [3, 1, 1], days=[2, 1], exclusions=[Exclusion("Return", "Basket", "Payment")]),
    case("a later basket does not save an attempt that took the earliest one",
         {"ann": "Ad 1, Basket 2, Return 3, Basket 4, Payment 5", "bob": "Ad 1, Basket 2, Basket 4, Payment 5"},
         BUY, [1, 1, 1], days=[1, 3], exclusions=[Exclusion("Return", 2, 3)]),
    case("an exclusion may span several steps and name several values",
         {"ann": "Ad 1, Return 2, Basket 3, Payment 4", "bob": "Ad 1, Basket 2, Return 3, Payment 4",
          "cyn": "Ad 1, Basket 2, Payment 3, Complaint 4", "dan": "Ad 1, Complaint 2, Basket 3", "eve": "Ad 1, Basket 2"},
         BUY, [2, 2, 1], exclusions=[Exclusion(("Return", "Complaint"), "Ad", "Payment")]),
    case("a stage may be excluded between two others",
         {"ann": "awareness 1, consideration 2, purchase 3", "bob": "awareness 1, purchase 2",
          "cyn": "awareness 1, consideration 2, awareness 3, purchase 4"},
         ["awareness", "purchase"], [2, 2], days=[1], by="stage", exclusions=[Exclusion("consideration", 1, 2)]),
    case("the first step excluded before the second leaves its last occurrence",
         {"ann": "Ad 1, Ad 2, Basket 4", "bob": "Ad 1, Ad 1, Basket 2"},
         TO_BASKET, [2, 2], days=[1.5], exclusions=[Exclusion("Ad", 1, 2)]),
    # --- who is counted ---
    case("undated interactions fill no step",
         {"ann": "Ad undated, Basket undated", "bob": "Ad undated, Basket 2", "cyn": "Ad 1, Basket undated",
          "dan": "Ad 1, Basket 2"},
         TO_BASKET, [2, 1], days=[1]),
    case("anonymous respondents are left out",
         {"?": "Ad 1, Basket 2, Ad 3", "dan": "Ad 1, Basket 2"},
         TO_BASKET, [1, 1], days=[1]),
    case("a persona chooses customers with all their interactions",
         {"ann": "Ad 1 persona=Ada, Basket 2", "bob": "Ad 1 persona=Ben, Basket 2", "cyn": "Ad 1, Basket 3 persona=Ada",
          "dan": "Ad 1, Basket 2"},
         TO_BASKET, [2, 2], days=[1.5], filters=Filters(persona=("Ada",))),
    case("a channel chooses customers by their first one, with their steps in every channel",
         FIRST_OR_OWN, TO_BASKET, [2, 2], days=[1], filters=Filters(channel=("web",))),
    case("in own-channel reading only steps in that channel count, of all customers",
         FIRST_OR_OWN, TO_BASKET, [3, 2], days=[2.5], filters=Filters(channel=("web",), own_channel=True)),
    case("a touchpoint chooses customers who were ever there",
         {"ann": "Ad 1, Basket 2, Call 9", "bob": "Ad 1, Basket 2", "cyn": "Call 1, Ad 3"},
         TO_BASKET, [2, 1], days=[1], filters=Filters(touchpoint=("Call",))),
    # --- breakdown ---
    case("by the first value that is not missing",
         CAMPAIGNS, TO_BASKET, {"spring": [1, 1], "summer": [2, 1]}, days={"spring": [1], "summer": [3]},
         breakdown="campaign"),
    case("by the last value that is not missing",
         CAMPAIGNS, TO_BASKET, {"spring": [1, 0], "summer": [2, 2]}, days={"spring": [None], "summer": [2]},
         breakdown="campaign", attribution="last"),
    case("by all values, each as a funnel that sees only its own interactions",
         {"ann": "Ad 1 channel=web, Basket 2 channel=app, Basket 4 channel=web", "bob": "Ad 1 channel=app, Basket 2 channel=web",
          "cyn": "Ad 1 channel=app, Ad 2 channel=web, Basket 3 channel=app", "dan": "Ad 1, Basket 2 channel=web"},
         TO_BASKET, {"web": [2, 1], "app": [2, 1]}, days={"web": [3], "app": [2]},
         breakdown="channel", attribution="all"),
    case("by the first channel, though no step lies in it",
         {"ann": "Call 1 channel=store, Ad 2 channel=web, Basket 3 channel=web", "bob": "Ad 1, Call 2 channel=store",
          "cyn": "Ad 1 channel=web, Basket 6 channel=store"},
         TO_BASKET, {"store": [2, 1], "web": [1, 1]}, days={"store": [1], "web": [5]}, breakdown="channel"),
    case("by persona, which is of the customer as a whole",
         {"ann": "awareness 1 persona=Ada, purchase 2", "bob": "awareness 1, purchase 4 persona=Ben",
          "cyn": "awareness 1 persona=Ben"},
         ["awareness", "purchase"], {"Ada": [1, 1], "Ben": [2, 1]}, days={"Ada": [1], "Ben": [3]},
         by="stage", breakdown="persona", attribution="all"),
    # --- still open ---
    case("still open is who may yet arrive within the window after the end of the data",
         NEAR_THE_END, BUY, [4, 2, 1], open=[0, 1, 2], shares=[(1 / 2, 1 / 2), (1 / 2, 1 / 4)], window=days(7)),
    case("those still open can be left out of the rates of the steps they may yet reach",
         NEAR_THE_END, BUY, [4, 2, 1], open=[0, 1, 2], shares=[(2 / 3, 2 / 3), (1, 1 / 2)], window=days(7),
         leave_out_open=True),
    case("a window that ends a second after the data is open, one that ends a second before is not",
         {"ann": "Ad 193 10:00:01", "bob": "Ad 193 09:59:59"},
         TO_BASKET, [2, 0], open=[0, 1], window=days(7)),
    case("in strict order who did something else next is open no more",
         {"ann": "Ad 198, Call 199", "bob": "Ad 100, Basket 101", "cyn": "Ad 199"},
         TO_BASKET, [3, 1], open=[0, 1], order="strict", window=days(7)),
    case("without a window nobody is said to be open",
         {"ann": "Ad 197", "bob": "Ad 197, Basket 198"},
         TO_BASKET, [2, 1], days=[1], open=[None, None]),
    case("a later start keeps a customer open",
         {"ann": "awareness 100, awareness 198", "bob": "awareness 100"},
         ["awareness", "purchase"], [2, 0], open=[0, 1], by="stage", window=days(7)),
    case("a later start after the period does not keep a customer open",
         {"ann": "Ad 100, Ad 198", "bob": "Ad 100"},
         TO_BASKET, [2, 0], open=[0, 0], window=days(7), end=FIRST_DAY + days(150)),
    # --- steps with conditions of their own ---
    case("a step that may be skipped is reached by those who did it between its neighbours",
         {"ann": "Ad 1, Basket 2, Payment 4", "bob": "Ad 1, Payment 3", "cyn": "Ad 1, Payment 2, Basket 3",
          "dan": "Basket 1 09:00, Ad 1, Payment 5"},
         ["Ad", Step("Basket", optional=True), "Payment"], [4, 1, 4], days=[1, 2.5], shares=[(1 / 4, 1 / 4), (1, 1)]),
    case("a step that may be skipped never takes an interaction from one that may not",
         {"ann": "Ad 1, Basket 2", "bob": "Ad 1, Basket 2, Basket 3", "cyn": "Ad 1, Basket 2, Basket 2"},
         ["Ad", Step("Basket", optional=True), "Basket"], [3, 1, 3], days=[1, 1]),
    case("a step in time of the one before it, the limit included, from whichever start",
         {"ann": "Ad 1, Basket 3", "bob": "Ad 1, Basket 3 10:00:01", "cyn": "Ad 1, Ad 5, Basket 6"},
         ["Ad", Step("Basket", within=days(2))], [3, 2], days=[1.5]),
    case("the time since the step before is not that since a step that may be skipped",
         {"ann": "Ad 1, Basket 2, Payment 4", "bob": "Ad 1, Payment 3", "cyn": "Ad 1, Basket 2, Payment 3",
          "dan": "Ad 1, Payment 4"},
         ["Ad", Step("Basket", optional=True), Step("Payment", within=days(2))], [4, 2, 2], days=[1, 2]),
    case("a step that may be skipped has a limit of its own, and the next one none",
         {"ann": "Ad 1, Basket 5, Payment 6", "bob": "Ad 1, Basket 3, Payment 6"},
         ["Ad", Step("Basket", optional=True, within=days(2)), "Payment"], [2, 1, 2], days=[2, 5]),
    case("a step that may be skipped is reached after the last one only while the attempt could go on",
         {"ann": "Ad 1, Basket 2", "bob": "Ad 1, Basket 9", "cyn": "Ad 1, Basket 2, Payment 9"},
         ["Ad", Step("Basket", optional=True), "Payment"], [3, 2, 0], days=[1, None], window=days(3)),
    case("of all ways from a start the one that leads furthest counts, then the earliest arrivals",
         {"ann": "Ad 1, Basket 2, Basket 5, Payment 6", "bob": "Ad 1, Basket 2, Basket 5",
          "cyn": "Ad 1, Basket 2, Basket 3, Payment 4"},
         ["Ad", "Basket", Step("Payment", within=days(2))], [3, 3, 2], days=[1, 1.5]),
    case("who may still come in time of the step before is open",
         {"ann": "Ad 197", "bob": "Ad 199", "cyn": "Ad 198, Basket 199", "dan": "Ad 100, Basket 101"},
         ["Ad", Step("Basket", within=days(2)), Step("Payment", within=days(2))], [4, 2, 0], open=[0, 1, 2]),
    case("a step's own limit and the window both hold",
         {"ann": "Ad 1, Basket 3, Payment 6", "bob": "Ad 1, Basket 3, Payment 6 10:00:01", "cyn": "Ad 1, Basket 4, Payment 5"},
         ["Ad", Step("Basket", within=days(2)), "Payment"], [3, 2, 1], days=[2, 3], window=days(5)),
]

WRITTEN = re.compile(r"(?P<what>\S+) (?P<day>\d+|undated)(?: (?P<clock>[\d:]+))?(?P<more>(?: \w+=\w+)*)")


def rows(scene: str, journeys: Mapping[str, str], by: str) -> list[dict[str, object]]:
    found = []
    for who, journey in journeys.items():
        for part in journey.split(", "):
            written = WRITTEN.fullmatch(part)
            assert written, part
            at = None if written["day"] == "undated" else dt.datetime.combine(
                FIRST_DAY + days(int(written["day"]) - 1), dt.time.fromisoformat(written["clock"] or "10:00"))
            found.append({"customer_id": None if who.startswith("?") else f"{scene}-{who}", "occurred_at": at,
                          by: None if written["what"] == "-" else written["what"], "scene": scene,
                          **dict(pair.split("=") for pair in written["more"].split())})
    return found


@pytest.fixture(scope="module")
def store() -> Store:
    written = [row for n, each in enumerate(CASES)
               for row in rows(f"s{n}", each.journeys, each.ask.get("by", "touchpoint"))]
    frame = pd.DataFrame(written + rows("end", {"clock": END_OF_DATA}, "touchpoint"))
    store = open_store(":memory:")
    whole = frame["customer_id"].notna() & frame["occurred_at"].notna()  # a file tells of each, or of none, who and when
    for name, part in (("dated", frame[whole]), ("undated", frame[frame["occurred_at"].isna()]),
                       ("anonymous", frame[frame["customer_id"].isna()])):
        receipt = load_frame(store, part.dropna(axis="columns", how="all"), name)
        assert (receipt.accepted, receipt.rejected, receipt.duplicates) == (len(part), 0, 0)
    return store


def as_days(seconds: pd.Series) -> list[float | None]:
    return [None if pd.isna(each) else each / DAY for each in seconds]


@pytest.mark.parametrize(("n", "asked"), [pytest.param(n, each, id=each.sentence) for n, each in enumerate(CASES)])
def test_the_funnel_as_it_is_written(store: Store, n: int, asked: Case) -> None:
    ask = {"by": "touchpoint", **asked.ask}
    chosen = ask.pop("filters", Filters())
    scene = Filters(**{**vars(chosen), "attributes": (("scene", (f"s{n}",)),)})
    frame = funnel(store, asked.steps, filters=scene, **ask)
    if isinstance(asked.reached, Mapping):
        parts = dict(list(frame.groupby("label")))
        assert {value: parts[value]["reached"].tolist() for value in parts} == asked.reached
        for value, expected in (asked.days or {}).items():
            assert as_days(parts[value]["median_seconds"])[1:] == pytest.approx(expected)
        return
    assert frame["position"].tolist() == list(range(1, len(asked.reached) + 1))
    assert frame["reached"].tolist() == asked.reached
    if asked.days is not None:
        assert as_days(frame["median_seconds"]) == [None, *asked.days]
    if asked.open is not None:
        assert [None if pd.isna(each) else each for each in frame["open"]] == asked.open
    if asked.shares is not None:
        shares = list(zip(frame["from_previous"], frame["from_first"], strict=True))[1:]
        assert shares == [pytest.approx(each) for each in asked.shares]
