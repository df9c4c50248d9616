"""Alerts: what the rules have said, the rules with when each would have fired, and how messages leave the app."""

import streamlit as st

from cx.delivery import box
from cx.metrics import alert
from pages.parts import alert_form, alert_list, delivery_form, state
from pages.parts.ask import store
from pages.parts.words import say, title

t = state.spoken()
st.title(t("Alerts"), anchor=False)
say(t("Rules watch KPIs and pain points after every upload. Their messages appear here, at most one a day for "
      "each subject, and go out by webhook or e-mail if you like."))
asked = state.choice("rule")
known = alert.rules(store())
if asked == "new" or asked in {str(each.number) for each in known}:
    alert_form.form(next((each for each in known if str(each.number) == asked), alert_form.NEW))
else:
    st.button(t("New rule"), icon=":material/add:", type="primary", on_click=state.choose, args=("rule", "new"))
alert_list.messages(box.messages(store()))
title(t("Rules"), t("A rule looks at whole periods and says the same thing once."))
alert_list.rules(known)
delivery_form.form()
