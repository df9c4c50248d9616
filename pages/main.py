"""The routing script: every visit of every page runs through here first."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from cx.errors import CxError, StoreError
from pages.parts import (
    ahead,
    ask,
    document,
    drawn,
    far,
    gone,
    live,
    nav,
    preparing,
    present,
    sample,
    saved,
    state,
    turns,
)
from pages.parts.ask import store
from pages.parts.bar import filter_bar
from pages.parts.show import failure, first_run

st.set_page_config(page_title="CX Journey", page_icon=str(Path(__file__).parent / "assets" / "icon.svg"), layout="wide")
state.begin()
known = nav.pages()
st.session_state["_pages"] = known
page = st.navigation(list(known.values()), position="hidden")
name = page.url_path or nav.HOME
state.pull(name)
document.prepare(state.spoken())
st.logo(str(Path(__file__).parent / "assets" / "logo.svg"), size="large")
preparing.wait()
wall = present.asked(name)
if not wall:
    nav.menu(name)
nav.follow()
with suppress(StoreError):  # the page says why the workspace cannot be opened
    gone.leave_out()
state.push()
drawn.begin(state.spoken()(nav.ENTRIES[name].title))
try:
    live.tell()
    empty = not store().kept("SELECT count(*) FROM interactions")[0][0]
    if empty and nav.ENTRIES[name].asks:
        first_run()
    elif wall:
        live.listen()
        present.run()
    else:
        sample.follow()
        if nav.ENTRIES[name].asks:
            filter_bar(name)
        else:
            saved.button(name)
        gone.tell()
        ask.begin()
        with far.told(), drawn.running(), turns.waited_for():
            page.run()
        ahead.think(name)
except CxError as error:
    failure(error)
finally:
    state.end()
