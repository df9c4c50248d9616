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
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.filters import DIMENSIONS, Clause, Filters
from cx.language import Text, text
from cx.metrics import repeat, sampling
from cx.metrics.dimension import Dimension, with_labels
from cx.metrics.kpi_registry import CONVERSION_DAYS, MINIMUM_N
from cx.metrics.sampling import are_sampled, one_in, sampled
from cx.metrics.stats import Floats
from cx.scales import DETRACTOR_TO, PROMOTER_FROM, satisfied_sql
from cx.store import Store

Ints = NDArray[np.int64]
PLACES = ("stage", "touchpoint", "channel")
LATER_DAYS = 90
AFTERWARDS = 0.75
"""From this share of customers on, one touchpoint is said to come after another."""
_LEARN_FROM = 20_000  # customers, about
_MOST_ORDERED = 60  # touchpoints
_DAY = 86_400_000_000  # microseconds
_EPOCH = 719_163  # the ordinal of 1 January 1970
_MISSING = -128


@dataclass(frozen=True)
class Measure:
    """What can go wrong, or well, somewhere.

    direction  +1 higher is better, -1 lower is better
    unit       points (−100…100), share (0–1) or seconds
    felt       what customers say or feel: only that can be a moment of delight
    kpi        the KPI that counts the same, None = there is none
    at_touchpoint  compared with the same touchpoint elsewhere only, since it depends on where in the journey one stands
    """

    name: Text
    unit: Literal["points", "share", "seconds"]
    direction: Literal[-1, 1]
    kpi: str | None
    needs: Text
    felt: bool = False
    at_touchpoint: bool = False


MEASURES: Mapping[str, Measure] = {
    "nps": Measure(text("NPS"), "points", 1, "nps", text("Recommendation (0–10)"), felt=True),
    "csat": Measure(text("Satisfied"), "share", 1, "csat", text("Satisfaction"), felt=True),
    "emotion": Measure(text("Net emotion"), "points", 1, "net_emotion", text("Emotion"), felt=True),
    "drop_off": Measure(text("Do not go on"), "share", -1, None, text("Stage"), at_touchpoint=True),
    "complaint": Measure(text("Complain"), "share", -1, "complaints_per_1000", text("Complaint")),
    "waiting": Measure(text("Waiting time"), "seconds", -1, "waiting_time", text("Waiting time")),
    "delay": Measure(text("Late"), "share", -1, "late_share", text("Delay in days")),
    "repeat": Measure(text("Have to come back"), "share", -1, None, text("Touchpoint")),
}
"""Key → measure, in the order in which screens list them."""


@dataclass(frozen=True)
class Rows:
    """The chosen interactions, by customer and time.

    customer  code of the customer (0…), each anonymous respondent one of his own
    places    stage, touchpoint, channel and, with a further dimension, "part": codes, -1 = missing
    names     the same → key and label of each code
    day       days since 1970, NaN = undated
    values    key of a measure → what each row says of it (NaN = nothing), in its unit
    spent     revenue of each row, NaN = none
    later     revenue of the customer within LATER_DAYS after the first time he was in the row's finest cell, NaN on
              other rows and where those days have not passed
    revenue   known of the workspace at all
    one_in    of so many customers one was looked at, by chance; 1 = all
    whole     the rows of customers of whom everything is known; None = all. Others hold answers to `of_all` alone
    of_all    measures known of everybody, whoever was left out
    """

    customer: Ints
    places: Mapping[str, Ints]
    names: Mapping[str, tuple[list[str], list[str]]]
    day: Floats
    values: Mapping[str, Floats]
    later: Floats
    spent: Floats
    revenue: bool
    one_in: int = 1
    whole: NDArray[np.bool_] | None = None
    of_all: frozenset[str] = frozenset()

    def factor(self, measure: str) -> int:
        """For how many customers one stands who answered."""
        return 1 if measure in self.of_all else self.one_in


def rows(store: Store, filters: Filters, by: Dimension | None) -> Rows:
    """What is known of the chosen interactions; what followed is read off the customers' whole journeys."""
    looked = _held(store)
    every = _every(store, looked)
    at = _at(store, every, filters, looked)
    if looked.one_in > 1:
        many, customers = (each * looked.one_in for each in every.size_of(at))
        if filters == Filters():
            many, customers = sampling.everything(store)
        elif customers < sampling.ENOUGH * looked.one_in:
            return _apart(store, filters, by)
        looked = replace(looked, one_in=max(looked.one_in, one_in(many, customers, most=sampling.SAMPLE)))
    return every.chosen(at, _parts(store, every, by, looked), looked.one_in)


def _apart(store: Store, filters: Filters, by: Dimension | None) -> Rows:
    """The rows of a selection that are read for it alone."""
    looked = _looked(store, filters)
    every = _every(store, looked)
    parts = _parts(store, every, by, looked)
    return every.chosen(_at(store, every, filters, looked), parts, looked.one_in)


def _at(store: Store, every: _Every, filters: Filters, looked: _Looked) -> Ints:
    """Where the chosen rows stand among those held."""
    if type(filters) is Filters and not filters.attributes:
        return every.at(filters)
    where = filters.interactions("i")
    ids = store.frame(f"SELECT i.interaction_id FROM interactions i WHERE ({where.sql}) "
                      f"AND ({sampled(looked.one_in)}{looked.or_answered})", where.params)
    return every.places_of(ids["interaction_id"].to_numpy(dtype=np.int64))


def arranged(frame: pd.DataFrame, places: Mapping[str, Ints], names: Mapping[str, tuple[list[str], list[str]]],
             position: Floats) -> Rows:
    """The chosen rows of a frame by customer and time (undated ones of a customer last).

    frame     customer_key, anonymous, chosen, moment (microseconds), nps, satisfied, emotion, wait_seconds, delay_days,
              complaint, revenue, followed
    position  of each row's stage in the journey, NaN = no stage; places, names: see Rows
    """
    nobody: _Parts = np.full(len(frame), -1, dtype=np.int64), ([], [])
    every = _Every(frame.assign(interaction_id=0), {name: places[name] for name in PLACES}, names, nobody, position)
    chosen = np.flatnonzero(frame["chosen"].fillna(False).to_numpy(dtype=bool))
    return every.chosen(chosen, (places["part"], names["part"]))


# --- all interactions ---

_Parts = tuple[Ints, tuple[list[str], list[str]]]
_ORDER = "ORDER BY i.customer_key, i.occurred_at NULLS LAST, i.interaction_id"


_ANSWERS = {"nps": "i.nps", "csat": "i.csat", "emotion": "i.emotion", "waiting": "i.wait_seconds",
            "delay": "i.delay_days"}
"""Measures that a row tells by itself → the column. Not complaints: where only they are marked, other rows are none."""


@dataclass(frozen=True)
class _Looked:
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


def _held(store: Store) -> _Looked:
    """The customers whose rows are held for every selection: all, or a sample of as many as may be held."""
    of_all = sampling.held_one_in(*sampling.everything(store))
    return _Looked(of_all, Clause(sampled(of_all)), frozenset() if of_all == 1 else _few(store))


def _few(store: Store) -> frozenset[str]:
    """Measures that so few rows tell that all of them are read."""
    answers = ", ".join(f"count({column})" for column in _ANSWERS.values())
    [(complaints, *counts)] = store.kept(f"SELECT count(i.is_complaint), {answers} FROM interactions i")
    fewest_first = sorted(zip(counts, _ANSWERS, strict=True))
    room = itertools.accumulate(count for count, _ in fewest_first)
    return frozenset([key for (_, key), rows in zip(fewest_first, room, strict=True) if rows <= sampling.SAMPLE]
                     + (["complaint"] if not complaints else []))


def _looked(store: Store, filters: Filters) -> _Looked:
    """The customers of a selection, of many a sample, and the sample of all that teaches the order of touchpoints."""
    of_all, few = one_in(*sampling.everything(store)), _few(store)
    where = filters.interactions("i")
    theirs = f"i.customer_key IN (SELECT i.customer_key FROM interactions i WHERE {where.sql})"
    mine = store.memo(("customers looked at", repr(filters)), lambda: one_in(
        *_journeys(store, where), most=sampling.SAMPLE))  # read for this selection alone, beside the sample of all
    if mine >= of_all:
        return _Looked(of_all, Clause(sampled(of_all)), few)
    return _Looked(mine, Clause(f"(({sampled(of_all)}) OR (({sampled(mine)}) AND {theirs}))", where.params),
                   few if mine > 1 else frozenset())


def _journeys(store: Store, where: Clause) -> tuple[int, int]:
    """About how many interactions the customers of a selection have in all, and how many they are."""
    [(rows, customers)] = store.rows("SELECT count(*), count(DISTINCT i.customer_key) FROM interactions i "
                                     f"WHERE {where.sql}", where.params)
    all_rows, everybody = sampling.everything(store)
    return max(int(rows), all_rows * int(customers) // max(everybody, 1)), int(customers)


def _every(store: Store, looked: _Looked) -> _Every:
    def asked() -> _Every:
        among = looked.among
        again = repeat.followed(store, among=among)
        frame = store.frame(
            f"""SELECT i.interaction_id, i.customer_key, k.anonymous, k.persona_id, i.stage_id, i.touchpoint_id,
                i.channel_id, epoch_us(i.occurred_at) AS moment, i.nps,
                CASE WHEN i.csat IS NOT NULL AND i.csat_max IS NOT NULL
                    THEN CAST({satisfied_sql('i.csat', 'i.csat_max')} AS TINYINT) END AS satisfied,
                CASE WHEN i.emotion_source <> 'complaint' THEN i.emotion END AS emotion, i.wait_seconds, i.delay_days,
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
        return _Every(frame, {name: every[name][0] for name in PLACES}, {name: names[name] for name in PLACES},
                      (every["persona"][0], names["persona"]), _floats(frame["stage_id"].map(position)), looked.of_all)

    return store.memo(("rows of friction", looked.read), asked)


def _parts(store: Store, every: _Every, by: Dimension | None, looked: _Looked) -> _Parts | None:
    """Codes and names of a further dimension, for every row of `every`."""
    if by is None:
        return None
    if by == Dimension("persona"):
        return every.persona

    def asked() -> _Parts:
        part, join = by.value("i"), by.join("i")
        frame = store.frame(
            f"""SELECT i.interaction_id, {part.sql} AS part FROM interactions i
            JOIN customers k ON k.customer_key = i.customer_key {join.sql}
            WHERE ({looked.among.sql}){looked.or_answered} {_ORDER}""",
            [*part.params, *join.params, *looked.among.params])
        codes, values = _codes(frame["part"])
        codes = every.in_order(frame["interaction_id"].to_numpy(dtype=np.int64), codes)
        return _few_bytes(codes), _named(store, values, by)

    return store.memo(("part of friction", by, every.token), asked)


class _Every:
    """All interactions by customer and time (undated ones of a customer last), with what followed each. Narrow numbers,
    since they are held: see `_narrow`."""

    def __init__(self, frame: pd.DataFrame, places: Mapping[str, Ints],
                 names: Mapping[str, tuple[list[str], list[str]]], persona: _Parts, position: Floats,
                 of_all: frozenset[str] = frozenset()) -> None:
        self.token = object()  # tells these rows from those read at another time
        self._of_all = of_all
        self._whole = frame["whole"].to_numpy(dtype=bool) if of_all else None
        if self._whole is not None:  # of the rest only answers are known, not what came before and after
            frame = frame.assign(anonymous=frame["anonymous"].to_numpy(dtype=bool) | ~self._whole)
        later, revenue = _Later(frame, places["touchpoint"], position), _floats(frame["revenue"])
        ids = frame["interaction_id"].to_numpy(dtype=np.int64)
        self._in_order = np.argsort(ids, kind="stable").astype(np.int32)
        self._ids, self._names = ids[self._in_order], names
        self._moment, self._known = later.moment, later.known
        codes, keys = pd.factorize(frame["customer_key"].to_numpy())
        self._customer, self._keys = codes.astype(np.int32), keys.astype(np.int64)
        self._places = {name: _few_bytes(codes) for name, codes in places.items()}
        self.persona: _Parts = _few_bytes(persona[0]), persona[1]
        values = {
            "nps": _floats(frame["nps"]), "csat": _floats(frame["satisfied"]), "emotion": _floats(frame["emotion"]),
            "drop_off": later.stayed_behind(), "complaint": _complaints(_floats(frame["complaint"])),
            "waiting": _floats(frame["wait_seconds"]), "delay": _floats(frame["delay_days"]),
            "repeat": _floats(frame["followed"]), "spent": revenue, "later": later.revenue(revenue)}
        if self._whole is not None:
            values = {key: value if key in of_all else np.where(self._whole, value, np.nan)
                      for key, value in values.items()}
        self._values = {key: _narrow(value) for key, value in values.items()}
        self._revenue = bool((~np.isnan(revenue)).any())
        self.nbytes = sum(each.nbytes for each in (
            self._in_order, self._ids, self._moment, self._known, self._customer, self._keys, self.persona[0],
            *self._places.values(), *self._values.values()))

    def at(self, filters: Filters) -> Ints:
        """Places of the rows that a selection without attributes chooses, in order."""
        found: Ints | None = None  # None = all
        for name in DIMENSIONS:
            wanted = getattr(filters, name)
            if wanted:
                codes, (keys, _) = self.persona if name == "persona" else (self._places[name], self._names[name])
                there = np.array([key in wanted for key in keys] + [False])  # the last: none is known
                found = (np.flatnonzero(there[codes]) if found is None else found[there[codes[found]]])
        for day, before in ((filters.start, False), (filters.end, True)):
            if day is not None:
                edge = (day.toordinal() - _EPOCH + before) * _DAY
                moment = self._moment if found is None else self._moment[found]
                inside = moment < edge if before else moment >= edge
                found = np.flatnonzero(inside) if found is None else found[inside]
        return np.arange(len(self._moment)) if found is None else found

    def size_of(self, at: Ints) -> tuple[int, int]:
        """How many rows these are of customers who are known whole, and of how many customers."""
        customer = self._customer[at] if self._whole is None else self._customer[at[self._whole[at]]]
        return len(customer), int(np.count_nonzero(np.diff(customer, prepend=-1)))

    def places_of(self, ids: Ints) -> Ints:
        """Places of the rows of these interactions, in order; those that came meanwhile are left out."""
        if not len(self._ids):
            return np.empty(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.sort(self._in_order[at[self._ids[at] == ids]]).astype(np.int64)

    def in_order(self, ids: Ints, codes: Ints) -> Ints:
        """Codes of these interactions, one for each row here: -1 where there is none, those that came later are left
        out."""
        if len(ids) == len(self._ids) and np.array_equal(ids[self._in_order], self._ids):
            return codes
        of_id = pd.Series(codes, index=ids).reindex(self._ids, fill_value=-1).to_numpy()
        found = np.empty(len(self._ids), dtype=np.int64)
        found[self._in_order] = of_id
        return found

    def chosen(self, at: Ints, parts: _Parts | None, one_in: int = 1) -> Rows:
        """The rows at these places, of one customer in so many; but answers of all where these are known. parts: codes
        and names of a further dimension, for every row; one_in: see Rows."""
        whole = None if self._whole is None else self._whole[at]
        if one_in > 1:
            judged = are_sampled(one_in, self._keys)[self._customer[at]]
            if whole is not None:
                judged &= whole
            if not judged.all() and self._of_all:
                answered = np.logical_or.reduce([_is_known(self._values[key][at]) for key in sorted(self._of_all)])
                at, whole = at[judged | answered], judged[judged | answered]
            else:
                at, whole = at[judged], None if whole is None else whole[judged]
        places = {name: codes[at].astype(np.int64) for name, codes in self._places.items()}
        codes, part_names = parts or (np.full(len(self._customer), -1, dtype=np.int8), ([], []))
        places["part"] = codes[at].astype(np.int64)
        customer = self._customer[at].astype(np.int64)
        value = {key: _wide(numbers[at]) for key, numbers in self._values.items()}
        if whole is not None:
            for key in [key for key in value if key not in self._of_all]:
                value[key] = np.where(whole, value[key], np.nan)
        first = _firsts(np.where(self._known[at], customer, -1), places)
        value |= {"nps": _net(value["nps"], DETRACTOR_TO, PROMOTER_FROM), "emotion": 100 * value["emotion"],
                  "delay": _late(value["delay"]), "drop_off": np.where(first, value["drop_off"], np.nan),
                  "later": np.where(first, value["later"], np.nan)}
        return Rows(customer, places, {**self._names, "part": part_names}, self._moment[at] / _DAY,
                    {key: value[key] for key in MEASURES}, value["later"], value["spent"], self._revenue,
                    one_in, whole, self._of_all)


class _Later:
    """What customers did after each interaction; the frame is by customer and time, undated rows of a customer last."""

    def __init__(self, frame: pd.DataFrame, touchpoint: Ints, position: Floats) -> None:
        self.moment = _floats(frame["moment"])
        self._dated = ~np.isnan(self.moment)
        self._customer = frame["customer_key"].to_numpy(dtype=np.int64)
        self.known = self._dated & ~frame["anonymous"].to_numpy(dtype=bool)
        self._end = float(np.nanmax(self.moment)) if self._dated.any() else np.nan
        self._position = position
        self._touchpoint = touchpoint

    def stayed_behind(self) -> Floats:
        """1 where a customer came to no later step within CONVERSION_DAYS, else 0; NaN where no step is later and where
        those days have not passed. Later: a later stage, or a touchpoint of the same stage that comes afterwards
        (`_afterwards`)."""
        size = len(self.moment)
        result = np.full(size, np.nan)
        ripe = self.known & (self.moment + CONVERSION_DAYS * _DAY <= self._end)
        stages = self._position[self._dated & ~np.isnan(self._position)]
        stage_last = stages.max() if len(stages) else np.nan
        afterwards = self._afterwards()
        ahead_of_stage: dict[float, Ints] = {}
        for (touchpoint, stage), at in _groups(ripe, self._touchpoint, self._position):
            after = afterwards.get(touchpoint, [])
            if stage == stage_last and not after:
                continue
            if after or stage not in ahead_of_stage:
                ahead = self._dated & ((self._position > stage) | np.isin(self._touchpoint, after))
                following = np.minimum.accumulate(np.where(ahead, np.arange(size), size)[::-1])[::-1]
                ahead_of_stage |= {} if after else {stage: following}
            then = (following if after else ahead_of_stage[stage])[at]
            there = np.minimum(then, size - 1)
            went_on = ((then < size) & (self._customer[there] == self._customer[at])
                       & (self.moment[there] - self.moment[at] <= CONVERSION_DAYS * _DAY))
            result[at] = ~went_on
        return result

    def _afterwards(self) -> dict[float, list[float]]:
        """Touchpoint → those of its stage that customers who were at both first came to afterwards, in AFTERWARDS of
        the cases: basket → checkout → payment; places between which people wander have no order."""
        visits = pd.DataFrame({"customer": self._customer, "touchpoint": self._touchpoint, "stage": self._position,
                               "moment": self.moment})[self.known & (self._touchpoint >= 0)]
        known = visits["customer"].unique()
        visits = visits[visits["customer"].isin(known[:: max(1, len(known) // _LEARN_FROM)])]
        common = visits["touchpoint"].value_counts().index[:_MOST_ORDERED]
        visits = visits[visits["touchpoint"].isin(common)].drop_duplicates(["customer", "touchpoint"])
        pairs = visits.merge(visits, on=["customer", "stage"], suffixes=("", "_other"))
        pairs = pairs[pairs["touchpoint"] != pairs["touchpoint_other"]]
        counts = pairs.assign(before=pairs["moment"] < pairs["moment_other"]).groupby(
            ["touchpoint", "touchpoint_other"])["before"].agg(["mean", "size"])
        counts = counts[(counts["mean"] >= AFTERWARDS) & (counts["size"] >= MINIMUM_N)]
        after: dict[float, list[float]] = {}
        for touchpoint, other in counts.index:
            after.setdefault(touchpoint, []).append(other)
        return after

    def revenue(self, revenue: Floats) -> Floats:
        """Revenue of the customer within LATER_DAYS after it, NaN where those days have not passed."""
        result = np.full(len(self.moment), np.nan)
        at = np.flatnonzero(self.known & (self.moment + LATER_DAYS * _DAY <= self._end))
        if not len(at) or not self._dated.any():
            return result
        seconds = ((np.where(self._dated, self.moment, self._end) - np.nanmin(self.moment)) / 1e6).astype(np.int64)
        width = int(seconds.max()) + LATER_DAYS * 86_400 + 2
        key = self._customer * width + np.where(self._dated, seconds, width - 1)
        so_far = np.concatenate([[0.0], np.cumsum(np.where(self._dated, np.nan_to_num(revenue), 0.0))])
        until = np.searchsorted(key, self._customer[at] * width + seconds[at] + LATER_DAYS * 86_400, side="right")
        result[at] = so_far[until] - so_far[at + 1]
        return result


def _groups(among: NDArray[np.bool_], touchpoint: Ints, stage: Floats) -> list[tuple[tuple[float, float], Ints]]:
    """(touchpoint, stage) → places of the rows, where both are known."""
    at = np.flatnonzero(among & (touchpoint >= 0) & ~np.isnan(stage))
    groups = pd.DataFrame({"touchpoint": touchpoint[at], "stage": stage[at]}).groupby(["touchpoint", "stage"])
    return [(key, at[places]) for key, places in groups.indices.items()]


def _firsts(customer: Ints, places: Mapping[str, Ints]) -> NDArray[np.bool_]:
    """The first row of each customer in each finest cell; customer -1 = the row does not count."""
    key = customer + 1
    for codes in places.values():
        key = key * (int(codes.max(initial=-1)) + 2) + codes + 1
    return ~pd.Series(key).duplicated().to_numpy() & (customer >= 0)


def _narrow(values: Floats) -> NDArray[Any]:
    """The values in as few bytes as hold them exactly; NaN = _MISSING where they are whole and small."""
    missing = np.isnan(values)
    with np.errstate(invalid="ignore"):
        whole = np.where(missing, _MISSING, values).astype(np.int8)
        if ((whole == values) & (whole != _MISSING) | missing).all():
            return whole
        short = values.astype(np.float32)
    return short if ((short == values) | missing).all() else values


def _few_bytes(codes: Ints) -> Ints:
    """Codes from -1 in as few bytes as hold them."""
    return codes.astype(np.min_scalar_type(-int(codes.max(initial=0)) - 1))


def _is_known(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the numbers of `_narrow` say something."""
    known: NDArray[np.bool_] = values != _MISSING if values.dtype == np.int8 else ~np.isnan(values)
    return known


def _wide(values: NDArray[Any]) -> Floats:
    """The inverse of `_narrow`."""
    wide = values.astype(np.float64)
    if values.dtype == np.int8:
        wide[values == _MISSING] = np.nan
    return wide


def _codes(values: pd.Series) -> tuple[Ints, list[object]]:
    codes, known = pd.factorize(values)
    return codes.astype(np.int64), list(known)


def _named(store: Store, values: list[object], of: Dimension) -> tuple[list[str], list[str]]:
    frame = with_labels(store, pd.DataFrame({"value": pd.Series(values, dtype=object)}), of)
    return frame["key"].tolist(), frame["label"].tolist()


def _floats(values: pd.Series) -> Floats:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _net(score: Floats, low: int, high: int) -> Floats:
    return np.where(np.isnan(score), np.nan, 100.0 * (score >= high) - 100.0 * (score <= low))


def _late(days: Floats) -> Floats:
    return np.where(np.isnan(days), np.nan, (days > 0).astype(float))


def _complaints(flag: Floats) -> Floats:
    """Where no row says that it is not a complaint, a row that says nothing is none."""
    return flag if (flag == 0).any() or not (flag == 1).any() else np.nan_to_num(flag)
