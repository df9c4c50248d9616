"""What comes of how something was taken down, not of how customers fared: no finding is made of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.metrics.friction_later import Ints
from cx.metrics.kpi_registry import MINIMUM_N
from cx.metrics.stats import Floats


def lists_of_complaints(complaint: Floats, touchpoint: Ints) -> Ints:
    """Touchpoints (codes) that hold nothing but complaints: there they are taken down, and where they arose is not
    told. complaint: of each row, 1, 0, NaN = nothing known; touchpoint: -1 = none."""
    at = touchpoint[touchpoint >= 0]
    n, complaints = np.bincount(at), np.bincount(at, complaint[touchpoint >= 0] == 1)
    return np.flatnonzero((n >= MINIMUM_N) & (complaints == n))


def went_on_or_not(stayed: Floats, touchpoint: Ints, upload: NDArray[np.integer]) -> Floats:
    """Who did not go on (1, 0, NaN = not known) without the rows of an upload at a touchpoint where all of them went
    on, or none: the file writes a next step beside each, or holds none. upload: of each row."""
    at = np.flatnonzero(~np.isnan(stayed) & (touchpoint >= 0))
    codes, _ = pd.factorize(pd.factorize(upload[at])[0] * (touchpoint.max(initial=-1) + 1) + touchpoint[at])
    n, stay = np.bincount(codes), np.bincount(codes, stayed[at])
    decided = (n >= MINIMUM_N) & ((stay == n) | (stay == 0))
    result = stayed.copy()
    result[at[decided[codes]]] = np.nan
    return result
