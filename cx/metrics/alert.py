"""Alerts: rules that watch a KPI or the pain points, when each would have fired, and what is new since it was made.

A rule looks at whole periods only. What it says of a period it says once, however often the data is committed.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS, LABELS, Filters
from cx.language import Text, text
from cx.metrics.anomaly import FEWEST, standing_out
from cx.metrics.friction import pain_points
from cx.metrics.goals import status_of, targets
from cx.metrics.kpi import minimum_n, trend
from cx.metrics.own_kpi import find, registry
from cx.metrics.period import INTERVALS, STEPS, calendar
from cx.model import clean_name
from cx.store import Store

KINDS: Mapping[str, Text] = {
    "target": text("beyond a target"), "unusual": text("unusual against trend and season"),
    "pain": text("a new pain point"), "few": text("too few answers")}
WHERE = ("persona", "channel", "touchpoint")
MOST = 50
LONGEST = 80
LOOK_BACK: Mapping[str, int] = {"day": 120, "week": 104, "month": 60, "quarter": 40}
"""Periods a preview goes back."""
_SEEN: Mapping[str, int] = {"day": 84, "week": 78, "month": 60, "quarter": 40}  # periods that tell what is usual
_PAIN_MONTHS = 6


@dataclass(frozen=True)
class Rule:
    """What to watch.

    kind      a key of KINDS
    kpi       the KPI watched; "" for pain points
    persona, channel, touchpoint   keys; "" = all
    interval  day, week, month or quarter: how long a period is
    limit     target: the value that must not be missed (None = the KPI's target in force); few: the fewest answers
              (None = the workspace's minimum); else None
    since     first moment of the last whole period when the rule was made: earlier ones are no news; None = no data yet
    known     pain points there were when the rule was made
    number    its number in the workspace; None = not saved yet
    """

    kind: str
    kpi: str = ""
    persona: str = ""
    channel: str = ""
    touchpoint: str = ""
    interval: str = "week"
    limit: float | None = None
    name: str = ""
    active: bool = True
    since: str | None = None
    known: tuple[str, ...] = ()
    number: int | None = None

    def filters(self) -> Filters:
        return Filters(**{name: (getattr(self, name),) for name in WHERE if getattr(self, name)})  # type: ignore[arg-type]

    def subject(self) -> str:
        """What it is about: rules with one subject share a message a day."""
        return "|".join(("pain" if self.kind == "pain" else self.kpi, *(getattr(self, name) for name in WHERE)))


@dataclass(frozen=True)
class Firing:
    """A rule said something new.

    said         kind, kpi, persona, channel, touchpoint, interval, rule (its name); of a period: period, value, lower,
                 upper, against, n; of a pain point: at, measure, n, customers, value, rest, text (Text)
    fingerprint  the same for the same news
    """

    rule: int
    subject: str
    fingerprint: str
    said: Mapping[str, Any]


def rules(store: Store) -> list[Rule]:
    """Those there are, in the order they were made."""
    found = []
    for number, name, rule, active in store.rows("SELECT alert_id, name, rule, active FROM alerts ORDER BY alert_id"):
        given = json.loads(rule)
        found.append(Rule(**{**given, "known": tuple(given.get("known", ())), "name": name, "active": active,
                             "number": number}))
    return found


def save(store: Store, rule: Rule) -> int:
    """Add it, or change the one of its `number`; → its number. What is there now is no news to a rule that is new or
    watches something else. Raises QueryError, UnknownValue."""
    rule = replace(rule, name=clean_name(rule.name))
    _check(store, rule)
    before = next((each for each in rules(store) if each.number == rule.number), None)
    if before is None or replace(before, name=rule.name, active=rule.active) != rule:
        rule = replace(rule, since=_latest(store, rule), known=tuple(sorted(_pains(store, rule.filters())))
                       if rule.kind == "pain" else ())
    said = {key: value for key, value in asdict(rule).items() if key not in ("name", "active", "number")}
    with store.write(quietly=True) as cursor:
        number = rule.number
        if number is None:
            number = (cursor.execute("SELECT coalesce(max(alert_id), 0) + 1 FROM alerts").fetchone() or (1,))[0]
        cursor.execute("INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?)",
                       [number, rule.name, json.dumps(said, ensure_ascii=False), rule.active])
    return int(number)


def remove(store: Store, number: int) -> None:
    """Take a rule away; what it has said stays. One that is not there is no error."""
    with store.write(quietly=True) as cursor:
        cursor.execute("DELETE FROM alerts WHERE alert_id = ?", [number])


def preview(store: Store, rule: Rule) -> pd.DataFrame:
    """When the rule would have fired on the past data, whole periods only, the earliest first, each judged by what was
    known at its end.

    → period, value, lower, upper, n, against (the target, what was expected, the fewest answers), fires; of pain
    points: period, n (new ones), fires. Empty where there is no course. Raises QueryError, UnknownValue.
    """
    _check(store, rule, named=False)
    if rule.kind == "pain":
        return _pain_preview(store, rule)
    kpi = find(store, rule.kpi)
    frame = trend(store, rule.kpi, rule.interval, rule.filters())
    frame = frame[frame["complete"]].tail(LOOK_BACK[rule.interval] + _SEEN[rule.interval]).reset_index(drop=True)
    shown = frame.index >= len(frame) - LOOK_BACK[rule.interval]
    least = minimum_n(store) if kpi.minimum_n else 1
    if rule.kind == "few":
        against = rule.limit if rule.limit is not None else float(minimum_n(store))
        frame = frame.assign(against=against, fires=frame["n"] < against)
    elif rule.kind == "target":
        against = _target(store, rule)
        told = [status_of(kpi, _number(row["value"]), _number(row["lower"]), _number(row["upper"]), against)
                == "below_target" for row in frame.to_dict("records")]
        frame = frame.assign(against=against, fires=np.array(told, dtype=bool) & (frame["n"] >= least))
    else:
        frame = frame.assign(against=np.nan, fires=False)
        for at in range(max(FEWEST - 1, int(np.argmax(shown)) if len(frame) else 0), len(frame)):
            known = frame.iloc[max(0, at + 1 - _SEEN[rule.interval]):at + 1]
            odd = standing_out(known, rule.interval, least)
            if len(odd) and odd["period"].iloc[-1] == known["period"].iloc[-1]:
                frame.loc[at, ["against", "fires"]] = [odd["expected"].iloc[-1], True]
    frame["fires"] = frame["fires"].astype(bool)
    return frame.loc[shown, ["period", "value", "lower", "upper", "n", "against", "fires"]].reset_index(drop=True)


def news(store: Store) -> list[Firing]:
    """What the active rules say of periods (or pain points) that are new since each was made. A rule about something
    that is no longer there says nothing; `silent` tells why."""
    found: list[Firing] = []
    for rule in rules(store):
        if rule.active and silent(store, rule) is None:
            found += _new_pains(store, rule) if rule.kind == "pain" else _new_periods(store, rule)
    return found


def silent(store: Store, rule: Rule) -> Text | None:
    """Why a rule cannot say anything; None = it can."""
    if rule.kpi and rule.kpi not in registry(store):
        return text("Its KPI is no longer there.")
    for name in WHERE:
        key = getattr(rule, name)
        if key and not store.rows(f"SELECT 1 FROM {DIMENSIONS[name]} WHERE key = ?", [key]):
            return text("{what} “{name}” is no longer in the workspace.", what=LABELS[name], name=key)
    if rule.kind == "target" and rule.limit is None and rule.kpi not in targets(store, rule.filters()):
        return text("No target is set for its KPI.")
    try:
        _check(store, rule, named=False)
    except QueryError as error:  # what it watches was changed since
        return error.text
    return None


# --- helpers ---


def _new_periods(store: Store, rule: Rule) -> list[Firing]:
    frame = preview(store, rule)
    frame = frame[frame["fires"]]
    if rule.since:
        frame = frame[frame["period"] > pd.Timestamp(rule.since)]
    return [Firing(rule.number or 0, rule.subject(), f"{rule.number}|{rule.kind}|{row['period']:%Y-%m-%d}", {
        **_about(rule), "period": f"{row['period']:%Y-%m-%d}", "n": int(row["n"]),
        **{name: _number(row[name]) for name in ("value", "lower", "upper", "against")}})
        for row in frame.to_dict("records")]


def _new_pains(store: Store, rule: Rule) -> list[Firing]:
    return [Firing(rule.number or 0, rule.subject(), f"{rule.number}|pain|{key}", {**_about(rule), **said})
            for key, said in _pains(store, rule.filters()).items() if key not in rule.known]


def _about(rule: Rule) -> dict[str, Any]:
    return {"kind": rule.kind, "kpi": rule.kpi, **{name: getattr(rule, name) for name in WHERE},
            "interval": rule.interval, "rule": rule.name}


def _pains(store: Store, filters: Filters) -> dict[str, dict[str, Any]]:
    """Pain points by a key of their own, with what is said of them."""
    found = {}
    for row in pain_points(store, filters).to_dict("records"):
        if row["kind"] != "pain":
            continue
        at = {name: row[name] or "" for name in ("stage", "touchpoint", "channel", "persona")}
        key = "|".join((*at.values(), row["measure"]))
        found[key] = {"at": at, "measure": row["measure"], "n": int(row["n"]), "customers": int(row["customers"]),
                      "value": float(row["value"]), "rest": float(row["rest"]), "text": row["text"]}
    return found


def _pain_preview(store: Store, rule: Rule) -> pd.DataFrame:
    """New pain points at the end of each of the last months."""
    _, when = calendar(store, rule.filters(), "month")
    when = when[when["complete"]].tail(_PAIN_MONTHS + 1)
    rows, known = [], None
    for period in when["period"]:
        end = (period + STEPS["month"]).date() - dt.timedelta(days=1)
        now = set(_pains(store, replace(rule.filters(), end=end)))
        if known is not None:
            rows.append({"period": period, "n": len(now - known), "fires": bool(now - known)})
        known = now | (known or set())
    return pd.DataFrame(rows, columns=["period", "n", "fires"])


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _target(store: Store, rule: Rule) -> float:
    if rule.limit is not None:
        return rule.limit
    known = targets(store, rule.filters())
    if rule.kpi not in known:
        raise QueryError(text("Set a target for {kpi} first, or give the rule a limit of its own.",
                              kpi=find(store, rule.kpi).name))
    return known[rule.kpi]


def _latest(store: Store, rule: Rule) -> str | None:
    _, when = calendar(store, Filters(), rule.interval)
    whole = when[when["complete"]]
    return None if whole.empty else f"{whole['period'].iloc[-1]:%Y-%m-%d}"


def _check(store: Store, rule: Rule, named: bool = True) -> None:
    if rule.kind not in KINDS:
        raise UnknownValue(text("Kind"), rule.kind, KINDS)
    if rule.interval not in INTERVALS:
        raise UnknownValue(text("Interval"), rule.interval, INTERVALS)
    if named and not rule.name:
        raise QueryError(text("Give the alert a name."))
    if len(rule.name) > LONGEST:
        raise QueryError(text("The name is longer than {most} characters.", most=LONGEST))
    if named and rule.number is None and len(rules(store)) >= MOST:
        raise QueryError(text("There are {most} alerts already: remove one first.", most=MOST))
    for name in WHERE:
        key = getattr(rule, name)
        known = [row[0] for row in store.rows(f"SELECT key FROM {DIMENSIONS[name]} ORDER BY key")] if key else []
        if key and key not in known:
            raise UnknownValue(LABELS[name], key, known)
    if rule.limit is not None and not math.isfinite(rule.limit):
        raise QueryError(text("The limit must be a number."))
    if rule.kind != "pain":
        kpi = find(store, rule.kpi)
        if rule.kind == "target":
            if not kpi.direction:
                raise QueryError(text("Neither more nor less of this KPI is better."))
            _target(store, rule)
