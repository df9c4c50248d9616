"""Funnel: how many customers go from step to step, who does not, how long it takes, and how that changes."""

import datetime as dt

import streamlit as st

from cx.charts.bars import funnel_bars, measure_bars
from cx.charts.trend import trend_line
from cx.metrics import funnel
from pages.parts import bar, findings, nav, show, state
from pages.parts.ask import ask
from pages.parts.words import label, names, say, title

WINDOWS = {"": None, "1": dt.timedelta(days=1), "7": dt.timedelta(days=7), "30": dt.timedelta(days=30),
           "90": dt.timedelta(days=90), "365": dt.timedelta(days=365)}

t, filters = state.spoken(), state.filters()
st.title(t("Funnel"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = state.chosen(st.segmented_control, "by", t("Steps are"), ["stage", "touchpoint", "channel"], "stage",
                      required=True, format_func={"stage": t("stages"), "touchpoint": t("touchpoints"),
                                                  "channel": t("channels")}.__getitem__)
    order = state.chosen(st.selectbox, "order", t("Order"), ["ordered", "any", "strict"], "ordered", width=250,
                         format_func={"ordered": t("in this order"), "any": t("in any order"),
                                      "strict": t("directly one after the other")}.__getitem__)
    window = state.chosen(st.selectbox, "window", t("Within"), list(WINDOWS), "", width=200,
                          format_func=lambda days: t.plural("{n} day", "{n} days", n=int(days)) if days
                          else t("no limit"))
known = list(names(by))
default = ask(funnel.default_steps, by=by)
state.several("steps", t("Steps, in order"), known, default, lambda key: label(by, key))
steps = [key for key in state.choices("steps") if key in known] or default
if len(steps) < 2:
    say(t("Choose at least two steps."), "finding")
    st.stop()
how = {"steps": steps, "by": by, "order": order, "window": WINDOWS[window], "filters": filters}
frame = ask(funnel.funnel, **how)
bar.caption("journey", t.plural("{n} customer entered", "{n} customers entered", n=int(frame["reached"].iloc[0])))
if not frame["reached"].iloc[0]:
    show.empty()
    st.stop()
title(findings.loss(frame, by), findings.funnel_note(order, WINDOWS[window], frame))
show.chart(funnel_bars(frame, t, lambda key: label(by, key)), "funnel",
           on_pick=lambda point: state.set_choice("step", str(int(point["position"]))))
show.table(findings.funnel_table(frame, by), "funnel-table", name=t("Funnel"))

segment = state.chosen(st.segmented_control, "segment", t("Compare"), ["persona", "channel"], "persona", required=True,
                       format_func={"persona": t("personas"), "channel": t("first channels")}.__getitem__)
title(t("Who gets through"))
parts = ask(funnel.funnel, breakdown=segment, **how)
show.chart(measure_bars(findings.conversion_by(parts, segment), t, value_title=t("Reached the last step"),
                        hover={"entered": t("Entered"), "interval": t("95% interval")}, interval=True), "segments")

left, right = st.columns(2)
with left:
    title(t("How long it takes"), findings.duration_note(ask(funnel.time_to_convert_summary, **how)))
    show.chart(measure_bars(findings.durations(ask(funnel.time_to_convert, **how)), t, value_title=t("Customers")),
               "durations")
with right:
    title(t("Conversion by time of entry"), t("Hollow points: some of these customers may still convert."))
    over_time = ask(funnel.trend, interval="auto", **how)
    show.chart(trend_line(over_time, t, title=t("Reached the last step"), interval=over_time.attrs["interval"],
                          shown=t.percent), "funnel-trend")

title(t("Where the lost ones went"), t("The step after which customers did not come further, and what they did next."))
lost_after = int(state.chosen(
    st.selectbox, "step", t("Lost after"), [str(place) for place in range(1, len(steps))], findings.worst_step(frame),
    width=320, format_func=lambda place: f"{place}. {label(by, steps[int(place) - 1])}"))
show.chart(measure_bars(findings.next_steps(ask(funnel.drop_off, after=lost_after, **how)), t,
                        value_title=t("Customers")), "drop-off")
lost = ask(funnel.customers, step=lost_after + 1, reached=False, **how)
with st.expander(t.plural("{n} customer lost here", "{n} customers lost here", n=len(lost))):
    show.table(findings.customer_table(lost.head(500)), "lost", name=t("Customers"),
               on_pick=lambda row: state.remember_customer(lost["customer_id"].iloc[row]))
    if state.remembered_customer():
        nav.go("customer", id=state.remembered_customer())
