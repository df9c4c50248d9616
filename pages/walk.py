"""Walk the journey: stage by stage as customers of one persona and first channel, against everybody else."""

import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars
from cx.metrics import replay
from pages.parts import against, bar, people, show, state, walk
from pages.parts.ask import ask
from pages.parts.words import label, named, say, title

t, filters = state.spoken(), state.filters()
st.title(t("Walk the journey"), anchor=False)
persona, channel = walk.who(ask(replay.people, filters))
sides = against.both(replay.walk, persona or None, channel or None, on_request=True)
found = sides.here
bar.caption("journey", t.plural("you walk as {n} customer", "you walk as {n} customers", n=found.customers),
            of_stages=True)
if not found.customers or found.stages.empty:
    show.empty()
    st.stop()
others = found.others > 0
stages = found.stages.to_dict("records")
here = walk.stepper([row["key"] for row in stages])
row = next(row for row in stages if row["key"] == here)
title(findings.walk.stage(row, t, label("stage", here), others=others),
      t("Beside them, the other {n} customers.", n=found.others) if others else "")
walk.facts(row, others)

people.expander(t.plural("{n} customer comes here", "{n} customers come here", n=int(row["customers"])),
                ask(replay.customers, here, persona or None, channel or None, filters), "walk-customers")
left, right = st.columns([3, 2], gap="large")
with left:
    place = lambda key: label("touchpoint", key)  # noqa: E731
    title(findings.walk.met(walk.places(found, here), t, place, others=others),
          t("Share of those who are at this stage.") + (
              " " + t("“Surely” marks what differs from the others by more than chance.") if others else ""))
    places = sides.map(lambda each: walk.places(each, here))
    bars = places.map(lambda rows: walk.met(rows, others))
    show.chart(measure_bars(bars.here, t, value_title=t("Share"), hover={
        "count": t("Customers"), "interval": t("95% interval")}, beside=bars.beside, other_name=bars.other),
        f"met-{here}", on_pick=lambda at: state.narrow("touchpoint", at["key"]))
    against.legend(bars)
    against.differences(places, against.rows(places, ["key"], value="share", n="there"),
                        lambda row: place(row["key"]), "met")
with right:
    title(t("What they say here"))
    said = ask(replay.said, here, persona or None, channel or None, filters)
    for comment in said.to_dict("records"):
        show.comment(comment)
    if said.empty:
        say(t("Nobody of them has left a comment here."))

title(findings.walk.whole(found.stages, t, named("stage")), t("In brackets the others.") if others else "")
show.table(walk.table(found.stages, others), "walk-table", name=t("Walk the journey"))
on = sides.map(lambda each: each.stages)
against.differences(on, against.rows(on, ["key"], value="on_share", lower="on_lower", upper="on_upper", n="reached"),
                    lambda row: label("stage", row["key"]), "walk-on", what=t("Go on"))
