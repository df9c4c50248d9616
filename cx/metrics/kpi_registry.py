"""Every KPI, declared once: name, definition, formula, SQL, unit, direction, interval, fields it needs.

Tiles, trends, breakdowns, targets, the Definitions page, docs/metrics.md and the tests read it from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cx.errors import UnknownValue
from cx.filters import Clause
from cx.language import Text, text
from cx.store.measures import MEASURES

Unit = Literal["points", "share", "score", "seconds", "days", "count", "money", "per_1000"]
Method = Literal["share", "net", "mean", "bootstrap", "total"]
Source = Literal["interactions", "customers", "orders", "buyers", "funnel", "activity"]

MINIMUM_N = 30
CONVERSION_DAYS = 30
"""Over time and between periods, conversion is that within so many days of entering, of those whose days have passed;
otherwise the latest period would always look worse."""

BOOTSTRAP_UPTO = 400
"""Up to so many values the interval is bootstrapped; above, Student's t is the same to the digits shown. The part
`values` is the sample itself up to here: the so many smallest values."""


@dataclass(frozen=True)
class Kpi:
    """One KPI.

    method     how value and interval follow from the parts: share (hits, n; Wilson), net (plus, minus, n; adjusted
               Wald), mean (n, total, squares; Student t), bootstrap (those and values), total (n, total; no interval)
    parts      part → aggregate SQL over the rows of `source` (see cx/metrics/cells.py): `interactions AS i`;
               `customers AS c`, `orders AS o`, `buyers AS b`, one row each; funnel and activity give entered,
               converted, were, stayed, bought, rebought. Only those of `interactions` may hold bound values
    factor     what a share or mean is multiplied by for the unit
    direction  +1 higher is better, -1 lower is better, 0 neither
    bounds     smallest and largest value it can take, None = unbounded
    fields     alternatives of fields it needs, each a tuple of fields needed together
    minimum_n  below this it is shown as "few answers"; 0 for totals
    counts     what it counts, in two or three words, where the name alone may be taken for something else; {stage} is
               the stage that conversion counts at
    present    fields of which one must be in the workspace before nothing means 0 (complaints, orders); empty = the KPI
               counts answers, and without any it is undefined
    citation   where the formula comes from, None = the plain meaning of the words
    own        added by the company (cx/metrics/own_kpi.py); its name may hold any characters
    """

    key: str
    name: Text
    definition: Text
    formula: Text
    unit: Unit
    direction: Literal[-1, 0, 1]
    method: Method
    source: Source
    parts: Mapping[str, str | Clause]
    fields: tuple[tuple[str, ...], ...]
    bounds: tuple[float | None, float | None] = (None, None)
    factor: float = 1.0
    present: tuple[str, ...] = ()
    citation: str | None = None
    minimum_n: int = field(default=MINIMUM_N)
    own: bool = False
    counts: Text | None = None


INTERVALS: Mapping[Method, Text] = {
    "share": text("Wilson score interval"),
    "net": text("adjusted Wald interval (¾ more on either side, 3 more answers)"),
    "mean": text("Student t interval"),
    "bootstrap": text("bootstrap-t interval, Student t above 400 values"),
    "total": text("none: a count, not a sample"),
}


def _share(hits: str, n: str) -> dict[str, str]:
    return {"hits": f"count(*) FILTER (WHERE {hits})", "n": f"count(*) FILTER (WHERE {n})"}


def _net(plus: str, minus: str, n: str) -> dict[str, str]:
    return {"plus": f"count(*) FILTER (WHERE {plus})", "minus": f"count(*) FILTER (WHERE {minus})",
            "n": f"count(*) FILTER (WHERE {n})"}


def _mean(value: str, rows: str) -> dict[str, str]:
    exact = f"CAST({value} AS DOUBLE)"
    return {"n": f"count(*) FILTER (WHERE {rows})", "total": f"coalesce(sum({exact}) FILTER (WHERE {rows}), 0)",
            "squares": f"coalesce(sum({exact} * {exact}) FILTER (WHERE {rows}), 0)"}


def _measured(**columns: str) -> dict[str, str]:
    """Parts that are measures: part → the measure's column."""
    return {part: MEASURES[column].sql for part, column in columns.items()}


def share_parts(hits: Sequence[Clause], n: Sequence[Clause]) -> dict[str, str | Clause]:
    """Parts of a share: rows for which all of `hits` hold, of those for which all of `n` do."""
    return {"hits": _counted(Clause.all_of(hits)), "n": _counted(Clause.all_of(n))}


def mean_parts(value: str, rows: Sequence[Clause]) -> dict[str, str | Clause]:
    """Parts of the mean of a value over the rows for which all of `rows` hold and that have it."""
    where = Clause.all_of([Clause(f"{value} IS NOT NULL"), *rows])
    return {name: Clause(sql, where.params) for name, sql in _mean(value, where.sql).items()}


def _counted(rows: Clause) -> Clause:
    return Clause(f"count(*) FILTER (WHERE {rows.sql})", rows.params)


_ALL: tuple[Kpi, ...] = (
    Kpi("nps", text("NPS"), text("How much more often customers would recommend us than not."),
        text("100 × (promoters 9–10 − detractors 0–6) ÷ answers"), "points", 1, "net", "interactions",
        _measured(plus="promoters", minus="detractors", n="recommended"), (("nps",),), (-100, 100),
        citation="Reichheld 2003; MeasuringU (Sauro & Lewis)"),
    Kpi("csat", text("Satisfaction (CSAT)"), text("The share of ratings in the satisfied box."),
        text("satisfied ÷ answered; top 1 of 2–3 points, top 2 of 4–7, top 3 of 10–11, 75 and more of 100"), "share", 1,
        "share", "interactions", _measured(hits="satisfied", n="rated"), (("csat",),),
        (0, 1), citation="Wilson 1927; Newcombe 1998"),
    Kpi("ces", text("Ease (CES)"), text("How easy customers found it, 7 = easiest."),
        text("mean effort score, rescaled to 1–7, 7 = easiest"), "score", 1, "mean", "interactions",
        _measured(n="efforts", total="effort_sum", squares="effort_squares"), (("ces",),), (1, 7),
        citation="Dixon, Freeman & Toman 2010"),
    Kpi("easy_share", text("Found it easy"), text("The share of effort answers that say it was easy."),
        text("answers 5–7 of 7 ÷ answered"), "share", 1, "share", "interactions",
        _measured(hits="easy", n="efforts"), (("ces",),), (0, 1)),
    Kpi("expectations_met", text("Expectations met"), text("How often it went as the customer expected."),
        text("met ÷ answered"), "share", 1, "share", "interactions",
        _measured(hits="expectations_met", n="expectations"), (("expectation_met",),), (0, 1)),
    Kpi("net_emotion", text("Net emotion"), text("How much more often an interaction felt good than bad."),
        text("100 × (positive − negative) ÷ interactions with a known emotion"), "points", 1, "net", "interactions",
        _measured(plus="positive", minus="negative", n="felt"),
        (("emotion",), ("csat",), ("nps",), ("ces",), ("expectation_met",), ("is_complaint",),
         ("comment",)), (-100, 100)),
    Kpi("journey_emotion", text("Net emotion at the end"), text("How the journey left customers: their last known "
                                                                "emotion."),
        text("100 × (customers left positive − left negative) ÷ customers with a known emotion"), "points", 1, "net",
        "customers", _net("c.last_emotion > 0", "c.last_emotion < 0", "c.last_emotion IS NOT NULL"),
        (("customer_id", "emotion"), ("customer_id", "csat"), ("customer_id", "nps"), ("customer_id", "comment")),
        (-100, 100)),
    Kpi("conversion", text("Conversion"), text("The share of customers entering the journey who reach the purchase "
                                             "stage; not all of them buy."),
        text("customers reaching the purchase stage ÷ customers entering the funnel; over time and compared: within "
             "30 days of entering, of those whose 30 days have passed"), "share", 1, "share", "funnel",
        {"hits": "converted", "n": "entered"}, (("customer_id", "occurred_at", "stage"),
                                                ("customer_id", "occurred_at", "touchpoint")), (0, 1),
        counts=text("reached {stage}")),
    Kpi("retention", text("Retention"), text("The share of a period's customers who come back in the next."),
        text("customers active in the period before and in this one ÷ customers active in the period before; active: "
             "any interaction, a delivery or a survey answer too"), "share",
        1, "share", "activity", {"hits": "stayed", "n": "were"}, (("customer_id", "occurred_at"),), (0, 1)),
    Kpi("repurchase", text("Repurchase"), text("The share of a period's buyers who buy again in the next."),
        text("customers who ordered in the period before and in this one ÷ customers who ordered in the period before"),
        "share", 1, "share", "activity", {"hits": "rebought", "n": "bought"},
        (("customer_id", "occurred_at", "order_id"), ("customer_id", "occurred_at", "revenue")), (0, 1)),
    Kpi("churn", text("Churn"), text("The share of a period's customers who stay away in the next."),
        text("1 − retention"), "share", -1, "share", "activity", {"hits": "were - stayed", "n": "were"},
        (("customer_id", "occurred_at"),), (0, 1)),
    Kpi("loyalty", text("Loyalty"), text("The share of buyers with two or more orders."),
        text("customers with at least 2 orders ÷ customers with at least 1"), "share", 1, "share", "buyers",
        _share("b.orders >= 2", "TRUE"),
        (("customer_id", "order_id"), ("customer_id", "revenue")), (0, 1)),
    Kpi("complaint_rate", text("Complaint rate"), text("The share of active customers who complained."),
        text("active customers who complained ÷ active customers"), "share", -1, "share", "customers",
        _share("c.complained", "TRUE"), (("customer_id", "is_complaint"),), (0, 1), present=("is_complaint",)),
    Kpi("complaints_per_1000", text("Complaints per 1,000 interactions"), text("How often an interaction is a "
                                                                               "complaint."),
        text("1,000 × complaints ÷ interactions"), "per_1000", -1, "share", "interactions",
        _measured(hits="complaints", n="interactions"), (("is_complaint",),), (0, 1000), factor=1000,
        present=("is_complaint",)),
    Kpi("waiting_time", text("Waiting time"), text("How long customers wait on average; the median and the slowest "
                                                   "tenth stand beside it."),
        text("mean of the waiting time of interactions that have one"), "seconds", -1, "mean", "interactions",
        {**_measured(n="waits", total="wait_sum", squares="wait_squares"),
         "median": "quantile_cont(i.wait_seconds, 0.5)",
         "p90": "quantile_cont(i.wait_seconds, 0.9)"}, (("wait_seconds",),), (0, None)),
    Kpi("late_share", text("Delivered late"), text("The share of deliveries after the promised day."),
        text("deliveries later than promised ÷ deliveries with a promised day"), "share", -1, "share", "interactions",
        _measured(hits="late", n="deliveries"), (("delay_days",),), (0, 1)),
    Kpi("delay", text("Days late"), text("How many days late the late deliveries are on average."),
        text("mean of delivered − promised, in days, over late deliveries"), "days", -1, "mean", "interactions",
        {**_measured(n="late", total="late_sum", squares="late_squares"),
         "median": "quantile_cont(i.delay_days, 0.5) FILTER (WHERE i.delay_days > 0)",
         "p90": "quantile_cont(i.delay_days, 0.9) FILTER (WHERE i.delay_days > 0)"}, (("delay_days",),), (0, None)),
    Kpi("orders", text("Orders"), text("How many orders there were."),
        text("number of orders; rows with one order number are one order, counted where and when its first row stands"),
        "count", 1, "total", "orders", {"n": "count(*)", "total": "count(*)"},
        (("order_id",), ("revenue",)), (0, None), present=("order_id", "revenue"), minimum_n=0),
    Kpi("revenue", text("Revenue"), text("What the orders were worth together."),
        text("sum of the revenue of all rows"), "money", 1, "total", "interactions",
        _measured(n="revenues", total="revenue"), (("revenue",),),
        present=("revenue",), minimum_n=0),
    Kpi("average_order_value", text("Average order value"), text("What an order is worth on average."),
        text("mean revenue of the orders that have one"), "money", 1, "bootstrap", "orders",
        {**_mean("o.amount", "o.amount IS NOT NULL"), "values": f"min(o.amount, {BOOTSTRAP_UPTO})"}, (("revenue",),)),
    Kpi("orders_per_customer", text("Orders per customer"), text("How many orders a buyer places on average."),
        text("orders ÷ customers with at least 1 order"), "score", 1, "bootstrap", "buyers",
        {**_mean("b.orders", "TRUE"), "values": f"min(CAST(b.orders AS DOUBLE), {BOOTSTRAP_UPTO})"},
        (("customer_id", "order_id"), ("customer_id", "revenue")), (1, None)),
)

KPIS: Mapping[str, Kpi] = {kpi.key: kpi for kpi in _ALL}
"""Key → KPI, in the order in which screens list them."""

HEADLINE_KPIS = ("nps", "csat", "ces", "net_emotion", "conversion", "retention", "complaint_rate", "waiting_time")
"""What the Overview and a report begin with."""


def kpi_of(key: str | Kpi) -> Kpi:
    """The product's KPI of that key (a KPI is given back as it is); raises UnknownValue with the keys there are."""
    if isinstance(key, Kpi):
        return key
    if key not in KPIS:
        raise UnknownValue(text("KPI"), key, KPIS)
    return KPIS[key]
