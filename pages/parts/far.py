"""Where the interactions are in a data lake: answers that take their time and can be stopped, the last good ones while
Spark is away, and what cannot be done here."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from cx.language import text
from pages.parts import state

if TYPE_CHECKING:
    from cx.engine.asking import Answers, Pending, Question
    from cx.engine.store import LakeStore

_PATIENCE = 0.6  # seconds before it is told that something is computed
_LOOK = 0.25
_STOPPED, _OLD = "_stopped", "_old"


def only_reads() -> bool:
    """Whether the interactions can only be read here; then says so, and what to do instead."""
    from pages.parts.ask import store

    if store().in_lake:
        t = state.spoken()
        st.info(t("The interactions are in a data lake and come from there: files are not uploaded or undone here, and "
                  "names and stages are not changed here. Change the data where it comes from, then build the lake "
                  "again (python -m cx build); this dashboard follows by itself."), icon=":material/database:")
    return store().in_lake


def answer(name: str, given: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, once per data version; while it is computed its progress shows, and it can be stopped. Where
    Spark does not answer: the last good answer there was, which `tell` marks. Raises what `make` raises."""
    from cx.engine.session import Cancelled, Unreachable
    from pages.parts.ask import store

    question: Question = (name, given)
    answers, version = _answers(), store().data_version
    if known := answers.known(question, version):
        return known.value()
    if question in st.session_state.get(_STOPPED, ()):
        raise Cancelled(text("Stopped."))
    pending = answers.begin(question, version, make)
    try:
        if not pending.done_within(_PATIENCE):
            _watch(pending, question)
        found = pending.result()
        cast("LakeStore", store()).away_since = None
        return found
    except Unreachable as error:
        cast("LakeStore", store()).away_since = cast("LakeStore", store()).away_since or dt.datetime.now()
        if (last := answers.last(question)) is None:
            raise
        st.session_state[_OLD] = min(st.session_state.get(_OLD) or last.at, last.at), error
        return last.value()
    finally:  # also when the reader has gone on to something else
        pending.leave()


def _watch(pending: Pending, question: Question) -> None:
    """Progress and a button, until the answer is there. Every call into Streamlit may end this run."""
    t, place = state.spoken(), st.empty()
    with place.container(border=True, key=f"spark-box-{abs(hash(question))}"):  # in a corner, whoever asks: style.css
        bar = st.progress(0.0, text=t("Spark computes…"))
        st.button(t("Stop"), icon=":material/stop_circle:", key=f"far-stop-{abs(hash(question))}",
                  on_click=_stop, args=(question,))
    while not pending.done_within(_LOOK):
        work = pending.work
        if work.tasks:
            bar.progress(min(1.0, work.done / work.tasks), text=t("Spark computes: {done} of {n} tasks are done",
                                                                  done=work.done, n=work.tasks))
        else:
            bar.progress(0.0, text=t("Spark computes…"))
    place.empty()


def _stop(question: Question) -> None:
    st.session_state.setdefault(_STOPPED, set()).add(question)


def ask_again() -> None:
    """After something was stopped: a button that asks it again."""
    t = state.spoken()
    if st.session_state.get(_STOPPED) and st.button(t("Ask again"), icon=":material/refresh:", key="far-again"):
        st.session_state.pop(_STOPPED)
        st.rerun()


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Around a page: above it stands what of it is old, and since when Spark has not answered."""
    from pages.parts.ask import store

    place = st.empty() if store().in_lake else None
    st.session_state.pop(_OLD, None)
    try:
        yield
    finally:  # also where a question of the page could not be answered
        if place is not None:
            _tell(place)


def _tell(place: Any) -> None:
    from pages.parts.ask import store

    t, away = state.spoken(), cast("LakeStore", store()).away_since
    old = st.session_state.pop(_OLD, None)
    if old:
        place.warning(t("Spark does not answer. What you see is the last good answer, computed {when}. {reason}",
                        when=t.datetime(old[0]), reason=t(old[1].text)), icon=":material/cloud_off:")
    elif away:
        place.warning(t("Spark has not answered since {when}. What has been computed before is shown; new questions "
                        "have to wait.", when=t.datetime(away)), icon=":material/cloud_off:")


@st.cache_resource
def _answers() -> Answers:
    from cx.engine.asking import Answers

    return Answers()
