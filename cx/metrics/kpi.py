"""The KPIs of a selection: value, interval, change, target; over time; by segment.

Every KPI stands in `kpi_registry`; its statistics come from `cells`. Shares are 0–1, net scores −100…100.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.cells import NO_SUMS, Slots, cells, conversion_step, difference, measure, present, size
from cx.metrics.dimension import dimension, in_order
from cx.metrics.goals import set_target, status_of, targets
from cx.metrics.kpi_registry import MINIMUM_N, Kpi
from cx.metrics.own_kpi import find, registry
from cx.metrics.period import Periods, calendar, periods
from cx.model import FIELD
from cx.store import Store

__all__ = ["breakdown", "kpis", "minimum_n", "set_target", "significant", "sparklines", "trend"]

SIGNIFICANT_AT = 0.05


def kpis(store: Store, filters: Filters = Filters(), compare: str | None = "previous",
         only: Iterable[str] | None = None) -> pd.DataFrame:
    """One row per KPI, in the registry's order and then the company's own (`only` restricts it to some keys).

    Columns: kpi, value, lower, upper (95 %), n, unit, direction, previous, previous_n, change, change_lower,
    change_upper, p_adjusted (Benjamini–Hochberg over the KPIs shown), significant (None = cannot be told), few (n below
    the minimum), target, status ("on_target", "below_target", "cannot_tell", None = no target), reason (Text: why there
    is no value), basis (Text: what it is compared with), median, p90 (waiting time and delay only).
    Without a closed period the value is over all data, and the change is of its last days (90, or half the data)
    against as many before. Retention, repurchase and churn are always about those two periods.
    Raises UnknownValue for an unknown KPI or comparison.
    """
    chosen = _chosen(store, only)
    when = periods(store, filters, compare)
    current, previous = _two(store, chosen, when)
    value = _values(store, chosen, when, current, closed=bool(filters.start and filters.end))
    minimum = minimum_n(store)
    goals = targets(store, filters)
    rows = []
    for kpi in chosen:
        found = measure(kpi, value)
        n = int(size(kpi, value)[0])
        before = measure(kpi, previous, bootstrap=False)
        change = difference(kpi, current, previous)
        counted = kpi.method == "total"
        comparable = when.previous is not None and (when.covered or not counted)
        target = goals.get(kpi.key)
        point, lower, upper = (_number(each[0]) for each in (found.value, found.lower, found.upper))
        enough = min(size(kpi, current)[0], size(kpi, previous)[0]) >= minimum
        rows.append({
            "kpi": kpi.key, "value": point, "lower": lower, "upper": upper, "n": n, "unit": kpi.unit,
            "direction": kpi.direction, "previous": _number(before.value[0]),
            "previous_n": int(size(kpi, previous)[0]) if when.previous else 0,
            "change": _number(change.value[0]) if comparable else None,
            "change_lower": _number(change.lower[0]) if comparable else None,
            "change_upper": _number(change.upper[0]) if comparable else None,
            "p": change.p[0] if comparable and enough else np.nan,
            "few": bool(kpi.minimum_n and 0 < n < minimum), "target": target,
            "status": status_of(kpi, point, lower, upper, target),
            "reason": _reason(store, kpi, when) if point is None else None,
            "basis": when.basis if comparable else None,
            "median": _extra(kpi, value, "median"), "p90": _extra(kpi, value, "p90")})
    frame = pd.DataFrame(rows)
    frame["p_adjusted"] = stats.adjusted(frame["p"].to_numpy(dtype=float))
    frame["significant"] = significant(frame["p_adjusted"])
    order = ["kpi", "value", "lower", "upper", "n", "unit", "direction", "previous", "previous_n", "change",
             "change_lower", "change_upper", "p_adjusted", "significant", "few", "target", "status", "reason", "basis",
             "median", "p90"]
    numbers = ["value", "lower", "upper", "previous", "change", "change_lower", "change_upper", "target", "median",
               "p90"]
    frame[numbers] = frame[numbers].astype(float)
    for column in ("status", "reason", "basis"):
        frame[column] = pd.Series([row[column] for row in rows], dtype=object)
    return frame[order]


def trend(store: Store, kpi: str, interval: str = "auto", filters: Filters = Filters(),
          breakdown: str | None = None) -> pd.DataFrame:
    """A KPI over time: [key, label,] period (first moment), value, lower, upper, n, complete.

    Every period between the first and the last is there; one with nothing has n 0 and a null value (0 for a count).
    `complete` is False where the data or the selection do not cover the whole period. Raises UnknownValue.
    """
    found = _trends(store, [find(store, kpi)], interval, filters, breakdown)
    return found.drop(columns="kpi")


def sparklines(store: Store, kpis: Iterable[str] | None = None, filters: Filters = Filters(),
               interval: str = "auto") -> pd.DataFrame:
    """Several KPIs over time in one go: kpi, period, value, n, complete (see `trend`)."""
    found = _trends(store, _chosen(store, kpis), interval, filters, None, bootstrap=False)
    return found.drop(columns=["lower", "upper"])


def breakdown(store: Store, kpi: str, by: str, filters: Filters = Filters()) -> pd.DataFrame:
    """A KPI by persona, channel, stage, touchpoint, campaign or attribute, each against all the others together.

    Columns: key, label, value, lower, upper, n, few, difference, difference_lower, difference_upper, p_adjusted
    (Benjamini–Hochberg over the rows), significant, median, p90. A customer-based KPI by stage or touchpoint is about
    the customers who were there, so that its rows overlap; what happened elsewhere is then the other rows' sum.
    Raises UnknownValue.
    """
    one = find(store, kpi)
    split = dimension(store, by)
    when = periods(store, filters, None)
    chosen = when.current if one.source == "activity" and when.current else filters
    frame = cells(store, [one], chosen, by=split)
    return _against_rest(store, one, frame).pipe(lambda found: in_order(store, found, split))


def minimum_n(store: Store) -> int:
    """Below so many answers a value is shown as "few answers" (setting `minimum_n`, 30 where it is not set)."""
    return int(store.setting("minimum_n") or MINIMUM_N)


def significant(p: pd.Series) -> pd.Series:
    """True, False, or None where there is no p-value."""
    return pd.Series([None if each != each else bool(each < SIGNIFICANT_AT) for each in p], index=p.index, dtype=object)


# --- helpers ---

def _chosen(store: Store, keys: Iterable[str] | None) -> list[Kpi]:
    """The KPIs of those keys; None = the product's and the company's own."""
    return list(registry(store).values()) if keys is None else [find(store, key) for key in keys]


def _counting(store: Store, chosen: Sequence[Kpi]) -> list[Kpi]:
    """The KPIs for which no row means 0 of something, not that nobody uploaded it."""
    there = present(store, {field for kpi in chosen for field in kpi.present})
    return [kpi for kpi in chosen if not kpi.present or there & set(kpi.present)]


def _two(store: Store, chosen: Sequence[Kpi], when: Periods) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statistics of the current and the previous period, a row each; of nothing where there is no such period."""
    nothing = pd.DataFrame([{f"{kpi.key}.{part}": np.nan for kpi in chosen for part in kpi.parts}])
    if when.current is None:
        return nothing, nothing
    if when.previous is None:
        return cells(store, chosen, when.current, sums_only=True), nothing
    both = cells(store, chosen, when.current, over=Slots((when.current, when.previous)), sums_only=True)
    both = both.set_index("period").reindex([0, 1]).reset_index(drop=True)
    counts = [f"{kpi.key}.{part}" for kpi in _counting(store, chosen) for part in kpi.parts if part not in NO_SUMS]
    both = both.fillna(dict.fromkeys(counts, 0.0))
    return both.iloc[[0]].reset_index(drop=True), both.iloc[[1]].reset_index(drop=True)


def _values(store: Store, chosen: Sequence[Kpi], when: Periods, current: pd.DataFrame, closed: bool) -> pd.DataFrame:
    """Statistics over everything shown. Taken from those of the current period: activity, and in a closed period all
    but conversion, which is compared by what happened in its first days only, and KPIs that are more than sums."""
    apart = [kpi for kpi in chosen if kpi.source == "funnel" or set(NO_SUMS) & set(kpi.parts)
             or (kpi.source != "activity" and not closed)]
    if not apart:
        return current
    moved = {kpi.key for kpi in apart}
    kept = [column for column in current.columns if column.split(".")[0] not in moved]
    return pd.concat([current[kept], cells(store, apart, when.shown)], axis=1)


def _trends(store: Store, chosen: Sequence[Kpi], interval: str, filters: Filters, by: str | None,
            bootstrap: bool = True) -> pd.DataFrame:
    split = dimension(store, by) if by else None
    step, when = calendar(store, filters, interval)
    names = ["key", "label", "period"] if split else ["period"]
    frame = cells(store, chosen, filters, by=split, over=step, sums_only=not bootstrap)
    if split:
        groups = frame[["key", "label"]].drop_duplicates()
        frame = groups.merge(when, how="cross").merge(frame, on=names, how="left")
    else:
        frame = when.merge(frame, on="period", how="left")
    parts = []
    totals = _counting(store, [kpi for kpi in chosen if kpi.method == "total"])
    frame = frame.fillna({f"{kpi.key}.{part}": 0.0 for kpi in totals for part in kpi.parts})
    for kpi in chosen:
        found = measure(kpi, frame, bootstrap)
        part = pd.DataFrame({"kpi": kpi.key, **{name: frame[name] for name in names}, "value": found.value,
                             "lower": found.lower, "upper": found.upper, "n": size(kpi, frame),
                             "complete": frame["complete"].astype(bool)})
        parts.append(in_order(store, part, split, then=["period"]) if split else part)
    result = pd.concat(parts, ignore_index=True)
    return result[["kpi", *names, "value", "lower", "upper", "n", "complete"]]


def _against_rest(store: Store, kpi: Kpi, frame: pd.DataFrame) -> pd.DataFrame:
    counted = [f"{kpi.key}.{part}" for part in kpi.parts if part not in NO_SUMS]
    rest = frame.copy()
    rest[counted] = frame[counted].sum() - frame[counted]
    found, against = measure(kpi, frame), difference(kpi, frame, rest)
    n = size(kpi, frame)
    minimum = minimum_n(store)
    enough = (n >= minimum) & (size(kpi, rest) >= minimum)
    p = stats.adjusted(np.where(enough, against.p, np.nan))
    result = frame[["key", "label"]].assign(
        value=found.value, lower=found.lower, upper=found.upper, n=n,
        few=(n > 0) & (n < minimum) & bool(kpi.minimum_n), difference=against.value,
        difference_lower=against.lower, difference_upper=against.upper, p_adjusted=p)
    result["significant"] = significant(result["p_adjusted"])
    for extra in ("median", "p90"):
        column = f"{kpi.key}.{extra}"
        result[extra] = frame[column] if column in frame.columns else np.nan
    return result


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _extra(kpi: Kpi, frame: pd.DataFrame, part: str) -> float | None:
    return _number(frame[f"{kpi.key}.{part}"].iloc[0]) if part in kpi.parts else None


def _reason(store: Store, kpi: Kpi, when: Periods) -> Text:
    """Why a KPI has no value: the field nobody uploaded, or nothing in the selection."""
    there = present(store, {field for needed in kpi.fields for field in needed})
    missing = [[field for field in needed if field not in there] for needed in kpi.fields]
    if missing and all(missing):
        fewest = min(missing, key=len)
        labels = [FIELD[field].label for field in fewest]
        if len(labels) != 2:
            return text("Nobody has uploaded this yet: it needs a column “{field}”.", field=labels[0])
        return text("Nobody has uploaded this yet: it needs the columns “{field}” and “{other}”.", field=labels[0],
                    other=labels[1])
    if kpi.source == "funnel" and when.shown.stage:
        return text("Customers chosen by the stage they reached convert by that choice: take the stage filter away.")
    if kpi.source == "funnel" and conversion_step(store) is None:
        return text("No interaction is in the purchase stage and one before it yet: see the journey model.")
    if kpi.source == "activity":
        if when.current is None:
            return text("This compares two periods, and the data is too short for two.")
        return text("No customer was active in the period before.") if kpi.key != "repurchase" else text(
            "No customer ordered in the period before.")
    return text("There is nothing to count in this selection.")
