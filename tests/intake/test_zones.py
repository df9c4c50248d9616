"""Times that say their zone become those of the workspace; all others are what they say."""

from __future__ import annotations

import pytest

from cx import intake, open_store
from cx.errors import UnknownValue
from cx.intake.times import Order
from cx.intake.zones import says_zone
from cx.language import language
from tests.intake.files import text_file


@pytest.mark.parametrize(("cell", "order", "says"), [
    ("2026-03-09 08:49:00 +0300", "ymd", True), ("2026-03-09T05:49:00Z", "ymd", True), ("1735689600", "epoch", True),
    ("2026-03-09 08:49 Europe/Istanbul", "ymd", True), ("09.03.2026 08:49 (GMT+3)", "dmy", True),
    ("2026-03-09 08:49:00", "ymd", False), ("09.03.2026", "dmy", False), ("45657.5", "serial", False), ("", "ymd", False),
    ("no time", "ymd", False)])
def test_whether_a_cell_says_its_zone(cell: str, order: Order, says: bool):
    assert says_zone([cell], order) is says


ORDERS = "Customer no,Created at,Order no,Total\nada,2026-03-01 01:30:00 +0300,1,10\nbo,2026-03-09 08:49:00 +0300,2,20\n"


@pytest.mark.parametrize(("zone", "stored"), [
    (None, ["2026-02-28 22:30:00", "2026-03-09 05:49:00"]),
    ("Europe/Istanbul", ["2026-03-01 01:30:00", "2026-03-09 08:49:00"]),
    ("America/New_York", ["2026-02-28 17:30:00", "2026-03-09 01:49:00"])])  # summer time there from 8 March
def test_an_order_at_night_stays_on_its_day_in_the_time_zone_of_the_workspace(tmp_path, zone, stored):
    store, path = open_store(":memory:"), text_file(tmp_path, ORDERS)
    intake.assume_time_zone(store, zone)
    plan = intake.propose(path, store=store)
    [note] = [problem for problem in plan.problems if problem.code == "time_zone"]
    assert (note.severity, note.column) == ("note", "Created at")
    assert "2026-03-01 01:30:00 +0300" in language("tr")(note.text)
    intake.load(store, path, plan)
    assert [str(at) for (at,) in store.rows("SELECT occurred_at FROM interactions ORDER BY 1")] == stored


def test_times_without_a_zone_say_nothing_of_one(tmp_path):
    path = text_file(tmp_path, ORDERS.replace(" +0300", ""))
    assert [problem.code for problem in intake.propose(path).problems if problem.code == "time_zone"] == []


def test_the_zone_of_the_workspace_is_assumed_once_and_said_at_any_time():
    store = open_store(":memory:")
    assert str(intake.time_zone(store)) == "UTC"
    for given in (None, "Mars/Olympus", "Europe/Istanbul", "Asia/Tokyo"):
        intake.assume_time_zone(store, given)
    assert str(intake.time_zone(store)) == "Europe/Istanbul"
    intake.set_time_zone(store, "Asia/Tokyo")
    assert str(intake.time_zone(store)) == "Asia/Tokyo"
    with pytest.raises(UnknownValue, match="Did you mean “Europe/Istanbul”"):
        intake.set_time_zone(store, "Europe/Istanbull")
