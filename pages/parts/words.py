"""Names and texts on the screen. Names come from spreadsheets: they are shown as the characters they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import streamlit as st

from cx.filters import DIMENSIONS
from cx.metrics.attributes import filterable
from cx.metrics.kpi_registry import Kpi
from cx.metrics.own_kpi import registry
from cx.model import STAGES
from pages.parts.ask import ask, store
from pages.parts.state import spoken

_PLAIN = re.compile(r"(?!.*(--|->|\b_|_\b))[\w ,.'’&%/+()-]*")


def label(dimension: str, key: str) -> str:
    """The name to show for a key of a dimension, in the reader's language where the product knows the name.

    For an attribute the dimension is the attribute's key, and a key of "" asks for the attribute's own name.
    """
    t = spoken()
    if dimension in ("persona", "channel", "stage", "touchpoint"):
        return stage_label(key, names(dimension).get(key, key)) if dimension == "stage" else (
            names(dimension).get(key, key) or t("not given"))
    return names("attribute").get(dimension, dimension) if key == "" else key


def named(dimension: str) -> Callable[[str], str]:
    """The function that names the values of a dimension or attribute; "" is told as not given."""
    t = spoken()
    return lambda key: label(dimension, key) if key or dimension in DIMENSIONS else t("not given")


def splits() -> dict[str, str]:
    """What numbers can be split by: {dimension or attribute: name}."""
    t = spoken()
    known = names("attribute")
    return {"persona": t("personas"), "channel": t("channels"), "stage": t("stages"),
            "touchpoint": t("touchpoints"), **{key: known[key] for key in ask(filterable)}}


def known_kpis() -> dict[str, Kpi]:
    """{key: KPI}: the product's, then the company's own, whose names may hold any characters."""
    return ask(registry)


def stage_label(key: str, given: str) -> str:
    """A built-in stage that nobody renamed is shown in the reader's language; the company's own names as they are."""
    t, known = spoken(), STAGES.get(key)
    return t(known.label) if known and given == str(known.label) else given or t("no stage")


def given_stage(given: str) -> str:
    """A stage's name as stored → the name to show; "" for none."""
    return next((label("stage", key) for key, name in names("stage").items() if name == given), given or "")


def names(dimension: str) -> dict[str, str]:
    """{key: name as given} of a dimension or of the attributes, in order of the journey or the alphabet."""
    table, order = {"persona": ("personas", "key"), "channel": ("channels", "key"), "stage": ("stages", "position"),
                    "touchpoint": ("touchpoints", "key"), "attribute": ("attributes", "key")}[dimension]
    return _names(f"SELECT key, label FROM {table} ORDER BY {order}", store().data_version)


@st.cache_data(max_entries=200, show_spinner=False)
def _names(sql: str, version: int) -> dict[str, str]:  # noqa: ARG001 - the version is part of the cache's key
    return dict(store().rows(sql))


def markdown(name: str) -> str | None:
    """A name for places that read markdown (buttons, tabs), or None where it holds characters markdown may read."""
    return name if _PLAIN.fullmatch(name) else None


def say(text: str, kind: str = "note") -> None:
    """A line of plain text that may hold names from data. kind: note (muted), finding (strong), body."""
    st.html(f'<p class="cx-{kind}">{html.escape(text)}</p>')


def title(text: str, note: str = "") -> None:
    """A heading of a section that may hold names from data, with an optional muted line below."""
    below = f'<p class="cx-note">{html.escape(note)}</p>' if note else ""
    st.html(f'<h3 class="cx-heading">{html.escape(text)}</h3>{below}')
