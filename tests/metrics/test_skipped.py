"""Stages that customers pass by, and leaving one out of the funnel: by hand, and against a brute-force twin."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx import Filters, Store, findings, intake, open_store
from cx.errors import QueryError, UnknownValue
from cx.lake.build import _Build
from cx.language import language
from cx.metrics.cells import conversion_step
from cx.metrics.dimension import stages_in_use
from cx.metrics.funnel import funnel
from cx.metrics.kpi import kpis
from cx.metrics.skipped import _of_file, left_out, skipped, told
from cx.store import journey_model
from cx.store.check import check
from tests.metrics.stores import refill, store_of
from tests.metrics.test_funnel_oracle import MANY, START, journeys

STAGES = ("awareness", "consideration", "purchase", "retention")
DAY = dt.timedelta(days=1)


def _rows(who: str, *stages: str, day: int = 0) -> list[dict[str, object]]:
    """A customer with an interaction a day in these stages."""
    return [{"customer": who, "occurred_at": START + (day + place) * DAY, "stage": stage}
            for place, stage in enumerate(stages)]


def _ten() -> list[dict[str, object]]:
    """Ten buyers of whom seven were never in consideration, one only after buying, and one more who never bought."""
    rows = _rows("a0", "awareness", "consideration", "purchase") + _rows("a1", "awareness", "consideration", "purchase")
    for number in range(7):
        rows += _rows(f"b{number}", "awareness", "purchase")
    return rows + _rows("late", "awareness", "purchase", "consideration") + _rows("none", "awareness")


def test_buyers_who_were_never_in_a_stage_are_counted_by_hand() -> None:
    store = store_of(_ten())
    [first, second] = skipped(store).to_dict("records")
    assert first == {"stage": "awareness", "position": 1, "goal": "purchase", "came": 10, "skipped": 0}
    assert second == {"stage": "consideration", "position": 2, "goal": "purchase", "came": 10, "skipped": 7}
    assert told(store)["stage"].tolist() == ["consideration"]
    assert funnel(store)["reached"].tolist() == [11, 3, 2]


def test_who_never_entered_is_told_of_the_first_stage() -> None:
    store = store_of([*_rows("a", "awareness", "purchase"), *_rows("b", "purchase"), *_rows("c", "purchase")])
    assert skipped(store)[["came", "skipped"]].to_numpy().tolist() == [[3, 2]]


def test_a_stage_behind_the_purchase_is_passed_by_on_the_way_to_the_last_one() -> None:
    store = store_of([*_rows("a", "awareness", "purchase", "retention", "advocacy"),
                      *_rows("b", "awareness", "purchase", "advocacy"), *_rows("c", "awareness", "purchase")])
    assert skipped(store).to_dict("list") == {
        "stage": ["awareness", "purchase", "retention"], "position": [1, 2, 3],
        "goal": ["purchase", "advocacy", "advocacy"], "came": [3, 2, 2], "skipped": [0, 0, 1]}


def test_the_period_chooses_who_entered_and_filters_whom() -> None:
    rows = [{**row, "persona": "P"} for row in _rows("a", "awareness", "purchase")]
    rows += _rows("b", "awareness", "consideration", "purchase", day=40) + _rows("c", "awareness", "purchase", day=40)
    store = store_of(rows)
    february = Filters(start=dt.date(2025, 2, 1), end=dt.date(2025, 2, 28))
    assert skipped(store, february)[["came", "skipped"]].to_numpy().tolist() == [[2, 0], [2, 1]]
    assert skipped(store, Filters(persona=("p",)))[["came", "skipped"]].to_numpy().tolist() == [[1, 0], [1, 1]]
    assert told(store, Filters(stage=("purchase",))).empty, "they are chosen by what they reached"
    assert told(open_store(":memory:")).empty


@MANY
@given(data=journeys(STAGES), period=st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(3, 6))))
def test_both_roads_equal_the_brute_force_twin(passing, data, period) -> None:
    refill(passing, [(number, second, name, None, channel) for number, journey in enumerate(data)
                     for second, name, channel in journey], unit="D")
    days = [START.date() + each * DAY for each in period] if period else (None, None)
    filters = Filters(start=days[0], end=days[1])
    used = [stage for stage in STAGES if any(name == stage for journey in data for _, name, _ in journey)]
    bought = used.index("purchase") if "purchase" in used[1:] else None
    expected = []
    for place, stage in enumerate(used[:-1]):
        goal = used[bought] if bought is not None and place < bought else used[-1]
        came = missed = 0
        for journey in data:
            inside = [(second, name) for second, name, _ in journey if not period or period[0] <= second <= period[1]]
            starts = [second for second, name in inside if name == used[0]]
            ok = (any(name == goal for _, name in inside) if place == 0 else
                  any(name == goal and second >= start for second, name, _ in journey for start in starts))
            came += ok
            missed += ok and not any(name == stage for _, name, _ in journey)
        expected.append((stage, goal, came, missed))
    found = skipped(passing, filters)
    assert list(found[["stage", "goal", "came", "skipped"]].itertuples(index=False, name=None)) == expected
    if len(used) > 1:
        stages = stages_in_use(passing)
        goals = [used.index(goal) for _, goal, *_ in expected]
        assert _of_file(passing, stages, goals, filters).tolist() == [[came, missed] for *_, came, missed in expected]


@pytest.fixture(scope="module")
def passing() -> Store:
    return open_store(":memory:")


def _conversion(store: Store) -> tuple[float, int]:
    row = kpis(store, only=["conversion"]).iloc[0]
    return float(row["value"]), int(row["n"])


def test_a_stage_left_out_costs_no_buyer_anywhere_and_comes_back_unchanged() -> None:
    store = store_of(_ten())
    assert _conversion(store) == (2 / 11, 11)
    before = funnel(store)
    journey_model.leave_out(store, "consideration")
    assert funnel(store)[["step", "reached"]].to_numpy().tolist() == [["awareness", 11], ["purchase", 10]]
    assert _conversion(store) == (10 / 11, 11)
    assert conversion_step(store) == 2
    assert left_out(store) == ["consideration"]
    assert told(store).empty
    assert check(store)[["missing", "surplus"]].to_numpy().sum() == 0
    journey_model.leave_out(store, "consideration", out=False)
    pd.testing.assert_frame_equal(funnel(store), before)
    assert left_out(store) == []
    assert _conversion(store) == (2 / 11, 11)


def test_what_is_loaded_later_keeps_to_it(tmp_path) -> None:
    store = open_store(tmp_path / "cx.duckdb")
    frame = pd.DataFrame(_ten()).rename(columns={"customer": "customer_id"})
    intake.load_frame(store, frame[frame["stage"] != "consideration"])
    journey_model.leave_out(store, "consideration")
    assert left_out(store) == [], "nothing is there yet"
    upload = intake.load_frame(store, frame[frame["stage"] == "consideration"])
    assert funnel(store)["reached"].tolist() == [11, 10]
    assert left_out(store) == ["consideration"]
    store.close()
    store = open_store(tmp_path / "cx.duckdb")
    assert journey_model.left_out(store) == ["consideration"]
    assert _conversion(store) == (10 / 11, 11)
    intake.undo(store, upload.upload_id)
    assert check(store)[["missing", "surplus"]].to_numpy().sum() == 0


def test_what_a_funnel_cannot_do_without_stays() -> None:
    store = store_of(_ten())
    with pytest.raises(QueryError, match="Conversion is counted"):
        journey_model.leave_out(store, "purchase")
    with pytest.raises(UnknownValue):
        journey_model.leave_out(store, "nonsense")
    journey_model.leave_out(store, "consideration")
    with pytest.raises(QueryError, match="at least 2 stages"):
        journey_model.leave_out(store, "awareness")
    assert left_out(store) == ["consideration"]


@MANY
@given(data=journeys(STAGES))
def test_the_funnel_without_a_stage_is_the_one_that_never_asked_for_it(passing, data) -> None:
    refill(passing, [(number, second, name, None, channel) for number, journey in enumerate(data)
                     for second, name, channel in journey], unit="D")
    rest = [stage for stage in funnel(passing)["step"] if stage != "consideration"]
    if len(rest) < 2:
        return
    asked = funnel(passing, steps=rest)
    journey_model.leave_out(passing, "consideration")
    try:
        pd.testing.assert_frame_equal(funnel(passing), asked)
    finally:
        journey_model.leave_out(passing, "consideration", out=False)


def test_a_model_without_a_purchase_keeps_its_last_stage_where_conversion_is_counted() -> None:
    store = open_store(":memory:")
    journey_model.set_stages(store, [(None, "One"), (None, "Two"), (None, "Three")])
    frame = pd.DataFrame({"customer_id": ["a", "a", "b", "b", "b"], "stage": ["One", "Two", "One", "Two", "Three"],
                          "occurred_at": ["2025-02-01", "2025-02-02", "2025-02-01", "2025-02-02", "2025-02-03"]})
    intake.load_frame(store, frame)
    with pytest.raises(QueryError, match="Conversion is counted at this stage"):
        journey_model.leave_out(store, "three")
    assert [journey_model.may_be_left_out(store, key) for key in ("one", "two", "three")] == [True, True, False]
    journey_model.leave_out(store, "two")
    assert _conversion(store) == (0.5, 2)


def test_what_conversion_is_counted_from_stays() -> None:
    store = store_of([*_rows("a", "awareness", "purchase", "retention"), *_rows("b", "awareness")])
    with pytest.raises(QueryError, match="counted from this stage on"):
        journey_model.leave_out(store, "awareness")
    assert _conversion(store) == (0.5, 2)


def test_another_model_or_a_file_taken_back_leaves_a_funnel_of_two_stages() -> None:
    rows = [*_rows("a", "awareness", "consideration", "purchase"), *_rows("b", "awareness", "purchase")]
    two = [("awareness", "Awareness"), ("purchase", "Purchase")]
    store = store_of(rows)
    journey_model.leave_out(store, "awareness")
    journey_model.set_stages(store, two)
    assert funnel(store)["step"].tolist() == ["awareness", "purchase"]
    assert (journey_model.left_out(store), left_out(store)) == ([], [])

    store = open_store(":memory:")
    frame = pd.DataFrame(rows).rename(columns={"customer": "customer_id"})
    intake.load_frame(store, frame[frame["stage"] != "consideration"])
    upload = intake.load_frame(store, frame[frame["stage"] == "consideration"])
    journey_model.leave_out(store, "awareness")
    intake.undo(store, upload.upload_id)
    assert funnel(store)["step"].tolist() == ["awareness", "purchase"]
    assert left_out(store) == []
    assert check(store)[["missing", "surplus"]].to_numpy().sum() == 0


def test_a_lake_has_a_funnel_of_two_stages_at_least_too() -> None:
    rows = {"SELECT stage_id, key FROM stages": [(1, "awareness"), (3, "purchase"), (4, "retention")]}
    spark = SimpleNamespace(sql=lambda query: SimpleNamespace(collect=lambda: rows.get(query, [(1,), (3,)])))
    for without in (["awareness"], ["retention"], []):
        building: Any = SimpleNamespace(spark=spark, source=SimpleNamespace(left_out=without))
        assert _Build._stages(building) == [1, 3]


def test_a_new_stage_of_an_old_name_is_not_left_out() -> None:
    store = store_of(_ten())
    journey_model.leave_out(store, "consideration")
    rest = [("awareness", "Awareness"), ("purchase", "Purchase"), ("retention", "Retention")]
    journey_model.set_stages(store, rest)
    journey_model.set_stages(store, [rest[0], (None, "Consideration"), *rest[1:]])
    assert journey_model.left_out(store) == []


def test_conversion_says_that_what_comes_before_it_is_left_out() -> None:
    store = store_of([*_rows("a", "awareness", "consideration", "purchase", "retention")])
    journey_model.leave_out(store, "awareness")
    journey_model.set_stages(store, [(key, key.title()) for key in ("awareness", "purchase", "retention")])
    reason = kpis(store, only=["conversion"]).iloc[0]["reason"]
    assert str(reason) == "What comes before the purchase is left out of the funnel."
    others = store_of(_rows("a", "purchase", "retention", "advocacy")), store_of(
        _rows("a", "awareness", "consideration", "retention", "advocacy"))
    for store, stage in zip(others, ("advocacy", "consideration"), strict=True):  # nothing before it, no purchase
        journey_model.leave_out(store, stage)
        assert str(kpis(store, only=["conversion"]).iloc[0]["reason"]).startswith("No interaction is in the purchase stage")
    assert language("tr")(reason) == "Satın almadan önceki aşamalar huniden çıkarılmış."


def test_who_passes_a_later_stage_by_is_one_of_those_who_entered() -> None:
    said = [findings.funnel.passed_by({"stage": "b", "position": place, "goal": goal, "came": 10, "skipped": 5}, t, str)
            for t in (language("en"), language("tr")) for place, goal in ((1, "c"), (2, "c"))]
    assert said == [
        "5 of 10 customers in c were never seen in b, so the funnel does not count them.",
        "5 of 10 customers who entered and came to c were never seen in b, so the funnel counts them as lost.",
        "c aşamasındaki 10 müşteriden 5 tanesi b aşamasında hiç görülmedi; bu yüzden huni dışında kalıyor.",
        "Huniye girip c aşamasına gelen 10 müşteriden 5 tanesi b aşamasında hiç görülmedi; hunide kaybedilmiş görünüyor."]
