"""Frames as plain rows."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a small frame as `frame.to_dict("records")` gives them, several times as fast where there are few
    rows and many columns, as in most answers."""
    names = list(frame.columns)
    return [dict(zip(names, [None if value is pd.NA else value for value in row], strict=True))
            for row in frame.to_numpy(object).tolist()]
