"""What the page about the rows behind a number shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from cx.filters import Filters
from cx.findings.kpi import kpi_value
from cx.language import Language
from cx.metrics import behind
from cx.metrics.behind import Number
from cx.metrics.kpi_registry import INTERVALS, Kpi
from cx.model import FIELD
from pages.parts import against, computed, drawn, nav, pager, show, state, tables
from pages.parts.ask import ask, store
from pages.parts.drill import GIVEN
from pages.parts.words import given_stages, known_kpis, named, say, splits, title

AT_ONCE = 200
MOST_SAVED = 100_000


def chosen(filters: Filters) -> tuple[Kpi, Number]:
    """The widgets that choose a number; → its KPI and the number."""
    t = state.spoken()
    known = {**behind.COUNTS, **known_kpis()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kpi = state.chosen(st.selectbox, "kpi", t("Number"), {key: t(each.name) for key, each in known.items()},
                           "interactions", width=280)
        by = state.chosen(st.selectbox, "split", t("By"), {"": t("nothing"), **splits()}, "", width=180)
        number = Number(kpi, by or None)
        if by:
            name = named(by)
            values = {GIVEN + row["key"]: f"{name(row['key'])} (n = {t.number(row['n'])})"
                      for row in ask(behind.numbers, number, filters).to_dict("records")}
            if values:
                value = state.chosen(st.selectbox, "value", t("Value"), values, next(iter(values)), width=260)
                number = replace(number, key=value.removeprefix(GIVEN))
        interval = state.chosen(st.selectbox, "interval", t("Over"), {
            "": t("all in one"), "day": t("days"), "week": t("weeks"), "month": t("months"), "quarter": t("quarters")},
            "", width=150)
        if interval:
            over = ask(behind.numbers, replace(number, interval=interval), filters)
            over = over[over["key"] == number.key] if by else over
            days = {f"{row['period']:%Y-%m-%d}": f"{t.date(row['period'].date())} (n = {t.number(row['n'])})"
                    for row in over.sort_values("period", ascending=False).to_dict("records")}
            if days:
                day = state.chosen(st.selectbox, "day", t("Period from"), days, next(iter(days)), width=240)
                number = replace(number, interval=interval, day=dt.date.fromisoformat(day))
    return known[kpi], number


def told(kpi: Kpi, number: Number, filters: Filters) -> int:
    """The number in words, and what it means; → n."""
    t = state.spoken()
    found = ask(behind.number, number, filters)
    shown = f"{t(kpi.name)}: {kpi_value(t, kpi, found.value)} ({t('n = {n}', n=found.n)})"
    if found.lower is not None:
        shown += ". " + t("95% interval: {interval}", interval=t.interval(
            kpi_value(t, kpi, found.lower), kpi_value(t, kpi, found.upper)))
    title(shown, f"{t(kpi.definition)} {t('Formula')}: {t(kpi.formula)}. {t('95% interval')}: "
                 f"{t(INTERVALS[kpi.method])}.")
    sides = against.held()
    if sides is not None and sides.drawn:
        there = ask(behind.number, number, sides.there)
        say(f"{against.sides_named(sides)[1]}: {kpi_value(t, kpi, there.value)} ({t('n = {n}', n=there.n)})", "body")
    return int(found.n)


def listed(kpi: Kpi, number: Number, filters: Filters, n: int) -> None:
    """The rows a page at a time, all of them as a file."""
    t = state.spoken()
    page = pager.page_of(n, AT_ONCE, (number, filters))
    first = AT_ONCE * (page - 1)
    frame = ask(behind.rows, number, filters, limit=AT_ONCE, offset=first)

    def open_journey(row: int) -> None:
        with suppress(IndexError):  # the click was on rows that have gone
            customer = frame["customer_id"].iloc[row]
            if not pd.isna(customer):
                nav.later("customer", id=customer)

    name = t("Rows behind a number")
    stage = given_stages()  # asked here: a file is made where there is no session
    show.table(table(frame, kpi, t, stage), "rows", name=name, download=False, of_rows=True, on_pick=open_journey)
    if n > AT_ONCE:
        drawn.report().add(t("Rows {first} to {last} of {n}; the page saves all of them as a file.", first=first + 1,
                             last=min(first + AT_ONCE, n), n=n))
    pager.turn(page, n, AT_ONCE, (number, filters), t(
        "{first}–{last} of {n} rows. Click a row to see the customer's journey.", first=first + 1,
        last=min(first + AT_ONCE, n), n=n))
    show.downloads(lambda: table(behind.rows(store(), number, filters, limit=MOST_SAVED), kpi, t, stage), "rows",
                   name)
    if n > MOST_SAVED:
        say(t("The files hold the newest {n} rows.", n=MOST_SAVED))


def how(kpi: Kpi, number: Number, filters: Filters) -> None:
    """The SQL of the number and of its rows."""
    t = state.spoken()
    with st.expander(t("How this was computed"), icon=":material/code:"):
        sql = ask(behind.sql, number, filters)
        if sql is None:
            say(t("There is nothing to count in this selection."))
            return
        say(t("This was executed, with the formula around it. “result” is the value, “{n}” is n.", n=f"{kpi.key}.n")
            + f" {computed.where_it_runs()}")
        computed.query(sql)
        say(t("And this gives the rows:"))
        computed.query(ask(behind.rows_sql, number, filters))


def table(frame: pd.DataFrame, kpi: Kpi, t: Language, stage: Callable[[str], str]) -> pd.DataFrame:
    """Rows as the reader sees them; columns without any value are left out. frame: of `behind.rows`; stage: of
    `given_stages()`."""
    names: dict[str, Any] = {
        "customer_id": t("Customer"), "occurred_at": t("When"), "entered_at": t("Entered"), "counted": t("Counts as"),
        "converted_at": t("Reached"), "last_before": t("Last time before"), "first_after": t("First time after"),
        "bought_before": t("Ordered before"), "bought_after": t("Ordered again"), "orders": t("Orders"),
        "interactions": t("Interactions"), "first_at": t("First time"), "last_at": t("Last time"),
        "complained": t("Complained"), "last_emotion": t("Last emotion"), "amount": t("Worth"),
        "wait_seconds": t("Waited, in seconds"),
        **{name: t(field.label) for name, field in FIELD.items()
           if name in frame.columns and name not in ("customer_id", "occurred_at", "wait_seconds")}}
    kept = frame.dropna(axis="columns", how="all")
    kept = kept[[name for name in names if name in kept.columns]]
    if kpi.key in behind.COUNTS and "counted" in kept.columns:
        kept = kept.drop(columns="counted")
    for name in ("emotion", "last_emotion"):
        if name in kept.columns:
            kept[name] = [tables.mood(each, t) for each in kept[name]]
    if "stage" in kept.columns:
        kept["stage"] = [stage("" if pd.isna(each) else each) for each in kept["stage"]]
    return kept.rename(columns=names)
