"""Looks at each of many texts, compiled: in a tenth of the time, and without holding up other threads.

starts, letters  the texts (bytes of UTF-8); see cx.intake.column.letters_of
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def text_hashes(starts: Array, letters: Array, low: np.uint64, high: np.uint64) -> Array:
    """The number of each text, uint64: SipHash-2-4 (Aumasson & Bernstein 2012), its bits mixed as SplitMix64 does; the
    same as pandas.util.hash_array.

    low, high  the two halves of the key
    """
    found = np.empty(len(starts) - 1, dtype=np.uint64)
    first = (np.uint64(0x736F6D6570736575) ^ low, np.uint64(0x646F72616E646F6D) ^ high,
             np.uint64(0x6C7967656E657261) ^ low, np.uint64(0x7465646279746573) ^ high)
    for place in range(len(found)):
        v0, v1, v2, v3 = first
        start, end = starts[place], starts[place + 1]
        length = end - start
        whole = start + length // 8 * 8
        for at in range(start, whole, 8):
            word = np.uint64(0)
            for byte in range(8):
                word |= np.uint64(letters[at + byte]) << np.uint64(8 * byte)
            v3 ^= word
            for _ in range(2):
                v0, v1, v2, v3 = _round(v0, v1, v2, v3)
            v0 ^= word
        word = np.uint64(length & 255) << np.uint64(56)
        for at in range(whole, end):
            word |= np.uint64(letters[at]) << np.uint64(8 * (at - whole))
        v3 ^= word
        for _ in range(2):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
        v2 ^= np.uint64(255)
        for _ in range(4):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        mixed = v0 ^ v1 ^ v2 ^ v3
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found[place] = mixed ^ (mixed >> np.uint64(31))
    return found


@njit(cache=True, nogil=True, inline="always")
def _round(v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
           ) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 += v1
    v1 = (v1 << np.uint64(13)) | (v1 >> np.uint64(51))
    v1 ^= v0
    v0 = (v0 << np.uint64(32)) | (v0 >> np.uint64(32))
    v2 += v3
    v3 = (v3 << np.uint64(16)) | (v3 >> np.uint64(48))
    v3 ^= v2
    v0 += v3
    v3 = (v3 << np.uint64(21)) | (v3 >> np.uint64(43))
    v3 ^= v0
    v2 += v1
    v1 = (v1 << np.uint64(17)) | (v1 >> np.uint64(47))
    v1 ^= v2
    v2 = (v2 << np.uint64(32)) | (v2 >> np.uint64(32))
    return v0, v1, v2, v3


@njit(cache=True, nogil=True)
def names(starts: Array, letters: Array) -> Array:
    """True where a text is printable ASCII with single spaces, and for a word for "nothing" too long or with a digit
    or @; see cx.intake.fast_read."""
    found = np.zeros(len(starts) - 1, dtype=np.bool_)
    for place in range(len(found)):
        start, end = starts[place], starts[place + 1]
        if start == end or letters[start] == 35 or letters[end - 1] == 32:  # begins with #
            continue
        plain, telling, before = True, end - start > 30, 32
        for at in range(start, end):
            letter = letters[at]
            if letter < 32 or letter > 126 or (letter == 32 and before == 32):
                plain = False
                break
            telling = telling or (48 <= letter <= 57) or letter == 64
            before = letter
        found[place] = plain and telling
    return found


@njit(cache=True, nogil=True)
def with_digits(starts: Array, letters: Array, least: int) -> Array:
    """True where a text has an @ or may have that many digits (of any script: what is neither ASCII nor a letter that
    English or Turkish have counts as one)."""
    found = np.zeros(len(starts) - 1, dtype=np.bool_)
    for place in range(len(found)):
        digits = 0
        for at in range(starts[place], starts[place + 1]):
            letter = letters[at]
            if letter == 64:
                digits = least
                break
            digits += (48 <= letter <= 57) or letter == 0xC2 or letter > 0xC5
        found[place] = digits >= least
    return found
