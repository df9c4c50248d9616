"""KPI trends: one KPI over time with its interval and target, and by persona, channel, stage or touchpoint."""

import streamlit as st

from cx.charts.bars import measure_bars
from cx.charts.trend import trend_line
from cx.errors import QueryError
from cx.findings import breakdown_frame, target_sentence, trend_sentence, trend_table
from cx.metrics import kpi
from cx.metrics.kpi import KPIS
from pages.parts import bar, show, state
from pages.parts.ask import ask, store
from pages.parts.words import label, say, title

INTERVALS = ["auto", "day", "week", "month", "quarter"]
t, filters = state.spoken(), state.filters()
st.title(t("KPI trends"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = state.chosen(st.selectbox, "kpi", t("KPI"), list(KPIS), "nps", width=300,
                        format_func=lambda key: t(KPIS[key].label))
    interval = state.chosen(st.selectbox, "interval", t("By"), INTERVALS, "auto", width=160,
                            format_func={"auto": t("as fits"), "day": t("day"), "week": t("week"),
                                         "month": t("month"), "quarter": t("quarter")}.__getitem__)
    split = state.chosen(st.selectbox, "split", t("Lines for"), ["", "persona", "channel", "stage"], "", width=200,
                         format_func={"": t("everybody"), "persona": t("personas"), "channel": t("channels"),
                                      "stage": t("stages")}.__getitem__)
definition = KPIS[name]
row = ask(kpi.kpis, filters, compare=filters.compare).set_index("kpi").loc[name].to_dict()
shown = lambda value: show.kpi_value(t, name, value)  # noqa: E731
bar.caption("interaction", t("n = {n}", n=int(row["n"] or 0)))
if row["value"] is None or row["value"] != row["value"]:
    say(t(row["reason"]) if row["reason"] else t("No answers here."), "finding")
    st.stop()
frame = ask(kpi.trend, name, interval, filters, breakdown=split or None)
title(trend_sentence(t(definition.label), row, frame, t, lambda value: show.kpi_value(t, name, value, sign=True), shown)
      if not split else t(definition.label), t(definition.definition))
show.chart(trend_line(frame, t, title=t(definition.label), interval=kpi.interval_of(frame, interval), shown=shown,
                      target=row["target"] if row["target"] == row["target"] else None,
                      name=lambda key: label(split, key)), "trend")
say(t("The band is the 95% interval. Hollow points: the period is not complete."))

left, right = st.columns([3, 2])
with left:
    by = state.chosen(st.segmented_control, "by", t("Compare"), ["persona", "channel", "stage", "touchpoint"],
                      "persona", required=True, format_func={"persona": t("personas"), "channel": t("channels"),
                                                             "stage": t("stages"),
                                                             "touchpoint": t("touchpoints")}.__getitem__)
    parts = ask(kpi.breakdown, name, by, filters)
    title(t("Compared"), t("Bold rows differ from the rest more than chance explains."))
    show.chart(measure_bars(breakdown_frame(parts, t, shown, lambda key: label(by, key)), t,
                            value_title=t(definition.label), interval=True,
                            hover={"interval": t("95% interval"), "n_text": t("Answers"),
                                   "difference": t("Against the rest")}), "parts",
               on_pick=lambda point: state.set_filters(**{by: (point["key"],)}))
with right:
    title(t("Target"), target_sentence(row, t, shown))
    with st.form("target", border=True):
        given = st.text_input(t("Target value"), key=state.widget_key("target"),
                              help=t("Shares in percent, times in seconds. Empty: no target."))
        owner = st.text_input(t("Responsible"), key=state.widget_key("owner"))
        if st.form_submit_button(t("Save target")):
            try:
                kpi.set_target(store(), name, kpi.parse_target(name, given), owner=owner or None)
                st.rerun()
            except QueryError as error:
                show.failure(error)
with st.expander(t("The numbers")):
    show.table(trend_table(frame, t, shown, lambda key: label(split, key)), "trend-table", name=t(definition.label))
