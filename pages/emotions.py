"""Emotions: how the journey feels, stage by stage and touchpoint by touchpoint, for whom, and what customers say."""

import streamlit as st

from cx.charts.bars import emotion_shares
from cx.charts.emotion import emotion_dots, emotion_heat, emotion_line
from cx.findings import best_and_worst, comment_frame, gap_sentence, known_share
from cx.metrics import emotion
from cx.model import EMOTIONS
from pages.parts import bar, show, state
from pages.parts.ask import ask
from pages.parts.words import label, quote, say, title

t, filters = state.spoken(), state.filters()
stages = ask(emotion.curve, "stage", filters)
sources = ask(emotion.sources, filters)
st.title(t("Emotions"), anchor=False)
bar.caption("interaction", known_share(sources, t))
if not stages["n"].sum():
    show.empty()
    st.stop()

title(best_and_worst(stages, t, lambda key: label("stage", key)),
      t("Net emotion: percent of positive minus percent of negative interactions; the band is the 95% interval."))
show.chart(emotion_line(stages, t, lambda key: label("stage", key)), "curve",
           on_pick=lambda point: state.set_filters(stage=(point["key"],)))
gap = ask(emotion.gap, filters)
if (sentence := gap_sentence(gap, t)):
    say(sentence, "body")

left, right = st.columns(2)
with left:
    title(t("Touchpoints"), t("In order of the journey; the line is the 95% interval."))
    touchpoints = ask(emotion.curve, "touchpoint", filters)
    show.chart(emotion_dots(touchpoints.head(30), t, lambda key: label("touchpoint", key)), "touchpoints",
               on_pick=lambda point: state.set_filters(touchpoint=(point["key"],)))
with right:
    title(t("Negative, neutral, positive"))
    by = state.chosen(st.segmented_control, "shares", t("By"), ["stage", "channel", "persona"], "stage", required=True,
                      label_visibility="collapsed", format_func={"stage": t("stages"), "channel": t("channels"),
                                                                 "persona": t("personas")}.__getitem__)
    show.chart(emotion_shares(ask(emotion.curve, by, filters), t, lambda key: label(by, key)), "shares")

title(t("Who feels what, where"), t("Pale cells rest on few answers. Click a cell to look closer."))
rows = state.chosen(st.segmented_control, "rows", t("Rows"), ["persona", "channel"], "persona", required=True,
                    label_visibility="collapsed",
                    format_func={"persona": t("personas"), "channel": t("channels")}.__getitem__)
show.chart(emotion_heat(ask(emotion.matrix, rows, "stage", filters), t, lambda key: label(rows, key),
                        lambda key: label("stage", key)), "heat",
           on_pick=lambda cell: state.set_filters(**{rows: (cell["row_key"],), "stage": (cell["column_key"],)}))

title(t("What customers say"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    mood = state.chosen(st.segmented_control, "mood", t("Emotion"), ["", "-1", "0", "1"], "", required=True,
                        format_func=lambda each: t("all") if each == "" else t(EMOTIONS[int(each)]))
    search = st.text_input(t("Search in comments"), key=state.widget_key("search"), width=280)
comments = ask(emotion.comments, filters, emotion=int(mood) if mood else None, search=search or None, limit=200)
if comments.empty:
    say(t("No comments here."))
for comment in comments.head(12).to_dict("records"):
    quote(comment)
if len(comments):
    with st.expander(t.plural("{n} comment as a table", "{n} comments as a table", n=len(comments))):
        show.table(comment_frame(comments, t, label), "comments", name=t("Comments"))
