"""The form of an alert's rule, with the preview of when it would have fired."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.trend import trend_line
from cx.errors import CxError
from cx.filters import LABELS
from cx.metrics import alert
from cx.metrics.alert import KINDS, WHERE, Rule
from cx.metrics.goals import TYPED_IN, read_target
from cx.metrics.kpi_registry import Kpi
from pages.parts import show, state
from pages.parts.ask import ask, store
from pages.parts.words import known_kpis, label, names, say

NEW = Rule("unusual", "csat")


def form(current: Rule) -> None:
    """Add a rule, or change one; below it when it would have fired."""
    t, kpis, of = state.spoken(), known_kpis(), current.number or "new"

    def key(name: str) -> str:
        return state.widget_key(f"rule-{name}-{of}")

    with st.container(border=True, key="rule-form"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = _pick(t("Tell me of"), {each: t(words) for each, words in KINDS.items()}, current.kind, key("kind"))
            kpi = "" if kind == "pain" else _pick(t("KPI"), {each: t(one.name) for each, one in kpis.items()},
                                                  current.kpi or "csat", key("kpi"))
            interval = current.interval if kind == "pain" else _pick(
                t("Looked at"), {"day": t("by day"), "week": t("by week"), "month": t("by month"),
                                 "quarter": t("by quarter")}, current.interval, key("interval"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            where = {name: _pick(t(LABELS[name]), {"": t("all"), **{each: label(name, each) for each in names(name)}},
                                 getattr(current, name), key(name)) for name in WHERE}
        limit = _limit(current, kind, kpis.get(kpi), key(f"limit-{kind}-{kpi}"))
        name = st.text_input(t("Name of the rule"), current.name, key=key("name"), max_chars=alert.LONGEST)
        try:
            given = replace(current, kind=kind, kpi=kpi, interval=interval, name=name, **where,
                            limit=_read(limit, kind, kpis.get(kpi)))
            _preview(given, kpis.get(kpi))
            with st.container(horizontal=True):
                if st.button(t("Save"), type="primary", key=key("save")):
                    alert.save(store(), given)
                    state.choose("rule", "")
                    st.rerun()
                st.button(t("Cancel"), key=key("cancel"), on_click=state.choose, args=("rule", ""))
        except CxError as error:
            show.failure(error)


def _preview(given: Rule, kpi: Kpi | None) -> None:
    t = state.spoken()
    if kpi is None and not st.toggle(t("Try it on the last six months (takes a while)"),
                                     key=state.widget_key("rule-try")):
        return
    found = ask(alert.preview, replace(given, name="", number=None))
    if found.empty:
        say(t("There are no whole periods to try it on yet."), "body")
        return
    fired = found[found["fires"]]
    told = t.plural("It would have alerted you once in {all} periods.",
                    "It would have alerted you {n} times in {all} periods.", n=len(fired), all=len(found))
    say(told if len(fired) else t("It would not have alerted you in any of the {all} periods.", all=len(found)),
        "finding")
    if kpi is None:
        show.table(pd.DataFrame({t("Month from"): [t.date(each.date()) for each in found["period"]],
                                 t("New pain points"): found["n"]}), "rule-preview", name=t("Preview"), download=False)
        return
    odd = {row["period"]: findings.alert.line({"kind": given.kind, "kpi": given.kpi, "interval": given.interval, **row,
                                               "period": f"{row['period']:%Y-%m-%d}"}, {given.kpi: kpi}, t)
           for row in fired.to_dict("records")}
    target = found["against"].iloc[-1] if given.kind == "target" else None
    show.chart(trend_line(found.assign(complete=True), t, title=t(kpi.name), unit=kpi.unit, odd=odd, target=target,
                          shown=lambda value: findings.kpi_value(t, kpi, value)), "rule-course")
    show.lines([odd[each] for each in list(odd)[-5:]])


def _limit(current: Rule, kind: str, kpi: Kpi | None, key: str) -> str:
    t = state.spoken()
    if kind == "target" and kpi is not None:
        unit = {"share": t("percent"), "seconds": t("minutes")}.get(kpi.unit)
        words = t("Limit ({unit}); empty = the KPI's target", unit=unit) if unit else \
            t("Limit; empty = the KPI's target")
        known = current.limit if (current.kind, current.kpi) == (kind, kpi.key) else None
        return st.text_input(words, "" if known is None else t.number(known / TYPED_IN.get(kpi.unit, 1), 1), key=key,
                             width=300)
    if kind == "few":
        known = current.limit if current.kind == kind else None
        return st.text_input(t("Fewest answers; empty = the usual minimum"), "" if known is None else t.number(known),
                             key=key, width=300)
    return ""


def _read(given: str, kind: str, kpi: Kpi | None) -> float | None:
    if kpi is None or not given.strip():
        return None
    return read_target(replace(kpi, unit="count") if kind == "few" else kpi, given, state.spoken())


def _pick(words: str, options: dict[str, str], current: str, key: str, **how: Any) -> str:
    keys = list(options)
    return st.selectbox(words, keys, index=keys.index(current) if current in keys else 0,
                        format_func=options.__getitem__, key=key, width=240, **how)
