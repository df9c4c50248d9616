"""What touchpoints and channels say, in a sentence: computed from the frames shown. `name` turns a key into the name to
show."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.language import Language
from cx.metrics.kpi_registry import MINIMUM_N

Name = Callable[[str], str]


def reached(usage: pd.DataFrame, of: str, t: Language, name: Name, against: pd.DataFrame | None = None,
            than: Than | None = None) -> str:
    """The touchpoint or channel that most customers meet. usage: of `contact.usage()`; of: "touchpoint" or "channel";
    against: of `differences()` by key."""
    known = usage[(usage["key"] != "") & (usage["customers"] > 0)]
    if known.empty:
        return t("Touchpoints by customers reached") if of == "touchpoint" else t("Channels by customers reached")
    most = known.loc[known["customers"].idxmax()]
    words = {"name": name(most["key"]), "share": t.percent(most["customer_share"], 0)}
    said = (t("Most customers meet this touchpoint: {name} ({share}).", **words) if of == "touchpoint" else
            t("Most customers are met through this channel: {name} ({share}).", **words))
    return with_change(said, at(against, key=most["key"]), than, t)


def kinds(shares: pd.DataFrame, of: str, t: Language, against: pd.DataFrame | None = None,
          than: Than | None = None) -> str:
    """How much is digital, or owned. shares: of `contact.shares()` without breakdown; against: of `differences()` by
    class."""
    which = "digital" if of == "medium" else "owned"
    row = shares[shares["class"] == which]
    if row.empty or not row["n"].iloc[0]:
        return t("Digital or physical") if of == "medium" else t("Owned, earned, paid or partner")
    share = t.percent(row["share"].iloc[0], 0)
    said = (t("{share} of the interactions are digital.", share=share) if of == "medium" else
            t("{share} of the interactions are in channels of our own.", share=share))
    return with_change(said, at(against, **{"class": which}), than, t)


def goes(usage: pd.DataFrame, of: str, t: Language, name: Name) -> str:
    """Where it feels best and worst, of places with enough answers and where the intervals are apart. usage: of
    `contact.usage()`."""
    known = usage[(usage["key"] != "") & (usage["net_n"] >= MINIMUM_N)]
    if len(known) < 2:
        return t("How each goes")
    net = known["net"].astype(float)
    best, worst = known.loc[net.idxmax()], known.loc[net.idxmin()]
    if best["net_lower"] <= worst["net_upper"]:
        return (t("No touchpoint feels surely better than another.") if of == "touchpoint" else
                t("No channel feels surely better than another."))
    return t("It feels best at {best} ({best_net}) and worst at {worst} ({worst_net}).", best=name(best["key"]),
             best_net=t.number(best["net"], 0, sign=True), worst=name(worst["key"]),
             worst_net=t.number(worst["net"], 0, sign=True))
