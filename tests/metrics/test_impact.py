"""What an upload moved."""

import pandas as pd
import pytest

import cx
from cx import intake
from cx.metrics.impact import moved
from cx.metrics.kpi import kpis


def frame(*rows):
    return pd.DataFrame(rows, columns=["kpi", "value", "n"])


@pytest.mark.parametrize(("before", "after", "kpi"), [
    (("nps", 10.0, 5), ("nps", 10.0, 5), None), (("nps", 10.0, 5), ("nps", 12.0, 6), "nps"), (("nps", None, 0), ("nps", 3.0, 1), "nps"),
    (("nps", None, 0), ("nps", None, 0), None), (("nps", 10.0, 5), ("nps", 10.0, 10), "nps"), (("nps", 5.0, 1), ("nps", None, 0), "nps"),
])
def test_a_kpi_has_moved_where_its_value_or_what_it_is_counted_from_differs(before, after, kpi):
    assert moved(frame(before), frame(after))["kpi"].tolist() == ([kpi] if kpi else [])


def test_the_values_before_and_after_are_those_of_the_dashboard():
    store = cx.open_store(":memory:")
    load = lambda scores, day: intake.load_frame(store, pd.DataFrame({  # noqa: E731
        "customer_id": [f"{day}{n}" for n in range(len(scores))], "occurred_at": f"2025-01-{day}", "touchpoint": "x", "nps": scores}))
    load([10, 0], 10)
    before = kpis(store, compare=None)
    load([10, 9], 11)
    row = moved(before, kpis(store, compare=None)).set_index("kpi").loc["nps"]
    assert (row["value_before"], row["n_before"], row["value"], row["n"]) == (0, 2, 50, 4)
