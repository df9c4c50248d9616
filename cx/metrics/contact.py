"""Touchpoints and channels: how many customers meet them, how that feels, how long they wait, what kind they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.cells import CUSTOMERS, statistics
from cx.metrics.crossed import crossed
from cx.metrics.dimension import dimension, in_order, with_labels
from cx.metrics.kpi_registry import KPIS
from cx.model import MEDIA, OWNERSHIP
from cx.store import Store
from cx.store.measures import MEASURES

CLASSES: dict[str, dict[str, Text]] = {"medium": MEDIA, "ownership": OWNERSHIP}
NOT_KNOWN = text("not known")
_CONTACTS = replace(KPIS["net_emotion"], parts={name: MEASURES[name].sql for name in (
    "interactions", "positive", "negative", "felt", "satisfied", "rated", "waits", "wait_sum", "wait_squares",
    "complaints")}, present=())
_WAITED = replace(KPIS["waiting_time"], present=(), parts={
    part: KPIS["waiting_time"].parts[part] for part in ("median", "p90")})


def usage(store: Store, by: str = "touchpoint", filters: Filters = Filters()) -> pd.DataFrame:
    """Every touchpoint (or channel, stage, persona, campaign, attribute), the most used first, missing last.

    Columns: key, label, interactions, share (of all interactions), customers (known ones), customer_share (of the
    known customers in the selection) with customer_lower, customer_upper; net, net_lower, net_upper, net_n (emotion);
    csat, csat_lower, csat_upper, csat_n (share satisfied); wait_mean, wait_lower, wait_upper, wait_median, wait_p90
    (seconds), wait_n; complaints. What nobody answered is null. Raises UnknownValue.
    """
    split = dimension(store, by)
    found = statistics(store, [_CONTACTS, _WAITED, CUSTOMERS], filters, by=split)
    counts = {name.split(".")[-1]: pd.Series(np.nan_to_num(column.astype(float))).astype("int64")
              for name, column in found.parts.items() if not name.startswith(_WAITED.key)}
    waited = {f"wait_{part}": found[f"{_WAITED.key}.{part}"].astype(float) for part in ("median", "p90")}
    frame = pd.DataFrame({"value": pd.Series([value for (value,) in found.groups], dtype=object), **counts, **waited})
    everybody = store.memo(("known customers", repr(filters)), lambda: int(
        statistics(store, [CUSTOMERS], filters)[f"{CUSTOMERS.key}.customers"][0]))
    frame = in_order(store, with_labels(store, frame, split), split, size="interactions")
    met = stats.wilson(frame["customers"], everybody)
    frame = frame.rename(columns={"felt": "net_n", "rated": "csat_n", "waits": "wait_n"})
    net = stats.net_score(frame["positive"], frame["negative"], frame["net_n"])
    csat = stats.wilson(frame["satisfied"], frame["csat_n"])
    wait = stats.mean(frame["wait_n"], frame["wait_sum"], frame["wait_squares"])
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
      upper (of the interactions of the row's value), n (those interactions). Every class stands in every group, also
      with 0. Raises UnknownValue.
    """
    if of not in CLASSES:
        raise UnknownValue(text("Kind of channel"), of, CLASSES)
    split = dimension(store, by) if by else None
    frame = crossed(store, ["interactions"], filters, channel_id=dimension(store, "channel"),
                    **({"value": split} if split else {}))
    kinds = dict(store.kept(f"SELECT channel_id, coalesce({of}, '') FROM channels"))
    frame["class"] = ["" if pd.isna(channel) else kinds[channel] for channel in frame["channel_id"]]
    groups = ["value", "class"] if split else ["class"]
    frame = frame.groupby(groups, as_index=False, dropna=False)["interactions"].sum()
    names = ["key", "label"] if split else []
    if split:
        frame = with_labels(store, frame, split)
    labels: dict[str, Text] = {**CLASSES[of], "": NOT_KNOWN}
    classes = pd.DataFrame({"class": list(labels), "class_label": list(labels.values())})
    if not frame.empty:
        groups = frame[names].drop_duplicates().merge(classes, how="cross") if names else classes
        frame = groups.merge(frame, on=[*names, "class"], how="left")
        frame["interactions"] = frame["interactions"].fillna(0).astype("int64")
        frame["n"] = frame.groupby(names)["interactions"].transform("sum") if names else frame["interactions"].sum()
    else:
        frame = frame.assign(class_label=[], n=pd.Series([], dtype="int64"))
    share = stats.wilson(frame["interactions"], frame["n"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper)
    if split:
        frame = in_order(store, frame, split, size="interactions")
    return frame[[*names, "class", "class_label", "interactions", "share", "lower", "upper", "n"]]


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
