"""Histograms of numbers (cx.metrics.funnel_tally), compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Any1 = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def add_histogram(numbers: Any1, shift: int, counts: Ints) -> None:
    """Count each number at its place without its last `shift` bits."""
    for number in numbers:
        counts[number >> shift] += 1


@njit(cache=True, nogil=True)
def those_in(numbers: Any1, shift: int, head: int) -> Any1:
    """The last `shift` bits of the numbers that begin with `head`."""
    found, rest = 0, (1 << shift) - 1
    inside = np.empty(len(numbers) + 1, numbers.dtype)
    for number in numbers:  # written in any case, so that nothing is to be guessed
        inside[found] = number & rest
        found += number >> shift == head
    return inside[:found]
