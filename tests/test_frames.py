"""Rows of a frame, as pandas itself gives them."""

import datetime as dt

import pandas as pd
import pytest

from cx.frames import records

FRAMES = {
    "of every kind": pd.DataFrame({
        "text": ["a", None], "str": pd.Series(["a", None], dtype="str"), "whole": [1, 2], "part": [0.5, float("nan")],
        "yes": [True, False], "maybe": pd.Series([True, None], dtype=object), "list": [["a"], []],
        "at": pd.to_datetime(["2025-01-01", None]), "counted": pd.Series([1, None], dtype="Int64"),
        "day": [dt.date(2025, 1, 1), dt.date(2025, 1, 2)]}),
    "of one kind": pd.DataFrame({"one": [1, 2], "other": [3, 4]}),
    "without rows": pd.DataFrame({"one": [], "other": []}),
    "without columns": pd.DataFrame(),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_rows_are_those_of_pandas_with_values_of_the_same_kinds(frame):
    ours, theirs = records(frame), frame.to_dict("records")
    assert [list(row) for row in ours] == [list(row) for row in theirs]
    for one, other in zip(ours, theirs, strict=True):
        for name, value in one.items():
            assert type(value) is type(other[name]), name
            assert value is other[name] or value == other[name] or (value != value and other[name] != other[name]), name
