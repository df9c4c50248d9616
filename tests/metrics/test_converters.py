"""What tells converters from the lost, by hand and against a twin in plain Python."""

from __future__ import annotations

import datetime as dt
import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Store, open_store
from cx.errors import QueryError
from cx.metrics import stats
from cx.metrics.converters import converters
from tests.metrics.stores import refill, store_of

START = dt.datetime(2025, 1, 1)
HOUR = dt.timedelta(hours=1)


def journeys(*groups: tuple[int, str]) -> Store:
    """Groups of customers: (how many, `1a 3b` = touchpoint a at hour 1, then b at hour 3)."""
    rows, number = [], 0
    for many, line in groups:
        for _ in range(many):
            number += 1
            for word in line.split():
                hour = "".join(letter for letter in word if letter.isdigit())
                rows.append({"customer": f"c{number}", "touchpoint": word[len(hour):],
                             "occurred_at": START + int(hour) * HOUR})
    return store_of(rows)


def ask(store: Store, steps: str = "ab", **how):
    return converters(store, list(steps), by="touchpoint", **{"fewest": 2, **how})


def of(found, kind: str, key: str):
    rows = found.factors[(found.factors["kind"] == kind) & (found.factors["key"] == key)]
    assert len(rows) == 1, found.factors[["kind", "key"]]
    return rows.iloc[0]


def test_a_touchpoint_on_the_way_is_held_against_going_on() -> None:
    # with x: 4 of 10 go on; without: 9 of 12. (9/12 − 4/10 = 0.35; odds 4/6 : 9/3 = 0.2222)
    found = ask(journeys((4, "1a 2x 3b"), (6, "1a 2x"), (9, "1a 3b"), (3, "1a"), (1, "900a")))
    assert (found.reached, found.went_on, found.left_out) == (22, 13, 1)  # the last one may still go on
    row = of(found, "touchpoint", "x")
    assert (row["n_with"], row["rate_with"], row["n_without"], row["rate_without"]) == (10, 0.4, 12, 0.75)
    assert row["difference"] == pytest.approx(-0.35)
    assert row["odds_ratio"] == pytest.approx(4 / 6 / (9 / 3))


def test_what_makes_the_later_steps_is_left_out() -> None:
    found = ask(journeys((5, "1a 2b 3c"), (5, "1a 2b"), (5, "1a 2x"), (5, "1a 2c")), "abc")
    assert not {"b", "c"} & set(found.factors["key"])
    assert found.reason is not None or set(found.factors["key"]) <= {"x"}


def test_things_count_until_going_on_and_for_the_lost_as_long_as_the_others_took() -> None:
    # everybody goes on after 4 hours; the lost met y after 4 (counts) or z after 5 (does not)
    store = journeys((5, "1a 5b"), (5, "1a 5b 6y"), (5, "1a 5y"), (5, "1a 6z"), (1, "99q"))
    found = ask(store)
    assert set(found.factors["key"]) & {"y", "z"} == {"y"}
    assert of(found, "touchpoint", "y")["n_with"] == 5
    assert of(found, "touchpoint", "y")["rate_with"] == 0


def test_a_touchpoint_and_its_only_channel_are_told_once() -> None:
    rows = []
    for number in range(40):
        who = {"customer": f"c{number}", "channel": "web"}
        rows.append({**who, "occurred_at": START, "touchpoint": "a"})
        if number % 2:
            rows.append({**who, "occurred_at": START + HOUR, "touchpoint": "call", "channel": "phone"})
        if number % 5 == 0:
            rows.append({**who, "occurred_at": START + 2 * HOUR, "touchpoint": "pick-up", "channel": "store"})
        if number % 5 == 1:
            rows.append({**who, "occurred_at": START + 2 * HOUR, "touchpoint": "help desk", "channel": "store"})
        if number % 3:
            rows.append({**who, "occurred_at": START + 3 * HOUR, "touchpoint": "b"})
    found = ask(store_of(rows))
    things = set(zip(found.factors["kind"], found.factors["key"], strict=True))
    assert {("touchpoint", "call"), ("touchpoint", "pick-up"), ("channel", "store")} <= things
    assert ("channel", "phone") not in things


def test_nothing_is_said_of_too_few() -> None:
    store = journeys((29, "1a 2b"), (40, "1a"), (1, "99q"))
    found = converters(store, ["a", "b"], by="touchpoint")
    assert found.factors.empty
    assert "29" in str(found.reason)
    found = converters(journeys((40, "1a 2b"), (40, "1a"), (1, "99q")), ["a", "b"], by="touchpoint")
    assert "two groups" in str(found.reason)


def test_who_they_are_how_they_felt_and_waited_count_too() -> None:
    rows = []
    for number in range(40):  # Old ones wait 600 s, feel bad, and 1 in 4 goes on; Young ones wait 60 s, and 3 in 4 do
        old = number % 2 == 0
        goes = (number // 2) % 4 != 0 if not old else (number // 2) % 4 == 0
        base = {"customer": f"c{number}", "persona": "Old" if old else "Young", "channel": "web"}
        rows.append({**base, "touchpoint": "a", "occurred_at": START, "wait_seconds": 600 if old else 60,
                     "emotion": -1 if old else 1, "delay_days": 2 if old else 0, "is_complaint": old})
        if goes:
            rows.append({**base, "touchpoint": "b", "occurred_at": START + HOUR})
    rows.append({"customer": "later", "touchpoint": "q", "occurred_at": START + 99 * HOUR})
    found = ask(store_of(rows, customer_attributes={f"c{number}": {"Region": "NS"[number % 2]} for number in range(40)}))
    for kind, key in (("persona", "old"), ("emotion", "negative"), ("complaint", "complaint"), ("delay", "late"),
                      ("waiting", "600..601"), ("region", "N")):
        row = of(found, kind, key)
        assert (row["n_with"], row["rate_with"], row["rate_without"]) == (20, 0.25, 0.75), kind
        assert row["odds_ratio"] == pytest.approx(5 / 15 / (15 / 5))
        assert row["significant"]
    assert "web" not in set(found.factors["key"])  # all came through the web: nothing to compare


def test_the_step_must_have_a_next_one() -> None:
    with pytest.raises(QueryError):
        ask(journeys((3, "1a 2b"), (3, "1a")), step=2)


# Agresti, An Introduction to Categorical Data Analysis (2nd ed.), table 2.3: heart attacks, 189 of 11,034 on placebo and
# 104 of 11,037 on aspirin: odds ratio 1.83, 95 % interval 1.44 to 2.33.
def test_the_odds_ratio_of_the_physicians_health_study() -> None:
    found = stats.odds_ratio(189, 11034, 104, 11037)
    assert [round(float(each), 2) for each in (found.value, found.lower, found.upper)] == [1.83, 1.44, 2.33]


@pytest.mark.parametrize(("counts", "value"), [((0, 5, 5, 5), (0.5 / 5.5) / (5.5 / 0.5)), ((0, 0, 3, 5), math.nan),
                                               ((3, 6, 3, 6), 1.0)])
def test_odds_with_nothing_in_a_cell(counts, value) -> None:
    assert float(stats.odds_ratio(*counts).value) == pytest.approx(value, nan_ok=True)


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(":memory:")


@settings(max_examples=25 * int(os.environ.get("CX_EXAMPLES", "1")))
@given(st.lists(st.lists(st.tuples(st.integers(0, 8), st.sampled_from("abxy")), min_size=1, max_size=6), min_size=4,
                max_size=12), st.one_of(st.none(), st.integers(0, 6)))
def test_counts_equal_those_of_a_twin(store: Store, lines, window) -> None:
    refill(store, [(number, at, "awareness", name, "C") for number, line in enumerate(lines) for at, name in line])
    if not {"a", "b"} <= {name for line in lines for _, name in line}:
        return
    found = ask(store, window=None if window is None else dt.timedelta(seconds=window), fewest=1)
    attempts = {}
    for number, line in enumerate(lines):
        tries = []
        for start, name in line:
            if name == "a":
                goals = [at for at, other in line if other == "b" and at >= start and (window is None or at <= start + window)]
                tries.append((-bool(goals), start, min(goals, default=None)))
        if tries:
            attempts[number] = min(tries, key=lambda each: each[:2])
    took = [goal - start for gone, start, goal in attempts.values() if gone]
    usual = int(np.quantile(np.array(took) * 10**6, 0.9)) / 10**6 if took else 0
    ends = max(at for line in lines for at, _ in line)
    judged, left_out = {}, 0
    for number, (gone, start, goal) in attempts.items():
        until = start + (usual if window is None else min(usual, window))
        if not gone and until > ends:
            left_out += 1
            continue
        met = {name for at, name in lines[number] if start <= at <= until and name != "b" and (not gone or at < goal)}
        judged[number] = (bool(gone), met)
    assert (found.reached, found.went_on, found.left_out) == (
        len(judged), sum(gone for gone, _ in judged.values()), left_out)
    for row in found.factors[found.factors["kind"] == "touchpoint"].itertuples():
        having = [gone for gone, met in judged.values() if row.key in met]
        others = [gone for gone, met in judged.values() if row.key not in met]
        assert (row.n_with, row.n_without) == (len(having), len(others))
        assert row.rate_with == pytest.approx(sum(having) / len(having))
        assert row.rate_without == pytest.approx(sum(others) / len(others))
