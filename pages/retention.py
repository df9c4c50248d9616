"""Retention: of the customers who came first in one period, how many come back, until when, and who stays longest."""

import streamlit as st

from cx import findings
from cx.charts.retention import MOST_LINES, cohort_heat, retention_curve
from cx.metrics import retention
from cx.metrics.attributes import filterable
from pages.parts import against, bar, came_back, cohort_tables, show, state
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import named, names, title

t, filters = state.spoken(), state.filters()
st.title(t("Retention"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    of = state.chosen(st.segmented_control, "of", t("Coming back means"),
                      {"activity": t("any interaction"), "purchase": t("an order")}, "activity")
    reading = state.chosen(st.selectbox, "reading", t("Counted as there"),
                           {"in": t("active in the period"), "in_or_after": t("active in or after the period")}, "in",
                           width=260)
    wanted = state.chosen(st.selectbox, "interval", t("Over"),
                          {"auto": t("periods that fit"), "week": t("weeks"), "month": t("months"),
                           "quarter": t("quarters")}, "auto", width=180)
interval = ask(retention.interval_of, wanted, filters)
asked = {"of": of, "interval": interval}
how = {**asked, "filters": filters}
tables = against.both(retention.cohorts, reading=reading, on_request=True, **asked)
cells = tables.here
bar.caption("journey", findings.retention.counted(cells, of, t))
if cells.empty:
    nobody = t(ask(retention.reason, of))
    show.empty(nobody, here=nobody)
    st.stop()

curves = against.both(retention.curve, reading=reading, **asked)
moved = against.rows(curves, ["age"])
age_name = lambda row: findings.retention.span(int(row["age"]), interval, t)  # noqa: E731
title(kept(findings.retention.staying, curves.here, of, reading, interval, t, moved, curves.than),
      findings.retention.curve_note(reading, interval, t))
if len(curves.here) > 1:
    show.chart(kept(retention_curve, curves.here, t, interval, beside=curves.beside, other_name=curves.other), "curve",
               on_pick=lambda at: (state.choose("cohort", None), state.choose("age", str(at["age"]))))
    against.legend(curves)
    against.differences(curves, None if moved is None else moved[moved["age"] > 0], age_name, "ages", what=t("After"))

title(findings.retention.newer(kept(retention.newer_against_older, cells) if reading == "in" else None, interval, t),
      findings.retention.table_note(cells, reading, interval, t), t("Click a cell to see who they are."))


def look_at(at: dict) -> None:
    state.choose("cohort", str(at["cohort"]))
    state.choose("age", str(at["age"]))


against.chart(tables, cohort_heat, "cohorts", look_at, of=[t, interval])
show.folded_table(t("The numbers"), kept(cohort_tables.cohorts, cells, t, interval), "cohort-table",
                  name=t("Retention"))

known = {"persona": t("personas"), "channel": t("first channels"),
         **{key: name for key, name in names("attribute").items() if key in ask(filterable)}}
with st.container(horizontal=True, vertical_alignment="bottom"):
    by = state.chosen(st.selectbox, "by", t("Lines for"), known, "persona", width=260)
lines = against.both(retention.curve, reading=reading, breakdown=by, on_request=True, **asked)
groups = lines.here
title(findings.retention.groups(kept(retention.apart, groups), interval, t, named(by)),
      t("At most the {n} largest groups. Hollow: few customers.", n=MOST_LINES),
      t("Point at a dot for its 95% interval."))
against.chart(lines, retention_curve, "groups", lambda at: state.narrow(by, at["key"]), of=[t, interval, named(by)])
later = lines.map(cohort_tables.later)
against.differences(later, against.rows(later, ["key", "age"]), lambda row: f"{named(by)(row['key'])}, {age_name(row)}",
                    "groups", what=t("After"))

came_back.listed(cells, asked, reading)
