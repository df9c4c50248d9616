"""The drivers of two selections, and the customers behind a driver."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cx import findings
from cx.metrics import driver
from cx.metrics.driver import Drivers
from pages.parts import against, people, state
from pages.parts.against import Both
from pages.parts.ask import ask
from pages.parts.words import say


def beside(outcome: str, found: Drivers) -> Both:
    """The drivers here, and where it is asked for the same things weighed on the other side."""
    sides = against.held()
    none = Both(found, None, False, "", "", None)
    if sides is None or not sides.drawn:
        return none
    offered = ask(driver.offered, outcome, sides.there)
    keys = tuple(sorted(key for key in found.weights["key"] if key in offered))
    other = ask(driver.drivers, outcome, sides.there, keys) if keys else None
    if other is None or other.reason is not None:
        t, reason = state.spoken(), other.reason if other is not None else None
        told = t("None of what is weighed here is known there.") if reason is None else t(reason)
        say(f"{against.sides_named(sides)[1]}: {told}", "body")
        return replace(none, one=against.sides_named(sides)[0])
    return Both(found, other, True, *against.sides_named(sides), against.words(sides))


def other_alone(outcome: str) -> None:
    """What goes most with the outcome on the other side, where nothing can be said of this one."""
    t, sides = state.spoken(), against.held()
    if sides is None or not sides.drawn:
        return
    found = ask(driver.drivers, outcome, sides.there)
    told = findings.driver.heaviest(found, t) if found.reason is None else t(found.reason)
    say(f"{against.sides_named(sides)[1]}: {told}", "body")


def look(key: str) -> None:
    """Order the customers behind the drivers by one of them, from a callback."""
    state.choose("worst", key)


def behind(outcome: str, found: Drivers) -> None:
    """The customers that were weighed, as they were weighed."""
    t = state.spoken()
    names = {row["key"]: findings.driver.name(row["label"], t) for row in found.weights.to_dict("records")}
    with st.expander(t("The {n} customers behind it", n=found.n), expanded=bool(state.choice("worst"))):
        say(t("As they were weighed: scores as a share of their scale, 1 at the best; complaint and expectation 1 = "
              "yes; waiting in seconds, its geometric mean; emotion from −1 to 1. Click a point of the chart above to "
              "put those first for whom it was worst."))
        worst = state.chosen(st.selectbox, "worst", t("First those with the worst"),
                             {"": t("outcome"), **names}, "", width=280)
        rows = ask(driver.rows, outcome, tuple(sorted(names)), state.filters(), worst or None, people.MOST)
        heads = {key: t("{name}, in seconds", name=name) if key == "waiting" else name for key, name in names.items()}
        people.table(rows.round(3), "driver-customers", {"outcome": t(driver.OUTCOMES[outcome]), **heads})


def apart(sides: Both) -> None:
    """Which drivers surely weigh more here than there."""
    t = state.spoken()
    if sides.beside is None:
        return
    names = {row["key"]: findings.driver.name(row["label"], t) for row in sides.here.weights.to_dict("records")}
    weights = sides.map(lambda found: found.weights.assign(answers=found.n))

    def name(row: dict[str, Any]) -> str:
        return names[row["key"]]

    against.differences(weights, against.rows(weights, ["key"], value="weight", n="answers"), name, "drivers",
                        what=t("Part of R²"))
