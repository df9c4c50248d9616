"""The rows behind a number: as many as its n, and the number again in plain Python; its SQL in a shell of its own."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from statistics import fmean
from typing import Any

import duckdb
import pytest

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.metrics import own_kpi
from cx.metrics.behind import COUNTS, Number, number, rows, rows_sql, sql
from cx.metrics.kpi import breakdown, kpis, trend
from cx.metrics.kpi_registry import KPIS
from cx.metrics.own_condition import Condition
from cx.store.shell import pretty
from tests.metrics.second_road import _effort, _satisfied
from tests.metrics.stores import store_of
from tests.metrics.test_kpi import made_up

Rows = list[dict[str, Any]]
SPRING = Filters(start=dt.date(2025, 3, 1), end=dt.date(2025, 4, 30), persona=("young",), channel=("web", "store"))


def share(hit: Callable[[dict[str, Any]], bool]) -> Callable[[Rows], float]:
    return lambda found: fmean(bool(hit(row)) for row in found)


def net(of: Callable[[dict[str, Any]], int]) -> Callable[[Rows], float]:
    return lambda found: 100 * fmean(of(row) for row in found)


def mean(column: str) -> Callable[[Rows], float]:
    return lambda found: fmean(row[column] for row in found)


BY_HAND: dict[str, Callable[[Rows], float]] = {
    "nps": net(lambda row: (row["nps"] >= 9) - (row["nps"] <= 6)), "csat": share(_satisfied),
    "ces": lambda found: fmean(_effort(row) for row in found), "easy_share": share(lambda row: _effort(row) >= 5),
    "expectations_met": share(lambda row: row["expectation_met"]), "net_emotion": net(lambda row: row["emotion"]),
    "journey_emotion": net(lambda row: row["last_emotion"]),
    "conversion": share(lambda row: row["converted_at"] is not None),
    "retention": share(lambda row: row["first_after"] is not None), "repurchase": share(lambda row: row["bought_after"]),
    "churn": share(lambda row: row["first_after"] is None), "loyalty": share(lambda row: row["orders"] >= 2),
    "complaint_rate": share(lambda row: row["complained"]),
    "complaints_per_1000": lambda found: 1000 * fmean(row["is_complaint"] is True for row in found),
    "waiting_time": mean("wait_seconds"), "late_share": share(lambda row: row["delay_days"] > 0),
    "delay": mean("delay_days"), "orders": len, "revenue": lambda found: sum(row["revenue"] for row in found),
    "average_order_value": mean("amount"), "orders_per_customer": mean("orders"), "interactions": len, "customers": len,
    "own_1": share(lambda row: row["nps"] >= 7), "own_2": mean("wait_seconds")}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    given = store_of(made_up(7), path=tmp_path_factory.mktemp("behind") / "cx.duckdb")
    own_kpi.save(given, own_kpi.OwnKpi("Seven and more", "share", Condition("nps", "at_least", ("7",))))
    own_kpi.save(given, own_kpi.OwnKpi("Waits on the web", "mean", Condition("wait_seconds"),
                                       only=Condition("channel", "any_of", ("web",))))
    return given


def found(store, which: Number, filters: Filters = Filters()) -> Rows:
    frame = rows(store, which, filters)
    return [{name: None if value != value else value for name, value in row.items()}
            for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]


def test_every_kpi_is_worked_out_by_hand_here() -> None:
    assert {*KPIS, *COUNTS} <= set(BY_HAND)


@pytest.mark.parametrize("filters", [Filters(), SPRING])
@pytest.mark.parametrize("key", BY_HAND)
def test_the_rows_behind_a_kpi_are_its_n_and_give_its_value(store, key, filters) -> None:
    told, behind = number(store, Number(key), filters), found(store, Number(key), filters)
    assert len(behind) == told.n > 0
    assert told.value == pytest.approx(BY_HAND[key](behind))
    if key not in COUNTS:
        shown = kpis(store, filters, None, [key]).iloc[0]
        assert (shown["value"], shown["lower"], shown["n"]) == (
            told.value, pytest.approx(told.lower if told.lower is not None else float("nan"), nan_ok=True), told.n)


@pytest.mark.parametrize("key", [key for key in BY_HAND if key not in COUNTS])
def test_the_rows_behind_a_bar_or_point_are_its_n_and_give_its_value(store, key) -> None:
    bars = breakdown(store, key, "channel", SPRING).assign(by="channel").iloc[[0, -1]]
    points = trend(store, key, "month", SPRING)
    wanted = [(Number(key, "channel", bar.key), bar) for bar in bars.itertuples()]
    wanted += [(Number(key, interval="month", day=point.period.date()), point) for point in points.itertuples()]
    for which, shown in wanted:
        told, behind = number(store, which, SPRING), found(store, which, SPRING)
        assert len(behind) == told.n == shown.n
        assert (told.value if told.n else None) == (pytest.approx(BY_HAND[key](behind)) if behind else None)


def test_the_sql_of_a_number_gives_it_in_a_shell_of_its_own(store, tmp_path) -> None:
    shutil.copy(store.path, tmp_path / "copy.duckdb")
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as shell:
        for key in BY_HAND:
            for which in (Number(key), Number(key, "channel", "web", "month", dt.date(2025, 3, 4))):
                told = number(store, which, SPRING)
                answer = shell.execute(pretty(sql(store, which, SPRING))).df()
                assert len(answer) == 1
                assert answer[f"{key}.n"].tolist() == [told.n]
                assert answer["result"].tolist() == pytest.approx([float("nan") if told.value is None else told.value],
                                                                   nan_ok=True)
                assert len(shell.execute(pretty(rows_sql(store, which, SPRING))).fetchall()) == told.n


def test_rows_come_in_pages_the_newest_first(store) -> None:
    every = rows(store, Number("nps"))["interaction_id"].tolist()
    first, second = (rows(store, Number("nps"), limit=10, offset=offset)["interaction_id"].tolist()
                     for offset in (0, 10))
    assert first + second == every[:20]


def test_an_anonymous_respondent_has_no_number(store) -> None:
    behind = rows(store, Number("nps"))
    assert behind["customer_id"].isna().any()
    assert not behind["customer_id"].dropna().str.startswith("#").any()


@pytest.mark.parametrize("which", [Number("fun"), Number("nps", "planet", "mars"), Number("nps", "channel", "mars"),
                                   Number("nps", interval="year", day=dt.date(2025, 1, 1))])
def test_an_unknown_name_is_refused(store, which) -> None:
    for ask in (number, rows, sql):
        with pytest.raises(UnknownValue):
            ask(store, which)
