"""Parts that are folded away: what is in them is asked for, drawn and sent once somebody opens them, so that a page
does not pay for what nobody looks at (docs/decisions/0019).

Each is a fragment: opening it draws it alone. What somebody does in it that concerns the page (a filter, a choice, the
way to another page) runs the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cx.errors import CxError
from pages.parts import drawn, state
from pages.parts.words import say


def expander(words: str, key: str, draw: Callable[[], None], *, icon: str | None = None) -> None:
    """`draw` below a line that opens. key: unique on the page; what belongs into a report although it is folded away is
    added by whoever calls."""
    _folded(_Place("expander", words, {"icon": icon}), key, draw)


def popover(words: str, key: str, draw: Callable[[], None], *, icon: str | None = None,
            hint: str | None = None) -> None:
    """`draw` in a menu that a button opens."""
    _folded(_Place("popover", words, {"icon": icon, "help": hint}), key, draw)


class _Place:
    """Makes the container that opens."""

    def __init__(self, kind: str, words: str, how: dict[str, Any]) -> None:
        self.kind, self.words, self.how = kind, words, how

    def __call__(self, name: str, key: str) -> Any:
        make: Callable[..., Any] = getattr(st, self.kind)
        return make(self.words, key=name, on_change=_note, args=(name, key), **self.how)


def _folded(place: _Place, key: str, draw: Callable[[], None]) -> None:
    if not drawn.on_paper():
        _fragment(place, key, draw)


@st.fragment
def _fragment(place: _Place, key: str, draw: Callable[[], None]) -> None:
    from pages.parts.show import failure

    if state.moved_on():
        st.rerun()
    name = f"folded-{key}"
    st.session_state[name] = state.unfolded().get(key, False)  # its words may tell a number, and it is another then
    made = place(name, key)
    if not made.open:
        t = state.spoken()
        with made:
            say(t("One moment…"))  # read until what belongs here has come
        return
    with made, drawn.aside():
        try:
            draw()
        except CxError as error:
            failure(error)


def _note(name: str, key: str) -> None:
    state.unfolded()[key] = st.session_state[name]
