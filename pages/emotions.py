"""Emotions: how the journey feels, stage by stage and touchpoint by touchpoint, for whom, and what customers say."""

import streamlit as st

from cx import findings
from cx.charts.bars import emotion_shares, measure_bars, measure_dots
from cx.charts.emotion import emotion_dots, emotion_heat, emotion_line
from cx.metrics import comments, emotion, planned
from cx.model import EMOTIONS
from pages.parts import bar, drill, feelings, nav, show, state
from pages.parts.ask import ask
from pages.parts.words import named, names, say, splits, title

t, filters = state.spoken(), state.filters()
stage = named("stage")
stages = ask(emotion.curve, "stage", filters)
st.title(t("Emotions"), anchor=False)
bar.caption("interaction", findings.known_emotions(ask(emotion.sources, filters), t))
if not stages["n"].sum():
    show.empty()
    st.stop()

title(findings.feelings(stages, t, stage),
      t("Net emotion: percent of positive minus percent of negative interactions; the band is the 95% interval."))
other, other_name = feelings.other_selection(filters)
wanted = ask(planned.planned)
compared = ask(emotion.curve, "stage", other) if other else None
if compared is not None and not compared["n"].sum():
    say(t("Nothing is known of what it is compared with."))
    compared = None
show.chart(emotion_line(stages, t, stage, compared, other_name, wanted), "curve",
           on_pick=lambda at: state.narrow("stage", at["key"]))
drill.link("net_emotion", int(stages["n"].sum()), by="stage")
feelings.lines_are(other_name, None if compared is None else int(compared["n"].sum()), bool(wanted))
if wanted:
    say(findings.against_plan(stages, wanted, t, stage), "body")
feelings.planned_form({key: stage(key) for key in names("stage")})

left, right = st.columns(2, gap="large")
with left:
    recalled = ask(emotion.memory, filters)
    title(findings.memory(recalled, t),
          t("Means over {n} customers with the 95% interval. The strongest moment is the worst one where anything was "
            "bad. Peak and end: the mean of both.", n=int(recalled["n"].iloc[0])))
    show.chart(measure_dots(feelings.remembered(recalled, t), t, value_title=t("Net emotion"),
                            hover={"interval": t("95% interval"), "n_text": t("Customers")}), "memory")
    say(findings.gap(ask(emotion.gap, filters), t), "body")
with right:
    title(t("What it is known from"), t("The first of these that an interaction has counts."))
    show.chart(measure_bars(feelings.by_source(ask(emotion.sources, filters), t), t, value_title=t("Share"),
                            hover={"net": t("Net emotion"), "interval": t("95% interval")}), "sources")

left, right = st.columns(2, gap="large")
with left:
    title(t("Touchpoints"), t("In order of the journey; the line is the 95% interval."))
    show.chart(emotion_dots(ask(emotion.curve, "touchpoint", filters).head(30), t,
                            named("touchpoint")), "touchpoints",
               on_pick=lambda at: state.narrow("touchpoint", at["key"]))
    drill.link("net_emotion", by="touchpoint")
with right:
    title(t("What customers say"))
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

left, right = st.columns([3, 2], gap="large")
with left:
    title(t("Who feels what, where"), t("Pale cells rest on few answers."), t("Click a cell to look closer."))
    others = {key: words for key, words in splits().items() if key != "stage"}
    rows = state.chosen(st.selectbox, "rows", t("Rows"), others, "persona", label_visibility="collapsed", width=220)
    cells = ask(emotion.matrix, rows, "stage", filters)
    show.chart(emotion_heat(cells, t, named(rows), stage), "heat",
               on_pick=lambda at: (state.narrow(rows, at["row_key"]), state.narrow("stage", at["column_key"])))
with right:
    title(t("Negative, neutral, positive"), t("Share of the interactions whose emotion is known."))
    by = state.chosen(st.selectbox, "shares", t("By"), splits(), "stage", label_visibility="collapsed", width=220)
    show.chart(emotion_shares(ask(emotion.curve, by, filters), t, named(by)), "shares")
