"""A brute-force twin of the paths: it writes every journey out as a list and counts by looking. Slow and plain."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

STAGES = ("awareness", "consideration", "purchase", "retention", "advocacy")
FIELDS = {"stage": 2, "touchpoint": 3, "channel": 4}
Row = tuple[int, int, str | None, str | None, str | None]  # customer, second, stage, touchpoint, channel; in load order
Step = tuple[str, list[int]]  # value, numbers of the rows in it


@dataclass(frozen=True)
class Unit:
    """A journey or session: its steps, all its rows (numbers, also of rows that are no step)."""

    customer: int
    steps: list[Step]
    rows: list[int]


def units(rows: Sequence[Row], by: str, pause: int | None, collapse: bool, begin: int | None = None,
          finish: int | None = None) -> list[Unit]:
    """pause None = a customer is one unit; begin, finish: units that start at begin <= second < finish."""
    result = []
    for customer in sorted({row[0] for row in rows}):
        mine = sorted((row[1], STAGES.index(row[2]) if row[2] in STAGES else 99, number)
                      for number, row in enumerate(rows) if row[0] == customer)
        parts: list[list[tuple[int, int]]] = []
        for second, _, number in mine:
            if not parts or (pause is not None and second - parts[-1][-1][0] > pause):
                parts.append([])
            parts[-1].append((second, number))
        for part in parts:
            if (begin is not None and part[0][0] < begin) or (finish is not None and part[0][0] >= finish):
                continue
            steps: list[Step] = []
            for _, number in part:
                value = rows[number][FIELDS[by]]
                if value is None or (by == "stage" and value not in STAGES):
                    continue
                if collapse and steps and steps[-1][0] == value:
                    steps[-1][1].append(number)
                else:
                    steps.append((value, [number]))
            result.append(Unit(customer, steps, [number for _, number in part]))
    return result


def flows(found: Sequence[Unit], anchor: str | None, direction: str, depth: int, top: int) -> Counter[tuple[str, ...]]:
    """(step, from kind, from key, to kind, to key) → n, of the units that count."""
    lines: list[dict[int, str]] = []
    for unit in found:
        names = [value for value, _ in unit.steps]
        if anchor is None and names:
            zero = 0 if direction == "after" else len(names) - 1
            first = 1 if direction == "after" else -1
        elif anchor in names:
            zero, first = names.index(anchor), 0
        else:
            continue
        lines.append({place - zero + first: name for place, name in enumerate(names)})
    if anchor is None:
        low, high = (1, depth) if direction == "after" else (-depth, -1)
    else:
        low, high = -depth if direction != "after" else 0, depth if direction != "before" else 0
    shown = {}
    for step in range(low, high + 1):
        sizes = Counter(line[step] for line in lines if step in line)
        shown[step] = sorted(sizes, key=lambda name: (-sizes[name], name))[:top]

    def place(line: dict[int, str], step: int) -> tuple[str, str]:
        if step in line:
            return ("value", line[step]) if line[step] in shown[step] else ("other", "")
        return ("start", "") if step < min(line) else ("end", "")

    return Counter((step, *place(line, step), *place(line, step + 1)) for line in lines for step in range(low, high))


def transitions(found: Sequence[Unit]) -> Counter[tuple[str, str]]:
    """(from, to) → times; to "" = the end."""
    return Counter(pair for unit in found if unit.steps
                   for names in [[value for value, _ in unit.steps] + [""]]
                   for pair in itertools.pairwise(names))


def felt(numbers: Sequence[int], emotions: Sequence[int | None]) -> tuple[int, int, int]:
    """Positive, negative and known emotions of these rows."""
    known = [emotions[number] for number in numbers if emotions[number] is not None]
    return known.count(1), known.count(-1), len(known)


def variants(found: Sequence[Unit], rows: Sequence[Row], length: int,
             emotions: Sequence[int | None]) -> dict[tuple[tuple[str, ...], bool], tuple[int, ...]]:
    """(names, longer) → n, converted, positive, negative, known."""
    result: dict[tuple[tuple[str, ...], bool], tuple[int, ...]] = {}
    for unit in found:
        if not unit.steps:
            continue
        names = tuple(value for value, _ in unit.steps)
        key = (names[:length], len(names) > length)
        converted = any(rows[number][2] == "purchase" for number in unit.rows)
        before = result.get(key, (0,) * 5)
        result[key] = tuple(map(sum, zip(before, (1, int(converted), *felt(unit.rows, emotions)), strict=True)))
    return result


def goes_back(unit: Unit, by: str) -> bool:
    """To an earlier stage than the one before, or to a touchpoint that was left."""
    names = [value for value, _ in unit.steps]
    if by == "stage":
        return any(STAGES.index(b) < STAGES.index(a) for a, b in itertools.pairwise(names))
    return any(name in names[place + 1:] for place, name in enumerate(names))


def loops(found: Sequence[Unit], emotions: Sequence[int | None]) -> dict[tuple[str, str], tuple[int, ...]]:
    """(A, B) → units, times, positive, negative, known at B and on the return to A."""
    who: dict[tuple[str, str], set[int]] = {}
    sums: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, unit in enumerate(found):
        for one, two, three in zip(unit.steps, unit.steps[1:], unit.steps[2:], strict=False):
            if one[0] == three[0]:
                key = (one[0], two[0])
                who.setdefault(key, set()).add(number)
                sums[key] = tuple(map(sum, zip(sums.get(key, (0,) * 4), (1, *felt(two[1] + three[1], emotions)),
                                               strict=True)))
    return {key: (len(who[key]), *sums[key]) for key in who}
