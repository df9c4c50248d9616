"""Those who did not go on: what they did next, who they are, and what tells them from those who did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars, measure_dots
from cx.findings.friction import of_sample
from cx.language import Language
from cx.metrics import funnel, funnel_people
from cx.metrics.converters import Converters, converters
from cx.metrics.converters import customers as those_with
from cx.report.content import Table
from pages.parts import against, drawn, factors, folded, nav, people, show, state, tables
from pages.parts.ask import ask, store
from pages.parts.made import kept
from pages.parts.words import named, say, title

NOTHING = "."  # stands for a next place where nothing came after; no place has this key


def lost(required: pd.DataFrame, asked: dict[str, Any]) -> None:
    """The section below the funnel. required: rows of the steps that may not be skipped, with their `place`; asked: how
    the funnel is counted."""
    t = state.spoken()
    how = {**asked, "filters": state.filters()}
    rows = required.to_dict("records")
    worst = findings.funnel.worst_step(required) or 1
    places = {str(row["place"]): f"{row['place']}. {row['step']}" for row in rows[:-1]}
    after = int(state.chosen(st.selectbox, "after", t("Lost after"), places, str(rows[worst - 1]["place"]), width=360))
    _did_next(after, asked)
    here = next(row for row in rows if row["place"] == after)
    following = next(row for row in rows if row["place"] > after)
    gone = int(here["reached"] - following["reached"])
    _customers(partial(funnel.customers, step=following["place"], reached=False, **how), gone,
               t.plural("{n} customer who has not gone on", "{n} customers who have not gone on", n=gone),
               "lost-customers")
    there = int(here["reached"])
    _customers(partial(funnel.customers, step=after, **how), there,
               t.plural("{n} customer who reached step {step}", "{n} customers who reached step {step}", n=there,
                        step=after), "step-customers")

    _telling(after, here["step"], asked)


@dataclass(frozen=True)
class _Place:
    """Names the next place."""

    nothing: str
    place: Callable[[str], str]

    def __call__(self, key: str) -> str:
        return self.nothing if key == NOTHING else self.place(key)


def _next(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["when"] == "next"].fillna({"key": NOTHING})


def _did_next(after: int, asked: dict[str, Any]) -> None:
    """Where those went who were lost after a step."""
    t = state.spoken()
    name = _Place(t("nothing more"), named("touchpoint"))
    left = against.both(funnel.drop_off, step=after, on_request=True, **asked).map(_next)
    title(kept(findings.funnel.went_on, left.here, t, name, NOTHING))
    bars = left.map(tables.next_steps, t, name)
    show.chart(kept(measure_bars, bars.here, t, value_title=t("Share of the lost"),
                    hover={"interval": t("95% interval")}, beside=bars.beside, other_name=bars.other), "lost",
               on_pick=lambda at: people.pick("next", at["key"]))
    against.legend(bars)
    people.behind("next", t("The customers who did this next"), t("Next"), {
        row["key"]: f"{name(row['key'])} ({t.number(row['customers'])})" for row in left.here.to_dict("records")},
        lambda key: ask(funnel_people.went_next, None if key == NOTHING else key, step=after, **asked,
                        filters=state.filters()),
        {"started_at": t("Entered"), "reached_at": t("Reached"), "next_at": t("Next at")})
    against.differences(left, against.rows(left, ["key"], value="share", n="lost"), lambda row: name(row["key"]),
                        "lost")
    if note := against.note(left):
        say(note)


def _telling(after: int, reached: str, asked: dict[str, Any]) -> None:
    """What tells those who went on from the lost. reached: the name of the step."""
    t = state.spoken()
    sides = against.both(converters, step=after, on_request=True, **asked)
    telling = sides.here
    title(kept(_told_by, telling, t), " ".join([
        t("Of {n} customers who reached {step}, {on} went on; each line holds those with a thing against those "
          "without it. It goes together with going on or not; it need not be the cause.", n=telling.reached,
          step=reached, on=telling.went_on), findings.funnel.left_out(telling.left_out, t),
        of_sample(telling.one_in, t)]).rstrip())
    if telling.reason:
        say(t(telling.reason))
        return
    if telling.factors["significant"].any():
        dots = sides.map(_dots, telling, t)
        show.chart(kept(measure_dots, dots.here, t, value_title=t("Difference"), hover={
            "with": t("Went on with it"), "without": t("Went on without")}, beside=dots.beside,
            other_name=dots.other), "telling", on_pick=lambda at: people.pick("thing", at["key"]))
        against.legend(dots)
    both = sides.map(_fewer)
    against.differences(both, against.rows(both, ["kind", "key"], value="difference", n="fewer"),
                        lambda row: factors.name(row["kind"], row["key"], t), "telling", what=t("What"),
                        unit=lambda _, value, __: t("{n} pp", n=t.number(value * 100, 1, sign=True)))
    things = list(zip(telling.factors["kind"], telling.factors["key"], strict=True))
    keys = ["|".join(each) for each in things]
    show.folded_table(t.plural("{n} thing was looked at", "{n} things were looked at", n=len(telling.factors)),
                      kept(factors.table, telling.factors, t), "telling-table", name=t("What tells them apart"),
                      on_pick=lambda row: people.pick("thing", keys[row]))
    people.behind("thing", t("The customers with one of these"), t("What"), {
        key: f"{factors.name(row['kind'], row['key'], t)} ({t.number(row['n_with'])})"
        for key, row in zip(keys, telling.factors.to_dict("records"), strict=True)},
        lambda key: ask(those_with, *things[keys.index(key)], step=after, **asked, filters=state.filters()),
        {"went_on": t("Went on"), "started_at": t("Entered")})


def _told_by(telling: Converters, t: Language) -> str:
    return findings.funnel.telling(telling, t, lambda kind, key: factors.name(kind, key, t))


def _dots(found: Converters, here: Converters, t: Language) -> pd.DataFrame:
    return factors.rows(found.factors, here.factors, t)


def _fewer(found: Converters) -> pd.DataFrame:
    return found.factors.assign(fewer=found.factors[["n_with", "n_without"]].min(axis=1))


def _customers(question: partial[pd.DataFrame], n: int, words: str, key: str) -> None:
    """The customers that `question(store)` finds, n in all: the first of them are shown, all can be saved."""
    t, known, first = state.spoken(), store(), partial(question, limit=people.MOST)

    def every() -> pd.DataFrame:
        return tables.customers(question(known), t)

    def listed() -> None:
        found = ask(first.func, **first.keywords)
        show.table(kept(tables.customers, found, t), key, name=t("Customers"), of_rows=True, download=n <= len(found),
                   on_pick=lambda row: nav.later("customer", id=found["customer_id"].iloc[row]))
        if n > len(found):
            say(t("These are the first {n}.", n=len(found)))
            show.downloads(every, key, t("Customers"))

    drawn.report().add(Table(t("Customers"), lambda: tables.customers(first(known), t), of_rows=True))
    folded.expander(words, key, listed)
