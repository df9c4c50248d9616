"""Numbers that stand for texts."""

import pandas as pd
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from cx.intake.column import text_numbers
from cx.intake.fast_read import plain_names
from cx.intake.prepare import _may_name_people

MANY = [f"C{number:07}" for number in range(2_000)]


@given(st.lists(st.text(max_size=40), max_size=30), st.integers(0, 5))
def test_the_number_of_a_text_is_the_same_whether_few_or_many_are_numbered(texts, start):
    words = pa.array([*texts, *MANY], pa.string())[start:]
    hashed = pd.util.hash_array(words.to_numpy(zero_copy_only=False).astype(object), hash_key="cx-journey-rows1")
    found = text_numbers(words)
    assert found.tolist() == [int(number) if word else 0 for number, word in zip(hashed, words.to_pylist(), strict=True)]
    assert found[:9].tolist() == text_numbers(words[:9]).tolist()


ODD = st.text(st.sampled_from("Aağı şß٣²½ 0129@#-\t\u2003漢𝟗"), max_size=45)


@example(["0532 123 45 67", "٠٥٣٢١٢٣٤٥٦٧", "ann@example.org", "yok", "#12", "C 1", " C1", "C  1", "C1 ", "x" * 31, "", "²" * 9])
@given(st.lists(st.one_of(ODD, st.text(max_size=12)), max_size=30))
def test_many_texts_are_looked_at_as_few_are(texts):
    few, many = pa.array(texts, pa.string()), pa.array([*MANY, *texts], pa.string())
    for look in (plain_names, _may_name_people):
        assert look(many)[len(MANY):].tolist() == look(few).tolist()


def test_the_numbers_are_those_of_every_release():
    assert text_numbers(pa.array(["", "a", "ğü"])).tolist() == [0, 10613944471278913422, 8250789391271509776]
    assert text_numbers(pa.array(["", "a", "ğü", *MANY])).tolist()[:3] == [
        0, 10613944471278913422, 8250789391271509776]
