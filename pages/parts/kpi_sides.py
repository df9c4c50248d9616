"""KPIs of two selections, with what surely differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cx.findings.kpi import kpi_value
from cx.metrics import kpi
from pages.parts import against, state
from pages.parts.words import known_kpis, title


def numbers(found: pd.DataFrame) -> pd.DataFrame:
    """Values and bounds as numbers, also where all of them are unknown."""
    return found.assign(**{end: found[end].astype(float) for end in ("value", "lower", "upper")})


def told(chosen: Sequence[str]) -> None:
    """The KPIs side by side; nothing where nothing is held against the selection on the charts."""
    sides = against.held()
    if sides is None or not sides.drawn:
        return
    t, known = state.spoken(), known_kpis()
    answers = against.both(kpi.kpis, compare=None, only=list(chosen)).map(numbers)

    def name(row: dict[str, Any]) -> str:
        return t(known[row["kpi"]].name)

    def shown(row: dict[str, Any], value: float, sign: bool) -> str:
        return kpi_value(t, known[row["kpi"]], value, sign=sign)

    title(t("{one}, compared with: {other}", one=answers.one, other=answers.other))
    against.differences(answers, against.rows(answers, ["kpi"]), name, "kpis", unit=shown, what=t("KPI"))
