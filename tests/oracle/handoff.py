"""Brute-force twins of hand-offs and repeat contacts: they write every customer's contacts out and look. Slow, plain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.oracle.path import STAGES, Row


@dataclass
class Stay:
    customer: int
    stage: str
    channel: str
    rows: list[int] = field(default_factory=list)
    to: Stay | None = None
    came: bool = False
    repeats: bool | None = None


def stays(rows: Sequence[Row], within: int) -> tuple[list[Stay], list[tuple[int, int]]]:
    """(stays, moves as pairs of row numbers)."""
    result: list[Stay] = []
    moves = []
    for customer, stage in itertools.product(sorted({row[0] for row in rows}), STAGES):
        mine = sorted((row[1], number) for number, row in enumerate(rows)
                      if row[0] == customer and row[2] == stage and row[4] is not None)
        here: list[Stay] = []
        for place, (second, number) in enumerate(mine):
            near = place > 0 and second - mine[place - 1][0] <= within
            if near and (second > mine[place - 1][0] or rows[number][4] != rows[mine[place - 1][1]][4]):
                moves.append((mine[place - 1][1], number))
            if not here or rows[number][4] != here[-1].channel or not near:
                here.append(Stay(customer, stage, rows[number][4] or ""))
            here[-1].rows.append(number)
        for one, two in itertools.pairwise(here):
            left = rows[one.rows[-1]][1]
            if one.channel != two.channel and rows[two.rows[0]][1] - left <= within:
                one.to, two.came = two, True
                named = [number for number in one.rows if rows[number][3] is not None]
                if named:
                    later = mine[[number for _, number in mine].index(one.rows[-1]) + 1:]
                    one.repeats = any(rows[number][3] == rows[named[-1]][3] and second - left <= within
                                      for second, number in later)
        result += here
    return result, moves


@dataclass
class Contact:
    row: int
    again: bool
    since: int | None
    followed: bool
    settled: bool


def contacts(rows: Sequence[Row], touchpoints: Sequence[str], within: int, answers: frozenset[int]) -> list[Contact]:
    """Contacts at these touchpoints, the same touchpoint being the same thing; `answers` are rows that are none."""
    end = max(row[1] for row in rows)
    result = []
    for customer, touchpoint in itertools.product(sorted({row[0] for row in rows}), touchpoints):
        mine = sorted((row[1], number) for number, row in enumerate(rows)
                      if row[0] == customer and row[3] == touchpoint and number not in answers)
        for place, (second, number) in enumerate(mine):
            since = second - mine[place - 1][0] if place else None
            until = mine[place + 1][0] - second if place + 1 < len(mine) else None
            result.append(Contact(number, since is not None and since <= within, since,
                                  until is not None and until <= within, end - second >= within))
    return result
