"""Opportunities as cards and rows: what each is worth, what people say of it, and the way to an action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings
from cx.errors import CxError
from cx.metrics import opportunity
from cx.metrics.opportunity import EFFORTS, WORTH, Chain
from cx.report.content import Table
from pages.parts import action_board, against, drawn, nav, show, state
from pages.parts.against import Both
from pages.parts.ask import store
from pages.parts.words import say

AT_ONCE = 10
Said = dict[str, dict[str, dict[str, Any]]]


def target() -> float:
    """The share of bad contacts aimed at."""
    t = state.spoken()
    given = state.whole("aim", 100)
    key = state.widget_key("aim")
    st.session_state.setdefault(key, 10 if given is None else given)
    st.number_input(t("Bad contacts aimed at (%)"), 0, 100, key=key, width=220,
                    on_change=lambda: state.set_choice("aim", str(st.session_state[key])))
    return st.session_state[key] / 100


def rows(found: Sequence[Chain], frame: pd.DataFrame, said: Said, what: str) -> pd.DataFrame:
    """One row per opportunity, the largest first: place in `found`, key, number, name, value (one's own where somebody
    entered one), lower, upper, n (contacts it rests on), text, effort, owner, own."""
    t = state.spoken()
    result = []
    for place, (each, row) in enumerate(zip(found, frame.to_dict("records"), strict=True)):
        notes = said.get(each.subject, {})
        own = float(notes[what]["value"]) if what in notes else None
        result.append({
            "place": place, "key": each.subject, "n": each.n,
            "name": f"{t(each.place)} · {t(opportunity.MEASURES[each.measure].name)}",
            "value": own if own is not None else row[what], "own": own is not None,
            "lower": None if own is not None else row[f"{what}_lower"],
            "upper": None if own is not None else row[f"{what}_upper"],
            "effort": int(notes["effort"]["value"]) if "effort" in notes else None,
            "owner": notes["owner"]["value"] if "owner" in notes else ""})
    ordered = pd.DataFrame(result).astype({"value": float, "lower": float, "upper": float})
    ordered = ordered.sort_values("value", ascending=False, na_position="last", kind="stable").reset_index(drop=True)
    return ordered.assign(number=range(1, len(ordered) + 1),
                          text=[findings.opportunity.value(t, what, value) for value in ordered["value"]])


def apart(sides: Both, what: str) -> None:
    """What each is worth here, against there. sides: of `rows`."""
    t = state.spoken()
    if sides.beside is None:
        return
    names = {row["key"]: row["name"] for each in (sides.beside, sides.here) for row in each.to_dict("records")}

    def shown(_: dict[str, Any], value: float, sign: bool) -> str:
        return findings.opportunity.value(t, what, value, sign=sign)

    against.legend(sides)
    against.differences(sides, against.rows(sides, ["key"]), lambda row: names[row["key"]], "opportunities", unit=shown,
                        what=t("Place"))
    say(t("A worth is a total: a longer period or a larger group has more of it. Without a purple mark, the place is "
          "not surely worse than the rest there."))


def look_closer(at: dict[str, Any]) -> None:
    """Go to everything known of a place, its customers too, from a callback. at: its key."""
    nav.later("pain_points", cell=opportunity.cell_of(at["key"]))


def worthy(ordered: pd.DataFrame) -> pd.DataFrame:
    """The ten largest as rows of dots. ordered: of `rows`."""
    known = ordered[ordered["value"].notna()].head(10)
    return known.assign(lower=known["lower"].fillna(known["value"]), upper=known["upper"].fillna(known["value"]))


def cards(found: Sequence[Chain], frame: pd.DataFrame, said: Said, ordered: pd.DataFrame, gap: str, what: str) -> None:
    """The opportunities below each other; in a report as a table."""
    t = state.spoken()
    many = state.whole("shown", len(found)) or AT_ONCE
    told: list[dict[str, str]] = []
    for row in ordered.head(many).to_dict("records"):
        each, notes = found[row["place"]], said.get(found[row["place"]].subject, {})
        with st.container(border=True, key=f"opportunity-{row['number']}", gap="xsmall"):
            say(f"{row['number']}. {row['name']}", "finding", kept=False)
            say(t(each.said))
            worth = findings.opportunity.told(frame.iloc[row["place"]].to_dict(), gap, t,
                                              lost=each.measure == "drop_off")
            say(worth, "body", kept=False)
            told.append({t("Place"): row["name"], t("What it is worth"): worth})
            for line in _notes(notes):
                say(line)
            with st.container(horizontal=True, gap="small"):
                with st.popover(t("Effort, team, value"), icon=":material/edit:", type="tertiary"):
                    _form(each, notes, what)
                action_board.begin(f"act-{row['number']}", each.at, each.measure, t(each.said))
    drawn.report().add(Table(t("What it is worth"), pd.DataFrame(told)))
    if len(ordered) > many:
        st.button(t("Show more"), on_click=state.set_choice, args=("shown", str(many + AT_ONCE)))


def table(ordered: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """All of them with every worth."""
    t = state.spoken()
    worth = frame.iloc[ordered["place"]].to_dict("records")
    return pd.DataFrame({
        t("Place"): ordered["name"],
        t("Customers fewer with a bad experience"): [findings.opportunity.value(t, "kept", row["fewer"])
                                                     for row in worth],
        **{t(words): ["" if pd.isna(row[what]) else findings.opportunity.interval(row, what, t) for row in worth]
           for what, words in WORTH.items()},
        t("Effort it takes"): ["" if pd.isna(each) else t(EFFORTS[int(each)]) for each in ordered["effort"]],
        t("Team responsible"): ordered["owner"]})


def _notes(notes: dict[str, dict[str, Any]]) -> list[str]:
    """What people said, with who and when."""
    t = state.spoken()
    lines = []
    if "effort" in notes or "owner" in notes:
        lines.append(" · ".join(part for part in (
            t("effort: {effort}", effort=t(EFFORTS[int(notes["effort"]["value"])])) if "effort" in notes else "",
            notes["owner"]["value"] if "owner" in notes else "") if part))
    for what, words in WORTH.items():
        if what in notes:
            each = notes[what]
            line = t("{what} by {author} on {when}: {value}, beside the computed one", what=t(words),
                     author=each["author"], when=each["at"],
                     value=findings.opportunity.value(t, what, float(each["value"])))
            lines.append(f"{line} ({each['why']})" if each["why"] else line)
    return lines


def _form(each: Chain, notes: dict[str, dict[str, Any]], what: str) -> None:
    t = state.spoken()

    def known(name: str) -> str:
        return notes[name]["value"] if name in notes else ""

    def key(name: str) -> str:
        return state.widget_key(f"note-{name}-{each.subject}")

    with st.form(key("form"), border=False):
        efforts = {"": t("not known"), **{str(number): t(words) for number, words in EFFORTS.items()}}
        effort = st.selectbox(t("Effort it takes"), list(efforts), list(efforts).index(known("effort")),
                              key=key("effort"), format_func=efforts.__getitem__)
        owner = st.text_input(t("Team responsible"), known("owner"), key=key("owner"), max_chars=120)
        own = known(what)
        value = st.text_input(t("Value of your own: {what}", what=t(WORTH[what])),
                              t.number(float(own), 1) if own else "", key=key(what))
        why = st.text_input(t("Why"), notes[what]["why"] or "" if what in notes else "", key=key("why"), max_chars=500)
        author = st.text_input(t("Your name"), key=key("author"), max_chars=120)
        if st.form_submit_button(t("Save"), type="primary"):
            try:
                number = t.parse_number(value) if value.strip() else None
                typed = value.strip() if value.strip() and number is None else "" if number is None else repr(number)
                for name, given, before in (("effort", effort, known("effort")),
                                            ("owner", owner.strip(), known("owner")), (what, typed, own)):
                    if given != before:
                        opportunity.note(store(), each.subject, name, given, author, why if name == what else "")
                st.rerun()
            except CxError as error:
                show.failure(error)
