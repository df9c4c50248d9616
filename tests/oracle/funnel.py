"""A brute-force twin of the funnel: it tries every way to fill the steps. Slow, for journeys of a few interactions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

Row = tuple[int, frozenset[str]]  # time, names that the interaction has (more than one only to test overlap)
Times = tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """steps: names any of which fills the step · window: None = no limit · exclusions: (names, from, to), 1-based
    begin, finish: attempts start at begin <= time < finish; None = no bound
    optional: per step, whether it may be skipped · within: per step, longest time since the required step before
    exclusions name positions among the required steps"""

    steps: tuple[frozenset[str], ...]
    order: str = "ordered"
    window: int | None = None
    exclusions: tuple[tuple[frozenset[str], int, int], ...] = ()
    begin: int | None = None
    finish: int | None = None
    optional: tuple[bool, ...] = ()
    within: tuple[int | None, ...] = ()

    @property
    def required(self) -> tuple[int, ...]:
        """Places (0-based) of the steps that may not be skipped."""
        return tuple(place for place in range(len(self.steps)) if not (self.optional and self.optional[place]))

    def gap(self, place: int) -> float:
        """The longest time since the required step before the step at that place (0-based)."""
        return inf if not self.within or self.within[place] is None else float(self.within[place] or 0)

    def deadline(self, attempt: Times) -> float:
        """Until when an attempt that has reached so many required steps may go on."""
        whole = inf if self.window is None else attempt[0] + self.window
        if len(attempt) == len(self.required):
            return whole
        return min(whole, attempt[-1] + self.gap(self.required[len(attempt)]))


def best_attempt(journey: Sequence[Row], asked: Question) -> Times:
    """Arrival times of the customer's best attempt, one per required step reached; () = none."""
    best: Times = ()
    for start in sorted({time for time, _ in journey}):
        attempt = attempt_from(journey, start, asked)
        if len(attempt) > len(best):
            best = attempt
    return best


def arrivals(journey: Sequence[Row], asked: Question) -> tuple[int | None, ...]:
    """Arrival times of the best attempt at every step, None = not reached or skipped; () = no attempt.

    Of all ways to take different interactions for the required steps at their times and for any of the others in
    between, the one in which the first of the others is earliest, then the next, and so on (skipped = last of all).
    In any order the step at a place is whichever was filled in that place.
    """
    attempt = best_attempt(journey, asked)
    if not attempt:
        return ()
    if asked.order == "any":
        return attempt + (None,) * (len(asked.steps) - len(attempt))
    fixed = dict(zip(asked.required, attempt, strict=False))
    last = max(fixed)
    reach = [place for place in range(len(asked.steps)) if place in fixed or place < last or (
        place > last and not any(other not in fixed for other in asked.required if other <= place))]
    ways = []
    choices = [[row for row in range(len(journey)) if journey[row][1] & asked.steps[place]
                and (place not in fixed or journey[row][0] == fixed[place])] + ([] if place in fixed else [None])
               for place in reach]
    for chosen in itertools.product(*choices):
        taken = [row for row in chosen if row is not None]
        if len(set(taken)) < len(taken):
            continue
        times = [inf if row is None else journey[row][0] for row in chosen]
        if _fits(reach, times, fixed, attempt, asked):
            ways.append(times)
    best = dict(zip(reach, min(ways), strict=True))
    return tuple(None if best.get(place, inf) == inf else int(best[place]) for place in range(len(asked.steps)))


def _fits(reach: Sequence[int], times: Sequence[float], fixed: dict[int, int], attempt: Times, asked: Question) -> bool:
    """Whether steps that may be skipped lie in order between those around them, inside their times."""
    known = [time for time in times if time != inf]
    if known != sorted(known):
        return False
    for place, time in zip(reach, times, strict=True):
        before = max((other for other in fixed if other < place), default=None)
        if place not in fixed and time != inf and before is not None:
            if time > fixed[before] + asked.gap(place):
                return False
            if before == max(fixed) and time > asked.deadline(attempt):
                return False
    return True


def open_until(journey: Sequence[Row], asked: Question) -> float | None:
    """The latest moment until which an attempt that counts may go on, whichever way it took; None = none can."""
    found = []
    for start in {time for time, _ in journey}:
        if attempt_from(journey, start, asked):
            going = [times for times in _ways(journey, start, asked, unbroken=True) if len(times) < len(asked.required)]
            found += [asked.deadline(times) for times in going]
    return max(found, default=None)


def attempt_from(journey: Sequence[Row], start: int, asked: Question) -> Times:
    """The attempt that starts at that time: the furthest, with the earliest arrivals; () where an exclusion or the
    period removes it."""
    if (asked.begin is not None and start < asked.begin) or (asked.finish is not None and start >= asked.finish):
        return ()
    possible = _ways(journey, start, asked)
    if not possible:
        return ()
    furthest = max(len(times) for times in possible)
    attempt = min(times for times in possible if len(times) == furthest)
    return () if _excluded(journey, attempt, asked) else attempt


def _ways(journey: Sequence[Row], start: int, asked: Question, *, unbroken: bool = False) -> list[Times]:
    """Every way to fill some first of the required steps from that time, inside all windows. `unbroken`: and that
    nothing has ended by now, as in strict order whatever else the customer did next."""
    steps = [asked.steps[place] for place in asked.required]
    gaps = [asked.gap(place) for place in asked.required]
    ways = _strict(journey, steps, unbroken) if asked.order == "strict" else (
        {"ordered": _ordered, "any": _any_order}[asked.order](journey, steps))
    return [times for times in ways
            if times[0] == start and (asked.window is None or times[-1] <= start + asked.window)
            and all(later - earlier <= gap for earlier, later, gap in zip(times, times[1:], gaps[1:], strict=False))]


def _ordered(journey: Sequence[Row], steps: Sequence[frozenset[str]]) -> Iterator[Times]:
    """Every choice of different interactions for steps 1…m, none before the one for the step before."""
    for many in range(1, len(steps) + 1):
        for chosen in itertools.permutations(journey, many):
            times = tuple(time for time, _ in chosen)
            if times == tuple(sorted(times)) and all(names & step for (_, names), step in zip(chosen, steps, strict=False)):
                yield times


def _any_order(journey: Sequence[Row], steps: Sequence[frozenset[str]]) -> Iterator[Times]:
    """Every choice of different interactions for any m different steps."""
    for many in range(1, len(steps) + 1):
        for chosen in itertools.combinations(range(len(journey)), many):
            for wanted in itertools.permutations(range(len(steps)), many):
                if all(journey[row][1] & steps[step] for row, step in zip(chosen, wanted, strict=True)):
                    yield tuple(sorted(journey[row][0] for row in chosen))
                    break


def _strict(journey: Sequence[Row], steps: Sequence[frozenset[str]], unbroken: bool) -> Iterator[Times]:
    """Every run of neighbours, in every order that the times allow; `unbroken`: those that nothing follows."""
    for line in itertools.permutations(journey):
        times = [time for time, _ in line]
        if times != sorted(times):
            continue
        for first in range(len(line)):
            for many in range(1, min(len(steps), len(line) - first) + 1):
                run = line[first:first + many]
                if all(names & step for (_, names), step in zip(run, steps, strict=False)) and (
                        not unbroken or first + many == len(line)):
                    yield tuple(time for time, _ in run)


def _excluded(journey: Sequence[Row], attempt: Times, asked: Question) -> bool:
    for names, first, last in asked.exclusions:
        if len(attempt) < first:
            continue
        after = attempt[first - 1]
        if len(attempt) >= last:
            before: float = attempt[last - 1]
        else:
            before = asked.deadline(attempt)
        if any(after < time < before and row & names for time, row in journey):
            return True
    return False
