"""Emotions: how the journey feels, stage by stage and touchpoint by touchpoint, for whom, and what customers say."""

import streamlit as st

from cx import findings
from cx.charts.emotion import emotion_dots, emotion_line
from cx.metrics import comments, emotion, planned
from cx.model import EMOTIONS
from pages.parts import against, bar, drill, feelings, nav, remembered, show, state
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.who_feels import who_feels_what
from pages.parts.words import named, names, say, title

t, filters = state.spoken(), state.filters()
stage = named("stage")
curves = against.both(emotion.curve, "stage", lately=True)
stages = curves.here
st.title(t("Emotions"), anchor=False)
bar.caption("interaction", kept(findings.emotion.known_emotions, ask(emotion.sources, filters=filters), t))
if not stages["n"].sum():
    show.empty()
    st.stop()

moved = against.rows(curves, ["key"], value="net")
title(kept(findings.emotion.feelings, stages, t, stage, moved, curves.than),
      t("Net emotion: percent of positive minus percent of negative interactions; the band is the 95% interval."))
wanted = ask(planned.planned)
compared = curves.beside
if compared is not None and not compared["n"].sum():
    say(t("Nothing is known of what it is compared with."))
    compared = None
show.chart(kept(emotion_line, stages, t, stage, compared, curves.other, wanted), "curve",
           on_pick=lambda at: state.narrow("stage", at["key"]))
drill.link("net_emotion", int(stages["n"].sum()), by="stage")
feelings.lines_are(curves.other, None if compared is None else int(compared["n"].sum()), bool(wanted))
against.differences(curves, moved, lambda row: stage(row["key"]), "stages", unit="points", what=t("Stage"))
if wanted:
    say(findings.emotion.against_plan(stages, wanted, t, stage), "body")
feelings.planned_form({key: stage(key) for key in names("stage")})

remembered.memory_and_sources(filters)

left, right = st.columns(2, gap="large")
with left:
    touchpoint = named("touchpoint")
    places = against.both(emotion.curve, "touchpoint").map(feelings.first, 30)
    apart = against.rows(places, ["key"], value="net")
    title(kept(findings.emotion.worst_place, places.here, t, touchpoint, apart, places.than),
          t("In order of the journey; the line is the 95% interval."))
    show.chart(kept(emotion_dots, places.here, t, touchpoint, places.beside, places.other), "touchpoints",
               on_pick=lambda at: state.narrow("touchpoint", at["key"]))
    against.differences(places, apart, lambda row: touchpoint(row["key"]), "places", unit="points",
                        what=t("Touchpoint"))
    drill.link("net_emotion", by="touchpoint")
with right:
    title(findings.comments.said(*(ask(comments.count, filters, emotion=mood) for mood in EMOTIONS), t))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mood = state.chosen(st.segmented_control, "mood", t("Emotion"),
                            {"": t("all"), **{str(key): t(words) for key, words in EMOTIONS.items()}}, "",
                            label_visibility="collapsed")
        search = state.typed("search", t("Search in comments"), width=280, placeholder=t("Search in comments"),
                             label_visibility="collapsed")
    said = ask(comments.read, filters, emotion=int(mood) if mood else None, search=search or None, limit=6)
    if said.empty:
        say(t("No comments here."))
    for comment in said.to_dict("records"):
        show.comment(comment)
    if st.button(t("All comments and what they are about"), icon=nav.ENTRIES["comments"].icon, type="tertiary"):
        nav.go("comments", mood=mood, search=search)

who_feels_what(curves.drawn)
