"""Every KPI once more, in plain Python on the raw rows, for one selection of them. Independent of cx.metrics."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
_FIRST, _LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 1, 1)
Answer = tuple[float | None, int]  # value (None = undefined), n


def kpis(rows: Sequence[Row], selected: Callable[[Row], bool], journeys: Callable[[Row], bool],
         start: dt.datetime | None, end: dt.datetime | None, before: dt.datetime | None) -> dict[str, Answer]:
    """KPI → (value, n).

    rows      all interactions: customer (None = anonymous), at (None = undated), stage, channel, nps, csat, csat_max,
              ces, ces_max, expectation_met, emotion, is_complaint, wait_seconds, delay_days, revenue, order_id
    selected  whether an interaction lies in the selection, its period included
    journeys  whether a row belongs to a customer of the selection in the journey reading (no period)
    start, end, before  start and end (exclusive) of the period, and the start of the period before
    """
    chosen = [row for row in rows if selected(row)]
    known = [row for row in chosen if row["customer"] is not None]
    orders = _orders(rows)
    bought = [order for order in orders if selected(order["row"])]
    buyers: dict[str, int] = defaultdict(int)
    for order in bought:
        if order["row"]["customer"] is not None:
            buyers[order["row"]["customer"]] += 1
    values = [order["value"] for order in bought if order["value"] is not None]
    nps = [row["nps"] for row in chosen if row["nps"] is not None]
    csat = [_satisfied(row) for row in chosen if row["csat"] is not None]
    ces = [_effort(row) for row in chosen if row["ces"] is not None]
    met = [row["expectation_met"] for row in chosen if row["expectation_met"] is not None]
    felt = [row["emotion"] for row in chosen if row["emotion"] is not None]
    waits = [row["wait_seconds"] for row in chosen if row["wait_seconds"] is not None]
    delays = [row["delay_days"] for row in chosen if row["delay_days"] is not None]
    customers = {row["customer"] for row in known}
    complained = {row["customer"] for row in known if row["is_complaint"]}
    last = {}
    for row in sorted((row for row in known if row["emotion"] is not None),
                      key=lambda row: (row["at"] or _FIRST, row["id"])):
        last[row["customer"]] = row["emotion"]
    entered, converted = _conversion([row for row in rows if journeys(row)], start, end)
    answers: dict[str, Answer] = {
        "nps": _net([score >= 9 for score in nps], [score <= 6 for score in nps]),
        "csat": _share(csat), "ces": _mean(ces), "easy_share": _share([score >= 5 for score in ces]),
        "expectations_met": _share(met), "net_emotion": _net([e > 0 for e in felt], [e < 0 for e in felt]),
        "journey_emotion": _net([e > 0 for e in last.values()], [e < 0 for e in last.values()]),
        "conversion": (converted / entered if entered else None, entered),
        "loyalty": _share([many >= 2 for many in buyers.values()]),
        "complaint_rate": (len(complained) / len(customers) if customers else None, len(customers)),
        "complaints_per_1000": (1000 * sum(bool(row["is_complaint"]) for row in chosen) / len(chosen) if chosen
                                else None, len(chosen)),
        "waiting_time": _mean(waits), "late_share": _share([days > 0 for days in delays]),
        "delay": _mean([days for days in delays if days > 0]), "orders": (len(bought), len(bought)),
        "revenue": (sum(row["revenue"] or 0 for row in chosen), sum(row["revenue"] is not None for row in chosen)),
        "average_order_value": _mean(values), "orders_per_customer": _mean(list(buyers.values())),
    }
    if start is not None and end is not None and before is not None:
        def active(first: dt.datetime, until: dt.datetime) -> set[str]:
            return {row["customer"] for row in rows if journeys(row) and row["customer"] is not None
                    and row["at"] is not None and first <= row["at"] < until}

        def ordering(first: dt.datetime, until: dt.datetime) -> set[str]:
            return {order["row"]["customer"] for order in orders if journeys(order["row"])
                    and order["row"]["customer"] is not None and order["row"]["at"] is not None
                    and first <= order["row"]["at"] < until}

        were, are = active(before, start), active(start, end)
        answers["retention"] = (len(were & are) / len(were) if were else None, len(were))
        answers["churn"] = (len(were - are) / len(were) if were else None, len(were))
        were, are = ordering(before, start), ordering(start, end)
        answers["repurchase"] = (len(were & are) / len(were) if were else None, len(were))
    return answers


def _orders(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One per order: `row`, its first row, and `value`, the revenue of all its rows (None = none known)."""
    found: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        if row["order_id"] is not None:
            found[(row["customer"], row["order_id"])].append(row)
        elif row["revenue"] is not None:
            found[row["id"]].append(row)
    orders = []
    for parts in found.values():
        first = min(parts, key=lambda row: (row["at"] or _LAST, row["id"]))
        known = [row["revenue"] for row in parts if row["revenue"] is not None]
        orders.append({"row": first, "value": sum(known) if known else None})
    return orders


def _conversion(rows: Sequence[Row], start: dt.datetime | None, end: dt.datetime | None) -> tuple[int, int]:
    """Customers who enter at awareness in the period, and those who come to a purchase at or after that, by way of
    every stage between that is in use."""
    journeys: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["customer"] is not None and row["at"] is not None:
            journeys[row["customer"]].append(row)
    entered = converted = 0
    for journey in journeys.values():
        starts = [row["at"] for row in journey if row["stage"] == "awareness"
                  and (start is None or row["at"] >= start) and (end is None or row["at"] < end)]
        entered += bool(starts)
        converted += any(_arrives(journey, at) for at in starts)
    return entered, converted


def _arrives(journey: Sequence[Row], at: dt.datetime) -> bool:
    for stage in ("consideration", "purchase"):
        later = [row["at"] for row in journey if row["stage"] == stage and row["at"] >= at]
        if not later:
            return False
        at = min(later)
    return True


def _satisfied(row: Row) -> bool:
    top = row["csat_max"]
    box = {2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3, 11: 3}
    return row["csat"] >= 75 if top == 100 else row["csat"] > top - box[top]


def _effort(row: Row) -> float:
    lowest = 0 if row["ces_max"] >= 10 else 1
    return 1 + 6 * (row["ces"] - lowest) / (row["ces_max"] - lowest)


def _share(hits: Sequence[bool]) -> Answer:
    return (sum(hits) / len(hits) if hits else None), len(hits)


def _net(plus: Sequence[bool], minus: Sequence[bool]) -> Answer:
    return (100 * (sum(plus) - sum(minus)) / len(plus) if plus else None), len(plus)


def _mean(values: Sequence[float]) -> Answer:
    return (statistics.fmean(values) if values else None), len(values)
