"""How teams hand customers over, as a table."""

from __future__ import annotations

import pandas as pd

from cx.language import Language


def handovers(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """frame: of `team.handovers`."""
    rows = frame.to_dict("records")

    def points(value: float, sign: bool = True) -> str:
        return t.number(value, 0, sign=sign)

    return pd.DataFrame({
        t("From"): frame["team"], t("To"): frame["to_team"], t("Hand-overs"): frame["n"],
        t("Customers"): frame["customers"],
        t("Median time between"): [t.duration(row["median_seconds"]) for row in rows],
        t("Net emotion after"): [f"{points(row['net'])} (n = {t.number(row['felt'])})" for row in rows],
        t("Within the team"): [f"{points(row['own_net'])} (n = {t.number(row['own_felt'])})" for row in rows],
        t("Difference"): [points(row["difference"]) + (" *" if row["significant"] is True else "") for row in rows]})
