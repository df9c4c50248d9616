"""Actions: what the team does about problems, and whether each one worked, against the untouched rest."""

import streamlit as st

from cx.metrics import action
from pages.parts import action_board, state
from pages.parts.ask import ask
from pages.parts.words import say

t = state.spoken()
st.title(t("Actions"), anchor=False)
say(t("What is being done, where and since when. From its start the KPI of the place is compared before and after with "
      "the untouched rest, week by week."))
asked = state.choice("action")
known = ask(action.actions)
if asked == "new" or asked in {str(each.number) for each in known}:
    action_board.form(next((each for each in known if str(each.number) == asked), None))
else:
    st.button(t("New action"), icon=":material/add:", type="primary", on_click=state.choose, args=("action", "new"))
action_board.board(known)
action_board.removed()
