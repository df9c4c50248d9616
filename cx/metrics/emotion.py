"""How customers felt: net emotion along the journey, in a matrix, over time, and where it comes from.

Net emotion is 100 × (positive − negative) ÷ interactions with a known emotion, with the interval of a net score.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import text
from cx.metrics import emotion_held, kpi, sampling, stats
from cx.metrics.cells import CUSTOMERS, measure, statistics
from cx.metrics.crossed import crossed
from cx.metrics.dimension import Dimension, dimension, in_order, named, ranked, with_labels
from cx.metrics.kpi_registry import KPIS
from cx.metrics.sampling import sampled
from cx.model import EMOTION_SOURCES
from cx.store import Store
from cx.store.measures import MEASURES

_FELT = """count(*) FILTER (WHERE i.emotion > 0) AS positive, count(*) FILTER (WHERE i.emotion = 0) AS neutral,
    count(*) FILTER (WHERE i.emotion < 0) AS negative, count(i.emotion) AS n"""
_CURVE = replace(KPIS["net_emotion"], parts={part: MEASURES[column].sql for part, column in {
    "positive": "positive", "neutral": "neutral", "negative": "negative", "n": "felt", "interactions": "interactions",
    "satisfied": "satisfied", "csat_n": "rated"}.items()})


def curve(store: Store, by: str = "stage", filters: Filters = Filters()) -> pd.DataFrame:
    """Net emotion by stage, touchpoint, channel, persona, campaign or attribute.

    Columns: key, label, position (1…, order of the journey: stages in model order; touchpoints by stage, then by how
    often), stage_key (of touchpoints and stages, else ""), net (−100…100), lower, upper, n (interactions with a known
    emotion), customers, interactions, positive, neutral, negative (shares of n), csat (share satisfied), csat_n.
    Interactions without a value of the dimension stand last, with key "". Raises UnknownValue.
    """
    split = dimension(store, by)
    found = statistics(store, [_CURVE, CUSTOMERS], filters, by=split)
    names = named(store, split, [value for (value,) in found.groups])
    counts = {name.split(".")[-1]: np.nan_to_num(column).astype(np.int64)  # anonymous respondents are no customers
              for name, column in found.parts.items()}
    keys = [key for key, _ in names]
    place = ranked(store, split, keys, counts["interactions"])
    of_stage = _stage_keys(store, keys, split)
    if split.name == "touchpoint" and not split.attribute:
        stages = {key: at for at, (key,) in enumerate(store.kept("SELECT key FROM stages ORDER BY position"))}
        order = sorted(range(len(keys)), key=lambda row: (
            stages.get(of_stage[row], len(stages)) if keys[row] else len(stages) + 1, place[keys[row]]))
    else:
        order = sorted(range(len(keys)), key=lambda row: place[keys[row]])
    counts = {name: column[order] for name, column in counts.items()}
    net = stats.net_score(counts["positive"], counts["negative"], counts["n"])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = {name: counts[name] / counts["n"] for name in ("positive", "neutral", "negative")}
    return pd.DataFrame({
        **{name: pd.Series([column[row] for row in order], dtype=object) for name, column in (
            ("key", keys), ("label", [label for _, label in names]))},
        "position": range(1, len(order) + 1), "stage_key": pd.Series([of_stage[row] for row in order], dtype=object),
        "net": net.value, "lower": net.lower, "upper": net.upper,
        **{name: counts[name] for name in ("n", "customers", "interactions")}, **shares,
        "csat": stats.wilson(counts["satisfied"], counts["csat_n"]).value, "csat_n": counts["csat_n"]})


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts positive, neutral, negative, n → net, lower, upper, and the counts as shares."""
    net = stats.net_score(frame["positive"], frame["negative"], frame["n"])
    known = frame["n"].where(frame["n"] > 0)
    return frame.assign(net=net.value, lower=net.lower, upper=net.upper,
                        **{each: frame[each] / known for each in ("positive", "neutral", "negative")})


def _stage_keys(store: Store, keys: list[str], split: Dimension) -> list[str]:
    if split.name == "stage":
        return keys
    if split.name != "touchpoint" or split.attribute:
        return [""] * len(keys)
    of_touchpoint = dict(store.kept("SELECT t.key, s.key FROM touchpoints t JOIN stages s USING (stage_id)"))
    return [of_touchpoint.get(key, "") for key in keys]


def matrix(store: Store, rows: str, columns: str, filters: Filters = Filters()) -> pd.DataFrame:
    """Net emotion of every cell of two dimensions, long: row_key, row_label, column_key, column_label, net, lower,
    upper, n, interactions, positive, neutral, negative (shares). Rows and columns in their own order; cells without
    interactions are left out. Raises UnknownValue."""
    down, across = dimension(store, rows), dimension(store, columns)
    if down == across:
        raise UnknownValue(text("Breakdown"), columns, ["persona", "channel", "stage", "touchpoint"])
    frame = crossed(store, ["positive", "neutral", "negative", "felt", "interactions"], filters, row_value=down,
                    column_value=across).rename(columns={"felt": "n"})
    frame = with_labels(store, with_labels(store, frame, across, "column_"), down, "row_")
    frame = _shares(frame)
    for side, split in (("column_", across), ("row_", down)):
        keyed = frame.rename(columns={side + "key": "key"})
        frame = in_order(store, keyed, split, size="interactions").rename(columns={"key": side + "key"})
    return frame[["row_key", "row_label", "column_key", "column_label", "net", "lower", "upper", "n", "interactions",
                  "positive", "neutral", "negative"]]


def sources(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """Where the emotions come from, in order of precedence: source (a key of cx.model.EMOTION_SOURCES, "" = no emotion
    known), label (Text), n, share (of all interactions), net, lower, upper."""
    frame = emotion_held.sources(store, filters)
    if frame is None:
        where = filters.interactions("i")
        frame = store.frame(f"SELECT coalesce(i.emotion_source, '') AS source, {_FELT}, count(*) AS interactions "
                            f"FROM interactions i WHERE {where.sql} GROUP BY 1", where.params)
    order = {key: place for place, key in enumerate([*EMOTION_SOURCES, ""])}
    frame = _shares(frame.sort_values("source", key=lambda keys: keys.map(order)).reset_index(drop=True))
    frame["label"] = [EMOTION_SOURCES.get(key, text("unknown")) for key in frame["source"]]
    total = frame["interactions"].sum()
    frame["share"] = frame["interactions"] / total if total else frame["interactions"]
    frame["n"] = frame["interactions"]
    return frame[["source", "label", "n", "share", "net", "lower", "upper"]]


def trend(store: Store, interval: str = "auto", filters: Filters = Filters(),
          breakdown: str | None = None) -> pd.DataFrame:
    """Net emotion over time: [key, label,] period, value, lower, upper, n, complete (see cx.metrics.kpi.trend)."""
    return kpi.trend(store, "net_emotion", interval, filters, breakdown)


def gap(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """The journey gap: what customers felt at the touchpoints against how the journey left them. One row each for
    touchpoints (net emotion of all interactions), customers (mean over customers of each one's net emotion), end (net
    of each customer's last known emotion) and nps (NPS of each customer's last answer).

    Columns: what, value (−100…100), lower, upper, n, difference (from `customers`, same unit; null on that row). Only
    known customers count (of very many a sample, cx.metrics.sampling); in the row touchpoints every respondent does.
    """
    each = _each(store, filters)
    touchpoints = statistics(store, [KPIS["net_emotion"]], filters)
    rows = [("touchpoints", measure(KPIS["net_emotion"], touchpoints), touchpoints["net_emotion.n"][0]),
            ("customers", stats.mean(each["n"], each["way_total"], each["way_squares"]), each["n"]),
            ("end", stats.net_score(each["positive"], each["negative"], each["n"]), each["n"]),
            ("nps", stats.net_score(each["promoters"], each["detractors"], each["answered"]), each["answered"])]
    frame = pd.DataFrame([{"what": what, "value": float(found.value.item()), "lower": float(found.lower.item()),
                           "upper": float(found.upper.item()), "n": int(n)} for what, found, n in rows])
    frame["difference"] = frame["value"] - frame["value"].iloc[1]
    frame.loc[1, "difference"] = float("nan")
    return frame


_REMEMBERED = {"way": "mean", "peak": "peak", "end": "last", "peak_end": "((peak + last) / 2.0)"}
"""What of a customer's emotions → the means that `memory` tells."""


def _each(store: Store, filters: Filters) -> pd.Series:
    """Sums over known customers (of very many that are not held, a sample), for `gap` and `memory`, which a page asks
    together: read once. Sums of nothing are 0."""
    def asked() -> pd.Series:
        known = emotion_held.each(store, filters)
        if known is not None:
            return known
        where = filters.interactions("i")
        last = "(coalesce(i.occurred_at, TIMESTAMP '0001-01-01'), i.interaction_id)"
        sums = ", ".join(f"sum(100.0 * {sql}) AS {what}_total, sum(10000.0 * {sql} * {sql}) AS {what}_squares"
                         for what, sql in _REMEMBERED.items())
        return store.frame(
            f"""WITH told AS (SELECT i.customer_key, i.occurred_at, i.interaction_id, k.anonymous,
                    CASE WHEN {sampled(one_in(store, 'emotion', filters))} THEN i.emotion END AS emotion,
                    CASE WHEN {sampled(one_in(store, 'nps', filters))} THEN i.nps END AS nps
                FROM interactions i JOIN customers k ON k.customer_key = i.customer_key WHERE {where.sql}),
            felt AS (SELECT i.customer_key, avg(i.emotion) AS mean,
                    arg_max(i.emotion, {last}) FILTER (WHERE i.emotion IS NOT NULL) AS last,
                    arg_max(i.nps, {last}) FILTER (WHERE i.nps IS NOT NULL) AS last_nps,
                    CASE WHEN min(i.emotion) < 0 THEN -1 ELSE max(i.emotion) END AS peak
                FROM told i WHERE NOT i.anonymous AND (i.emotion IS NOT NULL OR i.nps IS NOT NULL) GROUP BY 1)
            SELECT count(mean) AS n, {sums},
                count(*) FILTER (WHERE last > 0) AS positive, count(*) FILTER (WHERE last < 0) AS negative,
                count(*) FILTER (WHERE last_nps >= 9) AS promoters, count(*) FILTER (WHERE last_nps <= 6) AS detractors,
                count(last_nps) AS answered FROM felt""", where.params).fillna(0).iloc[0]

    return store.memo(("emotions of each customer", repr(filters)), asked)


def one_in(store: Store, answer: str = "emotion", filters: Filters = Filters()) -> int:
    """Of so many known customers with an answer (emotion, nps) one is looked at by `gap` and `memory`; 1 = all."""
    if emotion_held.tells(store, filters):
        return 1
    where = filters.interactions("i")
    among = (f"FROM interactions i JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous "
             f"WHERE ({where.sql}) AND i.{answer} IS NOT NULL")

    def asked() -> int:
        rows = int(store.value(f"SELECT count(*) {among}", where.params))
        return 1 if rows <= sampling.MOST else sampling.one_in(
            rows, int(store.value(f"SELECT count(DISTINCT i.customer_key) {among}", where.params)))

    return store.memo(("answers looked at", answer, repr(filters)), asked)


def memory(store: Store, filters: Filters = Filters()) -> pd.DataFrame:
    """How journeys felt and how they are remembered, as means over known customers: on the way (mean of each one's
    emotions), peak (each one's strongest moment: the worst where anything was negative, since bad weighs more than
    good, Baumeister et al. 2001; else the best), end (the last known emotion), peak_end (mean of peak and end: the
    peak–end rule of Kahneman et al. 1993, “When more pain is preferred to less”).

    Columns: what (way, peak, end, peak_end), value (−100…100), lower, upper (Student t), n (customers; of very many a
    sample, cx.metrics.sampling).
    """
    each = _each(store, filters)
    found = {what: stats.mean(each["n"], each[f"{what}_total"], each[f"{what}_squares"]) for what in _REMEMBERED}
    return pd.DataFrame([{"what": what, "value": float(one.value.item()), "lower": max(-100.0, float(one.lower.item())),
                          "upper": min(100.0, float(one.upper.item())), "n": int(each["n"])}
                         for what, one in found.items()])
