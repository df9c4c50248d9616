"""What is held of all interactions for pain points: what a selection chooses of it, against plain loops."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cx
from cx import Filters
from cx.metrics import friction_every, friction_rows, sampling
from cx.metrics.friction_measures import MEASURES, PLACES
from cx.metrics.narrow import narrow, wide

DAYS = [dt.date(2024, 12, 30) + dt.timedelta(days=each) for each in range(6)]
SELECTIONS = [Filters(), Filters(start=DAYS[1]), Filters(start=DAYS[2], end=DAYS[3]), Filters(persona=("ay",)),
              Filters(touchpoint=("chat",), end=DAYS[4]), Filters(start=DAYS[5])]


@pytest.fixture(params=[1000, 200], ids=["all", "a sample"])
def held(request, monkeypatch):
    """Rows without a time, a place or a customer among them; of all customers, and of a sample."""
    monkeypatch.setattr(sampling, "MOST", request.param)
    monkeypatch.setattr(sampling, "FEWEST", 10)
    rng, n = np.random.default_rng(3), 800
    when = pd.Timestamp("2024-12-30") + pd.to_timedelta(rng.integers(0, 5 * 86_400, n), "s")
    customer = [f"c{each}" if each % 7 else None for each in rng.integers(0, 90, n)]
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, pd.DataFrame({
        "customer_id": customer, "persona": [None if each is None else ["Ay", "Su"][int(each[1:]) % 2]
                                             for each in customer],
        "occurred_at": np.where(rng.random(n) < 0.1, None, when.to_numpy()),
        **{name: rng.choice(np.array([*values, None], dtype=object), n) for name, values in (
            ("stage", ["purchase", "retention"]), ("touchpoint", ["Chat", "Shop", "Desk"]), ("channel", ["Web", "App"]))},
        "nps": np.where(rng.random(n) < 0.3, rng.integers(0, 11, n), np.nan),
        "wait_seconds": np.where(rng.random(n) < 0.4, rng.integers(0, 900, n), np.nan),
        "complaint": np.where(rng.random(n) < 0.5, rng.random(n) < 0.3, None),
        "revenue": np.where(rng.random(n) < 0.2, 9.5, np.nan)}))
    looked = friction_rows._held(store)
    assert (looked.one_in > 1) == (request.param == 200)
    every = friction_rows._every(store, looked)
    every._values["drop_off"] = narrow(rng.integers(0, 2, every.size).astype(float))  # which a single file does not tell
    return every


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
@pytest.mark.parametrize("most_cells", [friction_every._MOST_CELLS, 1])
def test_the_first_row_of_each_customer_in_each_cell_is_found(held, filters, most_cells, monkeypatch):
    monkeypatch.setattr(friction_every, "_MOST_CELLS", most_cells)
    at, part = held.at(filters), held.persona[0].astype(np.int64)
    for parts in (None, part[held.at(filters)]):
        seen, expected = set(), []
        for row, place in enumerate(at):
            cell = (held._customer[place], *(held._places[name][place] for name in PLACES),
                    None if parts is None else parts[row])
            expected.append(bool(held._known[place]) and cell not in seen)
            seen |= {cell} if expected[-1] else set()
        assert held._firsts(at, parts).tolist() == expected


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
@pytest.mark.parametrize("one_in", [1, 2])
def test_what_is_sorted_by_touchpoint_is_what_is_chosen(held, filters, one_in):
    at = held.at(filters)
    sorted_, known, places = held.by_touchpoint(at, one_in), held.chosen(at, None, one_in), held._looked_at(at, one_in)[0]
    found = {}
    for key in MEASURES:
        bounds, there, customer, value = sorted_._of[key]
        found[key] = [(touchpoint, there[row], wide(value)[row]) for touchpoint, (start, end) in bounds.items()
                      for row in range(start, end)]
        assert found[key] == sorted(
            (touchpoint, place, told) for touchpoint, place, told in
            zip(known.places["touchpoint"], places, known.values[key], strict=True)
            if touchpoint >= 0 and not np.isnan(told))
        assert customer.tolist() == held._customer[there].tolist()
    np.testing.assert_array_equal(sorted_.spent, np.bincount(known.customer, np.nan_to_num(known.spent)))
    assert filters == SELECTIONS[-1] or all(found[key] for key in ("nps", "waiting", "drop_off"))
