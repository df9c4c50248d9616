"""Paths: what customers do after, before and around a touchpoint, channel or stage, and how they move between them.

The rules are in docs/metrics.md. Whatever is shown adds up: the largest values, *other* and *start* or *end* are all
the customers (or sessions) counted. `path_variants` has whole ways and loops.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.dimension import dimension
from cx.metrics.path_rows import PAUSE, among, ids_of
from cx.metrics.path_walk import Walk, following, over_walks
from cx.metrics.step_rows import Array
from cx.store import Store

DIRECTIONS: tuple[str, ...] = ("after", "before", "around")
FEWEST_STEPS, MOST_STEPS = 2, 6
VALUE, OTHER, START, END = "value", "other", "start", "end"
KINDS = (VALUE, OTHER, START, END)

_SIDES = [f"{side}_{part}" for side in ("from", "to") for part in ("step", "kind", "key", "label")]


def counted(store: Store, by: str = "touchpoint", unit: str = "customer", pause: dt.timedelta = PAUSE,
            filters: Filters = Filters()) -> tuple[int, int, int]:
    """(customers or sessions with at least one step, their customers, interactions without a value that are left out).

    Raises UnknownValue, QueryError.
    """
    def count(walked: Walk) -> tuple[int, int, int]:
        return int(walked.first.sum()), len(np.unique(walked.who)), int(walked.unknown)

    units, customers, unknown = zip(*over_walks(store, by, unit, pause, True, filters, count), strict=True)
    return sum(units), sum(customers), sum(unknown)


def most_met(store: Store, by: str = "touchpoint", unit: str = "customer", pause: dt.timedelta = PAUSE,
             filters: Filters = Filters()) -> str | None:
    """Key of the touchpoint, channel or stage that most customers (or sessions) meet; None for nobody."""
    def met_by(walked: Walk) -> dict[int, int]:
        pairs = np.unique(np.stack([walked.units, walked.steps]), axis=1)
        values, n = np.unique(pairs[1], return_counts=True)
        return dict(zip(values.tolist(), n.tolist(), strict=True))

    met: Counter[int] = Counter()
    for each in over_walks(store, by, unit, pause, True, filters, met_by):
        met.update(each)
    labels = dimension(store, by).labels(store)
    return min(((-n, labels[value][0]) for value, n in met.items()), default=(0, None))[1]


def flows(store: Store, by: str = "touchpoint", anchor: str | Sequence[str] | None = None, direction: str = "after",
          depth: int = 4, top: int = 6, unit: str = "customer", pause: dt.timedelta = PAUSE, collapse: bool = True,
          filters: Filters = Filters()) -> pd.DataFrame:
    """How many go from one step to the next.

    anchor     a touchpoint, channel or stage (or several, meaning any): its first occurrence in each journey is step 0.
               None: journeys from their start (steps 1, 2, …), or with "before" back from their end (…, −2, −1)
    direction  "after", "before" or "around"
    depth      2–6 steps on each side of the anchor; without an anchor, steps in all
    top        how many values each step shows by name; the rest is *other*
    unit       "customer" (a journey each) or "session" (a pause longer than `pause` starts a new one)
    collapse   immediate repeats are one step

    → from_step, from_kind, from_key, from_label, to_step, to_kind, to_key, to_label, n, share (of all counted),
      from_n, from_share (of those at `from`), total. Kinds: "value"; "other"; "start" (the journey had not begun) and
      "end" (it was over), which carry on, so the n of each step add up to `total`. Key and label are "" except of
      values. Raises UnknownValue, QueryError.
    """
    among(text("Direction"), direction, DIRECTIONS)
    if not FEWEST_STEPS <= depth <= MOST_STEPS:
        raise QueryError(text("Paths have {fewest} to {most} steps, not {n}.", fewest=FEWEST_STEPS, most=MOST_STEPS,
                              n=depth))
    if anchor is None and direction == "around":
        raise QueryError(text("Choose what the paths go around."))
    before, after = direction != "after", direction != "before"
    if anchor is None:
        ids: list[int] | None = None
        zero, low, high = (1, 1, depth) if after else (-1, -depth, -1)
    else:
        ids = ids_of(store, by, anchor)
        zero, low, high = 0, -depth if before else 0, depth if after else 0
    def around(walked: Walk) -> Array:
        return _around(walked, ids, zero, low, high)

    found = _summed(over_walks(store, by, unit, pause, collapse, filters, around),
                    ["step", "value", "next_value", "first"])
    labels = dimension(store, by).labels(store)
    names = {value: labels[value][:2] for value in found["value"].unique()}
    shown = _largest(found, names, top)
    at = found.groupby("step")["n"].sum().to_dict()
    total = int(at.get(zero, 0))
    counts: dict[tuple[int, str, str, str, str], int] = {}

    def add(step: int, source: tuple[str, str], target: tuple[str, str], n: int) -> None:
        key = (step, *source, *target)
        if n:
            counts[key] = counts.get(key, 0) + n

    def node(step: int, value: object) -> tuple[str, str]:
        return (VALUE, names[value][0]) if value in shown.get(step, ()) else (OTHER, "")

    for row in found.to_dict("records"):
        step, n = int(row["step"]), int(row["n"])
        if row["first"] and step > low:
            add(step - 1, (START, ""), node(step, row["value"]), n)
        if step < high:
            over = row["next_value"] < 0
            add(step, node(step, row["value"]), (END, "") if over else node(step + 1, row["next_value"]), n)
    for step in range(low, high):
        outside, there = ((END, ""), step) if step >= zero else ((START, ""), step + 1)
        add(step, outside, outside, total - int(at.get(there, 0)))
    frame = pd.DataFrame([(step, source, at, "", step + 1, target, to, "", n)
                          for (step, source, at, target, to), n in counts.items()], columns=[*_SIDES, "n"])
    label_of = dict(names.values())
    for side in ("from", "to"):
        frame[f"{side}_label"] = frame[f"{side}_key"].map(lambda key: label_of.get(key, "")).astype(object)
    frame = frame.astype({"from_step": "int64", "to_step": "int64", "n": "int64"})
    frame["from_n"] = frame.groupby(["from_step", "from_kind", "from_key"])["n"].transform("sum")
    frame = frame.assign(share=frame["n"] / max(total, 1), from_share=frame["n"] / frame["from_n"], total=total)
    rank = {kind: place for place, kind in enumerate(KINDS)}
    frame = frame.assign(_from=frame["from_kind"].map(rank), _to=frame["to_kind"].map(rank)).sort_values(
        ["from_step", "_from", "from_n", "from_key", "_to", "n", "to_key"],
        ascending=[True, True, False, True, True, False, True], kind="stable")
    return frame[[*_SIDES, "n", "share", "from_n", "from_share", "total"]].reset_index(drop=True)


def places(flowing: pd.DataFrame) -> pd.DataFrame:
    """Who is where at each step of `flows()`.

    → step, kind, key, label, n, share, lower, upper (of all counted, Wilson), total; the largest value first, then
      other, start, end. The n of a step add up to `total`.
    """
    sides = [flowing[["from_step", "from_kind", "from_key", "from_label", "n", "total"]].set_axis(
        ["step", "kind", "key", "label", "n", "total"], axis=1)]
    if len(flowing):
        last = flowing[flowing["to_step"] == flowing["to_step"].max()]
        sides.append(last[["to_step", "to_kind", "to_key", "to_label", "n", "total"]].set_axis(
            ["step", "kind", "key", "label", "n", "total"], axis=1))
    frame = pd.concat(sides, ignore_index=True)
    frame = frame.groupby(["step", "kind", "key", "label", "total"], as_index=False)["n"].sum()
    share = stats.wilson(frame["n"], frame["total"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper,
                         _kind=frame["kind"].map({kind: place for place, kind in enumerate(KINDS)}))
    frame = frame.sort_values(["step", "_kind", "n", "key"], ascending=[True, True, False, True])
    return frame[["step", "kind", "key", "label", "n", "share", "lower", "upper", "total"]].reset_index(drop=True)


def _summed(parts: Sequence[Array], names: list[str]) -> pd.DataFrame:
    """Rows of numbers of several parts, the last of them `n`: added up where the others are the same."""
    frame = pd.DataFrame(np.concatenate(parts, axis=1).T, columns=[*names, "n"])
    return frame.groupby(names, as_index=False)["n"].sum()


def customers(store: Store, step: int, key: str, then: str | None = None, by: str = "touchpoint",
              anchor: str | Sequence[str] | None = None, direction: str = "after", unit: str = "customer",
              pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters(),
              limit: int = 1000) -> pd.DataFrame:
    """The customers behind a place or a flow of `flows()`: those who were at `key` at that step, and with `then` went
    on to that value directly after ("" = to nothing: their journey ended).

    → customer_id, persona (label, "" = none), interactions, first_at, last_at (of the whole journey); those last seen
      most recently first; anonymous respondents are left out. Other arguments as of `flows`. Raises UnknownValue,
      QueryError.
    """
    among(text("Direction"), direction, DIRECTIONS)
    ids = None if anchor is None else ids_of(store, by, anchor)
    [here] = ids_of(store, by, key)
    following = None if then is None else -1 if then == "" else ids_of(store, by, then)[0]
    zero = 0 if ids is not None else 1 if direction != "before" else -1

    def there(walked: Walk) -> Array:
        at, after = _steps(walked, ids, zero, step)
        found = (at == step) & (walked.steps == here)
        if following is not None:
            found &= after == following
        return np.unique(walked.keys[walked.who[found]])

    keys = np.concatenate(over_walks(store, by, unit, pause, collapse, filters, there))
    return store.frame(
        "SELECT c.customer_id, coalesce(p.label, '') AS persona, j.interactions, j.first_at, j.last_at FROM journeys j "
        "JOIN customers c ON c.customer_key = j.customer_key AND NOT c.anonymous "
        "LEFT JOIN personas p ON p.persona_id = j.persona_id "
        "WHERE j.customer_key IN (SELECT unnest(CAST(? AS BIGINT[]))) "
        f"ORDER BY j.last_at DESC NULLS LAST, c.customer_id LIMIT {int(limit)}", [keys.tolist()])


def _steps(walked: Walk, ids: Sequence[int] | None, zero: int, high: int) -> tuple[Array, Array]:
    """Of each step its number, counted as in `flows` (above `high` where the journey has no anchor), and the value that
    follows (-1 = nothing)."""
    starts = np.flatnonzero(walked.first)
    lengths = np.diff(np.append(starts, len(walked.steps)))
    place = np.arange(1, len(walked.steps) + 1) - np.repeat(starts, lengths)
    if ids is None:
        step = place if zero > 0 else place - np.repeat(lengths + 1, lengths)
    else:
        far = len(walked.steps) + 1
        anchors = np.where(np.isin(walked.steps, ids), place, far)
        at = np.minimum.reduceat(anchors, starts) if len(starts) else anchors
        step = place - np.repeat(at, lengths)
        step[np.repeat(at == far, lengths)] = high + 1
    following = np.append(np.where(walked.first[1:], -1, walked.steps[1:]), -1)[:len(walked.steps)]
    return step, following


def _around(walked: Walk, ids: Sequence[int] | None, zero: int, low: int, high: int) -> Array:
    """step (number of the step, counted as in `flows`), value, next_value (-1 = nothing), first (of its journey), n:
    one row each, a column per combination."""
    step, following = _steps(walked, ids, zero, high)
    shown = (step >= low) & (step <= high)
    rows, n = np.unique(np.stack([each[shown] for each in (step, walked.steps, following, walked.first)]),
                        axis=1, return_counts=True)
    return np.concatenate([rows, n[None]])


def _largest(found: pd.DataFrame, names: dict[object, tuple[str, str]], top: int) -> dict[int, set[object]]:
    """The values each step shows by name: the `top` largest, of equals the first by key."""
    sizes = found.groupby(["step", "value"], as_index=False)["n"].sum()
    sizes["key"] = [names[value][0] for value in sizes["value"]]
    ordered = sizes.sort_values(["n", "key"], ascending=[False, True])
    return {int(step): set(part["value"].head(top)) for step, part in ordered.groupby("step")}


def transitions(store: Store, by: str = "touchpoint", top: int | None = None, unit: str = "customer",
                pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters()) -> pd.DataFrame:
    """Every step and what directly follows it, as a long matrix.

    top  how many values are shown by name (those met most often); the rest is *other*. None = all
    → from_kind, from_key, from_label, to_kind, to_key, to_label, n (times), from_n (times at `from`), share (of from_n)
      with lower and upper (Wilson). Kinds "value", "other", and as a target "end". Stages in model order, others by how
      often; other and end last. Pairs that never happen are left out. Raises UnknownValue, QueryError.
    """
    found = _summed(over_walks(store, by, unit, pause, collapse, filters, following()), ["value", "next_value"])
    labels = dimension(store, by).labels(store)
    size = found.groupby("value")["n"].sum().to_dict()
    order = sorted(size, key=lambda value: (-size[value], labels[value][0]))
    shown = order if top is None else order[:top]
    if by == "stage":
        shown = sorted(shown, key=lambda value: labels[value][2] or 0)
    known = {value: (VALUE, *labels[value][:2], place) for place, value in enumerate(shown)}

    def side(values: pd.Series) -> list[tuple[str, str, str, int]]:
        return [(END, "", "", len(shown) + 1) if value < 0 else known.get(value, (OTHER, "", "", len(shown)))
                for value in values]

    columns = [f"{end}_{part}" for end in ("from", "to") for part in ("kind", "key", "label", "place")]
    frame = pd.DataFrame([(*source, *target) for source, target in
                          zip(side(found["value"]), side(found["next_value"]), strict=True)], columns=columns)
    frame = frame.assign(n=found["n"].astype("int64")).groupby(columns, as_index=False)["n"].sum()
    frame["from_n"] = frame.groupby("from_place")["n"].transform("sum")
    share = stats.wilson(frame["n"], frame["from_n"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper)
    frame = frame.sort_values(["from_place", "to_place"])
    return frame[["from_kind", "from_key", "from_label", "to_kind", "to_key", "to_label", "n", "from_n", "share",
                  "lower", "upper"]].reset_index(drop=True)
