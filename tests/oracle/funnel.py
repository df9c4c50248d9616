"""A brute-force twin of the funnel: it tries every way to fill the steps. Slow, for journeys of a few interactions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Row = tuple[int, frozenset[str]]  # time, names that the interaction has (more than one only to test overlap)
Times = tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """steps: names any of which fills the step · window: None = no limit · exclusions: (names, from, to), 1-based
    begin, finish: attempts start at begin <= time < finish; None = no bound"""

    steps: tuple[frozenset[str], ...]
    order: str = "ordered"
    window: int | None = None
    exclusions: tuple[tuple[frozenset[str], int, int], ...] = ()
    begin: int | None = None
    finish: int | None = None


def best_attempt(journey: Sequence[Row], asked: Question) -> Times:
    """Arrival times of the customer's best attempt, one per step reached; () = none."""
    best: Times = ()
    for start in sorted({time for time, _ in journey}):
        attempt = attempt_from(journey, start, asked)
        if len(attempt) > len(best):
            best = attempt
    return best


def last_start(journey: Sequence[Row], asked: Question) -> int | None:
    """When the latest attempt that counts starts."""
    starts = [start for start in {time for time, _ in journey} if attempt_from(journey, start, asked)]
    return max(starts, default=None)


def attempt_from(journey: Sequence[Row], start: int, asked: Question) -> Times:
    """The attempt that starts at that time: the furthest, with the earliest arrivals; () where an exclusion or the
    period removes it."""
    if (asked.begin is not None and start < asked.begin) or (asked.finish is not None and start >= asked.finish):
        return ()
    ways = {"ordered": _ordered, "any": _any_order, "strict": _strict}[asked.order](journey, asked.steps)
    possible = [times for times in ways
                if times[0] == start and (asked.window is None or times[-1] <= start + asked.window)]
    if not possible:
        return ()
    furthest = max(len(times) for times in possible)
    attempt = min(times for times in possible if len(times) == furthest)
    return () if _excluded(journey, attempt, asked) else attempt


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


def _strict(journey: Sequence[Row], steps: Sequence[frozenset[str]]) -> Iterator[Times]:
    """Every run of neighbours, in every order that the times allow."""
    for line in itertools.permutations(journey):
        times = [time for time, _ in line]
        if times != sorted(times):
            continue
        for first in range(len(line)):
            for many in range(1, min(len(steps), len(line) - first) + 1):
                run = line[first:first + many]
                if all(names & step for (_, names), step in zip(run, steps, strict=False)):
                    yield tuple(time for time, _ in run)


def _excluded(journey: Sequence[Row], attempt: Times, asked: Question) -> bool:
    for names, first, last in asked.exclusions:
        if len(attempt) < first:
            continue
        after = attempt[first - 1]
        if len(attempt) >= last:
            before: float = attempt[last - 1]
        else:
            before = float("inf") if asked.window is None else attempt[0] + asked.window
        if any(after < time < before and row & names for time, row in journey):
            return True
    return False
