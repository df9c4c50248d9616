"""What the numbers say, in a sentence: computed from the frame shown, so it is true under every filter.

Each function takes a frame of `cx.metrics` and returns text in the reader's language. `name` turns a key into the name
to show. Where nothing can be said for sure, the sentence says so. One module per question, as in `cx.metrics`.
"""

from cx.findings import (
    action,
    alert,
    channels,
    comments,
    compared,
    contact,
    driver,
    emotion,
    friction,
    funnel,
    highlight,
    kpi,
    opportunity,
    path,
    retention,
    standing,
    team,
    trend,
    visit,
    walk,
)
from cx.findings.kpi import kpi_value

__all__ = [
    "action", "alert", "channels", "comments", "compared", "contact", "driver", "emotion", "friction", "funnel",
    "highlight", "kpi", "kpi_value", "opportunity", "path", "retention", "standing", "team", "trend", "visit", "walk",
]
