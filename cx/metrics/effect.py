"""Did an action work? Its KPI before and after, at its place against the untouched rest.

Weeks are counted from the day of the start. Difference in differences over equally many weeks before and after; beside
it an interrupted time series (Bernal, Cummins & Gasparrini 2017) where there are 8 weeks before and 4 after. Errors are
those of weekly values, robust against autocorrelation (Newey & West 1987, with the fixed-b critical values of Kiefer &
Vogelsang 2005; or, where it is larger, the error under first-order autocorrelation), and never smaller than those of
the answers themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import special

from cx.filters import Clause, Filters
from cx.language import Text, text, text_n
from cx.metrics import stats
from cx.metrics.action import PLACE, Action, actions, missing_place
from cx.metrics.cells import Slots, cells, measure, size
from cx.metrics.kpi import minimum_n
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import registry
from cx.store import Store

FEWEST_WEEKS = 4
MOST_WEEKS = 26
COURSE_BEFORE, COURSE_AFTER, COURSE_MOST = 8, 4, 52
_WEEK = dt.timedelta(days=7)

Verdict = Literal["worked", "did_not", "cannot_tell"]


@dataclass(frozen=True)
class Estimate:
    """A change in the KPI's unit with its 95 % interval; `p` of "no change"."""

    value: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Effect:
    """What became of an action.

    case      why: "good", "less" (good, but less than expected), "worse", "too_little" (surely less than expected, and
              not surely more than nothing), "chance"; "" = `reason` tells
    reason    what stands in the way of an answer; None = nothing
    by        what decides: "rest" (difference in differences) or "course" (interrupted time series)
    weeks     compared on either side
    four      side ("place", "rest"), after, value, lower, upper, n: the four numbers compared; empty = too early
    change    the difference in differences; None = it cannot be told
    course    the interrupted time series: mean change over the weeks after, against the course before; None = no data
    series    week (first day), after, place, place_n, rest, rest_n: the weekly values looked at
    notes     what else to know
    """

    verdict: Verdict
    case: str = ""
    reason: Text | None = None
    by: str = "rest"
    weeks: int = 0
    four: pd.DataFrame = field(default_factory=pd.DataFrame)
    change: Estimate | None = None
    course: Estimate | None = None
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Elsewhere(Filters):
    """A selection without what lies in some places."""

    places: tuple[Filters, ...] = ()

    def interactions(self, alias: str = "i") -> Clause:
        return Clause.all_of([super().interactions(alias), *(_not(each.interactions(alias)) for each in self.places)])

    def journeys(self, alias: str = "j") -> Clause:
        return Clause.all_of([super().journeys(alias), *(_not(each.journeys(alias)) for each in self.places)])


def effect(store: Store, action: Action) -> Effect:
    """The action's effect so far. Never raises for an action that was saved: what stands in the way is its `reason`."""
    gone = missing_place(store, action)
    if gone is not None:
        return Effect("cannot_tell", reason=gone)
    kpi = registry(store).get(action.kpi)
    if kpi is None:
        return Effect("cannot_tell", reason=text("The KPI it was to change is no longer there."))
    if kpi.source == "funnel" and action.stage:
        return Effect("cannot_tell", reason=text(
            "Customers chosen by the stage they reached convert by that choice: choose another KPI or place."))
    first, last = store.rows("SELECT CAST(min(occurred_at) AS DATE), CAST(max(occurred_at) AS DATE) "
                             "FROM interactions")[0]
    if first is None:
        return Effect("cannot_tell", reason=text("There is no data with dates yet."))
    early = _too_early(action, first, last)
    if early is not None:
        return Effect("cannot_tell", reason=early)
    until = min(last, action.ended_on) if action.ended_on else last
    after = min(((until - action.starts_on).days + 1) // 7, MOST_WEEKS)
    before = min((action.starts_on - first).days // 7, COURSE_MOST)
    same, others = _others(store, action, action.starts_on - _WEEK * before, action.starts_on + _WEEK * after)
    notes = []
    for each in same:  # what it changed must not be counted here: the weeks compared end, or begin, where it began
        gap = abs((each.starts_on - action.starts_on).days) // 7
        before, after = (before, min(after, gap)) if each.starts_on >= action.starts_on else (min(before, gap), after)
        if min(before, after) < FEWEST_WEEKS:
            return Effect("cannot_tell", reason=text(
                "“{title}” began at the same place on {day}: what each of them did cannot be told apart.",
                title=each.title, day=each.starts_on))
        notes.append(text("Only weeks that “{title}” does not touch, which began at the same place on {day}.",
                          title=each.title, day=each.starts_on))
    weeks = [action.starts_on + _WEEK * place for place in range(-before, after)]
    place = _weekly(store, kpi, action.place(), weeks)
    rest = None
    if not action.everywhere():
        rest = _weekly(store, kpi, Elsewhere(places=(action.place(), *(each.place() for each in others))), weeks)
    found = judge(kpi, place, rest, before, after, action.expected, minimum_n(store) if kpi.minimum_n else 1)
    if others:
        notes.append(text("Left out of the rest, since something else began there: {titles}.",
                          titles=", ".join(f"“{each.title}”" for each in others)))
    return replace(found, notes=(*found.notes, *notes), series=found.series.assign(
        week=[pd.Timestamp(each) for each in weeks]) if len(found.series) else found.series)


def judge(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame | None, before: int, after: int,
          expected: float | None = None, least: int = 30) -> Effect:
    """The verdict from weekly statistics.

    place, rest   of `cells`, a row for each of `before` + `after` weeks in order (n 0 = nothing); rest None = there is
                  nothing untouched
    least         answers each of the numbers compared must stand on
    """
    many = min(before, after, MOST_WEEKS)
    series = _series(kpi, place, rest, before)
    if many < FEWEST_WEEKS:
        return Effect("cannot_tell", weeks=many, series=series, reason=_short(before, after))
    chosen = slice(before - many, before + many)
    sides = {"place": place} if rest is None else {"place": place, "rest": rest}
    four = pd.concat([_pooled(kpi, frame.iloc[chosen], many).assign(side=side) for side, frame in sides.items()],
                     ignore_index=True)
    fewest = four.loc[four["n"].idxmin()]
    if fewest["n"] < least:
        return Effect("cannot_tell", weeks=many, four=four, series=series, reason=_few(fewest, least))
    change = None if rest is None else _difference(kpi, place.iloc[chosen], rest.iloc[chosen], four, many)
    course = _course(kpi, place, rest, before, after)
    leaning = rest is not None and change is not None and _leaning(kpi, place, rest, before)
    by = "course" if rest is None or leaning else "rest"
    notes = (text("Before the start the place was already moving away from or towards the rest, so its own course "
                  "decides."),) if leaning else ()
    decisive = course if by == "course" else change
    common: dict[str, Any] = {"by": by, "weeks": many, "four": four, "change": change, "course": course,
                              "series": series, "notes": notes}
    if decisive is None:
        words = text("Nothing is left untouched to compare with, and its own course needs {before} weeks before and "
                     "{after} after.", before=COURSE_BEFORE, after=COURSE_AFTER) if rest is None else \
            text("The place was already moving before the start, and its own course needs {before} weeks before and "
                 "{after} after.", before=COURSE_BEFORE, after=COURSE_AFTER) if leaning else \
            text("Too few weeks have answers both at the place and elsewhere.")
        return Effect("cannot_tell", reason=words, **common)
    if not kpi.direction:
        return Effect("cannot_tell", reason=text("Neither more nor less of this KPI is better."),
                      **common)
    verdict, case = _verdict(decisive, kpi.direction, expected)
    if verdict == "worked" and course is not None and course.value * kpi.direction <= 0:
        return Effect("cannot_tell", reason=text(
            "It is better than before against the rest, but its own course was on its way there already."),
            **common)
    return Effect(verdict, case, **common)


# --- what is compared ---


def _too_early(action: Action, first: dt.date, last: dt.date) -> Text | None:
    if action.starts_on <= first:
        return text("It began on {day}, before the data does ({first}): there is nothing to compare with.",
                    day=action.starts_on, first=first)
    if action.starts_on > last:
        return text("It begins on {day}; the data ends on {last}.", day=action.starts_on, last=last)
    return None


def _others(store: Store, action: Action, first: dt.date, last: dt.date) -> tuple[list[Action], list[Action]]:
    """The actions at the same place (or around it, or inside it) that began in those days, and those elsewhere."""
    near = [each for each in actions(store) if each.number != action.number and first <= each.starts_on < last]
    same = [each for each in near if _inside(each, action) or _inside(action, each)]
    return same, [each for each in near if each not in same]


def _inside(inner: Action, outer: Action) -> bool:
    return all(getattr(outer, name) in ("", getattr(inner, name)) for name in PLACE)


def _weekly(store: Store, kpi: Kpi, where: Filters, weeks: Sequence[dt.date]) -> pd.DataFrame:
    # not derived: what is left out of a selection is known of the rows only
    slots = Slots(tuple(replace(where, start=week, end=week + _WEEK - dt.timedelta(days=1)) for week in weeks))
    found = cells(store, [kpi], where, over=slots, derived=False).set_index("period").reindex(range(len(weeks)))
    counts = [f"{kpi.key}.{part}" for part in kpi.parts if part not in ("values", "median", "p90")]
    return found.fillna(dict.fromkeys(counts, 0.0)).reset_index(drop=True)


def _short(before: int, after: int) -> Text:
    if after < FEWEST_WEEKS:
        return text_n("{n} full week since the start; {least} are needed.",
                      "{n} full weeks since the start; {least} are needed.", n=after, least=FEWEST_WEEKS)
    return text_n("The data has {n} full week before the start; {least} are needed.",
                  "The data has {n} full weeks before the start; {least} are needed.", n=before, least=FEWEST_WEEKS)


def _few(row: pd.Series, least: int) -> Text:
    n, after = int(row["n"]), bool(row["after"])
    if row["side"] == "place":
        return text("Too few answers at the place after the start: {n}, at least {least} are needed.", n=n,
                    least=least) if after else text(
            "Too few answers at the place before the start: {n}, at least {least} are needed.", n=n, least=least)
    return text("Too few answers elsewhere to compare with: {n}, at least {least} are needed.", n=n, least=least)


# --- estimates ---


def _parts(kpi: Kpi, frame: pd.DataFrame) -> tuple[stats.Floats, stats.Floats, stats.Floats]:
    """Value, variance of one answer, and n of each row, in the KPI's unit."""
    n = frame[f"{kpi.key}.n"].fillna(0).to_numpy(dtype=float)
    value = measure(kpi, frame, bootstrap=False).value
    if kpi.method == "share":
        smoothed = (frame[f"{kpi.key}.hits"].to_numpy(dtype=float) + 2) / (n + 4)  # Agresti & Coull 1998
        return value, smoothed * (1 - smoothed) * kpi.factor**2, n
    if kpi.method == "net":
        up, down = ((frame[f"{kpi.key}.{side}"].to_numpy(dtype=float) + 0.75) / (n + 3) for side in ("plus", "minus"))
        return value, (up + down - (up - down)**2) * 100.0**2, n
    total, squares = (frame[f"{kpi.key}.{part}"].to_numpy(dtype=float) for part in ("total", "squares"))
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.maximum((squares - total**2 / n) / (n - 1), 0)
    return value, spread * kpi.factor**2, n


def _summed(kpi: Kpi, frame: pd.DataFrame) -> pd.DataFrame:
    parts = [f"{kpi.key}.{part}" for part in kpi.parts if part not in ("values", "median", "p90")]
    return frame[parts].astype(float).sum().to_frame().T


def _pooled(kpi: Kpi, frame: pd.DataFrame, many: int) -> pd.DataFrame:
    both = pd.concat([_summed(kpi, frame.iloc[:many]), _summed(kpi, frame.iloc[many:])], ignore_index=True)
    found = measure(kpi, both, bootstrap=False)
    return pd.DataFrame({"after": [False, True], "value": found.value, "lower": found.lower, "upper": found.upper,
                         "n": size(kpi, both)})


def _weights(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame | None) -> tuple[stats.Floats, stats.Floats]:
    """The weekly values (place minus rest) and one over their variance; NaN and 0 where a side has no answers."""
    value, weight = None, None
    for frame, sign in ((place, 1.0), (rest, -1.0)):
        if frame is None:
            continue
        each, _, n = _parts(kpi, frame)
        one = _parts(kpi, _summed(kpi, frame))[1][0]  # of all weeks together: that of a few answers is itself chance
        with np.errstate(divide="ignore"):
            spread = one / n
        value = sign * each if value is None else value + sign * each
        weight = spread if weight is None else weight + spread
    assert value is not None
    assert weight is not None
    with np.errstate(divide="ignore"):
        return value, np.where(np.isnan(value) | ~np.isfinite(weight), 0.0, 1 / np.maximum(weight, 1e-12))


def _fit(value: stats.Floats, weight: stats.Floats, design: stats.Floats,
         wanted: stats.Floats) -> tuple[float, float, float] | None:
    """Weighted regression of weekly values: the wanted sum of coefficients, its error, and the critical value that goes
    with it; None = too few weeks."""
    used = weight > 0
    m, k = int(used.sum()), design.shape[1]
    if m < k + 3 or np.linalg.matrix_rank(design[used]) < k:
        return None
    lags = max(1, int(m**0.5))
    x, w = design[used], weight[used] / weight[used].mean()
    bread = np.linalg.inv((x * w[:, None]).T @ x)
    found = bread @ (x * w[:, None]).T @ value[used]
    left = value[used] - x @ found
    spread = float(wanted @ _robust(x * (w * left)[:, None], bread, lags) @ wanted)
    b = (lags + 1) / m
    critical = 1.96 + 2.9694 * b + 0.4160 * b**2 - 0.5324 * b**3  # Kiefer & Vogelsang 2005, table 1, Bartlett
    off = np.sqrt(w) * left
    rho = float((off[1:] * off[:-1]).sum() / max((off**2).sum(), 1e-12))
    rho = min(max(rho + (1 + 3 * rho) / m, 0.0), 0.9)  # Kendall 1954: residuals show less than there is
    again = float(wanted @ bread @ wanted) * float((off**2).sum()) / (m - k) * (1 + rho) / (1 - rho)
    return (float(wanted @ found), float(np.sqrt(max(spread, again, 0.0))),
            max(critical, float(special.stdtrit(m - k, 0.975))))


def _robust(scores: stats.Floats, bread: stats.Floats, lags: int) -> stats.Floats:
    """Covariance of weighted least squares, robust against autocorrelation up to so many weeks (Newey & West 1987, with
    n/(n − k)). scores: a row per week."""
    m, k = scores.shape
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        one = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (one + one.T)
    return bread @ meat @ bread * (m / (m - k))


def _estimate(value: float, error: float, critical: float) -> Estimate:
    p = 1.0 if error == 0 and value == 0 else 0.0 if error == 0 else float(
        2 * special.ndtr(-abs(value / error) * 1.96 / critical))
    return Estimate(value, value - critical * error, value + critical * error, p)


def _difference(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame, four: pd.DataFrame, many: int) -> Estimate | None:
    value, weight = _weights(kpi, place, rest)
    post = np.repeat([0.0, 1.0], many)
    if min((weight[:many] > 0).sum(), (weight[many:] > 0).sum()) < FEWEST_WEEKS:
        return None
    fitted = _fit(value, weight, np.column_stack([np.ones(2 * many), post]), np.array([0.0, 1.0]))
    if fitted is None:
        return None
    sampling = sum(_parts(kpi, _summed(kpi, part))[1][0] / max(_parts(kpi, _summed(kpi, part))[2][0], 1)
                   for frame in (place, rest) for part in (frame.iloc[:many], frame.iloc[many:]))
    at = four.set_index(["side", "after"])["value"]
    change = (at["place", True] - at["place", False]) - (at["rest", True] - at["rest", False])
    return _estimate(float(change), max(fitted[1], float(np.sqrt(sampling))), fitted[2])


def _leaning(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame, before: int) -> bool:
    """Whether place and rest were surely drifting apart or together before the start."""
    if before < COURSE_BEFORE:
        return False
    value, weight = _weights(kpi, place.iloc[:before], rest.iloc[:before])
    fitted = _fit(value, weight, np.column_stack([np.ones(before), np.arange(before)]), np.array([0.0, 1.0]))
    return fitted is not None and abs(fitted[0]) > fitted[1] * fitted[2]


def _course(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame | None, before: int, after: int) -> Estimate | None:
    """Level and slope change at the start, told as the mean change over the weeks after."""
    value, weight = _weights(kpi, place, rest)
    used = weight > 0
    if used[:before].sum() < COURSE_BEFORE or used[before:].sum() < COURSE_AFTER:
        return None
    week = np.arange(-before, after, dtype=float)
    post = (week >= 0).astype(float)
    design = np.column_stack([np.ones(len(week)), week, post, week * post])
    at = np.average(week[used & (week >= 0)], weights=weight[used & (week >= 0)])
    wanted = np.array([0.0, 0.0, 1.0, at])
    fitted = _fit(value, weight, design, wanted)
    if fitted is None:
        return None
    scaled = design[used] * weight[used, None]
    sampling = float(np.sqrt(max(wanted @ np.linalg.pinv(scaled.T @ design[used]) @ wanted, 0.0)))
    return _estimate(fitted[0], max(fitted[1], sampling), fitted[2])


def _verdict(found: Estimate, direction: int, expected: float | None) -> tuple[Verdict, str]:
    low, high = (found.lower, found.upper) if direction > 0 else (-found.upper, -found.lower)
    hoped = None if expected is None else expected * direction
    if low > 0:
        return "worked", "less" if hoped is not None and high < hoped else "good"
    if high < 0:
        return "did_not", "worse"
    if hoped is not None and high < hoped:
        return "did_not", "too_little"
    return "cannot_tell", "chance"


def _series(kpi: Kpi, place: pd.DataFrame, rest: pd.DataFrame | None, before: int) -> pd.DataFrame:
    frame = pd.DataFrame({"after": np.arange(len(place)) >= before, "place": measure(kpi, place, bootstrap=False).value,
                          "place_n": size(kpi, place)})
    if rest is None:
        return frame.assign(rest=np.nan, rest_n=0)
    return frame.assign(rest=measure(kpi, rest, bootstrap=False).value, rest_n=size(kpi, rest))


def _not(clause: Clause) -> Clause:
    return Clause(f"({clause.sql}) IS NOT TRUE", clause.params)
