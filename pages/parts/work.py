"""Long work on the screen: how far it is, and a button that stops it."""

from __future__ import annotations

import time

import streamlit as st

from cx.language import Language
from pages.parts import state
from server import jobs

_LOOK = 0.7  # seconds between two looks
_LONG = 20.0  # seconds after which half of a work of unknown length is thought to be done


def bar(job: jobs.Job, key: str, doing: str, *, rows: bool = True, stop: bool = True) -> None:
    """Show how far a job is, until it is done; the rest of the page can be used, or left, meanwhile.

    rows  what it counts are rows; else they are shares of the whole
    stop  it can be stopped here
    """
    t = state.spoken()

    @st.fragment(run_every=_LOOK)
    def look() -> None:
        if job.done:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", key=f"work-{key}"):
            st.progress(*_told(job, t("Stopping…") if job.stopping else doing, t, rows))
            if stop:
                st.button(t("Stop"), icon=":material/stop:", key=f"stop-{key}", on_click=job.stop,
                          disabled=job.stopping, help=t("Nothing of it is stored then."))

    look()


def _told(job: jobs.Job, doing: str, t: Language, rows: bool) -> tuple[float, str]:
    """How far a job is: its share, and rows and the time that is left once they can be told."""
    done, total, step = job.at
    total = max(total, done) if total else total
    gone = time.monotonic() - job.began
    told = [t(step) if step and not job.stopping else doing]
    if not rows:
        told.append(t.percent(job.share, 0))
    elif total and done:
        told.append(t("{done} of about {total} rows, {seconds} s left", done=done, total=total,
                      seconds=round(gone * (total - done) / done)))
    elif done:
        told.append(t.plural("{n} row so far", "{n} rows so far", n=done))
    else:
        told.append(t("{seconds} s so far", seconds=round(gone)))
    return (job.share if total else max(job.share, gone / (gone + _LONG))), " ".join(told)
