"""Simulator: move the conversion from one stage to the next, and read customers and revenue downstream."""

import streamlit as st

from cx import findings
from cx.metrics import simulate
from pages.parts import against, bar, show, simulator, state
from pages.parts.ask import ask
from pages.parts.words import label, names, say, title

t, filters = state.spoken(), state.filters()
st.title(t("Simulator"), anchor=False)
observed = ask(simulate.observed, filters=filters)
if len(observed.reached) < 2 or not observed.reached[0]:
    bar.caption("journey")
    show.empty(t("A journey with two stages is needed."))
    st.stop()
bar.caption("journey", t.plural("{n} customer entered", "{n} customers entered", n=observed.reached[0]), of_stages=True)
stages = [label("stage", key) for key in observed.labels]
left, right = st.columns([2, 3], gap="large")
with left:
    moved = simulator.sliders(observed, stages)
found = simulate.simulate(observed, moved)
steps = found.steps.assign(step=stages)
with right:
    title(findings.walk.simulated(steps, t), t("Against now, with its 95% interval, as many customers entering."))
    if moved:
        simulator.revenue(found)
    sides = against.both(simulate.observed, on_request=True)
    show.chart(simulator.chart(steps, sides), "simulated", on_pick=lambda at: (
        state.choose("who", None), state.choose("behind", str(at["key"]))))
    if sides.beside is not None:
        say(t("Purple: as many customers entering, with the conversions of this side: {other}.", other=sides.other))
        now = sides.map(simulate.conversions)
        against.differences(now, against.rows(now, ["position"], value="share"), lambda row: t(
            "{before} → {after}", before=stages[int(row["position"]) - 2], after=stages[int(row["position"]) - 1]),
            "simulated", what=t("Conversion"))
        if note := against.note(now):
            say(note)
show.folded_table(t("The numbers"), simulator.table(steps), "simulated-table", name=t("Simulator"))
simulator.behind(observed, stages, filters)
if found.reason:
    say(t(found.reason))
say(t("Assumed: as many customers enter as did; conversions that you leave alone stay as they are; whoever gets just "
      "so far brings in what those who get just that far bring in now. What you set is taken as given. A shift that "
      "you bring about by other customers or lower prices may break this. The intervals say how uncertain the other "
      "conversions and the revenue are, resting on the customers there were."))
if names("touchpoint"):
    simulator.touchpoint(filters)
