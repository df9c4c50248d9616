"""What surrounds the page: the style sheet, the language of the HTML document, and what helps those who use keyboard or
screen reader where Streamlit does not."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cx.language import Language, text

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
_document = st.components.v2.component("cx_document", html="<span></span>",
                                       js=(_ASSETS / "document.js").read_text())
_NAMES = {name.id: name for name in (
    text("Show data"), text("Download as PNG"), text("Download as SVG"), text("Copy Vega-Lite spec"),
    text("Fullscreen"), text("Close fullscreen"), text("Show/hide columns"), text("Search"), text("Sidebar"),
    text("Help for"), text("Remove"), text("Navigate to home page"), text("Collapse sidebar"),
    text("Expand sidebar"), text("Open"), text("Clear all"), text("Decrement"), text("Increment"),
    text("Choose date"), text("Skip to main content"))}
"""What Streamlit calls its own controls to screen readers → the same in the reader's language."""


def theme() -> str:
    """"light" or "dark", whichever the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def prepare(t: Language) -> None:
    """Load the style sheet, and tell the browser (and screen readers) which language the page speaks."""
    st.html(_ASSETS / "style.css")
    with st.container(key="cx-document", height=1, gap=None):
        _document(key="document", data={"language": t.code, "theme": theme(),
                                        "words": {english: t(name) for english, name in _NAMES.items()}})
