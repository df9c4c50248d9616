"""Two frames row by row: of Wilson's intervals the difference is Newcombe's, and a verdict needs answers on both sides."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.metrics import stats
from cx.metrics.differences import differences, mover


def shares(*rows):
    """(key, hits, n) → a frame with Wilson's intervals."""
    frame = pd.DataFrame(rows, columns=["key", "hits", "n"])
    found = stats.wilson(frame["hits"], frame["n"])
    return frame.assign(value=found.value, lower=found.lower, upper=found.upper)


@given(st.tuples(*[st.integers(1, 400)] * 2), st.tuples(*[st.integers(0, 1000)] * 2))
def test_of_two_shares_it_is_newcombes_interval(sizes, parts):
    (n, m), (a, b) = sizes, (part % (size + 1) for part, size in zip(parts, sizes, strict=True))
    found = differences(shares(("x", a, n)), shares(("x", b, m)), ["key"], 1).iloc[0]
    expected = stats.difference_of_shares(a, n, b, m)
    assert [found["difference"], found["lower"], found["upper"]] == pytest.approx(
        [expected.value, expected.lower, expected.upper], abs=1e-9)
    assert (found["p"] < 0.05) == (found["lower"] > 0 or found["upper"] < 0)


def test_by_hand_and_the_other_way_round_with_the_sign_turned():
    one, other = shares(("a", 56, 70), ("b", 9, 10)), shares(("a", 48, 80), ("b", 3, 10))  # Newcombe 1998, table II (a)
    found = differences(one, other, ["key"], 30)
    assert found.loc[0, ["difference", "lower", "upper"]].tolist() == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)
    assert found["significant"].tolist() == [True, None]  # ten answers are too few
    turned = differences(other, one, ["key"], 30)
    assert turned["difference"].tolist() == pytest.approx((-found["difference"]).tolist())
    assert turned["upper"].tolist() == pytest.approx((-found["lower"]).tolist())
    assert turned["p_adjusted"].tolist() == pytest.approx(found["p_adjusted"].tolist(), nan_ok=True)


def test_rows_of_one_side_only_are_told_without_a_verdict():
    found = differences(shares(("a", 50, 100), ("b", 5, 100)), shares(("c", 1, 100), ("a", 10, 100)), ["key"], 30)
    assert found["key"].tolist() == ["a", "b", "c"]
    assert found["significant"].tolist() == [True, None, None]
    assert found["other_value"].isna().tolist() == [False, True, False]
    assert differences(shares(), shares(("a", 1, 2)), ["key"], 1)["significant"].tolist() == [None]


def test_what_many_rows_show_is_corrected_for_their_number():
    one = shares(*((f"{place}", 60 if place else 68, 100) for place in range(20)))
    other = shares(*((f"{place}", 60 if place else 53, 100) for place in range(20)))
    found = differences(one, other, ["key"], 30)
    assert found.loc[0, "p"] < 0.05
    assert found["significant"].tolist() == [False] * 20


def test_an_interval_that_leaves_its_value_out_counts_as_reaching_it():
    found = mover(*(np.array([number]) for number in (90.0, 60.0, 85.0, 0.0, -20.0, 20.0)))
    assert [float(each[0]) for each in (found.lower, found.value, found.upper)] == pytest.approx(
        [90 - np.hypot(30, 20), 90, 90 + 20])
    assert found.p[0] < 0.001
