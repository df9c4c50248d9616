"""Repeat contacts and first-contact resolution by hand, then against the brute-force twin."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, Store, open_store
from cx.errors import QueryError, UnknownValue
from cx.metrics import repeat
from tests.metrics.stores import refill, store_of
from tests.oracle import handoff as oracle
from tests.oracle.path import STAGES, Row

MANY = settings(max_examples=15 * int(os.environ.get("CX_EXAMPLES", "1")))


def call(who: str, day: int, touchpoint: str = "call", channel: str = "phone", **more: object) -> dict[str, object]:
    return {"customer": who, "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(days=day), "touchpoint": touchpoint,
            "channel": channel, "stage": "retention", **more}


ROWS = [
    call("a", 0, wait_seconds=10), call("a", 7, wait_seconds=10), call("a", 15, channel="chat"),
    call("b", 0, is_complaint=True), call("b", 3, "chat", "web", wait_seconds=5),  # something else: no repeat
    call("c", 20, wait_seconds=10), call("c", 22, csat=5, csat_max=5),  # the survey about the call is no call
    call("d", 28, wait_seconds=10),  # its week has not run out
    call("d", 1, "page", "web"), call("e", 31, "page", "web")]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(ROWS)


def rows_of(frame: pd.DataFrame, *columns: str) -> dict[str, list[object]]:
    return {row["key"] or row["kind"]: [row[name] for name in columns] for row in frame.to_dict("records")}


def test_touchpoints_with_waiting_or_complaints_or_by_phone_are_contacts(store) -> None:
    assert repeat.service_touchpoints(store) == ["call", "chat"]
    plain = store_of([call("a", 0, "Görüşme", "Telefon"), call("a", 1, "page", "web"), call("b", 1, "talk", "Live chat"),
                      *(call("b", day, "delivery", "web", is_complaint=day == 0) for day in range(6))])
    assert repeat.service_touchpoints(plain) == ["görüşme", "talk"]  # one complaint in six is no service desk


def test_repeats_by_hand(store) -> None:
    frame = repeat.repeats(store)
    # calls: a on days 0, 7 (a repeat: a week, its end included), 15 (8 days later: none); b, c, d one each
    assert rows_of(frame, "contacts", "repeats", "customers", "repeat_customers") == {
        "total": [7, 1, 4, 1], "call": [6, 1, 4, 1], "chat": [1, 0, 1, 0]}
    total = frame.iloc[0]
    assert (total["share"], total["median_seconds"]) == (1 / 7, 7 * 86400)
    assert total["lower"] < 1 / 7 < total["upper"]
    assert rows_of(repeat.repeats(store, by="channel"), "contacts", "repeats")["phone"] == [5, 1]


def test_silence_counts_as_resolved_once_its_time_has_run_out(store) -> None:
    frame = rows_of(repeat.repeats(store), "firsts", "implied_n", "implied")
    # first calls: a 0 (came back), a 15, b, c, d (the data ends 3 days later: not settled)
    assert frame["call"] == [5, 4, 0.75]
    assert frame["chat"] == [1, 1, 1]


def test_a_column_that_says_resolved_is_believed() -> None:
    rows = [call("a", 0, attributes={"Çözüldü mü?": "Evet"}), call("b", 0, attributes={"Çözüldü mü?": "Hayır"}),
            call("b", 2, attributes={"Çözüldü mü?": "evet"}), call("c", 0), call("d", 60, "page", "web")]
    told = store_of(rows)
    assert repeat.resolution_column(told) == "çözüldü mü?"
    assert rows_of(repeat.repeats(told), "told", "told_n", "implied")["total"] == [0.5, 2, pytest.approx(2 / 3)]
    of_customer = store_of([call("a", 0), call("b", 1)], customer_attributes={"a": {"Resolved": "yes"},
                                                                               "b": {"Resolved": "open"}})
    assert repeat.repeats(of_customer).iloc[0]["told"] == 0.5


def test_a_third_answer_is_left_out() -> None:
    said = ["Yes", "No", "Yes", "Abandoned", "Yes", "No"]
    told = store_of([call(f"c{at}", at, attributes={"Resolved?": each}) for at, each in enumerate(said)])
    assert repeat.resolution_column(told) == "resolved?"
    assert rows_of(repeat.repeats(told), "told", "told_n")["total"] == [0.6, 5]


@pytest.mark.parametrize("values", [("2025-01-03", "2025-01-04"), ("Yes", "perhaps")])
def test_a_column_that_says_something_else_is_not(values) -> None:
    other = store_of([call("a", day, attributes={"Resolved": value}) for day, value in enumerate(values)])
    assert repeat.resolution_column(other) is None
    assert repeat.repeats(other)["told"].isna().all()


def test_a_topic_may_make_it_the_same_thing() -> None:
    topics = store_of([call("a", 0, attributes={"topic": "bill"}), call("a", 1, "mail", "phone", attributes={"topic": "bill"}),
                       call("a", 2, attributes={"topic": "parcel"}), call("a", 3)])
    frame = repeat.repeats(topics, ["call", "mail"], same="topic", by="topic")
    assert rows_of(frame, "contacts", "repeats") == {"total": [3, 1], "bill": [2, 1], "parcel": [1, 0]}


def test_the_period_chooses_contacts_and_looks_beyond_its_edges(store) -> None:
    frame = repeat.repeats(store, filters=Filters(start="2025-01-08", end="2025-01-08"))
    assert rows_of(frame, "contacts", "repeats")["total"] == [1, 1]
    first = repeat.repeats(store, filters=Filters(end="2025-01-01"))
    assert rows_of(first, "implied_n", "implied")["total"] == [2, 0.5]


def test_who_comes_back_is_listed(store) -> None:
    assert repeat.customers(store)[["customer_id", "contacts", "repeats"]].to_numpy().tolist() == [["a", 3, 1]]


def test_a_part_is_compared_with_the_rest() -> None:
    rows = [call(f"c{n}", day, "bad") for n in range(40) for day in (0, 1)]
    rows += [call(f"c{n}", 0, "good") for n in range(40)]
    frame = repeat.repeats(store_of(rows)).set_index("key")
    assert frame.loc["bad", ["difference", "significant"]].tolist() == [0.5, True]
    assert frame.loc["good", "difference"] == -0.5


def test_nobody_is_no_rows() -> None:
    nothing = open_store(":memory:")
    assert repeat.repeats(nothing).empty
    assert repeat.customers(nothing).empty
    far = Filters(start="2001-01-01", end="2001-01-02")
    assert repeat.repeats(store_of(ROWS), filters=far).empty


@pytest.mark.parametrize(("asked", "error"), [
    ({"within": dt.timedelta(-1)}, QueryError), ({"touchpoints": ["nowhere"]}, UnknownValue),
    ({"same": "nothing"}, UnknownValue), ({"by": "nothing"}, UnknownValue)])
def test_a_question_without_a_meaning_is_refused(store, asked, error) -> None:
    with pytest.raises(error):
        repeat.repeats(store, **asked)


# --- the twin ---


@pytest.fixture(scope="module")
def empty() -> Store:
    return open_store(":memory:")


@st.composite
def random_rows(draw: st.DrawFn) -> list[Row]:
    row = st.tuples(st.integers(1, 6), st.integers(0, 9), st.sampled_from((STAGES[3], None)),
                    st.sampled_from(("A", "B", None)), st.sampled_from(("x", "y", None)))
    return draw(st.lists(row, min_size=8, max_size=60))


@MANY
@given(rows=random_rows(), within=st.integers(0, 4), chosen=st.sampled_from((("A",), ("A", "B"))),
       begin=st.sampled_from((None, 3)))
def test_the_twin_agrees(empty, rows, within, chosen, begin) -> None:
    refill(empty, [(who, day * 86400, *rest) for who, day, *rest in rows])
    with empty.write() as cursor:
        cursor.execute("UPDATE interactions SET wait_seconds = CASE WHEN interaction_id % 3 = 0 THEN 5 END, "
                       "nps = CASE WHEN interaction_id % 4 < 2 THEN 9 END")
    served = {number for number in range(len(rows)) if (number + 1) % 3 == 0}
    desks = {rows[number][3] for number in served}
    answers = frozenset(number for number in range(len(rows)) if (number + 1) % 4 < 2 and number not in served
                        and rows[number][3] in desks)
    filters = Filters() if begin is None else Filters(start=dt.date(2025, 1, 1) + dt.timedelta(days=begin))
    known = [name for name in chosen if any(row[3] == name for row in rows)]
    if not known:
        return
    frame = repeat.repeats(empty, known, within=dt.timedelta(days=within), by="channel", filters=filters)
    found = [each for each in oracle.contacts(rows, known, within, answers)
             if begin is None or rows[each.row][1] >= begin]
    told = frame[frame["kind"] == "part"].set_index("key")
    assert set(told.index) == {rows[each.row][4] or "" for each in found}
    for key, part in [*told.iterrows(), *([(None, frame.iloc[0])] if found else [])]:
        these = [each for each in found if key is None or (rows[each.row][4] or "") == key]
        settled = [each for each in these if not each.again and each.settled]
        assert (part["contacts"], part["repeats"]) == (len(these), sum(each.again for each in these))
        assert (part["customers"], part["repeat_customers"]) == (
            len({rows[each.row][0] for each in these}), len({rows[each.row][0] for each in these if each.again}))
        assert (part["firsts"], part["implied_n"]) == (sum(not each.again for each in these), len(settled))
        assert part["implied"] == pytest.approx(np.mean([not each.followed for each in settled]) if settled else np.nan,
                                                nan_ok=True)
        gaps = [each.since * 86400 for each in these if each.again]
        assert part["median_seconds"] == pytest.approx(np.median(gaps) if gaps else np.nan, nan_ok=True)
