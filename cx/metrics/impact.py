"""What an upload moved: KPI values before and after it."""

from __future__ import annotations

import pandas as pd


def moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The KPIs whose value differs between two answers of `kpis()`, in their order.

    Columns: kpi, value_before, n_before, value, n (null where undefined then or now). A KPI that only got more answers
    behind the same value has moved too where it is counted from more than before.
    """
    both = after[["kpi", "value", "n"]].merge(before[["kpi", "value", "n"]], on="kpi", how="left",
                                              suffixes=("", "_before"))
    same = (both["value"] == both["value_before"]) | (both["value"].isna() & both["value_before"].isna())
    changed = both[~same | ((both["n"] != both["n_before"]) & both["value"].notna())]
    return changed[["kpi", "value_before", "n_before", "value", "n"]].reset_index(drop=True)
