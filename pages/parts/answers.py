"""The four questions of somebody who has thirty seconds, each with its answer, above everything else."""

from __future__ import annotations

import html

import streamlit as st

from pages.parts import drawn, state
from pages.parts.words import as_html


def told(good: str, better: str, why: str) -> None:
    """Is it good, is it getting better, why. `why` is also the title of the picture below, which is what a report
    holds of it."""
    t = state.spoken()
    rows = ((t("Is it good?"), good), (t("Is it getting better?"), better), (t("Why?"), why))
    st.html("".join(row(asked, f'<p class="cx-finding">{as_html(answer)}</p>') for asked, answer in rows))
    for each in (good, better):
        drawn.report().add(each)


def row(asked: str, answer: str) -> str:
    """A question and its answer, which is HTML."""
    return f'<div class="cx-answer"><p class="cx-asked">{html.escape(asked)}</p><div>{answer}</div></div>'
