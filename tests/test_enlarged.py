"""A chart for a wall: every letter and mark grows by the same, the data stays."""

import pandas as pd

from cx.charts.journey import journey
from cx.charts.theme import enlarged
from cx.language import language

STEPS = pd.DataFrame({"step": ["a", "b"], "position": [1, 2], "reached": [10, 5], "from_previous": [1.0, 0.5],
                      "from_first": [1.0, 0.5]})


def sizes(part: object, name: str) -> list[object]:
    if isinstance(part, list):
        return [found for each in part for found in sizes(each, name)]
    if not isinstance(part, dict):
        return []
    return [value for key, value in part.items() if key == name] + [
        found for value in part.values() for found in sizes(value, name)]


def test_letters_grow_by_the_factor_and_areas_of_marks_by_its_square():
    small = journey(STEPS, pd.DataFrame(), language("tr"), str)
    large = enlarged(small, 2, 900)
    for name, by in (("fontSize", 2), ("strokeWidth", 2), ("dy", 2), ("size", 4)):
        before = sizes(small.spec, name)
        assert before
        assert sizes(large.spec, name) == [{"expr": f"({value['expr']}) * {by}"} if isinstance(value, dict) else
                                           value * by for value in before]
    assert {"expr": "(width < 148 ? 10 : 13) * 2"} in sizes(large.spec, "fontSize")
    assert large.height == 900
    assert large.data is small.data
