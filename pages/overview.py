"""Overview: is it good, is it getting better, what to do first, where does it hurt, what changed."""

import streamlit as st

from cx import findings
from cx.metrics import change, kpi
from cx.metrics.kpi_registry import HEADLINE_KPIS
from cx.metrics.own_kpi import on_overview
from cx.metrics.standing import standing
from pages.parts import (
    answers,
    bar,
    drawn,
    journey_view,
    kpi_sides,
    nav,
    passed_by,
    present,
    show,
    state,
    targets,
    tiles,
    visit,
)
from pages.parts.ask import ask
from pages.parts.highlights import first, highlights
from pages.parts.words import known_kpis, label, say, title

t, filters = state.spoken(), state.filters()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
    st.title(t("Overview"), anchor=False, width="content")
    present.button()
counted = bar.counted()
bar.caption("both", counted, of_stages=True)
if not counted:
    show.empty()
    st.stop()
known = known_kpis()
chosen = [*HEADLINE_KPIS, *ask(on_overview)]
values = ask(kpi.kpis, filters, filters.compare, chosen)
year = ask(kpi.changes, filters, "last_year", chosen) if filters.compare == "previous" else None
goals, found = ask(standing, filters), journey_view.asked()
answers.told(findings.standing.good(values, goals, known, t), findings.kpi.headline(values, t, known, year),
             journey_view.said(found))
what_first = st.container()
visit.since_last(values)
tiles.shown(values, ask(kpi.sparklines, chosen, filters))
say(findings.kpi.comparison(values, t, known, year))
kpi_sides.told(chosen)
noted_first = drawn.reserve()
good, bad = findings.standing.wins_and_problems(values, goals, known, t, targets.scope, year)
if good or bad:
    wins, problems = st.columns(2, gap="large")
    with wins:
        title(t("Going well"), t("Targets surely met, changes surely for the better."))
        show.lines(good, t("Nothing that is surely better than before, and no target surely met."))
    with problems:
        title(t("Needs attention"), t("Targets surely missed, changes surely for the worse."))
        show.lines(bad, t("Nothing that is surely worse than before, and no target surely missed."))
say(findings.standing.undecided(goals, t))

def look_closer(at: dict[str, str]) -> None:
    """Go to what a stage that was clicked feels like."""
    state.narrow("stage", at["key"])
    nav.later("emotions")


title(t("The journey"), journey_view.note(), t("Click a bar to look closer."), kept=False)  # “Why?” says the finding
drawn.report().begin(journey_view.said(found), journey_view.note())
passed_by.told(1)
journey_view.shown(found, look_closer)

place, noted = st.container(), (drawn.reserve(), drawn.reserve())  # filled last: it takes long, the rest does not wait
moves = ask(change.what_changed, filters)
title(findings.kpi.changed_most(moves, t, label), findings.kpi.comparison(values, t))
for move in moves.to_dict("records"):
    show.move(move)
if st.button(t("All KPIs over time"), icon=nav.ENTRIES["trends"].icon, type="tertiary"):
    nav.go("trends")
with what_first:
    first(noted_first)
with place:
    highlights(*noted)
