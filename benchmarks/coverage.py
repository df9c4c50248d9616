"""How often a 95 % interval holds the truth, simulated; written as the table docs/coverage.md.

    python benchmarks/coverage.py > docs/coverage.md

"All" is the share of intervals that hold the truth over truths drawn evenly; "worst" the same at the truth for which it
is lowest: counts are discrete, so that no interval for a share covers 95 % at every truth.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cx.metrics import stats

SIZES = (10, 30, 100, 400, 2000)
TRUTHS, TIMES = 40, 2000
BOOTSTRAPS = 1000
NOTES = """\
Written by `python benchmarks/coverage.py`. First the share of intervals that hold the truth over truths drawn evenly,
then the same at the worst of 40 truths. Bold: the first lies outside 93–97 %.

What it says: shares, net scores and means of scores keep their promise from n = 10 on when taken over all truths. At
single truths they cannot, since counts are discrete: a rare event (0.2–2 %) among 10 answers is held 83 to 92 times in
100, and a difference of net scores of two extreme mixes of 10 answers 87 times. The median errs on the safe side with
10 values. Means of very skewed values (order values, waiting times) are held less often than promised below about 100
values; bootstrap-t is the best of three methods tried there (300 samples of log-normal values at n = 10, 30, 100: BCa
83, 91, 93 %, Student t 86, 91, 93 %, bootstrap-t 91, 94, 94 %). Below 30 answers a value is marked as few anyway.
"""
Covered = np.ndarray


def held(found: stats.Interval, truth: object) -> Covered:
    return (found.lower <= truth) & (found.upper >= truth)


def shares(n: int, rng: np.random.Generator) -> list[float]:
    truths = rng.uniform(0.02, 0.98, TRUTHS)
    return [float(held(stats.wilson(rng.binomial(n, share, TIMES), n), share).mean()) for share in truths]


def extreme_shares(n: int, rng: np.random.Generator) -> list[float]:
    truths = rng.uniform(0.002, 0.02, TRUTHS)
    return [float(held(stats.wilson(rng.binomial(n, share, TIMES), n), share).mean()) for share in truths]


def net_scores(n: int, rng: np.random.Generator) -> list[float]:
    found = []
    for mix in rng.dirichlet([1, 1, 1], TRUTHS):
        answers = rng.multinomial(n, mix, TIMES)
        found.append(float(held(stats.net_score(answers[:, 0], answers[:, 1], n), 100 * (mix[0] - mix[1])).mean()))
    return found


def means(n: int, rng: np.random.Generator) -> list[float]:
    """Effort answers 1–7 of any mix."""
    found = []
    for mix in rng.dirichlet([1] * 7, TRUTHS):
        counts = rng.multinomial(n, mix, TIMES)
        scores = np.arange(1, 8)
        found.append(float(held(stats.mean(n, counts @ scores, counts @ scores**2), float(mix @ scores)).mean()))
    return found


def skewed_means(n: int, rng: np.random.Generator) -> list[float]:
    """Waiting times: exponential."""
    values = rng.exponential(1, (TIMES, n))
    return [float(held(stats.mean(n, values.sum(axis=1), (values**2).sum(axis=1)), 1.0).mean())]


def medians(n: int, rng: np.random.Generator) -> list[float]:
    found = [stats.quantile(rng.exponential(1, n)) for _ in range(BOOTSTRAPS)]
    return [float(np.mean([bool(held(each, np.log(2))) for each in found]))]


def bootstraps(n: int, rng: np.random.Generator) -> list[float]:
    """Order values: log-normal, their logarithm with standard deviation 0.8."""
    found = [stats.bootstrap_mean(rng.lognormal(0, 0.8, n)) for _ in range(BOOTSTRAPS)]
    return [float(np.mean([bool(held(each, np.exp(0.32))) for each in found]))]


def differences_of_shares(n: int, rng: np.random.Generator) -> list[float]:
    found = []
    for one, other in rng.uniform(0.02, 0.98, (TRUTHS, 2)):
        a, b = rng.binomial(n, one, TIMES), rng.binomial(n, other, TIMES)
        found.append(float(held(_interval(stats.difference_of_shares(a, n, b, n)), one - other).mean()))
    return found


def differences_of_net_scores(n: int, rng: np.random.Generator) -> list[float]:
    found = []
    for one, other in zip(rng.dirichlet([1, 1, 1], TRUTHS), rng.dirichlet([1, 1, 1], TRUTHS), strict=True):
        a, b = rng.multinomial(n, one, TIMES), rng.multinomial(n, other, TIMES)
        truth = 100 * ((one[0] - one[1]) - (other[0] - other[1]))
        found.append(float(held(_interval(stats.difference_of_net_scores(
            a[:, 0], a[:, 1], n, b[:, 0], b[:, 1], n)), truth).mean()))
    return found


def differences_of_means(n: int, rng: np.random.Generator) -> list[float]:
    one, other = rng.normal(5, 1, (TIMES, n)), rng.normal(6, 3, (TIMES, n))
    parts = [part for each in (one, other) for part in (n, each.sum(axis=1), (each**2).sum(axis=1))]
    return [float(held(_interval(stats.difference_of_means(*parts)), -1.0).mean())]


def _interval(found: stats.Difference) -> stats.Interval:
    return stats.Interval(found.value, found.lower, found.upper)


METHODS: dict[str, Callable[[int, np.random.Generator], list[float]]] = {
    "share 2–98 % (Wilson)": shares, "share 0.2–2 % (Wilson)": extreme_shares,
    "net score (adjusted Wald)": net_scores, "mean of 1–7 (t)": means, "mean, skewed (t)": skewed_means,
    "median (order statistics)": medians, "mean, skewed (bootstrap; t above 400)": bootstraps,
    "difference of shares (Newcombe)": differences_of_shares,
    "difference of net scores (adjusted Wald)": differences_of_net_scores,
    "difference of means (Welch)": differences_of_means}


def main() -> None:
    print("# How often a 95 % interval holds the truth\n")
    print(NOTES)
    print("| Interval | " + " | ".join(f"n = {n:,}" for n in SIZES) + " |\n" + "|---" * (len(SIZES) + 1) + "|")
    for name, simulate in METHODS.items():
        cells = []
        for n in SIZES:
            if simulate is bootstraps and n > 400:
                cells.append("(t)")
                continue
            found = simulate(n, np.random.default_rng(n))
            every, worst = float(np.mean(found)), min(found)
            shown = f"{every:.1%}" if 0.93 <= every <= 0.97 else f"**{every:.1%}**"
            cells.append(shown + (f" / {worst:.1%}" if len(found) > 1 else ""))
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
