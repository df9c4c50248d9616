"""Rows that belong together, told by one number of 64 bits (a code) each."""

from __future__ import annotations

import numpy as np

from cx.store.derive_rows import Array

_STEP = 65_536  # codes that are numbered before there is a look whether there is room for more
_FULL = 0.75  # of the hash table, at most


class Groups:
    """Numbers the different codes, 0 and more, in the order they are first met. Holds 10 to 26 bytes of each."""

    def __init__(self) -> None:
        self._slots, self._known, self._many = np.full(1024, -1, np.int32), np.empty(512, np.int64), 0

    def __len__(self) -> int:
        return self._many

    @property
    def codes(self) -> Array:
        """The different codes, by number."""
        return self._known[:self._many]

    def numbers(self, codes: Array) -> Array:
        """The number of each code, int32. codes: int64."""
        from cx.store.derive_kernel import numbers_of  # compiles on import: not at the start of the app

        found = np.empty(len(codes), np.int32)
        for start in range(0, len(codes), _STEP):
            part = codes[start:start + _STEP]
            self._make_room(self._many + len(part))
            self._many = numbers_of(part, self._slots, self._known, self._many, found[start:start + _STEP])
        return found

    def _make_room(self, most: int) -> None:
        from cx.store.derive_kernel import numbers_of

        if most > len(self._known):
            self._known = np.concatenate([self.codes, np.empty(max(most, self._many * 3 // 2) - self._many, np.int64)])
        if most > _FULL * len(self._slots):
            self._slots = np.full(max(int(most / _FULL) + 1, len(self._slots) * 3 // 2), -1, np.int32)
            again = self.codes.copy()
            numbers_of(again, self._slots, self._known, 0, np.empty(len(again), np.int32))
