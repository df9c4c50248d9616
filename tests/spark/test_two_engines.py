"""Every question answered by DuckDB and by Spark, over data with everything odd: the same frames."""

from __future__ import annotations

import os

import pytest

from cx import Filters, Store
from cx.errors import CxError, UnknownValue
from tests.spark.conftest import Both
from tests.spark.questions import ELSEWHERE, FILTERS, THROUGH_OTHERS, assert_same, calls, public

CALLS = calls()
EVERY = "CX_EVERY_FILTER" in os.environ
"""Each question with every filter, an hour; else each with one of them, in turn."""

ASKED = [(name, place) for number, name in enumerate(CALLS)
         for place in (range(len(FILTERS)) if EVERY else [number % len(FILTERS)])]


@pytest.mark.parametrize(("name", "place"), ASKED, ids=[f"{name} | {place}" for name, place in ASKED])
def test_both_engines_give_the_same_answer(both: Both, name: str, place: int) -> None:
    assert_same(_answer(both.plain, name, FILTERS[place]), _answer(both.lake, name, FILTERS[place]))


def _answer(store: Store, name: str, filters: Filters) -> object:
    """The answer, or the error that a reader is told."""
    try:
        return CALLS[name](store, filters)
    except UnknownValue:  # no question at all
        raise
    except CxError as error:
        return str(error)


def test_no_public_question_is_left_out() -> None:
    asked = {name.split(" ")[0] for name in CALLS}
    rest = {name for name in public() - asked if name.split(".")[0] not in ELSEWHERE}
    assert rest == THROUGH_OTHERS
