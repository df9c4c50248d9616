"""Pain points: where the journey hurts and where it delights, surely and most."""

import streamlit as st

from cx import findings
from cx.charts.friction import friction_heat, ranked
from cx.metrics import friction, highlight
from cx.metrics.emotion import curve
from cx.metrics.kpi import minimum_n
from pages.parts import against, bar, nav, pains_beside, show, state
from pages.parts.ask import ask
from pages.parts.friction_view import look_closer
from pages.parts.words import named, say, splits, title

t, filters = state.spoken(), state.filters()
st.title(t("Pain points"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
others = {key: words for key, words in splits().items() if key not in ("stage", "touchpoint", "channel")}
by = state.chosen(st.selectbox, "by", t("Places also told apart by"), {**others, "none": t("nothing else")}, "persona",
                  width=260)
sides = against.both(friction.friction, by=None if by == "none" else by, on_request=True)
found, beside = sides.here, sides.beside
points, sample = found.points, findings.friction.sampled(found.one_in, t)
names = dict(zip(points["cell"], (t(friction.place(row)) for row in points.to_dict("records")), strict=True))
came_for = state.choice("look")  # the place that a link was about stands first
if came_for in names:
    look_closer(points, came_for, filters)
    st.button(t("All pain points"), icon=nav.ENTRIES["pain_points"].icon, type="tertiary",
              on_click=lambda: state.choose("look", None))
pains = ask(highlight.problems, highlight.top(points, "pain", highlight.LOOKED_AT), filters)
if pains and came_for not in names:
    first = findings.highlight.first(pains, found.tested, t)
    title(first.what, first.why)
if points.empty:
    title(findings.friction.hurts(points, t, found.selection), " ".join(filter(None, [
        findings.friction.looked_at(found, t) if len(found.looked) else "", sample])))
columns = [st.container(), st.container()] if sides.drawn else st.columns(2, gap="large")
for column, kind in zip(columns if len(points) else (), ("pain", "delight"), strict=False):
    with column:
        title(*((findings.friction.hurts(points, t, found.selection), sample) if kind == "pain" else
                (findings.friction.delights(points, t, found.selection),)))
        rows = sides.map(lambda each, kind=kind: findings.friction.ranked(each.points, kind, t))
        if len(rows.here) or rows.drawn:
            against.chart(rows, lambda each, kind=kind: ranked(each, t, kind) if len(each) else None, kind,
                          lambda at: (state.set_choice("look", None), state.choose("cell", at["key"])))
if beside is not None:
    pains_beside.apart(sides)
if len(points):
    say(t("Length of the bars: customers who were there × how far it is off, in standard deviations.") + " "
        + findings.friction.looked_at(found, t))
    if came_for not in names:
        cell = state.chosen(st.selectbox, "cell", t("Look closer"), names,
                            pains[0].rows[0]["cell"] if pains else points["cell"].iloc[0], width=420)
        look_closer(points, cell, filters)

known = {key: t(measure.name) for key, measure in friction.MEASURES.items() if (found.looked["measure"] == key).any()}
if known:
    heading = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = state.chosen(st.selectbox, "measure", t("What"), known, next(iter(known)), width=220)
        row = state.chosen(st.segmented_control, "row", t("Rows"), {"touchpoint": t("touchpoints"),
                                                                   "stage": t("stages")}, "touchpoint")
    order = ask(curve, row, filters)["key"].tolist()
    grids = sides.map(lambda each: friction.grid(each, measure, row, order))
    with heading:
        title(findings.friction.at_a_glance(grids.here, t),
              t("Orange is worse, green is better than elsewhere; a frame marks what is listed above. Places with too "
                "few answers are left out."), t("Click a cell to narrow everything to it."))
    if grids.here.empty:
        say(t("Too few answers to compare places here: a place needs at least {n}, and so does everywhere else.",
              n=ask(minimum_n)), "body")
    if len(grids.here) or grids.drawn:
        against.chart(grids, lambda grid: friction_heat(grid, t, row, named(row), named("channel")), "heat",
                      lambda at: (state.narrow(row, at[row]), state.narrow("channel", at["channel"])))
if len(points):
    with st.expander(t("All of them as a table")):
        show.table(findings.friction.table(points, t), "points", name=t("Pain points"), wide=t("Where"))
if found.reasons:
    with st.expander(t("What could not be looked at")):
        show.lines([f"{t(friction.MEASURES[key].name)}: {t(reason)}" for key, reason in found.reasons.items()])
