"""Parts of the simulator: a slider per conversion, and what follows."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars
from cx.charts.theme import Chart
from cx.filters import Filters
from cx.language import DASH, Language
from cx.metrics import funnel, opportunity
from cx.metrics.opportunity import AFTER_DAYS, WENT_BADLY
from cx.metrics.simulate import Observed, Simulation
from pages.parts import people, state
from pages.parts.against import Both
from pages.parts.ask import ask
from pages.parts.words import markdown, names, say, title

_LONGEST = 10_000  # minutes of waiting that can be asked for


def sliders(observed: Observed, stages: list[str]) -> dict[int, float]:
    """A slider for every conversion, at first where it is; the moved ones: {position: share}."""
    t = state.spoken()
    for place in range(2, len(stages) + 1):
        before, there = observed.reached[place - 2], observed.reached[place - 1]
        if not before:
            continue
        now = round(100 * there / before)
        key = state.widget_key(f"move-{place}")
        given = state.whole(f"move{place}", 100)
        st.session_state.setdefault(key, now if given is None else given)

        def keep(place: int = place, key: str = key, now: int = now) -> None:
            value = st.session_state[key]
            state.set_choice(f"move{place}", None if value == now else str(value))

        words = t("From {before} to {after}, percent (now {now})", before=stages[place - 2], after=stages[place - 1],
                  now=t.percent(there / before, 0))
        plain = markdown(words) is not None
        if not plain:
            say(words)
        st.slider(words if plain else t("Conversion {n}, percent", n=place - 1), 0, 100, key=key, on_change=keep,
                  label_visibility="visible" if plain else "collapsed")
    if any(state.choice(f"move{place}") for place in range(2, len(stages) + 1)):
        st.button(t("Back to now"), type="tertiary", icon=":material/restart_alt:", key=state.widget_key("unmove"),
                  on_click=lambda: [state.choose(f"move{place}", None) for place in range(2, len(stages) + 1)])
    moved = {place: state.whole(f"move{place}", 100) for place in range(2, len(stages) + 1)
             if observed.reached[place - 2]}
    return {place: given / 100 for place, given in moved.items() if given is not None}


def behind(observed: Observed, stages: list[str], filters: Filters) -> None:
    """The customers behind a conversion as it is now: those who reached a stage, or did not."""
    t = state.spoken()
    with st.expander(t("The customers behind a conversion"), expanded=bool(state.choice("behind"))):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            steps = {str(place): f"{place}. {name} ({t.number(n)})" for place, (name, n) in enumerate(
                zip(stages, observed.reached, strict=True), start=1)}
            step = int(state.chosen(st.selectbox, "behind", t("Stage"), steps, "2", width=280))
            who = state.chosen(st.segmented_control, "who", t("Who"), {
                "reached": t("reached it"), **({"lost": t("were lost before it")} if step > 1 else {})}, "reached")
        found = ask(funnel.customers, step=step, reached=who == "reached", filters=filters, limit=people.MOST)
        people.table(found, "simulated-customers", {"started_at": t("Entered"), "reached_at": t("Reached")})


def touchpoint(filters: Filters) -> None:
    """Move how often it goes badly at a touchpoint, and read what follows."""
    t = state.spoken()
    title(t("Move a touchpoint"),
          t("How often it goes badly there. What follows rests on what customers for whom it went well at the same "
            "place do in the {days} days after.", days=AFTER_DAYS))
    known = names("touchpoint")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = state.chosen(st.selectbox, "place", t("Touchpoint"), known, next(iter(known), ""), width=280)
        measure = state.chosen(st.selectbox, "badly", t("What is bad"),
                               {key: t(words) for key, words in WENT_BADLY.items()}, "csat", width=240)
        limit = _minutes() * 60 if measure == "waiting" else None
    chain = ask(opportunity.at_touchpoint, place, measure, filters, limit)
    if not chain.bad:
        say(t("Nothing of that kind is known of this touchpoint.") if not chain.n else
            t("None of {n} contacts there went badly in this way.", n=chain.n), "body")
        return
    now, given = math.ceil(100 * chain.bad / chain.n), state.whole("aim", 100)
    key = state.widget_key(f"aim-{place}-{measure}-{limit}")
    st.session_state.setdefault(key, now if given is None else min(now, given))

    def keep() -> None:
        state.set_choice("aim", None if st.session_state[key] == now else str(st.session_state[key]))

    st.select_slider(t("Contacts that go badly (now {now} of {n})", now=t.percent(chain.bad / chain.n), n=chain.n),
                     range(now + 1), key=key, on_change=keep, format_func=lambda share: t.percent(
                         chain.bad / chain.n if share == now else share / 100, 1 if share == now else 0))
    if given is None:
        say(t("Move it to see what follows."))
        return
    row = opportunity.worth([chain], "target", given / 100).iloc[0].to_dict()
    say(findings.opportunity.told(row, "target", t), "body")
    say(t("That goes together with it; it need not be the cause."))


def _minutes() -> float:
    """From which wait on it is bad."""
    t, written = state.spoken(), state.whole("minutes", _LONGEST)
    key = state.widget_key("minutes")
    st.session_state.setdefault(key, 5 if written is None else written)
    return float(st.number_input(t("Longer than (minutes)"), 0, _LONGEST, key=key, width=180,
                                 on_change=lambda: state.set_choice("minutes", str(st.session_state[key]))))


def revenue(found: Simulation) -> None:
    """What it would bring in."""
    t = state.spoken()
    if found.revenue is None:
        return
    money = found.revenue
    change, *ends = (t.number(money[each], 0, sign=True) for each in ("change", "change_lower", "change_upper"))
    say(t("Revenue: {change} ({interval}); now {now}.", change=change, interval=t.interval(*ends),
          now=t.number(money["now"], 0)), "finding")


def chart(steps: pd.DataFrame, sides: Both) -> Chart:
    """Customers at each step, with the moved conversions. sides: of `simulate.observed()`; the other side's conversions
    are marked."""
    t = state.spoken()
    known = steps[steps["then"].notna()].to_dict("records")
    data = pd.DataFrame({
        "key": [row["position"] for row in known], "name": [row["step"] for row in known],
        "value": [row["then"] for row in known],
        "text": [_with_change(row, t) for row in known],
        "now": [t.number(row["now"], 0) for row in known],
        "interval": [t.interval(t.number(row["then_lower"], 0), t.number(row["then_upper"], 0)) for row in known]})
    return measure_bars(data, t, value_title=t("Customers"), hover={"now": t("Now"), "interval": t("95% interval")},
                        beside=None if sides.beside is None else _as_there(sides.here, sides.beside, t),
                        other_name=sides.other)


def _as_there(here: Observed, there: Observed, t: Language) -> pd.DataFrame:
    """As many customers as enter here, with the conversions of the other side."""
    each = here.reached[0] / there.reached[0] if there.reached and there.reached[0] else math.nan
    values = [each * n for n in there.reached]
    return pd.DataFrame({"key": range(1, len(values) + 1), "value": values, "text": [t.number(n, 0) for n in values]})


def table(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps now and then."""
    t, rows = state.spoken(), steps.to_dict("records")

    def range_of(row: dict[str, Any], name: str, *, sign: bool = False) -> str:
        if pd.isna(row[name]):
            return DASH
        value, low, high = (t.number(row[each], 0, sign=sign) for each in (name, f"{name}_lower", f"{name}_upper"))
        return f"{value} ({t.interval(low, high)})"

    return pd.DataFrame({
        t("Step"): [f"{row['position']}. {row['step']}" for row in rows],
        t("Share now"): [DASH if pd.isna(row["share"]) else t.percent(row["share"]) for row in rows],
        t("Set to"): [DASH if pd.isna(row["moved_to"]) else t.percent(row["moved_to"]) for row in rows],
        t("Now"): [range_of(row, "now") for row in rows], t("Then"): [range_of(row, "then") for row in rows],
        t("Difference"): [range_of(row, "change", sign=True) for row in rows]})


def _with_change(row: dict[str, Any], t: Language) -> str:
    change = round(float(row["change"]))
    shown = t.number(round(float(row["then"])), 0)
    return f"{shown} ({t.number(change, 0, sign=True)})" if change else shown
