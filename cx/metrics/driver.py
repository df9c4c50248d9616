"""Drivers: how much each part of the experience tells of an outcome (Johnson's relative weights). No causes.

A row is a customer (or an anonymous respondent). What a customer said or met several times is averaged. Only customers
with an answer to everything that is weighed are used, so what few have is left out, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics.relative_weights import Weights, collinear, relative_weights
from cx.metrics.stats import Floats
from cx.scales import effort_sql, lowest_sql
from cx.store import Store

FEWEST, FEWEST_EACH = 100, 20
"""At least so many customers, and so many for each thing that is weighed."""

MOST_TOUCHPOINTS = 30
_KEPT = 0.5  # a further thing is weighed while so many of the first one's customers remain

OUTCOMES: Mapping[str, Text] = {
    "nps": text("Recommendation (0–10)"), "csat": text("Satisfaction"), "repurchase": text("Bought again"),
    "revenue": text("Revenue per customer")}
"""What is explained; repurchase and revenue among customers who bought, revenue by its logarithm."""

OTHERS: Mapping[str, Text] = {
    "waiting": text("Waiting time"), "delay": text("Days late"), "effort": text("Ease"),
    "expectation": text("Expectation met"), "emotion": text("Emotion"), "complaint": text("Complaint")}
"""What is weighed besides the satisfaction with each touchpoint. Emotion: as given, or from comments; not what follows
from scores."""

QUADRANTS: Mapping[str, Text] = {
    "fix": text("fix first"), "keep": text("keep it so"), "watch": text("no hurry"), "enough": text("good enough")}
_COLUMNS = ["key", "kind", "label", "n", "weight", "lower", "upper", "share", "direction", "sure", "performance",
            "quadrant"]


@dataclass(frozen=True)
class Drivers:
    """weights   a row per thing that is weighed, the heaviest first: key, kind ("touchpoint" or a key of OTHERS), label
              (of a touchpoint as given, else Text), n (customers who have it, and the outcome), weight (part of R²
              with lower, upper: 95 %, bootstrap), share (of R²), direction (+1 more of it goes with a better
              outcome, -1 with a worse one), sure (weighs more than a number drawn at random would), performance (0–1:
              mean score, share on time, of good feelings…; null = it has no good end), quadrant (key of QUADRANTS,
              None = no performance, or much of it does not go with a better outcome)
    n, of     customers used, and customers for whom the outcome is known
    r2, r2_lower, r2_upper  how much all together explain
    left_out  (label, reason) of what was not weighed
    reason    why nothing can be said, None = something can
    """

    outcome: str
    weights: pd.DataFrame
    n: int
    of: int
    r2: float
    r2_lower: float
    r2_upper: float
    left_out: tuple[tuple[str | Text, Text], ...]
    reason: Text | None = None


def offered(store: Store, outcome: str = "nps", filters: Filters = Filters()) -> dict[str, str | Text]:
    """What can be weighed for an outcome: key → label, what most customers have first. Raises UnknownValue."""
    table = _table(store, outcome, filters)
    return {key: table.labels[key] for key in table.predictors}


def drivers(store: Store, outcome: str = "nps", filters: Filters = Filters(),
            chosen: Sequence[str] | None = None) -> Drivers:
    """How much each part of the experience tells of the outcome (a key of OUTCOMES).

    chosen  keys of what is weighed (see `offered`); None = as much as enough customers have
    Raises UnknownValue.
    """
    table = _table(store, outcome, filters)
    known = table.frame[table.frame["outcome"].notna()]
    nothing = Drivers(outcome, pd.DataFrame(columns=_COLUMNS), 0, len(known), np.nan, np.nan, np.nan, ())
    if not len(known):
        return replace(nothing, reason=_NO_OUTCOME[outcome])
    if known["outcome"].nunique() < 2:
        return replace(nothing, reason=text("The outcome is the same for everybody: there is nothing to explain."))
    for key in chosen or ():
        if key not in table.predictors:
            raise UnknownValue(text("Driver"), key, table.predictors)
    keys, left_out = (list(chosen), []) if chosen else _enough(known, table)
    rows = known.dropna(subset=keys)
    needed = max(FEWEST, FEWEST_EACH * len(keys))
    reason = _refused(keys, rows, table, needed, bool(chosen))
    if reason is not None:
        return replace(nothing, n=len(rows), left_out=tuple(left_out), reason=reason)
    return _weighed(outcome, rows, known, keys, table, tuple(left_out), nothing)


def rows(store: Store, outcome: str, keys: Sequence[str], filters: Filters = Filters(), first: str | None = None,
         limit: int | None = None) -> pd.DataFrame:
    """The customers that `drivers` uses when `keys` are weighed, as they were weighed: customer_id ("" = anonymous),
    outcome (0–10; share of the scale; 1 or 0; revenue), and a column per key (touchpoint: 0–1 of the scale; waiting:
    the geometric mean in seconds, of 1 + each; delay: days; effort 1–7; expectation, complaint: 0–1; emotion: −1…1).

    first  the key by whose values they are ordered, the lowest first (of waiting, delay and complaint the highest);
           None: by the outcome, the lowest first
    Raises UnknownValue.
    """
    table = _table(store, outcome, filters)
    for key in keys:
        if key not in table.predictors:
            raise UnknownValue(text("Driver"), key, table.predictors)
    used = table.frame[["outcome", *keys]].dropna()
    by = first if first in keys else "outcome"
    used = used.sort_index().sort_values([by, "outcome"], ascending=[by not in _BAD, True], kind="stable").head(limit)
    ids = dict(store.rows("SELECT customer_key, CASE WHEN anonymous THEN '' ELSE customer_id END FROM customers "
                          "WHERE customer_key IN (SELECT unnest(CAST(? AS BIGINT[])))", [used.index.tolist()]))
    unlogged = {"outcome": np.exp if outcome == "revenue" else None, "waiting": np.expm1}
    shown = {name: (change(used[name]) if (change := unlogged.get(name)) else used[name]) for name in used.columns}
    return pd.DataFrame({"customer_id": [ids.get(key, "") for key in used.index], **shown}).reset_index(drop=True)


_NO_OUTCOME = {
    "nps": text("No customer in this selection was asked for a recommendation."),
    "csat": text("No customer in this selection rated anything."),
    "repurchase": text("No known customer bought anything in this selection."),
    "revenue": text("No known customer bought anything in this selection.")}


# --- the customers ---


@dataclass(frozen=True)
class _Table:
    """A row per customer: `outcome` and a column per predictor (NaN = nothing known)."""

    frame: pd.DataFrame
    predictors: list[str]
    labels: dict[str, str | Text]


def _table(store: Store, outcome: str, filters: Filters) -> _Table:
    if outcome not in OUTCOMES:
        raise UnknownValue(text("Outcome"), outcome, OUTCOMES)
    everywhere = replace(filters, stage=(), touchpoint=(), channel=()).interactions("i")
    where = filters.interactions("i")
    results = store.frame(f"SELECT i.customer_key, {_OUTCOME[outcome]} AS outcome FROM interactions i JOIN customers k "
                          f"ON k.customer_key = i.customer_key WHERE {everywhere.sql} GROUP BY i.customer_key",
                          everywhere.params).set_index("customer_key")
    labels: dict[str, str | Text] = dict(OTHERS)
    met = store.frame(f"SELECT i.customer_key, {', '.join(f'{sql} AS {name}' for name, sql in _MET.items())} "
                      f"FROM interactions i WHERE {where.sql} GROUP BY i.customer_key", where.params)
    frame = results.join(met.set_index("customer_key"))
    if outcome != "csat":  # which is made of them
        rated = store.frame(
            f"SELECT i.customer_key, t.key, avg({_SCORE}) AS score FROM interactions i "
            f"JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id WHERE i.csat IS NOT NULL "
            f"AND i.csat_max IS NOT NULL AND {where.sql} GROUP BY 1, 2", where.params)
        most = rated["key"].value_counts().head(MOST_TOUCHPOINTS).index
        scores = rated[rated["key"].isin(most)].pivot(index="customer_key", columns="key", values="score")
        names = dict(store.rows("SELECT key, label FROM touchpoints"))
        for key in most:
            labels[f"touchpoint:{key}"] = names[key]
        frame = frame.join(scores.rename(columns=lambda key: f"touchpoint:{key}"))
    frame = frame.apply(pd.to_numeric, errors="coerce").astype(float)
    counts = frame[frame["outcome"].notna()].drop(columns="outcome").count().sort_values(ascending=False, kind="stable")
    return _Table(frame, [str(key) for key in counts[counts > 0].index], labels)


_SCORE = f"(CAST(i.csat - {lowest_sql('i.csat_max')} AS DOUBLE) / (i.csat_max - {lowest_sql('i.csat_max')}))"
_BAD = ("waiting", "delay", "complaint")
_BOUGHT = "NOT any_value(k.anonymous) AND count(i.revenue) + count(i.order_id) > 0"
_ORDERS = ("count(DISTINCT coalesce(i.order_id, "
           "CASE WHEN i.revenue IS NOT NULL THEN CAST(i.interaction_id AS VARCHAR) END))")
_OUTCOME = {
    "nps": "avg(i.nps)", "csat": f"avg({_SCORE})",
    "repurchase": f"CASE WHEN {_BOUGHT} THEN CASE WHEN {_ORDERS} >= 2 THEN 1.0 ELSE 0.0 END END",
    "revenue": f"CASE WHEN {_BOUGHT} AND sum(i.revenue) > 0 THEN ln(CAST(sum(i.revenue) AS DOUBLE)) END"}
_MET = {
    "waiting": "avg(ln(1 + i.wait_seconds))",
    "delay": "avg(CASE WHEN i.delay_days > 0 THEN i.delay_days WHEN i.delay_days <= 0 THEN 0 END)",
    "effort": f"avg(CASE WHEN i.ces IS NOT NULL AND i.ces_max IS NOT NULL THEN {effort_sql('i.ces', 'i.ces_max')} END)",
    "expectation": "avg(CASE WHEN i.expectation_met THEN 1.0 WHEN NOT i.expectation_met THEN 0.0 END)",
    "emotion": "avg(CASE WHEN i.emotion_source IN ('given', 'comment') THEN i.emotion END)",
    "complaint": "max(CASE WHEN i.is_complaint THEN 1.0 WHEN NOT i.is_complaint THEN 0.0 END)"}


def _enough(known: pd.DataFrame, table: _Table) -> tuple[list[str], list[tuple[str | Text, Text]]]:
    """What enough customers have together, and why each of the others is left out."""
    keys: list[str] = []
    left_out: list[tuple[str | Text, Text]] = []
    there = np.ones(len(known), dtype=bool)
    first = 0
    waiting = [key for key in table.predictors if known[key].notna().any()]
    while waiting:
        counts = {key: int((there & known[key].notna().to_numpy()).sum()) for key in waiting}
        key = max(waiting, key=lambda each: counts[each])  # of equals the first
        waiting.remove(key)
        values = known[key].to_numpy()
        together = there & ~np.isnan(values)
        if counts[key] < max(FEWEST, FEWEST_EACH * (len(keys) + 1), _KEPT * first):
            left_out.append((table.labels[key], text("only {n} customers have it together with the others",
                                                     n=counts[key])))
        elif np.ptp(values[together]) == 0:
            left_out.append((table.labels[key], text("it is the same for everybody")))
        elif (twin := collinear(known.loc[together, [*keys, key]].to_numpy())) is not None:
            left_out.append((table.labels[key], text("it says the same as “{other}”", other=table.labels[keys[twin]])))
        else:
            keys.append(key)
            there = together
            first = first or counts[key]
    return keys, left_out


def _refused(keys: list[str], rows: pd.DataFrame, table: _Table, needed: int, chosen: bool) -> Text | None:
    if len(keys) < 2:
        return text("Fewer than two things were rated or measured for at least {n} customers with this outcome: there "
                    "is nothing to weigh against each other.", n=FEWEST)
    if len(rows) < needed:
        return text("Only {n} customers have all of these; {needed} are needed. Choose fewer.", n=len(rows),
                    needed=needed)
    if rows["outcome"].nunique() < 2:
        return text("The outcome is the same for everybody: there is nothing to explain.")
    for key in keys:
        if rows[key].nunique() < 2:
            return text("“{name}” is the same for everybody. Leave it out.", name=table.labels[key])
    if chosen:
        for last in range(1, len(keys)):
            twin = collinear(rows[keys[:last + 1]].to_numpy())
            if twin is not None:
                return text("“{name}” and “{other}” say the same: what each weighs cannot be told apart. Leave one "
                            "out.", name=table.labels[keys[last]], other=table.labels[keys[twin]])
    return None


# --- the weights ---


def _weighed(outcome: str, rows: pd.DataFrame, known: pd.DataFrame, keys: list[str], table: _Table,
             left_out: tuple[tuple[str | Text, Text], ...], nothing: Drivers) -> Drivers:
    found = relative_weights(rows[keys].to_numpy(), rows["outcome"].to_numpy())
    performance = np.array([_performance(key, rows[key].to_numpy()) for key in keys])
    weights = pd.DataFrame({
        "key": keys, "kind": [key.partition(":")[0] for key in keys], "label": [table.labels[key] for key in keys],
        "n": [int(known[key].notna().sum()) for key in keys], "weight": found.weight, "lower": found.lower,
        "upper": found.upper, "share": found.weight / found.r2 if found.r2 > 0 else np.nan,
        "direction": found.direction, "sure": found.sure, "performance": performance,
        "quadrant": _quadrants(keys, found, performance)})
    weights = weights.sort_values("weight", ascending=False, kind="stable").reset_index(drop=True)
    return replace(nothing, outcome=outcome, weights=weights[_COLUMNS], n=len(rows), r2=found.r2,
                   r2_lower=found.r2_lower, r2_upper=found.r2_upper, left_out=left_out)


def _performance(key: str, values: Floats) -> float:
    """0–1, 1 = as good as can be: mean score, share without delay or complaint; NaN where there is no good end."""
    if key == "waiting":
        return np.nan
    if key in ("delay", "complaint"):
        return float((values <= 0).mean())
    mean = float(values.mean())
    return (mean + 1) / 2 if key == "emotion" else (mean - 1) / 6 if key == "effort" else mean


def _quadrants(keys: Sequence[str], found: Weights, performance: Floats) -> list[str | None]:
    """Heavy or light against the mean weight, good or bad against the mean performance; nothing where going well does
    not surely go with a better outcome and the weight is above the mean."""
    if np.isnan(performance).all():
        return [None] * len(performance)
    heavy, good = found.weight >= found.weight.mean(), performance >= np.nanmean(performance)
    helps = found.sure & (found.direction == np.array([-1 if key in _BAD else 1 for key in keys]))
    return [None if np.isnan(each) or (high and not helpful)
            else ("keep" if fine else "fix") if high else ("enough" if fine else "watch")
            for each, high, fine, helpful in zip(performance, heavy, good, helps, strict=True)]
