"""What can go wrong somewhere, or well, and the rows that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cx.language import Text, text
from cx.metrics.friction_later import Ints
from cx.metrics.stats import Floats

PLACES = ("stage", "touchpoint", "channel")


@dataclass(frozen=True)
class Measure:
    """What can go wrong, or well, somewhere.

    direction  +1 higher is better, -1 lower is better
    unit       points (−100…100), share (0–1) or seconds
    felt       what customers say or feel: only that can be a moment of delight
    kpi        the KPI that counts the same, None = there is none
    at_touchpoint  compared with the same touchpoint elsewhere only, since it depends on where in the journey one stands
    """

    name: Text
    unit: Literal["points", "share", "seconds"]
    direction: Literal[-1, 1]
    kpi: str | None
    needs: Text
    felt: bool = False
    at_touchpoint: bool = False


MEASURES: Mapping[str, Measure] = {
    "nps": Measure(text("NPS"), "points", 1, "nps", text("Recommendation (0–10)"), felt=True),
    "csat": Measure(text("Satisfied"), "share", 1, "csat", text("Satisfaction"), felt=True),
    "emotion": Measure(text("Net emotion without complaints"), "points", 1, "net_emotion", text("Emotion"), felt=True),
    "drop_off": Measure(text("Do not go on"), "share", -1, None, text("Stage"), at_touchpoint=True),
    "complaint": Measure(text("Complain"), "share", -1, "complaints_per_1000", text("Complaint")),
    "waiting": Measure(text("Waiting time"), "seconds", -1, "waiting_time", text("Waiting time")),
    "delay": Measure(text("Late"), "share", -1, "late_share", text("Delay in days")),
    "repeat": Measure(text("Have to come back"), "share", -1, None, text("Touchpoint")),
}
"""Key → measure, in the order in which screens list them."""


@dataclass(frozen=True)
class Rows:
    """The chosen interactions, by customer and time.

    customer  code of the customer (0…), each anonymous respondent one of his own
    places    stage, touchpoint, channel and, with a further dimension, "part": codes, -1 = missing
    names     the same → key and label of each code
    day       days since 1970, NaN = undated
    values    key of a measure → what each row says of it (NaN = nothing), in its unit
    spent     revenue of each row, NaN = none
    later     revenue of the customer within LATER_DAYS after the first time he was in the row's finest cell, NaN on
              other rows and where those days have not passed
    revenue   known of the workspace at all
    one_in    of so many customers one was looked at, by chance; 1 = all
    whole     the rows of customers of whom everything is known; None = all. Others hold answers to `of_all` alone
    of_all    measures known of everybody, whoever was left out
    """

    customer: Ints
    places: Mapping[str, Ints]
    names: Mapping[str, tuple[list[str], list[str]]]
    day: Floats
    values: Mapping[str, Floats]
    later: Floats
    spent: Floats
    revenue: bool
    one_in: int = 1
    whole: NDArray[np.bool_] | None = None
    of_all: frozenset[str] = frozenset()

    def factor(self, measure: str) -> int:
        """For how many customers one stands who answered."""
        return 1 if measure in self.of_all else self.one_in
