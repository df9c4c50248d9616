"""Touchpoints and channels: where customers meet the company, how often, through what, and how it goes there."""

import streamlit as st

from cx.charts.bars import measure_bars, stacked_shares
from cx.findings import contact_table, share_frame, usage_frame
from cx.metrics import contact
from cx.model import MEDIA, OWNERSHIP
from pages.parts import bar, findings, show, state
from pages.parts.ask import ask
from pages.parts.words import label, title

t, filters = state.spoken(), state.filters()
st.title(t("Touchpoints & channels"), anchor=False)
touchpoints = ask(contact.usage, "touchpoint", filters)
channels = ask(contact.usage, "channel", filters)
bar.caption("interaction", findings.counted(filters))
if touchpoints.empty and channels.empty:
    show.empty()
    st.stop()

left, right = st.columns(2)
for column, dimension, frame in ((left, "touchpoint", touchpoints), (right, "channel", channels)):
    with column:
        title({"touchpoint": t("Touchpoints by customers reached"), "channel": t("Channels by customers reached")}[dimension])
        show.chart(measure_bars(usage_frame(frame.head(20), t, lambda key, d=dimension: label(d, key)), t,
                                value_title=t("Customers"),
                                hover={"share": t("Share of customers"), "contacts": t("Interactions")}), dimension,
                   on_pick=lambda point, d=dimension: state.set_filters(**{d: (point["key"],)}))

title(t("Digital or physical, owned, earned, paid or partner"),
      t("Share of interactions. Kinds are set on the Journey model page; what is not set is shown as not known."))
by = state.chosen(st.segmented_control, "by", t("By"), ["stage", "persona"], "stage", required=True,
                  label_visibility="collapsed", format_func={"stage": t("stages"), "persona": t("personas")}.__getitem__)
kinds = {"medium": {**{key: t(text) for key, text in MEDIA.items()}, "": t("not known")},
         "ownership": {**{key: t(text) for key, text in OWNERSHIP.items()}, "": t("not known")}}
colours = {"medium": ["#0072B2", "#C77700", "#767E87"],
           "ownership": ["#0B766E", "#7A5BA6", "#C77700", "#0072B2", "#767E87"]}
for column, kind in zip(st.columns(2), kinds, strict=True):
    with column:
        frame = ask(contact.kinds, kind, by, filters)
        show.chart(stacked_shares(share_frame(frame, lambda key: label(by, key)), t, kinds[kind], colours[kind]), kind)

title(t("How each goes"), t("Satisfaction, feeling and waiting where they were asked or measured."))
of = state.chosen(st.segmented_control, "table", t("Table"), ["touchpoint", "channel"], "touchpoint", required=True,
                  label_visibility="collapsed",
                  format_func={"touchpoint": t("touchpoints"), "channel": t("channels")}.__getitem__)
show.table(contact_table(touchpoints if of == "touchpoint" else channels, t, lambda key: label(of, key)), "contacts",
           name=t("Touchpoints & channels"))
