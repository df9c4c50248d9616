"""All interactions (of very many, of a sample of the customers) as arrays, with what followed each: held for every
selection, which chooses among the rows (cx.metrics.friction_rows)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.filters import DIMENSIONS, Filters
from cx.metrics.friction_later import DAY, Ints, Later, floats
from cx.metrics.friction_measures import MEASURES, Rows
from cx.metrics.friction_recorded import lists_of_complaints, went_on_or_not
from cx.metrics.narrow import few_bytes, is_known, missing_of, narrow, wide
from cx.metrics.sampling import are_sampled
from cx.metrics.stats import Floats
from cx.scales import DETRACTOR_TO, PROMOTER_FROM

Parts = tuple[Ints, tuple[list[str], list[str]]]
"""Codes of rows (-1 = missing), and key and label of each code."""

_EPOCH = 719_163  # the ordinal of 1 January 1970
_MOST_CELLS = 2_000_000  # for which a mark each is held while the firsts in them are looked for


_Sorted = tuple[dict[int, tuple[int, int]], NDArray[Any], NDArray[Any], NDArray[Any]]
# bounds of each touchpoint; places, customers and values of the rows


class ByTouchpoint:
    """The rows that tell of each measure, sorted by touchpoint, as narrow as they are held, and what each customer
    spent (by code) in all: see `Every.by_touchpoint`."""

    def __init__(self, of: Mapping[str, _Sorted], spent: Floats) -> None:
        self._of, self.spent = of, spent
        self.nbytes = spent.nbytes + sum(each.nbytes for _, *arrays in of.values() for each in arrays)

    def studies(self, measure: str, inside: NDArray[np.bool_], minimum: int) -> Iterator[
            tuple[int, Ints, Floats, NDArray[np.bool_]]]:
        """Of each touchpoint with so many answers on either side: its code, whose each answer is, what it is, and
        whether it is inside. inside: of every row held."""
        bounds, at, customer, value = self._of[measure]
        here = inside[at]
        for touchpoint, (start, end) in bounds.items():
            side = here[start:end]
            many = int(np.count_nonzero(side))
            if min(many, end - start - many) >= minimum:
                yield touchpoint, customer[start:end].astype(np.int64), wide(value[start:end]), side


class Every:
    """All interactions by customer and time (undated ones of a customer last), with what followed each. Narrow numbers,
    since they are held: see `narrow`."""

    def __init__(self, frame: pd.DataFrame, places: Mapping[str, Ints],
                 names: Mapping[str, tuple[list[str], list[str]]], persona: Parts, position: Floats,
                 of_all: frozenset[str] = frozenset()) -> None:
        self.token = object()  # tells these rows from those read at another time
        self._of_all = of_all
        self._whole = frame["whole"].to_numpy(dtype=bool) if of_all else None
        if self._whole is not None:  # of the rest only answers are known, not what came before and after
            frame = frame.assign(anonymous=frame["anonymous"].to_numpy(dtype=bool) | ~self._whole)
        later, revenue = Later(frame, places["touchpoint"], position), floats(frame["revenue"])
        ids = frame["interaction_id"].to_numpy(dtype=np.int64)
        self._in_order = np.argsort(ids, kind="stable").astype(np.int32)
        self._ids, self._names = ids[self._in_order], names
        self._moment, self._known = later.moment, later.known
        codes, keys = pd.factorize(frame["customer_key"].to_numpy())
        self._customer, self._keys = codes.astype(np.int32), keys.astype(np.int64)
        self._places = {name: few_bytes(codes) for name, codes in places.items()}
        cell, cells = pd.factorize(_together(list(places.values())))
        self._cell, self._cells = few_bytes(cell), len(cells)
        touchpoint = self._places["touchpoint"]
        self._by_touchpoint = np.argsort(touchpoint, kind="stable")[
            int(np.count_nonzero(touchpoint < 0)):].astype(np.int32)
        self.persona: Parts = few_bytes(persona[0]), persona[1]
        values = {
            "nps": floats(frame["nps"]), "csat": floats(frame["satisfied"]), "emotion": floats(frame["emotion"]),
            "drop_off": went_on_or_not(later.stayed_behind(), places["touchpoint"], frame["upload_id"].to_numpy()),
            "complaint": _complaints(floats(frame["complaint"])),
            "waiting": floats(frame["wait_seconds"]), "delay": floats(frame["delay_days"]),
            "repeat": floats(frame["followed"]), "spent": revenue, "later": later.revenue(revenue),
            "felt": floats(frame.get("felt", frame["emotion"]))}
        self._lists = lists_of_complaints(values["complaint"], places["touchpoint"])
        if self._whole is not None:
            told = of_all | ({"felt"} if "emotion" in of_all else set())
            values = {key: value if key in told else np.where(self._whole, value, np.nan)
                      for key, value in values.items()}
        self._values = {key: narrow(value) for key, value in values.items()}
        self._revenue = bool((~np.isnan(revenue)).any())
        self._starts = np.append(np.flatnonzero(np.diff(self._customer, prepend=-1)), len(codes))
        self._sampled: dict[int, NDArray[np.bool_]] = {}
        self._last_nps = np.full(len(keys), np.nan)
        answered = np.flatnonzero(~np.isnan(values["nps"]) & ~np.isnan(self._moment))
        self._last_nps[self._customer[answered]] = values["nps"][answered]  # of a customer's the last one stays
        self._end = float(np.nanmax(self._moment)) if (~np.isnan(self._moment)).any() else np.nan
        self.nbytes = sum(each.nbytes for each in (
            self._in_order, self._ids, self._moment, self._known, self._customer, self._keys, self.persona[0],
            self._starts, self._last_nps, self._cell, self._by_touchpoint,
            *self._places.values(), *self._values.values()))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self._moment)

    def at(self, filters: Filters, among: Ints | None = None) -> Ints:
        """Places of the rows that a selection without attributes chooses, in order. among: places; None = all."""
        found = among
        for name in DIMENSIONS:
            wanted = getattr(filters, name)
            if wanted:
                codes, (keys, _) = self.persona if name == "persona" else (self._places[name], self._names[name])
                there = np.array([key in wanted for key in keys] + [False])  # the last: none is known
                found = (np.flatnonzero(there[codes]) if found is None else found[there[codes[found]]])
        for day, before in ((filters.start, False), (filters.end, True)):
            if day is not None:
                edge = (day.toordinal() - _EPOCH + before) * DAY
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

    def _judged(self, at: Ints, one_in: int) -> NDArray[np.bool_]:
        """Which rows are of a customer known whole who is one in so many."""
        if one_in not in self._sampled:
            self._sampled[one_in] = are_sampled(one_in, self._keys)
        found = self._sampled[one_in][self._customer[at]]
        return found if self._whole is None else found & self._whole[at]

    def contacts(self, at: Ints, measure: str, limit: float, one_in: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Of the rows at these places those that tell how it went, and which went badly (cx.metrics.opportunity).
        limit: seconds from which on a wait is bad; one_in: see `chosen`."""
        if one_in > 1 and measure not in self._of_all:
            at = at[self._judged(at, one_in)]
        if measure == "complaint" and len(self._lists):
            at = at[~np.isin(self._places["touchpoint"][at], self._lists)]
        found = self._values["felt" if measure == "emotion" else measure][at]
        known = is_known(found)
        value = found[known]
        bad = {"nps": lambda: value <= DETRACTOR_TO, "csat": lambda: value == 0, "emotion": lambda: value < 0,
               "complaint": lambda: value == 1, "waiting": lambda: value.astype(np.float64) > limit,
               "delay": lambda: value > 0}[measure]()
        return at[known], bad

    def shares(self, at: Ints, bad: NDArray[np.bool_], name: str, minimum: int) -> tuple[float, ...]:
        """Shares of bad contacts of each value of a dimension with enough of them, sorted."""
        codes = (self.persona[0] if name == "persona" else self._places[name])[at].astype(np.int64) + 1
        n, hits = np.bincount(codes)[1:], np.bincount(codes, bad)[1:]
        return tuple(np.sort(hits[n >= minimum] / n[n >= minimum]).tolist())

    def after(self, at: Ints, bad: NDArray[np.bool_], one_in: int, again: int, days: int) -> Floats:
        """What the known customers of these contacts did later, who had none that went badly and who had one: for each
        of the two the numbers of `cx.metrics.opportunity.Group`, of one customer in so many. again, days: see there."""
        from cx.metrics.friction_kernel import followed  # compiles on import: not at the start of the app

        there, spent = self._known[at] & self._judged(at, one_in), self._values["spent"]
        return followed(at[there], bad[there], self._customer, self._starts, self._moment, spent, missing_of(spent),
                        self._last_nps, self._end, float(again * DAY), float(days * DAY), DETRACTOR_TO, PROMOTER_FROM)

    def by_touchpoint(self, at: Ints, one_in: int) -> ByTouchpoint:
        """What `chosen` tells of the rows at these places, by measure and touchpoint."""
        at, whole = self._looked_at(at, one_in)
        of_whole = at if whole is None else at[whole]
        first = self._marked(at[self._firsts(at)])
        found: dict[str, _Sorted] = {}
        rows = {True: self._by_touchpoint[self._marked(of_whole)[self._by_touchpoint]]}
        rows[False] = rows[True] if whole is None else self._by_touchpoint[self._marked(at)[self._by_touchpoint]]
        for key in MEASURES:
            there = rows[key not in self._of_all]
            value = self._values[key][there]
            known = is_known(value)
            if key == "drop_off":
                known &= first[there]
            elif key == "complaint" and len(self._lists):
                known &= ~np.isin(self._places["touchpoint"][there], self._lists)
            there, value = there[known], value[known]
            touchpoint = self._places["touchpoint"][there]
            edges = np.append(np.flatnonzero(np.diff(touchpoint, prepend=-1)), len(there)).tolist()
            found[key] = ({int(touchpoint[start]): (start, end) for start, end in itertools.pairwise(edges)}, there,
                          self._customer[there], narrow(_SCORED[key](wide(value))) if key in _SCORED else value)
        spent = self._values["spent"][of_whole]
        paid = is_known(spent)
        customers = int(self._customer[at[-1]]) + 1 if len(at) else 0
        of_each = np.bincount(self._customer[of_whole[paid]], wide(spent[paid]), customers)
        return ByTouchpoint(found, of_each.astype(float))

    def _marked(self, at: Ints) -> NDArray[np.bool_]:
        """Of every row whether it is at one of these places."""
        found = np.zeros(len(self._moment), dtype=np.bool_)
        found[at] = True
        return found

    def _firsts(self, at: Ints, part: Ints | None = None) -> NDArray[np.bool_]:
        """Which of these rows are the first of their known customer in their finest cell. part: of a further dimension,
        the codes of these rows."""
        from cx.metrics.friction_kernel import firsts  # compiles on import: not at the start of the app

        cell, cells = self._cell[at].astype(np.int64), self._cells
        if part is not None:
            many = int(part.max(initial=-1)) + 2
            cell, cells = cell * many + part + 1, cells * many
        if cells > _MOST_CELLS:
            cell, keys = pd.factorize(cell)
            cells = len(keys)
        return firsts(self._customer[at], self._known[at], cell, cells)

    def _looked_at(self, at: Ints, one_in: int) -> tuple[Ints, NDArray[np.bool_] | None]:
        """Which of the rows at these places are looked at, and of these which are of a customer known whole."""
        whole = None if self._whole is None else self._whole[at]
        if one_in == 1:
            return at, whole
        judged = self._judged(at, one_in)
        if not judged.all() and self._of_all:
            answered = np.logical_or.reduce([is_known(self._values[key][at]) for key in sorted(self._of_all)])
            return at[judged | answered], judged[judged | answered]
        return at[judged], None if whole is None else whole[judged]

    def of_touchpoints(self, at: Ints, touchpoints: Ints) -> Ints:
        """Of the rows at these places those at some touchpoints (codes)."""
        return at[np.isin(self._places["touchpoint"][at], touchpoints)]

    def chosen(self, at: Ints, parts: Parts | None, one_in: int = 1) -> Rows:
        """The rows at these places, of one customer in so many; but answers of all where these are known. parts: codes
        and names of a further dimension, for every row; one_in: see Rows."""
        at, whole = self._looked_at(at, one_in)
        places = {name: codes[at].astype(np.int64) for name, codes in self._places.items()}
        codes, part_names = parts or (np.full(len(self._customer), -1, dtype=np.int8), ([], []))
        places["part"] = codes[at].astype(np.int64)
        customer = self._customer[at].astype(np.int64)
        value = {key: wide(self._values[key][at]) for key in (*MEASURES, "later", "spent")}
        if whole is not None:
            for key in [key for key in value if key not in self._of_all]:
                value[key] = np.where(whole, value[key], np.nan)
        first = self._firsts(at, places["part"] if parts else None)
        value |= {**{key: scored(value[key]) for key, scored in _SCORED.items()},
                  "complaint": np.where(np.isin(places["touchpoint"], self._lists), np.nan, value["complaint"]),
                  "drop_off": np.where(first, value["drop_off"], np.nan),
                  "later": np.where(first, value["later"], np.nan)}
        return Rows(customer, places, {**self._names, "part": part_names}, self._moment[at] / DAY,
                    {key: value[key] for key in MEASURES}, value["later"], value["spent"], self._revenue,
                    one_in, whole, self._of_all)


def _together(codes: Sequence[Ints]) -> Ints:
    """One number for each row, equal where all codes (from -1) are."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for each in codes:
        key = key * (int(each.max(initial=-1)) + 2) + each + 1
    return key


def _net(score: Floats) -> Floats:
    return np.where(np.isnan(score), np.nan, 100.0 * (score >= PROMOTER_FROM) - 100.0 * (score <= DETRACTOR_TO))


def _late(days: Floats) -> Floats:
    return np.where(np.isnan(days), np.nan, (days > 0).astype(float))


_SCORED: Mapping[str, Callable[[Floats], Floats]] = {
    "nps": _net, "emotion": lambda felt: 100 * felt, "delay": _late}
"""What a measure is judged by, where that is not the answer itself."""


def _complaints(flag: Floats) -> Floats:
    """Where no row says that it is not a complaint, a row that says nothing is none."""
    return flag if (flag == 0).any() or not (flag == 1).any() else np.nan_to_num(flag)
