"""What is new since this browser last showed the Overview: remembered in a cookie of its own, nowhere else."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
from pathlib import Path
from urllib.parse import quote, unquote

import pandas as pd
import streamlit as st

from cx import findings
from cx.filters import Filters
from cx.metrics import visit
from cx.metrics.kpi_registry import HEADLINE_KPIS
from pages.parts import state
from pages.parts.ask import store
from pages.parts.words import known_kpis
from server.workspace import workspace_file

_keep = st.components.v2.component(
    "cx_visit", html="<span></span>",
    js=(Path(__file__).resolve().parent.parent / "assets" / "visit.js").read_text("utf-8"))


def since_last(values: pd.DataFrame) -> None:
    """Lines on what is new, and the memory for the next time; only where no filter is in force. values: of `kpis()`."""
    if state.filters() != Filters():
        return
    t, now, name = state.spoken(), dt.datetime.now(), _cookie()
    if "_seen" not in st.session_state:
        given = unquote(st.context.cookies.get(name, ""))
        st.session_state["_seen"] = visit.remembered(given, now, store().data_version)[0]
    before = st.session_state["_seen"]
    ours = values[values["kpi"].isin(list(HEADLINE_KPIS))]
    if before is not None:
        lines = findings.visit.news(visit.news(store(), before, ours), known_kpis(), t)
        st.html("".join(f'<p class="cx-note">{html.escape(line)}</p>' for line in lines))
    kept = visit.memory(before, visit.seen_now(store(), ours, now))
    with st.container(key="cx-visit", height=1, gap=None):
        _keep(key="visit", data={"name": name, "value": quote(kept)})


def _cookie() -> str:
    """One a workspace: browsers tell all ports of a computer the same cookies."""
    return f"cx_seen_{hashlib.sha256(str(workspace_file().resolve()).encode()).hexdigest()[:8]}"
