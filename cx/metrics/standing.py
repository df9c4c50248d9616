"""How every goal stands: the value it is about, with its interval, against its target."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cx.filters import Filters
from cx.metrics.goals import goals, status_of
from cx.metrics.kpi import kpis
from cx.metrics.own_kpi import registry
from cx.store import Store

COLUMNS = ["kpi", "persona", "channel", "target", "owner", "value", "lower", "upper", "n", "few", "status", "reason"]


def standing(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per goal, in the order of the KPIs, the general goal first.

    → kpi, persona, channel (keys, "" = everybody), target, owner ("" = nobody), value, lower, upper, n, few, status
    ("on_target", "below_target", "cannot_tell", None = no value), reason (Text: why there is no value). A goal of one
    persona or channel is about that persona or channel; of `filters` the period and the attributes count.
    """
    known = registry(store)
    order = {key: place for place, key in enumerate(known)}
    rows = []
    every = goals(store)
    for (persona, channel), group in every.groupby(["persona", "channel"], sort=True):
        chosen = replace(filters, persona=(persona,) if persona else (), channel=(channel,) if channel else (),
                         stage=(), touchpoint=(), own_channel=False)
        found = kpis(store, chosen, None, list(group["kpi"].unique())).set_index("kpi")
        for goal in group.to_dict("records"):
            row = found.loc[goal["kpi"]]
            value, lower, upper = (None if pd.isna(row[each]) else float(row[each])
                                   for each in ("value", "lower", "upper"))
            rows.append({**goal, "value": value, "lower": lower, "upper": upper, "n": int(row["n"]),
                         "few": bool(row["few"]), "reason": row["reason"],
                         "status": status_of(known[goal["kpi"]], value, lower, upper, goal["target"])})
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("status", "reason"):
        frame[column] = pd.Series([row[column] for row in rows], dtype=object)
    frame["place"] = frame["kpi"].map(order)
    return frame.sort_values(["place", "persona", "channel"], kind="stable")[COLUMNS].reset_index(drop=True)
