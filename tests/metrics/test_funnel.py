"""The funnel's rules one by one, worked out by hand; the oracle's tests are in test_funnel_oracle.py."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cx import Filters, Store, open_store
from cx.errors import QueryError, UnknownValue
from cx.metrics import funnel as funnels
from cx.metrics.funnel import Exclusion, Step, funnel
from tests.metrics.stores import store_of

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def journeys(*lines: str) -> Store:
    """One customer a line: `1a 3b 3c` is touchpoint a at hour 1, then b and c in hour 3 (in this row order)."""
    rows = []
    for number, line in enumerate(lines, start=1):
        for word in line.split():
            hour = "".join(letter for letter in word if letter.isdigit())
            rows.append({"customer": f"c{number}", "touchpoint": word[len(hour):],
                         "occurred_at": dt.datetime(2025, 1, 1) + int(hour) * HOUR})
    return store_of(rows)


@pytest.mark.parametrize(("line", "steps", "asked", "level"), [
    ("1a 2b 3c", "abc", {}, 3),
    ("1a 2x 3b 4x 5c", "abc", {}, 3),  # others may lie in between
    ("1a 2c 3b", "abc", {}, 2),  # c came before b
    ("1b 2c", "abc", {}, 0),  # never entered
    ("1b 1a", "ab", {}, 2),  # a tie counts as after, in either row order
    ("1c 1b 1a", "abc", {}, 3),
    ("1a", "aa", {}, 1),  # one interaction fills one step
    ("1a 1a", "aa", {}, 2),
    ("1a 2a 3b", "aab", {}, 3),
    ("1a 2b 3a", "aba", {}, 3),
    # every first step is tried: the second a is in time for b
    ("1a 9a 10b", "ab", {"window": 2 * HOUR}, 2),
    ("1a 3b", "ab", {"window": 2 * HOUR}, 2),  # the window's end is included
    ("1a 4b", "ab", {"window": 2 * HOUR}, 1),
    ("1a 1b", "ab", {"window": 0 * HOUR}, 2),
    ("1a 2b 4c", "abc", {"window": 2 * HOUR}, 2),  # from the first step to every later one, not from step to step
    ("1a 2a 3b 4c", "abc", {"window": 2 * HOUR}, 3),
    # any order: so many different steps
    ("1c 2a", "abc", {"order": "any"}, 2),
    ("1b 1b", "ab", {"order": "any"}, 1),
    ("1c 2b 3a", "abc", {"order": "any"}, 3),
    ("1c 5b 6a", "abc", {"order": "any", "window": 2 * HOUR}, 2),
    # strict: no other interaction in between
    ("1a 2b", "ab", {"order": "strict"}, 2),
    ("1a 2x 3b", "ab", {"order": "strict"}, 1),
    ("1a 2x 3a 4b", "ab", {"order": "strict"}, 2),
    ("1x 1a 2b", "ab", {"order": "strict"}, 2),  # x may stand before a
    ("1a 2b 2x 3c", "abc", {"order": "strict"}, 2),  # x lies between b and c, or between a and b
    ("1a 2b 3c 3x", "abc", {"order": "strict"}, 3),
    ("1a 1a 2a 3b", "aab", {"order": "strict"}, 3),
    # exclusions
    ("1a 2x 3b", "ab", {"exclusions": [Exclusion("x")]}, 0),
    ("1a 1x 3b", "ab", {"exclusions": [Exclusion("x")]}, 2),  # not strictly between
    ("1a 3x 3b", "ab", {"exclusions": [Exclusion("x")]}, 2),
    ("1a 2x 3a 4b", "ab", {"exclusions": [Exclusion("x")]}, 2),  # another attempt still counts
    ("1a 2x", "ab", {"exclusions": [Exclusion("x")]}, 0),  # b never came: the span runs on
    ("1a 5x", "ab", {"exclusions": [Exclusion("x")], "window": 2 * HOUR}, 1),  # to the end of the window
    ("1a 2b 3x 4c", "abc", {"exclusions": [Exclusion("x", 1, 2)]}, 3),
    ("1a 2b 3x 4c", "abc", {"exclusions": [Exclusion("x", 2, 3)]}, 0),
    ("1a 2b 3x 4c", "abc", {"exclusions": [Exclusion("x", "b", "c")]}, 0),
    ("1a 2x", "abc", {"exclusions": [Exclusion("x", 2, 3)]}, 1),  # b was not reached: nothing to lie between
])
def test_a_journey_reaches(line, steps, asked, level) -> None:
    store = journeys(line, "9001a 9002b 9003c 9004x")  # much later, somebody else, so that every name is known
    rows = funnels.customers(store, list(steps), by="touchpoint", **asked)
    mine = rows[rows["customer_id"] == "c1"]
    assert (int(mine["last_position"].iloc[0]) if len(mine) else 0) == level


def test_an_interaction_of_two_steps_fills_the_one_that_leads_further() -> None:
    # steps {a, b} then {b}: in one tie, a must fill the first and b the second
    store = journeys("1b 1a")
    assert funnel(store, [("a", "b"), "b"], by="touchpoint")["reached"].tolist() == [1, 1]
    assert funnel(store, ["b", ("a", "b")], by="touchpoint")["reached"].tolist() == [1, 1]
    assert funnel(journeys("1b 1x"), [("b", "x"), "b", "b"], by="touchpoint")["reached"].tolist() == [1, 1, 0]


FOUR = [  # entering: a, b, c, d; c never buys; d's window has not elapsed at the end
    *({"customer": who, "occurred_at": f"2025-01-{day:02}", "stage": stage, "persona": persona, "channel": channel}
      for who, persona, channel, steps in (
          ("a", "Young", "web", ((1, "awareness"), (2, "consideration"), (5, "purchase"))),
          ("b", "Young", "store", ((3, "awareness"), (7, "consideration"), (8, "purchase"))),
          ("c", "Old", "web", ((4, "awareness"), (6, "consideration"))),
          ("d", None, None, ((29, "awareness"), (30, "retention"))))
      for day, stage in steps)]


def test_a_row_of_the_funnel_by_hand() -> None:
    frame = funnel(store_of(FOUR), ["awareness", "consideration", "purchase"], window=20 * DAY)
    assert frame["step"].tolist() == ["awareness", "consideration", "purchase"]
    assert frame["position"].tolist() == [1, 2, 3]
    assert frame["reached"].tolist() == [4, 3, 2]
    assert frame["from_previous"].tolist() == pytest.approx([1, 3 / 4, 2 / 3])
    assert frame["from_first"].tolist() == pytest.approx([1, 3 / 4, 1 / 2])
    assert (frame["lower"].iloc[2], frame["upper"].iloc[2]) == (pytest.approx(0.1500, abs=5e-5),
                                                                 pytest.approx(0.8500, abs=5e-5))  # Wilson of 2/4
    assert frame["average_seconds"].tolist()[1:] == [(1 + 4 + 2) / 3 * 86400, (3 + 1) / 2 * 86400]
    assert frame["median_seconds"].tolist()[1:] == [2 * 86400, 2 * 86400]
    assert frame["open"].tolist() == [0, 1, 1]  # d, until 18 February; c's window ended on 24 January


def test_open_customers_can_be_left_out_of_the_rates() -> None:
    frame = funnel(store_of(FOUR), ["awareness", "consideration", "purchase"], window=20 * DAY, leave_out_open=True)
    assert frame["reached"].tolist() == [4, 3, 2]
    assert frame["from_first"].tolist() == pytest.approx([1, 3 / 3, 2 / 3])
    assert frame["from_previous"].tolist() == pytest.approx([1, 3 / 3, 2 / 3])


def test_without_a_window_no_customer_is_called_open() -> None:
    assert funnel(store_of(FOUR))["open"].isna().all()


def test_the_default_steps_are_the_stages_in_use_in_the_order_of_the_model() -> None:
    store = store_of(FOUR)
    assert funnels.default_steps(store) == ["awareness", "consideration", "purchase", "retention"]
    assert funnel(store)["step"].tolist() == funnels.default_steps(store)


def test_a_breakdown_repeats_the_funnel_for_each_value_the_largest_first() -> None:
    frame = funnel(store_of(FOUR), ["awareness", "purchase"], breakdown="persona")
    assert frame["breakdown"].tolist() == ["Young", "Young", "Old", "Old", "", ""]
    assert frame["key"].tolist() == ["young", "young", "old", "old", "", ""]
    assert frame["reached"].tolist() == [2, 2, 1, 0, 1, 0]


@pytest.mark.parametrize(("attribution", "expected"), [
    ("first", {"web": [1, 1]}), ("last", {"store": [1, 1]}), ("all", {"web": [1, 0], "store": [0, 0]})])
def test_a_breakdown_takes_the_first_the_last_or_each_value(attribution, expected) -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-01", "stage": "awareness"},
                      {"customer": "a", "occurred_at": "2025-01-02", "stage": "awareness", "channel": "web"},
                      {"customer": "a", "occurred_at": "2025-01-03", "stage": "purchase", "channel": "store"}])
    frame = funnel(store, ["awareness", "purchase"], breakdown="channel", attribution=attribution)
    assert {value: rows["reached"].tolist() for value, rows in frame.groupby("breakdown")} == {
        value: levels for value, levels in expected.items() if levels[0]}


def test_a_breakdown_by_an_attribute_reads_the_customers_sheet_before_the_rows() -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-01", "stage": "awareness", "attributes": {"City": "Rize"}},
                      {"customer": "b", "occurred_at": "2025-01-01", "stage": "awareness", "attributes": {"City": "Van"}},
                      {"customer": "b", "occurred_at": "2025-01-02", "stage": "purchase", "attributes": {"City": "Muş"}}],
                     customer_attributes={"a": {"City": "Bolu"}})
    for attribution, expected in (("first", {"Bolu": [1, 0], "Van": [1, 1]}), ("last", {"Bolu": [1, 0], "Muş": [1, 1]}),
                                  ("all", {"Bolu": [1, 0], "Van": [1, 0]})):
        frame = funnel(store, ["awareness", "purchase"], breakdown="City", attribution=attribution)
        assert {value: rows["reached"].tolist() for value, rows in frame.groupby("breakdown")} == expected


def test_the_start_decides_the_period_and_conversions_may_come_after() -> None:
    store = store_of(FOUR)
    steps = ["awareness", "purchase"]
    assert funnel(store, steps, start="2025-01-01", end="2025-01-03")["reached"].tolist() == [2, 2]
    assert funnel(store, steps, filters=Filters(start="2025-01-04", end="2025-01-31"))["reached"].tolist() == [2, 0]
    moment = dt.datetime(2025, 1, 3)
    assert funnel(store, steps, end=moment)["reached"].tolist() == [1, 1]  # a moment as end is not included


@pytest.mark.parametrize(("filters", "expected"), [
    (Filters(persona="young"), [2, 2]),
    (Filters(channel="web"), [2, 1]),  # the first channel
    (Filters(stage="purchase"), [2, 2]),  # customers who were there
])
def test_filters_choose_customers_with_whole_journeys(filters, expected) -> None:
    assert funnel(store_of(FOUR), ["awareness", "purchase"], filters=filters)["reached"].tolist() == expected


def test_own_channel_keeps_only_steps_in_that_channel() -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-01", "stage": "awareness", "channel": "web"},
                      {"customer": "a", "occurred_at": "2025-01-02", "stage": "purchase", "channel": "store"},
                      {"customer": "b", "occurred_at": "2025-01-01", "stage": "awareness", "channel": "store"},
                      {"customer": "b", "occurred_at": "2025-01-02", "stage": "purchase", "channel": "store"}])
    steps = ["awareness", "purchase"]
    assert funnel(store, steps, filters=Filters(channel="store"))["reached"].tolist() == [1, 1]
    assert funnel(store, steps, filters=Filters(channel="web"))["reached"].tolist() == [1, 1]
    own = Filters(channel="web", own_channel=True)
    assert funnel(store, steps, filters=own)["reached"].tolist() == [1, 0]


def test_a_stage_name_of_a_file_that_is_no_stage_of_the_model_can_be_a_step() -> None:
    store = store_of([{"customer": "a", "occurred_at": "2025-01-01", "stage": "Phase Zeta"},
                      {"customer": "a", "occurred_at": "2025-01-02", "stage": "purchase"}])
    assert funnel(store, ["phase  zeta", "PURCHASE"])["reached"].tolist() == [1, 1]


def test_names_are_matched_whatever_their_letter_case() -> None:
    store = journeys("1ADIM 2ödeme")
    assert funnel(store, ["adım", "Ödeme"], by="touchpoint")["reached"].tolist() == [1, 1]


def test_anonymous_respondents_and_undated_rows_are_no_journeys() -> None:
    store = store_of([{"occurred_at": "2025-01-01", "stage": "awareness"}, {"customer": "a", "stage": "awareness"},
                      {"customer": "b", "occurred_at": "2025-01-01", "stage": "awareness"}])
    assert funnel(store)["reached"].tolist() == [1]
    assert funnel(store, ["awareness"], order="any")["reached"].tolist() == [1]


def test_an_empty_workspace_has_an_empty_funnel() -> None:
    store = open_store(":memory:")
    assert funnel(store).empty
    assert funnels.default_steps(store) == []
    assert funnels.trend(store).empty
    assert funnels.time_to_convert(store).empty
    assert funnels.summary(store)["mean"] is None
    frame = funnel(store, ["awareness", "purchase"])
    assert frame["reached"].tolist() == [0, 0]
    assert frame["from_first"].isna().all()
    assert funnel(store, ["awareness", "purchase"], order="any")["reached"].tolist() == [0, 0]


@pytest.mark.parametrize("asked", [
    {"steps": ["awarenes"]}, {"steps": ["awareness"], "by": "colour"}, {"steps": ["awareness"], "order": "random"},
    {"steps": ["awareness"], "breakdown": "colour"}, {"steps": ["awareness"], "attribution": "middle"},
    {"steps": ["awareness", "purchase"], "exclusions": [Exclusion("x")]},
    {"steps": ["awareness", "purchase"], "exclusions": [Exclusion("retention", 1, 3)]},
    {"steps": ["awareness", "purchase"], "exclusions": [Exclusion("retention", "a", 2)]},
])
def test_an_unknown_name_is_refused_with_what_there_is(asked) -> None:
    with pytest.raises(UnknownValue, match=r"Accepted: |Did you mean"):
        funnel(store_of(FOUR), **asked)


@pytest.mark.parametrize("asked", [
    {"steps": []}, {"steps": [()]}, {"steps": ["awareness"] * 31}, {"by": "touchpoint"}, {"window": -DAY},
    {"steps": ["awareness", "purchase"], "exclusions": [Exclusion("retention", 2, 1)]},
    {"start": "2025-02-01", "end": "2025-01-01"}, {"start": "yesterday"},
    {"steps": [Step("awareness", optional=True), "purchase"]}, {"steps": ["awareness", Step("purchase", optional=True)]},
    {"steps": ["awareness", Step("retention", optional=True), "purchase"], "order": "strict"},
    {"steps": [Step("awareness", within=DAY), "purchase"]},
    {"steps": ["awareness", Step("purchase", within=DAY)], "order": "any"},
    {"steps": ["awareness", Step("purchase", within=-DAY)]},
    {"steps": ["awareness", Step("retention", optional=True), "purchase"], "exclusions": [Exclusion("retention", 1, 2)]},
])
def test_a_question_without_meaning_is_refused(asked) -> None:
    with pytest.raises(QueryError):
        funnel(store_of(FOUR), **asked)


# --- steps with conditions of their own ---


@pytest.mark.parametrize(("line", "within", "asked", "level"), [
    ("1a 3b", (None, 2), {}, 2),  # its end is included
    ("1a 4b", (None, 2), {}, 1),
    ("1a 3b 5c", (None, 2, 2), {}, 3),  # from step to step, not from the first
    ("1a 2b 5b 6c", (None, None, 2), {}, 3),  # the earlier b would lead less far
    ("1a 2b 5b 6c", (None, 2, 2), {}, 2),
    ("1a 4a 5b 6c", (None, 2, 2), {}, 3),  # every first step is tried
    ("1a 3b 5c", (None, 2, 2), {"window": 3 * HOUR}, 2),
    ("1a 1b 1c", (None, 0, 0), {}, 3),
    ("1a 3b", (None, 2), {"order": "strict"}, 2),
    ("1a 4b", (None, 2), {"order": "strict"}, 1),
])
def test_a_step_may_have_to_come_soon_after_the_one_before(line, within, asked, level) -> None:
    steps = [Step(name, within=None if hours is None else hours * HOUR)
             for name, hours in zip("abc", within, strict=False)]
    reached = funnel(journeys(line), steps, by="touchpoint", **asked)["reached"].tolist()
    assert reached == [int(place <= level) for place in range(1, len(steps) + 1)]


@pytest.mark.parametrize(("line", "steps", "reached"), [
    ("1a 2b 3c", "ab?c", [1, 1, 1]),
    ("1a 3c", "ab?c", [1, 0, 1]),  # skipped
    ("1a 3c 4b 5c", "ab?c", [1, 0, 1]),  # what may be skipped does not delay the others
    ("1a 2b", "ab?c", [1, 1, 0]),  # on the way, without going on
    ("1b 2a 3c", "ab?c", [1, 0, 1]),
    ("1a 1c 1b", "ab?c", [1, 1, 1]),  # at one time
    ("1a 2c", "ac?c", [1, 0, 1]),  # one interaction fills one step
    ("1a 1c 1c", "ac?c", [1, 1, 1]),
    ("1a 2d 3b 4c", "ab?d?c", [1, 1, 0, 1]),  # in order, as far as they are there
    ("1a 2d 4c", "ab?d?c", [1, 0, 1, 1]),
])
def test_a_step_may_be_skipped(line, steps, reached) -> None:
    asked = [Step(name, optional=steps[place + 1:place + 2] == "?") for place, name in enumerate(steps) if name != "?"]
    assert funnel(journeys(line, "1b 1c 1d"), asked, by="touchpoint")["reached"].tolist() == reached


def test_what_comes_after_a_skipped_step_is_a_share_of_the_step_before_it() -> None:
    store = journeys("1a 2b 3c", "1a 4c", "1a 2b", "1a")
    frame = funnel(store, ["a", Step("b", optional=True), "c"], by="touchpoint")
    assert frame["reached"].tolist() == [4, 2, 2]
    assert frame["from_previous"].tolist() == [1, 2 / 4, 2 / 4]
    assert frame["median_seconds"].tolist()[1:] == [3600, 2.5 * 3600]  # both since a
    steps = {"steps": ["a", Step("b", optional=True), "c"], "by": "touchpoint"}
    assert sorted(funnels.customers(store, step=2, reached=False, **steps)["customer_id"]) == ["c2", "c4"]
    assert sorted(funnels.customers(store, step=3, reached=False, **steps)["customer_id"]) == ["c3", "c4"]
    assert funnels.customers(store, step=1, **steps).set_index("customer_id")["last_step"].to_dict() == {
        "c1": "c", "c2": "c", "c3": "b", "c4": "a"}
    assert funnels.drop_off(store, step=1, **steps).query("when == 'next'")["customers"].sum() == 2
    assert funnels.drop_off(store, step=2, **steps).query("when == 'next'")["customers"].sum() == 1


def test_open_is_who_may_still_come_soon_enough_after_the_step_before() -> None:
    store = journeys("0a 9b", "0a 5b", "7a", "2a", "10c")
    steps = ["a", Step("b", within=9 * HOUR), Step("c", within=2 * HOUR)]
    frame = funnel(store, steps, by="touchpoint")
    # the first may reach c until 11, the third b until 16, the fourth b until 11; the second's time for c ended at 7,
    # and for b and c together nobody has more than 11 hours
    assert frame["open"].tolist() == [0, 2, 3]
    assert funnel(store, ["a", "b", Step("c", within=HOUR)], by="touchpoint")["open"].isna().all()


# --- trend, times, customers, drop-off ---


def test_a_trend_counts_a_customer_in_every_period_in_which_they_start() -> None:
    store = store_of([{"customer": "a", "occurred_at": day, "stage": stage} for day, stage in (
        ("2025-01-05", "awareness"), ("2025-02-05", "awareness"), ("2025-02-06", "purchase"), ("2025-04-30", "retention"))])
    for asked in ({}, {"order": "any"}):
        frame = funnels.trend(store, ["awareness", "purchase"], interval="month", window=10 * DAY, **asked)
        assert frame["period"].dt.month.tolist() == [1, 2, 3, 4]
        assert frame["entered"].tolist() == [1, 1, 0, 0]
        assert frame["converted"].tolist() == [0, 1, 0, 0]
        assert frame["rate"].isna().tolist() == [False, False, True, True]
        assert frame["open"].tolist() == [0, 0, 0, 0]
        assert frame["complete"].tolist() == [False, True, True, False]  # who enters in late April still has time


def test_a_period_of_a_trend_is_the_funnel_of_that_period() -> None:
    store = store_of(FOUR)
    for asked in ({"steps": None}, {"steps": ["awareness", "purchase"]},
                  {"steps": ["awareness", "purchase"], "breakdown": "persona"}):
        frame = funnels.trend(store, interval="week", **asked)
        for row in frame.itertuples():
            alone = funnel(store, start=row.period.date(), end=row.period.date() + 6 * DAY, **asked)
            if "breakdown" in asked:
                alone = alone[alone["key"] == row.key]
            assert row.entered == (alone["reached"].iloc[0] if len(alone) else 0)
            assert row.converted == (alone["reached"].iloc[-1] if len(alone) else 0)


def test_the_time_to_convert_is_counted_in_bars_that_hold_every_customer_once() -> None:
    store = store_of(FOUR)
    bars = funnels.time_to_convert(store, ["awareness", "purchase"], bins=5)
    assert bars["customers"].sum() == 2
    assert bars["upper_seconds"].iloc[-1] == 5 * 86400
    assert (bars["lower_seconds"].to_numpy()[1:] == bars["upper_seconds"].to_numpy()[:-1]).all()
    found = funnels.summary(store, ["awareness", "purchase"])
    assert (found["n"], found["mean"], found["median"]) == (2, 4.5 * 86400, 4.5 * 86400)
    assert found["median_lower"] is None  # two values bound no median


def test_the_customers_behind_a_step_are_as_many_as_the_funnel_says() -> None:
    store = store_of(FOUR)
    steps = ["awareness", "consideration", "purchase"]
    counts = funnel(store, steps)["reached"].tolist()
    for position, count in enumerate(counts, start=1):
        assert len(funnels.customers(store, steps, step=position)) == count
        if position > 1:
            assert len(funnels.customers(store, steps, step=position, reached=False)) == counts[position - 2] - count
    row = funnels.customers(store, steps, step=3, reached=False, window=20 * DAY).iloc[0]
    assert (row["customer_id"], row["persona"], row["last_step"], row["open"]) == ("c", "Old", "consideration", False)
    assert row["seconds"] == 2 * 86400
    young = funnels.customers(store, steps, step=1, breakdown="persona", key="young")
    assert sorted(young["customer_id"]) == ["a", "b"]
    assert len(funnels.customers(store, steps, limit=1)) == 1
    for position in (2, 3):
        for reached in (True, False):
            every = funnels.customers(store, steps, step=position, reached=reached)
            pd.testing.assert_frame_equal(
                funnels.customers(store, steps, step=position, reached=reached, limit=1), every.head(1))


@pytest.mark.parametrize(("step", "is_reached"), [(0, True), (1, False), (4, True)])
def test_a_step_that_is_not_there_has_no_customers(step, is_reached) -> None:
    with pytest.raises(QueryError):
        funnels.customers(store_of(FOUR), ["awareness", "consideration", "purchase"], step=step, reached=is_reached)


def test_what_the_lost_did_next_and_last() -> None:
    store = store_of(FOUR)
    frame = funnels.drop_off(store, ["awareness", "consideration", "purchase"], step=1, of="stage")
    assert frame[["when", "key", "customers", "share"]].to_numpy().tolist() == [
        ["next", "retention", 1, 1.0], ["last", "retention", 1, 1.0]]
    assert frame["lost"].tolist() == [1, 1]
    assert frame[["lower", "upper"]].to_numpy()[0] == pytest.approx([1 / (1 + 1.959964**2), 1])  # Wilson, 1 of 1
    frame = funnels.drop_off(store, ["awareness", "consideration", "purchase"], step=2, of="stage")
    assert frame.loc[0, "when"] == "next"
    assert pd.isna(frame.loc[0, "key"])  # nothing came after
    assert frame.loc[1, ["when", "key"]].tolist() == ["last", "consideration"]


@pytest.mark.parametrize("asked", [{}, {"window": 3 * DAY}, {"of": "channel"}, {"of": "stage"}, {"of": "persona"}])
def test_what_the_lost_did_is_the_same_held_in_memory_or_asked_of_the_rows(asked) -> None:
    """Where questions are noted, as they are to be shown, they are asked of the rows."""
    rows = [{"customer": f"c{number}", "stage": stage, "touchpoint": [None, "shop", "call"][(number + place) % 3],
             "channel": ["app", None][number % 2], "persona": ["old", "young"][number % 2],
             "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(days=number % 5 + place)}
            for number in range(40)
            for place, stage in enumerate(["awareness", "consideration", "purchase", "retention"][number % 3:][:1 + number % 4])]
    store = store_of(rows)
    for step in (1, 2):
        held = funnels.drop_off(store, ["awareness", "consideration", "purchase"], step=step, **asked)
        with store.noting():
            every = funnels.drop_off(store, ["awareness", "consideration", "purchase"], step=step, **asked)
        assert held["key"].isna().any() or held["key"].eq("").any()
        pd.testing.assert_frame_equal(held, every)


@pytest.mark.parametrize("seed", range(2))
def test_the_personas_counted_in_memory_are_those_the_rows_say(seed) -> None:
    """Of stages and of touchpoints, with and without a limit, of a period, with customers of no persona."""
    rng, n = np.random.default_rng(seed), 900
    customer, places = rng.integers(0, 120, n), ["ad", "cart", "delivery"]
    rows = [{"customer": f"c{each}", "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(hours=int(rng.integers(0, 900))),
             "touchpoint": (touchpoint := places[rng.integers(0, 3)]), "channel": ["web", "store"][each % 2],
             "stage": {"ad": "awareness", "cart": "purchase", "delivery": "retention"}[touchpoint],
             "persona": ["Young", "Old", None][each % 3]} for each in customer.tolist()]
    store = store_of(rows)
    told = 0
    for steps, by in ((None, "stage"), (["awareness", "purchase"], "stage"), (places, "touchpoint"), (["cart", "ad"], "touchpoint")):
        for window in (None, dt.timedelta(days=4)):
            for filters in (Filters(), Filters(persona=("young",)), Filters(channel=("web",), start="2025-01-05", end="2025-01-20"),
                            Filters(persona=("young",), channel=("store",)), Filters(start="2031-01-01")):
                asked = {"steps": steps, "by": by, "window": window, "breakdown": "persona", "filters": filters}
                found = funnel(store, **asked)
                with store.noting():
                    expected = funnel(store, **asked)
                pd.testing.assert_frame_equal(found, expected, check_dtype=len(expected) > 0)
                told += found["breakdown"].nunique()
    assert told > 40
