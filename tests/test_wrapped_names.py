"""Names on axes are broken where a reader would break them, so that neighbours do not touch."""

import pytest

from cx.charts.theme import wrap


@pytest.mark.parametrize(("name", "lines"), [
    ("Product comparison page", ["Product", "comparison", "page"]),
    ("shipping_details", ["shipping_", "details"]),
    ("wishlist_add", ["wishlist_", "add"]),
    ("checkout.step-one/two", ["checkout.", "step-one/", "two"]),
    ("Karşılaştırma", ["Karşılaştırma"]),  # little too long: whole
    ("x" * 30, ["x" * 11, "x" * 11, "x" * 8]),
    ("a b", ["a b"]),
    ("", [""]),
])
def test_a_name_is_broken_between_words_and_behind_joints(name: str, lines: list[str]) -> None:
    assert wrap(name, 11).split("\n") == lines
