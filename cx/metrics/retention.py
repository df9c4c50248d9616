"""Retention: of the customers who came for the first time in one period, how many are there in the later ones.

A customer belongs to the period (week, month, quarter) of the first interaction, or of the first order. *In* a later
period are those who were active in it; *in or after* it those who were active in it or in any period since. What the
data cannot tell yet is marked, and never pooled: a period that is not over, and for "in or after" a period followed by
fewer than `WAIT` whole ones, since the silent may still come back.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cx.errors import QueryError, UnknownValue
from cx.filters import Clause, Filters
from cx.language import Text, text
from cx.metrics import retention_held, stats
from cx.metrics.cells import calendar_start, present
from cx.metrics.dimension import Dimension, dimension, in_order, with_labels
from cx.metrics.kpi import SIGNIFICANT_AT, minimum_n
from cx.store import Store

BASES = ("activity", "purchase")
READINGS = ("in", "in_or_after")
INTERVALS = ("week", "month", "quarter")
WAIT = 2
"""Whole periods after a period before its "in or after" counts."""

_CELLS = ["cohort", "age", "period", "customers", "active", "value", "lower", "upper", "complete", "few",
          "first_of_data"]


def cohorts(store: Store, of: str = "activity", interval: str = "auto", reading: str = "in",
            filters: Filters = Filters()) -> pd.DataFrame:
    """The cohort table, long: a row per cohort and age, ages up to the last period of the data.

    of        "activity": any interaction counts; "purchase": orders do, and a customer's first is of the first order
    interval  "week", "month", "quarter" or "auto" (see `interval_of`)
    reading   "in" the period, or "in_or_after" it
    filters   choose customers, by first channel, persona, attributes and where they were; in the own-channel reading
              only interactions in that channel count. The period chooses customers by their first time in it; what
              they do later counts to the end of the data
    → cohort, period (first moments), age (periods after the first one; 0 is the first), customers (of the cohort: the
      n), active, value (their share), lower, upper (Wilson), complete (False: it may still rise), few (customers below
      the minimum n), first_of_data (the data begins in the cohort's period: it may hold older customers).
      Cohorts without customers are left out. Raises UnknownValue.
    """
    step = interval_of(store, interval, filters)
    cells = _cells(store, of, step, reading, filters, None)
    share = stats.wilson(cells["active"], cells["customers"])
    first, _ = _days(store)
    cells = cells.assign(value=share.value, lower=share.lower, upper=share.upper,
                         few=cells["customers"] < minimum_n(store),
                         first_of_data=cells["cohort"] == (calendar_start(first, step) if first else pd.NaT))
    return cells[_CELLS]


def curve(store: Store, of: str = "activity", interval: str = "auto", reading: str = "in",
          filters: Filters = Filters(), breakdown: str | None = None) -> pd.DataFrame:
    """The share still there by age, all cohorts together; each age from the cohorts for which it is complete only, so
    that a period that is not over never looks like a fall. Later ages rest on older cohorts.

    breakdown  persona, channel (the first), campaign, an attribute…, by the customer's first value
    → [key, label,] age (0…), value, lower, upper (Wilson), active, n (customers), cohorts (how many), few; the largest
      group first. Ages without a complete cohort are left out. Raises UnknownValue.
    """
    step = interval_of(store, interval, filters)
    split = dimension(store, breakdown) if breakdown else None
    cells = _cells(store, of, step, reading, filters, breakdown)
    names = ["key", "label", "age"] if split else ["age"]
    known = cells[cells["complete"]].groupby(names, as_index=False, sort=True).agg(
        active=("active", "sum"), n=("customers", "sum"), cohorts=("cohort", "nunique"))
    share = stats.wilson(known["active"], known["n"])
    known = known.assign(value=share.value, lower=share.lower, upper=share.upper, few=known["n"] < minimum_n(store))
    if split:
        known = in_order(store, known, split, then=["age"])
    return known[[*names, "value", "lower", "upper", "active", "n", "cohorts", "few"]]


def customers(store: Store, cohort: dt.date, age: int, returned: bool = True, of: str = "activity",
              interval: str = "auto", reading: str = "in", filters: Filters = Filters(),
              limit: int | None = None) -> pd.DataFrame:
    """The customers behind a cell: those of the cohort (any day of its period) who were there at that age, or
    (returned=False) were not.

    → customer_id, persona (label, "" = none), first_at, last_at (of what counts: interactions or orders), times (how
      many); those last seen most recently first. Raises UnknownValue, QueryError.
    """
    if age < 0:
        raise QueryError(text("The age must be 0 or more periods."))
    step = interval_of(store, interval, filters)
    start = pd.Timestamp(calendar_start(cohort, step))
    target = (start + _length(step, age)).to_pydatetime()
    if of == "activity" and reading in READINGS:
        found = retention_held.customers(store, step, filters, start.to_pydatetime(), target,
                                         reading == "in_or_after", returned, limit)
        if found is not None:
            return _known(store, found)
    seen = _seen(of, step, reading, filters)
    there = "bool_or(e.slot = ?)" if reading == "in" else "max(e.slot) >= ?"
    period = filters.period("s.first_at")
    frame = store.frame(
        f"WITH seen AS ({seen.sql}), spans AS (SELECT e.customer_key, min(e.slot) AS cohort, min(e.first_at) AS "
        f"first_at, max(e.last_at) AS last_at, CAST(sum(e.times) AS BIGINT) AS times, {there} AS returned FROM seen e "
        f"GROUP BY e.customer_key) "
        f"SELECT c.customer_id, coalesce(p.label, '') AS persona, s.first_at, s.last_at, s.times FROM spans s "
        f"JOIN customers c ON c.customer_key = s.customer_key LEFT JOIN personas p ON p.persona_id = c.persona_id "
        f"WHERE s.cohort = ? AND s.returned = ? AND {period.sql} ORDER BY s.last_at DESC, c.customer_key",
        [*seen.params, target, start.to_pydatetime(), returned, *period.params])
    return frame if limit is None else frame.head(limit)


def _known(store: Store, found: pd.DataFrame) -> pd.DataFrame:
    """With names in place of customer_key, in the same order; without those who are gone since."""
    with store.reader() as cursor:
        cursor.register("retention_listed", found[["customer_key"]])
        names = cursor.execute("SELECT c.customer_key, c.customer_id, coalesce(p.label, '') AS persona "
                               "FROM customers c LEFT JOIN personas p ON p.persona_id = c.persona_id "
                               "WHERE c.customer_key IN (SELECT customer_key FROM retention_listed)").df()
    named = found.merge(names, on="customer_key")
    return named[["customer_id", "persona", "first_at", "last_at", "times"]]


def interval_of(store: Store, interval: str = "auto", filters: Filters = Filters()) -> str:
    """The interval meant: for "auto" week where cohorts can be followed for up to half a year, month up to three
    years, else quarter. Raises UnknownValue."""
    if interval != "auto":
        return _one_of(text("Interval"), interval, ("auto", *INTERVALS))
    first, last = _days(store)
    if first is None or last is None:
        return "month"
    days = (last - max(filters.start or first, first)).days + 1
    return "week" if days <= 183 else "month" if days <= 1100 else "quarter"


def half(curve: pd.DataFrame) -> int | None:
    """The first age by which more than half are not there beyond doubt (the whole interval below one half, enough
    customers); None = not so. curve: of `curve()` without breakdown."""
    below = curve[(curve["upper"] < 0.5) & ~curve["few"]]
    return None if below.empty else int(below["age"].iloc[0])


def newer_against_older(cells: pd.DataFrame) -> dict[str, float | bool] | None:
    """Whether the newer half of the cohorts comes back more or less often in the period after the first (age 1).

    cells: of `cohorts()` in the reading "in" ("in or after" has given the older ones more time). → newer, older
    (shares), n_newer, n_older, sure (p < 0.05, N−1 two-proportion test); None = fewer than four complete cohorts, or
    few customers. The cohort in which the data begins is left out: it may hold older customers.
    """
    known = cells[(cells["age"] == 1) & cells["complete"] & ~cells["first_of_data"]].sort_values("cohort")
    if len(known) < 4:
        return None
    cut = len(known) // 2
    (old, old_n), (new, new_n) = ((int(part["active"].sum()), int(part["customers"].sum()))
                                  for part in (known.iloc[:cut], known.iloc[cut:]))
    if known["few"].all():
        return None
    p = float(stats.two_proportions(new, new_n, old, old_n))
    return {"newer": new / new_n, "older": old / old_n, "n_newer": new_n, "n_older": old_n, "sure": p < SIGNIFICANT_AT}


def apart(curves: pd.DataFrame) -> tuple[dict[str, object], dict[str, object]] | None:
    """The group that stays most and the one that stays least, at the latest age at which at least half of all cohorts
    and enough customers of each group with enough at the start can be told; None where their intervals overlap or
    there are fewer than two groups. curves: of `curve()` with breakdown. → two rows of it as dicts."""
    named = curves[curves["key"] != ""]
    groups = set(named.loc[(named["age"] == 1) & ~named["few"], "key"])
    known = named[named["key"].isin(groups) & ~named["few"] & (named["cohorts"] * 2 >= named["cohorts"].max())]
    together = known.groupby("age")["key"].nunique()
    ages = together.index[(together == len(groups)) & (together.index > 0)]
    if len(groups) < 2 or not len(ages):
        return None
    at = known[known["age"] == ages.max()].sort_values(["value", "key"])
    if at["lower"].iloc[-1] <= at["upper"].iloc[0]:
        return None
    return at.iloc[-1].to_dict(), at.iloc[0].to_dict()


def reason(store: Store, of: str = "activity") -> Text:
    """Why there is no cohort: what nobody uploaded, or nothing in the selection."""
    there = present(store, ("customer_id", "occurred_at", "order_id", "revenue"))
    if "customer_id" not in there:
        return text("Nobody can be followed over time: no uploaded sheet tells customers apart. It needs a customer "
                    "number.")
    if "occurred_at" not in there:
        return text("Nobody can be followed over time: the data has no dates.")
    if of == "purchase" and not there & {"order_id", "revenue"}:
        return text("Nobody has uploaded orders yet: it needs an order number or an amount.")
    if of == "purchase":
        return text("Nobody in this selection ordered for the first time.")
    return text("Nobody in this selection came for the first time.")


# --- helpers ---


def _cells(store: Store, of: str, step: str, reading: str, filters: Filters, breakdown: str | None) -> pd.DataFrame:
    """[key, label,] cohort, age, period, customers, active, complete: the table and the curve rest on the same."""
    key = "retention cells", of, step, reading, repr(filters), breakdown
    return store.memo(key, lambda: _counted(store, of, step, reading, filters, breakdown)).copy(deep=False)


def _counted(store: Store, of: str, step: str, reading: str, filters: Filters, breakdown: str | None) -> pd.DataFrame:
    split = dimension(store, breakdown) if breakdown else None
    counted = _held(store, of, step, reading, filters, split)
    if counted is None:
        counted = _of_rows(store, of, step, reading, filters, split)
    names = ["key", "label", "cohort"] if split else ["cohort"]
    _, last = _days(store)
    if counted.empty or last is None:
        kinds = {"cohort": "datetime64[us]", "age": "int64", "period": "datetime64[us]", "customers": "int64",
                 "active": "int64", "complete": "bool"}
        return pd.DataFrame({**{name: pd.Series(dtype=object) for name in names[:-1]},
                             **{name: pd.Series(dtype=kind) for name, kind in kinds.items()}})
    if split:
        counted = with_labels(store, counted, split)
    counted = counted.astype({"cohort": "datetime64[us]", "period": "datetime64[us]"})
    last = max(last, counted["period"].max().date())  # where the data has just become shorter
    slots = _slots(counted["cohort"].min().to_pydatetime(), last, step)
    place = {slot: position for position, slot in enumerate(slots["period"])}
    counted["first"], counted["at"] = counted["cohort"].map(place), counted["period"].map(place)
    sizes = counted[counted["first"] == counted["at"]].rename(columns={"active": "customers"})
    cells = sizes[[*names, "first", "customers"]].merge(pd.DataFrame({"at": range(len(slots))}), how="cross")
    cells = cells[cells["at"] >= cells["first"]]
    cells = cells.merge(counted[[*names, "at", "active", "ended"]], on=[*names, "at"], how="left")
    cells = cells.fillna({"active": 0, "ended": 0}).sort_values([*names, "at"], kind="stable").reset_index(drop=True)
    if reading == "in_or_after":
        cells["active"] = cells["customers"] - cells.groupby(names)["ended"].cumsum() + cells["ended"]
    cells["age"] = cells["at"] - cells["first"]
    cells["period"] = cells["at"].map(slots["period"])
    wait = np.where(cells["age"] == 0, 0, WAIT if reading == "in_or_after" else 0)
    whole = int(slots["whole"].sum())  # the first so many periods are over
    cells["complete"] = cells["at"] + wait < whole
    return cells.astype({"active": "int64", "customers": "int64", "age": "int64"})[
        [*names, "age", "period", "customers", "active", "complete"]]


def _of_rows(store: Store, of: str, step: str, reading: str, filters: Filters, split: Dimension | None) -> pd.DataFrame:
    """[value,] cohort, period, active, ended (there for the last time): cells in which somebody was."""
    seen, period = _seen(of, step, reading, filters), filters.period("s.first_at")
    value = split.of_customers("first") if split else Clause("")
    join = f"LEFT JOIN ({value.sql}) v ON v.customer_key = s.customer_key" if split else ""
    return store.frame(
        f"WITH seen AS ({seen.sql}), spans AS (SELECT e.customer_key, min(e.slot) AS cohort, max(e.slot) AS last_slot, "
        f"min(e.first_at) AS first_at FROM seen e GROUP BY e.customer_key) "
        f"SELECT {'v.value, ' if split else ''}s.cohort, e.slot AS period, count(*) AS active, "
        f"count(CASE WHEN e.slot = s.last_slot THEN 1 END) AS ended FROM spans s "
        f"JOIN seen e ON e.customer_key = s.customer_key {join} WHERE {period.sql} "
        f"GROUP BY {'1, 2, 3' if split else '1, 2'}", [*seen.params, *value.params, *period.params])


def _held(store: Store, of: str, step: str, reading: str, filters: Filters,
          split: Dimension | None) -> pd.DataFrame | None:
    """The same of what is held in memory; None where it is not."""
    _one_of(text("Counted by"), of, BASES)
    _one_of(text("Reading"), reading, READINGS)
    return None if of == "purchase" else retention_held.counts(store, step, filters, split)


def _seen(of: str, step: str, reading: str, filters: Filters) -> Clause:
    """SELECT customer_key, slot (first moment of a period), first_at, last_at, times: a row per known customer of the
    selection and period in which something counts happened."""
    _one_of(text("Counted by"), of, BASES)
    _one_of(text("Reading"), reading, READINGS)
    source = "interactions" if of == "activity" else "orders"
    journeys, steps = filters.journeys("j"), filters.steps("x")
    return Clause(
        f"SELECT x.customer_key, CAST(date_trunc('{step}', x.occurred_at) AS TIMESTAMP) AS slot, "
        f"min(x.occurred_at) AS first_at, max(x.occurred_at) AS last_at, count(*) AS times FROM {source} x "
        f"JOIN journeys j ON j.customer_key = x.customer_key "
        f"WHERE x.occurred_at IS NOT NULL AND {steps.sql} AND {journeys.sql} GROUP BY 1, 2",
        (*steps.params, *journeys.params))


def _slots(first: dt.datetime, last: dt.date, step: str) -> pd.DataFrame:
    """Every period from `first` to the one that holds the day `last`: period (first moment), whole (over by then)."""
    frequency = {"week": "W-MON", "month": "MS", "quarter": "QS"}[step]
    many = pd.date_range(first, calendar_start(last, step), freq=frequency)
    ends = [(start + _length(step, 1)).date() - dt.timedelta(days=1) for start in many]
    return pd.DataFrame({"period": many.astype("datetime64[us]"), "whole": [end <= last for end in ends]})


def _length(step: str, many: int) -> pd.DateOffset:
    if step == "week":
        return pd.DateOffset(days=7 * many)
    return pd.DateOffset(months=many * (3 if step == "quarter" else 1))


def _days(store: Store) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the data."""
    return store.kept("SELECT CAST(min(occurred_at) AS DATE), CAST(max(occurred_at) AS DATE) FROM interactions")[0]


def _one_of(what: Text, given: str, accepted: tuple[str, ...]) -> str:
    if given not in accepted:
        raise UnknownValue(what, given, accepted)
    return given
