"""The gravest problems and the greatest wins, and their worth: worked out beside the page, which does not wait."""

from __future__ import annotations

import html
import time
from threading import Lock

import streamlit as st

from cx import findings_friction, findings_highlight
from cx.findings_highlight import Told
from cx.metrics import friction, highlight
from cx.report import Section
from pages.parts import drawn, nav, state
from pages.parts.ask import ask, store

_SETTLED = 0.4  # seconds in which the reader may go on to another selection, before this one is worked out
_PATIENCE = 3.0  # seconds for which pages that others open come first
_turn = Lock()  # one at a time: it takes seconds of processor time where there are a million interactions
_Sides = list[tuple[str, list[Told]]]
_known: dict[tuple[int, str, str], _Sides] = {}  # what was worked out, for every session
_MOST = 200


def highlights(noted: Section) -> None:
    """Problems beside wins, three each; noted: what a saved page says of them."""
    if drawn.on_paper():
        _note(noted, _sides())
    else:
        _beside_the_page(noted)


@st.fragment(parallel=True)
def _beside_the_page(noted: Section) -> None:
    t = state.spoken()
    waiting = st.empty()
    asked = store().data_version, repr(state.filters()), t.code
    sides = _known.get(asked)
    if sides is None:
        _wait(waiting)
        time.sleep(_SETTLED)
        with _turn:
            _give_way(waiting)
            sides = _known.get(asked) or _sides()
        if len(_known) >= _MOST:
            _known.clear()
        _known[asked] = sides
    waiting.empty()
    for column, (title, cards) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            st.html(f'<h2 class="cx-heading">{html.escape(title)}</h2>')
            for card in cards:
                _card(card)
    _note(noted, sides)
    st.html(f'<p class="cx-note">{html.escape(t(findings_highlight.MEANING))}</p>')


def _give_way(waiting: st.delta_generator.DeltaGenerator) -> None:
    """Let pages be drawn first; ends here where the reader has asked for something else meanwhile."""
    end = time.monotonic() + _PATIENCE
    _wait(waiting)
    while drawn.under_way() and time.monotonic() < end:
        time.sleep(0.1)
        _wait(waiting)


def _note(noted: Section, sides: _Sides) -> None:
    """What a saved page says of them: under the worst place, the problems, then the wins."""
    lines: list[str] = [part for title, cards in sides for part in (title, *(card.line for card in cards))]
    noted.title, noted.parts = lines[0], [*lines[1:]]


def _wait(waiting: st.delta_generator.DeltaGenerator) -> None:
    t = state.spoken()
    words = t("Looking for what hurts and what delights most…")
    waiting.html(f'<p class="cx-note cx-waiting">{html.escape(words)}</p>')


def _sides() -> _Sides:
    """Of problems and of wins: the heading and the places."""
    t, filters = state.spoken(), state.filters()
    points = ask(friction.friction, filters, friction.BY).points
    worst, best = (highlight.top(points, kind) for kind in ("pain", "delight"))
    worths = ask(highlight.mended, worst, filters)
    return [(findings_friction.hurts(points, t), [findings_highlight.told(*each, t)
                                                  for each in zip(worst, worths, strict=True)]),
            (findings_friction.delights(points, t), [findings_highlight.told(rows, [], t) for rows in best])]


def _card(card: Told) -> None:
    """One place; the way to everything known about it."""
    t = state.spoken()
    with st.container(gap="xxsmall"):
        st.html(f'<article class="cx-card cx-{card.kind}"><h3>{html.escape(card.place)}</h3>'
                f'<p class="cx-worth">{html.escape(card.worth)}</p><p class="cx-note">{html.escape(card.what)} '
                f'{html.escape(card.customers)}.</p></article>')
        st.page_link(st.session_state["_pages"]["pain_points"], label=t("Look closer"),
                     icon=nav.ENTRIES["pain_points"].icon,
                     query_params={**state.shared_url(), "cell": [card.cell]})
