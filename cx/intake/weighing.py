"""What the rules say of a column against what columns like it are: two opinions that know nothing of each other.

The rules of `mapping` were written by hand, the weights of `likeness` learned. Where they differ the column keeps the
role the rules give it, and is asked about; where the rules see nothing, likeness may fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx.intake.evidence import VAGUE, fit
from cx.intake.profile import Profile
from cx.model import FIELD

SURE = 0.6
"""Below it a column stays an attribute."""
_UNLIKE = {"occurred_at": 0.6}
"""A role less likely than this is never sure; of others a quarter. (A time has rivals: other dates.)"""
_NEARLY_ALWAYS = 0.8
_FILLED = 0.65
_LAYS_OUT = {"nps", "csat", "ces", "touchpoint"}
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
    that. It takes no role away: that lost the customers of real files (docs/decisions/0020)."""
    return [(doubted(confidence, field, likely[header]), field, header) for confidence, field, header in found]


def fill(taken: Mapping[str, tuple[str, float]], profiles: Sequence[Profile],
         likely: Mapping[str, Likely]) -> dict[str, tuple[str, float]]:
    """Header → (field, confidence): what the rules gave, and of the columns they left the fields that they gave to
    none and columns like them nearly always are, as far as the values allow. Never sure, and nothing
    that lays out a sheet."""
    used = _LAYS_OUT | {field for field, _ in taken.values()}
    free = sorted(((likelihood, field, given) for given in profiles if given.header not in taken
                   for field, likelihood in likely[given.header].items()
                   if likelihood >= _NEARLY_ALWAYS and field in FIELD and not (
                       given.personal and field != "customer_id") and fit(FIELD[field], given) > 0.5),
                  key=lambda each: -each[0])
    found = dict(taken)
    for _, field, given in free:
        if field not in used and given.header not in found:
            found[given.header] = (field, _FILLED)
            used.add(field)
    return found
