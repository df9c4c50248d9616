"""What the numbers say, in a sentence: computed from the frame shown, so it is true under every filter.

Each function takes a frame of `cx.metrics` and returns text in the reader's language. `name` turns a key into the name
to show. Where nothing can be said for sure, the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.findings_compared import Than, at, with_change
from cx.frames import records
from cx.language import DASH, Language
from cx.metrics.kpi_registry import KPIS, MINIMUM_N, Kpi, kpi_of
from cx.model import EMOTION_SOURCES, EMOTIONS

Name = Callable[[str], str]


def kpi_value(t: Language, kpi: str | Kpi, value: float | None, *, sign: bool = False) -> str:
    """A KPI's value (or with `sign` a change of it) in its unit; "—" where undefined."""
    if value is None or pd.isna(value):
        return DASH
    unit = kpi_of(kpi).unit
    if unit == "share":
        return t("{n} pp", n=t.number(value * 100, 1, sign=True)) if sign else t.percent(value)
    if unit == "seconds":
        mark = ("+" if value > 0 else "−" if value < 0 else "") if sign else ""
        return mark + t.duration(abs(value))
    digits = {"points": 1, "score": 2, "days": 1, "count": 0, "money": 0, "per_1000": 1}[unit]
    return t.number(value, digits, sign=sign)


def headline(values: pd.DataFrame, t: Language, known: Mapping[str, Kpi] = KPIS) -> str:
    """Which KPIs are surely better and which worse than in the period compared with. values: of `kpis()`."""
    better: list[str] = []
    worse: list[str] = []
    for row in records(values):
        if row["significant"] is True and row["direction"]:
            kpi = known[row["kpi"]]
            shown = f"{t(kpi.name)} ({kpi_value(t, kpi, row['change'], sign=True)})"
            (better if row["change"] * row["direction"] > 0 else worse).append(shown)
    if not better and not worse:
        compared = values[values["change"].notna()]
        if compared.empty:
            return t("No earlier period to compare with.")
        if compared["significant"].isna().all():
            return t("There are too few answers to tell what changed against the period before.")
        return t("Against the period before, nothing changed more than chance explains.")
    parts = []
    if better:
        parts.append(t("Better: {names}.", names=", ".join(better)))
    if worse:
        parts.append(t("Worse: {names}.", names=", ".join(worse)))
    return " ".join(parts)


def comparison(values: pd.DataFrame, t: Language) -> str:
    """What the changes of `kpis()` are against; empty where nothing is compared."""
    bases = [basis for basis in values["basis"] if basis is not None and not isinstance(basis, float)]
    return t("Changes: {basis}.", basis=bases[0]) if bases else ""


def worst_step(funnel: pd.DataFrame) -> int | None:
    """Position of the step after which the largest share of customers is lost; None = nobody is lost."""
    later = funnel[(funnel["position"] > 1) & funnel["from_previous"].notna()]
    if later.empty:
        return None
    worst = later.loc[later["from_previous"].astype(float).idxmin()]
    return int(worst["position"]) - 1 if worst["from_previous"] < 1 else None


def loss(funnel: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
         than: Than | None = None) -> str:
    """Where the largest share is lost, and whether that is surely more than elsewhere. funnel: of `funnel()` without
    breakdown; against: of `funnel_compare.compare()` for the same steps."""
    worst = worst_step(funnel)
    keys = list(funnel["step"])
    if worst is None:
        return t("Nobody is lost between these steps.")
    row = funnel[funnel["position"] == worst + 1].iloc[0]
    said = t("The largest share is lost between {before} and {after}: {share} have not gone on.",
             before=name(keys[worst - 1]), after=name(keys[worst]), share=t.percent(1 - float(row["from_previous"]), 0))
    found = None if against is None else against[against["position"] == row["position"]]
    if found is None or found.empty:
        return said
    gone_on = found.iloc[0]
    same = abs(gone_on["from_previous"] - row["from_previous"]) < 1e-9
    if not same and not (than and than.when):  # a time limit: others are counted there
        return said
    return with_change(said, {"difference": -gone_on["difference"], "significant": gone_on["difference_significant"],
                              "value": 1 - gone_on["from_previous"]}, than, t)


def journey(funnel: pd.DataFrame, curve: pd.DataFrame, t: Language, name: Name, against: pd.DataFrame | None = None,
            felt_against: pd.DataFrame | None = None, than: Than | None = None) -> str:
    """The funnel's worst step and the stage that feels worst beyond doubt, each against another period or group.

    against: of `funnel_compare.compare()`; felt_against: of `differences()` of the two curves by key
    """
    parts = [loss(funnel, t, name, against, than)] if len(funnel) > 1 and funnel["reached"].iloc[0] else []
    felt = curve[(curve["n"] > 0) & (curve["key"] != "") & (curve["upper"] < 0)]
    if len(felt):
        worst = felt.loc[felt["net"].astype(float).idxmin()]
        said = t("It feels worst at {stage} ({net}).", stage=name(worst["key"]),
                 net=t.number(worst["net"], 0, sign=True))
        change = at(felt_against, key=worst["key"])
        parts.append(with_change(said, change if change and change["significant"] is True else None, than, t, "points"))
    return " ".join(parts) or t("The journey")


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
    felt = curve[(curve["n"] > 0) & (curve["key"] != "") & (curve["upper"] < 0)]
    if felt.empty:
        return t("No touchpoint feels surely more bad than good.")
    worst = felt.loc[felt["net"].astype(float).idxmin()]
    said = t("The touchpoint that feels worst: {place} ({net}).", place=name(worst["key"]),
             net=t.number(worst["net"], 0, sign=True))
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


def extremes(parts: pd.DataFrame, kpi: str, t: Language, name: Name, *, good: bool, most: int = 3) -> list[str]:
    """The places that are surely better (or worse) than the rest, the largest difference first, one line each.

    parts: of `kpi.breakdown()` for a KPI with a direction
    """
    sign = KPIS[kpi].direction if good else -KPIS[kpi].direction
    sure = parts[parts["significant"].eq(True) & (parts["difference"] * sign > 0) & (parts["key"] != "")]
    ordered = sure.reindex((sure["difference"] * sign).sort_values(ascending=False).index).head(most)
    return [t("{where}: {value} (the rest: {rest}, n = {n})", where=name(row["key"]),
              value=kpi_value(t, kpi, row["value"], sign=kpi == "net_emotion"),
              rest=kpi_value(t, kpi, row["value"] - row["difference"], sign=kpi == "net_emotion"), n=int(row["n"]))
            for row in records(ordered)]


def trend(kpi: str | Kpi, row: dict[str, Any], t: Language) -> str:
    """A KPI's value and whether it changed beyond chance. row: of `kpis()`."""
    name, value = t(kpi_of(kpi).name), kpi_value(t, kpi, row["value"])
    change = row["change"]
    if change is None or pd.isna(change):
        return t("{kpi}: {value}", kpi=name, value=value)
    shown = kpi_value(t, kpi, change, sign=True)
    if row["significant"] is None or pd.isna(row["significant"]):  # a total has no test, a few answers none worth it
        total = pd.isna(row.get("lower"))
        return (t("{kpi}: {value} ({change})", kpi=name, value=value, change=shown) if total else
                t("{kpi}: {value}; too few answers to tell a change", kpi=name, value=value))
    if row["significant"] is not True:
        return t("{kpi}: {value}; the change of {change} is within chance", kpi=name, value=value, change=shown)
    good = change * kpi_of(kpi).direction
    verdict = t("better") if good > 0 else t("worse") if good < 0 else t("changed")
    return t("{kpi}: {value}, {verdict} by {change}", kpi=name, value=value, verdict=verdict, change=shown)


def target(kpi: str | Kpi, row: dict[str, Any], t: Language) -> str:
    """How a KPI stands to its target, by interval. row: of `kpis()`."""
    if row["target"] is None or pd.isna(row["target"]):
        return t("No target is set.")
    goal = kpi_value(t, kpi, row["target"])
    if row["status"] == "on_target":
        return t("The target of {target} is met: the whole interval is on the good side.", target=goal)
    if row["status"] == "below_target":
        return t("The target of {target} is missed: the whole interval is on the wrong side.", target=goal)
    return t("Whether the target of {target} is met cannot be told yet: it lies inside the interval.", target=goal)


def changed_most(moves: pd.DataFrame, t: Language, name: Callable[[str, str], str]) -> str:
    """Which KPI moved where more surely than any other. moves: of `what_changed()`."""
    if moves.empty:
        return t("No difference between the periods is larger than chance explains.")
    return t("Changed most surely: {what}.", what=move(moves.iloc[0].to_dict(), t, name))


def move(row: dict[str, Any], t: Language, name: Callable[[str, str], str]) -> str:
    """One row of `what_changed()`: which KPI moved where. name: (dimension, key) → name to show."""
    kpi = row["kpi"]
    where = t("all customers") if not row["dimension"] else name(row["dimension"], row["key"])
    return t("{where}: {kpi} {value} ({change})", where=where, kpi=t(KPIS[kpi].name),
             value=kpi_value(t, kpi, row["value"]), change=kpi_value(t, kpi, row["change"], sign=True))


