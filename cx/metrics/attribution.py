"""Which channels purchases and their revenue are owed to, by seven rules. The rules are in docs/metrics.md.

The path of a purchase is what the customer met, through a known channel, since the purchase before. Purchases without
such a path stand as "not known", so that every rule adds up to all purchases and all revenue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from cx.errors import QueryError
from cx.filters import Clause, Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.cells import orders_of
from cx.metrics.dimension import dimension
from cx.metrics.kpi import minimum_n, significant
from cx.metrics.path_rows import ids_of
from cx.store import Store
from cx.store.derive_sql import ORDER_SQL

HALF_LIFE = dt.timedelta(days=7)
ENDS = 0.4
"""What position-based credit gives to the first and to the last channel each."""

RULES: Mapping[str, Text] = {
    "first": text("First contact"), "last": text("Last contact"), "linear": text("Linear"),
    "position": text("Position (40/20/40)"), "decay": text("Time decay"),
    "markov": text("Markov"), "shapley": text("Shapley")}
"""Rule → what screens call it, in the order in which they are shown."""

GROUPS = 50
"""Groups of customers that are left out one after the other for the intervals."""

_LAST = 127  # behind every stage
_ROUNDING = 1e-12
_BY_CONTACT = ("first", "last", "linear", "position", "decay", "shapley")
_WEIGHTS: Mapping[str, str] = {
    "first": "CASE WHEN place = 1 THEN 1.0 ELSE 0.0 END",
    "last": "CASE WHEN place = steps THEN 1.0 ELSE 0.0 END",
    "linear": "1.0 / steps",
    "position": f"CASE WHEN steps = 1 THEN 1.0 WHEN steps = 2 THEN 0.5 WHEN place IN (1, steps) THEN {ENDS} "
                f"ELSE {1 - 2 * ENDS} / (steps - 2) END",
    "decay": "decay / sum(decay) OVER (PARTITION BY customer_key, bought_at)",
    "shapley": "CASE WHEN visit = 1 THEN 1.0 ELSE 0.0 END / "
               "sum(CASE WHEN visit = 1 THEN 1 ELSE 0 END) OVER (PARTITION BY customer_key, bought_at)",
}


def attribution(store: Store, lookback: dt.timedelta | None = None, half_life: dt.timedelta = HALF_LIFE,
                purchase_counts: bool = True, collapse: bool = True, filters: Filters = Filters()) -> pd.DataFrame:
    """Every purchase of the period shared out among the channels of its path.

    lookback         how long before the purchase a contact still counts, the end included; None = since the purchase
                     before
    half_life        of "decay": so much earlier counts half
    purchase_counts  whether the purchase's own rows are contacts, too
    collapse         immediate repeats of a channel are one contact

    A row per rule (keys of RULES) and channel, the largest by Markov first, "not known" (key "") last.

    → rule, key, label; conversions (purchases), share, lower, upper (of all purchases; jackknife over groups of
      customers); revenue, revenue_share, revenue_lower, revenue_upper; took_part (purchases with the channel in their
      path); against_last (share minus that by last contact), against_lower, against_upper, p_adjusted
      (Benjamini–Hochberg over all rules and channels), significant; few (fewer purchases than the minimum of answers);
      n, worth (all purchases and their revenue). Nothing bought → no rows. Raises QueryError.
    """
    if lookback is not None and lookback < dt.timedelta(0):
        raise QueryError(text("The time before a purchase cannot be negative."))
    if half_life <= dt.timedelta(0):
        raise QueryError(text("The half-life must be longer than nothing."))
    asked = _steps(lookback, half_life, purchase_counts, collapse, filters)
    found = store.frame(f"""
        WITH {asked.sql}
        SELECT {_group("w")} AS part, w.channel_id, w.after, w.place = 1 AS begins,
            w.bought_at IS NOT NULL AS won, sum(coalesce(m.orders, 1)) AS n,
            coalesce(sum(CASE WHEN w.visit = 1 THEN m.orders END), 0) AS took_part,
            {', '.join(f"coalesce(sum(w.{rule} * m.{of}), 0) AS {rule}_{of}" for rule in _BY_CONTACT
                       for of in ("orders", "revenue"))}
        FROM attributed w LEFT JOIN attributed_moments m
            ON m.customer_key = w.customer_key AND m.occurred_at = w.bought_at
        GROUP BY 1, 2, 3, 4, 5""", asked.params)
    journeys, period = filters.journeys("j"), filters.period("m.occurred_at")
    every = store.frame(f"""
        WITH {_MOMENTS}
        SELECT {_group("m")} AS part, sum(m.orders) AS orders, sum(m.revenue) AS revenue
        FROM attributed_moments m JOIN journeys j ON j.customer_key = m.customer_key
        WHERE ({journeys.sql}) AND ({period.sql}) GROUP BY 1""", [*journeys.params, *period.params])
    return _shared(store, found, every)


def purchases(store: Store, channel: str, lookback: dt.timedelta | None = None, purchase_counts: bool = True,
              collapse: bool = True, filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """The purchases in whose path a channel (its key) is: `orders` adds up to `attribution`'s took_part.

    → customer_id, bought_at, orders (at that moment), revenue, contacts (with the channel), first_at, last_at (of
      them); the latest first. Other arguments as of `attribution`. Raises UnknownValue, QueryError.
    """
    if lookback is not None and lookback < dt.timedelta(0):
        raise QueryError(text("The time before a purchase cannot be negative."))
    [wanted] = ids_of(store, "channel", channel)
    asked = _steps(lookback, HALF_LIFE, purchase_counts, collapse, filters)
    return store.frame(f"""
        WITH {asked.sql}
        SELECT c.customer_id, w.bought_at, m.orders, CAST(m.revenue AS DOUBLE) AS revenue, count(*) AS contacts,
            min(w.occurred_at) AS first_at, max(w.occurred_at) AS last_at
        FROM attributed w JOIN attributed_moments m ON m.customer_key = w.customer_key AND m.occurred_at = w.bought_at
        JOIN customers c ON c.customer_key = w.customer_key WHERE w.channel_id = ?
        GROUP BY c.customer_id, w.bought_at, m.orders, m.revenue
        ORDER BY w.bought_at DESC, c.customer_id LIMIT {int(limit)}""", [*asked.params, wanted])


def left_out(store: Store, filters: Filters = Filters()) -> int:
    """Orders of nobody known or without a date: they have no path and are in no rule."""
    orders, where = orders_of(filters)
    return int(store.value(f"SELECT count(*) FROM {orders} o WHERE (o.anonymous OR o.occurred_at IS NULL) "
                           f"AND {where.sql}", where.params))


def removal_effects(flow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a first-order Markov chain of channels: for each, the share of the purchases that would be lost without it.

    flow  k + 1 rows (the start, then each channel) × k + 2 columns (each channel, purchase, none): how often what
          directly followed. Who would go to the removed channel buys nothing.

    Exact, from the absorption probabilities of the chain (Kemeny & Snell 1960); the rule is that of Anderl, Becker,
    von Wangenheim & Schumann 2016. No purchase at all → NaN.
    """
    channels = flow.shape[0] - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        step = np.nan_to_num(flow / flow.sum(axis=1, keepdims=True))

    def bought(kept: NDArray[np.bool_]) -> float:
        """Probability of a purchase from the start, with these channels alone."""
        among = step[1:][kept][:, :channels][:, kept]
        reach = np.linalg.solve(np.eye(int(kept.sum())) - among, step[1:][kept][:, channels])
        return float(step[0, :channels][kept] @ reach)

    every = np.ones(channels, dtype=bool)
    whole = bought(every)
    if not whole > 0:
        return np.full(channels, np.nan)
    lost = []
    for channel in range(channels):
        kept = every.copy()
        kept[channel] = False
        lost.append(1 - bought(kept) / whole)
    return np.clip(np.array(lost), 0, 1)


_MOMENTS = ("attributed_moments AS (SELECT o.customer_key, o.occurred_at, count(*) AS orders, "
            "coalesce(sum(o.amount), 0) AS revenue FROM orders o "
            "WHERE NOT o.anonymous AND o.occurred_at IS NOT NULL GROUP BY 1, 2)")


def _steps(lookback: dt.timedelta | None, half_life: dt.timedelta, purchase_counts: bool, collapse: bool,
           filters: Filters) -> Clause:
    """Common table expressions; the last, attributed, has a row per contact of a path: customer_key, bought_at (null =
    nothing bought after it), occurred_at, channel_id, after (the next channel, null = the path's last), place, visit
    (1 = the first contact in this channel), and a weight for each rule of single contacts, which add up to 1 in each
    path."""
    micro = dt.timedelta(microseconds=1)
    journeys, steps = filters.journeys("j"), filters.steps("i")
    ended = "coalesce(bought_at, last_at)"
    period = filters.period(ended)
    near = "TRUE" if lookback is None else f"epoch_us({ended}) - epoch_us(occurred_at) <= {lookback // micro}"
    own = "TRUE" if purchase_counts else "NOT (ordering AND bought_at IS NOT NULL AND occurred_at = bought_at)"
    unit = "PARTITION BY customer_key, bought_at"
    order = "ORDER BY occurred_at, stage_place, interaction_id"
    return Clause(f"""
        {_MOMENTS},
        attributed_rows AS (
            SELECT i.customer_key, i.occurred_at, i.interaction_id, i.channel_id, ({steps.sql}) AS counts,
                coalesce(s.position, {_LAST}) AS stage_place, ({ORDER_SQL}) AS ordering,
                min(m.occurred_at) OVER (PARTITION BY i.customer_key ORDER BY i.occurred_at
                    RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS bought_at
            FROM interactions i JOIN journeys j ON j.customer_key = i.customer_key
            LEFT JOIN stages s ON s.stage_id = i.stage_id
            LEFT JOIN attributed_moments m ON m.customer_key = i.customer_key AND m.occurred_at = i.occurred_at
            WHERE i.occurred_at IS NOT NULL AND ({journeys.sql})),
        attributed_contacts AS (
            SELECT *, max(occurred_at) OVER ({unit}) AS last_at FROM attributed_rows
            WHERE channel_id IS NOT NULL AND counts AND {own}),
        attributed_near AS (
            SELECT *, lead(channel_id) OVER ({unit} {order}) AS after
            FROM attributed_contacts WHERE {near} AND ({period.sql})),
        attributed_places AS (
            SELECT *, row_number() OVER ({unit} {order}) AS place, count(*) OVER ({unit}) AS steps,
                row_number() OVER ({unit}, channel_id {order}) AS visit,
                power(0.5, (epoch_us(last_at) - epoch_us(occurred_at)) / {half_life // micro}.0) AS decay
            FROM attributed_near WHERE {'after IS NULL OR after <> channel_id' if collapse else 'TRUE'}),
        attributed AS (
            SELECT customer_key, bought_at, occurred_at, channel_id, after, place, visit,
                {', '.join(f'{weight} AS {rule}' for rule, weight in _WEIGHTS.items())}
            FROM attributed_places)""", (*steps.params, *journeys.params, *period.params))


def _group(alias: str) -> str:
    """SQL of the group a customer is in: squares of mixed keys, since keys follow the order of the files."""
    mixed = f"((CAST({alias}.customer_key AS BIGINT) + 1) * 48271 % 2147483647)"
    return f"({mixed} * {mixed} % 2147483629 % {GROUPS})"


@dataclass(frozen=True)
class _Sums:
    """What the credits follow from, each with the groups of customers along its first axis."""

    credit: Mapping[str, NDArray[np.float64]]  # rule_orders, rule_revenue → group × channel
    flow: NDArray[np.float64]                  # group × (start, channels) × (channels, purchase, none)
    every: NDArray[np.float64]                 # group × (purchases, revenue)

    def of(self, number: int, pick: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
        """Credits after `pick` has summed the groups: rule × channel (and "not known" last) × (purchases, revenue)."""
        every = pick(self.every)
        known = [np.stack([pick(self.credit[f"{rule}_{of}"]) for of in ("orders", "revenue")], axis=1)
                 for rule in _BY_CONTACT]
        reached = known[0].sum(axis=0)  # purchases and revenue that have a path
        lost = removal_effects(pick(self.flow)) if number else np.zeros(0)
        markov = np.outer(np.nan_to_num(lost / lost.sum()) if number else lost, reached)
        result = np.zeros((len(RULES), number + 1, 2))
        for place, rule in enumerate(RULES):
            result[place, :number] = markov if rule == "markov" else known[_BY_CONTACT.index(rule)]
        result[:, number] = every - reached if every[0] > round(reached[0]) else 0
        return result


def _shared(store: Store, found: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    n, worth = float(every["orders"].sum()), float(every["revenue"].sum())
    names = dimension(store, "channel").labels(store)
    ids = sorted(found["channel_id"].unique())
    sums = _sums(found, every, ids)
    groups = np.flatnonzero((sums.every[:, 0] > 0) | (sums.flow.sum(axis=(1, 2)) > 0))
    if not n:
        ids, groups = [], groups[:0]
    whole = sums.of(len(ids), lambda each: each.sum(axis=0)) if n else np.zeros((len(RULES), 0, 2))
    without = [sums.of(len(ids), lambda each, left=group: each.sum(axis=0) - each[left])  # type: ignore[misc]
               for group in groups]
    total = np.array([n, worth])
    left = [total - sums.every[group] for group in groups]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = whole / total
        again = np.array([credit / of for credit, of in zip(without, left, strict=True)])
    error, freedom = _jackknife(again, share), len(groups) - 1
    last, markov = list(RULES).index("last"), list(RULES).index("markov")
    change = share[..., 0] - share[last, :, 0]
    change_error = _jackknife(again[..., 0] - again[:, last, None, :, 0] if len(again) else again, change)
    reach = float(special.stdtrit(freedom, (1 + stats.CONFIDENCE) / 2)) if freedom > 0 else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * special.stdtr(freedom, -np.abs(change / change_error)) if freedom > 0 else np.full(change.shape, np.nan)
    took_part = [int(found.loc[found["channel_id"] == each, "took_part"].sum()) for each in ids]
    taken = [*took_part, round(whole[0, -1, 0])] if n else []
    labels = [*(names[each][:2] for each in ids), ("", "")] if n else []
    order = sorted(range(len(labels)), key=lambda at: (labels[at][0] == "", -whole[markov, at, 0], labels[at][0]))
    minimum = minimum_n(store)
    frame = pd.DataFrame([{
        "rule": rule, "key": labels[at][0], "label": labels[at][1], "conversions": whole[place, at, 0],
        "share": share[place, at, 0], "lower": np.maximum(share[place, at, 0] - reach * error[place, at, 0], 0.0),
        "upper": np.minimum(share[place, at, 0] + reach * error[place, at, 0], 1.0), "revenue": whole[place, at, 1],
        "revenue_share": share[place, at, 1], "revenue_lower": share[place, at, 1] - reach * error[place, at, 1],
        "revenue_upper": share[place, at, 1] + reach * error[place, at, 1], "took_part": taken[at],
        "against_last": change[place, at], "against_lower": change[place, at] - reach * change_error[place, at],
        "against_upper": change[place, at] + reach * change_error[place, at],
        "p": np.nan if rule == "last" or labels[at][0] == "" or n < minimum else p[place, at],
        "few": n < minimum, "n": int(n), "worth": worth}
        for place, rule in enumerate(RULES) for at in order], columns=[
            "rule", "key", "label", "conversions", "share", "lower", "upper", "revenue", "revenue_share",
            "revenue_lower", "revenue_upper", "took_part", "against_last", "against_lower", "against_upper", "p", "few",
            "n", "worth"])
    frame["p_adjusted"] = stats.adjusted(frame["p"])
    frame["significant"] = significant(frame["p_adjusted"])
    return frame.drop(columns="p")


def _sums(found: pd.DataFrame, every: pd.DataFrame, ids: list[int]) -> _Sums:
    place = {each: at for at, each in enumerate(ids)}
    rows = found["channel_id"].map(place).to_numpy(dtype=np.int64) if ids else np.zeros(0, dtype=np.int64)
    part, size = found["part"].to_numpy(dtype=np.int64), len(ids)
    credit = {}
    for rule in _BY_CONTACT:
        for of in ("orders", "revenue"):
            credit[f"{rule}_{of}"] = np.zeros((GROUPS, size))
            np.add.at(credit[f"{rule}_{of}"], (part, rows), found[f"{rule}_{of}"].to_numpy(dtype=float))
    flow = np.zeros((GROUPS, size + 1, size + 2))
    n, begins = found["n"].to_numpy(dtype=float), found["begins"].to_numpy(dtype=bool)
    ends = np.where(found["won"].to_numpy(dtype=bool), size, size + 1)
    to = found["after"].map(place).fillna(-1).to_numpy(dtype=np.int64)
    np.add.at(flow, (part, rows + 1, np.where(to < 0, ends, to)), n)
    np.add.at(flow, (part[begins], np.zeros(begins.sum(), dtype=np.int64), rows[begins]), n[begins])
    whole = np.zeros((GROUPS, 2))
    np.add.at(whole, every["part"].to_numpy(dtype=np.int64), every[["orders", "revenue"]].to_numpy(dtype=float))
    return _Sums(credit, flow, whole)


def _jackknife(again: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard errors from the values with one group left out at a time (delete-a-group jackknife, Kott 2001); NaN
    where they never differ, which tells nothing."""
    groups = len(again)
    if groups < 2:
        return np.full(value.shape, np.nan)
    error = np.sqrt((groups - 1) / groups * ((again - again.mean(axis=0))**2).sum(axis=0))
    return np.where(error > _ROUNDING, error, np.nan)
