"""Pain points: where the journey hurts and where it delights, surely and most."""

import streamlit as st

from cx.charts.emotion import emotion_heat
from cx.metrics import emotion
from pages.parts import bar, show, state
from pages.parts.ask import ask
from pages.parts.words import named

t, filters = state.spoken(), state.filters()
st.title(t("Pain points"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
show.chart(emotion_heat(ask(emotion.matrix, "touchpoint", "channel", filters), t, named("touchpoint"),
                        named("channel")), "heat")
