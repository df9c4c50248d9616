"""Comments: what customers say, what bad and good comments are about, and what that costs."""

import streamlit as st

from cx import findings
from cx.charts.comments import topic_bars
from cx.metrics import comments
from cx.model import EMOTIONS
from pages.parts import against, bar, show, state, tables
from pages.parts.ask import ask
from pages.parts.reading import read_comments
from pages.parts.words import given_stages, say, title

t, filters = state.spoken(), state.filters()
st.title(t("Comments"), anchor=False)
every = ask(comments.count, filters)
bar.caption("interaction", t.plural("{n} comment", "{n} comments", n=every))
if not every:
    show.empty(t("There are no comments yet."))
    say(t("Comments come from a column of words in your sheets: comment, feedback, description."))
    st.stop()

sides = against.both(comments.topics, on_request=True)
topics = sides.here
known = tuple(dict.fromkeys([*topics["topic"], *([] if sides.there is None else sides.there["topic"])]))
often = against.both(comments.mentioned, known)
moved = against.rows(often, ["topic"], value="share", n="of")
title(findings.comments.topics(topics, t, moved, often.than),
      t("Words and pairs of words that tell negative comments (left) from positive ones (right) beyond chance."),
      t("Click a bar to read them."))
if len(topics) or sides.beside is not None:
    against.chart(sides, lambda found: topic_bars(found, t) if len(found) else None, "topics",
                  lambda at: state.choose("topic", at["key"]))
    label = {row["topic"]: row["label"] for each in (sides.beside, topics) if each is not None
             for row in each.to_dict("records")}
    against.differences(sides, moved, lambda row: label.get(row["topic"], row["topic"]), "topics", what=t("Topic"))
    say(findings.comments.dearest(topics, t), "body")
    with st.expander(t("The numbers")):
        show.table(tables.topics(topics, t), "topics-table", name=t("Topics"), wide=t("Example"))
if every > comments.MOST_READ:
    say(t("Topics are looked for in the newest {n} comments.", n=comments.MOST_READ))

felt = [ask(comments.count, filters, emotion=mood) for mood in EMOTIONS]
title(findings.comments.said(*felt, t), t("How it felt comes from the answers; where there are none, from the words."))
with st.container(horizontal=True, vertical_alignment="bottom"):
    mood = state.chosen(st.segmented_control, "mood", t("Emotion"),
                        {"": t("all"), **{str(key): t(words) for key, words in EMOTIONS.items()},
                         "unknown": t("not known")}, "")
    known = dict(zip(topics["topic"], topics["label"], strict=True))
    known |= {term: term for term in [state.choice("topic")] if term and term not in known}
    topic = state.chosen(st.selectbox, "topic", t("Topic"), {"": t("any"), **known}, "", width=240)
    search = state.typed("search", t("Search in comments"), width=280, placeholder=t("Search in comments"))
which = {"emotion": mood if mood == "unknown" else int(mood) if mood else None, "topic": topic or None,
         "search": search or None}
found = ask(comments.count, filters, **which)
if not found:
    say(t("No comments here."))
    st.stop()
read_comments(found, filters, which)
with st.expander(t.plural("{n} comment as a table", "{n} comments as a table", n=min(found, tables.MOST_ROWS))):
    newest = ask(comments.read, filters, limit=tables.MOST_ROWS, **which)
    show.table(tables.comments(newest, t, given_stages()), "comments", name=t("Comments"), of_rows=True,
               wide=t("Comment"))
    if found > tables.MOST_ROWS:
        say(t("These are the newest {n}; choose a period for others.", n=tables.MOST_ROWS))
