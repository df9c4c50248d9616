"""What a selection is held against: the other selection differs in one thing only, and an address brings it back."""

import datetime as dt

import pytest

from cx.against import Against, held, narrowed
from cx.filters import Filters

MAY = Filters(start=dt.date(2025, 5, 1), end=dt.date(2025, 5, 31), persona=("young",))
PERSONAS = ("young", "old", "shy")


def values_of(_: str) -> tuple[str, ...]:
    return PERSONAS


@pytest.mark.parametrize("given", [
    Against("compared"), Against("period"), Against("period", dt.date(2025, 1, 1), dt.date(2025, 1, 31)),
    Against("group", by="persona"), Against("group", by="a:b", values=("x..y", "z"))])
def test_an_address_brings_the_comparison_back(given):
    assert Against.from_url(given.to_url()) == given


@pytest.mark.parametrize("url", [[], ["group"], ["2025-01-01..nonsense"], ["2025-02-01..2025-01-01"], ["x"], [""]])
def test_an_address_that_cannot_be_read_compares_with_nothing(url):
    assert Against.from_url(url) is None


def test_without_a_choice_titles_compare_with_the_period_before_and_charts_do_not():
    found = held(MAY, None, values_of)
    assert (found.kind, found.drawn, found.there.start, found.there.end) == (
        "previous", False, dt.date(2025, 4, 1), dt.date(2025, 4, 30))
    assert found.there.persona == found.here.persona == ("young",)
    assert held(MAY, Against("compared"), values_of).drawn


@pytest.mark.parametrize(("filters", "against"), [
    (Filters(), None), (Filters(start=dt.date(2025, 1, 1)), None),  # an open period has none before
    (Filters(start=dt.date(2025, 5, 1), end=dt.date(2025, 5, 31), compare="none"), None),
    (Filters(), Against("compared")), (MAY, Against("period")),
    (MAY, Against("period", MAY.start, MAY.end)),  # itself
    (Filters(), Against("group", by="persona")),  # no group chosen
    (MAY, Against("group", by="persona", values=("young",))), (MAY, Against("group", by="persona", values=("gone",)))])
def test_what_cannot_be_compared_is_not(filters, against):
    assert held(filters, against, values_of) is None


def test_a_group_is_held_against_all_the_others_or_one_of_them():
    everybody_else = held(MAY, Against("group", by="persona"), values_of)
    assert (everybody_else.there.persona, everybody_else.kind, everybody_else.by_time) == (("old", "shy"), "others", False)
    assert everybody_else.there == narrowed(MAY, "persona", ("old", "shy"))
    one = held(MAY, Against("group", by="persona", values=("shy",)), values_of)
    assert (one.there.persona, one.kind) == (("shy",), "group")


def test_a_group_may_be_of_an_attribute():
    chosen = narrowed(MAY, "city", ("Ankara",))
    found = held(chosen, Against("group", by="city"), lambda _: ("Ankara", "İzmir"))
    assert dict(found.there.attributes) == {"city": ("İzmir",)}
    assert found.there.persona == ("young",)
