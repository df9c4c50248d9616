"""One measure of the rows of pain points, held place by place against the others: what `friction` weighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cx.language import Text, text
from cx.metrics.friction_cells import LEVELS, Cells, Finest, against_rest, cells, finest, sums
from cx.metrics.friction_explain import explain
from cx.metrics.friction_later import Ints
from cx.metrics.friction_measures import MEASURES, Measure, Rows
from cx.metrics.narrow import few_bytes
from cx.metrics.stats import Floats


@dataclass(frozen=True)
class Study:
    """One measure (among one touchpoint's rows, where it is compared there only), cell by cell."""

    key: str
    columns: dict[str, np.ndarray]
    every: Cells
    of: Finest
    rows: Ints
    value: Floats

    def explained(self, sure: np.ndarray, limit: float, minimum: int) -> list[int]:
        if not sure.any():
            return []
        off = self.value - self.value.mean()
        n, total, squares = (sums(self.of.of_row, weights, self.of.size)
                             for weights in (np.ones(len(off)), off, off**2))
        return explain(n, total, squares, self.every, self.columns["z"], self.columns["spread"], sure, limit, minimum,
                       MEASURES[self.key].direction)


_TOO_FEW = text("Too few customers of the random sample that was looked at tell anything of this.")


def studied(known: Rows, key: str, measure: Measure, parted: bool, minimum: int) -> list[Study] | Text:
    """The studies of a measure, or why there is none."""
    value = known.values[key]
    there = np.flatnonzero(~np.isnan(value))
    left_out = known.factor(key) > 1
    if not len(there):
        return _TOO_FEW if left_out else text("Nobody has uploaded this yet: it needs a column “{field}”.",
                                              field=measure.needs)
    if np.ptp(value[there]) == 0:
        return (text("Every answer in the random sample that was looked at is the same.") if left_out else
                text("Every answer is the same: there is no better and no worse."))
    levels = [level for level in LEVELS if (parted or "part" not in level)
              and (not measure.at_touchpoint or ("touchpoint" in level and len(level) > 1))]
    groups = [there]
    if measure.at_touchpoint:
        order = np.argsort(known.places["touchpoint"][there], kind="stable")
        touchpoint = known.places["touchpoint"][there][order]
        groups = np.split(there[order], np.flatnonzero(np.diff(touchpoint)) + 1)
        groups = [group for group in groups if known.places["touchpoint"][group[0]] >= 0]
    studies = [study for group in groups if len(group) >= 2 * minimum
               for study in [_study(known, key, group, levels, minimum)] if study is not None]
    return studies or (_TOO_FEW if left_out else text("There are no two places with at least {n} answers each to "
                                                      "compare.", n=minimum))


def apart(known: Rows, key: str, minimum: int) -> list[Study]:
    """The studies of each touchpoint's rows of part 0 against its others."""
    value, touchpoint = known.values[key], known.places["touchpoint"]
    there = np.flatnonzero(~np.isnan(value) & (touchpoint >= 0))
    at, inside = touchpoint[there], known.places["part"][there] >= 0
    enough = np.minimum(*(np.bincount(at[side], minlength=int(at.max(initial=0)) + 1)
                          for side in (inside, ~inside))) >= minimum
    there = there[enough[at]]
    order = np.argsort(few_bytes(touchpoint[there]), kind="stable")  # short ones are sorted by counting
    there = there[order]
    studies = []
    for group in np.split(there, np.flatnonzero(np.diff(touchpoint[there])) + 1) if len(there) else ():
        found = at_touchpoint(key, int(touchpoint[group[0]]), known.customer[group], value[group],
                               known.places["part"][group] >= 0, group, minimum)
        studies += [] if found is None else [found]
    return studies


def at_touchpoint(key: str, touchpoint: int, customer: Ints, value: Floats, inside: np.ndarray, at: Ints,
                   minimum: int) -> Study | None:
    """The study of one touchpoint's rows: those inside against the others."""
    nowhere = np.full(2, -1, dtype=np.int64)
    of = Finest({"stage": nowhere, "touchpoint": np.full(2, touchpoint), "channel": nowhere,
                 "part": np.array([0, -1], dtype=np.int64)}, (~inside).astype(np.int64))
    return _of(key, value, customer, at, [("touchpoint", "part")], minimum, of) if np.ptp(value) else None


def _study(known: Rows, key: str, at: Ints, levels: list[tuple[str, ...]], minimum: int) -> Study | None:
    of = finest({name: codes[at] for name, codes in known.places.items()})
    return _of(key, known.values[key][at], known.customer[at], at, levels, minimum, of)


def _of(key: str, value: Floats, customer: Ints, at: Ints, levels: list[tuple[str, ...]], minimum: int,
        of: Finest) -> Study | None:
    every = cells(of, levels, np.bincount(of.of_row).astype(float), minimum)
    if not every.size:
        return None
    found = against_rest(value, customer, of, every)
    p = np.where((found["rest_n"] >= minimum) & ~every.again, found["p"], np.nan)
    columns = {**found, "p": p, "measure": np.full(every.size, key, dtype=object),
               "spread_of_answers": np.full(every.size, value.std()), **every.parts}
    return Study(key, columns, every, of, at, value) if (~np.isnan(p)).any() else None
