"""What happened where, to whom, as arrays: the rows that pain points and moments of delight are looked for in.

What follows from all interactions (what came after each, for one) is worked out once for each version of the data; a
selection only chooses among the rows, which are held, some 65 bytes each. Of very many those of a sample of the
customers are held (cx.metrics.sampling), and what is counted of all is scaled up by `one_in`; what few have answered is
read of everybody. A selection of which the sample holds too few customers is read for itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.filters import Clause, Filters
from cx.metrics import repeat, sampling
from cx.metrics.dimension import Dimension, with_labels
from cx.metrics.friction_every import ByTouchpoint, Every, Parts
from cx.metrics.friction_later import Ints, floats
from cx.metrics.friction_measures import PLACES, Rows
from cx.metrics.narrow import few_bytes
from cx.metrics.sampling import one_in, sampled
from cx.metrics.stats import Floats
from cx.scales import satisfied_sql
from cx.store import Store


def rows(store: Store, filters: Filters, by: Dimension | Filters | None) -> Rows:
    """What is known of the chosen interactions; what followed is read off the customers' whole journeys.

    by  what "part" tells apart: a dimension, or a selection among the chosen ones (code 0) from all others (-1)
    """
    seen = look(store, filters)
    return seen.every.chosen(seen.at, _parts(store, seen, by), seen.looked.one_in)


@dataclass(frozen=True)
class Seen:
    """What is looked at for a selection: where its rows stand among those held."""

    every: Every
    looked: Looked
    at: Ints


def look(store: Store, filters: Filters) -> Seen:
    """Where the chosen rows stand: among those held for every selection, or where too few of its customers are among
    these, among rows read for it alone."""
    looked = _held(store)
    every = _every(store, looked)
    at = narrowed(store, Seen(every, looked, _NONE), filters)
    if looked.one_in == 1:
        return Seen(every, looked, at)
    many, customers = (each * looked.one_in for each in every.size_of(at))
    if filters == Filters():
        many, customers = sampling.everything(store)
    elif customers < sampling.ENOUGH * looked.one_in:
        looked = _looked(store, filters)
        apart = Seen(_every(store, looked), looked, _NONE)
        return replace(apart, at=narrowed(store, apart, filters))
    looked = replace(looked, one_in=max(looked.one_in, one_in(many, customers, most=sampling.SAMPLE)))
    return Seen(every, looked, at)


def narrowed(store: Store, seen: Seen, filters: Filters, among: Ints | None = None) -> Ints:
    """Where the rows of another selection stand among the same; only those at some places, where these are given."""
    every, looked = seen.every, seen.looked
    if type(filters) is Filters and not filters.attributes:
        return every.at(filters, among)
    where = filters.interactions("i")
    ids = store.frame(f"SELECT i.interaction_id FROM interactions i WHERE ({where.sql}) "
                      f"AND ({sampled(looked.one_in)}{looked.or_answered})", where.params)
    found = every.places_of(ids["interaction_id"].to_numpy(dtype=np.int64))
    return found if among is None else found[np.isin(found, among)]


@dataclass(frozen=True)
class Beside:
    """The rows of a wider selection by touchpoint, and which of them a narrower one holds. names: rows without any, but
    with the names of what there is."""

    touchpoints: ByTouchpoint
    inside: NDArray[np.bool_]
    names: Rows
    seen: Seen
    parts: Parts

    def rows(self, touchpoints: Ints) -> Rows:
        """The same as `rows` of the wider selection, at some touchpoints (codes)."""
        every = self.seen.every
        return every.chosen(every.of_touchpoints(self.seen.at, touchpoints), self.parts, self.seen.looked.one_in)


def beside(store: Store, wider: Filters, filters: Filters) -> Beside:
    """A selection by persona or channel among the rows of a wider one."""
    seen = look(store, wider)
    parts, one_in = _parts(store, seen, filters), seen.looked.one_in
    assert parts is not None
    held = store.memo(("touchpoints of friction", wider, seen.every.token, one_in),
                      lambda: seen.every.by_touchpoint(seen.at, one_in))
    return Beside(held, parts[0] >= 0, seen.every.chosen(_NONE, parts, one_in), seen, parts)


def arranged(frame: pd.DataFrame, places: Mapping[str, Ints], names: Mapping[str, tuple[list[str], list[str]]],
             position: Floats) -> Rows:
    """The chosen rows of a frame by customer and time (undated ones of a customer last).

    frame     customer_key, anonymous, chosen, moment (microseconds), nps, satisfied, emotion, wait_seconds, delay_days,
              complaint, revenue, followed
    position  of each row's stage in the journey, NaN = no stage; places, names: see Rows
    """
    nobody: Parts = np.full(len(frame), -1, dtype=np.int64), ([], [])
    every = Every(frame.assign(interaction_id=0, upload_id=0), {name: places[name] for name in PLACES}, names, nobody,
                  position)
    chosen = np.flatnonzero(frame["chosen"].fillna(False).to_numpy(dtype=bool))
    return every.chosen(chosen, (places["part"], names["part"]))


# --- all interactions ---

_NONE = np.empty(0, dtype=np.int64)
_ORDER = "ORDER BY i.customer_key, i.occurred_at NULLS LAST, i.interaction_id"


_ANSWERS = {"nps": "i.nps", "csat": "i.csat", "emotion": "i.emotion", "waiting": "i.wait_seconds",
            "delay": "i.delay_days"}
"""Measures that a row tells by itself → the column. Not complaints: where only they are marked, other rows are none."""


@dataclass(frozen=True)
class Looked:
    """Whose rows are read.

    one_in  of so many of the selection's customers one is judged
    among   the condition on interactions i that their customers are read whole
    of_all  measures whose answers are read of everybody: they are few
    """

    one_in: int
    among: Clause
    of_all: frozenset[str]

    @property
    def or_answered(self) -> str:
        return "".join(f" OR {_ANSWERS[key]} IS NOT NULL" for key in _ANSWERS if key in self.of_all)

    @property
    def read(self) -> str:
        """What is read, whoever of it is judged."""
        return repr((self.among, sorted(self.of_all)))


def _held(store: Store) -> Looked:
    """The customers whose rows are held for every selection: all, or a sample of as many as may be held."""
    of_all = sampling.held_one_in(*sampling.everything(store))
    return Looked(of_all, Clause(sampled(of_all)), frozenset() if of_all == 1 else _few(store))


def _few(store: Store) -> frozenset[str]:
    """Measures that so few rows tell that all of them are read."""
    answers = ", ".join(f"count({column})" for column in _ANSWERS.values())
    [(complaints, *counts)] = store.kept(f"SELECT count(i.is_complaint), {answers} FROM interactions i")
    fewest_first = sorted(zip(counts, _ANSWERS, strict=True))
    room = itertools.accumulate(count for count, _ in fewest_first)
    return frozenset([key for (_, key), rows in zip(fewest_first, room, strict=True) if rows <= sampling.SAMPLE]
                     + (["complaint"] if not complaints else []))


def _looked(store: Store, filters: Filters) -> Looked:
    """The customers of a selection, of many a sample, and the sample of all that teaches the order of touchpoints."""
    of_all, few = one_in(*sampling.everything(store)), _few(store)
    where = filters.interactions("i")
    theirs = f"i.customer_key IN (SELECT i.customer_key FROM interactions i WHERE {where.sql})"
    mine = store.memo(("customers looked at", repr(filters)), lambda: one_in(
        *_journeys(store, where), most=sampling.SAMPLE))  # read for this selection alone, beside the sample of all
    if mine >= of_all:
        return Looked(of_all, Clause(sampled(of_all)), few)
    return Looked(mine, Clause(f"(({sampled(of_all)}) OR (({sampled(mine)}) AND {theirs}))", where.params),
                   few if mine > 1 else frozenset())


def _journeys(store: Store, where: Clause) -> tuple[int, int]:
    """About how many interactions the customers of a selection have in all, and how many they are."""
    [(rows, customers)] = store.rows("SELECT count(*), count(DISTINCT i.customer_key) FROM interactions i "
                                     f"WHERE {where.sql}", where.params)
    all_rows, everybody = sampling.everything(store)
    return max(int(rows), all_rows * int(customers) // max(everybody, 1)), int(customers)


def _every(store: Store, looked: Looked) -> Every:
    def asked() -> Every:
        among = looked.among
        again = repeat.followed(store, among=among)
        frame = store.frame(
            f"""SELECT i.interaction_id, i.customer_key, k.anonymous, k.persona_id, i.stage_id, i.touchpoint_id,
                i.channel_id, i.upload_id, epoch_us(i.occurred_at) AS moment, i.nps,
                CASE WHEN i.csat IS NOT NULL AND i.csat_max IS NOT NULL
                    THEN CAST({satisfied_sql('i.csat', 'i.csat_max')} AS TINYINT) END AS satisfied,
                CASE WHEN i.emotion_source <> 'complaint' THEN i.emotion END AS emotion, i.emotion AS felt,
                i.wait_seconds, i.delay_days,
                CASE WHEN i.is_complaint THEN 1 WHEN NOT i.is_complaint THEN 0 END AS complaint,
                CAST(i.revenue AS DOUBLE) AS revenue, {'r.followed' if again else 'NULL'} AS followed,
                ({among.sql}) AS whole
            FROM interactions i JOIN customers k ON k.customer_key = i.customer_key
            {f'LEFT JOIN ({again.sql}) r ON r.interaction_id = i.interaction_id' if again else ''}
            WHERE ({among.sql}){looked.or_answered} {_ORDER}""",
            (*among.params, *(again.params if again else ()), *among.params))
        every = {name: _codes(frame[f"{name}_id"]) for name in (*PLACES, "persona")}
        names = {name: _named(store, values, Dimension(name)) for name, (_, values) in every.items()}
        position = dict(store.rows("SELECT stage_id, position FROM stages"))
        return Every(frame, {name: every[name][0] for name in PLACES}, {name: names[name] for name in PLACES},
                     (every["persona"][0], names["persona"]), floats(frame["stage_id"].map(position)), looked.of_all)

    return store.memo(("rows of friction", looked.read), asked)


def _parts(store: Store, seen: Seen, by: Dimension | Filters | None) -> Parts | None:
    """Codes and names of a further dimension or of a selection, for every row of `seen.every`."""
    every, looked = seen.every, seen.looked
    if by is None:
        return None
    if isinstance(by, Filters):
        inside = np.full(every.size, -1, dtype=np.int64)
        inside[narrowed(store, seen, by)] = 0
        return few_bytes(inside), ([""], [""])
    if by == Dimension("persona"):
        return every.persona

    def asked() -> Parts:
        part, join = by.value("i"), by.join("i")
        frame = store.frame(
            f"""SELECT i.interaction_id, {part.sql} AS part FROM interactions i
            JOIN customers k ON k.customer_key = i.customer_key {join.sql}
            WHERE ({looked.among.sql}){looked.or_answered} {_ORDER}""",
            [*part.params, *join.params, *looked.among.params])
        codes, values = _codes(frame["part"])
        codes = every.in_order(frame["interaction_id"].to_numpy(dtype=np.int64), codes)
        return few_bytes(codes), _named(store, values, by)

    return store.memo(("part of friction", by, every.token), asked)


def _codes(values: pd.Series) -> tuple[Ints, list[object]]:
    codes, known = pd.factorize(values)
    return codes.astype(np.int64), list(known)


def _named(store: Store, values: list[object], of: Dimension) -> tuple[list[str], list[str]]:
    frame = with_labels(store, pd.DataFrame({"value": pd.Series(values, dtype=object)}), of)
    return frame["key"].tolist(), frame["label"].tolist()
