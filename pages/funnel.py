"""Funnel: how many customers go from step to step, who does not, how long it takes, and how that changes."""

import datetime as dt

import streamlit as st

from cx import findings, findings_funnel
from cx.charts.bars import duration_columns, funnel_bars, measure_bars, measure_dots
from cx.charts.trend import trend_line
from cx.metrics import converters, funnel
from cx.store import journey_model
from pages.parts import bar, factors, nav, show, state, tables
from pages.parts.ask import ask
from pages.parts.words import label, named, names, say, splits, title

WINDOWS = {"": None, "1": dt.timedelta(days=1), "7": dt.timedelta(days=7), "30": dt.timedelta(days=30),
           "90": dt.timedelta(days=90), "365": dt.timedelta(days=365)}

t, filters = state.spoken(), state.filters()
st.title(t("Funnel"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = state.chosen(st.segmented_control, "by", t("Steps are"),
                      {"stage": t("stages"), "touchpoint": t("touchpoints"), "channel": t("channels")}, "stage")
    order = state.chosen(st.selectbox, "order", t("Order"),
                         {"ordered": t("in this order"), "any": t("in any order"),
                          "strict": t("directly one after the other")}, "ordered", width=250)
    window = state.chosen(st.selectbox, "window", t("Within"),
                          {days: t.plural("{n} day", "{n} days", n=int(days)) if days else t("no limit")
                           for days in WINDOWS}, "", width=160)
known = {key: label(by, key) for key in names(by)}
usual = {"stage": funnel.default_steps, "touchpoint": journey_model.usual_touchpoints}
steps = state.several("steps", t("Steps, in order"), known, ask(usual[by]) if by in usual else [])
if len(steps) < 2:
    say(t("Choose at least two steps."), "finding")
    st.stop()
how = {"steps": steps, "by": by, "order": order, "window": WINDOWS[window], "filters": filters}
name = named(by)
frame = ask(funnel.funnel, **how)
entered = int(frame["reached"].iloc[0])
bar.caption("journey", t.plural("{n} customer entered", "{n} customers entered", n=entered))
if not entered:
    show.empty()
    st.stop()
title(findings.loss(frame, t, name), t("Each customer counts once, with the best attempt. Percent of the step before. "
                                       "Click a bar to see who was lost after it."))
show.chart(funnel_bars(frame, t, name), "funnel",
           on_pick=lambda at: state.choose("after", str(min(int(at["position"]), len(steps) - 1))))
with st.expander(t("The numbers")):
    show.table(tables.funnel(frame, t, name), "funnel-table", name=t("Funnel"))

title(t("Who gets through"), t("Share of those who entered that reached the last step, with its 95% interval."))
segments = {name: words for name, words in splits().items() if name not in ("stage", "touchpoint")}
segment = state.chosen(st.selectbox, "segment", t("Compare"), {**segments, "channel": t("first channels")}, "persona",
                       label_visibility="collapsed", width=220)
parts = tables.conversion_by(ask(funnel.funnel, breakdown=segment, **how), t, named(segment))
show.chart(measure_dots(parts, t, value_title=t("Reached the last step"),
                        hover={"entered": t("Entered"), "interval": t("95% interval")}), "segments",
           on_pick=lambda at: state.narrow(segment, at["key"]))

left, right = st.columns(2)
with left:
    title(t("How long it takes"), t("From the first step to the last, of those who got there."))
    show.chart(duration_columns(ask(funnel.time_to_convert, bins=16, **how), t), "durations")
with right:
    title(t("Conversion by time of entry"), t("Hollow points: some of these customers may still get there."))
    over_time = ask(funnel.trend, **how).rename(columns={"rate": "value", "entered": "n"})
    show.chart(trend_line(over_time, t, title=t("Reached the last step"), shown=t.percent,
                          unit="share"), "over-time")

places = {str(place): f"{place}. {name(steps[place - 1])}" for place in range(1, len(steps))}
after = int(state.chosen(st.selectbox, "after", t("Lost after"), places, str(findings.worst_step(frame) or 1),
                         width=360))
title(t("What the lost ones did next"))
show.chart(measure_bars(tables.next_steps(ask(funnel.drop_off, step=after, **how), t,
                                          named("touchpoint")), t, value_title=t("Customers")), "lost")
lost = ask(funnel.customers, step=after + 1, reached=False, **how)
with st.expander(t.plural("{n} customer who has not gone on", "{n} customers who have not gone on", n=len(lost))):
    show.table(tables.customers(lost, t), "lost-customers", name=t("Customers"),
               on_pick=lambda row: nav.later("customer", id=lost["customer_id"].iloc[row]))

telling = ask(converters.converters, step=after, **how)
title(findings_funnel.telling(telling, t, lambda kind, key: factors.name(kind, key, t)),
      t("Of {n} customers who reached {step}, {on} went on; each line holds those with a thing against those without "
        "it. It goes together with going on or not; it need not be the cause.", n=telling.reached,
        step=name(steps[after - 1]), on=telling.went_on))
if telling.reason:
    say(t(telling.reason))
else:
    if telling.factors["significant"].any():
        show.chart(measure_dots(factors.rows(telling.factors, t), t, value_title=t("Difference"),
                                hover={"with": t("Went on with it"), "without": t("Went on without")}), "telling")
    with st.expander(t.plural("{n} thing was looked at", "{n} things were looked at", n=len(telling.factors))):
        show.table(factors.table(telling.factors, t), "telling-table", name=t("What tells them apart"))
