"""Paths by hand, then against the brute-force twin on random journeys full of ties, repeats and pauses."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, Store, findings, open_store
from cx.charts.path import path_flow
from cx.errors import QueryError, UnknownValue
from cx.language import language
from cx.metrics import path, path_variants
from cx.store import derive
from tests.metrics.stores import refill, store_of
from tests.oracle import path as oracle

MANY = settings(max_examples=35 * int(os.environ.get("CX_EXAMPLES", "1")))
STAGE_OF = {"ad": "awareness", "shop": "consideration", "till": "purchase", "help": "retention"}


def _journeys(written: dict[str, str]) -> list[dict[str, object]]:
    """{"a": "ad shop till"} → rows, an hour apart, from 2025-01-01; "=" before a name means at the same time."""
    rows: list[dict[str, object]] = []
    for who, names in written.items():
        hour = -1
        for name in names.split():
            hour += not name.startswith("=")
            name = name.lstrip("=")
            mood = {"+": 1, "-": -1}.get(name[-1])
            name = name.rstrip("+-")
            rows.append({"customer": who, "occurred_at": f"2025-01-01 {hour:02d}:00", "touchpoint": name,
                         "stage": STAGE_OF[name], "emotion": mood, "channel": "web" if name == "shop" else "phone"})
    return rows


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(_journeys({"a": "ad shop till help", "b": "ad ad shop", "c": "shop- till- shop+ till",
                               "d": "ad", "e": "help ad till"}))


def _flow(frame: pd.DataFrame) -> dict[tuple[object, ...], int]:
    return {(row["from_step"], row["from_key"] or row["from_kind"], row["to_key"] or row["to_kind"]): row["n"]
            for row in frame.to_dict("records")}


def test_what_comes_after_the_first_occurrence(store) -> None:
    frame = path.flows(store, anchor="shop", depth=2)
    assert _flow(frame) == {(0, "shop", "till"): 2, (0, "shop", "end"): 1, (1, "till", "help"): 1, (1, "till", "shop"): 1,
                            (1, "end", "end"): 1}
    assert (frame["total"] == 3).all()
    places = path.places(frame)
    after = places[places["step"] == 1].set_index("kind")
    assert after.loc["value", ["key", "n"]].tolist() == ["till", 2]
    assert after.loc["value", "share"] == pytest.approx(2 / 3)
    assert after.loc["value", ["lower", "upper"]].tolist() == pytest.approx([0.2077, 0.9385], abs=1e-4)
    assert after.loc["end", "n"] == 1


@pytest.mark.parametrize(("asked", "who"), [
    ({"step": 0, "key": "shop", "anchor": "shop"}, "abc"), ({"step": 1, "key": "till", "anchor": "shop"}, "ac"),
    ({"step": 0, "key": "shop", "then": "till", "anchor": "shop"}, "ac"),
    ({"step": 0, "key": "shop", "then": "", "anchor": "shop"}, "b"),
    ({"step": 1, "key": "till", "then": "shop", "anchor": "shop"}, "c"),
    ({"step": -1, "key": "ad", "anchor": "shop", "direction": "before"}, "ab"),
    ({"step": 1, "key": "ad"}, "abd"), ({"step": 1, "key": "ad", "then": ""}, "d"),
    ({"step": -1, "key": "till", "direction": "before"}, "ce"), ({"step": 5, "key": "ad"}, ""),
    ({"step": 2, "key": "ad", "collapse": False}, "be")])
def test_who_is_behind_a_place_or_a_flow(store, asked, who) -> None:
    found = path.customers(store, **asked)
    assert sorted(found["customer_id"]) == list(who)
    assert found["last_at"].is_monotonic_decreasing


@pytest.mark.parametrize("direction", ["after", "before"])
def test_as_many_customers_as_every_flow_says(store, direction) -> None:
    asked = {"anchor": "shop", "direction": direction}
    named = path.flows(store, depth=3, **asked)
    named = named[(named["from_kind"] == "value") & named["to_kind"].isin(["value", "end"])]
    assert len(named)
    for row in named.to_dict("records"):
        assert len(path.customers(store, row["from_step"], row["from_key"], row["to_key"], **asked)) == row["n"]


def test_what_comes_before(store) -> None:
    assert _flow(path.flows(store, anchor="Till", direction="before", depth=2)) == {
        (-1, "shop", "till"): 2, (-1, "ad", "till"): 1, (-2, "ad", "shop"): 1, (-2, "help", "ad"): 1,
        (-2, "start", "shop"): 1}


def test_around_is_before_and_after(store) -> None:
    around = _flow(path.flows(store, anchor="till", direction="around", depth=2))
    assert around == {**_flow(path.flows(store, anchor="till", direction="before", depth=2)),
                      **_flow(path.flows(store, anchor="till", direction="after", depth=2))}


def test_from_the_start_the_rest_is_other_and_everything_adds_up(store) -> None:
    frame = path.flows(store, depth=2, top=1)
    assert _flow(frame) == {(1, "ad", "shop"): 2, (1, "ad", "end"): 1, (1, "other", "other"): 2}
    assert path.places(frame).groupby("step")["share"].sum().tolist() == pytest.approx([1, 1])


def test_back_from_the_end(store) -> None:
    assert _flow(path.flows(store, by="stage", direction="before", depth=2)) == {
        (-2, "consideration", "purchase"): 1, (-2, "purchase", "retention"): 1, (-2, "awareness", "consideration"): 1,
        (-2, "awareness", "purchase"): 1, (-2, "start", "awareness"): 1}


def test_repeats_are_one_step_unless_kept(store) -> None:
    assert (1, "ad", "ad") not in _flow(path.flows(store, depth=2))
    assert _flow(path.flows(store, depth=2, collapse=False))[1, "ad", "ad"] == 1


def test_equal_times_follow_the_model_then_the_file() -> None:
    tied = store_of([*_journeys({"a": "till =shop =ad"}),
                     {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "y", "stage": "purchase"},
                     {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "x", "stage": "purchase"},
                     {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "z"}])
    ways = path_variants.variants(tied, by="touchpoint")
    assert set(ways["keys"]) == {("ad", "shop", "till"), ("y", "x", "z")}


def test_a_pause_longer_than_the_limit_starts_a_session(store) -> None:
    hour = dt.timedelta(hours=1)
    assert path.counted(store, unit="session") == (15, 5, 0)
    assert path.counted(store, unit="session", pause=hour) == (5, 5, 0)
    frame = path.flows(store, unit="session", depth=2)
    assert frame["total"].iloc[0] == 15
    assert path.flows(store, unit="session", pause=hour).equals(path.flows(store))


def test_interactions_without_the_value_are_no_step_and_are_counted() -> None:
    some = store_of([{"customer": "a", "occurred_at": "2025-01-01", "touchpoint": "ad"},
                     {"customer": "a", "occurred_at": "2025-01-02", "channel": "web"},
                     {"customer": "a", "occurred_at": "2025-01-03", "touchpoint": "ad"},
                     {"customer": "b", "occurred_at": "2025-01-02", "channel": "web"},
                     {"customer": "c", "touchpoint": "ad"}, {"occurred_at": "2025-01-02", "touchpoint": "ad"}])
    assert path.counted(some) == (1, 1, 2)
    assert _flow(path.flows(some, depth=2)) == {(1, "ad", "end"): 1}


def test_the_matrix_by_hand(store) -> None:
    frame = path.transitions(store, by="stage")
    cells = {(row["from_key"], row["to_key"] or row["to_kind"]): (row["n"], row["from_n"])
             for row in frame.to_dict("records")}
    assert cells == {
        ("awareness", "consideration"): (2, 4), ("awareness", "purchase"): (1, 4), ("awareness", "end"): (1, 4),
        ("consideration", "purchase"): (3, 4), ("consideration", "end"): (1, 4), ("purchase", "consideration"): (1, 4),
        ("purchase", "retention"): (1, 4), ("purchase", "end"): (2, 4), ("retention", "awareness"): (1, 2),
        ("retention", "end"): (1, 2)}
    assert frame.groupby("from_key")["share"].sum().tolist() == pytest.approx([1, 1, 1, 1])
    few = path.transitions(store, by="stage", top=2)
    assert few["n"].sum() == frame["n"].sum()
    assert few["from_kind"].unique().tolist() == ["value", "other"]


def test_the_most_frequent_ways_by_hand(store) -> None:
    frame = path_variants.variants(store, by="stage", length=3, most=2)
    assert frame["kind"].tolist() == ["variant", "variant", "other"]
    assert frame["n"].sum() == frame["total"].iloc[0] == 5
    assert frame["variants"].tolist() == [1, 1, 3]
    every = path_variants.variants(store, by="stage", length=3).set_index("keys")
    back = every.loc[[("consideration", "purchase", "consideration")]].iloc[0]
    assert (back["n"], back["longer"], back["converted"], back["net_n"]) == (1, True, 1, 3)
    assert (back["conversion"], back["net"]) == (1, pytest.approx(-100 / 3))
    only = every.loc[[("awareness",)]].iloc[0]
    assert (only["n"], only["converted"], only["conversion"]) == (1, 0, 0)
    assert pd.isna(only["net"])


def test_conversion_is_undefined_without_a_stage_before_the_purchase() -> None:
    frame = path_variants.variants(store_of(_journeys({"a": "till till"})))
    assert frame["conversion"].isna().all()
    assert frame["converted"].isna().all()


def test_who_goes_back_by_hand(store) -> None:
    frame = path_variants.returns(store).set_index("what")
    assert frame[["n", "of"]].to_dict("index") == {"stage": {"n": 2, "of": 5}, "touchpoint": {"n": 1, "of": 5}}
    frame = path_variants.loops(store)
    assert frame[["key", "through_key", "n", "times", "total"]].to_numpy().tolist() == [
        ["shop", "till", 1, 1, 5], ["till", "shop", 1, 1, 5]]
    assert frame["net"].tolist() == [0, 100]
    assert frame["net_n"].tolist() == [2, 1]


@pytest.mark.parametrize(("chosen", "customers"), [
    ({"channel": "web"}, 1), ({"channel": "web", "own_channel": True}, 3), ({"touchpoint": "help"}, 2),
    ({"start": "2025-01-01", "end": "2025-01-01"}, 5), ({"start": "2025-01-02"}, 0)])
def test_filters_choose_journeys_whole(store, chosen, customers) -> None:
    filters = Filters(**chosen)
    assert path.counted(store, filters=filters)[0] == customers
    frame = path.flows(store, filters=filters)
    assert (frame["total"] == customers).all()
    if chosen == {"channel": "web", "own_channel": True}:
        assert set(frame["from_key"]) == {"shop", ""}


def test_the_period_chooses_by_the_start() -> None:
    crossing = store_of([{"customer": "a", "occurred_at": moment, "touchpoint": name} for moment, name in (
        ("2025-01-01 23:50", "ad"), ("2025-01-02 00:10", "shop"), ("2025-01-02 12:00", "till"))])
    second = Filters(start="2025-01-02")
    assert path.counted(crossing, filters=second)[0] == 0
    assert path.counted(crossing, unit="session", filters=second)[0] == 1
    assert set(path.flows(crossing, unit="session", filters=second)["from_key"]) == {"till", ""}


def test_nothing_selected_is_empty(store) -> None:
    nothing = Filters(start="2020-01-01", end="2020-01-02")
    for which in (store, open_store(":memory:")):
        for unit in ("customer", "session"):
            assert path.counted(which, unit=unit, filters=nothing) == (0, 0, 0)
            assert path.flows(which, unit=unit, filters=nothing).empty
            assert path.places(path.flows(which, unit=unit, filters=nothing)).empty
            assert path.transitions(which, unit=unit, filters=nothing).empty
            assert path_variants.variants(which, unit=unit, filters=nothing).empty
            assert path_variants.loops(which, unit=unit, filters=nothing).empty
            back = path_variants.returns(which, unit, filters=nothing)
            assert back["of"].tolist() == [0, 0]
            assert back["share"].isna().all()


@pytest.mark.parametrize(("asked", "error"), [
    ({"by": "persona"}, UnknownValue), ({"anchor": "shopp"}, UnknownValue), ({"unit": "week"}, UnknownValue),
    ({"direction": "up"}, UnknownValue), ({"depth": 1}, QueryError), ({"depth": 7}, QueryError),
    ({"direction": "around"}, QueryError), ({"anchor": []}, QueryError), ({"pause": dt.timedelta(-1)}, QueryError)])
def test_a_question_without_a_meaning_is_refused(store, asked, error) -> None:
    with pytest.raises(error):
        path.flows(store, **asked)


def test_sequences_have_a_length_that_is_accepted(store) -> None:
    with pytest.raises(QueryError):
        path_variants.variants(store, length=13)


# --- what is said and drawn ---


@pytest.mark.parametrize(("anchor", "direction", "said"), [
    (None, "after", "Most often the first step is ad (60%)."), (None, "before", "Most often the last step is till (40%)."),
    ("shop", "after", "After shop, 67% go on to till; 33% end there."),
    ("shop", "before", "67% come to shop from ad; 33% start there."), ("ad", "before", "25% come to ad from help; 75% start there."),
    ("help", "around", "50% come to help from till; 50% start there. After help, 50% go on to ad; 50% end there.")])
def test_the_sentence_is_true(store, anchor, direction, said) -> None:
    places = path.places(path.flows(store, anchor=anchor, direction=direction))
    assert findings.path.flow(places, language("en"), lambda key: key, anchor, direction) == said


def test_names_from_data_are_drawn_as_the_characters_they_are() -> None:
    named = store_of([{"customer": "a", "occurred_at": "2025-01-01", "touchpoint": "{c} <b>x</b>"}])
    frame = path.flows(named)
    drawn = path_flow(frame, language("en"), lambda key: "{c} <b>x</b>", "light", "customers")
    node = drawn.option["series"][0]["data"][0]
    assert "{c}" not in node["label"]["formatter"]
    assert node["label"]["formatter"].replace("\u2060", "") == "{c} <b>x</b>  100%"
    assert "{c}" not in node["tooltip"]["formatter"]
    assert "&lt;b&gt;" in node["tooltip"]["formatter"]


def test_what_flows_into_a_place_flows_out_again(store) -> None:
    series = path_flow(path.flows(store, depth=4), language("en"), str, "dark", "customers").option["series"][0]
    for node in series["data"]:
        into = sum(link["value"] for link in series["links"] if link["target"] == node["id"])
        out = sum(link["value"] for link in series["links"] if link["source"] == node["id"])
        assert into == out or 0 in (into, out)


# --- the twin ---


@pytest.fixture(scope="module")
def empty() -> Store:
    return open_store(":memory:")


@st.composite
def journeys(draw: st.DrawFn) -> list[oracle.Row]:
    """Rows of a few customers in load order, times out of order and often equal."""
    row = st.tuples(st.integers(1, 5), st.integers(0, 12), st.sampled_from((*oracle.STAGES[:4], "elsewhere", None)),
                    st.sampled_from(("A", "B", "C", None)), st.sampled_from(("x", "y", None)))
    return draw(st.lists(row, min_size=4, max_size=28))


@MANY
@given(rows=journeys(), by=st.sampled_from(("stage", "touchpoint", "channel")), pause=st.sampled_from((None, 0, 1, 3)),
       collapse=st.booleans(), begin=st.sampled_from((None, 0, 2)), anchored=st.integers(0, 3), depth=st.integers(2, 4),
       direction=st.sampled_from(("after", "before", "around")), top=st.integers(1, 3), length=st.integers(1, 5))
def test_the_twin_agrees(empty, rows, by, pause, collapse, begin, anchored, depth, direction, top, length) -> None:
    refill(empty, rows)
    with empty.write() as cursor:
        cursor.execute("UPDATE interactions SET emotion = nullif((interaction_id * 7) % 4 - 1, 2)")
        derive.rebuild(cursor)
    emotions = [None if (each := (number * 7) % 4 - 1) == 2 else each for number in range(1, len(rows) + 1)]
    found = oracle.units(rows, by, pause, collapse, begin)
    how = {"unit": "customer" if pause is None else "session", "pause": dt.timedelta(seconds=pause or 0),
           "filters": Filters()}
    if begin is not None:  # days, where the twin has seconds
        rows = [(who, second * 86400, *rest) for who, second, *rest in rows]
        refill(empty, rows)
        with empty.write() as cursor:
            cursor.execute("UPDATE interactions SET emotion = nullif((interaction_id * 7) % 4 - 1, 2)")
            derive.rebuild(cursor)
        how |= {"pause": dt.timedelta(days=pause or 0),
                "filters": Filters(start=dt.date(2025, 1, 1) + dt.timedelta(days=begin))}
    known = sorted({value for unit in found for value, _ in unit.steps})
    anchor = known[anchored - 1].lower() if 0 < anchored <= len(known) else None
    if anchor is not None or direction != "around":
        frame = path.flows(empty, by=by, anchor=anchor, direction=direction, depth=depth, top=top, collapse=collapse,
                           **how)
        lower = [oracle.Unit(unit.customer, [(value.lower(), numbers) for value, numbers in unit.steps], unit.rows)
                 for unit in found]
        expected = oracle.flows(lower, anchor, direction, depth, top)
        assert {tuple(row) for row in frame[["from_step", "from_kind", "from_key", "to_kind", "to_key", "n"]].to_numpy()
                } == {(*key, n) for key, n in expected.items()}
        assert frame.groupby("from_step")["n"].sum().eq(frame["total"].max()).all()
        assert path.places(frame).groupby("step")["n"].sum().eq(frame["total"].max()).all()

    matrix = path.transitions(empty, by=by, collapse=collapse, **how)
    written = {key: key if by == "stage" else key.upper() if by == "touchpoint" else key for key in
               [*matrix["from_key"], *matrix["to_key"]]}
    assert {(written[row["from_key"]], written[row["to_key"]]): row["n"] for row in matrix.to_dict("records")
            } == oracle.transitions(found)

    ways = path_variants.variants(empty, by=by, length=length, most=1000, collapse=collapse, **how)
    counts = oracle.variants(found, rows, length, emotions)
    assert {(row["keys" if by == "stage" else "labels"], row["longer"]): (row["n"], row["net_n"])
            for row in ways.to_dict("records")} == {key: (parts[0], parts[4]) for key, parts in counts.items()}
    for row in ways.to_dict("records"):
        _, converted, plus, minus, felt = counts[row["keys" if by == "stage" else "labels"], row["longer"]]
        if not pd.isna(row["converted"]):
            assert row["converted"] == converted
        if felt:
            assert row["net"] == pytest.approx(100 * (plus - minus) / felt)

    folded = oracle.units(rows if begin is None else [(who, second // 86400, *rest) for who, second, *rest in rows], by,
                          pause, True, begin)
    turns = oracle.loops(folded, emotions)
    names = ["key", "through_key"] if by == "stage" else ["label", "through_label"]
    loops = path_variants.loops(empty, by=by, most=1000, **how)
    assert {tuple(row[name] for name in names): (row["n"], row["times"], row["net_n"])
            for row in loops.to_dict("records")} == {key: (n, times, felt) for key, (n, times, _, _, felt)
                                                     in turns.items()}
    if by != "channel":
        back = path_variants.returns(empty, how["unit"], how["pause"], how["filters"]).set_index("what").loc[by]
        with_steps = [unit for unit in folded if unit.steps]
        assert (back["n"], back["of"]) == (sum(oracle.goes_back(unit, by) for unit in with_steps), len(with_steps))
