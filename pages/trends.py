"""KPI trends: one KPI over time with its interval, target, comparisons and forecast, and by segment."""

from functools import partial

import streamlit as st

from cx import findings
from cx.charts.bars import measure_dots
from cx.charts.trend import trend_line
from cx.metrics import kpi, period
from pages.parts import against, bar, drawn, drill, folded, kpi_sides, show, state, tables, trend_view
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.targets import target_form
from pages.parts.words import known_kpis, named, say, splits, title

t, filters = state.spoken(), state.filters()
st.title(t("KPI trends"), anchor=False)
known = known_kpis()
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = state.chosen(st.selectbox, "kpi", t("KPI"), {key: t(each.name) for key, each in known.items()}, "nps",
                        width=300)
    interval = state.chosen(st.selectbox, "interval", t("Over"),
                            {"auto": t("periods that fit"), "day": t("days"), "week": t("weeks"), "month": t("months"),
                             "quarter": t("quarters")}, "auto", width=180)
    split = state.chosen(st.selectbox, "split", t("Lines for"), {"": t("everybody"), **splits()}, "", width=180)
one = known[name]
wanted = trend_view.choices(filters, not split)
row = ask(kpi.kpis, filters, filters.compare, [name]).iloc[0].to_dict()
bar.caption("interaction", t("n = {n}", n=int(row["n"])))
if row["value"] != row["value"]:
    reason, told = t(row["reason"]), trend_view.reported_history(one, filters)
    if told is None:
        show.empty(reason, here=reason)
    else:
        say(reason, "finding")
        title(t("Reported"), t("What uploaded tables of figures say; nothing is computed from contacts yet."))
        show.chart(trend_line(ask(kpi.trend, name, interval, filters), t, title=t(one.name), unit=one.unit, thin=[told],
                              shown=lambda value: findings.kpi_value(t, one, value)), "trend")
    st.stop()
shown = partial(findings.kpi_value, t, one)
frame = ask(kpi.trend, name, interval, filters, split or None)
title(findings.kpi.trend(one, row, t), findings.trend.note(one, row, t))
if frame.empty:
    show.empty(t("These answers have no date, so there is no course over time."))
    st.stop()
beside = trend_view.beside(one, frame, interval, filters, wanted if not split else [])
step, _ = ask(period.calendar, filters, interval)
marks = trend_view.happened(frame, filters, interval) if "events" in wanted else None
show.chart(kept(trend_line, frame, t, title=t(one.name), shown=shown, unit=one.unit, target=row["target"],
                name=named(split), marks=marks, **beside.how), "trend",
           on_pick=lambda at: drill.look(name, by=split or None, key=at["key"] if split else None,
                                         interval=step, day=at["day"]))
say(" ".join([t("The band is the 95% interval. Hollow points: the period is not complete."),
              findings.kpi.comparison(ask(kpi.kpis, filters, filters.compare, [name]), t, known)]))
show.lines(beside.words)
if marks is not None:
    folded.expander(t("What happened ({n})", n=len(marks)), "happened", lambda: trend_view.event_list(marks))
    for line in trend_view.in_words(marks):
        drawn.report().add(line)

kpi_sides.told([name])
left, right = st.columns([3, 2], gap="large")
with left:
    drill.link(name, int(row["n"]))
    heading = st.container()
    by = state.chosen(st.selectbox, "by", t("By"), splits(), "persona", label_visibility="collapsed", width=220)
    answers = against.both(kpi.breakdown, name, by, on_request=True)
    with heading:
        title(kept(findings.trend.apart, one, answers.here, t, named(by)),
              t("With 95% intervals; * differs from the rest more than chance explains."))
    parts = answers.map(tables.breakdown, one, t, named(by))
    show.chart(kept(measure_dots, parts.here, t, value_title=t(one.name),
                    hover={"interval": t("95% interval"), "n_text": t("Answers"),
                           "difference": t("Against the rest")}, beside=parts.beside, other_name=parts.other), "parts",
               on_pick=lambda at: state.narrow(by, at["key"]))
    against.differences(answers, against.rows(answers.map(kpi_sides.numbers), ["key"]),
                        lambda row: named(by)(row["key"]), "parts",
                        unit=lambda _, value, sign: findings.kpi_value(t, one, value, sign=sign))
with right:
    title(t("Target"), findings.kpi.target(one, row, t))
    target_form(one)
drawn.report().begin(t("The numbers"))
show.folded_table(t("The numbers"), kept(tables.trend, frame, one, t, named(split) if split else None), "trend-table",
                  name=t(one.name))
