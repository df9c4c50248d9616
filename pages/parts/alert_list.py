"""What alerts have said, read and unread, and the rules there are."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cx import findings
from cx.delivery import box
from cx.delivery.box import Message
from cx.filters import Filters
from cx.language import Text
from cx.metrics import alert
from cx.metrics.alert import WHERE, Rule
from pages.parts import nav, state
from pages.parts.ask import ask, store
from pages.parts.words import known_kpis, label, say

AT_ONCE = 10
LINES = 5


def messages(told: list[Message]) -> None:
    """The newest messages, each with the way to what it is about."""
    t = state.spoken()
    if not told:
        say(t("No alert yet."), "body")
        return
    new = sum(each.unread for each in told)
    with st.container(horizontal=True, vertical_alignment="center"):
        say(t.plural("{n} unread message", "{n} unread messages", n=new) if new else t("All messages are read."),
            "body")
        if new:
            st.button(t("Mark all as read"), icon=":material/done_all:", type="tertiary", on_click=box.mark,
                      args=(store(), None))
    many = int(state.choice("shown", str(AT_ONCE))) if state.choice("shown").isdecimal() else AT_ONCE
    for each in told[:many]:
        _message(each)
    if len(told) > many:
        st.button(t("Show more"), on_click=state.set_choice, args=("shown", str(many + AT_ONCE)))


def rules(known: list[Rule]) -> None:
    """The rules, each in words, with what can be done about it."""
    t, kpis = state.spoken(), known_kpis()
    if not known:
        say(t("No rule yet."), "body")
    for each in known:
        with st.container(border=True, key=f"rule-{each.number}", gap="xsmall"):
            say(each.name if each.active else f"{each.name} · {t('off')}", "finding")
            say(findings.alert.rule(each, kpis, label, t))
            reason = ask(alert.silent, each)
            if reason is not None:
                say(t("It is silent: {reason}", reason=reason), "body")
            with st.container(horizontal=True, gap="small"):
                st.button(t("Change"), key=state.widget_key(f"change-rule-{each.number}"), icon=":material/edit:",
                          type="tertiary", on_click=state.choose, args=("rule", str(each.number)))
                st.button(t("Switch off") if each.active else t("Switch on"), type="tertiary",
                          key=state.widget_key(f"switch-rule-{each.number}"), icon=":material/power_settings_new:",
                          on_click=_switch, args=(each,))
                with st.popover(t("Remove"), icon=":material/delete:", type="tertiary"):
                    say(t("Its alerts so far stay in the list."), "body")
                    st.button(t("Remove this rule"), key=state.widget_key(f"remove-rule-{each.number}"),
                              type="primary", on_click=alert.remove, args=(store(), each.number))


def _message(each: Message) -> None:
    t, kpis = state.spoken(), known_kpis()
    with st.container(border=True, key=f"message-{each.number}", gap="xsmall"):
        about = findings.alert.about(each.said[0], kpis, label, t)
        say(f"● {about}" if each.unread else about, "finding" if each.unread else "body")
        for said in each.said[-LINES:]:
            shown = {key: t(value) if isinstance(value, Text) else value for key, value in said.items()}
            say(f"{findings.alert.line(shown, kpis, t)} ({said['rule']})", "body")
        if len(each.said) > LINES:
            say(t("and {n} more before", n=len(each.said) - LINES))
        say(f"{t.datetime(each.fired_at)} · {t('unread') if each.unread else t('read')}")
        with st.container(horizontal=True, gap="small"):
            st.button(t("Look at it"), key=state.widget_key(f"look-{each.number}"), icon=":material/open_in_new:",
                      type="tertiary", on_click=_look, args=(each,))
            st.button(t("Mark as read") if each.unread else t("Mark as unread"), type="tertiary",
                      key=state.widget_key(f"mark-{each.number}"), icon=":material/done:",
                      on_click=box.mark, args=(store(), each.number, each.unread))


def _look(each: Message) -> None:
    """Open the page a message is about, with its filters, and take it as read."""
    box.mark(store(), each.number)
    said = each.said[0]
    at = {**{name: said[name] for name in WHERE}, **said.get("at", {})}
    state.set_filters(**{name: (at[name],) if at.get(name) else () for name in (*WHERE, "stage")},
                      start=Filters.start, end=Filters.end)
    if said["kind"] == "pain":
        nav.later("pain_points")
    else:
        nav.later("trends", kpi=said["kpi"], interval=said["interval"])


def _switch(rule: Rule) -> None:
    alert.save(store(), replace(rule, active=not rule.active))
