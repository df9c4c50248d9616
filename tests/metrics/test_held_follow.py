"""What is held in memory follows uploads and undos: it answers as a workspace does that is opened afresh."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, intake, open_store
from cx.metrics import held, held_steps, overview, path
from cx.metrics.cells import cells
from cx.metrics.cells_funnel import conversion_step, held_entries
from cx.metrics.dimension import Dimension
from cx.metrics.funnel import funnel
from cx.metrics.held_attempts import stage_attempts
from cx.metrics.kpi_registry import KPIS
from cx.store import changes, derive
from cx.store.journey_model import assign_stages
from tests.store.test_derived import DAY, ROW, loaded

ASKED = [KPIS[key] for key in ("conversion", "complaint_rate", "retention", "net_emotion", "average_order_value")]
COLUMNS = ("stage_id", "touchpoint_id", "channel_id", "emotion")


def answers(store) -> list[object]:
    """Of all that is held: funnels, ways, KPIs."""
    window = dt.timedelta(days=2)
    return [
        *(str(funnel(store, window=window, filters=each).to_dict("list")) for each in (Filters(), Filters(persona=("can",)))),
        str(funnel(store, ["Advert", "Checkout"], by="touchpoint").to_dict("list")),
        sorted(map(str, path.transitions(store).to_dict("records"))),
        *(str(cells(store, ASKED, Filters(), by, over).to_dict("list")) for by, over in (
            (None, None), (Dimension("persona"), "week"), (Dimension("channel"), None))),
        str(overview.selected(store, Filters()))]


def rows_of(found: held_steps.Held) -> dict[int, list[tuple]]:
    """Of each customer: the rows, and the attempts."""
    columns = [found.column(name) for name in COLUMNS]
    moments, attempts = found.moments, stage_attempts(found)
    assert moments.ticks.min(initial=0) >= 0
    return {int(key): [*zip(moments.part(low, high).tolist(), *(each[low:high].tolist() for each in columns), strict=True),
                       *map(tuple, np.where(attempts.times[first:last] < 0, -1, moments.microseconds(
                           attempts.times[first:last])).tolist())]
            for key, low, high, first, last in zip(found.customers, found.first_rows[:-1], found.first_rows[1:],
                                                   attempts.first_start[:-1], attempts.first_start[1:], strict=True)}


def current(store) -> held_steps.Held:
    found = held_steps._current(store)
    assert found is not None
    return found


@settings(max_examples=3 * int(os.environ.get("CX_EXAMPLES", "1")))
@given(st.data())
def test_after_any_uploads_and_undos_the_answers_are_those_of_a_workspace_just_opened(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("held") / "cx.duckdb"
    store = open_store(path)
    loaded(store, [("x", DAY, place, "web", "Can", *[None] * 8) for place in ("Advert", "Search", "Checkout")], "stays")
    uploads = [loaded(store, data.draw(st.lists(ROW, min_size=4, max_size=12)), "first")]
    rows_of(current(store))
    held_entries(store, 2)
    for number in range(data.draw(st.integers(1, 4))):
        if uploads and data.draw(st.booleans()):
            intake.undo(store, uploads.pop(data.draw(st.integers(0, len(uploads) - 1))))
        else:
            uploads.append(loaded(store, data.draw(st.lists(ROW, min_size=1, max_size=8)), f"upload {number}"))
        if data.draw(st.booleans()):  # else several commits are followed at once
            answers(store)
    found, rows = answers(store), rows_of(current(store))
    store.close()
    again = open_store(path)
    assert found == answers(again)
    assert rows == rows_of(current(again))
    again.close()


def three() -> list[tuple]:
    nothing = [None] * 8
    return [(who, DAY + dt.timedelta(hours=hours), place, "web", "Ayşe", *nothing) for who, hours, place in (
        ("a", 0, "Advert"), ("a", 5, "Search"), ("b", 1, "Advert"), ("b", 9, "Checkout"), ("c", 2, "Advert"))]


def reading(monkeypatch) -> list[str]:
    """What is read of `steps` from now on."""
    read: list[str] = []
    plain = held_steps.Held._read
    monkeypatch.setattr(held_steps.Held, "_read", lambda self, cursor, sql: read.append(sql) or plain(self, cursor, sql))
    return read


def test_an_upload_reads_nothing_of_the_customers_it_does_not_touch(monkeypatch):
    store = open_store(":memory:")
    loaded(store, three(), "first")
    answers(store)
    rows_of(current(store))
    read = reading(monkeypatch)
    second = loaded(store, [("b", DAY + dt.timedelta(hours=12), "Search", "web", "Can", *[None] * 8)], "second")
    answers(store)
    found = rows_of(current(store))
    assert [len(found[key]) for key in (1, 2, 3)] == [3, 4, 2]
    intake.undo(store, second)
    answers(store)
    with store.write(derived=False):
        pass
    rows_of(current(store))
    assert read == []
    with store.write():  # anything may have changed
        pass
    rows_of(current(store))
    assert len(read) == 6


@pytest.mark.parametrize(("moment", "read"), [
    (DAY - dt.timedelta(hours=1), ["epoch_us(occurred_at)"]),  # before the first one
    (DAY + dt.timedelta(seconds=1.5), ["epoch_us(occurred_at)", "epoch_us(occurred_at) - "]),  # no whole second
    (DAY + dt.timedelta(days=365 * 70), ["epoch_us(occurred_at)", "epoch_us(occurred_at) - "])])  # too late for 31 bits
def test_times_that_the_numbers_held_cannot_say_are_read_anew(monkeypatch, moment, read):
    store = open_store(":memory:")
    loaded(store, three(), "first")
    rows_of(current(store))
    found = reading(monkeypatch)
    loaded(store, [("b", moment, "Advert", "web", "Can", *[None] * 8)], "second")
    rows = rows_of(current(store))
    assert [each[:len(start)] for each, start in zip(found, read, strict=True)] == read
    assert (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1) in [row[0] for row in rows[2]]


def test_another_funnel_makes_its_attempts_of_the_rows_held(monkeypatch):
    store = open_store(":memory:")
    loaded(store, three(), "first")
    rows_of(current(store))
    read = reading(monkeypatch)
    loaded(store, [("c", DAY + dt.timedelta(hours=12), "Review", "web", "Can", *[None] * 8)], "second")
    assert stage_attempts(current(store)).times.shape == (3, 4)
    assert read == []
    assign_stages(store, {"search": None})
    assert stage_attempts(current(store)).times.shape == (3, 3)
    assert read != []


def test_more_than_is_remembered_is_read_anew(monkeypatch):
    store = open_store(":memory:")
    loaded(store, three(), "first")
    rows_of(current(store))
    monkeypatch.setattr(changes, "MOST", 1)
    read = reading(monkeypatch)
    loaded(store, three()[:2] + [("d", DAY, "Advert", "web", "Can", *[None] * 8)] * 2, "second")
    rows_of(current(store))
    assert len(read) == 6


def test_a_recomputed_workspace_is_read_anew():
    store = open_store(":memory:")
    loaded(store, three(), "first")
    before = rows_of(current(store))
    with store.write() as cursor:
        derive.rebuild(cursor)
    assert rows_of(current(store)) == before
    assert held.cells(store) is not None
    assert conversion_step(store) == 3
