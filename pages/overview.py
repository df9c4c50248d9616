"""Overview: is it good, is it getting better, where does it hurt, what changed."""

import streamlit as st

from cx import findings
from cx.charts.journey import journey
from cx.filters import DIMENSIONS
from cx.metrics import change, emotion, funnel, kpi
from pages.parts import bar, nav, show, state
from pages.parts.ask import ask
from pages.parts.words import named, say, splits, title

TILES = ["nps", "csat", "ces", "net_emotion", "conversion", "retention", "complaint_rate", "waiting_time"]

t, filters = state.spoken(), state.filters()
st.title(t("Overview"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
values = ask(kpi.kpis, filters, filters.compare, TILES).set_index("kpi").loc[TILES].reset_index()
steps = ask(funnel.funnel, filters=filters)
curve = ask(emotion.curve, "stage", filters)
say(findings.headline(values, t), "finding")
show.tiles(values, ask(kpi.sparklines, TILES, filters))
say(findings.comparison(values, t))

stage = named("stage")


def look_closer(at: dict[str, str]) -> None:
    """Go to what a stage that was clicked feels like."""
    state.narrow("stage", at["key"])
    nav.later("emotions")


title(findings.journey(steps, curve, t, stage),
      t("Bars: customers who reach each stage in order, with the percent of the stage before. Line: how the stage "
        "feels (percent positive minus percent negative). Click a bar to look closer."))
show.chart(journey(steps, curve, t, stage), "journey", on_pick=look_closer)

hurts, delights, changes = st.columns(3, gap="large")
parts = ask(kpi.breakdown, "net_emotion", "touchpoint", filters)
touchpoint = named("touchpoint")
with hurts:
    title(t("Where it hurts"), t("Touchpoints by net emotion."))
    show.lines(findings.extremes(parts, "net_emotion", t, touchpoint, good=False),
               t("No touchpoint feels surely worse than the rest."))
    for split, words in splits().items():
        if split not in DIMENSIONS or split == "persona":
            groups = ask(kpi.breakdown, "nps", split, filters)
            least = findings.extremes(groups, "nps", t, named(split), good=False, most=1)
            show.lines([t("NPS by {split} · {line}", split=words, line=line) for line in least])
    if st.button(t("How it feels"), icon=nav.ENTRIES["emotions"].icon, type="tertiary"):
        nav.go("emotions")
with delights:
    title(t("What delights"), t("Touchpoints by net emotion."))
    show.lines(findings.extremes(parts, "net_emotion", t, touchpoint, good=True),
               t("No touchpoint feels surely better than the rest."))
with changes:
    title(t("What changed most"), findings.comparison(values, t))
    moves = ask(change.what_changed, filters)
    if moves.empty:
        say(t("No difference between the periods is larger than chance explains."), "body")
    for move in moves.to_dict("records"):
        show.move(move)
    if st.button(t("All KPIs over time"), icon=nav.ENTRIES["trends"].icon, type="tertiary"):
        nav.go("trends")
