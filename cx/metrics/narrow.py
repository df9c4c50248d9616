"""Numbers that are held for long, in as few bytes as hold them exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cx.metrics.stats import Floats

_MISSING = -128


def narrow(values: Floats) -> NDArray[Any]:
    """The values in as few bytes as hold them exactly; NaN = _MISSING where they are whole and small."""
    missing = np.isnan(values)
    with np.errstate(invalid="ignore"):
        whole = np.where(missing, _MISSING, values).astype(np.int8)
        if ((whole == values) & (whole != _MISSING) | missing).all():
            return whole
        short = values.astype(np.float32)
    return short if ((short == values) | missing).all() else values


def few_bytes(codes: NDArray[Any]) -> NDArray[Any]:
    """Codes from -1 in as few bytes as hold them."""
    return codes.astype(np.min_scalar_type(-int(codes.max(initial=0)) - 1))


def is_known(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the numbers of `narrow` say something."""
    known: NDArray[np.bool_] = values != _MISSING if values.dtype == np.int8 else ~np.isnan(values)
    return known


def missing_of(values: NDArray[Any]) -> float:
    """What stands for nothing among the numbers of `narrow`."""
    return float(_MISSING) if values.dtype == np.int8 else np.nan


def wide(values: NDArray[Any]) -> Floats:
    """The inverse of `narrow`."""
    wide = values.astype(np.float64)
    if values.dtype == np.int8:
        wide[values == _MISSING] = np.nan
    return wide
