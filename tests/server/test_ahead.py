"""What is worked out ahead: the selections one click away, of what the page asks, while nobody waits for anything."""

import datetime as dt
import logging
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

import pandas as pd
import pytest

from cx.errors import StoreError
from cx.filters import Filters
from cx.language import text
from cx.store.memo import Memo
from pages.parts import ahead, ask, drawn, turns

LAST = dt.date(2026, 6, 30)


def question(store: object, *args: object, **kwargs: object) -> None:
    """Stands for one of the product."""


@dataclass(frozen=True)
class Chosen:
    """Stands for what somebody chose on a page."""

    key: str
    more: object = None


@pytest.fixture
def at_rest(monkeypatch):
    """A machine with nothing to do, on which nobody looked at a page lately, and a workspace that is open."""
    monkeypatch.setattr(ahead, "SETTLED", 0.0)
    monkeypatch.setattr(ahead._Machine, "idle", lambda *_: True)
    monkeypatch.setattr(ahead, "_wish", [])
    monkeypatch.setattr(ahead, "_recent", lambda _: None)
    monkeypatch.setattr(drawn, "_ended", time.monotonic() - 60)
    monkeypatch.setattr(ask, "store", lambda: SimpleNamespace(data_version=1, in_lake=False))
    monkeypatch.setattr(ask, "_answers", Memo())
    monkeypatch.setattr(ask, "_ahead", Memo())


def looked_at(func, others: int) -> ahead._Wish:
    """A selection with so many others near it, of which a page asks one thing."""
    now, *near = (Filters(persona=(str(each),)) for each in range(others + 1))
    return ahead._Wish(now, tuple(near), ({("q", "a"): partial(func, now)}, {}))


def test_near_are_the_other_periods_and_the_other_values_of_the_one_filter():
    now = Filters(start=dt.date(2026, 6, 1), end=LAST, persona=("a",))
    found = ahead.near(now, LAST, lambda name: {"persona": list("abcdefg")}[name])
    assert Filters(persona=("a",)) in found  # all data
    assert Filters(start=dt.date(2026, 6, 24), end=LAST, persona=("a",)) in found  # the last seven days
    assert [each.persona for each in found if (each.start, each.end) == (now.start, now.end)] == [
        (), ("b",), ("c",), ("d",), ("e",)]
    assert Filters() in found  # as "Reset" leaves it
    assert now not in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize("now", [Filters(), Filters(persona=("a", "b")), Filters(persona=("a",), channel=("x",))])
def test_of_no_filter_or_several_no_other_values_are_near(now):
    fewer = {((), ()), ((), now.channel), (now.persona, ())}  # everything, and without one of them
    assert {(each.persona, each.channel) for each in ahead.near(now, LAST, lambda _: ["a", "b"])} == {
        (now.persona, now.channel), *fewer}


def test_without_a_date_no_period_is_near():
    assert ahead.near(Filters(), None, lambda _: []) == ()


def test_a_question_is_turned_to_the_other_selection_and_what_that_is_compared_with():
    now, other = (Filters(start=dt.date(2026, month, 1), end=dt.date(2026, month, 30)) for month in (6, 4))
    turned, = ahead.instead(partial(question, now, "stage", filters=now.compared()), now, other)
    assert (turned.args, turned.keywords) == ((other, "stage"), {"filters": other.compared()})
    assert ahead.instead(partial(question, "stage"), now, other) == []  # of no selection
    assert ahead.instead(partial(question, Filters(persona=("a",))), now, other) == []  # of a third


ALL, JUNE = Filters(), Filters(start=dt.date(2026, 6, 1), end=LAST)
OF_A = Filters(persona=("a",))


def latest(filters: Filters) -> tuple[Filters, Filters] | None:
    """The latest days and those before, where no period is chosen."""
    return None if filters.start else (replace(filters, start=dt.date(2026, 4, 2), end=LAST),
                                       replace(filters, start=dt.date(2026, 1, 2), end=dt.date(2026, 4, 1)))


@pytest.mark.parametrize(("asked", "now", "other", "expected"), [
    ((ALL,), ALL, JUNE, [(JUNE,)]),
    (latest(ALL), ALL, JUNE, [(JUNE, JUNE.compared())]),  # what stood against each other, and now does
    ((ALL,), ALL, OF_A, [(OF_A,)]),
    (latest(ALL), ALL, OF_A, [latest(OF_A)]),
    ((JUNE,), JUNE, ALL, [(ALL,), latest(ALL)[:1]]),
    ((JUNE, JUNE.compared()), JUNE, ALL, [latest(ALL)]),
    ((JUNE, ALL), JUNE, OF_A, [])])
def test_where_no_period_is_chosen_the_latest_days_are_asked_for_too(asked, now, other, expected):
    assert [each.args for each in ahead.instead(partial(question, *asked), now, other, latest)] == expected


def test_after_what_is_near_come_other_pages_of_the_selection_and_first_values_of_other_dimensions():
    """And before all that is asked beside pages, what they wait for."""
    page, other_page = (({("q", each): partial(question, JUNE)}, {("beside", each): partial(question, JUNE)})
                        for each in "ab")
    wish = ahead._Wish(ALL, (JUNE,), page, ((JUNE, other_page),), ahead.further(
        OF_A, lambda name: {"persona": ["a", "b"], "channel": ["x", "y"]}.get(name, [])))
    assert list(wish.steps()) == [step for part in (0, 1) for step in (
        (ALL, page[part], JUNE), (JUNE, other_page[part], ALL),
        *((ALL, page[part], Filters(persona=("a",), channel=(each,))) for each in "xy"))]


def test_what_a_page_waits_for_is_told_from_what_is_asked_beside_it(at_rest, monkeypatch):
    noted: dict[str, dict] = {}
    monkeypatch.setattr(ask, "st", SimpleNamespace(session_state=noted))
    with turns.waited_for():
        ask.ask(question, ALL)
        beside = threading.Thread(target=ask.ask, args=(question, JUNE))
        beside.start()
        beside.join()
    assert [[each.args for each in noted[kind].values()] for kind in ("_asked_of", "_asked_beside")] == [
        [(ALL,)], [(JUNE,)]]


@pytest.mark.parametrize(("value", "rows"), [
    ("stage", False), (3, False), (0.5, False), (None, False), (dt.date(2026, 6, 1), False), (dt.timedelta(1), False), (["nps"], False),
    ((Chosen("a"), Chosen("b")), False), (Chosen("a", ("b",)), False),
    ({"cell": "x", "value": 1.0}, True), ([{"cell": "x"}], True), ([[{"touchpoint": "a"}]], True), ([("a", 1)], True),
    (Chosen("a", {"cell": "x"}), True), (pd.DataFrame({"cell": ["x"]}), True), (pd.Series([1.0]), True)])
def test_a_question_about_an_answers_rows_is_not_asked_of_another_selection(value, rows):
    now, other = Filters(persona=("a",)), Filters(persona=("b",))
    assert (ahead.instead(partial(question, value, now), now, other, lambda _: None) == []) is rows
    assert (ahead.instead(partial(question, now, one=value), now, other, lambda _: None) == []) is rows


def test_nothing_is_worked_out_while_pages_are_drawn_or_somebody_looks_at_something_newer(at_rest, monkeypatch):
    def quiet() -> bool:
        return ahead._quiet(ahead._Machine(), 0.0, time.monotonic() + 0.05)

    monkeypatch.setattr(ahead, "SETTLED", 1.0)
    assert quiet()
    with drawn.running():
        assert not quiet()
    assert not quiet()  # just now one was
    monkeypatch.setattr(drawn, "_ended", time.monotonic() - 60)
    monkeypatch.setattr(ahead._Machine, "idle", lambda *_: False)
    assert not quiet()  # others keep the machine busy
    monkeypatch.setattr(ahead._Machine, "idle", lambda *_: True)
    monkeypatch.setattr(ahead, "_wish", [looked_at(question, 0)])
    assert not quiet()


def test_waiting_for_a_page_to_be_drawn_takes_no_processor_time():
    with drawn.running():
        begun = time.thread_time()
        assert not ahead._quiet(ahead._Machine(), 0.0, time.monotonic() + 0.6)
    assert time.thread_time() - begun < 0.1


def test_a_busy_machine_is_given_up_once_and_not_for_each_selection(at_rest, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(ahead, "_GIVEN_UP", 0.05)
    monkeypatch.setattr(ahead._Machine, "idle", lambda *_: waited.append(1) or time.sleep(0.05))
    ahead._work_through(looked_at(question, 9))
    assert len(waited) == 1


def test_the_processor_time_of_other_threads_counts(at_rest, monkeypatch):
    """As that of DuckDB's workers, which do most of the work."""
    asked: list[Filters] = []

    def burn() -> None:
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass

    def elsewhere(store: object, filters: Filters) -> None:
        asked.append(filters)
        worker = threading.Thread(target=burn)
        worker.start()
        worker.join()

    monkeypatch.setattr(ahead, "LONGEST", 0.15)
    ahead._work_through(looked_at(elsewhere, 5))
    assert 1 <= len(asked) <= 2  # of five


def test_whatever_goes_wrong_is_logged_without_what_it_says_and_the_next_selection_is_worked_out(
        at_rest, monkeypatch, caplog):
    said = "Ada Lovelace"

    def too_large(store: object, filters: Filters) -> None:
        raise MemoryError(said)

    def look(func) -> None:
        ahead._wish.append(looked_at(func, 2))
        ahead._next()

    asked: list[Filters] = []
    with caplog.at_level(logging.ERROR):
        look(too_large)
        with monkeypatch.context() as closed:
            def gone() -> None:
                raise StoreError(text("gone"))
            closed.setattr(ask, "store", gone)
            look(question)
        look(lambda store, filters: asked.append(filters))
    assert [record.getMessage().partition("\n")[0] for record in caplog.records] == [
        "Working ahead failed: MemoryError", "Working ahead failed: StoreError"]
    assert said not in caplog.text
    assert len(asked) == 2


def test_what_is_worked_out_ahead_is_found_and_never_pushes_out_what_readers_asked_for(at_rest, monkeypatch):
    made: list[str] = []

    def large(store: object, key: str) -> str:
        made.append(key)
        return key * 10_000  # 25 kB are counted for it

    monkeypatch.setattr(ask, "_answers", Memo(60_000))
    monkeypatch.setattr(ask, "_ahead", Memo(60_000))
    for key in "ab":
        ask.ask(large, key)
    for key in "cdefgh":
        ask.work_out(partial(large, key))
    assert [key for key in "abcdefgh" if ask.known(partial(large, key))] == list("abgh")
    assert ask.ask(large, "a") == "a" * 10_000
    assert ask.ask(large, "h") == "h" * 10_000
    assert made == list("abcdefgh")


@pytest.mark.parametrize(("times", "spent", "idle"), [
    ([(100, 200), (160, 300)], 0, True), ([(100, 200), (140, 300)], 0, False),
    ([(100, 200), (110, 300)], 45, True)])  # but for what is spent here, they had nothing to do
def test_idle_is_a_machine_half_of_whose_time_others_do_not_use(monkeypatch, times, spent, idle):
    told = iter(times)
    monkeypatch.setattr(ahead, "_times", lambda: next(told))
    assert ahead._Machine().idle(spent, 0.0) is idle


def test_what_was_spent_here_counts_once(monkeypatch):
    told = iter([(0, 0), (10, 100), (20, 200)])
    monkeypatch.setattr(ahead, "_times", lambda: next(told))
    machine = ahead._Machine()
    assert [machine.idle(90.0, 0.0), machine.idle(90.0, 0.0)] == [True, False]


def test_after_a_question_that_takes_a_while_nobody_sleeps(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(ahead, "_times", lambda: (time.monotonic(), time.monotonic()))
    machine = ahead._Machine()
    time.sleep(0.06)
    with monkeypatch.context() as watched:
        watched.setattr(ahead.time, "sleep", slept.append)
        assert machine.idle(0.0, within=0.05)
    assert slept == [0.0]


def test_where_the_system_does_not_tell_its_load_is_taken(monkeypatch):
    monkeypatch.setattr(ahead, "_times", lambda: None)
    monkeypatch.setattr(ahead.os, "getloadavg", lambda: (99.0, 0.0, 0.0), raising=False)
    assert not ahead._Machine().idle(0.0, 0.0)


def test_what_is_known_is_not_worked_out_again(monkeypatch):
    known, new = (Filters(persona=(each,)) for each in "bc")
    asked = {("q", "a"): partial(question, OF_A)}
    monkeypatch.setattr(ask, "known", lambda asked: asked.args == (known,))
    monkeypatch.setattr(ahead, "_recent", lambda _: None)
    assert not list(ahead._unknown(OF_A, asked, known))
    assert [asked.args for asked in ahead._unknown(OF_A, asked, new)] == [(new,)]
