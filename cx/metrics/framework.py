"""The measurement framework: from business goals to monitoring, what is set, what is missing, what has grown old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cx.language import Text, text, text_n
from cx.metrics import alert
from cx.metrics.action import actions
from cx.metrics.cells import present
from cx.metrics.goals import goals
from cx.metrics.own_kpi import registry
from cx.store import Store

LAYERS: Mapping[str, Text] = {
    "goals": text("Business goals"), "journey": text("Documented journey"), "kpis": text("KPIs"),
    "sources": text("Sources"), "owners": text("Owners"), "monitoring": text("Monitoring")}
SET, MISSING, STALE = "set", "missing", "stale"
STALE_DAYS = 35
"""Days after its last interaction from which data counts as old: a monthly export that did not come."""


@dataclass(frozen=True)
class Check:
    """One thing the framework needs.

    layer    a key of LAYERS
    status   set, missing or stale
    said     what is so, in words with the numbers
    page     where it is fixed, with these choices of the page
    """

    layer: str
    status: str
    said: Text
    page: str
    choices: tuple[tuple[str, str], ...] = ()


def framework(store: Store, today: dt.date | None = None) -> list[Check]:
    """Every check, in the order of LAYERS."""
    today = today or dt.date.today()
    return [*_goals(store), *_journey(store), *_kpis(store), *_sources(store, today), *_owners(store),
            *_monitoring(store)]


def _goals(store: Store) -> Iterator[Check]:
    known = goals(store)
    if known.empty:
        yield Check("goals", MISSING, text("No target is set."), "journey_model")
        return
    yield Check("goals", SET, text_n("{n} target is set.", "{n} targets are set.", n=len(known)), "journey_model")
    without = int((known["owner"] == "").sum())
    if without:
        yield Check("goals", MISSING, text_n("{n} target has nobody responsible.",
                                             "{n} targets have nobody responsible.", n=without), "journey_model")


def _journey(store: Store) -> Iterator[Check]:
    stages, empty = store.rows("SELECT count(*), count(*) FILTER (WHERE stage_id NOT IN (SELECT stage_id FROM "
                               "interactions WHERE stage_id IS NOT NULL)) FROM stages")[0]
    yield Check("journey", SET, text("{n} stages are described.", n=int(stages)), "journey_model")
    if empty:
        yield Check("journey", MISSING, text_n("{n} stage has no interaction.", "{n} stages have no interaction.",
                                               n=int(empty)), "journey_model")
    every, unplaced = store.rows("SELECT count(*), count(*) FILTER (WHERE stage_id IS NULL) FROM touchpoints")[0]
    if not every:
        yield Check("journey", MISSING, text("There is no touchpoint yet."), "upload")
        return
    if unplaced:
        yield Check("journey", MISSING, text("{n} of {all} touchpoints have no stage.", n=int(unplaced),
                                             all=int(every)), "journey_model")
    else:
        yield Check("journey", SET, text("All {n} touchpoints have a stage.", n=int(every)), "journey_model")


def _kpis(store: Store) -> Iterator[Check]:
    known = registry(store)
    there = present(store, {field for kpi in known.values() for way in kpi.fields for field in way})
    filled = {key for key, kpi in known.items()
              if not kpi.fields or any(set(way) <= there for way in kpi.fields)}
    yield Check("kpis", SET if filled else MISSING, text("{n} of {all} KPIs have data.", n=len(filled), all=len(known)),
                "definitions")
    aimed = [key for key in dict.fromkeys(goals(store)["kpi"]) if key not in filled]
    if aimed:
        yield Check("kpis", MISSING, text("A target is set, but no data is there: {names}.",
                                          names=_listed([known[key].name for key in aimed])), "upload")


def _sources(store: Store, today: dt.date) -> Iterator[Check]:
    many, latest = store.rows("SELECT count(*), max(loaded_at) FROM uploads WHERE undone_at IS NULL")[0]
    last = store.value("SELECT CAST(max(occurred_at) AS DATE) FROM interactions")
    if store.in_lake:
        yield Check("sources", SET, text("The interactions come from a data lake."), "upload")
    elif not many:
        yield Check("sources", MISSING, text("Nothing has been uploaded yet."), "upload")
    else:
        yield Check("sources", SET, text_n("{n} upload is in force, the latest of {day}.",
                                           "{n} uploads are in force, the latest of {day}.", n=int(many),
                                           day=latest.date()), "history")
    if last is not None and (today - last).days > STALE_DAYS:
        yield Check("sources", STALE, text("The data ends on {day}, {n} days ago.", day=last, n=(today - last).days),
                    "upload")
    elif last is not None:
        yield Check("sources", SET, text("The data reaches to {day}.", day=last), "upload")


def _owners(store: Store) -> Iterator[Check]:
    every, without = store.rows("SELECT count(*), count(*) FILTER (WHERE coalesce(trim(owner), '') = '') "
                                "FROM touchpoints")[0]
    if without:
        yield Check("owners", MISSING, text("{n} of {all} touchpoints belong to no team.", n=int(without),
                                            all=int(every)), "journey_model")
    elif every:
        yield Check("owners", SET, text("All {n} touchpoints belong to a team.", n=int(every)), "teams")
    alone = [each for each in actions(store) if not each.owner]
    if alone:
        yield Check("owners", MISSING, text_n("{n} action has no team.", "{n} actions have no team.", n=len(alone)),
                    "actions")


def _monitoring(store: Store) -> Iterator[Check]:
    rules = [each for each in alert.rules(store) if each.active]
    if not rules:
        yield Check("monitoring", MISSING, text("No alert watches anything."), "alerts", (("rule", "new"),))
    else:
        yield Check("monitoring", SET, text_n("{n} alert is watching.", "{n} alerts are watching.", n=len(rules)),
                    "alerts")
    silent = [each for each in rules if alert.silent(store, each) is not None]
    if silent:
        yield Check("monitoring", STALE, text_n("{n} alert watches something that is no longer there.",
                                                "{n} alerts watch something that is no longer there.", n=len(silent)),
                    "alerts")
    watched = {each.kpi for each in rules}
    blind = [each for each in dict.fromkeys(goals(store)["kpi"]) if each not in watched]
    if blind and rules:
        known = registry(store)
        yield Check("monitoring", MISSING, text("A target is set, but no alert watches: {names}.",
                                                names=_listed([known[key].name for key in blind])), "alerts",
                    (("rule", "new"),))
    failed = int(store.value("SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND attempts > 0"))
    if failed:
        yield Check("monitoring", MISSING, text_n("{n} message could not be delivered yet.",
                                                  "{n} messages could not be delivered yet.", n=failed), "alerts")


def _listed(names: list[Text]) -> Text:
    result = names[0]
    for each in names[1:]:
        result = text("{first}, {second}", first=result, second=each)
    return result
