"""One customer: a single journey from first to last interaction."""

import streamlit as st

from cx.charts.trend import customer_line
from cx.findings import customer_facts, timeline_frame, timeline_table
from cx.metrics import customer
from pages.parts import show, state
from pages.parts.ask import ask
from pages.parts.words import label, say, title

t = state.spoken()
st.title(t("One customer"), anchor=False)
search = st.text_input(t("Customer number, or a part of it"), key=state.widget_key("customer-search"), width=360,
                       value=state.choice("id"))
found = ask(customer.search, search, limit=50)
if found.empty:
    say(t("No customer has this number."), "finding")
    st.stop()
ids = found["customer_id"].tolist()
chosen = search if search in ids else ids[0]
if len(ids) > 1 and search not in ids:
    chosen = st.selectbox(t("Customers found (those with most interactions first)"), ids, key=state.widget_key("found"),
                          width=360)
state.set_choice("id", chosen)
state.push()
profile = ask(customer.profile, chosen)
steps = ask(customer.timeline, chosen)
say(chosen, "finding")
for column, (name, value) in zip(st.columns(4), customer_facts(profile, t, label), strict=True):
    with column, st.container(border=True, height="stretch"):
        say(name)
        say(value, "finding")
title(t("The journey"), t("Up: positive, down: negative, circle: neutral; pale: not known how it felt."))
show.chart(customer_line(timeline_frame(steps, t, label), t), "timeline")
show.table(timeline_table(steps, t, label), "timeline-table", name=t("Journey"))
