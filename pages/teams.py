"""Teams: what each one owns, how it goes there, what hurts, what is being done, and how teams hand customers over."""

import streamlit as st

from cx.metrics import team
from pages.parts import bar, nav, show, state, team_view
from pages.parts.ask import ask
from pages.parts.words import say

t, filters = state.spoken(), state.filters()
st.title(t("Teams"), anchor=False)
known = ask(team.teams)
counted = bar.counted()
bar.caption("interaction", counted)
if known.empty:
    say(t("No touchpoint belongs to a team yet."), "finding")
    st.button(t("Say who owns what"), type="primary", icon=":material/account_tree:", on_click=nav.later,
              args=("journey_model",))
if not counted:
    show.empty()
if known.empty or not counted:
    st.stop()
names = known["team"].tolist()
chosen = state.chosen(st.selectbox, "team", t("Team"), {each: each for each in names}, names[0], width=300)
keys = ask(team.touchpoints_of, chosen)

team_view.touchpoints(keys)
team_view.pains(keys)
team_view.doing(chosen, keys)
team_view.hand_overs(chosen)
