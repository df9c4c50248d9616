"""What is worked out ahead: the selections one click away, of what the page asks, while nobody waits for anything."""

import datetime as dt
import time
from functools import partial

import pytest

from cx.filters import Filters
from pages.parts import ahead, ask, drawn

LAST = dt.date(2026, 6, 30)


def question(store: object, *args: object, **kwargs: object) -> None:
    """Stands for one of the product."""


def test_near_are_the_other_periods_and_the_other_values_of_the_one_filter():
    now = Filters(start=dt.date(2026, 6, 1), end=LAST, persona=("a",))
    found = ahead.near(now, LAST, lambda name: {"persona": list("abcdefg")}[name])
    assert Filters(persona=("a",)) in found  # all data
    assert Filters(start=dt.date(2026, 6, 24), end=LAST, persona=("a",)) in found  # the last seven days
    assert [each.persona for each in found if (each.start, each.end) == (now.start, now.end)] == [
        ("b",), ("c",), ("d",), ("e",)]
    assert now not in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize("now", [Filters(), Filters(persona=("a", "b")), Filters(persona=("a",), channel=("x",))])
def test_of_no_filter_or_several_no_other_values_are_near(now):
    assert {(each.persona, each.channel) for each in ahead.near(now, LAST, lambda _: ["a", "b"])} == {
        (now.persona, now.channel)}


def test_without_a_date_no_period_is_near():
    assert ahead.near(Filters(), None, lambda _: []) == ()


def test_a_question_is_turned_to_the_other_selection_and_what_that_is_compared_with():
    now, other = (Filters(start=dt.date(2026, month, 1), end=dt.date(2026, month, 30)) for month in (6, 4))
    turned = ahead.instead(partial(question, now, "stage", filters=now.compared()), now, other)
    assert turned is not None
    assert (turned.args, turned.keywords) == ((other, "stage"), {"filters": other.compared()})
    assert ahead.instead(partial(question, "stage"), now, other) is None  # of no selection
    assert ahead.instead(partial(question, Filters(persona=("a",))), now, other) is None  # of a third
    assert ahead.instead(partial(question, [[{"touchpoint": "a"}]], now), now, other) is None  # of an answer's rows
    assert ahead.instead(partial(question, ["nps"], now), now, other) is not None


def test_nothing_is_worked_out_while_pages_are_drawn_or_somebody_looks_at_something_newer(monkeypatch):
    monkeypatch.setattr(ahead, "_GIVEN_UP", 0.3)
    monkeypatch.setattr(ahead, "_idle", lambda: True)
    monkeypatch.setattr(drawn, "_ended", time.monotonic() - 60)
    assert ahead._quiet()
    with drawn.running():
        assert not ahead._quiet()
    assert not ahead._quiet()  # just now one was
    monkeypatch.setattr(drawn, "_ended", time.monotonic() - 60)
    monkeypatch.setattr(ahead, "_idle", lambda: False)
    assert not ahead._quiet()  # others keep the machine busy
    monkeypatch.setattr(ahead, "_idle", lambda: True)
    monkeypatch.setattr(ahead, "_wish", [ahead._Wish(Filters(), (), {})])
    assert not ahead._quiet()


@pytest.mark.parametrize(("times", "idle"), [([(100, 200), (160, 300)], True), ([(100, 200), (140, 300)], False)])
def test_idle_is_a_machine_half_of_whose_time_is_not_used(monkeypatch, times, idle):
    told = iter(times)
    monkeypatch.setattr(ahead, "_times", lambda: next(told))
    assert ahead._idle(0.0) is idle


def test_where_the_system_does_not_tell_its_load_is_taken(monkeypatch):
    monkeypatch.setattr(ahead, "_times", lambda: None)
    monkeypatch.setattr(ahead.os, "getloadavg", lambda: (99.0, 0.0, 0.0), raising=False)
    assert not ahead._idle(0.0)


def test_what_is_known_is_not_worked_out_again(monkeypatch):
    known, new = (Filters(persona=(each,)) for each in "bc")
    wish = ahead._Wish(Filters(persona=("a",)), (known, new), {
        ("q", "a"): partial(question, Filters(persona=("a",)))})
    monkeypatch.setattr(ask, "known", lambda asked: asked.args == (known,))
    assert not list(ahead._unknown(wish, known))
    assert [asked.args for asked in ahead._unknown(wish, new)] == [(new,)]
