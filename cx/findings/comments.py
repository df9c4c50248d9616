"""What comments say, in a sentence: computed from the frame shown, so it is true under every filter."""

from __future__ import annotations

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.language import Language


def topics(frame: pd.DataFrame, t: Language, against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """What bad and good comments are about most surely, and whether the first is mentioned more often than elsewhere.

    frame: of `comments.topics()`; against: of `differences()` of two `comments.mentioned()` by topic
    """
    bad, good = (", ".join(f"“{label}”" for label in frame.loc[frame["emotion"] == side, "label"].head(3))
                 for side in (-1, 1))
    first = frame.head(1)
    share = at(against, topic=first["topic"].iloc[0]) if len(first) else None
    often = ("" if share is None or pd.isna(share["value"]) else with_change(
        t("“{topic}” is in {share} of all comments.", topic=first["label"].iloc[0], share=t.percent(share["value"])),
        share, than, t))
    return " ".join(each for each in (_about(bad, good, t), often) if each)


def _about(bad: str, good: str, t: Language) -> str:
    if bad and good:
        return t("Bad comments are about {bad}; good ones about {good}.", bad=bad, good=good)
    if bad or good:
        return t("Bad comments are about {bad}.", bad=bad) if bad else t("Good comments are about {good}.", good=good)
    return t("No word tells bad comments from good ones for sure.")


def said(negative: int, neutral: int, positive: int, t: Language) -> str:
    """How many of the comments are negative, of those whose feeling is known."""
    n = negative + neutral + positive
    if not n:
        return t("What customers say")
    return t("{share} of the {n} comments whose feeling is known are negative.", share=t.percent(negative / n, 0), n=n)


def dearest(frame: pd.DataFrame, t: Language) -> str:
    """The topic that costs most NPS beyond chance. frame: of `comments.topics()`."""
    sure = frame[frame["significant"].eq(True) & (frame["nps_impact"] < 0)]
    if sure.empty:
        return t("No topic costs NPS beyond chance.")
    worst = sure.loc[sure["nps_impact"].astype(float).idxmin()]
    return t("“{topic}” costs most: without the {n} answers that mention it the NPS would be {points} points higher "
             "(association, not cause).", topic=worst["label"], n=int(worst["nps_n"]),
             points=t.number(-float(worst["nps_impact"]), 1))
