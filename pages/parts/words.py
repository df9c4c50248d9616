"""Names and texts on the screen. Names come from spreadsheets: they are shown as the characters they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from cx import names as naming
from cx.filters import DIMENSIONS
from cx.language import Language, Text, language
from cx.metrics.attributes import filterable
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import registry
from cx.report.content import together
from pages.parts import drawn
from pages.parts.ask import ask, look_up
from pages.parts.state import spoken

_PLAIN = re.compile(r"(?!.*(--|->|\b_|_\b))[\w ,.'’&%/+()-]*")


def label(dimension: str, key: str) -> str:
    """The name to show for a key of a dimension or attribute, as of cx.names."""
    return naming.label(names, spoken(), dimension, key)


@dataclass(frozen=True)
class _Named:
    dimension: str
    language: str

    def __call__(self, key: str) -> str:
        t = language(self.language)
        return naming.label(names, t, self.dimension, key) if key or self.dimension in DIMENSIONS else t("not given")


def named(dimension: str) -> Callable[[str], str]:
    """The function that names the values of a dimension or attribute; "" is told as not given."""
    return _Named(dimension, spoken().code)


def splits() -> dict[str, str]:
    """What numbers can be split by: {dimension or attribute: name}."""
    t = spoken()
    known = names("attribute")
    return {"persona": t("personas"), "channel": t("channels"), "stage": t("stages"),
            "touchpoint": t("touchpoints"), **{key: known[key] for key in ask(filterable)}}


def known_kpis() -> Mapping[str, Kpi]:
    """{key: KPI}: the product's, then the company's own, whose names may hold any characters."""
    return look_up(registry)


def given_stages() -> Callable[[str], str]:
    """The function from a stage's name as stored to the name to show; "" for none."""
    known = {name: label("stage", key) for key, name in names("stage").items()}
    return lambda given: known.get(given, given or "")


def names(dimension: str) -> Mapping[str, str]:
    """{key: name as given} of a dimension or of the attributes, in order of the journey or the alphabet."""
    return look_up(naming.stored)(dimension)


def markdown(name: str) -> str | None:
    """A name for places that read markdown (buttons, tabs), or None where it holds characters markdown may read."""
    return name if _PLAIN.fullmatch(name) else None


def say(text: str, kind: str = "note", *, kept: bool = True) -> None:
    """A line of plain text that may hold names from data. kind: note (muted, not in a report), hint (muted, what can be
    clicked, on the screen only), finding (strong), body; kept: it belongs into a report of the page."""
    st.html(f'<p class="cx-{"note cx-hint" if kind == "hint" else kind}">{as_html(text)}</p>')
    if kept and kind not in ("note", "hint"):
        drawn.report().add(text)


def title(text: str, note: str = "", hint: str = "", *, kept: bool = True) -> None:
    """A heading of a section that may hold names from data, with an optional muted line below. The hint, what can be
    clicked, follows the note on the screen only: it is neither saved nor printed; kept: it belongs into a report."""
    told = [part for part in (as_html(note), f'<span class="cx-hint">{as_html(hint)}</span>' if hint else "")
            if part]
    below = f'<p class="cx-note">{" ".join(told)}</p>' if told else ""
    lead = "" if any(each.title for each in drawn.report().sections) else " cx-lead"  # what the page says first
    st.html(f'<h2 class="cx-heading{lead}">{as_html(text)}</h2>{below}')
    if kept:
        drawn.report().begin(text, note)


def as_html(text: str) -> str:
    """A text that may hold names from data, as HTML; "n = 183" is not broken between two lines."""
    return html.escape(together(text))


def row_and_reason(t: Language, rows: int, row: int, reason: Text) -> str:
    """Why rows are not loaded: how many, the first of them, and what is said of it."""
    return (t("Row {row}: {reason}", row=row, reason=t(reason)) if rows == 1 else
            t("{n} rows, e.g. row {row}: {reason}", n=rows, row=row, reason=t(reason)))
