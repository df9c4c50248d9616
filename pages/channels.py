"""Across channels: who changes the channel, who has to come back, and which channels purchases are owed to."""

import streamlit as st

from pages.parts import across_blocks, bar, show, state

t, filters = state.spoken(), state.filters()
st.title(t("Across channels"), anchor=False)
counted = bar.counted()
bar.caption("journey", counted)
if not counted:
    show.empty()
    st.stop()
across_blocks.hand_offs(filters)
across_blocks.repeat_contacts(filters)
across_blocks.credit(filters)
st.page_link(st.session_state["_pages"]["touchpoints"], icon=":material/hub:", query_params=state.shared_url(),
             label=t("Kinds of channels along the stages"))
