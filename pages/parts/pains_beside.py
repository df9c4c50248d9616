"""Pain points and delights of two selections: which of them move the whole surely more on one side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.metrics import friction
from cx.metrics.friction import MEASURES, shown_change
from pages.parts import against, state
from pages.parts.against import Both

_CELL = ["stage", "touchpoint", "channel", "persona", "attribute", "attribute_value"]


def apart(sides: Both) -> None:
    """What each place listed on either side does to the whole, here against there. sides: of `friction.friction()`."""
    t = state.spoken()
    keys = [*_CELL, "measure"]
    listed = pd.concat([_within(each.points)[keys] for each in (sides.here, sides.beside)]).drop_duplicates()
    if listed.empty:
        return
    cells = sides.map(lambda each: _within(each.looked).merge(listed, on=keys))
    label = {tuple(row[key] for key in keys): row for each in (cells.beside, cells.here)
             for row in each.to_dict("records")}

    def name(row: dict[str, Any]) -> str:
        known = label[tuple(row[key] for key in keys)]
        return f"{t(friction.place(known))} · {t(MEASURES[row['measure']].name)}"

    def shown(row: dict[str, Any], value: float, _: bool) -> str:
        return f"{'−' if value < 0 else '+'}{t(shown_change(row['measure'], value))}"

    against.differences(cells, against.rows(cells, keys, value="impact"), name, "pains", unit=shown, what=t("Where"))


def _within(found: pd.DataFrame) -> pd.DataFrame:
    """What was held against everywhere else on its own side."""
    return found[found["against"] == friction.ELSEWHERE]
