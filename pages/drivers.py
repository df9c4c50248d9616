"""Drivers: what goes with recommending, buying again and spending, and what waiting does."""

import streamlit as st

from cx import findings
from cx.charts.bars import measure_dots
from cx.charts.driver import quadrants
from cx.metrics import driver
from pages.parts import against, bar, drawn, drivers_beside, show, state
from pages.parts.ask import ask
from pages.parts.response_view import response_curves
from pages.parts.words import say, title

t, filters = state.spoken(), state.filters()
st.title(t("Drivers"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
outcome = state.chosen(st.segmented_control, "outcome", t("Outcome"),
                       {key: t(words) for key, words in driver.OUTCOMES.items()}, "nps")
offered = {key: findings.driver.name(words, t) for key, words in ask(driver.offered, outcome, filters).items()}
automatic = ask(driver.drivers, outcome, filters)
default = automatic.weights["key"].tolist()
picked = state.several("things", t("What is weighed"), offered, default) if offered else []
found = ask(driver.drivers, outcome, filters, tuple(sorted(picked))) if picked and picked != default else automatic
if found.reason is not None:
    reason = found.reason
    say(t(reason), "finding")
    drivers_beside.other_alone(outcome)
else:
    beside = drivers_beside.beside(outcome, found)
    left, right = (st.container(), st.container()) if beside.drawn else st.columns(2, gap="large")
    with left:
        title(findings.driver.heaviest(found, t), findings.driver.rests_on(found, t))
        rows = beside.map(lambda each: findings.driver.weights(each, t))
        show.chart(measure_dots(rows.here, t, value_title=t("Share of what is explained"), hover={
            "interval": t("95% interval"), "way": t("More of it goes with")}, beside=rows.beside,
            other_name=rows.other), "weights", on_pick=lambda at: drivers_beside.look(at["key"]))
        drivers_beside.apart(beside)
    with right:
        title(findings.driver.first_to_fix(found, t),
              t("Importance: share of what is explained. How well it goes: mean score, or the share without delay or "
                "complaint. The lines are the means."))
        against.chart(beside.map(lambda each: findings.driver.quadrants(each, t)),
                      lambda points: quadrants(points, t) if len(points) else None, "quadrants",
                      lambda at: drivers_beside.look(at["key"]))
    with st.expander(t("The numbers")):
        show.table(findings.driver.table(found, t), "drivers", name=t("Drivers"))
        say(t("Johnson's relative weights (2000): how much of R² each explains, shared out fairly where they hang "
              "together; 95% intervals by bootstrap over customers. “Within chance” weighs no more than a number drawn "
              "at random."))
    drivers_beside.behind(outcome, found)
if found.left_out:
    with st.expander(heading := t.plural("{n} thing is not weighed", "{n} things are not weighed",
                                         n=len(found.left_out))):
        drawn.report().add(heading)
        show.table(findings.driver.left_out(found, t), "left-out", name=t("Not weighed"), download=False, wide=t("Why"),
                   of_rows=True)
response_curves()
