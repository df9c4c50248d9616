"""Numbers that stand for texts."""

import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cx.intake.column import text_numbers

MANY = [f"C{number:07}" for number in range(2_000)]


@given(st.lists(st.text(max_size=40), max_size=30), st.integers(0, 5))
def test_the_number_of_a_text_is_the_same_whether_few_or_many_are_numbered(texts, start):
    words = pa.array([*texts, *MANY], pa.string())[start:]
    hashed = pd.util.hash_array(words.to_numpy(zero_copy_only=False).astype(object), hash_key="cx-journey-rows1")
    found = text_numbers(words)
    assert found.tolist() == [int(number) if word else 0 for number, word in zip(hashed, words.to_pylist(), strict=True)]
    assert found[:9].tolist() == text_numbers(words[:9]).tolist()


def test_the_numbers_are_those_of_every_release():
    assert text_numbers(pa.array(["", "a", "ğü"])).tolist() == [0, 10613944471278913422, 8250789391271509776]
    assert text_numbers(pa.array(["", "a", "ğü", *MANY])).tolist()[:3] == [
        0, 10613944471278913422, 8250789391271509776]
