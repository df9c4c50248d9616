"""Names on axes are broken where a reader would break them, so that neighbours do not touch."""

import re

import pytest
import vl_convert

from cx.charts.theme import names_axis, spec, wrap
from cx.language import language


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


def test_a_name_of_two_lines_stands_with_its_middle_at_its_row_and_no_end_is_pulled_inwards() -> None:
    names = ["Checkout\nYoung explorer", "Store"]
    drawn = spec(language("en"), mark="bar", data={"values": [{"row": name, "n": 1} for name in names]}, height=100,
                 encoding={"y": {"field": "row", "type": "nominal", "sort": None, "axis": names_axis()},
                           "x": {"field": "n", "type": "quantitative", "axis": None}})
    drawn["config"]["axis"]["labelFlush"] = True  # as Streamlit's theme has it
    svg = vl_convert.vegalite_to_svg(drawn)
    labels = svg[svg.index("role-axis-label"):]
    places = [float(y) for y in re.findall(r'<text [^>]*translate\([-\d.]+,([-\d.]+)\)', labels)]
    assert len(places) == 2
    assert places[0] == pytest.approx(25, abs=4)  # the baseline of the first of two lines
    assert places[1] == pytest.approx(75 + 4, abs=1)  # that of a single one, around its middle
