"""What an alert says, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from cx.findings.kpi import kpi_value
from cx.language import DASH, Language
from cx.metrics.alert import KINDS, WHERE, Rule
from cx.metrics.kpi_registry import Kpi

Label = Callable[[str, str], str]


def line(said: Mapping[str, Any], known: Mapping[str, Kpi], t: Language) -> str:
    """One firing in a sentence. said: of `Firing`, `text` of a pain point already in the reader's language."""
    if said["kind"] == "pain":
        return t("New pain point: {text}", text=said["text"])
    kpi = known.get(said["kpi"])
    if kpi is None:
        return t("The KPI it was about is no longer there.")

    def value(number: float | None) -> str:
        return kpi_value(t, kpi, number)

    words = {"when": when(said, t), "value": value(said["value"]), "against": value(said["against"]), "n": said["n"]}
    if said["kind"] == "few":
        return t("{when}: {n} answers, at least {least} were wanted.", when=words["when"], n=said["n"],
                 least=int(said["against"]))
    if said["kind"] == "unusual":
        return t("{when}: {value}, about {against} was to be expected (n = {n}).", **words)
    return t("{when}: {value} (95% interval {interval}), the target is {against} (n = {n}).", **words,
             interval=t.interval(value(said["lower"]), value(said["upper"])))


def when(said: Mapping[str, Any], t: Language) -> str:
    """The period of a firing."""
    day = dt.date.fromisoformat(said["period"])
    return {"day": t.date(day), "week": t("Week from {day}", day=day), "month": t("Month from {day}", day=day),
            "quarter": t("Quarter from {day}", day=day)}[said["interval"]]


def about(said: Mapping[str, Any], known: Mapping[str, Kpi], label: Label, t: Language) -> str:
    """What a message is about: the KPI and where."""
    kpi = known.get(said["kpi"])
    name = t("Pain points") if said["kind"] == "pain" else DASH if kpi is None else t(kpi.name)
    return " · ".join([name, *(label(each, said[each]) for each in WHERE if said[each])])


def rule(watched: Rule, known: Mapping[str, Kpi], label: Label, t: Language) -> str:
    """What a rule watches, in words."""
    told = about({"kind": watched.kind, "kpi": watched.kpi, **{each: getattr(watched, each) for each in WHERE}}, known,
                 label, t)
    kind = t(KINDS[watched.kind])
    if watched.kind == "pain":
        return f"{told}: {kind}"
    kpi = known.get(watched.kpi)
    if watched.limit is not None and kpi is not None:
        limit = t.number(watched.limit) if watched.kind == "few" else kpi_value(t, kpi, watched.limit)
        kind = f"{kind} ({limit})"
    every = {"day": t("by day"), "week": t("by week"), "month": t("by month"), "quarter": t("by quarter")}
    return f"{told}: {kind}, {every[watched.interval]}"
