"""The attempts of the stages in use as an array in memory (cx.metrics.held_steps), and one pass over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cx.metrics.held_steps import Held, Moments, over_parts, parts_of

Array = np.ndarray[Any, Any]

_AT_ONCE = 50_000  # customers
FAR = 2**62


@dataclass(frozen=True)
class StageAttempts:
    """The attempts of the stage funnel: for each distinct time of the first stage the earliest arrivals at the others.

    stages       ids, in order
    first_start  where the attempts of each customer (as in Held.customers) begin, and the number of attempts
    times        [attempts, stages], in the numbers of `moments`, -1 = never; each customer's attempts by their start
    """

    stages: tuple[int, ...]
    moments: Moments
    first_start: Array
    times: Array

    def parts(self) -> list[tuple[int, int]]:
        """Customers (from, to) that are answered together."""
        many = len(self.first_start) - 1
        return [(low, min(low + _AT_ONCE, many)) for low in range(0, max(many, 1), _AT_ONCE)]

    def limits(self, window: int | None, edges: Sequence[int]) -> tuple[int, Array]:
        """A window and the edges of periods (microseconds) in the numbers of `moments`; without a window, the longest
        there can be."""
        ticks = np.clip([self.moments.first_from(edge) for edge in edges], -FAR, FAR).astype(np.int64)
        return FAR if window is None else min(window // self.moments.tick, FAR), ticks


def stage_attempts(found: Held) -> StageAttempts:
    """The attempts of a data version, made once. Raises Changed."""
    made: StageAttempts = found.once("attempts", lambda _: _make(found))
    return made


def _make(found: Held) -> StageAttempts:
    moments = found.moments
    return StageAttempts(found.stages, moments, *attempts_of_rows(found.stages, found.first_rows, moments.ticks,
                                                                  found.column("stage_id")))


def attempts_of_rows(stages: Sequence[int], first_rows: Array, ticks: Array, values: Array) -> tuple[Array, Array]:
    """The attempts of some customers, as in StageAttempts: (first_start, times).

    stages      ids, in order
    first_rows  where the rows of each customer start, and the number of rows; ticks, values: time and stage of each row
    """
    from cx.metrics.held_attempts_kernel import starts_of
    from cx.store.derive_kernel import attempts_of

    first_start, parts = np.zeros(len(first_rows), dtype=np.int64), parts_of(first_rows)
    if not stages:
        return first_start, np.empty((0, 0), dtype=ticks.dtype)
    step_of = np.full(max(*stages, int(values.max(initial=0))) + 2, -1, dtype=np.int64)
    for step, stage in enumerate(stages):
        step_of[stage] = step

    def rows(low: int, high: int) -> tuple[Array, Array, Array]:
        start, end = first_rows[low], first_rows[high]
        return (first_rows[low:high + 1] - start, ticks[start:end].astype(np.int64),
                values[start:end].astype(np.int32))

    def count(low: int, high: int) -> None:
        first_start[low + 1:high + 1] = starts_of(first_rows[low:high + 1], ticks, values, stages[0])

    over_parts(parts, count)
    np.cumsum(first_start, out=first_start)
    times = np.empty((first_start[-1], len(stages)), dtype=ticks.dtype)

    def fill(low: int, high: int) -> None:
        _, arrivals = attempts_of(*rows(low, high), step_of, len(stages), np.ones(high - low, dtype=np.bool_))
        times[first_start[low]:first_start[high]] = np.maximum(arrivals, -1)  # NaT's number is the smallest

    over_parts(parts, fill)
    return first_start, times


@dataclass(frozen=True)
class BestAttempts:
    """The best attempt of each customer and period: key, number of the period, arrivals [steps, attempts] and the start
    of the last attempt in microseconds (NaT's number = not reached)."""

    keys: Array
    period: Array
    times: Array
    last: Array


def best_stage_attempts(found: Held, chosen: Array | None, steps: int, window: int | None,
                        edges: Sequence[int]) -> Iterator[BestAttempts]:
    """The best attempts, part by part, of the customers chosen (by key; None = all). Raises Changed.

    steps   how many of the stages
    window  microseconds from the first stage to each later one, end included; None = no limit
    edges   microseconds: attempts that start from one on and before the next belong to a period
    """
    from cx.metrics.held_attempts_kernel import best_of_attempts

    attempts = stage_attempts(found)
    limit, ticks = attempts.limits(window, edges)

    def best(low: int, high: int) -> BestAttempts:
        who, period, times, last = best_of_attempts(
            attempts.first_start[low:high + 1], attempts.times, found.wanted(chosen, low, high), steps, limit, ticks,
            attempts.moments.tick, attempts.moments.origin)
        return BestAttempts(found.customers[low + who], period, times, last)

    parts = attempts.parts()
    for place in range(0, len(parts), 16):  # so that few answers wait
        yield from over_parts(parts[place:place + 16], best)
