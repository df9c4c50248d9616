"""Answers worked out before anybody asks: once a page has been drawn and nobody waits for anything, those of the
selections that are one click away, so that the click finds them known (docs/decisions/0019).

One thread for the whole server asks what the page asked, for the other periods of the menu and for the other values of
the one dimension that is filtered; one question at a time. The question may use all processors, as it would when a
reader asked it. No selection is begun unless no page is drawn and half of the machine is idle, and no question once
LONGEST has been spent on what somebody looked at; a question that has begun is not broken off. It sleeps until somebody
looks at another selection: a dashboard nobody touches costs nothing. CX_AHEAD=0 turns it off.

Its priority is that of everybody: a reader may come to wait for what has just been begun, and what the thread calls
(DuckDB's workers) would not have a lower one, or would keep it for good (threads it starts).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from cx.errors import CxError
from cx.filters import DIMENSIONS, Filters
from cx.metrics.overview import span
from cx.periods import PRESETS, preset
from pages.parts import ask, drawn, state
from pages.parts.words import names

SETTLED = 1.0  # seconds in which the reader may do something else, before anything is worked out
LONGEST = 2.0  # seconds of processor time of the whole process, for one selection that was looked at
MOST_VALUES = 4  # other values of a filter
_GIVEN_UP = 30.0  # seconds after which no further one is begun, for a selection that was looked at

_Questions = dict[tuple[str, str], "partial[Any]"]


@dataclass(frozen=True)
class _Wish:
    """now: the selection looked at; near: those one click away; asked: what the page asks, which may still grow."""

    now: Filters
    near: tuple[Filters, ...]
    asked: _Questions


_wish: list[_Wish] = []  # the latest, none once it is taken up
_wished, _lock = threading.Condition(), threading.Lock()
_begun = False


def think(page: str) -> None:
    """Note what is looked at now, where that is another page or selection than before; call after a page is drawn."""
    seen = page, state.filters(), state.against()
    if st.session_state.get("_thought_of") == seen:
        return
    st.session_state["_thought_of"] = seen
    if os.environ.get("CX_AHEAD") == "0" or ask.store().in_lake or state.against() is not None:
        return
    last = ask.ask(span).last_day
    with _wished:
        _wish[:] = [_Wish(state.filters(), near(state.filters(), last, lambda name: list(names(name))),
                          st.session_state["_asked_of"])]
        _wished.notify()
    _begin()


def near(now: Filters, last: dt.date | None, values: Callable[[str], list[str]]) -> tuple[Filters, ...]:
    """The selections one click away: the other periods of the menu, then other values of the dimension filtered, where
    it is one value of one. last: the last day of the data; values: the keys of a dimension."""
    periods = [(None, None), *(preset(name, last) for name in PRESETS)] if last else []
    found = [replace(now, start=start, end=end) for start, end in periods if (start, end) != (now.start, now.end)]
    chosen = [name for name in DIMENSIONS if getattr(now, name)]
    if len(chosen) == 1 and len(getattr(now, chosen[0])) == 1:
        others = [each for each in values(chosen[0]) if (each,) != getattr(now, chosen[0])]
        found += [replace(now, **{chosen[0]: (each,)}) for each in others[:MOST_VALUES]]
    return tuple(found)


def instead(question: partial[Any], now: Filters, other: Filters) -> partial[Any] | None:
    """The question of another selection, and of what that is compared with; None where it is not about these, or about
    rows of an answer too."""
    turned = {now: other}
    before, after = now.compared(), other.compared()
    if before is not None and after is not None:
        turned[before] = after
    given = [*question.args, *question.keywords.values()]
    about = [each for each in given if isinstance(each, Filters)]
    if not about or any(each not in turned for each in about) or any(
            _holds_rows(each) for each in given if not isinstance(each, Filters)):
        return None

    def turn(value: Any) -> Any:
        return turned[value] if isinstance(value, Filters) else value

    return partial(question.func, *map(turn, question.args),
                   **{name: turn(value) for name, value in question.keywords.items()})


_PLAIN = (str, int, float, bool, dt.date, dt.timedelta, type(None))


def _holds_rows(value: Any) -> bool:
    """Whether an argument is made of an answer's rows, which are others for another selection: anything but plain
    values, lists of them, and what somebody chose (a dataclass of those)."""
    if isinstance(value, list | tuple):
        return any(isinstance(each, list | tuple) or _holds_rows(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return any(_holds_rows(getattr(value, each.name)) for each in fields(value))
    return not isinstance(value, _PLAIN)


def _begin() -> None:
    global _begun
    with _lock:
        if not _begun:
            _begun = True
            threading.Thread(target=_work, name="ahead", daemon=True).start()


def _work() -> None:
    while True:
        _next()


def _next() -> None:
    """Wait for what somebody looks at and work out what is near it; whatever goes wrong is logged, not raised."""
    with _wished:
        while not _wish:
            _wished.wait()
        wish = _wish.pop()
    try:
        _work_through(wish)
    except Exception as error:  # without the message, which may hold what is in the data
        where = "".join(traceback.format_tb(error.__traceback__))
        logging.getLogger(__name__).error("Working ahead failed: %s\n%s", type(error).__name__, where)


def _work_through(wish: _Wish) -> None:
    time.sleep(SETTLED)
    spent, end = 0.0, time.monotonic() + _GIVEN_UP
    for other in wish.near:
        if not _quiet(end):
            return
        for question in _unknown(wish, other):
            if spent > LONGEST or _wish or (drawn.under_way() and not _quiet(end)):
                return
            begun = time.process_time()  # that of the thread would leave out DuckDB's
            with suppress(CxError):  # whoever asks it is told
                ask.work_out(question)
            spent += time.process_time() - begun


def _unknown(wish: _Wish, other: Filters) -> Iterator[partial[Any]]:
    """The questions of another selection that nobody knows the answer to."""
    for question in list(wish.asked.values()):
        if (turned := instead(question, wish.now, other)) is not None and not ask.known(turned):
            yield turned


def _quiet(end: float) -> bool:
    """Wait until no page is drawn and the machine is idle; False where there is something newer to think of, or it
    does not come to rest before `end`, by time.monotonic."""
    while not _wish and time.monotonic() < end:
        if _idle() and not drawn.lately(SETTLED):  # in this order: it is `_idle` that sleeps
            return True
    return False


def _idle(within: float = 0.25) -> bool:
    """Whether at least half of the processors have nothing to do for so many seconds; where the system does not tell,
    had in the last minute."""
    before = _times()
    time.sleep(within)
    after = _times()
    if before is None or after is None:
        return not hasattr(os, "getloadavg") or os.getloadavg()[0] < (os.cpu_count() or 1) / 2
    idle, all_in_all = (now - then for now, then in zip(after, before, strict=True))
    return idle >= all_in_all / 2


def _times() -> tuple[int, int] | None:
    """Idle and all time of the processors so far, as Linux tells it; None elsewhere."""
    with suppress(OSError, ValueError, IndexError):
        spent = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        return spent[3] + spent[4], sum(spent[:8])
    return None
