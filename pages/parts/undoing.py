"""Taking an upload back, on its receipt and in the history: the same question in both places."""

from __future__ import annotations

import contextlib

import streamlit as st

from cx import intake
from cx.errors import QueryError
from pages.parts import state
from pages.parts.ask import store
from pages.parts.words import say


def undo_button(upload_id: int, accepted: int) -> None:
    """A button that tells what goes, and asks before it takes the upload back. accepted: rows it brought."""
    t = state.spoken()
    with st.popover(t("Undo"), icon=":material/undo:", key=f"ask-undo-{upload_id}"):
        say(t("This takes {n} rows off the dashboard.", n=accepted), "body", kept=False)
        st.button(t("Undo this upload"), type="primary", key=f"undo-{upload_id}", on_click=_undo, args=(upload_id,))


def _undo(upload_id: int) -> None:
    with contextlib.suppress(QueryError):  # another window was quicker: it is undone all the same
        intake.undo(store(), upload_id)
