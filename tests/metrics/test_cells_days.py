"""The daily cells and active days give the same numbers as the rows, whatever is asked."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import Filters, open_store
from cx.intake import load_frame
from cx.metrics import cells as all_cells
from cx.metrics import cells_days
from cx.metrics.cells import Slots, cells
from cx.metrics.dimension import Dimension
from cx.metrics.kpi_registry import KPIS
from cx.metrics.overview import selected
from tests.store.test_derived import ROW, loaded

FIRST = dt.date(2025, 2, 27)
DAYS = st.integers(0, 26).map(lambda days: FIRST + dt.timedelta(days=days))
PERIODS = st.one_of(st.just((None, None)), DAYS.map(lambda day: (day, None)), DAYS.map(lambda day: (None, day)),
                    st.tuples(DAYS, DAYS).map(lambda days: tuple(sorted(days))))
MAYBE = st.sampled_from([("persona", ("ayşe",)), ("channel", ("web", "store")), ("channel", ("web",)),
                         ("stage", ("purchase",)), ("touchpoint", ("advert",)), ("touchpoint", ("advert", "order"))])
FILTERS = st.builds(
    lambda period, chosen, own: Filters(start=period[0], end=period[1], own_channel=own, **dict(chosen)),
    PERIODS, st.lists(MAYBE, max_size=2), st.booleans())
BY = st.sampled_from((None, *map(Dimension, ("persona", "channel", "stage", "touchpoint", "campaign"))))


@settings(max_examples=3 * int(os.environ.get("CX_EXAMPLES", "1")))
@given(st.lists(ROW, min_size=1, max_size=25), st.lists(st.tuples(FILTERS, BY, st.booleans()), min_size=6, max_size=6))
def test_derived_tables_give_what_the_rows_give(rows, questions):
    store = open_store(":memory:")
    for number, half in enumerate((rows[::2], rows[1::2])):
        if half:
            loaded(store, half, f"upload {number}")
            cells(store, list(KPIS.values()), Filters())  # what is held of this state must be let go with the next
    for number, (filters, by, intervals) in enumerate(questions):
        over: object = ("day", "week", "month", "quarter")[number % 4] if intervals else None
        if over is None and filters.start and filters.end and (before := filters.compared()):
            over = Slots((filters, before))
        of_rows, held = (cells(store, list(KPIS.values()), filters, by, over, derived=derived)
                         for derived in (False, True))
        with store.noting():  # then they are asked in SQL
            asked = cells(store, list(KPIS.values()), filters, by, over)
        for one in (asked, held):
            assert set(one.columns) == set(of_rows.columns)
            pd.testing.assert_frame_equal(_sorted(one, of_rows), _sorted(of_rows, of_rows), check_dtype=False,
                                          rtol=1e-12)
        where = filters.interactions("i")
        assert selected(store, filters) == store.rows(
            "SELECT count(DISTINCT customer_key) FILTER (WHERE NOT anonymous), count(DISTINCT customer_key) FILTER "
            f"(WHERE anonymous), count(*) FROM interactions i JOIN customers USING (customer_key) WHERE {where.sql}",
            where.params)[0]


def _sorted(frame: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """In one order of columns and rows; without samples, which are no numbers, and with nothing as 0 of nothing."""
    columns = [name for name in like.columns if not name.endswith(".values")]
    keys = [name for name in ("key", "period") if name in columns]
    return (frame[columns].sort_values(keys) if keys else frame[columns]).reset_index(drop=True).fillna(0)


def test_what_asks_for_attributes_campaigns_or_customers_at_several_places_is_for_the_rows():
    nps, complaints, repurchase = KPIS["nps"], KPIS["complaint_rate"], KPIS["repurchase"]
    for kpi, filters, by in ((nps, Filters(attributes=(("city", ("x",)),)), None),
                             (nps, Filters(), Dimension("campaign")), (nps, Filters(), Dimension("city", True)),
                             (complaints, Filters(channel=("web", "store")), None),
                             (complaints, Filters(channel=("web",), stage=("purchase",)), None),
                             (complaints, Filters(channel=("web",)), Dimension("stage")),
                             (KPIS["retention"], Filters(stage=("purchase",)), None), (repurchase, Filters(), None)):
        assert cells_days.split(kpi, filters, by) == (None, kpi)
    assert cells_days.split(complaints, Filters(channel=("web",)), Dimension("persona")) == (complaints, None)
    fast, rest = cells_days.split(KPIS["waiting_time"], Filters(persona=("ayşe",)), Dimension("stage"))
    assert (set(fast.parts), set(rest.parts)) == ({"n", "total", "squares"}, {"median", "p90"})


def test_retention_of_those_who_were_at_a_place_is_not_read_from_the_rows(monkeypatch):
    store = open_store(":memory:")
    row = {"persona": "Can", "stage": "purchase", "touchpoint": "Order"}
    load_frame(store, pd.DataFrame([{"customer_id": who, "occurred_at": pd.Timestamp(day), **row} for who, day in (
        ("a", "2025-03-01"), ("a", "2025-03-11"), ("b", "2025-03-02"), ("c", "2025-03-12"))]))
    monkeypatch.setattr(all_cells, "_from_activity", None)
    found = cells(store, [KPIS["retention"]], Filters(dt.date(2025, 3, 10), dt.date(2025, 3, 19), stage=("purchase",)),
                  Dimension("persona"))
    assert found["key"].tolist() == ["can"]
    assert sorted(found.filter(like="retention.").iloc[0].tolist()) == [1, 2]
