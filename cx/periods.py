"""Named periods, counted back from the last day of the data (not from today: data may be old)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cx.language import Text, text

PRESETS: Mapping[str, Text] = {
    "last_7": text("Last 7 days"), "last_30": text("Last 30 days"), "last_90": text("Last 90 days"),
    "last_365": text("Last 365 days"), "month": text("Last full month"), "quarter": text("Last full quarter"),
    "year_to_date": text("This year"),
}


def preset(name: str, last: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of a preset, where `last` is the last day of the data. Raises KeyError for another name."""
    if name.startswith("last_"):
        return last - dt.timedelta(days=int(name[5:]) - 1), last
    if name == "year_to_date":
        return dt.date(last.year, 1, 1), last
    following = last + dt.timedelta(days=1)
    months = {"month": 1, "quarter": 3}[name]
    index = following.year * 12 + following.month - 1
    index -= index % months  # first month after the last full month or quarter
    end = dt.date(index // 12, index % 12 + 1, 1) - dt.timedelta(days=1)
    begin = index - months
    return dt.date(begin // 12, begin % 12 + 1, 1), end
