"""The cohort table and the customers of a cohort as the tables a reader sees."""

from __future__ import annotations

import pandas as pd

from cx.charts.retention import cohort_name
from cx.frames import records
from cx.language import Language


def cohorts(frame: pd.DataFrame, t: Language, interval: str) -> pd.DataFrame:
    """A row per cohort and later period. frame: of `retention.cohorts()` over that interval."""
    rows = records(frame[frame["age"] > 0])
    return pd.DataFrame({
        t("First in"): [cohort_name(row["cohort"].date(), interval, t) for row in rows],
        t("Periods after"): [row["age"] for row in rows],
        t("Active in"): [cohort_name(row["period"].date(), interval, t) for row in rows],
        t("Customers at the start"): [row["customers"] for row in rows],
        t("Customers there"): [row["active"] for row in rows],
        t("Still there"): [t.percent(row["value"]) for row in rows],
        t("95% interval"): [t.interval(t.percent(row["lower"]), t.percent(row["upper"])) for row in rows],
        t("Note"): ["" if row["complete"] else t("may still rise") for row in rows]})


def customers(frame: pd.DataFrame, of: str, t: Language) -> pd.DataFrame:
    """Customers of a cohort. frame: of `retention.customers()`."""
    bought = of == "purchase"
    return pd.DataFrame({
        t("Customer"): frame["customer_id"],
        t("Persona"): [name or t("not given") for name in frame["persona"]],
        t("First order") if bought else t("First seen"): frame["first_at"],
        t("Last order") if bought else t("Last seen"): frame["last_at"],
        t("Orders") if bought else t("Interactions"): frame["times"]})


def later(curves: pd.DataFrame) -> pd.DataFrame:
    """Curves without the period in which everybody came. curves: of `retention.curve()`."""
    return curves[curves["age"] > 0]
