"""Building a funnel: its steps, their order, conditions, times and exclusions, all of which live in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from cx.metrics import funnel
from cx.metrics.funnel import Exclusion, Step
from cx.metrics.funnel_question import UNITS, Question, in_unit, read_time, time_in_words, write_time
from cx.store import journey_model
from pages.parts import folded, state
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import label, names, say

_PARTS = ("steps", "exclude", "window")


def build() -> Question:
    """The controls; what they ask for."""
    t = state.spoken()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = state.chosen(st.segmented_control, "by", t("Steps are"),
                          {"stage": t("stages"), "touchpoint": t("touchpoints"), "channel": t("channels")}, "stage")
        order = state.chosen(st.selectbox, "order", t("Order"),
                             {"ordered": t("in this order"), "any": t("in any order"),
                              "strict": t("directly one after the other")}, "ordered", width=250)
        known = {key: label(by, key) for key in names(by)}
        wanted = replace(Question.from_url(state.view_url()), by=by, order=order)
        asked = wanted.sound(list(known))
        for part in _PARTS:
            state.offered(part)
        if len(asked.steps) < len(wanted.steps):
            state.offered("steps", list(known))
            state.lost(t("Steps"))
        asked = asked if asked.steps else replace(asked, steps=usual(by))
        _time("window", t("Within (0: no limit)"), asked.window, lambda time: _put(replace(asked, window=time)))
    folded.expander(t("Steps and conditions"), "steps", lambda: _steps(asked, known), icon=":material/tune:")
    return asked


def _steps(asked: Question, known: dict[str, str]) -> None:
    t = state.spoken()
    for place in range(len(asked.steps)):
        _step(asked, place, known)
    for place in range(len(asked.exclusions)):
        _exclusion(asked, place, known)
    with st.container(horizontal=True, gap="small"):
        _add("add-step", t("Add a step"), known, lambda key: _put(
            replace(asked, steps=(*asked.steps, Step((key,))))))
        if len(asked.steps) > 1:
            _add("add-exclusion", t("Leave out attempts with…"), known, lambda key: _put(
                replace(asked, exclusions=(*asked.exclusions, Exclusion((key,), 1, len(asked.steps))))))
    if asked.steps != usual(asked.by) or asked.exclusions:
        st.button(t("Back to the usual steps"), type="tertiary", icon=":material/restart_alt:",
                  key=state.widget_key("usual"), on_click=lambda: _put(Question(asked.by, order=asked.order)))


def named(frame: pd.DataFrame, asked: Question) -> pd.DataFrame:
    """The funnel's frame with its steps as shown: names joined, those that may be skipped marked, none twice."""
    t = state.spoken()
    shown = [_name(asked, place) for place in range(len(asked.steps))]
    shown = [f"{place}. {name}" if shown.count(name) > 1 else name for place, name in enumerate(shown, start=1)]
    shown = [t("{step} (may be skipped)", step=name) if step.optional else name
             for name, step in zip(shown, asked.steps, strict=True)]
    return kept(_called, frame, shown, asked.by == "stage" and asked.order == "ordered")


def _called(frame: pd.DataFrame, shown: list[str], of_stages: bool) -> pd.DataFrame:
    keys = {"key": frame["step"]} if of_stages else {}
    return frame.assign(**keys, step=[shown[position - 1] for position in frame["position"]])


def required(frame: pd.DataFrame, asked: Question) -> pd.DataFrame:
    """The rows of the steps that may not be skipped, numbered anew; `place` is the position in the funnel."""
    return kept(_needed, frame, [not step.optional for step in asked.steps])


def _needed(frame: pd.DataFrame, needed: list[bool]) -> pd.DataFrame:
    rows = frame[[needed[position - 1] for position in frame["position"]]]
    return rows.assign(place=rows["position"], position=range(1, len(rows) + 1)).reset_index(drop=True)


def conditions(asked: Question) -> str:
    """The conditions of the funnel in words; empty for none."""
    t = state.spoken()
    parts = [t("{step}: within {time} of the step before", step=_name(asked, place),
               time=time_in_words(step.within, t)) for place, step in enumerate(asked.steps) if step.within is not None]
    parts += [t("without {what} between {first} and {last}", what=_joined(asked.by, each.value),
                first=_name(asked, int(each.from_step) - 1), last=_name(asked, int(each.to_step) - 1))
              for each in asked.exclusions]
    return " · ".join(parts)


def usual(by: str) -> tuple[Step, ...]:
    """The steps of a funnel that nobody has built: all stages in use, or the touchpoint of each that most are at."""
    every = {"stage": funnel.default_steps, "touchpoint": journey_model.usual_touchpoints}
    return tuple(Step((key,)) for key in (ask(every[by]) if by in every else []))


def _put(asked: Question) -> None:
    """Ask this from now on; a funnel of the usual steps has none in its address."""
    sound = asked.sound()
    url = replace(sound, steps=()).to_url() if sound.steps == usual(sound.by) else sound.to_url()
    for name in _PARTS:
        state.choose(name, url.get(name))


def _step(asked: Question, place: int, known: dict[str, str]) -> None:
    t, step = state.spoken(), asked.steps[place]
    key = state.widget_key(f"step-{asked.by}-{place}")
    st.session_state.setdefault(key, list(step.values))

    def change(new: Step) -> None:
        _put(replace(asked, steps=(*asked.steps[:place], new, *asked.steps[place + 1:])))

    def keep() -> None:
        change(replace(step, values=tuple(st.session_state[key])))

    last = place == len(asked.steps) - 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.multiselect(t("Step {n}", n=place + 1), list(known), key=key, format_func=known.__getitem__, on_change=keep,
                       placeholder=t("Choose"))
        with st.popover(_summary(step) or t("Options"), icon=":material/more_horiz:"):
            if place and asked.order != "any":
                _time(f"within-{place}", t("After the step before, at most (0: no limit)"), step.within,
                      lambda time: change(replace(step, within=time)))
            if place and not last and asked.order == "ordered":
                skip = state.widget_key(f"optional-{place}")
                st.session_state.setdefault(skip, step.optional)
                st.toggle(t("May be skipped"), key=skip,
                          on_change=lambda: change(replace(step, optional=st.session_state[skip])),
                          help=t("It then changes no other step: it counts those who did it on their way."))
            with st.container(horizontal=True, gap="small"):
                st.button(t("Move up"), icon=":material/arrow_upward:", key=state.widget_key(f"up-{place}"),
                          disabled=not place, on_click=lambda: _put(asked.moved(place, -1)))
                st.button(t("Move down"), icon=":material/arrow_downward:", key=state.widget_key(f"down-{place}"),
                          disabled=last, on_click=lambda: _put(asked.moved(place, 1)))
                st.button(t("Remove"), icon=":material/close:", key=state.widget_key(f"remove-{place}"),
                          on_click=lambda: change(replace(step, values=())))


def _summary(step: Step) -> str:
    t = state.spoken()
    parts = [t("may be skipped")] if step.optional else []
    parts += [t("within {time}", time=time_in_words(step.within, t))] if step.within is not None else []
    return " · ".join(parts)


def _exclusion(asked: Question, place: int, known: dict[str, str]) -> None:
    t, each = state.spoken(), asked.exclusions[place]
    keys = [state.widget_key(f"exclusion-{asked.by}-{place}-{part}") for part in ("value", "from", "to")]
    for key, value in zip(keys, (list(each.value), each.from_step, each.to_step), strict=True):
        st.session_state.setdefault(key, value)

    def keep() -> None:
        values, first, to = (st.session_state[key] for key in keys)
        new = Exclusion(tuple(values), min(first, to), max(first, to))
        _put(replace(asked, exclusions=(*asked.exclusions[:place], new, *asked.exclusions[place + 1:])))

    steps = [number for number, step in enumerate(asked.steps, start=1) if not step.optional]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.multiselect(t("Without"), list(known), key=keys[0], format_func=known.__getitem__, on_change=keep,
                       placeholder=t("Choose"))
        for key, words in zip(keys[1:], (t("after"), t("before")), strict=True):
            st.selectbox(words, steps, key=key, on_change=keep, width=180,
                         format_func=lambda number: f"{number}. {_name(asked, number - 1)}")


def _add(name: str, words: str, known: dict[str, str], add: Callable[[str], None]) -> None:
    key = state.widget_key(name)
    st.selectbox(words, list(known), index=None, key=key, format_func=known.__getitem__, placeholder=words,
                 label_visibility="collapsed", width=300, on_change=lambda: add(st.session_state[key]))


def _time(name: str, words: str, current: dt.timedelta | None, keep: Callable[[dt.timedelta | None], None]) -> None:
    """A number and its unit; nought is no limit."""
    t = state.spoken()
    number, unit = state.widget_key(f"{name}-number"), state.widget_key(f"{name}-unit")
    written = write_time(current) if current else "0d"
    st.session_state.setdefault(number, int(written[:-1]))
    st.session_state.setdefault(unit, written[-1])

    def changed() -> None:
        keep(read_time(f"{st.session_state[number]}{st.session_state[unit]}"))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
        st.number_input(words, 0, 99_999, key=number, on_change=changed, width=150)
        st.selectbox(t("Unit"), list(UNITS), key=unit, on_change=changed, width=120, label_visibility="collapsed",
                     format_func=lambda each: in_unit(int(st.session_state[number]), each, t).split(" ", 1)[1])


def _name(asked: Question, place: int) -> str:
    return _joined(asked.by, asked.steps[place].values)


def _joined(by: str, values: str | tuple[str, ...]) -> str:
    return " / ".join(label(by, each) for each in ((values,) if isinstance(values, str) else values))


def told(asked: Question) -> None:
    """The line that says the conditions, where there are any."""
    words = conditions(asked)
    if words:
        say(words)
