"""Touchpoints and channels: how many customers meet them, how that feels, how long they wait, what kind they are."""

from __future__ import annotations

import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.dimension import dimension, in_order, with_labels
from cx.model import MEDIA, OWNERSHIP
from cx.scales import satisfied_sql
from cx.store import Store

CLASSES: dict[str, dict[str, Text]] = {"medium": MEDIA, "ownership": OWNERSHIP}
NOT_KNOWN = text("not known")
_RATED = "i.csat IS NOT NULL AND i.csat_max IS NOT NULL"


def usage(store: Store, by: str = "touchpoint", filters: Filters = Filters()) -> pd.DataFrame:
    """Every touchpoint (or channel, stage, persona, campaign, attribute), the most used first, missing last.

    Columns: key, label, interactions, share (of all interactions), customers (known ones), customer_share (of the
    known customers in the selection) with customer_lower, customer_upper; net, net_lower, net_upper, net_n (emotion);
    csat, csat_lower, csat_upper, csat_n (share satisfied); wait_mean, wait_lower, wait_upper, wait_median, wait_p90
    (seconds), wait_n; complaints. What nobody answered is null. Raises UnknownValue.
    """
    split = dimension(store, by)
    where, join, value = filters.interactions("i"), split.join("i"), split.value("i")
    frame = store.frame(
        f"""SELECT {value.sql} AS value, count(*) AS interactions,
            count(DISTINCT CASE WHEN NOT k.anonymous THEN i.customer_key END) AS customers,
            count(*) FILTER (WHERE i.emotion > 0) AS positive, count(*) FILTER (WHERE i.emotion < 0) AS negative,
            count(i.emotion) AS net_n, count(*) FILTER (WHERE {_RATED} AND {satisfied_sql('i.csat', 'i.csat_max')})
                AS satisfied, count(*) FILTER (WHERE {_RATED}) AS csat_n,
            count(i.wait_seconds) AS wait_n, coalesce(sum(CAST(i.wait_seconds AS DOUBLE)), 0) AS wait_total,
            coalesce(sum(CAST(i.wait_seconds AS DOUBLE) * i.wait_seconds), 0) AS wait_squares,
            quantile_cont(i.wait_seconds, 0.5) AS wait_median, quantile_cont(i.wait_seconds, 0.9) AS wait_p90,
            count(*) FILTER (WHERE i.is_complaint) AS complaints
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key {join.sql}
        WHERE {where.sql} GROUP BY 1""", [*value.params, *join.params, *where.params])
    everybody = store.value("SELECT count(DISTINCT i.customer_key) FROM interactions i JOIN customers k "
                            f"ON k.customer_key = i.customer_key AND NOT k.anonymous WHERE {where.sql}", where.params)
    frame = in_order(store, with_labels(store, frame, split), split, size="interactions")
    met = stats.wilson(frame["customers"], everybody)
    net = stats.net_score(frame["positive"], frame["negative"], frame["net_n"])
    csat = stats.wilson(frame["satisfied"], frame["csat_n"])
    wait = stats.mean(frame["wait_n"], frame["wait_total"], frame["wait_squares"])
    frame = frame.assign(
        share=frame["interactions"] / max(int(frame["interactions"].sum()), 1), customer_share=met.value,
        customer_lower=met.lower, customer_upper=met.upper, net=net.value, net_lower=net.lower, net_upper=net.upper,
        csat=csat.value, csat_lower=csat.lower, csat_upper=csat.upper, wait_mean=wait.value, wait_lower=wait.lower,
        wait_upper=wait.upper)
    return frame[["key", "label", "interactions", "share", "customers", "customer_share", "customer_lower",
                  "customer_upper", "net", "net_lower", "net_upper", "net_n", "csat", "csat_lower", "csat_upper",
                  "csat_n", "wait_mean", "wait_lower", "wait_upper", "wait_median", "wait_p90", "wait_n",
                  "complaints"]]


def shares(store: Store, of: str = "medium", by: str | None = None, filters: Filters = Filters()) -> pd.DataFrame:
    """Digital and physical (`of="medium"`) or owned, earned, paid and partner (`of="ownership"`) shares of the
    interactions; what is not known, or has no channel, is a class of its own.

    → [key, label (of the dimension `by`),] class ("" = not known), class_label (Text), interactions, share, lower,
      upper (of the interactions of the row's value), n (those interactions), customers (known ones). Every class
      stands in every group, also with 0. Raises UnknownValue.
    """
    if of not in CLASSES:
        raise UnknownValue(text("Kind of channel"), of, CLASSES)
    split = dimension(store, by) if by else None
    where = filters.interactions("i")
    head, params, join = "", [], ""
    if split:
        value, source = split.value("i"), split.join("i")
        head, params, join = f"{value.sql} AS value, ", [*value.params, *source.params], source.sql
    frame = store.frame(
        f"SELECT {head}coalesce(h.{of}, '') AS class, count(*) AS interactions, "
        f"count(DISTINCT CASE WHEN NOT k.anonymous THEN i.customer_key END) AS customers FROM interactions i "
        f"JOIN customers k ON k.customer_key = i.customer_key {join} "
        f"LEFT JOIN channels h ON h.channel_id = i.channel_id WHERE {where.sql} GROUP BY ALL", [*params, *where.params])
    names = ["key", "label"] if split else []
    if split:
        frame = with_labels(store, frame, split)
    labels: dict[str, Text] = {**CLASSES[of], "": NOT_KNOWN}
    classes = pd.DataFrame({"class": list(labels), "class_label": list(labels.values())})
    if not frame.empty:
        groups = frame[names].drop_duplicates().merge(classes, how="cross") if names else classes
        frame = groups.merge(frame, on=[*names, "class"], how="left")
        counts = ["interactions", "customers"]
        frame[counts] = frame[counts].fillna(0).astype("int64")
        frame["n"] = frame.groupby(names)["interactions"].transform("sum") if names else frame["interactions"].sum()
    else:
        frame = frame.assign(class_label=[], n=pd.Series([], dtype="int64"))
    share = stats.wilson(frame["interactions"], frame["n"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper)
    if split:
        frame = in_order(store, frame, split, size="interactions")
    return frame[[*names, "class", "class_label", "interactions", "share", "lower", "upper", "n", "customers"]]


def waiting(store: Store, filters: Filters = Filters(), by: str | None = None) -> pd.DataFrame:
    """Waiting times: [key, label,] n, mean, mean_lower, mean_upper (t interval), median, median_lower, median_upper,
    p90, p90_lower, p90_upper (between order statistics), all in seconds. One row when `by` is None."""
    split = dimension(store, by) if by else None
    where = filters.interactions("i")
    value, join = (split.value("i"), split.join("i")) if split else (None, None)
    head = f"{value.sql} AS value" if value else "NULL AS value"
    params = [*(value.params if value else ()), *(join.params if join else ()), *where.params]
    found = store.frame(f"SELECT {head}, i.wait_seconds AS seconds, count(*) AS times FROM interactions i "
                        f"{join.sql if join else ''} WHERE i.wait_seconds IS NOT NULL AND {where.sql} GROUP BY 1, 2",
                        params)
    found = with_labels(store, found, split) if split else found.assign(key="", label="").drop(columns="value")
    rows = []
    for (key, label), part in found.groupby(["key", "label"], sort=False):
        seconds, times = part["seconds"].to_numpy(dtype=float), part["times"].to_numpy(dtype=float)
        mean = stats.mean(times.sum(), (seconds * times).sum(), (seconds**2 * times).sum())
        row = {"key": key, "label": label, "n": int(times.sum()), "mean": mean.value, "mean_lower": mean.lower,
               "mean_upper": mean.upper}
        for name, q in (("median", 0.5), ("p90", 0.9)):
            place = stats.quantile(seconds, times, q)
            row |= {name: place.value, f"{name}_lower": place.lower, f"{name}_upper": place.upper}
        rows.append(row)
    columns = ["key", "label", "n", "mean", "mean_lower", "mean_upper", "median", "median_lower", "median_upper", "p90",
               "p90_lower", "p90_upper"]
    frame = pd.DataFrame(rows, columns=columns)
    frame[columns[3:]] = frame[columns[3:]].astype(float)
    return in_order(store, frame, split) if split else frame.drop(columns=["key", "label"])
