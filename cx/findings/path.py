"""What the paths say, in a sentence: computed from the frames shown. `name` turns a key into the name to show."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.findings.compared import Than, at, with_change
from cx.language import DASH, Language
from cx.metrics.kpi_registry import MINIMUM_N

Name = Callable[[str], str]


def flow(places: pd.DataFrame, t: Language, name: Name, anchor: str | None, direction: str,
         against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """What most often comes after, before and around the anchor (or first, or last). places: of `path.places()`;
    against: of `differences()` of two such by step, kind and key."""
    if places.empty:
        return t("Nobody has been there in this selection.") if anchor else t("There are no paths in this selection.")
    if anchor is None:
        step = 1 if direction == "after" else -1
        most = _largest(places, step)
        assert most is not None  # a journey that counts has a step
        shown = {"place": name(most["key"]), "share": t.percent(most["share"], 0)}
        said = (t("Most often the first step is {place} ({share}).", **shown) if direction == "after"
                else t("Most often the last step is {place} ({share}).", **shown))
        return with_change(said, at(against, step=step, kind="value", key=most["key"]), than, t)
    parts = []
    if direction != "after":
        parts.append(_before(places, t, name, anchor))
    if direction != "before":
        parts.append(_after(places, t, name, anchor))
    return " ".join(parts)


def _after(places: pd.DataFrame, t: Language, name: Name, anchor: str) -> str:
    most, over = _largest(places, 1), _share(places, 1, "end")
    if most is None:
        return t("After {anchor}, everybody's journey ends.", anchor=name(anchor))
    if not over:
        return t("After {anchor}, {share} go on to {next}.", anchor=name(anchor), next=name(most["key"]),
                 share=t.percent(most["share"], 0))
    return t("After {anchor}, {share} go on to {next}; {end} end there.", anchor=name(anchor), next=name(most["key"]),
             share=t.percent(most["share"], 0), end=t.percent(over, 0))


def _before(places: pd.DataFrame, t: Language, name: Name, anchor: str) -> str:
    most, fresh = _largest(places, -1), _share(places, -1, "start")
    if most is None:
        return t("For everybody {anchor} is the start.", anchor=name(anchor))
    if not fresh:
        return t("{share} come to {anchor} from {previous}.", anchor=name(anchor), previous=name(most["key"]),
                 share=t.percent(most["share"], 0))
    return t("{share} come to {anchor} from {previous}; {start} start there.", anchor=name(anchor),
             previous=name(most["key"]), share=t.percent(most["share"], 0), start=t.percent(fresh, 0))


def surest(matrix: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
           than: Than | None = None) -> str:
    """The step that most surely follows another. matrix: of `path.transitions()`; against: of `differences()` of two
    such by both ends."""
    known = matrix[matrix["from_kind"].eq("value") & matrix["to_kind"].eq("value") & (matrix["from_n"] >= MINIMUM_N)]
    if known.empty:
        return t("What follows what")
    row = known.loc[known["lower"].astype(float).idxmax()]
    said = t("The surest step leads from {before} to {after}: {share} of {n} times.", before=name(row["from_key"]),
             after=name(row["to_key"]), share=t.percent(row["share"], 0), n=int(row["from_n"]))
    ends = {each: row[each] for each in ("from_kind", "from_key", "to_kind", "to_key")}
    return with_change(said, at(against, **ends), than, t)


def ways(variants: pd.DataFrame, t: Language) -> str:
    """How much the most frequent ways cover. variants: of `path_variants.variants()`."""
    named = variants[variants["kind"] == "variant"]
    other = variants[variants["kind"] == "other"]
    if other.empty:
        return t.plural("There is {n} way in all.", "There are {n} ways in all.", n=len(named))
    return t("The {n} most frequent ways cover {share}; the rest goes {others} other ways.", n=len(named),
             share=t.percent(named["n"].sum() / named["total"].iloc[0]), others=int(other["variants"].iloc[0]))


def back(returns: pd.DataFrame, t: Language) -> str:
    """How many go back. returns: of `path_variants.returns()`."""
    rows = returns.set_index("what")
    shares = {what: t.percent(rows.loc[what, "share"], 0) for what in ("stage", "touchpoint")}
    if shares["stage"] == DASH and shares["touchpoint"] == DASH:
        return t("Nobody can go back: there are no steps.")
    return t("{stage} come back to an earlier stage; {touchpoint} return to a touchpoint they have left.", **shares)


def _largest(places: pd.DataFrame, step: int) -> pd.Series | None:
    here = places[(places["step"] == step) & (places["kind"] == "value")]
    return None if here.empty else here.loc[here["n"].idxmax()]


def _share(places: pd.DataFrame, step: int, kind: str) -> float:
    return float(places.loc[(places["step"] == step) & (places["kind"] == kind), "share"].sum())
