"""Frames of `cx.metrics` as the tables of a report, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cx import findings
from cx.findings.highlight import Told
from cx.findings.kpi import kpi_value
from cx.frames import records
from cx.language import Language
from cx.metrics.kpi_registry import Kpi


def kpis(values: pd.DataFrame, known: Mapping[str, Kpi], t: Language) -> pd.DataFrame:
    """KPIs with interval, n, change and target. values: of `kpis()`; those without a value are left out."""
    rows = [(known[row["kpi"]], row) for row in records(values[values["value"].notna()])]
    return pd.DataFrame({
        t("KPI"): [t(kpi.name) for kpi, _ in rows],
        t("Value"): [kpi_value(t, kpi, row["value"]) for kpi, row in rows],
        t("95% interval"): [findings.standing.interval(kpi, row, t) for kpi, row in rows],
        t("n"): [int(row["n"]) for _, row in rows],
        t("Change against before"): [kpi_value(t, kpi, row["change"], sign=True) for kpi, row in rows],
        t("Beyond chance"): [{True: t("yes"), False: t("no")}.get(row["significant"], "—") for _, row in rows],
        t("Target"): [kpi_value(t, kpi, row["target"]) for kpi, row in rows]})


def highlights(told: Sequence[Told], t: Language) -> pd.DataFrame:
    """Problems or wins, one a row: where, what it is worth, what is sure of it, how many customers were there."""
    return pd.DataFrame({
        t("Where"): [each.place for each in told], t("What it is worth"): [each.worth for each in told],
        t("What is sure"): [each.what for each in told], t("Customers who were there"): [each.n for each in told]})
