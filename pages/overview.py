"""Overview: is it good, is it getting better, where does it hurt, what changed."""

import streamlit as st

from cx.charts.journey import journey
from cx.metrics import change, emotion, funnel, kpi
from pages.parts import bar, findings, nav, show, state
from pages.parts.ask import ask
from pages.parts.words import label, say, title

TILES = ["nps", "csat", "ces", "net_emotion", "conversion", "retention", "complaint_rate", "waiting_time"]

t, filters = state.spoken(), state.filters()
values = ask(kpi.kpis, filters, compare=filters.compare)
values = values.set_index("kpi").loc[TILES].reset_index()
steps = ask(funnel.funnel, filters=filters)
curve = ask(emotion.curve, "stage", filters)

st.title(t("Overview"), anchor=False)
bar.caption("interaction", findings.counted(ask(kpi.counted, filters)))
if not values["n"].sum():
    show.empty()
    st.stop()
say(findings.headline(values), "finding")
show.tiles(values, ask(kpi.sparklines, TILES, filters))
if (basis := findings.basis(values)):
    say(basis)
st.space("small")
title(findings.journey(steps, curve), t("Customers who reach each stage in order (percent of the stage before), and how "
                                        "the stage feels: net emotion, share positive minus share negative."))
show.chart(journey(steps, curve, t, lambda key: label("stage", key)), "journey",
           on_pick=lambda point: state.set_filters(stage=(point["key"],)))
title(t("What changed most"))
moves = ask(change.what_changed, filters)
if moves.empty:
    say(t("No difference between the periods is larger than chance explains."))
for move in moves.to_dict("records"):
    findings.show_move(move)
with st.container(horizontal=True):
    if st.button(t("Where it hurts: emotions"), icon=":material/mood:", type="tertiary"):
        nav.go("emotions")
    if st.button(t("Where customers are lost: funnel"), icon=":material/filter_alt:", type="tertiary"):
        nav.go("funnel")
