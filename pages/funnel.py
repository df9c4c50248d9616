"""Funnel: how many customers go from step to step, who does not, how long it takes, and how that changes."""

import streamlit as st

from cx import findings
from cx.charts.bars import funnel_bars, measure_dots
from cx.metrics import funnel, funnel_compare
from pages.parts import against, bar, funnel_builder, funnel_time, funnel_versus, passed_by, show, state, tables
from pages.parts.ask import ask
from pages.parts.funnel_lost import lost
from pages.parts.made import kept
from pages.parts.words import named, names, say, splits, title

MOST = 15  # segments, the largest ones

t, filters = state.spoken(), state.filters()
st.title(t("Funnel"), anchor=False)
asked = funnel_builder.build()
how = {**asked.asked(), "filters": filters}
if len(asked.steps) < 2:
    say(t("Choose at least two steps."), "finding")
    passed_by.back()
    st.stop()
plain = ask(funnel.funnel, **how)
of_stages = asked.steps == funnel_builder.usual("stage") and asked.order == "ordered"
entered = int(plain["reached"].iloc[0])
bar.caption("journey", t.plural("{n} customer entered", "{n} customers entered", n=entered),
            of_stages=of_stages)
if not entered:
    show.empty()
    passed_by.back()
    st.stop()
limited = bool(plain["open"].notna().any())
settled = limited and state.chosen(st.segmented_control, "counted", t("Shares are of"), {
    "all": t("all who entered"), "settled": t("those whose time is over, or who got there")}, "all") == "settled"
frame = funnel_builder.named(ask(funnel.funnel, leave_out_open=True, **how) if settled else plain, asked)
required = funnel_builder.required(frame, asked)
sides = against.held() or against.recent()
versus = None if sides is None else ask(funnel_compare.compare, sides.here, sides.there, **asked.asked())
beside = None if versus is None else funnel_builder.named(versus.frame, asked)
title(kept(findings.funnel.loss, required, t, str, None if beside is None else funnel_builder.required(beside, asked),
           against.words(sides) if sides else None),
      t("Each customer counts once, with the best attempt. Percent of the step before."),
      t("Click a bar to see who was lost after it."))
funnel_builder.told(asked)
if of_stages:
    passed_by.told()
places = required["place"].tolist()[:-1]
lost_after = lambda position: state.choose(  # noqa: E731
    "after", str(max((place for place in places if place <= position), default=places[0])))
drawn = sides is not None and sides.drawn
show.chart(kept(funnel_bars, frame, t, str, beside if drawn else None, against.sides_named(sides)[1] if drawn else ""),
           "funnel", on_pick=lambda at: lost_after(int(at["position"])))
show.folded_table(t("The numbers"), kept(tables.funnel, frame, t, str), "funnel-table", name=t("Funnel"),
                  on_pick=lambda row: lost_after(row + 1))

if versus is not None and drawn:
    funnel_versus.versus(versus, beside, sides, lost_after)

heading = st.container()
segments = {**{name: words for name, words in splits().items() if name != "stage"}, "campaign": t("campaigns")}
with st.container(horizontal=True, vertical_alignment="bottom"):
    segment = state.chosen(st.selectbox, "segment", t("Compare"), {**segments, "channel": t("first channels")},
                           "persona" if names("persona") else "channel", label_visibility="collapsed", width=220)
    value = state.chosen(st.selectbox, "attribution", t("Value"), {
        "first": t("by the customer's first value"), "last": t("by the last value"),
        "all": t("by each value, its own interactions only")}, "first", label_visibility="collapsed", width=300)
segmented = against.both(funnel.funnel, breakdown=segment, attribution=value, **asked.asked()).map(tables.largest, MOST)
parts = segmented.map(tables.conversion_by, t, named(segment))
with heading:
    title(kept(findings.funnel.through, segmented.here, t, named(segment)),
          t("Share of those who entered that reached the last step, with its 95% interval."))
show.chart(kept(measure_dots, parts.here, t, value_title=t("Reached the last step"),
                hover={"entered": t("Entered"), "interval": t("95% interval")}, beside=parts.beside,
                other_name=parts.other if parts.drawn else ""), "segments",
           on_pick=None if segment == "campaign" else lambda at: state.narrow(segment, at["key"]))
against.legend(parts)
against.differences(parts, against.rows(segmented.map(tables.through), ["key"], value="share"),
                    lambda row: named(segment)(row["key"]), "segments")

funnel_time.how_long(asked.asked())
lost(required, asked.asked())
