"""What changed most: the segments and KPIs that moved between two periods by more than chance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics import stats
from cx.metrics.cells import Slots, cells, difference, measure, size
from cx.metrics.dimension import dimension
from cx.metrics.kpi import SIGNIFICANT_AT, minimum_n
from cx.metrics.kpi_registry import KPIS
from cx.metrics.period import periods
from cx.store import Store

WATCHED = ("nps", "csat", "ces", "expectations_met", "net_emotion", "conversion", "retention", "complaint_rate",
           "waiting_time", "late_share", "average_order_value")
"""Of KPIs that say the same (ease twice, retention and churn) one; counts have no test."""

SPLITS = ("persona", "channel", "stage", "touchpoint")
_COLUMNS = ["kpi", "dimension", "key", "label", "value", "previous", "change", "change_lower", "change_upper",
            "p_adjusted", "n", "previous_n", "better"]


def what_changed(store: Store, filters: Filters = Filters(), limit: int = 5, by: Iterable[str] = SPLITS,
                 compare: str | None = "previous") -> pd.DataFrame:
    """Significant changes of a KPI in a segment, the surest first; at most one segment of a dimension for each KPI.

    Columns: kpi, dimension (persona, channel, stage, touchpoint), key, label, value, previous, change, change_lower,
    change_upper (in the KPI's unit), p_adjusted (Benjamini–Hochberg over every cell looked at), n, previous_n, better
    (None where neither direction is good). Cells with fewer than the minimum of answers in either period, and missing
    values of a dimension, are not looked at. The periods are those of cx.metrics.kpi.kpis. Empty where nothing changed
    or there is nothing to compare with. Raises UnknownValue.
    """
    when = periods(store, filters, compare)
    if when.current is None or when.previous is None:
        return pd.DataFrame(columns=_COLUMNS)
    minimum = max(minimum_n(store), 2)
    found = []
    for name in by:
        split = dimension(store, name)
        # customers who were at a stage are no segment of their own: only questions about single interactions
        chosen = [KPIS[key] for key in WATCHED
                  if name not in ("stage", "touchpoint") or KPIS[key].source == "interactions"]
        both = cells(store, chosen, when.current, by=split, over=Slots((when.current, when.previous)),
                     sums_only=True)
        now, before = (both[both["period"] == place] for place in (0, 1))
        keys = now[["key", "label"]].merge(before[["key", "label"]], on=["key", "label"])
        keys = keys[keys["key"] != ""]
        now, before = (keys.merge(each, on=["key", "label"], how="left") for each in (now, before))
        for kpi in chosen:
            change = difference(kpi, now, before)
            n, previous_n = size(kpi, now), size(kpi, before)
            looked = (n >= minimum) & (previous_n >= minimum) & ~np.isnan(change.p)
            if looked.any():
                found.append(pd.DataFrame({
                    "kpi": kpi.key, "dimension": name, "key": keys["key"].to_numpy(), "label": keys["label"].to_numpy(),
                    "value": measure(kpi, now, bootstrap=False).value,
                    "previous": measure(kpi, before, bootstrap=False).value, "change": change.value,
                    "change_lower": change.lower, "change_upper": change.upper, "p": change.p, "n": n,
                    "previous_n": previous_n, "better": [None if not kpi.direction else bool(each * kpi.direction > 0)
                                                         for each in change.value]})[looked])
    if not found:
        return pd.DataFrame(columns=_COLUMNS)
    frame = pd.concat(found, ignore_index=True)
    frame["p_adjusted"] = stats.adjusted(frame["p"])
    frame = frame[frame["p_adjusted"] < SIGNIFICANT_AT].sort_values(["p", "kpi", "key"], kind="stable")
    frame = frame.drop_duplicates(["kpi", "dimension"])
    return frame[_COLUMNS].head(limit).reset_index(drop=True)
