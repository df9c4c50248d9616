"""Intervals and tests. Arrays in, arrays out: a whole trend is one call. What is undefined (n too small) is NaN.

Everything works on sufficient statistics (counts; n, sum and sum of squares), so segments can be added up before an
interval is taken, and nobody averages averages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
BOOTSTRAP_RESAMPLES = 999
_Z_OF_THREE_QUARTERS = 0.6745
_NORMAL_TO_MEAN_DEVIATION = 1.253314  # standard deviation / mean absolute deviation of a normal distribution


@dataclass(frozen=True)
class Interval:
    """Estimates with the bounds of their confidence interval; arrays of one shape, NaN where undefined."""

    value: Floats
    lower: Floats
    upper: Floats

    def times(self, factor: float) -> Interval:
        """The same in another unit (a positive factor)."""
        return Interval(self.value * factor, self.lower * factor, self.upper * factor)


@dataclass(frozen=True)
class Difference:
    """First minus second with its interval, and the two-sided p-value of "no difference"; NaN where undefined."""

    value: Floats
    lower: Floats
    upper: Floats
    p: Floats

    def times(self, factor: float) -> Difference:
        """The same in another unit (a positive factor); p stays."""
        return Difference(self.value * factor, self.lower * factor, self.upper * factor, self.p)


# --- one sample ---


def wilson(successes: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """A share 0–1 with its score interval (Wilson 1927; recommended by Newcombe 1998). n = 0 → NaN."""
    hits, size = _floats(successes, n)
    z = _z(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / size
        middle = (hits + z**2 / 2) / (size + z**2)
        half = z / (size + z**2) * np.sqrt(np.maximum(hits * (size - hits) / size + z**2 / 4, 0))
    none = ~(size > 0)
    # at the ends the bound is exactly 0 or 1; rounding must not move it
    lower = np.where(hits <= 0, 0.0, np.clip(middle - half, 0, 1))
    upper = np.where(hits >= size, 1.0, np.clip(middle + half, 0, 1))
    return _blank(none, share, lower, upper)


def net_score(plus: ArrayLike, minus: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """100 · (plus − minus)/n (NPS, net emotion) with the adjusted Wald interval of MeasuringU: ¾ more on either side,
    3 more answers. The point is not adjusted; near ±100 the bounds are widened to hold it. n = 0 → NaN."""
    up, down, size = _floats(plus, minus, n)
    centre, variance = _adjusted_net(up, down, size)
    half = _z(confidence) * np.sqrt(variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (up - down) / size
        lower, upper = np.minimum(centre - half, value), np.maximum(centre + half, value)
    return _blank(~(size > 0), value, np.clip(lower, -1, 1), np.clip(upper, -1, 1)).times(100)


def mean(n: ArrayLike, total: ArrayLike, squares: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """The mean with its Student t interval, from n, sum and sum of squares. n = 0 → NaN; n = 1 → no bounds."""
    size, first, second = _floats(n, total, squares)
    value, variance = _moments(size, first, second)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = special.stdtrit(np.where(size > 1, size - 1, np.nan), (1 + confidence) / 2) * np.sqrt(variance / size)
    return _blank(~(size > 0), value, value - half, value + half)


def bootstrap_mean(values: Sequence[float] | Floats, confidence: float = CONFIDENCE, seed: int = 0) -> Interval:
    """The mean of one sample with its bootstrap-t interval (Efron & Tibshirani 1993, section 12.5). 0-d arrays.

    Of skewed values (order values) it covers more than the bias-corrected accelerated bootstrap and Student's t
    (docs/coverage.md). Fewer than two values → no bounds; all the same → that value; so few different values that
    resamples are often all the same → Student's t.
    """
    sample = np.asarray(values, dtype=float)
    plain = mean(sample.size, sample.sum(), (sample**2).sum(), confidence)
    if sample.size < 2:
        return plain
    if np.ptp(sample) == 0:
        return Interval(*(np.array(sample[0]) for _ in range(3)))
    again = sample[np.random.default_rng(seed).integers(0, sample.size, (BOOTSTRAP_RESAMPLES, sample.size))]
    spread = again.std(axis=1, ddof=1)
    varied = spread > 0
    tail = (1 - confidence) / 2
    if float((~varied).mean()) > tail:
        return plain
    value, error = sample.mean(), sample.std(ddof=1)
    low, high = np.quantile((again[varied].mean(axis=1) - value) / spread[varied], [tail, 1 - tail])
    return Interval(np.array(value), np.array(value - high * error), np.array(value - low * error))


def quantile(values: ArrayLike, counts: ArrayLike | None = None, q: float = 0.5,
             confidence: float = CONFIDENCE) -> Interval:
    """A quantile of one sample with its distribution-free interval between two order statistics. 0-d arrays.

    values  the sample, in any order; with `counts`, its distinct values, each that often
    The ranks are binomial (Hahn & Meeker 1991, section 5.2); where the sample is too small for a bound on one side
    (rank 0 or n + 1) that bound is NaN.
    """
    sample = np.asarray(values, dtype=float)
    times = np.ones(sample.shape) if counts is None else np.asarray(counts, dtype=float)
    order = np.argsort(sample, kind="stable")
    sample, upto = sample[order], np.cumsum(times[order])
    nan = np.array(np.nan)
    if sample.size == 0 or upto[-1] < 1:
        return Interval(nan, nan, nan)
    n = int(upto[-1])

    def at(rank: int) -> float:
        return float(sample[np.searchsorted(upto, rank)])

    place = 1 + (n - 1) * q  # linear between the two neighbours, as quantile_cont in SQL
    below = int(np.floor(place))
    value = at(below) + (place - below) * (at(min(below + 1, n)) - at(below))
    # largest l with P(X < l) <= a/2 and smallest u with P(X >= u) <= a/2, X ~ Binomial(n, q)
    tail = (1 - confidence) / 2
    from scipy import stats  # heavy to load, and waiting times are not on every page

    low = int(stats.binom.ppf(tail, n, q))
    while low > 0 and stats.binom.cdf(low - 1, n, q) > tail:
        low -= 1
    high = int(stats.binom.ppf(1 - tail, n, q)) + 1
    return Interval(np.array(value), np.array(at(low)) if low >= 1 else nan,
                    np.array(at(high)) if high <= n else nan)


def robust_z(values: ArrayLike) -> Floats:
    """How many robust standard deviations each value lies from the median: the modified z-score of Iglewicz & Hoaglin
    (1993), 0.6745 · (x − median) / MAD. Where more than half are the same (MAD 0), by the mean absolute deviation;
    where all are, 0."""
    sample = np.asarray(values, dtype=float)
    off = sample - np.median(sample)
    middle = float(np.median(np.abs(off)))
    scale = middle / _Z_OF_THREE_QUARTERS if middle > 0 else float(np.mean(np.abs(off))) * _NORMAL_TO_MEAN_DEVIATION
    return off / scale if scale > 0 else np.zeros(sample.shape)


# --- two samples ---


def difference_of_shares(first: ArrayLike, first_n: ArrayLike, second: ArrayLike, second_n: ArrayLike, *,
                         confidence: float = CONFIDENCE) -> Difference:
    """Difference of two independent shares: Newcombe's hybrid score interval (1998, method 10) and the N−1
    two-proportion test (Campbell 2007)."""
    a, n_a, b, n_b = _floats(first, first_n, second, second_n)
    one, two = wilson(a, n_a, confidence), wilson(b, n_b, confidence)
    value = one.value - two.value
    lower = value - np.sqrt((one.value - one.lower)**2 + (two.upper - two.value)**2)
    upper = value + np.sqrt((one.upper - one.value)**2 + (two.value - two.lower)**2)
    return Difference(value, lower, upper, two_proportions(a, n_a, b, n_b))


def two_proportions(first: ArrayLike, first_n: ArrayLike, second: ArrayLike, second_n: ArrayLike) -> Floats:
    """Two-sided p-value of "the two shares are the same": the N−1 chi-squared test (Campbell 2007).

    Both shares 0, or both 1 → p = 1. A sample of none → NaN.
    """
    a, n_a, b, n_b = _floats(first, first_n, second, second_n)
    total = n_a + n_b
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (a + b) / total
        error = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
        z = (a / n_a - b / n_b) * np.sqrt((total - 1) / total) / error
    p = 2 * special.ndtr(-np.abs(z))
    p = np.where((error == 0) & (n_a > 0) & (n_b > 0), 1.0, p)
    return np.where((n_a > 0) & (n_b > 0), p, np.nan)


def odds_ratio(first: ArrayLike, first_n: ArrayLike, second: ArrayLike, second_n: ArrayLike, *,
               confidence: float = CONFIDENCE) -> Interval:
    """Odds of the first share over the odds of the second, with Woolf's logit interval (1955).

    Where one of the four counts is 0, ½ is added to all of them (Haldane 1956). A sample of none → NaN.
    """
    a, n_a, b, n_b = _floats(first, first_n, second, second_n)
    counts = np.stack([a, n_a - a, b, n_b - b])
    counts = counts + np.where((counts == 0).any(axis=0), 0.5, 0.0)
    log = np.log(counts[0]) - np.log(counts[1]) - np.log(counts[2]) + np.log(counts[3])
    half = _z(confidence) * np.sqrt((1 / counts).sum(axis=0))
    return _blank(~((n_a > 0) & (n_b > 0)), np.exp(log), np.exp(log - half), np.exp(log + half))


def difference_of_net_scores(plus: ArrayLike, minus: ArrayLike, n: ArrayLike, other_plus: ArrayLike,
                             other_minus: ArrayLike, other_n: ArrayLike, *,
                             confidence: float = CONFIDENCE) -> Difference:
    """Difference of two independent net scores (100 · …): Wald on the adjusted variances of `net_score`."""
    a, b, size, c, d, other = _floats(plus, minus, n, other_plus, other_minus, other_n)
    centre, variance = _adjusted_net(a, b, size)
    other_centre, other_variance = _adjusted_net(c, d, other)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (a - b) / size - (c - d) / other
        error = np.sqrt(variance + other_variance)
        p = 2 * special.ndtr(-np.abs((centre - other_centre) / error))
    middle, half = centre - other_centre, _z(confidence) * error
    none = ~((size > 0) & (other > 0))
    bounds = _blank(none, value, np.clip(middle - half, -2, 2), np.clip(middle + half, -2, 2))
    return Difference(bounds.value, bounds.lower, bounds.upper, np.where(none, np.nan, p)).times(100)


def difference_of_means(n: ArrayLike, total: ArrayLike, squares: ArrayLike, other_n: ArrayLike,
                        other_total: ArrayLike, other_squares: ArrayLike, *,
                        confidence: float = CONFIDENCE) -> Difference:
    """Difference of two independent means: Welch's interval and test, from n, sum and sum of squares.

    A sample of fewer than two → difference without bounds or p. No variation on both sides → p = 1 or 0.
    """
    size, first, second, other, other_first, other_second = _floats(n, total, squares, other_n, other_total,
                                                                    other_squares)
    value, variance = _moments(size, first, second)
    other_value, other_variance = _moments(other, other_first, other_second)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = variance / size, other_variance / other
        error = np.sqrt(a + b)
        freedom = (a + b)**2 / (a**2 / (size - 1) + b**2 / (other - 1))
        difference = value - other_value
        p = 2 * special.stdtr(freedom, -np.abs(difference / error))
        half = special.stdtrit(freedom, (1 + confidence) / 2) * error
    still = (error == 0) & (size > 1) & (other > 1)
    p = np.where(still, np.where(difference == 0, 1.0, 0.0), p)
    half = np.where(still, 0.0, half)
    return Difference(difference, difference - half, difference + half, p)


def difference_of_medians(first: ArrayLike, second: ArrayLike, *, confidence: float = CONFIDENCE) -> Difference:
    """Difference of the medians of two independent samples, distribution-free: the standard error of each from two of
    its order statistics (Price & Bonett 2002), Wald's interval and test. 0-d arrays.

    A sample of none → NaN; of fewer than five, or where more than half of both are one value → no bounds or p.
    """
    (one, error), (two, other_error) = (_median(np.asarray(sample, dtype=float)) for sample in (first, second))
    value, error = one - two, float(np.hypot(error, other_error))
    if not error > 0:
        nan = np.array(np.nan)
        return Difference(np.array(value), nan, nan, nan)
    half = _z(confidence) * error
    return Difference(np.array(value), np.array(value - half), np.array(value + half),
                      np.array(2 * special.ndtr(-abs(value / error))))


def adjusted(p: ArrayLike) -> Floats:
    """Benjamini–Hochberg adjusted p-values (false discovery rate); NaN stays NaN and does not count as a test."""
    given = np.asarray(p, dtype=float)
    result = np.full(given.shape, np.nan)
    known = ~np.isnan(given)
    if known.any():
        tests = given[known]
        order = np.argsort(tests)
        times = tests[order] * len(tests) / np.arange(1, len(tests) + 1)
        step_up = np.empty(len(tests))
        step_up[order] = np.minimum.accumulate(times[::-1])[::-1]
        result[known] = np.minimum(step_up, 1)
    return result


# --- helpers ---


def _adjusted_net(plus: Floats, minus: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Centre and variance (of the centre) of a net share, ¾ added on either side and 3 to n."""
    up, down = (plus + 0.75) / (n + 3), (minus + 0.75) / (n + 3)
    return up - down, (up + down - (up - down)**2) / (n + 3)


def _median(sample: Floats) -> tuple[float, float]:
    """The median and its standard error."""
    n = sample.size
    if n < 5:
        return (float(np.median(sample)), np.nan) if n else (np.nan, np.nan)
    ordered = np.sort(sample)
    rank = max(int((n + 1) / 2 - np.sqrt(n)), 1)
    outside = special.bdtr(rank - 1, n, 0.5)  # how often the median lies below the lower of the two ranks
    return float(np.median(ordered)), float((ordered[n - rank] - ordered[rank - 1]) / (2 * special.ndtri(1 - outside)))


def _moments(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Mean and sample variance (n − 1)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(n > 0, total / n, np.nan)
        spread = squares - total * value
        # what is left of equal numbers is rounding, not spread
        spread = np.where(spread <= 1e-12 * np.abs(squares), 0.0, spread)
        return value, np.where(n > 1, spread / (n - 1), np.nan)


def _floats(*given: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in given)))


def _blank(none: NDArray[np.bool_], *parts: Floats) -> Interval:
    return Interval(*(np.where(none, np.nan, part) for part in parts))


def _z(confidence: float) -> float:
    return float(special.ndtri((1 + confidence) / 2))
