"""The board of actions: a card each with its verdict and the numbers behind, and the form that adds or changes one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.trend import Thin, trend_line
from cx.errors import CxError, QueryError
from cx.filters import LABELS
from cx.language import text
from cx.metrics import action as actions
from cx.metrics.action import PLACE, Action
from cx.metrics.effect import Effect, effect
from cx.metrics.goals import TYPED_IN
from cx.metrics.kpi_registry import Kpi
from cx.metrics.opportunity import kpi_of_measure
from pages.parts import nav, show, state
from pages.parts.ask import ask, store
from pages.parts.words import known_kpis, label, names, say


def board(known: list[Action], where: str = "board") -> None:
    """Every action with what became of it."""
    t = state.spoken()
    if not known:
        say(t("No action yet. Begin one from a pain point, or by hand."), "body")
        return
    found = [(each, ask(effect, each)) for each in known]
    told = [result.verdict for _, result in found]
    if len(known) > 1:
        show.facts([(t("Worked"), t.number(told.count("worked"))), (t("Did not work"), t.number(told.count("did_not"))),
                    (t("Cannot tell yet"), t.number(told.count("cannot_tell")))])
    for each, result in found:
        card(each, result, where)


def card(each: Action, found: Effect, where: str) -> None:
    """One action: title, where, since when, verdict, reason, numbers."""
    t, kpi = state.spoken(), known_kpis().get(each.kpi)
    with st.container(border=True, key=f"action-{where}-{each.number}", gap="xsmall"):
        say(f"{each.title} · {findings.action.verdict(found, t)}", "finding")
        say(findings.action.why(found, each, kpi, t), "body")
        facts = [t("KPI: {name}", name=t(kpi.name)) if kpi else "", findings.action.place(each, label, t),
                 t("since {day}", day=each.starts_on) if each.ended_on is None else
                 t.interval(t.date(each.starts_on), t.date(each.ended_on)), each.owner]
        if kpi and each.expected is not None:
            facts.append(t("expected: {change}", change=findings.kpi_value(t, kpi, each.expected, sign=True)))
        say(" · ".join(part for part in facts if part))
        begun_from = dict(each.pain_point).get("found")
        if begun_from:
            say(t("Begun from: {found}", found=begun_from))
        if each.note:
            say(each.note)
        for note in found.notes:
            say(t(note))
        if kpi is not None and len(found.series):
            with st.expander(t("The numbers")):
                _numbers(each, found, kpi, f"{where}-{each.number}")
        _buttons(each, where)


def removed() -> None:
    """The actions taken away, each with the way back."""
    t, gone = state.spoken(), ask(actions.actions, True)
    if not gone:
        return
    with st.expander(t("Removed ({n})", n=len(gone))):
        for each in gone:
            with st.container(horizontal=True, vertical_alignment="center"):
                say(f"{each.title} · {t.date(each.starts_on)}", "body")
                st.button(t("Bring back"), key=state.widget_key(f"restore-{each.number}"), type="tertiary",
                          icon=":material/undo:", on_click=actions.restore, args=(store(), each.number))


def begin(key: str, place: Sequence[tuple[str, str]], measure: str, found: str) -> None:
    """The button that leads from a pain point to an action about it. place: (dimension, key) pairs."""
    t = state.spoken()
    st.button(t("Make it an action"), key=state.widget_key(key), type="tertiary", icon=":material/task_alt:",
              on_click=nav.later, args=("actions",), kwargs={
                  "action": "new", "place": [f"{name}:{value}" for name, value in place],
                  "kpi": kpi_of_measure(measure), "measure": measure, "found": found})


def form(current: Action | None) -> None:
    """Add an action (prefilled by the address: place, kpi, title), or change one."""
    t, kpis = state.spoken(), ask(actions.watched_kpis)
    given = current or _asked(kpis)
    of = given.number or "new"

    def key(name: str) -> str:
        return state.widget_key(f"action-{name}-{of}")

    with st.container(border=True, key="action-form"):
        title = st.text_input(t("What is done"), given.title, key=key("title"), max_chars=actions.LONGEST)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            place = {name: _pick(t(LABELS[name]), {"": t("all"), **{each: label(name, each) for each in names(name)}},
                                 getattr(given, name), key(name)) for name in PLACE}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            shown = {each: t(kpi.name) for each, kpi in kpis.items()}
            kpi = kpis[_pick(t("KPI it should change"), shown, given.kpi, key("kpi"))]
            factor = TYPED_IN.get(kpi.unit, 1)
            unit = {"share": t("percentage points"), "seconds": t("minutes")}.get(kpi.unit, t("points") if
                                                                                kpi.unit == "points" else "")
            before = "" if given.expected is None else t.number(given.expected / factor, 1)
            words = t("Expected change ({unit})", unit=unit) if unit else t("Expected change")
            expected = st.text_input(words, before, key=key(f"expected-{kpi.key}"), placeholder=t("not known"),
                                     width=220)
            start = st.date_input(t("First day"), given.starts_on, key=key("start"), format="DD.MM.YYYY", width=150,
                                  min_value=dt.date(1990, 1, 1))
            end = st.date_input(t("Last day"), given.ended_on, key=key("end"), format="DD.MM.YYYY", width=150,
                                min_value=dt.date(1990, 1, 1))
            owner = st.text_input(t("Team responsible"), given.owner, key=key("owner"), width=220)
        note = st.text_area(t("Note"), given.note, key=key("note"), max_chars=actions.LONGEST_NOTE, height=80)
        with st.container(horizontal=True):
            if st.button(t("Save"), type="primary", key=key("save")):
                try:
                    changed = _change(expected, factor)
                    wanted = replace(given, title=title, kpi=kpi.key, **place, owner=owner, note=note,
                                     expected=changed, starts_on=start if isinstance(start, dt.date) else
                                     dt.date.today(), ended_on=end if isinstance(end, dt.date) else None,
                                     status="closed" if end else "open")
                    actions.save(store(), wanted)
                    _forget()
                    st.rerun()
                except CxError as error:
                    show.failure(error)
            st.button(t("Cancel"), key=key("cancel"), on_click=_forget)


def _numbers(each: Action, found: Effect, kpi: Kpi, key: str) -> None:
    t = state.spoken()
    table = findings.action.numbers(found, kpi, t)
    if len(table):
        say(t("{n} weeks before and {n} weeks after the start.", n=found.weeks))
        show.table(table, f"numbers-{key}", name=each.title, wide=t("Where"))
    course = findings.action.course(found)
    frame = pd.DataFrame({"period": course["week"], "value": course["place"], "lower": float("nan"),
                          "upper": float("nan"), "n": course["place_n"], "complete": True})
    rest = frame.assign(value=course["rest"], n=course["rest_n"], note=t("untouched"))
    marks = pd.DataFrame({"day": [pd.Timestamp(each.starts_on)], "label": [each.title]})
    show.chart(trend_line(frame, t, title=t(kpi.name), unit=kpi.unit, marks=marks,
                          shown=lambda value: findings.kpi_value(t, kpi, value),
                          thin=[Thin(t("everywhere else"), rest[rest["value"].notna()])] if rest["value"].notna().any()
                          else []), f"course-{key}")
    say(t("Places chosen because they looked bad get better by themselves, too: the rest shows only what happened "
          "everywhere."))


def _buttons(each: Action, where: str) -> None:
    t, number = state.spoken(), each.number
    if where != "board":
        return
    with st.container(horizontal=True, gap="small"):
        st.button(t("Change"), key=state.widget_key(f"change-action-{number}"), icon=":material/edit:",
                  type="tertiary", on_click=state.choose, args=("action", str(number)))
        if each.ended_on is None and each.starts_on <= dt.date.today():
            st.button(t("End today"), key=state.widget_key(f"end-{number}"), icon=":material/flag:", type="tertiary",
                      on_click=actions.close, args=(store(), number, dt.date.today()))
        elif each.ended_on is not None:
            st.button(t("Let it go on"), key=state.widget_key(f"go-on-{number}"), icon=":material/play_arrow:",
                      type="tertiary", on_click=actions.close, args=(store(), number, None))
        st.button(t("Remove"), key=state.widget_key(f"remove-action-{number}"), icon=":material/delete:",
                  type="tertiary", on_click=actions.remove, args=(store(), number))


def _asked(kpis: dict[str, Kpi]) -> Action:
    """What the address asks a new action to be about."""
    place: dict[str, Any] = {}
    for each in state.choices("place"):
        name, _, value = each.partition(":")
        if name in PLACE and value in names(name):
            place[name] = value
    kpi = state.choice("kpi", "csat")
    return Action(state.choice("title"), kpi if kpi in kpis else "csat", dt.date.today(), **place,
                  pain_point=tuple((name, state.choice(name)) for name in ("measure", "found") if state.choice(name)))


def _forget() -> None:
    for name in ("place", "kpi", "title", "measure", "found"):
        state.set_choice(name, None)
    state.choose("action", "")


def _change(given: str, factor: float) -> float | None:
    words = given.replace("%", "").strip()
    if not words:
        return None
    number = state.spoken().parse_number(words)
    if number is None:
        raise QueryError(text("The expected change must be a number."))
    return number * factor


def _pick(words: str, options: dict[str, str], current: str, key: str) -> str:
    keys = list(options)
    return st.selectbox(words, keys, index=keys.index(current) if current in keys else 0,
                        format_func=options.__getitem__, key=key, width=220)
