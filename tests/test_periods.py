"""Named periods are counted back from the last day of the data."""

import datetime as dt

import pytest

from cx.periods import PRESETS, preset


@pytest.mark.parametrize(("name", "last", "expected"), [
    ("last_7", "2026-10-31", ("2026-10-25", "2026-10-31")),
    ("last_90", "2026-03-31", ("2026-01-01", "2026-03-31")),
    ("month", "2026-10-31", ("2026-10-01", "2026-10-31")),
    ("month", "2026-10-30", ("2026-09-01", "2026-09-30")),
    ("month", "2026-01-15", ("2025-12-01", "2025-12-31")),
    ("quarter", "2026-10-31", ("2026-07-01", "2026-09-30")),
    ("quarter", "2026-12-31", ("2026-10-01", "2026-12-31")),
    ("quarter", "2026-02-01", ("2025-10-01", "2025-12-31")),
    ("year_to_date", "2026-02-01", ("2026-01-01", "2026-02-01")),
])
def test_a_preset_ends_where_the_data_ends(name, last, expected):
    assert tuple(map(str, preset(name, dt.date.fromisoformat(last)))) == expected


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_ends_within_the_data(name):
    start, end = preset(name, dt.date(2026, 10, 17))
    assert start <= end <= dt.date(2026, 10, 17)
