"""Rows: the interactions, orders and customers behind a number, to look through and to save, and its SQL."""

import streamlit as st

from pages.parts import bar, behind, show, state

t, filters = state.spoken(), state.filters()
st.title(t("Rows behind a number"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
kpi, number = behind.chosen(filters)
n = behind.told(kpi, number, filters)
if n:
    behind.listed(kpi, number, filters, n)
else:
    show.empty(t("There is nothing to count in this selection."))
behind.how(kpi, number, filters)
