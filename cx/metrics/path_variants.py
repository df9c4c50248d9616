"""Whole ways through the journey: the most frequent ones, how they end and feel, and where customers go in circles."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.cells import conversion_step
from cx.metrics.dimension import dimension
from cx.metrics.path_rows import PAUSE
from cx.metrics.path_walk import NOWHERE, Walk, over_walks
from cx.metrics.step_rows import Array
from cx.store import Store
from cx.store.derive import stages_in_use

MOST_LENGTH = 12

def variants(store: Store, by: str = "stage", length: int = 8, most: int = 10, unit: str = "customer",
             pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters()) -> pd.DataFrame:
    """The most frequent whole sequences of steps, and all others together in a last row.

    length  1–12: a longer sequence is cut there and counts with those that begin alike (`longer`)
    → kind ("variant", "other"), keys and labels (tuples, empty for "other"), longer, variants (how many sequences the
      row stands for), n, share, lower, upper (of all counted), total; converted, conversion, conversion_lower,
      conversion_upper (share that reached the purchase stage, Wilson; null where no stage comes before it); net,
      net_lower, net_upper, net_n (of all interactions of these journeys). The n add up to `total`.
      Raises UnknownValue, QueryError.
    """
    if not 1 <= length <= MOST_LENGTH:
        raise QueryError(text("Sequences have {fewest} to {most} steps, not {n}.", fewest=1, most=MOST_LENGTH,
                              n=length))
    purchase = _purchase(store)

    def ways(walked: Walk) -> Array:
        return _ways(walked, length)

    found = _largest(np.concatenate(over_walks(store, by, unit, pause, collapse, filters, ways,
                                               NOWHERE if purchase is None else purchase), axis=1), length, most)
    labels = dimension(store, by).labels(store)
    rows: list[dict[str, Any]] = []
    parts = ("n", "converted", "plus", "minus", "felt")
    for ids, longer, *sums in found.shown:
        rows.append({"kind": "variant", "keys": tuple(labels[each][0] for each in ids),
                     "labels": tuple(labels[each][1] for each in ids), "longer": longer, "variants": 1,
                     **dict(zip(parts, sums, strict=True))})
    total = int(found.sums[0].sum())
    if found.others:
        rows.append({"kind": "other", "keys": (), "labels": (), "longer": False, "variants": found.others,
                     **{part: int(found.sums[place].sum()) - sum(row[part] for row in rows)
                        for place, part in enumerate(parts)}})
    frame = pd.DataFrame(rows, columns=["kind", "keys", "labels", "longer", "variants", *parts])
    share = stats.wilson(frame["n"], total)
    conversion = stats.wilson(frame["converted"], frame["n"] if purchase else 0)
    net = stats.net_score(frame["plus"], frame["minus"], frame["felt"])
    frame = frame.assign(
        share=share.value, lower=share.lower, upper=share.upper, total=total,
        converted=frame["converted"].astype("Int64").where(pd.Series(purchase is not None, index=frame.index)),
        conversion=conversion.value, conversion_lower=conversion.lower, conversion_upper=conversion.upper,
        net=net.value, net_lower=net.lower, net_upper=net.upper, net_n=frame["felt"])
    return frame[["kind", "keys", "labels", "longer", "variants", "n", "share", "lower", "upper", "total", "converted",
                  "conversion", "conversion_lower", "conversion_upper", "net", "net_lower", "net_upper", "net_n"]]


def returns(store: Store, unit: str = "customer", pause: dt.timedelta = PAUSE,
            filters: Filters = Filters()) -> pd.DataFrame:
    """How many go back. Two rows: what = "stage" (to an earlier stage than the one before, in the order of the model)
    and "touchpoint" (to a touchpoint they have left).

    → what, n, of (customers or sessions with at least one stage, touchpoint), share, lower, upper. Nobody counted → of
      = 0 and no share. Raises UnknownValue, QueryError.
    """
    position = _positions(store)

    def back(walked: Walk) -> tuple[int, int]:
        ahead = position[walked.steps]
        turned = ~walked.first[1:] & (ahead[1:] < ahead[:-1])
        return len(np.unique(walked.units[1:][turned])), int(walked.first.sum())

    def again(walked: Walk) -> tuple[int, int]:
        units = walked.units - 1
        each = np.unique(units.astype(np.int64) * (1 + int(walked.steps.max(initial=0))) + walked.steps)
        different = np.bincount(each // (1 + int(walked.steps.max(initial=0))), minlength=int(walked.first.sum()))
        return int((np.bincount(units, minlength=len(different)) > different).sum()), len(different)

    rows = []
    for what, ask in (("stage", back), ("touchpoint", again)):
        n, of = zip(*over_walks(store, what, unit, pause, True, filters, ask), strict=True)
        rows.append((what, sum(n), sum(of)))
    frame = pd.DataFrame(rows, columns=["what", "n", "of"])
    share = stats.wilson(frame["n"], frame["of"])
    return frame.assign(share=share.value, lower=share.lower, upper=share.upper)


def loops(store: Store, by: str = "touchpoint", most: int = 10, unit: str = "customer", pause: dt.timedelta = PAUSE,
          filters: Filters = Filters()) -> pd.DataFrame:
    """The most frequent loops A → B → A, immediate repeats collapsed.

    → key, label (A), through_key, through_label (B), n (customers or sessions), share, lower, upper (of all counted),
      total, times (how often; A → B → A → B → A holds two), net, net_lower, net_upper, net_n (of the interactions at B
      and on the return to A). Raises UnknownValue, QueryError.
    """
    parts, units = zip(*over_walks(store, by, unit, pause, True, filters, _turns, NOWHERE), strict=True)
    found = pd.DataFrame(np.concatenate(parts, axis=1).T, columns=["value", "through", "n", "times", "plus", "minus",
                                                                   "felt"])
    found = found.groupby(["value", "through"], as_index=False).sum().assign(total=sum(units))
    labels = dimension(store, by).labels(store)
    frame = pd.DataFrame([(*labels[value][:2], *labels[through][:2]) for value, through in
                          zip(found["value"], found["through"], strict=True)],
                         columns=["key", "label", "through_key", "through_label"])
    for part in ("n", "times", "plus", "minus", "felt", "total"):
        frame[part] = found[part].astype("int64")
    frame = frame.sort_values(["n", "times", "key", "through_key"], ascending=[False, False, True, True]).head(most)
    share = stats.wilson(frame["n"], frame["total"])
    net = stats.net_score(frame["plus"], frame["minus"], frame["felt"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper, net=net.value, net_lower=net.lower,
                         net_upper=net.upper, net_n=frame["felt"])
    return frame[["key", "label", "through_key", "through_label", "n", "share", "lower", "upper", "total", "times",
                  "net", "net_lower", "net_upper", "net_n"]].reset_index(drop=True)


def shares_of(found: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """The rows of `wanted` as an answer with every row there is has them: n of total, share, lower, upper (Wilson);
    what is not among them is none of its total. found: of `variants` or `loops` with a column for each of `wanted`."""
    total = int(found["total"].iloc[0]) if len(found) else 0
    frame = wanted.merge(found[[*wanted.columns, "n"]], on=list(wanted.columns), how="left")
    n = frame["n"].fillna(0).astype("int64")
    share = stats.wilson(n, total)
    return frame.assign(n=n, total=total, share=share.value, lower=share.lower, upper=share.upper)


def _turns(walked: Walk) -> tuple[Array, int]:
    """([7, loops]: value, through, journeys or sessions, times, and how the rows at `through` and on the return felt;
    how many journeys or sessions there are)."""
    assert walked.felt is not None
    units = int(walked.first.sum())
    steps, unit = walked.steps.astype(np.int64), walked.units
    at = 2 + np.flatnonzero((steps[2:] == steps[:-2]) & (unit[2:] == unit[:-2]))
    if not len(at):
        return np.empty((7, 0), dtype=np.int64), units
    many = 1 + int(steps.max())
    pairs, number = np.unique(steps[at] * many + steps[at - 1], return_inverse=True)
    each = np.unique(number * (units + 1) + unit[at]) // (units + 1)
    felt = walked.felt[at] + walked.felt[at - 1]
    return np.stack([pairs // many, pairs % many, np.bincount(each), np.bincount(number),
                     *(_summed(number, felt[:, place]) for place in range(3))]), units


def _ways(walked: Walk, length: int) -> Array:
    """[length + 6, ways]: the ids of each way (-1 = over), whether it is longer, how many walks take it, and what these
    amount to: reached the purchase, positive, negative, felt."""
    assert walked.facts is not None
    starts = np.flatnonzero(walked.first)
    lengths = np.diff(np.append(starts, len(walked.steps)))
    place = np.arange(len(walked.steps)) - np.repeat(starts, lengths)
    taken = np.full((length, len(starts)), -1, dtype=np.int64)
    shown = place < length
    taken[place[shown], (walked.units - 1)[shown]] = walked.steps[shown]
    return _grouped(np.concatenate([taken, [lengths > length]]),
                    np.concatenate([np.ones((1, len(starts)), dtype=np.int64), walked.facts.T]))


def _grouped(keys: Array, sums: Array) -> Array:
    """Columns with the same keys as one, with what they amount to."""
    codes, many = np.zeros(keys.shape[1], dtype=np.int64), 1
    for key in keys:
        size = int(key.max(initial=0)) + 2
        if many * size >= 2**62:
            found, codes = np.unique(codes, return_inverse=True)
            many = len(found)
        codes, many = codes * size + key + 1, many * size
    _, one, number = np.unique(codes, return_index=True, return_inverse=True)
    return np.concatenate([keys[:, one], [_summed(number, each) for each in sums]])


def _summed(group: Array, values: Array) -> Array:
    found: Array = np.bincount(group, weights=values).astype(np.int64)  # exact up to 2**53
    return found


class _Ways(NamedTuple):
    """The largest ways (ids, longer, n, converted, positive, negative, felt), the sums of all, and how many others."""

    shown: list[tuple[tuple[int, ...], bool, int, int, int, int, int]]
    sums: Array
    others: int


def _largest(parts: Array, length: int, most: int) -> _Ways:
    """Of the ways of all parts; of equals the one that comes first as text."""
    found = _grouped(parts[:length + 1], parts[length + 1:])
    sums = found[length + 1:]
    least = np.sort(sums[0])[-most] if most <= len(sums[0]) else 0
    shown = []
    for column in found[:, sums[0] >= least].T.tolist():
        ids = tuple(each for each in column[:length] if each >= 0)
        shown.append((ids, bool(column[length]), *column[length + 1:]))
    shown.sort(key=lambda each: (-each[2], ",".join(map(str, each[0])), each[1]))
    return _Ways(shown[:most], sums, len(sums[0]) - len(shown[:most]))


def _positions(store: Store) -> Array:
    """Position in the model, by the id of a stage."""
    rows = store.rows("SELECT stage_id, position FROM stages")
    found = np.zeros(max((stage for stage, _ in rows), default=0) + 1, dtype=np.int64)
    for stage, position in rows:
        found[stage] = position
    return found


def _purchase(store: Store) -> int | None:
    """Id of the stage that is the purchase; None where no stage in use comes before it."""
    step = conversion_step(store)
    if step is None:
        return None
    with store.reader() as cursor:
        return stages_in_use(cursor)[step - 1]
