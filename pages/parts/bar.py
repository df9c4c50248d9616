"""The filter bar: period and comparison, persona, channel, stage, touchpoint, attributes; and its caption."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from cx import findings
from cx.filters import DIMENSIONS, LABELS, Filters, Reading
from cx.metrics.attributes import attribute_values, filterable
from cx.metrics.overview import selected, span
from cx.metrics.skipped import left_out
from cx.periods import PRESETS, preset
from pages.parts import against, computed, drawn, save, saved, state
from pages.parts.ask import ask
from pages.parts.words import label, markdown, named, names, say


def filter_bar(page: str) -> None:
    """The row of filters above a page; every change is in the URL and on every page."""
    chosen = state.filters()
    with st.container(horizontal=True, key="filter-bar", gap="small", vertical_alignment="top"):
        with st.container(horizontal=True, key="bar-filters", gap="small", vertical_alignment="center"):
            _filters(chosen)
        with st.container(horizontal=True, key="bar-tools", gap="small", vertical_alignment="center", width="content"):
            saved.button(page)
            save.button()
            computed.button()


def _filters(chosen: Filters) -> None:
    t = state.spoken()
    words = t("Period")
    with st.popover(f"{words}: {chosen.period_caption(t)}", icon=":material/calendar_month:"):
        _period(chosen)
    for dimension in DIMENSIONS:
        if not names(dimension):
            continue
        keys = getattr(chosen, dimension)
        with st.popover(_button(t(LABELS[dimension]), [label(dimension, key) for key in keys])):
            _dimension(dimension, keys)
    offered = {*ask(filterable), *dict(chosen.attributes)}
    attributes = {key: name for key, name in names("attribute").items() if key in offered}
    if attributes:
        with st.popover(_button(t("More filters"), [f"{len(chosen.attributes)}"] if chosen.attributes else [])):
            _attributes(chosen, attributes)
    with st.container(horizontal=True, key="bar-last", gap="small", vertical_alignment="center", width="content"):
        against.button()  # where the line is full, the two go to the next one together
        if chosen.count() or state.against():
            st.button(t("Reset"), icon=":material/close:", type="tertiary", on_click=state.reset_filters,
                      key=state.widget_key("reset"))


def counted() -> str:
    """How many customers and interactions the filters select, in words; empty for none."""
    t = state.spoken()
    customers, respondents, interactions = ask(selected, state.filters())
    if not interactions:
        return ""
    parts = [t.plural("{n} customer", "{n} customers", n=customers)] if customers else []
    parts += [t.plural("{n} anonymous respondent", "{n} anonymous respondents", n=respondents)] if respondents else []
    return " · ".join([*parts, t.plural("{n} interaction", "{n} interactions", n=interactions)])


def caption(reading: Reading, counted: str = "", *, of_stages: bool = False) -> None:
    """What is shown, in words, for journey or interaction questions; `counted` tells how much it is; of_stages: the
    page stands on the funnel of all stages."""
    t, sides, text = state.spoken(), against.held(), words(reading, of_stages=of_stages)
    if sides is not None and sides.drawn:
        text = t("{one}, compared with: {other}", one=text, other=against.sides_named(sides)[1])
    shown = f"{text} · {counted}" if counted else text
    drawn.report().caption = shown
    say(shown)


def words(reading: Reading, *, of_stages: bool = False) -> str:
    """The filters in words, and which stages somebody left out of the funnel where the page stands on it."""
    without = findings.funnel.without(ask(left_out), state.spoken(), named("stage")) if of_stages else ""
    return " · ".join(filter(None, (state.filters().caption(state.spoken(), label, reading), without)))


def _button(name: str, values: list[str]) -> str:
    if not values:
        return name
    shown = markdown(values[0]) if len(values) == 1 else None
    return f"{name}: {shown if shown is not None and len(shown) <= 28 else len(values)}"


def _period(chosen: Filters) -> None:
    t = state.spoken()
    known = ask(span)
    first, last = known.first_day, known.last_day
    if first is None or last is None:
        say(t("The data has no dates."))
        return
    options = ["all", *PRESETS, "custom"]
    current = "all" if not (chosen.start or chosen.end) else next(
        (name for name in PRESETS if preset(name, last) == (chosen.start, chosen.end)), "custom")
    key, days_key = state.widget_key("period"), state.widget_key("days")
    st.session_state.setdefault(key, current)

    def pick() -> None:
        picked = st.session_state[key]
        if picked != "custom":
            start, end = (None, None) if picked == "all" else preset(picked, last)
            state.refine(start=start, end=end)
            st.session_state.pop(days_key, None)

    st.radio(t("Period"), options, key=key, on_change=pick, label_visibility="collapsed",
             format_func=lambda name: t("All data") if name == "all" else t("From … to …") if name == "custom"
             else t(PRESETS[name]))
    if st.session_state[key] == "custom":
        st.session_state.setdefault(days_key, (chosen.start or first, chosen.end or last))

        def keep() -> None:
            picked = st.session_state[days_key]
            if isinstance(picked, tuple) and len(picked) == 2:
                state.refine(start=picked[0], end=picked[1])

        st.date_input(t("From … to …"), key=days_key, format="DD.MM.YYYY", on_change=keep,
                      min_value=min(first, chosen.start or first),
                      max_value=max(last, chosen.end or last) + dt.timedelta(days=1))
    say(t("The data runs from {first} to {last}.", first=first, last=last))


def _dimension(dimension: str, keys: tuple[str, ...]) -> None:
    t = state.spoken()
    options = list(names(dimension))
    key = state.widget_key(f"filter-{dimension}")
    st.session_state.setdefault(key, [each for each in keys if each in options])

    def keep() -> None:
        state.refine(**{dimension: tuple(st.session_state[key])})

    st.multiselect(t(LABELS[dimension]), options, key=key, on_change=keep, placeholder=t("All"),
                   format_func=lambda each: label(dimension, each))
    if dimension == "channel":
        own_key = state.widget_key("own-channel")
        st.session_state.setdefault(own_key, state.filters().own_channel)
        st.toggle(t("Steps in this channel only"), key=own_key,
                  help=t("In journey questions a channel means the customer's first channel. Switched on, only steps "
                         "that happened in the chosen channel count."),
                  on_change=lambda: state.set_filters(own_channel=st.session_state[own_key]))


def _attributes(chosen: Filters, attributes: dict[str, str]) -> None:
    t = state.spoken()
    values = dict(chosen.attributes)
    key = state.widget_key("attribute")
    st.session_state.setdefault(key, next(iter(values), next(iter(attributes))))
    attribute = st.selectbox(t("Attribute"), list(attributes), format_func=attributes.__getitem__, key=key)
    options = ask(attribute_values, attribute)
    values_key = state.widget_key(f"attribute-{attribute}")
    st.session_state.setdefault(values_key, [each for each in values.get(attribute, ()) if each in options])

    def keep() -> None:
        kept = {**values, attribute: tuple(st.session_state[values_key])}
        state.set_filters(attributes=tuple(kept.items()))

    st.multiselect(t("Values"), options, key=values_key, on_change=keep, placeholder=t("All"))
