"""The reader's state: language, filters and the page's own choices, kept in the session and in the URL.

The URL is the truth when it changes by itself (a pasted link, back, forward); otherwise the session is, and is written
to the URL in one step, so that each choice is one entry of the browser's history. Ids in it are canonical: a link made
in English opens in Turkish.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cx.against import Against, narrowed
from cx.filters import Filters
from cx.language import LANGUAGES, Language, language

Url = dict[str, list[str]]
BESIDE = "beside"  # the query parameter of what the selection is held against
_HEARD_WITHIN = 0.5  # seconds after a run in which the browser may still send the address it had before


def begin() -> None:
    """Start the session, and follow the language of a changed URL; call first, since page titles are in a language."""
    state = st.session_state
    url = _url()
    if "filters" not in state:
        state.update({"_version": 0, "_page": None, "_url": url, "_left": None, "_ended": 0.0, "_choices_of": {},
                      "_offered": {}, "_stands_for": None, "_unfolded": {}, "_drawn_of": None,
                      "language": _asked_language(url) or _browser_language()})
        _read(url)
    elif url != state["_url"] and not _is_late(url):
        state["language"] = _asked_language(url) or state["language"]
    state["_drawn_of"] = None


def pull(page: str) -> None:
    """Follow the URL where the reader changed it (link, back, forward); call once a run, before any widget."""
    state = st.session_state
    url = _url()
    moved = state["_page"] not in (None, page)
    if moved:
        state["_unfolded"] = {}
    state["_page"], state["_offered"] = page, {}
    if url != state["_url"] and (url or not moved) and not _is_late(url):
        state["_version"] += 1
        _read(url)
    elif moved:  # gone back from a page that was opened by a click: the browser tells that page's address once more
        state["choices"] = state["_choices_of"].get(page, {})


def push() -> None:
    """Write the state to the URL; call once a run, after the callbacks have changed it."""
    state, wanted = st.session_state, current_url()
    state["_choices_of"][state["_page"]] = state["choices"]
    if stands_for_another():
        return
    if _url() != wanted:
        st.query_params.from_dict(wanted)
    if state["_url"] != wanted:
        state["_left"], state["_url"] = state["_url"], wanted


def end() -> None:
    """Note that a run is over; call last, whatever happened in it."""
    st.session_state.update({"_ended": time.monotonic(), "_opened": False, "_drawn_of": _shown()})


def moved_on() -> bool:
    """Whether the page, drawn, is of something else than what is to be shown now; for a part of it that runs alone."""
    return st.session_state["_drawn_of"] not in (None, _shown())


def _shown() -> tuple[Any, ...]:
    state = st.session_state
    return (state["filters"], state["against"], state["choices"], state["language"], state["_version"],
            state.get("_go"))


def unfolded() -> dict[str, bool]:
    """Which parts of this page that can be folded away somebody has opened or closed."""
    return st.session_state["_unfolded"]


def current_url(**choices: str | list[str]) -> Url:
    """Query parameters that bring somebody here, or to a page with these `choices` instead of this page's."""
    state = st.session_state
    kept = state["choices"] if not choices else {name: [value] if isinstance(value, str) else value
                                                 for name, value in choices.items()}
    url = {**_told(), **{name: values for name, values in kept.items() if values}}
    return {**url, "lang": [state["language"]]} if state["language"] != _browser_language() else url


def shared_url() -> Url:
    """Query parameters that carry filters, comparison and language to another page."""
    url = _told()
    spoken = st.session_state["language"]
    return {**url, "lang": [spoken]} if spoken != _browser_language() else url


def filters() -> Filters:
    return st.session_state["filters"]


def against() -> Against | None:
    """What the reader holds the selection against on every chart; None = nothing."""
    return st.session_state["against"]


def set_against(chosen: Against | None) -> None:
    """Hold the selection against something else, from the widget that shows it."""
    st.session_state["against"] = chosen


def look_from(other: Filters) -> None:
    """Make what the selection was held against the selection itself."""
    st.session_state.update(filters=other, against=None)
    st.session_state["_version"] += 1


def refine(**changes: Any) -> None:
    """Change some of the filters, from the widget that shows them."""
    st.session_state["filters"] = replace(filters(), **changes)


def set_filters(**changes: Any) -> None:
    """Change some of the filters from elsewhere; their widgets show the new values on the next run."""
    refine(**changes)
    st.session_state["_version"] += 1


def narrow(dimension: str, key: str) -> None:
    """Look only at one value of a dimension or attribute; a missing value ("") cannot be filtered by."""
    if not key:
        return
    st.session_state["filters"] = narrowed(filters(), dimension, (key,))
    st.session_state["_version"] += 1


def reset_filters() -> None:
    st.session_state.update(filters=Filters(), against=None)
    st.session_state["_version"] += 1


def open_view(url: Url) -> None:
    """Look at what an address of this page shows; the language stays."""
    _take(url)
    st.session_state["_version"] += 1


def look_at(filters: Filters) -> None:
    """Look at these filters although the address, which stays as it is, asks for others: what it names has gone."""
    st.session_state["filters"] = filters
    st.session_state["_stands_for"] = (_url(), current_url())


def stands_for_another() -> bool:
    """Whether what is shown is what was left of the address."""
    return st.session_state["_stands_for"] == (_url(), current_url())


def forget_choices(page: str) -> None:
    """Open a page as if for the first time."""
    st.session_state["_choices_of"].pop(page, None)


def lost(what: str) -> None:
    """Say that the address just opened asks `what` (a widget's label) for something that is not offered any more."""
    if st.session_state["_opened"]:
        t = spoken()
        st.toast(t("{what}: what this link chose is not there any more, so the usual choice is shown.", what=what),
                 icon=":material/link_off:")


def view_url() -> Url:
    """The address of what is shown, in any language."""
    return {name: values for name, values in current_url().items() if name != "lang"}


def spoken() -> Language:
    """The reader's language."""
    return language(st.session_state["language"])


def set_language(code: str) -> None:
    st.session_state["language"] = code


def offered(name: str, accepted: Collection[str] | range = ()) -> None:
    """Note that this page takes a choice from its address, and which values of it ("" among them, or none noted:
    any), so that a report refuses what a page would pass over (`server/paper.py`)."""
    noted = st.session_state["_offered"]
    noted[name] = accepted or noted.get(name, ())


def whole(name: str, most: int) -> int | None:
    """A choice of this page that is a whole number from 0 to `most`; None where none was made."""
    written = choice(name)
    offered(name, range(most + 1))
    return min(int(written), most) if written.isascii() and written.isdecimal() else None


def choice(name: str, default: str = "") -> str:
    """A choice of this page only (in the URL under its name)."""
    offered(name)
    return (st.session_state["choices"].get(name) or [default])[-1]


def choices(name: str) -> list[str]:
    """A choice of this page that may have several values; empty when it was not made."""
    offered(name)
    return st.session_state["choices"].get(name) or []


def set_choice(name: str, value: str | list[str] | None) -> None:
    """Remember a choice of this page; None or empty forgets it."""
    kept = dict(st.session_state["choices"])
    if value:
        kept[name] = [value] if isinstance(value, str) else list(value)
    else:
        kept.pop(name, None)
    st.session_state["choices"] = kept


def choose(name: str, value: str | list[str] | None) -> None:
    """Make a choice of this page that a widget shows, from another widget's callback."""
    set_choice(name, value)
    st.session_state["_version"] += 1


def widget_key(name: str) -> str:
    """A widget's key that changes with the language (labels are remembered by the browser) and with outside changes."""
    return f"{name}-{st.session_state['language']}-{st.session_state['_version']}"


def chosen(widget: Callable[..., Any], name: str, label: str, options: Mapping[str, str], default: str,
           **how: Any) -> str:
    """One of `options` ({value: name to show}), by a selectbox or segmented control; the value lives in the URL."""
    key = widget_key(f"choice-{name}-{hash(tuple(options.items()))}")  # the browser remembers labels, not values
    current = choice(name, default)
    offered(name, options)
    if current not in options:
        if current != default:
            lost(label)
        current = default
    if key not in st.session_state:
        st.session_state[key] = current

    def keep() -> None:
        value = st.session_state[key]
        set_choice(name, None if value == default else value)

    if widget is st.segmented_control:
        how |= {"required": True, "wrap": True}
    widget(label, list(options), key=key, format_func=options.__getitem__, on_change=keep, **how)
    return st.session_state[key]


def several(name: str, label: str, options: Mapping[str, str], default: list[str]) -> list[str]:
    """Some of `options` ({value: name to show}) in the order they were picked; the values live in the URL."""
    t, key = spoken(), widget_key(f"choices-{name}-{hash(tuple(options))}")
    current = [each for each in choices(name) if each in options] or default
    offered(name, options)
    if set(choices(name)) - set(options):
        lost(label)
    if key not in st.session_state:
        st.session_state[key] = current

    def keep() -> None:
        picked = st.session_state[key]
        set_choice(name, None if picked == default else picked)

    st.multiselect(label, list(options), key=key, format_func=options.__getitem__, on_change=keep,
                   placeholder=t("Choose"))
    return st.session_state[key]


def typed(name: str, label: str, **how: Any) -> str:
    """A text that lives in the URL."""
    key = widget_key(f"typed-{name}")
    st.session_state.setdefault(key, choice(name))
    return st.text_input(label, key=key, on_change=lambda: set_choice(name, st.session_state[key].strip()),
                         **how).strip()


def _read(url: Url) -> None:
    _take(url)
    st.session_state["_url"] = url


def _take(url: Url) -> None:
    state = st.session_state
    state["filters"], state["against"] = Filters.from_url(url), Against.from_url(url.get(BESIDE) or [])
    known = {*state["filters"].to_url(), BESIDE, "lang", "period", "compare", "persona", "channel", "stage",
             "touchpoint", "channel_reading"}
    state["_opened"] = True
    state["choices"] = {name: values for name, values in url.items() if name not in known and not name.startswith("a.")}


def _told() -> Url:
    """Query parameters of the filters and of what they are held against."""
    beside = against()
    return {**filters().to_url(), **({BESIDE: beside.to_url()} if beside else {})}


def _is_late(url: Url) -> bool:
    """Whether this is the address just left, told by a browser that had not heard of the new one when it asked for this
    run. A person who goes back takes longer than that."""
    return url == st.session_state["_left"] and time.monotonic() - st.session_state["_ended"] < _HEARD_WITHIN


def _url() -> Url:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _asked_language(url: Url) -> str | None:
    asked = (url.get("lang") or [""])[-1]
    return asked if asked in LANGUAGES else None


def _browser_language() -> str:
    preferred = (st.context.locale or "en").lower()
    return next((code for code in LANGUAGES if preferred.startswith(code)), "en")
