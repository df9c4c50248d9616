"""How often an action is said to have worked, with and without an effect: `python benchmarks/actions.py [worlds]`.

Weekly answers at a place and elsewhere, shocks that both feel, and (autocorrelated) shocks or a drift of the place
alone; the verdict is that of `cx.metrics.effect.judge`. Results: docs/decisions/0015-actions.md.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cx.metrics import effect
from cx.metrics.kpi_registry import KPIS

KPI = KPIS["csat"]
WORLDS = (  # weeks before, after, answers a week there, elsewhere, effect, rho, shocks of the place, drift a week
    (4, 4, 40, 400, 0.0, 0.0, 0.0, 0.0), (12, 8, 25, 300, 0.0, 0.0, 0.0, 0.0), (26, 26, 10, 300, 0.0, 0.0, 0.0, 0.0),
    (12, 12, 40, 400, 0.0, 0.5, 0.05, 0.0), (26, 26, 40, 400, 0.0, 0.5, 0.05, 0.0),
    (26, 26, 40, 400, 0.0, 0.7, 0.08, 0.0), (26, 12, 40, 400, 0.0, 0.0, 0.0, 0.004),
    (12, 12, 40, 400, 0.1, 0.0, 0.0, 0.0), (12, 12, 40, 400, 0.2, 0.0, 0.0, 0.0),
    (26, 26, 40, 400, 0.1, 0.5, 0.05, 0.0))


def answers(rng: np.random.Generator, share: np.ndarray, size: int) -> pd.DataFrame:
    n = rng.poisson(size, len(share))
    return pd.DataFrame({"csat.hits": rng.binomial(n, share.clip(0.01, 0.99)).astype(float), "csat.n": n.astype(float)})


def world(rng: np.random.Generator, before: int, after: int, size: int, others: int, planted: float, rho: float,
          spread: float, drift: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    week = np.arange(-before, after)
    own, last = np.zeros(len(week)), rng.normal(0, spread)
    for at in range(len(week)):
        own[at] = last = rho * last + rng.normal(0, spread * np.sqrt(1 - rho**2))
    shock = rng.normal(0, 0.03, len(week))
    return (answers(rng, 0.5 + shock + own + planted * (week >= 0) + drift * week, size),
            answers(rng, 0.6 + shock, others))


def main(worlds: int) -> None:
    print("weeks | answers a week | effect | own shocks | drift | worked | did not | interval holds the effect")
    for before, after, size, others, planted, rho, spread, drift in WORLDS:
        rng = np.random.default_rng(2026)
        told = [effect.judge(KPI, *world(rng, before, after, size, others, planted, rho, spread, drift), before, after)
                for _ in range(worlds)]
        held = [each.change.lower <= planted <= each.change.upper for each in told if each.change]
        print(f"{before} + {after} | {size} / {others} | {planted:+.0%} | {spread:.0%} (rho {rho}) | {drift:.1%} | "
              f"{np.mean([each.verdict == 'worked' for each in told]):.1%} | "
              f"{np.mean([each.verdict == 'did_not' for each in told]):.1%} | {np.mean(held):.1%}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
