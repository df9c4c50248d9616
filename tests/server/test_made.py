"""What pages make of answers is kept under all that it depends on, and under nothing less."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

import pandas as pd
import pytest

from cx.language import language
from pages.parts import made

CALLS: list[tuple[object, ...]] = []


def noted(*given: object, **named: object) -> str:
    """A text; notes that it was made."""
    CALLS.append((*given, *named.values()))
    return f"made {len(CALLS)}"


@dataclass(frozen=True)
class Words:
    more: str
    at: dt.date


@dataclass(frozen=True)
class Answer:
    frame: pd.DataFrame


def frame() -> pd.DataFrame:
    return pd.DataFrame({"n": [1]})


def answer(version: int = 1, question: str = "q") -> pd.DataFrame:
    return made.from_now_on(frame(), (version, question))


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    monkeypatch.setattr(made, "_kept", made.Memo())
    CALLS.clear()


@pytest.mark.parametrize(("one", "other", "same"), [
    ((answer(), "a"), (answer(), "a"), True),  # another object, the same answer
    ((answer(), "a"), (answer(), "b"), False),
    ((answer(1),), (answer(2),), False),
    ((answer(1, "q"),), (answer(1, "r"),), False),
    ((1,), (True,), False),
    ((1,), (1.0,), False),
    ((language("en"),), (language("en"),), True),
    ((language("en"),), (language("tr"),), False),
    ((Words("a", dt.date(2026, 1, 1)),), (Words("a", dt.date(2026, 1, 1)),), True),
    ((Words("a", dt.date(2026, 1, 1)),), (Words("a", dt.date(2026, 1, 2)),), False),
    ((["a", "b"],), (["a", "b"],), True),
    ((["a", "b"],), (["b", "a"],), False),
    ((frame,), (frame,), True),
    ((frame,), (answer,), False),
    (({"a": 1, "b": 2},), ({"a": 1, "b": 2},), True),
    (({"a": 1, "b": 2},), ({"b": 2, "a": 1},), False),
    (({"a": 1},), ({"a": True},), False),
    ((str,), (str,), True),
    ((str,), (int,), False),
    ((language("en").percent,), (language("en").percent,), True),
    ((language("en").percent,), (language("tr").percent,), False),
    ((language("en").percent,), (language("en").number,), False),
    ((partial(noted, 1),), (partial(noted, 1),), True),
    ((partial(noted, 1),), (partial(noted, 2),), False),
])
def test_it_is_made_once_for_equal_things_only(one, other, same):
    assert (made.kept(noted, *one) == made.kept(noted, *other)) is same


@pytest.mark.parametrize("unknown", [frame(), answer().assign(m=1), lambda: 1, {"a": frame()}, object(), Answer(frame()),
                                     partial(noted, frame()), [].append],
                         ids=lambda each: type(each).__name__)
def test_what_comes_from_elsewhere_is_never_kept(unknown):
    assert made.kept(noted, unknown) != made.kept(noted, unknown)


def test_what_a_function_of_no_module_makes_is_never_kept():
    assert made.kept(lambda given: noted(given), answer()) != made.kept(lambda given: noted(given), answer())
    assert made._kept.nbytes == 0


def test_frames_in_an_answer_are_known_as_parts_of_it():
    first, second = (made.from_now_on(Answer(frame()), (1, "q")) for _ in range(2))
    assert made.kept(noted, first.frame) == made.kept(noted, second.frame)
    assert made.kept(noted, first) != made.kept(noted, first.frame)


def test_what_was_made_can_be_made_something_of():
    made_frame = made.kept(pd.concat, [answer(), answer()])
    made_frame["n"] = 9  # changes nobody else's
    again = made.kept(pd.concat, [answer(), answer()])
    assert again["n"].tolist() == [1, 1]
    assert made.kept(noted, again) == made.kept(noted, made.kept(pd.concat, [answer(), answer()]))


def test_an_object_that_takes_the_place_of_one_that_is_gone_is_not_taken_for_it():
    known = answer()
    place = id(known)
    del known
    assert place not in made._origins
