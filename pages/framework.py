"""The measurement framework on one page, from goals to monitoring: what is set, what is missing, what is old."""

import datetime as dt

import pandas as pd
import streamlit as st

from cx.metrics.framework import LAYERS, MISSING, SET, STALE, framework
from cx.report.content import Table
from pages.parts import drawn, nav, state
from pages.parts.ask import ask
from pages.parts.words import say, title

t = state.spoken()
MARKS = {SET: (":green[:material/check_circle:]", t("set")), MISSING: (":orange[:material/error:]", t("missing")),
         STALE: (":orange[:material/schedule:]", t("old"))}
st.title(t("Measurement framework"), anchor=False)
checks = ask(framework, today=dt.date.today())
told = [each.status for each in checks]
say(t("{set} of {all} checks are in order; {missing} missing, {stale} old.", set=told.count(SET), all=len(told),
      missing=told.count(MISSING), stale=told.count(STALE)), "finding")
say(t("From what the business wants to what watches over it. Each line leads to where it is fixed."))
rows = [{t("Part"): t(LAYERS[each.layer]), t("Status"): MARKS[each.status][1], t("What is known"): t(each.said)}
        for each in checks]
drawn.report().add(Table(t("Measurement framework"), pd.DataFrame(rows)))
for number, (layer, name) in enumerate(LAYERS.items(), start=1):
    with st.container(border=True, key=f"layer-{layer}", gap="xsmall"):
        title(f"{number}. {t(name)}", kept=False)
        mine = [each for each in checks if each.layer == layer]
        if not mine:
            say(t("There is nothing to check before there is data."), "body", kept=False)
        for place, check in enumerate(mine):
            mark, words = MARKS[check.status]
            with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"check-{layer}-{place}"):
                st.markdown(f"{mark} {words}", width=88)
                say(t(check.said), "body", kept=False)
                st.button(t("Open") if check.status == SET else t("Fix"), type="tertiary",
                          key=state.widget_key(f"mend-{layer}-{place}"), icon=":material/arrow_forward:",
                          on_click=nav.later, args=(check.page,), kwargs=dict(check.choices))
