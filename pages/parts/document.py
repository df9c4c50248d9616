"""What surrounds the page: the style sheet and the language of the HTML document."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cx.language import Language

_STYLE = Path(__file__).resolve().parent.parent / "assets" / "style.css"
_document = st.components.v2.component(
    "cx_document", html="<span></span>",
    js="export default ({data}) => { document.documentElement.lang = data.language }")


def prepare(t: Language) -> None:
    """Load the style sheet and tell the browser (and screen readers) which language the page speaks."""
    st.html(_STYLE)
    with st.container(key="cx-document", height=1, gap=None):
        _document(key="document", data={"language": t.code})
