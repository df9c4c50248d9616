"""Sufficient statistics of KPIs: one query per source for all KPIs together, by dimension and calendar period.

Sources: single interactions; active customers; orders and buyers (an order counts where and when its first row
stands); the stage funnel (`attempts`); activity in two neighbouring periods. Scores count anonymous respondents,
customer-based sources do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cx.filters import Clause, Filters
from cx.metrics import stats
from cx.metrics.dimension import Dimension, with_labels
from cx.metrics.kpi_registry import BOOTSTRAP_UPTO, CONVERSION_DAYS, Kpi
from cx.store import Store
from cx.store.derive import ORDER_SQL, stages_in_use

CalendarInterval = Literal["day", "week", "month", "quarter"]
INTERVALS: tuple[str, ...] = ("day", "week", "month", "quarter")
_STEP = {"day": "INTERVAL 1 DAY", "week": "INTERVAL 7 DAY", "month": "INTERVAL 1 MONTH", "quarter": "INTERVAL 3 MONTH"}
_MEMBERSHIP = ("stage", "touchpoint")  # in customer-based questions: customers who were there


@dataclass(frozen=True)
class Slots:
    """Up to two closed periods that do not overlap, counted in one go; `period` is then 0 for the first, 1 …"""

    periods: tuple[Filters, ...]

    def sql(self, column: str) -> Clause:
        """The number of the period that a time lies in, else null."""
        parts = [each.period(column) for each in self.periods]
        return Clause("CASE " + " ".join(f"WHEN {part.sql} THEN {place}" for place, part in enumerate(parts)) + " END",
                      tuple(value for part in parts for value in part.params))

    def around(self) -> Filters:
        """The selection from the first day of any period to the last day of any."""
        days = [(each.start, each.end) for each in self.periods if each.start and each.end]
        return replace(self.periods[0], start=min(first for first, _ in days), end=max(last for _, last in days))


def cells(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None = None,
          over: str | Slots | None = None) -> pd.DataFrame:
    """One row per value of `by` and period of `over`: a calendar interval, or given periods; one row when neither is
    asked. `filters` choose the period where `over` does not.

    Columns: [key, label,] [period,] and `<kpi>.<part>` for each KPI and part (n is NaN where the workspace lacks what
    the KPI counts). Activity compares a closed period with the one of the same length before it, or each calendar
    period with the one before.
    """
    if isinstance(over, Slots):
        filters = over.around()
    grouping = [*(["key", "label"] if by else []), *(["period"] if over else [])]
    frames = []
    for source, query in _SOURCES.items():
        wanted = [kpi for kpi in kpis if kpi.source == source]
        if not wanted:
            continue
        frame = query(store, wanted, filters, by, over)
        if isinstance(over, Slots):
            frame = frame[frame["period"].notna()].astype({"period": int})
        elif over:
            frame = frame.astype({"period": "datetime64[us]"})
        if by:
            frame = with_labels(store, frame, by)
        frames.append(frame.set_index(grouping) if grouping else frame)
    result = frames[0] if len(frames) == 1 else pd.concat(frames, axis=1, sort=True)
    result = result.reset_index() if grouping else result
    there = present(store, {field for kpi in kpis for field in kpi.present})
    absent = {f"{kpi.key}.n": np.nan for kpi in kpis if kpi.present and not there & set(kpi.present)}
    return result.assign(**absent) if absent else result


def present(store: Store, fields: Iterable[str]) -> set[str]:
    """Those of the fields that some interaction of the workspace has."""
    asked = sorted(set(fields))
    conditions = {
        "customer_id": "customer_key IN (SELECT customer_key FROM customers WHERE NOT anonymous)",
        "stage": "stage_id IS NOT NULL", "touchpoint": "touchpoint_id IS NOT NULL", "channel": "channel_id IS NOT NULL",
        "persona": "customer_key IN (SELECT customer_key FROM customers WHERE persona_id IS NOT NULL)",
        "emotion": "emotion_given IS NOT NULL"}
    if not asked:
        return set()
    tests = [f"EXISTS (SELECT 1 FROM interactions WHERE {conditions.get(field, f'{field} IS NOT NULL')})"
             for field in asked]
    return {field for field, found in zip(asked, store.rows(f"SELECT {', '.join(tests)}")[0], strict=True) if found}


def measure(kpi: Kpi, frame: pd.DataFrame, bootstrap: bool = True) -> stats.Interval:
    """Value and interval of each row of a `cells` frame, in the KPI's unit. `bootstrap` False: Student's t instead."""
    def part(name: str) -> stats.Floats:
        return frame[f"{kpi.key}.{name}"].to_numpy(dtype=float)

    if kpi.method == "share":
        return stats.wilson(part("hits"), part("n")).times(kpi.factor)
    if kpi.method == "net":
        return stats.net_score(part("plus"), part("minus"), part("n"))
    if kpi.method == "total":
        value = np.where(np.isnan(part("n")), np.nan, part("total"))
        return stats.Interval(value, np.full(value.shape, np.nan), np.full(value.shape, np.nan))
    found = stats.mean(part("n"), part("total"), part("squares"))
    if kpi.method == "bootstrap" and bootstrap:
        small = np.flatnonzero((part("n") > 1) & (part("n") <= BOOTSTRAP_UPTO))
        samples = frame[f"{kpi.key}.values"].to_numpy()
        for row in small:
            again = stats.bootstrap_mean(np.sort(np.asarray(samples[row], dtype=float)))
            found.lower[row], found.upper[row] = again.lower, again.upper
    return found.times(kpi.factor)


def difference(kpi: Kpi, frame: pd.DataFrame, other: pd.DataFrame) -> stats.Difference:
    """Row by row, first minus second, in the KPI's unit; totals have no test."""
    def parts(*names: str) -> list[stats.Floats]:
        return [each[f"{kpi.key}.{name}"].to_numpy(dtype=float) for each in (frame, other) for name in names]

    if kpi.method == "share":
        return stats.difference_of_shares(*parts("hits", "n")).times(kpi.factor)
    if kpi.method == "net":
        return stats.difference_of_net_scores(*parts("plus", "minus", "n"))
    if kpi.method == "total":
        value = measure(kpi, frame).value - measure(kpi, other).value
        none = np.full(value.shape, np.nan)
        return stats.Difference(value, none, none, none)
    return stats.difference_of_means(*parts("n", "total", "squares")).times(kpi.factor)


def size(kpi: Kpi, frame: pd.DataFrame) -> np.ndarray:
    """How many answers, customers or orders each row stands on."""
    return frame[f"{kpi.key}.n"].fillna(0).to_numpy(dtype=np.int64)


# --- sources ---


def _from_interactions(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                       over: str | Slots | None) -> pd.DataFrame:
    head, group = _group(by, over, "i")
    where = _where(filters, over, "i")
    join = by.join("i") if by else Clause("")
    parts = _parts(kpis)
    return store.frame(f"SELECT {_list(head.sql, parts.sql)} FROM interactions i {join.sql} WHERE {where.sql} {group}",
                       [*head.params, *parts.params, *join.params, *where.params])


def _from_customers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                    over: str | Slots | None) -> pd.DataFrame:
    head, _ = _group(by, over, "i")
    where = _where(filters, over, "i")
    join = by.join("i") if by else Clause("")
    names = _names(by, over)
    inner = _list(head.sql, "i.customer_key, coalesce(bool_or(i.is_complaint), FALSE) AS complained, "
                  "arg_max(i.emotion, (coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)) "
                  "FILTER (WHERE i.emotion IS NOT NULL) AS last_emotion")
    ordinals = ", ".join(str(n) for n in range(1, len(names) + 2))
    return store.frame(
        f"SELECT {_list(names, _parts(kpis).sql)} FROM (SELECT {inner} FROM interactions i JOIN customers k "
        f"ON k.customer_key = i.customer_key AND NOT k.anonymous {join.sql} WHERE {where.sql} GROUP BY {ordinals}) c "
        f"{_group_by(names)}", [*head.params, *join.params, *where.params])


ORDERS = f"""
    SELECT * FROM (
        SELECT i.interaction_id, i.customer_key, i.occurred_at, i.channel_id, i.stage_id, i.touchpoint_id, i.campaign,
            i.attributes, k.anonymous,
            sum(CAST(i.revenue AS DOUBLE)) OVER (PARTITION BY {{order}}) AS amount,
            row_number() OVER (PARTITION BY {{order}} ORDER BY i.occurred_at NULLS LAST, i.interaction_id) AS place
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key WHERE {ORDER_SQL})
    WHERE place = 1""".replace(
    "{order}", "CASE WHEN k.anonymous AND i.order_id IS NOT NULL THEN 0 ELSE i.customer_key END, "
    "coalesce('#' || i.order_id, CAST(i.interaction_id AS VARCHAR))")
"""One row per order: its first row's customer, time and place, and `amount`, the revenue of all its rows."""


def _from_orders(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: str | Slots | None) -> pd.DataFrame:
    head, group = _group(by, over, "o")
    where = _where(filters, over, "o")
    join = by.join("o") if by else Clause("")
    return store.frame(f"SELECT {_list(head.sql, _parts(kpis).sql)} FROM ({ORDERS}) o {join.sql} "
                       f"WHERE {where.sql} {group}", [*head.params, *join.params, *where.params])


def _from_buyers(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: str | Slots | None) -> pd.DataFrame:
    head, _ = _group(by, over, "o")
    where = _where(filters, over, "o")
    join = by.join("o") if by else Clause("")
    names = _names(by, over)
    ordinals = ", ".join(str(n) for n in range(1, len(names) + 2))
    return store.frame(
        f"SELECT {_list(names, _parts(kpis).sql)} FROM (SELECT {_list(head.sql, 'o.customer_key, count(*) AS orders')} "
        f"FROM ({ORDERS}) o {join.sql} WHERE NOT o.anonymous AND {where.sql} GROUP BY {ordinals}) b {_group_by(names)}",
        [*head.params, *join.params, *where.params])


_RIPE = Clause(f"a.t1 + INTERVAL {CONVERSION_DAYS} DAY <= (SELECT max(occurred_at) FROM interactions)")
"""Attempts whose days have passed: where periods are compared, a recent one has had less time to convert."""


def _from_funnel(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                 over: str | Slots | None) -> pd.DataFrame:
    names = _names(by, over)
    step = conversion_step(store)
    if step is None or filters.stage:  # customers chosen by the stage they reached convert by that choice
        return _nothing(kpis, names)
    join, value = _customer_value(by, "a")
    period = _period(over, "a.t1")
    head = _list(value, period.sql)
    where = Clause.all_of([filters.journeys("a"), filters.period("a.t1"), *([_RIPE] if over else [])])
    converted = f"a.t{step} IS NOT NULL" if over is None else f"a.t{step} <= a.t1 + INTERVAL {CONVERSION_DAYS} DAY"
    ordinals = ", ".join(str(n) for n in range(1, len(names) + 2))
    totals = {"entered": "count(*)", "converted": "count(*) FILTER (WHERE converted)"}
    return store.frame(
        f"SELECT {_list(names, _named(kpis, totals))} FROM ("
        f"SELECT {_list(head, f'a.customer_key, coalesce(bool_or({converted}), FALSE) AS converted')} FROM attempts a "
        f"{join.sql} WHERE {where.sql} GROUP BY {ordinals}) {_group_by(names)}",
        [*period.params, *join.params, *where.params])


def conversion_step(store: Store) -> int | None:
    """The 1-based place, among the stages in use, of the stage that is the purchase (its key "purchase" or
    "conversion", else the last one); None where nothing comes before it."""
    with store.reader() as cursor:
        used = stages_in_use(cursor)
    keys = dict(store.rows("SELECT stage_id, key FROM stages"))
    every = [key for key in ("purchase", "conversion") if key in keys.values()]
    named = [place for place, stage in enumerate(used, start=1) if keys.get(stage) in every]
    place = named[0] if named else 0 if every else len(used)
    return place if place >= 2 else None


def _from_activity(store: Store, kpis: Sequence[Kpi], filters: Filters, by: Dimension | None,
                   over: str | Slots | None) -> pd.DataFrame:
    if isinstance(over, Slots):
        parts = [_from_activity(store, kpis, each, by, None).assign(period=place)
                 for place, each in enumerate(over.periods)]
        return pd.concat(parts, ignore_index=True)
    interval, names = over, _names(by, over)
    before = replace(filters, compare="previous").compared()
    if interval is None and before is None:
        return _nothing(kpis, names)
    join, value = _customer_value(by, "w")
    journeys = filters.journeys("j")
    buying = any("bought" in str(part) for kpi in kpis for part in kpi.parts.values())
    acts = _acts(buying)
    totals = {"were": "count(*) FILTER (WHERE w.active)", "stayed": "count(*) FILTER (WHERE w.active AND n.active)",
              "bought": "count(*) FILTER (WHERE w.bought)", "rebought": "count(*) FILTER (WHERE w.bought AND n.bought)"}
    slot_params: list[object]
    if interval:
        slot, slot_params = f"date_trunc('{interval}', x.moment)", []
        period = _period_with_one_before(filters, interval)
        following = f"w.slot + {_STEP[interval]}"
    else:
        assert before is not None
        assert filters.start is not None
        slot, slot_params = "x.moment >= ?", [dt.datetime.combine(filters.start, dt.time())]
        period = replace(filters, start=before.start)
        following = "TRUE"
    in_period = period.period("x.moment")
    head = _list(value, f"{following} AS period" if interval else "")
    where = ["TRUE" if interval else "NOT w.slot"]
    params: list[object] = [*slot_params, *acts.params, *in_period.params, *journeys.params, *join.params]
    if interval:
        where.append(f"{following} <= (SELECT max(slot) FROM seen)")
        if filters.start is not None:
            where.append(f"{following} >= ?")
            params.append(calendar_start(filters.start, interval))
    group = _group_by(names)
    return store.frame(
        f"WITH seen AS (SELECT x.customer_key, {slot} AS slot, bool_or(x.active) AS active, "
        f"bool_or(x.bought) AS bought FROM ({acts.sql}) x WHERE {in_period.sql} AND x.customer_key IN "
        f"(SELECT j.customer_key FROM journeys j WHERE {journeys.sql}) GROUP BY 1, 2) "
        f"SELECT {_list(head, _named(kpis, totals))} FROM seen w "
        f"LEFT JOIN seen n ON n.customer_key = w.customer_key AND n.slot = ({following}) {join.sql} "
        f"WHERE {' AND '.join(f'({each})' for each in where)} {group}", params)


def _acts(buying: bool) -> Clause:
    """What customers did: interactions, and orders at the time of their first row."""
    active = ("SELECT i.customer_key, i.occurred_at AS moment, TRUE AS active, FALSE AS bought FROM interactions i "
              "WHERE i.occurred_at IS NOT NULL")
    if not buying:
        return Clause(active)
    return Clause(f"{active} UNION ALL SELECT o.customer_key, o.occurred_at, FALSE, TRUE FROM ({ORDERS}) o "
                  "WHERE o.occurred_at IS NOT NULL")


def _period_with_one_before(filters: Filters, interval: str) -> Filters:
    """The period from one calendar period earlier, so that the first one has a period before it."""
    if filters.start is None:
        return filters
    first = calendar_start(filters.start, interval).date()
    return replace(filters, start=calendar_start(first - dt.timedelta(days=1), interval).date())


def calendar_start(day: dt.date, interval: str) -> dt.datetime:
    """The first moment of the day, ISO week, month or quarter that holds `day`."""
    if interval == "week":
        day -= dt.timedelta(days=day.weekday())
    elif interval == "month":
        day = day.replace(day=1)
    elif interval == "quarter":
        day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return dt.datetime.combine(day, dt.time())


_SOURCES: dict[str, Callable[[Store, Sequence[Kpi], Filters, Dimension | None, str | Slots | None], pd.DataFrame]] = {
    "interactions": _from_interactions, "customers": _from_customers, "orders": _from_orders, "buyers": _from_buyers,
    "funnel": _from_funnel, "activity": _from_activity}


# --- SQL pieces ---


def _group(by: Dimension | None, over: str | Slots | None, alias: str) -> tuple[Clause, str]:
    value = by.value(alias) if by else Clause("")
    period = _period(over, f"{alias}.occurred_at")
    head = _list(f"{value.sql} AS value" if by else "", period.sql)
    return Clause(head, (*value.params, *period.params)), _group_by(_names(by, over))


def _period(over: str | Slots | None, column: str) -> Clause:
    if over is None:
        return Clause("")
    if isinstance(over, Slots):
        found = over.sql(column)
        return Clause(f"{found.sql} AS period", found.params)
    return Clause(f"date_trunc('{over}', {column}) AS period")


def _names(by: Dimension | None, over: str | Slots | None) -> list[str]:
    return [*(["value"] if by else []), *(["period"] if over else [])]


def _group_by(names: Sequence[str]) -> str:
    return "GROUP BY " + ", ".join(str(place) for place in range(1, len(names) + 1)) if names else ""


def _where(filters: Filters, over: str | Slots | None, alias: str) -> Clause:
    dated = [Clause(f"{alias}.occurred_at IS NOT NULL")] if over else []
    return Clause.all_of([filters.interactions(alias), *dated])


def _customer_value(by: Dimension | None, alias: str) -> tuple[Clause, str]:
    if by is None:
        return Clause(""), ""
    values = by.of_customers("all" if by.name in _MEMBERSHIP and not by.attribute else "first")
    return (Clause(f"LEFT JOIN ({values.sql}) v ON v.customer_key = {alias}.customer_key", values.params),
            "v.value AS value")


def _parts(kpis: Sequence[Kpi]) -> Clause:
    clauses = [(f"{kpi.key}.{part}", Clause(sql) if isinstance(sql, str) else sql)
               for kpi in kpis for part, sql in kpi.parts.items()]
    return Clause(", ".join(f'{clause.sql} AS "{name}"' for name, clause in clauses),
                  tuple(value for _, clause in clauses for value in clause.params))


def _named(kpis: Sequence[Kpi], totals: dict[str, str]) -> str:
    """The parts of KPIs of the funnel or of activity, written out in `totals`."""
    def written(part: str) -> str:
        return " ".join(totals.get(word, word) for word in part.split(" "))
    return ", ".join(f'{written(str(sql))} AS "{kpi.key}.{part}"' for kpi in kpis for part, sql in kpi.parts.items())


def _list(*parts: str | Sequence[str]) -> str:
    flat = [part if isinstance(part, str) else ", ".join(part) for part in parts]
    return ", ".join(part for part in flat if part)


def _nothing(kpis: Sequence[Kpi], names: Sequence[str]) -> pd.DataFrame:
    """No rows by group, or one row of nothing where there is no group."""
    columns = [*names, *(f"{kpi.key}.{part}" for kpi in kpis for part in kpi.parts)]
    rows = [] if names else [[0.0] * len(columns)]
    return pd.DataFrame(rows, columns=columns)
