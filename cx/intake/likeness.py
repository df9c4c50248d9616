"""How alike a column is to the columns of labelled sheets: a second opinion beside the rules of `mapping`.

A multinomial logistic regression (a softmax over the weights of likeness.tsv) of what can be counted in a column: the
words, concepts and letters of its header, what kind of values it holds, and where it stands among the sheet's dates
and numbers. The file is written by `python -m benchmarks.likeness` from the labelled sheets of the tests; every weight
in it can be read, and `why` says which of them speak for a role.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from cx.intake.profile import Profile
from cx.intake.reading import read_header

FILE = Path(__file__).with_suffix(".tsv")
_LEAST = 0.001
"""A likelihood below it says no more than this."""
_SHARES = (0, 0.3, 0.7, 0.95)
_EDGES: dict[str, tuple[float, ...]] = {
    "numbers": _SHARES, "times": _SHARES, "flags": _SHARES, "emotions": _SHARES, "durations": _SHARES,
    "prose": _SHARES, "whole": _SHARES, "filled": _SHARES, "share_distinct": (0.05, 0.15, 0.3, 0.5, 0.9, 0.98),
    "distinct": (1, 2, 3, 5, 7, 11, 20), "length": (1, 2, 4, 8, 15, 25, 50), "words": (1, 1.5, 2.5, 4, 7)}
_LIMITS: dict[str, tuple[float, ...]] = {
    "lowest": (-1, -0.5, 0.5, 1.5, 10), "highest": (1, 3, 4, 5, 6, 7, 9, 10, 11, 31, 100, 1000, 10000, 1e6)}
"""Figures of a profile → where they are cut; `_LIMITS` only of columns of numbers."""

Features = dict[str, float]


def features(profiles: Sequence[Profile]) -> list[Features]:
    """What counts in each column: name of the feature → how much of it."""
    dated = sorted((given for given in profiles if given.times > 0.7), key=lambda given: given.moment)
    numbered = [given for given in profiles
                if given.unique and given.times <= 0.7 and given.words < 1.5 and given.length >= 3]
    found = []
    for position, given in enumerate(profiles):
        each = dict.fromkeys(_of_values(given), 1.0) | dict(_of_header(given))
        if given in dated:
            place = dated.index(given)
            each["date " + ("only" if len(dated) == 1 else "first" if place == 0 else
                            "last" if place == len(dated) - 1 else "between")] = 1.0
        if given in numbered:
            each[f"number {min(numbered.index(given), 2) + 1}"] = 1.0
        each["column " + ("1" if position == 0 else "2-3" if position < 3 else
                          "last" if position == len(profiles) - 1 else "between")] = 1.0
        found.append(each)
    return found


def _of_header(given: Profile) -> Iterator[tuple[str, float]]:
    words = given.folded.split()
    for word in words[:40]:
        yield f"word {word}", 1.0
    if words:
        yield f"begins {words[0]}", 1.0
        yield f"ends {words[-1]}", 1.0
    spelled = f" {given.folded[:200]} ".replace(" ", "_")
    for size in (3, 4):
        for start in range(len(spelled) - size + 1):
            yield f"letters {spelled[start:start + size]}", 0.4
    yield "header " + ("short" if len(words) <= 3 else "middling" if len(words) <= 6 else "long"), 1.0
    if "?" in given.header:
        yield "header asks", 1.0
    kind, spread = _kind(given)
    concepts = read_header(given.plain).concepts[:40]
    for concept in {concept for each in concepts for concept in each}:
        yield f"says {concept}", 0.7
        yield f"says {concept} of {kind} {spread}", 0.7
    if concepts:
        for concept in concepts[-1]:
            yield f"names {concept}", 1.0
            for before in concepts[-2] if len(concepts) > 1 else ("nothing",):
                yield f"names {concept} after {before}", 1.0


def _kind(given: Profile) -> tuple[str, str]:
    kind = "times" if given.times > 0.7 else "numbers" if given.numbers > 0.9 else (
        "flags" if given.flags > 0.9 else "texts")
    return kind, "unique" if given.unique else "repeated" if given.share_distinct > 0.25 else "few"


def _of_values(given: Profile) -> Iterator[str]:
    for name, edges in (_EDGES | (_LIMITS if given.numbers > 0.9 else {})).items():
        value = getattr(given, name)
        above = [edge for edge in edges if value > edge]
        yield f"{name} over {above[-1]:g}" if above else f"{name} least"
    yield "holds {} {}".format(*_kind(given))
    yield f"order {given.time_format.order if given.time_format else None}"
    yield f"answers {given.family}"
    yield f"personal {given.personal}"
    yield f"unique {given.unique}"
    texts = given.texts[:20]
    shapes = {re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text[:40]))[:12] for text in texts}
    if len(shapes) <= 3:
        yield from (f"shape {shape}" for shape in shapes)
    if given.distinct <= 20:
        yield from (f"value {text[:20].casefold()}" for text in texts)


@cache
def _weights() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """What each role is worth by itself, and each feature to each role."""
    weights: dict[str, dict[str, float]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        name, *told = line.split("\t")
        weights[name] = {role: float(weight) for role, weight in (each.split(" ") for each in told)}
    return weights.pop(""), weights


def likeness(profiles: Sequence[Profile]) -> dict[str, dict[str, float]]:
    """Header → role → how likely a column like it has that role; the roles of a column add up to 1."""
    alone, weights = _weights()
    found = {}
    for given, counted in zip(profiles, features(profiles), strict=True):
        worth = dict(alone)
        for name, much in counted.items():
            for role, weight in weights.get(name, {}).items():
                worth[role] += weight * much
        most = max(worth.values())
        raised = {role: math.exp(value - most) for role, value in worth.items()}
        whole = sum(raised.values())
        found[given.header] = {role: value / whole for role, value in raised.items()}
    return found


def odds(likely: Mapping[str, float], role: str, other: str = "attribute") -> float:
    """How much likelier one role is than another, as a logarithm; at most 7 in size."""
    return math.log((likely.get(role, 0.0) + _LEAST) / (likely.get(other, 0.0) + _LEAST))


def why(profiles: Sequence[Profile], header: str, role: str, most: int = 5) -> list[tuple[str, float]]:
    """The features of a column that speak most for a role (or against it), and how much."""
    counted = next(each for given, each in zip(profiles, features(profiles), strict=True) if given.header == header)
    told = [(name, round(much * _weights()[1].get(name, {}).get(role, 0.0), 2)) for name, much in counted.items()]
    return sorted((each for each in told if each[1]), key=lambda each: -abs(each[1]))[:most]
