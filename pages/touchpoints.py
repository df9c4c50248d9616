"""Touchpoints and channels: where customers meet the company, how often, through what, and how it goes there."""

import streamlit as st

from cx.charts.bars import measure_bars, stacked_shares
from cx.metrics import contact
from cx.model import MEDIA, OWNERSHIP
from pages.parts import bar, drill, show, state, tables
from pages.parts.ask import ask
from pages.parts.words import named, splits, title

COLOURS = {"medium": ["#0072B2", "#B35C00", "#6B727B"],
           "ownership": ["#0B766E", "#7A5BA6", "#B35C00", "#0072B2", "#6B727B"]}

t, filters = state.spoken(), state.filters()
st.title(t("Touchpoints & channels"), anchor=False)
counted = bar.counted()
bar.caption("interaction", counted)
if not counted:
    show.empty()
    st.stop()
used = {dimension: ask(contact.usage, dimension, filters) for dimension in ("touchpoint", "channel")}
for column, dimension in zip(st.columns(2), used, strict=True):
    with column:
        title(t("Touchpoints by customers reached") if dimension == "touchpoint"
              else t("Channels by customers reached"))
        show.chart(measure_bars(tables.usage(used[dimension], t, named(dimension)).head(20), t,
                                value_title=t("Customers"),
                                hover={"share": t("Share of customers"), "contacts": t("Interactions")}), dimension,
                   on_pick=lambda at, d=dimension: state.narrow(d, at["key"]))
        drill.link("customers", by=dimension)

title(t("Digital or physical; owned, earned, paid or partner"),
      t("Share of interactions. What kind a channel is can be set on the Journey model page."))
by = state.chosen(st.selectbox, "by", t("By"), {key: words for key, words in splits().items() if key != "channel"},
                  "stage", label_visibility="collapsed", width=220)
kinds = {"medium": {**{key: t(words) for key, words in MEDIA.items()}, "": t("not known")},
         "ownership": {**{key: t(words) for key, words in OWNERSHIP.items()}, "": t("not known")}}
for column, kind in zip(st.columns(2), kinds, strict=True):
    with column:
        show.chart(stacked_shares(tables.kinds(ask(contact.shares, kind, by, filters), named(by)), t,
                                  kinds[kind], COLOURS[kind]), kind)

title(t("How each goes"), t("Feeling, satisfaction and waiting, where they were asked or measured."))
of = state.chosen(st.segmented_control, "table", t("Table"), {"touchpoint": t("touchpoints"), "channel": t("channels")},
                  "touchpoint", label_visibility="collapsed")
show.table(tables.contacts(used[of], t, named(of)), "contacts", name=t("Touchpoints & channels"))
