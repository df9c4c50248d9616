"""Retention: a cohort table worked out by hand, its brute-force twin on random worlds, and relations between numbers."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, Store, findings, open_store
from cx.charts.retention import cohort_heat, retention_curve
from cx.errors import QueryError, UnknownValue
from cx.language import language
from cx.metrics import held_steps, retention, retention_held, stats
from cx.metrics.retention import apart, cohorts, curve, customers, half, interval_of, newer_against_older
from cx.store import derive
from tests.metrics.stores import refill, store_of
from tests.oracle import retention as oracle

EN, TR = language("en"), language("tr")


def many(examples: int) -> settings:
    """CX_EXAMPLES multiplies the number of examples, each of them new."""
    return settings(max_examples=examples * int(os.environ.get("CX_EXAMPLES", "1")))


def seen(*lines: str, **more: object) -> list[dict[str, object]]:
    """One customer a line: `Jan Mar$` is there in January, and orders in March 2025 (each on the 10th); a number is the
    day (`Mar31`)."""
    rows = []
    for place, line in enumerate(lines, start=1):
        for word in line.split():
            day = "".join(letter for letter in word if letter.isdigit()) or "10"
            month = "JanFebMarAprMayJunJulAugSepOctNovDec".index(word[:3]) // 3 + 1
            rows.append({"customer": f"c{place}", "occurred_at": dt.datetime(2025, month, int(day), 12),
                         "order_id": f"o{place}{word}" if word.endswith("$") else None, **more})
    return rows


HAND = seen("Jan Feb Mar", "Jan Mar$ May$", "Jan", "Feb$ Mar$ May20", "Feb", "May$")
"""Six customers; the data ends on 20 May, so that May is not over."""

ACTIVITY = {  # first month → customers, share there after 0, 1, … months
    1: (3, [3, 1, 2, 0, 1]),
    2: (2, [2, 1, 0, 1]),
    5: (1, [1]),
}
ACTIVITY_AFTER = {1: (3, [3, 2, 2, 1, 1]), 2: (2, [2, 1, 1, 1]), 5: (1, [1])}
PURCHASE = {2: (1, [1, 1, 0, 0]), 3: (1, [1, 0, 1]), 5: (1, [1])}
PURCHASE_AFTER = {2: (1, [1, 1, 0, 0]), 3: (1, [1, 1, 1]), 5: (1, [1])}


@pytest.mark.parametrize(("of", "reading", "expected"), [
    ("activity", "in", ACTIVITY), ("activity", "in_or_after", ACTIVITY_AFTER),
    ("purchase", "in", PURCHASE), ("purchase", "in_or_after", PURCHASE_AFTER)])
def test_the_table_worked_out_by_hand(of, reading, expected):
    frame = cohorts(store_of(HAND), of, "month", reading)
    found = {cohort.month: (int(rows["customers"].iloc[0]), rows["active"].tolist())
             for cohort, rows in frame.groupby("cohort")}
    assert found == expected
    for row in frame.itertuples():
        share = stats.wilson(row.active, row.customers)
        assert (row.value, row.lower, row.upper) == (share.value, share.lower, share.upper)


def test_a_period_that_is_not_over_is_marked_and_not_pooled():
    store = store_of(HAND)
    frame = cohorts(store, "activity", "month")
    assert set(frame.loc[~frame["complete"], "period"]) == {pd.Timestamp("2025-05-01")}
    # after 1 month: 1 of 3 and 1 of 2; after 2: 2 of 3 and 0 of 2; after 3: 0 of 3 (February's third is May)
    assert [tuple(row) for row in curve(store, "activity", "month")[["age", "active", "n", "cohorts"]].to_numpy()] == [
        (0, 5, 5, 2), (1, 2, 5, 2), (2, 2, 5, 2), (3, 0, 3, 1)]


def test_in_or_after_waits_for_two_whole_periods():
    # April is over, so after 1 month (February, March) has two whole months behind it for January's cohort only
    found = curve(store_of(HAND), "activity", "month", "in_or_after")
    assert [tuple(row) for row in found[["age", "active", "n", "cohorts"]].to_numpy()] == [(0, 5, 5, 2), (1, 2, 3, 1)]


@pytest.mark.parametrize(("last", "complete"), [("Mar30", False), ("Mar31", True)])
def test_a_period_is_over_with_its_last_day(last, complete):
    frame = cohorts(store_of(seen(f"Jan {last}")), "activity", "month")
    assert frame.loc[frame["age"] == 2, "complete"].tolist() == [complete]


def test_the_period_chooses_customers_by_their_first_time_and_what_follows_still_counts():
    frame = cohorts(store_of(HAND), "activity", "month", filters=Filters(start="2025-02-01", end="2025-03-31"))
    assert frame["cohort"].dt.month.unique().tolist() == [2]
    assert frame["active"].tolist() == ACTIVITY[2][1]


def test_the_cohort_in_which_the_data_begins_is_marked():
    frame = cohorts(store_of(HAND), "activity", "month")
    assert set(frame.loc[frame["first_of_data"], "cohort"].dt.month) == {1}


def test_an_order_of_several_rows_counts_when_its_first_row_stands():
    rows = seen("Jan$ Feb")
    rows[1]["order_id"] = rows[0]["order_id"]
    assert cohorts(store_of([*rows, *seen("Mar")]), "purchase", "month")["active"].tolist() == [1, 0, 0]


def test_groups_are_by_the_customers_first_channel():
    rows = seen("Jan Feb", "Jan") + seen("Jan Feb Mar31", channel="Web")
    for row in rows[-3:]:
        row["customer"] = "w"
    found = curve(store_of(rows), "activity", "month", breakdown="channel")
    assert {(row.key, row.age): (row.active, row.n) for row in found.itertuples()} == {
        ("web", 0): (1, 1), ("web", 1): (1, 1), ("web", 2): (1, 1), ("", 0): (2, 2), ("", 1): (1, 2), ("", 2): (0, 2)}


def test_the_customers_behind_a_cell_are_those_it_counts():
    store = store_of(HAND)
    january = dt.date(2025, 1, 1)
    assert set(customers(store, january, 2, interval="month")["customer_id"]) == {"c1", "c2"}
    assert set(customers(store, january, 2, False, interval="month")["customer_id"]) == {"c3"}
    later = customers(store, january, 3, interval="month", reading="in_or_after").to_dict("records")
    assert [(row["customer_id"], row["times"]) for row in later] == [("c2", 3)]
    assert (later[0]["first_at"], later[0]["last_at"]) == (pd.Timestamp("2025-01-10 12:00"), pd.Timestamp(
        "2025-05-10 12:00"))
    bought = customers(store, dt.date(2025, 2, 28), 1, of="purchase", interval="month")
    assert bought["customer_id"].tolist() == ["c4"]
    assert len(customers(store, january, 0, interval="month", limit=2)) == 2
    with pytest.raises(QueryError, match="0 or more"):
        customers(store, january, -1)


@pytest.mark.parametrize(("days", "filters", "interval"), [
    (0, {}, "week"), (182, {}, "week"), (183, {}, "month"), (1099, {}, "month"), (1100, {}, "quarter"),
    (1100, {"start": "2025-01-05"}, "month"), (400, {"end": "2025-01-31"}, "month")])
def test_the_interval_fits_how_long_cohorts_can_be_followed(days, filters, interval):
    start = dt.datetime(2025, 1, 1)
    store = store_of([{"customer": "c", "occurred_at": start},
                      {"customer": "c", "occurred_at": start + dt.timedelta(days=days)}])
    assert interval_of(store, "auto", Filters(**filters)) == interval


@pytest.mark.parametrize("wrong", [{"of": "visits"}, {"reading": "sometimes"}, {"interval": "day"}])
def test_what_is_not_known_is_refused_with_what_is(wrong):
    with pytest.raises(UnknownValue, match="Accepted"):
        cohorts(store_of(HAND), **wrong)


@pytest.mark.parametrize(("rows", "of", "words"), [
    ([{"occurred_at": "2025-01-01", "nps": 9}], "activity", "no uploaded sheet tells customers apart"),
    ([{"customer": "c", "nps": 9}], "activity", "the data has no dates"),
    (seen("Jan"), "purchase", "Nobody has uploaded orders yet"),
    (seen("Jan$"), "purchase", "ordered for the first time"),
    (seen("Jan"), "activity", "came for the first time"),
    ([], "activity", "no uploaded sheet"),
])
def test_where_there_is_nothing_the_reason_is_told(rows, of, words):
    store = store_of(rows) if rows else open_store(":memory:")
    never = Filters(start="2001-01-01", end="2001-01-31")
    for breakdown in (None, "persona"):
        assert curve(store, of, filters=never, breakdown=breakdown).empty
    empty = cohorts(store, of, filters=never)
    assert empty.empty
    assert list(empty.columns) == retention._CELLS
    assert words in str(retention.reason(store, of))
    assert customers(store, dt.date(2025, 1, 1), 1, of=of, filters=never).empty
    assert cohort_heat(empty, EN, "month").data.empty


@pytest.mark.parametrize("rows", [seen("Jan"), seen("Jan5", "Jan5", "Jan5")])
def test_one_customer_or_one_day_is_a_cohort_without_later_periods(rows):
    store = store_of(rows)
    frame = cohorts(store)
    assert (frame["age"].tolist(), frame["value"].tolist()) == ([0], [1.0])
    assert findings.retention.staying(curve(store), "activity", "in", "week", EN) == \
        "No later period can be told yet: the data ends too soon after the first."


def test_the_own_channel_reading_counts_steps_in_that_channel_only():
    rows = seen("Jan Feb Mar", channel="Web") + seen("Jan", channel="Shop") + seen("Jan")
    rows[1]["channel"] = "Shop"
    for row in rows[3:4]:
        row["customer"] = "s"
    first = cohorts(store_of(rows), interval="month", filters=Filters(channel="web"))
    own = cohorts(store_of(rows), interval="month", filters=Filters(channel="web", own_channel=True))
    assert first["active"].tolist() == [1, 1, 1]
    assert own["active"].tolist() == [1, 0, 1]


# --- the twin ---

CHANNELS = ("A", "B", "C")


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(":memory:")


@st.composite
def worlds(draw: st.DrawFn) -> list[oracle.Row]:
    """One to eight customers of up to six interactions within a few hundred days, often on the same or a border day."""
    day = st.one_of(st.integers(0, 120), st.sampled_from((0, 30, 31, 58, 59, 89, 90, 180, 364, 400)))
    row = st.tuples(day, st.integers(0, 86399), st.sampled_from(CHANNELS), st.sampled_from((None, None, "1", "2")))
    lines = draw(st.lists(st.lists(row, min_size=1, max_size=6), min_size=1, max_size=8))
    return [oracle.Row(number, dt.datetime(2025, 1, 1) + dt.timedelta(days=days, seconds=second), channel, order)
            for number, line in enumerate(lines) for days, second, channel, order in line]


@st.composite
def questions(draw: st.DrawFn) -> oracle.Question:
    bounds = draw(st.one_of(st.just((None, None)), st.tuples(st.integers(0, 50), st.integers(51, 200)),
                            st.tuples(st.none(), st.integers(0, 200)), st.tuples(st.integers(0, 200), st.none())))
    start, end = (None if each is None else dt.date(2025, 1, 1) + dt.timedelta(days=each) for each in bounds)
    return oracle.Question(draw(st.sampled_from(retention.BASES)), draw(st.sampled_from(retention.INTERVALS)),
                           draw(st.sampled_from(retention.READINGS)), start, end,
                           draw(st.sampled_from((None, *CHANNELS))), draw(st.booleans()))


def _fill(store: Store, world: list[oracle.Row]) -> None:
    begin = dt.datetime(2025, 1, 1)
    refill(store, [(row.customer, int((row.at - begin).total_seconds()), "purchase", None, row.channel)
                   for row in world])
    with store.write() as cursor:
        cursor.executemany("UPDATE interactions SET order_id = ? WHERE interaction_id = ?",
                           [(row.order, place) for place, row in enumerate(world, start=1)])
        derive.rebuild(cursor)


def _asked(question: oracle.Question, **changes: object) -> dict[str, object]:
    filters = Filters(start=question.start, end=question.end, own_channel=question.own,
                      channel=(question.channel,) if question.channel else ())
    return {"of": question.of, "interval": question.interval, "reading": question.reading, "filters": filters, **changes}


def _counts(frame: pd.DataFrame, interval: str) -> dict[tuple[int, int], tuple[int, int, bool]]:
    return {(oracle.number(row.cohort.date(), interval), row.age): (row.customers, row.active, row.complete)
            for row in frame.itertuples()}


@many(45)
@given(world=worlds(), question=questions())
def test_table_curve_and_customers_equal_the_brute_force_twin(store, world, question) -> None:
    _fill(store, world)
    frame = cohorts(store, **_asked(question))
    expected = oracle.table(world, question)
    assert _counts(frame, question.interval) == expected
    found = curve(store, **_asked(question))
    assert {row.age: (row.active, row.n, row.cohorts) for row in found.itertuples()} == oracle.pooled(expected)
    for row in frame.tail(1).itertuples():
        back, away = (customers(store, row.cohort.date(), row.age, there, **_asked(question))
                      for there in (True, False))
        assert (len(back), len(back) + len(away)) == (row.active, row.customers)


@many(15)
@given(world=worlds(), question=questions())
def test_what_is_held_and_the_rows_give_the_same_frames(store, world, question) -> None:
    """Where questions are noted, as they are to be shown, they are asked of the rows."""
    _fill(store, world)
    def asked() -> list[pd.DataFrame]:
        frame = cohorts(store, **_asked(question))
        return [frame, curve(store, **_asked(question), breakdown="channel")] + [
            customers(store, row.cohort.date(), row.age, there, **_asked(question), limit=limit)
            for row in frame.tail(2).itertuples() for there in (True, False) for limit in (None, 1)]

    held = asked()
    with store.noting():
        rows = asked()
    for one, other in zip(held, rows, strict=True):
        pd.testing.assert_frame_equal(one, other)


@many(20)
@given(world=worlds(), question=questions())
def test_the_numbers_agree_with_each_other(store, world, question) -> None:
    _fill(store, world)
    inside, after = (cohorts(store, **_asked(question, reading=reading)) for reading in retention.READINGS)
    assert (inside["customers"] == after["customers"]).all()
    assert (after["active"] >= inside["active"]).all()
    assert (inside.loc[inside["age"] == 0, "value"] == 1).all()
    assert (after.groupby("cohort")["active"].diff().dropna() <= 0).all()  # who is gone stays gone
    if not question.own:
        parts = [cohorts(store, **_asked(question, filters=Filters(channel=(each,), start=question.start,
                                                                   end=question.end))) for each in CHANNELS]
        whole = cohorts(store, **_asked(question, filters=Filters(start=question.start, end=question.end)))
        added = pd.concat(parts).groupby(["cohort", "age"])[["customers", "active"]].sum()
        assert added.to_dict() == whole.set_index(["cohort", "age"])[["customers", "active"]].to_dict()
        groups = curve(store, **_asked(question, filters=Filters(start=question.start, end=question.end)),
                       breakdown="channel")
        every = curve(store, **_asked(question, filters=Filters(start=question.start, end=question.end)))
        assert groups.groupby("age")[["active", "n"]].sum().to_dict() == every.set_index("age")[
            ["active", "n"]].to_dict()
    everyone = cohorts(store, **_asked(question, filters=Filters()))
    members = {row.customer for row in world if question.of == "activity" or row.order is not None}
    assert everyone.loc[everyone["age"] == 0, "customers"].sum() == len(members)


# --- what it says ---


def line(*points: tuple[int, int], few: bool = False) -> pd.DataFrame:
    """(there, n) at age 0, 1, …"""
    share = stats.wilson([there for there, _ in points], [n for _, n in points])
    return pd.DataFrame({"age": range(len(points)), "value": share.value, "lower": share.lower, "upper": share.upper,
                         "active": [there for there, _ in points], "n": [n for _, n in points], "cohorts": 1,
                         "few": few})


@pytest.mark.parametrize(("points", "age", "sentence"), [
    # Wilson: 30 of 100 is 21.9 – 39.6 %, 45 of 100 is 35.6 – 54.8 %, 70 of 100 is 60.4 – 78.1 %
    (((100, 100), (45, 100), (30, 100)), 2,
     "More than half of customers are gone after 2 months: 30% come back then or later (22% – 40%)."),
    (((100, 100), (45, 100)), None, "When half of customers are gone cannot be told for sure."),
    (((100, 100), (70, 100)), None,
     "After 1 month, more than half still come back then or later: 70% (60% – 78%)."),
])
def test_half_are_gone_only_where_the_interval_says_so(points, age, sentence):
    assert half(line(*points)) == age
    assert findings.retention.staying(line(*points), "activity", "in_or_after", "month", EN) == sentence


def test_half_are_gone_is_never_said_of_few_customers():
    assert half(line((20, 20), (1, 20), few=True)) is None
    assert "Few customers" in findings.retention.staying(line((20, 20), (1, 20), few=True), "activity", "in", "month", EN)


def test_one_later_period_is_told_once_and_the_last_one_rests_on_half_of_the_cohorts():
    found = line((100, 100), (45, 100), (30, 100))
    assert findings.retention.staying(found.head(2), "activity", "in", "month", EN) == \
        "45% are still active 1 month after the first."
    assert findings.retention.staying(found.assign(cohorts=[4, 2, 1]), "activity", "in", "month", EN) == \
        "45% are still active 1 month after the first."


def test_the_sentences_in_turkish():
    found = line((100, 100), (45, 100), (30, 100))
    assert findings.retention.staying(found, "activity", "in_or_after", "month", TR) == (
        "2 ay sonra müşterilerin yarısından çoğu gitmiş oluyor: o dönemde ya da daha sonra geri gelenler %30 "
        "(%22 – %40).")
    assert findings.retention.staying(found, "purchase", "in", "week", TR) == \
        "İlk siparişinden 1 hafta sonra yeniden sipariş verenler %45. 2 hafta sonra: %30."


def table(*cells: tuple[int, int]) -> pd.DataFrame:
    """(there, n) after one period of cohort 1, 2, …"""
    return pd.DataFrame({"cohort": pd.date_range("2025-01-01", periods=len(cells), freq="MS"), "age": 1,
                         "active": [there for there, _ in cells], "customers": [n for _, n in cells],
                         "complete": True, "few": False, "first_of_data": False})


@pytest.mark.parametrize(("cells", "sure", "sentence"), [
    (((20, 100), (20, 100), (40, 100), (40, 100)), True,
     "After 1 month, newer cohorts are still active more often (40%) than older ones (20%)."),
    (((40, 100), (40, 100), (20, 100), (20, 100)), True,
     "After 1 month, newer cohorts are still active less often (20%) than older ones (40%)."),
    (((20, 100), (20, 100), (22, 100), (20, 100)), False,
     "After 1 month, newer cohorts are still active about as often (21%) as older ones (20%)."),
])
def test_newer_cohorts_are_called_different_only_beyond_chance(cells, sure, sentence):
    found = newer_against_older(table(*cells))
    assert found["sure"] is sure
    assert findings.retention.newer(found, "month", EN) == sentence


def test_too_few_cohorts_are_not_compared():
    assert newer_against_older(table((20, 100), (40, 100))) is None
    first_and_open = table(*[(20, 100)] * 5).assign(first_of_data=[True, *[False] * 4],
                                                    complete=[*[True] * 4, False])
    assert newer_against_older(first_and_open) is None
    assert findings.retention.newer(None, "month", EN) == "Who came when, and who is still there"


def test_groups_are_told_apart_only_where_their_intervals_are():
    def groups(**lines: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([each.assign(key=key, label=key) for key, each in lines.items()], ignore_index=True)

    much, little, near = line((100, 100), (80, 100)), line((100, 100), (30, 100)), line((100, 100), (75, 100))
    most, least = apart(groups(a=much, b=little, c=near))
    assert (most["key"], least["key"], most["age"]) == ("a", "b", 1)
    assert findings.retention.groups((most, least), "month", EN, str.upper) == \
        "After 1 month, A has kept the largest share (80%), B the smallest (30%)."
    assert apart(groups(a=much, c=near)) is None
    assert apart(groups(a=much)) is None
    assert apart(groups(a=much, b=little.assign(few=True))) is None
    assert findings.retention.groups(None, "month", EN, str) == "No group surely stays longer than another."


@pytest.mark.parametrize(("reading", "back", "listed", "words"), [
    ("in", True, 30, "30 of 100 customers were active then (30.0%, 22% – 40%)."),
    ("in_or_after", False, 10, "30 of 100 customers were active then or later (30.0%, 22% – 40%). This may still rise. "
                               "The 10 last seen of 70 are listed."),
])
def test_a_cell_says_what_it_counts_and_how_many_are_listed(reading, back, listed, words):
    row = {"active": 30, "customers": 100, "value": 0.3, "lower": 0.219, "upper": 0.396, "complete": reading == "in"}
    assert findings.retention.cell(row, reading, listed, back, EN) == words


def test_the_charts_mark_what_may_still_rise_and_leave_the_first_period_out_of_the_curve():
    store = store_of(HAND)
    heat = cohort_heat(cohorts(store, "activity", "month"), EN, "month")
    assert heat.data.groupby("when")["open"].all().to_dict() == {
        "Jan 2025": False, "Feb 2025": False, "Mar 2025": False, "Apr 2025": False, "May 2025": True}
    assert heat.data.loc[heat.data["cohort"] == "2025-01-01", "shown"].tolist() == ["3", "33", "67", "0", "33"]
    assert "Jan 2025 * +1: 33.3%" in heat.alt
    drawn = retention_curve(curve(store, "activity", "month"), TR, "month")
    assert drawn.data["share"].tolist() == ["%40,0", "%40,0", "%0,0"]
    one = retention_curve(curve(store, "activity", "month", breakdown="persona"), EN, "month", lambda key: key or "none")
    assert set(one.data["line"]) == {"none"}


def _visitors(store: Store, *spans: tuple[int, int]) -> None:
    """Two customers for each of these spans of months (0 = January 2025), who are there every 31 days."""
    refill(store, [(2 * place + also, (31 * month + also) * 86_400, "Awareness", "Web", "Web")
                   for place, span in enumerate(spans, start=1) for also in (0, 1) for month in range(*span)])


@pytest.mark.parametrize("spans", [[(0, 4), (-80, 4)], [(0, 4), (2, 60)], [(0, 2)], [(40, 42)]],
                         ids=["earlier", "later", "shorter", "elsewhere"])
@pytest.mark.parametrize("when", ["asked elsewhere first", "while times are read"])
def test_a_commit_beside_a_question_is_told_of_its_own_periods(monkeypatch, when, spans):
    """No period of one version is put to the rows of another: not in this answer, nor in those that follow."""
    store, done = open_store(":memory:"), False
    _visitors(store, (0, 4))
    place, name = (retention_held, "counts") if when == "asked elsewhere first" else (held_steps.Held, "_reader")
    real = getattr(place, name)

    def beside(*given):
        nonlocal done
        if not done:
            done = True
            _visitors(store, *spans)
            if place is retention_held:
                cohorts(store, interval="month")
        return real(*given)

    monkeypatch.setattr(place, name, beside)
    found = [cohorts(store, interval="month") for _ in range(2)]
    with store.noting():
        expected = cohorts(store, interval="month")
    assert done
    for each in found:
        pd.testing.assert_frame_equal(each, expected)
    [row] = expected.query("age == 1").tail(1).itertuples()
    who = customers(store, row.cohort.date(), 1, interval="month")
    assert len(who) == row.active > 0


def test_who_came_back_is_listed_without_those_who_are_gone_meanwhile(monkeypatch):
    store = open_store(":memory:")
    _visitors(store, (0, 4), (0, 5))
    before = customers(store, dt.date(2025, 1, 1), 1, interval="month")
    assert list(before["customer_id"]) == ["c5", "c4", "c3", "c2"]
    real = retention_held.customers

    def undone(*given):
        found = real(*given)
        _visitors(store, (0, 4))
        return found

    monkeypatch.setattr(retention_held, "customers", undone)
    found = customers(store, dt.date(2025, 1, 1), 1, interval="month")
    pd.testing.assert_frame_equal(found, before.tail(2).reset_index(drop=True))
