"""Touchpoints and channels: where customers meet the company, how often, through what, and how it goes there."""

import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars, stacked_shares
from cx.metrics import contact
from cx.model import MEDIA, OWNERSHIP
from cx.store import journey_model
from pages.parts import against, bar, drill, show, state, tables
from pages.parts.ask import ask
from pages.parts.made import kept
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
used = {dimension: against.both(contact.usage, dimension) for dimension in ("touchpoint", "channel")}
for column, dimension in zip(st.columns(2, gap="large"), used, strict=True):
    met, name = used[dimension], named(dimension)
    moved = against.rows(met.map(tables.of_everybody), ["key"], value="customer_share", lower="customer_lower",
                         upper="customer_upper", n="everybody")
    rows = met.map(tables.usage, t, name)
    with column:
        title(kept(findings.contact.reached, met.here, dimension, t, name, moved, met.than),
              t("Share of the customers who were there at least once."))
        show.chart(kept(measure_bars, rows.here, t, value_title=t("Share of customers"), hover={
            "interval": t("95% interval"), "contacts": t("Interactions")}, beside=rows.beside, other_name=rows.other,
            most=20), dimension, on_pick=lambda at, d=dimension: state.narrow(d, at["key"]))
        against.legend(rows)
        drill.link("customers", by=dimension)
        against.differences(met, moved, lambda row, name=name: name(row["key"]), dimension)



def kinds_of(kind: str, of_class: str, by: str, key: str) -> None:
    """Look at the interactions through channels of one class, from a callback."""
    known, chosen = ask(journey_model.channels), state.filters().channel
    keys = tuple(each for each in known.loc[known[kind].fillna("") == of_class, "key"] if not chosen or each in chosen)
    if of_class and keys:  # what is not known holds interactions without a channel, which no filter picks
        state.set_filters(channel=keys)
        drill.look("interactions", by=by, key=key)


by = state.chosen(st.selectbox, "by", t("Kinds of channels by"),
                  {key: words for key, words in splits().items() if key != "channel"}, "stage", width=220)
kinds = {"medium": {**{key: t(words) for key, words in MEDIA.items()}, "": t("not known")},
         "ownership": {**{key: t(words) for key, words in OWNERSHIP.items()}, "": t("not known")}}
wide = used["channel"].drawn
for column, kind in zip([st.container(), st.container()] if wide else st.columns(2, gap="large"), kinds, strict=True):
    every = against.both(contact.shares, kind)
    with column:
        title(kept(findings.contact.kinds, every.here, kind, t, against.rows(every, ["class"], value="share"),
                   every.than),
              t("Share of interactions. What kind a channel is can be set on the Journey model page."))
        parts = against.both(contact.shares, kind, by, on_request=True)
        against.chart(parts.map(tables.kinds, named(by)), stacked_shares, kind,
                      lambda at, kind=kind: kinds_of(kind, at["class"], by, at["key"]),
                      of=[t, kinds[kind], COLOURS[kind]])
        against.differences(parts, against.rows(parts, ["key", "class"], value="share"), lambda row, kind=kind:
                            f"{named(by)(row['key'])}: {kinds[kind][row['class']]}", kind)

of = state.chosen(st.segmented_control, "table", t("Table"), {"touchpoint": t("touchpoints"), "channel": t("channels")},
                  "touchpoint", label_visibility="collapsed")
title(kept(findings.contact.goes, used[of].here, of, t, named(of)),
      t("Feeling, satisfaction and waiting, where they were asked or measured."))
show.table(kept(tables.contacts, used[of].here, t, named(of)), "contacts", name=t("Touchpoints & channels"),
           on_pick=lambda row: state.narrow(of, used[of].here["key"].iloc[row]))
felt = against.rows(used[of], ["key"], value="net", lower="net_lower", upper="net_upper", n="net_n")
against.differences(used[of], felt,
                    lambda row: named(of)(row["key"]), "felt", unit="points", what=t("Net emotion"))
