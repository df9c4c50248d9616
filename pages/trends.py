"""KPI trends: one KPI over time with its interval and target, and by persona, channel, stage or touchpoint."""

import streamlit as st

from cx import findings
from cx.charts.bars import measure_dots
from cx.charts.trend import trend_line
from cx.metrics import kpi
from cx.metrics.kpi_registry import KPIS
from pages.parts import bar, show, state, tables
from pages.parts.ask import ask
from pages.parts.words import named, say, splits, title

t, filters = state.spoken(), state.filters()
st.title(t("KPI trends"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = state.chosen(st.selectbox, "kpi", t("KPI"), {key: t(each.name) for key, each in KPIS.items()}, "nps",
                        width=300)
    interval = state.chosen(st.selectbox, "interval", t("Over"),
                            {"auto": t("periods that fit"), "day": t("days"), "week": t("weeks"), "month": t("months"),
                             "quarter": t("quarters")}, "auto", width=180)
    split = state.chosen(st.selectbox, "split", t("Lines for"), {"": t("everybody"), **splits()}, "", width=180)
row = ask(kpi.kpis, filters, filters.compare, [name]).iloc[0].to_dict()
bar.caption("interaction", t("n = {n}", n=int(row["n"])))
if row["value"] != row["value"]:
    reason = row["reason"]
    say(t(reason), "finding")
    st.stop()
shown = lambda value: findings.kpi_value(t, name, value)  # noqa: E731
frame = ask(kpi.trend, name, interval, filters, split or None)
title(findings.trend(name, row, t), t(KPIS[name].definition))
show.chart(trend_line(frame, t, title=t(KPIS[name].name), shown=shown, unit=KPIS[name].unit,
                      target=row["target"],
                      name=named(split)), "trend")
say(" ".join([t("The band is the 95% interval. Hollow points: the period is not complete."),
              findings.comparison(ask(kpi.kpis, filters, filters.compare, [name]), t)]))

left, right = st.columns([3, 2], gap="large")
with left:
    title(t("Compared"), t("With 95% intervals; * differs from the rest more than chance explains."))
    by = state.chosen(st.selectbox, "by", t("By"), splits(), "persona", label_visibility="collapsed", width=220)
    parts = tables.breakdown(ask(kpi.breakdown, name, by, filters), name, t, named(by))
    show.chart(measure_dots(parts, t, value_title=t(KPIS[name].name),
                            hover={"interval": t("95% interval"), "n_text": t("Answers"),
                                   "difference": t("Against the rest")}), "parts",
               on_pick=lambda at: state.narrow(by, at["key"]))
with right:
    title(t("Target"), findings.target(name, row, t))
    show.target_form(name)
with st.expander(t("The numbers")):
    show.table(tables.trend(frame, name, t, named(split) if split else None), "trend-table",
               name=t(KPIS[name].name))
