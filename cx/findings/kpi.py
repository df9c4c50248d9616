"""What KPIs say, in a sentence: their values, what changed, targets, trends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cx.frames import records
from cx.language import DASH, Language, Text
from cx.metrics.kpi_registry import CONVERSION_DAYS, KPIS, Kpi, kpi_of
from cx.metrics.period import A_YEAR_BEFORE

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


def moved(values: pd.DataFrame, year: pd.DataFrame | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(rows of `values`, rows of `year`) whose change is sure and good or bad. A KPI that moved the same way against
    both stands once, where it moved more. values: of `kpis()`; year: of `changes()` against a year before."""
    def sure(frame: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
        return {} if frame is None else {row["kpi"]: row for row in records(frame)
                                         if row["significant"] is True and row["change"] * row["direction"]}

    lately, since = sure(values), sure(year)
    for key in [key for key in lately if key in since and lately[key]["change"] * since[key]["change"] > 0]:
        del (lately if abs(since[key]["change"]) > abs(lately[key]["change"]) else since)[key]
    return list(lately.values()), list(since.values())


def headline(values: pd.DataFrame, t: Language, known: Mapping[str, Kpi] = KPIS,
             year: pd.DataFrame | None = None) -> str:
    """Which KPIs are surely better and which worse than in the period compared with, and than a year before: a fall
    that takes a year hides in every quarter. values: of `kpis()`; year: of `changes()` against a year before."""
    lately, since = moved(values, year)

    def named(rows: list[dict[str, Any]], *, good: bool) -> str:
        return ", ".join(f"{t(known[row['kpi']].name)} ({kpi_value(t, known[row['kpi']], row['change'], sign=True)})"
                         for row in rows if (row["change"] * row["direction"] > 0) == good)

    parts = [t("Better: {names}.", names=names)] if (names := named(lately, good=True)) else []
    parts += [t("Worse: {names}.", names=names)] if (names := named(lately, good=False)) else []
    parts += [t("Better than a year ago: {names}.", names=names)] if (names := named(since, good=True)) else []
    parts += [t("Worse than a year ago: {names}.", names=names)] if (names := named(since, good=False)) else []
    if not lately and not any(row["significant"] is True and row["direction"] for row in records(values)):
        compared = values[values["change"].notna()]
        if compared.empty:
            parts.insert(0, t("No earlier period to compare with."))
        elif compared["significant"].isna().all():
            parts.insert(0, t("There are too few answers to tell what changed against the period before."))
        else:
            parts.insert(0, t("Against the period before, nothing changed more than chance explains."))
    return " ".join(parts)


def than_a_year_ago(kpi: Kpi, row: Mapping[str, Any], t: Language) -> str:
    """What a KPI was a year before, and is, each with its n. row: of `changes()` against a year before."""
    words = {"kpi": t(kpi.name), "change": kpi_value(t, kpi, row["change"], sign=True),
             "now": kpi_value(t, kpi, row["current"]), "n": int(row["current_n"]),
             "then": kpi_value(t, kpi, row["previous"]), "then_n": int(row["previous_n"])}
    return t("{kpi}: {change} against a year ago (now {now}, n = {n}; then {then}, n = {then_n})", **words)


def of_change(row: Mapping[str, Any], t: Language) -> str | None:
    """Of which days a change is, where the value beside it is of others (no closed period is selected); else None.
    row: of `kpis()`."""
    apart = _apart(row)
    if apart is None:
        return None
    return t("{n} days, against a year ago", n=apart[0]) if apart[1] else t("in the last {n} days", n=apart[0])


def _apart(row: Mapping[str, Any]) -> tuple[int, bool] | None:
    """(days that a change is of, whether it is against a year before), where the value is of other days."""
    basis = row.get("basis")
    if not isinstance(basis, Text) or "n" not in basis.values:
        return None
    return int(str(basis.values["n"])), basis.id == A_YEAR_BEFORE


def changed(kpi: Kpi, row: Mapping[str, Any], t: Language) -> str:
    """A change with its interval, both values with their n, and of which days they are. row: of `kpis()`."""
    shown = kpi_value(t, kpi, row["change"], sign=True)
    if not pd.isna(row["change_lower"]):
        ends = (kpi_value(t, kpi, row[end], sign=True) for end in ("change_lower", "change_upper"))
        shown = f"{shown} ({t.interval(*ends)})"
    said = t("Change: {change}, from {before} (n = {before_n}) to {now} (n = {n}); {basis}.", change=shown,
             before=kpi_value(t, kpi, row["previous"]), before_n=int(row["previous_n"]),
             now=kpi_value(t, kpi, row["current"]), n=int(row["current_n"]), basis=row["basis"])
    if kpi.source == "funnel":
        said += " " + t("Both within {n} days of entering.", n=CONVERSION_DAYS)
    return said


def comparison(values: pd.DataFrame, t: Language, known: Mapping[str, Kpi] = KPIS,
               year: pd.DataFrame | None = None) -> str:
    """What the changes of `kpis()` are against, and which KPIs cannot be compared, and why; empty where nothing is
    compared. year: of `changes()` against a year before."""
    basis = basis_of(values)
    said = [] if basis is None else [t("Changes: {basis}.", basis=basis)]
    for frame, since in ((values, False), (year, True)):
        apart = [] if frame is None else [row for row in records(frame) if row.get("incomparable") is not None]
        if apart:
            words = {"names": ", ".join(t(known[row["kpi"]].name) for row in apart), "why": apart[0]["incomparable"]}
            said.append(t("Not compared with a year ago: {names}. {why}", **words) if since else
                        t("Not compared: {names}. {why}", **words))
    return " ".join(said)


def basis_of(values: pd.DataFrame) -> Text | None:
    """What the changes of `kpis()` or `changes()` are against; None where nothing is compared."""
    return next((basis for basis in values["basis"] if basis is not None and not isinstance(basis, float)), None)


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
    shown, apart = kpi_value(t, kpi, change, sign=True), _apart(row)
    if apart is not None:
        words = {"change": shown, "n": apart[0]}
        shown = (t("{change} in the last {n} days against a year ago", **words) if apart[1] else
                 t("{change} in the last {n} days", **words))
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
