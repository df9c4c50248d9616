"""Paths: what customers do after, before and around a place, the ways they take, and where they go in circles."""

import datetime as dt

import streamlit as st

from cx import findings_path
from cx.charts.bars import measure_bars
from cx.charts.path import path_flow, path_heat
from cx.metrics import path, path_variants
from pages.parts import bar, document, paths, show, state
from pages.parts.ask import ask
from pages.parts.words import label, names, title

PAUSES = ("5", "15", "30", "60", "240", "1440")
ANYWHERE = ""

t, filters = state.spoken(), state.filters()
st.title(t("Paths"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = state.chosen(st.segmented_control, "by", t("Steps are"),
                      {"touchpoint": t("touchpoints"), "channel": t("channels"), "stage": t("stages")}, "touchpoint")
    direction = state.chosen(st.segmented_control, "direction", t("Look"),
                             {"after": t("after"), "before": t("before"), "around": t("around")}, "after")
    known = {key: label(by, key) for key in names(by)}
    anchor = state.chosen(st.selectbox, f"at_{by}", t("Place"), {ANYWHERE: t("the journey as a whole"), **known},
                          ANYWHERE, width=260)
    reach = ("2", "3") if direction == "around" else ("3", "4", "5", "6")
    depth = int(state.chosen(st.selectbox, "each_side" if direction == "around" else "depth", t("Steps"),
                             {each: each for each in reach}, reach[-1] if direction == "around" else "4", width=90))
    unit = state.chosen(st.segmented_control, "unit", t("Count"), {"customer": t("customers"),
                                                                   "session": t("sessions")}, "customer")
    minutes = state.chosen(st.selectbox, "pause", t("New session after"),
                           {each: t.duration(60 * int(each)) if each != "1440" else t("1 day") for each in PAUSES},
                           "30", width=150) if unit == "session" else "30"
    repeats = state.chosen(st.segmented_control, "repeats", t("Immediate repeats"),
                           {"one": t("one step"), "each": t("each a step")}, "one")

how = {"by": by, "unit": unit, "pause": dt.timedelta(minutes=int(minutes)), "filters": filters}
steps_are = {**how, "collapse": repeats == "one"}
name = lambda key: label(by, key)  # noqa: E731
units, people, without = ask(path.counted, **how)
counted = [t.plural("{n} customer", "{n} customers", n=people)]
if unit == "session":
    counted += [t.plural("{n} session", "{n} sessions", n=units),
                t("a pause of more than {pause} starts a new session", pause=t.duration(60 * int(minutes)))]
if without:
    counted.append(t.plural("{n} interaction without a value is left out", "{n} interactions without a value are "
                            "left out", n=without))
bar.caption("journey", " · ".join(counted))
if not units:
    show.empty()
    st.stop()
many = t("Customers") if unit == "customer" else t("Sessions")
each = t("customers") if unit == "customer" else t("sessions")

if direction == "around" and not anchor:
    anchor = ask(path.most_met, **how)
flowing = ask(path.flows, anchor=anchor or None, direction=direction, depth=depth, **steps_are)
shown = path.places(flowing)
total = int(shown["total"].max()) if len(shown) else 0
title(findings_path.flow(shown, t, name, anchor or None, direction),
      t("{n} {units}; of each the first time there. Shares are of all of them, and every step adds up to 100%.",
        n=total, units=each) if anchor else
      t("{n} {units}. Shares are of all of them, and every step adds up to 100%.", n=total, units=each),
      t("Click a place to look from there."))
if total:
    paths.flow(path_flow(flowing, t, name, document.theme(), each), "flow",
               on_pick=lambda key: paths.look_from(f"at_{by}", key))
    near = [step for step in ((-1, 1) if anchor and direction == "around" else
                              (1,) if direction == "after" else (-1,)) if step in set(shown["step"])]
    with st.container(key="phone-only"):
        for step in near:
            show.chart(measure_bars(paths.neighbours(shown, step, t, name), t, value_title=t("Share"),
                                    hover={"interval": t("95% interval"), "count": many}), f"near{step}")
    with st.expander(t("The numbers")):
        show.table(paths.steps(shown, bool(anchor), t, name, many), "flow-table", name=t("Paths"))

matrix = ask(path.transitions, top=12, **steps_are)
title(findings_path.surest(matrix, t, name),
      t("Of all times customers were at the left, where they went directly after; each row adds up to 100%."))
show.chart(path_heat(matrix, t, name), "matrix")
with st.expander(t("The numbers")):
    show.table(paths.matrix(matrix, t, name), "matrix-table", name=t("What follows what"))

variants = ask(path_variants.variants, length=8 if by == "stage" else 5, most=9, **steps_are)
title(findings_path.ways(variants, t),
      t("Whole ways, from the first step on; longer ones are cut at “…”. Net emotion is of everything on the way; in "
        "brackets the 95% intervals."))
show.table(paths.ways(variants, t, name, many), "ways", name=t("Ways"), wide=t("Way"))

title(findings_path.back(ask(path_variants.returns, unit, how["pause"], filters), t),
      t("The most frequent loops. Net emotion there: on the detour and back."))
show.table(paths.loops(ask(path_variants.loops, **how), t, name, many), "loops", name=t("Loops"))
