"""Names that begin alike are shown so that they can be told apart."""

import pytest

from cx.names import told_apart

SCALE = "On a scale of 0-10, how would you rate "
SPEED = "How satisfied are you with the speed of our delivery in general "


@pytest.mark.parametrize(("names", "shown"), [
    ([], []),
    (["Customer no", "Date"], ["Customer no", "Date"]),
    (["Which three words would describe it?", "Date"], ["Which three words would describe it?", "Date"]),
    ([SCALE + "Sudzilla?", SCALE + "the opening keynote?", SCALE + "the closing keynote?"],
     ["…you rate Sudzilla?", "…you rate the opening keynote?", "…you rate the closing keynote?"]),
    ([SPEED + "(weekdays)", SPEED + "(weekends)", "How satisfied are you with the price of it all"],
     ["…in general (weekdays)", "…in general (weekends)", "…with the price of it all"]),
    ([SCALE + "it", SCALE + "it (2)"], ["…you rate it", "…you rate it (2)"]),
    (["q" * 40 + "1", "q" * 40 + "2"], ["…1", "…2"]),
    ([SCALE + "it"] * 2, [SCALE + "it"] * 2),
])
def test_what_they_share_gives_way(names: list[str], shown: list[str]):
    assert told_apart(names, 22) == shown
