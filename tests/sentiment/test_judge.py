"""What single comments feel like, one rule at a time; and that rules hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.sentiment import LEAST_CONFIDENCE, judge, judge_all
from cx.sentiment.judge import in_turkish

SAYS = {  # comment → emotion; None = unknown
    # plain, however it is written
    "Çok güzel": 1, "ÇOK GÜZEL": 1, "cok guzel": 1, "çoook güzeeel": 1, "Great": 1, "GREAT!!!": 1, "sooo goood": 1,
    "Çok kötü": -1, "cok kotu": -1, "Terrible": -1,
    # Turkish negation: the ending of the verb, another verb, değil, yok, -siz, hiç
    "Beğendim": 1, "Beğenmedim": -1, "begenmedim": -1, "Tavsiye ederim": 1, "Tavsiye etmem": -1, "tavsiye etmiyorum": -1,
    "Memnun kaldım": 1, "Hiç memnun kalmadım": -1, "Sorun yaşadım": -1, "Hiçbir sorun yaşamadım": 1, "Sorun yok": 1,
    "Kaliteli değil": -1, "kaliteli diil": -1, "Kötü değil": 1, "Sorunsuz": 1, "Kalitesiz": -1, "Çalışmıyor": -1,
    "Parasına değmez": -1, "Kargo hâlâ gelmedi": -1, "Hiç üzmedi": 1,
    # English negation: before the word, also in nobody, never, without
    "Not good": -1, "isn't good": -1, "isnt good": -1, "No problems": 1, "Delivered without any problem": 1,
    "I would never recommend it": -1, "Nobody answers": -1, "Don't waste your money": -1,
    "You won't regret it": 1, "I cannot recommend it enough": 1,
    # contrast
    "Geç geldi ama ürün harika": 1, "Ürün harika ama çok geç geldi ve kırıktı": -1,
    "Late, but the quality is superb": 1, "Nice, but it broke after a day and nobody helps": -1,
    # thanks and praise that stand before nothing but complaints
    "Teşekkürler": 1, "Teşekkürler, yine yanlış ürün ve yine bozuk": -1, "Thank you": 1,
    "Great. Wrong item again, and broken.": -1,
    # neither good nor bad is said in words; a question says nothing
    "İdare eder": 0, "Ortalama bir ürün": 0, "It's okay": 0, "Average": 0, "Bu ürün su geçirir mi?": 0,
    "Are you open on Sundays?": 0,
    # nothing that is known: unknown, never neutral
    "Salı günü aradım": None, "I called on Tuesday": None, "": None, "…": None, "12345": None, "x": None, "数据": None,
    "😍": 1, "😡": -1, ":(": -1, "👍 👍": 1,
}


@pytest.mark.parametrize(("comment", "emotion"), SAYS.items(), ids=lambda value: str(value)[:30])
def test_what_a_comment_says(comment, emotion) -> None:
    assert judge(comment).emotion == emotion


@pytest.mark.parametrize(("comment", "turkish"), [
    ("Ürün güzel", True), ("cok guzel bir urun", True), ("The product is good", False), ("Isparta'dan geldi", True),
    ("12", None), ("ok", None)])
def test_the_language_of_a_comment(comment, turkish) -> None:
    assert in_turkish(comment) is turkish


def test_words_that_only_look_alike_are_told_apart() -> None:
    assert judge("Sakın almayın").emotion == -1
    assert judge("Müşteri memnuniyeti anketi").emotion is None
    assert judge("Please send the invoice").emotion is None


@given(st.text(max_size=300))
def test_any_text_gets_a_class_and_confidence_goes_with_it(comment) -> None:
    judged = judge(comment)
    assert judged.emotion in (-1, 0, 1, None)
    assert 0 <= judged.confidence <= 1
    assert (judged.emotion is None) == (judged.confidence < LEAST_CONFIDENCE)


@given(st.lists(st.sampled_from(sorted(SAYS)), max_size=6))
def test_many_at_once_are_judged_as_each_alone(comments) -> None:
    assert judge_all(comments) == [judge(comment).emotion for comment in comments]


@pytest.mark.parametrize("comment", ["a" * 100_000, "çok " * 50_000, "(((((" * 20_000, "değil yok " * 30_000],
                         ids=["letters", "intensifiers", "brackets", "negations"])
def test_long_comments_take_linear_time(comment) -> None:
    assert judge(comment).confidence >= 0
