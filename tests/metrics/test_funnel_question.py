"""A funnel writes itself into a link, and a link that has aged still opens."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.metrics.funnel import Exclusion, Step
from cx.metrics.funnel_question import Question, read_time, write_time

DAY = dt.timedelta(days=1)
NAMES = st.text(min_size=1, max_size=6) | st.sampled_from(["a|b", "a;optional", "\\", "x\\|y", "<img src=x onerror=alert(1)>"])


def test_a_link_reads_as_it_is_written() -> None:
    asked = Question("touchpoint", (Step("ad"), Step(("chat", "phone"), optional=True), Step("till", within=2 * DAY)),
                     window=36 * dt.timedelta(hours=1), exclusions=(Exclusion("return", 1, 3),))
    url = {"by": ["touchpoint"], "window": ["36h"], "steps": ["ad", "chat|phone;optional", "till;within=2d"],
           "exclude": ["return;1-3"]}
    assert asked.to_url() == url
    assert Question.from_url(url).to_url() == url
    assert Question().to_url() == {}


@settings(max_examples=200)
@given(steps=st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=3, unique=True), st.booleans(),
                                st.one_of(st.none(), st.integers(1, 5000))), min_size=1, max_size=5),
       order=st.sampled_from(("ordered", "any", "strict")), window=st.one_of(st.none(), st.integers(1, 99999)),
       value=NAMES)
def test_any_names_survive_the_link(steps, order, window, value) -> None:
    asked = Question("channel", tuple(Step(tuple(names), skip, None if within is None else dt.timedelta(minutes=within))
                                      for names, skip, within in steps), order,
                     None if window is None else dt.timedelta(minutes=window), (Exclusion((value,), 1, len(steps)),)).sound()
    assert Question.from_url(asked.to_url()) == asked


@pytest.mark.parametrize(("url", "expected"), [
    ({"window": ["30"]}, {"window": ["30d"]}),  # links of before
    ({"steps": ["a", "b"]}, {"steps": ["a", "b"]}),
    ({"by": ["colour"], "order": ["random"], "window": ["soon"], "exclude": ["a", "a;2-1", ";1-2"]}, {}),
    ({"steps": ["a;optional;within=2d", "b", "c;optional"]}, {"steps": ["a", "b", "c"]}),
    ({"steps": ["a", "b;optional", "c;within=3h"], "order": ["any"]}, {"order": ["any"], "steps": ["a", "b", "c"]}),
    ({"steps": ["a", "b;later"]}, {"steps": ["a", "b"]}),
    ({"steps": ["a", "b"], "exclude": ["x;1-9"]}, {"steps": ["a", "b"]}),
])
def test_what_a_link_cannot_mean_is_left_out(url, expected) -> None:
    assert Question.from_url(url).to_url() == expected


def test_names_that_are_not_known_go_and_exclusions_follow_their_steps() -> None:
    asked = Question(steps=(Step("a"), Step(("gone",)), Step(("b", "gone")), Step("c")),
                     exclusions=(Exclusion("b", 1, 3), Exclusion("b", 2, 3), Exclusion("gone", 1, 3)))
    found = asked.sound(["a", "b", "c"])
    assert [step.values for step in found.steps] == [("a",), ("b",), ("c",)]
    assert found.exclusions == (Exclusion(("b",), 1, 2),)


def test_a_step_moves() -> None:
    asked = Question(steps=(Step("a"), Step("b"), Step("c")))
    assert [step.values for step in asked.moved(2, -1).steps] == ["a", "c", "b"]
    assert [step.values for step in asked.moved(0, -1).steps] == ["a", "b", "c"]


@pytest.mark.parametrize(("written", "time"), [("36h", 1.5 * DAY), ("2d", 2 * DAY), ("90m", DAY / 16), ("2w", 14 * DAY),
                                               ("7", 7 * DAY), ("0d", None), ("", None), ("-2d", None), ("2y", None)])
def test_times_are_read(written, time) -> None:
    assert read_time(written) == time
    assert time is None or read_time(write_time(time)) == time
