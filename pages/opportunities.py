"""Opportunities: what mending each pain point is worth, how hard it is, and what people say of it."""

from dataclasses import replace

import streamlit as st

from cx import findings
from cx.charts.bars import measure_dots
from cx.charts.opportunity import impact_effort
from cx.findings.friction import of_sample
from cx.metrics import opportunity
from cx.metrics.opportunity import EFFORTS, GAPS, WORTH
from pages.parts import against, bar, drawn, nav, opportunity_cards, show, state
from pages.parts.ask import ask
from pages.parts.words import say, title

t, filters = state.spoken(), state.filters()
st.title(t("Opportunities"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    gap = state.chosen(st.selectbox, "gap", t("If the place were at"), {key: t(words) for key, words in GAPS.items()},
                       "rest", width=240)
    what = state.chosen(st.segmented_control, "worth", t("Worth in"), {key: t(words) for key, words in WORTH.items()},
                        "kept")
    target = opportunity_cards.target() if gap == "target" else None
bar.caption("interaction", bar.counted())
chains = against.both(opportunity.chains, on_request=True)
found = chains.here
if not found:
    nothing = t("No place is surely worse than the rest: there is nothing to fix first.")
    say(nothing, "finding") if bar.counted() else show.empty(nothing)
    st.stop()
said, frame = ask(opportunity.notes), opportunity.worth(found, gap, target)
rows = opportunity_cards.rows(found, frame, said, what)
sides = replace(chains, here=rows, there=None if chains.beside is None else opportunity_cards.rows(
    chains.beside, opportunity.worth(chains.beside, gap, target), {}, what))
placed = rows[rows["effort"].notna() & rows["value"].notna()].astype({"effort": int})
if len(placed):
    title(findings.opportunity.first(placed, t), t("Top left first: worth most for least effort. Lines are 95% "
                                                   "intervals; squares are values that somebody entered."))
    show.chart(impact_effort(placed, t, value_title=t(WORTH[what]), efforts={
        key: t(words) for key, words in EFFORTS.items()}, beside=sides.beside, other_name=sides.other), "effort",
               on_pick=opportunity_cards.look_closer)
elif len(worthy := opportunity_cards.worthy(rows)):
    title(findings.opportunity.most(worthy.iloc[0].to_dict(), what, t),
          t("The ten largest, with 95% intervals. Say below how much effort each one takes, and both are drawn here."))
    show.chart(measure_dots(worthy, t, value_title=t(WORTH[what]), beside=sides.beside, other_name=sides.other),
               "worth", on_pick=opportunity_cards.look_closer)
opportunity_cards.apart(sides, what)
title(findings.opportunity.worthwhile(rows, t), " ".join([
    t("Over the selected period, largest first. One problem measured in several ways stands several times: do not add "
      "up."), of_sample(max(each.one_in for each in found), t)]).rstrip())
opportunity_cards.cards(found, frame, said, rows, gap, what)
with st.expander(t("As a table")):
    show.table(opportunity_cards.table(rows, frame), "opportunities", name=t("Opportunities"), wide=t("Place"),
               of_rows=True, on_pick=lambda row: opportunity_cards.look_closer({"key": rows["key"].iloc[row]}))
with st.expander(t("What this takes for granted")):
    drawn.report().begin(t("What this takes for granted"))
    show.lines([t("A customer who is spared a bad experience becomes like those who had none at the same place. That "
                  "goes together with it; it need not be the cause."),
                t("Who comes back does so 7 to 90 days later; revenue is that of 90 days. Only customers whose 90 days "
                  "have passed count."),
                t("The rest, or the best quarter, is within reach: places differ in what they can be."),
                t("Intervals are simulated from the errors of every number in the chain; they do not hold the error of "
                  "these assumptions.")])
    st.button(t("Move numbers yourself in the simulator"), on_click=nav.later, args=("simulator",),
              disabled="simulator" not in nav.ENTRIES, icon=":material/tune:", type="tertiary")
