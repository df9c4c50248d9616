"""Every public question of cx.metrics, as calls that both engines answer; and whether two answers are the same."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import inspect
import pkgutil
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import cx.metrics
from cx import Filters, Store
from cx.metrics.behind import Number
from cx.metrics.funnel_plan import Exclusion
from tests.metrics.stores import store_of

Call = Callable[[Store, Filters], Any]
TOUCHPOINTS = ("Çağrı merkezi", "Web's \"checkout\"", "Mağaza", "delivery", "a\\b", "İade", "phone line", "Sepet")
_DAYS = dt.timedelta


def odd_store(path: Path | str, many: int = 900, seed: int = 4) -> Store:
    """Interactions at equal times, without a time, a customer, a stage…, with names that need care in SQL."""
    draw = random.Random(seed)
    one, likely = draw.choice, lambda share: draw.random() < share
    people = [*(f"m{number}" for number in range(60)), "Şule O'Neil", "İbrahim \"İ\"", "c\\1"]
    personas = {who: one(["Ayşe", "Genç's", None]) for who in people}
    rows = []
    for _ in range(many):
        who = one(people) if likely(.9) else None
        row: dict[str, Any] = {
            "customer": who, "persona": personas.get(who), "touchpoint": one(TOUCHPOINTS) if likely(.93) else None,
            "channel": one(["web", "Mobil uygulama", "phone", "mağaza", None]),
            "stage": one(["awareness", "consideration", "purchase", "retention", "advocacy"]) if likely(.85)
            else one([None, None, "Bilinmeyen aşama"])}
        if likely(.96):
            row["occurred_at"] = dt.datetime(2025, 1, 1) + _DAYS(
                days=draw.randrange(180), seconds=one([0, 3600, 5 * 3600, 86399]), microseconds=one([0, 0, 1, 999999]))
        for share, name, given in (
                (.4, "nps", range(11)), (.2, "expectation_met", (True, True, False)), (.3, "wait_seconds", (0, 5, 600, 7200)),
                (.2, "delay_days", range(-2, 6)), (.3, "is_complaint", (True, False, False)), (.3, "emotion", (-1, 0, 1)),
                (.25, "revenue", (0, 9.99, 19.5, 1234.5678)), (.2, "campaign", ("Yaz'25", "kış", "100%_%")),
                (.25, "order_id", [f"S{number}" for number in range(120)]), (.2, "quantity", (1, 2, .5)),
                (.25, "comment", ("Kargo çok geç geldi", "very good service", "IĞDIR'dan kötü kargo", "kargo kötü",
                                  "ıslak kutu, kötü", "great, thanks", "o'k"))):
            if likely(share):
                row[name] = one(given)
        if likely(.3):
            row["csat"], row["csat_max"] = one([(1, 5), (3, 5), (4.5, 5), (5, 5), (70, 100), (90, 100), (3, 3)])
        if likely(.2):
            row["ces"], row["ces_max"] = one([(1, 7), (6, 7), (3, 5), (9, 10)])
        if likely(.3):
            row["attributes"] = {"Bölge": one(["Ege", "İç Anadolu", "x'y"]), "Çözüldü": one(["evet", "hayır"])}
        rows.append(row)
    return store_of(rows, stages={"Mağaza": "purchase", "delivery": "retention"}, path=path, customer_attributes={
        who: {"Şehir": one(["İzmir", "Iğdır", "O'Fallon"])} for who in people[::2]})


FILTERS = (
    Filters(), Filters(start=dt.date(2025, 3, 1), end=dt.date(2025, 4, 30)), Filters(persona=("Ayşe",)),
    Filters(channel=("Mobil uygulama", "web")),
    Filters(channel=("web",), own_channel=True, start=dt.date(2025, 2, 1)),
    Filters(touchpoint=(TOUCHPOINTS[1], TOUCHPOINTS[4]), stage=("purchase",)),
    Filters(attributes={"Şehir": ("İzmir", "O'Fallon")}), Filters(attributes={"Bölge": ("x'y",)}, end=dt.date(2025, 5, 1)))


def calls() -> dict[str, Call]:
    """Name → call; it begins with the module and the function."""
    found: dict[str, Call] = {}

    def add(name: str, *args: Any, filtered: bool = True, label: str = "", **given: Any) -> None:
        module, _, function = name.partition(".")
        asked = getattr(importlib.import_module(f"cx.metrics.{module}"), function)

        def call(store: Store, filters: Filters) -> Any:
            return asked(store, *args, **given, **({"filters": filters} if filtered else {}))

        parts = [str(each) for each in (*args, *given.values()) if isinstance(each, (str, int, float))]
        found[" ".join([name, label, *parts]).replace("  ", " ").strip()] = call

    for how in ("previous", "last_year"):
        add("kpi.kpis", compare=how)
    add("kpi.changes")
    add("kpi.sparklines")
    add("skipped.skipped")
    add("skipped.told")
    add("skipped.left_out", filtered=False)
    splits = ("persona", "channel", "campaign", "Şehir", "Bölge")
    for place, kpi in enumerate(("nps", "conversion", "retention", "waiting_time", "average_order_value", "loyalty",
                                 "complaint_rate", "journey_emotion", "csat", "ces")):
        add("kpi.trend", kpi, "month")
        add("kpi.breakdown", kpi, splits[(place + place // 5) % 5])
    add("anomaly.anomalies", "nps", "week")
    add("forecast.forecast", "nps", "week")
    add("earlier.earlier", "nps")
    add("change.what_changed")
    add("standing.standing")
    add("overview.span", filtered=False)
    add("overview.selected")
    found["framework.framework"] = lambda store, _: [  # where the rows come from is not the same
        each for each in importlib.import_module("cx.metrics.framework").framework(store)
        if not str(each.said).startswith(("Nothing has been uploaded", "The interactions come from"))]
    for by in ("stage", "touchpoint"):
        add("emotion.curve", by)
    add("emotion.matrix", "stage", "channel")
    for name in ("sources", "gap", "memory"):
        add(f"emotion.{name}")
    add("emotion.trend", "week")
    add("funnel.funnel")
    add("funnel.funnel", window=_DAYS(days=14), label="14 days")
    for place, split in enumerate((*splits, "touchpoint")):
        add("funnel.funnel", window=_DAYS(days=30), breakdown=split, attribution=("all", "first", "last")[place % 3])
    for order in ("ordered", "any", "strict"):
        add("funnel.funnel", ["Mağaza", "delivery", "İade"], "touchpoint", order, _DAYS(days=60))
    add("funnel.funnel", ["awareness", "purchase"], window=_DAYS(days=60), label="excluded",
        exclusions=[Exclusion("consideration", 1, 2)])
    add("funnel.trend", window=_DAYS(days=30), interval="month")
    add("funnel.trend", ["Mağaza", "delivery"], "touchpoint", interval="month", breakdown="persona")
    add("funnel.time_to_convert")
    add("funnel.summary")
    add("funnel.customers", step=2, window=_DAYS(days=30))
    add("funnel_people.went_next", None, step=1)
    add("funnel_people.went_next", "delivery", step=1)
    add("funnel_people.took", 0)
    add("converters.customers", "channel", "web", step=1)
    add("converters.customers", "emotion", "negative", step=1)
    add("funnel.drop_off", step=1, window=_DAYS(days=30))
    add("converters.converters", step=1, window=_DAYS(days=60), fewest=5)
    add("simulate.observed")
    found["funnel_compare.compare"] = lambda store, filters: importlib.import_module(
        "cx.metrics.funnel_compare").compare(store, filters, Filters())
    for by in ("touchpoint", "channel", "stage"):
        add("path.transitions", by)
        add("path.flows", by)
    add("path.flows", "touchpoint", "delivery", "before", unit="session", pause=_DAYS(days=3))
    add("path.flows", "touchpoint", "delivery", "around")
    add("path.customers", 1, "delivery")
    add("path.customers", 3, "delivery", "")
    add("path_people.moved", "delivery", "")
    add("path_people.walked", ["awareness"], True, 1)
    add("path_people.turned", "delivery", "delivery")
    add("emotion_people.remembered", "end")
    add("emotion_people.told_by", "csat")
    add("attribution.purchases", "web")
    add("waiting.answers", 0)
    add("path.counted")
    add("path.most_met")
    for name in ("variants", "returns", "loops"):
        add(f"path_variants.{name}")
    for of in ("activity", "purchase"):
        for reading in ("in", "in_or_after"):
            add("retention.cohorts", of, "month", reading)
    add("retention.curve", "activity", "month", "in", breakdown="persona")
    add("retention.curve", "purchase", "month", "in_or_after", breakdown="persona")
    add("retention.customers", dt.date(2025, 1, 1), 2, interval="month")
    add("retention.interval_of")
    add("retention.reason", filtered=False)
    add("friction.friction")
    add("friction.pain_points")
    add("driver.drivers")
    add("driver.offered")
    add("driver.rows", "nps", ["waiting"])
    add("attribution.attribution")
    add("attribution.left_out")
    for same in ("touchpoint", "stage"):
        add("handoff.handoffs", same=same)
    add("handoff.customers", "web", "phone")
    add("repeat.repeats")
    add("repeat.repeats", ["Mağaza", "phone line"], "Bölge", by="channel")
    add("repeat.customers", ["Mağaza", "phone line"])
    for name in ("topics", "service_touchpoints", "resolution_column"):
        add(f"repeat.{name}", filtered=False)
    add("comments.read")
    add("comments.read", search="KARGO")
    add("comments.count", topic="kargo")
    add("comments.topics")
    add("contact.usage")
    add("contact.shares")
    add("contact.waiting", by="channel")
    add("waiting.responses")
    add("waiting.responses", "delay", "csat", "channel")
    add("opportunity.chains")
    add("replay.walk")
    add("replay.people")
    add("replay.customers", "purchase")
    add("replay.said", "purchase")
    add("team.teams", filtered=False)
    add("team.handed", "Web", "Care")
    add("team.handovers")
    add("customer.search", "m", filtered=False)
    for name in ("profile", "timeline"):
        add(f"customer.{name}", "Şule O'Neil", filtered=False)
    for kpi in ("nps", "conversion", "orders", "retention", "loyalty", "complaint_rate", "interactions"):
        add("behind.rows", Number(kpi), limit=20, label=kpi)
        add("behind.numbers", Number(kpi, "channel", "web", "month", dt.date(2025, 3, 1)), label=kpi)
    add("attributes.filterable", filtered=False)
    add("attributes.attribute_values", "Şehir", filtered=False)
    add("own_condition.values_of", "campaign", filtered=False)
    return found


ELSEWHERE = {
    "action", "alert", "event", "goals", "planned", "reported", "own_kpi", "visit",  # of the workspace, not the lake
    "cells", "cells_days", "cells_held", "cells_funnel", "held", "held_activity", "held_steps", "held_attempts", "held_lost", "retention_held", "sampling", "emotion_held", "comments_held", "funnel_tally", "step_rows", "sums", "dimension", "friction_rows", "funnel_attempts", "funnel_plan", "path_rows", "path_walk",
    "period", "highlight", "effect"}
"""Modules whose functions are asked through the others, or that ask nothing about interactions themselves."""


THROUGH_OTHERS = {
    "behind.number", "behind.sql", "behind.rows_sql", "behind.kpi_of",  # `numbers`, `rows`
    "friction.customers", "opportunity.chained", "opportunity.at_touchpoint", "repeat.followed", "comments.mentioned",
    "kpi.minimum_n", "kpi.incomparable", "kpi.readable_interval", "opportunity.note", "opportunity.notes", "own_condition.fields", "own_condition.words",
    "own_condition.among_names", "team.touchpoints_of", "crossed.crossed", "emotion.one_in"}
"""Questions about an answer of another one, or about the workspace."""


def public() -> set[str]:
    """module.function of every public question to a store."""
    found = set()
    for each in pkgutil.iter_modules(cx.metrics.__path__):
        module = importlib.import_module(f"cx.metrics.{each.name}")
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and name[0] != "_":
                parameters = list(inspect.signature(function).parameters.values())
                if parameters and "Store" in str(parameters[0].annotation):
                    found.add(f"{each.name}.{name}")
    return found


def assert_same(one: Any, other: Any, where: str = "") -> None:
    """Frames with the same columns, kinds and rows in the same order; times to the microsecond, floats to 1e-9."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)
    elif isinstance(one, np.ndarray):
        np.testing.assert_allclose(np.sort(one), np.sort(other), rtol=1e-9)
    elif dataclasses.is_dataclass(one):
        assert type(one) is type(other), where
        for each in dataclasses.fields(one):
            assert_same(getattr(one, each.name), getattr(other, each.name), f"{where}.{each.name}")
    elif isinstance(one, (list, tuple)):
        assert (type(one), len(one)) == (type(other), len(other)), where
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            assert_same(first, second, f"{where}[{place}]")
    elif isinstance(one, Mapping):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, float):
        assert (one != one and other != other) or abs(one - other) <= 1e-9 * max(1, abs(one)), (where, one, other)
    else:
        assert (type(one), str(one)) == (type(other), str(other)), where
