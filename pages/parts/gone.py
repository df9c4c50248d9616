"""Links and views that name what is not in the workspace any more: what remains is shown, and what is missing told."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cx.filters import DIMENSIONS, LABELS
from cx.metrics.overview import span
from pages.parts import state
from pages.parts.ask import ask
from pages.parts.words import names, say


def leave_out() -> None:
    """Take filters by unknown names away; the address stays as it was opened."""
    t, filters = state.spoken(), state.filters()
    kept = {name: tuple(key for key in getattr(filters, name) if key in names(name)) for name in DIMENSIONS
            if getattr(filters, name)}
    attributes = tuple(pair for pair in filters.attributes if pair[0] in names("attribute"))
    rest = replace(filters, attributes=attributes, **kept)
    if rest == filters or not ask(span).interactions:
        return
    missing = [f"{t(LABELS[name])}: {key}" for name in kept for key in getattr(filters, name) if key not in kept[name]]
    missing += [key for key, _ in filters.attributes if key not in dict(attributes)]
    state.look_at(rest)
    st.session_state["_gone"] = missing


def tell() -> None:
    """What the address asks for and nobody has; as long as nothing else is chosen."""
    if state.stands_for_another():
        t = state.spoken()
        say(t("Not in the data any more: {what}. What remains of this link is shown.",
              what=", ".join(st.session_state["_gone"])), "finding")
