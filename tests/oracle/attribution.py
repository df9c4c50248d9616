"""A brute-force twin of attribution: paths as lists, every rule by its definition, Markov by walking, Shapley by all
coalitions. Slow and plain."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

from tests.oracle.path import STAGES, Row

Path = tuple[tuple[str, int], ...]  # (channel, seconds before the end of the path)


def paths(rows: Sequence[Row], orders: dict[int, float], lookback: int | None, own: bool, collapse: bool,
          begin: int | None = None) -> tuple[list[tuple[Path, float]], list[Path]]:
    """([(path, worth) of each order], [path that led to no order]); orders: row number → worth of an order of its own."""
    bought, lost = [], []
    for customer in sorted({row[0] for row in rows}):
        mine = sorted((row[1], STAGES.index(row[2]) if row[2] in STAGES else 99, number)
                      for number, row in enumerate(rows) if row[0] == customer)
        moments = sorted({rows[number][1] for number in orders if rows[number][0] == customer})
        for before, moment in itertools.pairwise([-math.inf, *moments, math.inf]):
            met = [(second, number) for second, _, number in mine if before < second <= moment
                   and rows[number][4] is not None
                   and (own or moment == math.inf or not (number in orders and second == moment))]
            end = moment if moment < math.inf else met[-1][0] if met else 0
            if begin is not None and end < begin:
                continue
            met = [(second, number) for second, number in met if lookback is None or end - second <= lookback]
            if collapse:
                met = [each for place, each in enumerate(met)
                       if place + 1 == len(met) or rows[met[place + 1][1]][4] != rows[each[1]][4]]
            path = tuple((rows[number][4] or "", end - second) for second, number in met)
            if moment == math.inf:
                if path:
                    lost.append(path)
            else:
                bought += [(path, worth) for number, worth in sorted(orders.items())
                           if rows[number][0] == customer and rows[number][1] == moment]
    return bought, lost


def credits(bought: Sequence[tuple[Path, float]], lost: Sequence[Path], half_life: int,
            revenue: bool) -> dict[str, Counter[str]]:
    """Rule → channel ("" = not known) → purchases or revenue."""
    result: dict[str, Counter[str]] = {rule: Counter() for rule in (
        "first", "last", "linear", "position", "decay", "markov", "shapley")}
    for path, worth in bought:
        amount = worth if revenue else 1.0
        if not path:
            for rule in result:
                result[rule][""] += amount
            continue
        size = len(path)
        shares = {"first": [1.0] + [0.0] * (size - 1), "last": [0.0] * (size - 1) + [1.0],
                  "linear": [1 / size] * size,
                  "position": {1: [1.0], 2: [0.5, 0.5]}.get(size, [0.4, *[0.2 / max(size - 2, 1)] * (size - 2), 0.4])}
        decay = [2.0**(-ago / half_life) for _, ago in path]
        shares["decay"] = [each / sum(decay) for each in decay]
        for rule, parts in shares.items():
            for (channel, _), part in zip(path, parts, strict=True):
                result[rule][channel] += amount * part
    known = [(frozenset(channel for channel, _ in path), worth if revenue else 1.0) for path, worth in bought if path]
    for channel, value in shapley(known).items():
        result["shapley"][channel] += value
    total = sum(value for _, value in known)
    effects = removal([tuple(c for c, _ in path) for path, _ in bought if path], [tuple(c for c, _ in p) for p in lost])
    for channel, effect in effects.items():
        result["markov"][channel] += total * effect / sum(effects.values())
    return result


def shapley(known: Sequence[tuple[frozenset[str], float]]) -> dict[str, float]:
    """The worth of a coalition is what was bought by those who met none but its channels."""
    channels = sorted({channel for group, _ in known for channel in group})

    def worth(coalition: frozenset[str]) -> float:
        return sum(value for group, value in known if group <= coalition)

    result = dict.fromkeys(channels, 0.0)
    for channel in channels:
        others = [each for each in channels if each != channel]
        for size in range(len(channels)):
            weight = math.factorial(size) * math.factorial(len(channels) - size - 1) / math.factorial(len(channels))
            for group in itertools.combinations(others, size):
                result[channel] += weight * (worth(frozenset(group) | {channel}) - worth(frozenset(group)))
    return result


def removal(bought: Sequence[tuple[str, ...]], lost: Sequence[tuple[str, ...]], steps: int = 4000) -> dict[str, float]:
    """Share of the purchases lost without each channel, by walking the chain step after step."""
    counts: Counter[tuple[str, str]] = Counter()
    for path, end in [(path, "(bought)") for path in bought] + [(path, "(none)") for path in lost]:
        counts.update(itertools.pairwise(("(start)", *path, end)))
    totals: Counter[str] = Counter()
    for (one, _), n in counts.items():
        totals[one] += n

    def probability(without: str | None) -> float:
        there, arrived = {"(start)": 1.0}, 0.0
        for _ in range(steps):
            onward: Counter[str] = Counter()
            for (one, two), n in counts.items():
                if one in there and two != without:
                    onward[two] += there[one] * n / totals[one]
            arrived += onward.pop("(bought)", 0.0)
            onward.pop("(none)", None)
            there = dict(onward)
            if sum(there.values()) < 1e-13:
                break
        return arrived

    whole = probability(None)
    if whole == 0:
        return {}
    return {channel: 1 - probability(channel) / whole for channel in sorted({c for path in [*bought, *lost]
                                                                              for c in path})}
