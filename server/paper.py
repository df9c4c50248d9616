"""A page as a report, without a browser: what `python -m cx report --page` runs in a process of its own.

`cx` knows no pages. Here the page's own script runs once in Streamlit's harness for tests, and what it notes for "Save"
(`pages/parts/drawn.py`) is written. Reads {workspace, page, url, chosen, file, json} from standard input; `chosen`
names the choices of the page that are refused where it does not offer them; all others it passes over as on the screen.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cx import report
from cx.errors import CxError, ReportError, UnknownValue
from cx.language import Text, language, text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cx.report import Report

_SECONDS = 3600


def main() -> int:
    """Write the report; prints what is shown and what was found. → exit code: 0, or 2 after a line of error."""
    asked = json.load(sys.stdin)
    os.environ["CX_WORKSPACE"] = asked["workspace"]
    logging.disable(logging.WARNING)
    try:
        made = of_page(asked["page"], asked["url"], asked["chosen"])
        report.save(made, Path(asked["file"]))
    except CxError as error:
        t = language(asked["url"]["lang"][0])
        print(f"cx: {' '.join(t(error.text).split())}", file=sys.stderr)
        return 2
    findings = [section.title for section in made.filled]
    if asked["json"]:
        print(json.dumps({"file": asked["file"], "shown": made.caption, "findings": findings}, ensure_ascii=False))
    else:
        print("\n".join([f"{asked['file']}: {made.caption}", *(f"  {finding}" for finding in findings)]))
    return 0


def of_page(page: str, url: dict[str, list[str]], chosen: Sequence[str] = ()) -> Report:
    """What the page shows at an address. Raises UnknownValue for a page there is none of, or one of the choices
    `chosen` that the page does not offer; ReportError where the page cannot be drawn, CxError as the page does."""
    from streamlit.testing.v1 import AppTest

    from pages.parts.nav import ENTRIES

    if page not in ENTRIES or ENTRIES[page].edits:
        raise UnknownValue(text("Page"), page, [name for name, entry in ENTRIES.items() if not entry.edits])
    ran = AppTest.from_function(_script, default_timeout=_SECONDS, args=(page,))
    for name, values in url.items():
        ran.query_params[name] = values
    ran.run()
    if "_failed" in ran.session_state:
        raise ran.session_state["_failed"]
    if ran.exception:
        raise ReportError(text("The page could not be drawn: {error}", error=ran.exception[0].message))
    if "_nothing" not in ran.session_state:
        _refuse(url, chosen, ran.session_state["_offered"])
    return ran.session_state["_drawn"]


def _refuse(url: dict[str, list[str]], chosen: Sequence[str], offered: dict[str, Collection[str] | range]) -> None:
    """Raise UnknownValue for the first choice, or value of one, that a page does not offer."""
    for name in chosen:
        if name not in offered:
            raise UnknownValue(text("Choice of the page"), name, sorted(offered))
        accepted = offered[name]
        for value in url[name]:
            if isinstance(accepted, range):
                if not (value.isascii() and value.isdecimal() and int(value) in accepted):
                    raise UnknownValue(Text(name), value, [f"{accepted[0]}–{accepted[-1]}"])
            elif accepted and value not in accepted:
                raise UnknownValue(Text(name), value, filter(None, accepted))


def _script(page: str) -> None:
    """Runs inside the harness, which takes it out of this module."""
    import runpy

    import streamlit as st

    from cx.errors import CxError
    from pages.parts import ask, drawn, gone, nav, state

    state.begin()
    st.session_state["_pages"] = nav.pages()
    state.pull(page)
    gone.leave_out()
    drawn.begin(state.spoken()(nav.ENTRIES[page].title), on_paper=True)
    ask.begin()
    if nav.ENTRIES[page].asks and not ask.store().kept("SELECT count(*) FROM interactions")[0][0]:
        st.session_state["_nothing"] = True  # the screen offers the sample instead of the page
        drawn.report().add(state.spoken()("Nothing has been uploaded yet."))
        return
    try:
        runpy.run_path(str(nav.FOLDER / f"{page}.py"))
    except CxError as error:
        st.session_state["_failed"] = error


if __name__ == "__main__":
    sys.exit(main())
