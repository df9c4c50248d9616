"""What changed most: the segments and KPIs that moved between two periods by more than chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics import stats
from cx.metrics.cells import Slots, differences, measure, size, statistics
from cx.metrics.dimension import dimension, named
from cx.metrics.kpi import SIGNIFICANT_AT, incomparable, minimum_n
from cx.metrics.kpi_registry import KPIS, Kpi
from cx.metrics.period import periods
from cx.metrics.sums import Sums
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
    apart = incomparable(store, [KPIS[key] for key in WATCHED], when)
    looked_at = []
    for name in by:
        # customers who were at a stage are no segment of their own: only questions about single interactions
        chosen = [KPIS[key] for key in WATCHED if key not in apart and (
                  name not in ("stage", "touchpoint") or KPIS[key].source == "interactions")]
        looked_at += _cells(store, chosen, when.current, when.previous, name, minimum)
    p = np.array([cell.p for cell in looked_at])
    adjusted = stats.adjusted(p)
    order = sorted(np.flatnonzero(adjusted < SIGNIFICANT_AT),
                   key=lambda place: (p[place], looked_at[place].kpi.key, looked_at[place].key))
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for place in order:
        cell = looked_at[place]
        if len(rows) < limit:
            rows.setdefault((cell.kpi.key, cell.dimension), {**cell.told(), "p_adjusted": adjusted[place]})
    return pd.DataFrame(list(rows.values()), columns=_COLUMNS)


@dataclass(frozen=True)
class _Cell:
    """A KPI of a segment in two periods: row `row` of the statistics."""

    kpi: Kpi
    dimension: str
    key: str
    label: str
    row: int
    now: Sums
    before: Sums
    change: stats.Difference

    @property
    def p(self) -> float:
        return float(self.change.p[self.row])

    def told(self) -> dict[str, object]:
        """The columns of `what_changed` but for p_adjusted."""
        value, previous = (float(measure(self.kpi, each, bootstrap=False).value[self.row])
                           for each in (self.now, self.before))
        change, lower, upper = (float(each[self.row])
                                for each in (self.change.value, self.change.lower, self.change.upper))
        n, previous_n = (int(size(self.kpi, each)[self.row]) for each in (self.now, self.before))
        better = bool(change * self.kpi.direction > 0) if self.kpi.direction else None
        return {"kpi": self.kpi.key, "dimension": self.dimension, "key": self.key, "label": self.label, "value": value,
                "previous": previous, "change": change, "change_lower": lower, "change_upper": upper, "n": n,
                "previous_n": previous_n, "better": better}


def _cells(store: Store, chosen: Sequence[Kpi], current: Filters, previous: Filters, name: str,
           minimum: int) -> list[_Cell]:
    """Every segment of a dimension and KPI with enough answers in both periods."""
    split = dimension(store, name)
    both = statistics(store, chosen, current, by=split, over=Slots((current, previous)), sums_only=True)
    there = set(both.groups)
    values = [value for value, place in both.groups if place == 0 and (value, 1) in there]
    keyed = sorted((key, label, value) for value, (key, label) in zip(values, named(store, split, values), strict=True)
                   if key)
    now, before = (both.take([(value, place) for _, _, value in keyed]) for place in (0, 1))
    found = []
    for kpi, change in zip(chosen, differences(chosen, now, before), strict=True):
        looked = (size(kpi, now) >= minimum) & (size(kpi, before) >= minimum) & ~np.isnan(change.p)
        found += [_Cell(kpi, name, *keyed[row][:2], row, now, before, change)
                  for row in np.flatnonzero(looked).tolist()]
    return found
