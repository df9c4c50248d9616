"""The place to drop files: streams them to `PUT /api/upload` and speaks the reader's language."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.parts import state
from server import uploads

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods,.parquet,.json,.jsonl,.ndjson,.html,.htm,.xml,.zip,.gz"

_component = st.components.v2.component(
    "cx_uploader",
    html='<input type="file" multiple hidden><div class="zone" tabindex="0" role="button">'
         '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 16v3h14v-3" '
         'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
         '<span class="words"><b class="main"></b><span class="hint"></span></span>'
         '<progress max="1" value="0" hidden></progress></div><p class="error" role="alert" hidden></p>',
    css=(_ASSETS / "uploader.css").read_text(), js=(_ASSETS / "uploader.js").read_text())


@dataclass(frozen=True)
class Dropped:
    """A file that has arrived: `token` for `uploads.uploaded_file`, its name as the person has it, its size."""

    token: str
    name: str
    bytes: int


def uploader(key: str) -> list[Dropped]:
    """The files dropped just now, and those that this browser dropped before, within a day; empty on every other
    run."""
    t = state.spoken()
    failed = {"network": t("the connection broke off. Try again."),
              "ticket": t("this page has been open for too long. Reload it and drop the file again."),
              "too large": t("it is larger than {n} GB. Split it, or save it as Parquet or a ZIP of CSV.",
                             n=round(uploads.LARGEST_FILE / (1 << 30), 1)),
              "no room": t("the disk is full. Free some space and try again.")}
    answer = _component(
        key=key, on_done_change=lambda: None,
        data={"main": t("Drop spreadsheets here, or click to choose"),
              "hint": t("CSV, Excel, OpenDocument, Parquet, JSON, HTML tables, or a ZIP or gzip of these. They stay "
                        "on this computer."),
              "sending": t("Uploading"), "failed": t("The upload of this file failed:"), "why": failed,
              "ticket": uploads.ticket(), "largest": uploads.LARGEST_FILE, "accept": ACCEPTED,
              "gone": st.session_state.get("_gone", []),
              "session": st.session_state.setdefault("_uploads_of", secrets.token_hex(8))})
    done = answer.done
    return [Dropped(str(each["id"]), str(each["name"])[:255], int(each["bytes"])) for each in done["files"]
            ] if done else []
