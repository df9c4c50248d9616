"""Teams: what each one owns, how it goes there, what hurts, what is being done, and how teams hand customers over."""

import streamlit as st

from cx.metrics import action, contact, friction, team
from pages.parts import action_board, bar, nav, show, state, tables, team_tables
from pages.parts.ask import ask
from pages.parts.words import named, say, title

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

title(t("Touchpoints"), t.plural("{n} touchpoint belongs to this team.", "{n} touchpoints belong to this team.",
                                 n=len(keys)))
usage = ask(contact.usage, "touchpoint", filters)
mine = usage[usage["key"].isin(keys)]
if len(mine):
    show.table(tables.contacts(mine, t, named("touchpoint")), "touchpoints", name=t("Touchpoints"),
               on_pick=lambda row: state.narrow("touchpoint", mine["key"].iloc[row]))

title(t("What hurts there"))
points = ask(friction.pain_points, filters)
pains = points[(points["kind"] == "pain") & points["touchpoint"].isin(keys)]
show.lines([t(each) for each in pains["text"].head(8)], t("No place of this team is surely worse than the rest."))

title(t("What is being done"))
action_board.board([each for each in ask(action.actions) if each.owner == chosen or each.touchpoint in keys], "team")

title(t("Hand-overs between teams"), t("Customers who meet another team within 72 hours; how that contact feels, "
                                       "against contacts with the same team twice in a row. * more than chance "
                                       "explains."))
pairs = ask(team.handovers, team.WITHIN, filters)
near = pairs[(pairs["team"] == chosen) | (pairs["to_team"] == chosen)]
if near.empty:
    say(t("Nobody is handed over between this team and another."), "body")
else:
    show.table(team_tables.handovers(near, t), "handovers", name=t("Hand-overs between teams"))
