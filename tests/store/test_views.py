"""Views: an address under a name."""

from __future__ import annotations

import pytest

from cx import open_store
from cx.errors import QueryError
from cx.store import views

URL = {"steps": ["ad", "till;within=2d"], "by": ["touchpoint"]}


def test_a_view_is_saved_found_renamed_and_deleted() -> None:
    store = open_store(":memory:")
    first = views.save(store, "funnel", "  My   funnel ", URL)
    second = views.save(store, "funnel", "Another", {})
    views.save(store, "paths", "My funnel too", {})
    found = views.saved(store)
    assert found["name"].tolist() == ["Another", "My funnel", "My funnel too"]
    assert found["page"].tolist() == ["funnel", "funnel", "paths"]
    assert found["url"].tolist() == [{}, URL, {}]
    views.rename(store, second, "Yet another")
    views.rename(store, second, "YET ANOTHER")  # its own name
    with pytest.raises(QueryError):
        views.rename(store, second, "MY FUNNEL")
    views.delete(store, first)
    assert views.saved(store)["name"].tolist() == ["My funnel too", "YET ANOTHER"]
    with pytest.raises(QueryError):
        views.delete(store, first)


def test_a_view_of_the_same_name_is_replaced() -> None:
    store = open_store(":memory:")
    assert views.save(store, "funnel", "A", URL) == views.save(store, "funnel", "a", {})
    assert views.saved(store)[["name", "url"]].to_numpy().tolist() == [["a", {}]]


@pytest.mark.parametrize("name", ["", "  ", "​", "x" * 81])
def test_a_view_needs_a_name(name) -> None:
    with pytest.raises(QueryError):
        views.save(open_store(":memory:"), "funnel", name, URL)


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "$x$", "'; DROP TABLE views; --"])
def test_any_characters_make_a_name(name) -> None:
    store = open_store(":memory:")
    views.save(store, "funnel", name, URL)
    assert views.saved(store)["name"].tolist() == [name]
