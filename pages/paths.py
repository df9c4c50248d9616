"""Paths: what customers do after, before and around a place, the ways they take, and where they go in circles."""

import datetime as dt

import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars
from cx.charts.path import path_columns, path_flow
from cx.metrics import path
from pages.parts import against, bar, document, drawn, path_choices, path_people, path_ways, paths, show, state
from pages.parts.ask import ask
from pages.parts.words import label, say, title

t, filters = state.spoken(), state.filters()
st.title(t("Paths"), anchor=False)
by, direction, anchor, depth, unit, minutes, repeats = path_choices.choices()
asked = {"by": by, "unit": unit, "pause": dt.timedelta(minutes=int(minutes))}
how, steps_are = {**asked, "filters": filters}, {**asked, "collapse": repeats == "one"}
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
flows = against.both(path.flows, anchor=anchor or None, direction=direction, depth=depth, **steps_are)
places = flows.map(path.places)
shown, apart = places.here, against.rows(places, ["step", "kind", "key"], value="share", n="total")
total = int(shown["total"].max()) if len(shown) else 0
title(findings.path.flow(shown, t, name, anchor or None, direction, apart,
                         places.than if direction == "after" else against.timeless(places)),
      t("{n} {units}; of each the first time there. Shares are of all of them, and every step adds up to 100%.",
        n=total, units=each) if anchor else
      t("{n} {units}. Shares are of all of them, and every step adds up to 100%.", n=total, units=each),
      t("Click a place to look from there."))
if total:
    paths.flows(flows, lambda found: path_flow(found, t, name, document.theme(), each), "flow",
                on_pick=lambda key: paths.look_from(f"at_{by}", key))
    drawn.report().add(path_columns(shown, t, name, bool(anchor)))
    near = [step for step in ((-1, 1) if anchor and direction == "around" else
                              (1,) if direction == "after" else (-1,)) if step in set(shown["step"])]
    with st.container(key="phone-only"):
        for step in near:
            rows = places.map(lambda found, step=step: paths.neighbours(found, step, t, name))
            show.chart(measure_bars(rows.here, t, value_title=t("Share"), hover={
                "interval": t("95% interval"), "count": many}, beside=rows.beside, other_name=rows.other),
                f"near{step}", on_pick=lambda at: at["key"] and paths.look_from(f"at_{by}", at["key"]))
    show.folded_table(t("The numbers"), paths.steps(shown, bool(anchor), t, name, many), "flow-table", name=t("Paths"))
    path_people.behind(flows.here, shown, anchor or None, name, {**steps_are, "direction": direction})
    apart = None if apart is None else apart[apart["kind"] != "other"]  # which others they are differs
    against.differences(places, apart, lambda row: paths.place_name(row, bool(anchor), t, name), "places")
    if note := against.note(places):
        say(note)

path_ways.moves(steps_are, name)
path_ways.ways(steps_are, many)
path_ways.loops(asked, name, many)
