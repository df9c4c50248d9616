"""What is new since somebody last looked: files loaded and taken back, alerts, and KPIs that stand elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cx.store import Store

SAME_VISIT = dt.timedelta(minutes=30)
"""Who comes back within so long is still on the same visit."""


@dataclass(frozen=True)
class Seen:
    """When somebody looked (to the second), the data version then, and what each KPI was: value, n."""

    at: dt.datetime
    version: int
    values: Mapping[str, tuple[float, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """loaded: files loaded since and still in force, with their rows; undone: files taken back since; alerts: messages
    since; moved: kpi, value_before, n_before, value, n of the KPIs whose value is another now."""

    since: dt.datetime
    loaded: int
    rows: int
    undone: int
    alerts: int
    moved: pd.DataFrame


def seen_now(store: Store, values: pd.DataFrame, now: dt.datetime) -> Seen:
    """What is seen now. values: of `kpis()` without filters; what is undefined is not remembered."""
    known = values[values["value"].notna()]
    return Seen(now.replace(microsecond=0), store.data_version,
                {row["kpi"]: (float(f"{row['value']:.6g}"), int(row["n"])) for row in known.to_dict("records")})


def news(store: Store, before: Seen, values: pd.DataFrame) -> News:
    """What is new since `before`. values: of `kpis()` without filters, now."""
    loaded, rows, undone = store.rows(
        "SELECT count(*) FILTER (WHERE loaded_at > ? AND undone_at IS NULL), "
        "coalesce(sum(accepted) FILTER (WHERE loaded_at > ? AND undone_at IS NULL), 0), "
        "count(*) FILTER (WHERE undone_at > ? AND loaded_at <= ?) FROM uploads", [before.at] * 4)[0]
    alerts = store.value("SELECT count(*) FROM (SELECT message_id FROM alert_firings GROUP BY message_id "
                         "HAVING max(fired_at) > ?)", [before.at])
    now = seen_now(store, values, before.at).values
    both = {key: (*before.values[key], *now[key]) for key in now if key in before.values}
    moved = [(key, *each) for key, each in both.items() if each[0] != each[2]]
    return News(before.at, int(loaded), int(rows), int(undone), int(alerts),
                pd.DataFrame(moved, columns=["kpi", "value_before", "n_before", "value", "n"]))


def remembered(text: str, now: dt.datetime, version: int) -> tuple[Seen | None, Seen | None]:
    """(the visit before, the last look) of what a browser remembered; None = it remembers none. `text` may be anything:
    what is not a memory of this workspace's past is forgotten."""
    try:
        given = json.loads(text)
        before, last = (_seen(given.get(name)) for name in ("before", "last"))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return None, None
    before, last = (each if each and each.at <= now and each.version <= version else None for each in (before, last))
    return (last, last) if last and now - last.at > SAME_VISIT else (before, last)


def memory(before: Seen | None, last: Seen) -> str:
    """What a browser shall remember; the other way of `remembered`."""
    return json.dumps({name: None if each is None else
                       {"at": each.at.isoformat(), "version": each.version, "values": dict(each.values)}
                       for name, each in (("before", before), ("last", last))}, separators=(",", ":"))


def _seen(given: Any) -> Seen | None:
    if given is None:
        return None
    values = {str(key): (float(value), int(n)) for key, (value, n) in given["values"].items()}
    if not all(math.isfinite(value) for value, _ in values.values()):
        return None
    at = dt.datetime.fromisoformat(given["at"])
    return Seen(at, int(given["version"]), values) if at.tzinfo is None else None
