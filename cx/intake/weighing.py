"""What the rules say of a column against what columns like it are: two opinions that know nothing of each other.

The rules of `mapping` were written by hand, the weights of `likeness` learned. Where they differ widely the column
stays further information, or takes the role that only the second sees, never surely; where they differ a little, it is
asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cx.intake.evidence import VAGUE, fit
from cx.intake.likeness import odds
from cx.intake.profile import Profile
from cx.model import FIELDS

SURE = 0.6
"""Below it a column stays an attribute."""
_SPREAD = 4.0
"""So much of a logarithm of odds weighs as much as the whole of a confidence."""
_ALONE = 0.6
"""What speaks for an attribute where the rules see nothing."""
_UNLIKE = {"occurred_at": 0.6}
"""A role less likely than this is never sure; of others a quarter. (A time has rivals: other dates.)"""
_SAID = {"nps", "csat", "ces", "touchpoint"}
"""What likeness alone never makes a column: scores are looked for in `survey`, a touchpoint decides the layout."""
_NEEDED = ("customer_id", "occurred_at")
"""What nearly every sheet has: the rules' best column for it is at most in doubt."""
Likely = Mapping[str, float]


def speaks_for(role: str, likely: Likely) -> bool:
    """Whether columns like this one have that role so often that it needs no rule to say so."""
    return odds(likely, role) / _SPREAD > _ALONE and likely[role] == max(likely.values())


def outweighs(role: str, other: str, likely: Likely) -> bool:
    """Whether columns like this one far rather have the first role than the other."""
    return odds(likely, role, other) / _SPREAD > _ALONE


def weighed_down(confidence: float, role: str, likely: Likely) -> float:
    """The confidence of a rule; below SURE where columns like it speak loudly against it."""
    if confidence < VAGUE - 0.02 and confidence + odds(likely, role) / _SPREAD < 0:
        return min(confidence, SURE - 0.05)
    return doubted(confidence, role, likely)


def doubted(confidence: float, role: str, likely: Likely) -> float:
    """The confidence of a rule, never sure where columns like it seldom have that role."""
    return min(confidence, VAGUE) if likely.get(role, 0.0) < _UNLIKE.get(role, 0.25) else confidence


def likely_steps(profiles: Sequence[Profile], likely: Mapping[str, Likely]) -> list[str]:
    """The dates that are steps customers reach in columns like them, where there are three or more."""
    found = [given.header for given in profiles if given.times >= 0.7 and likely[given.header].get(
        "milestone", 0.0) > max(0.4, likely[given.header].get("occurred_at", 0.0))]
    return found if len(found) > 2 else []


def weigh(found: Sequence[tuple[float, str, str]], profiles: Sequence[Profile],
          likely: Mapping[str, Likely]) -> list[tuple[float, str, str]]:
    """(confidence, field, header), best first, of the rules' candidates and those that only likeness sees."""
    known = {each[1:] for each in found}
    first = {header: field for _, field, header in reversed(found)}
    needed = {field: next((header for confidence, each, header in found if each == field == first[header]
                           and confidence >= SURE), "") for field in _NEEDED}
    weighed = []
    for confidence, field, header in found:
        if field in ("csat", "ces", "nps") or header == needed.get(field):
            confidence = doubted(confidence, field, likely[header])
        elif confidence >= SURE:
            confidence = weighed_down(confidence, field, likely[header])
        elif confidence - 0.5 + odds(likely[header], field) / _SPREAD > _ALONE:
            confidence = 0.62
        weighed.append((confidence, field, header))
    weighed += [(0.62, field.name, given.header) for given in profiles if not given.personal and given.distinct > 1
                for field in FIELDS if field.name not in _SAID and (field.name, given.header) not in known
                and speaks_for(field.name, likely[given.header]) and fit(field, given) > 0.5]
    return sorted(weighed, key=lambda each: (
        -each[0] - (each[2] == needed.get(each[1])) - math.log(likely[each[2]].get(each[1], 0.0) + 0.001) / _SPREAD))
