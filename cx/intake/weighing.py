"""What the rules say of a column against what columns like it are: two opinions that know nothing of each other.

The rules of `mapping` were written by hand, the weights of `likeness` learned. Where they differ the column keeps the
role the rules give it, and is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx.intake.evidence import VAGUE
from cx.intake.profile import Profile

SURE = 0.6
"""Below it a column stays an attribute."""
_UNLIKE = {"occurred_at": 0.6}
"""A role less likely than this is never sure; of others a quarter. (A time has rivals: other dates.)"""
Likely = Mapping[str, float]


def doubted(confidence: float, role: str, likely: Likely) -> float:
    """The confidence of a rule, never sure where columns like it seldom have that role."""
    return min(confidence, VAGUE) if likely.get(role, 0.0) < _UNLIKE.get(role, 0.25) else confidence


def likely_steps(profiles: Sequence[Profile], likely: Mapping[str, Likely]) -> list[str]:
    """The dates that are steps customers reach in columns like them, where there are three or more."""
    found = [given.header for given in profiles if given.times >= 0.7 and likely[given.header].get(
        "milestone", 0.0) > max(0.4, likely[given.header].get("occurred_at", 0.0))]
    return found if len(found) > 2 else []


def weigh(found: Sequence[tuple[float, str, str]], likely: Mapping[str, Likely]) -> list[tuple[float, str, str]]:
    """(confidence, field, header), best first, of the rules' candidates: never sure where columns like them seldom are
    that. What a column is, the rules alone decide: a role that only likeness saw, or spoke against, lost the customers
    of real files (docs/decisions/0020)."""
    return [(doubted(confidence, field, likely[header]), field, header) for confidence, field, header in found]
