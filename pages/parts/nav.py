"""The pages there are, in their sections, and the menu that leads to them with the filters kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from cx.delivery.box import unread
from cx.errors import StoreError
from cx.language import LANGUAGES, Text, text
from pages.parts import live, state
from pages.parts.ask import store

FOLDER = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Entry:
    """A page: `name` is its file and its URL; `asks` says whether the filter bar stands above it, `edits` that somebody
    may be in the middle of something there, which data of others must not interrupt."""

    name: str
    title: Text
    icon: str
    asks: bool = True
    edits: bool = False


MENU: dict[Text, list[Entry]] = {
    text("Overview"): [Entry("overview", text("Overview"), ":material/dashboard:")],
    text("Journey"): [
        Entry("funnel", text("Funnel"), ":material/filter_alt:"),
        Entry("walk", text("Walk the journey"), ":material/directions_walk:"),
        Entry("simulator", text("Simulator"), ":material/tune:"),
        Entry("paths", text("Paths"), ":material/route:"),
        Entry("emotions", text("Emotions"), ":material/mood:"),
        Entry("comments", text("Comments"), ":material/forum:"),
        Entry("touchpoints", text("Touchpoints & channels"), ":material/hub:"),
        Entry("channels", text("Across channels"), ":material/swap_horiz:"),
        Entry("customer", text("One customer"), ":material/person_search:", asks=False),
    ],
    text("KPIs"): [
        Entry("trends", text("Trends"), ":material/trending_up:"),
        Entry("retention", text("Retention"), ":material/autorenew:"),
        Entry("rows", text("Rows behind a number"), ":material/table_rows:"),
        Entry("definitions", text("Definitions"), ":material/menu_book:", asks=False),
    ],
    text("Improve"): [
        Entry("pain_points", text("Pain points"), ":material/crisis_alert:"),
        Entry("drivers", text("Drivers"), ":material/tune:"),
        Entry("opportunities", text("Opportunities"), ":material/savings:"),
        Entry("actions", text("Actions"), ":material/task_alt:", asks=False),
        Entry("alerts", text("Alerts"), ":material/notifications:", asks=False),
        Entry("teams", text("Teams"), ":material/groups:"),
        Entry("framework", text("Measurement framework"), ":material/fact_check:", asks=False),
    ],
    text("Data"): [
        Entry("upload", text("Upload"), ":material/upload_file:", asks=False, edits=True),
        Entry("history", text("History"), ":material/history:", asks=False),
        Entry("journey_model", text("Journey model & goals"), ":material/account_tree:", asks=False,
              edits=True),
    ],
}
ENTRIES = {entry.name: entry for entries in MENU.values() for entry in entries}
HOME = "overview"
_menu = st.components.v2.component("cx_menu", html="<span></span>", isolate_styles=False,
                                   js=(FOLDER / "assets" / "menu.js").read_text())


def pages() -> dict[str, st.Page]:
    """{name: page}; the first is where the bare address leads."""
    t = state.spoken()
    return {entry.name: st.Page(FOLDER / f"{entry.name}.py", title=t(entry.title), icon=entry.icon,
                                url_path=entry.name, default=entry.name == HOME)
            for entry in ENTRIES.values()}


def menu(current: str) -> None:
    """The sidebar: sections, pages, language."""
    t = state.spoken()
    with st.sidebar:
        _links(current)
        key = f"language-{current}"
        st.session_state[key] = t.code
        st.segmented_control(t("Language"), list(LANGUAGES), key=key, format_func=LANGUAGES.__getitem__, required=True,
                             label_visibility="collapsed",
                             on_change=lambda: state.set_language(st.session_state[key]))


@st.fragment
def _links(current: str) -> None:
    """The links, as one element; it tells how many alerts are unread and listens for what others do."""
    t, unseen = state.spoken(), 0
    with suppress(StoreError):  # the page says why the workspace cannot be opened
        unseen = unread(store())
        if not ENTRIES[current].edits:
            live.listen()
    asked = urlencode(state.shared_url(), doseq=True)

    def link(entry: Entry) -> dict[str, Any]:
        words, path = t(entry.title), "." if entry.name == HOME else entry.name
        return {"name": entry.name, "href": f"{path}?{asked}" if asked else path,
                "icon": entry.icon.removeprefix(":material/").removesuffix(":"), "here": entry.name == current,
                "words": f"{words} ({t.number(unseen)})" if entry.name == "alerts" and unseen else words}

    _menu(key="menu", data={"name": t("Pages"), "sections": [
        [t(section) if len(entries) > 1 else "", [link(entry) for entry in entries]]
        for section, entries in MENU.items()]})


def go(name: str, **choices: str | list[str]) -> None:
    """Open another page with the filters in force and these choices of its own."""
    st.switch_page(st.session_state["_pages"][name], query_params=state.current_url(**choices) if choices
                   else state.shared_url())


def later(name: str, **choices: str | list[str]) -> None:
    """`go`, from a widget's callback: carried out at the start of the run that follows."""
    st.session_state["_go"] = (name, choices)


def open_view(name: str, url: state.Url) -> None:
    """Open a page with the filters and choices of an address, from a widget's callback; the language stays."""
    if name == st.session_state["_page"]:
        state.open_view(url)
        return
    state.open_view({})
    state.forget_choices(name)
    st.session_state["_go"] = (name, url)


def follow() -> None:
    """Carry out what a callback asked of `later`."""
    wanted = st.session_state.pop("_go", None)
    if wanted:
        go(wanted[0], **wanted[1])
