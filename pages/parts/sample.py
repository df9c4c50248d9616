"""One click loads the sample company, on any page; the work goes on when the page is left."""

from __future__ import annotations

import streamlit as st

from cx import sample
from cx.errors import CxError, QueryError, Stopped
from cx.intake.progress import Progress
from cx.language import text
from pages.parts import show, state, work
from pages.parts.ask import store
from pages.parts.words import say
from server import jobs

_JOB = "load sample"


def load() -> None:
    """Begin to load the sample spreadsheets in the reader's language."""
    workspace, code = store(), state.spoken().code

    def made(progress: Progress) -> None:
        with jobs.in_turn(jobs.LOADS, progress):
            sample.load(workspace, code, progress=progress)

    earlier = jobs.known(_JOB)
    if earlier is not None and earlier.done:
        jobs.forget(_JOB)
    jobs.begin(_JOB, made)


def follow() -> bool:
    """Tell how far it is, where the sample is being loaded → whether it is. What went wrong stays, on every page, until
    somebody has read it."""
    job, t = jobs.known(_JOB), state.spoken()
    if job is None:
        return False
    if not job.done:
        with st.container(border=True, key="sample-loading"):
            work.bar(job, "sample", t("Loading the sample spreadsheets…"), rows=False)
            say(t("You can look around meanwhile: the work goes on, and what is shown follows."))
        return True
    if job.error is None or isinstance(job.error, Stopped):
        jobs.forget(_JOB)
        return False
    error = job.error
    if not isinstance(error, CxError):
        error = QueryError(text("The program made a mistake with the sample ({error}). History tells which of its "
                                "files were stored.", error=type(error).__name__))
    with st.container(key="sample-failed"):
        show.failure(error)
        st.button(t("Close"), key="sample-read", on_click=jobs.forget, args=(_JOB,), type="tertiary")
    return False
