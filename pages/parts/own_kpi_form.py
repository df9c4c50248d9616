"""KPIs of the company's own on the Definitions page: listed, added, changed and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cx.errors import CxError
from cx.metrics import own_condition, own_kpi
from cx.metrics.definitions import DIRECTIONS
from cx.metrics.own_condition import Condition
from cx.metrics.own_kpi import KINDS, OwnKpi
from pages.parts import show, state
from pages.parts.ask import ask, store
from pages.parts.words import say, title

NEW = OwnKpi("", "share", Condition("nps", "at_least", ("9",)), None, 1, True)


def own_kpis() -> None:
    """What the company added, each with its definition, and the form to add one more."""
    t = state.spoken()
    title(t("KPIs of your own"), t("The share or the mean of a field, put together from drop-downs. They have an "
                                   "interval and n like all others, and stand wherever KPIs do."))
    known = own_kpi.own_kpis(store())
    for own in known:
        with st.container(border=True, key=f"own-{own.number}", gap="xsmall"):
            say(own.name, "finding")
            say(t(own_kpi.declared(store(), own).definition), "body")
            with st.container(horizontal=True, gap="small"):
                st.button(t("Change"), key=state.widget_key(f"change-{own.key}"), icon=":material/edit:",
                          type="tertiary", on_click=state.choose, args=("own", own.key))
                st.button(t("Remove"), key=state.widget_key(f"remove-{own.key}"), icon=":material/delete:",
                          type="tertiary", on_click=_remove, args=(own.key,))
    asked = state.choice("own")
    current = next((own for own in known if own.key == asked), NEW if asked == "new" else None)
    if current is None:
        st.button(t("Add a KPI"), icon=":material/add:", type="primary", on_click=state.choose, args=("own", "new"))
    else:
        _form(current)


def _form(current: OwnKpi) -> None:
    t, of = state.spoken(), current.key
    with st.container(border=True, key="own-form"):
        name = st.text_input(t("Name"), current.name, key=state.widget_key(f"own-name-{of}"),
                             max_chars=own_kpi.LONGEST_NAME)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = _pick(t("It is"), {key: t(words) for key, words in KINDS.items()}, current.kind, f"own-kind-{of}")
            if kind == "mean":
                numbers = {key: t(words) for key, words in own_condition.number_fields().items()}
                what = Condition(_pick(t("of"), numbers, current.what.field, f"own-field-{of}"))
            else:
                what = _condition(t("of interactions with"), current.what, f"own-what-{of}")
        only = None
        if st.checkbox(t("Count only some interactions"), current.only is not None,
                       key=state.widget_key(f"own-some-{of}")):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                only = _condition(t("those with"), current.only or Condition("channel"), f"own-only-{of}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            direction = int(_pick(t("What is good"), {str(key): t(words) for key, words in DIRECTIONS.items()},
                                  str(current.direction), f"own-direction-{of}"))
            tile = st.checkbox(t("Show it on the Overview"), current.on_overview,
                               key=state.widget_key(f"own-tile-{of}"))
        own = replace(current, name=name, kind=kind, what=what, only=only,  # type: ignore[arg-type]
                      direction=direction, on_overview=tile)  # type: ignore[arg-type]
        with st.container(horizontal=True):
            if st.button(t("Save"), type="primary", key=state.widget_key("own-save")):
                try:
                    own_kpi.save(store(), own)
                    state.choose("own", "")
                    st.rerun()
                except CxError as error:
                    show.failure(error)
            st.button(t("Cancel"), key=state.widget_key("own-cancel"), on_click=state.choose, args=("own", ""))


def _condition(words: str, current: Condition, name: str) -> Condition:
    """Drop-downs of a field, an operator and its value."""
    t = state.spoken()
    known = {key: t(label) for key, label in ask(own_condition.fields).items()}
    field = _pick(words, known, current.field, f"{name}-field", width=240)
    asked = {key: t(label) for key, label in own_condition.operators(field).items()}
    operator = _pick(t("Operator"), asked, current.operator, f"{name}-operator-{field}", width=170,
                     label_visibility="collapsed")
    same = field == current.field
    if operator in own_condition.OPERATORS[own_condition.NUMBER]:
        default = float(current.operands[0]) if same and current.operands else None
        number = st.number_input(t("Value"), value=default, key=state.widget_key(f"{name}-number-{field}"), width=130,
                                 label_visibility="collapsed", placeholder=t("Value"), format="%g")
        return Condition(field, operator, () if number is None else (str(number),))
    if operator in own_condition.OPERATORS[own_condition.NAME]:
        values = {key: t(label) for key, label in ask(own_condition.values_of, field).items()}
        kept = [each for each in current.operands if same and each in values]
        chosen = st.multiselect(t("Values"), list(values), kept,
                                format_func=values.__getitem__, key=state.widget_key(f"{name}-values-{field}"),
                                width=280, label_visibility="collapsed", placeholder=t("Value"))
        return Condition(field, operator, tuple(chosen))
    return Condition(field, operator)


def _pick(words: str, options: dict[str, str], current: str, name: str, **how: Any) -> str:
    keys = list(options)
    return st.selectbox(words, keys, index=keys.index(current) if current in keys else 0,
                        format_func=options.__getitem__, key=state.widget_key(name), **{"width": 220, **how})


def _remove(key: str) -> None:
    own_kpi.remove(store(), key)
    state.choose("own", "")
