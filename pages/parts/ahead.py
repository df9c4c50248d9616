"""Answers worked out before anybody asks: once a page has been drawn and nobody waits for anything, those of the
selections that are one click away, so that the click finds them known (docs/decisions/0019).

One thread for the whole server asks what the page asked, for the other periods of the menu, without a filter or
all of them, and for the other values of the one dimension that is filtered; then what the other pages asked when
somebody looked at them last, for this selection; then what this page asked, for the first values of the other
dimensions. Of all these first what pages wait for, then what is asked beside them. One question at a time. The
question may use all processors, as it would when a reader asked it. No selection is begun unless no page is drawn and
half of the machine is idle but for this, and no question once LONGEST has been spent on what somebody looked at; a
question that has begun is not broken off. It sleeps until somebody looks at another selection, or at other data: a
dashboard nobody touches costs nothing. CX_AHEAD=0 turns it off.

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
from cx.metrics import period
from cx.metrics.overview import span
from cx.periods import PRESETS, preset
from pages.parts import ask, drawn, state
from pages.parts.words import names

SETTLED = 1.0  # seconds in which the reader may do something else, before anything is worked out
LONGEST = 8.0  # seconds of processor time of the whole process, for one selection that was looked at
MOST_VALUES = 4  # other values of a filter
_GIVEN_UP = 30.0  # seconds after which no further one is begun, for a selection that was looked at

_Questions = dict[tuple[str, str], "partial[Any]"]
_Asked = tuple[_Questions, _Questions]  # what a page waits for, and what is asked beside it, which may still grow


@dataclass(frozen=True)
class _Wish:
    """now: the selection looked at; near: those one click away, the likeliest first; asked: what the page asks;
    elsewhere: what other pages asked, and of which selection; further: more that are one click away."""

    now: Filters
    near: tuple[Filters, ...]
    asked: _Asked
    elsewhere: tuple[tuple[Filters, _Asked], ...] = ()
    further: tuple[Filters, ...] = ()

    def steps(self) -> Iterator[tuple[Filters, _Questions, Filters]]:
        """Whose questions, and the selection they are to be asked of, the likeliest first; all that pages wait for
        before what is asked beside them, which takes long."""
        for part in (0, 1):
            yield from ((self.now, self.asked[part], other) for other in self.near)
            yield from ((then, asked[part], self.now) for then, asked in self.elsewhere)
            yield from ((self.now, self.asked[part], other) for other in self.further)


_wish: list[_Wish] = []  # the latest, none once it is taken up
_wished, _lock = threading.Condition(), threading.Lock()
_begun = False
_pages: dict[str, tuple[Filters, _Asked]] = {}  # what each page asked when somebody looked at it last


def think(page: str) -> None:
    """Note what is looked at now, where that is another page, selection or version of the data than before; call after
    a page is drawn."""
    seen = page, state.filters(), state.against(), ask.store().data_version
    if st.session_state.get("_thought_of") == seen:
        return
    st.session_state["_thought_of"] = seen
    if os.environ.get("CX_AHEAD") == "0" or ask.store().in_lake or state.against() is not None:
        return
    now, asked = state.filters(), (st.session_state["_asked_of"], st.session_state["_asked_beside"])
    last = ask.ask(span).last_day
    _pages.pop(page, None)
    elsewhere = tuple(reversed(_pages.values()))
    _pages[page] = now, asked

    def values(name: str) -> list[str]:
        return list(names(name))

    with _wished:
        _wish[:] = [_Wish(now, near(now, last, values), asked, elsewhere, further(now, values))]
        _wished.notify()
    _begin()


def near(now: Filters, last: dt.date | None, values: Callable[[str], list[str]]) -> tuple[Filters, ...]:
    """The likeliest of the selections one click away in the bar: the other periods of the menu; everything, and without
    one of the dimensions filtered; then other values of that, where it is one value of one. last: the last day of the
    data; values: the keys of a dimension."""
    periods = [(None, None), *(preset(name, last) for name in PRESETS)] if last else []
    found = [replace(now, start=start, end=end) for start, end in periods if (start, end) != (now.start, now.end)]
    chosen = [name for name in DIMENSIONS if getattr(now, name)]
    fewer = [Filters(), *(replace(now, **{name: ()}) for name in chosen)]
    found += [each for each in dict.fromkeys(fewer) if each not in (now, *found)]
    if len(chosen) == 1 and len(getattr(now, chosen[0])) == 1:
        others = [each for each in values(chosen[0]) if (each,) != getattr(now, chosen[0])]
        found += [replace(now, **{chosen[0]: (each,)}) for each in others[:MOST_VALUES]]
    return tuple(found)


def further(now: Filters, values: Callable[[str], list[str]]) -> tuple[Filters, ...]:
    """Those that follow: the first values of the dimensions that are not filtered yet, dimension by dimension."""
    return tuple(replace(now, **{name: (each,)}) for name in DIMENSIONS if not getattr(now, name)
                 for each in values(name)[:MOST_VALUES])


_Recent = Callable[[Filters], tuple[Filters, Filters] | None]


def _recent(filters: Filters) -> tuple[Filters, Filters] | None:
    """What `against.recent` holds against each other: the latest days and those before, where no period is chosen."""
    if (filters.start and filters.end) or filters.compare == "none":
        return None
    found = period.periods(ask.store(), filters)
    if found.current is None or found.previous is None or not found.covered:
        return None
    return found.current, found.previous


def instead(question: partial[Any], now: Filters, other: Filters, recent: _Recent = _recent) -> list[partial[Any]]:
    """What is asked in place of a question where another selection is looked at: of it, of what that is compared with,
    and where no period is chosen, of the latest days and those before. Nothing where the question is not about these,
    or about rows of an answer too."""
    given = [*question.args, *question.keywords.values()]
    about = [each for each in given if isinstance(each, Filters)]
    if not about or any(_holds_rows(each) for each in given if not isinstance(each, Filters)):
        return []
    found = []
    for turned in _turns(now, other, about, recent):
        def turn(value: Any, turned: dict[Filters, Filters] = turned) -> Any:
            return turned[value] if isinstance(value, Filters) else value

        found.append(partial(question.func, *map(turn, question.args),
                             **{name: turn(value) for name, value in question.keywords.items()}))
    return found


def _turns(now: Filters, other: Filters, about: list[Filters], recent: _Recent) -> list[dict[Filters, Filters]]:
    """The ways in which the selections that a question is about become others, all of them or none."""
    sides = [(now, other)]
    before, after = now.compared(), other.compared()
    here, there = None if before else recent(now), None if after else recent(other)
    if before is not None and after is not None:
        sides.append((before, after))
    elif here is not None and there is not None:
        sides += zip(here, there, strict=True)
    elif here is not None and after is not None:
        sides += zip(here, (other, after), strict=True)
    ways = [dict(sides)]
    if before is not None and there is not None:
        ways.append(dict(zip((now, before), there, strict=True)))
    return [way for way in ways if all(each in way for each in about)]


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
    machine = _Machine()
    time.sleep(SETTLED)
    spent, end = 0.0, time.monotonic() + _GIVEN_UP
    for then, asked, other in wish.steps():
        if not _quiet(machine, spent, end):
            return
        for question in _unknown(then, asked, other):
            if spent > LONGEST or _wish or (drawn.under_way() and not _quiet(machine, spent, end)):
                return
            begun = time.process_time()  # that of the thread would leave out DuckDB's
            with suppress(CxError):  # whoever asks it is told
                ask.work_out(question)
            spent += time.process_time() - begun


def _unknown(then: Filters, asked: _Questions, other: Filters) -> Iterator[partial[Any]]:
    """Of what was asked of one selection, the questions of another that nobody knows the answer to."""
    sides: dict[Filters, tuple[Filters, Filters] | None] = {}

    def recent(filters: Filters) -> tuple[Filters, Filters] | None:
        if filters not in sides:
            sides[filters] = _recent(filters)
        return sides[filters]

    for question in list(asked.values()):
        for turned in instead(question, then, other, recent):
            if not ask.known(turned):
                yield turned


def _quiet(machine: _Machine, spent: float, end: float) -> bool:
    """Wait until no page is drawn and the machine is idle but for the processor time `spent` here; False where there is
    something newer to think of, or it does not come to rest before `end`, by time.monotonic."""
    while not _wish and time.monotonic() < end:
        if machine.idle(spent) and not drawn.lately(SETTLED):  # in this order: it is `idle` that sleeps
            return True
    return False


class _Machine:
    """How much the processors have to do, from one look to the next."""

    def __init__(self) -> None:
        self._looked, self._times, self._spent = time.monotonic(), _times(), 0.0

    def idle(self, spent: float, within: float = 0.25) -> bool:
        """Whether at least half of their time since the last look, so many seconds ago or more (it sleeps until then),
        was nobody's, or `spent` here, of which the sum so far is told; where the system does not tell, whether they had
        in the last minute."""
        time.sleep(max(0.0, self._looked + within - time.monotonic()))
        before, ours = self._times, spent - self._spent
        self._looked, self._times, self._spent = time.monotonic(), _times(), spent
        if before is None or self._times is None:
            return not hasattr(os, "getloadavg") or os.getloadavg()[0] < (os.cpu_count() or 1) / 2
        idle, all_in_all = (now - then for now, then in zip(self._times, before, strict=True))
        return idle + ours >= all_in_all / 2


def _times() -> tuple[float, float] | None:
    """Idle and all time of the processors so far, in seconds, as Linux tells it; None elsewhere."""
    with suppress(OSError, ValueError, IndexError):
        told = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        spent = [int(each) / os.sysconf("SC_CLK_TCK") for each in told]
        return spent[3] + spent[4], sum(spent[:8])
    return None
