"""One click loads the sample company, on any page; the work goes on when the page is left."""

from __future__ import annotations

import streamlit as st

from cx import sample
from cx.errors import Stopped
from cx.intake.progress import Progress
from pages.parts import state, work
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

    jobs.begin(_JOB, made)


def follow() -> bool:
    """Tell how far it is, where the sample is being loaded → whether it is."""
    job, t = jobs.known(_JOB), state.spoken()
    if job is None:
        return False
    if not job.done:
        with st.container(border=True, key="sample-loading"):
            work.bar(job, "sample", t("Loading the sample spreadsheets…"), rows=False)
            say(t("You can look around meanwhile: the work goes on, and what is shown follows."))
        return True
    jobs.forget(_JOB)
    if job.error is not None and not isinstance(job.error, Stopped):
        job.outcome()
    return False
