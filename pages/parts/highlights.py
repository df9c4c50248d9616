"""What to do first, the problems most worth fixing and the greatest wins: worked out beside the page, which does not
wait."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

import streamlit as st

from cx import findings
from cx.findings.highlight import First, Told
from cx.metrics import friction, highlight
from cx.report import Section, Table, tables
from pages.parts import answers, drawn, nav, state
from pages.parts.ask import ask, known, store
from pages.parts.words import as_html

_SETTLED = 0.4  # seconds in which the reader may go on to another selection, before an unknown one is worked out
_PATIENCE = 3.0  # seconds for which pages that others open come first
_turn = Lock()  # one at a time: it takes seconds of processor time where there are a million interactions
_MOST = 200


@dataclass(frozen=True)
class _Found:
    """first: what to do first; sides: of problems and of wins the heading and the places; note: how to read them;
    sample: that not everybody was looked at, where that is so."""

    first: First
    sides: Sequence[tuple[str, Sequence[Told]]]
    note: str
    sample: str


_known: dict[tuple[int, str, str], _Found] = {}  # what was worked out, for every session


def first(noted: Section) -> None:
    """What to do first, in a sentence, and the way there; noted: what a saved page says of it."""
    if drawn.on_paper():
        _note(noted, _found())
    else:
        _first(noted)


def highlights(*noted: Section) -> None:
    """Problems beside wins, three each; noted: what a saved page says of the ones and of the others."""
    if drawn.on_paper():
        _note_sides(noted, _found())
    else:
        _beside_the_page(*noted)


@st.fragment(parallel=True)
def _first(noted: Section) -> None:
    t, waiting = state.spoken(), st.empty()
    found = _worked_out(waiting, t("Looking for what to do first…"), "cx-waiting-line")
    told = found.first
    with st.container(key="cx-first", gap="xxsmall"):
        why = f'<p class="cx-body">{as_html(told.why)}</p>' if told.why else ""
        st.html(answers.row(t("What next?"), '<article class="cx-card cx-first">'
                                             f'<h2>{as_html(told.what)}</h2>{why}</article>'))
        if told.cell:
            with st.container(horizontal=True, gap="small"):
                _look_closer(told.cell)
                st.page_link(st.session_state["_pages"]["opportunities"], label=t("All opportunities by worth"),
                             icon=nav.ENTRIES["opportunities"].icon, query_params=state.shared_url())
    _note(noted, found)


@st.fragment(parallel=True)
def _beside_the_page(*noted: Section) -> None:
    t, waiting = state.spoken(), st.empty()
    found = _worked_out(waiting, t("Looking for what hurts and what delights most…"), "cx-waiting")
    for column, (title, cards) in zip(st.columns(2, gap="large"), found.sides, strict=True):
        with column:
            st.html(f'<h2 class="cx-heading">{as_html(title)}</h2>')
            for card in cards:
                _card(card)
    _note_sides(noted, found)
    if any(cards for _, cards in found.sides):
        st.html(f'<p class="cx-note">{as_html(found.note)}</p>')


def _worked_out(waiting: st.delta_generator.DeltaGenerator, words: str, kind: str) -> _Found:
    """What is known of the selection; until it is, `words` stand there, of that class of the style."""
    def wait() -> None:  # ends here where the reader has asked for something else meanwhile
        waiting.html(f'<p class="cx-note {kind}">{as_html(words)}</p>')

    asked = store().data_version, repr(state.filters()), state.spoken().code
    if asked not in _known:
        wait()
        if not known(partial(friction.friction, state.filters(), friction.BY)):
            time.sleep(_SETTLED)
        with _turn:
            end = time.monotonic() + _PATIENCE
            wait()
            while asked not in _known and drawn.under_way() and time.monotonic() < end:
                time.sleep(0.1)  # pages are drawn first
                wait()
            found = _known.get(asked) or _found()
            if len(_known) >= _MOST:
                _known.clear()
            _known[asked] = found
    waiting.empty()
    return _known.get(asked) or _found()


def _note(noted: Section, found: _Found) -> None:
    """What a saved page says of what to do first."""
    told, noted.note = found.first, found.sample
    noted.title, noted.parts, noted.alone = told.what, [told.why] if told.why else [], not told.why


def _note_sides(noted: Sequence[Section], found: _Found) -> None:
    """What a saved page says of them: the problems under the worst place, the wins under the best."""
    t = state.spoken()
    for section, name, (title, cards) in zip(noted, (t("Problems"), t("Wins")), found.sides, strict=True):
        section.title, section.note, section.alone = title, found.sample, not cards
        section.parts = [Table(name, tables.highlights(cards, t))] if cards else []


def _found() -> _Found:
    t, filters = state.spoken(), state.filters()
    judged = ask(friction.friction, filters, friction.BY)
    points = judged.points
    pains = ask(highlight.problems, highlight.top(points, "pain", highlight.LOOKED_AT), filters)
    shown, best = pains[:highlight.MOST], highlight.top(points, "delight")
    return _Found(findings.highlight.first(pains, judged.tested, t, judged.selection), [
        (findings.highlight.heading("pain", shown, t, judged.selection),
         [findings.highlight.told(each.rows, each.worths, t) for each in shown]),
        (findings.highlight.heading("delight", best, t, judged.selection),
         [findings.highlight.told(rows, [], t) for rows in best])],
        findings.highlight.meaning(judged.one_in, t, judged.selection), findings.friction.sampled(judged.one_in, t))


def _card(card: Told) -> None:
    """One place; the way to everything known about it."""
    with st.container(gap="xxsmall"):
        st.html(f'<article class="cx-card cx-{card.kind}"><h3>{as_html(card.place)}</h3>'
                f'<p class="cx-worth">{as_html(card.worth)}</p><p class="cx-note">{as_html(card.what)} '
                f'{as_html(card.customers)}.</p></article>')
        _look_closer(card.cell)


def _look_closer(cell: str) -> None:
    st.page_link(st.session_state["_pages"]["pain_points"], label=state.spoken()("Look closer"),
                 icon=nav.ENTRIES["pain_points"].icon, query_params={**state.shared_url(), "look": [cell]})
