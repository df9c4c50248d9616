"""What a company wants its customers to feel at each stage: net emotion values that its team enters."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from cx.errors import QueryError, UnknownValue
from cx.language import text
from cx.store import Store
from cx.store.database import set_setting

_SETTING = "planned_emotions"


def planned(store: Store) -> dict[str, float]:
    """Stage key → planned net emotion (-100…100), of the stages in force that have one, in their order."""
    kept: dict[str, float] = json.loads(store.setting(_SETTING) or "{}")
    return {key: kept[key] for (key,) in store.rows("SELECT key FROM stages ORDER BY position") if key in kept}


def plan(store: Store, values: Mapping[str, float | None]) -> None:
    """Set the planned net emotion of these stages; None takes it away; stages not named keep theirs.

    Raises UnknownValue for a stage that is not in force, QueryError for what is not a number from -100 to 100.
    """
    stages = [key for (key,) in store.rows("SELECT key FROM stages ORDER BY position")]
    for key, value in values.items():
        if key not in stages:
            raise UnknownValue(text("Stage"), key, stages)
        if value is not None and not (math.isfinite(value) and -100 <= value <= 100):
            raise QueryError(text("A planned net emotion lies between −100 and 100, not {value}.", value=str(value)))
    kept = {**json.loads(store.setting(_SETTING) or "{}"), **values}
    with store.write(derived=False) as cursor:
        set_setting(cursor, _SETTING, json.dumps({key: float(value) for key, value in kept.items()
                                                  if value is not None}))
