"""What hand-offs, repeat contacts and attribution say, in sentences: computed from the frames shown, claimed only where
the difference is more than chance."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.language import Language

Name = Callable[[str], str]


def handed(found: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
           than: Than | None = None) -> str:
    """How often the channel changes, and where most. found: of `handoff.handoffs()`; against: of `differences()` of two
    such by kind, key and to_key."""
    total, pairs = found[found["kind"] == "total"].iloc[0], found[found["kind"] == "pair"]
    if not total["moves"]:
        return t("Nobody has two contacts of one stage so soon after each other.")
    if pairs.empty:
        return t("Nobody changes the channel in the middle of a stage.")
    most = pairs.iloc[0]
    said = t("{share} of the moves between contacts change the channel, most often from {before} to {after}.",
             share=t.percent(total["share"], 0), before=name(most["key"]), after=name(most["to_key"]))
    return with_change(said, at(against, kind="total"), than, t)


def handed_note(found: pd.DataFrame, t: Language) -> str:
    """How many customers, how long it takes, and how many meet the same again."""
    total = found[found["kind"] == "total"].iloc[0]
    parts = [t.plural("{n} hand-off", "{n} hand-offs", n=int(total["n"])),
             t.plural("{n} customer", "{n} customers", n=int(total["customers"])),
             t.plural("{n} move in all", "{n} moves in all", n=int(total["moves"]))]
    if total["n"]:
        parts.append(t("median time between {median}, 9 in 10 within {most}",
                       median=t.duration(total["median_seconds"]), most=t.duration(total["p90_seconds"])))
    if total["repeat_n"]:
        parts.append(t("{share} ({interval}) meet the same again", share=t.percent(total["repeat_share"]),
                       interval=t.interval(t.percent(total["repeat_lower"]), t.percent(total["repeat_upper"]))))
    return " · ".join(parts)


def handed_felt(found: pd.DataFrame, t: Language, name: Name, *, worse: bool, most: int = 3) -> list[str]:
    """The hand-offs that surely feel worse (or better) than not changing the channel, the largest difference first."""
    sign = -1 if worse else 1
    sure = found[found["significant"].eq(True) & (found["difference"] * sign > 0)]
    ordered = sure.reindex((sure["difference"] * sign).sort_values(ascending=False).index).head(most)
    return [t("{before} → {after}: {net} (without the change {alone}; n = {n})", before=name(row["key"]),
              after=name(row["to_key"]), net=t.number(row["net"], 0, sign=True),
              alone=t.number(row["alone_net"], 0, sign=True), n=int(row["net_n"]))
            for row in ordered.to_dict("records")]


def repeated(found: pd.DataFrame, t: Language, against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """How many contacts are repeats, and how many first contacts settled the matter. found: of `repeat.repeats()`;
    against: of `differences()` of two such by kind and key."""
    if found.empty:
        return t("There are no contacts in this selection.")
    total = found.iloc[0]
    said = with_change(t("{share} of the contacts repeat one shortly before.", share=t.percent(total["share"])),
                       at(against, kind="total"), than, t)
    if total["told_n"]:
        return f"{said} " + t("First contacts said to be resolved: {share} (n = {n}).", share=t.percent(total["told"]),
                              n=int(total["told_n"]))
    if total["implied_n"]:
        return f"{said} " + t("First contacts that nothing followed: {share} (n = {n}).",
                              share=t.percent(total["implied"]), n=int(total["implied_n"]))
    return said


def repeated_note(found: pd.DataFrame, t: Language) -> str:
    """Of how many contacts and customers, how soon."""
    total = found.iloc[0]
    parts = [t.plural("{n} contact", "{n} contacts", n=int(total["contacts"])),
             t("{n} of {every} customers come back about the same thing ({share})", n=int(total["repeat_customers"]),
               every=int(total["customers"]), share=t.percent(total["customer_share"]))]
    if total["repeats"]:
        parts.append(t("half of them within {median}", median=t.duration(total["median_seconds"])))
    return " · ".join(parts)


def repeated_where(found: pd.DataFrame, t: Language, name: Name) -> list[str]:
    """The parts with surely more, then surely fewer repeats than the rest."""
    sure = found[found["significant"].eq(True)].sort_values("difference", ascending=False)
    return [(t("More often than elsewhere: {name} ({share}, n = {n})", name=name(row["key"]),
               share=t.percent(row["share"]), n=int(row["contacts"])) if row["difference"] > 0
             else t("Less often than elsewhere: {name} ({share}, n = {n})", name=name(row["key"]),
                    share=t.percent(row["share"]), n=int(row["contacts"]))) for row in sure.to_dict("records")]


def credited(found: pd.DataFrame, t: Language, name: Name) -> str:
    """Which channels the last contact underrates and overrates most, against Markov. found: of `attribution()`."""
    if found.empty:
        return t("No known customer bought anything in this selection.")
    markov = found[found["rule"] == "markov"]
    sure = markov[markov["significant"].eq(True)].sort_values("against_last")
    parts = []
    if len(sure) and sure["against_last"].iloc[-1] > 0:
        row = sure.iloc[-1]
        parts.append(t("The last contact alone underrates {channel} most: {last} of the purchases, by Markov {share}.",
                       channel=name(row["key"]), last=t.percent(row["share"] - row["against_last"], 0),
                       share=t.percent(row["share"], 0)))
    if len(sure) and sure["against_last"].iloc[0] < 0:
        row = sure.iloc[0]
        parts.append(t("It overrates {channel} most: {last}, by Markov {share}.", channel=name(row["key"]),
                       last=t.percent(row["share"] - row["against_last"], 0), share=t.percent(row["share"], 0)))
    return " ".join(parts) or t("For no channel does Markov surely say something else than the last contact.")


def credited_note(found: pd.DataFrame, left_out: int, t: Language) -> str:
    """What is shared out, what is not known, and what is left out."""
    parts = []
    if len(found):
        row = found.iloc[0]
        unknown = found[(found["rule"] == row["rule"]) & (found["key"] == "")].iloc[0]
        parts += [t.plural("{n} purchase", "{n} purchases", n=int(row["n"])),
                  t("{amount} revenue", amount=t.money(row["worth"]))]
        if unknown["conversions"]:
            parts.append(t.plural("{n} of them without a known channel", "{n} of them without a known channel",
                                  n=round(unknown["conversions"])))
        if row["few"]:
            parts.append(t("few purchases"))
        parts.append(t("every rule adds up to all of them; credit is not cause"))
    if left_out:
        parts.append(t.plural("{n} order without a known customer or a date is left out",
                              "{n} orders without a known customer or a date are left out", n=left_out))
    return " · ".join(parts)
