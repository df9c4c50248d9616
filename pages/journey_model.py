"""Journey model: the stages, and which stage and kind each touchpoint and channel belongs to."""

import pandas as pd
import streamlit as st

from cx.errors import CxError
from cx.model import MEDIA, MODELS, OWNERSHIP, PHASES, STAGES
from cx.store import journey_model
from pages.parts import show, state
from pages.parts.ask import store
from pages.parts.words import label, say, stage_label, title

t = state.spoken()
st.title(t("Journey model"), anchor=False)
say(t("The stages of your customers' journey, and where each touchpoint belongs. A change is applied to everything "
      "already loaded."))
stages = journey_model.stages(store())
keys = [key for key, _ in stages]

title(t("Stages"))
shipped = {name: " → ".join(t(STAGES[key].label) for key in model) for name, model in MODELS.items()}
current = next((name for name, model in MODELS.items() if list(model) == keys), "own")
options = [*shipped, "own"]
picked = st.radio(t("Stages"), options, index=options.index(current), label_visibility="collapsed",
                  key=state.widget_key("model"),
                  format_func=lambda name: shipped.get(name) or t("Your own stages"))
if picked in MODELS and picked != current:
    journey_model.use_model(store(), picked)
    st.rerun()
if picked == "own":
    given = st.data_editor(pd.DataFrame({"stage": [stage_label(key, name) for key, name in stages]}),
                           num_rows="dynamic", key=state.widget_key("stages"), hide_index=True, width=420,
                           column_config={"stage": st.column_config.TextColumn(t("Stage"), required=True)})
    if st.button(t("Save stages"), type="primary"):
        kept = {stage_label(key, name): (key, name) for key, name in stages}
        try:
            journey_model.set_stages(store(), [kept.get(name, (None, name)) for name in given["stage"] if name])
            st.rerun()
        except CxError as error:
            show.failure(error)

stage_names = {stage_label(key, name): key for key, name in stages}
frame = journey_model.touchpoints(store())
title(t("Touchpoints"), t("{n} of {all} have no stage yet: they are left out of the funnel.",
                          n=int(frame["stage"].isna().sum()), all=len(frame)))
if len(frame):
    phases = {t(text): key for key, text in PHASES.items()}
    shown = pd.DataFrame({
        "touchpoint": frame["label"], "stage": [stage_label(key, dict(stages)[key]) if key else None
                                                for key in frame["stage"]],
        "phase": [t(PHASES[key]) if key else None for key in frame["phase"]], "owner": frame["owner"],
        "count": frame["interactions"],
        "source": [{"guess": t("guess"), "user": t("set by you")}.get(each, "") for each in frame["source"]]})
    edited = st.data_editor(
        shown, key=state.widget_key("touchpoints"), hide_index=True, placeholder="",
        disabled=["touchpoint", "count", "source"],
        column_config={"touchpoint": st.column_config.TextColumn(t("Touchpoint"), width="medium"),
                       "stage": st.column_config.SelectboxColumn(t("Stage"), options=list(stage_names)),
                       "phase": st.column_config.SelectboxColumn(t("Phase"), options=list(phases)),
                       "owner": st.column_config.TextColumn(t("Team responsible")),
                       "count": st.column_config.NumberColumn(t("Interactions"), format="localized"),
                       "source": st.column_config.TextColumn(t("Stage comes from"))})
    if st.button(t("Save touchpoints"), type="primary", disabled=edited.equals(shown)):
        journey_model.describe_touchpoints(store(), [
            (key, stage_names.get(row["stage"] or ""), phases.get(row["phase"] or ""), row["owner"])
            for key, row in zip(frame["key"], edited.to_dict("records"), strict=True)])
        st.rerun()

unplaced = journey_model.stage_names(store())
if len(unplaced):
    title(t("Stage names found in files"), t("What your files call a stage, and the stage of the model it stands for."))
    shown_names = pd.DataFrame({"name": unplaced["label"],
                                "stage": [label("stage", key) if key else None for key in unplaced["stage"]]})
    edited_names = st.data_editor(
        shown_names, key=state.widget_key("stage-names"), hide_index=True, placeholder="", disabled=["name"], width=520,
        column_config={"name": st.column_config.TextColumn(t("Name in the file")),
                       "stage": st.column_config.SelectboxColumn(t("Stage"), options=list(stage_names))})
    if st.button(t("Save stage names"), disabled=edited_names.equals(shown_names)):
        journey_model.assign_stages(store(), {
            key: stage_names.get(stage or "") for key, stage, before in
            zip(unplaced["key"], edited_names["stage"], shown_names["stage"], strict=True) if stage != before},
            of="stage_labels")
        st.rerun()

channels = journey_model.channels(store())
if len(channels):
    title(t("Channels"))
    media = {t(text): key for key, text in MEDIA.items()}
    ownership = {t(text): key for key, text in OWNERSHIP.items()}
    shown_channels = pd.DataFrame({
        "channel": channels["label"], "medium": [t(MEDIA[key]) if key else None for key in channels["medium"]],
        "ownership": [t(OWNERSHIP[key]) if key else None for key in channels["ownership"]],
        "count": channels["interactions"]})
    edited_channels = st.data_editor(
        shown_channels, key=state.widget_key("channels"), hide_index=True, placeholder="",
        disabled=["channel", "count"],
        column_config={"channel": st.column_config.TextColumn(t("Channel"), width="medium"),
                       "medium": st.column_config.SelectboxColumn(t("Digital or physical"), options=list(media)),
                       "ownership": st.column_config.SelectboxColumn(t("Owned, earned, paid, partner"),
                                                                     options=list(ownership)),
                       "count": st.column_config.NumberColumn(t("Interactions"), format="localized")})
    if st.button(t("Save channels"), type="primary", disabled=edited_channels.equals(shown_channels)):
        journey_model.describe_channels(store(), [
            (key, media.get(row["medium"] or ""), ownership.get(row["ownership"] or ""))
            for key, row in zip(channels["key"], edited_channels.to_dict("records"), strict=True)])
        st.rerun()
