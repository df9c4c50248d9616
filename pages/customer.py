"""One customer: a single journey from first to last interaction."""

import streamlit as st

from cx import findings
from cx.charts.trend import customer_line
from cx.metrics import customer
from pages.parts import show, state, tables
from pages.parts.ask import ask
from pages.parts.words import given_stages, say, title

t = state.spoken()
st.title(t("One customer"), anchor=False)
search = state.typed("id", t("Customer number, or a part of it"), width=360)
found = ask(customer.search, search, limit=50)
if found.empty:
    if search:
        say(t("No customer has this number."), "finding")
    else:
        show.none_yet(t("There are no customers yet."))
    st.stop()
ids = found["customer_id"].tolist()
chosen = search if search in ids else st.selectbox(
    t("Customers found, those with most interactions first"), ids, key=state.widget_key(f"found-{search}"), width=360)
steps = ask(customer.timeline, chosen)
profile = ask(customer.profile, chosen)
say(chosen, "finding")
show.facts(tables.profile(profile, t))
title(findings.emotion.one_journey(profile, t),
      t("Triangle up: positive, triangle down: negative, circle: neutral; hollow: not known."))
show.chart(customer_line(tables.journey(steps, t, given_stages()), t), "timeline")
show.table(tables.journey_table(steps, t, given_stages()), "timeline-table", name=t("Journey"))
