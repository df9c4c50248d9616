"""Times that say their zone become those of the workspace; all others are what they say."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cx import intake, open_store
from cx.errors import UnknownValue
from cx.intake.column import Values
from cx.intake.times import Order
from cx.intake.zones import in_utc, says_zone
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
    plan = intake.propose(path, store=store)
    plan.zone = zone  # as the page assumes the browser's
    [note] = [problem for problem in plan.problems if problem.code == "time_zone"]
    assert (note.severity, note.column) == ("note", "Created at")
    assert "2026-03-01 01:30:00 +0300" in language("tr")(note.text)
    intake.preview(path, plan, store=store)
    assert store.setting("time_zone") is None  # nothing is assumed by looking
    intake.load(store, path, plan)
    assert store.setting("time_zone") == (zone or "UTC")
    assert [str(at) for (at,) in store.rows("SELECT occurred_at FROM interactions ORDER BY 1")] == stored


def test_times_without_a_zone_say_nothing_of_one(tmp_path):
    path = text_file(tmp_path, ORDERS.replace(" +0300", ""))
    assert [problem.code for problem in intake.propose(path).problems if problem.code == "time_zone"] == []


def test_the_zone_of_the_workspace_is_assumed_once_and_said_at_any_time(tmp_path):
    store, path = open_store(":memory:"), text_file(tmp_path, ORDERS)
    assert [str(intake.time_zone(store, given)) for given in (None, "Mars/Olympus", "Asia/Tokyo")] == [
        "UTC", "UTC", "Asia/Tokyo"]
    for given in ("Europe/Istanbul", "Asia/Tokyo"):
        plan = intake.propose(path, store=store)
        plan.zone = given
        intake.load(store, path, plan)
    assert str(intake.time_zone(store, "Asia/Tokyo")) == "Europe/Istanbul"
    intake.set_time_zone(store, "Asia/Tokyo")
    assert str(intake.time_zone(store)) == "Asia/Tokyo"
    with pytest.raises(UnknownValue, match="Did you mean “Europe/Istanbul”"):
        intake.set_time_zone(store, "Europe/Istanbull")


VISITS = "Customer No,Time,Touchpoint,CSAT (1-5)\n" + "".join(
    f"C{i},2026-03-{i + 1:02}T10:15:00Z,Checkout page,{i % 5 + 1}\n" for i in range(8))
STEPS = "Customer No,Signup date,First purchase date\n" + "".join(
    f"C{i},2026-03-{i + 1:02},2026-03-{i + 2:02}T10:15:00Z\n" for i in range(8))


@pytest.mark.parametrize(("told", "rows", "shown"), [(VISITS, 8, "2026-03-01 13:15:00"), (STEPS, 16, "2026-03-01 00:00:00")],
                         ids=["visits", "steps"])
@pytest.mark.parametrize("first", ["UTC", "America/New_York"])
def test_a_file_loaded_again_in_another_time_zone_corrects_its_rows(tmp_path, told, rows, shown, first):
    store, path = open_store(":memory:"), text_file(tmp_path, told)
    intake.set_time_zone(store, first)
    assert intake.load(store, path).interactions == rows
    intake.set_time_zone(store, "Europe/Istanbul")
    again = intake.load(store, path)
    assert (again.interactions, again.replaced) == (8, 8)  # those that say their zone
    assert store.rows("SELECT count(*), CAST(min(occurred_at) AS VARCHAR) FROM interactions") == [(rows, shown)]
    assert intake.load(store, path).duplicates == 8
    intake.undo(store, again.upload_id)
    assert store.value("SELECT count(*) FROM interactions") == rows


def test_an_hour_that_clocks_show_twice_or_never_is_still_a_moment():
    moments = Values("time", np.array(["2026-10-25T02:30", "2026-03-29T02:30", "2026-07-01T12:00", "NaT"], "datetime64[us]"))
    assert in_utc(moments, ZoneInfo("Europe/Berlin")).data.astype(str).tolist() == [
        "2026-10-25T01:30:00.000000", "2026-03-29T01:00:00.000000", "2026-07-01T10:00:00.000000", "NaT"]
