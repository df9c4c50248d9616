"""The tables of the Journey model page: what a touchpoint, a stage name of a file and a channel belong to."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx.model import MEDIA, OWNERSHIP, PHASES
from cx.store import journey_model
from pages.parts import passed_by, state
from pages.parts.ask import store
from pages.parts.words import title


def own_stages(stages: dict[str, str]) -> list[tuple[str | None, str]] | None:
    """A table to name one's own stages. stages: key → name shown. → the pairs to save when asked to, else None."""
    t = state.spoken()
    given = st.data_editor(pd.DataFrame({"stage": list(stages.values())}), num_rows="dynamic", hide_index=True,
                           key=state.widget_key("stages"), width=420,
                           column_config={"stage": st.column_config.TextColumn(t("Stage"), required=True)})
    if not st.button(t("Save stages"), type="primary"):
        return None
    kept = dict(journey_model.stages(store()))
    keys = {shown: key for key, shown in stages.items()}
    return [(keys.get(name), kept[keys[name]] if name in keys else name) for name in given["stage"] if name]


def left_out(stages: dict[str, str]) -> None:
    """The stages that the funnel does not ask for, to choose; nothing where it can do without none."""
    t, without = state.spoken(), journey_model.left_out(store())
    offered = [key for key in stages if key in without or journey_model.may_be_left_out(store(), key)]
    key = state.widget_key("left-out")
    if not offered:
        return
    st.session_state[key] = [each for each in offered if each in without]

    def keep() -> None:
        chosen = st.session_state[key]
        for stage in offered:
            if (stage in chosen) != (stage in without):
                passed_by.leave_out(stage, stage in chosen)

    st.multiselect(t("Left out of the funnel"), offered, key=key, format_func=stages.__getitem__, on_change=keep,
                   placeholder=t("No stage"), width=420, help=t(
                       "For a stage that only some of your data knows: customers who were never seen there would count "
                       "as lost. Its contacts stay in everything else."))


def touchpoints(stages: dict[str, str]) -> None:
    """Stage, phase and responsible team of every touchpoint."""
    t = state.spoken()
    frame = journey_model.touchpoints(store())
    without = int(frame["stage"].isna().sum())
    title(t("Touchpoints"), t("{n} of {all} have no stage yet: they are left out of the funnel.", n=without,
                              all=len(frame)) if without else t("Each has its stage."))
    if frame.empty:
        return
    phases, sources = {key: t(text) for key, text in PHASES.items()}, {"guess": t("guess"), "user": t("set by you")}
    shown = pd.DataFrame({
        "touchpoint": frame["label"], "stage": frame["stage"].map(stages, na_action="ignore"),
        "phase": frame["phase"].map(phases, na_action="ignore"), "owner": frame["owner"],
        "count": frame["interactions"], "source": frame["source"].map(sources, na_action="ignore")}).astype(
            dict.fromkeys(("stage", "phase", "owner", "source"), object))
    edited = st.data_editor(
        shown, key=state.widget_key("touchpoints"), hide_index=True, placeholder="",
        disabled=["touchpoint", "count", "source"],
        column_config={"touchpoint": st.column_config.TextColumn(t("Touchpoint"), width="medium"),
                       "stage": st.column_config.SelectboxColumn(t("Stage"), options=list(stages.values())),
                       "phase": st.column_config.SelectboxColumn(t("Phase"), options=list(phases.values())),
                       "owner": st.column_config.TextColumn(t("Team responsible")),
                       "count": st.column_config.NumberColumn(t("Interactions"), format="localized"),
                       "source": st.column_config.TextColumn(t("Stage comes from"))})
    if st.button(t("Save touchpoints"), type="primary", disabled=edited.equals(shown)):
        journey_model.describe_touchpoints(store(), zip(
            frame["key"], _keys(edited["stage"], stages), _keys(edited["phase"], phases), edited["owner"], strict=True))
        st.rerun()


def stage_names(stages: dict[str, str]) -> None:
    """What files call a stage, and the stage of the model it stands for; nothing where all names are the model's."""
    t = state.spoken()
    frame = journey_model.stage_names(store())
    if frame.empty:
        return
    title(t("Stage names found in files"), t("What your files call a stage, and the stage of the model it stands for."))
    shown = pd.DataFrame({"name": frame["label"], "stage": frame["stage"].map(stages, na_action="ignore")}).astype(
        {"stage": object})
    edited = st.data_editor(
        shown, key=state.widget_key("stage-names"), hide_index=True, placeholder="", disabled=["name"], width=520,
        column_config={"name": st.column_config.TextColumn(t("Name in the file")),
                       "stage": st.column_config.SelectboxColumn(t("Stage"), options=list(stages.values()))})
    if st.button(t("Save stage names"), disabled=edited.equals(shown)):
        chosen = zip(frame["key"], _keys(edited["stage"], stages), frame["stage"], strict=True)
        journey_model.assign_stages(store(), {key: stage for key, stage, before in chosen if stage != before},
                                    of="stage_labels")
        st.rerun()


def channels() -> None:
    """Whether each channel is digital or physical, and owned, earned, paid or a partner's."""
    t = state.spoken()
    frame = journey_model.channels(store())
    if frame.empty:
        return
    title(t("Channels"))
    media, ownership = ({key: t(text) for key, text in kinds.items()} for kinds in (MEDIA, OWNERSHIP))
    shown = pd.DataFrame({
        "channel": frame["label"], "medium": frame["medium"].map(media, na_action="ignore"),
        "ownership": frame["ownership"].map(ownership, na_action="ignore"), "count": frame["interactions"]}).astype(
            {"medium": object, "ownership": object})
    edited = st.data_editor(
        shown, key=state.widget_key("channels"), hide_index=True, placeholder="", disabled=["channel", "count"],
        column_config={"channel": st.column_config.TextColumn(t("Channel"), width="medium"),
                       "medium": st.column_config.SelectboxColumn(t("Digital or physical"),
                                                                  options=list(media.values())),
                       "ownership": st.column_config.SelectboxColumn(t("Owned, earned, paid, partner"),
                                                                     options=list(ownership.values())),
                       "count": st.column_config.NumberColumn(t("Interactions"), format="localized")})
    if st.button(t("Save channels"), type="primary", disabled=edited.equals(shown)):
        journey_model.describe_channels(store(), zip(
            frame["key"], _keys(edited["medium"], media), _keys(edited["ownership"], ownership), strict=True))
        st.rerun()


def _keys(shown: pd.Series, names: dict[str, str]) -> list[str | None]:
    """Keys of the names picked; None where nothing is."""
    keys = {name: key for key, name in names.items()}
    return [keys.get(name) if isinstance(name, str) else None for name in shown]
