"""Hand-offs by hand, then against the brute-force twin on random contacts full of ties."""

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
from cx.metrics import handoff
from tests.metrics.stores import refill, store_of
from tests.oracle import handoff as oracle
from tests.oracle.path import STAGES, Row

MANY = settings(max_examples=15 * int(os.environ.get("CX_EXAMPLES", "1")))


def contacts(written: dict[str, str], stage: str = "retention") -> list[dict[str, object]]:
    """{"a": "web@0:order phone@5-"} → rows: channel at an hour since 2025-01-01, :touchpoint, + or - how it felt."""
    rows: list[dict[str, object]] = []
    for who, names in written.items():
        for name in names.split():
            mood = {"+": 1, "-": -1}.get(name[-1])
            channel, _, rest = name.rstrip("+-").partition("@")
            hour, _, touchpoint = rest.partition(":")
            rows.append({"customer": who, "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(hours=int(hour)),
                         "channel": channel, "touchpoint": touchpoint or None, "stage": stage, "emotion": mood})
    return rows


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(contacts({
        "a": "web@0:order+ web@1:order phone@4:order- phone@5:advice-",  # asks the same again on the phone
        "b": "web@0:order phone@72:advice",      # exactly 72 hours still belong together, and something else is asked
        "c": "web@0:order phone@73:order+",      # one hour too late
        "d": "web@0:order+ web@80+ web@81-",     # stays, and comes back later
        "e": "phone@0:order- web@1:advice web@2:order phone@3:advice"})
        + contacts({"a": "phone@2"}, stage="purchase"))  # another stage in between is no hand-off


def kind(frame: pd.DataFrame, which: str) -> pd.DataFrame:
    return frame[frame["kind"] == which].set_index(["key", "to_key"] if which == "pair" else "key")


def test_hand_offs_by_hand(store) -> None:
    frame = handoff.handoffs(store)
    total = kind(frame, "total").iloc[0]
    # moves: a web-web, web-phone, phone-phone; b one; d web-web (81); e three
    assert (total["moves"], total["n"], total["customers"], total["movers"]) == (8, 4, 3, 4)
    assert total["share"] == 0.5
    pairs = kind(frame, "pair")
    assert pairs["n"].to_dict() == {("web", "phone"): 3, ("phone", "web"): 1}
    over = pairs.loc["web", "phone"]
    assert (over["customers"], over["median_seconds"], over["p90_seconds"]) == (
        3, 3 * 3600, pytest.approx(np.quantile([3, 1, 72], 0.9) * 3600))
    assert (over["moves"], over["share"], over["from_share"]) == (8, 3 / 8, 0.5)
    assert (over["net"], over["net_n"]) == (-100, 2)  # a felt bad twice; b and e did not say


def test_staying_is_a_stay_without_any_hand_off(store) -> None:
    over = kind(handoff.handoffs(store), "pair").loc["web", "phone"]
    assert (over["alone_net"], over["alone_n"]) == (pytest.approx(100 / 3), 3)  # d: +, then + and −
    other = kind(handoff.handoffs(store, against="to"), "pair").loc["web", "phone"]
    assert (other["alone_net"], other["alone_n"]) == (100, 1)  # c came straight to the phone
    assert over["difference"] == pytest.approx(-100 - 100 / 3)


def test_repeating_oneself_is_meeting_the_same_touchpoint_again_in_time(store) -> None:
    pairs = kind(handoff.handoffs(store), "pair")
    # web → phone: a (order again), b (advice instead), e (order, then advice: not order); phone → web: e (order at hour 2)
    assert pairs[["repeated", "repeat_n"]].to_dict("index") == {
        ("web", "phone"): {"repeated": 1, "repeat_n": 3}, ("phone", "web"): {"repeated": 1, "repeat_n": 1}}
    listed = handoff.customers(store, "web", "phone").set_index("customer_id")
    assert listed["repeats"].to_dict() == {"a": True, "b": False, "e": False}
    assert listed.loc["a", ["stage", "seconds", "emotion"]].tolist() == ["retention", 3 * 3600, -1]
    assert pd.isna(listed.loc["b", "emotion"])


def test_the_lines_of_an_order_are_one_contact() -> None:
    lines = store_of(contacts({"a": "store@0:order store@0:order store@0:order web@5:visit", "b": "web@1:visit web@9:visit"}))
    total = kind(handoff.handoffs(lines), "total").iloc[0]
    assert (total["moves"], total["n"], total["movers"]) == (2, 1, 2)


def test_a_topic_may_make_it_the_same() -> None:
    rows = contacts({"a": "web@0:x phone@1:y", "b": "web@0:x phone@1:x", "c": "web@0:x phone@1:x"})
    for row, topic in zip(rows, ("bill", "bill", "bill", "parcel", None, "bill"), strict=True):
        row["attributes"] = {"topic": topic} if topic else None
    told = store_of(rows)
    frame = kind(handoff.handoffs(told, same="topic"), "total").iloc[0]
    assert (frame["n"], frame["repeated"], frame["repeat_n"]) == (3, 1, 2)
    assert kind(handoff.handoffs(told), "total").iloc[0]["repeated"] == 2


def test_the_longest_time_is_settable_and_its_end_counts(store) -> None:
    counts = {hours: int(kind(handoff.handoffs(store, dt.timedelta(hours=hours)), "total").iloc[0]["n"])
              for hours in (0, 1, 71, 72, 73)}
    assert counts == {0: 0, 1: 2, 71: 3, 72: 4, 73: 5}


def test_stages_are_told_in_the_order_of_the_model() -> None:
    mixed = store_of(contacts({"a": "web@0 phone@1"}) + contacts({"b": "web@0 web@1 phone@2"}, stage="awareness"))
    stages = kind(handoff.handoffs(mixed), "stage")
    assert list(stages.index) == ["awareness", "retention"]
    assert stages["share"].tolist() == [0.5, 1]
    only = handoff.handoffs(mixed, stage="awareness")
    assert kind(only, "total").iloc[0][["n", "moves"]].tolist() == [1, 2]
    assert handoff.customers(mixed, "web", "phone", stage="awareness")["customer_id"].tolist() == ["b"]


@pytest.mark.parametrize(("chosen", "n"), [
    ({"channel": "phone"}, 2), ({"channel": ("web", "phone"), "own_channel": True}, 4),
    ({"channel": "web", "own_channel": True}, 0), ({"touchpoint": "advice"}, 4), ({"start": "2025-01-02"}, 0),
    ({"end": "2025-01-01"}, 4)])
def test_filters_choose_customers_and_the_period_the_end_of_the_stay(store, chosen, n) -> None:
    assert kind(handoff.handoffs(store, filters=Filters(**chosen)), "total").iloc[0]["n"] == n


def test_a_difference_needs_enough_answers_and_is_tested() -> None:
    written = {f"moved{n}": "web@0 phone@1-" for n in range(40)} | {f"stayed{n}": "web@0+" for n in range(40)}
    pair = kind(handoff.handoffs(store_of(contacts(written))), "pair").iloc[0]
    assert (pair["difference"], pair["significant"], pair["few"]) == (-200, True, False)
    assert pair["p_adjusted"] < 1e-6
    few = kind(handoff.handoffs(store_of(contacts(dict(list(written.items())[20:])))), "pair").iloc[0]
    assert (few["significant"], few["few"]) == (None, True)


def test_nothing_selected_is_undefined_not_zero() -> None:
    frame = handoff.handoffs(open_store(":memory:"))
    assert frame["kind"].tolist() == ["total"]
    assert frame["n"].tolist() == [0]
    assert frame[["share", "median_seconds", "net", "repeat_share"]].isna().all(axis=None)


@pytest.mark.parametrize(("asked", "error"), [
    ({"within": dt.timedelta(-1)}, QueryError), ({"same": "nothing"}, UnknownValue), ({"against": "all"}, UnknownValue),
    ({"stage": "nowhere"}, UnknownValue)])
def test_a_question_without_a_meaning_is_refused(store, asked, error) -> None:
    with pytest.raises(error):
        handoff.handoffs(store, **asked)


# --- the twin ---


@pytest.fixture(scope="module")
def empty() -> Store:
    return open_store(":memory:")


@st.composite
def random_rows(draw: st.DrawFn) -> list[Row]:
    row = st.tuples(st.integers(1, 6), st.integers(0, 9), st.sampled_from((*STAGES[:2], None)),
                    st.sampled_from(("A", "B", None)), st.sampled_from(("x", "y", "z", None)))
    return draw(st.lists(row, min_size=8, max_size=60))


@MANY
@given(rows=random_rows(), within=st.integers(0, 4), against=st.sampled_from(("from", "to")),
       begin=st.sampled_from((None, 3)))
def test_the_twin_agrees(empty, rows, within, against, begin) -> None:
    refill(empty, [(who, day * 86400, *rest) for who, day, *rest in rows])
    with empty.write() as cursor:
        cursor.execute("UPDATE interactions SET emotion = nullif((interaction_id * 7) % 4 - 1, 2)")
    emotions = [None if (each := (number * 7) % 4 - 1) == 2 else each for number in range(1, len(rows) + 1)]
    filters = Filters() if begin is None else Filters(start=dt.date(2025, 1, 1) + dt.timedelta(days=begin))
    frame = handoff.handoffs(empty, dt.timedelta(days=within), against=against, filters=filters)
    found, _ = oracle.stays(rows, within)
    found = [stay for stay in found if begin is None or rows[stay.rows[-1]][1] >= begin]

    def net(stays: list[oracle.Stay]) -> tuple[float, int]:
        known = [emotions[number] for stay in stays for number in stay.rows if emotions[number] is not None]
        return (100 * sum(known) / len(known) if known else np.nan), len(known)

    moved = [stay for stay in found if stay.to]
    total = kind(frame, "total").iloc[0]
    assert (total["n"], total["moves"]) == (len(moved), len(moved) + sum(
        len({rows[number][1] for number in stay.rows}) - 1 for stay in found))
    assert total["customers"] == len({stay.customer for stay in moved})
    assert total["movers"] == len({stay.customer for stay in found
                                   if stay.to or len({rows[number][1] for number in stay.rows}) > 1})
    if begin is None:
        assert total["moves"] == len(oracle.stays(rows, within)[1])
    pairs = kind(frame, "pair")
    assert set(pairs.index) == {(stay.channel, stay.to.channel) for stay in moved}
    for (one, two), pair in pairs.iterrows():
        these = [stay for stay in moved if (stay.channel, stay.to.channel) == (one, two)]
        gaps = [(rows[stay.to.rows[0]][1] - rows[stay.rows[-1]][1]) * 86400 for stay in these]
        told = [stay.repeats for stay in these if stay.repeats is not None]
        assert (pair["n"], pair["customers"]) == (len(these), len({stay.customer for stay in these}))
        assert pair[["median_seconds", "p90_seconds"]].tolist() == pytest.approx(np.quantile(gaps, [0.5, 0.9]).tolist())
        assert (pair["repeated"], pair["repeat_n"]) == (sum(told), len(told))
        alone = [stay for stay in found if not stay.to and not stay.came
                 and stay.channel == (one if against == "from" else two)]
        assert (pair["net"], pair["net_n"]) == pytest.approx(net([stay.to for stay in these]), nan_ok=True)
        assert (pair["alone_net"], pair["alone_n"]) == pytest.approx(net(alone), nan_ok=True)
        assert len(handoff.customers(empty, one, two, dt.timedelta(days=within), filters=filters)) == len(these)


def test_among_fourteen_channels_twelve_have_a_row_and_none_is_lost() -> None:
    """Channel 1 hands over to each of the others, more often to the first ones; each of them back."""
    names = [f"channel {n:02}" for n in range(1, 15)]
    rows = [each for place, name in enumerate(names[1:]) for number in range(14 - place)
            for each in contacts({f"{name} {number}": f"{names[0]}@0 {name}@1 {names[0]}@2".replace("channel ", "channel-")})]
    found = handoff.handoffs(store_of(rows))
    matrix = handoff.matrix(found)
    pairs, channels = kind(found, "pair"), kind(found, "channel")
    assert len(pairs) == 26
    named = sorted(set(matrix["from_key"]) - {""})
    assert named == [f"channel-{n:02}" for n in range(1, 13)]
    assert matrix["n"].sum() == pairs["n"].sum() == 2 * sum(range(2, 15))
    for line in matrix.to_dict("records"):
        gathered = {"": ["channel-13", "channel-14"]}
        here, there = (gathered.get(line[f"{side}_key"], [line[f"{side}_key"]]) for side in ("from", "to"))
        assert line["n"] == sum(pairs["n"].get((one, other), 0) for one in here for other in there)
        assert line["from_n"] == channels.loc[here, "moves"].sum()
        assert line["from_kind"] == ("value" if line["from_key"] else "other")
