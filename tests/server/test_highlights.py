"""Problems and wins beside the page: when they are worked out."""

from types import SimpleNamespace

import pytest

from cx.filters import Filters
from pages.parts import highlights


@pytest.mark.parametrize(("known", "waited"), [(True, []), (False, [highlights._SETTLED])])
def test_what_is_known_already_does_not_wait_for_the_reader_to_settle(monkeypatch, known, waited):
    slept: list[float] = []
    monkeypatch.setattr(highlights, "known", lambda asked: known and asked.args[0] == Filters(persona=("a",)))
    monkeypatch.setattr(highlights, "store", lambda: SimpleNamespace(data_version=1))
    monkeypatch.setattr(highlights.state, "filters", lambda: Filters(persona=("a",)))
    monkeypatch.setattr(highlights.state, "spoken", lambda: SimpleNamespace(code="en"))
    monkeypatch.setattr(highlights, "_found", lambda: "problems and wins")
    monkeypatch.setattr(highlights, "_known", {})
    monkeypatch.setattr(highlights, "time", SimpleNamespace(sleep=slept.append, monotonic=lambda: 0.0))
    waiting = SimpleNamespace(html=lambda _: None, empty=lambda: None)
    assert highlights._worked_out(waiting, "words", "kind") == "problems and wins"
    assert slept == waited
