"""The rows behind a KPI: the interactions, orders or customers that were counted, and how each one counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Clause, Filters
from cx.language import text
from cx.metrics.cells import (
    INTERVALS,
    NO_SUMS,
    RIPE,
    acts,
    calendar_start,
    cells,
    conversion_step,
    converts,
    customer_value,
    measure,
    orders_of,
    size,
)
from cx.metrics.cells_sql import with_one_before, written_parts
from cx.metrics.dimension import Dimension, dimension, in_order
from cx.metrics.kpi_registry import CONVERSION_DAYS, Kpi
from cx.metrics.own_kpi import find
from cx.metrics.period import STEPS, periods
from cx.store import Store
from cx.store.measures import MEASURES
from cx.store.shell import runnable

COUNTS: Mapping[str, Kpi] = {kpi.key: kpi for kpi in (
    Kpi("interactions", text("Interactions"), text("How many interactions are selected."),
        text("number of interactions"), "count", 0, "total", "interactions",
        dict.fromkeys(("n", "total"), MEASURES["interactions"].sql), (), minimum_n=0),
    Kpi("customers", text("Customers"), text("How many customers have an interaction in the selection."),
        text("number of customers"), "count", 0, "total", "customers",
        dict.fromkeys(("n", "total"), "count(*) FILTER (WHERE TRUE)"), (), minimum_n=0))}
"""Plain counts, whose rows can be asked for like those of a KPI."""

CONVERTED_WITHIN = CONVERSION_DAYS * 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Number:
    """Which number of a KPI: that of everything selected, of one value of a breakdown (`by`, `key`; "" = not given), of
    one period of a trend (`interval`, and a day of it), or of both."""

    kpi: str
    by: str | None = None
    key: str = ""
    interval: str | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class Told:
    """value, lower, upper: in the KPI's unit, None = undefined; n: how many rows stand behind it."""

    value: float | None
    lower: float | None
    upper: float | None
    n: int


def kpi_of(store: Store, key: str) -> Kpi:
    """The KPI or plain count of that key; raises UnknownValue."""
    return COUNTS[key] if key in COUNTS else find(store, key)


def numbers(store: Store, which: Number, filters: Filters = Filters()) -> pd.DataFrame:
    """The number of each value of `which.by` and period of `which.interval` (its key and day do not matter), as shown
    by `kpi.kpis`, `kpi.breakdown` and `kpi.trend`: [key, label,] [period,] value, lower, upper, n. Raises UnknownValue.
    """
    kpi, split, over = kpi_of(store, which.kpi), _split(store, which), _over(which)
    chosen = _selection(store, kpi, which, filters)
    names = [*(["key", "label"] if split else []), *(["period"] if over else [])]
    if chosen is None:
        return pd.DataFrame(columns=[*names, "value", "lower", "upper", "n"])
    frame = cells(store, [kpi], chosen, split, over)
    found = measure(kpi, frame)
    result = frame[names].assign(value=found.value, lower=found.lower, upper=found.upper, n=size(kpi, frame))
    return in_order(store, result, split, then=["period"] if over else []) if split else result


def number(store: Store, which: Number, filters: Filters = Filters()) -> Told:
    """One of `numbers`; raises UnknownValue, also for a key there is none of."""
    frame, split = numbers(store, which, filters), _split(store, which)
    if split:
        _value(store, split, which.key)
        frame = frame[frame["key"] == which.key]
    if which.interval:
        frame = frame[frame["period"] == _start(which)]
    if frame.empty:
        return Told(None, None, None, 0)
    value, lower, upper = (None if each != each else float(each)
                           for each in frame[["value", "lower", "upper"]].iloc[0])
    return Told(value, lower, upper, int(frame["n"].iloc[0]))


def sql(store: Store, which: Number, filters: Filters = Filters()) -> str | None:
    """The SQL that was executed for `number`, with its bound values in it, and around it the formula: its columns
    `result` and `"<kpi>.n"` are the value and n. None where nothing is asked (no two periods, for instance)."""
    kpi, split = kpi_of(store, which.kpi), _split(store, which)
    with store.noting() as asked:
        number(store, which, filters)
    executed = next((each for each in asked if f'"{kpi.key}.n"' in each.sql), None)
    if executed is None:
        return None
    part = {name: f'"{kpi.key}.{name}"' for name in ("n", "hits", "plus", "minus", "total")}
    of_n = f"CAST(nullif({part['n']}, 0) AS DOUBLE)"
    formula = {"share": f"{kpi.factor:g} * {part['hits']} / {of_n}",
               "net": f"100 * ({part['plus']} - {part['minus']}) / {of_n}",
               "mean": f"{kpi.factor:g} * {part['total']} / {of_n}",
               "bootstrap": f"{kpi.factor:g} * {part['total']} / {of_n}", "total": part["total"]}[kpi.method]
    at = []
    if split:
        at.append(Clause("value IS NOT DISTINCT FROM ?", (_value(store, split, which.key),)))
    if which.interval:
        at.append(Clause("period = ?", (_start(which),)))
    where = Clause.all_of(at)
    chosen = f"\nWHERE {runnable(where.sql, where.params)}" if at else ""
    return f"SELECT *, {formula} AS result FROM ({runnable(executed.sql, executed.params)}){chosen}"


def rows(store: Store, which: Number, filters: Filters = Filters(), limit: int | None = None,
         offset: int = 0) -> pd.DataFrame:
    """The rows that a number counts, the newest first; as many as its n where there is no limit.

    counted: what the row adds. Shares 1 or 0, net scores 1, 0 or -1, means and sums the value itself; their mean (for
    counts and sums: their sum) is the KPI, but for its unit. Further columns by what is counted:
    interactions  interaction_id, customer_id (null = anonymous), occurred_at, stage, touchpoint, channel, persona, nps,
                  csat, csat_max, ces, ces_max, expectation_met, emotion, is_complaint, wait_seconds, delay_days,
                  revenue, order_id, campaign, comment
    orders        interaction_id, customer_id, occurred_at, stage, touchpoint, channel, order_id, amount
    customers     customer_id, interactions, first_at, last_at, complained, last_emotion
    buyers        customer_id, orders, first_at, last_at
    funnel        customer_id, entered_at, converted_at (null = has not)
    activity      customer_id, last_before (null = was not there), first_after, bought_before, bought_after
    Raises UnknownValue.
    """
    asked = _asked(store, which, filters, f" LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else "")
    return store.frame(asked.sql, asked.params)


def rows_sql(store: Store, which: Number, filters: Filters = Filters()) -> str:
    """The SQL of `rows`, with its bound values in it."""
    asked = _asked(store, which, filters)
    return runnable(asked.sql, asked.params)


# --- helpers ---

_COUNT = re.compile(r"count\(\*\)(?: FILTER \(WHERE (.*)\))?", re.DOTALL)


@dataclass(frozen=True)
class _At:
    """Where the number stands: the split with the stored value, the calendar interval with the first moment."""

    store: Store
    by: Dimension | None
    value: object
    interval: str | None
    start: dt.datetime

    def clauses(self, value: Clause | None, column: str) -> list[Clause]:
        """Conditions on the value of a row and on a time column."""
        at = [Clause(f"{value.sql} IS NOT DISTINCT FROM ?", (*value.params, self.value))] if value else []
        if self.interval:
            at.append(Clause(f"date_trunc('{self.interval}', {column}) = ?", (self.start,)))
        return at

    def own(self, alias: str, column: str) -> tuple[Clause, list[Clause]]:
        """Join and conditions where the value is that of the row."""
        if self.by is None:
            return Clause(""), self.clauses(None, column)
        return self.by.join(alias), self.clauses(self.by.value(alias), column)


def _asked(store: Store, which: Number, filters: Filters, page: str = "") -> Clause:
    kpi, split = kpi_of(store, which.kpi), _split(store, which)
    _over(which)
    chosen = _selection(store, kpi, which, filters)
    at = _At(store, split, _value(store, split, which.key) if split else None, which.interval, _start(which))
    if kpi.source == "interactions":
        assert chosen is not None
        return _interactions(kpi, at, chosen, page)
    asked = _SOURCES[kpi.source](kpi, at, chosen)
    return Clause(f"{asked.sql}{page}", asked.params)


def _split(store: Store, which: Number) -> Dimension | None:
    return dimension(store, which.by) if which.by else None


def _over(which: Number) -> str | None:
    if which.interval is not None and which.interval not in INTERVALS:
        raise UnknownValue(text("Interval"), which.interval, INTERVALS)
    return which.interval


def _start(which: Number) -> dt.datetime:
    return calendar_start(which.day or dt.date.min, which.interval or "day")


def _value(store: Store, split: Dimension, key: str) -> object:
    """How the workspace stores a value of a breakdown; None = not given."""
    if not key:
        return None
    if split.attribute or split.name == "campaign":
        return key
    known = {each: value for value, (each, _, _) in split.labels(store).items()}
    if key not in known:
        raise UnknownValue(text("Value"), key, known)
    return known[key]


def _selection(store: Store, kpi: Kpi, which: Number, filters: Filters) -> Filters | None:
    """The filters in force: what compares two periods is about closed ones. None = there are no two."""
    if kpi.source != "activity" or which.interval:
        return filters
    return periods(store, filters, None).current


def _counts(kpi: Kpi, part: str) -> Clause:
    """The condition on the rows that a count counts."""
    given = kpi.parts[part]
    declared = given if isinstance(given, Clause) else Clause(given)
    found = _COUNT.fullmatch(declared.sql)
    assert found is not None
    return Clause(found[1] or "TRUE", declared.params)


def _counted(kpi: Kpi, totals: dict[str, str] | None = None) -> Clause:
    """What one row, a group of its own, adds to the KPI."""
    parts = {part: sql if isinstance(sql, Clause) else Clause(sql) for part, sql in kpi.parts.items()
             if part not in NO_SUMS}
    if totals:
        one = replace(kpi, parts={"hits": parts["hits"].sql})
        return Clause(written_parts([one], totals).rsplit(" AS ", 1)[0])
    if kpi.method == "net":
        plus, minus = parts["plus"], parts["minus"]
        return Clause(f"{plus.sql} - {minus.sql}", (*plus.params, *minus.params))
    return parts["hits" if kpi.method == "share" else "total"]


_NAMES = ("LEFT JOIN stages s ON s.stage_id = r.stage_id LEFT JOIN touchpoints t ON t.touchpoint_id = r.touchpoint_id "
          "LEFT JOIN channels h ON h.channel_id = r.channel_id")
_WHO = "CASE WHEN c.anonymous THEN NULL ELSE c.customer_id END AS customer_id"
_NEWEST = "ORDER BY r.occurred_at DESC NULLS LAST, r.interaction_id DESC"


def _interactions(kpi: Kpi, at: _At, filters: Filters, page: str) -> Clause:
    """With `page` chosen before anything else is looked up: there may be very many."""
    join, here = at.own("i", "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), _counts(kpi, "n"), *here])
    counted = _counted(kpi)
    newest = f" ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC{page}" if page else ""
    return Clause(
        f"SELECT r.interaction_id, {_WHO}, r.occurred_at, s.label AS stage, t.label AS touchpoint, h.label AS channel, "
        "p.label AS persona, r.nps, CAST(r.csat AS DOUBLE) AS csat, r.csat_max, CAST(r.ces AS DOUBLE) AS ces, "
        "r.ces_max, r.expectation_met, r.emotion, r.is_complaint, r.wait_seconds, r.delay_days, "
        "CAST(r.revenue AS DOUBLE) AS revenue, r.order_id, r.campaign, r.comment, "
        "CAST(x.counted AS DOUBLE) AS counted FROM "
        f"(SELECT i.interaction_id, {counted.sql} AS counted FROM (SELECT i.* FROM interactions i {join.sql} "
        f"WHERE {where.sql}{newest}) i "
        f"GROUP BY i.interaction_id) x JOIN interactions r ON r.interaction_id = x.interaction_id "
        f"JOIN customers c ON c.customer_key = r.customer_key LEFT JOIN personas p ON p.persona_id = c.persona_id "
        f"{_NAMES} {_NEWEST}", (*counted.params, *join.params, *where.params))


def _orders(kpi: Kpi, at: _At, filters: Filters | None) -> Clause:
    assert filters is not None
    orders, chosen = orders_of(filters, at.by)
    join, here = at.own("o", "o.occurred_at")
    where = Clause.all_of([chosen, _counts(kpi, "n"), *here])
    return Clause(
        f"SELECT r.interaction_id, {_WHO}, r.occurred_at, s.label AS stage, t.label AS touchpoint, h.label AS channel, "
        "r.order_id, r.amount, CAST(r.counted AS DOUBLE) AS counted FROM (SELECT o.interaction_id, o.customer_key, "
        "o.occurred_at, o.stage_id, o.touchpoint_id, o.channel_id, o.order_id, o.amount, "
        f"{_counted(kpi).sql} AS counted FROM {orders} o {join.sql} WHERE {where.sql} GROUP BY ALL) r "
        f"JOIN customers c ON c.customer_key = r.customer_key {_NAMES} {_NEWEST}", (*join.params, *where.params))


def _customers(kpi: Kpi, at: _At, filters: Filters | None) -> Clause:
    assert filters is not None
    join, here = at.own("i", "i.occurred_at")
    where = Clause.all_of([filters.interactions("i"), *here])
    return Clause(
        "SELECT k.customer_id, c.interactions, c.first_at, c.last_at, c.complained, c.last_emotion, "
        f"CAST({_counted(kpi).sql} AS DOUBLE) AS counted FROM (SELECT i.customer_key, count(*) AS interactions, "
        "min(i.occurred_at) AS first_at, max(i.occurred_at) AS last_at, "
        "coalesce(bool_or(i.is_complaint), FALSE) AS complained, "
        "arg_max(i.emotion, (coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)) "
        "FILTER (WHERE i.emotion IS NOT NULL) AS last_emotion "
        f"FROM interactions i {join.sql} WHERE {where.sql} GROUP BY i.customer_key) c "
        "JOIN customers k ON k.customer_key = c.customer_key AND NOT k.anonymous "
        f"WHERE {_counts(kpi, 'n').sql} GROUP BY ALL ORDER BY c.last_at DESC NULLS LAST, k.customer_id",
        (*join.params, *where.params))


def _buyers(kpi: Kpi, at: _At, filters: Filters | None) -> Clause:
    assert filters is not None
    orders, chosen = orders_of(filters, at.by)
    join, here = at.own("o", "o.occurred_at")
    where = Clause.all_of([Clause("NOT o.anonymous"), chosen, *here])
    return Clause(
        f"SELECT k.customer_id, b.orders, b.first_at, b.last_at, CAST({_counted(kpi).sql} AS DOUBLE) AS counted FROM "
        "(SELECT o.customer_key, count(*) AS orders, min(o.occurred_at) AS first_at, max(o.occurred_at) AS last_at "
        f"FROM {orders} o {join.sql} WHERE {where.sql} GROUP BY o.customer_key) b "
        f"JOIN customers k ON k.customer_key = b.customer_key WHERE {_counts(kpi, 'n').sql} GROUP BY ALL "
        "ORDER BY b.last_at DESC NULLS LAST, k.customer_id", (*join.params, *where.params))


def _funnel(_: Kpi, at: _At, filters: Filters | None) -> Clause:
    assert filters is not None
    step = conversion_step(at.store)
    join, value = customer_value(at.by, "a")
    where = Clause.all_of([filters.journeys("a"), filters.period("a.t1"), *at.clauses(value, "a.t1"),
                           *([RIPE] if at.interval else [])])
    if step is None or not converts(filters):  # as in cells: then there is no such number
        step, where = 1, Clause("FALSE")
        join = Clause("")
    there = f"a.t{step} IS NOT NULL" if not at.interval else (
        f"epoch_us(a.t{step}) - epoch_us(a.t1) <= {CONVERTED_WITHIN}")
    return Clause(
        "SELECT k.customer_id, u.entered_at, u.converted_at, CAST(u.converted_at IS NOT NULL AS DOUBLE) AS counted "
        f"FROM (SELECT a.customer_key, min(a.t1) AS entered_at, min(CASE WHEN {there} THEN a.t{step} END) "
        f"AS converted_at FROM attempts a {join.sql} WHERE {where.sql} GROUP BY a.customer_key) u "
        "JOIN customers k ON k.customer_key = u.customer_key ORDER BY u.entered_at DESC, k.customer_id",
        (*join.params, *where.params))


def _activity(kpi: Kpi, at: _At, filters: Filters | None) -> Clause:
    before = replace(filters, compare="previous").compared() if filters is not None else None
    join, value = customer_value(at.by, "u")
    journeys = filters.journeys("j") if filters is not None else Clause("FALSE")
    if at.interval:
        assert filters is not None
        whole = with_one_before(filters, at.interval).period("x.moment")
        begin = (pd.Timestamp(at.start) - STEPS[at.interval]).to_pydatetime()
        end = (pd.Timestamp(at.start) + STEPS[at.interval]).to_pydatetime()
        inside = Clause.all_of([whole, Clause("x.moment >= ? AND x.moment < ?", (begin, end))])
        middle = at.start
    elif before is None or filters is None or filters.start is None:
        inside, middle = Clause("FALSE"), at.start
    else:
        inside = replace(filters, start=before.start).period("x.moment")
        middle = dt.datetime.combine(filters.start, dt.time())
    done = acts(True, filters or Filters())
    here = Clause.all_of([_counts_as(kpi), *replace(at, interval=None).clauses(value, "")])
    totals = {"were": "count(*) FILTER (WHERE u.was)", "bought": "count(*) FILTER (WHERE u.had_bought)",
              "stayed": "count(*) FILTER (WHERE u.was AND u.first_after IS NOT NULL)",
              "rebought": "count(*) FILTER (WHERE u.had_bought AND u.bought_after)"}
    return Clause(
        "SELECT k.customer_id, u.last_before, u.first_after, u.had_bought AS bought_before, u.bought_after, "
        f"CAST({_counted(kpi, totals).sql} AS DOUBLE) AS counted FROM (SELECT x.customer_key, "
        "coalesce(bool_or(x.active AND x.moment < ?), FALSE) AS was, "
        "coalesce(bool_or(x.bought AND x.moment < ?), FALSE) AS had_bought, "
        "coalesce(bool_or(x.bought AND x.moment >= ?), FALSE) AS bought_after, "
        "max(x.moment) FILTER (WHERE x.active AND x.moment < ?) AS last_before, "
        "min(x.moment) FILTER (WHERE x.active AND x.moment >= ?) AS first_after "
        f"FROM ({done.sql}) x WHERE {inside.sql} AND x.customer_key IN "
        f"(SELECT j.customer_key FROM journeys j WHERE {journeys.sql}) GROUP BY x.customer_key) u "
        f"JOIN customers k ON k.customer_key = u.customer_key {join.sql} WHERE {here.sql} GROUP BY ALL "
        "ORDER BY u.last_before DESC NULLS LAST, k.customer_id",
        (*(middle,) * 5, *done.params, *inside.params, *journeys.params, *join.params, *here.params))


def _counts_as(kpi: Kpi) -> Clause:
    """The condition on the customers of two periods that the KPI counts."""
    return Clause({"were": "u.was", "bought": "u.had_bought"}[str(kpi.parts["n"])])


_SOURCES: dict[str, Callable[[Kpi, _At, Filters | None], Clause]] = {
    "orders": _orders, "customers": _customers, "buyers": _buyers, "funnel": _funnel,
    "activity": _activity}
