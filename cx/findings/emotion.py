"""How the journey feels, in a sentence: stages, touchpoints, single journeys, what was planned. `name` turns a key
into the name to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.findings.funnel import loss
from cx.frames import records
from cx.language import Language
from cx.metrics.kpi_registry import MINIMUM_N
from cx.model import EMOTION_SOURCES, EMOTIONS

Name = Callable[[str], str]


def journey(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
            felt_against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """The funnel's worst step and the stage that feels worst beyond doubt, each against another period or group.

    against: of `funnel_compare.compare()`; felt_against: of `differences()` of the two curves by key
    """
    parts = [loss(funnel, t, name, against, than)] if len(funnel) > 1 and funnel["reached"].iloc[0] else []
    known = curve[(curve["n"] > 0) & (curve["key"] != "")]
    felt = known[known["upper"] < 0]
    if len(felt):
        worst = felt.loc[felt["net"].astype(float).idxmin()]
        words = {"place": name(worst["key"]), "net": t.number(worst["net"], 0, sign=True)}
        said = (t("The stage that feels worst: {place} ({net}).", **words) if len(known) > 1
                else t("{place} feels surely more bad than good ({net}).", **words))  # of one there is no worst
        change = at(felt_against, key=worst["key"])
        parts.append(with_change(said, change if change and change["significant"] is True else None, than, t, "points"))
    if parts:
        return " ".join(parts)
    return (t("Nothing stands out: nobody enters the journey here.") if len(funnel) and not funnel["reached"].iloc[0]
            else t("Nothing stands out: there are no two stages to compare, and none feels surely bad."))


def feelings(curve: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
             than: Than | None = None) -> str:
    """The best and the worst place, where their intervals do not overlap, the worst against another period or group.

    curve: of `emotion.curve()`; against: of `differences()` of the two curves by key
    """
    known = curve[(curve["n"] > 0) & (curve["key"] != "")]
    if len(known) < 2:
        return t("How the journey feels")
    best, worst = known.loc[known["net"].astype(float).idxmax()], known.loc[known["net"].astype(float).idxmin()]
    if best["lower"] <= worst["upper"]:
        return t("No stage feels surely better than another.")
    said = t("It feels best at {best} ({best_net}) and worst at {worst} ({worst_net}).", best=name(best["key"]),
             best_net=t.number(best["net"], 0, sign=True), worst=name(worst["key"]),
             worst_net=t.number(worst["net"], 0, sign=True))
    return with_change(said, at(against, key=worst["key"]), than, t, "points")


def worst_place(curve: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
                than: Than | None = None) -> str:
    """The place that feels worst among those surely below zero. curve: of `emotion.curve()`; against: as `feelings`.
    """
    known = curve[(curve["n"] > 0) & (curve["key"] != "")]
    felt = known[known["upper"] < 0]
    if felt.empty:
        return t("No touchpoint feels surely more bad than good.")
    worst = felt.loc[felt["net"].astype(float).idxmin()]
    words = {"place": name(worst["key"]), "net": t.number(worst["net"], 0, sign=True)}
    said = (t("The touchpoint that feels worst: {place} ({net}).", **words) if len(known) > 1
            else t("{place} feels surely more bad than good ({net}).", **words))
    return with_change(said, at(against, key=worst["key"]), than, t, "points")


def worst_cell(cells: pd.DataFrame, t: Language, name: Callable[[dict[str, Any]], str],
               against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """Who feels worst where, among the cells surely below zero that have enough answers. cells: of `emotion.matrix()`;
    against: of `differences()` by row_key and column_key; name: of a row of either."""
    felt = cells[(cells["n"] >= MINIMUM_N) & (cells["upper"] < 0)]
    if felt.empty:
        return t("Nobody feels surely more bad than good anywhere.")
    worst = felt.loc[felt["net"].astype(float).idxmin()].to_dict()
    said = t("It feels worst here: {where} ({net}).", where=name(worst), net=t.number(worst["net"], 0, sign=True))
    found = at(against, row_key=worst["row_key"], column_key=worst["column_key"])
    return with_change(said, found, than, t, "points")


def mostly(curve: pd.DataFrame, t: Language) -> str:
    """How much is bad and good in all. curve: of `emotion.curve()` by anything that every interaction has once."""
    n = float(curve["n"].sum())
    if not n:
        return t("Negative, neutral, positive")
    bad, good = (float((curve[part].astype(float).fillna(0) * curve["n"]).sum() / n)
                 for part in ("negative", "positive"))
    return t("{good} of the interactions felt good, {bad} bad (n = {n}).", good=t.percent(good, 0),
             bad=t.percent(bad, 0), n=int(n))


def known_emotions(sources: pd.DataFrame, t: Language) -> str:
    """How many interactions have a known emotion, and from where. sources: of `emotion.sources()`."""
    told = sources[sources["source"].notna() & (sources["source"] != "")]
    n, every = int(told["n"].sum()), int(sources["n"].sum())
    if not n:
        return ""
    names = {key: t(words) for key, words in EMOTION_SOURCES.items()}
    from_where = ", ".join(f"{names[row['source']]} {t.percent(row['n'] / n, 0)}"
                           for row in told[told["n"] >= n / 100].sort_values("n", ascending=False).to_dict("records"))
    return t("emotion known of {n} of {every} interactions, from: {sources}", n=n, every=every, sources=from_where)


def known_from(sources: pd.DataFrame, t: Language) -> str:
    """What most emotions are known from. sources: of `emotion.sources()`."""
    told = sources[sources["source"].notna() & (sources["source"] != "") & (sources["n"] > 0)]
    if told.empty:
        return t("What it is known from")
    most = told.loc[told["n"].idxmax()]
    return t("Known mostly from: {source} ({share}).", source=t(EMOTION_SOURCES[most["source"]]),
             share=t.percent(most["n"] / told["n"].sum(), 0))


def one_journey(profile: dict[str, Any], t: Language) -> str:
    """How long one customer's journey is, and how it has left them. profile: of `customer.profile()`."""
    said = t.plural("{n} interaction", "{n} interactions", n=profile["interactions"] or 0)
    if profile["last_emotion"] is None:
        return t("{interactions}; how it left this customer is not known", interactions=said)
    return t("{interactions}; the last known feeling: {mood}", interactions=said,
             mood=t(EMOTIONS[profile["last_emotion"]]))


def gap(frame: pd.DataFrame, t: Language) -> str:
    """How journeys feel on the way against how they leave customers. frame: of `emotion.gap()`."""
    rows = frame.set_index("what")
    on_the_way, last = rows.loc["customers"], rows.loc["end"]
    if not last["n"] or pd.isna(last["value"]):
        return t("How journeys end cannot be told: no customer has a known emotion.")
    end, way = t.number(last["value"], 0, sign=True), t.number(on_the_way["value"], 0, sign=True)
    if last["lower"] <= on_the_way["upper"] and on_the_way["lower"] <= last["upper"]:
        return t("Journeys end ({end}) about as they feel on the way ({way}).", end=end, way=way)
    if last["value"] < on_the_way["value"]:
        return t("Journey gap: customers feel {way} on the way, but the journey leaves them at {end}.", way=way,
                 end=end)
    return t("Journeys end better ({end}) than they feel on the way ({way}).", end=end, way=way)


def memory(frame: pd.DataFrame, t: Language) -> str:
    """How journeys feel on the way against how the peak-end rule expects them to be remembered. frame: of
    `emotion.memory()`."""
    rows = frame.set_index("what")
    way, kept = rows.loc["way"], rows.loc["peak_end"]
    if pd.isna(way["value"]) or pd.isna(kept["lower"]):
        return t("How journeys are remembered cannot be told: too few customers have a known emotion.")
    felt, remembered = t.number(way["value"], 0, sign=True), t.number(kept["value"], 0, sign=True)
    if kept["upper"] < way["lower"]:
        return t("By peak and end ({remembered}), journeys are remembered worse than they feel on the way ({felt}).",
                 remembered=remembered, felt=felt)
    if kept["lower"] > way["upper"]:
        return t("By peak and end ({remembered}), journeys are remembered better than they feel on the way ({felt}).",
                 remembered=remembered, felt=felt)
    return t("By peak and end ({remembered}), journeys are remembered about as they feel on the way ({felt}).",
             remembered=remembered, felt=felt)


def against_plan(curve: pd.DataFrame, planned: dict[str, float], t: Language, name: Name) -> str:
    """Which stages are surely below or above what is planned. curve: of `emotion.curve(by="stage")`."""
    rows = curve[curve["key"].isin(list(planned)) & curve["lower"].notna()]
    below, above = (", ".join(f"{name(row['key'])} ({t.number(row['net'], 0, sign=True)}; "
                              f"{t.number(planned[row['key']], 0, sign=True)})"
                              for row in records(rows) if sure(row, planned[row["key"]]))
                    for sure in (lambda row, goal: row["upper"] < goal, lambda row, goal: row["lower"] > goal))
    parts = [t("Surely below plan: {stages}.", stages=below)] if below else []
    parts += [t("Surely above plan: {stages}.", stages=above)] if above else []
    return " ".join(parts) or t("No stage is surely below or above plan.")
