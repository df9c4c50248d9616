"""Lists of customers behind a number: a click opens the journey, the list can be saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from pages.parts import nav, show, state
from pages.parts.words import say

MOST = 1000


def table(frame: pd.DataFrame, key: str, names: Mapping[str, str] = {}) -> None:
    """Customers as a table. frame: customer_id ("" = anonymous) and what is known of each; names: of further columns.
    """
    t, more, frame = state.spoken(), len(frame) >= MOST, frame.head(MOST)
    if frame.empty:
        say(t("Nobody of them has a number of a customer."))
        return
    known = {"customer_id": t("Customer"), "persona": t("Persona"), "interactions": t("Interactions"),
             "net": t("Net emotion"), "longest_wait": t("Longest wait"), "first_at": t("First contact"),
             "last_at": t("Last contact"), **names}
    shown = frame[[column for column in known if column in frame.columns]].copy()
    if "longest_wait" in shown:
        shown["longest_wait"] = [t.duration(None if pd.isna(each) else each) for each in shown["longest_wait"]]
    if "net" in shown:
        shown["net"] = shown["net"].round()

    def open_journey(row: int) -> None:
        customer = frame["customer_id"].iloc[row] if row < len(frame) else ""
        if customer:
            nav.later("customer", id=customer)

    show.table(shown.rename(columns=known), key, name=t("Customers"), of_rows=True, on_pick=open_journey)
    if more:
        say(t("These are the first {n}.", n=MOST))


CHOSEN = "="
"""Stands before the value of a mark in the address, so that "" is none chosen."""


def pick(choice: str, key: object) -> None:
    """Show those behind a mark of a chart or a row of a table, from its callback; the list is one of `behind`."""
    state.choose(choice, f"{CHOSEN}{key}")


def behind(choice: str, words: str, what: str, options: Mapping[str, str], found: Callable[[str], pd.DataFrame],
           names: Mapping[str, str] = {}) -> None:
    """Those behind one of the marks of a chart, folded away and not asked for until one is chosen: clicked there, or
    from the list here. choice: its name in the address; options: {key of the mark: words}; found: key → customers;
    names: of further columns of theirs."""
    t = state.spoken()
    if not options:
        return
    known = {"": t("none"), **{f"{CHOSEN}{key}": each for key, each in options.items()}}
    with st.expander(words, expanded=bool(state.choice(choice))):
        say(t("Click above, or choose here."))
        picked = state.chosen(st.selectbox, choice, what, known, "", width=420)
        if picked:
            table(found(picked.removeprefix(CHOSEN)), f"{choice}-customers", names)


def expander(words: str, frame: pd.DataFrame, key: str) -> None:
    """The same, folded away below words that say who they are."""
    with st.expander(words):
        table(frame, key)
