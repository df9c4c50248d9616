"""The small line of a tile: worked out by hand."""

import re
from urllib.parse import unquote

import pytest

from cx.charts.spark import sparkline


@pytest.mark.parametrize(("values", "points"), [
    ([0.0, 5.0, 10.0], "0.0,36.0 100.0,20.0 200.0,4.0"),  # four units are left free above and below
    ([3.0, 1.0, 2.0, 3.0], "0.0,4.0 66.7,36.0 133.3,20.0 200.0,4.0"),
    ([7.0, 7.0, 7.0], "0.0,20.0 100.0,20.0 200.0,20.0"),  # nothing changes: in the middle
])
def test_the_line_runs_from_the_lowest_to_the_highest_value(values: list[float], points: str):
    found = re.findall(r'points="([^"]*)"', unquote(sparkline(values, "dark")))
    assert found == [points]
    assert f"M{points.split()[-1]}h0" in unquote(sparkline(values, "light"))


def test_two_values_are_no_course():
    assert sparkline([1.0, 2.0], "light") == ""
