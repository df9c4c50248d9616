"""Conversion from pairs of entry days is what the attempts give, also on the day on which attempts become ripe."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, open_store
from cx.metrics import cells_funnel, held, held_attempts, held_steps
from cx.metrics.cells import Slots, cells
from cx.metrics.dimension import Dimension
from cx.metrics.kpi_registry import CONVERSION_DAYS, KPIS
from tests.store.test_derived import DAY, loaded

CONVERSION = KPIS["conversion"]
LAST = DAY + dt.timedelta(days=40, hours=12)  # attempts up to DAY + 10 days, 12 hours are ripe
HOURS = st.one_of(st.integers(0, 40 * 24), st.integers(9 * 24, 12 * 24))
VISITS = st.lists(st.tuples(st.sampled_from("abcde"), HOURS, st.sampled_from(("Advert", "Advert", "Search", "Checkout"))),
                  min_size=4, max_size=40)
DAYS = st.integers(-2, 41).map(lambda days: DAY.date() + dt.timedelta(days=days))
PERIODS = st.one_of(st.just((None, None)), st.tuples(DAYS, DAYS).map(lambda days: tuple(sorted(days))))
FILTERS = st.builds(lambda period, persona, channel: Filters(start=period[0], end=period[1], persona=persona,
                                                             channel=channel),
                    PERIODS, st.sampled_from(((), ("can",))), st.sampled_from(((), (), ("web", "store"))))
BY = st.sampled_from((None, Dimension("persona"), Dimension("channel")))
OVER = st.sampled_from((None, "day", "week", "month", "slots"))


def visits(rows):
    """Rows of `loaded`: customers a and b are one persona, c … e another; those after c come by store first."""
    nothing = [None] * 8
    return [(who, DAY + dt.timedelta(hours=hours), place, "web" if who < "d" else "store", "Ayşe" if who < "c" else "Can",
             *nothing) for who, hours, place in rows] + [("z", LAST, "Search", "web", "Can", *nothing)]


@settings(max_examples=5 * int(os.environ.get("CX_EXAMPLES", "1")))
@given(VISITS, VISITS, st.lists(st.tuples(FILTERS, BY, OVER), min_size=8, max_size=8))
def test_pairs_of_entry_days_give_what_attempts_give(first, second, questions):
    store = open_store(":memory:")
    loaded(store, visits(first), "first")
    loaded(store, visits(second)[:-1], "second")
    for filters, by, interval in questions:
        over = interval
        if interval == "slots":
            before = filters.compared()
            over = Slots((filters, before)) if before else None
        held = cells(store, [CONVERSION], filters, by, over)
        with store.noting():
            asked = cells(store, [CONVERSION], filters, by, over)
        pd.testing.assert_frame_equal(held, asked, check_dtype=False)


@pytest.mark.parametrize(("starts", "arrives", "n", "hits"), [
    ((10 * 24 + 12,), None, 1, 0),  # its 30 days have passed to the second
    ((10 * 24 + 13,), None, 0, 0),
    ((10 * 24 + 12, 10 * 24 + 13), 40 * 24 + 12, 1, 1),  # the ripe one of two on one day, just in time
    ((8 * 24, 10 * 24 + 13), 12 * 24, 1, 1),  # the last start is not ripe: the one before counts
    ((1 * 24, 10 * 24), 33 * 24, 1, 1)])  # too late for the first start, in time for the second
def test_an_attempt_counts_from_the_moment_its_days_have_passed(starts, arrives, n, hits):
    assert CONVERSION_DAYS == 30
    store = open_store(":memory:")
    rows = [("a", hours, "Advert") for hours in starts]
    rows += [("a", arrives, place) for place in ("Search", "Checkout") if arrives]
    loaded(store, visits([*rows, ("b", 0, "Search"), ("b", 1, "Checkout")]), "first")
    found = cells(store, [CONVERSION], Filters(), over=Slots((Filters(start=DAY.date(), end=LAST.date()),)))
    if n == 0:
        assert found.empty
    else:
        assert found[["conversion.n", "conversion.hits"]].values.tolist() == [[n, hits]]


@pytest.mark.parametrize("in_memory", [True, False])
def test_customers_read_in_small_parts_give_the_same(monkeypatch, in_memory):
    monkeypatch.setattr(held_steps, "MOST", held_steps.MOST if in_memory else 0)
    store = open_store(":memory:")
    loaded(store, visits([("abcde"[number % 5], number * 7 % 960, ("Advert", "Search", "Checkout")[number % 3])
                          for number in range(60)]), "first")
    whole = cells_funnel._load(store, 3)
    monkeypatch.setattr(cells_funnel, "_AT_ONCE", 1)
    monkeypatch.setattr(cells_funnel, "_GATHERED", 0)
    monkeypatch.setattr(held_attempts, "_AT_ONCE", 1)
    assert whole.customers.sum() > 20
    for dense in (cells_funnel._DENSE, 0):
        monkeypatch.setattr(cells_funnel, "_DENSE", dense)
        parts = cells_funnel._load(store, 3)
        for name in ("days", "following", "customers"):
            assert getattr(parts, name).tolist() == getattr(whole, name).tolist()


@pytest.mark.parametrize(("module", "bound", "load"), [
    (held, "MOST_CELLS", held.cells), (held, "MOST_DAYS", held.days),
    (cells_funnel, "MOST", lambda store: cells_funnel.held_entries(store, 3)),
    (cells_funnel, "MOST_ATTEMPTS", lambda store: cells_funnel.held_entries(store, 3))])
def test_what_is_too_large_to_be_held_is_asked_of_the_database(monkeypatch, module, bound, load):
    store = open_store(":memory:")
    loaded(store, visits([("a", 0, "Advert"), ("a", 1, "Search"), ("b", 5, "Advert"), ("b", 30, "Checkout")]), "first")
    assert load(store) is not None
    asked = [KPIS[key] for key in ("conversion", "complaint_rate", "retention", "net_emotion")]
    before = cells(store, asked, Filters(), Dimension("persona"), "month")
    monkeypatch.setattr(module, bound, 0)
    if bound == "MOST_ATTEMPTS":  # of those in memory none are read
        monkeypatch.setattr(held_steps, "MOST", 0)
    with store.write():  # anything may have changed: nothing is held
        pass
    assert load(store) is None
    pd.testing.assert_frame_equal(cells(store, asked, Filters(), Dimension("persona"), "month"), before,
                                  check_dtype=False)
