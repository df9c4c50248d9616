"""Journey model & goals: the stages, which stage and kind each touchpoint and channel belongs to, and the targets."""

import streamlit as st

from cx.errors import CxError
from cx.model import MODELS, STAGES
from cx.store import journey_model
from pages.parts import far, model_tables, show, state, targets
from pages.parts.ask import store
from pages.parts.words import label, say, title

t = state.spoken()
st.title(t("Journey model & goals"), anchor=False)
if far.only_reads():
    targets.goals()
    st.stop()
say(t("The stages of your customers' journey, and where each touchpoint belongs. A change is applied to everything "
      "already loaded."))
stages = {key: label("stage", key) for key, _ in journey_model.stages(store())}

title(t("Stages"))
shipped = {name: " → ".join(t(STAGES[key].label) for key in model) for name, model in MODELS.items()}
current = next((name for name, model in MODELS.items() if list(model) == list(stages)), "own")
options = [*shipped, "own"]
picked = st.radio(t("Stages"), options, index=options.index(current), label_visibility="collapsed",
                  key=state.widget_key("model"), format_func=lambda name: shipped.get(name) or t("Your own stages"))
if picked in MODELS and picked != current:
    journey_model.use_model(store(), picked)
    st.rerun()
if picked == "own" and (wanted := model_tables.own_stages(stages)):
    try:
        journey_model.set_stages(store(), wanted)
        st.rerun()
    except CxError as error:
        show.failure(error)
model_tables.left_out(stages)
model_tables.touchpoints(stages)
model_tables.stage_names(stages)
model_tables.channels()
targets.goals()
