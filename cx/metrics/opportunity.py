"""What mending a pain point is worth: fewer customers with a bad experience there, and what those do differently.

The chain: of the customers at the place, how many fewer would have a bad experience if its share were that of a
yardstick; and what customers with and without a bad experience *at that same place* do in the 90 days after: come back,
spend, recommend. The second step is an association: it takes for granted that a mended customer becomes like those who
had no bad experience there. Intervals are simulated from the standard errors of every number in the chain.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cx.errors import QueryError, UnknownValue
from cx.filters import Clause, Filters
from cx.language import Text, text
from cx.metrics.cells import present
from cx.metrics.dimension import dimension
from cx.metrics.friction import ELSEWHERE, MEASURES, OUTSIDE, around, narrowed, pain_points, place
from cx.metrics.friction_rows import Seen, look
from cx.metrics.friction_rows import narrowed as rows_of
from cx.metrics.kpi import minimum_n
from cx.model import clean_name
from cx.scales import DETRACTOR_TO, PROMOTER_FROM, satisfied_sql
from cx.store import Store

GAPS: Mapping[str, Text] = {"rest": text("the average of the rest"), "quartile": text("the best quarter"),
                            "target": text("a target")}
WORTH: Mapping[str, Text] = {"kept": text("customers kept"), "nps": text("NPS points"), "revenue": text("revenue")}
EFFORTS: Mapping[int, Text] = {1: text("very little"), 2: text("little"), 3: text("some"), 4: text("much"),
                               5: text("very much")}
AFTER_DAYS, AGAIN_DAYS = 90, 7
"""Customers are looked at for so many days; who comes only within the first seven has not come back, but is still about
the same thing."""
NOTES = ("effort", "owner", *WORTH)
_DRAWS = 4000
_FEWEST = 10  # customers of a group; fewer tell nothing
_RATED = "i.csat IS NOT NULL AND i.csat_max IS NOT NULL"
_BAD: Mapping[str, tuple[str, str]] = {
    "nps": ("i.nps IS NOT NULL", f"i.nps <= {DETRACTOR_TO}"),
    "csat": (_RATED, f"NOT ({satisfied_sql('i.csat', 'i.csat_max')})"),
    "emotion": ("i.emotion IS NOT NULL", "i.emotion < 0"),
    "complaint": ("(i.is_complaint IS NOT NULL OR NOT EXISTS (SELECT 1 FROM interactions x WHERE NOT x.is_complaint))",
                  "coalesce(i.is_complaint, FALSE)"),
    "waiting": ("i.wait_seconds IS NOT NULL", "i.wait_seconds > ?"),
    "delay": ("i.delay_days IS NOT NULL", "i.delay_days > 0")}


WENT_BADLY: Mapping[str, Text] = {
    "waiting": text("waited too long"), "csat": text("not satisfied"), "nps": text("would not recommend (0–6)"),
    "emotion": text("felt bad"), "complaint": text("complained"), "delay": text("came late")}
"""What a bad contact is, by measure."""


@dataclass(frozen=True)
class Group:
    """Customers with (or without) a bad experience at a place. ripe: those whose 90 days have passed, of whom
    `returned` came back and spent `revenue` (`squares`: sum of squares); promoters, detractors, answered: by their last
    recommendation."""

    customers: int = 0
    ripe: int = 0
    returned: int = 0
    revenue: float = 0.0
    squares: float = 0.0
    promoters: int = 0
    detractors: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Chain:
    """A pain point with everything its worth follows from.

    subject   its key: stage|touchpoint|channel|persona|attribute=value|measure
    bad, n    contacts that went badly, of those it is known of; rest_bad, rest_n: everywhere else
    peers     bad shares of its peers (other touchpoints, or channels, stages, personas), sorted
    good, ill groups of its customers without and with a bad experience
    answered  customers of the whole selection who said whether they recommend
    reason    why it cannot be valued; None = it can
    one_in    of so many customers one was looked at to find it; 1 = all
    stands_for  for how many customers each of the groups stands; 1 = they are all
    against   what the rest is: see `friction.friction`
    """

    subject: str
    measure: str
    place: Text
    said: Text
    at: tuple[tuple[str, str], ...]
    customers: int
    bad: int = 0
    n: int = 0
    rest_bad: int = 0
    rest_n: int = 0
    peers: tuple[float, ...] = ()
    good: Group = Group()
    ill: Group = Group()
    answered: int = 0
    has_revenue: bool = False
    reason: Text | None = None
    one_in: int = 1
    stands_for: int = 1
    against: str = ELSEWHERE


def chains(store: Store, filters: Filters = Filters()) -> list[Chain]:
    """The pain points of a selection, the gravest first, with what their worth follows from."""
    points = pain_points(store, filters)
    return chained(store, [row for row in points.to_dict("records") if row["kind"] == "pain"], filters)


def chained(store: Store, pains: Sequence[Mapping[str, Any]], filters: Filters = Filters()) -> list[Chain]:
    """The same of some pain points of that selection. pains: rows of `friction.pain_points()`."""
    if not pains:
        return []
    minimum, of_all, seen = minimum_n(store), _of_all(store, filters), look(store, filters)
    return [_chain(store, row, filters, minimum, of_all, seen) for row in pains]


def at_touchpoint(store: Store, touchpoint: str, measure: str, filters: Filters = Filters(),
                  longer_than: float | None = None) -> Chain:
    """The same of any touchpoint (its key), pain point or not, to try out what moving it would do.

    measure      a key of WENT_BADLY: what counts as a bad contact
    longer_than  for waiting: seconds from which on a wait is bad
    Raises UnknownValue, QueryError.
    """
    if measure not in WENT_BADLY:
        raise UnknownValue(text("Measure"), measure, WENT_BADLY)
    if measure == "waiting" and (longer_than is None or longer_than < 0):
        raise QueryError(text("A wait is bad from a number of seconds on."))
    known = {name: (touchpoint if name == "touchpoint" else "")
             for name in ("stage", "touchpoint", "channel", "persona", "attribute", "attribute_value")}
    here = narrowed(known, filters)
    customers = int(store.value(
        "SELECT count(DISTINCT i.customer_key) FROM interactions i JOIN customers k ON k.customer_key = i.customer_key "
        f"WHERE NOT k.anonymous AND {here.interactions('i').sql}", here.interactions("i").params))
    name = store.value("SELECT label FROM touchpoints WHERE key = ?", [touchpoint])
    common = {"subject": f"|{touchpoint}|||", "measure": measure, "place": text("{place}", place=name or touchpoint),
              "said": text("{n}", n=customers), "at": (("touchpoint", touchpoint),), "customers": customers}
    limit = (float(longer_than or 0),) if measure == "waiting" else ()
    return _followed(store, common, known, here, filters, limit, minimum_n(store), _of_all(store, filters))


def _of_all(store: Store, filters: Filters) -> tuple[int, bool]:
    """How many customers said whether they recommend, and whether revenue is known at all."""
    where = filters.journeys("j")
    answered = store.value(f"SELECT count(j.last_nps) FROM journeys j WHERE {where.sql}", where.params)
    return int(answered), bool(present(store, ["revenue"]))


def worth(found: Sequence[Chain], gap: str = "rest", target: float | None = None) -> pd.DataFrame:
    """What closing the gap to a yardstick is worth, in the order given.

    gap     rest, quartile, or target (the share of bad contacts aimed at, 0–1)
    → subject, here, yardstick (shares of bad contacts), fewer (customers with a bad experience fewer, in the period),
      and of kept, nps, revenue each the value with _lower, _upper (95 %; null = unknown), reason (Text: why there is
      nothing, None), against (of the chain)
    Raises UnknownValue, QueryError.
    """
    if gap not in GAPS:
        raise UnknownValue(text("Gap"), gap, GAPS)
    if gap == "target" and (target is None or not 0 <= target <= 1):
        raise QueryError(text("A target is a share of bad contacts between 0% and 100%."))
    rows = [_worth(each, gap, target) for each in found]
    columns = ["subject", "here", "yardstick", "fewer", "fewer_lower", "fewer_upper",
               *(name + end for name in WORTH for end in ("", "_lower", "_upper"))]
    frame = pd.DataFrame(rows, columns=[*columns, "reason"])
    frame[columns[1:]] = frame[columns[1:]].astype(float)
    frame["reason"] = pd.Series([row.get("reason") for row in rows], dtype=object)
    frame["against"] = pd.Series([each.against for each in found], dtype=object)
    return frame


def note(store: Store, subject: str, what: str, value: str, author: str = "", why: str = "") -> None:
    """Say something of an opportunity: effort (1–5), owner, or a value of one's own for kept, nps or revenue (empty =
    take it back). Nothing is overwritten; the latest counts. Raises QueryError, UnknownValue."""
    if what not in NOTES:
        raise UnknownValue(text("Note"), what, NOTES)
    value, author, why = value.strip(), clean_name(author), why.strip()
    if value and what == "effort" and value not in [str(each) for each in EFFORTS]:
        raise QueryError(text("An effort lies between 1 and 5."))
    if value and what in WORTH and not _is_number(value):
        raise QueryError(text("A value is a number, not “{value}”.", value=value))
    if value and what in WORTH and not author:
        raise QueryError(text("Say who you are: a value of one's own stands with its author."))
    if max(len(value), len(author)) > 120 or len(why) > 1000:
        raise QueryError(text("The text is longer than {most} characters.", most=120 if len(why) <= 1000 else 1000))
    with store.write(derived=False) as cursor:
        cursor.execute("INSERT INTO opportunity_notes VALUES (?, ?, ?, ?, ?, ?)",
                       [dt.datetime.now(), author or None, subject, what, value or None, why or None])


def notes(store: Store) -> dict[str, dict[str, dict[str, Any]]]:
    """Subject → what → {value, author, why, at}: the latest that was said and not taken back."""
    rows = store.rows("SELECT subject, what, arg_max({'value': value, 'author': author, 'why': note, 'at': noted_at}, "
                      "(noted_at, rowid)) FROM opportunity_notes GROUP BY subject, what")
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for subject, what, said in rows:
        if said["value"] is not None:
            found.setdefault(subject, {})[what] = said
    return found


# --- what it follows from ---


def _chain(store: Store, row: Mapping[str, Any], filters: Filters, minimum: int, of_all: tuple[int, bool],
           seen: Seen) -> Chain:
    at = tuple((name, str(row[name])) for name in ("stage", "touchpoint", "channel", "persona") if row[name])
    keys = [str(row[name] or "") for name in ("stage", "touchpoint", "channel", "persona")]
    extra = f"{row['attribute']}={row['attribute_value']}" if row["attribute"] else ""
    measure = row["measure"]
    common: dict[str, Any] = {
        "subject": "|".join((*keys, extra, measure)), "measure": measure, "place": place(row), "said": row["text"],
        "at": at, "customers": int(row["customers"]), "one_in": int(row["one_in"]),
        "against": row["against"]}
    if measure == "drop_off":
        return Chain(**common, bad=round(row["value"] * row["n"]), n=int(row["n"]),
                     rest_bad=round(row["rest"] * row["rest_n"]), rest_n=int(row["rest_n"]))
    if measure not in _BAD:
        return Chain(**common, reason=text("What fixing this is worth cannot be told from what customers do later."))
    if row["against"] == OUTSIDE:
        seen = look(store, around(row, filters))
    one_in, every = seen.looked.one_in, seen.every
    contacts, bad = every.contacts(seen.at, measure, float(row["rest"]), one_in)
    here = _among(contacts, rows_of(store, seen, narrowed(row, filters), contacts))
    good, ill = (Group(*map(int, group[:3]), *map(float, group[3:5]), *map(int, group[5:]))
                 for group in every.after(contacts[here], bad[here], one_in, AGAIN_DAYS, AFTER_DAYS))
    return Chain(**common, bad=int(bad[here].sum()), n=int(here.sum()), rest_bad=int(bad[~here].sum()),
                 rest_n=int((~here).sum()), peers=every.shares(contacts, bad, _telling(row), minimum), good=good,
                 ill=ill, answered=of_all[0], has_revenue=of_all[1], stands_for=one_in)


def _among(places: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Which of the places (they rise) are among some of them."""
    found = np.zeros(len(places), dtype=np.bool_)
    found[np.searchsorted(places, some)] = True
    return found


def _telling(row: Mapping[str, Any]) -> str:
    """The most telling dimension of a place."""
    return next((each for each in ("touchpoint", "channel", "persona", "stage") if row[each]), "touchpoint")


def _followed(store: Store, common: Mapping[str, Any], row: Mapping[str, Any], here: Filters, filters: Filters,
              limit: tuple[float, ...], minimum: int, of_all: tuple[int, bool]) -> Chain:
    """The chain of the contacts that `here` selects among those of `filters`."""
    known, bad = _BAD[common["measure"]]
    where, around = here.interactions("i"), filters.interactions("i")
    inside = f"({where.sql}) IS TRUE"
    counts = store.rows(
        f"SELECT count(*) FILTER (WHERE {inside}), count(*) FILTER (WHERE {inside} AND {bad}), count(*), "
        f"count(*) FILTER (WHERE {bad}) FROM interactions i WHERE ({around.sql}) AND {known}",
        [*where.params, *where.params, *limit, *limit, *around.params])[0]
    groups = _groups(store, where, known, bad, limit)
    return Chain(**common, bad=int(counts[1]), n=int(counts[0]), rest_bad=int(counts[3] - counts[1]),
                 rest_n=int(counts[2] - counts[0]), peers=_peers(store, row, filters, known, bad, limit, minimum),
                 good=groups[False], ill=groups[True], answered=of_all[0], has_revenue=of_all[1])


def _groups(store: Store, where: Clause, known: str, bad: str, limit: tuple[float, ...]) -> dict[bool, Group]:
    rows = store.rows(f"""
        WITH there AS (
            SELECT i.customer_key, coalesce(min(CASE WHEN {bad} THEN i.occurred_at END), min(i.occurred_at)) AS at,
                coalesce(bool_or({bad}), FALSE) AS bad
            FROM interactions i JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous
            WHERE ({where.sql}) AND {known} AND i.occurred_at IS NOT NULL GROUP BY i.customer_key),
        later AS (
            SELECT t.customer_key,
                count(CASE WHEN i.occurred_at > t.at + INTERVAL {AGAIN_DAYS} DAY THEN 1 END) > 0 AS returned,
                coalesce(sum(CAST(i.revenue AS DOUBLE)), 0) AS revenue
            FROM there t JOIN interactions i ON i.customer_key = t.customer_key
                AND i.occurred_at > t.at AND i.occurred_at <= t.at + INTERVAL {AFTER_DAYS} DAY
            GROUP BY t.customer_key),
        each AS (
            SELECT t.bad, t.at + INTERVAL {AFTER_DAYS} DAY <= (SELECT max(occurred_at) FROM interactions) AS ripe,
                coalesce(l.returned, FALSE) AS returned, coalesce(l.revenue, 0) AS revenue, j.last_nps
            FROM there t LEFT JOIN later l ON l.customer_key = t.customer_key
            LEFT JOIN journeys j ON j.customer_key = t.customer_key)
        SELECT bad, count(*), count(*) FILTER (WHERE ripe), count(*) FILTER (WHERE ripe AND returned),
            coalesce(sum(revenue) FILTER (WHERE ripe), 0), coalesce(sum(revenue * revenue) FILTER (WHERE ripe), 0),
            count(*) FILTER (WHERE last_nps >= {PROMOTER_FROM}), count(*) FILTER (WHERE last_nps <= {DETRACTOR_TO}),
            count(last_nps) FROM each GROUP BY bad""", [*limit, *limit, *where.params])
    found = {bool(row[0]): Group(*row[1:]) for row in rows}
    return {each: found.get(each, Group()) for each in (False, True)}


def _peers(store: Store, row: Mapping[str, Any], filters: Filters, known: str, bad: str, limit: tuple[float, ...],
           minimum: int) -> tuple[float, ...]:
    """Bad shares of the other values of the most telling dimension of the place."""
    by = dimension(store, _telling(row))
    value, join, where = by.value("i"), by.join("i"), filters.interactions("i")
    rows = store.rows(
        f"SELECT count(*) FILTER (WHERE {bad}) / count(*) FROM interactions i {join.sql} WHERE ({where.sql}) "
        f"AND {known} AND {value.sql} IS NOT NULL GROUP BY {value.sql} HAVING count(*) >= ?",
        [*limit, *join.params, *where.params, *value.params, *value.params, minimum])
    return tuple(sorted(float(each) for each, in rows))


# --- what it is worth ---


def _worth(each: Chain, gap: str, target: float | None) -> dict[str, Any]:
    if each.reason is not None or not each.n:
        return {"subject": each.subject, "reason": each.reason or text("Nobody has said how it went there.")}
    rng = np.random.default_rng(0)
    here = _share(rng, each.bad, each.n)
    aim = _aim(rng, each, gap, target)
    if aim is None:
        return {"subject": each.subject, "here": each.bad / each.n,
                "reason": text("There are too few places to tell the best quarter from.") if gap == "quartile" else
                text("There is nothing else to compare with.")}
    found: dict[str, Any] = {"subject": each.subject, "here": each.bad / each.n, "yardstick": float(aim[0])}
    if found["yardstick"] >= found["here"]:
        return {**found, "fewer": 0.0, "reason": text("It is as good as that already.")}
    if each.measure == "drop_off":
        kept = each.customers * np.maximum(here - aim, 0)
        return {**found, **_told("fewer", kept), **_told("kept", kept), "reason": None}
    fewer = _many(rng, each) * np.clip(1 - aim / np.maximum(here, 1e-9), 0, 1)
    found |= _told("fewer", fewer)
    few = min(each.good.ripe, each.ill.ripe) < _FEWEST
    if not few:
        back = _share(rng, each.good.returned, each.good.ripe) - _share(rng, each.ill.returned, each.ill.ripe)
        found |= _told("kept", fewer * back)
        if each.has_revenue:
            spent = _mean(rng, each.good) - _mean(rng, each.ill)
            found |= _told("revenue", fewer * spent)
    if min(each.good.answered, each.ill.answered) >= _FEWEST and each.answered:
        swing = _net(rng, each.good) - _net(rng, each.ill)
        found |= _told("nps", fewer * (each.ill.answered / each.ill.customers) / each.answered * swing)
    return {**found, "reason": text("Too few customers there have been followed for {days} days.", days=AFTER_DAYS)
            if few else None}


def _many(rng: np.random.Generator, each: Chain) -> np.ndarray | int:
    """Customers with a bad experience; of a sample, as many as they stand for, and draws of how many that may be."""
    n, of = each.ill.customers, each.stands_for
    return n if of == 1 else of * np.maximum(_drawn(rng, n, math.sqrt(n * (1 - 1 / of))), 0)


def _aim(rng: np.random.Generator, each: Chain, gap: str, target: float | None) -> np.ndarray | None:
    if gap == "target":
        return np.full(_DRAWS + 1, target)
    if gap == "quartile":
        return np.full(_DRAWS + 1, float(np.quantile(each.peers, 0.25))) if len(each.peers) >= 4 else None
    return _share(rng, each.rest_bad, each.rest_n) if each.rest_n else None


def _share(rng: np.random.Generator, hits: int, n: int) -> np.ndarray:
    """The share, then draws of what it may truly be (Agresti & Coull 1998)."""
    smoothed = (hits + 2) / (n + 4)
    return _drawn(rng, hits / n, math.sqrt(smoothed * (1 - smoothed) / (n + 4)))


def _mean(rng: np.random.Generator, group: Group) -> np.ndarray:
    n, value = group.ripe, group.revenue / group.ripe
    return _drawn(rng, value, math.sqrt(max(group.squares / n - value**2, 0) / (n - 1)))


def _net(rng: np.random.Generator, group: Group) -> np.ndarray:
    n = group.answered
    up, down = (group.promoters + 0.75) / (n + 3), (group.detractors + 0.75) / (n + 3)
    error = math.sqrt((up + down - (up - down)**2) / (n + 3))
    return 100 * _drawn(rng, (group.promoters - group.detractors) / n, error)


def _drawn(rng: np.random.Generator, value: float, error: float) -> np.ndarray:
    return np.concatenate([[value], value + error * rng.standard_normal(_DRAWS)])


def _told(name: str, draws: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(draws[1:], [0.025, 0.975])
    value = float(draws[0])
    return {name: value, f"{name}_lower": min(float(low), value), f"{name}_upper": max(float(high), value)}


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def cell_of(subject: str) -> str:
    """The cell of `friction.pain_points` that a subject is about; by that page's usual breakdown where it has none."""
    *places, extra, _ = subject.split("|")
    return "|".join((*places, *(extra.split("=", 1) if extra else ("", ""))))


def kpi_of_measure(measure: str) -> str:
    """The KPI an action at a pain point of this measure is judged by."""
    return MEASURES[measure].kpi or ("conversion" if measure == "drop_off" else "csat")
