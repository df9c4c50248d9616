"""The KPIs of a selection: value, interval, change, target; over time; by segment.

Every KPI stands in `kpi_registry`; its statistics come from `cells`. Shares are 0–1, net scores −100…100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.cells import (
    NO_SUMS,
    Slots,
    conversion_step,
    converts,
    difference,
    differences,
    measure,
    measures,
    present,
    size,
    statistics,
)
from cx.metrics.dimension import dimension, named, ranked
from cx.metrics.goals import set_target, status_of, targets
from cx.metrics.kpi_registry import MINIMUM_N, Kpi
from cx.metrics.own_kpi import find, registry
from cx.metrics.period import INTERVALS, Periods, calendar, days_of_data, periods
from cx.metrics.sums import Sums
from cx.model import FIELD
from cx.store import Store
from cx.store.derive_sql import STAGES_USED

__all__ = ["breakdown", "changes", "incomparable", "kpis", "minimum_n", "readable_interval", "set_target",
           "significant", "sparklines", "trend"]

SIGNIFICANT_AT = 0.05


def kpis(store: Store, filters: Filters = Filters(), compare: str | None = "previous",
         only: Iterable[str] | None = None) -> pd.DataFrame:
    """One row per KPI, in the registry's order and then the company's own (`only` restricts it to some keys).

    Columns: kpi, value, lower, upper (95 %), n, unit, direction, previous, previous_n, change, change_lower,
    change_upper, p_adjusted (Benjamini–Hochberg over the KPIs shown), significant (None = cannot be told), few (n below
    the minimum), target, status ("on_target", "below_target", "cannot_tell", None = no target), reason (Text: why there
    is no value), basis (Text: what it is compared with), median, p90 (waiting time and delay only), current, current_n
    (what `change` compares with previous and previous_n: of the whole selection, where its period is closed),
    incomparable (Text: why no change can be told though there is an earlier period).
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
    for kpi, found in zip(chosen, measures(chosen, value), strict=True):
        n = int(size(kpi, value)[0])
        target = goals.get(kpi.key)
        point, lower, upper = (_number(each[0]) for each in (found.value, found.lower, found.upper))
        rows.append({
            "value": point, "lower": lower, "upper": upper, "n": n, "unit": kpi.unit,
            "few": bool(kpi.minimum_n and 0 < n < minimum), "target": target,
            "status": status_of(kpi, point, lower, upper, target),
            "reason": _reason(store, kpi, when) if point is None else None,
            "median": _extra(kpi, value, "median"), "p90": _extra(kpi, value, "p90")})
    return _framed(_COLUMNS, [{**row, **change} for row, change in zip(
        rows, _changes(chosen, when, current, previous, minimum, incomparable(store, chosen, when)), strict=True)])


def changes(store: Store, filters: Filters = Filters(), compare: str | None = "last_year",
            only: Iterable[str] | None = None) -> pd.DataFrame:
    """The changes of `kpis` alone, by default against a year before (the same season): kpi, direction, current,
    current_n, previous, previous_n, change, change_lower, change_upper, p_adjusted (Benjamini–Hochberg over the KPIs
    shown), significant, basis, incomparable (see `kpis`). Null where the data does not reach back over the whole
    earlier period. Raises UnknownValue."""
    chosen = _chosen(store, only)
    when = periods(store, filters, compare)
    if not when.covered:
        when = replace(when, previous=None, basis=None)
    rows = _changes(chosen, when, *_two(store, chosen, when), minimum_n(store), incomparable(store, chosen, when))
    return _framed(_CHANGES, rows)


_CHANGES = ("kpi", "direction", "current", "current_n", "previous", "previous_n", "change", "change_lower",
            "change_upper", "p_adjusted", "significant", "basis", "incomparable")
_COLUMNS = ("kpi", "value", "lower", "upper", "n", "unit", "direction", "previous", "previous_n", "change",
            "change_lower", "change_upper", "p_adjusted", "significant", "few", "target", "status", "reason", "basis",
            "median", "p90", "current", "current_n", "incomparable")
_WORDS = ("significant", "status", "reason", "basis", "incomparable")
_NUMBERS = ("value", "lower", "upper", "previous", "change", "change_lower", "change_upper", "p_adjusted", "target",
            "median", "p90", "current")


def incomparable(store: Store, chosen: Sequence[Kpi], when: Periods) -> dict[str, Text]:
    """KPI → why its change cannot be told, though there is an earlier period. Who comes back, of the customers of the
    period before: the longer a customer has been coming, the likelier, and where the data begins everybody looks new.
    So as much data must lie before those customers' period as lies between the two that are compared; otherwise the
    data's growing age alone would make a change."""
    found, before = days_of_data(store), when.previous
    earlier = replace(before, compare="previous").compared() if before else None
    if found is None or when.current is None or before is None or earlier is None:
        return {}
    assert when.current.start is not None
    assert before.start is not None
    assert earlier.start is not None
    needed = earlier.start - (when.current.start - before.start)
    reason = text("The data begins on {first}: to tell who came back then as surely as now it would have to begin on "
                  "{needed} or before.", first=found[0], needed=needed)
    return {} if needed >= found[0] else {kpi.key: reason for kpi in chosen if kpi.source == "activity"}


def _changes(chosen: Sequence[Kpi], when: Periods, current: Sums, previous: Sums, minimum: int,
             apart: Mapping[str, Text]) -> list[dict[str, Any]]:
    """The columns of `changes`, a row per KPI. current, previous: of `_two`; apart: of `incomparable`."""
    rows = []
    for kpi, before, change in zip(chosen, measures(chosen, previous, bootstrap=False),
                                   differences(chosen, current, previous), strict=True):
        comparable = when.previous is not None and (when.covered or kpi.method != "total") and kpi.key not in apart
        sizes = [int(size(kpi, each)[0]) for each in (current, previous)] if when.previous else [0, 0]
        value, lower, upper = (_number(each[0]) if comparable else None
                               for each in (change.value, change.lower, change.upper))
        earlier = _number(before.value[0])
        rows.append({
            "kpi": kpi.key, "direction": kpi.direction, "previous": earlier, "previous_n": sizes[1], "change": value,
            "change_lower": lower, "change_upper": upper, "current_n": sizes[0],
            "current": None if value is None or earlier is None else earlier + value,
            "p": change.p[0] if comparable and min(sizes) >= minimum else np.nan,
            "basis": when.basis if comparable else None, "incomparable": apart.get(kpi.key)})
    adjusted = stats.adjusted(np.array([row["p"] for row in rows], dtype=float))
    return [{**row, "p_adjusted": p, "significant": verdict}
            for row, p, verdict in zip(rows, adjusted.tolist(), _verdicts(adjusted), strict=True)]


def _framed(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed(name, [row[name] for row in rows]) for name in names})


def _typed(name: str, values: Sequence[Any] | np.ndarray) -> Any:
    if name in _NUMBERS:
        return np.array(values, dtype=float)
    return pd.Series(values, dtype=object) if name in _WORDS else values


def trend(store: Store, kpi: str, interval: str = "auto", filters: Filters = Filters(),
          breakdown: str | None = None) -> pd.DataFrame:
    """A KPI over time: [key, label,] period (first moment), value, lower, upper, n, complete.

    Every period between the first and the last is there; one with nothing has n 0 and a null value (0 for a count).
    `complete` is False where the data or the selection do not cover the whole period. Raises UnknownValue.
    """
    return _trends(store, [find(store, kpi)], interval, filters, breakdown).drop(columns="kpi")


def readable_interval(store: Store, kpi: str, filters: Filters = Filters()) -> str:
    """The shortest interval, from that of "auto" on, at which half of the periods of a KPI's trend rest on enough
    answers; the longest where none does."""
    least, (interval, _) = minimum_n(store), calendar(store, filters, "auto")
    every = list(INTERVALS)
    longer = every[every.index(interval):]
    return next((each for each in longer if trend(store, kpi, each, filters)["n"].median() >= least), longer[-1])


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
    found = statistics(store, [one], chosen, by=split)
    names = named(store, split, [value for (value,) in found.groups])
    columns = _against_rest(store, one, found)
    places = ranked(store, split, [key for key, _ in names], columns["n"])
    order = np.argsort([places[key] for key, _ in names], kind="stable").astype(np.intp)
    texts = {name: pd.Series([names[row][place] for row in order], dtype=object)
             for place, name in enumerate(("key", "label"))}
    return pd.DataFrame({**texts, **{name: _typed(name, column[order]) for name, column in columns.items()}})


def minimum_n(store: Store) -> int:
    """Below so many answers a value is shown as "few answers" (setting `minimum_n`, 30 where it is not set)."""
    found = store.kept("SELECT value FROM settings WHERE key = 'minimum_n'")
    return int((found and found[0][0]) or MINIMUM_N)


def significant(p: pd.Series) -> pd.Series:
    """True, False, or None where there is no p-value."""
    return pd.Series(_verdicts(p), index=p.index, dtype=object)


# --- helpers ---

def _verdicts(p: Iterable[float]) -> list[bool | None]:
    return [None if each != each else bool(each < SIGNIFICANT_AT) for each in p]


def _chosen(store: Store, keys: Iterable[str] | None) -> list[Kpi]:
    """The KPIs of those keys; None = the product's and the company's own."""
    return list(registry(store).values()) if keys is None else [find(store, key) for key in keys]


def _counting(store: Store, chosen: Sequence[Kpi]) -> list[Kpi]:
    """The KPIs for which no row means 0 of something, not that nobody uploaded it."""
    there = present(store, {field for kpi in chosen for field in kpi.present})
    return [kpi for kpi in chosen if not kpi.present or there & set(kpi.present)]


def _two(store: Store, chosen: Sequence[Kpi], when: Periods) -> tuple[Sums, Sums]:
    """Statistics of the current and the previous period, a row each; of nothing where there is no such period."""
    nothing = Sums(((),), {f"{kpi.key}.{part}": np.full(1, np.nan) for kpi in chosen for part in kpi.parts})
    if when.current is None:
        return nothing, nothing
    if when.previous is None:
        return statistics(store, chosen, when.current, sums_only=True), nothing
    both = statistics(store, chosen, when.current, over=Slots((when.current, when.previous)), sums_only=True)
    counts = _parts(_counting(store, chosen))
    now, before = (_filled(both.take([(place,)]), counts) for place in (0, 1))
    return now, before


def _values(store: Store, chosen: Sequence[Kpi], when: Periods, current: Sums, closed: bool) -> Sums:
    """Statistics over everything shown. Taken from those of the current period: activity, and in a closed period all
    but conversion, which is compared by what happened in its first days only, and what does not add up."""
    kept = [kpi.key for kpi in chosen if kpi.source == "activity" or (closed and kpi.source != "funnel")]
    apart = [kpi if kpi.key not in kept else replace(kpi, parts={
        part: sql for part, sql in kpi.parts.items() if part in NO_SUMS}) for kpi in chosen]
    apart = [kpi for kpi in apart if kpi.parts]
    if not apart:
        return current
    return Sums(((),), {**current.only(kept).parts, **statistics(store, apart, when.shown).parts})


def _parts(kpis: Iterable[Kpi]) -> list[str]:
    """The parts that add up."""
    return [f"{kpi.key}.{part}" for kpi in kpis for part in kpi.parts if part not in NO_SUMS]


def _filled(found: Sums, parts: Iterable[str]) -> Sums:
    """With 0 in place of nothing in those parts."""
    return Sums(found.groups, {**found.parts, **{name: np.nan_to_num(found[name]) for name in parts}})


def _trends(store: Store, chosen: Sequence[Kpi], interval: str, filters: Filters, by: str | None,
            bootstrap: bool = True) -> pd.DataFrame:
    split = dimension(store, by) if by else None
    step, when = calendar(store, filters, interval)
    moments = when["period"].dt.to_pydatetime()
    found = statistics(store, chosen, filters, by=split, over=step, sums_only=not bootstrap)
    values = list(dict.fromkeys(group[0] for group in found.groups)) if split else [None]
    groups = [(value, moment) if split else (moment,) for value in values for moment in moments]
    totals = _counting(store, [kpi for kpi in chosen if kpi.method == "total"])
    found = _filled(found.take(groups), [f"{kpi.key}.{part}" for kpi in totals for part in kpi.parts])
    names = named(store, split, values) if split else []
    parts: list[dict[str, np.ndarray]] = []
    for kpi, told in zip(chosen, measures(chosen, found, bootstrap), strict=True):
        n = size(kpi, found)
        part = {"kpi": np.full(len(found), kpi.key, dtype=object), "period": np.tile(when["period"], len(values)),
                "value": told.value, "lower": told.lower, "upper": told.upper, "n": n,
                "complete": np.tile(when["complete"].to_numpy(dtype=bool), len(values))}
        if split:
            keys, labels = ([name[place] for name in names for _ in moments] for place in (0, 1))
            places = ranked(store, split, keys, n)
            order = np.argsort([places[key] for key in keys], kind="stable")
            part = {name: column[order] for name, column in
                    {"key": np.array(keys, dtype=object), "label": np.array(labels, dtype=object), **part}.items()}
        parts.append(part)
    columns = ["kpi", *(["key", "label"] if split else []), "period", "value", "lower", "upper", "n", "complete"]
    return pd.DataFrame({name: _series(np.concatenate([part[name] for part in parts])) for name in columns})


def _series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype=values.dtype)


def _against_rest(store: Store, kpi: Kpi, found: Sums) -> dict[str, np.ndarray]:
    """The columns of `breakdown`, but for key and label."""
    counted = _parts([kpi])
    rest = Sums(found.groups, {**found.parts, **{name: np.nansum(found[name]) - found[name] for name in counted}})
    told, against = measure(kpi, found), difference(kpi, found, rest)
    n = size(kpi, found)
    minimum = minimum_n(store)
    enough = (n >= minimum) & (size(kpi, rest) >= minimum)
    p = stats.adjusted(np.where(enough, against.p, np.nan))
    extra = {name: found[f"{kpi.key}.{name}"] if name in kpi.parts else np.full(len(n), np.nan)
             for name in ("median", "p90")}
    return {"value": told.value, "lower": told.lower, "upper": told.upper, "n": n,
            "few": (n > 0) & (n < minimum) & bool(kpi.minimum_n), "difference": against.value,
            "difference_lower": against.lower, "difference_upper": against.upper, "p_adjusted": p,
            "significant": np.array(_verdicts(p), dtype=object), **extra}


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _extra(kpi: Kpi, found: Sums, part: str) -> float | None:
    return _number(found[f"{kpi.key}.{part}"][0]) if part in kpi.parts else None


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
    if kpi.source == "funnel" and not converts(when.shown):
        return text("Conversion is of whole journeys, not of the steps in one channel: the funnel page tells how many "
                    "go on in that channel only.")
    if kpi.source == "funnel" and conversion_step(store) is None:
        if conversion_step(store, [stage for (stage,) in store.kept(STAGES_USED)]):
            return text("What comes before the purchase is left out of the funnel.")
        return text("No interaction is in the purchase stage and one before it yet: see the journey model.")
    if kpi.source == "activity" and when.current is None:
        return text("This compares two periods, and the data is too short for two.")
    asked = when.current if kpi.source == "activity" else when.shown
    by_first = asked is not None and bool(asked.channel) and not asked.own_channel
    if by_first and kpi.source == "funnel" and _counts(store, kpi, replace(when.shown, channel=())):
        return text("Journeys count by the customer's first channel, and nobody with this one is to be counted here.")
    if by_first and kpi.source == "activity" and asked and _counts(store, kpi, replace(asked, own_channel=True)):
        return text("Journeys count by the customer's first channel, and nobody with this one is to be counted here. "
                    "The channel filter offers another reading: steps in this channel only.")
    if kpi.source == "activity":
        return text("No customer was active in the period before.") if kpi.key != "repurchase" else text(
            "No customer ordered in the period before.")
    return text("There is nothing to count in this selection.")


def _counts(store: Store, kpi: Kpi, filters: Filters) -> bool:
    """Whether there is something to count."""
    return bool(size(kpi, statistics(store, [kpi], filters, sums_only=True)).any())
