"""The names in the chart of drivers lie over no other name and no point; one that finds no room is left to the tooltip."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cx.charts.driver import labelled

points = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.6), st.text("abc ", min_size=3, max_size=18)), max_size=14)


def boxes(data):
    """Of each name its edges in pixels; of each point likewise."""
    named, marks = [], []
    for row in data.to_dict("records"):
        x, y, wide = row["performance"] * 300, (1 - row["share"] / 0.6) * 360, 6.5 * len(row["label"])
        left = x + row["dx"] - {"center": wide / 2, "left": 0, "right": wide}[row["align"]]
        named.append((left, y + row["dy"] - 7, left + wide, y + row["dy"] + 7) if row["label"] else None)
        marks.append((x - 7, y - 7, x + 7, y + 7))
    return named, marks


def apart(one, other):
    return one[2] <= other[0] + 1e-6 or other[2] <= one[0] + 1e-6 or one[3] <= other[1] + 1e-6 or other[3] <= one[1] + 1e-6


@given(points)
def test_no_name_lies_over_another_or_over_a_point(given_points):
    data = labelled(pd.DataFrame(given_points, columns=["performance", "share", "name"]), [0, 1], [0, 0.6])
    named, marks = boxes(data)
    for place, box in enumerate(named):
        if box is not None:
            assert all(apart(box, other) for other in named[place + 1:] if other is not None)
            assert all(apart(box, mark) for other, mark in enumerate(marks) if other != place and mark != marks[place])


def test_points_with_room_keep_their_names_above_and_of_two_beside_each_other_one_is_told_elsewhere():
    data = labelled(pd.DataFrame([(0.2, 0.5, "Delivery"), (0.8, 0.1, "Price"), (0.79, 0.1, "Checkout page")],
                                 columns=["performance", "share", "name"]), [0, 1], [0, 0.6])
    assert data["label"].tolist()[:2] == ["Delivery", "Price"]
    assert data["dy"].tolist()[0] == -14
    assert data["label"].tolist()[2] == "Checkout page"
    assert (data["dx"].iloc[2], data["dy"].iloc[2]) != (data["dx"].iloc[1], data["dy"].iloc[1])
